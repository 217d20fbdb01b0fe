//! What a Gateway has room for, whose bound that is, and what is told beyond it.

use super::{HEAD, gateways, organizations, plan, sharding, sound};

/// Organizations with six services each.
fn large(count: usize) -> String {
    let services: Vec<String> = (0..6).map(|at| format!("{{name: s{at}, port: 80}}")).collect();
    let services = services.join(", ");
    let one = |number: usize| format!("  - {{name: org-{number:03}, services: [{services}]}}\n");
    format!("organizations:\n{}", (0..count).map(one).collect::<String>())
}

/// Of ten rules six leave no room for another six: there is a Gateway for each.
#[test]
fn loads_that_do_not_pack_get_the_gateways_that_they_take() {
    let text = format!("{HEAD}{}{}", sharding("pool", ", limits: {rules: 10}"), large(60));
    let summary = sound(&text);
    assert_eq!(summary.sharding.as_ref().expect("there are organizations").gateways, 60);
    assert!(gateways(&summary).iter().all(|(_, listeners)| *listeners == 3), "{:?}", gateways(&summary));
}

#[test]
fn what_is_full_is_told_with_whose_bound_it_is() {
    let aws = HEAD.replace("envoy-gateway", "aws").replace("className: eg", "className: aws-alb");
    let full = |text: &str| {
        let (_, found) = plan(text);
        let full = found.into_iter().find(|found| found.code.0 == "gateways-full").expect(text);
        (full.source.into_owned(), full.hint.into_owned())
    };
    let (source, hint) = full(&format!("{aws}{}{}", sharding("hybrid", ""), organizations(30)));
    assert!(source.contains("Load Balancer") || source.contains("ALB"), "{source}");
    assert_eq!(hint, "set `sharding.maxGateways` higher");
    let one = |strategy: &str| {
        full(&format!("{HEAD}{}{}", sharding(strategy, ", limits: {certificates: 1}"), organizations(3)))
    };
    for strategy in ["listenerSets", "wildcardPerOrganization", "hybrid"] {
        let (source, hint) = one(strategy);
        assert_eq!(source, "the values' own `sharding.limits`", "{strategy}");
        assert!(!hint.contains("ListenerSet") && !hint.contains("listenerSets"), "{strategy}: {hint}");
    }
    let (source, hint) =
        full(&format!("{HEAD}{}{}", sharding("wildcardPerOrganization", ""), organizations(70)));
    assert!(source.starts_with("Gateway API"), "{source}");
    assert!(hint.ends_with("or `listenerSets`"), "{hint}");
    let (_, hint) = full(&format!("{HEAD}{}{}", sharding("pool", ", maxGateways: 1"), organizations(70)));
    assert_eq!(hint, "set `sharding.maxGateways` higher", "no limit of the values lets more in");
}

#[test]
fn what_a_gateway_has_of_its_own_is_named() {
    let text = format!("{HEAD}{}{}", sharding("wildcardPerOrganization", ""), organizations(70));
    let (_, found) = plan(&text);
    let full = found.into_iter().find(|found| found.code.0 == "gateways-full").expect("it is full");
    assert!(full.message.contains("beside its own `"), "{}", full.message);
}

#[test]
fn a_limit_beyond_gateway_apis_own_is_told() {
    let with = |strategy: &str, limit: u32| {
        let limits = format!(", limits: {{listeners: {limit}}}");
        let (_, found) = plan(&format!("{HEAD}{}{}", sharding(strategy, &limits), organizations(1)));
        found.iter().map(|found| (found.code.0, found.path.to_string())).collect::<Vec<_>>()
    };
    assert_eq!(with("pool", 65), [("no-effect", "sharding.limits.listeners".to_owned())]);
    assert_eq!(with("pool", 64), []);
    assert_eq!(with("listenerSets", 1000), []);
}

#[test]
fn more_namespaces_than_a_gateway_names_open_it_to_all() {
    for (count, expected) in [(10_000, vec![]), (10_001, vec!["open-to-all-namespaces"])] {
        let text = format!("{HEAD}{}{}", sharding("listenerSets", ""), organizations(count));
        let (_, found) = plan(&text);
        let codes: Vec<_> = found.iter().map(|found| found.code.0).collect();
        assert_eq!(codes, expected, "{count}");
    }
}

/// Listeners that are derived are for routes of the values, which attach to their own Gateway.
#[test]
fn gateways_that_are_made_have_what_is_written_and_nothing_derived() {
    let derived = HEAD
        .lines()
        .filter(|line| !line.contains("listeners:"))
        .fold(String::new(), |text, line| format!("{text}{line}\n"));
    let tenant = "tenantClusters: [{name: demo, namespace: a, addresses: [198.51.100.5]}]\n";
    for profile in ["envoy-gateway", "higress"] {
        let derived = derived.replace("envoy-gateway", profile).replace("className: eg", "");
        let with = |strategy: &str| {
            plan(&format!(
                "{derived}{tenant}{}{}",
                sharding(strategy, ", limits: {listeners: 2}"),
                organizations(3)
            ))
        };
        let (summary, found) = with("pool");
        assert_eq!(gateways(&summary), [("eg", 1), ("eg-01", 1), ("eg-02", 2)], "{profile}");
        assert_eq!(found, [], "{profile}");
    }
    // Where they do stand on one Gateway, not every controller can.
    let (_, found) = plan(&format!(
        "{}{tenant}{}{}",
        derived.replace("envoy-gateway", "higress").replace("className: eg", ""),
        sharding("wildcardPerOrganization", ""),
        organizations(1)
    ));
    let codes: Vec<_> = found.iter().map(|found| found.code.0).collect();
    assert_eq!(codes, ["tls-mode-mixed", "overlapping-tls"], "{found:#?}");
}

#[test]
fn nobody_takes_the_host_names_of_tenant_clusters_or_of_routes() {
    let wide = HEAD.replace("*.clusters.example.com", "*.example.com");
    let tenant = "tenantClusters: [{name: a, namespace: t1, addresses: [192.0.2.1]}]\n";
    for strategy in ["wildcardPerOrganization", "listenerSets", "perService"] {
        let taken = |hostname: &str| {
            let evil = format!(
                "organizations: [{{name: evil, services: [{{name: web, port: 80, hostnames: [{hostname}]}}]}}]\n"
            );
            let (_, found) = plan(&format!("{wide}{tenant}{}{evil}", sharding(strategy, "")));
            let taken = found.into_iter().filter(|found| found.code.0 == "hostname-of-another");
            taken.map(|found| found.path.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(taken("a-cp-t1.example.com"), ["tenantClusters[0]"], "{strategy}");
        assert_eq!(taken("b-cp-t1.example.com"), [""; 0], "{strategy}");
    }
}

#[test]
fn a_service_that_nothing_exposes_is_told() {
    let text = format!(
        "{HEAD}organizations: [{{name: acme, hostnames: [web.acme.example], services: [{{name: web, port: 80}}, {{name: api, port: 81}}]}}]"
    );
    let (_, found) = plan(&text);
    let [found] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(
        (found.code.0, found.path.to_string()),
        ("service-not-exposed", "organizations[0].services[1]".into())
    );
}
