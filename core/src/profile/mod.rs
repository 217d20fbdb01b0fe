//! What each controller can do, as data: one file a controller, every fact with version and source.
//!
//! A profile says how an upstream outside the cluster is expressed for its controller, what it
//! refuses, and its own limits. `gatewright profiles` prints this table; the planner asks it.

mod aws;
mod cilium;
mod contour;
mod envoy_gateway;
mod gke;
mod higress;
mod istio;
mod kgateway;
mod kong;
pub mod metrics;
mod nginx_gateway_fabric;
mod portable;
mod report;
#[rustfmt::skip]
mod reports;
pub mod sheet;
mod traefik;
pub(crate) mod words;

use crate::limits::{BACKEND_REFS_MAX, WEIGHT_MAX};
use crate::release::Kind;
use metrics::{Pods, UpdateTime};

pub use portable::PORTABLE;
pub use report::{Claim, Claims, Report};

/// Words of the value `profile`: `auto`, then every profile.
pub static WORDS: [&str; 13] = [
    "auto",
    "portable",
    "envoy-gateway",
    "istio",
    "cilium",
    "nginx-gateway-fabric",
    "traefik",
    "kong",
    "higress",
    "kgateway",
    "contour",
    "aws",
    "gke",
];

/// Every profile, in the order of [`WORDS`].
pub static PROFILES: [&Profile; 12] = [
    &PORTABLE,
    &envoy_gateway::ENVOY_GATEWAY,
    &istio::ISTIO,
    &cilium::CILIUM,
    &nginx_gateway_fabric::NGINX_GATEWAY_FABRIC,
    &traefik::TRAEFIK,
    &kong::KONG,
    &higress::HIGRESS,
    &kgateway::KGATEWAY,
    &contour::CONTOUR,
    &aws::AWS,
    &gke::GKE,
];

/// What one controller can do.
#[derive(Debug)]
pub struct Profile {
    /// The word in values.
    pub word: &'static str,
    /// Product and version that the facts are of: `Envoy Gateway 1.9.0`.
    pub title: &'static str,
    /// `spec.controllerName` of its GatewayClasses; empty for the portable profile.
    pub controller: &'static str,
    /// GatewayClass names that mean this controller; an entry that ends in `*` is a prefix.
    pub classes: &'static [&'static str],
    /// The class of a Gateway that names none.
    pub default_class: &'static str,
    /// How an upstream named by DNS is reached.
    pub dns: Fact<Form>,
    /// What `externalHostnames: backend` gives: the controller's own object for an upstream.
    pub vendor: Fact<Option<Form>>,
    /// Whether an ExternalName Service may be a backend.
    pub external_name: Fact<bool>,
    /// Fewest labels of a host name that the controller's own object takes.
    pub vendor_labels_min: Fact<usize>,
    /// How an upstream at an IP address is reached: [`Form::Endpoints`] or [`Form::Relay`].
    pub ip: Fact<Form>,
    /// `spec.type` of the relay's Services.
    pub relay_service_type: Fact<&'static str>,
    /// Whether it originates TLS by BackendTLSPolicy.
    pub tls_policy: Fact<bool>,
    /// What `wellKnownCACertificates: System` does, which is the default for an HTTPS upstream.
    pub system_cas: Fact<Support>,
    /// Whether `subjectAltNames` are checked.
    pub subject_alt_names: Fact<Support>,
    /// How it is told not to check the upstream's certificate.
    pub skip_verify: Fact<SkipVerify>,
    /// How a request gets the upstream's own host name.
    pub host_rewrite: Fact<HostRewrite>,
    /// Kinds of route it does not serve.
    pub routes_refused: Fact<&'static [Kind]>,
    /// Whether a port may have Terminate and Passthrough listeners side by side.
    pub tls_mixed: Fact<Support>,
    /// Largest weight of a backend.
    pub weight_max: Fact<u32>,
    /// Most backends of one rule.
    pub targets_max: Fact<usize>,
    /// Most backends of the rule of a TLSRoute.
    pub tls_route_targets_max: Fact<usize>,
    /// Whether all backends of a rule must have one certificate name.
    pub one_tls_name_a_rule: Fact<bool>,
    /// How long changes of routes take, as it measures it.
    pub update_time: Fact<Option<UpdateTime>>,
    /// The pods that serve its Gateways.
    pub pods: Fact<Option<Pods>>,
    /// What an administrator must have switched on for a form to work.
    pub switches: &'static [Switch],
    /// What is known of this controller and of few others.
    pub quirks: Quirks,
}

/// What is known of few controllers; of the others nothing says so.
#[derive(Debug)]
pub struct Quirks {
    /// Its classes, where each serves some kinds of route only, and no Gateway serves kinds of two.
    pub layers: &'static [Layer],
    /// Kinds of route of which nothing says that it serves them.
    pub routes_unreported: Option<Fact<&'static [Kind]>>,
    /// What happens where the policy's `hostname` is not held against the upstream's certificate.
    pub name_unchecked: Option<Fact<&'static str>>,
    /// The version as which it reads BackendTLSPolicy, which only the experimental channel serves.
    pub alpha_policy: Option<Fact<&'static str>>,
    /// What a listener's port must be.
    pub listener_ports: Option<Fact<ListenerPorts>>,
    /// What the load balancer of one Gateway takes at most.
    pub load_balancer: Option<Fact<LoadBalancer>>,
}

impl Quirks {
    /// Nothing is known.
    const NONE: Self = Self {
        layers: &[],
        routes_unreported: None,
        name_unchecked: None,
        alpha_policy: None,
        listener_ports: None,
        load_balancer: None,
    };
}

/// Classes of one controller that serve the same kinds of route.
#[derive(Clone, Copy, Debug)]
pub struct Layer {
    /// What a Gateway of the class becomes, in words.
    pub what: &'static str,
    /// `spec.controllerName` of the classes.
    pub controller: &'static str,
    /// Their names, the usual one first.
    pub classes: &'static [&'static str],
    /// The kinds of route that they serve.
    pub kinds: &'static [Kind],
    /// Product, version and place.
    pub source: &'static str,
}

/// What a cloud's load balancer takes at most.
#[derive(Clone, Copy, Debug)]
pub struct LoadBalancer {
    /// Certificates.
    pub certificates: u32,
    /// Rules.
    pub rules: u32,
    /// Target groups, one a backend.
    pub target_groups: u32,
}

/// Ports that listeners must have.
#[derive(Clone, Copy, Debug)]
pub struct ListenerPorts {
    /// Those of an installation with default settings.
    pub usual: &'static [u16],
    /// What a port must be.
    pub text: &'static str,
    /// What to set.
    pub hint: &'static str,
}

/// A fact and where it is written down.
#[derive(Clone, Copy, Debug)]
pub struct Fact<T> {
    /// The fact.
    pub value: T,
    /// Product, version and place.
    pub source: &'static str,
}

/// How an upstream is expressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// A Service without selector, and EndpointSlices: IP addresses only.
    Endpoints,
    /// A Service of type ExternalName: one host name.
    ExternalName,
    /// A Service in front of the relay.
    Relay,
    /// Envoy Gateway's Backend.
    EnvoyGatewayBackend,
    /// Istio's ServiceEntry, referred to as kind Hostname.
    ServiceEntry,
    /// kgateway's Backend.
    KgatewayBackend,
    /// Gateway API's experimental XBackend: one host name.
    XBackend,
}

impl Form {
    /// The object in words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Endpoints => "Service with EndpointSlices",
            Self::ExternalName => "Service of type ExternalName",
            Self::Relay => "relay",
            Self::EnvoyGatewayBackend => "Backend (gateway.envoyproxy.io)",
            Self::ServiceEntry => "ServiceEntry (networking.istio.io)",
            Self::KgatewayBackend => "Backend (gateway.kgateway.dev)",
            Self::XBackend => "XBackend (gateway.networking.x-k8s.io)",
        }
    }
}

/// Whether something works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Support {
    /// It does.
    Yes,
    /// It is taken and does not do what it says; the text says what happens.
    Ignored(&'static str),
    /// It is refused.
    No,
    /// Neither its documents nor its conformance reports say.
    Unreported,
}

/// How a controller is told not to check an upstream's certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SkipVerify {
    /// There is no way.
    Never,
    /// `spec.tls.insecureSkipVerify` of Envoy Gateway's Backend.
    EnvoyGatewayBackend,
    /// `spec.trafficPolicy.tls.insecureSkipVerify` of a DestinationRule.
    DestinationRule,
}

/// How a request gets the upstream's own host name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostRewrite {
    /// There is no way.
    Never,
    /// A URLRewrite filter of the rule: one name for all its backends.
    Rule,
    /// A URLRewrite filter of the rule or of one backend.
    Backend,
    /// A URLRewrite filter of the rule or of one backend, else Envoy Gateway's HTTPRouteFilter (GRPCRoute too).
    EnvoyGatewayFilter,
    /// A URLRewrite filter of the rule, else a backend's header modifier that sets Host (GRPCRoute too).
    HostHeader,
}

/// Something an administrator must have switched on.
#[derive(Clone, Copy, Debug)]
pub struct Switch {
    /// The form that needs it.
    pub form: Form,
    /// What to set, and where.
    pub text: &'static str,
    /// Product, version and place.
    pub source: &'static str,
}

impl<T> Fact<T> {
    const fn new(value: T, source: &'static str) -> Self {
        Self { value, source }
    }
}

/// The weight bound of every controller without a smaller one.
const GATEWAY_API_WEIGHT: Fact<u32> =
    Fact::new(WEIGHT_MAX, "Gateway API v1.6.1, spec.rules[].backendRefs[].weight maximum");

/// The bound on backends of every controller without a smaller one.
const GATEWAY_API_TARGETS: Fact<usize> =
    Fact::new(BACKEND_REFS_MAX, "Gateway API v1.6.1, spec.rules[].backendRefs maxItems");

/// Certificate names of a rule's backends are independent, since each has a policy of its own.
const TLS_NAMES_DIFFER: Fact<bool> = Fact::new(false, "Gateway API v1.6.1, BackendTLSPolicy: one a target");

/// The relay's Services are reached inside the cluster.
const CLUSTER_IP: Fact<&str> = Fact::new("ClusterIP", "Kubernetes v1.36, the default Service type");

/// A controller without an object of its own takes any host name.
const ANY_LABELS: Fact<usize> = Fact::new(1, "no bound of its own");

/// Profile of a word other than `auto`.
pub fn named(word: &str) -> Option<&'static Profile> {
    PROFILES.into_iter().find(|profile| profile.word == word)
}

/// Profile whose controller usually serves a GatewayClass of this name.
pub fn of_class(class: &str) -> Option<&'static Profile> {
    PROFILES.into_iter().find(|profile| {
        profile.classes.iter().any(|pattern| match pattern.strip_suffix('*') {
            Some(prefix) => class.starts_with(prefix),
            None => class == *pattern,
        })
    })
}

/// Names of GatewayClasses that mean a controller, without those that are given by their start.
pub fn usual_classes() -> impl Iterator<Item = &'static str> {
    let names = PROFILES.into_iter().flat_map(|profile| profile.classes).copied();
    names.filter(|name| !name.ends_with('*'))
}

impl Profile {
    /// The product without its version.
    pub fn product(&self) -> &'static str {
        self.title.rsplit_once(' ').map_or(self.title, |(product, _)| product)
    }

    /// Whether upstreams can be expressed in a form at all.
    pub fn takes(&self, form: Form) -> bool {
        match form {
            Form::Endpoints => self.ip.value == Form::Endpoints,
            Form::ExternalName => self.external_name.value,
            Form::Relay => true,
            Form::XBackend => false,
            vendor => self.vendor.value == Some(vendor),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_profiles_agree() {
        let words: Vec<_> = PROFILES.iter().map(|profile| profile.word).collect();
        assert_eq!(words, WORDS[1..]);
    }

    #[test]
    fn a_class_means_one_controller() {
        for profile in PROFILES {
            for class in profile.classes {
                assert_eq!(
                    of_class(class.trim_end_matches('*')).map(|found| found.word),
                    Some(profile.word),
                    "{class}"
                );
            }
        }
        assert!(of_class("gke-l7-rilb").is_some_and(|profile| profile.word == "gke"));
        assert!(of_class("my-class").is_none());
        assert!(of_class("istio-waypoint").is_none());
    }
}
