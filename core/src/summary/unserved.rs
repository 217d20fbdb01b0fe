//! Host names that no Gateway serves from the first to the last document of a change.
//!
//! Documents are applied in the order of the new plan, kind by kind, and what is gone is deleted at last. Clients know the
//! address of one Gateway for as long as DNS says, so a host name that goes to another one at once counts as well. Which one
//! they know the old records say; where there are none it may be any that serves the host name.

use std::collections::{BTreeMap, BTreeSet};

use super::astray::Astray;
use super::awaited::Awaited;
use super::closed::{self, ClosedPort};
use super::host_matches::HostMatches;
use super::moment::{self, Asked, Door, Moment, Serves, Speech, nearest};
use super::{DnsRecords, Record, Summary};
use crate::diagnostic::{Code, Diagnostic};
use crate::hostname::suffix;
use crate::path::Path;
use crate::shorten::listed;

/// Host names that no Gateway serves from the first to the last document of a change.
const UNSERVED_BETWEEN: Code = Code("unserved-between");

/// What a change leaves unserved.
#[derive(Debug, Default)]
pub(super) struct Unserved<'s> {
    /// Host names that no Gateway serves all the way, or not all of their matches.
    pub(super) gaps: Vec<HostMatches<'s>>,
    pub(super) closed: Vec<ClosedPort<'s>>,
    /// Secrets, by namespace and name, that listeners refer to before they may.
    pub(super) awaited: BTreeSet<(&'s str, &'s str)>,
}

/// Host names that are served before and after a change and not all the way by the same Gateway, in ascending order. Where
/// several ports of a Gateway serve one before and after, each has to all the way, and so has each match of its routes.
/// Who is lost for good at a door, as `astray` says, is not told to be so for a while, nor who only goes to another port
/// of its Gateway: the old port is closed.
pub(super) fn between<'s>(old: &'s Summary, new: &'s Summary, astray: &[Astray<'s>]) -> Unserved<'s> {
    let addresses = Addresses::of(old, new);
    let astray: BTreeSet<Serves<'_>> = astray
        .iter()
        .flat_map(|found| found.matches.iter().map(|words| ((found.host, *words), found.door)))
        .collect();
    let is_known =
        |((host, _), (namespace, name, ..)): &Serves<'s>| addresses.are_known(host, (namespace, name));
    let is_astray = |serves: &Serves<'s>| astray.contains(serves);
    let hosts = moment::names(old, new);
    let before = Moment::whole(old).serving(&hosts);
    let last = Moment::whole(new);
    let after = last.serving(&hosts);
    let asked = |serving: &BTreeSet<Serves<'s>>| -> BTreeSet<Asked<'s>> {
        serving.iter().map(|(asked, _)| *asked).collect()
    };
    let reached = before.iter().copied().filter(|serves| is_known(serves) && !is_astray(serves)).collect();
    let stays: BTreeSet<Asked<'_>> = asked(&reached).intersection(&asked(&after)).copied().collect();
    let lasting: BTreeSet<_> = before.intersection(&after).copied().collect();
    let mut held = lasting.clone();
    let mut fresh = BTreeSet::new();
    let mut awaited = Awaited::of(old, new);
    let secrets = awaited.secrets();
    for object in &new.objects {
        let is_new = fresh.insert(object.kind);
        if object.kind == "ReferenceGrant" {
            awaited = Awaited::default();
        }
        if is_new && ["Route", "Gateway", "Set"].iter().any(|end| object.kind.ends_with(end)) {
            let now = Moment::of(old, new, &fresh, &awaited).serving(&hosts);
            held.retain(|serves| now.contains(serves));
        }
    }
    let lost = lasting.difference(&held).copied().filter(|serves| !is_astray(serves)).collect();
    let lost = asked(&lost);
    held.retain(is_known);
    let held_somewhere = asked(&held);
    let unserved: BTreeSet<Asked<'_>> =
        stays.into_iter().filter(|asked| lost.contains(asked) || !held_somewhere.contains(asked)).collect();
    let is_told = |serves: &Serves<'s>| is_astray(serves) || !is_known(serves) || last.answers(*serves);
    let closed = closed::between(&before, &after, is_told);
    let mut gaps: BTreeMap<&str, BTreeSet<Option<&str>>> = BTreeMap::new();
    for asked in unserved.into_iter().filter(|asked| !goes_on(*asked, &before, &after)) {
        gaps.entry(asked.0).or_default().insert(asked.1);
    }
    let gaps: Vec<_> = gaps.iter().map(|(host, words)| HostMatches::of(host, words)).collect();
    let awaited = if gaps.is_empty() { BTreeSet::new() } else { secrets };
    Unserved { gaps, closed, awaited }
}

/// Whether every Gateway that answers goes on to do so, behind other doors alone.
fn goes_on<'s>(asked: Asked<'s>, before: &BTreeSet<Serves<'s>>, after: &BTreeSet<Serves<'s>>) -> bool {
    let doors = |serving: &BTreeSet<Serves<'s>>| -> BTreeSet<Door<'s>> {
        let of_asked = serving.range((asked, FIRST)..);
        of_asked.map_while(|(other, door)| (*other == asked).then_some(*door)).collect()
    };
    let (before, after) = (doors(before), doors(after));
    let has = |door: &Door<'s>| {
        let of_gateway = (door.0, door.1, 0, Speech::Plain)..=(door.0, door.1, u16::MAX, Speech::Udp);
        after.range(of_gateway).next().is_some()
    };
    before.is_disjoint(&after) && before.iter().all(has)
}

/// Before every door.
const FIRST: Door<'static> = ("", "", 0, Speech::Plain);

/// What records say of Gateways.
struct Addresses<'s> {
    /// The old records of each host name, without star.
    old: BTreeMap<&'s str, &'s DnsRecords>,
    /// The records that lead to each Gateway, by its namespace and name: several may have one address.
    gateways: BTreeMap<(&'s str, &'s str), &'s [Record]>,
}

impl<'s> Addresses<'s> {
    fn of(old: &'s Summary, new: &'s Summary) -> Self {
        let of_hosts = |dns: &'s DnsRecords| dns.hostnames.iter().map(move |host| (suffix(host), dns));
        let of_gateway = |dns: &'s DnsRecords| {
            let (namespace, name) = dns.gateway.as_ref()?;
            Some(((namespace.as_str(), name.as_str()), dns.records.as_slice()))
        };
        Self {
            old: old.dns.iter().filter(|dns| dns.gateway.is_some()).flat_map(of_hosts).collect(),
            gateways: new.dns.iter().chain(&old.dns).filter_map(of_gateway).collect(),
        }
    }

    /// Whether clients of a host name may know the address of a Gateway: where no records lead to one they may know any.
    fn are_known(&self, host: &str, gateway: (&str, &str)) -> bool {
        let own = self.gateways.get(&gateway).copied();
        nearest(&self.old, host).is_none_or(|dns| own == Some(dns.records.as_slice()))
    }
}

/// Says so of a change, if there are any.
pub(super) fn finding(gaps: &[HostMatches<'_>], awaited: &BTreeSet<(&str, &str)>) -> Option<Diagnostic> {
    let message = format!(
        "no Gateway serves {} all the way through this change: for a while clients find no listener with a route and a \
         certificate, or know an address that has none",
        listed(gaps.iter().map(HostMatches::in_words))
    );
    let grants = if awaited.is_empty() {
        String::new()
    } else {
        let secrets = listed(awaited.iter().map(|(namespace, name)| format!("`{namespace}/{name}`")));
        format!("apply the ReferenceGrants of Secrets {secrets} before the rest; ")
    };
    (!gaps.is_empty()).then(|| {
        Diagnostic::warning(UNSERVED_BETWEEN, Path::ROOT, message)
            .source(
                "Helm's install order: Gateways before HTTPRoutes, these before ListenerSets, deletions last",
            )
            .hint(format!(
                "{grants}for organizations go by the phases of `migration`, with what was recorded before in \
                 `migration.placements`; else let old and new stand together in a step between"
            ))
    })
}

#[cfg(test)]
mod tests {
    use super::super::host_matches::HostMatches;
    use super::super::testing::{of, plan};
    use super::super::{Summary, changes};

    fn between<'s>(old: &'s Summary, new: &'s Summary) -> Vec<&'s str> {
        super::between(old, new, &[]).gaps.iter().map(|gap| gap.host).collect()
    }

    fn closed(old: &Summary, new: &Summary) -> Vec<String> {
        let closed = super::between(old, new, &[]).closed;
        closed.iter().map(|closed| format!("{} {}", closed.of.host, closed.port)).collect()
    }

    fn https(name: &str, port: u16, more: &str) -> String {
        format!(
            "{{name: {name}, port: {port}, protocol: HTTPS, hostname: a.com, tls: {{certificateRefs: [{{name: c}}]}}{more}}}"
        )
    }

    #[test]
    fn a_route_that_its_listener_no_longer_admits_serves_nothing() {
        let from = |namespace: &str| {
            let of = format!(
                ", allowedRoutes: {{namespaces: {{from: Selector, selector: {{matchExpressions: [{{key: kubernetes.io/metadata.name, operator: In, values: [{namespace}]}}]}}}}}}"
            );
            let route = format!("namespace: {namespace}, gateway: gw, sectionName: old, hostnames: [a.com]");
            plan(&https("old", 443, &of), &route)
        };
        assert_eq!(between(&from("one"), &from("two")), ["a.com"]);
        assert!(between(&from("one"), &from("one")).is_empty());
    }

    #[test]
    fn each_port_has_to_serve_all_the_way() {
        let http = "{name: http, port: 80, protocol: HTTP}";
        for (hostnames, host) in [("hostnames: [a.com], ", "a.com"), ("", "")] {
            let with = |name: &str| {
                let parents = format!(
                    "{hostnames}parentRefs: [{{name: gw, sectionName: http}}, {{name: gw, sectionName: {name}}}]"
                );
                plan(&format!("{http}, {}", https(name, 443, "")), &parents)
            };
            assert_eq!(between(&with("old"), &with("new")), [host]);
            assert!(between(&with("old"), &with("old")).is_empty());
        }
    }

    #[test]
    fn a_parent_may_name_a_port() {
        let with = |port: u16| {
            let parent = format!("hostnames: [a.com], parentRefs: [{{name: gw, port: {port}}}]");
            plan(&format!("{{name: http, port: 80, protocol: HTTP}}, {}", https("https", port, "")), &parent)
        };
        let (old, new) = (with(443), with(8443));
        assert_eq!((between(&old, &new).len(), closed(&old, &new)), (0, vec!["a.com 443".to_owned()]));
        let said: Vec<_> = changes::between(&old, &new).findings().map(|found| found.message).collect();
        assert!(said.len() == 1 && said[0].contains("`a.com` (port 443 of Gateway `gw`)"), "{said:?}");
    }

    #[test]
    fn a_port_that_goes_while_another_stays_is_closed() {
        let http = "{name: http, port: 80, protocol: HTTP}";
        let with = |listeners: &str| plan(listeners, "hostnames: [a.com], parentRefs: [{name: gw}]");
        let (both, one) = (with(&format!("{http}, {}", https("https", 443, ""))), with(http));
        assert_eq!((between(&both, &one).len(), closed(&both, &one)), (0, vec!["a.com 443".to_owned()]));
        assert_eq!(closed(&one, &both), [""; 0]);
    }

    /// Gateways come before ReferenceGrants.
    #[test]
    fn a_listener_whose_certificate_nobody_grants_yet_serves_nobody() {
        let granted = |name: &str, namespace: &str, grants: &str, more: &str| {
            of(&format!(
                "gateways: [{{name: gw, className: eg, listeners: [{{name: https, port: 443, protocol: HTTPS, hostname: a.com, \
                 tls: {{certificateRefs: [{{name: {name}, namespace: {namespace}}}]}}}}]}}{more}]\nreferenceGrants: {grants}\n\
                 routes: [{{name: r, hostnames: [a.com], parentRefs: [{{name: gw}}], rules: [{{backendRefs: [{{name: s}}]}}]}}]\n{SERVICE}"
            ))
        };
        let with = |name: &str, namespace: &str| granted(name, namespace, "all", "");
        let (one, other, own) = (with("one", "certs"), with("other", "certs"), with("other", "edge"));
        assert!(one.grants.iter().any(|grant| grant.to.name == "one"), "{:?}", one.grants);
        assert_eq!(between(&one, &other), ["a.com"]);
        let said: Vec<_> = changes::between(&one, &other).findings().map(|found| found.hint).collect();
        assert!(
            said[0].starts_with("apply the ReferenceGrants of Secrets `certs/other` before the rest; "),
            "{said:?}"
        );
        assert_eq!(between(&one, &own), [""; 0], "no grant is needed");
        assert_eq!(between(&one, &one), [""; 0]);
        let by_others = granted("one", "certs", "none", "");
        assert_eq!(
            between(&by_others, &one),
            [""; 0],
            "what is referred to before is no matter of the change"
        );
        // Another namespace may refer to it already.
        let shop = ", {name: shop, namespace: shop, className: eg, listeners: [{name: https, port: 443, protocol: HTTPS, \
                    hostname: b.com, tls: {certificateRefs: [{name: other, namespace: certs}]}}]}";
        let (before, after) = (granted("one", "certs", "all", shop), granted("other", "certs", "all", shop));
        assert_eq!(between(&before, &after), ["a.com"]);
    }

    #[test]
    fn a_port_where_another_route_answers_is_not_closed() {
        let http = "{name: http, port: 80, protocol: HTTP}, {name: https, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: c}]}}";
        let with = |section: &str, more: &str| {
            of(&format!(
                "gateways: [{{name: gw, className: eg, listeners: [{http}]}}]\n\
                 routes: [{{name: r, hostnames: [a.com], parentRefs: [{{name: gw{section}}}], rules: [{{matches: [{{path: {{value: /a/b}}}}], \
                 backendRefs: [{{name: s}}]}}]}}{more}]\n{SERVICE}"
            ))
        };
        let other = |names: &str, path: &str| {
            format!(
                ", {{name: other, {names}parentRefs: [{{name: gw, sectionName: http}}], rules: [{{matches: [{{path: {{value: {path}}}}}], \
                 filters: [{{type: RequestRedirect, requestRedirect: {{scheme: https}}}}]}}]}}"
            )
        };
        let old = with("", "");
        let on_https = ", sectionName: https";
        assert_eq!(closed(&old, &with(on_https, "")), ["a.com 80"]);
        assert_eq!(closed(&old, &with(on_https, &other("", "/"))), [""; 0]);
        assert_eq!(closed(&old, &with(on_https, &other("hostnames: ['*.com'], ", "/a"))), [""; 0]);
        assert_eq!(closed(&old, &with(on_https, &other("", "/c"))), ["a.com 80"]);
    }

    /// The Gateway lets the new one in, and the old one out, before the new one is there.
    #[test]
    fn a_listener_set_that_changes_its_namespace_leaves_a_gap() {
        let with = |namespaces: &str| {
            of(&format!(
                "baseDomain: example.com\nprofile: envoy-gateway\n\
                 certificates: {{enabled: true, solver: dns01, issuerRef: {{name: le, kind: ClusterIssuer}}}}\n\
                 gateway: {{name: eg, namespace: edge, className: eg, listeners: [{{name: http, port: 80, protocol: HTTP}}]}}\n\
                 organizations: {{acme: {{services: [{{name: web, port: 80}}], namespaces: [{namespaces}]}}}}\n"
            ))
        };
        let (one, other) = (with("acme"), with("acme-dev"));
        assert!(!one.listener_sets.is_empty());
        assert_eq!(between(&one, &other), ["web.acme.example.com"]);
        assert_eq!(between(&one, &one), [""; 0]);
    }

    /// `r` stays where it is, and `q` goes.
    #[test]
    fn a_match_that_leaves_is_named() {
        let with = |on: &str| {
            let http = "listeners: [{name: http, port: 80, protocol: HTTP}, {name: other, port: 8080, protocol: HTTP}]";
            of(&format!(
                "gateways: [{{name: a, className: eg, {http}}}, {{name: b, className: eg, {http}}}]\n\
                 routes: [{{name: r, hostnames: [x.com], parentRefs: [{{name: a}}], rules: [{{matches: [{{path: {{value: /r}}}}], backendRefs: [{{name: s}}]}}]}}, \
                 {{name: q, hostnames: [x.com], parentRefs: [{on}], rules: [{{matches: [{{path: {{value: /q}}}}], backendRefs: [{{name: s}}]}}]}}]\n\
                 {SERVICE}"
            ))
        };
        let (on_a, on_b) = (with("{name: a}"), with("{name: b}"));
        let gaps = super::between(&on_a, &on_b, &[]).gaps;
        let words: Vec<_> = gaps.iter().map(HostMatches::in_words).collect();
        assert_eq!(words, ["`PathPrefix /q` of `x.com`"]);
        let narrow = with("{name: a, sectionName: http}");
        let ports = super::between(&on_a, &narrow, &[]).closed;
        let words: Vec<_> = ports.iter().map(|closed| (closed.port, closed.of.in_words())).collect();
        assert_eq!(words, [(8080, "`PathPrefix /q` of `x.com`".to_owned())]);
    }

    /// On port 80 the route leaves the listener that takes it, and on 443 the listener is renamed.
    #[test]
    fn who_is_lost_at_one_port_may_be_unserved_at_another() {
        let own =
            "{name: wide, port: 80, protocol: HTTP}, {name: own, port: 80, protocol: HTTP, hostname: a.com}";
        let with = |on: &str, name: &str| {
            let parents = format!(
                "hostnames: [a.com], parentRefs: [{{name: gw, sectionName: {on}}}, {{name: gw, sectionName: {name}}}]"
            );
            plan(&format!("{own}, {}", https(name, 443, "")), &parents)
        };
        let told = |old: &Summary, new: &Summary| {
            let changes = super::super::changes::between(old, new);
            (changes.unserved.len(), changes.astray.len())
        };
        assert_eq!(told(&with("own", "old"), &with("wide", "new")), (1, 1));
        assert_eq!(told(&with("own", "old"), &with("wide", "old")), (0, 1));
        assert_eq!(told(&with("own", "old"), &with("own", "old")), (0, 0));
    }

    /// Route `q` leaves the listener that takes the host, and `r` moves to another Gateway.
    #[test]
    fn who_is_lost_hides_no_other_match_of_the_host() {
        let with = |r: &str, q: &str| {
            let listeners = "{name: wide, port: 80, protocol: HTTP}, {name: own, port: 80, protocol: HTTP, hostname: a.com}";
            let route = |name: &str, on: &str| {
                format!(
                    "{{name: {name}, hostnames: [a.com], parentRefs: [{on}], \
                     rules: [{{matches: [{{path: {{value: /{name}}}}}], backendRefs: [{{name: s}}]}}]}}"
                )
            };
            of(&format!(
                "gateways: [{{name: gw, className: eg, listeners: [{listeners}]}}, {{name: two, className: eg, listeners: [{listeners}]}}]\n\
                 routes: [{}, {}]\nexternalServices: [{{name: s, port: 80, endpoints: [192.0.2.1]}}]\n",
                route("r", r),
                route("q", q)
            ))
        };
        let own = |gateway: &str| format!("{{name: {gateway}, sectionName: own}}");
        let wide = "{name: gw, sectionName: wide}, {name: two, sectionName: own}";
        let (old, new) = (with(&own("gw"), &own("gw")), with(&own("two"), wide));
        let changes = super::super::changes::between(&old, &new);
        let routes: Vec<_> = changes.astray.iter().flat_map(|found| &found.routes).collect();
        assert_eq!((changes.unserved.len(), routes), (1, vec![&"q"]));
    }

    #[test]
    fn an_exact_host_may_give_way_to_the_wildcard_beside_it() {
        let http = "{name: http, port: 80, protocol: HTTP}";
        let old = of(&format!(
            "gateways: [{{name: a, className: eg, listeners: [{http}, {{name: x, port: 80, protocol: HTTP, hostname: x.example.com}}]}}]\n\
             routes: [{{name: r, hostnames: [x.example.com], parentRefs: [{{name: a, sectionName: x}}], rules: [{{backendRefs: [{{name: s}}]}}]}}, {WILDCARD}]\n{SERVICE}"
        ));
        let new = of(&format!(
            "gateways: [{{name: a, className: eg, listeners: [{http}]}}]\nroutes: [{WILDCARD}]\n{SERVICE}"
        ));
        assert_eq!(between(&old, &new), [""; 0]);
        assert_eq!(between(&new, &old), ["x.example.com"], "its listener comes before its route");
    }

    const WILDCARD: &str = "{name: w, hostnames: ['*.example.com'], parentRefs: [{name: a, sectionName: http}], rules: [{backendRefs: [{name: s}]}]}";
    const SERVICE: &str = "externalServices: [{name: s, port: 80, endpoints: [192.0.2.1]}]\n";

    /// In pairs of names and routes, each with every door, this would take minutes.
    #[test]
    fn many_routes_of_every_host_beside_many_hosts_are_looked_at_by_their_gateways() {
        const MANY: usize = 2000;
        let mut plan = plan(
            "{name: wide, port: 80, protocol: HTTP}, {name: own, port: 80, protocol: HTTP, hostname: '*.a.com'}",
            "parentRefs: [{name: gw}]",
        );
        let (gateways, routes) = (plan.gateways.clone(), plan.routes.clone());
        for number in 0..MANY {
            plan.gateways.extend(gateways.iter().cloned().map(|mut gateway| {
                gateway.name = format!("gw-{number}");
                gateway.listeners.truncate(1);
                gateway
            }));
            for route in &routes {
                let mut wide = route.clone();
                wide.name = format!("wide-{number}");
                wide.parents.iter_mut().for_each(|parent| parent.name = format!("gw-{number}"));
                let mut exact = route.clone();
                exact.name = format!("exact-{number}");
                exact.hostnames = vec![format!("h{number}.a.com")];
                plan.routes.extend([wide, exact]);
            }
        }
        let changes = super::super::changes::between(&plan, &plan);
        assert_eq!((changes.unserved.len(), changes.astray.len()), (0, 0));
        let mut without = plan.clone();
        without.routes.retain(|route| !route.name.starts_with("wide-1"));
        assert_eq!(super::super::changes::between(&plan, &without).astray.len(), 0);
    }

    #[test]
    fn each_route_of_a_host_is_followed_from_gateway_to_gateway() {
        let with = |host: &str, on: &str| {
            let gateway = |name: &str| {
                format!(
                    "{{name: {name}, className: eg, listeners: [{{name: http, port: 80, protocol: HTTP}}]}}"
                )
            };
            let route = |name: &str, host: &str, on: &str| {
                format!(
                    "{{name: {name}, hostnames: ['{host}'], gateway: {on}, \
                     rules: [{{matches: [{{path: {{value: /{name}}}}}], backendRefs: [{{name: s}}]}}]}}"
                )
            };
            of(&format!(
                "gateways: [{}, {}]\nroutes: [{}, {}]\nexternalServices: [{{name: s, port: 80, endpoints: [192.0.2.1]}}]\n",
                gateway("one"),
                gateway("two"),
                route("r", "b.a.com", "one"),
                route("q", host, on)
            ))
        };
        let old = with("b.a.com", "one");
        assert_eq!(between(&old, &with("b.a.com", "two")), ["b.a.com"]);
        assert_eq!(between(&old, &old), [""; 0]);
        let alone = with("c.a.com", "one");
        assert_eq!(between(&alone, &with("*.a.com", "two")), ["c.a.com"], "by cover");
        assert_eq!(between(&alone, &with("*.a.com", "one")), [""; 0]);
    }
}
