//! Rule: external-name-refused
//!
//! Most controllers take no Service of type ExternalName.

use crate::check::rule::{Context, Finding, Rule, external_names};
use crate::diagnostic::{Code, Severity};
use crate::profile::{Form, Profile};

pub(super) static RULE: Rule = Rule {
    code: Code("external-name-refused"),
    severity: Severity::Warning,
    what: "a backend of type ExternalName, with a controller that takes none",
    why: "Such a controller refuses the reference, or accepts it and never finds an endpoint: requests are answered \
          with an error either way.",
    source: "the profile of the controller, `external_name`; each finding names its source",
    bad: r"
# with --profile envoy-gateway
apiVersion: v1
kind: Service
metadata: {name: legacy}
spec: {type: ExternalName, externalName: legacy.example.com, ports: [{port: 80}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  parentRefs: [{name: public}]
  hostnames: [shop.example.com]
  rules: [{backendRefs: [{name: legacy, port: 80}]}]
",
    good: r"
# with --profile envoy-gateway
apiVersion: gateway.envoyproxy.io/v1alpha1
kind: Backend
metadata: {name: legacy}
spec: {endpoints: [{fqdn: {hostname: legacy.example.com, port: 80}}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  parentRefs: [{name: public}]
  hostnames: [shop.example.com]
  rules: [{backendRefs: [{group: gateway.envoyproxy.io, kind: Backend, name: legacy}]}]
",
    check,
};

fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let Some(profile) = context.settings.controller().filter(|profile| !profile.external_name.value) else {
        return;
    };
    for (route, place, name) in external_names::of(context) {
        let message = format!("{name} is of type ExternalName, and {} takes none", profile.title);
        let finding = RULE.find(route.meta.object, place.path(), message);
        out.push(finding.hint(hint(profile)).source(profile.external_name.source));
    }
}

fn hint(profile: &Profile) -> String {
    let endpoints = "a Service without selector and an EndpointSlice with addresses";
    match profile.vendor.value.map(Form::words) {
        Some(own) => format!("use a {own}, or {endpoints}"),
        None => format!("use {endpoints}"),
    }
}
