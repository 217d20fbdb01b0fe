//! NGINX Gateway Fabric: ExternalName for names, once NGINX has a DNS resolver.

use super::metrics::{Spread, UpdateTime, no_pods};
use super::{
    ANY_LABELS, CLUSTER_IP, Fact, Form, GATEWAY_API_TARGETS, GATEWAY_API_WEIGHT, HostRewrite, Profile,
    Quirks, SkipVerify, Support, Switch,
};

const REPORT: &str = "conformance report v1.6, NGINX Gateway Fabric 2.7.0";
const BACKENDS: &str = "NGINX Gateway Fabric at e55bfe3, internal/controller/state/graph/backend_refs.go";
const COMPATIBILITY: &str =
    "NGINX documentation at 08c4aa3, content/ngf/overview/gateway-api-compatibility.md";

/// Facts of NGINX Gateway Fabric.
pub(super) static NGINX_GATEWAY_FABRIC: Profile = Profile {
    word: "nginx-gateway-fabric",
    title: "NGINX Gateway Fabric 2.7.0",
    controller: "gateway.nginx.org/nginx-gateway-controller",
    classes: &["nginx"],
    default_class: "nginx",
    dns: Fact::new(Form::ExternalName, BACKENDS),
    vendor: Fact::new(None, "NGINX Gateway Fabric 2.7.0: none found"),
    external_name: Fact::new(true, BACKENDS),
    vendor_labels_min: ANY_LABELS,
    ip: Fact::new(
        Form::Endpoints,
        "conformance report v1.6, NGINX Gateway Fabric 2.7.0: GATEWAY-HTTP core, nothing skipped",
    ),
    relay_service_type: CLUSTER_IP,
    tls_policy: Fact::new(true, REPORT),
    system_cas: Fact::new(Support::Yes, COMPATIBILITY),
    subject_alt_names: Fact::new(Support::No, COMPATIBILITY),
    skip_verify: Fact::new(SkipVerify::Never, "NGINX Gateway Fabric 2.7.0: none found"),
    host_rewrite: Fact::new(
        HostRewrite::Rule,
        "conformance report v1.6, NGINX Gateway Fabric 2.7.0; backend filters are not supported",
    ),
    routes_refused: Fact::new(
        &[],
        "conformance report v1.6, NGINX Gateway Fabric 2.7.0: HTTP, GRPC, TLS, TCP and UDP profiles",
    ),
    tls_mixed: Fact::new(Support::Yes, REPORT),
    weight_max: GATEWAY_API_WEIGHT,
    targets_max: GATEWAY_API_TARGETS,
    tls_route_targets_max: Fact::new(1, COMPATIBILITY),
    one_tls_name_a_rule: Fact::new(true, COMPATIBILITY),
    update_time: Fact::new(
        Some(UpdateTime {
            metric: "nginx_gateway_fabric_event_batch_processing_milliseconds",
            series: "",
            spread: Spread::Histogram,
            per_second: 1000,
            what: "a batch of Kubernetes events",
        }),
        "NGINX documentation, nginx-gateway-fabric/monitoring/prometheus",
    ),
    pods: no_pods("NGINX Gateway Fabric 2.7.0: none verified"),
    switches: &[Switch {
        form: Form::ExternalName,
        text: "set `spec.dnsResolver` of the NginxProxy that the Gateway or its GatewayClass refers to",
        source: "NGINX Gateway Fabric at b70b2ee, examples/externalname-service/gateway.yaml",
    }],
    quirks: Quirks::NONE,
};
