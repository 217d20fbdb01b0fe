//! Rule: upstream-tls
//!
//! What a controller makes of a BackendTLSPolicy, where that is not what the policy says.

use crate::check::model::Policy;
use crate::check::rule::{Context, Finding, Rule};
use crate::check::settings::Settings;
use crate::diagnostic::{Code, Severity};
use crate::path::Path;
use crate::profile::words::ALPHA_POLICY;
use crate::profile::{Fact, Profile, Support};
use crate::release::Channel;

pub(super) static RULE: Rule = Rule {
    code: Code("upstream-tls"),
    severity: Severity::Error,
    what: "a BackendTLSPolicy that the controller refuses, or takes and does not do in full",
    why: "A policy that is refused leaves the upstream out of reach. One that is taken and ignored is worse: requests \
          reach it in plain text, or whoever has any certificate of that CA is taken for the upstream.",
    source: "the profile of the controller, `system_cas`, `subject_alt_names`, `name_unchecked` and `alpha_policy`; \
             each finding names its source",
    bad: r"
# with --profile nginx-gateway-fabric
apiVersion: gateway.networking.k8s.io/v1
kind: BackendTLSPolicy
metadata: {name: shop}
spec:
  targetRefs: [{group: '', kind: Service, name: shop}]
  validation:
    hostname: shop.example.com
    subjectAltNames: [{type: Hostname, hostname: other.example.com}]
    wellKnownCACertificates: System
",
    good: r"
# with --profile nginx-gateway-fabric
apiVersion: gateway.networking.k8s.io/v1
kind: BackendTLSPolicy
metadata: {name: shop}
spec:
  targetRefs: [{group: '', kind: Service, name: shop}]
  validation: {hostname: shop.example.com, wellKnownCACertificates: System}
",
    check,
};

const NAME_UNCHECKED_HINT: &str =
    "use a CA that signs this upstream's certificate alone, or another controller";

fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let Some(profile) = context.settings.controller() else { return };
    for policy in &context.model.policies {
        out.extend(upstream_tls(context.settings, profile, policy));
    }
}

/// What a controller refuses of a policy, or takes and does not do; the trace says it too.
pub(in crate::check) fn upstream_tls(
    settings: &Settings,
    profile: &Profile,
    policy: &Policy<'_>,
) -> Vec<Finding> {
    let mut out = Vec::new();
    if let Some(version) =
        profile.quirks.alpha_policy.filter(|_| settings.target.channel == Channel::Standard)
    {
        let what = "TLS to an upstream by a BackendTLSPolicy of the standard channel";
        let finding = ignored(policy, Path::ROOT.key("apiVersion"), profile.neglect(what, ALPHA_POLICY));
        let hint = "install Gateway API's experimental channel (`--channel experimental`), or use another controller";
        out.push(finding.hint(hint).source(version.source));
    }
    validation(profile, policy, &mut out);
    out
}

/// Judges `spec.validation`. A controller without the policy says so by its report.
fn validation(profile: &Profile, policy: &Policy<'_>, out: &mut Vec<Finding>) {
    if !profile.tls_policy.value {
        return;
    }
    let path = |key: &str| Path::ROOT.key("spec").key("validation").key(key);
    let mut judge = |fact: Fact<Support>, key: &str, what: &str, hint: &'static str| {
        let finding = match fact.value {
            Support::Yes | Support::Unreported => return,
            Support::Ignored(effect) => ignored(policy, path(key), profile.neglect(what, effect)),
            Support::No => RULE.find(policy.meta.object, path(key), profile.refusal(what)),
        };
        out.push(finding.hint(hint).source(fact.source));
    };
    if policy.well_known.as_deref() == Some("System") {
        let hint = "name a ConfigMap with the CA in `caCertificateRefs`";
        let what = "the system's CA certificates";
        judge(profile.system_cas, "wellKnownCACertificates", what, hint);
    }
    if policy.alternatives {
        let hint = match profile.quirks.name_unchecked {
            Some(_) => NAME_UNCHECKED_HINT,
            None => "use `hostname` alone",
        };
        judge(profile.subject_alt_names, "subjectAltNames", "`subjectAltNames`", hint);
    }
    if let Some(unchecked) = profile.quirks.name_unchecked.filter(|_| !policy.certificates.is_empty()) {
        let message = profile.neglect("`caCertificateRefs`", unchecked.value);
        let finding = ignored(policy, path("caCertificateRefs"), message);
        out.push(finding.hint(NAME_UNCHECKED_HINT).source(unchecked.source));
    }
}

fn ignored(policy: &Policy<'_>, path: Path, message: String) -> Finding {
    RULE.find(policy.meta.object, path, message).at_most(Severity::Warning)
}

#[cfg(test)]
mod tests {
    use super::super::tests::with;
    use super::RULE;

    #[test]
    fn what_is_taken_and_not_done_is_a_warning() {
        assert_eq!(
            with(&RULE, "cilium", RULE.bad),
            [
                "0 warning spec.validation.wellKnownCACertificates",
                "0 warning spec.validation.subjectAltNames"
            ]
        );
        let own = RULE.good.replace(
            "wellKnownCACertificates: System",
            "caCertificateRefs: [{group: '', kind: ConfigMap, name: ca}]",
        );
        assert_eq!(with(&RULE, "cilium", &own), ["0 warning spec.validation.caCertificateRefs"]);
        assert!(with(&RULE, "istio", RULE.bad).is_empty());
    }

    #[test]
    fn an_alpha_version_is_not_served_by_the_standard_channel() {
        assert_eq!(
            with(&RULE, "contour", RULE.good),
            ["0 warning apiVersion", "0 error spec.validation.wellKnownCACertificates"]
        );
    }
}
