//! One thing each, where the examples show it not.

use super::case::{Ask, Case, Expect, PLAIN, Speaks, Upgrade, Upstream, from, get, http, secure, tls};

const GREETING: Ask = Ask {
    method: "POST",
    headers: &[("content-type", "application/grpc"), ("te", "trailers")],
    ..get("greeter.local", "/hello.Greeter/Hello")
};

pub static CASES: [Case; 9] = [
    // An endpoint moves. The relay reads its files again; nothing restarts.
    Case {
        name: "upgrade",
        values: "chart/examples/header-based-routing.yaml",
        upstreams: &[
            http("api-v1.example.com:80"),
            http("api-v2.example.com:80"),
            http("api-v1b.example.com:8000"),
        ],
        checks: &[(get("api.local", "/"), from("api-v1.example.com:80", "api-v1.example.com"))],
        upgrade: Some(Upgrade {
            set: &["externalServices[0].endpoints[0]=api-v1b.example.com:8000"],
            warning: "",
            checks: &[
                (get("api.local", "/"), from("api-v1b.example.com:8000", "api-v1b.example.com")),
                (
                    Ask { headers: &[("X-API-Version", "v2")], ..get("api.local", "/") },
                    from("api-v2.example.com:80", "api-v2.example.com"),
                ),
            ],
        }),
        ..PLAIN
    },
    // Another name stands in the upstream's certificate: it is not that upstream.
    Case {
        name: "wrong-certificate",
        values: "chart/examples/https-with-tls.yaml",
        upstreams: &[Upstream {
            at: "secure-api.example.com:443",
            speaks: Speaks::Stranger("other.example.com"),
        }],
        checks: &[(secure("secure-api.local", "/"), Expect::Distrust("secure-api.example.com:443"))],
        ..PLAIN
    },
    // The certificate's name, its authority, and both from the service's `tls`.
    Case {
        name: "upstream-tls",
        values: "tests/e2e/dataplane/upstream-tls.yaml",
        upstreams: &[
            tls("own-ca.example.com:443"),
            Upstream { at: "other-name.example.com:443", speaks: Speaks::TlsAs("inner.example.com") },
            Upstream { at: "alternative.example.com:443", speaks: Speaks::TlsAs("alternative.example.com") },
        ],
        checks: &[
            (get("own-ca.local", "/"), from("own-ca.example.com:443", "own-ca.example.com")),
            (get("other-name.local", "/"), from("other-name.example.com:443", "other-name.example.com")),
            (get("alternative.local", "/"), from("alternative.example.com:443", "alternative.example.com")),
            (get("refused.local", "/"), Expect::Distrust("alternative.example.com:443")),
        ],
        ..PLAIN
    },
    Case {
        name: "sni-passthrough",
        values: "tests/e2e/dataplane/sni-passthrough.yaml",
        upstreams: &[
            Upstream { at: "one.example.net:8443", speaks: Speaks::TlsAs("one.example.com") },
            Upstream { at: "two.example.net:8443", speaks: Speaks::TlsAs("two.example.com") },
        ],
        checks: &[
            (secure("one.example.com", "/"), from("one.example.net:8443", "one.example.com")),
            (secure("two.example.com", "/"), from("two.example.net:8443", "two.example.com")),
            (secure("three.example.com", "/"), Expect::Reset),
        ],
        ..PLAIN
    },
    Case {
        name: "tcp",
        values: "tests/e2e/dataplane/tcp.yaml",
        upstreams: &[http("database.example.com:5432")],
        checks: &[(
            Ask { port: 5432, ..get("database.local", "/") },
            from("database.example.com:5432", "database.local"),
        )],
        ..PLAIN
    },
    Case {
        name: "h2c",
        values: "tests/e2e/dataplane/h2c.yaml",
        upstreams: &[Upstream { at: "modern.example.com:8000", speaks: Speaks::H2c }],
        checks: &[(get("modern.local", "/"), from("modern.example.com:8000", "modern.example.com"))],
        ..PLAIN
    },
    // Which Host an upstream sees, where the user says so.
    Case {
        name: "host-header",
        values: "tests/e2e/dataplane/host-header.yaml",
        upstreams: &[http("kept.example.com:80"), http("named.example.com:80")],
        checks: &[
            (get("kept.local", "/"), from("kept.example.com:80", "kept.local")),
            (get("named.local", "/"), from("named.example.com:80", "virtual.example.com")),
            // Both in one rule.
            (
                Ask { headers: &[("x-to", "kept")], ..get("both.local", "/") },
                from("kept.example.com:80", "both.local"),
            ),
        ],
        ..PLAIN
    },
    Case {
        name: "many-rules",
        values: "tests/e2e/dataplane/many-rules.yaml",
        upstreams: &[http("a.example.com:80"), http("b.example.com:80")],
        checks: &[
            (get("many.local", "/p01/x"), from("a.example.com:80", "a.example.com")),
            (get("many.local", "/p20/x"), from("b.example.com:80", "b.example.com")),
            (get("many.local", "/p20x"), from("a.example.com:80", "a.example.com")),
            // Equal paths: the rule that stands first wins, also over a part's end.
            (get("many.local", "/same"), from("a.example.com:80", "a.example.com")),
            (
                Ask { headers: &[("x-pick", "b")], ..get("many.local", "/same") },
                from("b.example.com:80", "b.example.com"),
            ),
        ],
        ..PLAIN
    },
    Case {
        name: "other-namespace",
        values: "tests/e2e/dataplane/other-namespace.yaml",
        upstreams: &[tls("far.example.com:443")],
        checks: &[(get("far.local", "/"), from("far.example.com:443", "far.example.com"))],
        ..PLAIN
    },
];

/// What the relay has no part in, or cannot.
pub static WITHOUT_RELAY: [Case; 4] = [
    // HTTP/2 without TLS to the upstream; its name as Host by Envoy Gateway's own filter.
    Case {
        name: "grpc",
        values: "tests/e2e/dataplane/grpc.yaml",
        upstreams: &[Upstream { at: "greeter.example.com:50051", speaks: Speaks::H2c }],
        checks: &[(GREETING, from("greeter.example.com:50051", "greeter.example.com"))],
        ..PLAIN
    },
    // One object with two names: each request bears the name of the endpoint that gets it.
    Case {
        name: "grouped",
        values: "tests/e2e/dataplane/grouped.yaml",
        upstreams: &[http("left.example.com:80"), http("right.example.com:80")],
        checks: &[(
            get("grouped.local", "/"),
            Expect::Shares(400, &[("left.example.com:80", 200), ("right.example.com:80", 200)]),
        )],
        ..PLAIN
    },
    Case {
        name: "addresses",
        values: "tests/e2e/dataplane/addresses.yaml",
        upstreams: &[http("plain.example.net:8000"), tls("secure.example.net:443")],
        checks: &[
            (get("plain.local", "/"), from("plain.example.net:8000", "plain.local")),
            (get("secure.local", "/"), from("secure.example.net:443", "secure.local")),
        ],
        ..PLAIN
    },
    Case {
        name: "unchecked",
        values: "tests/e2e/dataplane/unchecked.yaml",
        warning: "insecure-upstream",
        upstreams: &[Upstream { at: "odd.example.com:443", speaks: Speaks::Stranger("other.example.com") }],
        checks: &[(get("odd.local", "/"), from("odd.example.com:443", "odd.example.com"))],
        ..PLAIN
    },
];

/// The same by the relay, where Envoy Gateway's filter sees no name: the client's Host stays, and the
/// upstreams are reached all the same.
pub static HOST_KEPT: [Case; 2] = [
    Case {
        name: "grpc",
        values: "tests/e2e/dataplane/grpc.yaml",
        upstreams: &[Upstream { at: "greeter.example.com:50051", speaks: Speaks::H2c }],
        checks: &[(GREETING, from("greeter.example.com:50051", "greeter.local"))],
        warning: "host-header-preserved",
        ..PLAIN
    },
    Case {
        name: "grouped",
        values: "tests/e2e/dataplane/grouped.yaml",
        upstreams: &[http("left.example.com:80"), http("right.example.com:80")],
        // The relay hands on connections, and the gateway keeps few of them open: which of the two gets
        // them is the relay's lot.
        checks: &[(
            get("grouped.local", "/"),
            Expect::FromAny { of: &["left.example.com:80", "right.example.com:80"], host: "grouped.local" },
        )],
        warning: "host-header-preserved",
        ..PLAIN
    },
];
