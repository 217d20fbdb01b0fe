use super::super::tests::{HEAD, codes, gateways, organizations, plan, sharding, sound};
use crate::summary::Summary;
use crate::summary::changes::between;

const TWO: &str = "organizations:
  - {name: acme, services: [{name: web, port: 80}, {name: api, port: 81}], extraHostnames: [web.acme.io]}
  - {name: other, services: [{name: web, port: 80}]}
";

fn migrating(strategy: &str, migration: &str) -> String {
    format!("{HEAD}{}migration: {{{migration}}}\n{TWO}", sharding(strategy, ""))
}

/// The plan of values with no finding but that old and new listeners overlap.
fn overlapping(text: &str) -> Summary {
    let (summary, found) = plan(text);
    assert!(found.iter().all(|found| found.code.0 == "overlapping-tls"), "{found:?}");
    summary
}

fn listeners(summary: &Summary) -> Vec<&str> {
    let listeners = summary.gateways.iter().flat_map(|gateway| &gateway.listeners);
    listeners.map(|listener| listener.name.as_str()).filter(|name| name.starts_with("https")).collect()
}

/// Which listeners the routes name, in their order.
fn parents(summary: &Summary) -> Vec<Vec<&str>> {
    summary
        .routes
        .iter()
        .map(|route| route.parents.iter().filter_map(|parent| parent.section_name.as_deref()).collect())
        .collect()
}

#[test]
fn old_and_new_stand_together_until_somebody_is_cut_over() {
    let to = |migration: &str| migrating("wildcardPerOrganization", migration);
    let parallel = overlapping(&to("phase: parallel"));
    assert_eq!(
        listeners(&parallel),
        [
            "https-web.acme",
            "https-web.acme.2",
            "https-api.acme",
            "https-acme",
            "https-web.other",
            "https-other"
        ]
    );
    // `web.acme.io` has one listener by either strategy.
    assert_eq!(
        parents(&parallel),
        [
            vec!["https-web.acme", "https-web.acme.2", "https-acme"],
            vec!["https-api.acme", "https-acme"],
            vec!["https-web.other", "https-other"]
        ]
    );
    let cutover = overlapping(&to("phase: cutover, organizations: [acme]"));
    assert_eq!(listeners(&cutover), ["https-acme", "https-web.acme.2", "https-web.other", "https-other"]);
    assert_eq!(
        parents(&cutover),
        [vec!["https-acme", "https-web.acme.2"], vec!["https-acme"], vec!["https-web.other", "https-other"]]
    );
    let secrets = |summary: &Summary| -> Vec<String> {
        summary.certificates.iter().map(|found| found.name.clone()).collect()
    };
    assert_eq!(secrets(&cutover), secrets(&parallel));
    assert_eq!(cutover.grants, parallel.grants);
    let migration = cutover.migration.expect("one is under way");
    assert_eq!((migration.cut_over, migration.old_listeners, migration.old_listeners_left), (1, 3, 1));
}

#[test]
fn after_the_cleanup_all_is_as_without_migration() {
    let cleanup = sound(&migrating("wildcardPerOrganization", "phase: cleanup"));
    let without = sound(&format!("{HEAD}{}{TWO}", sharding("wildcardPerOrganization", "")));
    assert_eq!(cleanup.objects, without.objects);
    let migration = cleanup.migration.expect("its phase is told");
    assert_eq!((migration.phase, migration.organizations.len()), ("cleanup", 0));
}

/// Clients know the old address as long as DNS says: on another Gateway the old listeners stay to the end.
#[test]
fn a_gateway_that_is_left_serves_to_the_end() {
    let to = |migration: &str| sound(&migrating("pool", migration));
    for (phase, first) in
        [("phase: parallel", "eg"), ("phase: cutover, organizations: [acme, other]", "eg-01")]
    {
        let summary = to(phase);
        assert_eq!(gateways(&summary), [("eg", 6), ("eg-01", 5)], "{phase}");
        assert!(summary.routes.iter().all(|route| route.parents[0].name == first), "{phase}");
    }
    assert_eq!(gateways(&to("phase: cleanup")), [("eg-01", 5)]);
}

#[test]
fn what_is_moved_is_told_when_it_is_cut_over() {
    let hybrid = "listenerSets: never";
    let text = |migration: &str| {
        format!(
            "{HEAD}sharding: {{strategy: pool, {hybrid}}}\nmigration: {{from: hybrid, {migration}}}\n{TWO}"
        )
    };
    let (parallel, cutover) =
        (sound(&text("phase: parallel")), sound(&text("phase: cutover, organizations: [acme]")));
    let moved: Vec<_> =
        between(&parallel, &cutover).moved.iter().map(|moved| (moved.name, moved.to)).collect();
    assert_eq!(moved, [("acme", "eg-01")]);
}

#[test]
fn a_change_that_leaves_hosts_alone_says_which() {
    let by = |strategy: &str| sound(&format!("{HEAD}{}{TWO}", sharding(strategy, "")));
    let (old, new) = (by("perService"), by("wildcardPerOrganization"));
    let changes = between(&old, &new);
    // The listener of `web.acme.io` stays, with a certificate that is granted after it.
    let all = ["api.acme.example.com", "web.acme.example.com", "web.acme.io", "web.other.example.com"];
    assert_eq!(changes.unserved, all);
    let finding = changes.findings().next().expect("hosts are unserved");
    assert_eq!(finding.code.0, "unserved-between");
    assert!(finding.message.contains("`api.acme.example.com`"), "{}", finding.message);
    let parallel = overlapping(&migrating("wildcardPerOrganization", "phase: parallel"));
    assert!(between(&old, &parallel).findings().next().is_none());
    assert!(between(&parallel, &new).findings().next().is_none());
    // Going back the old listener is there before its route.
    let cutover =
        overlapping(&migrating("wildcardPerOrganization", "phase: cutover, organizations: [other]"));
    assert_eq!(between(&cutover, &parallel).unserved, ["web.other.example.com"]);
}

/// Records lead to the old Gateway until somebody is cut over, and clients know its address for a while.
#[test]
fn a_cleanup_takes_no_address_that_clients_know() {
    let head = HEAD.replace("  className: eg", "  className: eg\n  addresses: [{value: 192.0.2.1}]");
    let two: String = TWO
        .lines()
        .zip(1..)
        .map(|(line, number)| {
            let own = format!("gateway: {{addresses: [{{value: 192.0.2.{number}}}]}}, services:");
            line.replace("services:", &own) + "\n"
        })
        .collect();
    let phase = |phase: &str, dns: &str| {
        let sharding = sharding("dedicated", "");
        let migration = format!("migration: {{from: wildcardPerOrganization, phase: {phase}}}");
        overlapping(&format!("{head}{dns}{sharding}{migration}\n{two}"))
    };
    let dns = "dns: {enabled: true}\n";
    let (parallel, cleanup) = (phase("parallel", dns), phase("cleanup", dns));
    let all = ["api.acme.example.com", "web.acme.example.com", "web.acme.io", "web.other.example.com"];
    assert_eq!(between(&parallel, &cleanup).unserved, all);
    let one = phase("cutover, organizations: [acme]", dns);
    let both = phase("cutover, organizations: [acme, other]", dns);
    for (old, new) in [(&parallel, &one), (&one, &both), (&both, &cleanup)] {
        assert_eq!(between(old, new).unserved, [""; 0]);
    }
    assert_eq!(between(&one, &cleanup).unserved, ["web.other.example.com"]);
    // Without records of ours nobody knows which address clients have: that one goes is told.
    let (parallel, cleanup) = (phase("parallel", ""), phase("cleanup", ""));
    let changes = between(&parallel, &cleanup);
    assert_eq!(changes.unserved, [""; 0]);
    let [gone] = changes.gone_addresses.as_slice() else { panic!("{:?}", changes.gone_addresses) };
    assert_eq!((gone.gateway, gone.hosts.as_slice()), ("eg", all.as_slice()));
}

#[test]
fn those_that_do_not_fit_twice_are_counted() {
    let text = |count| {
        let sharding = sharding("wildcardPerOrganization", "");
        format!("{HEAD}{sharding}migration: {{phase: parallel}}\n{}", organizations(count))
    };
    assert_eq!(codes(&text(31)), ["overlapping-tls"]);
    let (_, found) = plan(&text(33));
    let full = found.iter().find(|found| found.code.0 == "gateways-full").expect("66 listeners do not fit");
    let words = "Gateway `eg` has room for the old and new listeners of 31 of 33 organizations, with 64 listeners at most";
    assert!(full.message.starts_with(words), "{}", full.message);
    assert!(full.message.contains("`org-0031` is the first without"), "{}", full.message);
    assert!(found.iter().all(|found| found.code.0 != "too-many-listeners"), "{found:?}");
    // Here the new ones alone are too many.
    assert_eq!(codes(&text(70)).iter().filter(|code| **code == "gateways-full").count(), 1);
}

#[test]
fn listeners_that_cannot_stand_side_by_side_are_refused() {
    for (from, strategy, words) in [
        (
            "wildcardPerOrganization",
            "listenerSets",
            "on Gateway `eg` and new `https-acme` (`*.acme.example.com`) in a ListenerSet of Gateway `eg` cannot stand side by side (and 2 more)",
        ),
        (
            "wildcardPerOrganization",
            "perService",
            "new `https-web.acme` (`web.acme.example.com`) on Gateway `eg` cannot stand side by side (and 2 more): the new one says more",
        ),
    ] {
        let (_, found) = plan(&migrating(strategy, &format!("phase: parallel, from: {from}")));
        let clash = found.iter().find(|found| found.code.0 == "migration-conflict").expect(from);
        assert!(clash.message.contains(words), "{}", clash.message);
    }
}

#[test]
fn a_migration_that_goes_nowhere_is_refused() {
    let to = |migration: &str| codes(&migrating("wildcardPerOrganization", migration));
    for (migration, code) in [
        ("phase: parallel, from: wildcardPerOrganization", "migration-unchanged"),
        ("phase: parallel, organizations: [acme]", "migration-organizations"),
        ("phase: cutover", "migration-organizations"),
        ("phase: cutover, organizations: []", "migration-organizations"),
        ("phase: cutover, organizations: [acmee]", "unknown-organization"),
        ("phase: cleanup, organizations: [acme]", "migration-organizations"),
        ("phase: sideways", "bad-value"),
        ("from: perService", "missing-key"),
        ("phase: parallel, form: perService", "unknown-key"),
    ] {
        assert!(to(migration).contains(&code), "{migration}: {:?}", to(migration));
    }
    assert_eq!(to("phase: cleanup, organizations: [acme, other]"), [""; 0]);
}

#[test]
fn where_everybody_was_may_be_recorded() {
    let text = |placements: &str| {
        format!(
            "{HEAD}{}migration: {{phase: parallel, from: pool, placements: {{gateways: {{{placements}}}}}}}\n{TWO}",
            sharding("dedicated", ", maxGateways: 2")
        )
    };
    let summary = sound(&text("acme: eg-02, other: eg-01"));
    let from: Vec<_> =
        summary.migration.iter().flat_map(|found| &found.organizations).map(|found| &found.from).collect();
    assert_eq!(from, [&["eg-02"], &["eg-01"]]);
    assert_eq!(codes(&text("acme: eg-77")), ["placement-gone"]);
}

/// A strategy with a record of where everybody is to be, and a migration.
fn recorded(strategy: &str, placements: &str, migration: &str) -> String {
    let migration =
        if migration.is_empty() { String::new() } else { format!("migration: {{{migration}}}\n") };
    format!(
        "{HEAD}{}placements: {{gateways: {{{placements}}}}}\n{migration}{TWO}",
        sharding(strategy, ", maxGateways: 2, listenerSets: never")
    )
}

#[test]
fn within_one_strategy_the_record_says_who_moves() {
    let before = "acme: eg-02, other: eg-01";
    let after = "acme: eg-01, other: eg-01";
    let to = |phase: &str| {
        let migration = format!("{phase}, from: pool, placements: {{gateways: {{{before}}}}}");
        sound(&recorded("pool", after, &migration))
    };
    let way = [
        sound(&recorded("pool", before, "")),
        to("phase: parallel"),
        to("phase: cutover, organizations: [acme]"),
        to("phase: cleanup, organizations: [acme]"),
        sound(&recorded("pool", after, "")),
    ];
    for steps in way.windows(2) {
        assert_eq!(between(&steps[0], &steps[1]).unserved, [""; 0]);
    }
    assert_eq!(between(&way[0], &way[4]).unserved.len(), 3);
    let migration = way[1].migration.as_ref().expect("one is under way");
    let moves: Vec<_> =
        migration.organizations.iter().map(|found| (&*found.name, &found.from, &found.to)).collect();
    assert_eq!(moves, [("acme", &vec!["eg-02".to_owned()], &vec!["eg-01".to_owned()])]);
    assert_eq!(way[3].objects, way[4].objects);
}

#[test]
fn who_gets_or_gives_up_a_gateway_of_its_own_is_recorded_elsewhere() {
    let text = |acme: &str, placements: &str, before: &str| {
        let migration = format!("phase: parallel, from: hybrid, placements: {{gateways: {{{before}}}}}");
        recorded("hybrid", placements, &migration).replacen(
            "{name: acme,",
            &format!("{{name: acme, {acme}"),
            1,
        )
    };
    let own = "gateway: {dedicated: true},";
    for (acme, placements, before, from, to) in [
        (own, "other: eg", "acme: eg-02, other: eg", "eg-02", "eg-acme"),
        ("", "acme: eg, other: eg", "acme: eg-acme, other: eg", "eg-acme", "eg"),
    ] {
        let migration = sound(&text(acme, placements, before)).migration.expect("one is under way");
        let [acme] = migration.organizations.as_slice() else { panic!("{migration:?}") };
        assert_eq!((acme.from.join(" "), acme.to.join(" ")), (from.to_owned(), to.to_owned()));
    }
    assert_eq!(codes(&text(own, "other: eg", "other: eg")), ["migration-unchanged"]);
    assert_eq!(codes(&text("", "other: eg", "other: eg")), ["migration-unchanged"]);
}

#[test]
fn a_record_that_is_left_from_before_is_not_ignored() {
    for (strategy, placements, migration, expected) in [
        (
            "dedicated",
            "acme: eg-02, other: eg-01",
            "phase: parallel, from: pool",
            vec!["migration-placements"],
        ),
        ("dedicated", "acme: eg-02, other: eg-01", "phase: cleanup, from: pool", vec!["no-effect"]),
        ("hybrid", "acme: eg-02, other: eg-01", "phase: parallel, from: pool", vec!["migration-placements"]),
        // Either strategy may have `eg-02`, and hashes say something else.
        ("hybrid", "acme: eg-02, other: eg-02", "phase: parallel, from: pool", vec!["migration-placements"]),
        ("hybrid", "acme: eg-02, other: eg", "phase: parallel, from: pool", vec![]),
        ("pool", "acme: eg-02, other: eg-01", "phase: parallel, from: pool", vec!["migration-placements"]),
        (
            "perService",
            "acme: eg-02, other: eg-01",
            "phase: parallel, from: pool",
            vec!["migration-placements"],
        ),
        ("hash", "acme: eg-02, other: eg-01", "phase: parallel, from: pool", vec!["migration-placements"]),
    ] {
        let codes = codes(&recorded(strategy, placements, migration));
        let codes: Vec<_> = codes.into_iter().filter(|code| *code != "placement-unknown").collect();
        assert_eq!(codes, expected, "{strategy}: {migration}, {placements}");
    }
}

/// Either strategy may put listeners on the Gateway, and the old one's are taken too.
#[test]
fn a_gateway_has_the_room_that_either_strategy_held_it_to() {
    let sharding = sharding("wildcardPerOrganization", ", limits: {listeners: 30}");
    let text = format!("{HEAD}{sharding}migration: {{phase: parallel}}\n{TWO}");
    let room = overlapping(&text).gateways.first().and_then(|gateway| gateway.room.clone());
    assert_eq!(room.map(|room| room.listeners.words()).as_deref(), Some("8 of 30"));
    let from_sets = "migration: {phase: parallel, from: listenerSets}\n";
    let pool = "sharding: {strategy: pool, limits: {listeners: 30}}\n";
    let room = overlapping(&format!("{HEAD}{pool}{from_sets}{TWO}"));
    let rooms: Vec<_> = room.gateways.iter().filter_map(|gateway| gateway.room.as_ref()).collect();
    let words: Vec<String> = rooms.iter().map(|room| room.listeners.words()).collect();
    assert_eq!(words, ["5 of 30", "5 of 30"]);
}
