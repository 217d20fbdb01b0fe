//! GKE: Google Cloud load balancers, with only what one conformance report says.

use super::metrics::{no_pods, no_update_time};
use super::{
    ANY_LABELS, CLUSTER_IP, Fact, Form, GATEWAY_API_TARGETS, GATEWAY_API_WEIGHT, HostRewrite, Profile,
    Quirks, SkipVerify, Support, TLS_NAMES_DIFFER,
};
use crate::release::Kind;

const REPORT: &str = "conformance report v1.6, GKE 1.36.2";
const NOT_FOUND: &str = "GKE 1.36.2: none documented, taken as none";

/// Facts of GKE's own controller. Every class it makes begins with `gke-l7-`.
pub(super) static GKE: Profile = Profile {
    word: "gke",
    title: "GKE 1.36.2",
    controller: "networking.gke.io/gateway",
    classes: &["gke-l7-*"],
    default_class: "gke-l7-global-external-managed",
    dns: Fact::new(Form::Relay, NOT_FOUND),
    vendor: Fact::new(None, NOT_FOUND),
    external_name: Fact::new(false, NOT_FOUND),
    vendor_labels_min: ANY_LABELS,
    ip: Fact::new(Form::Endpoints, "conformance report v1.6, GKE 1.36.2: GATEWAY-HTTP core, nothing skipped"),
    relay_service_type: CLUSTER_IP,
    tls_policy: Fact::new(true, REPORT),
    system_cas: Fact::new(Support::Unreported, "GKE 1.36.2: its documents were not read on this"),
    subject_alt_names: Fact::new(Support::Yes, REPORT),
    skip_verify: Fact::new(SkipVerify::Never, NOT_FOUND),
    host_rewrite: Fact::new(HostRewrite::Rule, REPORT),
    routes_refused: Fact::new(
        &[],
        "conformance report v1.6, GKE 1.36.2: HTTPRoute alone has a profile; none is refused",
    ),
    tls_mixed: Fact::new(Support::Unreported, "conformance report v1.6, GKE 1.36.2: no TLS profile"),
    weight_max: GATEWAY_API_WEIGHT,
    targets_max: GATEWAY_API_TARGETS,
    tls_route_targets_max: GATEWAY_API_TARGETS,
    one_tls_name_a_rule: TLS_NAMES_DIFFER,
    update_time: no_update_time("GKE 1.36.2: none documented, taken as none"),
    pods: no_pods("GKE 1.36.2: a load balancer outside the cluster"),
    switches: &[],
    quirks: Quirks {
        routes_unreported: Some(Fact::new(
            &[Kind::GrpcRoute, Kind::TlsRoute, Kind::TcpRoute, Kind::UdpRoute],
            "conformance report v1.6, GKE 1.36.2: HTTPRoute alone has a profile",
        )),
        ..Quirks::NONE
    },
};
