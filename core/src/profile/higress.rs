//! Higress: Istio's code under another name; it reports no extended feature.

use super::metrics::{Pods, no_update_time};
use super::{
    ANY_LABELS, CLUSTER_IP, Fact, Form, GATEWAY_API_TARGETS, GATEWAY_API_WEIGHT, HostRewrite, Profile,
    Quirks, SkipVerify, Support, Switch, TLS_NAMES_DIFFER,
};
use crate::release::Kind;

const UNREPORTED: &str = "conformance report v1.6, Higress 2.2.4: no extended feature listed";
const FORK: &str =
    "Higress at 4e0d691 (2026-04-30), pkg/ingress/kube/gateway/istio/conversion.go, as Istio's: not run";

/// Facts of Higress. It makes the class `higress`; `higress-gateway` is seen in people's manifests.
pub(super) static HIGRESS: Profile = Profile {
    word: "higress",
    title: "Higress 2.2.4",
    controller: "higress.io/gateway-controller",
    classes: &["higress", "higress-gateway"],
    default_class: "higress",
    dns: Fact::new(Form::ServiceEntry, FORK),
    vendor: Fact::new(Some(Form::ServiceEntry), FORK),
    external_name: Fact::new(false, "Higress 2.2.4: not documented; as Istio, whose code it is"),
    vendor_labels_min: ANY_LABELS,
    ip: Fact::new(
        Form::Endpoints,
        "conformance report v1.6, Higress 2.2.4: GATEWAY-HTTP core, nothing skipped",
    ),
    relay_service_type: CLUSTER_IP,
    tls_policy: Fact::new(
        true,
        "Higress at 182cf89, gateway/istio/backend_policies.go: v1alpha3, Services only; unreported",
    ),
    system_cas: Fact::new(Support::Unreported, UNREPORTED),
    subject_alt_names: Fact::new(Support::Unreported, UNREPORTED),
    skip_verify: Fact::new(SkipVerify::Never, "Higress 2.2.4: DestinationRule is Istio's; unreported here"),
    host_rewrite: Fact::new(
        HostRewrite::Rule,
        "Higress at 4e0d691, conversion.go, as Istio's; HTTPRouteHostRewrite is unreported for 2.2.4",
    ),
    routes_refused: Fact::new(
        &[Kind::UdpRoute],
        "Higress at 4e0d691, conversion.go, as Istio's: listener protocol UDP is unsupported (inferred)",
    ),
    tls_mixed: Fact::new(Support::Unreported, UNREPORTED),
    weight_max: GATEWAY_API_WEIGHT,
    targets_max: GATEWAY_API_TARGETS,
    tls_route_targets_max: GATEWAY_API_TARGETS,
    one_tls_name_a_rule: TLS_NAMES_DIFFER,
    update_time: no_update_time("Higress 2.2.4: none verified, taken as none"),
    pods: Fact::new(
        Some(Pods::Shared("higress-gateway")),
        "Higress at 0337c29, helm/core/values.yaml gateway.name",
    ),
    switches: &[Switch {
        form: Form::ServiceEntry,
        text: "install Istio's CRDs and set `global.enableIstioAPI: true` in Higress's chart (off in some)",
        source: "Higress chart 2.2.1, helm/core/values.yaml: on; the same file at 0337c29: off",
    }],
    quirks: Quirks {
        alpha_policy: Some(Fact::new("v1alpha3", "Higress at 182cf89, gateway/istio/backend_policies.go")),
        ..Quirks::NONE
    },
};
