mod agreement;
mod ends;

use super::*;
use crate::check::attach::attach;
use crate::check::testing;
use crate::release::{Release, Target};

const API: &str = "apiVersion: gateway.networking.k8s.io/v1\n";

/// A Gateway `g` that takes routes from everywhere; `%` stands for TLS that ends there.
fn gateway(listeners: &str) -> String {
    let listeners = listeners
        .replace('}', ", allowedRoutes: {namespaces: {from: All}}}")
        .replace('%', "tls: {mode: Terminate, certificateRefs: [{name: c}]}");
    format!(
        "{API}kind: Gateway\nmetadata: {{name: g}}\nspec: {{gatewayClassName: c, listeners: [{listeners}]}}\n---\n"
    )
}

/// A route to `g`; `section` may be empty. `rules` are in flow form.
fn route(kind: &str, name: &str, section: &str, hostnames: &str, rules: &str) -> String {
    let section = if section.is_empty() { String::new() } else { format!(", sectionName: {section}") };
    format!(
        "{API}kind: {kind}\nmetadata: {{name: {name}}}\nspec:\n  parentRefs: [{{name: g{section}}}]\n  hostnames: [{hostnames}]\n  rules: [{rules}]\n---\n"
    )
}

fn rule(matched: &str, backend: &str) -> String {
    format!("{{matches: [{{{matched}}}], backendRefs: [{{name: {backend}, port: 80}}]}}")
}

fn prefix(path: &str) -> String {
    format!("path: {{type: PathPrefix, value: {path}}}")
}

fn exact(path: &str) -> String {
    format!("path: {{type: Exact, value: {path}}}")
}

/// `GET host/path`, with what else is asked for.
fn get(host: &str, path: &str) -> Request {
    Request { host: Some(host.to_owned()), path: Some(path.to_owned()), ..Request::default() }
}

/// What a trace comes to: status, backends, losers by route, rule and step, undecided ones, notes.
#[derive(Debug)]
struct Told {
    status: u16,
    outcome: Outcome,
    otherwise: Option<Outcome>,
    rejected: Option<&'static str>,
    listener: String,
    backends: Vec<(String, f64)>,
    losers: Vec<(String, Option<usize>, &'static str)>,
    undecided: usize,
    forwarded: Option<Forwarded>,
    redirect: Option<Redirect>,
    notes: Vec<String>,
}

fn tell_with(text: &str, request: &Request, settings: &Settings) -> Told {
    let model = testing::model(text);
    let attachments = attach(&model, settings);
    let Trace { answer, losers, undecided, notes } = trace(&model, settings, &attachments, request);
    Told {
        status: answer.status,
        outcome: answer.outcome,
        otherwise: answer.otherwise,
        rejected: answer.rejected,
        listener: answer.listener.map(|listener| listener.name.to_owned()).unwrap_or_default(),
        backends: answer.backends.iter().map(|share| (share.name.to_owned(), share.share)).collect(),
        losers: losers.iter().map(|loser| (loser.route.name.to_owned(), loser.rule, loser.lost)).collect(),
        undecided: undecided.len(),
        forwarded: answer.request,
        redirect: answer.redirect,
        notes,
    }
}

fn tell(text: &str, request: &Request) -> Told {
    tell_with(text, request, &testing::partial())
}

/// Status and first backend.
fn outcome(text: &str, request: &Request) -> (u16, String) {
    let told = tell(text, request);
    (told.status, told.backends.first().map(|(name, _)| name.clone()).unwrap_or_default())
}

/// The example of traffic-matching.md. There both routes attach to both listeners.
#[test]
fn the_example_of_traffic_matching() {
    let text = gateway(
        "{name: specific, hostname: specific.example.com, protocol: HTTP, port: 80}, {name: wildcard, hostname: \"*.example.com\", protocol: HTTP, port: 80}",
    ) + &route("HTTPRoute", "specific", "specific", "", &rule(&exact("/specific"), "specific"))
        + &route("HTTPRoute", "wildcard", "wildcard", "", &rule(&prefix("/"), "prefix"));
    assert_eq!(outcome(&text, &get("specific.example.com", "/specific")), (200, "specific".to_owned()));
    let told = tell(&text, &get("specific.example.com", "/otherpath"));
    assert_eq!((told.status, told.listener.as_str()), (404, "specific"));
    let losers =
        [("specific".to_owned(), None, "no-match"), ("wildcard".to_owned(), None, "listener-hostname")];
    assert_eq!(told.losers, losers);
    assert_eq!(outcome(&text, &get("other.example.com", "/x")), (200, "prefix".to_owned()));
    assert_eq!(outcome(&text, &get("example.com", "/x")).0, 404);
    // A controller without isolation may fall back, and is named.
    let profile = crate::profile::PROFILES.into_iter().find(|profile| profile.word == "traefik");
    let told =
        tell_with(&text, &get("specific.example.com", "/x"), &Settings { profile, ..testing::partial() });
    assert!(told.notes.iter().any(|note| note.contains("isolation")), "{:?}", told.notes);
}

/// Conformance test `gateway-http-listener-isolation`.
#[test]
fn listeners_are_isolated() {
    let listeners = [
        ("empty-hostname", ""),
        ("wildcard-example-com", "hostname: \"*.example.com\", "),
        ("wildcard-foo-example-com", "hostname: \"*.foo.example.com\", "),
        ("abc-foo-example-com", "hostname: abc.foo.example.com, "),
    ];
    let listed: Vec<String> = listeners
        .iter()
        .map(|(name, host)| format!("{{name: {name}, {host}protocol: HTTP, port: 80}}"))
        .collect();
    let mut text = gateway(&listed.join(", "));
    for (name, _) in listeners {
        text += &route("HTTPRoute", name, name, "", &rule(&prefix(&format!("/{name}")), "b"));
    }
    let hosts = ["bar.com", "bar.example.com", "bar.foo.example.com", "abc.foo.example.com"];
    for (host, (own, _)) in hosts.into_iter().zip(listeners) {
        for (name, _) in listeners {
            let expected = if name == own { 200 } else { 404 };
            assert_eq!(tell(&text, &get(host, &format!("/{name}"))).status, expected, "{host} {name}");
        }
    }
}

/// Conformance test `httproute-https-listener-detect-misdirected-requests`, every case.
#[test]
fn misdirected_requests_are_told_so() {
    let text = gateway(
        "{name: https, %, protocol: HTTPS, port: 443}, {name: host, hostname: second-example.org, %, protocol: HTTPS, port: 443}, {name: wildcard, hostname: \"*.wildcard.org\", %, protocol: HTTPS, port: 443}, {name: fourth, hostname: fourth-example.wildcard.org, %, protocol: HTTPS, port: 443}",
    );
    let text = text
        + &route("HTTPRoute", "r1", "https", "example.org", &rule(&prefix("/d"), "v1"))
        + &route("HTTPRoute", "r2", "host", "", &rule(&prefix("/d"), "v2"))
        + &route("HTTPRoute", "r3", "wildcard", "", &rule(&prefix("/d"), "v3"))
        + &route("HTTPRoute", "r4", "fourth", "", &rule(&prefix("/d"), "v1"));
    for (sni, host, status, backend) in [
        ("example.org", "example.org", 200, "v1"),
        ("example.org", "second-example.org", 421, ""),
        ("example.org", "unknown-example.org", 404, ""),
        ("second-example.org", "second-example.org", 200, "v2"),
        ("second-example.org", "example.org", 421, ""),
        ("second-example.org", "unknown-example.org", 421, ""),
        ("third-example.wildcard.org", "third-example.wildcard.org", 200, "v3"),
        ("third-example.wildcard.org", "fith-example.wildcard.org", 200, "v3"),
        ("third-example.wildcard.org", "fourth-example.wildcard.org", 421, ""),
        ("third-example.wildcard.org", "second-example.org", 421, ""),
        ("third-example.wildcard.org", "unknown-example.org", 421, ""),
        ("fourth-example.wildcard.org", "fourth-example.wildcard.org", 200, "v1"),
        ("fourth-example.wildcard.org", "fith-example.wildcard.org", 421, ""),
        ("unknown-example.org", "example.org", 200, "v1"),
        ("unknown-example.org", "unknown-example.org", 404, ""),
    ] {
        let request = Request { sni: Some(sni.to_owned()), ..get(host, "/d") };
        assert_eq!(outcome(&text, &request), (status, backend.to_owned()), "{sni} {host}");
    }
}

fn http() -> String {
    gateway("{name: http, protocol: HTTP, port: 80}")
}

/// Conformance test `httproute-path-match-order`.
#[test]
fn exact_goes_before_the_longest_prefix() {
    let rules = [
        rule(&exact("/match"), "v1"),
        rule(&exact("/match/exact"), "v2"),
        rule(&exact("/match/exact/one"), "v3"),
        rule(&prefix("/match/"), "v3"),
        rule(&prefix("/match/prefix/"), "v1"),
        rule(&prefix("/match/prefix/one"), "v2"),
    ];
    let text = http() + &route("HTTPRoute", "r", "", "", &rules.join(", "));
    for (path, backend) in [
        ("/match/exact/one", "v3"),
        ("/match/exact", "v2"),
        ("/match", "v1"),
        ("/match/prefix/one/any", "v2"),
        ("/match/prefix/any", "v1"),
        ("/match/any", "v3"),
    ] {
        assert_eq!(outcome(&text, &get("a.com", path)), (200, backend.to_owned()), "{path}");
    }
    let told = tell(&text, &get("a.com", "/match/prefix/one/any"));
    let lost: Vec<_> = told.losers.iter().map(|(_, rule, lost)| (rule.unwrap_or(99), *lost)).collect();
    assert_eq!(lost, [(4, "path-length"), (3, "path-length")]);
    let told = tell(&text, &get("a.com", "/match"));
    assert_eq!(told.losers, [("r".to_owned(), Some(3), "path-type")]);
}

#[test]
fn every_step_of_the_order_decides() {
    let header = |name: &str| format!("{{name: {name}, value: x}}");
    let by = |more: &str| format!("path: {{value: /a}}{more}");
    let two = format!(", headers: [{}, {}]", header("one"), header("two"));
    let one = format!(", headers: [{}]", header("one"));
    let query = ", queryParams: [{name: q, value: x}]";
    let mut request = get("a.com", "/a?q=x");
    request.headers = vec![("One".to_owned(), "x".to_owned()), ("TWO".to_owned(), "x".to_owned())];
    for (worse, better, step) in [
        (by(&two), by(", method: GET"), "method"),
        (by(&one), by(&two), "headers"),
        (by(query), by(&one), "headers"),
        (by(""), by(query), "query-params"),
    ] {
        let rules = [rule(&worse, "worse"), rule(&better, "better")];
        let told = tell(&(http() + &route("HTTPRoute", "r", "", "", &rules.join(", "))), &request);
        assert_eq!((told.backends[0].0.as_str(), told.losers[0].2), ("better", step));
    }
    let same = [rule(&by(""), "first"), rule(&by(""), "second")].join(", ");
    let told = tell(&(http() + &route("HTTPRoute", "r", "", "", &same)), &request);
    assert_eq!((told.backends[0].0.as_str(), told.losers[0].2), ("first", "rule-order"));
    let dated = |name: &str, day: &str| {
        let name = format!("{name}, creationTimestamp: \"2026-01-{day}T00:00:00Z\"");
        route("HTTPRoute", &name, "", "", &rule("path: {value: /}", "b"))
    };
    let told = tell(&(http() + &dated("a", "02") + &dated("z", "01")), &request);
    assert_eq!(told.losers, [("a".to_owned(), Some(0), "age")]);
    let told = tell(&(http() + &dated("z", "01") + &dated("a", "01")), &request);
    assert_eq!(told.losers, [("z".to_owned(), Some(0), "name")]);
}

/// `check` calls the later one dead: `semantic::shadowed_match`.
#[test]
fn a_slash_at_the_end_of_a_prefix_does_not_count() {
    let rules = [rule(&prefix("/a"), "first"), rule(&prefix("/a/"), "second")].join(", ");
    let told = tell(&(http() + &route("HTTPRoute", "r", "", "", &rules)), &get("a.com", "/a/b"));
    assert_eq!((told.backends[0].0.as_str(), told.losers[0].2), ("first", "rule-order"));
    assert!(told.notes.iter().any(|note| note.contains("lets `/a/` win")), "{:?}", told.notes);
    let other = [rule(&prefix("/"), "first"), rule(&prefix("/a/"), "second")].join(", ");
    let told = tell(&(http() + &route("HTTPRoute", "r", "", "", &other)), &get("a.com", "/a"));
    assert_eq!((told.backends[0].0.as_str(), told.losers[0].2), ("second", "path-length"));
    assert!(!told.notes.iter().any(|note| note.contains("slash")), "{:?}", told.notes);
}

/// Conformance test `httproute-multiple-routes-attachment-same-hostname-intersection`.
#[test]
fn the_routes_own_host_name_decides() {
    let text = gateway("{name: http, hostname: abc.example.com, protocol: HTTP, port: 80}")
        + &route("HTTPRoute", "older-wildcard", "", "\"*.example.com\"", &rule(&exact("/a"), "v1"))
        + &route("HTTPRoute", "z-exact", "", "abc.example.com", &rule(&prefix("/"), "v2"));
    let told = tell(&text, &get("abc.example.com", "/a"));
    assert_eq!(told.backends[0].0, "v2");
    assert_eq!(told.losers, [("older-wildcard".to_owned(), Some(0), "route-hostname")]);
}

#[test]
fn regular_expressions_are_left_open() {
    let expression = "path: {type: RegularExpression, value: \"/a.*\"}";
    let rules = [rule(&prefix("/a"), "sure"), rule(expression, "open")];
    let told = tell(&(http() + &route("HTTPRoute", "r", "", "", &rules.join(", "))), &get("a.com", "/a"));
    assert_eq!((told.status, told.backends[0].0.as_str(), told.undecided), (200, "sure", 1));
    // What would lose either way is settled.
    let header = "path: {value: /}, headers: [{type: RegularExpression, name: h, value: \".*\"}]";
    let rules = [rule(&exact("/a"), "sure"), rule(header, "open")];
    let mut request = get("a.com", "/a");
    request.headers.push(("h".to_owned(), "1".to_owned()));
    let told = tell(&(http() + &route("HTTPRoute", "r", "", "", &rules.join(", "))), &request);
    assert_eq!((told.undecided, told.losers[0].2), (0, "path-type"));
    // A header that is not there meets no expression.
    let told = tell(&(http() + &route("HTTPRoute", "r", "", "", &rule(header, "open"))), &get("a.com", "/"));
    assert_eq!((told.status, told.undecided, told.losers[0].2), (404, 0, "no-match"));
}

#[test]
fn filters_change_what_the_backend_gets() {
    let filters = "filters: [{type: URLRewrite, urlRewrite: {hostname: in.example, path: {type: ReplacePrefixMatch, replacePrefixMatch: /new}}}, {type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: X-Set, value: new}], add: [{name: x-append, value: two}], remove: [X-Gone]}}]";
    let rules = rule(&prefix("/old"), "b").replace("backendRefs", &format!("{filters}, backendRefs"));
    let mut request = get("a.com", "/old/one");
    for (name, value) in [("X-Set", "old"), ("X-Append", "one"), ("x-gone", "1")] {
        request.headers.push((name.to_owned(), value.to_owned()));
    }
    let forwarded =
        tell(&(http() + &route("HTTPRoute", "r", "", "", &rules)), &request).forwarded.expect("a request");
    assert_eq!((forwarded.host.as_str(), forwarded.path.as_str()), ("in.example", "/new/one"));
    let headers: Vec<_> =
        forwarded.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(headers, [("X-Append", "one,two"), ("X-Set", "new")]);
}

#[test]
fn a_redirect_answers_itself() {
    let filter = "{type: RequestRedirect, requestRedirect: {scheme: https, statusCode: 301}}";
    let rules = format!("{{matches: [{{path: {{value: /}}}}], filters: [{filter}]}}");
    let told = tell(&(http() + &route("HTTPRoute", "r", "", "", &rules)), &get("a.com", "/x"));
    let redirect = told.redirect.expect("a redirect");
    assert_eq!((told.status, redirect.location.as_str(), redirect.port), (301, "https://a.com/x", 443));
}

#[test]
fn shares_go_by_weight_and_bad_backends_answer_500() {
    let rules = "{backendRefs: [{name: a, port: 80, weight: 9}, {name: b, port: 80, weight: 1}, {name: c, port: 80, weight: 0}]}";
    let told = tell(&(http() + &route("HTTPRoute", "r", "", "", rules)), &get("a.com", "/"));
    let expected = [("a".to_owned(), 0.9), ("b".to_owned(), 0.1), ("c".to_owned(), 0.0)];
    assert_eq!((told.status, told.backends), (200, expected.to_vec()));
    let text = http() + &route("HTTPRoute", "r", "", "", rules);
    assert_eq!(tell_with(&text, &get("a.com", "/"), &testing::complete()).status, 500);
    // Conformance test `httproute-omitted-backendrefs`.
    let empty = http() + &route("HTTPRoute", "r", "", "", "{matches: [{path: {value: /}}]}");
    assert_eq!(tell(&empty, &get("a.com", "/")).status, 500);
}

/// Conformance tests `backendtlspolicy-invalid-ca-certificate-ref` and `backendtlspolicy-invalid-kind`.
#[test]
fn a_backend_without_a_valid_ca_certificate_is_answered_500() {
    let service = "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {ports: [{name: https, port: 80}]}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: good}\n---\n";
    let policy = |name: &str, section: &str, certificate: &str| {
        format!(
            "{API}kind: BackendTLSPolicy\nmetadata: {{name: {name}}}\nspec: {{targetRefs: [{{group: '', kind: Service, name: a{section}}}], \
             validation: {{hostname: a.com, caCertificateRefs: [{certificate}]}}}}\n---\n"
        )
    };
    let good = "{group: '', kind: ConfigMap, name: good}";
    let bad = "{group: '', kind: ConfigMap, name: bad}";
    let base = http() + &route("HTTPRoute", "r", "", "", "{backendRefs: [{name: a, port: 80}]}") + service;
    for (policies, status) in [
        (policy("p", "", good), 200),
        (policy("p", "", bad), 500),
        (policy("p", "", "{group: company.io, kind: Bundle, name: good}"), 500),
        (policy("p", "", &format!("{bad}, {good}")), 200),
        (policy("p", ", sectionName: other", bad), 200),
        (policy("p", "", bad) + &policy("q", ", sectionName: https", good), 200),
        (policy("p", "", good) + &policy("q", "", bad), 200),
    ] {
        let text = base.clone() + &policies;
        assert_eq!(tell_with(&text, &get("a.com", "/"), &testing::complete()).status, status, "{policies}");
    }
}

#[test]
fn grpc_goes_by_service_and_method() {
    let method = |service: &str, method: &str, backend: &str| {
        let service = if service.is_empty() { String::new() } else { format!("service: {service}, ") };
        let method = if method.is_empty() { String::new() } else { format!("method: {method}") };
        rule(&format!("method: {{{service}{method}}}"), backend)
    };
    let rules =
        [method("pkg.Echo", "", "service"), method("pkg.Echo", "Say", "both"), method("", "Ping", "method")];
    let text = http() + &route("GRPCRoute", "r", "", "", &rules.join(", "));
    assert_eq!(outcome(&text, &get("a.com", "/pkg.Echo/Say")), (200, "both".to_owned()));
    assert_eq!(outcome(&text, &get("a.com", "/pkg.Echo/Ping")), (200, "service".to_owned()));
    assert_eq!(outcome(&text, &get("a.com", "/other.Echo/Ping")), (200, "method".to_owned()));
    let told = tell(&text, &get("a.com", "/other.Echo/None"));
    assert_eq!((told.status, told.rejected), (404, Some("grpc-unimplemented")));
    // Conformance test `grpcroute-listener-hostname-matching`: so it is where no listener serves the host.
    let text = text.replace("protocol: HTTP", "protocol: HTTP, hostname: a.com");
    let told = tell(&text, &get("b.com", "/pkg.Echo/Say"));
    assert_eq!((told.status, told.rejected), (404, Some("grpc-unimplemented")));
    assert_eq!(tell(&text, &get("b.com", "/page")).rejected, None);
    // No two path segments, no gRPC.
    assert_eq!(tell(&text, &get("a.com", "/")).rejected, None);
}

/// Which name the API server makes nobody knows.
#[test]
fn what_hangs_on_a_name_that_is_yet_to_be_made_is_undecided() {
    let of = |name: &str, matched: &str| {
        route("HTTPRoute", name, "", "a.com", &rule(matched, "b"))
            .replace("name: GENERATED", "generateName: b-")
    };
    let any = prefix("/");
    for other in ["a", "GENERATED"] {
        let told = tell(&(http() + &of("GENERATED", &any) + &of(other, &any)), &get("a.com", "/"));
        assert_eq!((told.outcome, told.undecided), (Outcome::Undecided, 1), "{other}");
    }
    let aged = "a, creationTimestamp: \"2026-01-01T00:00:00Z\"";
    for other in [of(aged, &any), of("a", &prefix("/x"))] {
        let told = tell(&(http() + &of("GENERATED", &any) + &other), &get("a.com", "/x"));
        assert_eq!((told.outcome, told.undecided), (Outcome::Http, 0), "{other}");
    }
}

/// Until 1.5 the older one of the two is accepted; then the documentation leaves it open.
#[test]
fn http_and_grpc_on_one_host() {
    let told = |http_metadata: &str, grpc_metadata: &str, path: &str, release| {
        let text = http()
            + &route("HTTPRoute", http_metadata, "", "a.com", &rule(&prefix("/x"), "http"))
            + &route(
                "GRPCRoute",
                grpc_metadata,
                "",
                "a.com",
                &rule("method: {service: s, method: m}", "grpc"),
            );
        let target = Target { release, ..testing::partial().target };
        tell_with(&text, &get("a.com", path), &Settings { target, ..testing::partial() })
    };
    let (old, young) = ("a, creationTimestamp: \"2026-01-01T00:00:00Z\"", "b");
    // Whether the older one meets the request or not.
    for (http, grpc, path) in [(old, young, "/s/m"), (young, old, "/x")] {
        let told = told(http, grpc, path, Release::V1_5);
        assert_eq!((told.status, told.outcome), (404, Outcome::Http));
        assert!(told.losers.contains(&("b".to_owned(), None, "not-accepted")), "{:?}", told.losers);
    }
    let unknown = told("a", "b", "/s/m", Release::V1_5);
    assert_eq!((unknown.status, unknown.outcome, unknown.undecided), (404, Outcome::Undecided, 1));
    let new = told(old, young, "/s/m", Release::V1_7);
    assert_eq!((new.status, new.outcome), (200, Outcome::Http));
    let both = http()
        + &route("HTTPRoute", "a", "", "a.com", &rule(&prefix("/"), "http"))
        + &route("GRPCRoute", "b", "", "a.com", &rule("method: {service: s, method: m}", "grpc"));
    let both = tell(&both, &get("a.com", "/s/m"));
    assert_eq!((both.backends[0].0.as_str(), both.losers[0].2), ("grpc", "path-type"));
    assert!(both.notes.iter().any(|note| note.contains("share the host")));
}

#[test]
fn tls_goes_by_sni_and_tcp_to_the_oldest() {
    let backend = "{backendRefs: [{name: b, port: 80}]}";
    let text = format!(
        "{API}kind: Gateway\nmetadata: {{name: g}}\nspec: {{gatewayClassName: c, listeners: [{{name: tls, protocol: TLS, port: 443, tls: {{mode: Passthrough}}}}, {{name: tcp, protocol: TCP, port: 5432}}, {{name: udp, protocol: UDP, port: 53}}]}}\n---\n"
    ) + &route("TLSRoute", "wildcard", "tls", "\"*.a.com\"", backend)
        + &route("TLSRoute", "exact", "tls", "x.a.com", backend)
        + &route("TCPRoute", "z", "tcp", "", backend)
        + &route("TCPRoute", "x", "tcp", "", backend)
        + &route("UDPRoute", "u", "udp", "", backend);
    let sni = |sni: &str| Request { sni: Some(sni.to_owned()), ..Request::default() };
    let told = tell(&text, &sni("x.a.com"));
    assert_eq!((told.status, told.listener.as_str()), (200, "tls"));
    assert_eq!(told.outcome, Outcome::HandedThrough);
    assert_eq!(told.losers, [("wildcard".to_owned(), None, "route-hostname")]);
    assert!(told.forwarded.is_none());
    let told = tell(&text, &sni("b.com"));
    assert_eq!((told.status, told.rejected), (404, Some("tls-no-match")));
    assert_eq!(told.outcome, Outcome::TlsRefused);
    let told = tell(&text, &Request { port: Some(5432), ..Request::default() });
    assert_eq!((told.status, told.losers), (200, vec![("z".to_owned(), None, "name")]));
    let unnamed = text.replace("{name: x}", "{generateName: x-}");
    let told = tell(&unnamed, &Request { port: Some(5432), ..Request::default() });
    assert_eq!((told.outcome, told.undecided), (Outcome::Undecided, 1));
    assert_eq!(tell(&text, &Request { port: Some(53), ..Request::default() }).listener, "udp");
    let told = tell(&text, &Request { port: Some(1), ..Request::default() });
    assert_eq!((told.status, told.outcome), (404, Outcome::ConnectionRefused));
    assert!(
        told.notes.iter().any(|note| note.ends_with("listeners are on 53, 443, 5432")),
        "{:?}",
        told.notes
    );
    // Without a backend that can be used nobody takes it.
    for (port, outcome) in [(5432, Outcome::ConnectionClosed), (53, Outcome::Dropped)] {
        let told =
            tell_with(&text, &Request { port: Some(port), ..Request::default() }, &testing::complete());
        assert_eq!((told.status, told.outcome), (500, outcome));
    }
}

#[test]
fn what_is_not_accepted_is_told() {
    let text = gateway("{name: http, hostname: a.com, protocol: HTTP, port: 80}")
        + &route("HTTPRoute", "r", "none", "", &rule(&prefix("/"), "b"));
    let told = tell(&text, &get("a.com", "/"));
    assert_eq!((told.status, told.losers), (404, vec![("r".to_owned(), None, "not-accepted")]));
    // A parent that is not there may be misspelt.
    let text = http()
        + &route("HTTPRoute", "r", "", "a.com", &rule(&prefix("/"), "b")).replace("name: g}", "name: h}")
        + &route("HTTPRoute", "every", "", "", &rule(&prefix("/"), "b")).replace("name: g}", "name: h}");
    let told = tell(&text, &get("a.com", "/"));
    assert_eq!(told.losers, [("r".to_owned(), None, "not-accepted")]);
}

#[test]
fn the_json_has_the_shape_of_the_interface() {
    let rules = [rule(&exact("/a"), "b"), rule(&prefix("/"), "c")].join(", ");
    let text = http() + &route("HTTPRoute", "r", "", "", &rules);
    let (model, settings) = (testing::model(&text), testing::partial());
    let attachments = attach(&model, &settings);
    let json =
        serde_json::to_string(&trace(&model, &settings, &attachments, &get("a.com", "/a"))).expect("JSON");
    assert_eq!(
        json,
        concat!(
            r#"{"answer":{"status":200,"outcome":"http","listener":{"gateway":{"kind":"Gateway","namespace":"default","name":"g"},"name":"http"},"#,
            r#""route":{"kind":"HTTPRoute","namespace":"default","name":"r"},"rule":0,"match":0,"#,
            r#""backends":[{"namespace":"default","name":"b","port":80,"share":1.0}],"#,
            r#""request":{"host":"a.com","path":"/a","headers":{}},"redirect":null},"#,
            r#""losers":[{"route":{"kind":"HTTPRoute","namespace":"default","name":"r"},"rule":1,"match":0,"lost":"path-type","#,
            r#""why":"the winner's path is exact (`default/r`, rule 0)"}],"undecided":[],"notes":["port 80 is assumed"]}"#,
        )
    );
}
