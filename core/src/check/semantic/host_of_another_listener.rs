//! Rule: host-of-another-listener
//!
//! A route is attached, and the requests for its host go to a listener that does not take it.

use std::collections::BTreeMap;

use super::{Context, Finding, Rule};
use crate::check::attach::{Joined, Known};
use crate::check::model::Route;
use crate::diagnostic::{Code, Severity};
use crate::hostname::{suffix, wider};
use crate::path::Path;

pub(super) static RULE: Rule = Rule {
    code: Code("host-of-another-listener"),
    severity: Severity::Warning,
    what: "a route's host name that a more specific listener of the port answers for, to which the route is not attached",
    why: "A request belongs to the listener with the most specific host name. The route is accepted by a wider one, so \
          its status is in order, and no request for the host comes to it; a controller without listener isolation \
          may send it some all the same.",
    source: "Gateway API v1.6.1, `gateway_types.go:197-215`",
    bad: r"
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public}
spec:
  gatewayClassName: example
  listeners:
    - {name: all, port: 80, protocol: HTTP}
    - {name: shop, port: 80, protocol: HTTP, hostname: shop.example.com}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  parentRefs: [{name: public, sectionName: all}]
  hostnames: [shop.example.com]
  rules: [{backendRefs: [{name: shop, port: 80}]}]
",
    good: r"
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public}
spec:
  gatewayClassName: example
  listeners:
    - {name: all, port: 80, protocol: HTTP}
    - {name: shop, port: 80, protocol: HTTP, hostname: shop.example.com}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  parentRefs: [{name: public, sectionName: shop}]
  hostnames: [shop.example.com]
  rules: [{backendRefs: [{name: shop, port: 80}]}]
",
    check,
};

/// Listeners of a port by host name: a wildcard without its star, nothing for every host.
type Port<'c> = BTreeMap<&'c str, &'c Joined<'c>>;

fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for gateway in 0..context.model.gateways.len() {
        let mut ports: BTreeMap<i64, Port<'_>> = BTreeMap::new();
        for (_, joined) in context.attach.merged(gateway) {
            // A listener that may not be there takes nothing from another for certain.
            if joined.conflict.is_none() && joined.member == Known::Yes {
                let hostname = joined.listener.hostname.as_deref().unwrap_or_default();
                ports.entry(joined.listener.port).or_default().insert(suffix(hostname), joined);
            }
        }
        for port in ports.values() {
            for wide in port.values() {
                let routes = wide.routes.iter().filter_map(|at| Some((*at, context.model.routes.get(*at)?)));
                for (at, route) in routes {
                    of_route((at, route), wide, port, out);
                }
            }
        }
    }
}

fn of_route((at, route): (usize, &Route<'_>), wide: &Joined<'_>, port: &Port<'_>, out: &mut Vec<Finding>) {
    for (index, hostname) in route.hostnames.iter().enumerate() {
        let own = suffix(hostname);
        let exact = (own == hostname).then_some(own);
        let mut covering = exact.into_iter().chain(wider(own)).filter_map(|name| port.get(name));
        let Some(narrow) = covering.next() else { continue };
        // What the wide listener does not serve at all is another rule's.
        let serves = wide.hosts(route).any(|served| served == hostname);
        if !serves || std::ptr::eq(*narrow, wide) || narrow.routes.binary_search(&at).is_ok() {
            continue;
        }
        let message = format!(
            "requests for `{hostname}` on port {} go to listener `{}`, to which the route is not attached; it is to `{}`",
            wide.listener.port, narrow.listener.name, wide.listener.name
        );
        let path = Path::ROOT.key("spec").key("hostnames").index(index);
        let hint = format!(
            "attach the route to `{}` (sectionName, and its `allowedRoutes`), or take the host out",
            narrow.listener.name
        );
        let finding = RULE.find(route.meta.object, path, message).hint(hint);
        out.push(if narrow.maybe_more { finding.at_most(Severity::Info) } else { finding });
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;
    use super::RULE;

    fn with(listeners: &str, route: &str) -> Vec<String> {
        found(
            &RULE,
            &format!(
                "
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {{name: gw}}
spec:
  gatewayClassName: c
  listeners: [{listeners}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {{name: r}}
spec: {{parentRefs: [{{name: gw}}], {route}}}
"
            ),
        )
    }

    #[test]
    fn a_listener_that_takes_the_route_too_takes_nothing_from_it() {
        let both =
            "{name: a, port: 80, protocol: HTTP}, {name: b, port: 80, protocol: HTTP, hostname: '*.x.io'}";
        assert!(with(both, "hostnames: [a.x.io]").is_empty());
    }

    #[test]
    fn the_narrowest_listener_counts() {
        let narrow = "{name: a, port: 80, protocol: HTTP}, \
                      {name: b, port: 80, protocol: HTTP, hostname: '*.x.io', allowedRoutes: {kinds: [{kind: GRPCRoute}]}}";
        assert_eq!(with(narrow, "hostnames: [y.io, a.x.io]"), ["1 warning spec.hostnames[1]"]);
        // The wildcard covers more than the listener does, so some of it stays.
        assert!(with(&narrow.replace("'*.x.io'", "a.x.io"), "hostnames: ['*.x.io']").is_empty());
        assert!(
            with(&narrow.replace("name: b, port: 80", "name: b, port: 81"), "hostnames: [a.x.io]").is_empty()
        );
    }
}
