//! No particular controller: only what every conforming one has to do.

use super::metrics::{no_pods, no_update_time};
use super::{
    ANY_LABELS, CLUSTER_IP, Fact, Form, GATEWAY_API_TARGETS, GATEWAY_API_WEIGHT, HostRewrite, Profile,
    Quirks, SkipVerify, Support, TLS_NAMES_DIFFER,
};

const SPECIFICATION: &str = "Gateway API v1.6.1";

/// What Gateway API's Core and widely implemented Extended features can say.
pub static PORTABLE: Profile = Profile {
    word: "portable",
    title: "any conforming controller",
    controller: "",
    classes: &[],
    default_class: "cilium",
    dns: Fact::new(
        Form::Relay,
        "Gateway API v1.6.1, object_reference_types.go: ExternalName SHOULD NOT be supported",
    ),
    vendor: Fact::new(None, SPECIFICATION),
    external_name: Fact::new(
        false,
        "Gateway API v1.6.1, object_reference_types.go: SHOULD NOT be supported (CVE-2021-25740)",
    ),
    vendor_labels_min: ANY_LABELS,
    ip: Fact::new(
        Form::Endpoints,
        "Gateway API v1.6.1: Core support covers Services with EndpointSlices of their own",
    ),
    relay_service_type: CLUSTER_IP,
    tls_policy: Fact::new(true, "Gateway API v1.6.1, BackendTLSPolicy: Extended"),
    system_cas: Fact::new(
        Support::Unreported,
        "Gateway API v1.6.1, BackendTLSPolicy wellKnownCACertificates: implementation-specific",
    ),
    subject_alt_names: Fact::new(
        Support::Unreported,
        "Gateway API v1.6.1, feature BackendTLSPolicySANValidation: Extended",
    ),
    skip_verify: Fact::new(SkipVerify::Never, SPECIFICATION),
    host_rewrite: Fact::new(HostRewrite::Rule, "Gateway API v1.6.1, feature HTTPRouteHostRewrite: Extended"),
    routes_refused: Fact::new(&[], SPECIFICATION),
    tls_mixed: Fact::new(Support::Unreported, "Gateway API v1.6.1, feature TLSRouteModeMixed: Extended"),
    weight_max: GATEWAY_API_WEIGHT,
    targets_max: GATEWAY_API_TARGETS,
    tls_route_targets_max: GATEWAY_API_TARGETS,
    one_tls_name_a_rule: TLS_NAMES_DIFFER,
    update_time: no_update_time("Gateway API v1.6.1 has no metrics"),
    pods: no_pods("Gateway API v1.6.1 has no pods"),
    switches: &[],
    quirks: Quirks::NONE,
};
