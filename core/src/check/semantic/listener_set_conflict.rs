//! Rule: listener-set-conflict
//!
//! Listeners of several objects are merged in a fixed order, and the first one wins.

use super::conflicts::{self, Between, Found};
use super::finding::{named, reason_of_age};
use super::{Context, Finding, Rule};
use crate::check::attach::{ConflictKind, Owner};
use crate::diagnostic::{Code, Severity};

pub(super) static RULE: Rule = Rule {
    code: Code("listener-set-conflict"),
    severity: Severity::Error,
    what: "a ListenerSet's listener that gives way to one of its Gateway or of another ListenerSet",
    why: "The Gateway's own listeners come first, then those of its ListenerSets, the oldest first. A listener whose \
          place is taken gets Conflicted=True and Accepted=False; its routes are served by the other one or not \
          at all.",
    source: "Gateway API v1.6.1, `listenerset_types.go:83-105`; GEP-1713 `geps/gep-1713/index.md:700-715`",
    bad: r"
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public, namespace: edge}
spec:
  gatewayClassName: example
  allowedListeners: {namespaces: {from: All}}
  listeners: [{name: http, port: 80, protocol: HTTP, hostname: shop.example.com}]
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
  allowedListeners: {namespaces: {from: All}}
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
    for found in conflicts::of(context, Between::Objects) {
        let Found { joined, other, conflict } = &found;
        let what = match (conflict.kind, &joined.listener.hostname) {
            (ConflictKind::Hostname, Some(hostname)) => {
                format!("host `{hostname}` on port {}", joined.listener.port)
            }
            (ConflictKind::Hostname, None) => format!("every host on port {}", joined.listener.port),
            (ConflictKind::Protocol | ConflictKind::PlainAndTls, _) => {
                format!("port {} with protocol {}", joined.listener.port, other.listener.protocol)
            }
        };
        let why = match other.owner {
            Owner::Gateway(_) => "the Gateway's own listeners come first".to_owned(),
            Owner::ListenerSet(_) => reason_of_age(other.meta, joined.meta).map_or_else(
                || "the one that is created first comes first; at one moment, by name".to_owned(),
                ToOwned::to_owned,
            ),
        };
        let gives = if conflict.is_certain() { "gives" } else { "may give" };
        let has = if conflict.with_member { "has" } else { "may have" };
        let message = format!(
            "listener `{}` {gives} way: {} {has} {what} by its listener `{}`, and {why}",
            joined.listener.name,
            named(other.owner_kind, other.meta),
            other.listener.name
        );
        let hint = "take another host name or port, or let routes name the other object as parent";
        out.push(found.finding(&RULE, message).hint(hint));
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;
    use super::RULE;

    fn sets(first: &str, second: &str) -> String {
        let set = |name: &str, created: &str| {
            format!(
                "---\napiVersion: gateway.networking.k8s.io/v1\nkind: ListenerSet\n\
                 metadata: {{name: {name}, namespace: edge{created}}}\n\
                 spec: {{parentRef: {{name: gw}}, listeners: [{{name: a, port: 81, protocol: HTTP}}]}}\n"
            )
        };
        format!(
            "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {{name: gw, namespace: edge}}\n\
             spec:\n  gatewayClassName: c\n  allowedListeners: {{namespaces: {{from: Same}}}}\n  \
             listeners: [{{name: a, port: 80, protocol: HTTP}}]\n{}{}",
            set("a", first),
            set("b", second)
        )
    }

    #[test]
    fn the_older_set_wins() {
        let created = |day: u8| format!(", creationTimestamp: '2026-01-0{day}T00:00:00Z'");
        assert_eq!(found(&RULE, &sets(&created(1), &created(2))), ["2 error spec.listeners[0]"]);
        assert_eq!(found(&RULE, &sets(&created(2), &created(1))), ["1 error spec.listeners[0]"]);
        // Of one moment, or of none, the name decides.
        assert_eq!(found(&RULE, &sets("", "")), ["2 error spec.listeners[0]"]);
    }
}
