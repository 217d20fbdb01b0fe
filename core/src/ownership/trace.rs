//! What was asked of a host name, and which grant or claim answered.

use serde::Serialize;

use super::asked::Answer;
use super::hostname_grant::HostnameGrant;
use crate::hostname::covers;

/// One use of a host name, in the order of its keys in JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Traced {
    /// The claim of another namespace that covers the name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claimed_by: Option<String>,
    /// The code of the first fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<&'static str>,
    /// The grant that permits it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub granted_by: Option<TracedGrant>,
    /// The name.
    pub hostname: String,
    /// The listener that it is inherited from, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inherited_from: Option<String>,
    /// Whether the object used it before.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_old: bool,
    /// The grant that came nearest, where none permits it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nearest_grant: Option<TracedGrant>,
    /// The claim of the object's own namespace.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub own_claim: Option<String>,
    /// Where the object says it.
    pub path: String,
}

/// A grant, with the one of its names that matters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TracedGrant {
    /// The name of the grant that covers the host name, or comes nearest to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hostname: Option<String>,
    /// The grant's own name.
    pub name: String,
}

impl Traced {
    pub(super) fn of(answer: &Answer<'_, '_>) -> Self {
        let host = &*answer.host;
        let traced = |grant: &HostnameGrant<'_>, hostname: Option<&str>| TracedGrant {
            hostname: hostname.map(str::to_owned),
            name: grant.name.to_string(),
        };
        Self {
            // Whose claim stands in the way is told only where it covers the name.
            claimed_by: answer
                .claimed
                .filter(|claim| covers(&claim.hostname, host))
                .map(|claim| claim.name.to_string()),
            fault: answer.faults.first().map(|fault| fault.code.0),
            granted_by: answer.granted.map(|grant| traced(grant, grant.covering(host))),
            hostname: host.to_owned(),
            inherited_from: answer.inherited_from.clone(),
            is_old: answer.is_old,
            nearest_grant: answer.near.map(|grant| traced(grant, grant.nearest_to(host))),
            own_claim: answer.own_claim.map(|claim| claim.name.to_string()),
            path: answer.at.path().to_string(),
        }
    }
}
