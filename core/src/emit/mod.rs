//! Plan to Kubernetes objects: the only stage that knows their shapes. One file a kind or family.

mod backend_tls_policy;
mod certificate;
mod dashboard;
mod dns_endpoint;
mod documents;
mod duplicates;
mod endpoint_slice;
mod envoy_gateway;
mod gateway;
mod istio;
mod judge;
mod kgateway;
mod listener_set;
mod object;
mod prometheus_rule;
mod reference_grant;
mod relay;
mod relay_config;
mod route;
mod service;
mod x_backend;

use std::ops::Range;

pub use duplicates::DUPLICATE_OBJECT;
pub(crate) use duplicates::check_duplicates;
pub(crate) use judge::hold_against;
pub(crate) use object::HELM_4_FILENAME;

use crate::Scope;
use crate::diagnostic::Diagnostic;
use crate::path::Path;
use crate::plan::Plan;
use crate::release::{self, Kind};
use crate::values::Values;
use object::Writer;

/// How manifests are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Block YAML, one document an object.
    Yaml,
    /// JSON, indented by two spaces.
    Json,
}

/// One object in [`Manifests::text`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// For example `gateway.networking.k8s.io/v1`.
    pub api_version: &'static str,
    /// For example `HTTPRoute`.
    pub kind: &'static str,
    /// Empty where the object carries none.
    pub namespace: Box<str>,
    /// The object's name.
    pub name: Box<str>,
    /// The value it came from.
    pub origin: Path,
    /// Where its document stands in [`Manifests::text`], without any separator.
    pub range: Range<usize>,
}

impl Manifest {
    /// What makes it one object whatever its version: group, kind, namespace and name.
    pub fn identity(&self) -> (&'static str, &'static str, &str, &str) {
        (release::group(self.api_version), self.kind, &self.namespace, &self.name)
    }
}

/// All objects of a render, in Helm's install order, their documents back to back in one buffer.
///
/// A document ends in a newline; there are no `---` lines: the skin that prints adds them, since
/// Helm 3 wants a `# Source:` comment after each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Manifests {
    /// The documents.
    pub text: String,
    /// What each one is and where it stands.
    pub list: Vec<Manifest>,
}

impl Manifests {
    /// Every object with its document.
    pub fn iter(&self) -> impl Iterator<Item = (&Manifest, &str)> {
        self.list.iter().map(|manifest| (manifest, &self.text[manifest.range.clone()]))
    }
}

/// Writes every object of a plan, kind by kind in Helm's install order (then kinds by name), since
/// Helm 3 waits at every change of kind.
///
/// What an API server would refuse of an object of Gateway API is an error in `out`, and what the controller
/// reports as unsupported a warning. An object that is too large to be stored is an error, and nothing is
/// written after it: what makes one object so large may well be in all of them.
///
/// # Panics
/// If the plan was built with an error: it may hold kinds that the target does not serve.
pub fn emit(
    plan: &Plan<'_>,
    values: &Values<'_>,
    scope: &Scope,
    format: Format,
    out: &mut Vec<Diagnostic>,
) -> Manifests {
    let mut writer = Writer::new(&plan.gateways, values, scope, format);
    writer.expect(objects_of(plan));
    plan.relays.iter().for_each(|item| relay::network_policy(&mut writer, item));
    plan.relays.iter().for_each(|item| relay::pod_disruption_budget(&mut writer, item));
    plan.relays.iter().for_each(|item| relay::config_map(&mut writer, item));
    plan.monitoring.iter().for_each(|item| dashboard::dashboard(&mut writer, item));
    plan.backends.iter().for_each(|item| service::service(&mut writer, item));
    plan.relays.iter().for_each(|item| relay::deployment(&mut writer, item));
    plan.backends.iter().for_each(|item| envoy_gateway::backend(&mut writer, item));
    plan.backends.iter().for_each(|item| kgateway::backend(&mut writer, item));
    plan.tls_policies.iter().for_each(|item| backend_tls_policy::backend_tls_policy(&mut writer, item));
    plan.certificates.iter().for_each(|item| certificate::certificate(&mut writer, item));
    plan.dns.iter().for_each(|item| dns_endpoint::dns_endpoint(&mut writer, item));
    plan.backends.iter().for_each(|item| istio::destination_rule(&mut writer, item));
    plan.backends.iter().for_each(|item| endpoint_slice::endpoint_slices(&mut writer, item));
    routes(&mut writer, plan, Kind::GrpcRoute);
    plan.gateways.iter().for_each(|item| gateway::gateway(&mut writer, item));
    routes(&mut writer, plan, Kind::HttpRoute);
    plan.host_filters.iter().for_each(|item| envoy_gateway::http_route_filter(&mut writer, item));
    let sets_at_end =
        Kind::ListenerSet.served(plan.target).is_some_and(|served| served.kind != "ListenerSet");
    let sets = |writer: &mut Writer<'_>| {
        plan.listener_sets.iter().for_each(|item| listener_set::listener_set(writer, item));
    };
    if !sets_at_end {
        sets(&mut writer);
    }
    plan.monitoring.iter().for_each(|item| prometheus_rule::prometheus_rules(&mut writer, item));
    plan.grants.iter().for_each(|item| reference_grant::reference_grant(&mut writer, item));
    plan.backends.iter().for_each(|item| istio::service_entry(&mut writer, item));
    routes(&mut writer, plan, Kind::TcpRoute);
    routes(&mut writer, plan, Kind::TlsRoute);
    routes(&mut writer, plan, Kind::UdpRoute);
    plan.backends.iter().for_each(|item| x_backend::x_backend(&mut writer, item));
    if sets_at_end {
        sets(&mut writer);
    }
    out.extend(writer.faults);
    writer.manifests
}

/// How many objects a plan has, or a few more.
fn objects_of(plan: &Plan<'_>) -> usize {
    /// More than the relays have, and the dashboard, whose objects are counted in none of the lists.
    const FEW: usize = 16;
    // No form of a backend has more objects than two: a Service and, mostly, one EndpointSlice.
    2 * plan.backends.len()
        + plan.routes.len()
        + plan.gateways.len()
        + plan.listener_sets.len()
        + plan.tls_policies.len()
        + plan.host_filters.len()
        + plan.grants.len()
        + plan.certificates.len()
        + plan.dns.len()
        + plan.monitoring.as_ref().map_or(0, |monitoring| monitoring.certificates.len())
        + FEW
}

fn routes(writer: &mut Writer<'_>, plan: &Plan<'_>, kind: Kind) {
    plan.routes.iter().filter(|route| route.kind == kind).for_each(|item| route::route(writer, item));
}
