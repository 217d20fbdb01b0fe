//! The values that rules are tried on, a family of rules at a time.

use super::random::Any::{self, Either, Empties, Keys, List, Number, Object, Pieces, Text};

/// Rules that read the same fields.
pub struct Family {
    /// A rule is of the first family of which its text has a part.
    pub parts: &'static [&'static str],
    pub value: Any,
}

const HOST_PIECES: &[&str] = &[
    "a", "b0", "-", ".", "a.b", "*", "*.", "A", "é", "_", "0", "1.2.3.4", "::", "::1", ":", "ffff", "%", "\n",
];

const DURATIONS: &[&str] = &[
    "0s",
    "0h0m",
    "1ms",
    "999ms",
    "1s",
    "1s1ms",
    "60s",
    "1m",
    "59m59s999ms",
    "60m",
    "1h",
    "3600s",
    "3600s1ms",
    "1h1ms",
    "2h",
    "99999h",
    "1h99999h99999h99999h",
    "",
    "s",
    "1d",
    "one",
];

const FILTER_TYPES: &[&str] = &[
    "RequestHeaderModifier",
    "ResponseHeaderModifier",
    "RequestMirror",
    "RequestRedirect",
    "URLRewrite",
    "ExtensionRef",
    "CORS",
    "ExternalAuth",
];

const EMPTY: Any = Object(&[]);

const REPLACING: Any = Object(&[(
    "path",
    Object(&[
        ("type!", Text(&["ReplaceFullPath", "ReplacePrefixMatch"])),
        ("replacePrefixMatch", Text(&["", "/"])),
    ]),
)]);

const REPLACING_FILTERS: Any = List(2, &Object(&[("requestRedirect", REPLACING), ("urlRewrite", REPLACING)]));

const LISTENER_HOSTNAMES: Any = Text(&["", "a.example", "*.example"]);
const LISTENER_PROTOCOLS: Any = Text(&["HTTP", "HTTPS", "TLS", "TCP", "UDP", "example.com/x"]);

/// 63 and 64 letters.
const NAME_63: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const NAME_64: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

/// As many characters before a slash.
const LONG_252: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/a";
const LONG_253: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/a";
const LONG_254: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/a";
const LONG_253_DOMAIN: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/a";
const LONG_254_DOMAIN: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/a";

pub const FAMILIES: &[Family] = &[
    Family {
        parts: &["p1.sectionName"],
        value: List(
            4,
            &Object(&[
                ("group!", Text(&["", "gateway.networking.k8s.io"])),
                ("kind!", Text(&["Gateway", "Service"])),
                ("name!", Text(&["a", "b"])),
                ("namespace", Text(&["", "a", "b"])),
                ("sectionName", Text(&["", "a", "b"])),
                ("port", Number(&[0, 80, 443])),
            ]),
        ),
    },
    Family {
        parts: &["a1.type"],
        value: List(
            4,
            &Object(&[
                ("type!", Text(&["IPAddress", "Hostname", "example.com/x"])),
                ("value", Text(&["", "a", "b", "c"])),
            ]),
        ),
    },
    Family { parts: &["has(l1.name)"], value: List(4, &Object(&[("name", Text(&["", "a", "b", "c"]))])) },
    Family {
        parts: &["!has(l1.port)"],
        value: List(
            4,
            &Object(&[
                ("port", Number(&[0, 80, 443])),
                ("protocol!", Text(&["HTTP", "TCP"])),
                ("hostname", LISTENER_HOSTNAMES),
            ]),
        ),
    },
    Family {
        parts: &["self.all(l"],
        value: List(
            4,
            &Object(&[
                ("name!", Text(&["a", "b", "c", "d", "e"])),
                ("port!", Number(&[80, 443])),
                ("protocol!", LISTENER_PROTOCOLS),
                ("hostname", LISTENER_HOSTNAMES),
                ("tls", Object(&[("mode!", Text(&["", "Terminate", "Passthrough"]))])),
            ]),
        ),
    },
    Family { parts: &["t1.port"], value: List(3, &Object(&[("port!", Number(&[1, 443, 65535]))])) },
    Family {
        parts: &["r.group"],
        value: List(
            2,
            &Object(&[
                ("group!", Text(&["certificates.k8s.io", ""])),
                ("kind!", Text(&["ClusterTrustBundle", "ConfigMap"])),
                ("namespace", Text(&["a", "b"])),
            ]),
        ),
    },
    Family {
        parts: &["self[0].matches"],
        value: Either(&[
            List(5, &Object(&[("matches!", Empties(&[0, 1, 63, 64]))])),
            List(18, &Object(&[("matches!", Empties(&[7, 8, 9]))])),
        ]),
    },
    Family {
        parts: &["ReplacePrefixMatch' && has("],
        value: Object(&[
            ("filters", REPLACING_FILTERS),
            ("backendRefs", List(2, &Object(&[("filters", REPLACING_FILTERS)]))),
            (
                "matches!",
                List(
                    2,
                    &Object(&[("path!", Object(&[("type!", Text(&["Exact", "PathPrefix", "PathPrefix"]))]))]),
                ),
            ),
        ]),
    },
    Family {
        parts: &["has(f.requestRedirect)"],
        value: Object(&[
            ("backendRefs", List(2, &EMPTY)),
            ("filters", List(2, &Object(&[("requestRedirect", EMPTY), ("cors", EMPTY)]))),
        ]),
    },
    Family { parts: &["(f, f.type =="], value: List(5, &Object(&[("type!", Text(FILTER_TYPES))])) },
    Family {
        parts: &[
            "has(self.cors)",
            "has(self.extensionRef)",
            "has(self.externalAuth)",
            "has(self.requestHeaderModifier)",
            "has(self.requestMirror)",
            "has(self.requestRedirect)",
            "has(self.responseHeaderModifier)",
            "has(self.urlRewrite)",
        ],
        value: Object(&[
            ("type!", Text(FILTER_TYPES)),
            ("cors", EMPTY),
            ("extensionRef", EMPTY),
            ("externalAuth", EMPTY),
            ("requestHeaderModifier", EMPTY),
            ("requestMirror", EMPTY),
            ("requestRedirect", EMPTY),
            ("responseHeaderModifier", EMPTY),
            ("urlRewrite", EMPTY),
        ]),
    },
    Family {
        parts: &["self.percent"],
        value: Object(&[("percent", Number(&[0, 100])), ("fraction", EMPTY)]),
    },
    Family {
        parts: &["self.numerator"],
        value: Object(&[
            ("numerator!", Number(&[-1, 0, 1, 99, 100, 101, 2_147_483_647])),
            ("denominator!", Number(&[1, 100, 101])),
        ]),
    },
    Family { parts: &["'*' in self"], value: List(3, &Text(&["*", "GET", "**", ""])) },
    Family {
        parts: &["self.replaceFullPath", "self.replacePrefixMatch"],
        value: Object(&[
            ("type!", Text(&["ReplaceFullPath", "ReplacePrefixMatch"])),
            ("replaceFullPath", Text(&["", "/a"])),
            ("replacePrefixMatch", Text(&["", "/a"])),
        ]),
    },
    Family {
        parts: &["self.grpc", "self.http"],
        value: Object(&[("protocol!", Text(&["HTTP", "GRPC", ""])), ("grpc", EMPTY), ("http", EMPTY)]),
    },
    Family {
        parts: &["['Exact','PathPrefix']"],
        value: Object(&[
            ("type!", Text(&["Exact", "PathPrefix", "RegularExpression", "exact"])),
            (
                "value!",
                Pieces(
                    5,
                    &[
                        "/",
                        "/",
                        "a",
                        "b",
                        ".",
                        "..",
                        "/..",
                        "/.",
                        "/./",
                        "/../",
                        "%2f",
                        "%2F",
                        "%2",
                        "%",
                        "%zz",
                        "#",
                        "é",
                        "@",
                        "~",
                        "\n",
                        "[",
                        "?",
                        "$&'()*+,;=:-_!",
                    ],
                ),
            ),
        ]),
    },
    Family {
        parts: &["has(self.service)", "has(self.method)"],
        value: Object(&[
            ("type", Text(&["Exact", "RegularExpression", ""])),
            ("service", Pieces(4, &["a", "Z", "_", ".", "0", "-", "\u{17f}", "\u{212a}", "é", "\n"])),
            ("method", Pieces(4, &["a", "Z", "_", "_", "0", "-", "\u{17f}", "\u{212a}", "é", "\n"])),
        ]),
    },
    Family {
        parts: &["self.backendRequest"],
        value: Object(&[("request!", Text(DURATIONS)), ("backendRequest!", Text(DURATIONS))]),
    },
    Family { parts: &["duration(self)"], value: Text(DURATIONS) },
    Family { parts: &["self.all(h,"], value: List(2, &Pieces(3, HOST_PIECES)) },
    Family {
        parts: &["self.endsWith("],
        value: Pieces(3, &["a", ".", "cluster", ".cluster.local", "cluster.local"]),
    },
    Family {
        parts: &["self.wellKnownCACertificates"],
        value: Object(&[
            ("caCertificateRefs", List(2, &EMPTY)),
            ("wellKnownCACertificates", Text(&["", "System", "example.com/x"])),
        ]),
    },
    Family {
        parts: &["self.uri", "self.hostname"],
        value: Object(&[
            ("type!", Text(&["Hostname", "URI", ""])),
            ("hostname", Text(&["", "a"])),
            ("uri", Text(&["", "a:b"])),
        ]),
    },
    Family {
        parts: &["self.cookie", "has(self.header)"],
        value: Object(&[
            ("type!", Text(&["Cookie", "Header"])),
            ("cookie", Object(&[("lifetimeType!", Text(&["Permanent", "Session"]))])),
            ("cookieConfig", Object(&[("lifetimeType!", Text(&["Permanent", "Session"]))])),
            ("header", EMPTY),
            ("absoluteTimeout", Text(&["", "1h"])),
        ]),
    },
    Family {
        parts: &["has(self.filters)"],
        value: Object(&[("filters", EMPTY), ("protocol!", LISTENER_PROTOCOLS)]),
    },
    Family {
        parts: &["self.tls.mode"],
        value: Object(&[
            ("protocol!", Text(&["TCP", "HTTP2", "H2C", "WSS"])),
            ("tls", Object(&[("mode!", Text(&["None", "ServerOnly", "ClientAndServer"]))])),
        ]),
    },
    Family {
        parts: &["self.externalHostname", "self.endpointSelector", "self.sessionPersistence"],
        value: Object(&[
            ("type!", Text(&["ExternalHostname", "EndpointSelector"])),
            ("externalHostname", EMPTY),
            ("endpointSelector", EMPTY),
            ("sessionPersistence", EMPTY),
        ]),
    },
    Family {
        parts: &["self.clientCertificateRef", "self.validation"],
        value: Object(&[
            ("mode!", Text(&["None", "ServerOnly", "ClientAndServer"])),
            ("clientCertificateRef", EMPTY),
            ("validation", EMPTY),
        ]),
    },
    Family {
        parts: &["self.all(key"],
        value: Keys(
            2,
            &Either(&[
                Pieces(4, &["a", "B", "0", "-", "_", ".", "/", "a.b/", "é", "\n"]),
                Text(&["a", "a/b", "A.b_c-0", NAME_63, NAME_64, "a.b-c/D", "/a", "a/", "A/b"]),
                // 252 to 254 characters before the slash.
                Pieces(8, &[NAME_63, NAME_63, NAME_63, ".", "/a", "aa"]),
                Text(&[LONG_252, LONG_253, LONG_254, LONG_253_DOMAIN, LONG_254_DOMAIN]),
            ]),
        ),
    },
    Family { parts: &["dns1123Label()"], value: Text(&["", "a", "-a", "a.b", NAME_63, NAME_64]) },
    Family {
        parts: &["self == 'Cluster'"],
        value: Pieces(
            4,
            &["Cluster", "a", "a.b", "k8s.io", ".k8s.io", "/", "/x", "A", "-", "\n", LONG_253_DOMAIN, "a"],
        ),
    },
    Family { parts: &["self.tracing"], value: Object(&[("tracing", EMPTY)]) },
    Family {
        parts: &[
            "self.provider",
            "self.attributes",
            "self.parentBasedSampling",
            "self.samplingRate",
            "self.serviceName",
            "self.spanName",
        ],
        value: Object(&[
            ("mode!", Text(&["Enabled", "Disabled", "ImplementationDefault"])),
            ("provider", EMPTY),
            ("attributes", List(1, &EMPTY)),
            ("parentBasedSampling", EMPTY),
            ("samplingRate", EMPTY),
            ("serviceName", Text(&["", "a"])),
            ("spanName", Text(&["", "a"])),
        ]),
    },
    Family {
        parts: &["self.sourceType"],
        value: Object(&[
            ("sourceType!", Text(&["Header", "Literal", "Attribute"])),
            ("headerName", Text(&["a"])),
            ("literalValue", Text(&["a"])),
            ("attributeKey", Text(&["a"])),
        ]),
    },
    Family {
        parts: &["self.group"],
        value: Object(&[
            ("group!", Text(&["", "gateway.networking.x-k8s.io", "a"])),
            ("kind!", Text(&["Service", "XBackend", "a"])),
            ("port", Number(&[0, 80])),
        ]),
    },
    Family {
        parts: &["self.certificateRefs"],
        value: Object(&[
            ("mode!", Text(&["Terminate", "Passthrough", ""])),
            ("certificateRefs", List(1, &EMPTY)),
            ("options", Keys(1, &Text(&["a"]))),
        ]),
    },
    Family {
        parts: &["self.type == 'Hostname'"],
        value: Object(&[
            ("type!", Text(&["Hostname", "IPAddress", "NamedAddress"])),
            ("value!", Pieces(3, HOST_PIECES)),
        ]),
    },
    Family { parts: &["oldSelf"], value: Text(&["", "a", "b"]) },
];
