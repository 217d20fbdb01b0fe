//! Organizations as written: who shares Gateways, and how.

mod no_effect;
mod read;
mod tables;

use super::Metadata;
use crate::hostname::Hostname;
use crate::path::Path;
use crate::tree::{Map, Node};

pub(crate) use no_effect::all_dedicated;
pub(super) use no_effect::check;
pub(super) use read::{migration, organizations, placements, sharding};
pub(crate) use tables::GATEWAYS_MAX;
pub(super) use tables::{MIGRATION, ORGANIZATION, PLACEMENTS, SHARDING};

/// `organizations`, `sharding`, `placements` and `migration`.
#[derive(Debug)]
pub struct Organizations<'v> {
    /// `baseDomain`.
    pub base_domain: Option<Hostname<'v>>,
    /// `names.organizationHostname`.
    pub hostname: &'v str,
    /// `organizations`.
    pub list: Vec<Organization<'v>>,
    /// `sharding`.
    pub sharding: Sharding,
    /// `placements.gateways`.
    pub placements: Option<&'v Map<'v>>,
    /// `migration`.
    pub migration: Option<Migration<'v>>,
}

/// An organization as written.
#[derive(Debug)]
pub struct Organization<'v> {
    /// Its name.
    pub name: &'v str,
    /// What it exposes.
    pub services: Vec<OrganizationService<'v>>,
    /// Its namespaces; at least one, that of its name where none is written.
    pub namespaces: Vec<&'v str>,
    /// `hostnames`, each with where it stands.
    pub hostnames: Vec<(Hostname<'v>, Path)>,
    /// `extraHostnames`, each with where it stands.
    pub extra_hostnames: Vec<(Hostname<'v>, Path)>,
    /// Whether it has a Gateway of its own.
    pub is_dedicated: bool,
    /// The class of that Gateway, if it names one.
    pub class: Option<&'v str>,
    /// `gateway` as written: addresses and infrastructure.
    pub gateway: Option<&'v Node<'v>>,
    /// Labels of that Gateway.
    pub gateway_metadata: Metadata<'v>,
    /// `certificate.issuerRef` as written.
    pub issuer_ref: Option<&'v Node<'v>>,
    /// `certificate.secretName`.
    pub secret_name: Option<&'v str>,
    /// `quota`.
    pub quota: Quota,
    /// Where it stands in the values.
    pub path: Path,
}

impl<'v> Organization<'v> {
    /// The namespace of its certificate and its ListenerSets.
    pub fn home(&self) -> &'v str {
        self.namespaces.first().copied().unwrap_or(self.name)
    }
}

/// A Service of the cluster that an organization exposes.
#[derive(Debug)]
pub struct OrganizationService<'v> {
    /// Its name.
    pub name: &'v str,
    /// Its port.
    pub port: u16,
    /// Its namespace.
    pub namespace: &'v str,
    /// Its host names, in place of derived ones, or beside them where the organization lists them too.
    pub hostnames: Vec<Hostname<'v>>,
    /// Where it stands in the values.
    pub path: Path,
}

/// What an organization may have at most.
#[derive(Clone, Copy, Debug, Default)]
pub struct Quota {
    /// Host names of its routes.
    pub hostnames: Option<u32>,
    /// Listeners.
    pub listeners: Option<u32>,
}

/// `sharding`.
#[derive(Debug)]
pub struct Sharding {
    /// `strategy`.
    pub strategy: Strategy,
    /// `gateways`: how many of strategy `hash`.
    pub gateways: u32,
    /// `maxGateways`.
    pub max_gateways: Option<u32>,
    /// `listenerSets`; `None` for `auto`.
    pub listener_sets: Option<bool>,
    /// `limits`.
    pub limits: Limits,
}

/// What one Gateway takes at most, where the values say so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Listeners.
    pub listeners: Option<u32>,
    /// Certificates.
    pub certificates: Option<u32>,
    /// Rules of routes.
    pub rules: Option<u32>,
    /// Different backends.
    pub target_groups: Option<u32>,
    /// Listeners that end TLS.
    pub tls_hosts: Option<u32>,
}

/// `migration`: from another strategy, or another record, to that of [`Sharding`].
#[derive(Debug)]
pub struct Migration<'v> {
    /// `phase`.
    pub phase: Phase,
    /// `from`.
    pub from: Strategy,
    /// `organizations`, each with where it stands.
    pub organizations: Vec<(&'v str, Path)>,
    /// `placements.gateways`: where organizations were.
    pub placements: Option<&'v Map<'v>>,
}

/// How far a migration is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Everybody has old and new listeners, and is served by the old ones.
    Parallel,
    /// Those who are named are served by the new ones.
    Cutover,
    /// What is old is gone.
    Cleanup,
}

/// The words of [`Phase`], in its order.
pub(super) static PHASES: [&str; 3] = ["parallel", "cutover", "cleanup"];

impl Phase {
    const ALL: [Self; 3] = [Self::Parallel, Self::Cutover, Self::Cleanup];

    /// The word of the values.
    pub fn word(self) -> &'static str {
        Self::ALL.iter().zip(PHASES).find(|(phase, _)| **phase == self).map_or("", |(_, word)| word)
    }

    fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().zip(PHASES).find(|(_, known)| *known == word).map(|(phase, _)| phase)
    }
}

/// Which organization gets which Gateway and which listeners.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strategy {
    /// One Gateway, a listener for every host name.
    PerService,
    /// One Gateway, a wildcard listener for every organization.
    WildcardPerOrganization,
    /// A Gateway for every organization.
    Dedicated,
    /// Host names shared out over a fixed number of Gateways.
    Hash,
    /// Gateways of their own for those who ask, the rest on shared ones.
    Hybrid,
    /// Organizations shared out over as many Gateways as it takes.
    Pool,
    /// One Gateway, the listeners in ListenerSets of the organizations.
    ListenerSets,
}

/// The words of [`Strategy`], in its order.
pub(super) static STRATEGIES: [&str; 7] =
    ["perService", "wildcardPerOrganization", "dedicated", "hash", "hybrid", "pool", "listenerSets"];

impl Strategy {
    /// Every strategy.
    pub const ALL: [Self; 7] = [
        Self::PerService,
        Self::WildcardPerOrganization,
        Self::Dedicated,
        Self::Hash,
        Self::Hybrid,
        Self::Pool,
        Self::ListenerSets,
    ];

    /// The word of the values.
    pub fn word(self) -> &'static str {
        Self::ALL.iter().zip(STRATEGIES).find(|(strategy, _)| **strategy == self).map_or("", |(_, word)| word)
    }

    fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().zip(STRATEGIES).find(|(_, known)| *known == word).map(|(strategy, _)| strategy)
    }
}
