//! `gateway` and `gateways`.

use super::sections::{ANNOTATIONS, LABELS};
use super::shape::{Bound, Choice, Dictionary, Field, List, Object, PORT, Shape, Unique};
use super::text;
use crate::limits::LISTENERS_MAX;
use crate::profile;
use crate::release::Release;

/// One Gateway.
pub static GATEWAY: Object = Object {
    name: "gateway",
    doc: "A Gateway; what is missing is derived from the services.",
    fields: &[
        Field::new("name", Shape::Text(&text::OBJECT_NAME), "name of the Gateway; default external-gateway"),
        Field::new("namespace", Shape::Text(&text::DNS_LABEL), "its namespace; default the release's"),
        Field::new("profile", Shape::Choice(&PROFILE), "its own profile, in place of the top-level one")
            .default("auto"),
        Field::new(
            "className",
            Shape::Text(&text::OBJECT_NAME),
            "its GatewayClass; default cilium, or the profile's usual one",
        ),
        Field::new(
            "gatewayClassName",
            Shape::Text(&text::OBJECT_NAME),
            "the same as className, in Gateway API's spelling",
        ),
        Field::new(
            "listeners",
            Shape::Named(&Shape::Object(&LISTENER)),
            "its listeners; absent: derived from the services",
        ),
        Field::new(
            "allowedListeners",
            Shape::Object(&ALLOWED_LISTENERS),
            "from which namespaces ListenerSets may attach",
        )
        .since(Some(Release::V1_5), Release::V1_4),
        Field::new("addresses", Shape::List(&ADDRESSES), "addresses to ask for"),
        Field::new(
            "infrastructure",
            Shape::Object(&INFRASTRUCTURE),
            "labels, annotations and parameters of what the controller creates",
        ),
        Field::new("labels", Shape::Map(&LABELS), "labels of the Gateway"),
        Field::new("annotations", Shape::Map(&ANNOTATIONS), "annotations of the Gateway"),
        Field::new("description", Shape::Text(&text::ANY), "becomes the annotation `description`"),
    ],
};

static PROFILE: Choice = Choice { words: &profile::WORDS, limited: &[], any_case: false };

static LISTENER: Object = Object {
    name: "listener",
    doc: "A listener of a Gateway.",
    fields: &[
        Field::new("name", Shape::Text(&text::OBJECT_NAME), "name, unique within the Gateway").required(),
        Field::new("protocol", Shape::Choice(&PROTOCOL), "what it speaks").required(),
        Field::new("port", PORT, "port it listens on").required(),
        Field::new("hostname", Shape::Text(&text::HOSTNAME), "hosts it answers for; absent: every host"),
        Field::new("tls", Shape::Object(&TLS), "certificate, or passthrough"),
        Field::new(
            "allowedRoutes",
            Shape::Object(&ALLOWED_ROUTES),
            "who may attach; default: routes of the Gateway's namespace",
        ),
    ],
};

static PROTOCOL: Choice =
    Choice { words: &["HTTP", "HTTPS", "TLS", "TCP", "UDP"], limited: &[], any_case: true };

static TLS: Object = Object {
    name: "listenerTLS",
    doc: "TLS of a listener.",
    fields: &[
        Field::new("mode", Shape::Choice(&MODE), "Terminate (default) or Passthrough"),
        Field::new("certificateRefs", Shape::List(&CERTIFICATE_REFS), "Secrets with the certificate"),
        Field::new("options", Shape::Map(&OPTIONS), "the controller's own settings"),
    ],
};

static MODE: Choice = Choice { words: &["Terminate", "Passthrough"], limited: &[], any_case: false };

static CERTIFICATE_REFS: List = List {
    of: Shape::Object(&CERTIFICATE_REF),
    bound: Some(Bound {
        max: LISTENERS_MAX,
        before: None,
        source: "Gateway API v1.6.1, Gateway spec.listeners[].tls.certificateRefs maxItems",
    }),
    unique: Unique::Nothing,
    indexed: false,
};

static CERTIFICATE_REF: Object = Object {
    name: "certificateRef",
    doc: "A Secret.",
    fields: &[
        Field::new("name", Shape::Text(&text::OBJECT_NAME), "name of the Secret").required(),
        Field::new(
            "namespace",
            Shape::Text(&text::DNS_LABEL),
            "its namespace; another than the Gateway's needs a ReferenceGrant there",
        ),
        Field::new("kind", Shape::Text(&text::KIND), "default Secret"),
        Field::new("group", Shape::Text(&text::GROUP), "default the core group"),
    ],
};

static OPTIONS: Dictionary = Dictionary {
    key: &text::QUALIFIED_NAME,
    value: Shape::Text(&text::OPTION_VALUE),
    bound: Some(Bound {
        max: 16,
        before: None,
        source: "Gateway API v1.6.1, Gateway spec.listeners[].tls.options maxProperties",
    }),
};

static ALLOWED_ROUTES: Object = Object {
    name: "allowedRoutes",
    doc: "Which routes may attach to a listener.",
    fields: &[
        Field::new("namespaces", Shape::Object(&ROUTE_NAMESPACES), "from where"),
        Field::new("kinds", Shape::List(&KINDS), "of which kinds; absent: what the protocol allows"),
    ],
};

static ROUTE_NAMESPACES: Object = Object {
    name: "routeNamespaces",
    doc: "Namespaces routes may attach from.",
    fields: &[
        Field::new("from", Shape::Choice(&ROUTES_FROM), "Same (default), All, Selector"),
        Field::new("selector", Shape::Object(&SELECTOR), "labels of the namespaces, with from: Selector"),
    ],
};

static ROUTES_FROM: Choice = Choice { words: &["Same", "All", "Selector"], limited: &[], any_case: false };

static KINDS: List = List {
    of: Shape::Object(&ROUTE_KIND),
    bound: Some(Bound {
        max: 8,
        before: None,
        source: "Gateway API v1.6.1, Gateway spec.listeners[].allowedRoutes.kinds maxItems",
    }),
    unique: Unique::Nothing,
    indexed: false,
};

static ROUTE_KIND: Object = Object {
    name: "routeKind",
    doc: "A kind of route.",
    fields: &[
        Field::new("kind", Shape::Text(&text::KIND), "for example HTTPRoute").required(),
        Field::new("group", Shape::Text(&text::GROUP), "default gateway.networking.k8s.io"),
    ],
};

static ALLOWED_LISTENERS: Object = Object {
    name: "allowedListeners",
    doc: "Which ListenerSets may attach to a Gateway.",
    fields: &[Field::new("namespaces", Shape::Object(&LISTENER_NAMESPACES), "from where")],
};

static LISTENER_NAMESPACES: Object = Object {
    name: "listenerNamespaces",
    doc: "Namespaces ListenerSets may attach from.",
    fields: &[
        Field::new("from", Shape::Choice(&LISTENERS_FROM), "None (default), Same, All, Selector"),
        Field::new("selector", Shape::Object(&SELECTOR), "labels of the namespaces, with from: Selector"),
    ],
};

static LISTENERS_FROM: Choice =
    Choice { words: &["None", "Same", "All", "Selector"], limited: &[], any_case: false };

static SELECTOR: Object = Object {
    name: "labelSelector",
    doc: "A Kubernetes label selector.",
    fields: &[
        Field::new("matchLabels", Shape::Map(&LABELS), "labels that must have these values"),
        Field::new("matchExpressions", Shape::List(&EXPRESSIONS), "conditions on labels"),
    ],
};

static EXPRESSIONS: List =
    List { of: Shape::Object(&EXPRESSION), bound: None, unique: Unique::Nothing, indexed: false };

static EXPRESSION: Object = Object {
    name: "labelExpression",
    doc: "A condition on one label.",
    fields: &[
        Field::new("key", Shape::Text(&text::QUALIFIED_NAME), "the label").required(),
        Field::new("operator", Shape::Choice(&OPERATOR), "In, NotIn, Exists or DoesNotExist").required(),
        Field::new("values", Shape::List(&EXPRESSION_VALUES), "for In and NotIn"),
    ],
};

static OPERATOR: Choice =
    Choice { words: &["In", "NotIn", "Exists", "DoesNotExist"], limited: &[], any_case: false };

static EXPRESSION_VALUES: List =
    List { of: Shape::Text(&text::LABEL_VALUE), bound: None, unique: Unique::Nothing, indexed: false };

/// Addresses that a Gateway asks for.
pub static ADDRESSES: List = List {
    of: Shape::Object(&ADDRESS),
    bound: Some(Bound {
        max: 16,
        before: None,
        source: "Gateway API v1.6.1, Gateway spec.addresses maxItems",
    }),
    unique: Unique::Nothing,
    indexed: false,
};

static ADDRESS: Object = Object {
    name: "address",
    doc: "An address to ask for.",
    fields: &[
        Field::new(
            "type",
            Shape::Text(&text::NOT_EMPTY),
            "IPAddress (default), Hostname, or the controller's own",
        ),
        Field::new("value", Shape::Text(&text::NOT_EMPTY), "the address"),
    ],
};

/// What a controller puts on what it creates.
pub static INFRASTRUCTURE: Object = Object {
    name: "infrastructure",
    doc: "What the controller puts on the objects it creates for a Gateway.",
    fields: &[
        Field::new("labels", Shape::Map(&INFRASTRUCTURE_LABELS), "labels"),
        Field::new("annotations", Shape::Map(&INFRASTRUCTURE_ANNOTATIONS), "annotations"),
        Field::new("parametersRef", Shape::Object(&PARAMETERS_REF), "the controller's own settings"),
    ],
};

static INFRASTRUCTURE_LABELS: Dictionary = Dictionary {
    key: &text::QUALIFIED_NAME,
    value: Shape::Text(&text::LABEL_VALUE),
    bound: Some(Bound {
        max: 8,
        before: None,
        source: "Gateway API v1.6.1, Gateway spec.infrastructure.labels maxProperties",
    }),
};

static INFRASTRUCTURE_ANNOTATIONS: Dictionary = Dictionary {
    key: &text::QUALIFIED_NAME,
    value: Shape::Text(&text::ANY),
    bound: Some(Bound {
        max: 16,
        before: Some((Release::V1_6, 8)),
        source: "Gateway API v1.5.1 and v1.6.1, Gateway spec.infrastructure.annotations maxProperties",
    }),
};

static PARAMETERS_REF: Object = Object {
    name: "parametersRef",
    doc: "An object with the controller's own settings.",
    fields: &[
        Field::new("group", Shape::Text(&text::GROUP), "its API group").required(),
        Field::new("kind", Shape::Text(&text::KIND), "its kind").required(),
        Field::new("name", Shape::Text(&text::OBJECT_NAME), "its name").required(),
    ],
};
