//! The chart's examples of external services: what each of them says, as requests.

use super::case::{Ask, Case, Expect, PLAIN, from, get, http, secure, tls};

pub const FOLDER: &str = "chart/examples";

/// `api` sends each version's requests to its own upstream.
const fn version(value: &'static [(&'static str, &'static str)]) -> Ask {
    Ask { headers: value, ..get("api.local", "/") }
}

pub static CASES: [Case; 11] = [
    Case {
        name: "simple-http",
        values: "chart/examples/simple-http.yaml",
        upstreams: &[http("api.example.com:80")],
        checks: &[
            (get("external-api.local", "/a?b=c"), from("api.example.com:80", "api.example.com")),
            (get("other.local", "/"), Expect::Status(404)),
        ],
        ..PLAIN
    },
    Case {
        name: "auto-generated",
        values: "chart/examples/auto-generated.yaml",
        upstreams: &[
            http("api.example.com:80"),
            http("api-backup.example.com:80"),
            tls("secure.example.com:443"),
        ],
        checks: &[
            (
                get("web-api.local", "/"),
                Expect::Shares(400, &[("api.example.com:80", 200), ("api-backup.example.com:80", 200)]),
            ),
            (secure("secure-service.local", "/"), from("secure.example.com:443", "secure.example.com")),
            (get("other.local", "/"), Expect::Status(404)),
        ],
        ..PLAIN
    },
    Case {
        name: "cert-manager-tls",
        values: "chart/examples/cert-manager-tls.yaml",
        upstreams: &[tls("myapp.example.com:443")],
        checks: &[(secure("myapp.example.com", "/"), from("myapp.example.com:443", "myapp.example.com"))],
        ..PLAIN
    },
    Case {
        name: "default-values",
        values: "chart/examples/default-values.yaml",
        upstreams: &[
            http("api.example.com:80"),
            http("api2.example.com:80"),
            http("pve1:7480"),
            http("pve2:7480"),
            http("pve3:7480"),
            http("pve4:7480"),
            tls("secure-api.example.com:443"),
        ],
        checks: &[
            (
                get("api-service.local", "/"),
                Expect::Shares(400, &[("api.example.com:80", 200), ("api2.example.com:80", 200)]),
            ),
            (
                get("cluster-service.local", "/"),
                Expect::Shares(
                    400,
                    &[("pve1:7480", 100), ("pve2:7480", 100), ("pve3:7480", 100), ("pve4:7480", 100)],
                ),
            ),
            (
                secure("secure-api-service.local", "/"),
                from("secure-api.example.com:443", "secure-api.example.com"),
            ),
        ],
        ..PLAIN
    },
    Case {
        name: "header-based-routing",
        values: "chart/examples/header-based-routing.yaml",
        upstreams: &[http("api-v1.example.com:80"), http("api-v2.example.com:80")],
        checks: &[
            (version(&[("X-API-Version", "v2")]), from("api-v2.example.com:80", "api-v2.example.com")),
            (version(&[("X-API-Version", "v1")]), from("api-v1.example.com:80", "api-v1.example.com")),
            (version(&[("X-API-Version", "v3")]), from("api-v1.example.com:80", "api-v1.example.com")),
            (version(&[]), from("api-v1.example.com:80", "api-v1.example.com")),
        ],
        ..PLAIN
    },
    Case {
        name: "https-gateway-http-backends",
        values: "chart/examples/https-gateway-http-backends.yaml",
        upstreams: &[
            http("backend1.example.com:80"),
            http("backend2.example.com:80"),
            http("api.example.com:8080"),
        ],
        checks: &[
            (
                secure("app.example.com", "/"),
                Expect::Shares(400, &[("backend1.example.com:80", 200), ("backend2.example.com:80", 200)]),
            ),
            (secure("api.example.com", "/api/v1"), from("api.example.com:8080", "api.example.com")),
            (secure("api.local", "/api"), from("api.example.com:8080", "api.example.com")),
            (secure("api.local", "/apis"), Expect::Status(404)),
            (get("app.local", "/"), Expect::Reset),
        ],
        ..PLAIN
    },
    Case {
        name: "https-gateway-with-http-backends",
        values: "chart/examples/https-gateway-with-http-backends.yaml",
        upstreams: &[http("api.example.com:80"), http("webhooks.example.com:80")],
        checks: &[
            (secure("api.example.local", "/"), from("api.example.com:80", "api.example.com")),
            (secure("webhooks.example.local", "/"), from("webhooks.example.com:80", "webhooks.example.com")),
        ],
        ..PLAIN
    },
    Case {
        name: "https-with-tls",
        values: "chart/examples/https-with-tls.yaml",
        upstreams: &[tls("secure-api.example.com:443")],
        checks: &[
            (get("secure-api.local", "/"), from("secure-api.example.com:443", "secure-api.example.com")),
            (secure("secure-api.local", "/"), from("secure-api.example.com:443", "secure-api.example.com")),
        ],
        ..PLAIN
    },
    Case {
        name: "multi-endpoint-loadbalancing",
        values: "chart/examples/multi-endpoint-loadbalancing.yaml",
        upstreams: &[tls("pve1:8006"), tls("pve2:8006"), tls("pve3:8006"), tls("pve4:8006")],
        checks: &[
            (
                secure("pve.example.local", "/"),
                Expect::Shares(
                    400,
                    &[("pve1:8006", 100), ("pve2:8006", 100), ("pve3:8006", 100), ("pve4:8006", 100)],
                ),
            ),
            (
                secure("pve", "/"),
                Expect::Shares(
                    40,
                    &[("pve1:8006", 10), ("pve2:8006", 10), ("pve3:8006", 10), ("pve4:8006", 10)],
                ),
            ),
        ],
        ..PLAIN
    },
    Case {
        name: "multi-service-path-routing",
        values: "chart/examples/multi-service-path-routing.yaml",
        upstreams: &[
            http("api.example.com:80"),
            http("webhooks.example.com:80"),
            tls("auth.example.com:443"),
        ],
        checks: &[
            (get("app.local", "/api/users"), from("api.example.com:80", "api.example.com")),
            (get("app.local", "/webhooks"), from("webhooks.example.com:80", "webhooks.example.com")),
            (get("app.local", "/auth/login"), from("auth.example.com:443", "auth.example.com")),
            (get("app.local", "/authors"), Expect::Status(404)),
        ],
        ..PLAIN
    },
    Case {
        name: "weighted-load-balancing",
        values: "chart/examples/weighted-load-balancing.yaml",
        upstreams: &[http("api-stable.example.com:80"), http("api-canary.example.com:80")],
        checks: &[(
            get("api.local", "/"),
            Expect::Shares(1_000, &[("api-stable.example.com:80", 900), ("api-canary.example.com:80", 100)]),
        )],
        ..PLAIN
    },
];
