//! Rule: external-name-refused
//!
//! Most controllers take no Service of type ExternalName.

use std::borrow::Cow;

use crate::check::rule::finding::{full_name, is_service, namespace_of};
use crate::check::rule::{Context, Finding, Rule, backends};
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
  hostnames: [shop.example.com]
  rules: [{backendRefs: [{group: gateway.envoyproxy.io, kind: Backend, name: legacy}]}]
",
    check,
};

fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let Some(profile) = context.settings.controller().filter(|profile| !profile.external_name.value) else {
        return;
    };
    let services = &context.model.services;
    if services.values().all(|service| !service.external_name) {
        return;
    }
    for route in &context.model.routes {
        for (place, backend) in backends::of(route).filter(|(_, backend)| is_service(&backend.target)) {
            let namespace = namespace_of(&backend.target, &route.meta);
            let key = (Cow::Borrowed(namespace), Cow::Borrowed(backend.target.name.as_ref()));
            if services.get(&key).is_some_and(|service| service.external_name) {
                let name = full_name("Service", namespace, &backend.target.name);
                let message = format!("{name} is of type ExternalName, and {} takes none", profile.title);
                let finding = RULE.find(route.meta.object, place.path(), message);
                out.push(finding.hint(hint(profile)).source(profile.external_name.source));
            }
        }
    }
}

fn hint(profile: &Profile) -> String {
    let endpoints = "a Service without selector and an EndpointSlice with addresses";
    match profile.vendor.value.map(Form::words) {
        Some(own) => format!("use a {own}, or {endpoints}"),
        None => format!("use {endpoints}"),
    }
}
