//! Rule: unserved-hostname
//!
//! Of an accepted route's host names those that meet no listener are silently left out.

use super::{Context, Finding, Rule, hosts};
use crate::check::attach::{Attempt, Outcome, hosts::intersect};
use crate::diagnostic::{Code, Severity};

pub(super) static RULE: Rule = Rule {
    code: Code("unserved-hostname"),
    severity: Severity::Warning,
    what: "a host name that meets no listener, in a route whose other host names do",
    why: "The route is Accepted, so its status shows nothing, but requests for this host never reach it.",
    source: "Gateway API v1.6.1, `httproute_types.go:88-103`: non-matching hostnames MUST be ignored",
    bad: r"
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public}
spec:
  gatewayClassName: example
  listeners: [{name: http, port: 80, protocol: HTTP, hostname: '*.example.com'}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  parentRefs: [{name: public}]
  hostnames: [www.example.com, example.com]
  rules: [{backendRefs: [{name: shop, port: 80}]}]
",
    good: r"
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public}
spec:
  gatewayClassName: example
  listeners:
    - {name: http, port: 80, protocol: HTTP, hostname: '*.example.com'}
    - {name: apex, port: 80, protocol: HTTP, hostname: example.com}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  parentRefs: [{name: public}]
  hostnames: [www.example.com, example.com]
  rules: [{backendRefs: [{name: shop, port: 80}]}]
",
    check,
};

fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for (route, parents) in context.model.routes.iter().zip(&context.attach.routes) {
        // A parent that cannot be judged may have a listener for anything.
        let open = |outcome| matches!(outcome, Outcome::Unknown(_) | Outcome::NotJudged);
        if route.hostnames.len() < 2 || parents.iter().any(|parent| open(parent.outcome)) {
            continue;
        }
        let takes = |attempt: &Attempt| matches!(attempt, Attempt::Attached | Attempt::Unknown(_));
        let accepted = parents.iter().filter(|parent| parent.outcome == Outcome::Accepted);
        let candidates = accepted.flat_map(|parent| &parent.candidates).filter(|(_, attempt)| takes(attempt));
        let mut listeners: Vec<Option<&str>> = candidates
            .filter_map(|(id, _)| context.attach.listener(*id))
            .map(|joined| joined.listener.hostname.as_deref())
            .collect();
        listeners.sort_unstable();
        listeners.dedup();
        // The one without host name comes first.
        if listeners.first().is_none_or(Option::is_none) {
            continue;
        }
        for (index, name) in route.hostnames.iter().enumerate() {
            if listeners.iter().flatten().all(|listener| intersect(listener, name).is_none()) {
                let message =
                    format!("`{name}` meets none of the listeners that take this route, so it is ignored");
                let hint = "take it out, or give the parent a listener for it";
                out.push(
                    RULE.find(route.meta.object, hosts::HostnamePlace::Route(index).path(), message)
                        .hint(hint),
                );
            }
        }
    }
}
