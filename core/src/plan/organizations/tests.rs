use crate::diagnostic::{Diagnostic, Severity};
use crate::summary::{Amount, Summary};
use crate::tree::yaml::{self, Limits};
use crate::{Scope, diagnostic};

mod bounds;
mod once;
mod pattern;

pub(super) const HEAD: &str = "
baseDomain: example.com
profile: envoy-gateway
gateway:
  name: eg
  namespace: edge
  className: eg
  listeners: [{name: http, port: 80, protocol: HTTP}, {name: tls, port: 443, protocol: TLS, hostname: '*.clusters.example.com', tls: {mode: Passthrough}}]
certificates: {enabled: true, solver: none, issuerRef: {name: vault, kind: ClusterIssuer}}
";

/// The plan of values, and its findings; warnings and more.
pub(super) fn plan(text: &str) -> (Summary, Vec<Diagnostic>) {
    let (summary, mut found) = plan_with_infos(text);
    found.retain(|found| found.severity != Severity::Info);
    (summary, found)
}

pub(super) fn plan_with_infos(text: &str) -> (Summary, Vec<Diagnostic>) {
    let mut faults = Vec::new();
    let root = yaml::read(text, 0, &Limits::DEFAULT, &mut faults).pop().expect("a document");
    assert_eq!(faults, []);
    let scope = Scope { namespace: "edge".into(), ..Scope::default() };
    crate::plan(root, &scope)
}

pub(super) fn sound(text: &str) -> Summary {
    let (summary, found) = plan(text);
    assert_eq!(found, [], "{text}");
    summary
}

pub(super) fn codes(text: &str) -> Vec<&'static str> {
    plan(text).1.iter().map(|found| found.code.0).collect()
}

/// Organizations with one service each.
pub(super) fn organizations(count: usize) -> String {
    let one = |number: usize| format!("  - {{name: org-{number:04}, services: [{{name: web, port: 80}}]}}\n");
    format!("organizations:\n{}", (0..count).map(one).collect::<String>())
}

pub(super) fn sharding(strategy: &str, more: &str) -> String {
    format!("sharding: {{strategy: {strategy}{more}}}\n")
}

pub(super) fn gateways(summary: &Summary) -> Vec<(&str, usize)> {
    summary.gateways.iter().map(|gateway| (gateway.name.as_str(), gateway.listeners.len())).collect()
}

/// The comparison matrix of the PRD: listeners, certificates, addresses and failure domains of 60 organizations
/// with two services.
#[test]
fn each_strategy_comes_to_what_its_row_of_the_matrix_says() {
    let one = |number: usize| {
        format!(
            "  - {{name: org-{number:02}, services: [{{name: web, port: 80}}, {{name: api, port: 81}}]}}\n"
        )
    };
    let list: String = (0..30).map(one).collect();
    for (strategy, gateways, listeners, certificates, failure_domain) in [
        ("perService", 1, 60, 60, 30),
        ("wildcardPerOrganization", 1, 30, 30, 30),
        ("dedicated", 30, 30, 30, 1),
        ("hash", 3, 60, 60, 19),
        ("hybrid", 1, 30, 30, 30),
        ("pool", 1, 30, 30, 30),
        ("listenerSets", 1, 30, 30, 30),
    ] {
        let text = format!("{HEAD}{}organizations:\n{list}", sharding(strategy, ""));
        let sharding = sound(&text).sharding.expect("there are organizations");
        assert_eq!(
            (
                sharding.gateways,
                sharding.listeners,
                sharding.certificates,
                sharding.largest_failure_domain,
                sharding.services
            ),
            (gateways, listeners, certificates, failure_domain, 60),
            "{strategy}"
        );
    }
}

#[test]
fn a_gateway_takes_sixty_four_listeners_and_not_one_more() {
    let one_gateway =
        |count| format!("{HEAD}{}{}", sharding("wildcardPerOrganization", ""), organizations(count));
    assert_eq!(gateways(&sound(&one_gateway(62))), [("eg", 64)]);
    let (_, found) = plan(&one_gateway(65));
    let [full] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(full.code.0, "gateways-full");
    assert!(full.message.contains("3 of 65 find no place"), "{}", full.message);
    assert!(full.message.contains("62 on `eg`; a Gateway has room for 62 listeners"), "{}", full.message);
}

#[test]
fn listener_sets_take_any_number_and_have_sixty_four_listeners_at_most() {
    let text = format!("{HEAD}{}{}", sharding("listenerSets", ""), organizations(200));
    let summary = sound(&text);
    assert_eq!((gateways(&summary), summary.listener_sets.len()), (vec![("eg", 2)], 200));
    let names: Vec<String> = (0..65).map(|number| format!("s{number}.other.example")).collect();
    let text = format!(
        "{HEAD}{}organizations: [{{name: acme, extraHostnames: [{}], services: [{{name: web, port: 80}}]}}]",
        sharding("listenerSets", ""),
        names.join(", ")
    );
    let sets = sound(&text).listener_sets;
    let sizes: Vec<_> = sets.iter().map(|set| (set.name.as_str(), set.listeners.len())).collect();
    assert_eq!(sizes, [("acme", 64), ("acme-002", 2)]);
}

#[test]
fn hybrid_takes_listener_sets_where_release_and_controller_have_them() {
    for (head, sets) in [
        (HEAD.to_owned(), 3),
        (format!("{HEAD}gatewayAPI: {{version: '1.4'}}\n"), 0),
        (HEAD.replace("profile: envoy-gateway", "profile: higress"), 0),
    ] {
        let text = format!("{head}{}", organizations(3));
        let (summary, found) = plan(&text);
        assert!(!diagnostic::has_errors(&found), "{found:?}");
        assert_eq!(summary.listener_sets.len(), sets, "{head}");
    }
    let asked =
        format!("{HEAD}gatewayAPI: {{version: '1.4'}}\n{}{}", sharding("listenerSets", ""), organizations(1));
    assert_eq!(codes(&asked), ["no-listener-sets"]);
}

/// What is taken of the listeners of each Gateway: its own, and with those of ListenerSets.
fn rooms(summary: &Summary) -> Vec<[String; 2]> {
    let rooms = summary.gateways.iter().filter_map(|gateway| gateway.room.as_ref());
    rooms.map(|room| [room.own_listeners.words(), room.listeners.words()]).collect()
}

/// The Gateways have two listeners of their own.
#[test]
fn a_gateway_has_the_room_that_placement_held_it_to() {
    let rooms_of = |strategy: &str, more: &str, count: usize| {
        rooms(&sound(&format!("{HEAD}{}{}", sharding(strategy, more), organizations(count))))
    };
    assert_eq!(rooms_of("wildcardPerOrganization", "", 3), [["5 of 64", "5 of 64"]]);
    assert_eq!(rooms_of("pool", ", limits: {listeners: 4}", 4), [["4 of 4", "4 of 4"], ["4 of 4", "4 of 4"]]);
    // Nothing is placed on the Gateway of one organization, so that only Gateway API's bound holds.
    assert_eq!(rooms_of("dedicated", ", limits: {listeners: 9}", 1), [["3 of 64", "3 of 64"]]);
    assert_eq!(rooms_of("listenerSets", "", 200), [["2 of 64", "202"]]);
    assert_eq!(rooms_of("listenerSets", ", limits: {listeners: 300}", 200), [["2 of 64", "202 of 300"]]);
}

#[test]
fn what_organizations_take_stands_beside_what_a_load_balancer_has() {
    let head = HEAD.replace("envoy-gateway", "aws").replace("className: eg", "className: aws-alb");
    let head = head.split("  listeners:").next().expect("a head").to_owned()
        + "certificates: {enabled: true, solver: none, issuerRef: {name: vault}}\n";
    let (summary, found) = plan(&format!("{head}{}{}", sharding("pool", ""), organizations(3)));
    assert!(!diagnostic::has_errors(&found), "{found:?}");
    let room =
        summary.gateways.first().and_then(|gateway| gateway.room.clone()).expect("a Gateway with room");
    assert_eq!(
        [room.certificates, room.rules, room.target_groups, room.tls_hosts].map(Amount::words),
        ["3 of 25", "3 of 100", "3 of 100", "3"]
    );
    assert_eq!(room.fullest(), (room.certificates, "certificates"));
}

#[test]
fn those_who_ask_get_a_gateway_of_their_own() {
    let text = format!(
        "{HEAD}organizations:\n  - {{name: large, gateway: {{dedicated: true, labels: {{tier: gold}}}}, services: [{{name: web, port: 80}}]}}\n  - {{name: small, services: [{{name: web, port: 80}}]}}"
    );
    let summary = sound(&text);
    assert_eq!(gateways(&summary), [("eg", 2), ("eg-large", 3)]);
    let why: Vec<_> = summary
        .placements
        .iter()
        .map(|placed| (placed.name.as_str(), placed.gateway.as_str(), placed.why))
        .collect();
    assert_eq!(
        why,
        [("large", "eg-large", "a Gateway of its own"), ("small", "eg", "the only shared Gateway")]
    );
}

#[test]
fn an_address_is_not_given_to_two_gateways() {
    let head = HEAD.replace("  className: eg", "  className: eg\n  addresses: [{value: 192.0.2.1}]");
    let large = |addresses: &str| {
        format!(
            "{head}organizations: [{{name: large, gateway: {{dedicated: true{addresses}}}, services: [{{name: web, port: 80}}]}}]"
        )
    };
    assert_eq!(codes(&large("")), ["gateway-address-missing"]);
    assert_eq!(codes(&large(", addresses: [{value: 192.0.2.2}]")), [""; 0]);
}

#[test]
fn the_second_template_keeps_pairs_apart_or_says_so() {
    let template = "names: {organizationHostname: '{{ service }}-{{ org }}.{{ baseDomain }}'}\n";
    let pairs = "organizations:\n  - {name: c, services: [{name: a-b, port: 80}]}\n  - {name: b-c, services: [{name: a, port: 80}]}\n";
    let (_, found) = plan(&format!("{HEAD}{template}{}{pairs}", sharding("perService", "")));
    let twice = found.iter().find(|found| found.code.0 == "hostname-twice").expect("two pairs have one name");
    for name in ["`a-b` of organization `c`", "`a` of organization `b-c`", "`a-b-c.example.com`"] {
        assert!(twice.message.contains(name), "{}", twice.message);
    }
    // One that makes a wildcard is none of a service's names.
    let star = "names: {organizationHostname: '{{ \"\\u002a\" }}.{{ org }}.{{ baseDomain }}'}\n";
    let (_, found) = plan(&format!("{HEAD}{star}{}{}", sharding("perService", ""), organizations(1)));
    let [wildcard] = found.as_slice() else { panic!("{found:?}") };
    assert!(wildcard.message.ends_with("is a wildcard, where one service needs a name"), "{wildcard}");
    // No listener can answer for a whole organization under it.
    assert_eq!(codes(&format!("{HEAD}{template}{}", organizations(1))), ["bad-organization-hostname"]);
}

#[test]
fn nobody_gets_a_name_below_anothers_wildcard() {
    let second = |hostnames: &str| {
        format!(
            "{HEAD}organizations:\n  - {{name: acme, services: [{{name: web, port: 80}}]}}\n  - {{name: evil, hostnames: [{hostnames}], services: [{{name: web, port: 80}}]}}\n"
        )
    };
    for (hostnames, expected) in [
        ("'*.acme.example.com'", vec!["hostname-of-another"]),
        ("web.acme.example.com", vec!["hostname-of-another"]),
        ("deep.web.acme.example.com", vec!["hostname-of-another"]),
        ("'*.example.com'", vec!["hostname-of-another", "overlapping-tls"]),
        ("acme.example.com", vec![]),
    ] {
        assert_eq!(codes(&second(hostnames)), expected, "{hostnames}");
    }
}

#[test]
fn host_names_of_an_organization_find_their_service() {
    let text = |hostnames: &str| {
        format!(
            "{HEAD}organizations: [{{name: acme, hostnames: [{hostnames}], services: [{{name: web, port: 80}}, {{name: api, port: 81}}]}}]"
        )
    };
    let hosts = |summary: &Summary| -> Vec<Vec<String>> {
        summary.routes.iter().map(|route| route.hostnames.clone()).collect()
    };
    assert_eq!(hosts(&sound(&text("'*.acme.io'"))), [["web.acme.io"], ["api.acme.io"]]);
    assert_eq!(hosts(&sound(&text("api.acme.io, web.acme.io"))), [["web.acme.io"], ["api.acme.io"]]);
    assert_eq!(codes(&text("shop.acme.io, web.acme.io, api.acme.io")), ["whose-hostname"]);
}

/// The way that the hint of `whose-hostname` names: nothing that was there before is lost.
#[test]
fn a_service_says_which_extra_host_name_is_its_own() {
    let text = |strategy: &str, more: &str| {
        format!(
            "{HEAD}{}organizations: [{{name: acme, services: [{{name: web, port: 80{more}}}, {{name: api, port: 81}}], \
             extraHostnames: [www.acme.io, '*.acme.org']}}]",
            sharding(strategy, "")
        )
    };
    assert_eq!(codes(&text("hybrid", "")), ["whose-hostname"]);
    for strategy in ["hybrid", "perService"] {
        let hosts = |more: &str| sound(&text(strategy, more)).routes[0].hostnames.join(" ");
        let all = "web.acme.example.com web.acme.org www.acme.io";
        assert_eq!(hosts(", hostnames: [www.acme.io]"), all, "{strategy}");
        // Any other name stands in place of derived ones.
        assert_eq!(
            hosts(", hostnames: [www.acme.io, shop.acme.org]"),
            "www.acme.io shop.acme.org",
            "{strategy}"
        );
    }
    // The first label says less than a service itself.
    let text = text("hybrid", ", hostnames: [api.acme.io]").replace("www", "api");
    assert_eq!(sound(&text).routes[0].hostnames.join(" "), "web.acme.example.com web.acme.org api.acme.io");
}

/// cert-manager takes an issuer without a kind for one in the certificate's namespace.
#[test]
fn an_issuer_without_its_kind_is_told() {
    let with = |kind: &str, more: &str| {
        let head = HEAD.replace(", kind: ClusterIssuer", kind);
        format!("{head}organizations: [{{name: acme, services: [{{name: web, port: 80}}]{more}}}]")
    };
    assert_eq!(codes(&with("", "")), ["issuer-kind-missing"]);
    assert_eq!(codes(&with(", kind: Issuer", "")), [""; 0]);
    assert_eq!(codes(&with("", ", certificate: {issuerRef: {name: own}}")), [""; 0]);
}

/// A listener's wildcard takes names of any depth, a certificate's one label: the rest are names of their own.
#[test]
fn certificates_cover_what_their_listeners_answer_for() {
    let text = format!(
        "{HEAD}organizations: [{{name: acme, extraHostnames: [www.acme.io], services: [{{name: web, port: 80}}, \
         {{name: api, port: 81, hostnames: [a.b.acme.example.com]}}]}}]"
    );
    // Which service `www` is has to be said.
    assert_eq!(codes(&text), ["whose-hostname"]);
    let text = text.replace("extraHostnames: [www.acme.io]", "extraHostnames: [web.acme.io]");
    let certificates: Vec<_> =
        sound(&text).certificates.into_iter().map(|found| (found.name, found.dns_names.join(" "))).collect();
    assert_eq!(
        certificates,
        [
            ("acme-tls-002".to_owned(), "web.acme.io".to_owned()),
            ("acme-wildcard-tls".to_owned(), "*.acme.example.com a.b.acme.example.com".to_owned()),
        ]
    );
}

#[test]
fn wildcard_certificates_need_an_issuer_that_can_prove_them() {
    let head = HEAD.replace("protocol: HTTP}", "protocol: HTTP, allowedRoutes: {namespaces: {from: All}}}");
    let with = |solver: &str| format!("{}{}", head.replace("solver: none, ", solver), organizations(1));
    assert_eq!(codes(&with("")), ["wildcard-needs-dns01"]);
    assert_eq!(codes(&with("solver: http01, ")), ["wildcard-needs-dns01"]);
    assert_eq!(codes(&with("solver: none, ")), [""; 0]);
    let exact = format!("{}{}", with("solver: http01, "), sharding("perService", ""));
    assert_eq!(codes(&exact), [""; 0]);
}

#[test]
fn an_issuer_takes_its_time_for_many_certificates() {
    let with = |count: usize| {
        format!("{}{}", HEAD.replace("solver: none, ", "solver: dns01, "), organizations(count))
    };
    assert_eq!(codes(&with(50)), [""; 0]);
    let (_, found) = plan(&with(51));
    let [found] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(found.code.0, "certificates-per-week");
    assert!(found.message.starts_with("51 certificates below `example.com`"), "{found}");
    assert!(found.message.ends_with("one every 202 minutes, so that the last waits 4 hours"), "{found}");
    let (_, found) = plan(&with(150));
    assert!(found[0].message.ends_with("waits 15 days"), "{found:?}");
    assert_eq!(codes(&with(51).replace("solver: dns01", "solver: none")), [""; 0]);
}

#[test]
fn nobody_has_every_name_below_a_public_suffix() {
    let with = |hostname: &str| {
        format!(
            "{HEAD}organizations: [{{name: acme, hostnames: ['{hostname}'], services: [{{name: web, port: 80}}]}}]"
        )
    };
    for (hostname, expected) in [
        ("*.co.uk", vec!["public-suffix-wildcard"]),
        ("*.net", vec!["public-suffix-wildcard"]),
        // Whatever stands below these is a public suffix.
        ("*.ck", vec!["public-suffix-wildcard"]),
        ("*.kawasaki.jp", vec!["public-suffix-wildcard"]),
        ("*.www.ck", vec![]),
        ("*.acme.co.uk", vec![]),
    ] {
        assert_eq!(codes(&with(hostname)), expected, "{hostname}");
    }
}

#[test]
fn what_is_recorded_stays_and_what_is_gone_is_told() {
    let values = |more: &str, count| {
        format!("{HEAD}{}{}{more}", sharding("pool", ", limits: {listeners: 12}"), organizations(count))
    };
    let before = sound(&values("", 40));
    let record = crate::summary::record(&before);
    // One more each: with the record nothing that was there moves.
    for count in 41..60 {
        let after = sound(&values(&record, count));
        let moved = after
            .placements
            .iter()
            .zip(&before.placements)
            .filter(|(after, before)| after.gateway != before.gateway);
        assert_eq!(moved.count(), 0, "{count}");
    }
    let gone = "placements: {gateways: {org-0000: elsewhere}}\n";
    assert_eq!(codes(&values(gone, 3)), ["placement-gone"]);
    let moved = record.replacen("eg-01", "eg-02", 1);
    // Where somebody is moved to a full Gateway it is told, and done.
    let (after, found) = plan(&values(&moved, 40));
    assert!(found.iter().all(|found| found.code.0 == "placement-over"), "{found:?}");
    let changes = crate::summary::changes::between(&before, &after);
    assert_eq!(changes.moved.len(), 1, "{:?}", changes.moved);
}

#[test]
fn what_would_have_no_effect_or_be_anothers_is_refused() {
    let with = |organizations: &str, strategy: &str| {
        let more = if strategy == "dedicated" { "" } else { ", maxGateways: 2, listenerSets: never" };
        format!("{HEAD}{}organizations: [{organizations}]\n", sharding(strategy, more))
    };
    let one = "{name: acme, services: [{name: web, port: 80}]";
    for (organizations, strategy, expected) in [
        (
            "{name: acme, services: [{name: web, port: 80, namespace: beta}]}",
            "hybrid",
            vec!["foreign-namespace"],
        ),
        (
            "{name: acme, namespaces: [a, b], services: [{name: web, port: 80, namespace: b}]}",
            "hybrid",
            vec![],
        ),
        (
            &format!("{one}, namespaces: [a]}}, {{name: a, services: [{{name: api, port: 80}}]}}"),
            "hybrid",
            vec!["namespace-twice"],
        ),
        (&format!("{one}, gateway: {{dedicated: true}}}}"), "pool", vec!["no-effect"]),
        (&format!("{one}, gateway: {{dedicated: true}}}}"), "hybrid", vec![]),
        (&format!("{one}, gateway: {{className: internal}}}}"), "hybrid", vec!["no-effect"]),
        (&format!("{one}, gateway: {{className: internal}}}}"), "dedicated", vec![]),
    ] {
        assert_eq!(codes(&with(organizations, strategy)), expected, "{organizations} {strategy}");
    }
}

#[test]
fn a_gateway_of_its_own_has_no_shared_name() {
    let text = format!(
        "{HEAD}{}organizations: [{{name: '02', gateway: {{dedicated: true}}, services: [{{name: web, port: 80}}]}}, \
         {{name: a, services: [{{name: web, port: 80}}]}}, {{name: b, services: [{{name: web, port: 80}}]}}]",
        sharding("hybrid", ", listenerSets: never, maxGateways: 2, limits: {listeners: 3}")
    );
    assert_eq!(codes(&text), ["gateway-name-taken"]);
}

#[test]
fn listener_sets_are_held_against_their_gateway() {
    let with = |gateway: &str| {
        let (before, rest) = HEAD.split_once("{name: tls").expect("the second listener");
        let (_, after) = rest.split_once("}]\n").expect("the end of the listeners");
        let sharding = sharding("listenerSets", "");
        format!("{before}{gateway}\n{after}{sharding}{}", organizations(1))
    };
    let own = |listener: &str| with(&format!("{listener}]"));
    let text = own("{name: own, port: 443, protocol: TCP}");
    assert_eq!(codes(&text), ["listener-conflict"], "{text}");
    let same = "{name: own, port: 443, protocol: HTTPS, hostname: '*.org-0000.example.com', tls: {certificateRefs: [{name: c}]}}";
    assert_eq!(codes(&own(same)), ["listener-conflict"]);
    assert_eq!(codes(&own("{name: own, port: 443, protocol: UDP}")), [""; 0]);
    let other = "{name: own, port: 8080, protocol: HTTP}";
    for (allowed, expected) in [
        ("None", vec!["listener-set-not-joined"]),
        ("Same", vec!["listener-set-not-joined"]),
        ("All", vec![]),
    ] {
        let text = with(&format!("{other}]\n  allowedListeners: {{namespaces: {{from: {allowed}}}}}"));
        assert_eq!(codes(&text), expected, "{allowed}");
    }
}

#[test]
fn what_fits_no_gateway_makes_none() {
    let names: Vec<String> = (0..70).map(|number| format!("'*.h{number}.example'")).collect();
    let text = format!(
        "{HEAD}{}{}  - {{name: large, hostnames: [{}], services: [{{name: web, port: 80}}]}}\n",
        sharding("pool", ", maxGateways: 5000"),
        organizations(200),
        names.join(", ")
    );
    let (_, found) = plan(&text);
    let [found] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(found.code.0, "gateways-full");
    assert!(found.hint.starts_with("no Gateway has room"), "{found:?}");
}

#[test]
fn a_recorded_gateway_of_a_high_number_brings_no_others() {
    let text = format!(
        "{HEAD}{}{}placements: {{gateways: {{org-0000: eg-77}}}}\n",
        sharding("pool", ""),
        organizations(3)
    );
    let (summary, found) = plan(&text);
    assert!(found.iter().all(|found| found.code.0 == "placement-beyond"), "{found:?}");
    assert!(gateways(&summary).iter().any(|(name, _)| *name == "eg-77"), "{:?}", gateways(&summary));
    assert_eq!(summary.gateways.len(), 2);
}

#[test]
fn quotas_and_missing_domains_are_errors() {
    let text = format!(
        "{HEAD}organizations: [{{name: acme, quota: {{hostnames: 1, listeners: 0}}, services: [{{name: web, port: 80}}, {{name: api, port: 81}}]}}]"
    );
    assert_eq!(codes(&text), ["quota", "quota"]);
    assert_eq!(codes(&text.replace("baseDomain: example.com", "")), ["missing-key"]);
}

/// A listener that the values write beside those of organizations.
#[test]
fn listeners_that_overlap_are_told_once() {
    let wide = HEAD.replace("*.clusters.example.com", "*.example.com");
    let (_, found) = plan(&format!("{wide}{}", organizations(3)));
    let [overlap] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(overlap.code.0, "overlapping-tls");
    let words = "3 listeners of organizations overlap with others of their port, `https-org-0000` \
                 (`*.org-0000.example.com`) and `tls` (`*.example.com`) of Gateway `eg` first";
    assert!(overlap.message.contains(words), "{}", overlap.message);
    assert_eq!(codes(&format!("{wide}{}{}", sharding("pool", ""), organizations(1))), ["overlapping-tls"]);
}
