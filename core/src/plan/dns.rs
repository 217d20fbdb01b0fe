//! DNS records for host names of routes: one DNSEndpoint a route.

use core::net::IpAddr;
use std::collections::{BTreeMap, BTreeSet};

use super::organizations::ADDRESS_MISSING;
use super::{DnsRecords, Gateway, ListenerSet, Route, gateway_of, has_addresses};
use crate::diagnostic::{Code, Diagnostic};
use crate::hostname::Hostname;
use crate::path::Path;
use crate::tree::Node;
use crate::values::Values;

/// Nobody says what records point to, or they would point to an address and a name at once.
const DNS_TARGETS: Code = Code("dns-targets");

/// Host names of several Gateways get the same records.
const DNS_TARGETS_SHARED: Code = Code("dns-targets-shared");

/// Plans records for every host name once, on the first route that has it.
pub(super) fn build<'v>(
    values: &'v Values<'v>,
    gateways: &[Gateway<'v>],
    sets: &[ListenerSet<'v>],
    routes: &[Route<'v>],
    out: &mut Vec<Diagnostic>,
) -> Vec<DnsRecords<'v>> {
    let Some(dns) = &values.dns else { return Vec::new() };
    let path = Path::ROOT.key("dns").key("targets");
    let common = if dns.targets.is_empty() { None } else { Some(records(&dns.targets, None, &path, out)) };
    let doors = Doors::new(gateways, sets);
    // One answer a Gateway: many routes ask.
    let mut by_gateway: BTreeMap<usize, Vec<(&'static str, Vec<&'v str>)>> = BTreeMap::new();
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    // Where it is an error already that a Gateway has no address.
    let without: BTreeSet<Path> =
        out.iter().filter(|found| found.code == ADDRESS_MISSING).map(|found| found.path.clone()).collect();
    let mut list = Vec::new();
    let mut served: BTreeSet<usize> = BTreeSet::new();
    for route in routes {
        let hostnames: Vec<_> =
            route.hostnames.iter().filter(|hostname| seen.insert(hostname.as_str())).cloned().collect();
        if hostnames.is_empty() {
            continue;
        }
        let door = doors.of(route);
        served.extend(door);
        let records = match (&common, door) {
            (Some(common), _) => common.clone(),
            (None, Some(index)) => by_gateway
                .entry(index)
                .or_insert_with(|| {
                    let gateway = &gateways[index];
                    if without.contains(&gateway.path) && !has_addresses(gateway.given) {
                        return Vec::new();
                    }
                    let targets: Vec<_> = gateway.given.into_iter().flat_map(addresses).collect();
                    records(&targets, Some(&gateway.name), &gateway.path.key("addresses"), out)
                })
                .clone(),
            (None, None) => records(&[], None, &route.path, out),
        };
        list.push(DnsRecords {
            name: route.name.clone(),
            namespace: route.namespace,
            hostnames,
            ttl: dns.ttl,
            records,
            gateway: door.filter(|_| common.is_none()),
            path: route.path.clone(),
        });
    }
    if common.is_some() && served.len() > 1 {
        out.push(shared(path));
    }
    list
}

/// Clients go to an address that not every one of these Gateways has.
fn shared(path: Path) -> Diagnostic {
    let message = "host names of several Gateways get the same records, those of `dns.targets`";
    Diagnostic::warning(DNS_TARGETS_SHARED, path, message).hint(
        "give each Gateway its `addresses` and take `dns.targets` out, unless what answers there hands every host name \
         to its Gateway",
    )
}

/// What routes attach to, by namespace and name.
struct Doors<'p> {
    gateways: BTreeMap<(&'p str, &'p str), usize>,
    /// Gateways of ListenerSets.
    sets: BTreeMap<(&'p str, &'p str), (&'p str, &'p str)>,
}

impl<'p> Doors<'p> {
    fn new(gateways: &'p [Gateway<'_>], sets: &'p [ListenerSet<'_>]) -> Self {
        let gateways = gateways.iter().enumerate().rev();
        let set = |set: &'p ListenerSet<'_>| {
            ((set.namespace, set.name.as_ref()), (set.gateway_namespace, set.gateway.as_ref()))
        };
        Self {
            gateways: gateways
                .map(|(at, gateway)| ((gateway.namespace, gateway.name.as_ref()), at))
                .collect(),
            sets: sets.iter().map(set).collect(),
        }
    }

    /// The first Gateway of this release that the route names, by itself or by one of its ListenerSets.
    fn of(&self, route: &Route<'_>) -> Option<usize> {
        route.parents.iter().find_map(|parent| {
            let gateway = gateway_of(parent, route.namespace).or_else(|| {
                let text = |key: &str| parent.get(key).and_then(Node::as_text);
                let place = (text("namespace").unwrap_or(route.namespace), text("name")?);
                let is_set = text("kind").is_some_and(|kind| kind.ends_with("ListenerSet"));
                self.sets.get(&place).filter(|_| is_set).copied()
            })?;
            self.gateways.get(&gateway).copied()
        })
    }
}

/// Addresses that DNS can hold: not `NamedAddress` or a controller's own type.
fn addresses<'v>(gateway: &'v Node<'v>) -> impl Iterator<Item = &'v str> {
    gateway.get("addresses").into_iter().flat_map(Node::items).filter_map(|(_, address)| {
        let word = address.get("type").and_then(Node::as_text).unwrap_or("IPAddress");
        address.get("value").and_then(Node::as_text).filter(|_| matches!(word, "IPAddress" | "Hostname"))
    })
}

/// Targets by record type; a CNAME stands alone (RFC 1034 3.6.2). Empty after an error. With `gateway` they are its
/// addresses.
fn records<'v>(
    targets: &[&'v str],
    gateway: Option<&str>,
    path: &Path,
    out: &mut Vec<Diagnostic>,
) -> Vec<(&'static str, Vec<&'v str>)> {
    let of_type = |wanted: &str| -> Vec<&'v str> {
        targets.iter().copied().filter(|target| record_type(target) == wanted).collect()
    };
    let (v4, v6, names) = (of_type("A"), of_type("AAAA"), of_type("CNAME"));
    let fault = if targets.is_empty() {
        let gateway = gateway.map_or("the Gateway's".to_owned(), |name| format!("Gateway `{name}`'s"));
        Some(format!(
            "`dns.enabled`, and neither `dns.targets` nor {gateway} `addresses` say what records point to"
        ))
    } else if names.len() > 1 || (!names.is_empty() && names.len() != targets.len()) {
        Some(format!("{} host names among {} targets, but a CNAME stands alone", names.len(), targets.len()))
    } else {
        names.iter().find_map(|name| Hostname::parse(name).err().map(|fault| format!("`{name}` {fault}")))
    };
    if let Some(message) = fault {
        out.push(
            Diagnostic::error(DNS_TARGETS, path.clone(), message)
                .hint("give the Gateway `addresses`, or for all Gateways `dns.targets`: IP addresses, or exactly one host name"),
        );
        return Vec::new();
    }
    [("A", v4), ("AAAA", v6), ("CNAME", names)]
        .into_iter()
        .filter(|(_, targets)| !targets.is_empty())
        .collect()
}

fn record_type(target: &str) -> &'static str {
    match target.parse::<IpAddr>() {
        Ok(IpAddr::V4(_)) => "A",
        Ok(IpAddr::V6(_)) => "AAAA",
        Err(_) => "CNAME",
    }
}
