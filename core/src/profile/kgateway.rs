//! kgateway: its own Backend for names; ExternalName has no endpoints there; no UDPRoute.

use super::metrics::{no_pods, no_update_time};
use super::{
    CLUSTER_IP, Fact, Form, GATEWAY_API_TARGETS, GATEWAY_API_WEIGHT, HostRewrite, Profile, Quirks,
    SkipVerify, Support, TLS_NAMES_DIFFER,
};
use crate::release::Kind;

const REPORT: &str = "conformance report v1.6, kgateway 2.4.5";
const BACKEND: &str = "kgateway 2.4.0, api/v1alpha1/kgateway/backend_types.go";

/// Facts of kgateway. Reports are of 2.4.5; source was read at 2.4.0.
pub(super) static KGATEWAY: Profile = Profile {
    word: "kgateway",
    title: "kgateway 2.4.5",
    controller: "kgateway.dev/kgateway",
    classes: &["kgateway"],
    default_class: "kgateway",
    dns: Fact::new(Form::KgatewayBackend, BACKEND),
    vendor: Fact::new(Some(Form::KgatewayBackend), BACKEND),
    external_name: Fact::new(
        false,
        "kgateway 2.4.0, design/10611-rename-upstream-type-to-backend.md: not supported",
    ),
    vendor_labels_min: Fact::new(
        1,
        "kgateway 2.4.0, backend_types.go: host has minLength 1 and no other bound",
    ),
    ip: Fact::new(
        Form::Endpoints,
        "conformance report v1.6, kgateway 2.4.5: GATEWAY-HTTP core, nothing skipped",
    ),
    relay_service_type: CLUSTER_IP,
    tls_policy: Fact::new(true, REPORT),
    system_cas: Fact::new(
        Support::Yes,
        "kgateway 2.4.0, pkg/kgateway/extensions2/plugins/backendtlspolicy/plugin.go",
    ),
    subject_alt_names: Fact::new(Support::Yes, REPORT),
    skip_verify: Fact::new(
        SkipVerify::Never,
        "kgateway 2.4.0: only by a BackendConfigPolicy, which is not written",
    ),
    host_rewrite: Fact::new(
        HostRewrite::Rule,
        "conformance report v1.6, kgateway 2.4.5; 2.4.0 silently skips a backend's URLRewrite (builtin.go)",
    ),
    routes_refused: Fact::new(
        &[Kind::UdpRoute],
        "kgateway 2.4.0, pkg/deployer/gatewayclass.go exempts UDPRoute, and nothing else names it",
    ),
    tls_mixed: Fact::new(Support::Yes, REPORT),
    weight_max: GATEWAY_API_WEIGHT,
    targets_max: GATEWAY_API_TARGETS,
    tls_route_targets_max: GATEWAY_API_TARGETS,
    one_tls_name_a_rule: TLS_NAMES_DIFFER,
    update_time: no_update_time("kgateway 2.4.5: none verified, taken as none"),
    pods: no_pods("kgateway 2.4.5: none verified"),
    switches: &[],
    quirks: Quirks::NONE,
};
