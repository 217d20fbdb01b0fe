//! `organizations`, `sharding`, `placements` and `migration`.

use super::super::gateway::{ADDRESSES, INFRASTRUCTURE};
use super::super::sections::{ISSUER_REF, LABELS};
use super::super::shape::{Choice, Dictionary, Field, List, Object, PORT, Shape, Unique};
use super::super::text;
use super::{PHASES, STRATEGIES};

/// Most Gateways that organizations are shared out over; our own bound, for every organization is held against
/// every Gateway.
pub(crate) const GATEWAYS_MAX: i64 = 10_000;

/// One organization.
pub(in crate::values) static ORGANIZATION: Object = Object {
    name: "organization",
    doc: "A tenant: its services, its namespaces and its host names.",
    fields: &[
        Field::new(
            "name",
            Shape::Text(&text::DNS_LABEL),
            "its name, unique; a label of its host names and a part of its objects' names",
        )
        .required(),
        Field::new(
            "services",
            Shape::Named(&Shape::Object(&SERVICE)),
            "Services of the cluster that it exposes, each by a route of its own",
        ),
        Field::new(
            "namespaces",
            Shape::List(&NAMESPACES),
            "its own namespaces: routes attach from them, and the first holds its certificate and its \
             ListenerSets; default the one of its name",
        ),
        Field::new(
            "hostnames",
            Shape::List(&HOSTNAMES),
            "its host names, in place of those that `names.organizationHostname` makes",
        ),
        Field::new("extraHostnames", Shape::List(&HOSTNAMES), "host names beside those"),
        Field::new("gateway", Shape::Object(&OWN_GATEWAY), "a Gateway of its own"),
        Field::new("certificate", Shape::Object(&CERTIFICATE), "its certificate"),
        Field::new("quota", Shape::Object(&QUOTA), "what it may have at most; beyond it is an error"),
    ],
};

static SERVICE: Object = Object {
    name: "organizationService",
    doc: "A Service of the cluster that an organization exposes.",
    fields: &[
        Field::new("name", Shape::Text(&text::DNS_LABEL), "name of the Service").required(),
        Field::new("port", PORT, "its port").required(),
        Field::new(
            "namespace",
            Shape::Text(&text::DNS_LABEL),
            "its namespace, one of the organization's; default the first of them",
        ),
        Field::new(
            "hostnames",
            Shape::List(&EXACT_HOSTNAMES),
            "its host names, in place of derived ones; one that the organization lists too stands beside them",
        ),
    ],
};

static NAMESPACES: List =
    List { of: Shape::Text(&text::DNS_LABEL), bound: None, unique: Unique::Items, indexed: false };

static HOSTNAMES: List =
    List { of: Shape::Text(&text::HOSTNAME), bound: None, unique: Unique::Items, indexed: true };

static EXACT_HOSTNAMES: List =
    List { of: Shape::Text(&text::EXACT_HOSTNAME), bound: None, unique: Unique::Items, indexed: false };

static OWN_GATEWAY: Object = Object {
    name: "organizationGateway",
    doc: "A Gateway of one organization's own.",
    fields: &[
        Field::new("dedicated", Shape::Boolean, "whether it has one").default("false"),
        Field::new(
            "className",
            Shape::Text(&text::OBJECT_NAME),
            "its GatewayClass; default that of `gateway`",
        ),
        Field::new("addresses", Shape::List(&ADDRESSES), "addresses to ask for"),
        Field::new(
            "infrastructure",
            Shape::Object(&INFRASTRUCTURE),
            "labels, annotations and parameters of what the controller creates",
        ),
        Field::new("labels", Shape::Map(&LABELS), "labels of the Gateway"),
    ],
};

static CERTIFICATE: Object = Object {
    name: "organizationCertificate",
    doc: "The certificate of one organization.",
    fields: &[
        Field::new(
            "issuerRef",
            Shape::Object(&ISSUER_REF),
            "who issues it, in place of `certificates.issuerRef`",
        ),
        Field::new(
            "secretName",
            Shape::Text(&text::OBJECT_NAME),
            "the Secret that holds it; default `<organization>-wildcard-tls`",
        ),
    ],
};

static QUOTA: Object = Object {
    name: "organizationQuota",
    doc: "What an organization may have at most.",
    fields: &[
        Field::new("hostnames", Shape::Integer(0, u32::MAX as i64, ""), "host names of its routes"),
        Field::new(
            "listeners",
            Shape::Integer(0, u32::MAX as i64, ""),
            "listeners, on Gateways and in ListenerSets",
        ),
    ],
};

/// How organizations share Gateways.
pub(in crate::values) static SHARDING: Object = Object {
    name: "sharding",
    doc: "How organizations share Gateways; the first of `gateway` and `gateways` is the one that others are made like.",
    fields: &[
        Field::new("strategy", Shape::Choice(&STRATEGY), "which organization gets which Gateway and listeners")
            .default("hybrid"),
        Field::new("gateways", Shape::Integer(1, GATEWAYS_MAX, ""), "number of Gateways of strategy `hash`")
            .default("3"),
        Field::new(
            "maxGateways",
            Shape::Integer(1, GATEWAYS_MAX, ""),
            "most shared Gateways of the strategies `hybrid` and `pool`",
        )
        .default("1, of `pool` 99"),
        Field::new(
            "listenerSets",
            Shape::Choice(&LISTENER_SETS),
            "whether listeners of organizations stand in ListenerSets of theirs, with strategy `hybrid`; auto: \
             where the release has the kind and the controller reports it",
        )
        .default("auto"),
        Field::new("limits", Shape::Object(&LIMITS), "what one Gateway takes at most, below Gateway API's bounds"),
    ],
};

static STRATEGY: Choice = Choice { words: &STRATEGIES, limited: &[], any_case: false };

static LISTENER_SETS: Choice = Choice { words: &["auto", "always", "never"], limited: &[], any_case: false };

static LIMITS: Object = Object {
    name: "shardLimits",
    doc: "What one Gateway takes at most.",
    fields: &[
        Field::new("listeners", LIMIT, "listeners, its own and those of its ListenerSets"),
        Field::new("certificates", LIMIT, "certificates"),
        Field::new("rules", LIMIT, "rules of routes"),
        Field::new(
            "targetGroups",
            LIMIT,
            "different backends, each a target group of a cloud's load balancer",
        ),
        Field::new("tlsHosts", LIMIT, "listeners that end TLS, each a filter chain of Envoy"),
    ],
};

const LIMIT: Shape = Shape::Integer(1, u32::MAX as i64 - 1, "");

/// Where organizations are already.
pub(in crate::values) static PLACEMENTS: Object = Object {
    name: "placements",
    doc: "Where organizations are already, as `gatewright plan --record` writes it: they stay there.",
    fields: &[
        Field::new("hash", Shape::Text(&text::NOT_EMPTY), "what placed them, for the record"),
        Field::new(
            "gateways",
            Shape::Map(&GATEWAY_BY_NAME),
            "Gateway by organization, or by host name with strategy `hash`",
        ),
    ],
};

static GATEWAY_BY_NAME: Dictionary =
    Dictionary { key: &text::OBJECT_NAME, value: Shape::Text(&text::OBJECT_NAME), bound: None };

/// The way from one strategy, or record, to another.
pub(in crate::values) static MIGRATION: Object = Object {
    name: "migration",
    doc: "The way from another strategy, or another record, to that of `sharding` and `placements`. The other keys of `sharding` hold for both.",
    fields: &[
        Field::new(
            "phase",
            Shape::Choice(&PHASE),
            "parallel: everybody has old and new listeners; cutover: those of `organizations` are served by the new \
             ones; cleanup: nothing old is left",
        )
        .required(),
        Field::new("from", Shape::Choice(&STRATEGY), "the strategy before").default("perService"),
        Field::new("organizations", Shape::List(&CUT_OVER), "who is cut over, in phase cutover"),
        Field::new(
            "placements",
            Shape::Object(&PLACEMENTS),
            "where organizations were before, if that was recorded; with `from` as `sharding.strategy` it says who moves",
        ),
    ],
};

static PHASE: Choice = Choice { words: &PHASES, limited: &[], any_case: false };

static CUT_OVER: List =
    List { of: Shape::Text(&text::DNS_LABEL), bound: None, unique: Unique::Items, indexed: true };
