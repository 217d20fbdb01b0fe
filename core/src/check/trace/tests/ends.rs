//! How a request ends where there is no HTTP answer, or none that is certain.

use super::*;

#[test]
fn tls_to_a_listener_without_it_fails() {
    let text = http() + &route("HTTPRoute", "r", "", "", &rule(&prefix("/"), "b"));
    let told = tell(&text, &Request { sni: Some("a.com".to_owned()), ..get("a.com", "/") });
    assert_eq!((told.outcome, told.backends.len()), (Outcome::TlsRefused, 0));
}

#[test]
fn a_gateway_that_is_not_there_is_no_refusal() {
    let request = Request { gateway: Some(("default".to_owned(), "h".to_owned())), ..get("a.com", "/") };
    let told = tell(&http(), &request);
    assert_eq!((told.outcome, told.notes.len()), (Outcome::NoGateway, 1));
    assert!(told.notes[0].ends_with("it has `default/g`"), "{:?}", told.notes);
    assert_eq!(tell("", &get("a.com", "/")).outcome, Outcome::NoGateway);
}

/// No 404 is certain where a route may be attached, a listener may be there or an expression may match.
#[test]
fn what_hangs_on_what_is_not_given_is_undecided() {
    let expression = rule("path: {type: RegularExpression, value: \"/a[0-9]\"}", "open");
    let text = http() + &route("HTTPRoute", "r", "", "", &expression);
    let told = tell(&text, &get("a.com", "/a1"));
    assert_eq!((told.outcome, told.otherwise, told.undecided), (Outcome::Undecided, Some(Outcome::Http), 1));
    // It has no such characters in any dialect.
    let told = tell(&text, &get("a.com", "/b"));
    assert_eq!((told.outcome, told.status, told.undecided), (Outcome::Http, 404, 0));

    let selector = "allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {team: a}}}}";
    let text = format!(
        "{API}kind: Gateway\nmetadata: {{name: g}}\nspec: {{gatewayClassName: c, listeners: [{{name: http, protocol: HTTP, port: 80, {selector}}}]}}\n---\n"
    ) + &route("HTTPRoute", "r", "", "a.com", &rule(&prefix("/a"), "b"));
    let told = tell(&text, &get("a.com", "/a"));
    assert_eq!((told.outcome, told.undecided, told.losers.len()), (Outcome::Undecided, 1, 0));
    assert_eq!(tell(&text, &get("a.com", "/b")).outcome, Outcome::Http);
    assert_eq!(tell_with(&text, &get("a.com", "/a"), &testing::complete()).outcome, Outcome::Http);

    let allowed = "allowedListeners: {namespaces: {from: Selector, selector: {matchLabels: {team: a}}}}";
    let text = format!(
        "{API}kind: Gateway\nmetadata: {{name: g}}\nspec: {{gatewayClassName: c, {allowed}, listeners: [{{name: http, protocol: HTTP, port: 80}}]}}\n---\n\
         {API}kind: ListenerSet\nmetadata: {{name: s}}\nspec: {{parentRef: {{name: g}}, listeners: [{{name: own, protocol: HTTP, port: 80, hostname: a.com}}]}}\n---\n"
    );
    assert_eq!(tell(&text, &get("a.com", "/")).outcome, Outcome::Undecided);
    assert_eq!(tell(&text, &get("b.com", "/")).outcome, Outcome::Http);
}

#[test]
fn queries_are_kept_and_paths_compared_as_they_are() {
    let filter = "{type: RequestRedirect, requestRedirect: {hostname: b.com, path: {type: ReplacePrefixMatch, replacePrefixMatch: /new}}}";
    let rules =
        [format!("{{matches: [{{{}}}], filters: [{filter}]}}", prefix("/old")), rule(&prefix("/"), "b")]
            .join(", ");
    let text = http() + &route("HTTPRoute", "r", "", "", &rules);
    let request = Request { query: vec![("y".to_owned(), "2".to_owned())], ..get("a.com", "/old/p?x=1") };
    let told = tell(&text, &request);
    let redirect = told.redirect.expect("a redirect");
    assert_eq!(
        (redirect.location.as_str(), redirect.path.as_str()),
        ("http://b.com/new/p?x=1&y=2", "/new/p")
    );
    let told = tell(&text, &get("a.com", "/a/../old?x=1"));
    let forwarded = told.forwarded.expect("a request");
    assert_eq!((forwarded.path.as_str(), forwarded.query.as_str()), ("/a/../old", "x=1"));
    let note = "compares `/old`, which HTTPRoute default/r, rule 0, answers";
    assert!(told.notes.iter().any(|found| found.ends_with(note)), "{:?}", told.notes);
    let told = tell(&text, &get("a.com", "//a"));
    assert!(
        told.notes.iter().any(|note| note.ends_with("`/a`, which is answered alike")),
        "{:?}",
        told.notes
    );
}

#[test]
fn what_comes_nearest_is_told() {
    let rules = [
        rule("path: {value: /a}, method: DELETE", "b"),
        rule("path: {value: /a}, headers: [{name: X-A, value: v}]", "b"),
        rule(&prefix("/c"), "b"),
    ];
    let text = http() + &route("HTTPRoute", "r", "", "", &rules.join(", "));
    let (model, settings) = (testing::model(&text), testing::partial());
    let attachments = attach(&model, &settings);
    let trace = trace(&model, &settings, &attachments, &get("a.com", "/a"));
    assert_eq!(
        trace.losers[0].why,
        "no match is met; rule 1, match 0 comes nearest: header X-A: wants `v`, the request has none"
    );
}

#[test]
fn another_port_and_listeners_left_out_are_told() {
    let text = gateway(
        "{name: http, protocol: HTTP, port: 80}, {name: alt, protocol: HTTP, port: 8080}, \
         {name: one, protocol: HTTP, port: 90, hostname: a.com}, {name: two, protocol: HTTP, port: 90, hostname: a.com}",
    ) + &route("HTTPRoute", "r", "alt", "a.com", &rule(&prefix("/"), "b"));
    let told = tell(&text, &get("a.com", "/"));
    let note = "port 8080 has routes for the host: ask there";
    assert_eq!((told.status, told.notes.contains(&note.to_owned())), (404, true), "{:?}", told.notes);
    let told = tell(&text, &Request { port: Some(90), ..get("a.com", "/") });
    let left_out = told.notes.iter().filter(|note| note.ends_with("another listener conflicts with it"));
    assert!(left_out.count() > 0, "{told:?}");
}

/// Who asks why a host is not served is not helped by a list of the hosts that are.
#[test]
fn routes_for_other_hosts_are_counted_and_those_without_a_parent_are_told() {
    let orphan = route("HTTPRoute", "orphan", "", "a.com", &rule(&prefix("/"), "b"));
    let text = http()
        + &route("HTTPRoute", "other", "", "b.com, c.com", &rule(&prefix("/"), "b"))
        + &route("HTTPRoute", "another", "", "d.com", &rule(&prefix("/"), "b"))
        + &orphan.replace("  parentRefs: [{name: g}]\n", "");
    assert_eq!(losers(&text, &get("a.com", "/")), [("not-accepted", "it names no parent".to_owned())]);
    let note = "routes of the listener that are for other hosts: 2 (`b.com`, `c.com`, `d.com`)";
    let notes = tell(&text, &get("a.com", "/")).notes;
    assert!(notes.contains(&note.to_owned()), "{notes:?}");
}

/// `check` calls the later one dead, or says that age decides.
#[test]
fn equal_expressions_tie() {
    let same = rule("path: {type: RegularExpression, value: \"/a.*\"}", "b");
    let text = http() + &route("HTTPRoute", "r", "", "", &[same.as_str(), same.as_str()].join(", "));
    let told = tell(&text, &get("a.com", "/a"));
    assert_eq!((told.outcome, told.losers[0].2), (Outcome::Http, "rule-order"));
}

/// `check` finds fault with the same: `route-kind-refused` and `upstream-tls`.
#[test]
fn what_the_named_controller_does_otherwise_is_told() {
    let of = |word: &str, text: &str, request: &Request| {
        let profile = crate::profile::PROFILES.into_iter().find(|profile| profile.word == word);
        tell_with(text, request, &Settings { profile, ..testing::partial() })
    };
    let udp = gateway("{name: dns, protocol: UDP, port: 53}")
        + &route("UDPRoute", "r", "", "", "{backendRefs: [{name: b, port: 53}]}");
    let request = Request { port: Some(53), ..Request::default() };
    let told = of("traefik", &udp, &request);
    assert_eq!(told.outcome, Outcome::ConnectionRefused);
    let note = "listener `dns` on port 53 is left out: the named controller serves no routes of its protocol";
    assert!(told.notes.contains(&note.to_owned()), "{:?}", told.notes);
    assert_eq!(of("envoy-gateway", &udp, &request).outcome, Outcome::HandedThrough);

    let tls = http()
        + &route("HTTPRoute", "r", "", "", &rule(&prefix("/"), "b"))
        + &format!(
            "{API}kind: BackendTLSPolicy\nmetadata: {{name: p}}\nspec: {{targetRefs: [{{group: '', kind: Service, name: b}}], \
             validation: {{hostname: a.com, wellKnownCACertificates: System}}}}\n"
        );
    let plain = |word: &str| {
        let told = of(word, &tls, &get("a.com", "/"));
        told.notes.iter().any(|note| {
            note.starts_with("BackendTLSPolicy `default/p`: ")
                && note.ends_with("speaks plain HTTP to the upstream")
        })
    };
    assert!(plain("cilium") && !plain("envoy-gateway"));
}

/// The port that was assumed is not always the one that was meant.
#[test]
fn every_port_with_routes_for_the_host_is_told() {
    let text = gateway(
        "{name: http, protocol: HTTP, port: 80}, {name: https, hostname: \"*.a.com\", %, protocol: HTTPS, port: 443}, \
         {name: tls, hostname: \"*.db.a.com\", protocol: TLS, port: 8443}",
    );
    let redirect = "{filters: [{type: RequestRedirect, requestRedirect: {scheme: https}}]}";
    let text = text
        + &route("HTTPRoute", "redirect", "http", "", redirect)
        + &route("HTTPRoute", "shop", "https", "shop.a.com", &rule(&prefix("/"), "b"))
        + &route("TLSRoute", "pg", "tls", "pg.db.a.com", "{backendRefs: [{name: b, port: 80}]}");
    let ports = |request: &Request| {
        let notes = tell(&text, request).notes.into_iter();
        notes.filter(|note| note.contains("has routes")).collect::<Vec<_>>()
    };
    // With a name in the handshake no plain port is meant.
    let sni = Request { sni: Some("pg.db.a.com".to_owned()), ..Request::default() };
    assert_eq!(ports(&sni), ["port 8443 has routes for the host: ask there"]);
    let redirected = get("shop.a.com", "/");
    assert_eq!(ports(&redirected), ["port 443 has routes for the host: ask there"]);
    assert!(ports(&Request { port: Some(80), ..redirected }).is_empty());
}

/// A Gateway takes no ListenerSets unless it says so.
#[test]
fn a_listener_set_that_is_not_taken_is_told() {
    let text = http()
        + &format!(
            "{API}kind: ListenerSet\nmetadata: {{name: s}}\nspec: {{parentRef: {{name: g}}, listeners: [{{name: own, protocol: HTTP, port: 80}}]}}\n---\n"
        )
        + &route("HTTPRoute", "r", "", "a.com", &rule(&prefix("/"), "b"))
            .replace("name: g}", "kind: ListenerSet, name: s}");
    let (model, settings) = (testing::model(&text), testing::partial());
    let attachments = attach(&model, &settings);
    let trace = trace(&model, &settings, &attachments, &get("a.com", "/"));
    let why = "Gateway default/g takes no ListenerSet, for its `allowedListeners` is None, the default";
    assert_eq!(trace.losers[0].why, format!("ListenerSet default/s has joined no Gateway: {why}"));
    // Only what is more specific would take it from a listener that is there.
    let apart = |host: &str, text: &str| {
        let notes = tell(text, &get(host, "/")).notes.into_iter();
        notes.filter(|note| note.contains("would take it")).collect::<Vec<_>>()
    };
    assert!(apart("a.com", &text).is_empty());
    let note = format!(
        "listener `own` on port 80 of ListenerSet default/s would take it, but that has joined no Gateway: {why}"
    );
    let text = text.replace("{name: own,", "{name: own, hostname: a.com,");
    assert_eq!((apart("a.com", &text), apart("b.com", &text)), (vec![note], Vec::new()));
    let other_port = apart(
        "a.com",
        &text.replace(
            "hostname: a.com, protocol: HTTP, port: 80",
            "hostname: a.com, protocol: HTTP, port: 81",
        ),
    );
    assert!(other_port[0].starts_with("listener `own` on port 81 of "), "{other_port:?}");
    let elsewhere = text.replace("parentRef: {name: g}", "parentRef: {name: h}");
    assert!(apart("a.com", &elsewhere)[0].ends_with("Gateway default/h is not in the input"));
}

/// `check --status` calls such listeners not programmed.
#[test]
fn a_listener_known_to_have_no_certificate_serves_nobody() {
    let listeners = "{name: own, hostname: a.com, %, protocol: HTTPS, port: 443}, {name: far, hostname: b.com, protocol: HTTPS, port: 443, tls: {certificateRefs: [{name: c, namespace: certs}]}}, \
         {name: kind, hostname: c.com, protocol: HTTPS, port: 443, tls: {certificateRefs: [{kind: ConfigMap, name: c}]}}, {name: bare, hostname: d.com, protocol: HTTPS, port: 443}, \
         {name: pass, hostname: e.com, protocol: TLS, port: 443, tls: {mode: Passthrough}}"
        .replace('%', "tls: {certificateRefs: [{name: c}]}");
    let text = format!(
        "{API}kind: Gateway\nmetadata: {{name: g}}\nspec: {{gatewayClassName: c, listeners: [{listeners}]}}\n---\n"
    ) + &route(
        "HTTPRoute",
        "r",
        "",
        "",
        "{filters: [{type: RequestRedirect, requestRedirect: {hostname: x.com}}]}",
    );
    let of = |host: &str, settings: &Settings| {
        let told = tell_with(&text, &Request { port: Some(443), ..get(host, "/") }, settings);
        (told.status, told.outcome)
    };
    for host in ["a.com", "b.com", "c.com", "d.com"] {
        assert_eq!(of(host, &testing::complete()), (404, Outcome::NoCertificate), "{host}");
    }
    // Whether one that can be used is enough to answer, Gateway API leaves open; the other is told.
    let both = text.replace("[{name: c}]", "[{name: c}, {name: d}]")
        + "apiVersion: v1\nkind: Secret\nmetadata: {name: d}\ntype: kubernetes.io/tls\n";
    let told = tell_with(&both, &Request { port: Some(443), ..get("a.com", "/") }, &testing::complete());
    assert_eq!((told.status, told.outcome), (302, Outcome::Undecided));
    assert!(
        told.notes.iter().any(|note| note.ends_with("Secret default/c does not exist")),
        "{:?}",
        told.notes
    );
    // What is not given may be there.
    assert_eq!(of("a.com", &testing::partial()), (302, Outcome::Http));
    assert_eq!(of("b.com", &testing::partial()), (302, Outcome::Undecided));
    assert_eq!(of("d.com", &testing::partial()), (404, Outcome::NoCertificate));
    assert_eq!(of("e.com", &testing::complete()), (404, Outcome::TlsRefused));
    let told = tell_with(&text, &Request { port: Some(443), ..get("a.com", "/") }, &testing::complete());
    assert_eq!(told.losers, [("r".to_owned(), None, "no-certificate")]);
    let note = "listener `own` has no certificate, so it is not programmed: Secret default/c does not exist";
    assert!(told.notes.contains(&note.to_owned()), "{:?}", told.notes);
}

#[test]
fn a_name_in_the_handshake_assumes_a_port_with_tls() {
    let text = gateway(
        "{name: http, protocol: HTTP, port: 80}, {name: https, hostname: \"*.example.com\", %, protocol: HTTPS, port: 443}",
    );
    let told = tell(&text, &Request { sni: Some("shop.other.com".to_owned()), ..get("shop.other.com", "/") });
    assert_eq!((told.outcome, told.rejected), (Outcome::TlsRefused, Some("tls-no-match")));
    assert!(told.notes.contains(&"port 443 is assumed".to_owned()), "{:?}", told.notes);
    let text = text + &route("HTTPRoute", "r", "https", "", &rule(&prefix("/"), "b"));
    let lost = losers(&text, &Request { sni: Some("shop.other.com".to_owned()), ..Request::default() });
    assert_eq!(lost, [("other-host", "its listener `https` does not serve `shop.other.com`".to_owned())]);
}

/// The Gateway with a route is the one that is meant, whatever the host names of listeners.
#[test]
fn a_gateway_with_a_route_for_the_host_is_assumed() {
    let named =
        |name: &str, listeners: &str| gateway(listeners).replace("name: g}", &format!("name: {name}}}"));
    let text = named("internal", "{name: http, protocol: HTTP, port: 80, hostname: \"*.example.com\"}")
        + &named("g", "{name: http, protocol: HTTP, port: 80}, {name: tls, %, protocol: HTTPS, port: 443}")
        + &route("HTTPRoute", "r", "tls", "shop.example.com", &rule(&prefix("/"), "b"));
    let assumed = "Gateway `default/g` is assumed, which has routes for the host; name another as `gateway`: `default/internal`";
    let sni = Request { sni: Some("shop.example.com".to_owned()), ..Request::default() };
    let told = tell(&text, &sni);
    assert_eq!((told.status, told.listener.as_str()), (200, "tls"));
    assert!(told.notes.contains(&assumed.to_owned()), "{:?}", told.notes);
    let told = tell(&text, &get("shop.example.com", "/"));
    assert_eq!((told.status, told.listener.as_str()), (404, "http"));
    let port = "port 443 has routes for the host: ask there".to_owned();
    assert!(told.notes.contains(&assumed.to_owned()) && told.notes.contains(&port), "{:?}", told.notes);
}

/// TCP and UDP are for no host, and take what asks for one only where it names the port or the Gateway.
#[test]
fn a_host_that_nobody_knows_reaches_no_listener_of_connections() {
    let named =
        |name: &str, listener: &str| gateway(listener).replace("name: g}", &format!("name: {name}}}"));
    let tcp = named("db", "{name: pg, protocol: TCP, port: 5432}")
        + &route("TCPRoute", "pg", "", "", "{backendRefs: [{name: b, port: 80}]}")
            .replace("name: g}", "name: db}");
    for hostname in ["", ", hostname: shop.example.com"] {
        let web = named("g", &format!("{{name: http, protocol: HTTP, port: 80{hostname}}}"))
            + &route("HTTPRoute", "shop", "", "shop.example.com", &rule(&prefix("/"), "b"));
        for text in [format!("{tcp}{web}"), format!("{web}{tcp}")] {
            let asked = get("shp.example.com", "/cart");
            let told = tell(&text, &asked);
            assert_eq!((told.status, told.outcome), (404, Outcome::Http), "{told:?}");
            assert!(!told.notes.iter().any(|note| note.contains("default/db")), "{told:?}");
            for request in [
                Request { port: Some(5432), ..asked.clone() },
                Request { gateway: Some(("default".to_owned(), "db".to_owned())), ..asked },
            ] {
                assert_eq!(tell(&text, &request).outcome, Outcome::HandedThrough);
            }
        }
    }
}

/// `check` finds fault with the same: `reference-not-permitted` and `backend-not-found`.
#[test]
fn a_200_that_hangs_on_what_is_not_given_says_so() {
    let far = "{name: s, namespace: far, port: 80}";
    let text = |backends: &str| {
        let service =
            "apiVersion: v1\nkind: Service\nmetadata: {name: other}\nspec: {ports: [{port: 80}]}\n---\n";
        http() + &route("HTTPRoute", "r", "", "", &format!("{{backendRefs: [{backends}]}}")) + service
    };
    let told = tell(&text(far), &get("a.com", "/"));
    assert_eq!((told.status, told.outcome, told.otherwise), (200, Outcome::Undecided, Some(Outcome::Http)));
    let note = "Service far/s needs a ReferenceGrant in namespace `far`, and none in the input permits this; if it cannot be used, its share is answered with 500";
    assert!(told.notes.contains(&note.to_owned()), "{:?}", told.notes);
    // Another backend takes the rest.
    let told = tell(&text(&format!("{far}, {{name: other, port: 80}}")), &get("a.com", "/"));
    assert_eq!((told.status, told.outcome), (200, Outcome::Http));
    let told = tell(&text("{name: s, port: 80}"), &get("a.com", "/"));
    assert_eq!((told.status, told.outcome), (200, Outcome::Http));
    let note = "Service default/s: not in the input, though Services of its namespace are; if it cannot be used, its share is answered with 500";
    assert!(told.notes.contains(&note.to_owned()), "{:?}", told.notes);
    assert_eq!(tell_with(&text(far), &get("a.com", "/"), &testing::complete()).status, 500);
    // The rule is `port-of-another-protocol`.
    let udp = text("{name: other, port: 80}").replace("{port: 80}", "{port: 80, protocol: UDP}");
    let note = "Service default/other: has the port for another transport protocol only; if it cannot be used, its share is answered with 500";
    let told = tell(&udp, &get("a.com", "/"));
    assert!(told.notes.contains(&note.to_owned()), "{:?}", told.notes);
}

/// Steps and words of each loser.
fn losers(text: &str, request: &Request) -> Vec<(&'static str, String)> {
    let (model, settings) = (testing::model(text), testing::partial());
    let attachments = attach(&model, &settings);
    let losers = trace(&model, &settings, &attachments, request).losers;
    losers.into_iter().map(|loser| (loser.lost, loser.why)).collect()
}

/// The route that is asked about is often one of these.
#[test]
fn routes_of_other_listeners_are_told() {
    let text = format!(
        "{API}kind: Gateway\nmetadata: {{name: g}}\nspec: {{gatewayClassName: c, listeners: [{{name: own, hostname: a.com, protocol: HTTP, port: 80}}, \
         {{name: every, protocol: HTTP, port: 80, allowedRoutes: {{namespaces: {{from: All}}}}}}, {{name: alt, protocol: HTTP, port: 8080}}, {{name: tcp, protocol: TCP, port: 5432}}]}}\n---\n"
    ) + &route("HTTPRoute", "alt", "alt", "a.com", &rule(&prefix("/"), "b"))
        + &route("HTTPRoute", "less", "every", "a.com", &rule(&prefix("/"), "b"))
        + &route("HTTPRoute", "far, namespace: shop", "", "a.com", &rule(&prefix("/"), "b"))
            .replace("name: g}", "name: g, namespace: default}")
        + &route("HTTPRoute", "none, namespace: shop", "own", "a.com", &rule(&prefix("/"), "b"))
            .replace("name: g,", "name: g, namespace: default,")
        + &route("GRPCRoute", "other", "alt", "b.com", "")
        + &route("TCPRoute", "connection", "tcp", "", "{backendRefs: [{name: b, port: 80}]}");
    let expected = [
        ("other-port", "attached to listener alt:8080 only"),
        ("listener-hostname", "listener `every` is less specific than `own`"),
        ("listener-refuses", "listener `own` refuses namespace `shop`"),
        ("not-accepted", "listener `own` refuses namespace `shop`"),
    ];
    let expected = expected.map(|(step, why)| (step, why.to_owned()));
    assert_eq!(losers(&text, &get("a.com", "/")), expected);
    // Nothing listens there.
    let refused = losers(&text, &Request { port: Some(9), ..get("a.com", "/") });
    assert_eq!(refused[0].1, "attached to listener alt:8080 only");
}

#[test]
fn a_listener_that_does_not_serve_the_name_in_the_handshake_is_told() {
    let text = gateway("{name: https, %, protocol: HTTPS, port: 443, hostname: shop.example.com}")
        + &route("HTTPRoute", "shop", "", "shop.example.com", &rule(&prefix("/"), "b"));
    let request = Request { sni: Some("www.example.com".to_owned()), ..get("shop.example.com", "/") };
    let why = "its listener `https` does not serve `www.example.com`".to_owned();
    assert_eq!(losers(&text, &request), [("other-host", why)]);
}

#[test]
fn the_nearest_match_is_the_one_with_the_least_to_miss() {
    let of = |rules: &[String], request: &Request| {
        losers(&(http() + &route("HTTPRoute", "r", "", "", &rules.join(", "))), request)[0].1.clone()
    };
    let two = "headers: [{name: x-version, value: \"2\"}], queryParams: [{name: q, value: v}]";
    let rules = [
        rule(&prefix("/other"), "b"),
        rule(&format!("path: {{value: /a}}, {two}"), "b"),
        rule("path: {value: /a}, headers: [{name: x-version, value: \"2\"}]", "b"),
    ];
    assert_eq!(
        of(&rules, &get("a.com", "/a")),
        "no match is met; rule 2, match 0 comes nearest: header x-version: wants `2`, the request has none"
    );
    let rules = [rule(&prefix("/shop"), "b"), rule(&exact("/cart/items"), "b")];
    assert_eq!(
        of(&rules, &get("a.com", "/cart/1")),
        "no match is met; rule 1, match 0 comes nearest: path: wants `/cart/items`, it is `/cart/1`"
    );
}

#[test]
fn a_redirect_to_itself_is_told() {
    let filter = |redirect: &str| {
        let filter = format!("{{filters: [{{type: RequestRedirect, requestRedirect: {{{redirect}}}}}]}}");
        tell(&(http() + &route("HTTPRoute", "r", "", "", &filter)), &get("a.com", "/"))
    };
    let back = |told: &Told| told.notes.iter().any(|note| note.starts_with("the redirect leads back"));
    assert!(back(&filter("scheme: http")));
    assert!(!back(&filter("scheme: https")));
}

#[test]
fn a_redirect_that_was_not_read_as_a_whole_leads_nowhere_certain() {
    let backend = "backendRefs: [{name: b, port: 80}]";
    for (redirect, more, expected) in [
        ("{host: b.com}", "", (302, Outcome::Undecided)),
        ("{host: b.com}", backend, (302, Outcome::Undecided)),
        ("{hostname: b.com}", "", (302, Outcome::Http)),
    ] {
        let rule = format!("{{filters: [{{type: RequestRedirect, requestRedirect: {redirect}}}], {more}}}");
        let told = tell(&(http() + &route("HTTPRoute", "r", "", "", &rule)), &get("a.com", "/"));
        assert_eq!((told.status, told.outcome), expected, "{rule}");
        assert!(!told.notes.contains(&"the rule names no backend".to_owned()), "{rule}");
    }
}

#[test]
fn tls_to_a_backend_is_told() {
    let policy = format!(
        "{API}kind: BackendTLSPolicy\nmetadata: {{name: p}}\nspec: {{targetRefs: [{{group: '', kind: Service, name: b}}], \
         validation: {{hostname: b.internal, wellKnownCACertificates: System}}}}\n---\n"
    );
    let text = http() + &route("HTTPRoute", "r", "", "", &rule(&prefix("/"), "b")) + &policy;
    let service = "apiVersion: v1\nkind: Service\nmetadata: {name: b}\nspec: {ports: [{port: 80}]}\n";
    for text in [text.clone(), text + service] {
        let (model, settings) = (testing::model(&text), testing::partial());
        let attachments = attach(&model, &settings);
        let trace = trace(&model, &settings, &attachments, &get("a.com", "/"));
        let expected = Upstream { policy: "p".to_owned(), hostname: "b.internal".to_owned() };
        assert_eq!(trace.answer.backends[0].tls, Some(expected));
    }
}
