//! Rule: tls-names
//!
//! Some controllers hold all certificates behind a rule against one name.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::check::model::Route;
use crate::check::rule::finding::{is_service, namespace_of};
use crate::check::rule::{Context, Finding, Rule, finding};
use crate::diagnostic::{Code, Severity};

pub(super) static RULE: Rule = Rule {
    code: Code("tls-names"),
    severity: Severity::Error,
    what: "backends of one rule whose BackendTLSPolicies name different hosts",
    why: "Each policy is right by itself, but a controller that sets up TLS for a rule and not for a backend checks one \
          name only: it refuses the rule, or the certificates of the other backends.",
    source: "the profile of the controller, `one_tls_name_a_rule`; each finding names its source",
    bad: r"
# with --profile nginx-gateway-fabric
apiVersion: gateway.networking.k8s.io/v1
kind: BackendTLSPolicy
metadata: {name: blue}
spec:
  targetRefs: [{group: '', kind: Service, name: blue}]
  validation: {hostname: blue.example.com, wellKnownCACertificates: System}
---
apiVersion: gateway.networking.k8s.io/v1
kind: BackendTLSPolicy
metadata: {name: green}
spec:
  targetRefs: [{group: '', kind: Service, name: green}]
  validation: {hostname: green.example.com, wellKnownCACertificates: System}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  parentRefs: [{name: public}]
  hostnames: [shop.example.com]
  rules: [{backendRefs: [{name: blue, port: 443}, {name: green, port: 443}]}]
",
    good: r"
# with --profile nginx-gateway-fabric
apiVersion: gateway.networking.k8s.io/v1
kind: BackendTLSPolicy
metadata: {name: both}
spec:
  targetRefs: [{group: '', kind: Service, name: blue}, {group: '', kind: Service, name: green}]
  validation: {hostname: shop.example.com, wellKnownCACertificates: System}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  parentRefs: [{name: public}]
  hostnames: [shop.example.com]
  rules: [{backendRefs: [{name: blue, port: 443}, {name: green, port: 443}]}]
",
    check,
};

/// The names of certificates, by namespace and name of the Service.
type Names<'c> = BTreeMap<(&'c str, &'c str), Vec<&'c str>>;

fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let Some(profile) = context.settings.controller().filter(|profile| profile.one_tls_name_a_rule.value)
    else {
        return;
    };
    let mut names = Names::new();
    for policy in context.model.policies.iter().filter(|policy| !policy.hostname.is_empty()) {
        for (target, _) in policy.targets.iter().filter(|(target, _)| is_service(target)) {
            names.entry((&policy.meta.namespace, &target.name)).or_default().push(&policy.hostname);
        }
    }
    for route in &context.model.routes {
        for index in 0..route.rules.len() {
            let found = of_rule(route, index, &names);
            if found.len() > 1 {
                let path = finding::rule(index).key("backendRefs");
                let finding = RULE.find(route.meta.object, path, profile.bound_of_names(&found));
                let hint =
                    "give them policies with one `hostname` that all certificates have, or write a rule each";
                out.push(finding.hint(hint).source(profile.one_tls_name_a_rule.source));
            }
        }
    }
}

/// The names of the certificates behind a rule, sorted.
fn of_rule<'c>(route: &Route<'_>, rule: usize, names: &Names<'c>) -> Vec<&'c str> {
    let backends = route.rules.get(rule).into_iter().flat_map(|rule| &rule.backends);
    let services = backends.map(|backend| &backend.target).filter(|target| is_service(target));
    let of = |target| names.get(&(namespace_of(target, &route.meta), Cow::as_ref(&target.name)));
    let mut found: Vec<&str> = services.filter_map(of).flatten().copied().collect();
    found.sort_unstable();
    found.dedup();
    found
}
