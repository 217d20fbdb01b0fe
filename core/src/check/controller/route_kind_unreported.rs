//! Rule: route-kind-unreported
//!
//! Where nothing says that a kind of route is served, its status must.

use super::gateways;
use crate::check::rule::{Context, Finding, Rule};
use crate::diagnostic::{Code, Severity};
use crate::path::Path;
use crate::profile::words::ROUTE_UNREPORTED_HINT;

pub(super) static RULE: Rule = Rule {
    code: Code("route-kind-unreported"),
    severity: Severity::Warning,
    what: "a kind of route of which nothing says that the controller serves it",
    why: "Neither the controller's documents nor its conformance reports name the kind. It may be served; if not, the \
          route gets no status, and clients no answer.",
    source: "the profile of the controller, `routes_unreported`; each finding names its source",
    bad: r"
# with --profile gke
apiVersion: gateway.networking.k8s.io/v1
kind: GRPCRoute
metadata: {name: orders}
spec:
  parentRefs: [{name: public}]
  rules: [{backendRefs: [{name: orders, port: 50051}]}]
",
    good: r"
# with --profile gke
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: orders}
spec:
  parentRefs: [{name: public}]
  rules: [{backendRefs: [{name: orders, port: 50051}]}]
",
    check,
};

fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let Some(profile) = context.settings.controller() else { return };
    let Some(unreported) = profile.quirks.routes_unreported else { return };
    for route in gateways::routes(context) {
        if unreported.value.iter().any(|kind| kind.newest().kind == route.kind) {
            let message = profile.silence_on_route(route.kind);
            let finding = RULE.find(route.meta.object, Path::ROOT.key("kind"), message);
            out.push(finding.hint(ROUTE_UNREPORTED_HINT).source(unreported.source));
        }
    }
}
