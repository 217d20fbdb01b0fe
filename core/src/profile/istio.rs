//! Istio: ServiceEntry for names, referred to as kind Hostname; no UDP.

use super::metrics::{Pods, Spread, UpdateTime};
use super::{
    ANY_LABELS, CLUSTER_IP, Fact, Form, GATEWAY_API_TARGETS, GATEWAY_API_WEIGHT, HostRewrite, Profile,
    Quirks, SkipVerify, Support, TLS_NAMES_DIFFER,
};
use crate::release::Kind;

const REPORT: &str = "conformance report v1.6, Istio 1.31.0";
const HOSTNAME: &str =
    "Istio at f18fd540c0e8 (2026-06-05), pilot/pkg/config/kube/gateway/conversion.go buildDestination";

/// Facts of Istio. Source was read at f18fd540c0e8, between 1.30 and 1.31: no later one is a Go module.
///
/// `istio-waypoint`, `istio-remote` and `istio-east-west` are not listed: they are no ingress.
pub(super) static ISTIO: Profile = Profile {
    word: "istio",
    title: "Istio 1.31.0",
    controller: "istio.io/gateway-controller",
    classes: &["istio"],
    default_class: "istio",
    dns: Fact::new(Form::ServiceEntry, HOSTNAME),
    vendor: Fact::new(Some(Form::ServiceEntry), HOSTNAME),
    external_name: Fact::new(
        false,
        "Istio 1.21 and later, traffic-routing documentation: ExternalName is never a backend on its own",
    ),
    vendor_labels_min: ANY_LABELS,
    ip: Fact::new(
        Form::Endpoints,
        "conformance report v1.6, Istio 1.31.0: GATEWAY-HTTP core, nothing skipped",
    ),
    relay_service_type: CLUSTER_IP,
    tls_policy: Fact::new(true, REPORT),
    system_cas: Fact::new(
        Support::Yes,
        "Istio at f18fd540c0e8 (2026-06-05), pilot/pkg/config/kube/gateway/backend_policies.go: its default",
    ),
    subject_alt_names: Fact::new(Support::Yes, REPORT),
    skip_verify: Fact::new(
        SkipVerify::DestinationRule,
        "Istio API 1.31.1, DestinationRule CRD spec.trafficPolicy.tls.insecureSkipVerify",
    ),
    host_rewrite: Fact::new(
        HostRewrite::HostHeader,
        "Istio at f18fd540c0e8 (2026-06-05), pilot/pkg/networking/core/route/route.go: read, not run",
    ),
    routes_refused: Fact::new(
        &[Kind::UdpRoute],
        "Istio at f18fd540c0e8 (2026-06-05), conversion.go: listener protocol UDP is unsupported",
    ),
    tls_mixed: Fact::new(Support::Yes, REPORT),
    weight_max: GATEWAY_API_WEIGHT,
    targets_max: GATEWAY_API_TARGETS,
    tls_route_targets_max: GATEWAY_API_TARGETS,
    one_tls_name_a_rule: TLS_NAMES_DIFFER,
    update_time: Fact::new(
        Some(UpdateTime {
            metric: "pilot_proxy_convergence_time",
            series: "",
            spread: Spread::Histogram,
            per_second: 1,
            what: "a change of configuration to a proxy that has all of it",
        }),
        "Istio at 0098d99, pilot/pkg/xds/monitoring.go",
    ),
    pods: Fact::new(Some(Pods::NameAndClass), "Istio, Kubernetes Gateway API: automated deployment"),
    switches: &[],
    quirks: Quirks::NONE,
};
