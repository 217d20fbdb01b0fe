//! Host names that no Gateway serves from the first to the last document of a change.
//!
//! Documents are applied in the order of the new plan, kind by kind, and what is gone is deleted at last. Clients know the
//! address of one Gateway for as long as DNS says, so a host name that goes to another one at once counts as well. Which one
//! they know the old records say; where there are none it may be any that serves the host name.

use std::collections::{BTreeMap, BTreeSet};

use super::gateways::Admits;
use super::{DnsRecords, Listener, Parent, Record, Summary};
use crate::diagnostic::{Code, Diagnostic};
use crate::hostname::{suffix, wider};
use crate::path::Path;
use crate::shorten::listed;

/// Host names that no Gateway serves from the first to the last document of a change.
const UNSERVED_BETWEEN: Code = Code("unserved-between");

/// A listener, with kind, namespace and name of what it stands in.
struct Place<'s> {
    kind: &'static str,
    namespace: &'s str,
    name: &'s str,
    listener: &'s Listener,
}

/// A parent of a route, with the route's namespace.
type Wish<'s> = (&'s str, &'s Parent);

/// Namespace and name of a Gateway, one of its ports, and whether TLS is spoken there.
type Door<'s> = (&'s str, &'s str, u16, bool);

/// What stands at one moment, with the kind of each holder of listeners.
struct Moment<'s> {
    /// By Gateway: the listeners behind each door, by host name without star.
    doors: BTreeMap<Door<'s>, BTreeMap<&'s str, Place<'s>>>,
    /// The Gateways of ListenerSets.
    sets: BTreeMap<(&'s str, &'s str), (&'s str, &'s str)>,
    /// The parents of each host name's routes; the empty one is that of routes without any.
    hosts: BTreeMap<&'s str, Vec<Wish<'s>>>,
}

/// Host names that are served before and after a change and not all the way by the same Gateway, in ascending order. Where
/// several ports of a Gateway serve one before and after, each has to all the way.
pub(super) fn between<'s>(old: &'s Summary, new: &'s Summary) -> Vec<&'s str> {
    let none = BTreeSet::new();
    let addresses = Addresses::of(old, new);
    let is_known =
        |(host, (namespace, name, ..)): &(&'s str, Door<'s>)| addresses.are_known(host, (namespace, name));
    let before = Moment::of(old, old, &none).serving();
    let after = Moment::of(new, new, &none).serving();
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

/// Says so of a change, if there are any.
pub(super) fn finding(hosts: &[&str]) -> Option<Diagnostic> {
    let message = format!(
        "no Gateway serves {} all the way through this change: for a while clients find no listener with a route, \
         or know an address that has none",
        listed(hosts.iter().map(|host| match *host {
            "" => "routes without host names".to_owned(),
            host => format!("`{host}`"),
        }))
    );
    (!hosts.is_empty()).then(|| {
        Diagnostic::warning(UNSERVED_BETWEEN, Path::ROOT, message)
            .source("Helm's install order: Gateways before HTTPRoutes, these before ListenerSets, deletions last")
            .hint("for organizations go by the phases of `migration`, with what was recorded before in `migration.placements`; else let old and new stand together in a step between")
    })
}

impl<'s> Moment<'s> {
    /// The moment at which objects of the `fresh` kinds are as in the new plan, or not deleted yet.
    fn of(old: &'s Summary, new: &'s Summary, fresh: &BTreeSet<&str>) -> Self {
        let mut moment = Self { doors: BTreeMap::new(), sets: BTreeMap::new(), hosts: BTreeMap::new() };
        let is_fresh = |kind: &str| fresh.contains(kind);
        let gateways = either(
            &old.gateways,
            &new.gateways,
            |_| is_fresh("Gateway"),
            |gateway| (gateway.namespace.as_str(), gateway.name.as_str()),
        );
        for gateway in gateways {
            for listener in &gateway.listeners {
                let owner = ("Gateway", gateway.namespace.as_str(), gateway.name.as_str());
                moment.add(owner, (&gateway.namespace, &gateway.name), listener);
            }
        }
        let kind = if is_fresh("XListenerSet") { "XListenerSet" } else { "ListenerSet" };
        let sets = either(
            &old.listener_sets,
            &new.listener_sets,
            |_| is_fresh(kind),
            |set| (set.namespace.as_str(), set.name.as_str()),
        );
        for set in sets {
            let gateway = (set.gateway_namespace.as_str(), set.gateway.as_str());
            moment.sets.insert((&set.namespace, &set.name), gateway);
            for listener in &set.listeners {
                moment.add(("ListenerSet", &set.namespace, &set.name), gateway, listener);
            }
        }
        let routes = either(
            &old.routes,
            &new.routes,
            |route| is_fresh(route.kind),
            |route| (route.kind, route.namespace.as_str(), route.name.as_str()),
        );
        for route in routes {
            let any = route.hostnames.is_empty().then_some("");
            for hostname in route.hostnames.iter().map(String::as_str).chain(any) {
                let wishes = route.parents.iter().map(|parent| (route.namespace.as_str(), parent));
                moment.hosts.entry(hostname).or_default().extend(wishes);
            }
        }
        moment
    }

    fn add(
        &mut self,
        (kind, namespace, name): (&'static str, &'s str, &'s str),
        gateway: (&'s str, &'s str),
        listener: &'s Listener,
    ) {
        let tls = listener.tls.is_some();
        let door = self.doors.entry((gateway.0, gateway.1, listener.port, tls)).or_default();
        // Of two with one host name the Gateway's own goes first, and it is here first.
        let hostname = listener.hostname.as_deref().map_or("", suffix);
        door.entry(hostname).or_insert(Place { kind, namespace, name, listener });
    }

    /// Each host name with the doors behind which a listener takes it that a route of it names.
    fn serving(&self) -> BTreeSet<(&'s str, Door<'s>)> {
        let mut serving = BTreeSet::new();
        for (host, wishes) in &self.hosts {
            let gateways: BTreeSet<(&str, &str)> =
                wishes.iter().filter_map(|(_, parent)| self.gateway(parent)).collect();
            for (namespace, name) in gateways {
                let doors = self.doors.range((namespace, name, 0, false)..=(namespace, name, u16::MAX, true));
                for (door, listeners) in doors {
                    let named = |place: &Place<'_>| wishes.iter().any(|wish| names(wish, place));
                    let own = || listeners.get(suffix(host));
                    let taker = || own().or_else(|| wider(suffix(host)).find_map(|name| listeners.get(name)));
                    let is_served = match *host {
                        "" => listeners.values().any(named),
                        _ => taker().is_some_and(named),
                    };
                    if is_served {
                        serving.insert((*host, *door));
                    }
                }
            }
        }
        serving
    }

    fn gateway(&self, parent: &'s Parent) -> Option<(&'s str, &'s str)> {
        let place = (parent.namespace.as_str(), parent.name.as_str());
        if is_set(parent) { self.sets.get(&place).copied() } else { Some(place) }
    }
}

fn is_set(parent: &Parent) -> bool {
    parent.kind.ends_with("ListenerSet")
}

/// Whether a parent of a route means a listener that lets it attach.
fn names((from, parent): &Wish<'_>, place: &Place<'_>) -> bool {
    let Place { kind, namespace, name, listener } = place;
    let is_admitted = match &listener.admits {
        Admits::All | Admits::Labelled => true,
        Admits::Same => from == namespace,
        Admits::None => false,
        Admits::Named(namespaces) => namespaces.contains(*from),
    };
    is_set(parent) == (*kind == "ListenerSet")
        && parent.namespace == *namespace
        && parent.name == *name
        && parent.section_name.as_ref().is_none_or(|section| *section == listener.name)
        && parent.port.is_none_or(|port| port == i64::from(listener.port))
        && is_admitted
}

/// The objects of one moment: the new ones with the old ones that are still to be deleted, or the old ones.
fn either<'s, T, K: Ord>(
    old: &'s [T],
    new: &'s [T],
    is_fresh: impl Fn(&T) -> bool,
    key: impl Fn(&'s T) -> K,
) -> Vec<&'s T> {
    let fresh: Vec<&T> = new.iter().filter(|item| is_fresh(item)).collect();
    let known: BTreeSet<K> = fresh.iter().map(|item| key(item)).collect();
    let old = old.iter().filter(|item| !known.contains(&key(item)));
    fresh.into_iter().chain(old).collect()
}

#[cfg(test)]
mod tests {
    use super::between;
    use crate::Scope;
    use crate::summary::Summary;
    use crate::tree::yaml::{self, Limits};

    /// The plan of a Gateway with listeners, and of one route.
    fn plan(listeners: &str, route: &str) -> Summary {
        let text = format!(
            "gateways: [{{name: gw, namespace: edge, className: eg, listeners: [{listeners}]}}]\n\
             routes: [{{name: r, {route}, rules: [{{backendRefs: [{{name: s}}]}}]}}]\n\
             externalServices: [{{name: s, port: 80, endpoints: [192.0.2.1]}}]\nreferenceGrants: all\n"
        );
        let root = yaml::read(&text, 0, &Limits::DEFAULT, &mut Vec::new()).pop().expect("a document");
        let (summary, found) = crate::plan(root, &Scope { namespace: "edge".into(), ..Scope::default() });
        assert!(!crate::diagnostic::has_errors(&found), "{found:?}");
        summary
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
        assert_eq!(between(&with(443), &with(8443)), ["a.com"]);
    }
}
