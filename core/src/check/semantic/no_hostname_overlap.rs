//! Rule: no-hostname-overlap
//!
//! A route that has no host in common with any listener that would take it.

use super::finding::listed;
use super::{Context, Finding, Rule, parents};
use crate::check::attach::{Attempt, Outcome};
use crate::diagnostic::{Code, Severity};

pub(super) static RULE: Rule = Rule {
    code: Code("no-hostname-overlap"),
    severity: Severity::Error,
    what: "a route whose host names meet those of no listener of its parent",
    why: "The route gets Accepted=False with reason NoMatchingListenerHostname. `*.example.com` takes any number of \
          labels in place of its star, but never `example.com` itself.",
    source: "Gateway API v1.6.1, `site/content/en/docs/concepts/hostnames.md:78-118`; `httproute_types.go:66-112`",
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
  hostnames: [example.com]
  rules: [{backendRefs: [{name: shop, port: 80}]}]
",
    good: r"
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
  hostnames: [www.example.com]
  rules: [{backendRefs: [{name: shop, port: 80}]}]
",
    check,
};

fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for found in parents::of(context, Outcome::NoMatchingListenerHostname) {
        let refused = found.parent.candidates.iter().filter(|(_, attempt)| *attempt == Attempt::Hostname);
        let listeners = refused.filter_map(|(id, _)| context.attach.listener(*id));
        let mut hosts: Vec<&str> =
            listeners.filter_map(|joined| joined.listener.hostname.as_deref()).collect();
        hosts.sort_unstable();
        hosts.dedup();
        let message = format!(
            "{} has listeners for {}, and none of them meets {}",
            found.name(),
            listed(hosts.iter().map(|host| format!("`{host}`"))),
            listed(found.route.hostnames.iter().map(|host| format!("`{host}`")))
        );
        let hint = "give the route a host name that a listener covers, or the Gateway a listener for it";
        out.push(found.finding(&RULE, None, message).hint(hint));
    }
}
