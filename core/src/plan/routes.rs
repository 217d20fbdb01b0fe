//! Routes before their backends are known: those of the values, or one a service.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::names::Names;
use super::parents::{self, Attachment, GatewayIndex, NO_LISTENER, Parents};
use super::reach;
use super::service_index::ServiceIndex;
use super::{Gateway, namespace_of};
use crate::Scope;
use crate::diagnostic::{Code, Diagnostic, Level, Severity};
use crate::hostname::Hostname;
use crate::limits::OBJECT_NAME_MAX;
use crate::path::Path;
use crate::release::Kind;
use crate::values::{Host, Metadata, NOT_IN_RELEASE, Protocol, Route, Rule, Service, Values, quoted};

/// A template of `names` made something that is no name.
const BAD_DERIVED_NAME: Code = Code("bad-derived-name");
/// A TLSRoute has no host name.
const HOSTNAME_MISSING: Code = Code("hostname-missing");
/// Clients of a passed-through service must ask for a name that its certificate hardly has.
const SNI_UNLIKELY: Code = Code("sni-unlikely");
/// Two services would share one TCP or UDP listener.
const PORT_TAKEN: Code = Code("port-taken");

/// A route whose rules still name backends as the values do.
#[derive(Debug)]
pub(super) struct Draft<'v> {
    pub(super) name: Cow<'v, str>,
    pub(super) namespace: &'v str,
    pub(super) kind: Kind,
    pub(super) parents: Parents<'v>,
    pub(super) hostnames: Vec<Hostname<'v>>,
    pub(super) rules: DraftRules<'v>,
    /// Whether TLS has to reach the backends.
    pub(super) passes_through: bool,
    pub(super) use_default_gateways: Option<&'v str>,
    pub(super) metadata: Metadata<'v>,
    pub(super) path: Path,
}

/// The rules of a [`Draft`].
#[derive(Debug)]
pub(super) enum DraftRules<'v> {
    /// As written.
    Written(&'v [Rule<'v>]),
    /// Everything to one service: its index.
    Everything(usize),
}

/// Collects every route with its parents resolved.
pub(super) fn collect<'v>(
    values: &'v Values<'v>,
    scope: &'v Scope,
    names: &Names<'v>,
    gateways: &[Gateway<'v>],
    index: &ServiceIndex<'v>,
    out: &mut Vec<Diagnostic>,
) -> Vec<Draft<'v>> {
    let gateway_index = GatewayIndex::new(gateways);
    let mut drafts: Vec<_> = match &values.routes {
        Some(routes) => {
            routes.iter().map(|route| written(route, values, scope, &gateway_index, index, out)).collect()
        }
        None => derived(values, scope, names, gateways, out),
    };
    // What a Gateway lacks for all tenant clusters is said once.
    let mut lacking = BTreeSet::new();
    for route in &values.tenant_routes {
        let mut found = Vec::new();
        drafts.push(written(route, values, scope, &gateway_index, index, &mut found));
        let gateway = drafts.last().and_then(|draft| draft.parents.own.first()).map(|(_, index)| *index);
        found.retain(|found| found.code != NO_LISTENER || lacking.insert(gateway));
        out.extend(found);
    }
    drafts.retain(|draft| {
        check_kind(draft, values, out);
        let unreachable = reach::check(draft, gateways);
        let left_out = matches!(draft.rules, DraftRules::Everything(_)) && !unreachable.is_empty();
        out.extend(
            unreachable.into_iter().map(|found| if left_out { leave_out(found, draft) } else { found }),
        );
        !left_out
    });
    drafts
}

/// Nobody wrote a derived route: where it could attach to nothing, there is none.
fn leave_out(found: Diagnostic, draft: &Draft<'_>) -> Diagnostic {
    let hint = if found.code == reach::NO_HOSTNAME_OVERLAP {
        "set `names.hostname` to what a listener answers for, or write `routes`".into()
    } else {
        found.hint
    };
    let message = format!("no route is derived: {}", found.message);
    Diagnostic { path: draft.path.clone(), severity: Severity::Warning, message, hint, ..found }
}

fn written<'v>(
    route: &'v Route<'v>,
    values: &'v Values<'v>,
    scope: &'v Scope,
    gateway_index: &GatewayIndex<'_, 'v>,
    index: &ServiceIndex<'v>,
    out: &mut Vec<Diagnostic>,
) -> Draft<'v> {
    let namespace = namespace_of(route.namespace, scope);
    let refs = route.rules.iter().flat_map(|rule| &rule.backend_refs);
    let ports: Vec<u16> = refs.filter_map(|backend| index.port_of(backend)).collect();
    Draft {
        name: route.name.clone(),
        namespace,
        kind: route.kind,
        parents: parents::resolve(route, namespace, &ports, gateway_index, values, out),
        hostnames: route.hostnames.clone(),
        rules: DraftRules::Written(&route.rules),
        passes_through: route.is_tenant,
        use_default_gateways: route.use_default_gateways,
        metadata: route.metadata,
        path: route.path.clone(),
    }
}

fn derived<'v>(
    values: &'v Values<'v>,
    scope: &'v Scope,
    names: &Names<'v>,
    gateways: &[Gateway<'v>],
    out: &mut Vec<Diagnostic>,
) -> Vec<Draft<'v>> {
    let mut taken: std::collections::BTreeMap<(Protocol, u16), &Service<'_>> =
        std::collections::BTreeMap::new();
    let mut drafts = Vec::with_capacity(values.written_services().len());
    for (index, service) in values.written_services().iter().enumerate() {
        if matches!(service.protocol, Protocol::Tcp | Protocol::Udp)
            && service.port > 0
            && let Some(first) = taken.insert((service.protocol, service.port), service)
        {
            let message = format!(
                "{} port {} is service {}'s already: without host names one listener serves one service",
                service.protocol.word(),
                service.port,
                quoted(&first.name)
            );
            out.push(
                Diagnostic::error(PORT_TAKEN, service.path.key("port"), message)
                    .hint("give it another `port`"),
            );
        }
        drafts.push(derived_route(index, service, scope, names, gateways, out));
    }
    drafts
}

fn derived_route<'v>(
    index: usize,
    service: &'v Service<'v>,
    scope: &'v Scope,
    names: &Names<'v>,
    gateways: &[Gateway<'v>],
    out: &mut Vec<Diagnostic>,
) -> Draft<'v> {
    let kind = match service.protocol {
        Protocol::Http | Protocol::Https | Protocol::H2c => Kind::HttpRoute,
        Protocol::Grpc | Protocol::Grpcs => Kind::GrpcRoute,
        Protocol::Tls => Kind::TlsRoute,
        Protocol::Tcp => Kind::TcpRoute,
        Protocol::Udp => Kind::UdpRoute,
    };
    let namespace = namespace_of(None, scope);
    let name = names.route(service, out);
    let fine = |name: &str| name.len() <= OBJECT_NAME_MAX && crate::values::is_object_name(name);
    check_derived("route", name.as_deref(), fine, service, &scope.release, out);
    let hostnames = if matches!(kind, Kind::TcpRoute | Kind::UdpRoute) {
        Vec::new()
    } else {
        let hostname = names.hostname(service, out);
        let fine = |name: &str| Hostname::parse(name).is_ok();
        check_derived("hostname", hostname.as_deref(), fine, service, &scope.release, out);
        let parsed = hostname.as_deref().and_then(|name| Hostname::parse(name).ok());
        // A name of the user's own choice may well be in a certificate.
        if let Some((sni, _)) =
            parsed.as_ref().filter(|_| kind == Kind::TlsRoute && names.hostname_is_default)
        {
            check_sni(sni, service, out);
        }
        parsed.map(|(hostname, _)| hostname.into_owned()).into_iter().collect()
    };
    let parents = if gateways.len() > 1 {
        let message = format!(
            "{} Gateways and no `routes`: a derived route attaches to the only Gateway",
            gateways.len()
        );
        if index == 0 {
            out.push(
                Diagnostic::error(parents::AMBIGUOUS_GATEWAY, Path::ROOT.key("gateways"), message)
                    .hint("write `routes` that name their `gateway`"),
            );
        }
        Parents::default()
    } else if gateways.is_empty() {
        Parents::default()
    } else {
        let wanted = Attachment {
            kind,
            section: None,
            ports: &[service.port],
            passes_through: false,
            path: &service.path,
        };
        parents::attach(&wanted, 0, namespace, gateways, out)
    };
    Draft {
        name: Cow::Owned(name.unwrap_or_default()),
        namespace,
        kind,
        parents,
        hostnames,
        rules: DraftRules::Everything(index),
        passes_through: false,
        use_default_gateways: None,
        metadata: service.metadata,
        path: service.path.clone(),
    }
}

/// With passthrough clients see the upstream's own certificate, under the host name of the route.
fn check_sni(sni: &Hostname<'_>, service: &Service<'_>, out: &mut Vec<Diagnostic>) {
    let of_endpoints = || {
        let names = service.endpoints.iter().filter_map(|endpoint| match &endpoint.host {
            Host::Name(name) => Some(name),
            Host::Ip(_) => None,
        });
        let tls = service.tls.as_ref().and_then(|tls| tls.hostname.as_ref());
        names.chain(service.endpoints.iter().filter_map(|endpoint| endpoint.tls_hostname.as_ref())).chain(tls)
    };
    if of_endpoints().any(|name| name == sni) {
        return;
    }
    let message = format!(
        "TLS passes through to the upstream, so clients must ask for `{sni}` and find that name in its certificate"
    );
    let better = of_endpoints().next().map_or_else(String::new, |name| format!(", as `{name}`"));
    out.push(
        Diagnostic::warning(SNI_UNLIKELY, service.path.clone(), message)
            .source("Gateway API v1.6.1, TLSRoute spec.hostnames: matched against the SNI of the client")
            .hint(format!(
                "set `names.hostname` to a name of the certificate, or write `routes` with one{better}"
            )),
    );
}

/// `None` had its diagnostic where the template failed.
fn check_derived(
    template: &str,
    made: Option<&str>,
    fine: impl FnOnce(&str) -> bool,
    service: &Service<'_>,
    release: &str,
    out: &mut Vec<Diagnostic>,
) {
    let Some(made) = made else { return };
    // A service whose own name is refused has its error already.
    if fine(made) || !crate::values::is_dns_label(&service.name) {
        return;
    }
    let what = if template == "route" { "object name" } else { "host name" };
    let message = format!(
        "`names.{template}` makes {} of service {}: that is no {what}",
        quoted(made),
        quoted(&service.name)
    );
    let fault = Diagnostic::error(BAD_DERIVED_NAME, Path::ROOT.key("names").key(template), message);
    let gap = made.contains("..") || made.starts_with(['.', '-']) || made.ends_with(['.', '-']);
    out.push(if release.is_empty() && gap {
        fault.hint("where the template has `release`, that name is empty: give it with `--name`")
    } else {
        fault
    });
}

fn check_kind(draft: &Draft<'_>, values: &Values<'_>, out: &mut Vec<Diagnostic>) {
    if draft.kind.served(values.target).is_none() {
        let (kind, since) = (draft.kind.newest().kind, draft.kind.availability());
        let message = format!("{kind} is not in {}: it is {since}", values.target);
        out.push(
            Diagnostic::error(NOT_IN_RELEASE, draft.path.clone(), message)
                .level(Level::Api)
                .hint("set `gatewayAPI.version` and `gatewayAPI.channel` to what the cluster has"),
        );
    }
    if draft.kind == Kind::TlsRoute && draft.hostnames.is_empty() {
        let message = "a TLSRoute without `hostnames`, but it has at least one";
        out.push(
            Diagnostic::error(HOSTNAME_MISSING, draft.path.clone(), message)
                .level(Level::Api)
                .source("Gateway API v1.6.1, TLSRoute spec.hostnames minItems"),
        );
    }
}
