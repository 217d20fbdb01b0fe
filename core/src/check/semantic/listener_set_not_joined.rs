//! Rule: listener-set-not-joined
//!
//! A Gateway takes no ListenerSet unless it says so.

use super::{Context, Finding, Rule, parents, words};
use crate::check::attach::Membership;
use crate::check::attach::kinds::is_gateway;
use crate::check::model::{Expression, From, Gateway, ListenerSet, Selector};
use crate::diagnostic::{Code, Severity};
use crate::path::Path;
use crate::release::{Kind, NAME_LABEL};

pub(crate) static RULE: Rule = Rule {
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
    // A cluster without ListenerSets has no `allowedListeners` either, and level `api` says so.
    if Kind::ListenerSet.served(context.settings.target).is_none() {
        return;
    }
    for (at, (set, membership)) in
        context.model.listener_sets.iter().zip(&context.attach.memberships).enumerate()
    {
        // A reference without a name is the API server's to refuse.
        if set.parent.name.is_empty() {
            continue;
        }
        let parent = Path::ROOT.key("spec").key("parentRef");
        let elsewhere = || parents::elsewhere(context, &set.parent);
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
            Membership::NoGateway => {
                let create = || "create it, or correct `spec.parentRef`".to_owned();
                (parent.key("name"), elsewhere().unwrap_or_else(create))
            }
            Membership::UnknownGateway if is_gateway(&set.parent) => {
                let Some(hint) = elsewhere() else { continue };
                (parent.key("name"), hint)
            }
            Membership::Joined(_) | Membership::Maybe(_) | Membership::UnknownGateway => continue,
        };
        let message = words::membership(context.model, context.attach, at);
        let finding = RULE.find(set.meta.object, path, message).hint(hint);
        let certain = *membership != Membership::UnknownGateway;
        out.push(if certain { finding } else { finding.at_most(Severity::Info) });
    }
}

/// What to do about a Gateway that does not allow a ListenerSet, without keeping out whom it does allow.
fn allow(gateway: &Gateway<'_>, set: &ListenerSet<'_>) -> String {
    let own = set.meta.namespace.as_ref();
    let allowed = match &gateway.allowed_listeners {
        From::Same => vec![gateway.meta.namespace.as_ref()],
        From::Selector(Some(selector)) => match by_name(selector) {
            Some(names) => names,
            None => {
                return format!(
                    "label namespace `{own}` as it asks, or widen the selector, by which others may have joined"
                );
            }
        },
        From::Selector(None) | From::None | From::All => Vec::new(),
    };
    let wanted = if !allowed.is_empty() {
        let names: Vec<&str> = allowed.into_iter().chain([own]).collect();
        format!(
            "`from: Selector` with `matchExpressions: [{{key: {NAME_LABEL}, operator: In, values: [{}]}}]`",
            names.join(", ")
        )
    } else if own == gateway.meta.namespace {
        "`from: Same`".to_owned()
    } else {
        format!("`from: Selector` with the label `{NAME_LABEL}: {own}`, or `from: All`")
    };
    let set_it = format!("set `spec.allowedListeners.namespaces` of the Gateway to {wanted}");
    match gateway.allowed_listeners {
        From::Same => format!("{set_it}, or move the ListenerSet to `{}`", gateway.meta.namespace),
        From::None | From::All | From::Selector(_) => set_it,
    }
}

/// The namespaces of a selector that goes by their names alone.
fn by_name<'s>(selector: &'s Selector<'_>) -> Option<Vec<&'s str>> {
    match (&selector.labels[..], &selector.expressions[..]) {
        ([(key, name)], []) if key == NAME_LABEL => Some(vec![name]),
        ([], [Expression { key, operator, values }]) if key == NAME_LABEL && operator == "In" => {
            Some(values.iter().map(AsRef::as_ref).collect())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{found, found_in_all, judge, judge_as, settings};
    use super::RULE;
    use crate::release::{Channel, Release, Target};

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
                "operator: In, values: [edge, team-a]}]`, or move the ListenerSet to `edge`",
            ),
            (
                allowed("from: Selector, selector: {matchLabels: {kubernetes.io/metadata.name: team-b}}"),
                edge,
                "by `kubernetes.io/metadata.name=team-b`",
                "operator: In, values: [team-b, team-a]}]`",
            ),
            (
                allowed(
                    "from: Selector, selector: {matchExpressions: [{key: kubernetes.io/metadata.name, \
                     operator: In, values: [b, c]}]}",
                ),
                edge,
                "by `kubernetes.io/metadata.name in (b, c)`",
                "operator: In, values: [b, c, team-a]}]`",
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
    fn a_cluster_without_listener_sets_is_told_so_once() {
        let text = RULE.bad.replace("k8s.io/v1\nkind: L", "x-k8s.io/v1alpha1\nkind: XL");
        for (channel, count) in [(Channel::Standard, 0), (Channel::Experimental, 1)] {
            let found = judge(&text, Target { release: Release::V1_4, channel }, true);
            let own = found.iter().filter(|finding| finding.diagnostic.code == RULE.code);
            assert_eq!(own.count(), count);
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
