//! Rule: listener-set-not-joined
//!
//! A Gateway takes no ListenerSet unless it says so.

use super::finding::{full_name, named};
use super::{Context, Finding, Rule};
use crate::check::attach::Membership;
use crate::diagnostic::{Code, Severity};
use crate::path::Path;

pub(super) static RULE: Rule = Rule {
    code: Code("listener-set-not-joined"),
    severity: Severity::Error,
    what: "a ListenerSet whose Gateway does not exist or does not allow it",
    why: "`allowedListeners` is None unless it is set. A ListenerSet that may not join gets Accepted=False with reason \
          NotAllowed, and none of its listeners serves.",
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
    for (set, membership) in context.model.listener_sets.iter().zip(&context.attach.memberships) {
        let (message, hint) = match membership {
            Membership::NotAllowed(gateway) => {
                let Some(gateway) = context.model.gateways.get(*gateway) else { continue };
                (
                    format!(
                        "{} allows no ListenerSet from namespace `{}`",
                        named("Gateway", &gateway.meta),
                        set.meta.namespace
                    ),
                    "set `spec.allowedListeners.namespaces` of the Gateway",
                )
            }
            Membership::NoGateway if set.parent.1.is_empty() => {
                ("the parent is no Gateway".to_owned(), "name a Gateway in `spec.parentRef`")
            }
            Membership::NoGateway => {
                let (namespace, name) = &set.parent;
                (
                    format!("{} does not exist", full_name("Gateway", namespace, name)),
                    "create it, or correct `spec.parentRef`",
                )
            }
            Membership::Joined(_) | Membership::Maybe(_) | Membership::UnknownGateway => continue,
        };
        let path = Path::ROOT.key("spec").key("parentRef");
        out.push(RULE.find(set.meta.object, path, message).hint(hint));
    }
}
