//! Host names that no Gateway serves from the first to the last document of a change.
//!
//! Documents are applied in the order of the new plan, kind by kind, and what is gone is deleted at last. Clients know the
//! address of one Gateway for as long as DNS says, so a host name that goes to another one at once counts as well. Which one
//! they know the old records say; where there are none it may be any that serves the host name.

use std::collections::{BTreeMap, BTreeSet};

use super::moment::{Door, Moment};
use super::{DnsRecords, Record, Summary};
use crate::diagnostic::{Code, Diagnostic};
use crate::path::Path;
use crate::shorten::listed;

/// Host names that no Gateway serves from the first to the last document of a change.
const UNSERVED_BETWEEN: Code = Code("unserved-between");

/// Host names that are served before and after a change and not all the way by the same Gateway, in ascending order. Where
/// several ports of a Gateway serve one before and after, each has to all the way.
pub(super) fn between<'s>(old: &'s Summary, new: &'s Summary) -> Vec<&'s str> {
    let addresses = Addresses::of(old, new);
    let is_known =
        |(host, (namespace, name, ..)): &(&'s str, Door<'s>)| addresses.are_known(host, (namespace, name));
    let before = Moment::whole(old).serving();
    let after = Moment::whole(new).serving();
    let names = |serving: &BTreeSet<(&'s str, Door<'s>)>| -> BTreeSet<&'s str> {
        serving.iter().map(|(host, _)| *host).collect()
    };
    let reached = before.iter().copied().filter(is_known).collect();
    let stays: BTreeSet<&str> = names(&reached).intersection(&names(&after)).copied().collect();
    let lasting: BTreeSet<_> = before.intersection(&after).copied().collect();
    let mut held = lasting.clone();
    let mut fresh = BTreeSet::new();
    for object in &new.objects {
        if fresh.insert(object.kind)
            && ["Route", "Gateway", "Set"].iter().any(|end| object.kind.ends_with(end))
        {
            let now = Moment::of(old, new, &fresh).serving();
            held.retain(|serves| now.contains(serves));
        }
    }
    let lost = names(&lasting.difference(&held).copied().collect());
    held.retain(is_known);
    let held_somewhere = names(&held);
    stays.into_iter().filter(|host| lost.contains(host) || !held_somewhere.contains(host)).collect()
}

/// What records say of Gateways.
struct Addresses<'s> {
    /// The old records of each host name.
    old: BTreeMap<&'s str, &'s DnsRecords>,
    /// The records that lead to each Gateway, by its namespace and name: several may have one address.
    gateways: BTreeMap<(&'s str, &'s str), &'s [Record]>,
}

impl<'s> Addresses<'s> {
    fn of(old: &'s Summary, new: &'s Summary) -> Self {
        let of_hosts = |dns: &'s DnsRecords| dns.hostnames.iter().map(move |host| (host.as_str(), dns));
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
        self.old.get(host).is_none_or(|dns| own == Some(dns.records.as_slice()))
    }
}

/// A host name in a message.
pub(super) fn in_words(host: &str) -> String {
    if host.is_empty() { "routes without host names".to_owned() } else { format!("`{host}`") }
}

/// Says so of a change, if there are any.
pub(super) fn finding(hosts: &[&str]) -> Option<Diagnostic> {
    let message = format!(
        "no Gateway serves {} all the way through this change: for a while clients find no listener with a route, \
         or know an address that has none",
        listed(hosts.iter().map(|host| in_words(host)))
    );
    (!hosts.is_empty()).then(|| {
        Diagnostic::warning(UNSERVED_BETWEEN, Path::ROOT, message)
            .source("Helm's install order: Gateways before HTTPRoutes, these before ListenerSets, deletions last")
            .hint("for organizations go by the phases of `migration`, with what was recorded before in `migration.placements`; else let old and new stand together in a step between")
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::plan;
    use super::between;

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
        assert_eq!(between(&with(443), &with(8443)), ["a.com"]);
    }
}
