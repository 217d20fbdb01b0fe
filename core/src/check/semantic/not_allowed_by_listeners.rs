//! Rule: not-allowed-by-listeners
//!
//! The listener decides which kinds and namespaces of routes may attach.

use super::{Context, Finding, Rule, parents, words};
use crate::check::attach::allowed::protocol_kinds;
use crate::check::attach::{Attempt, Outcome};
use crate::check::model::{From, Listener};
use crate::diagnostic::{Code, Severity};

pub(super) static RULE: Rule = Rule {
    code: Code("not-allowed-by-listeners"),
    severity: Severity::Error,
    what: "a route whose kind or namespace no listener of its parent allows",
    why: "The route gets Accepted=False with reason NotAllowedByListeners. Without `allowedRoutes` a listener takes \
          routes of its own namespace only, of the kinds that its protocol carries. No ReferenceGrant changes that.",
    source: "Gateway API v1.6.1, `gateway_types.go` type AllowedRoutes; `shared_types.go` reason NotAllowedByListeners",
    bad: r"
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public, namespace: edge}
spec:
  gatewayClassName: example
  listeners: [{name: http, port: 80, protocol: HTTP}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop, namespace: team-a}
spec:
  parentRefs: [{name: public, namespace: edge}]
  hostnames: [shop.example.com]
  rules: [{backendRefs: [{name: shop, port: 80}]}]
",
    good: r"
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public, namespace: edge}
spec:
  gatewayClassName: example
  listeners:
    - name: http
      port: 80
      protocol: HTTP
      allowedRoutes:
        namespaces:
          from: Selector
          selector: {matchLabels: {kubernetes.io/metadata.name: team-a}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop, namespace: team-a}
spec:
  parentRefs: [{name: public, namespace: edge}]
  hostnames: [shop.example.com]
  rules: [{backendRefs: [{name: shop, port: 80}]}]
",
    check,
};

fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for found in parents::of(context, Outcome::NotAllowedByListeners) {
        let candidates = &found.parent.candidates;
        // A listener that refuses the namespace only came nearer than one that refuses the kind.
        let near =
            candidates.iter().find(|(_, attempt)| *attempt == Attempt::Namespace).or(candidates.first());
        let Some((id, attempt)) = near else { continue };
        let Some(joined) = context.attach.listener(*id) else { continue };
        let which = if candidates.len() == 1 {
            format!("listener `{}` of {}", joined.listener.name, found.name())
        } else {
            format!("each of the {} listeners of {} that could be meant", candidates.len(), found.name())
        };
        let (message, hint) = match attempt {
            Attempt::Namespace => {
                let hint = match joined.listener.allowed.namespaces {
                    From::Same => {
                        "it takes its own namespace only: set `allowedRoutes.namespaces`, or move the route".to_owned()
                    }
                    From::Selector(None) => {
                        "it has no selector: set `allowedRoutes.namespaces.selector`, or `from: Same` or `from: All`"
                            .to_owned()
                    }
                    From::Selector(Some(ref selector)) => {
                        let has = words::labels(context.model, &found.route.meta.namespace);
                        format!("its selector asks for {selector}, and {has}: label the namespace, or move the route")
                    }
                    From::All | From::None => "set `allowedRoutes.namespaces` of the listener".to_owned(),
                };
                (format!("{which} takes no routes from namespace `{}`", found.route.meta.namespace), hint)
            }
            _ if carries(joined.listener, found.route.kind, context) => (
                format!("{which} takes no {}", found.route.kind),
                "name the kind in `allowedRoutes.kinds` of the listener, or attach to another".to_owned(),
            ),
            _ => (
                format!("{which} takes no {}", found.route.kind),
                format!(
                    "attach to a listener whose protocol carries this kind, here it is {}, and whose \
                     `allowedRoutes.kinds` do not leave it out",
                    joined.listener.protocol
                ),
            ),
        };
        out.push(found.finding(&RULE, None, message).hint(hint));
    }
}

/// Whether the listener's protocol carries a kind of route, so that only `allowedRoutes.kinds` can leave it out.
fn carries(listener: &Listener<'_>, kind: &str, context: &Context<'_>) -> bool {
    protocol_kinds(listener, context.settings.target).is_none_or(|kinds| kinds.contains(&kind))
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;
    use super::RULE;

    #[test]
    fn speaks_of_kinds_too() {
        let text = "
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gw}
spec:
  gatewayClassName: c
  listeners: [{name: http, port: 80, protocol: HTTP, allowedRoutes: {kinds: [{kind: GRPCRoute}]}}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: r}
spec: {parentRefs: [{name: gw}], rules: [{backendRefs: [{name: shop, port: 80}]}]}
";
        assert_eq!(found(&RULE, text), ["1 error spec.parentRefs[0]"]);
    }
}
