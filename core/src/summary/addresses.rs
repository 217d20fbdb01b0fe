//! Addresses of Gateways that a change takes away: clients that know one find nothing there, whatever DNS says by then.

use core::net::IpAddr;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::host_matches::{HostMatches, in_words};
use super::moment::{self, Asked, Moment, Name, nearest};
use super::{Gateway, Summary};
use crate::diagnostic::{Code, Diagnostic};
use crate::hostname::suffix;
use crate::path::Path;
use crate::shorten::listed;

/// An address of a Gateway that a change takes away, or from host names that stay.
const GATEWAY_ADDRESS_GONE: Code = Code("gateway-address-gone");

/// An address of a Gateway that serves something no more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GoneAddress<'s> {
    /// The namespace of the Gateway.
    pub namespace: &'s str,
    /// The Gateway.
    pub gateway: &'s str,
    /// The address, as it was written.
    pub address: &'s str,
    /// Host names that it served and that are served elsewhere; none where nobody knows which the Gateway serves.
    pub hosts: Vec<&'s str>,
    /// Of host names that it goes on serving, the matches that are served elsewhere.
    pub matches: Vec<HostMatches<'s>>,
}

/// Addresses as they are written, each in one form.
pub(super) type Written<'s> = BTreeSet<Cow<'s, str>>;

/// Addresses that are written of Gateways and that go, or leave what is served before and after. What a controller
/// chooses by itself values do not tell.
pub(super) fn between<'s>(old: &'s Summary, new: &'s Summary) -> Vec<GoneAddress<'s>> {
    // Of a Gateway that only routes name these values do not say the addresses.
    let own = new.gateways.iter().rev().filter(|gateway| gateway.room.is_some());
    let all: BTreeMap<Name<'s>, Written<'s>> =
        own.map(|gateway| (name(gateway), written(gateway).collect())).collect();
    let hosts = moment::names(old, new);
    let mut after: BTreeMap<Asked<'s>, Written<'_>> = BTreeMap::new();
    for (asked, (namespace, name, ..)) in Moment::whole(new).serving(&hosts) {
        let addresses = all.get(&(namespace, name)).into_iter().flatten();
        after.entry(asked).or_default().extend(addresses.cloned());
    }
    let mut before: BTreeMap<Name<'_>, BTreeSet<Asked<'s>>> = BTreeMap::new();
    for (asked, (namespace, name, ..)) in Moment::whole(old).serving(&hosts) {
        before.entry((namespace, name)).or_default().insert(asked);
    }
    let records = records(old);
    let mut gone = Vec::new();
    for gateway in &old.gateways {
        let served = || before.get(&name(gateway)).into_iter().flatten();
        for (address, canonical) in gateway.addresses.iter().zip(written(gateway)) {
            let is_known =
                |host: &str| nearest(&records, host).is_none_or(|known| known.contains(&canonical));
            let stays =
                |asked: &Asked<'s>| after.get(asked).is_some_and(|addresses| addresses.contains(&canonical));
            let loses = |asked: &&Asked<'s>| is_known(asked.0) && after.contains_key(asked) && !stays(asked);
            let mut lost: BTreeMap<&str, BTreeSet<Option<&str>>> = BTreeMap::new();
            for (host, words) in served().filter(loses) {
                lost.entry(host).or_default().insert(*words);
            }
            let lost = lost.into_iter().map(|(host, words)| HostMatches::of(host, &words));
            let (hosts, parts): (Vec<_>, Vec<_>) = lost.partition(|lost| lost.matches.is_empty());
            // Where another Gateway has it that serves all of this one's, or nobody is led to it, nobody misses it.
            let is_missed =
                served().next().is_none() || served().any(|asked| is_known(asked.0) && !stays(asked));
            let is_taken = all.get(&name(gateway)).is_some_and(|addresses| !addresses.contains(&canonical));
            if is_taken && is_missed || !hosts.is_empty() || !parts.is_empty() {
                gone.push(GoneAddress {
                    namespace: &gateway.namespace,
                    gateway: &gateway.name,
                    address,
                    hosts: hosts.into_iter().map(|lost| lost.host).collect(),
                    matches: parts,
                });
            }
        }
    }
    gone
}

pub(super) fn name(gateway: &Gateway) -> Name<'_> {
    (&gateway.namespace, &gateway.name)
}

pub(super) fn written(gateway: &Gateway) -> impl Iterator<Item = Cow<'_, str>> {
    gateway.addresses.iter().map(|address| canonical(address))
}

/// Where the records of each host name, without star, lead: to a Gateway's addresses or to `dns.targets`.
fn records(summary: &Summary) -> BTreeMap<&str, Written<'_>> {
    let of_hosts = summary.dns.iter().flat_map(|dns| {
        let targets = || dns.records.iter().flat_map(|record| &record.targets);
        dns.hostnames
            .iter()
            .map(move |host| (suffix(host), targets().map(|target| canonical(target)).collect()))
    });
    of_hosts.collect()
}

/// One address has one text.
fn canonical(address: &str) -> Cow<'_, str> {
    match address.parse::<IpAddr>() {
        Ok(address) => Cow::Owned(address.to_string()),
        Err(_) if address.bytes().any(|byte| byte.is_ascii_uppercase()) => {
            Cow::Owned(address.to_ascii_lowercase())
        }
        Err(_) => Cow::Borrowed(address),
    }
}

/// Says so.
pub(super) fn finding(gone: &GoneAddress<'_>) -> Diagnostic {
    let GoneAddress { gateway, address, hosts, matches, .. } = gone;
    let parts = matches.iter().map(HostMatches::in_words);
    let gone: Vec<String> = hosts.iter().map(|host| in_words(host)).chain(parts).collect();
    let message = if gone.is_empty() {
        format!(
            "Gateway `{gateway}` has the address `{address}` no more: clients that know it find nothing there"
        )
    } else {
        format!(
            "the address `{address}`, which Gateway `{gateway}` had, serves {} no more: clients that know it find nothing of \
             that there",
            listed(gone)
        )
    };
    Diagnostic::warning(GATEWAY_ADDRESS_GONE, Path::ROOT, message).hint(
        "if no record of DNS leads to it any more, all is well; else keep it until they are changed and their time to live is over",
    )
}

#[cfg(test)]
mod tests {
    use super::super::Summary;
    use super::super::testing::of;
    use super::{between, finding};

    /// Two Gateways with addresses, and a route on one of them.
    fn with(first: &str, second: &str, on: &str, dns: &str) -> Summary {
        let gateway = |name: &str, addresses: &str| {
            let addresses: Vec<_> =
                addresses.split_terminator(' ').map(|at| format!("{{value: '{at}'}}")).collect();
            format!(
                "{{name: {name}, className: eg, listeners: [{{name: http, port: 80, protocol: HTTP}}], \
                 addresses: [{}]}}",
                addresses.join(", ")
            )
        };
        of(&format!(
            "gateways: [{}, {}]\n\
             routes: [{{name: r, hostnames: [a.com], parentRefs: [{on}], rules: [{{backendRefs: [{{name: s}}]}}]}}]\n\
             externalServices: [{{name: s, port: 80, endpoints: [192.0.2.100]}}]\n{dns}",
            gateway("one", first),
            gateway("two", second)
        ))
    }

    /// Addresses that are gone, with how many host names each served.
    fn gone(old: &Summary, new: &Summary) -> Vec<(String, usize)> {
        between(old, new).iter().map(|gone| (gone.address.to_owned(), gone.hosts.len())).collect()
    }

    const ONE: &str = "{name: one}";
    const BOTH: &str = "{name: one}, {name: two}";
    const TWO: &str = "{name: two}";

    #[test]
    fn an_address_that_goes_is_told() {
        let old = with("192.0.2.1 2001:db8::1", "", ONE, "");
        let now = |first: &str, second: &str| gone(&old, &with(first, second, ONE, ""));
        let (v4, v6) = ("192.0.2.1".to_owned(), "2001:db8::1".to_owned());
        assert_eq!(now("2001:db8:0::1 192.0.2.3 192.0.2.1", ""), []);
        assert_eq!(now("2001:db8::1", ""), [(v4.clone(), 1)]);
        assert_eq!(now("", "192.0.2.1"), [(v4, 1), (v6, 1)], "another Gateway has it, and not the route");
        let idle = with("192.0.2.1", "192.0.2.2", ONE, "");
        assert_eq!(gone(&idle, &with("192.0.2.1", "192.0.2.3", ONE, "")), [("192.0.2.2".to_owned(), 0)]);
    }

    #[test]
    fn an_address_that_a_host_leaves_is_told_unless_records_lead_elsewhere() {
        let (first, second) = ("192.0.2.1", "192.0.2.2");
        let on = |parents: &str, dns: &str| with(first, second, parents, dns);
        assert_eq!(gone(&on(BOTH, ""), &on(TWO, "")), [(first.to_owned(), 1)]);
        assert_eq!(gone(&on(BOTH, ""), &on("{name: two}, {name: one}", "")), []);
        let dns = "dns: {enabled: true}\n";
        assert_eq!(gone(&on(BOTH, dns), &on(TWO, dns)), [(first.to_owned(), 1)]);
        assert_eq!(gone(&on("{name: two}, {name: one}", dns), &on(TWO, dns)), []);
        assert_eq!(gone(&on(ONE, dns), &with(second, first, ONE, dns)).len(), 2, "records change too late");
    }

    #[test]
    fn addresses_that_a_controller_chose_are_not_known() {
        let (without, pinned) = (with("", "", ONE, ""), with("192.0.2.1", "", ONE, ""));
        assert_eq!(between(&without, &pinned), []);
        let elsewhere = of("routes: [{name: r, hostnames: [a.com], parentRefs: [{name: one}, {name: two}], \
                            rules: [{backendRefs: [{name: s}]}]}]\n\
                            externalServices: [{name: s, port: 80, endpoints: [192.0.2.100]}]");
        assert_eq!(between(&pinned, &elsewhere), [], "the Gateway is another release's now");
        let found: Vec<_> = between(&pinned, &without).iter().map(finding).collect();
        assert!(
            found[0].message.contains("`192.0.2.1`, which Gateway `one` had, serves `a.com`"),
            "{found:?}"
        );
    }

    #[test]
    fn an_address_that_another_gateway_of_the_same_hosts_has_is_not_gone() {
        let (first, second) = ("192.0.2.1", "192.0.2.2");
        assert_eq!(gone(&with(first, second, BOTH, ""), &with(second, first, BOTH, "")), []);
        assert_eq!(gone(&with(first, "", ONE, ""), &with("", first, TWO, "")), [], "it moves with its host");
        assert_eq!(gone(&with(first, second, ONE, ""), &with(second, first, ONE, "")).len(), 2);
    }

    #[test]
    fn a_host_that_moves_for_good_leaves_its_address() {
        let (first, second) = ("192.0.2.1", "192.0.2.2");
        assert_eq!(
            gone(&with(first, second, ONE, ""), &with(first, second, TWO, "")),
            [(first.to_owned(), 1)]
        );
        let old = with(first, second, ONE, "");
        let mut replaced = with(first, second, TWO, "");
        replaced.gateways.retain(|gateway| gateway.name == "two");
        assert_eq!(gone(&old, &replaced), [(first.to_owned(), 1)]);
        let changes = crate::summary::changes::between(&old, &replaced);
        let codes: Vec<_> = changes.findings().map(|found| found.code.0).collect();
        assert_eq!(codes, ["unserved-between", "gateway-address-gone"]);
    }

    #[test]
    fn a_match_that_leaves_an_address_is_named() {
        let (first, second) = ("192.0.2.1", "192.0.2.2");
        let two = |on: &str| {
            let mut plan = with(first, second, BOTH, "");
            let other = with(first, second, on, "").routes.into_iter().map(|mut route| {
                route.name = "q".to_owned();
                route.rules.iter_mut().for_each(|rule| rule.matches = vec!["PathPrefix /api".to_owned()]);
                route
            });
            plan.routes.extend(other.collect::<Vec<_>>());
            plan
        };
        let (old, new) = (two(BOTH), two(TWO));
        let found = between(&old, &new);
        let parts: Vec<_> = found.iter().flat_map(|gone| &gone.matches).collect();
        assert_eq!((found.len(), found[0].hosts.len(), parts.len()), (1, 0, 1));
        let message = finding(&found[0]).message;
        assert!(message.contains("serves `PathPrefix /api` of `a.com` no more"), "{message}");
    }

    #[test]
    fn records_may_lead_past_the_gateways() {
        let dns = "dns: {enabled: true, targets: [198.51.100.9]}\n";
        let (first, second) = ("192.0.2.1", "192.0.2.2");
        assert_eq!(gone(&with(first, second, BOTH, dns), &with(first, second, TWO, dns)), []);
        assert_eq!(gone(&with(first, "", ONE, dns), &with(second, "", ONE, dns)), []);
    }
}
