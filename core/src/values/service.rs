//! `externalServices`.

use super::sections::{ANNOTATIONS, LABELS};
use super::shape::{Bound, Choice, Field, List, Object, PORT, Shape, Unique, WEIGHT};
use super::text;

/// One service outside the cluster.
pub static SERVICE: Object = Object {
    name: "externalService",
    doc: "A service outside the cluster.",
    fields: &[
        Field::new("name", Shape::Text(&text::DNS_LABEL), "DNS label, unique").required(),
        Field::new("port", PORT, "port that routes refer to, and the endpoints' where they name none")
            .required(),
        Field::new("protocol", Shape::Choice(&PROTOCOL), "what the endpoints speak; default HTTP"),
        Field::new(
            "endpoints",
            Shape::List(&ENDPOINTS),
            "where it is: host, host:port, IPv4, [IPv6]:port, or a map",
        )
        .required(),
        Field::new(
            "loadBalanceAcrossEndpoints",
            Shape::Boolean,
            "false: the first endpoint only; default true",
        ),
        Field::new(
            "expansion",
            Shape::Choice(&EXPANSION),
            "one object an endpoint, or one with several endpoints; default auto",
        ),
        Field::new(
            "hostHeader",
            Shape::Text(&text::NOT_EMPTY),
            "auto (default), preserve, endpoint, or a host name that requests get",
        ),
        Field::new(
            "tls",
            Shape::Object(&TLS),
            "how the upstream's certificate is checked: HTTPS, GRPCS and TLS only",
        ),
        Field::new("description", Shape::Text(&text::ANY), "becomes the annotation `description`"),
        Field::new(
            "namespace",
            Shape::Text(&text::DNS_LABEL),
            "namespace of its objects; default the release's",
        ),
        Field::new("labels", Shape::Map(&LABELS), "labels of its objects and its derived route"),
        Field::new(
            "annotations",
            Shape::Map(&ANNOTATIONS),
            "annotations of its objects and its derived route",
        ),
    ],
};

static PROTOCOL: Choice = Choice {
    words: &["HTTP", "HTTPS", "H2C", "GRPC", "GRPCS", "TLS", "TCP", "UDP"],
    limited: &[],
    any_case: true,
};

static EXPANSION: Choice =
    Choice { words: &["auto", "perEndpoint", "grouped"], limited: &[], any_case: false };

static ENDPOINTS: List = List {
    of: Shape::Either(&[Shape::Text(&text::NOT_EMPTY), Shape::Object(&ENDPOINT)]),
    bound: None,
    unique: Unique::Nothing,
    indexed: true,
};

static ENDPOINT: Object = Object {
    name: "endpoint",
    doc: "One place a service is at.",
    fields: &[
        Field::new("host", Shape::Text(&text::NOT_EMPTY), "host name or IP address").required(),
        Field::new("port", PORT, "its port; default the service's"),
        Field::new("weight", WEIGHT, "its share among the service's endpoints; default 1"),
        Field::new(
            "tlsHostname",
            Shape::Text(&text::EXACT_HOSTNAME),
            "name its certificate must have, in place of tls.hostname",
        ),
    ],
};

static TLS: Object = Object {
    name: "upstreamTLS",
    doc: "How the upstream's certificate is checked.",
    fields: &[
        Field::new(
            "hostname",
            Shape::Text(&text::EXACT_HOSTNAME),
            "SNI and certificate name; default the endpoint's host",
        ),
        Field::new(
            "caCertificateRefs",
            Shape::List(&CA_REFS),
            "ConfigMaps with the CA under `ca.crt`, in the service's namespace",
        ),
        Field::new(
            "wellKnownCACertificates",
            Shape::Text(&text::WELL_KNOWN),
            "System (default), or the controller's own set",
        ),
        Field::new(
            "subjectAltNames",
            Shape::List(&SUBJECT_ALT_NAMES),
            "names of which the certificate must have one, in place of hostname",
        ),
        Field::new(
            "insecureSkipVerify",
            Shape::Boolean,
            "do not check at all; only where the profile can say it",
        )
        .default("false"),
    ],
};

static CA_REFS: List = List {
    of: Shape::Object(&CA_REF),
    bound: Some(Bound {
        max: 8,
        before: None,
        source: "Gateway API v1.6.1, BackendTLSPolicy spec.validation.caCertificateRefs maxItems",
    }),
    unique: Unique::Nothing,
    indexed: false,
};

static CA_REF: Object = Object {
    name: "caCertificateRef",
    doc: "A ConfigMap with a CA.",
    fields: &[
        Field::new("name", Shape::Text(&text::OBJECT_NAME), "its name").required(),
        Field::new("kind", Shape::Text(&text::KIND), "default ConfigMap"),
        Field::new("group", Shape::Text(&text::GROUP), "default the core group"),
    ],
};

static SUBJECT_ALT_NAMES: List = List {
    of: Shape::Either(&[Shape::Text(&text::EXACT_HOSTNAME), Shape::Object(&SUBJECT_ALT_NAME)]),
    bound: Some(Bound {
        max: 5,
        before: None,
        source: "Gateway API v1.6.1, BackendTLSPolicy spec.validation.subjectAltNames maxItems",
    }),
    unique: Unique::Nothing,
    indexed: false,
};

static SUBJECT_ALT_NAME: Object = Object {
    name: "subjectAltName",
    doc: "A name of a certificate.",
    fields: &[
        Field::new("type", Shape::Choice(&SAN_TYPE), "Hostname or URI").required(),
        Field::new("hostname", Shape::Text(&text::HOSTNAME), "with type Hostname"),
        Field::new("uri", Shape::Text(&text::NOT_EMPTY), "with type URI"),
    ],
};

static SAN_TYPE: Choice = Choice { words: &["Hostname", "URI"], limited: &[], any_case: false };
