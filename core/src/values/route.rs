//! `routes`: Gateway API's own shapes, with backends that may name an external service.

use super::sections::{ANNOTATIONS, LABELS};
use super::shape::{Bound, Choice, Field, List, Object, Shape, Switch, Unique};
use super::text;
use crate::limits::WEIGHT_MAX;
use crate::release::{Availability, Release};

/// A route of any kind.
pub static ROUTE: Switch = Switch {
    key: "kind",
    default: &HTTP_ROUTE,
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
                Field::new("name", Shape::Text(&text::OBJECT_NAME), "name of the route; parts beyond a limit are `<name>-002` …").required(),
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

static KIND: Choice = Choice {
    words: &["HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute"],
    limited: &[],
    any_case: false,
};

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
        Field::new("port", Shape::Integer(1, 65_535), "one port of it"),
        Field::new("kind", Shape::Text(&text::KIND), "default Gateway"),
        Field::new("group", Shape::Text(&text::GROUP), "default gateway.networking.k8s.io"),
    ],
};

const fn list(of: &'static Object) -> List {
    List { of: Shape::Object(of), bound: None, unique: Unique::Nothing, indexed: true }
}

const fn bounded(of: &'static Object, max: usize, source: &'static str) -> List {
    List {
        of: Shape::Object(of),
        bound: Some(Bound { max, before: None, source }),
        unique: Unique::Nothing,
        indexed: false,
    }
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
        Field::new("port", Shape::Integer(1, 65_535), "the service's port"),
        Field::new(
            "namespace",
            Shape::Text(&text::DNS_LABEL),
            "namespace of a Service of the cluster; default the route's",
        ),
        Field::new("weight", Shape::Integer(0, WEIGHT_MAX as i64), "its share; default 1"),
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
        Field::new("method", Shape::Choice(&METHOD), "its method"),
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

const FILTERS_SOURCE: &str = "Gateway API v1.6.1, spec.rules[].filters maxItems";
static HTTP_FILTERS: List = bounded(&HTTP_FILTER, 16, FILTERS_SOURCE);
static GRPC_FILTERS: List = bounded(&GRPC_FILTER, 16, FILTERS_SOURCE);

const HEADER_MODIFIER_FIELDS: [Field; 2] = [
    Field::new("requestHeaderModifier", Shape::Object(&HEADER_MODIFIER), "changes request headers"),
    Field::new("responseHeaderModifier", Shape::Object(&HEADER_MODIFIER), "changes response headers"),
];
const REQUEST_MIRROR_FIELD: Field =
    Field::new("requestMirror", Shape::Object(&REQUEST_MIRROR), "sends a copy elsewhere");
const EXTENSION_REF_FIELD: Field =
    Field::new("extensionRef", Shape::Object(&EXTENSION_REF), "the controller's own filter");

static HTTP_FILTER: Object = Object {
    name: "httpFilter",
    doc: "A filter of an HTTPRoute.",
    fields: &[
        Field::new("type", Shape::Choice(&HTTP_FILTER_TYPE), "which of the others it has").required(),
        HEADER_MODIFIER_FIELDS[0],
        HEADER_MODIFIER_FIELDS[1],
        REQUEST_MIRROR_FIELD,
        Field::new("requestRedirect", Shape::Object(&REDIRECT), "answers with a redirect"),
        Field::new("urlRewrite", Shape::Object(&URL_REWRITE), "changes host or path"),
        Field::new("cors", Shape::Object(&CORS), "answers cross-origin requests")
            .since(Some(Release::V1_5), Release::V1_4),
        Field::new("externalAuth", Shape::Object(&EXTERNAL_AUTH), "asks another service first")
            .since(None, Release::V1_4),
        EXTENSION_REF_FIELD,
    ],
};

static HTTP_FILTER_TYPE: Choice = Choice {
    words: &[
        "RequestHeaderModifier",
        "ResponseHeaderModifier",
        "RequestMirror",
        "RequestRedirect",
        "URLRewrite",
        "CORS",
        "ExternalAuth",
        "ExtensionRef",
    ],
    limited: &[
        ("CORS", Availability { standard: Some(Release::V1_5), experimental: Some(Release::V1_4) }),
        ("ExternalAuth", Availability { standard: None, experimental: Some(Release::V1_4) }),
    ],
    any_case: false,
};

static GRPC_FILTER: Object = Object {
    name: "grpcFilter",
    doc: "A filter of a GRPCRoute.",
    fields: &[
        Field::new("type", Shape::Choice(&GRPC_FILTER_TYPE), "which of the others it has").required(),
        HEADER_MODIFIER_FIELDS[0],
        HEADER_MODIFIER_FIELDS[1],
        REQUEST_MIRROR_FIELD,
        EXTENSION_REF_FIELD,
    ],
};

static GRPC_FILTER_TYPE: Choice = Choice {
    words: &["RequestHeaderModifier", "ResponseHeaderModifier", "RequestMirror", "ExtensionRef"],
    limited: &[],
    any_case: false,
};

static HEADER_MODIFIER: Object = Object {
    name: "headerModifier",
    doc: "Changes of headers.",
    fields: &[
        Field::new("set", Shape::List(&HEADERS), "headers that get this value"),
        Field::new("add", Shape::List(&HEADERS), "headers that get this value beside what they have"),
        Field::new("remove", Shape::List(&HEADER_NAMES), "headers that go"),
    ],
};

static HEADERS: List = List {
    of: Shape::Object(&HEADER),
    bound: Some(Bound {
        max: 16,
        before: None,
        source: "Gateway API v1.6.1, header modifier set and add maxItems",
    }),
    unique: Unique::Key("name"),
    indexed: false,
};

static HEADER: Object = Object {
    name: "header",
    doc: "A header.",
    fields: &[
        Field::new("name", Shape::Text(&text::HEADER_NAME), "its name").required(),
        Field::new("value", Shape::Text(&text::HEADER_VALUE), "its value").required(),
    ],
};

static HEADER_NAMES: List = List {
    of: Shape::Text(&text::HEADER_NAME),
    bound: Some(Bound {
        max: 16,
        before: None,
        source: "Gateway API v1.6.1, header modifier remove maxItems",
    }),
    unique: Unique::Items,
    indexed: false,
};

static REQUEST_MIRROR: Object = Object {
    name: "requestMirror",
    doc: "A copy of requests.",
    fields: &[
        Field::new("backendRef", Shape::Object(&OBJECT_REF), "who gets it").required(),
        Field::new("percent", Shape::Integer(0, 100), "how many of 100 requests"),
        Field::new("fraction", Shape::Object(&FRACTION), "how many requests, as a fraction"),
    ],
};

static OBJECT_REF: Object = Object {
    name: "backendObjectRef",
    doc: "An external service or a Service of the cluster.",
    fields: &[
        Field::new("name", Shape::Text(&text::OBJECT_NAME), "its name").required(),
        Field::new("port", Shape::Integer(1, 65_535), "its port"),
        Field::new("namespace", Shape::Text(&text::DNS_LABEL), "its namespace; default the route's"),
        Field::new("kind", Shape::Text(&text::KIND), "default Service"),
        Field::new("group", Shape::Text(&text::GROUP), "default the core group"),
    ],
};

static FRACTION: Object = Object {
    name: "fraction",
    doc: "A fraction.",
    fields: &[
        Field::new("numerator", Shape::Integer(0, 2_147_483_647), "above the line").required(),
        Field::new("denominator", Shape::Integer(1, 2_147_483_647), "below the line; default 100"),
    ],
};

static REDIRECT: Object = Object {
    name: "requestRedirect",
    doc: "A redirect.",
    fields: &[
        Field::new("scheme", Shape::Choice(&SCHEME), "http or https"),
        Field::new("hostname", Shape::Text(&text::EXACT_HOSTNAME), "the new host"),
        Field::new("path", Shape::Object(&PATH_MODIFIER), "the new path"),
        Field::new("port", Shape::Integer(1, 65_535), "the new port"),
        Field::new("statusCode", Shape::IntegerOf(&REDIRECT_CODES), "default 302"),
    ],
};

static SCHEME: Choice = Choice { words: &["http", "https"], limited: &[], any_case: false };

const FROM_1_5: Availability =
    Availability { standard: Some(Release::V1_5), experimental: Some(Release::V1_5) };
static REDIRECT_CODES: [(i64, Availability); 5] = [
    (301, Availability::ALWAYS),
    (302, Availability::ALWAYS),
    (303, FROM_1_5),
    (307, FROM_1_5),
    (308, FROM_1_5),
];

static PATH_MODIFIER: Object = Object {
    name: "pathModifier",
    doc: "A change of the path.",
    fields: &[
        Field::new("type", Shape::Choice(&PATH_MODIFIER_TYPE), "ReplaceFullPath or ReplacePrefixMatch")
            .required(),
        Field::new("replaceFullPath", Shape::Text(&text::PATH), "the whole new path"),
        Field::new("replacePrefixMatch", Shape::Text(&text::PATH), "what replaces the matched prefix"),
    ],
};

static PATH_MODIFIER_TYPE: Choice =
    Choice { words: &["ReplaceFullPath", "ReplacePrefixMatch"], limited: &[], any_case: false };

static URL_REWRITE: Object = Object {
    name: "urlRewrite",
    doc: "A change of host or path on the way to the backend.",
    fields: &[
        Field::new("hostname", Shape::Text(&text::EXACT_HOSTNAME), "the host the backend sees"),
        Field::new("path", Shape::Object(&PATH_MODIFIER), "the path the backend sees"),
    ],
};

static CORS: Object = Object {
    name: "cors",
    doc: "Cross-origin requests.",
    fields: &[
        Field::new("allowOrigins", Shape::List(&CORS_ORIGINS), "origins"),
        Field::new("allowCredentials", Shape::Boolean, "whether credentials may be sent"),
        Field::new("allowMethods", Shape::List(&CORS_METHODS), "methods"),
        Field::new("allowHeaders", Shape::List(&CORS_HEADERS), "request headers"),
        Field::new("exposeHeaders", Shape::List(&CORS_HEADERS), "response headers"),
        Field::new("maxAge", Shape::Integer(1, 2_147_483_647), "seconds a preflight answer holds"),
    ],
};

static CORS_ORIGINS: List = List {
    of: Shape::Text(&text::NOT_EMPTY),
    bound: Some(Bound { max: 64, before: None, source: "Gateway API v1.6.1, cors allowOrigins maxItems" }),
    unique: Unique::Items,
    indexed: false,
};

static CORS_METHOD: Choice = Choice {
    words: &["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "*"],
    limited: &[],
    any_case: true,
};

static CORS_HEADERS: List = List {
    of: Shape::Text(&text::HEADER_NAME),
    bound: Some(Bound {
        max: 64,
        before: None,
        source: "Gateway API v1.6.1, cors allowHeaders and exposeHeaders maxItems",
    }),
    unique: Unique::Items,
    indexed: false,
};

static CORS_METHODS: List = List {
    of: Shape::Choice(&CORS_METHOD),
    bound: Some(Bound { max: 9, before: None, source: "Gateway API v1.6.1, cors allowMethods maxItems" }),
    unique: Unique::Items,
    indexed: false,
};

static EXTERNAL_AUTH: Object = Object {
    name: "externalAuth",
    doc: "Another service that is asked first.",
    fields: &[
        Field::new("protocol", Shape::Choice(&AUTH_PROTOCOL), "HTTP or GRPC").required(),
        Field::new("backendRef", Shape::Object(&OBJECT_REF), "who is asked").required(),
        Field::new("grpc", Shape::Any, "settings of protocol GRPC"),
        Field::new("http", Shape::Any, "settings of protocol HTTP"),
        Field::new("forwardBody", Shape::Any, "whether the body is sent along"),
    ],
};

static AUTH_PROTOCOL: Choice = Choice { words: &["HTTP", "GRPC"], limited: &[], any_case: false };

static EXTENSION_REF: Object = Object {
    name: "extensionRef",
    doc: "A filter of the controller's own kind, in the route's namespace.",
    fields: &[
        Field::new("group", Shape::Text(&text::GROUP), "its API group").required(),
        Field::new("kind", Shape::Text(&text::KIND), "its kind").required(),
        Field::new("name", Shape::Text(&text::OBJECT_NAME), "its name").required(),
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
        Field::new("attempts", Shape::Integer(0, 2_147_483_647), "how often at most"),
        Field::new("backoff", Shape::Text(&text::DURATION), "how long to wait at least"),
    ],
};

static RETRY_CODES: List =
    List { of: Shape::Integer(400, 599), bound: None, unique: Unique::Nothing, indexed: false };

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
