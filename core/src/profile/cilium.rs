//! Cilium: no way to a DNS name, and TLS to an upstream only with a CA of one's own.

use super::metrics::{Pods, no_update_time};
use super::{
    ANY_LABELS, CLUSTER_IP, Fact, Form, GATEWAY_API_TARGETS, GATEWAY_API_WEIGHT, HostRewrite, Profile,
    Quirks, SkipVerify, Support, TLS_NAMES_DIFFER,
};

const REPORT: &str = "conformance report v1.6, Cilium 1.20.0";
const NO_MENTION: &str = "Cilium 1.20.0, operator/pkg: no object for upstreams outside the cluster";

/// Facts of Cilium.
pub(super) static CILIUM: Profile = Profile {
    word: "cilium",
    title: "Cilium 1.20.0",
    controller: "io.cilium/gateway-controller",
    classes: &["cilium"],
    default_class: "cilium",
    dns: Fact::new(Form::Relay, NO_MENTION),
    vendor: Fact::new(None, NO_MENTION),
    external_name: Fact::new(
        false,
        "Cilium 1.20.0, operator/pkg/gateway-api/routechecks: accepted, never a healthy upstream",
    ),
    vendor_labels_min: ANY_LABELS,
    ip: Fact::new(
        Form::Endpoints,
        "conformance report v1.6, Cilium 1.20.0: GATEWAY-HTTP core, nothing skipped",
    ),
    relay_service_type: CLUSTER_IP,
    tls_policy: Fact::new(true, REPORT),
    system_cas: Fact::new(
        Support::Ignored("Cilium accepts the policy and speaks plain HTTP to the upstream"),
        "Cilium 1.20.0, operator/pkg/model/translation/envoy_cluster_mutator.go withTLSOrigination",
    ),
    subject_alt_names: Fact::new(
        Support::Ignored("Cilium checks the certificate's chain and no name at all"),
        "Cilium 1.20.0, envoy_cluster_mutator.go: empty validation context; the report has no SAN validation",
    ),
    skip_verify: Fact::new(SkipVerify::Never, "Cilium 1.20.0, operator/pkg: none found"),
    host_rewrite: Fact::new(
        HostRewrite::Rule,
        "conformance report v1.6, Cilium 1.20.0; a backend's URLRewrite is silently ignored",
    ),
    routes_refused: Fact::new(
        &[],
        "conformance report v1.6, Cilium 1.20.0: HTTP, GRPC, TLS, TCP and UDP profiles",
    ),
    tls_mixed: Fact::new(
        Support::No,
        "conformance report v1.6, Cilium 1.20.0; HTTPS beside Passthrough is taken if no host name meets",
    ),
    weight_max: GATEWAY_API_WEIGHT,
    targets_max: GATEWAY_API_TARGETS,
    tls_route_targets_max: GATEWAY_API_TARGETS,
    one_tls_name_a_rule: TLS_NAMES_DIFFER,
    update_time: no_update_time(
        "Cilium 1.20.0, operator/pkg/controller-runtime/cell.go: metrics of the Gateway controllers are off",
    ),
    pods: Fact::new(
        Some(Pods::Shared("cilium-envoy")),
        "Cilium 1.20.0, install/kubernetes/cilium/templates/cilium-envoy/daemonset.yaml",
    ),
    switches: &[],
    quirks: Quirks {
        name_unchecked: Some(Fact::new(
            "Cilium checks no name, so it takes any certificate of that CA for the upstream's",
            "Cilium 1.20.0, envoy_cluster_mutator.go: empty validation context",
        )),
        ..Quirks::NONE
    },
};
