//! Rule: no-matching-parent
//!
//! A parentRef that leads nowhere.

use super::finding::{listed, named, namespace_of};
use super::parents::{self, Found};
use super::{Context, Finding, Rule, words};
use crate::check::attach::kinds::is_gateway;
use crate::check::attach::{Doubt, Joined, Membership, Outcome, Owner};
use crate::diagnostic::{Code, Severity};
use crate::release::EXPERIMENTAL_GROUP;
use crate::values::nearest;

pub(super) static RULE: Rule = Rule {
    code: Code("no-matching-parent"),
    severity: Severity::Error,
    what: "a parentRef whose parent does not exist, or whose sectionName or port matches none of its listeners",
    why: "The route gets Accepted=False with reason NoMatchingParent, or no status at all, and serves nothing through \
          this parent. A parent that is not in the input counts as missing with `--complete` only; without it \
          a Gateway of the same name in another namespace, or a ListenerSet of the name, is worth a word.",
    source: "Gateway API v1.6.1, `shared_types.go:82-150` and `:345-430`",
    bad: r"
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public}
spec:
  gatewayClassName: example
  listeners: [{name: http, port: 80, protocol: HTTP}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  parentRefs: [{name: public, sectionName: https}]
  hostnames: [shop.example.com]
  rules: [{backendRefs: [{name: shop, port: 80}]}]
",
    good: r"
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public}
spec:
  gatewayClassName: example
  listeners: [{name: http, port: 80, protocol: HTTP}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  parentRefs: [{name: public, sectionName: http}]
  hostnames: [shop.example.com]
  rules: [{backendRefs: [{name: shop, port: 80}]}]
",
    check,
};

fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for found in parents::of(context, Outcome::NoMatchingParent) {
        out.push(match found.parent.target.owner() {
            Some(owner) if has_joined_none(owner, context) => {
                let message = format!("{} has joined no Gateway, so nothing can attach to it", found.name());
                found.finding(&RULE, None, message).hint("see what is found at the ListenerSet")
            }
            Some(owner) => of_listeners(&found, context, owner),
            // It is of a kind that has listeners: no other has this outcome.
            None => {
                let message = format!("{} does not exist", found.name());
                let hint = namesake(&found, context).unwrap_or_else(|| {
                    "create it, or correct the name; without `namespace` it is the route's own".to_owned()
                });
                found.finding(&RULE, Some("name"), message).hint(hint)
            }
        });
    }
    for found in parents::of(context, Outcome::Unknown(Doubt::Parent)) {
        if let Some(hint) = namesake(&found, context) {
            let message = format!("{} is not in the input", found.name());
            let finding = found.finding(&RULE, Some("name"), message).hint(hint);
            out.push(finding.at_most(Severity::Info));
        }
    }
}

/// Whether it is a ListenerSet that has joined no Gateway.
fn has_joined_none(owner: Owner, context: &Context<'_>) -> bool {
    let Owner::ListenerSet(set) = owner else { return false };
    let membership = context.attach.memberships.get(set);
    matches!(membership, Some(Membership::NotAllowed(_) | Membership::NoGateway))
}

/// What to do where the name is that of a ListenerSet, or of a Gateway in another namespace.
fn namesake(found: &Found<'_>, context: &Context<'_>) -> Option<String> {
    let (target, index) = (&found.reference.target, &context.attach.index);
    if !is_gateway(target) {
        return None;
    }
    let namespace = namespace_of(target, &found.route.meta);
    let a_set = |kind: &str| index.listener_set(kind, namespace, &target.name).is_some();
    if a_set("ListenerSet") {
        return Some("set `kind: ListenerSet`, of which there is one of this name".to_owned());
    }
    if a_set("XListenerSet") {
        return Some(format!(
            "set `kind: XListenerSet` and `group: {EXPERIMENTAL_GROUP}`, of which there is one of this name"
        ));
    }
    parents::elsewhere(context, target)
}

/// The parent is there, but none of its listeners is meant.
fn of_listeners(found: &Found<'_>, context: &Context<'_>, owner: Owner) -> Finding {
    let listeners = || context.attach.own(owner).map(|(_, joined)| joined);
    let (section, port) = (found.reference.section.as_deref(), found.reference.port);
    let named_so = |joined: &&Joined<'_>| section.is_none_or(|section| joined.listener.name == section);
    let names = listeners().map(|Joined { listener, .. }| match listener.port {
        // It has none, or one that the API server refuses.
        0 => format!("`{}`", listener.name),
        port => format!("`{}` ({port})", listener.name),
    });
    let listed = match listed(names) {
        none if none.is_empty() => "it has none".to_owned(),
        names => format!("its listeners are {names}"),
    };
    let message = words::no_listener(context.attach, &found.name(), found.reference, owner);
    match (section, port) {
        (Some(section), _) if listeners().find(named_so).is_none() => {
            let hint = section_of_set(context, owner, section)
                .or_else(|| {
                    let near = nearest(section, listeners().map(|joined| joined.listener.name.as_ref()))?;
                    Some(format!("did you mean `{near}`?"))
                })
                .unwrap_or(listed);
            found.finding(&RULE, Some("sectionName"), message).hint(hint)
        }
        (_, Some(_)) => found.finding(&RULE, Some("port"), message).hint(listed),
        (_, None) => found.finding(&RULE, None, message).hint("give it listeners"),
    }
}

/// A section may be that of a ListenerSet, which has to be named itself.
fn section_of_set(context: &Context<'_>, owner: Owner, section: &str) -> Option<String> {
    let Owner::Gateway(gateway) = owner else { return None };
    let mut merged = context.attach.merged(gateway).map(|(_, joined)| joined);
    let joined = merged.find(|joined| joined.owner != owner && joined.listener.name == section)?;
    Some(format!(
        "{} has a listener of this name, but takes routes only that name it as their parent",
        named(joined.owner_kind, joined.meta)
    ))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{found, found_in_all, found_in_refused, judge, judge_any, settings};
    use super::RULE;
    use crate::diagnostic::Severity;
    use crate::release::{Channel, Release, Target};

    #[test]
    fn a_gateway_of_the_name_in_another_namespace_is_told() {
        let text = "
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gw, namespace: infra}
spec: {gatewayClassName: c, listeners: [{name: http, port: 80, protocol: HTTP}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: r, namespace: shop}
spec:
  parentRefs: [{name: gw}, {name: gw, namespace: edge}, {name: other}]
";
        assert_eq!(found(&RULE, text), ["1 info spec.parentRefs[0].name"]);
        assert_eq!(found_in_all(&RULE, text).len(), 3);
    }

    #[test]
    fn a_listener_set_of_the_name_is_told() {
        for (kind, release, hint) in [
            ("ListenerSet", Release::V1_6, "set `kind: ListenerSet`,"),
            (
                "XListenerSet",
                Release::V1_4,
                "set `kind: XListenerSet` and `group: gateway.networking.x-k8s.io`,",
            ),
        ] {
            let version =
                if kind == "ListenerSet" { "networking.k8s.io/v1" } else { "networking.x-k8s.io/v1alpha1" };
            let text = format!(
                "apiVersion: gateway.{version}\nkind: {kind}\nmetadata: {{name: ls, namespace: shop}}\nspec: {{parentRef: \
                 {{name: gw, namespace: infra}}, listeners: [{{name: http, port: 80, protocol: HTTP}}]}}\n---\n\
                 apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {{name: r, namespace: shop}}\n\
                 spec: {{parentRefs: [{{name: ls}}, {{name: ls, namespace: infra}}]}}\n"
            );
            for (complete, severity, count) in [(false, Severity::Info, 1), (true, Severity::Error, 2)] {
                let found = judge(&text, Target { release, channel: Channel::Experimental }, complete);
                let own = found.iter().map(|found| &found.diagnostic).filter(|found| found.code == RULE.code);
                let own: Vec<_> = own.collect();
                assert_eq!(own.len(), count, "{own:?}");
                assert!(own[0].severity == severity && own[0].hint.starts_with(hint), "{own:?}");
            }
        }
    }

    #[test]
    fn says_nothing_of_a_parent_of_another_kind() {
        let text = "{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: a}, spec: {parentRefs: \
                    [{group: '', kind: Service, name: gw}]}}";
        assert!(found_in_all(&RULE, text).is_empty());
    }

    #[test]
    fn says_nothing_of_a_parent_without_a_name() {
        let text = "{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: a}, spec: {parentRefs: \
                    [{nme: gw}]}}";
        assert!(found_in_refused(&RULE, text).is_empty());
    }

    #[test]
    fn a_port_that_could_not_be_read_is_not_named() {
        let text = "{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: gw}, spec: {gatewayClassName: c, \
                    listeners: [{name: a, port: '80', protocol: HTTP}, {name: b, port: '81', protocol: HTTP}]}}\n---\n\
                    {apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: r}, spec: {parentRefs: \
                    [{name: gw, sectionName: other}]}}\n";
        let (findings, _) = judge_any(text, &settings(true));
        let [hint] = findings
            .into_iter()
            .map(|finding| finding.diagnostic)
            .filter(|found| found.code == RULE.code)
            .map(|found| found.hint)
            .collect::<Vec<_>>()
            .try_into()
            .expect("one finding");
        assert_eq!(hint, "its listeners are `a`, `b`");
        assert!(found_in_refused(&super::super::listener_conflict::RULE, text).is_empty());
    }

    #[test]
    fn tells_section_port_and_absence_apart() {
        let text = "
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gw}
spec: {gatewayClassName: c, listeners: [{name: http, port: 80, protocol: HTTP}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: r}
spec:
  parentRefs:
    - {name: gw, sectionName: http, port: 81}
    - {name: gw, sectionName: htp}
    - {name: other}
    - {name: mesh, kind: Service, group: ''}
";
        let known = ["1 error spec.parentRefs[0].port", "1 error spec.parentRefs[1].sectionName"];
        assert_eq!(found(&RULE, text), known);
        assert_eq!(found_in_all(&RULE, text), [known[0], known[1], "1 error spec.parentRefs[2].name"]);
    }
}
