//! One cause is one finding, and what has no effect is one too.

use crate::diagnostic::Severity;

use super::{HEAD, codes, gateways, organizations, plan, plan_with_infos, sharding, sound};

/// A Gateway with an address, and DNS records.
fn with_dns() -> String {
    HEAD.replace("  className: eg", "  className: eg\n  addresses: [{value: 192.0.2.1}]")
        + "dns: {enabled: true}\n"
}

#[test]
fn what_has_no_effect_is_told() {
    let with = |strategy: &str, more: &str, beside: &str| {
        codes(&format!("{HEAD}{}{beside}{}", sharding(strategy, more), organizations(1)))
    };
    let told = vec!["no-effect"];
    for (strategy, more, expected) in [
        ("pool", ", gateways: 3", &told),
        ("hash", ", maxGateways: 2", &told),
        ("hash", ", maxGateways: 2, listenerSets: always", &vec!["no-effect"; 2]),
        ("dedicated", ", listenerSets: always", &told),
        ("listenerSets", ", listenerSets: never", &told),
        ("hash", ", gateways: 2", &vec![]),
        ("pool", ", maxGateways: 2, listenerSets: never", &vec![]),
        ("listenerSets", ", listenerSets: always", &vec![]),
        ("pool", ", gateways: null", &vec![]),
    ] {
        assert_eq!(&with(strategy, more, ""), expected, "{strategy}{more}");
    }
    // What only the strategy before takes has its effect there.
    let migration = "migration: {phase: parallel, from: hash}\n";
    assert_eq!(with("pool", ", gateways: 2, maxGateways: 2", migration), [""; 0]);
    let hash = |hash: &str| {
        with("pool", "", &format!("placements: {{hash: {hash}, gateways: {{org-0000: eg-01}}}}\n"))
    };
    assert_eq!((hash("other"), hash("fnv1a-splitmix64")), (told.clone(), vec![]));
    let recorded = "placements: {gateways: {org-0000: eg-01}}\n";
    assert_eq!(with("dedicated", "", recorded), told);
    assert_eq!(with("dedicated", "", "placements: {gateways: {}}\n"), [""; 0]);
    let moved = format!("migration: {{phase: parallel, from: pool, {}}}\n", recorded.trim_end());
    assert_eq!(with("dedicated", "", &moved), [""; 0], "the record of the strategy before");
    let idle = codes(&format!("{HEAD}{recorded}"));
    assert!(idle.contains(&"no-effect"), "nobody is placed: {idle:?}");
    for (organization, expected) in [
        ("services: []", &told),
        ("namespaces: [a]", &told),
        ("services: [{name: -a, port: 80}]", &vec!["bad-value"]),
        ("hostnames: [www.a.example]", &vec!["whose-hostname"]),
    ] {
        let text = format!("{HEAD}organizations: [{{name: a, {organization}}}]");
        assert_eq!(&codes(&text), expected, "{organization}");
    }
}

#[test]
fn a_word_that_is_none_is_the_only_fault() {
    let text = |sharding: &str, migration: &str| {
        format!("{HEAD}sharding: {{{sharding}}}\nmigration: {migration}\n{}", organizations(2))
    };
    assert_eq!(codes(&text("strategy: shared, gateways: 3, listenerSets: never", "null")), ["bad-value"]);
    assert_eq!(
        codes(&text("strategy: wildcardPerOrganization", "{phase: parallel, from: nope}")),
        ["bad-value"]
    );
}

#[test]
fn an_address_that_is_missing_is_missed_once() {
    let text = |own: &str| {
        format!("{}{}{}", with_dns(), sharding("dedicated", ""), organizations(1))
            .replace("services:", &format!("gateway: {{{own}}}, services:"))
    };
    assert_eq!(codes(&text("")), ["gateway-address-missing"]);
    assert_eq!(codes(&text("addresses: [{value: 192.0.2.2}]")), [""; 0]);
    // Without an address of the first nobody else is told.
    assert_eq!(codes(&text("").replace("  addresses: [{value: 192.0.2.1}]\n", "")), ["dns-targets"]);
}

#[test]
fn a_wildcard_that_is_refused_takes_no_names_from_others() {
    let text = format!(
        "{HEAD}organizations:\n  - {{name: all, hostnames: ['*.com'], services: [{{name: web, port: 80}}]}}\n  \
         - {{name: acme, services: [{{name: web, port: 80}}]}}\n"
    );
    assert_eq!(codes(&text), ["public-suffix-wildcard"]);
}

#[test]
fn a_wildcard_that_two_have_is_told_once() {
    let text = |others: &str| {
        format!(
            "{HEAD}organizations:\n  - {{name: a, hostnames: ['*.acme.example'], services: [{{name: web, port: 80}}]}}\n  \
             - {{name: b, hostnames: [{others}], services: [{{name: web, port: 80}}]}}\n"
        )
    };
    assert_eq!(codes(&text("'*.acme.example'")), ["hostname-of-another"]);
    assert_eq!(codes(&text("'*.acme.example', web.acme.example")), ["hostname-of-another"]);
    let both = "extraHostnames: [web.both.example], services:";
    let text = text("'*.acme.example'").replace("services:", both);
    assert_eq!(codes(&text), ["hostname-of-another", "hostname-twice"], "another cause");
}

#[test]
fn a_base_domain_that_is_a_public_suffix_is_told() {
    let with = |domain: &str| format!("{}{}", HEAD.replacen("example.com", domain, 1), organizations(1));
    assert_eq!(codes(&with("co.uk")), ["public-base-domain"]);
    assert_eq!(codes(&with("acme.co.uk")), [""; 0]);
    // One of the private section may be the user's own.
    let private = |domain: &str| {
        let (_, found) = plan_with_infos(&with(domain));
        let found = found.iter().find(|found| found.code.0 == "public-base-domain");
        found.map(|found| found.severity)
    };
    let (told, not) = (Some(Severity::Info), None);
    assert_eq!(["github.io", "acme.github.io", "compute.amazonaws.com"].map(private), [told, not, told]);
    let below = |domain: &str| {
        let (_, found) = plan_with_infos(
            &with("example.com").replace("services:", &format!("extraHostnames: ['{domain}'], services:")),
        );
        found.iter().any(|found| found.code.0 == "public-base-domain")
    };
    assert_eq!(
        ["*.compute.amazonaws.com", "*.a.compute.amazonaws.com", "*.a.example"].map(below),
        [true, true, false]
    );
    assert!(codes(&with("ck")).contains(&"public-base-domain"));
    let named = with("co.uk").replace("services:", "hostnames: ['*.a.example'], services:");
    assert_eq!(codes(&named), [""; 0]);
    let clusters = |more: &str| {
        format!(
            "baseDomain: co.uk\nprofile: envoy-gateway\ntenantClusters: [{{name: a, endpoints: [192.0.2.1]{more}}}]"
        )
    };
    assert!(codes(&clusters("")).contains(&"public-base-domain"));
    assert!(!codes(&clusters(", hostname: a.example.com")).contains(&"public-base-domain"));
}

#[test]
fn a_pool_has_no_gateway_that_nobody_is_on() {
    let with = |gateway: &str| {
        format!(
            "{HEAD}{}{}placements: {{gateways: {{org-0000: {gateway}}}}}\n",
            sharding("pool", ""),
            organizations(1)
        )
    };
    let summary = sound(&with("eg-02"));
    assert_eq!(gateways(&summary), [("eg-02", 3)]);
    assert_eq!(summary.placements[0].why, "recorded there");
    let (_, found) = plan(&with("eg-20"));
    let [beyond] = found.as_slice() else { panic!("{found:?}") };
    assert!(beyond.message.ends_with("which is made for that: there might be `eg-01`"), "{}", beyond.message);
}

#[test]
fn a_gateway_that_is_gone_is_told_with_those_that_there_may_be() {
    let text = format!(
        "{HEAD}{}{}placements: {{gateways: {{org-0000: eg-03}}}}\n",
        sharding("pool", ", maxGateways: 2"),
        organizations(1)
    );
    let (_, found) = plan(&text);
    let [gone] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(gone.code.0, "placement-gone");
    assert!(gone.hint.starts_with("there may be `eg-01`, `eg-02`: "), "{}", gone.hint);
}

#[test]
fn a_gateway_has_a_name_that_a_label_holds() {
    let with = |length: usize| {
        let text = format!("{HEAD}{}{}", sharding("dedicated", ""), organizations(1));
        text.replace("org-0000", &"o".repeat(length))
            .replace("services:", "hostnames: ['*.a.example'], services:")
    };
    assert_eq!(codes(&with(60)), [""; 0]);
    assert_eq!(codes(&with(61)), ["gateway-name-long"]);
}

#[test]
fn a_gateway_that_is_written_stands_also_where_nobody_is_on_it() {
    let written =
        "{name: eg-02, namespace: edge, className: eg, listeners: [{name: http, port: 80, protocol: HTTP}]}";
    let text = format!("{HEAD}gateways: [{written}]\n{}{}", sharding("pool", ""), organizations(1));
    assert_eq!(gateways(&sound(&text)), [("eg-02", 1), ("eg-01", 3)]);
}

#[test]
fn a_listener_that_no_tenant_cluster_finds_is_missed_once() {
    let with = |listener: &str| {
        codes(&format!(
            "baseDomain: example.com\nprofile: envoy-gateway\n\
             gateway: {{name: eg, className: eg, listeners: [{listener}]}}\n\
             tenantClusters: [{{name: a, addresses: [192.0.2.1]}}]\n"
        ))
    };
    assert_eq!(with("{name: http, port: 80, protocol: HTTP}"), ["no-listener"]);
    assert_eq!(with("{name: t, port: 443, protocol: TLS, tls: {mode: Passthrough}}"), [""; 0]);
    let ends = "{name: t, port: 443, protocol: TLS, tls: {mode: Terminate, certificateRefs: [{name: c}]}}";
    assert_eq!(with(ends), ["no-listener"]);
}

#[test]
fn each_tenant_cluster_that_names_a_wrong_listener_is_told() {
    let with = |section: &str| {
        codes(&format!(
            "baseDomain: example.com\nprofile: envoy-gateway\n\
             gateway: {{name: eg, className: eg, listeners: [{{name: http, port: 80, protocol: HTTP}}, \
             {{name: ends, port: 8443, protocol: TLS, tls: {{mode: Terminate, certificateRefs: [{{name: c}}]}}}}, \
             {{name: pass, port: 443, protocol: TLS, tls: {{mode: Passthrough}}}}]}}\n\
             tenantClusters: [{{name: a, sectionName: {section}, addresses: [192.0.2.1]}}, \
             {{name: b, sectionName: {section}, addresses: [192.0.2.2]}}]\n"
        ))
    };
    assert_eq!(with("pass"), [""; 0]);
    assert_eq!(with("http"), ["listener-refuses", "listener-refuses"]);
    assert_eq!(with("ends"), ["listener-refuses", "listener-refuses"], "it ends TLS");
}

#[test]
fn what_tenant_clusters_lack_is_told_in_their_own_words() {
    let with = |listeners: &str, gateway: &str| {
        let cluster = |name: &str| format!("{{name: {name}, {gateway}addresses: [192.0.2.1]}}");
        let (_, found) = plan(&format!(
            "baseDomain: example.com\nprofile: envoy-gateway\n\
             gateway: {{name: eg, className: eg, listeners: [{listeners}]}}\n\
             tenantClusters: [{}, {}]\n",
            cluster("a"),
            cluster("b")
        ));
        let errors = found.into_iter().filter(|found| found.severity == crate::diagnostic::Severity::Error);
        errors.map(|found| (found.code.0, found.hint.into_owned())).collect::<Vec<_>>()
    };
    let told =
        with("{name: t, port: 443, protocol: TLS, tls: {mode: Terminate, certificateRefs: [{name: c}]}}", "");
    assert!(
        matches!(told.as_slice(), [("no-listener", hint)] if hint.contains("mode: Passthrough")),
        "{told:?}"
    );
    let passing = |name: &str, port: u16, host: &str| {
        format!(
            "{{name: {name}, port: {port}, protocol: TLS, hostname: '{host}', tls: {{mode: Passthrough}}}}"
        )
    };
    let both =
        format!("{}, {}", passing("other", 443, "*.other.example"), passing("own", 8443, "*.example.com"));
    let told = with(&both, "");
    assert!(
        told.iter()
            .all(|(code, hint)| *code == "no-hostname-overlap" && hint.contains("`own` with `sectionName`")),
        "{told:?}"
    );
    let told = with(&both, "gateway: nowhere, ");
    assert!(
        told.iter().all(|(code, hint)| *code == "unknown-gateway" && !hint.contains("parentRefs")),
        "{told:?}"
    );
}

#[test]
fn a_base_domain_that_is_a_wildcard_is_told_once() {
    let text = format!("{HEAD}{}", organizations(2))
        .replace("baseDomain: example.com", "baseDomain: '*.example.com'");
    let (_, found) = plan(&text);
    assert_eq!(found.iter().map(|found| found.path.to_string()).collect::<Vec<_>>(), ["baseDomain"]);
}

#[cfg(feature = "public-suffixes")]
#[test]
fn host_names_right_below_a_private_suffix_are_told_once() {
    let with = |domain: &str, hostnames: &str| {
        let text = format!("{HEAD}{}{}", sharding("wildcardPerOrganization", ""), organizations(2));
        let text = text
            .replace("baseDomain: example.com", &format!("baseDomain: {domain}"))
            .replace("services:", &format!("{hostnames}services:"));
        let found = plan_with_infos(&text).1;
        let found = found.into_iter().filter(|found| found.code.0 == "public-base-domain");
        found.map(|found| (found.severity, found.path.to_string())).collect::<Vec<_>>()
    };
    let told = |path: &str| vec![(Severity::Info, path.to_owned())];
    assert_eq!(with("compute.estate", ""), told("baseDomain"));
    assert_eq!(with("estate", "hostnames: ['*.a.compute.estate'], "), told("organizations[0].hostnames[0]"));
    assert_eq!(with("example.com", ""), []);
    assert_eq!(with("example.com", "hostnames: [web.github.io], "), told("organizations[0].hostnames[0]"));
    assert_eq!(with("example.com", "hostnames: ['*.github.io'], "), told("organizations[0].hostnames[0]"));
    assert_eq!(with("example.com", "hostnames: ['*.web.github.io'], "), []);
}
