//! Rule: no-parent
//!
//! A route that asks nobody to take it.

use super::{Context, Finding, Rule, backends};
use crate::check::attach::kinds::{delegates, has_delegation};
use crate::diagnostic::{Code, Severity};
use crate::path::Path;

pub(super) static RULE: Rule = Rule {
    code: Code("no-parent"),
    severity: Severity::Warning,
    what: "a route without `parentRefs`",
    why: "The API server takes it, no controller writes a status, and nothing serves it. `useDefaultGateways`, which \
          the experimental channel has, stands for parents. An HTTPRoute needs none where another one delegates to it; \
          that is left alone with `--profile kgateway`, and where any route of the input delegates.",
    source: "Gateway API v1.6.1, `shared_types.go:180-276` and `:578-579`; kgateway 2.4.0, \
             `design/10943-route-delegation.md`",
    bad: r"
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  hostnames: [shop.example.com]
  rules: [{backendRefs: [{name: shop, port: 80}]}]
",
    good: r"
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  parentRefs: [{name: public}]
  hostnames: [shop.example.com]
  rules: [{backendRefs: [{name: shop, port: 80}]}]
",
    check,
};

fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let routes = &context.model.routes;
    // A key that was not read may be a misspelt `parentRefs`, of which level `api` tells.
    let without = || {
        routes.iter().filter(|route| route.parents.is_empty() && !route.default_gateways && route.is_whole)
    };
    if without().next().is_none() {
        return;
    }
    let delegation = context.settings.controller().is_some_and(has_delegation)
        || routes.iter().flat_map(backends::of).any(|(_, backend)| delegates(&backend.target));
    for route in without().filter(|route| !delegation || route.kind != "HTTPRoute") {
        let message = "the route names no parent, so nothing takes it";
        let path = Path::ROOT.key("spec").key("parentRefs");
        let hint = "name the Gateway or ListenerSet whose listeners should serve it";
        out.push(RULE.find(route.meta.object, path, message).hint(hint));
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{TARGET, found, found_in_refused, judge, judge_as, of_rule, settings};
    use super::RULE;
    use crate::check::Settings;
    use crate::profile;
    use crate::release::{Channel, Target};

    #[test]
    fn an_empty_list_is_none_and_each_kind_of_route_needs_parents() {
        let line = "0 warning spec.parentRefs";
        let empty = RULE.bad.replace("spec:", "spec:\n  parentRefs: []");
        assert_eq!(found(&RULE, &empty), [line]);
        let target = Target { channel: Channel::Experimental, ..TARGET };
        for (kind, version) in [("GRPCRoute", "v1"), ("UDPRoute", "v1alpha2")] {
            let text = format!(
                "{{apiVersion: gateway.networking.k8s.io/{version}, kind: {kind}, metadata: {{name: a}}, spec: {{rules: \
                 [{{backendRefs: [{{name: a, port: 53}}]}}]}}}}"
            );
            assert_eq!(of_rule(&RULE, judge(&text, target, false)), [line], "{kind}");
        }
    }

    #[test]
    fn a_misspelt_spec_is_level_apis_to_tell() {
        let text = RULE.good.replace("spec:", "Spec:");
        assert!(found_in_refused(&RULE, &text).is_empty());
    }

    #[test]
    fn default_gateways_stand_for_parents() {
        let target = Target { channel: Channel::Experimental, ..TARGET };
        for (scope, expected) in [("All", 0), ("None", 1)] {
            let text = RULE.bad.replace("spec:", &format!("spec:\n  useDefaultGateways: {scope}"));
            assert_eq!(of_rule(&RULE, judge(&text, target, false)).len(), expected, "{scope}");
        }
    }

    #[test]
    fn a_route_that_others_delegate_to_needs_none() {
        let kgateway = Settings { profile: profile::named("kgateway"), ..settings(false) };
        assert!(of_rule(&RULE, judge_as(RULE.bad, &kgateway)).is_empty());
        for backend in [
            "{group: gateway.networking.k8s.io, kind: HTTPRoute, name: '*'}",
            "{group: delegation.kgateway.dev, kind: label, name: shop}",
        ] {
            let text = format!(
                "{}---{}",
                RULE.bad,
                RULE.good.replace("{name: shop, port: 80}", backend).replace("{name: shop}", "{name: above}")
            );
            assert!(found(&RULE, &text).is_empty(), "{backend}");
            let grpc = text.replacen("HTTPRoute", "GRPCRoute", 1);
            assert_eq!(found(&RULE, &grpc).len(), 1, "{backend}");
        }
    }
}
