//! Contour: ExternalName once allowed; BackendTLSPolicy in its alpha version, without system CAs.

use super::metrics::{Pods, Spread, UpdateTime};
use super::{
    ANY_LABELS, CLUSTER_IP, Fact, Form, GATEWAY_API_TARGETS, GATEWAY_API_WEIGHT, HostRewrite, Profile,
    Quirks, SkipVerify, Support, Switch, TLS_NAMES_DIFFER,
};
use crate::release::Kind;

const EXTERNAL_NAME: &str = "Contour 1.33.8, internal/dag/accessors.go validateExternalName";

/// Facts of Contour; reports are of 1.33.0. `contour` is a class name by habit; its example makes `example`.
pub(super) static CONTOUR: Profile = Profile {
    word: "contour",
    title: "Contour 1.33.8",
    controller: "projectcontour.io/gateway-controller",
    classes: &["contour"],
    default_class: "contour",
    dns: Fact::new(Form::ExternalName, EXTERNAL_NAME),
    vendor: Fact::new(None, "Contour 1.33.8, internal/dag/gatewayapi_processor.go: backends are Services"),
    external_name: Fact::new(true, EXTERNAL_NAME),
    vendor_labels_min: ANY_LABELS,
    ip: Fact::new(
        Form::Endpoints,
        "conformance report v1.3.0, Contour 1.33.0: GATEWAY-HTTP core, only HTTPRouteHTTPSListener skipped",
    ),
    relay_service_type: CLUSTER_IP,
    tls_policy: Fact::new(
        true,
        "Contour 1.33.8, internal/dag/cache.go: v1alpha3, not served by the standard channel; unreported",
    ),
    system_cas: Fact::new(
        Support::No,
        "Contour 1.33.8, internal/dag/gatewayapi_processor.go: wellKnownCACertificates is unsupported",
    ),
    subject_alt_names: Fact::new(
        Support::Ignored("Contour checks the policy's hostname alone"),
        "Contour 1.33.8, internal/dag/gatewayapi_processor.go: never reads subjectAltNames",
    ),
    skip_verify: Fact::new(
        SkipVerify::Never,
        "Contour 1.33.8: only by appProtocol https of a Service port without policy, which is not written",
    ),
    host_rewrite: Fact::new(
        HostRewrite::Rule,
        "conformance report v1.3.0, Contour 1.33.0; gatewayapi_processor.go refuses a backend's URLRewrite",
    ),
    routes_refused: Fact::new(
        &[Kind::UdpRoute],
        "Contour 1.33.8: no UDPRoute in internal or cmd; TCPRoute is read as v1alpha2",
    ),
    tls_mixed: Fact::new(
        Support::Unreported,
        "conformance report v1.3.0, Contour 1.33.0: older than the feature",
    ),
    weight_max: GATEWAY_API_WEIGHT,
    targets_max: GATEWAY_API_TARGETS,
    tls_route_targets_max: GATEWAY_API_TARGETS,
    one_tls_name_a_rule: TLS_NAMES_DIFFER,
    update_time: Fact::new(
        Some(UpdateTime {
            metric: "contour_dagrebuild_seconds",
            series: "",
            spread: Spread::Summary,
            per_second: 1,
            what: "a rebuild of the graph that Envoy is configured from",
        }),
        "Contour 1.33.8, internal/metrics/metrics.go",
    ),
    pods: Fact::new(
        Some(Pods::PrefixAndName("envoy-")),
        "Contour 1.33.8, internal/provisioner/model/names.go: where its provisioner made them",
    ),
    switches: &[Switch {
        form: Form::ExternalName,
        text: "set `enableExternalNameService: true` in Contour's configuration (off by default)",
        source: EXTERNAL_NAME,
    }],
    quirks: Quirks {
        alpha_policy: Some(Fact::new("v1alpha3", "Contour 1.33.8, internal/dag/cache.go")),
        ..Quirks::NONE
    },
};
