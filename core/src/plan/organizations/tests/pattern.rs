//! The Gateway that others are made like stands where routes of the values are behind it, and only there.

use super::{HEAD, organizations, plan, sharding};

/// Names of the Gateways of this release, with how many routes are behind each.
fn behind(strategy: &str, routes: &str) -> Vec<(String, usize)> {
    let text = format!(
        "{HEAD}{}{}externalServices: [{{name: api, port: 80, endpoints: [192.0.2.1]}}]\nroutes: [{routes}]\n",
        sharding(strategy, ""),
        organizations(2)
    );
    let (summary, found) = plan(&text);
    assert!(found.iter().all(|found| found.severity < crate::diagnostic::Severity::Error), "{found:?}");
    let own = summary.gateways.into_iter().filter(|gateway| gateway.rendered);
    own.map(|gateway| (gateway.name, gateway.routes)).collect()
}

fn route(parent: &str) -> String {
    format!(
        "{{name: shop, namespace: edge, {parent}hostnames: [shop.test], rules: [{{backendRefs: [{{name: api}}]}}]}}"
    )
}

fn named(gateways: &[(&str, usize)]) -> Vec<(String, usize)> {
    gateways.iter().map(|(name, routes)| ((*name).to_owned(), *routes)).collect()
}

#[test]
fn it_stands_with_routes_behind_it() {
    let all = named(&[("eg", 1), ("eg-org-0000", 1), ("eg-org-0001", 1)]);
    for parent in
        ["", "gateway: eg, ", "parentRefs: [{name: eg}], ", "parentRefs: [{name: other}, {name: eg}], "]
    {
        assert_eq!(behind("dedicated", &route(parent)), all, "{parent}");
    }
}

/// Routes to other Gateways do not keep it, and are still counted where they attach.
#[test]
fn it_goes_where_routes_are_behind_others() {
    let made = named(&[("eg-org-0000", 1), ("eg-org-0001", 1)]);
    assert_eq!(behind("dedicated", &route("parentRefs: [{name: other, namespace: infra}], ")), made);
    let made = named(&[("eg-org-0000", 2), ("eg-org-0001", 1)]);
    assert_eq!(behind("dedicated", &route("parentRefs: [{name: eg-org-0000}], ")), made);
    assert_eq!(behind("pool", &route("parentRefs: [{name: other}], ")), named(&[("eg-01", 2)]));
}

/// A Gateway that is written beside it keeps its routes, though it moves up.
#[test]
fn a_gateway_beside_it_keeps_its_routes() {
    let beside = "gateways: [{name: eg, className: eg, listeners: [{name: http, port: 80, protocol: HTTP}]}, {name: own, \
                  className: eg, listeners: [{name: http, port: 80, protocol: HTTP}]}]\n";
    let head = format!("baseDomain: example.com\nprofile: envoy-gateway\n{beside}");
    let route = route("gateway: own, ");
    let text = format!(
        "{head}{}{}externalServices: [{{name: api, port: 80, endpoints: [192.0.2.1]}}]\nroutes: [{route}]\n",
        sharding("dedicated", ""),
        organizations(1)
    );
    let (summary, _) = plan(&text);
    let gateways: Vec<_> =
        summary.gateways.into_iter().map(|gateway| (gateway.name, gateway.routes)).collect();
    assert_eq!(gateways, named(&[("own", 1), ("eg-org-0000", 1)]));
}
