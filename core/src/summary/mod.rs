//! What a plan comes to, in words and numbers that outlive the values: who will exist, and why.
//!
//! [`summarize`] turns a plan and its manifests into a [`Summary`], which owns its text and serialises
//! to the JSON of `gatewright plan`; [`changes::between`] compares two. Namespaces are empty where the
//! release's is unknown; paths name the value that each item came from, as diagnostics do.

pub mod changes;
pub mod size;

mod addresses;
mod astray;
mod awaited;
mod backends;
mod by_hand;
mod closed;
mod filter;
mod gateways;
mod host_matches;
mod matches;
mod migration;
mod moment;
mod organizations;
mod record;
mod room;
mod routes;
mod unserved;

use serde::Serialize;

pub use backends::{
    Backend, BackendTls, Certificate, DnsRecords, Grant, HostFilter, Record, Relay, TlsPolicy, Upstream,
};
pub use gateways::{Gateway, Listener, ListenerTls};
pub use migration::{Migrant, Migration};
pub use organizations::{ListenerSet, Placement, Sharding};
pub(crate) use record::placements;
pub use record::{KeptRecord, record};
pub use room::{Amount, Room};
pub use routes::{DerivedName, Parent, Part, Route, Rule, RuleBackend};
pub use size::{Largest, Size};

use crate::Scope;
use crate::diagnostic::Diagnostic;
use crate::emit::Manifests;
use crate::hash::fnv1a;
use crate::path::Path;
use crate::plan::{self, Plan};
use crate::tree::Node;
use crate::values::Values;

/// Everything that will exist, and why.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// Whom it is for.
    pub release: Release,
    /// What the cluster is taken to serve.
    #[serde(rename = "gatewayAPI")]
    pub gateway_api: GatewayApi,
    /// Gateways of these values, then those that routes name and somebody else made.
    pub gateways: Vec<Gateway>,
    /// Listeners beside those of the Gateways.
    pub listener_sets: Vec<ListenerSet>,
    /// What the strategy for organizations comes to; null without organizations.
    pub sharding: Option<Sharding>,
    /// Which organization is on which Gateway.
    pub placements: Vec<Placement>,
    /// Records of who is not placed by them: nobody now, or one with a Gateway of its own. They stay recorded.
    pub kept_records: Vec<KeptRecord>,
    /// The way from another strategy; null where organizations are on none.
    pub migration: Option<Migration>,
    /// Routes; one that was split is several.
    pub routes: Vec<Route>,
    /// What stands for upstreams outside the cluster.
    pub backends: Vec<Backend>,
    /// How gateways check upstreams' certificates.
    pub tls_policies: Vec<TlsPolicy>,
    /// Filters that give each upstream its own Host header.
    pub host_filters: Vec<HostFilter>,
    /// References across namespaces that are allowed.
    pub grants: Vec<Grant>,
    /// Certificates to be issued.
    pub certificates: Vec<Certificate>,
    /// DNS records.
    pub dns: Vec<DnsRecords>,
    /// Relays to upstreams that the controller itself does not reach.
    pub relays: Vec<Relay>,
    /// Names that came from the templates under `names`.
    pub derived_names: Vec<DerivedName>,
    /// How large the release is.
    pub size: Size,
    /// Every object, in Helm's install order.
    pub objects: Vec<Object>,
}

/// The release that the values are for; empty texts are unknown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Release {
    /// Its name.
    pub name: String,
    /// Its namespace.
    pub namespace: String,
}

/// A release of Gateway API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GatewayApi {
    /// `1.6`
    pub version: &'static str,
    /// `standard` or `experimental`
    pub channel: &'static str,
}

/// Group, kind and name of something referred to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ObjectRef {
    /// Its API group; empty for the core group.
    pub group: String,
    /// Its kind.
    pub kind: String,
    /// Its name.
    pub name: String,
}

/// One object of the manifests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Object {
    /// For example `gateway.networking.k8s.io/v1`.
    pub api_version: &'static str,
    /// For example `HTTPRoute`.
    pub kind: &'static str,
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// The value it came from.
    pub path: String,
    /// A hash (FNV-1a, 64 bits) of its manifest: equal manifests have equal digests.
    pub digest: String,
    /// Its manifest, as YAML.
    #[serde(skip)]
    pub manifest: String,
}

/// Summarizes a plan and the manifests that came of it; `written` are the values as JSON.
pub(crate) fn summarize(
    plan: &Plan<'_>,
    values: &Values<'_>,
    scope: &Scope,
    manifests: &Manifests,
    written: &str,
) -> Summary {
    // Taken apart whole: a new part of a plan does not compile until it is told.
    let Plan {
        target,
        gateways,
        listener_sets,
        placements: _,
        migration: _,
        routes,
        backends,
        tls_policies,
        host_filters,
        grants,
        certificates,
        dns,
        relays,
        // Told by its objects, which are listed.
        monitoring: _,
    } = plan;
    let tenants = organizations::tenants(plan);
    let (routes, served) = routes::routes(routes, gateways, listener_sets, backends, values);
    Summary {
        release: Release { name: scope.release.clone(), namespace: scope.namespace.clone() },
        gateway_api: GatewayApi { version: target.release.name(), channel: target.channel.name() },
        listener_sets: organizations::listener_sets(listener_sets, &served.listener_sets),
        gateways: gateways::gateways(plan, served, &tenants, values),
        sharding: organizations::sharding(plan, &tenants, values),
        placements: organizations::placements(plan, &plan.placements),
        kept_records: record::kept(plan, values),
        migration: migration::migration(plan, values),
        derived_names: routes::derived_names(&routes),
        routes,
        backends: backends.iter().map(backends::backend).collect(),
        tls_policies: tls_policies.iter().map(backends::tls_policy).collect(),
        host_filters: host_filters.iter().map(backends::host_filter).collect(),
        grants: grants.iter().map(backends::grant).collect(),
        certificates: certificates.iter().map(backends::certificate).collect(),
        dns: dns.iter().map(|dns| backends::dns_records(dns, gateways)).collect(),
        relays: relays.iter().map(backends::relay).collect(),
        size: size::of(manifests, written),
        objects: objects(manifests),
    }
}

impl Summary {
    /// What is wrong with the release as a whole.
    pub(crate) fn faults(&self) -> Option<Diagnostic> {
        self.size.fault()
    }
}

fn objects(manifests: &Manifests) -> Vec<Object> {
    let objects = manifests.iter().map(|(manifest, text)| Object {
        api_version: manifest.api_version,
        kind: manifest.kind,
        namespace: manifest.namespace.to_string(),
        name: manifest.name.to_string(),
        path: manifest.origin.to_string(),
        digest: format!("{:016x}", fnv1a(text.bytes())),
        manifest: text.to_owned(),
    });
    objects.collect()
}

fn object_ref(object: &plan::ObjectRef<'_>) -> ObjectRef {
    let plan::ObjectRef { group, kind, name } = object;
    ObjectRef { group: (*group).to_owned(), kind: (*kind).to_owned(), name: name.to_string() }
}

/// The text under a key of a manifest.
fn text<'n>(node: &'n Node<'_>, key: &str) -> Option<&'n str> {
    node.get(key).and_then(Node::as_text)
}

fn texts(items: impl IntoIterator<Item = impl ToString>) -> Vec<String> {
    items.into_iter().map(|item| item.to_string()).collect()
}

fn path(path: &Path) -> String {
    path.to_string()
}

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
