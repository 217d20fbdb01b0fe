use super::*;
use crate::check::attach::attach;
use crate::check::testing;
use crate::release::{Release, Target};

/// The conditions of everything, as `name: Type=Status/Reason …` in one line each; routes once a parent.
fn conditions(text: &str, settings: &Settings) -> Vec<String> {
    let model = testing::model(text);
    let attachments = attach(&model, settings);
    let status = predict(&model, settings, &attachments);
    let line = |name: &str, conditions: &[Condition]| {
        let words = conditions.iter().map(|it| format!("{}={:?}/{}", it.kind, it.status, it.reason));
        format!("{name}: {}", words.collect::<Vec<_>>().join(" "))
    };
    let routes = status.routes.iter().flat_map(|route| {
        route.parents.iter().map(move |parent| (format!("{} {}", route.kind, route.name), &parent.conditions))
    });
    let listeners = status.listeners.iter();
    let listeners = listeners.map(|it| (format!("{} {}", it.name, it.attached_routes), &it.conditions));
    let gateways = status.gateways.iter().map(|it| (format!("{} {}", it.kind, it.name), &it.conditions));
    routes.chain(listeners).chain(gateways).map(|(name, conditions)| line(&name, conditions)).collect()
}

const API: &str = "apiVersion: gateway.networking.k8s.io/v1\n";

fn gateway(more: &str, listeners: &str) -> String {
    format!(
        "{API}kind: Gateway\nmetadata: {{name: g}}\nspec: {{gatewayClassName: c, {more} listeners: [{listeners}]}}\n---\n"
    )
}

fn route(more: &str) -> String {
    format!("{API}kind: HTTPRoute\nmetadata: {{name: r}}\nspec: {{{more}}}\n---\n")
}

/// Conformance test `gateway-invalid-listeners-unsupported-protocol`.
#[test]
fn unsupported_protocols_leave_the_gateway_if_one_listener_is_good() {
    let text =
        gateway("", "{name: http, port: 80, protocol: HTTP}, {name: invalid, port: 1111, protocol: INVALID}");
    assert_eq!(
        conditions(&text, &testing::complete()),
        [
            "http 0: Accepted=True/Accepted Conflicted=False/NoConflicts ResolvedRefs=True/ResolvedRefs Programmed=True/Programmed",
            "invalid 0: Accepted=False/UnsupportedProtocol Conflicted=False/NoConflicts ResolvedRefs=True/ResolvedRefs Programmed=False/Invalid",
            "Gateway g: Accepted=True/ListenersNotValid Programmed=True/Programmed",
        ]
    );
    let text = gateway("", "{name: invalid, port: 1111, protocol: INVALID}");
    let found = conditions(&text, &testing::complete());
    assert_eq!(found[1], "Gateway g: Accepted=False/ListenersNotValid Programmed=False/Invalid");
}

/// Conformance test `gateway-with-attached-routes`: routes attach whether references resolve or not.
#[test]
fn unresolved_references_do_not_detach() {
    let text =
        gateway(
            "",
            "{name: tls, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: does-not-exist}]}}",
        ) + &route("parentRefs: [{name: g}], rules: [{backendRefs: [{name: does-not-exist, port: 80}]}]");
    assert_eq!(
        conditions(&text, &testing::complete()),
        [
            "HTTPRoute r: Accepted=True/Accepted ResolvedRefs=False/BackendNotFound",
            "tls 1: Accepted=True/Accepted Conflicted=False/NoConflicts ResolvedRefs=False/InvalidCertificateRef Programmed=False/Invalid",
            "Gateway g: Accepted=True/Accepted Programmed=False/Invalid",
        ]
    );
    assert_eq!(
        conditions(&text, &testing::partial()),
        [
            "HTTPRoute r: Accepted=True/Accepted ResolvedRefs=Unknown/Unknown",
            "tls 1: Accepted=True/Accepted Conflicted=False/NoConflicts ResolvedRefs=Unknown/Unknown Programmed=Unknown/Pending",
            "Gateway g: Accepted=True/Accepted Programmed=Unknown/Pending",
        ]
    );
}

/// Gateway API leaves several certificates to the controller; the trace says the same.
#[test]
fn a_listener_with_some_certificates_may_be_programmed() {
    let text = gateway(
        "",
        "{name: tls, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: good}, {name: bad}]}}",
    ) + "apiVersion: v1\nkind: Secret\nmetadata: {name: good}\n";
    assert_eq!(
        conditions(&text, &testing::complete()),
        [
            "tls 0: Accepted=True/Accepted Conflicted=False/NoConflicts ResolvedRefs=False/InvalidCertificateRef Programmed=Unknown/Pending",
            "Gateway g: Accepted=True/Accepted Programmed=Unknown/Pending",
        ]
    );
}

/// Conformance tests `gateway-invalid-route-kind` and `tlsroute-listener-passthrough-supported-kinds`.
#[test]
fn kinds_that_the_protocol_does_not_carry_are_invalid() {
    for (listener, kinds, programmed) in [
        ("protocol: HTTP, allowedRoutes: {kinds: [{kind: InvalidRoute}]}", vec![], "False/Invalid"),
        (
            "protocol: HTTP, allowedRoutes: {kinds: [{kind: InvalidRoute}, {kind: HTTPRoute}]}",
            vec!["HTTPRoute"],
            "True/Programmed",
        ),
        (
            "protocol: TLS, tls: {mode: Passthrough}, allowedRoutes: {kinds: [{kind: TCPRoute}, {kind: TLSRoute}]}",
            vec!["TLSRoute"],
            "True/Programmed",
        ),
    ] {
        let text = gateway("", &format!("{{name: l, port: 80, {listener}}}"));
        let (model, settings) = (testing::model(&text), testing::complete());
        let attachments = attach(&model, &settings);
        let status = predict(&model, &settings, &attachments);
        let found: Vec<&str> = status.listeners[0].supported_kinds.iter().map(|it| it.kind).collect();
        assert_eq!(found, kinds, "{listener}");
        let line = &conditions(&text, &settings)[0];
        assert!(
            line.ends_with(&format!("ResolvedRefs=False/InvalidRouteKinds Programmed={programmed}")),
            "{line}"
        );
    }
}

/// Conformance tests `listenerset-default-not-allowed` and `listenerset-hostname-conflict`.
#[test]
fn listener_sets_stand_and_fall_by_their_listeners() {
    let set = |name: &str, listeners: &str| {
        format!(
            "{API}kind: ListenerSet\nmetadata: {{name: {name}}}\nspec: {{parentRef: {{name: g}}, listeners: [{listeners}]}}\n---\n"
        )
    };
    let own = "{name: own, port: 80, protocol: HTTP, hostname: g.com}";
    let lost = "{name: lost, port: 80, protocol: HTTP, hostname: g.com}";
    let good = "{name: good, port: 80, protocol: HTTP, hostname: s.com}";
    let sets = set("s1", &format!("{good}, {lost}")) + &set("s2", lost);
    let found = conditions(&(gateway("", own) + &sets), &testing::complete());
    assert_eq!(
        found[3..],
        [
            "lost 0: Accepted=False/NotAllowed Conflicted=False/NoConflicts ResolvedRefs=True/ResolvedRefs Programmed=False/NotAllowed",
            "Gateway g: Accepted=True/Accepted Programmed=True/Programmed",
            "ListenerSet s1: Accepted=False/NotAllowed Programmed=False/NotAllowed",
            "ListenerSet s2: Accepted=False/NotAllowed Programmed=False/NotAllowed",
        ]
    );
    let found = conditions(
        &(gateway("allowedListeners: {namespaces: {from: Same}},", own) + &sets),
        &testing::complete(),
    );
    assert_eq!(
        found[2..],
        [
            "lost 0: Accepted=False/HostnameConflict Conflicted=True/HostnameConflict ResolvedRefs=True/ResolvedRefs Programmed=False/HostnameConflict",
            "lost 0: Accepted=False/HostnameConflict Conflicted=True/HostnameConflict ResolvedRefs=True/ResolvedRefs Programmed=False/HostnameConflict",
            "Gateway g: Accepted=True/Accepted Programmed=True/Programmed",
            "ListenerSet s1: Accepted=True/ListenersNotValid Programmed=True/Programmed",
            "ListenerSet s2: Accepted=False/ListenersNotValid Programmed=False/ListenersNotValid",
        ]
    );
}

/// The message of the first condition of a type that has one.
fn message(text: &str, settings: &Settings, kind: &str) -> String {
    let model = testing::model(text);
    let attachments = attach(&model, settings);
    let status = predict(&model, settings, &attachments);
    let routes =
        status.routes.iter().flat_map(|route| route.parents.iter().flat_map(|parent| &parent.conditions));
    let listeners = status.listeners.iter().flat_map(|listener| &listener.conditions);
    let mut all = routes.chain(listeners).filter(|it| it.kind == kind && !it.message.is_empty());
    all.next().map(|it| it.message.to_string()).unwrap_or_default()
}

#[test]
fn messages_name_what_was_found() {
    let complete = testing::complete();
    let tls = |reference: &str| {
        gateway(
            "",
            &format!("{{name: l, port: 443, protocol: HTTPS, tls: {{certificateRefs: [{reference}]}}}}"),
        )
    };
    for (reference, expected) in [
        ("{name: a}", "Secret default/a does not exist"),
        (
            "{kind: ConfigMap, name: a}",
            "ConfigMap default/a is no certificate, only a Secret of the core group is",
        ),
        (
            "{group: x.io, kind: C, name: a}",
            "C default/a of group `x.io` is no certificate, only a Secret of the core group is",
        ),
        (
            "{namespace: other, name: a}",
            "no ReferenceGrant in namespace `other` lets Gateway objects of `default` refer to Secret other/a",
        ),
    ] {
        assert_eq!(message(&tls(reference), &complete, "ResolvedRefs"), expected);
    }
    let partial = testing::partial();
    assert_eq!(message(&tls("{name: a}"), &partial, "ResolvedRefs"), "Secret default/a is not in the input");
    let kinds =
        gateway("", "{name: l, port: 80, protocol: HTTP, allowedRoutes: {kinds: [{kind: TCPRoute}]}}");
    assert_eq!(message(&kinds, &complete, "ResolvedRefs"), "protocol `HTTP` does not carry `TCPRoute`");

    let grpc =
        gateway("", "{name: l, port: 80, protocol: HTTP, allowedRoutes: {kinds: [{kind: GRPCRoute}]}}");
    let refused = grpc + &route("parentRefs: [{name: g}]");
    assert_eq!(message(&refused, &complete, "Accepted"), "listener `l` refuses kind HTTPRoute");
    let apart = gateway("", "{name: l, port: 80, protocol: HTTP}")
        + &route("parentRefs: [{name: h, namespace: x}, {name: g, namespace: x}]");
    assert_eq!(message(&apart, &partial, "Accepted"), "Gateway x/h is not in the input");
    let apart = apart.replace("{name: h, namespace: x}, ", "");
    let elsewhere = "Gateway x/g is not in the input, but Gateway default/g is";
    assert_eq!(message(&apart, &partial, "Accepted"), elsewhere);

    let listener = |name: &str, port: u16| format!("{{name: {name}, port: {port}, protocol: HTTP}}");
    let same = gateway("", &format!("{}, {}", listener("a", 80), listener("b", 80)));
    let conflict = "listener `b` of Gateway default/g has port 80 without a host name too";
    assert_eq!(message(&same, &complete, "Accepted"), conflict);
    assert_eq!(message(&same, &complete, "Conflicted"), conflict);

    let https = |name: &str, host: &str| {
        format!(
            "{{name: {name}, port: 443, protocol: HTTPS, hostname: '{host}', tls: {{certificateRefs: [{{name: s}}]}}}}"
        )
    };
    let overlapping = gateway("", &format!("{}, {}", https("a", "*.a.com"), https("b", "b.a.com")));
    let overlap = "its host name overlaps with `b.a.com` of listener `b` of Gateway default/g";
    assert_eq!(message(&overlapping, &complete, "OverlappingTLSConfig"), overlap);
    let tls = "tls: {frontend: {default: {validation: {caCertificateRefs: [{group: '', kind: ConfigMap, name: ca}]}}}},";
    let secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\n";
    let validated = gateway(tls, &https("a", "a.com")) + secret;
    let absent = "CA certificates for clients: ConfigMap default/ca does not exist";
    assert_eq!(message(&validated, &complete, "ResolvedRefs"), absent);

    let set = format!(
        "{API}kind: ListenerSet\nmetadata: {{name: s}}\nspec: {{parentRef: {{name: g}}, listeners: [{}]}}\n---\n",
        listener("l", 81)
    );
    let own = gateway("", &listener("a", 80));
    let refused = "Gateway default/g takes no ListenerSet, for its `allowedListeners` is None, the default";
    for (text, settings, expected) in [
        (&(own.clone() + &set), &complete, refused),
        (&set, &complete, "Gateway default/g does not exist"),
        (&set, &partial, "Gateway default/g is not in the input"),
    ] {
        assert_eq!(message(text, settings, "Accepted"), expected);
    }

    let parent = |reference: &str| own.clone() + &set + &route(&format!("parentRefs: [{reference}]"));
    for (reference, expected) in [
        ("{name: other}", "Gateway default/other does not exist".to_owned()),
        ("{name: g, sectionName: x, port: 1}", "Gateway default/g has no listener `x` on port 1".to_owned()),
        ("{kind: ListenerSet, name: s}", format!("ListenerSet default/s has joined no Gateway: {refused}")),
    ] {
        assert_eq!(message(&parent(reference), &complete, "Accepted"), expected);
    }
}

/// Conformance tests `gateway-with-invalid-clientcertificate-validation` and
/// `gateway-invalid-default-frontend-client-certificate-validation`.
#[test]
fn https_listeners_need_a_valid_certificate_to_validate_clients_with() {
    let settings = |port: u16, certificates: &str| {
        format!("{{port: {port}, tls: {{validation: {{caCertificateRefs: [{certificates}]}}}}}}")
    };
    let good = "{group: '', kind: ConfigMap, name: good}";
    let bad = "{group: '', kind: ConfigMap, name: bad}";
    let ports = [
        settings(1, bad),
        settings(2, "{group: '', kind: Service, name: good}"),
        settings(3, "{group: '', kind: ConfigMap, namespace: other, name: good}"),
        settings(4, &format!("{bad}, {good}")),
        settings(5, "{group: certificates.k8s.io, kind: ClusterTrustBundle, name: b}"),
        "{port: 6, tls: {}}".to_owned(),
    ];
    let tls = format!(
        "tls: {{frontend: {{default: {{validation: {{caCertificateRefs: [{bad}]}}}}, perPort: [{}]}}}},",
        ports.join(", ")
    );
    let listener = |port: usize| {
        format!("{{name: l{port}, port: {port}, protocol: HTTPS, tls: {{certificateRefs: [{{name: s}}]}}}}")
    };
    let mut listeners: Vec<String> = (1..=7).map(listener).collect();
    listeners.push("{name: http, port: 8, protocol: HTTP}".to_owned());
    let objects = "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: good}\n---\n";
    let text = gateway(&tls, &listeners.join(", ")) + objects;
    let found = conditions(&text, &testing::complete());
    for (at, expected) in [
        "False/NoValidCACertificate False/InvalidCACertificateRef False/Invalid",
        "False/NoValidCACertificate False/InvalidCACertificateKind False/Invalid",
        "False/NoValidCACertificate False/RefNotPermitted False/Invalid",
        "True/Accepted False/InvalidCACertificateRef True/Programmed",
        "Unknown/Pending Unknown/Unknown Unknown/Pending",
        "True/Accepted True/ResolvedRefs True/Programmed",
        "False/NoValidCACertificate False/InvalidCACertificateRef False/Invalid",
        "True/Accepted True/ResolvedRefs True/Programmed",
    ]
    .into_iter()
    .enumerate()
    {
        let states = found[at].split(' ').filter_map(|word| word.split_once('='));
        let states = states.filter(|(kind, _)| *kind != "Conflicted").map(|(_, state)| state);
        assert_eq!(states.collect::<Vec<_>>().join(" "), expected, "{}", found[at]);
    }
}

/// Conformance tests `gateway-invalid-tls-backend-configuration` and
/// `gateway-with-clientcertificate-validation-insecure-fallback`.
#[test]
fn tls_settings_of_a_gateway_have_conditions_of_their_own() {
    let secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\n---\n";
    for (reference, expected) in [
        ("{name: s}", "True/ResolvedRefs"),
        ("{name: absent}", "False/InvalidClientCertificateRef"),
        ("{kind: Other, name: s}", "False/InvalidClientCertificateRef"),
        ("{namespace: other, name: s}", "False/RefNotPermitted"),
    ] {
        let tls = format!("tls: {{backend: {{clientCertificateRef: {reference}}}}},");
        let text = gateway(&tls, "{name: http, port: 80, protocol: HTTP}") + secret;
        let found = conditions(&text, &testing::complete());
        assert_eq!(
            found[1],
            format!("Gateway g: Accepted=True/Accepted Programmed=True/Programmed ResolvedRefs={expected}")
        );
    }
    let insecure = "tls: {frontend: {default: {validation: {mode: AllowInsecureFallback, caCertificateRefs: [{group: '', kind: ConfigMap, name: c}]}}}},";
    let found =
        conditions(&gateway(insecure, "{name: http, port: 80, protocol: HTTP}"), &testing::complete());
    assert!(found[1].ends_with("InsecureFrontendValidationMode=True/ConfigurationChanged"), "{}", found[1]);
}

/// `grpcroute_types.go:126-137` of v1.5.1; from 1.6 on a controller may accept both.
#[test]
fn until_1_5_the_older_of_an_http_and_a_grpc_route_has_the_host() {
    let route = |kind: &str, name: &str, created: &str, host: &str| {
        let created = if created.is_empty() { "" } else { &format!(", creationTimestamp: {created:?}") };
        format!(
            "{API}kind: {kind}\nmetadata: {{name: {name}{created}}}\nspec: {{parentRefs: [{{name: g}}], hostnames: [{host}]}}\n---\n"
        )
    };
    let (old, young) = ("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z");
    let accepted = |release, http: &str, grpc: &str| {
        let text = gateway("", "{name: l, port: 80, protocol: HTTP}")
            + &route("HTTPRoute", "h", http, "a.com")
            + &route("GRPCRoute", "r", grpc, "'*.com'")
            + &route("GRPCRoute", "other", "", "b.net");
        let target = Target { release, ..testing::complete().target };
        let found = conditions(&text, &Settings { target, ..testing::complete() });
        let states =
            found.iter().take(3).filter_map(|line| line.split([' ', '=', '/']).nth(3).map(str::to_owned));
        (states.collect::<Vec<_>>().join(" "), found[3].split(':').next().unwrap_or_default().to_owned())
    };
    for (release, http, grpc, expected, listener) in [
        (Release::V1_5, old, young, "True False True", "l 2"),
        (Release::V1_4, young, old, "False True True", "l 2"),
        (Release::V1_5, "", old, "False True True", "l 2"),
        (Release::V1_5, "", "", "Unknown Unknown True", "l 1"),
        (Release::V1_6, old, young, "True True True", "l 3"),
    ] {
        let found = accepted(release, http, grpc);
        assert_eq!((found.0.as_str(), found.1.as_str()), (expected, listener), "{http:?} {grpc:?}");
    }
}

#[test]
fn the_json_has_the_shape_of_the_interface() {
    let text = gateway("", "{name: http, port: 80, protocol: HTTP}") + &route("parentRefs: [{name: g}]");
    let (model, settings) = (testing::model(&text), testing::complete());
    let attachments = attach(&model, &settings);
    let json = serde_json::to_string(&predict(&model, &settings, &attachments)).expect("JSON");
    assert_eq!(
        json,
        concat!(
            r#"{"routes":[{"kind":"HTTPRoute","namespace":"default","name":"r","parents":[{"#,
            r#""parentRef":{"group":"gateway.networking.k8s.io","kind":"Gateway","name":"g"},"conditions":["#,
            r#"{"type":"Accepted","status":"True","reason":"Accepted"},{"type":"ResolvedRefs","status":"True","reason":"ResolvedRefs"}]}]}],"#,
            r#""listeners":[{"gateway":{"kind":"Gateway","namespace":"default","name":"g"},"name":"http","attachedRoutes":1,"#,
            r#""supportedKinds":[{"group":"gateway.networking.k8s.io","kind":"HTTPRoute"},{"group":"gateway.networking.k8s.io","kind":"GRPCRoute"}],"#,
            r#""conditions":[{"type":"Accepted","status":"True","reason":"Accepted"},{"type":"Conflicted","status":"False","reason":"NoConflicts"},"#,
            r#"{"type":"ResolvedRefs","status":"True","reason":"ResolvedRefs"},{"type":"Programmed","status":"True","reason":"Programmed"}]}],"#,
            r#""gateways":[{"kind":"Gateway","namespace":"default","name":"g","attachedListenerSets":0,"#,
            r#""conditions":[{"type":"Accepted","status":"True","reason":"Accepted"},{"type":"Programmed","status":"True","reason":"Programmed"}]}]}"#,
        )
    );
}
