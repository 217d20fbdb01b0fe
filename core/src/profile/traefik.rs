//! Traefik: no way to a DNS name, host rewrite for each backend, no UDPRoute.

use super::metrics::{no_pods, no_update_time};
use super::{
    ANY_LABELS, CLUSTER_IP, Fact, Form, GATEWAY_API_TARGETS, GATEWAY_API_WEIGHT, HostRewrite, ListenerPorts,
    Profile, Quirks, SkipVerify, Support, TLS_NAMES_DIFFER,
};
use crate::release::Kind;

const REPORT: &str = "conformance report v1.6, Traefik 3.7.10";
const BACKENDS: &str = "Traefik 3.7.5, pkg/provider/kubernetes/gateway/kubernetes.go";
const TRANSPORT: &str = "Traefik 3.7.5, pkg/provider/kubernetes/gateway/httproute.go loadServersTransport";

/// Facts of Traefik. Reports are of 3.7.10; source was read at 3.7.5.
///
/// Its TCPRoute needs `experimentalChannel: true` of the provider.
pub(super) static TRAEFIK: Profile = Profile {
    word: "traefik",
    title: "Traefik 3.7.10",
    controller: "traefik.io/gateway-controller",
    classes: &["traefik"],
    default_class: "traefik",
    dns: Fact::new(Form::Relay, BACKENDS),
    vendor: Fact::new(None, "Traefik 3.7.5: TraefikService names a service of another provider, not a host"),
    external_name: Fact::new(
        false,
        "Traefik 3.7.5, pkg/provider/kubernetes/gateway/kubernetes.go: type ExternalName is not supported",
    ),
    vendor_labels_min: ANY_LABELS,
    ip: Fact::new(
        Form::Endpoints,
        "Traefik 3.7.5, kubernetes.go: EndpointSlices with port names and ready set",
    ),
    relay_service_type: CLUSTER_IP,
    tls_policy: Fact::new(
        true,
        "conformance report v1.6, Traefik 3.7.10; for HTTPRoute only, grpcroute.go never reads it",
    ),
    system_cas: Fact::new(Support::Yes, TRANSPORT),
    subject_alt_names: Fact::new(
        Support::Ignored("Traefik checks the policy's hostname alone"),
        "Traefik 3.7.5, httproute.go loadServersTransport; unsupported in conformance report v1.6, 3.7.10",
    ),
    skip_verify: Fact::new(
        SkipVerify::Never,
        "Traefik 3.7.5: a ServersTransport cannot be attached to a Gateway API backend (inferred)",
    ),
    host_rewrite: Fact::new(
        HostRewrite::Backend,
        "Traefik 3.7.5, pkg/provider/kubernetes/gateway/httproute.go: backend filters as rule filters",
    ),
    routes_refused: Fact::new(
        &[Kind::UdpRoute],
        "Traefik 3.7.5, kubernetes.go supportedRouteKinds: protocol UDP is unsupported",
    ),
    tls_mixed: Fact::new(Support::Yes, REPORT),
    weight_max: GATEWAY_API_WEIGHT,
    targets_max: GATEWAY_API_TARGETS,
    tls_route_targets_max: GATEWAY_API_TARGETS,
    one_tls_name_a_rule: TLS_NAMES_DIFFER,
    update_time: no_update_time(
        "Traefik 3.7.10, pkg/observability/metrics/prometheus.go: it counts reloads, and times none",
    ),
    pods: no_pods("Traefik 3.7.10: pods are called as its release is"),
    switches: &[],
    quirks: Quirks {
        listener_ports: Some(Fact::new(
            ListenerPorts {
                usual: &[8000, 8443],
                text: "the port of one of Traefik's entryPoints inside its pod, which Traefik's chart sets to 8000 and 8443",
                hint: "give Traefik's chart `ports.web.port` and `ports.websecure.port` (and a port for each other \
                       listener), or write `listeners` with the ports that its entryPoints have",
            },
            "traefik/traefik issues 8974 and 11842: no matching entryPoint for port; Traefik's chart v40.3.0, values.yaml",
        )),
        ..Quirks::NONE
    },
};
