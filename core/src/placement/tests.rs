use std::collections::BTreeMap;

use super::*;

const ONE: Load = Load { listeners: 1, certificates: 1, rules: 0, target_groups: 0, tls_hosts: 0 };

fn names(prefix: &str, count: usize) -> Vec<String> {
    (0..count).map(|number| format!("{prefix}-{number:05}")).collect()
}

fn entries(names: &[String]) -> Vec<Entry<'_>> {
    names.iter().map(|name| Entry { name, load: ONE, recorded: None }).collect()
}

fn bins(names: &[String], listeners: u32) -> Vec<Bin<'_>> {
    let room = Load { listeners, ..Load::UNBOUNDED };
    names.iter().map(|name| Bin { name, room }).collect()
}

/// Names of bins by the name of the entry.
fn map<'n>(entries: &[Entry<'n>], bins: &[Bin<'n>]) -> BTreeMap<&'n str, Option<&'n str>> {
    let placement = place(entries, bins);
    let name = |bin: Option<usize>| bin.map(|bin| bins[bin].name);
    entries.iter().zip(placement.bins).map(|(entry, bin)| (entry.name, name(bin))).collect()
}

fn moved(before: &BTreeMap<&str, Option<&str>>, after: &BTreeMap<&str, Option<&str>>) -> usize {
    before.iter().filter(|(name, bin)| after.get(*name).is_some_and(|now| now != *bin)).count()
}

#[test]
fn fills_no_bin_beyond_its_room() {
    let (orgs, gateways) = (names("org", 640), names("gw", 10));
    let placement = place(&entries(&orgs), &bins(&gateways, 64));
    assert!(placement.bins.iter().all(Option::is_some), "all fit exactly");
    assert!(placement.left.iter().all(|left| left.listeners == 0));
    let orgs = names("org", 641);
    let placement = place(&entries(&orgs), &bins(&gateways, 64));
    assert_eq!(placement.bins.iter().filter(|bin| bin.is_none()).count(), 1);
}

#[test]
fn does_not_depend_on_the_order_of_entries_and_bins() {
    let (orgs, gateways) = (names("org", 600), names("gw", 10));
    let straight = map(&entries(&orgs), &bins(&gateways, 62));
    let (mut orgs_back, mut gateways_back) = (entries(&orgs), bins(&gateways, 62));
    orgs_back.reverse();
    gateways_back.rotate_left(3);
    assert_eq!(straight, map(&orgs_back, &gateways_back));
}

#[test]
fn a_new_bin_draws_only_what_likes_it_best() {
    let (orgs, gateways) = (names("org", 2_000), names("gw", 11));
    let before = map(&entries(&orgs), &bins(&gateways[..10], 1_000));
    let after = map(&entries(&orgs), &bins(&gateways, 1_000));
    assert!(before.iter().all(|(name, bin)| after[name] == *bin || after[name] == Some("gw-00010")));
    let share = moved(&before, &after);
    assert!((120..250).contains(&share), "about one in eleven moves, not {share}");
}

#[test]
fn with_room_left_an_entry_that_comes_or_goes_moves_no_other() {
    let (orgs, gateways) = (names("org", 301), names("gw", 10));
    let with = map(&entries(&orgs), &bins(&gateways, 62));
    let without = map(&entries(&orgs[1..]), &bins(&gateways, 62));
    assert_eq!(moved(&without, &with), 0);
}

#[test]
fn tells_who_is_not_where_it_likes_best() {
    let (orgs, gateways) = (names("org", 620), names("gw", 10));
    let (entries, bins) = (entries(&orgs), bins(&gateways, 62));
    let placement = place(&entries, &bins);
    let likes = |entry: &Entry<'_>| {
        (0..bins.len()).max_by_key(|bin| score(entry.name, bins[*bin].name)).expect("there are bins")
    };
    let elsewhere: Vec<usize> =
        (0..entries.len()).filter(|at| placement.bins[*at] != Some(likes(&entries[*at]))).collect();
    assert_eq!(placement.displaced, elsewhere);
    assert!(!elsewhere.is_empty(), "full bins displace");
}

#[test]
fn what_is_recorded_stays_and_counts() {
    let (orgs, gateways) = (names("org", 3), names("gw", 2));
    let bins = bins(&gateways, 2);
    let mut entries = entries(&orgs);
    entries[0].recorded = Some(1);
    entries[1].recorded = Some(1);
    let placement = place(&entries, &bins);
    assert_eq!(placement.bins, [Some(1), Some(1), Some(0)]);
    // Even where it overfills its bin, and not where its bin is gone.
    entries[2].recorded = Some(1);
    assert_eq!(place(&entries, &bins).bins, [Some(1); 3]);
    entries[2].recorded = Some(2);
    assert_eq!(place(&entries, &bins).bins, [Some(1), Some(1), Some(0)]);
}

#[test]
fn a_large_entry_goes_where_all_of_it_fits() {
    let gateways = names("gw", 2);
    let room = Load { listeners: 64, certificates: 2, rules: 100, target_groups: 100, tls_hosts: 1_000 };
    let bins: Vec<Bin<'_>> = gateways.iter().map(|name| Bin { name, room }).collect();
    let large = Load { listeners: 1, certificates: 2, rules: 60, target_groups: 1, tls_hosts: 1 };
    let entries = ["a", "b", "c"].map(|name| Entry { name, load: large, recorded: None });
    let placement = place(&entries, &bins);
    assert_eq!(placement.bins.iter().filter(|bin| bin.is_some()).count(), 2);
    assert!(placement.left.iter().all(|left| left.rules == 40 && left.certificates == 0));
}

#[test]
fn nothing_goes_nowhere() {
    assert_eq!(place(&[], &[]), Placement::default());
    let orgs = names("org", 2);
    assert_eq!(place(&entries(&orgs), &[]).bins, [None, None]);
}
