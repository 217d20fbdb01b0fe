//! The top of the values and their smaller sections. Gateways, services and routes have their own files.

use super::gateway::GATEWAY;
use super::host_network::HOST_NETWORK;
use super::monitoring::MONITORING;
use super::organization::{MIGRATION, ORGANIZATION, PLACEMENTS, SHARDING};
use super::relay::RELAY;
use super::route::ROUTE;
use super::service::SERVICE;
use super::shape::{Choice, Dictionary, Field, List, Object, Shape, Unique};
use super::tenant_cluster::TENANT_CLUSTERS;
use super::text;
use crate::profile;

/// The root of a values file.
pub static VALUES: Object = Object {
    name: "values",
    doc: "Values of the gatewright chart: who exposes what.",
    fields: &[
        Field::new(
            "profile",
            Shape::Choice(&PROFILE),
            "controller whose objects are rendered; auto: by the Gateway's class name, else portable",
        )
        .default("auto"),
        Field::new(
            "gatewayAPI",
            Shape::Object(&GATEWAY_API),
            "release and channel of the Gateway API CRDs in the cluster",
        ),
        Field::new(
            "externalHostnames",
            Shape::Choice(&EXTERNAL_HOSTNAMES),
            "how an upstream named by DNS is reached; auto: the profile's way",
        )
        .default("auto"),
        Field::new("names", Shape::Object(&NAMES), "templates of derived names"),
        Field::new(
            "nameOverride",
            Shape::Text(&text::LABEL_VALUE),
            "value of the label app.kubernetes.io/name, in place of the chart's name",
        ),
        Field::new(
            "fullnameOverride",
            Shape::Text(&text::LABEL_VALUE),
            "base of the relay's object names, in place of release and chart name",
        ),
        Field::new("labels", Shape::Map(&LABELS), "labels of every object; an object's own win over these"),
        Field::new(
            "annotations",
            Shape::Map(&ANNOTATIONS),
            "annotations of every object; an object's own win over these",
        ),
        Field::new(
            "enabled",
            Shape::Either(&[Shape::Boolean, Shape::Object(&ENABLED)]),
            "which parts are rendered",
        )
        .default("true"),
        Field::new(
            "externalServices",
            Shape::Named(&Shape::Object(&SERVICE)),
            "services outside the cluster",
        ),
        Field::new(
            "gateway",
            Shape::Object(&GATEWAY),
            "the Gateway; what is missing is derived from the services",
        ),
        Field::new("gateways", Shape::Named(&Shape::Object(&GATEWAY)), "further Gateways"),
        Field::new("routes", Shape::Named(&Shape::Switch(&ROUTE)), "routes; none: one per service"),
        Field::new(
            "referenceGrants",
            Shape::Choice(&REFERENCE_GRANTS),
            "which ReferenceGrants are rendered; auto: where this release also creates what is referred to",
        )
        .default("auto"),
        Field::new("dns", Shape::Object(&DNS), "DNSEndpoints for external-dns"),
        Field::new("certificates", Shape::Object(&CERTIFICATES), "Certificates for cert-manager"),
        Field::new(
            "relay",
            Shape::Object(&RELAY),
            "the TCP relay, for controllers that cannot reach a DNS name",
        ),
        Field::new(
            "baseDomain",
            Shape::Text(&text::EXACT_HOSTNAME),
            "the domain below which organizations have their host names",
        ),
        Field::new(
            "organizations",
            Shape::Named(&Shape::Object(&ORGANIZATION)),
            "tenants that share Gateways; each service of theirs gets a route",
        ),
        Field::new(
            "tenantClusters",
            Shape::List(&TENANT_CLUSTERS),
            "Kubernetes APIs of tenants' clusters, each under a host name of its own by TLS passthrough",
        ),
        Field::new("sharding", Shape::Object(&SHARDING), "how organizations share Gateways"),
        Field::new("placements", Shape::Object(&PLACEMENTS), "where organizations are already"),
        Field::new(
            "migration",
            Shape::Object(&MIGRATION),
            "the way of organizations from one strategy to another without a gap",
        ),
        Field::new(
            "hostNetwork",
            Shape::Object(&HOST_NETWORK),
            "nodes whose own network the data plane uses, for `gatewright plan --emit`",
        ),
        Field::new(
            "monitoring",
            Shape::Object(&MONITORING),
            "alerts for Prometheus, a dashboard for Grafana",
        ),
        Field::new("global", Shape::Any, "Helm's global values: ignored"),
        Field::new("tags", Shape::Any, "Helm's tags: ignored"),
    ],
};

static PROFILE: Choice = Choice { words: &profile::WORDS, limited: &[], any_case: false };

static GATEWAY_API: Object = Object {
    name: "gatewayAPI",
    doc: "What the cluster serves.",
    fields: &[
        Field::new("version", Shape::Text(&text::RELEASE), "1.4, 1.5, 1.6 or 1.7; a patch level is fine"),
        Field::new("channel", Shape::Choice(&CHANNEL), "channel of the CRDs").default("standard"),
    ],
};

static CHANNEL: Choice = Choice { words: &["standard", "experimental"], limited: &[], any_case: false };

static EXTERNAL_HOSTNAMES: Choice = Choice {
    words: &["auto", "backend", "externalName", "relay", "xbackend"],
    limited: &[],
    any_case: false,
};

static NAMES: Object = Object {
    name: "names",
    doc: "Templates (MiniJinja) over service, namespace, release, protocol and port.",
    fields: &[
        Field::new("route", Shape::Text(&text::NOT_EMPTY), "name of a derived route"),
        Field::new("hostname", Shape::Text(&text::NOT_EMPTY), "host name of a derived route"),
        Field::new(
            "organizationHostname",
            Shape::Text(&text::NOT_EMPTY),
            "host name of an organization's service, over org and baseDomain too",
        )
        .default("{{ service }}.{{ org }}.{{ baseDomain }}"),
    ],
};

/// Labels of an object.
pub static LABELS: Dictionary =
    Dictionary { key: &text::QUALIFIED_NAME, value: Shape::Text(&text::LABEL_VALUE), bound: None };

/// Annotations of an object.
pub static ANNOTATIONS: Dictionary =
    Dictionary { key: &text::QUALIFIED_NAME, value: Shape::Text(&text::ANY), bound: None };

static ENABLED: Object = Object {
    name: "enabled",
    doc: "Which parts are rendered.",
    fields: &[
        Field::new("services", Shape::Boolean, "backends of external services, with what belongs to them")
            .default("true"),
        Field::new(
            "gateway",
            Shape::Boolean,
            "Gateways; false: routes attach to an existing one of that name",
        )
        .default("true"),
        Field::new("routes", Shape::Boolean, "routes").default("true"),
    ],
};

static REFERENCE_GRANTS: Choice = Choice { words: &["auto", "all", "none"], limited: &[], any_case: false };

static DNS: Object = Object {
    name: "dns",
    doc: "external-dns.",
    fields: &[
        Field::new(
            "enabled",
            Shape::Boolean,
            "whether a DNSEndpoint is rendered for each route's host names",
        )
        .default("false"),
        Field::new(
            "ttl",
            Shape::Integer(1, 2_147_483_647, "RFC 2181 8"),
            "time to live of the records, in seconds",
        )
        .default("300"),
        Field::new(
            "targets",
            Shape::List(&TARGETS),
            "addresses or one host name that the records point to; absent: the Gateway's addresses",
        ),
    ],
};

static TARGETS: List =
    List { of: Shape::Text(&text::NOT_EMPTY), bound: None, unique: Unique::Items, indexed: false };

static CERTIFICATES: Object = Object {
    name: "certificates",
    doc: "cert-manager.",
    fields: &[
        Field::new(
            "enabled",
            Shape::Boolean,
            "whether a Certificate is rendered for each Terminate listener without certificateRefs",
        )
        .default("false"),
        Field::new("issuerRef", Shape::Object(&ISSUER_REF), "who issues; required when enabled"),
        Field::new(
            "solver",
            Shape::Choice(&SOLVER),
            "how an ACME issuer proves control of a domain; wildcards take dns01; none: it is no ACME issuer",
        ),
    ],
};

static SOLVER: Choice = Choice { words: &["dns01", "http01", "none"], limited: &[], any_case: false };

/// Who issues certificates.
pub static ISSUER_REF: Object = Object {
    name: "issuerRef",
    doc: "A cert-manager issuer.",
    fields: &[
        Field::new("name", Shape::Text(&text::OBJECT_NAME), "name of the issuer"),
        Field::new(
            "kind",
            Shape::Text(&text::NOT_EMPTY),
            "Issuer (default), ClusterIssuer, or an external issuer's kind",
        ),
        Field::new("group", Shape::Text(&text::NOT_EMPTY), "API group of an external issuer"),
    ],
};
