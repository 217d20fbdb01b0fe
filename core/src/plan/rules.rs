//! Rules with their backends: names become objects, weights exact, filters complete.

use std::borrow::Cow;
use std::sync::LazyLock;

use super::backends::{Backends, filter_backends};
use super::routes::{Draft, DraftRules};
use super::service_index::ServiceIndex;
use super::weights::{self, Share};
use super::{
    Backend, BackendUse, HostFilter, ObjectRef, Route, Rule, api_checks, check_comparable, host_header,
    parents, rule_checks,
};
use crate::diagnostic::{Code, Diagnostic, Level};
use crate::hostname::Hostname;
use crate::limits::{BACKEND_REFS_MAX, WEIGHT_MAX};
use crate::path::Path;
use crate::profile::words::WEIGHT_HINT;
use crate::profile::{Form, Profile};
use crate::release::{Kind, Release, Target};
use crate::tree::Node;
use crate::values::{
    self, BackendName, BackendRef, MISSING_KEY, Service, ServiceOrigin, Values, nearest, quoted,
};

/// More backends than one rule may have.
const TOO_MANY_BACKENDS: Code = Code("too-many-backends");
/// Every backend of a rule has weight 0.
const ALL_WEIGHTS_ZERO: Code = Code("all-weights-zero");
/// Shares that no integers within the bound express.
const INEXACT_WEIGHTS: Code = Code("inexact-weights");
/// A weight above what the controller takes.
const WEIGHT_TOO_LARGE: Code = Code("weight-too-large");
/// Certificate names that the controller cannot tell apart within one rule.
const TLS_NAMES: Code = Code("several-tls-names");
/// A backend's port differs from its service's.
const PORT_MISMATCH: Code = Code("port-mismatch");
/// A name that is almost an external service's.
const LIKE_EXTERNAL_SERVICE: Code = Code("like-external-service");
/// A filter sends to one backend, and the service has several.
const ONE_BACKEND_ONLY: Code = Code("one-backend-only");

/// Names are compared for typing slips in values up to this size; beyond, it would take longer than rendering.
const SLIPS_LOOKED_FOR: usize = 256;

/// What rules are made with.
pub(super) struct RuleContext<'a, 'v> {
    pub(super) values: &'v Values<'v>,
    pub(super) index: &'a ServiceIndex<'v>,
    pub(super) backends: &'a Backends<'v>,
}

/// The route whose rules are made, beside what all routes are made with.
pub(super) struct InRoute<'a, 'v> {
    pub(super) context: &'a RuleContext<'a, 'v>,
    pub(super) draft: &'a Draft<'v>,
    pub(super) profile: &'static Profile,
}

/// Makes every route's rules.
pub(super) fn build<'v>(
    context: &RuleContext<'_, 'v>,
    drafts: Vec<Draft<'v>>,
    out: &mut Vec<Diagnostic>,
) -> (Vec<Route<'v>>, Vec<HostFilter<'v>>) {
    let mut host_filters = Vec::new();
    let routes = drafts
        .into_iter()
        .map(|draft| {
            let place = InRoute { context, draft: &draft, profile: parents::profile_of(&draft.parents) };
            let mut rules = match draft.rules {
                DraftRules::Everything(service) => vec![everything(&place, service, out)],
                DraftRules::Written(written) => {
                    rule_checks::check_rules(&draft, written, out);
                    written.iter().map(|rule| self::rule(&place, rule, out)).collect()
                }
            };
            let needs_filter = host_header::apply(&place, &mut rules, out);
            if needs_filter {
                host_filters.push(HostFilter {
                    name: draft.name.clone(),
                    namespace: draft.namespace,
                    path: draft.path.clone(),
                });
            }
            Route {
                name: draft.name,
                namespace: draft.namespace,
                kind: draft.kind,
                parents: draft.parents.refs,
                hostnames: draft.hostnames,
                rules: rules.into_iter().map(|made| made.rule).collect(),
                use_default_gateways: draft.use_default_gateways,
                metadata: draft.metadata,
                path: draft.path,
            }
        })
        .collect();
    (routes, host_filters)
}

/// A rule and, for each of its backends, the planned object behind it; `None` for a Service of the cluster.
pub(super) struct Made<'v> {
    pub(super) rule: Rule<'v>,
    pub(super) behind: Vec<Option<usize>>,
}

/// The match that Gateway API gives a rule without any, written out.
static EVERY_PATH: LazyLock<Node<'static>> = LazyLock::new(|| {
    let path = Node::map([("type", Node::text("PathPrefix")), ("value", Node::text("/"))]);
    Node::map([("path", path)])
});

fn everything<'v>(place: &InRoute<'_, 'v>, service: usize, out: &mut Vec<Diagnostic>) -> Made<'v> {
    let draft = place.draft;
    let matches = if draft.kind == Kind::HttpRoute { vec![Cow::Borrowed(&*EVERY_PATH)] } else { Vec::new() };
    let mut uses = Uses::default();
    uses.add_service(place, service, 1, &[], out);
    let (backends, behind) = uses.finish(place, &draft.path, out);
    let rule =
        Rule { name: None, matches, filters: Vec::new(), backends, given: None, path: draft.path.clone() };
    Made { rule, behind }
}

fn rule<'v>(place: &InRoute<'_, 'v>, rule: &'v values::Rule<'v>, out: &mut Vec<Diagnostic>) -> Made<'v> {
    let context = place.context;
    let mut uses = Uses::default();
    for backend in &rule.backend_refs {
        let filters = filters(place, &backend.filters, &backend.path, out);
        match context.index.of(backend) {
            Some(service) => {
                check_port(backend, &context.values.services[service], out);
                uses.add_service(place, service, backend.weight, &filters, out);
            }
            None => uses.add_in_cluster(place, backend, filters, out),
        }
    }
    let (backends, behind) = uses.finish(place, &rule.path, out);
    let made = Rule {
        name: rule.node.get("name").and_then(Node::as_text).map(Cow::Borrowed),
        matches: rule.matches.iter().map(|node| Cow::Borrowed(*node)).collect(),
        filters: filters(place, &rule.filters, &rule.path, out),
        backends,
        given: Some(rule.node),
        path: rule.path.clone(),
    };
    rule_checks::check_rule(&made, place.draft.kind, context.values.target, out);
    api_checks::check_rule(&made, place.draft.kind, context.values.target, out);
    Made { rule: made, behind }
}

/// Backends of one rule as they come together.
#[derive(Default)]
struct Uses<'v> {
    list: Vec<BackendUse<'v>>,
    behind: Vec<Option<usize>>,
    shares: Vec<Share>,
    shared_out: bool,
}

impl<'v> Uses<'v> {
    fn add_service(
        &mut self,
        place: &InRoute<'_, 'v>,
        service: usize,
        reference: u32,
        filters: &[Cow<'v, Node<'v>>],
        out: &mut Vec<Diagnostic>,
    ) {
        let InRoute { context, draft, profile } = place;
        let parts = context.backends.of(service, profile);
        let whole: u64 = parts.iter().map(|(_, part)| *part).sum();
        self.shared_out |= parts.len() > 1;
        self.list.reserve_exact(parts.len());
        for (index, part) in parts {
            let backend = &context.backends.list[*index];
            if backend.form != Form::ServiceEntry {
                check_comparable(backend.namespace, draft.namespace, &draft.path, out);
            }
            self.list.push(BackendUse {
                target: object_ref(backend, context.values.target),
                namespace: foreign(backend, draft.namespace),
                port: ref_port(backend, context.values.target),
                weight: None,
                filters: filters.to_vec(),
            });
            self.behind.push(Some(*index));
            // A lone endpoint of weight 0 means no traffic; the whole must not be 0 then.
            self.shares.push(Share { reference, part: *part, whole: whole.max(1) });
        }
    }

    fn add_in_cluster(
        &mut self,
        place: &InRoute<'_, 'v>,
        backend: &'v BackendRef<'v>,
        filters: Vec<Cow<'v, Node<'v>>>,
        out: &mut Vec<Diagnostic>,
    ) {
        let BackendName::Name(name) = backend.backend else { return };
        let target = ObjectRef {
            group: backend.group.unwrap_or_default(),
            kind: backend.kind.unwrap_or("Service"),
            name: Cow::Borrowed(name),
        };
        check_in_cluster(place.context, backend, &target, out);
        self.list.push(BackendUse {
            target,
            namespace: backend.namespace.filter(|namespace| *namespace != place.draft.namespace),
            port: backend.port,
            weight: None,
            filters,
        });
        self.behind.push(None);
        self.shares.push(Share { reference: backend.weight, part: 1, whole: 1 });
    }

    /// Counts, weighs and gives away the backends.
    fn finish(
        mut self,
        place: &InRoute<'_, 'v>,
        path: &Path,
        out: &mut Vec<Diagnostic>,
    ) -> (Vec<BackendUse<'v>>, Vec<Option<usize>>) {
        let profile = place.profile;
        let bound = if place.draft.kind == Kind::TlsRoute {
            profile.tls_route_targets_max
        } else {
            profile.targets_max
        };
        let (count, max) = (self.list.len(), bound.value);
        if count > max {
            let own = max < BACKEND_REFS_MAX;
            let message = profile.bound_of_backends(count, max);
            out.push(
                Diagnostic::error(TOO_MANY_BACKENDS, path.clone(), message)
                    .level(if own { Level::Controller } else { Level::Api })
                    .source(bound.source)
                    .hint(
                        "set `expansion: grouped` on services with many endpoints, or spread them over rules",
                    ),
            );
        }
        if profile.one_tls_name_a_rule.value {
            out.extend(several_tls_names(place, &self.behind, path));
        }
        let bound = profile.weight_max.value;
        let weights = if self.shared_out {
            let given = weights::share_out(&self.shares, bound);
            if given.error_ppm > 0 {
                let percent = Percent(given.error_ppm);
                let message = format!(
                    "no integers up to {bound} share this out exactly: the closest are off by up to {percent} of traffic"
                );
                out.push(
                    Diagnostic::warning(INEXACT_WEIGHTS, path.clone(), message)
                        .source(profile.weight_max.source)
                        .hint("use smaller weights, or numbers of endpoints that divide each other"),
                );
            }
            given.weights
        } else {
            self.shares.iter().map(|share| if share.part == 0 { 0 } else { share.reference }).collect()
        };
        // Beyond Gateway API's bound the values have an error already.
        if let Some(weight) = weights.iter().find(|weight| **weight > bound && **weight <= WEIGHT_MAX) {
            let message = profile.bound_of_weight(weight);
            out.push(
                Diagnostic::error(WEIGHT_TOO_LARGE, path.clone(), message)
                    .level(Level::Controller)
                    .source(profile.weight_max.source)
                    .hint(WEIGHT_HINT),
            );
        }
        if !weights.is_empty() && weights.iter().all(|weight| *weight == 0) {
            let effect = match place.draft.kind {
                Kind::HttpRoute => "requests get 500",
                _ => "nothing is sent anywhere",
            };
            out.push(
                Diagnostic::warning(
                    ALL_WEIGHTS_ZERO,
                    path.clone(),
                    format!("every backend has weight 0: {effect}"),
                )
                .source("Gateway API v1.6.1, shared_types.go: weight 0 gets no traffic")
                .hint("give at least one backend a weight"),
            );
        }
        let alone = weights.len() == 1;
        for (backend, weight) in self.list.iter_mut().zip(weights) {
            backend.weight = (!alone || weight == 0).then_some(weight);
        }
        (self.list, self.behind)
    }
}

/// A rule whose backends have certificates of different names, for controllers that check one name a rule.
fn several_tls_names(place: &InRoute<'_, '_>, behind: &[Option<usize>], path: &Path) -> Option<Diagnostic> {
    let list = &place.context.backends.list;
    let mut names: Vec<&str> = behind
        .iter()
        .flatten()
        .filter_map(|index| list[*index].tls.as_ref()?.hostname.as_ref())
        .map(Hostname::as_str)
        .collect();
    names.sort_unstable();
    names.dedup();
    if names.len() < 2 {
        return None;
    }
    let profile = place.profile;
    Some(
        Diagnostic::error(TLS_NAMES, path.clone(), profile.bound_of_names(&names))
            .level(Level::Controller)
            .source(profile.one_tls_name_a_rule.source)
            .hint("set one `tls.hostname` that all of them have, or write a rule each"),
    )
}

/// Parts per million as a percentage.
struct Percent(u64);

impl std::fmt::Display for Percent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{:04} %", self.0 / 10_000, self.0 % 10_000)
    }
}

/// What a backendRef to a planned backend says.
pub(crate) fn object_ref<'v>(backend: &Backend<'v>, target: Target) -> ObjectRef<'v> {
    let (kind, name) = match backend.form {
        Form::Endpoints | Form::ExternalName | Form::Relay => (Kind::Service, backend.name.clone()),
        Form::EnvoyGatewayBackend => (Kind::EnvoyGatewayBackend, backend.name.clone()),
        Form::KgatewayBackend => (Kind::KgatewayBackend, backend.name.clone()),
        Form::XBackend => (Kind::XBackend, backend.name.clone()),
        Form::ServiceEntry => {
            let group = Kind::IstioServiceEntry.newest().group();
            return ObjectRef { group, kind: "Hostname", name: Cow::Owned(service_entry_host(backend)) };
        }
    };
    let served = kind.served(target).unwrap_or(kind.newest());
    ObjectRef { group: served.group(), kind: served.kind, name }
}

/// The host of a ServiceEntry: a name that nobody else resolves, one per object.
pub(crate) fn service_entry_host(backend: &Backend<'_>) -> String {
    if backend.namespace.is_empty() {
        format!("{}.gatewright.internal", backend.name)
    } else {
        format!("{}.{}.gatewright.internal", backend.name, backend.namespace)
    }
}

/// A Hostname of Istio has no namespace; other objects are named with theirs where it is another.
fn foreign<'v>(backend: &Backend<'v>, namespace: &str) -> Option<&'v str> {
    (backend.form != Form::ServiceEntry && backend.namespace != namespace && !backend.namespace.is_empty())
        .then_some(backend.namespace)
}

/// kgateway refuses a port, Envoy Gateway ignores it, XBackend has it until 1.6.
fn ref_port(backend: &Backend<'_>, target: Target) -> Option<u16> {
    match backend.form {
        Form::EnvoyGatewayBackend | Form::KgatewayBackend => None,
        Form::XBackend if target.release >= Release::V1_7 => None,
        Form::ExternalName | Form::XBackend => Some(backend.first_port()),
        _ => Some(backend.service.port),
    }
}

/// Filters with the backends in them resolved.
fn filters<'v>(
    place: &InRoute<'_, 'v>,
    given: &[&'v Node<'v>],
    path: &Path,
    out: &mut Vec<Diagnostic>,
) -> Vec<Cow<'v, Node<'v>>> {
    let InRoute { context, draft, profile } = place;
    given
        .iter()
        .map(|filter| {
            let service = filter_backends(filter).find_map(|node| context.index.of_node(node));
            let Some(service) = service else {
                out.extend(filter_backends(filter).find_map(|node| without_port(node, path)));
                return Cow::Borrowed(*filter);
            };
            let parts = context.backends.of(service, profile);
            if parts.len() > 1 {
                let name = quoted(&context.values.services[service].name);
                let message =
                    format!("service {name} is {} objects, but a filter sends to one backend", parts.len());
                out.push(
                    Diagnostic::error(ONE_BACKEND_ONLY, path.key("filters"), message)
                        .hint("set `expansion: grouped` on the service"),
                );
            }
            let Some((index, _)) = parts.first() else { return Cow::Borrowed(*filter) };
            Cow::Owned(redirected(
                filter,
                &context.backends.list[*index],
                context.values.target,
                draft.namespace,
            ))
        })
        .collect()
}

/// A Service of the cluster that a filter names without port.
fn without_port(node: &Node<'_>, path: &Path) -> Option<Diagnostic> {
    let text = |key: &str| node.get(key).and_then(Node::as_text);
    let is_service =
        text("group").unwrap_or_default().is_empty() && text("kind").is_none_or(|kind| kind == "Service");
    (is_service && node.get("port").is_none())
        .then(|| port_missing(text("name").unwrap_or_default(), path.key("filters")))
}

fn port_missing(name: &str, path: Path) -> Diagnostic {
    Diagnostic::error(MISSING_KEY, path, format!("Service {} without `port`", quoted(name)))
        .level(Level::Api)
        .source("Gateway API v1.6.1, CEL rule on backendRefs: must have port for Service reference")
        .hint("give the Service's port, or the name of an external service")
}

/// The filter with its `backendRef` naming a planned backend.
fn redirected<'v>(filter: &Node<'v>, backend: &Backend<'v>, target: Target, namespace: &str) -> Node<'v> {
    let key = if filter.get("requestMirror").is_some() { "requestMirror" } else { "externalAuth" };
    let object = object_ref(backend, target);
    let mut entries = vec![("name", Node::text(object.name))];
    if !object.group.is_empty() {
        entries.extend([("group", Node::text(object.group)), ("kind", Node::text(object.kind))]);
    }
    if let Some(namespace) = foreign(backend, namespace) {
        entries.push(("namespace", Node::text(namespace)));
    }
    if let Some(port) = ref_port(backend, target) {
        entries.push(("port", Node::integer(port)));
    }
    let settings = filter.get(key).cloned().unwrap_or(Node::NULL).with("backendRef", Node::map(entries));
    filter.clone().with(key, settings)
}

fn check_port(backend: &BackendRef<'_>, service: &Service<'_>, out: &mut Vec<Diagnostic>) {
    let is_known = service.port > 0 && service.origin == ServiceOrigin::Written;
    if let Some(port) = backend.port.filter(|port| *port != service.port && is_known) {
        let message = format!(
            "port {port}, but external service {} has port {}, which is used",
            quoted(&service.name),
            service.port
        );
        out.push(
            Diagnostic::warning(PORT_MISMATCH, backend.path.key("port"), message).hint(
                "leave `port` out, or give the service's; an endpoint's own port stands in `endpoints`",
            ),
        );
    }
}

fn check_in_cluster(
    context: &RuleContext<'_, '_>,
    backend: &BackendRef<'_>,
    target: &ObjectRef<'_>,
    out: &mut Vec<Diagnostic>,
) {
    if target.group.is_empty() && target.kind == "Service" && backend.port.is_none() {
        out.push(port_missing(&target.name, backend.path.clone()));
    }
    let services = &context.values.services;
    if services.len() <= SLIPS_LOOKED_FOR
        && let Some(near) = nearest(&target.name, services.iter().map(|service| service.name.as_ref()))
        && near != target.name
    {
        let message =
            format!("{} is no external service: taken for a Service of the cluster", quoted(&target.name));
        out.push(
            Diagnostic::warning(LIKE_EXTERNAL_SERVICE, backend.path.key("name"), message)
                .hint(format!("did you mean `{near}`?")),
        );
    }
}
