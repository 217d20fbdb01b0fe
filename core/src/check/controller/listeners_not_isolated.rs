//! Rule: listeners-not-isolated
//!
//! Of listeners whose host names nest, the narrowest is to answer alone.

use std::collections::BTreeMap;

use crate::check::attach::hosts::meet;
use crate::check::attach::{Joined, Known};
use crate::check::model::Route;
use crate::check::rule::finding::{listener, named};
use crate::check::rule::{Context, Finding, Rule};
use crate::diagnostic::{Code, Severity};
use crate::hostname::{suffix, wider};
use crate::profile::Report;

pub(super) static RULE: Rule = Rule {
    code: Code("listeners-not-isolated"),
    severity: Severity::Warning,
    what: "HTTP listeners of one port whose host names nest, with a controller that does not report to isolate them",
    why: "A request belongs to the listener with the most specific host name, and only routes of that one may answer. \
          Without isolation a route of the wider listener answers where the narrower has no match: a team gets requests \
          of another's host.",
    source: "Gateway API v1.6.1, `gateway_types.go` listener isolation, feature GatewayHTTPListenerIsolation; the \
             controller's conformance report",
    bad: r"
# with --profile traefik
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public}
spec:
  gatewayClassName: traefik
  listeners:
    - {name: all, port: 8000, protocol: HTTP, hostname: '*.example.com'}
    - {name: shop, port: 8000, protocol: HTTP, hostname: shop.example.com}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: everything}
spec:
  parentRefs: [{name: public, sectionName: all}]
  rules: [{backendRefs: [{name: site, port: 80}]}]
",
    good: r"
# with --profile traefik
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public}
spec:
  gatewayClassName: traefik
  listeners:
    - {name: www, port: 8000, protocol: HTTP, hostname: www.example.com}
    - {name: shop, port: 8000, protocol: HTTP, hostname: shop.example.com}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: everything}
spec:
  parentRefs: [{name: public, sectionName: www}]
  rules: [{backendRefs: [{name: site, port: 80}]}]
",
    check,
};

fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let Some(profile) = context.settings.controller() else { return };
    let Some((why, report)) = profile.lack_of_isolation().zip(profile.report()) else { return };
    for gateway in 0..context.model.gateways.len() {
        let mut ports: BTreeMap<i64, BTreeMap<&str, &Joined<'_>>> = BTreeMap::new();
        for (_, joined) in context.attach.merged(gateway) {
            if joined.listener.protocol == "HTTP" && joined.conflict.is_none() {
                ports.entry(joined.listener.port).or_default().insert(host(joined), joined);
            }
        }
        for hosts in ports.values() {
            for (own, narrow) in hosts {
                let wide = wider(own).filter(|wide| wide != own).filter_map(|wide| hosts.get(wide));
                let found = wide.filter_map(|wide| finding(context, narrow, wide, (&why, report)));
                // Of equal weight the nearest is said.
                out.extend(found.reduce(|nearer, next| {
                    if next.diagnostic.severity > nearer.diagnostic.severity { next } else { nearer }
                }));
            }
        }
    }
}

/// A host name as [`wider`] knows it: a wildcard without its star, and nothing for any host.
fn host<'j>(joined: &Joined<'j>) -> &'j str {
    suffix(joined.listener.hostname.as_deref().unwrap_or_default())
}

/// Certain where a route is there that would answer; else worth knowing where one may be.
fn finding(
    context: &Context<'_>,
    narrow: &Joined<'_>,
    wide: &Joined<'_>,
    (why, report): (&str, &Report),
) -> Option<Finding> {
    let hostname = narrow.listener.hostname.as_deref()?;
    let meets = |route: &&Route<'_>| meet(Some(hostname), &route.hostnames);
    let mut others = wide.routes.iter().filter(|at| narrow.routes.binary_search(at).is_err());
    let taker = others.find_map(|at| context.model.routes.get(*at).filter(meets));
    let open = wide.maybe_more || !context.settings.complete;
    let who = match taker {
        Some(route) => named(route.kind, &route.meta),
        None if open => "a route".to_owned(),
        None => return None,
    };
    let message = format!(
        "requests for `{hostname}` may be answered by {who} of listener `{}`, for {why}",
        wide.listener.name
    );
    let hint = format!(
        "name hosts in the routes of listener `{}` that leave `{hostname}` out, or give it a Gateway of its own",
        wide.listener.name
    );
    let path = listener(narrow.listener.index).key("hostname");
    let found = RULE.find(narrow.meta.object, path, message).hint(hint).source(report.source());
    let certain = taker.is_some() && [narrow, wide].iter().all(|one| one.member == Known::Yes);
    Some(if certain { found } else { found.at_most(Severity::Info) })
}

#[cfg(test)]
mod tests {
    use super::super::tests::with;
    use super::RULE;

    #[test]
    fn a_route_of_other_hosts_is_no_harm_yet() {
        let text = RULE.bad.replace("rules:", "hostnames: [www.example.com]\n  rules:");
        assert_eq!(with(&RULE, "traefik", &text), ["0 info spec.listeners[1].hostname"]);
    }

    #[test]
    fn a_route_of_the_widest_counts_where_the_next_has_none() {
        let text = RULE.bad.replace(
            "name: all, port: 8000, protocol: HTTP, hostname: '*.example.com'}",
            "name: all, port: 8000, protocol: HTTP}\n    - {name: some, port: 8000, protocol: HTTP, hostname: '*.example.com'}",
        );
        let found = with(&RULE, "traefik", &text);
        assert!(found.contains(&"0 warning spec.listeners[2].hostname".to_owned()), "{found:?}");
    }

    #[test]
    fn a_controller_that_isolates_has_nothing_to_be_told() {
        assert!(with(&RULE, "envoy-gateway", RULE.bad).is_empty());
        assert_eq!(with(&RULE, "higress", RULE.bad), ["0 warning spec.listeners[1].hostname"]);
    }
}
