//! Rule: unsupported-feature
//!
//! What a controller's own conformance report lists as unsupported.

use super::features::{Feature, Used};
use super::uses::{Use, lacking, read};
use crate::check::rule::{Context, Finding, Rule};
use crate::diagnostic::{Code, Diagnostic, Level, Severity};
use crate::profile::{Profile, Report};
use crate::tree::Node;

pub(super) static RULE: Rule = Rule {
    code: Code("unsupported-feature"),
    severity: Severity::Warning,
    what: "a feature that the controller's conformance report lists as unsupported",
    why: "The API server takes the field, since other controllers know it; this one may refuse the object, or leave \
          the field out without a word: then a redirect leads elsewhere, a timeout never ends, a client without \
          certificate is let in. A feature that the report does not mention is unknown and not reported here.",
    source: "the controller's newest conformance report in sigs.k8s.io/gateway-api/conformance v1.7.0; each finding \
             names its path",
    bad: r"
# with --profile traefik
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  parentRefs: [{name: public}]
  hostnames: [shop.example.com]
  rules:
    - timeouts: {request: 10s}
      backendRefs: [{name: shop, port: 80}]
",
    good: r"
# with --profile envoy-gateway
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  parentRefs: [{name: public}]
  hostnames: [shop.example.com]
  rules:
    - timeouts: {request: 10s}
      backendRefs: [{name: shop, port: 80}]
",
    check,
};

fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let Some(profile) = context.settings.controller() else { return };
    out.extend(findings(context.uses, profile));
    for feature in lacking(profile) {
        let Used::Between(find) = feature.used else { continue };
        let mut uses = Vec::new();
        find(context, feature, &mut uses);
        out.extend(findings(&uses, profile));
    }
}

/// What an object uses by itself of the features that a controller lacks.
pub fn unsupported(
    node: &Node<'_>,
    profile: &Profile,
    lacking: &[&'static Feature],
) -> impl Iterator<Item = Diagnostic> {
    let mut uses = Vec::new();
    read(node, 0, lacking, &mut uses);
    findings(&uses, profile).into_iter().map(|found| found.diagnostic.level(Level::Controller))
}

/// One for an object and a feature.
fn findings(uses: &[Use], profile: &Profile) -> Vec<Finding> {
    let Some(report) = profile.report() else { return Vec::new() };
    let same =
        |one: &Use, other: &Use| one.object == other.object && std::ptr::eq(one.feature, other.feature);
    uses.chunk_by(same).filter_map(|uses| finding(uses, profile, report)).collect()
}

/// At the first of several places.
fn finding(uses: &[Use], profile: &Profile, report: &Report) -> Option<Finding> {
    let (first, others) = uses.split_first()?;
    let Feature { name, words, .. } = first.feature;
    let what = if words.is_empty() {
        format!("objects of kind {name}")
    } else {
        format!("{} uses {words} ({name})", first.kind)
    };
    let count = match others.len() {
        0 => String::new(),
        more => format!(" in {} places", more + 1),
    };
    let message =
        format!("{what}{count}, which {} {} reports as unsupported", profile.product(), report.version);
    let hint = "do without it, use another controller, or see in the controller's own documents whether a newer version \
                supports it";
    Some(RULE.find(first.object, first.path.clone(), message).hint(hint).source(report.source()))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{said, with};
    use super::RULE;

    #[test]
    fn tells_one_use_for_all_places_of_an_object() {
        let text = "
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  rules:
    - {timeouts: {request: 10s}, backendRefs: [{name: shop, port: 80}]}
    - {timeouts: {request: 9s}, matches: [{path: {value: /a}}], backendRefs: [{name: shop, port: 80}]}
";
        assert_eq!(
            said(&RULE, "traefik", text),
            [
                "HTTPRoute uses timeouts of requests (HTTPRouteRequestTimeout) in 2 places, which Traefik 3.7.10 reports \
              as unsupported"
            ]
        );
    }

    #[test]
    fn tells_the_whole_and_not_its_parts() {
        let text = "
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  rules:
    - filters: [{type: RequestMirror, requestMirror: {percent: 5, backendRef: {name: copy, port: 80}}}]
      backendRefs: [{name: shop, port: 80}]
";
        assert_eq!(with(&RULE, "traefik", text), ["0 warning spec.rules[0].filters[0].type"]);
        assert_eq!(
            with(&RULE, "contour", text),
            ["0 warning spec.rules[0].filters[0].requestMirror.percent"]
        );
    }

    #[test]
    fn looks_at_the_protocol_of_a_service() {
        let text = "
apiVersion: v1
kind: Service
metadata: {name: grpc}
spec: {ports: [{port: 80, appProtocol: kubernetes.io/h2c}, {port: 81}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  rules: [{backendRefs: [{name: grpc, port: 81}, {name: grpc, port: 80, weight: 2}]}]
";
        assert_eq!(with(&RULE, "aws", text), ["1 warning spec.rules[0].backendRefs[1]"]);
        assert!(with(&RULE, "istio", text).is_empty());
    }

    #[test]
    fn looks_at_the_listener_of_a_tls_route() {
        let text = "
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public}
spec:
  gatewayClassName: cilium
  listeners: [{name: tls, port: 443, protocol: TLS, tls: {mode: MODE, certificateRefs: [{name: c}]}}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: TLSRoute
metadata: {name: db}
spec:
  parentRefs: [{name: public}]
  hostnames: [db.example.com]
  rules: [{backendRefs: [{name: db, port: 5432}]}]
";
        let terminated = text.replace("MODE", "Terminate");
        assert_eq!(with(&RULE, "cilium", &terminated), ["1 warning spec.parentRefs[0]"]);
        assert!(with(&RULE, "istio", &terminated).is_empty());
        assert!(with(&RULE, "cilium", &text.replace("MODE", "Passthrough")).is_empty());
    }
}
