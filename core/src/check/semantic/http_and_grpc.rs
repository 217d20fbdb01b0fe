//! Rule: http-and-grpc
//!
//! HTTPRoutes and GRPCRoutes of one host have no common order of precedence.

use super::finding::named;
use super::{Context, Finding, Rule, hosts};
use crate::check::attach::hosts::ByHost;
use crate::diagnostic::{Code, Severity};
use crate::path::Path;
use crate::release::Release;

pub(super) static RULE: Rule = Rule {
    code: Code("http-and-grpc"),
    severity: Severity::Warning,
    what: "an HTTPRoute and a GRPCRoute for one host at one listener",
    why: "Up to 1.5 a controller had to accept one of the two only, the older one, and few did; since 1.6 it may. \
          Which of them a request then reaches depends on the controller.",
    source: "Gateway API v1.4.1 and v1.5.1, `grpcroute_types.go:126-137`: must accept exactly one; v1.6.1, \
             `CHANGELOG/1.6-CHANGELOG.md:126` (pull request 4598): may, though its `grpcroute_types.go` still has the \
             words; v1.7.0, `grpcroute_types.go:144-156`: may",
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
        // One with a key that was not read may have other host names.
        let known = |index: &usize| routes.get(*index).filter(|route| route.is_whole);
        let attached = || joined.routes.iter().filter_map(|index| Some((*index, known(index)?)));
        // One of the two alone needs no look at host names.
        let has = |kind: &str| attached().any(|(_, route)| route.kind == kind);
        if !has("HTTPRoute") || !has("GRPCRoute") {
            continue;
        }
        let http = attached().map(|(_, route)| route).filter(|route| route.kind == "HTTPRoute");
        let mut of_http = ByHost::default();
        http.for_each(|route| joined.hosts(route).for_each(|name| of_http.add(name, route)));
        for (index, route) in attached().filter(|(_, route)| route.kind == "GRPCRoute") {
            let Some(told) = told.get_mut(index).filter(|told| !**told) else { continue };
            // The same host name weighs most, so it is looked for first.
            let names = || joined.hosts(route);
            let equal = names().find_map(|name| Some((name, of_http.equal(name)?, true)));
            let found =
                equal.or_else(|| names().find_map(|name| Some((name, of_http.meeting(name)?, false))));
            let Some((host, http, is_equal)) = found else { continue };
            *told = true;
            let at = route.hostnames.iter().position(|name| name == host);
            let path = at.map_or(Path::ROOT.key("spec"), |at| hosts::HostnamePlace::Route(at).path());
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
