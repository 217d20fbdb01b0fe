//! What Gateway API has in the place of annotations that are not carried over.
//!
//! Source of the names: ingress-nginx v1.12.1, `docs/user-guide/nginx-configuration/annotations-risk.md`; of what Gateway API
//! has, and from which release on: the CRDs of Gateway API v1.4.1, v1.5.1, v1.6.3 and v1.7.0.

/// Names of annotations, and what Gateway API has in their place.
pub(super) struct Row {
    /// What the names start with.
    start: &'static str,
    /// Whether they keep requests away: without them more is open than before.
    pub(super) protects: bool,
    /// None where no field of Gateway API says it.
    pub(super) counterpart: Option<&'static str>,
}

const MUTUAL_TLS: &str =
    "`tls.frontend.validation` of a Gateway (standard from 1.5 on, experimental from 1.4 on)";
const EXTERNAL_AUTH: &str = "the filter `ExternalAuth` (experimental from 1.4 on)";
const RESPONSE_HEADERS: &str = "the filter `ResponseHeaderModifier`";
const REQUEST_HEADERS: &str = "the filter `RequestHeaderModifier`";
const TO_HTTPS: &str = "the filter `RequestRedirect` with `scheme: https`";
const TO_HOST: &str = "the filter `RequestRedirect` with `hostname`";
const REDIRECT: &str = "the filter `RequestRedirect`, which takes no variables of nginx";
const MIRROR: &str = "the filter `RequestMirror`, to a Service";
const RETRY: &str = "`retry` of a rule (standard from 1.7 on, experimental from 1.4 on)";
const SESSION: &str = "`sessionPersistence` of a rule (experimental from 1.4 on)";
const TIMEOUTS: &str = "`timeouts` of a rule, each for a whole request";
const CLIENT_CERTIFICATE: &str =
    "`tls.backend.clientCertificateRef` of a Gateway (standard from 1.5 on, experimental from 1.4 on)";
const BACKEND_TLS: &str = "a BackendTLSPolicy of the Service";
const TLS_OPTIONS: &str = "`tls.options` of a listener, with keys of the controller's own";
const HOSTNAMES: &str = "`hostnames` of a route, which are no expressions";
const HOST_REWRITE: &str = "the filter `URLRewrite` with `hostname`, which takes no variables of nginx";

/// Of two starts of one name the longer stands first.
static ROWS: [Row; 66] = [
    has("affinity", SESSION),
    lost("allowlist-source-range"),
    lost("auth-realm"),
    lost("auth-secret"),
    guard("auth-tls-", MUTUAL_TLS),
    lost("auth-type"),
    guard("auth-", EXTERNAL_AUTH),
    none("client-body-buffer-size"),
    lost("configuration-snippet"),
    has("connection-proxy-header", REQUEST_HEADERS),
    has("custom-headers", RESPONSE_HEADERS),
    none("custom-http-errors"),
    none("default-backend"),
    lost("denylist-source-range"),
    none("disable-proxy-intercept-errors"),
    none("enable-access-log"),
    guard("enable-global-auth", EXTERNAL_AUTH),
    lost("enable-modsecurity"),
    none("enable-opentelemetry"),
    none("enable-opentracing"),
    lost("enable-owasp"),
    none("enable-rewrite-log"),
    none("fastcgi-"),
    has("force-ssl-redirect", TO_HTTPS),
    has("from-to-www-redirect", TO_HOST),
    lost("global-rate-limit"),
    none("http2-push-preload"),
    lost("limit-"),
    none("load-balance"),
    has("mirror-", MIRROR),
    lost("modsecurity-"),
    none("opentelemetry-"),
    none("opentracing-"),
    has("permanent-redirect", REDIRECT),
    none("preserve-trailing-slash"),
    none("proxy-body-size"),
    none("proxy-buffer"),
    none("proxy-busy-buffers-size"),
    has("proxy-connect-timeout", TIMEOUTS),
    none("proxy-cookie-"),
    none("proxy-http-version"),
    none("proxy-max-temp-file-size"),
    has("proxy-next-upstream", RETRY),
    has("proxy-read-timeout", TIMEOUTS),
    none("proxy-redirect-"),
    none("proxy-request-buffering"),
    has("proxy-send-timeout", TIMEOUTS),
    none("proxy-ssl-ciphers"),
    none("proxy-ssl-protocols"),
    has("proxy-ssl-secret", CLIENT_CERTIFICATE),
    none("proxy-ssl-verify-depth"),
    has("proxy-ssl-", BACKEND_TLS),
    lost("satisfy"),
    has("server-alias", HOSTNAMES),
    lost("server-snippet"),
    none("service-upstream"),
    has("session-cookie-", SESSION),
    has("ssl-ciphers", TLS_OPTIONS),
    has("ssl-prefer-server-ciphers", TLS_OPTIONS),
    none("stream-snippet"),
    has("temporal-redirect", REDIRECT),
    none("upstream-hash-by"),
    has("upstream-vhost", HOST_REWRITE),
    none("use-port-in-redirects"),
    lost("whitelist-source-range"),
    has("x-forwarded-prefix", REQUEST_HEADERS),
];

const fn has(start: &'static str, counterpart: &'static str) -> Row {
    Row { start, protects: false, counterpart: Some(counterpart) }
}

const fn none(start: &'static str) -> Row {
    Row { start, protects: false, counterpart: None }
}

const fn guard(start: &'static str, counterpart: &'static str) -> Row {
    Row { start, protects: true, counterpart: Some(counterpart) }
}

const fn lost(start: &'static str) -> Row {
    Row { start, protects: true, counterpart: None }
}

/// The row of an annotation; none for one that ingress-nginx does not have.
pub(super) fn of(name: &str) -> Option<&'static Row> {
    ROWS.iter().find(|row| name.starts_with(row.start))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Names that are not read, by ingress-nginx's own list.
    const NAMES: [&str; 113] = [
        "server-alias",
        "allowlist-source-range",
        "auth-realm",
        "auth-secret",
        "auth-secret-type",
        "auth-type",
        "auth-tls-error-page",
        "auth-tls-match-cn",
        "auth-tls-pass-certificate-to-upstream",
        "auth-tls-secret",
        "auth-tls-verify-client",
        "auth-tls-verify-depth",
        "client-body-buffer-size",
        "configuration-snippet",
        "connection-proxy-header",
        "custom-http-errors",
        "custom-headers",
        "default-backend",
        "denylist-source-range",
        "disable-proxy-intercept-errors",
        "enable-global-auth",
        "auth-always-set-cookie",
        "auth-cache-duration",
        "auth-cache-key",
        "auth-keepalive",
        "auth-keepalive-requests",
        "auth-keepalive-share-vars",
        "auth-keepalive-timeout",
        "auth-method",
        "auth-proxy-set-headers",
        "auth-request-redirect",
        "auth-response-headers",
        "auth-signin",
        "auth-signin-redirect-param",
        "auth-snippet",
        "auth-url",
        "fastcgi-index",
        "fastcgi-params-configmap",
        "http2-push-preload",
        "load-balance",
        "enable-access-log",
        "enable-rewrite-log",
        "mirror-host",
        "mirror-request-body",
        "mirror-target",
        "enable-modsecurity",
        "enable-owasp-core-rules",
        "modsecurity-snippet",
        "modsecurity-transaction-id",
        "enable-opentelemetry",
        "opentelemetry-operation-name",
        "opentelemetry-trust-incoming-span",
        "proxy-body-size",
        "proxy-buffer-size",
        "proxy-buffering",
        "proxy-buffers-number",
        "proxy-connect-timeout",
        "proxy-cookie-domain",
        "proxy-cookie-path",
        "proxy-http-version",
        "proxy-max-temp-file-size",
        "proxy-next-upstream",
        "proxy-next-upstream-timeout",
        "proxy-next-upstream-tries",
        "proxy-read-timeout",
        "proxy-redirect-from",
        "proxy-redirect-to",
        "proxy-request-buffering",
        "proxy-send-timeout",
        "proxy-ssl-ciphers",
        "proxy-ssl-name",
        "proxy-ssl-protocols",
        "proxy-ssl-secret",
        "proxy-ssl-server-name",
        "proxy-ssl-verify",
        "proxy-ssl-verify-depth",
        "limit-allowlist",
        "limit-burst-multiplier",
        "limit-connections",
        "limit-rate",
        "limit-rate-after",
        "limit-rpm",
        "limit-rps",
        "from-to-www-redirect",
        "permanent-redirect",
        "temporal-redirect",
        "force-ssl-redirect",
        "preserve-trailing-slash",
        "ssl-ciphers",
        "ssl-prefer-server-ciphers",
        "satisfy",
        "server-snippet",
        "service-upstream",
        "stream-snippet",
        "affinity",
        "affinity-canary-behavior",
        "affinity-mode",
        "session-cookie-change-on-failure",
        "session-cookie-conditional-samesite-none",
        "session-cookie-domain",
        "session-cookie-expires",
        "session-cookie-max-age",
        "session-cookie-name",
        "session-cookie-partitioned",
        "session-cookie-path",
        "session-cookie-samesite",
        "session-cookie-secure",
        "upstream-hash-by",
        "upstream-hash-by-subset",
        "upstream-hash-by-subset-size",
        "upstream-vhost",
        "use-port-in-redirects",
        "x-forwarded-prefix",
    ];

    #[test]
    fn every_annotation_that_is_not_carried_over_has_a_row() {
        let without: Vec<&str> = NAMES.into_iter().filter(|name| of(name).is_none()).collect();
        assert_eq!(without, [""; 0]);
    }

    #[test]
    fn every_row_is_of_an_annotation_and_found_by_it() {
        let of_other_releases = [
            "enable-opentracing",
            "global-rate-limit",
            "opentracing-trust-incoming-span",
            "proxy-busy-buffers-size",
            "whitelist-source-range",
        ];
        for row in &ROWS {
            let mut names = NAMES.into_iter().chain(of_other_releases);
            let is_found = |name: &str| of(name).is_some_and(|found| found.start == row.start);
            assert!(names.any(is_found), "{}", row.start);
        }
    }
}
