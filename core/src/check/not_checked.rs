//! Kinds whose objects nothing here judges by themselves.

use super::report::Identity;
use super::{api, model};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::path::Path;
use crate::release::Target;
use crate::values::nearest;

/// A kind whose rules are not known here.
pub const NOT_CHECKED: Code = Code("not-checked");

/// The group of our own kinds.
const OURS: &str = "gatewright.dev";

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

/// Says of an object's kind that it is not checked, and what checks it, or which one was meant.
pub(super) fn finding(identity: &Identity<'_>, target: Target) -> Diagnostic {
    let Identity { api_version, kind, .. } = identity;
    let group = identity.group();
    let message = format!("objects of kind {kind} in {api_version} are not checked by themselves");
    if let Some(meant) = meant(identity, target) {
        return Diagnostic::warning(NOT_CHECKED, Path::ROOT.key("apiVersion"), message)
            .hint(format!("did you mean `{meant}`?"));
    }
    let judge = match group {
        OURS => "`gatewright crds > crds.yaml` writes its CRD, and `--crd crds.yaml` checks it",
        group if BUILT_IN.contains(&group) => "`kubectl apply --dry-run=server` judges it",
        _ => "give its CRD with `--crd`",
    };
    let counts = "; what it is to routes and listeners counts all the same";
    let counts = if model::is_of_use(group, kind) { counts } else { "" };
    Diagnostic::new(NOT_CHECKED, Severity::Info, Path::ROOT, message).hint(format!("{judge}{counts}"))
}

/// The apiVersion of Gateway API that a slip in the group could have meant for a kind of that name.
fn meant(identity: &Identity<'_>, target: Target) -> Option<String> {
    let Identity { api_version, kind, .. } = identity;
    let of_kind = api::kinds(target).iter().filter(|row| row.kind == kind);
    let near = of_kind.filter(|row| is_near(identity.group(), row.group));
    let version = api_version.rsplit('/').next();
    // The version as it is written, if it is served, else the first.
    let row = near.min_by_key(|row| Some(row.version) != version)?;
    Some(format!("{}/{}", row.group, row.version))
}

/// Whether a group differs by a slip, or has the same labels in another order.
fn is_near(found: &str, group: &str) -> bool {
    let found = found.to_ascii_lowercase();
    let sorted = |group: &str| {
        let mut labels: Vec<String> = group.split('.').map(str::to_owned).collect();
        labels.sort_unstable();
        labels
    };
    sorted(&found) == sorted(group) || nearest(&found, [group].into_iter()).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing;

    fn told(api_version: &'static str, kind: &'static str) -> (Severity, String) {
        let identity = Identity { api_version: api_version.into(), kind: kind.into(), ..Identity::default() };
        let found = finding(&identity, testing::complete().target);
        (found.severity, found.hint.into_owned())
    }

    #[test]
    fn warns_of_a_slip_in_gateway_apis_group() {
        for (api_version, kind, meant) in [
            ("networking.gateway.k8s.io/v1", "HTTPRoute", "gateway.networking.k8s.io/v1"),
            ("GATEWAY.networking.k8s.io/v1", "HTTPRoute", "gateway.networking.k8s.io/v1"),
            ("gateway.networking.k8.io/v1beta1", "Gateway", "gateway.networking.k8s.io/v1beta1"),
            ("gateway.network.k8s.io/v9", "Gateway", "gateway.networking.k8s.io/v1"),
        ] {
            assert_eq!(told(api_version, kind), (Severity::Warning, format!("did you mean `{meant}`?")));
        }
        for (api_version, kind) in [
            ("networking.istio.io/v1", "Gateway"),
            ("gateway.solo.io/v1", "Gateway"),
            ("networking.gateway.k8s.io/v1", "Shop"),
        ] {
            assert_eq!(told(api_version, kind).0, Severity::Info, "{api_version} {kind}");
        }
    }

    #[test]
    fn names_the_command_that_has_the_crds_of_our_own_kinds() {
        assert!(told("gatewright.dev/v1alpha1", "HostnameGrant").1.contains("`gatewright crds"));
    }

    #[test]
    fn only_what_is_read_counts_for_routes_and_listeners() {
        for (api_version, kind, counts) in [
            ("v1", "Service", true),
            ("v1", "Secret", true),
            ("gateway.envoyproxy.io/v1alpha1", "Backend", true),
            ("v1", "Pod", false),
            ("apps/v1", "Deployment", false),
        ] {
            assert_eq!(told(api_version, kind).1.contains("counts all the same"), counts, "{kind}");
        }
    }
}
