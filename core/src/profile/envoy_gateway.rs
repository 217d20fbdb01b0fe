//! Envoy Gateway: its own Backend for names, refuses ExternalName, checks everything it promises.

use super::metrics::{Pods, Spread, UpdateTime};
use super::{
    CLUSTER_IP, Fact, Form, GATEWAY_API_TARGETS, GATEWAY_API_WEIGHT, HostRewrite, Profile, Quirks,
    SkipVerify, Support, Switch, TLS_NAMES_DIFFER,
};

const REPORT: &str = "conformance report v1.6, Envoy Gateway 1.9.0";
const BACKEND: &str = "Envoy Gateway 1.9.0, api/v1alpha1/backend_types.go";

/// Facts of Envoy Gateway. `envoy-gateway` is a class name by habit; its quickstart creates `eg`.
pub(super) static ENVOY_GATEWAY: Profile = Profile {
    word: "envoy-gateway",
    title: "Envoy Gateway 1.9.0",
    controller: "gateway.envoyproxy.io/gatewayclass-controller",
    classes: &["eg", "envoy-gateway"],
    default_class: "eg",
    dns: Fact::new(Form::EnvoyGatewayBackend, BACKEND),
    vendor: Fact::new(Some(Form::EnvoyGatewayBackend), BACKEND),
    external_name: Fact::new(
        false,
        "Envoy Gateway 1.9.0, internal/gatewayapi/validate.go: UnsupportedValue, use a Backend",
    ),
    vendor_labels_min: Fact::new(2, "Envoy Gateway 1.9.0, internal/gatewayapi/backend.go validateHostname"),
    ip: Fact::new(
        Form::Endpoints,
        "conformance report v1.6, Envoy Gateway 1.9.0: GATEWAY-HTTP core, nothing skipped",
    ),
    relay_service_type: CLUSTER_IP,
    tls_policy: Fact::new(true, REPORT),
    system_cas: Fact::new(
        Support::Yes,
        "Envoy Gateway 1.9.0, internal/gatewayapi/testdata/backendtlspolicy-system-truststore.in.yaml",
    ),
    subject_alt_names: Fact::new(Support::Yes, REPORT),
    skip_verify: Fact::new(
        SkipVerify::EnvoyGatewayBackend,
        "Envoy Gateway 1.9.0, api/v1alpha1/backend_types.go: only on a Backend, not on a Service",
    ),
    host_rewrite: Fact::new(
        HostRewrite::EnvoyGatewayFilter,
        "Envoy Gateway 1.9.0, internal/gatewayapi/filters.go and internal/xds/translator/route.go",
    ),
    routes_refused: Fact::new(
        &[],
        "conformance report v1.6, Envoy Gateway 1.9.0; TCPRoute and UDPRoute among the provisional tests",
    ),
    tls_mixed: Fact::new(Support::Yes, REPORT),
    weight_max: GATEWAY_API_WEIGHT,
    targets_max: GATEWAY_API_TARGETS,
    tls_route_targets_max: GATEWAY_API_TARGETS,
    one_tls_name_a_rule: TLS_NAMES_DIFFER,
    update_time: Fact::new(
        Some(UpdateTime {
            metric: "watchable_subscribe_duration_seconds",
            series: "runner=~\"gateway-api|xds-translator\"",
            spread: Spread::Histogram,
            per_second: 1,
            what: "an update of its resources to the configuration of Envoy, in two stages",
        }),
        "Envoy Gateway 1.9.0, internal/message/metrics.go and watchutil.go",
    ),
    pods: Fact::new(
        Some(Pods::EnvoyGateway),
        "Envoy Gateway 1.9.0, internal/infrastructure/kubernetes/proxy/resource.go ExpectedResourceHashedName",
    ),
    switches: &[Switch {
        form: Form::EnvoyGatewayBackend,
        text: "set `extensionApis.enableBackend: true` in the EnvoyGateway configuration (off by default)",
        source: "Envoy Gateway 1.9.0, api/v1alpha1/envoygateway_types.go",
    }],
    quirks: Quirks::NONE,
};
