//! AWS Load Balancer Controller: load balancers outside the cluster, which reach nodes or pods only.

use super::metrics::{no_pods, no_update_time};
use super::{
    ANY_LABELS, Fact, Form, GATEWAY_API_TARGETS, HostRewrite, Layer, LoadBalancer, Profile, Quirks,
    SkipVerify, Support, TLS_NAMES_DIFFER,
};
use crate::release::Kind;

const REPORT: &str = "conformance report v1.6, AWS Load Balancer Controller 3.5.0: listed as unsupported";
const NO_POLICY: &str =
    "AWS Load Balancer Controller 3.5.0, docs/guide/gateway/l7gateway.md: no BackendTLSPolicy";
const LAYERS: &str = "AWS Load Balancer Controller 3.5.0, l7gateway.md and l4gateway.md; its guide: mixing protocol layers \
                      on the same Gateway is not supported";
const SERVICES: &str = "AWS Load Balancer Controller 3.5.0 at 225f445, pkg/gateway/routeutils/backend.go";

/// Facts of AWS Load Balancer Controller: HTTPRoute and GRPCRoute on an ALB, others on an NLB.
///
/// An ALB's controller is `gateway.k8s.aws/alb`, an NLB's `gateway.k8s.aws/nlb`. It makes no class:
/// `aws-alb` is a habit, the others are of its documents. `alb` and `nlb` would name other clouds' too.
pub(super) static AWS: Profile = Profile {
    word: "aws",
    title: "AWS Load Balancer Controller 3.5.0",
    controller: "gateway.k8s.aws/alb",
    classes: &["aws-alb", "aws-alb-gateway-class", "nlb-gateway"],
    default_class: "aws-alb",
    dns: Fact::new(Form::Relay, SERVICES),
    vendor: Fact::new(None, SERVICES),
    external_name: Fact::new(false, "AWS Load Balancer Controller 3.5.0: not documented, taken as no"),
    vendor_labels_min: ANY_LABELS,
    ip: Fact::new(
        Form::Relay,
        "conformance report v1.6, AWS Load Balancer Controller 3.5.0: HTTPRouteServiceTypes skipped",
    ),
    relay_service_type: Fact::new(
        "NodePort",
        "AWS Load Balancer Controller 3.5.0, targetgroupconfig.md: targetType is instance by default",
    ),
    tls_policy: Fact::new(false, REPORT),
    system_cas: Fact::new(Support::No, NO_POLICY),
    subject_alt_names: Fact::new(Support::No, NO_POLICY),
    skip_verify: Fact::new(
        SkipVerify::Never,
        "AWS Load Balancer Controller 3.5.0: HTTPS target groups never verify (inferred), and are not written",
    ),
    host_rewrite: Fact::new(HostRewrite::Never, REPORT),
    routes_refused: Fact::new(
        &[],
        "AWS Load Balancer Controller 3.5.0, l7gateway.md and l4gateway.md; only HTTPRoute is reported",
    ),
    tls_mixed: Fact::new(
        Support::Unreported,
        "conformance report v1.6, AWS Load Balancer Controller 3.5.0: no TLS profile",
    ),
    weight_max: Fact::new(
        999,
        "AWS Elastic Load Balancing API, TargetGroupTuple Weight; backend.go at 225f445 refuses more",
    ),
    targets_max: Fact::new(
        5,
        "Application Load Balancer quotas, docs.aws.amazon.com: target groups per action, not adjustable",
    ),
    tls_route_targets_max: GATEWAY_API_TARGETS,
    one_tls_name_a_rule: TLS_NAMES_DIFFER,
    update_time: no_update_time(
        "AWS Load Balancer Controller at 06cf08d, pkg/metrics/lbc/instruments.go: none of routes",
    ),
    pods: no_pods("AWS Load Balancer Controller 3.5.0: a load balancer outside the cluster"),
    switches: &[],
    quirks: Quirks {
        layers: &[
            Layer {
                what: "an Application Load Balancer",
                controller: "gateway.k8s.aws/alb",
                classes: &["aws-alb", "aws-alb-gateway-class"],
                kinds: &[Kind::HttpRoute, Kind::GrpcRoute],
                source: LAYERS,
            },
            Layer {
                what: "a Network Load Balancer",
                controller: "gateway.k8s.aws/nlb",
                classes: &["nlb-gateway"],
                kinds: &[Kind::TlsRoute, Kind::TcpRoute, Kind::UdpRoute],
                source: LAYERS,
            },
        ],
        load_balancer: Some(Fact::new(
            LoadBalancer { certificates: 25, rules: 100, target_groups: 100 },
            "Application Load Balancer quotas, docs.aws.amazon.com: certificates and rules without the default ones \
             (both adjustable), target groups (not adjustable)",
        )),
        ..Quirks::NONE
    },
};
