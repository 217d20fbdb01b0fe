//! The chart's examples of organizations and tenant clusters: what each of them says, as requests.
//!
//! One Gateway at a time has the lab's ports, so nobody has one of its own here.

use super::case::{Ask, Case, Expect, Named, PLAIN, Upgrade, from, get, http, secure, tls};

/// What stands in for cert-manager: Secrets that the case says, and grants for them.
macro_rules! without_issuer {
    ($namespace:literal $(, $more:literal)*) => {
        &[
            concat!("gateway.namespace=", $namespace),
            "certificates=null",
            "referenceGrants=all",
            $($more),*
        ]
    };
}

const WEB_OF_A: (Named, &str) = (("org-a", "web"), "web-a:80");
const API_OF_A: (Named, &str) = (("org-a", "api"), "api-a:8080");
const WEB_OF_B: (Named, &str) = (("org-b", "web"), "web-b:80");

const WILDCARD_OF_A: (Named, &str) = (("org-a", "org-a-wildcard-tls"), "*.org-a.stage.example.com");
const WILDCARD_OF_B: (Named, &str) = (("org-b", "org-b-wildcard-tls"), "*.org-b.stage.example.com");

pub static CASES: [Case; 4] = [
    Case {
        name: "organizations-wildcard",
        values: "chart/examples/organizations-wildcard.yaml",
        set: without_issuer!("organizations-wildcard"),
        upstreams: &[http("web-a:80"), http("api-a:8080"), http("web-b:80")],
        services: &[WEB_OF_A, API_OF_A, (("org-b-dev", "web"), "web-b:80")],
        secrets: &[WILDCARD_OF_A, WILDCARD_OF_B],
        checks: &[
            (secure("web.org-a.stage.example.com", "/"), from("web-a:80", "web.org-a.stage.example.com")),
            (secure("api.org-a.stage.example.com", "/"), from("api-a:8080", "api.org-a.stage.example.com")),
            (secure("web.org-b.stage.example.com", "/"), from("web-b:80", "web.org-b.stage.example.com")),
            (secure("nobody.org-b.stage.example.com", "/"), Expect::Status(404)),
            (secure("web.org-c.stage.example.com", "/"), Expect::Reset),
            (get("web.org-a.stage.example.com", "/"), Expect::Status(404)),
        ],
        ..PLAIN
    },
    // Their listeners stand in ListenerSets.
    Case {
        name: "organizations-shared",
        values: "chart/examples/organizations-shared-and-dedicated.yaml",
        set: without_issuer!("organizations-shared", "organizations[2].gateway=null"),
        upstreams: &[http("web-s:80"), http("api-s:8080"), http("web-o:80"), http("shop-l:80")],
        services: &[
            (("small-startup", "web"), "web-s:80"),
            (("small-startup", "api"), "api-s:8080"),
            (("other-startup", "web"), "web-o:80"),
            (("large-enterprise", "shop"), "shop-l:80"),
        ],
        secrets: &[
            (("small-startup", "small-startup-wildcard-tls"), "*.small-startup.stage.example.com"),
            (("small-startup", "small-startup-tls-002"), "web.startup.example"),
            (("other-startup", "other-startup-wildcard-tls"), "*.other-startup.stage.example.com"),
            (("large-enterprise", "large-enterprise-wildcard-tls"), "*.large-enterprise.stage.example.com"),
        ],
        checks: &[
            (
                secure("web.small-startup.stage.example.com", "/"),
                from("web-s:80", "web.small-startup.stage.example.com"),
            ),
            (secure("web.startup.example", "/"), from("web-s:80", "web.startup.example")),
            (
                secure("api.small-startup.stage.example.com", "/"),
                from("api-s:8080", "api.small-startup.stage.example.com"),
            ),
            (
                secure("web.other-startup.stage.example.com", "/"),
                from("web-o:80", "web.other-startup.stage.example.com"),
            ),
            (
                secure("shop.large-enterprise.stage.example.com", "/"),
                from("shop-l:80", "shop.large-enterprise.stage.example.com"),
            ),
            (secure("web.large-enterprise.stage.example.com", "/"), Expect::Status(404)),
        ],
        ..PLAIN
    },
    Case {
        name: "organizations-migration",
        values: "chart/examples/organizations-migration.yaml",
        set: without_issuer!("organizations-migration"),
        upstreams: &[http("web-a:80"), http("api-a:8080"), http("web-b:80")],
        services: &[WEB_OF_A, API_OF_A, WEB_OF_B],
        secrets: &[
            WILDCARD_OF_A,
            WILDCARD_OF_B,
            (("org-a", "web-tls"), "web.org-a.stage.example.com"),
            (("org-a", "api-tls"), "api.org-a.stage.example.com"),
            (("org-b", "web-tls"), "web.org-b.stage.example.com"),
            (("org-b", "web-tls-002"), "web.b.example"),
            (("org-b", "org-b-tls-002"), "web.b.example"),
        ],
        // `org-b` has its old listeners beside its wildcard, which takes no request before they go.
        warning: "overlapping-tls",
        unaccepted: "NoMatchingListenerHostname",
        checks: THROUGHOUT,
        upgrade: Some(Upgrade { set: &["migration=null"], warning: "", checks: THROUGHOUT }),
        ..PLAIN
    },
    Case {
        name: "tenant-clusters",
        values: "chart/examples/tenant-clusters.yaml",
        set: &[
            "gateway.namespace=tenant-clusters",
            "dns=null",
            "tenantClusters[0].addresses={198.51.100.10}",
            "tenantClusters[1].addresses={198.51.100.11}",
        ],
        namespaces: &["team-a", "team-b"],
        upstreams: &[tls("demo-cp.stage.example.com:6443"), tls("demo-cp-team-b.stage.example.com:6443")],
        checks: &[
            (
                secure("demo-cp.stage.example.com", "/readyz"),
                from("demo-cp.stage.example.com:6443", "demo-cp.stage.example.com"),
            ),
            (
                secure("demo-cp-team-b.stage.example.com", "/readyz"),
                from("demo-cp-team-b.stage.example.com:6443", "demo-cp-team-b.stage.example.com"),
            ),
            (secure("demo-cp-team-c.stage.example.com", "/readyz"), Expect::Reset),
        ],
        ..PLAIN
    },
];

/// The same through the migration.
const THROUGHOUT: &[(Ask, Expect)] = &[
    (secure("web.org-a.stage.example.com", "/"), from("web-a:80", "web.org-a.stage.example.com")),
    (secure("api.org-a.stage.example.com", "/"), from("api-a:8080", "api.org-a.stage.example.com")),
    (secure("web.org-b.stage.example.com", "/"), from("web-b:80", "web.org-b.stage.example.com")),
    (secure("web.b.example", "/"), from("web-b:80", "web.b.example")),
];
