//! Rule: listener-set-not-joined
//!
//! A Gateway takes no ListenerSet unless it says so.

use super::{Context, Finding, Rule, words};
use crate::check::attach::Membership;
use crate::check::attach::kinds::is_gateway;
use crate::check::model::{From, Gateway, ListenerSet, NAME_LABEL};
use crate::diagnostic::{Code, Severity};
use crate::path::Path;

pub(super) static RULE: Rule = Rule {
    code: Code("listener-set-not-joined"),
    severity: Severity::Error,
    what: "a ListenerSet whose Gateway does not exist or does not allow it, or whose parent is no Gateway",
    why: "`allowedListeners` is None unless it is set. A ListenerSet that may not join gets Accepted=False with reason \
          NotAllowed, and none of its listeners serves. Without `--complete` a Gateway that is not in the input may exist; \
          where one of its name is in another namespace, that is an info.",
    source: "Gateway API v1.6.1, `gateway_types.go` field allowedListeners; `listenerset_types.go` reason NotAllowed",
    bad: r"
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public, namespace: edge}
spec:
  gatewayClassName: example
  listeners: [{name: http, port: 80, protocol: HTTP, hostname: www.example.com}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: ListenerSet
metadata: {name: shop, namespace: team-a}
spec:
  parentRef: {name: public, namespace: edge}
  listeners: [{name: http, port: 80, protocol: HTTP, hostname: shop.example.com}]
",
    good: r"
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public, namespace: edge}
spec:
  gatewayClassName: example
  allowedListeners:
    namespaces:
      from: Selector
      selector: {matchLabels: {kubernetes.io/metadata.name: team-a}}
  listeners: [{name: http, port: 80, protocol: HTTP, hostname: www.example.com}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: ListenerSet
metadata: {name: shop, namespace: team-a}
spec:
  parentRef: {name: public, namespace: edge}
  listeners: [{name: http, port: 80, protocol: HTTP, hostname: shop.example.com}]
",
    check,
};

fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for (at, (set, membership)) in
        context.model.listener_sets.iter().zip(&context.attach.memberships).enumerate()
    {
        // A reference without a name is the API server's to refuse.
        if set.parent.name.is_empty() {
            continue;
        }
        let parent = Path::ROOT.key("spec").key("parentRef");
        let namesake = namesake(context, set);
        let (path, hint) = match membership {
            Membership::NotAllowed(gateway) => {
                let Some(gateway) = context.model.gateways.get(*gateway) else { continue };
                (parent, allow(gateway, set))
            }
            Membership::NoGateway if !is_gateway(&set.parent) => {
                let field = if set.parent.kind == "Gateway" { "group" } else { "kind" };
                let hint = "name a Gateway; without `group` and `kind` it is one".to_owned();
                (parent.key(field), hint)
            }
            Membership::NoGateway | Membership::UnknownGateway if namesake.is_some() => {
                let namespace = namesake.map(|gateway| &*gateway.meta.namespace).unwrap_or_default();
                let hint = format!("set `namespace: {namespace}`, where there is a Gateway of this name");
                (parent.key("name"), hint)
            }
            Membership::NoGateway => {
                (parent.key("name"), "create it, or correct `spec.parentRef`".to_owned())
            }
            Membership::Joined(_) | Membership::Maybe(_) | Membership::UnknownGateway => continue,
        };
        let message = words::membership(context.model, context.attach, at);
        let finding = RULE.find(set.meta.object, path, message).hint(hint);
        let certain = *membership != Membership::UnknownGateway;
        out.push(if certain { finding } else { finding.at_most(Severity::Info) });
    }
}

/// A Gateway of the name in another namespace, where the ListenerSet goes by its own.
fn namesake<'c>(context: &Context<'c>, set: &ListenerSet<'_>) -> Option<&'c Gateway<'c>> {
    let by_name = is_gateway(&set.parent) && set.parent.namespace.is_none();
    let at = context.attach.index.gateway_named(&set.parent.name).filter(|_| by_name)?;
    context.model.gateways.get(at)
}

/// What to do about a Gateway that does not allow a ListenerSet.
fn allow(gateway: &Gateway<'_>, set: &ListenerSet<'_>) -> String {
    let own = &set.meta.namespace;
    let wanted = if *own == gateway.meta.namespace {
        "`from: Same`".to_owned()
    } else {
        format!("`from: Selector` with the label `{NAME_LABEL}: {own}`, or `from: All`")
    };
    let set_it = format!("set `spec.allowedListeners.namespaces` of the Gateway to {wanted}");
    match gateway.allowed_listeners {
        From::Selector(Some(_)) => format!("label namespace `{own}` as it asks, or {set_it}"),
        From::Same => format!("{set_it}, or move the ListenerSet to `{}`", gateway.meta.namespace),
        From::None | From::All | From::Selector(None) => set_it,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{found, found_in_all, judge_as, settings};
    use super::RULE;

    /// A Gateway with what follows its class, and a ListenerSet in another namespace with a parent.
    fn objects(gateway: &str, parent: &str) -> String {
        format!(
            "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {{name: public, namespace: edge}}\n\
             spec: {{gatewayClassName: c, {gateway} listeners: [{{name: a, port: 80, protocol: HTTP}}]}}\n---\n\
             apiVersion: gateway.networking.k8s.io/v1\nkind: ListenerSet\nmetadata: {{name: set, namespace: team-a}}\n\
             spec: {{parentRef: {{name: public{parent}}}, listeners: [{{name: b, port: 81, protocol: HTTP}}]}}\n"
        )
    }

    #[test]
    fn tells_the_cause_and_what_to_do() {
        let allowed = |namespaces: &str| format!("allowedListeners: {{namespaces: {{{namespaces}}}}},");
        let select = "from: Selector, selector: {matchLabels: {team: b}}";
        let edge = ", namespace: edge";
        let set_it = "set `spec.allowedListeners.namespaces` of the Gateway to `from: Selector` with the label \
                      `kubernetes.io/metadata.name: team-a`, or `from: All`";
        for (gateway, parent, message, hint) in [
            (String::new(), edge, "is None, the default", set_it),
            (allowed("from: Selector"), edge, "has no selector", set_it),
            (
                allowed("from: Same"),
                edge,
                "from its own namespace only, and none from `team-a`",
                "move the ListenerSet to `edge`",
            ),
            (
                allowed(select),
                edge,
                "by `team=b`, and namespace `team-a` is not in the input",
                "label namespace `team-a`",
            ),
            (String::new(), "", "Gateway team-a/public does not exist", "set `namespace: edge`"),
            (String::new(), ", namespace: x", "Gateway x/public does not exist", "create it"),
            (
                String::new(),
                ", kind: Service, group: ''",
                "Service team-a/public is no Gateway",
                "name a Gateway",
            ),
            (
                String::new(),
                ", group: example.com",
                "Gateway team-a/public of group `example.com` is no Gateway",
                "name a Gateway",
            ),
        ] {
            let findings = judge_as(&objects(&gateway, parent), &settings(true));
            let own = findings.iter().find(|finding| finding.diagnostic.code == RULE.code);
            let found = &own.expect("a finding").diagnostic;
            assert!(found.message.contains(message) && found.hint.contains(hint), "{found:?}");
        }
    }

    #[test]
    fn a_gateway_that_may_be_elsewhere_is_told_of_only_if_it_has_a_namesake() {
        let text = objects("", "");
        assert_eq!(found(&RULE, &text), ["1 info spec.parentRef.name"]);
        assert_eq!(found_in_all(&RULE, &text), ["1 error spec.parentRef.name"]);
        assert!(found(&RULE, &objects("", ", namespace: x")).is_empty());
    }
}
