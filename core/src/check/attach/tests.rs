use super::*;
use crate::check::testing;

/// A Gateway, with what is to follow its name; listeners one a line, as `name protocol port [hostname]`.
fn gateway(name: &str, more: &str, listeners: &str) -> String {
    object("Gateway", name, &format!("gatewayClassName: c\n  {more}"), listeners)
}

fn listener_set(name: &str, parent: &str, listeners: &str) -> String {
    object("ListenerSet", name, &format!("parentRef: {{name: {parent}}}"), listeners)
}

fn object(kind: &str, name: &str, spec: &str, listeners: &str) -> String {
    let mut text = format!(
        "apiVersion: gateway.networking.k8s.io/v1\nkind: {kind}\nmetadata: {{name: {name}}}\nspec:\n  {spec}\n  listeners:\n"
    );
    for line in listeners.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [name, protocol, port, rest @ ..] = &words[..] else { panic!("{line}") };
        let hostname = rest.first().map(|host| format!(", hostname: \"{host}\"")).unwrap_or_default();
        let (protocol, tls) = match protocol.split_once('/') {
            Some((protocol, "pass")) => (protocol, ", tls: {mode: Passthrough}"),
            Some((protocol, _)) => (protocol, ", tls: {mode: Terminate, certificateRefs: [{name: c}]}"),
            None => (*protocol, ""),
        };
        text.push_str("  - {name: ");
        text.push_str(&[name, ", protocol: ", protocol, ", port: ", port, &hostname, tls, "}\n"].concat());
    }
    text + "---\n"
}

/// The conflict of every listener, by name.
fn conflicts(text: &str) -> Vec<(String, &'static str)> {
    let (model, settings) = (testing::model(text), testing::complete());
    let attachments = attach(&model, &settings);
    let reason = |joined: &Joined<'_>| joined.conflict.map_or("", |conflict| conflict.kind.reason());
    attachments.listeners.iter().map(|joined| (joined.listener.name.to_string(), reason(joined))).collect()
}

#[track_caller]
fn check_conflicts(text: &str, expected: &[(&str, &str)]) {
    let found = conflicts(text);
    let found: Vec<(&str, &str)> = found.iter().map(|(name, reason)| (name.as_str(), *reason)).collect();
    assert_eq!(found, expected);
}

#[test]
fn what_shares_a_port_with_tcp_conflicts_and_udp_stands_apart() {
    check_conflicts(
        &gateway("g", "", "a HTTP 80 a.com\nb TCP 80\nc HTTP 80 c.com\nd UDP 80\ne HTTP 81"),
        &[
            ("a", "ProtocolConflict"),
            ("b", "ProtocolConflict"),
            ("c", "ProtocolConflict"),
            ("d", ""),
            ("e", ""),
        ],
    );
}

#[test]
fn one_host_name_on_one_port_conflicts() {
    check_conflicts(
        &gateway(
            "g",
            "",
            "a HTTPS/t 443 a.com\nb TLS/pass 443 a.com\nc TLS/pass 443 c.com\nd HTTP 80\ne HTTP 8080",
        ),
        &[("a", "HostnameConflict"), ("b", "HostnameConflict"), ("c", ""), ("d", ""), ("e", "")],
    );
}

#[test]
fn plain_http_and_tls_may_conflict_on_one_port() {
    let text =
        gateway("g", "", "a HTTP 443 a.com\nb HTTPS/t 443 a.com\nc TLS/pass 8443 c.com\nd TLS/t 8443 d.com");
    check_conflicts(&text, &[("a", "ProtocolConflict"), ("b", "ProtocolConflict"), ("c", ""), ("d", "")]);
    let (model, settings) = (testing::model(&text), testing::complete());
    let attachments = attach(&model, &settings);
    assert!(attachments.listeners.iter().filter_map(|joined| joined.conflict).all(|it| !it.is_certain()));
}

/// Nothing tells them apart but the host name; that the port may take plain HTTP as well does not hide it.
#[test]
fn a_certain_conflict_goes_before_one_that_the_controller_decides() {
    let text = gateway("g", "", "a HTTP 443 a.com\nb HTTPS/t 443 b.com\nc TLS/pass 443 b.com");
    check_conflicts(
        &text,
        &[("a", "ProtocolConflict"), ("b", "HostnameConflict"), ("c", "HostnameConflict")],
    );
}

/// Conformance test `tlsroute-listener-mixed-termination-not-supported`.
#[test]
fn mixed_tls_modes_conflict_where_the_profile_refuses_them() {
    let text = gateway("g", "", "a TLS/pass 443 a.com\nb TLS/t 443 b.com\nc HTTPS/t 443 c.com");
    let model = testing::model(&text);
    let profile = crate::profile::PROFILES.into_iter().find(|profile| profile.word == "cilium");
    let settings = Settings { profile, ..testing::complete() };
    let attachments = attach(&model, &settings);
    let kinds: Vec<_> =
        attachments.listeners.iter().map(|joined| joined.conflict.map(|it| it.kind)).collect();
    assert_eq!(kinds, [Some(ConflictKind::Protocol), Some(ConflictKind::Protocol), None]);
}

/// Conformance test `listenerset-hostname-conflict`, shortened.
#[test]
fn across_listener_sets_the_first_wins() {
    let text =
        gateway(
            "g",
            "allowedListeners: {namespaces: {from: Same}}",
            "own HTTP 80 g.com\nshared HTTP 80 s.com",
        ) + &listener_set("set-1", "g", "first HTTP 80 1.com\nloses HTTP 80 s.com\nwins HTTP 80 w.com")
            + &listener_set("set-2", "g", "only HTTP 80 s.com")
            + &listener_set("set-3", "g", "other HTTP 80 3.com\nlate HTTP 80 w.com");
    check_conflicts(
        &text,
        &[
            ("own", ""),
            ("shared", ""),
            ("first", ""),
            ("loses", "HostnameConflict"),
            ("wins", ""),
            ("only", "HostnameConflict"),
            ("other", ""),
            ("late", "HostnameConflict"),
        ],
    );
}

/// Conformance test `listenerset-protocol-conflict`: a TCP listener that loses takes nobody with it.
#[test]
fn a_loser_takes_nobody_with_it() {
    let text = gateway("g", "allowedListeners: {namespaces: {from: Same}}", "own HTTP 80 g.com")
        + &listener_set("set-1", "g", "a HTTP 80 a.com\ntcp TCP 80\nb HTTP 80 b.com")
        + &listener_set("set-2", "g", "tcp2 TCP 80");
    check_conflicts(
        &text,
        &[("own", ""), ("a", ""), ("tcp", "ProtocolConflict"), ("b", ""), ("tcp2", "ProtocolConflict")],
    );
}

#[test]
fn the_merged_list_goes_by_age_then_name() {
    let aged = |name: &str, created: &str| {
        listener_set(
            &format!("{name}, creationTimestamp: {created:?}"),
            "g",
            &format!("{name} HTTP 80 {name}.com"),
        )
    };
    let text = gateway("g", "allowedListeners: {namespaces: {from: All}}", "own HTTP 80 g.com")
        + &aged("b", "2026-02-01T00:00:00Z")
        + &listener_set("z", "g", "z HTTP 80 z.com")
        + &aged("c", "2026-01-01T00:00:00Z")
        + &aged("a", "2026-02-01T00:00:00Z");
    let (model, settings) = (testing::model(&text), testing::complete());
    let attachments = attach(&model, &settings);
    let names: Vec<&str> = attachments.merged(0).map(|(_, joined)| joined.listener.name.as_ref()).collect();
    assert_eq!(names, ["own", "c", "a", "b", "z"]);
}

#[test]
fn a_gateway_takes_listener_sets_by_its_word_only() {
    for (from, complete, expected) in [
        ("", true, Membership::NotAllowed(0)),
        ("allowedListeners: {namespaces: {from: Same}}", true, Membership::Joined(0)),
        ("allowedListeners: {namespaces: {from: Selector, selector: {}}}", true, Membership::Joined(0)),
        ("allowedListeners: {namespaces: {from: Selector}}", false, Membership::NotAllowed(0)),
        (
            "allowedListeners: {namespaces: {from: Selector, selector: {matchLabels: {team: a}}}}",
            false,
            Membership::Maybe(0),
        ),
        (
            "allowedListeners: {namespaces: {from: Selector, selector: {matchLabels: {team: a}}}}",
            true,
            Membership::NotAllowed(0),
        ),
        (
            "allowedListeners: {namespaces: {from: Selector, selector: {matchLabels: {kubernetes.io/metadata.name: default}}}}",
            false,
            Membership::Joined(0),
        ),
    ] {
        let text = gateway("g", from, "own HTTP 80") + &listener_set("s", "g", "s HTTP 81");
        let settings = if complete { testing::complete() } else { testing::partial() };
        let model = testing::model(&text);
        assert_eq!(attach(&model, &settings).memberships, [expected], "{from} {complete}");
    }
}

/// The example of `OverlappingTLSConfig`: A and C overlap, B does not.
#[test]
fn overlapping_tls_is_noted_on_both() {
    let text = gateway(
        "g",
        "",
        "a HTTPS/t 443 foo.example.com\nb HTTPS/t 443 foo.example.org\nc HTTPS/t 443 *.example.com",
    );
    let (model, settings) = (testing::model(&text), testing::complete());
    let overlaps: Vec<_> = attach(&model, &settings).listeners.iter().map(|joined| joined.overlap).collect();
    assert_eq!(overlaps, [Some(ListenerId(2)), None, Some(ListenerId(0))]);
}

fn route(kind: &str, name: &str, parent: &str, hostnames: &str) -> String {
    format!(
        "apiVersion: gateway.networking.k8s.io/v1\nkind: {kind}\nmetadata: {{name: {name}}}\nspec:\n  parentRefs: [{{{parent}}}]\n  hostnames: [{hostnames}]\n---\n"
    )
}

/// The outcome of the one parentRef of the one route.
fn outcome(text: &str, settings: &Settings) -> Outcome {
    let model = testing::model(text);
    attach(&model, settings).routes[0][0].outcome
}

#[test]
fn a_route_is_judged_by_section_kind_namespace_and_host() {
    let gateway = gateway("g", "", "http HTTP 80 a.com\ntls TLS/pass 443");
    let gateway = gateway.replace("port: 443", "port: 443, allowedRoutes: {namespaces: {from: All}}");
    let both = |route: String| outcome(&(gateway.clone() + &route), &testing::complete());
    for (kind, parent, hostnames, expected) in [
        ("HTTPRoute", "name: g", "", Outcome::Accepted),
        ("HTTPRoute", "name: g", "a.com", Outcome::Accepted),
        ("HTTPRoute", "name: g", "b.com", Outcome::NoMatchingListenerHostname),
        ("HTTPRoute", "name: g, sectionName: tls", "", Outcome::NotAllowedByListeners),
        ("HTTPRoute", "name: g, sectionName: none", "", Outcome::NoMatchingParent),
        ("HTTPRoute", "name: g, port: 81", "", Outcome::NoMatchingParent),
        ("HTTPRoute", "name: g, sectionName: http, port: 443", "", Outcome::NoMatchingParent),
        ("TLSRoute", "name: g", "b.com", Outcome::Accepted),
        ("UDPRoute", "name: g", "", Outcome::NotAllowedByListeners),
        ("TCPRoute", "name: g, sectionName: tls", "", Outcome::NotAllowedByListeners),
        ("HTTPRoute", "name: missing", "", Outcome::NoMatchingParent),
        ("HTTPRoute", "name: s, kind: Service, group: \"\"", "", Outcome::NotJudged),
    ] {
        assert_eq!(both(route(kind, "r", parent, hostnames)), expected, "{kind} {parent} {hostnames}");
    }
    let elsewhere = route("HTTPRoute", "r, namespace: other", "name: g, namespace: default", "");
    assert_eq!(both(elsewhere), Outcome::NotAllowedByListeners);
    let elsewhere = route("TLSRoute", "r, namespace: other", "name: g, namespace: default", "x.com");
    assert_eq!(both(elsewhere), Outcome::Accepted);
}

#[test]
fn what_is_not_given_is_unknown() {
    let missing = route("HTTPRoute", "r", "name: missing", "");
    assert_eq!(outcome(&missing, &testing::partial()), Outcome::Unknown(Doubt::Parent));
    let selector = "allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: {team: a}}}}";
    let gateway = gateway("g", "", "http HTTP 80").replace("port: 80", &format!("port: 80, {selector}"));
    let text = gateway + &route("HTTPRoute", "r", "name: g", "");
    assert_eq!(outcome(&text, &testing::partial()), Outcome::Unknown(Doubt::Namespace));
    assert_eq!(outcome(&text, &testing::complete()), Outcome::NotAllowedByListeners);
    let namespace = "apiVersion: v1\nkind: Namespace\nmetadata: {name: default, labels: {team: a}}\n";
    assert_eq!(outcome(&(text + namespace), &testing::partial()), Outcome::Accepted);
}

/// GEP-1713: a parentRef to the Gateway reaches its own listeners only.
#[test]
fn a_gateway_parent_does_not_reach_listener_sets() {
    let allowed = "allowedListeners: {namespaces: {from: Same}}";
    let text = gateway("g", allowed, "notfoo HTTP 80 foo.com")
        + &listener_set("s", "g", "foo HTTP 80 first.foo.com");
    let by =
        |parent: &str| outcome(&(text.clone() + &route("HTTPRoute", "r", parent, "")), &testing::complete());
    assert_eq!(by("name: g, sectionName: foo"), Outcome::NoMatchingParent);
    assert_eq!(by("name: s, kind: ListenerSet, sectionName: foo"), Outcome::Accepted);
}

#[test]
fn attached_routes_count_once_and_only_if_accepted() {
    let text = gateway("g", "", "a HTTP 80\nb HTTP 81 b.com")
        + &route("HTTPRoute", "r1", "name: g}, {name: g, sectionName: a", "")
        + &route("HTTPRoute", "r2", "name: g", "x.com");
    let (model, settings) = (testing::model(&text), testing::complete());
    let routes: Vec<_> =
        attach(&model, &settings).listeners.into_iter().map(|joined| joined.routes).collect();
    assert_eq!(routes, [vec![0, 1], vec![0]]);
}

const SERVICE: &str =
    "apiVersion: v1\nkind: Service\nmetadata: {name: s, namespace: far}\nspec: {ports: [{port: 80}]}\n---\n";

fn grant(to: &str) -> String {
    format!(
        "apiVersion: gateway.networking.k8s.io/v1beta1\nkind: ReferenceGrant\nmetadata: {{name: g, namespace: far}}\nspec:\n  from: [{{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: default}}]\n  to: [{{group: \"\", kind: Service{to}}}]\n---\n"
    )
}

#[test]
fn a_backend_elsewhere_needs_a_grant() {
    let judge = |reference: &str, more: &str, settings: &Settings| {
        let text = format!(
            "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {{name: r}}\nspec:\n  rules: [{{backendRefs: [{{{reference}}}]}}]\n---\n{more}"
        );
        let model = testing::model(&text);
        let index = Index::new(&model, settings);
        backend(&index, settings.profile, &model.routes[0], &model.routes[0].rules[0].backends[0])
    };
    let (complete, partial) = (testing::complete(), testing::partial());
    let far = "name: s, namespace: far, port: 80";
    assert_eq!(judge(far, SERVICE, &complete), Reference::NotPermitted);
    assert_eq!(judge(far, SERVICE, &partial), Reference::GrantUnknown);
    assert_eq!(judge(far, &(grant("") + SERVICE), &complete), Reference::Resolved);
    assert_eq!(judge(far, &(grant(", name: s") + SERVICE), &partial), Reference::Resolved);
    assert_eq!(judge(far, &(grant(", name: other") + SERVICE), &complete), Reference::NotPermitted);
    assert_eq!(judge(far, &grant(""), &partial), Reference::ObjectUnknown);
    assert_eq!(judge(far, &grant(""), &complete), Reference::NotFound);
    let port = "name: s, namespace: far, port: 81";
    assert_eq!(judge(port, &(grant("") + SERVICE), &complete), Reference::NoSuchPort);
    // Conformance test `httproute-invalid-backendref-unknown-kind`.
    let kind = "name: s, kind: NonExistent, group: unknownkind.example.com, port: 80";
    assert_eq!(judge(kind, "", &complete), Reference::KindNotFound);
    assert_eq!(judge(kind, "", &partial), Reference::KindUnknown);
    let there = "apiVersion: unknownkind.example.com/v1\nkind: NonExistent\nmetadata: {name: s}\n";
    assert_eq!(judge(kind, there, &complete), Reference::KindUnknown);
    assert_eq!(judge("name: s, kind: Pod, port: 80", "", &partial), Reference::InvalidKind);
    let named = Settings { profile: crate::profile::named("traefik"), ..partial.clone() };
    let other = "name: s, kind: Backend, group: gateway.envoyproxy.io";
    assert_eq!(judge(other, "", &named), Reference::KindRefused);
    assert_eq!(judge("name: near, port: 80", "", &partial), Reference::ObjectUnknown);
}
