//! Rule: http-and-grpc
//!
//! HTTPRoutes and GRPCRoutes of one host have no common order of precedence.

use std::collections::BTreeMap;

use super::finding::named;
use super::{Context, Finding, Rule, hosts};
use crate::check::model::Route;
use crate::diagnostic::{Code, Severity};
use crate::path::Path;
use crate::release::Release;

pub(super) static RULE: Rule = Rule {
    code: Code("http-and-grpc"),
    severity: Severity::Warning,
    what: "an HTTPRoute and a GRPCRoute for one host at one listener",
    why: "Up to 1.5 a controller had to accept one of the two only, the older one; since 1.6 it may take both, and \
          some still do not. Which of them a request then reaches depends on the controller.",
    source: "Gateway API v1.6.1, `grpcroute_types.go:126-138`; pull request 4598",
    bad: r"
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public}
spec: {gatewayClassName: example, listeners: [{name: http, port: 80, protocol: HTTP}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  parentRefs: [{name: public}]
  hostnames: [shop.example.com]
  rules: [{backendRefs: [{name: shop, port: 80}]}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: GRPCRoute
metadata: {name: orders}
spec:
  parentRefs: [{name: public}]
  hostnames: [shop.example.com]
  rules: [{matches: [{method: {service: shop.Orders}}], backendRefs: [{name: orders, port: 80}]}]
",
    good: r"
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public}
spec: {gatewayClassName: example, listeners: [{name: http, port: 80, protocol: HTTP}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  parentRefs: [{name: public}]
  hostnames: [shop.example.com]
  rules: [{backendRefs: [{name: shop, port: 80}]}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: GRPCRoute
metadata: {name: orders}
spec:
  parentRefs: [{name: public}]
  hostnames: [grpc.shop.example.com]
  rules: [{matches: [{method: {service: shop.Orders}}], backendRefs: [{name: orders, port: 80}]}]
",
    check,
};

fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let routes = &context.model.routes;
    let mut told = vec![false; routes.len()];
    for joined in &context.attach.listeners {
        let attached = || joined.routes.iter().filter_map(|index| Some((*index, routes.get(*index)?)));
        // One of the two alone needs no look at host names.
        let has = |kind: &str| attached().any(|(_, route)| route.kind == kind);
        if !has("HTTPRoute") || !has("GRPCRoute") {
            continue;
        }
        let http = attached().map(|(_, route)| route).filter(|route| route.kind == "HTTPRoute");
        let of_http = Hosts::new(http.flat_map(|route| joined.hosts(route).map(move |name| (name, route))));
        for (index, route) in attached().filter(|(_, route)| route.kind == "GRPCRoute") {
            let Some(told) = told.get_mut(index).filter(|told| !**told) else { continue };
            // The same host name weighs most, so it is looked for first.
            let names = || joined.hosts(route);
            let equal = names().find_map(|name| Some((name, of_http.equal(name)?, true)));
            let found =
                equal.or_else(|| names().find_map(|name| Some((name, of_http.overlapping(name)?, false))));
            let Some((host, http, is_equal)) = found else { continue };
            *told = true;
            let at = route.hostnames.iter().position(|name| name == host);
            let path = at.map_or(Path::ROOT.key("spec"), |at| hosts::Place::Route(at).path());
            let host = if host.is_empty() { "every host".to_owned() } else { format!("`{host}`") };
            let (whole, bound) = if context.settings.target.release < Release::V1_6 {
                ("", "a controller takes the older one of two such routes only")
            } else {
                (
                    if is_equal { "" } else { "some hosts of " },
                    "not every controller takes both kinds for one host",
                )
            };
            let message = format!(
                "{} is for {whole}{host} at listener `{}` of {} too, and {bound}",
                named("HTTPRoute", &http.meta),
                joined.listener.name,
                named(joined.owner_kind, joined.meta)
            );
            let hint = "give gRPC a host name of its own, or match it by path in the HTTPRoute";
            let finding = RULE.find(route.meta.object, path, message).hint(hint);
            // Where both are taken, the more specific host name decides, whatever the kind.
            let decided = !is_equal && context.settings.target.release >= Release::V1_6;
            out.push(if decided { finding.at_most(Severity::Info) } else { finding });
        }
    }
}

/// Host names with a route for each. A wildcard is kept without its star: a suffix that no exact name is.
struct Hosts<'r> {
    names: BTreeMap<&'r str, &'r Route<'r>>,
    /// For each suffix one of the names that it covers.
    below: BTreeMap<&'r str, &'r Route<'r>>,
}

impl<'r> Hosts<'r> {
    fn new(names: impl Iterator<Item = (&'r str, &'r Route<'r>)>) -> Self {
        let mut hosts = Self { names: BTreeMap::new(), below: BTreeMap::new() };
        for (name, route) in names {
            let name = suffix(name);
            hosts.names.entry(name).or_insert(route);
            for wider in wider(name) {
                hosts.below.entry(wider).or_insert(route);
            }
        }
        hosts
    }

    fn equal(&self, name: &str) -> Option<&'r Route<'r>> {
        self.names.get(suffix(name)).copied()
    }

    fn overlapping(&self, name: &str) -> Option<&'r Route<'r>> {
        let name = suffix(name);
        wider(name).find_map(|wider| self.names.get(wider)).or_else(|| self.below.get(name)).copied()
    }
}

fn suffix(name: &str) -> &str {
    name.strip_prefix('*').unwrap_or(name)
}

/// The suffixes that cover a name, itself among them where it is one, and the empty text, which covers all.
fn wider(name: &str) -> impl Iterator<Item = &str> {
    name.match_indices('.').filter_map(|(at, _)| name.get(at..)).chain([""])
}

#[cfg(test)]
mod tests {
    use super::super::tests::{TARGET, found, judge, of_rule};
    use super::RULE;
    use crate::release::{Release, Target};

    fn routes(http: &str, grpc: &str) -> String {
        let route = |kind: &str, hosts: &str| {
            format!(
                "---\napiVersion: gateway.networking.k8s.io/v1\nkind: {kind}\nmetadata: {{name: r}}\n\
                 spec: {{parentRefs: [{{name: gw}}], hostnames: [{hosts}]}}\n"
            )
        };
        format!(
            "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {{name: gw}}\n\
             spec: {{gatewayClassName: c, listeners: [{{name: a, port: 80, protocol: HTTP}}]}}\n{}{}",
            route("HTTPRoute", http),
            route("GRPCRoute", grpc)
        )
    }

    #[test]
    fn tells_equal_from_overlapping_names() {
        for (http, grpc, expected) in [
            ("a.example.com", "b.example.com", ""),
            ("'*.example.com'", "a.example.com", "info"),
            ("a.example.com", "'*.example.com'", "info"),
            ("'*.a.example.com'", "'*.example.com'", "info"),
            ("'*.example.com'", "example.com", ""),
            ("", "a.example.com", "info"),
            ("a.example.com", "", "info"),
            ("", "", "warning"),
            ("'*.example.com'", "b.net, '*.example.com'", "warning"),
        ] {
            let lines = found(&RULE, &routes(http, grpc)).join("");
            assert!(
                lines.contains(expected) && lines.is_empty() == expected.is_empty(),
                "{http} {grpc}: {lines}"
            );
        }
        let served = routes("a.example.com, b.net", "c.example.com, b.net");
        assert_eq!(found(&RULE, &served), ["2 warning spec.hostnames[1]"]);
        let ignored = served.replace("protocol: HTTP}", "protocol: HTTP, hostname: '*.example.com'}");
        assert!(found(&RULE, &ignored).is_empty());
        let old = Target { release: Release::V1_5, ..TARGET };
        let lines = of_rule(&RULE, judge(&routes("'*.example.com'", "a.example.com"), old, false));
        assert_eq!(lines, ["2 warning spec.hostnames[0]"]);
    }
}
