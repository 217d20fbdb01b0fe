//! Filters of `routes`: Gateway API's own shapes.

use super::shape::{Bound, Choice, Field, List, Object, PORT, Shape, Unique};
use super::text;
use crate::limits::FILTERS_MAX;
use crate::release::{Availability, Release};

/// What bounds a share of requests.
const FRACTION_SOURCE: &str = "Gateway API v1.6.1, Fraction";

const fn filters(of: &'static Object) -> List {
    List {
        of: Shape::Object(of),
        bound: Some(Bound {
            max: FILTERS_MAX,
            before: None,
            source: "Gateway API v1.6.1, spec.rules[].filters maxItems",
        }),
        unique: Unique::Nothing,
        indexed: false,
    }
}

/// Filters of a rule of an HTTPRoute, or of one of its backends.
pub(super) static HTTP_FILTERS: List = filters(&HTTP_FILTER);

/// Filters of a rule of a GRPCRoute.
pub(super) static GRPC_FILTERS: List = filters(&GRPC_FILTER);

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
        Field::new(
            "percent",
            Shape::Integer(0, 100, "Gateway API v1.6.1, HTTPRequestMirrorFilter.percent"),
            "how many of 100 requests",
        )
        .default("100"),
        Field::new("fraction", Shape::Object(&FRACTION), "how many requests, as a fraction"),
    ],
};

static OBJECT_REF: Object = Object {
    name: "backendObjectRef",
    doc: "An external service or a Service of the cluster.",
    fields: &[
        Field::new("name", Shape::Text(&text::OBJECT_NAME), "its name").required(),
        Field::new("port", PORT, "its port"),
        Field::new("namespace", Shape::Text(&text::DNS_LABEL), "its namespace; default the route's"),
        Field::new("kind", Shape::Text(&text::KIND), "default Service"),
        Field::new("group", Shape::Text(&text::GROUP), "default the core group"),
    ],
};

static FRACTION: Object = Object {
    name: "fraction",
    doc: "A fraction.",
    fields: &[
        Field::new("numerator", Shape::Integer(0, 2_147_483_647, FRACTION_SOURCE), "above the line")
            .required(),
        Field::new(
            "denominator",
            Shape::Integer(1, 2_147_483_647, FRACTION_SOURCE),
            "below the line; default 100",
        ),
    ],
};

static REDIRECT: Object = Object {
    name: "requestRedirect",
    doc: "A redirect.",
    fields: &[
        Field::new("scheme", Shape::Choice(&SCHEME), "http or https").default("the request's"),
        Field::new("hostname", Shape::Text(&text::EXACT_HOSTNAME), "the new host"),
        Field::new("path", Shape::Object(&PATH_MODIFIER), "the new path"),
        Field::new("port", PORT, "the new port").default("that of the scheme, else the listener's"),
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
        Field::new("allowCredentials", Shape::Boolean, "whether credentials may be sent").default("false"),
        Field::new("allowMethods", Shape::List(&CORS_METHODS), "methods"),
        Field::new("allowHeaders", Shape::List(&CORS_HEADERS), "request headers"),
        Field::new("exposeHeaders", Shape::List(&CORS_HEADERS), "response headers"),
        Field::new(
            "maxAge",
            Shape::Integer(1, 2_147_483_647, "Gateway API v1.6.1, HTTPCORSFilter.maxAge"),
            "seconds a preflight answer holds",
        )
        .default("5"),
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
