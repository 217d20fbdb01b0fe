//! Kong Ingress Controller: ExternalName for names, and no system CAs in BackendTLSPolicy.

use super::metrics::{Spread, UpdateTime, no_pods};
use super::{
    ANY_LABELS, CLUSTER_IP, Fact, Form, GATEWAY_API_TARGETS, GATEWAY_API_WEIGHT, HostRewrite, Profile,
    Quirks, SkipVerify, Support, TLS_NAMES_DIFFER,
};

const UPSTREAMS: &str =
    "Kong Ingress Controller at 1fa68f8, internal/dataplane/translator/translate_upstreams.go";
const POLICY: &str = "Kong Ingress Controller at 11e257a, backendtlspolicy_utils.go: not supported";

/// Facts of Kong Ingress Controller. 3.4.0 is the last with a report; Kong Operator is another product.
pub(super) static KONG: Profile = Profile {
    word: "kong",
    title: "Kong Ingress Controller 3.4.0",
    controller: "konghq.com/kic-gateway-controller",
    classes: &["kong"],
    default_class: "kong",
    dns: Fact::new(Form::ExternalName, UPSTREAMS),
    vendor: Fact::new(None, "Kong Ingress Controller 3.4.0: none found"),
    external_name: Fact::new(true, UPSTREAMS),
    vendor_labels_min: ANY_LABELS,
    ip: Fact::new(Form::Endpoints, UPSTREAMS),
    relay_service_type: CLUSTER_IP,
    tls_policy: Fact::new(
        true,
        "Kong Ingress Controller 3.4, issue 6631; as v1alpha3, gated (kong-operator issue 5129); unreported",
    ),
    system_cas: Fact::new(Support::No, POLICY),
    subject_alt_names: Fact::new(Support::No, POLICY),
    skip_verify: Fact::new(
        SkipVerify::Never,
        "Kong Ingress Controller 3.4: only by annotation konghq.com/tls-verify, which is not written",
    ),
    host_rewrite: Fact::new(
        HostRewrite::Rule,
        "conformance report v1.2.1, Kong Ingress Controller 3.4.0: HTTPRouteHostRewrite",
    ),
    routes_refused: Fact::new(
        &[],
        "Kong Ingress Controller 3.x (no one commit), internal/controllers/gateway: all five kinds",
    ),
    tls_mixed: Fact::new(
        Support::Unreported,
        "conformance report v1.2.1, Kong Ingress Controller 3.4.0: no TLS profile",
    ),
    weight_max: GATEWAY_API_WEIGHT,
    targets_max: GATEWAY_API_TARGETS,
    tls_route_targets_max: GATEWAY_API_TARGETS,
    one_tls_name_a_rule: TLS_NAMES_DIFFER,
    update_time: Fact::new(
        Some(UpdateTime {
            metric: "ingress_controller_configuration_push_duration_milliseconds",
            series: "",
            spread: Spread::Histogram,
            per_second: 1000,
            what: "a push of the configuration to Kong",
        }),
        "Kong Ingress Controller 3.4.0, internal/metrics/prometheus.go",
    ),
    pods: no_pods("Kong Ingress Controller 3.4.0: pods are called as its release is"),
    switches: &[],
    quirks: Quirks { alpha_policy: Some(Fact::new("v1alpha3", "kong-operator issue 5129")), ..Quirks::NONE },
};
