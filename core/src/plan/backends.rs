//! Upstreams as objects: how endpoints are grouped, and which object stands for each group.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::routes::{Draft, DraftRules};
use super::service_index::ServiceIndex;
use super::{Backend, BackendTls, FormReason, Gateway, form, namespace_of, parents};
use crate::Scope;
use crate::diagnostic::{Code, Diagnostic, Level};
use crate::hostname::{Hostname, LABEL_MAX};
use crate::limits::BACKEND_REFS_MAX;
use crate::profile::{Form, PORTABLE, Profile};
use crate::release::Kind;
use crate::tree::Node;
use crate::values::{Endpoint, Expansion, Host, Protocol, Service, Values, is_dns_label};

/// An upstream speaks TLS and nobody said what its certificate is called.
const TLS_HOSTNAME_MISSING: Code = Code("tls-hostname-missing");
/// A service is reached with and without TLS from the gateway.
const TLS_MIXED_USE: Code = Code("tls-mixed-use");
/// A name that no Service may have.
const SERVICE_NAME: Code = Code("service-name");
/// `expansion: grouped` over endpoints that differ in what one object cannot tell apart.
const UNEQUAL_GROUP: Code = Code("unequal-group");

/// Backends, and which of them stand for a service with a profile.
#[derive(Debug)]
pub(super) struct Backends<'v> {
    pub(super) list: Vec<Backend<'v>>,
    /// For each service: the words of the profiles that refer to it, each with what stands for it there.
    uses: Vec<Vec<(&'static str, Parts)>>,
}

/// Indexes into the list of backends, each with its weight among the service's.
type Parts = Vec<(usize, u64)>;

impl Backends<'_> {
    /// What stands for a service with a profile; empty after an error.
    pub(super) fn of(&self, service: usize, profile: &Profile) -> &[(usize, u64)] {
        let of_service = self.uses.get(service).map_or(&[][..], Vec::as_slice);
        of_service.iter().find(|(word, _)| *word == profile.word).map_or(&[], |(_, parts)| parts.as_slice())
    }
}

/// Endpoints that share one object.
#[derive(Debug)]
struct Group<'v> {
    name: Cow<'v, str>,
    endpoints: Vec<&'v Endpoint<'v>>,
    tls: Option<BackendTls<'v>>,
}

/// How routes use a service.
#[derive(Clone, Debug, Default)]
struct Usage {
    profiles: Vec<&'static Profile>,
    /// Some route has the gateway read requests, so that it must encrypt to an HTTPS upstream.
    terminated: bool,
    /// Some route hands the client's bytes through.
    passed_through: bool,
}

/// Plans every service's backends for every profile that refers to it.
pub(super) fn build<'v>(
    values: &'v Values<'v>,
    scope: &'v Scope,
    drafts: &[Draft<'v>],
    gateways: &[Gateway<'v>],
    index: &ServiceIndex<'v>,
    out: &mut Vec<Diagnostic>,
) -> Backends<'v> {
    let usages = usages(values, drafts, gateways, index);
    let fallback = gateways.first().map_or(values.profile.unwrap_or(&PORTABLE), |gateway| gateway.profile);
    let count = values.services.len();
    let mut backends = Backends { list: Vec::with_capacity(count), uses: Vec::with_capacity(count) };
    let mut ignored = Vec::new();
    for (service, usage) in values.services.iter().zip(usages) {
        let encrypted = encrypts(service, &usage, out);
        let profiles = if usage.profiles.is_empty() { vec![fallback] } else { usage.profiles };
        let groups = group(service, encrypted, out);
        let mut forms: Vec<Vec<Option<(Form, FormReason)>>> = profiles
            .iter()
            .map(|profile| {
                groups
                    .iter()
                    .map(|group| {
                        let request =
                            form::Request { service, endpoints: &group.endpoints, tls: group.tls.as_ref() };
                        form::choose(&request, profile, values, &mut ignored, out)
                    })
                    .collect()
            })
            .collect();
        settle_services(&mut forms);
        let first = backends.list.len();
        let mut uses = Vec::with_capacity(profiles.len());
        for (profile, forms) in profiles.iter().zip(forms) {
            let mut used = Vec::with_capacity(groups.len());
            for (group, form) in groups.iter().zip(forms) {
                let Some((form, reason)) = form else { continue };
                // With one profile every group is new, and there may be thousands.
                let known = (profiles.len() > 1)
                    .then(|| known_position(&backends.list[first..], form, &group.name))
                    .flatten()
                    .map(|position| first + position);
                check_name(&group.name, form, service, out);
                let position = known.unwrap_or_else(|| {
                    backends.list.push(Backend {
                        name: group.name.clone(),
                        namespace: namespace_of(service.namespace, scope),
                        form,
                        profile,
                        reason,
                        service,
                        endpoints: group.endpoints.clone(),
                        tls: group.tls.clone(),
                        relay_port: 0,
                        service_type: profile.relay_service_type.value,
                    });
                    backends.list.len() - 1
                });
                // A Service of a type that one profile asks for serves the others too.
                let service_type = &mut backends.list[position].service_type;
                *service_type = (*service_type).max(profile.relay_service_type.value);
                let weight = group.endpoints.iter().map(|endpoint| u64::from(endpoint.weight)).sum();
                used.push((position, weight));
            }
            uses.push((profile.word, used));
        }
        backends.uses.push(uses);
    }
    form::say_switches(&backends.list, out);
    form::say_ignored(&ignored, out);
    backends
}

fn known_position(list: &[Backend<'_>], form: Form, name: &str) -> Option<usize> {
    list.iter().position(|backend| backend.form == form && backend.name == name)
}

/// A Service's name is a DNS label that starts with a letter; other kinds take any object name.
fn check_name(name: &str, form: Form, service: &Service<'_>, out: &mut Vec<Diagnostic>) {
    let is_service = matches!(form, Form::Endpoints | Form::ExternalName | Form::Relay);
    // A name that no entry may have has its error already.
    if !is_service || !is_dns_label(&service.name) {
        return;
    }
    let fault = if name.len() > LABEL_MAX {
        format!("has {} characters, but a Service's name may have {LABEL_MAX}", name.len())
    } else if name.starts_with(|c: char| c.is_ascii_digit()) {
        "starts with a digit, but a Service's name starts with a letter".to_owned()
    } else {
        return;
    };
    out.push(
        Diagnostic::error(SERVICE_NAME, service.path.key("name"), format!("`{name}` {fault}"))
            .level(Level::Api)
            .source("Kubernetes v1.36, IsDNS1035Label")
            .hint("rename the service"),
    );
}

/// Two profiles may want two Services of one name: the relay's serves both. Rows are profiles, columns groups.
fn settle_services(forms: &mut [Vec<Option<(Form, FormReason)>>]) {
    for column in 0..forms.first().map_or(0, Vec::len) {
        let any = |wanted: Form| {
            forms.iter().any(|row| matches!(row.get(column), Some(Some((form, _))) if *form == wanted))
        };
        if !(any(Form::Relay) && (any(Form::ExternalName) || any(Form::Endpoints))) {
            continue;
        }
        for row in forms.iter_mut() {
            if let Some(Some((form, reason))) = row.get_mut(column)
                && matches!(form, Form::ExternalName | Form::Endpoints)
            {
                (*form, *reason) = (Form::Relay, FormReason::Shared);
            }
        }
    }
}

fn usages(
    values: &Values<'_>,
    drafts: &[Draft<'_>],
    gateways: &[Gateway<'_>],
    index: &ServiceIndex<'_>,
) -> Vec<Usage> {
    let mut usages = vec![Usage::default(); values.services.len()];
    for draft in drafts {
        let profile = parents::profile_of(&draft.parents);
        let terminated = terminates(draft, gateways);
        let mut add = |service: usize| {
            let usage = &mut usages[service];
            if !usage.profiles.iter().any(|known| known.word == profile.word) {
                usage.profiles.push(profile);
            }
            usage.terminated |= terminated;
            usage.passed_through |= !terminated;
        };
        match &draft.rules {
            DraftRules::Everything(service) => add(*service),
            DraftRules::Written(rules) => {
                for rule in *rules {
                    rule.backend_refs.iter().filter_map(|backend| index.of(backend)).for_each(&mut add);
                    let filters =
                        rule.backend_refs.iter().flat_map(|backend| &backend.filters).chain(&rule.filters);
                    let in_filters = filters.copied().flat_map(filter_backends);
                    in_filters.filter_map(|node| index.of_node(node)).for_each(&mut add);
                }
            }
        }
    }
    usages
}

/// `backendRef`s inside a filter: mirrors and external authorization.
pub(super) fn filter_backends<'n, 'v>(
    filter: &'n Node<'v>,
) -> impl Iterator<Item = &'n Node<'v>> + use<'n, 'v> {
    ["requestMirror", "externalAuth"]
        .into_iter()
        .filter_map(|key| filter.get(key))
        .filter_map(|settings| settings.get("backendRef"))
}

/// Whether the gateway itself speaks to the upstream, instead of handing bytes through.
fn terminates(draft: &Draft<'_>, gateways: &[Gateway<'_>]) -> bool {
    match draft.kind {
        // A listener that ends it all the same is an error of its own.
        Kind::TlsRoute if draft.passes_through => false,
        Kind::TlsRoute => draft.parents.own.iter().any(|(position, index)| {
            let parent = &draft.parents.refs[*position];
            let gateway = &gateways[*index];
            let mut listeners = gateway.listeners.iter();
            gateway.is_overfull()
                || listeners.any(|listener| listener.is_picked(parent, draft.kind) && listener.terminates())
        }),
        Kind::TcpRoute | Kind::UdpRoute => false,
        _ => true,
    }
}

/// Whether the gateway encrypts to a service.
fn encrypts(service: &Service<'_>, usage: &Usage, out: &mut Vec<Diagnostic>) -> bool {
    let unused = !usage.terminated && !usage.passed_through;
    let wanted = match service.protocol {
        Protocol::Https | Protocol::Grpcs => usage.terminated || unused,
        Protocol::Tls => usage.terminated,
        _ => false,
    };
    if wanted && usage.passed_through {
        let message = "some routes read requests and encrypt again, others hand TLS through: both use one object, so \
                       what is handed through would be encrypted twice";
        out.push(Diagnostic::error(TLS_MIXED_USE, service.path.clone(), message).hint(
            "write the service twice, under two names: once with `protocol: TLS` for what is handed through",
        ));
    }
    wanted
}

/// Groups a service's endpoints into objects and names them.
fn group<'v>(service: &'v Service<'v>, encrypted: bool, out: &mut Vec<Diagnostic>) -> Vec<Group<'v>> {
    let endpoints = &service.endpoints;
    let tls_of = |endpoint: &Endpoint<'v>| encrypted.then(|| backend_tls(service, endpoint));
    let kinship = |endpoint: &Endpoint<'v>| {
        let name = tls_of(endpoint).and_then(|tls| tls.hostname);
        (matches!(endpoint.host, Host::Ip(_)), endpoint.port.unwrap_or(service.port), endpoint.weight, name)
    };
    let alike = || {
        let first = endpoints.first().map(kinship);
        endpoints.iter().all(|endpoint| Some(kinship(endpoint)) == first)
    };
    let all_ips = || endpoints.iter().all(|endpoint| matches!(endpoint.host, Host::Ip(_)));
    let mut groups: Vec<Vec<&'v Endpoint<'v>>> = match service.expansion {
        _ if endpoints.len() <= 1 => endpoints.iter().map(|endpoint| vec![endpoint]).collect(),
        Expansion::PerEndpoint => endpoints.iter().map(|endpoint| vec![endpoint]).collect(),
        Expansion::Grouped => {
            check_equal(service, encrypted, out);
            vec![endpoints.iter().collect()]
        }
        Expansion::Auto if all_ips() && alike() => vec![endpoints.iter().collect()],
        Expansion::Auto if endpoints.len() <= BACKEND_REFS_MAX => {
            endpoints.iter().map(|endpoint| vec![endpoint]).collect()
        }
        Expansion::Auto => {
            let mut groups: Vec<Vec<&Endpoint<'_>>> = Vec::new();
            let mut by_kinship = BTreeMap::new();
            for endpoint in endpoints {
                let position = *by_kinship.entry(kinship(endpoint)).or_insert_with(|| {
                    groups.push(Vec::new());
                    groups.len() - 1
                });
                groups[position].push(endpoint);
            }
            groups
        }
    };
    groups.retain(|group| !group.is_empty());
    let alone = groups.len() == 1;
    groups
        .into_iter()
        .enumerate()
        .map(|(position, endpoints)| Group {
            name: if alone {
                service.name.clone()
            } else {
                Cow::Owned(format!("{}-{position}", service.name))
            },
            tls: endpoints.first().and_then(|endpoint| tls_of(endpoint)).inspect(|tls| {
                if tls.hostname.is_none() && !tls.skip_verify {
                    out.push(tls_hostname_missing(service, &endpoints));
                }
            }),
            endpoints,
        })
        .collect()
}

/// The name an endpoint's certificate must have: its own, the service's, or its host.
fn backend_tls<'v>(service: &'v Service<'v>, endpoint: &Endpoint<'v>) -> BackendTls<'v> {
    let settings = service.tls.as_ref();
    let hostname =
        endpoint.tls_hostname.clone().or_else(|| settings.and_then(|tls| tls.hostname.clone())).or_else(
            || match &endpoint.host {
                Host::Name(name) => Some(name.clone()),
                Host::Ip(_) => None,
            },
        );
    BackendTls { hostname, skip_verify: settings.is_some_and(|tls| tls.insecure_skip_verify) }
}

fn tls_hostname_missing(service: &Service<'_>, endpoints: &[&Endpoint<'_>]) -> Diagnostic {
    let (path, host) = endpoints
        .first()
        .map_or((service.path.clone(), String::new()), |first| (first.path.clone(), first.host.to_string()));
    let message = format!(
        "{host} speaks {}, and an IP address does not say what its certificate is called",
        service.protocol.word()
    );
    Diagnostic::error(TLS_HOSTNAME_MISSING, path, message)
        .source("Gateway API v1.6.1, BackendTLSPolicy spec.validation.hostname is required")
        .hint("set `tls.hostname` on the service, or `tlsHostname` on the endpoint")
}

/// One object shares evenly, and checks one certificate name.
fn check_equal(service: &Service<'_>, encrypted: bool, out: &mut Vec<Diagnostic>) {
    let differ = |what: &dyn Fn(&Endpoint<'_>) -> Option<String>| {
        let mut seen: Vec<_> = service.endpoints.iter().map(what).collect();
        seen.dedup();
        seen.len() > 1
    };
    let name = |endpoint: &Endpoint<'_>| -> Option<Hostname<'static>> {
        backend_tls(service, endpoint).hostname.map(Hostname::into_owned)
    };
    let fault = if differ(&|endpoint| Some(endpoint.weight.to_string())) {
        "their weights differ, but one object shares evenly"
    } else if encrypted && differ(&|endpoint| name(endpoint).map(|name| name.to_string())) {
        "their certificate names differ, but one object checks one name"
    } else {
        return;
    };
    let message = format!("`expansion: grouped` over {} endpoints: {fault}", service.endpoints.len());
    out.push(
        Diagnostic::error(UNEQUAL_GROUP, service.path.key("expansion"), message)
            .hint("use `expansion: perEndpoint`, or give all endpoints one weight and set `tls.hostname`"),
    );
}
