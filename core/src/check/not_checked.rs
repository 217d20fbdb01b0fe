//! Kinds whose objects nothing here judges by themselves.

use super::report::Identity;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::path::Path;

/// A kind whose rules are not known here.
pub const NOT_CHECKED: Code = Code("not-checked");

/// The groups that an API server serves without a CRD.
///
/// Source: `k8s.io/api` v0.36.1, `GroupName` of each package, and those of `k8s.io/apiextensions-apiserver` and
/// `k8s.io/kube-aggregator`.
pub(super) const BUILT_IN: [&str; 25] = [
    "",
    "admissionregistration.k8s.io",
    "apidiscovery.k8s.io",
    "apiextensions.k8s.io",
    "apiregistration.k8s.io",
    "apps",
    "authentication.k8s.io",
    "authorization.k8s.io",
    "autoscaling",
    "batch",
    "certificates.k8s.io",
    "coordination.k8s.io",
    "discovery.k8s.io",
    "events.k8s.io",
    "extensions",
    "flowcontrol.apiserver.k8s.io",
    "internal.apiserver.k8s.io",
    "networking.k8s.io",
    "node.k8s.io",
    "policy",
    "rbac.authorization.k8s.io",
    "resource.k8s.io",
    "scheduling.k8s.io",
    "storage.k8s.io",
    "storagemigration.k8s.io",
];

/// Says of an object's kind that it is not checked, and what checks it.
pub(super) fn finding(identity: &Identity<'_>) -> Diagnostic {
    let Identity { api_version, kind, .. } = identity;
    let message = format!("objects of kind {kind} in {api_version} are not checked by themselves");
    let hint = if BUILT_IN.contains(&identity.group()) {
        "`kubectl apply --dry-run=server` judges it; what it is to routes and listeners counts all the same"
    } else {
        "give its CRD with `--crd`; what it is to routes and listeners counts all the same"
    };
    Diagnostic::new(NOT_CHECKED, Severity::Info, Path::ROOT, message).hint(hint)
}
