//! The features that conformance reports speak of, and what in a manifest uses each: one row a feature.
//!
//! Source of the names: Gateway API v1.7.0, `pkg/features`, and v1.6.1 for those that 1.7 renamed. The
//! features of meshes are left out, as they are of the reports.

use std::fmt::Write as _;

use super::between;
use super::uses::Use;
use crate::check::rule::Context;

/// A feature.
#[derive(Debug)]
pub struct Feature {
    /// Its name in reports.
    pub name: &'static str,
    /// What an object of a kind uses, in words; empty where it is the kind itself.
    pub words: &'static str,
    /// The feature without which this one is nothing. Where that is lacking too, only that is told.
    pub part_of: Option<&'static str>,
    /// What uses it.
    pub used: Used,
}

/// What uses a feature.
#[derive(Debug)]
pub enum Used {
    /// Objects of these kinds, by a value at one of these places. `[]` stands for every item of a list.
    At {
        /// Kinds of Gateway API's group.
        kinds: &'static [&'static str],
        /// For example `spec.rules[].name`; empty for the object itself.
        paths: &'static [&'static str],
        /// What the value must be.
        when: When,
    },
    /// Objects together.
    Between(fn(&Context<'_>, &'static Feature, &mut Vec<Use>)),
    /// What the rule of this code finds, in words of its own.
    Rule(&'static str),
    /// Nothing that stands in a manifest, and why.
    Unseen(&'static str),
}

/// What a value must be to use a feature.
#[derive(Debug)]
pub enum When {
    /// Anything.
    Given,
    /// This word.
    Is(&'static str),
    /// This number.
    Number(i64),
    /// A map in which this key has no value.
    Without(&'static str),
    /// A list with more than one filter of this type.
    Several(&'static str),
}

use Used::{At, Between, Rule, Unseen};
use When::{Given, Is, Number, Several, Without};

const HTTP: &[&str] = &["HTTPRoute"];
const GRPC: &[&str] = &["GRPCRoute"];
const GATEWAY: &[&str] = &["Gateway"];
const POLICY: &[&str] = &["BackendTLSPolicy"];

const FILTERS: &[&str] = &["spec.rules[].filters[].type", "spec.rules[].backendRefs[].filters[].type"];
const STATUS_CODES: &[&str] = &[
    "spec.rules[].filters[].requestRedirect.statusCode",
    "spec.rules[].backendRefs[].filters[].requestRedirect.statusCode",
];
const VALIDATIONS: &[&str] =
    &["spec.tls.frontend.default.validation", "spec.tls.frontend.perPort[].tls.validation"];
const INFRASTRUCTURE: &[&str] = &["spec.infrastructure.labels", "spec.infrastructure.annotations"];
const INFRASTRUCTURE_WORDS: &str = "labels or annotations of `infrastructure`";

const fn row(name: &'static str, words: &'static str, used: Used) -> Feature {
    Feature { name, words, part_of: None, used }
}

const fn part(whole: &'static str, name: &'static str, words: &'static str, used: Used) -> Feature {
    Feature { name, words, part_of: Some(whole), used }
}

const fn kind(name: &'static str, kinds: &'static [&'static str]) -> Feature {
    row(name, "", At { kinds, paths: &[""], when: Given })
}

const fn http(name: &'static str, words: &'static str, paths: &'static [&'static str]) -> Feature {
    row(name, words, At { kinds: HTTP, paths, when: Given })
}

const fn redirect(name: &'static str, words: &'static str, code: i64) -> Feature {
    row(name, words, At { kinds: HTTP, paths: STATUS_CODES, when: Number(code) })
}

/// Every feature, by name.
pub static FEATURES: &[Feature] = &[
    kind("BackendTLSPolicy", POLICY),
    part("BackendTLSPolicy", "BackendTLSPolicySANValidation", "`subjectAltNames`", Rule("upstream-tls")),
    row(
        "ClusterTrustBundle",
        "a ClusterTrustBundle",
        At {
            kinds: &["BackendTLSPolicy", "Gateway"],
            paths: &[
                "spec.validation.caCertificateRefs[].kind",
                "spec.tls.frontend.default.validation.caCertificateRefs[].kind",
                "spec.tls.frontend.perPort[].tls.validation.caCertificateRefs[].kind",
            ],
            when: Is("ClusterTrustBundle"),
        },
    ),
    kind("GRPCRoute", GRPC),
    row(
        "GRPCRouteNamedRouteRule",
        "names of rules",
        At { kinds: GRPC, paths: &["spec.rules[].name"], when: Given },
    ),
    row(
        "GRPCRouteRequestHeaderModifier",
        "a change of request headers",
        At { kinds: GRPC, paths: FILTERS, when: Is("RequestHeaderModifier") },
    ),
    kind("Gateway", GATEWAY),
    row(
        "GatewayAddressEmpty",
        "an address without value",
        At { kinds: GATEWAY, paths: &["spec.addresses[]"], when: Without("value") },
    ),
    row(
        "GatewayAddressRoutability",
        "the routability of an address",
        At { kinds: GATEWAY, paths: &["spec.addresses[].routability"], when: Given },
    ),
    part(
        "GatewayAddressRoutability",
        "GatewayAddressRoutabilityCluster",
        "an address that is reached from the cluster alone",
        At { kinds: GATEWAY, paths: &["spec.addresses[].routability"], when: Is("Cluster") },
    ),
    row(
        "GatewayBackendClientCertificate",
        "a client certificate towards backends",
        At { kinds: GATEWAY, paths: &["spec.tls.backend.clientCertificateRef"], when: Given },
    ),
    row(
        "GatewayFrontendClientCertificateValidation",
        "validation of clients' certificates",
        At { kinds: GATEWAY, paths: VALIDATIONS, when: Given },
    ),
    part(
        "GatewayFrontendClientCertificateValidation",
        "GatewayFrontendClientCertificateValidationInsecureFallback",
        "`AllowInsecureFallback` for clients' certificates",
        At {
            kinds: GATEWAY,
            paths: &[
                "spec.tls.frontend.default.validation.mode",
                "spec.tls.frontend.perPort[].tls.validation.mode",
            ],
            when: Is("AllowInsecureFallback"),
        },
    ),
    row("GatewayHTTPListenerIsolation", "isolated listeners", Rule("listeners-not-isolated")),
    row(
        "GatewayHTTPSListenerDetectMisdirectedRequests",
        "answer 421 to a request over the connection of another host",
        Unseen("no field asks for the answer 421; rule `overlapping-tls` finds where a request may need it"),
    ),
    row(
        "GatewayInfrastructure",
        INFRASTRUCTURE_WORDS,
        At { kinds: GATEWAY, paths: INFRASTRUCTURE, when: Given },
    ),
    row(
        "GatewayInfrastructurePropagation",
        INFRASTRUCTURE_WORDS,
        At { kinds: GATEWAY, paths: INFRASTRUCTURE, when: Given },
    ),
    row(
        "GatewayListenerFilters",
        "filters of a listener",
        At { kinds: GATEWAY, paths: &["spec.listeners[].filters"], when: Given },
    ),
    row(
        "GatewayPort8080",
        "port 8080",
        At { kinds: &["Gateway", "ListenerSet"], paths: &["spec.listeners[].port"], when: Number(8080) },
    ),
    row(
        "GatewayRouteHostnameIntersectionPrecedence",
        "precedence by a route's own host names",
        Unseen("no field asks for it: it is how a controller orders routes whose host names overlap"),
    ),
    row(
        "GatewayStaticAddresses",
        "addresses of its own choice",
        At { kinds: GATEWAY, paths: &["spec.addresses[].value"], when: Given },
    ),
    kind("HTTPRoute", HTTP),
    redirect("HTTPRoute303RedirectStatusCode", "redirects with status 303", 303),
    redirect("HTTPRoute307RedirectStatusCode", "redirects with status 307", 307),
    redirect("HTTPRoute308RedirectStatusCode", "redirects with status 308", 308),
    row(
        "HTTPRouteBackendProtocolH2C",
        "a backend with `appProtocol: kubernetes.io/h2c`",
        Between(between::h2c),
    ),
    row(
        "HTTPRouteBackendProtocolWebSocket",
        "a backend with `appProtocol: kubernetes.io/ws`",
        Between(between::web_socket),
    ),
    row(
        "HTTPRouteBackendRequestHeaderModification",
        "a change of request headers for one backend",
        At {
            kinds: HTTP,
            paths: &["spec.rules[].backendRefs[].filters[].type"],
            when: Is("RequestHeaderModifier"),
        },
    ),
    http("HTTPRouteBackendTimeout", "timeouts of backends", &["spec.rules[].timeouts.backendRequest"]),
    row(
        "HTTPRouteBackendURLRewrite",
        "a rewrite for one backend",
        At { kinds: HTTP, paths: &["spec.rules[].backendRefs[].filters[].type"], when: Is("URLRewrite") },
    ),
    row("HTTPRouteCORS", "CORS", At { kinds: HTTP, paths: FILTERS, when: Is("CORS") }),
    part(
        "HTTPRouteParentRefPort",
        "HTTPRouteDestinationPortMatching",
        "the port of a parent",
        At { kinds: HTTP, paths: &["spec.parentRefs[].port"], when: Given },
    ),
    http(
        "HTTPRouteHostRewrite",
        "a rewrite of the host",
        &[
            "spec.rules[].filters[].urlRewrite.hostname",
            "spec.rules[].backendRefs[].filters[].urlRewrite.hostname",
        ],
    ),
    http("HTTPRouteMethodMatching", "matches on the method", &["spec.rules[].matches[].method"]),
    http("HTTPRouteNamedRouteRule", "names of rules", &["spec.rules[].name"]),
    http("HTTPRouteParentRefPort", "the port of a parent", &["spec.parentRefs[].port"]),
    http(
        "HTTPRoutePathRedirect",
        "redirects to another path",
        &[
            "spec.rules[].filters[].requestRedirect.path",
            "spec.rules[].backendRefs[].filters[].requestRedirect.path",
        ],
    ),
    http(
        "HTTPRoutePathRewrite",
        "a rewrite of the path",
        &["spec.rules[].filters[].urlRewrite.path", "spec.rules[].backendRefs[].filters[].urlRewrite.path"],
    ),
    http(
        "HTTPRoutePortRedirect",
        "redirects to another port",
        &[
            "spec.rules[].filters[].requestRedirect.port",
            "spec.rules[].backendRefs[].filters[].requestRedirect.port",
        ],
    ),
    http(
        "HTTPRouteQueryParamMatching",
        "matches on query parameters",
        &["spec.rules[].matches[].queryParams"],
    ),
    row(
        "HTTPRouteRequestMirror",
        "mirrored requests",
        At { kinds: HTTP, paths: FILTERS, when: Is("RequestMirror") },
    ),
    part(
        "HTTPRouteRequestMirror",
        "HTTPRouteRequestMultipleMirrors",
        "several mirrors of one request",
        At {
            kinds: HTTP,
            paths: &["spec.rules[].filters", "spec.rules[].backendRefs[].filters"],
            when: Several("RequestMirror"),
        },
    ),
    part(
        "HTTPRouteRequestMirror",
        "HTTPRouteRequestPercentageMirror",
        "a mirrored share of requests",
        At {
            kinds: HTTP,
            paths: &[
                "spec.rules[].filters[].requestMirror.percent",
                "spec.rules[].filters[].requestMirror.fraction",
                "spec.rules[].backendRefs[].filters[].requestMirror.percent",
                "spec.rules[].backendRefs[].filters[].requestMirror.fraction",
            ],
            when: Given,
        },
    ),
    http("HTTPRouteRequestTimeout", "timeouts of requests", &["spec.rules[].timeouts.request"]),
    row(
        "HTTPRouteResponseHeaderModification",
        "a change of response headers",
        At { kinds: HTTP, paths: FILTERS, when: Is("ResponseHeaderModifier") },
    ),
    http("HTTPRouteRetry", "retries", &["spec.rules[].retry"]),
    part(
        "HTTPRouteRetry",
        "HTTPRouteRetryBackendTimeout",
        "retries where a backend takes too long",
        Unseen("`retry` and `timeouts.backendRequest` ask for it together, and have features of their own"),
    ),
    part(
        "HTTPRouteRetry",
        "HTTPRouteRetryCodes",
        "retries on status codes",
        At { kinds: HTTP, paths: &["spec.rules[].retry.codes"], when: Given },
    ),
    part(
        "HTTPRouteRetry",
        "HTTPRouteRetryConnectionError",
        "retries where a connection fails",
        Unseen("no field asks for it: every `retry` does"),
    ),
    http(
        "HTTPRouteSchemeRedirect",
        "redirects to another scheme",
        &[
            "spec.rules[].filters[].requestRedirect.scheme",
            "spec.rules[].backendRefs[].filters[].requestRedirect.scheme",
        ],
    ),
    kind("ListenerSet", &["ListenerSet"]),
    kind("ReferenceGrant", &["ReferenceGrant"]),
    kind("TCPRoute", &["TCPRoute"]),
    kind("TLSRoute", &["TLSRoute"]),
    part("TLSRoute", "TLSRouteModeMixed", "both TLS modes on one port", Rule("protocol-conflict")),
    part("TLSRoute", "TLSRouteModeTerminate", "a listener that ends TLS", Between(between::terminated_tls)),
    kind("UDPRoute", &["UDPRoute"]),
];

/// The text of `docs/profiles.md` on features.
pub fn markdown() -> String {
    let mut text = String::from(
        "\n## Features\n\nWhat in a manifest uses each feature that reports speak of, from \
         `core/src/check/controller/features.rs`.\n\n| feature | used by |\n|---|---|\n",
    );
    for Feature { name, words, part_of: _, used } in FEATURES {
        let by = match used {
            At { kinds, paths: [""], when: _ } => format!("every {}", kinds.join(", ")),
            At { kinds, paths, when } => {
                let paths: Vec<String> = paths.iter().map(|path| format!("`{path}`")).collect();
                format!("{}: {}{}", kinds.join(", "), paths.join(", "), when.words())
            }
            Between(_) => (*words).to_owned(),
            Rule(code) => format!("what rule [`{code}`](rules.md#{code}) finds"),
            Unseen(why) => format!("nothing that can be seen: {why}"),
        };
        // Writing to a String cannot fail.
        let _ = writeln!(text, "| {name} | {by} |");
    }
    text
}

impl When {
    fn words(&self) -> String {
        match self {
            Given => String::new(),
            Is(word) => format!(" is `{word}`"),
            Number(number) => format!(" is {number}"),
            Without(key) => format!(" without `{key}`"),
            Several(kind) => format!(" with more than one {kind}"),
        }
    }
}
