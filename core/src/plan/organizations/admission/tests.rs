use super::super::tests::{plan, sharding};

/// Where `globex` has the name that is certified, on a Gateway with these listeners.
fn proving(solver: &str, listeners: &str, strategy: &str) -> String {
    let listeners = if listeners.is_empty() { String::new() } else { format!(", listeners: [{listeners}]") };
    format!(
        "
profile: envoy-gateway
gateway: {{name: eg, namespace: edge, className: eg{listeners}}}
certificates: {{enabled: true, solver: {solver}, issuerRef: {{name: le, kind: ClusterIssuer}}}}
{}organizations: [{{name: globex, hostnames: [web.globex.example], services: [{{name: web, port: 80}}]}}]
",
        sharding(strategy, "")
    )
}

#[test]
fn challenges_are_let_in_by_derived_listeners() {
    for strategy in ["perService", "listenerSets"] {
        let (summary, found) = plan(&proving("http01", "", strategy));
        assert_eq!(found, [], "{strategy}");
        let gateway = &summary.gateways[0];
        let http = gateway.listeners.iter().find(|listener| listener.name == "http").expect("it is derived");
        let from: Vec<&str> = summary
            .objects
            .iter()
            .filter(|object| object.kind == "Gateway" && object.manifest.contains("- globex"))
            .map(|object| object.name.as_str())
            .collect();
        assert_eq!((http.port, from), (80, vec![gateway.name.as_str()]), "{strategy}");
    }
    let (summary, _) = plan(&proving("dns01", "", "perService"));
    let allowed = summary.objects.iter().find(|object| object.kind == "Gateway").expect("there is one");
    assert!(!allowed.manifest.contains("- edge"), "{}", allowed.manifest);
}

#[test]
fn challenges_that_do_not_arrive_are_told() {
    let http = "name: http, port: 80, protocol: HTTP";
    for (solver, listeners, expected) in [
        ("http01", format!("{{{http}}}"), vec!["challenge-unreachable"]),
        ("dns01", format!("{{{http}}}"), vec![]),
        ("dns01", String::new(), vec![]),
        ("http01", "{name: other, port: 8080, protocol: HTTP}".to_owned(), vec!["challenge-unreachable"]),
        ("http01", format!("{{{http}, allowedRoutes: {{namespaces: {{from: All}}}}}}"), vec![]),
        (
            "http01",
            format!("{{{http}, allowedRoutes: {{namespaces: {{from: All}}, kinds: [{{kind: GRPCRoute}}]}}}}"),
            vec!["challenge-unreachable"],
        ),
    ] {
        for strategy in ["perService", "dedicated", "pool"] {
            let (_, found) = plan(&proving(solver, &listeners, strategy));
            let codes: Vec<_> = found.iter().map(|found| found.code.0).collect();
            assert_eq!(codes, expected, "{strategy}: {listeners}");
        }
    }
}

/// What is derived is not copied to those that are made.
#[test]
fn gateways_that_are_made_have_no_derived_listener_for_challenges() {
    for strategy in ["dedicated", "pool"] {
        let (_, found) = plan(&proving("http01", "", strategy));
        let [found] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!(found.code.0, "challenge-unreachable");
        assert!(found.message.contains("a Gateway that is made like `eg` has no plain"), "{}", found.message);
    }
}
