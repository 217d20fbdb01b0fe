//! `routes`: Gateway API's own shapes, with backends that may name an external service.

use super::filter::{GRPC_FILTERS, HTTP_FILTERS};
use super::sections::{ANNOTATIONS, LABELS};
use super::shape::{Bound, Choice, Field, List, Object, PORT, Shape, Switch, Unique, WEIGHT};
use super::text;
use crate::release::{ROUTE_KINDS, Release};

/// A route of any kind.
pub static ROUTE: Switch = Switch {
    key: "kind",
    default: &HTTP_ROUTE,
    apart: &["name", "namespace", "kind"],
    cases: &[
        ("GRPCRoute", &GRPC_ROUTE),
        ("TLSRoute", &TLS_ROUTE),
        ("TCPRoute", &TCP_ROUTE),
        ("UDPRoute", &UDP_ROUTE),
    ],
};

/// The fields of every route kind, then its rules.
macro_rules! route {
    ($name:literal, $doc:literal, $rules:expr $(, $more:expr)*) => {
        Object {
            name: $name,
            doc: $doc,
            fields: &[
                Field::new("name", Shape::Text(&text::OBJECT_NAME), "name of the route, unique in its namespace; parts beyond a limit are `<name>-002` …").required(),
                Field::new("kind", Shape::Choice(&KIND), "default HTTPRoute"),
                Field::new("gateway", Shape::Text(&text::OBJECT_NAME), "one of this release's Gateways; absent: the only one"),
                Field::new("sectionName", Shape::Text(&text::OBJECT_NAME), "one listener of that Gateway"),
                Field::new("parentRefs", Shape::List(&PARENT_REFS), "parents in Gateway API's form, in place of gateway and sectionName"),
                Field::new("namespace", Shape::Text(&text::DNS_LABEL), "default the release's"),
                $($more,)*
                Field::new("rules", $rules, "what goes where"),
                Field::new("useDefaultGateways", Shape::Choice(&DEFAULT_GATEWAYS), "attach to the cluster's default Gateways").since(None, Release::V1_4),
                Field::new("description", Shape::Text(&text::ANY), "becomes the annotation `description`"),
                Field::new("labels", Shape::Map(&LABELS), "labels of the route"),
                Field::new("annotations", Shape::Map(&ANNOTATIONS), "annotations of the route"),
            ],
        }
    };
}

const HOSTNAMES_FIELD: Field = Field::new("hostnames", Shape::List(&HOSTNAMES), "hosts it answers for");

static HTTP_ROUTE: Object = route!("httpRoute", "An HTTPRoute.", Shape::List(&HTTP_RULES), HOSTNAMES_FIELD);
static GRPC_ROUTE: Object = route!("grpcRoute", "A GRPCRoute.", Shape::List(&GRPC_RULES), HOSTNAMES_FIELD);
static TLS_ROUTE: Object = route!("tlsRoute", "A TLSRoute.", Shape::List(&L4_RULES), HOSTNAMES_FIELD);
static TCP_ROUTE: Object = route!("tcpRoute", "A TCPRoute.", Shape::List(&L4_RULES));
static UDP_ROUTE: Object = route!("udpRoute", "A UDPRoute.", Shape::List(&L4_RULES));

static KIND: Choice = Choice { words: &ROUTE_KINDS, limited: &[], any_case: false };

static DEFAULT_GATEWAYS: Choice = Choice { words: &["All", "None"], limited: &[], any_case: false };

static HOSTNAMES: List =
    List { of: Shape::Text(&text::HOSTNAME), bound: None, unique: Unique::Items, indexed: false };

static PARENT_REFS: List = List {
    of: Shape::Object(&PARENT_REF),
    bound: Some(Bound {
        max: 32,
        before: None,
        source: "Gateway API v1.6.1, spec.parentRefs maxItems of every route kind",
    }),
    unique: Unique::Nothing,
    indexed: false,
};

static PARENT_REF: Object = Object {
    name: "parentRef",
    doc: "A parent in Gateway API's form.",
    fields: &[
        Field::new("name", Shape::Text(&text::OBJECT_NAME), "name of the parent").required(),
        Field::new("namespace", Shape::Text(&text::DNS_LABEL), "its namespace; default the route's"),
        Field::new("sectionName", Shape::Text(&text::OBJECT_NAME), "one listener of it"),
        Field::new("port", PORT, "one port of it"),
        Field::new("kind", Shape::Text(&text::KIND), "default Gateway"),
        Field::new("group", Shape::Text(&text::GROUP), "default gateway.networking.k8s.io"),
    ],
};

const fn list(of: &'static Object) -> List {
    List { of: Shape::Object(of), bound: None, unique: Unique::Nothing, indexed: true }
}

static HTTP_RULES: List = list(&HTTP_RULE);
static GRPC_RULES: List = list(&GRPC_RULE);
static L4_RULES: List = list(&L4_RULE);

const RULE_NAME: Field = Field::new("name", Shape::Text(&text::OBJECT_NAME), "name of the rule");
const BACKEND_REFS_FIELD: Field =
    Field::new("backendRefs", Shape::List(&BACKEND_REFS), "who answers, shared by weight");
const SESSION_PERSISTENCE_FIELD: Field =
    Field::new("sessionPersistence", Shape::Object(&SESSION_PERSISTENCE), "keep a client on one backend")
        .since(None, Release::V1_4);

static HTTP_RULE: Object = Object {
    name: "httpRule",
    doc: "A rule of an HTTPRoute.",
    fields: &[
        RULE_NAME,
        Field::new("matches", Shape::List(&HTTP_MATCHES), "requests it is for; absent: every request"),
        Field::new("filters", Shape::List(&HTTP_FILTERS), "what is done to them"),
        BACKEND_REFS_FIELD,
        Field::new("timeouts", Shape::Object(&TIMEOUTS), "how long they may take"),
        Field::new("retry", Shape::Object(&RETRY), "when they are sent again")
            .since(Some(Release::V1_7), Release::V1_4),
        SESSION_PERSISTENCE_FIELD,
    ],
};

static GRPC_RULE: Object = Object {
    name: "grpcRule",
    doc: "A rule of a GRPCRoute.",
    fields: &[
        RULE_NAME,
        Field::new("matches", Shape::List(&GRPC_MATCHES), "calls it is for; absent: every call"),
        Field::new("filters", Shape::List(&GRPC_FILTERS), "what is done to them"),
        BACKEND_REFS_FIELD,
        SESSION_PERSISTENCE_FIELD,
    ],
};

static L4_RULE: Object = Object {
    name: "l4Rule",
    doc: "The rule of a TLSRoute, TCPRoute or UDPRoute.",
    fields: &[RULE_NAME, BACKEND_REFS_FIELD],
};

static BACKEND_REFS: List = list(&BACKEND_REF);

static BACKEND_REF: Object = Object {
    name: "backendRef",
    doc: "A backend: an external service, a Service of the cluster, or an address.",
    fields: &[
        Field::new(
            "name",
            Shape::Text(&text::OBJECT_NAME),
            "an external service of these values, else a Service of the cluster",
        ),
        Field::new(
            "address",
            Shape::Text(&text::NOT_EMPTY),
            "an endpoint in place of a name: host or host:port",
        ),
        Field::new("port", PORT, "the service's port"),
        Field::new(
            "namespace",
            Shape::Text(&text::DNS_LABEL),
            "namespace of a Service of the cluster; default the route's",
        ),
        Field::new("weight", WEIGHT, "its share; default 1"),
        Field::new("kind", Shape::Text(&text::KIND), "default Service"),
        Field::new("group", Shape::Text(&text::GROUP), "default the core group"),
        Field::new("filters", Shape::List(&HTTP_FILTERS), "what is done to requests for this backend"),
    ],
};

static HTTP_MATCHES: List = list(&HTTP_MATCH);

static HTTP_MATCH: Object = Object {
    name: "httpMatch",
    doc: "Conditions on a request, all of which must hold.",
    fields: &[
        Field::new("path", Shape::Object(&PATH_MATCH), "its path; default every path"),
        Field::new("method", Shape::Choice(&METHOD), "its method").default("every method"),
        Field::new("headers", Shape::List(&HEADER_MATCHES), "its headers"),
        Field::new("queryParams", Shape::List(&HEADER_MATCHES), "its query parameters"),
    ],
};

static PATH_MATCH: Object = Object {
    name: "pathMatch",
    doc: "A condition on the path.",
    fields: &[
        Field::new("type", Shape::Choice(&PATH_TYPE), "PathPrefix (default), Exact, RegularExpression"),
        Field::new("value", Shape::Text(&text::PATH), "default /"),
    ],
};

static PATH_TYPE: Choice =
    Choice { words: &["PathPrefix", "Exact", "RegularExpression"], limited: &[], any_case: false };

static METHOD: Choice = Choice {
    words: &["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"],
    limited: &[],
    any_case: true,
};

static HEADER_MATCHES: List = List {
    of: Shape::Object(&HEADER_MATCH),
    bound: Some(Bound {
        max: 16,
        before: None,
        source: "Gateway API v1.6.1, spec.rules[].matches[].headers and queryParams maxItems",
    }),
    unique: Unique::Key("name"),
    indexed: false,
};

static HEADER_MATCH: Object = Object {
    name: "headerMatch",
    doc: "A condition on a header or query parameter.",
    fields: &[
        Field::new("name", Shape::Text(&text::HEADER_NAME), "its name").required(),
        Field::new("type", Shape::Choice(&VALUE_TYPE), "Exact (default), RegularExpression"),
        Field::new("value", Shape::Text(&text::HEADER_VALUE), "its value").required(),
    ],
};

static VALUE_TYPE: Choice = Choice { words: &["Exact", "RegularExpression"], limited: &[], any_case: false };

static GRPC_MATCHES: List = list(&GRPC_MATCH);

static GRPC_MATCH: Object = Object {
    name: "grpcMatch",
    doc: "Conditions on a call, all of which must hold.",
    fields: &[
        Field::new("method", Shape::Object(&GRPC_METHOD), "its service and method"),
        Field::new("headers", Shape::List(&HEADER_MATCHES), "its metadata"),
    ],
};

static GRPC_METHOD: Object = Object {
    name: "grpcMethod",
    doc: "A condition on service and method.",
    fields: &[
        Field::new("type", Shape::Choice(&VALUE_TYPE), "Exact (default), RegularExpression"),
        Field::new("service", Shape::Text(&text::NOT_EMPTY), "the service, with its package"),
        Field::new("method", Shape::Text(&text::NOT_EMPTY), "the method"),
    ],
};

static TIMEOUTS: Object = Object {
    name: "timeouts",
    doc: "How long a request may take.",
    fields: &[
        Field::new("request", Shape::Text(&text::DURATION), "the whole of it; 0s: no limit"),
        Field::new(
            "backendRequest",
            Shape::Text(&text::DURATION),
            "one try at a backend; not more than request",
        ),
    ],
};

static RETRY: Object = Object {
    name: "retry",
    doc: "When a request is sent again.",
    fields: &[
        Field::new("codes", Shape::List(&RETRY_CODES), "status codes"),
        Field::new("attempts", Shape::Integer(0, 2_147_483_647, ""), "how often at most"),
        Field::new("backoff", Shape::Text(&text::DURATION), "how long to wait at least"),
    ],
};

static RETRY_CODES: List = List {
    of: Shape::Integer(400, 599, "Gateway API v1.6.1, HTTPRouteRetryStatusCode"),
    bound: None,
    unique: Unique::Nothing,
    indexed: false,
};

static SESSION_TYPE: Choice = Choice { words: &["Cookie", "Header"], limited: &[], any_case: false };

static SESSION_PERSISTENCE: Object = Object {
    name: "sessionPersistence",
    doc: "Keeps a client on one backend.",
    fields: &[
        Field::new("type", Shape::Choice(&SESSION_TYPE), "Cookie (default) or Header"),
        Field::new("absoluteTimeout", Shape::Text(&text::DURATION), "after which the session ends"),
        Field::new("idleTimeout", Shape::Text(&text::DURATION), "until 1.5").until(Release::V1_5),
        Field::new("sessionName", Shape::Text(&text::NOT_EMPTY), "until 1.6: name of the cookie or header")
            .until(Release::V1_6),
        Field::new("cookieConfig", Shape::Any, "until 1.6").until(Release::V1_6),
        Field::new("cookie", Shape::Any, "from 1.7 on").since(None, Release::V1_7),
        Field::new("header", Shape::Any, "from 1.7 on").since(None, Release::V1_7),
    ],
};
