//! What a controller says of itself: its conformance report, as published with Gateway API.

use serde::Serialize;

use super::Profile;
use super::reports::{MODULE, REPORTS};

/// A conformance report.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Where it lies in the module of the reports.
    pub path: &'static str,
    /// The Gateway API release that was tested against: `v1.6.1`.
    pub gateway_api: &'static str,
    /// The channel of its CRDs.
    pub channel: &'static str,
    /// The product's version, which may be an older one than the profile's.
    pub version: &'static str,
    /// How the product was set up; `default` where nothing is special.
    pub mode: &'static str,
    /// What it says under each conformance profile of a Gateway, by name.
    pub claims: &'static [Claims],
}

/// What a report says under one conformance profile.
#[derive(Debug, Serialize)]
pub struct Claims {
    /// For example `GATEWAY-HTTP`.
    pub profile: &'static str,
    /// Tests that were left out.
    pub skipped: &'static [&'static str],
    /// Features that it lists as supported.
    pub supported: &'static [&'static str],
    /// Features that it lists as unsupported.
    pub unsupported: &'static [&'static str],
}

/// What a report says of one feature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// It is supported.
    Supported,
    /// It is not.
    Unsupported,
    /// Nothing, which is no "not".
    Unmentioned,
}

impl Report {
    /// What it says of a feature, which is the same under every conformance profile that mentions it.
    pub fn claim(&self, feature: &str) -> Claim {
        let mut claims = self.claims.iter();
        claims
            .find_map(|claims| {
                if claims.supported.contains(&feature) {
                    Some(Claim::Supported)
                } else {
                    claims.unsupported.contains(&feature).then_some(Claim::Unsupported)
                }
            })
            .unwrap_or(Claim::Unmentioned)
    }

    /// Every feature that it mentions, once each and sorted.
    pub fn features(&self) -> Vec<&'static str> {
        let mut features = [self.supported(), self.unsupported()].concat();
        features.sort_unstable();
        features
    }

    /// Features that it lists as supported, once each and sorted.
    pub fn supported(&self) -> Vec<&'static str> {
        self.listed(|claims| claims.supported)
    }

    /// Features that it lists as unsupported, once each and sorted.
    pub fn unsupported(&self) -> Vec<&'static str> {
        self.listed(|claims| claims.unsupported)
    }

    fn listed(&self, list: fn(&Claims) -> &'static [&'static str]) -> Vec<&'static str> {
        let mut features: Vec<_> = self.claims.iter().flat_map(list).copied().collect();
        features.sort_unstable();
        features.dedup();
        features
    }

    /// Where it is to be found, and how it was made.
    pub fn source(&self) -> String {
        let Self { path, gateway_api, channel, mode, .. } = self;
        format!("{path} of {MODULE} (Gateway API {gateway_api}, {channel} channel, mode {mode})")
    }
}

impl Profile {
    /// The controller's newest conformance report. The portable profile has none.
    pub fn report(&self) -> Option<&'static Report> {
        REPORTS.iter().find(|(word, _)| *word == self.word).map(|(_, report)| report)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{HostRewrite, PROFILES, Profile, Support};
    use super::{Claim, Report};

    fn reported() -> impl Iterator<Item = (&'static Profile, &'static Report)> {
        PROFILES.into_iter().filter_map(|profile| Some((profile, profile.report()?)))
    }

    #[test]
    fn every_controller_has_a_report_of_its_minor_version() {
        for profile in PROFILES.into_iter().filter(|profile| !profile.controller.is_empty()) {
            let report = profile.report().expect("a controller without a report has no row in codegen");
            let version = profile.title.rsplit(' ').next().unwrap_or_default();
            let minor = |version: &str| version.split('.').take(2).map(str::to_owned).collect::<Vec<_>>();
            assert_eq!(minor(report.version), minor(version), "{}", profile.word);
        }
        assert_eq!(reported().count(), PROFILES.len() - 1);
    }

    /// The facts are read by people, the reports by a program.
    #[test]
    fn facts_do_not_contradict_reports() {
        for (profile, report) in reported() {
            let word = profile.word;
            let support = |found: Support, feature| match report.claim(feature) {
                Claim::Supported => assert_eq!(found, Support::Yes, "{word}: {feature}"),
                Claim::Unsupported => {
                    assert!(matches!(found, Support::No | Support::Ignored(_)), "{word}: {feature}");
                }
                Claim::Unmentioned => {}
            };
            support(profile.subject_alt_names.value, "BackendTLSPolicySANValidation");
            support(profile.tls_mixed.value, "TLSRouteModeMixed");
            if report.claim("BackendTLSPolicy") != Claim::Unmentioned {
                let supported = report.claim("BackendTLSPolicy") == Claim::Supported;
                assert_eq!(profile.tls_policy.value, supported, "{word}");
            }
            if report.claim("HTTPRouteHostRewrite") != Claim::Unmentioned {
                let supported = report.claim("HTTPRouteHostRewrite") == Claim::Supported;
                assert_eq!(profile.host_rewrite.value != HostRewrite::Never, supported, "{word}");
            }
        }
    }

    #[test]
    fn what_a_report_does_not_mention_is_unknown() {
        let (_, higress) = reported().find(|(profile, _)| profile.word == "higress").expect("it has one");
        assert!(higress.features().is_empty());
        assert_eq!(higress.claim("HTTPRouteMethodMatching"), Claim::Unmentioned);
    }
}
