//! Host names that go to another Gateway, to which no record of the plan leads clients: DNS is changed by hand.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::addresses::{GoneAddress, Written, name, written};
use super::host_matches::in_words;
use super::moment::{self, Moment, Name};
use super::{DnsRecords, Summary};
use crate::diagnostic::{Code, Diagnostic};
use crate::hostname::suffix;
use crate::path::Path;
use crate::shorten::listed;

/// Host names that go to another Gateway, to which no record of the plan leads.
const DNS_BY_HAND: Code = Code("dns-by-hand");

/// A host name that goes to another Gateway.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Led<'s> {
    /// The host name; empty for routes without any.
    pub host: &'s str,
    /// The Gateway that its clients are led to so far.
    pub from: &'s str,
    /// The one that they are to be led to.
    pub to: &'s str,
}

/// Host names of which all Gateways change, and those that a migration hands over while both serve. Not those whose old
/// Gateway has a written address that `gone` tells of, nor those that an address goes with.
pub(super) fn between<'s>(old: &'s Summary, new: &'s Summary, gone: &[GoneAddress<'s>]) -> Vec<Led<'s>> {
    let hands_over = old.migration.is_some() || new.migration.is_some();
    let of_hosts = |dns: &'s DnsRecords| dns.hostnames.iter().map(move |host| (suffix(host), dns));
    let records: BTreeMap<&str, &DnsRecords> = new.dns.iter().flat_map(of_hosts).collect();
    let told: BTreeSet<&str> = gone.iter().flat_map(|gone| gone.hosts.iter().copied()).collect();
    let (before, after) = (leading(old), leading(new));
    let (old, new) = (addresses(old), addresses(new));
    let led = before.into_iter().filter_map(|(host, from)| {
        let to = after.get(host)?;
        let is_led = from.first != to.first && (hands_over || from.all.is_disjoint(&to.all));
        if !is_led || told.contains(host) || moment::nearest(&records, host).is_some() {
            return None;
        }
        let goes_along = old.get(&from.first).zip(new.get(&to.first));
        let goes_along = goes_along.is_some_and(|(old, new)| !old.is_disjoint(new));
        (!goes_along).then_some(Led { host, from: from.first.1, to: to.first.1 })
    });
    led.collect()
}

/// The Gateways that serve a host name.
struct Leading<'s> {
    /// The one that its routes name first: records lead there.
    first: Name<'s>,
    all: BTreeSet<Name<'s>>,
}

fn leading(summary: &Summary) -> BTreeMap<&str, Leading<'_>> {
    let moment = Moment::whole(summary);
    let serving = moment.serving(&moment::names(summary, summary));
    let serving: BTreeSet<(&str, Name<'_>)> =
        serving.into_iter().map(|((host, _), (namespace, name, ..))| (host, (namespace, name))).collect();
    let mut leading: BTreeMap<&str, Leading<'_>> = BTreeMap::new();
    for route in &summary.routes {
        let any = route.hostnames.is_empty().then_some("");
        for host in route.hostnames.iter().map(String::as_str).chain(any) {
            let gateways = route.parents.iter().filter_map(|parent| moment.gateway(parent));
            for first in gateways.filter(|gateway| serving.contains(&(host, *gateway))) {
                let new = || Leading { first, all: BTreeSet::new() };
                leading.entry(host).or_insert_with(new).all.insert(first);
            }
        }
    }
    leading
}

/// The written addresses of each Gateway.
fn addresses(summary: &Summary) -> BTreeMap<Name<'_>, Written<'_>> {
    summary.gateways.iter().map(|gateway| (name(gateway), written(gateway).collect())).collect()
}

/// Says so of a change, if there are any.
pub(super) fn finding(led: &[Led<'_>]) -> Option<Diagnostic> {
    let words = |Led { host, from, to }: &Led<'_>| format!("{} (`{from}` to `{to}`)", in_words(host));
    let message = format!(
        "other Gateways serve these from now on, and no record of these values leads there: {}",
        listed(led.iter().map(words))
    );
    (!led.is_empty()).then(|| {
        Diagnostic::info(DNS_BY_HAND, Path::ROOT, message).hint(
            "point their records to the new Gateway by hand before the old one goes, or set `dns.enabled`",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::super::Summary;
    use super::super::changes;
    use super::super::testing::of;

    /// Gateways `one` and `two` with these addresses, and a route on some of them.
    fn with(addresses: [&str; 2], on: &str, more: &str) -> Summary {
        let gateway = |name: &str, address: &str| {
            let address = if address.is_empty() { String::new() } else { format!("{{value: {address}}}") };
            format!(
                "{{name: {name}, className: eg, listeners: [{{name: http, port: 80, protocol: HTTP}}], addresses: [{address}]}}"
            )
        };
        let [one, two] = addresses;
        of(&format!(
            "gateways: [{}, {}]\n\
             routes: [{{name: r, hostnames: [a.com], parentRefs: [{on}], rules: [{{backendRefs: [{{name: s}}]}}]}}]\n\
             externalServices: [{{name: s, port: 80, endpoints: [192.0.2.100]}}]\n{more}",
            gateway("one", one),
            gateway("two", two)
        ))
    }

    fn led(old: &Summary, new: &Summary) -> Vec<String> {
        let changes = changes::between(old, new);
        let words = |led: &super::Led<'_>| format!("{} {} {}", led.host, led.from, led.to);
        changes.dns_by_hand.iter().map(words).collect()
    }

    #[test]
    fn a_host_of_which_all_gateways_change_is_led_by_hand() {
        let (one, two, none) = ("{name: one}", "{name: two}", ["", ""]);
        let both = "{name: two}, {name: one}";
        assert_eq!(led(&with(none, one, ""), &with(none, two, "")), ["a.com one two"]);
        assert_eq!(led(&with(none, one, ""), &with(none, both, "")), [""; 0], "both serve it");
        let dns = "dns: {enabled: true, targets: [198.51.100.9]}\n";
        assert_eq!(led(&with(none, one, ""), &with(none, two, dns)), [""; 0], "records do it");
        let known = ["192.0.2.1", "192.0.2.2"];
        assert_eq!(led(&with(known, one, ""), &with(known, two, "")), [""; 0], "the address is told");
        let moved = with(["", "192.0.2.1"], two, "");
        assert_eq!(led(&with(["192.0.2.1", ""], one, ""), &moved), [""; 0], "the address goes along");
    }

    #[test]
    fn a_migration_hands_over_while_both_serve() {
        let with = |recorded: &str, migration: &str| {
            of(&format!(
                "baseDomain: example.com\nsharding: {{strategy: pool, maxGateways: 2}}\n\
                 gateway: {{name: eg, className: eg}}\ncertificates: {{issuerRef: {{name: ca}}}}\n\
                 organizations: [{{name: acme, services: [{{name: web, port: 80}}]}}]\n\
                 placements: {{gateways: {{acme: {recorded}}}}}\n{migration}"
            ))
        };
        let phase = |phase: &str| {
            format!(
                "migration: {{phase: {phase}, from: pool, organizations: [acme], placements: {{gateways: {{acme: eg-01}}}}}}\n"
            )
        };
        let steps = [
            with("eg-01", ""),
            with(
                "eg-02",
                "migration: {phase: parallel, from: pool, placements: {gateways: {acme: eg-01}}}\n",
            ),
            with("eg-02", &phase("cutover")),
            with("eg-02", &phase("cleanup")),
        ];
        let told: Vec<usize> = steps.windows(2).map(|pair| led(&pair[0], &pair[1]).len()).collect();
        assert_eq!(told, [0, 1, 0]);
        let why: Vec<_> = steps.iter().flat_map(|plan| &plan.placements).map(|placed| placed.why).collect();
        assert_eq!(why, ["recorded there"; 4], "with two Gateways, and with one");
    }
}
