use super::super::tests::{HEAD, codes, organizations, plan, sharding};

fn recorded(strategy: &str, more: &str, count: usize, record: &str) -> String {
    format!(
        "{HEAD}{}{}placements: {{gateways: {{{record}}}}}\n",
        sharding(strategy, more),
        organizations(count)
    )
}

#[test]
fn a_number_beyond_what_the_others_need_is_told() {
    let pool = ", limits: {listeners: 3}";
    for (strategy, count, record, expected) in [
        ("pool", 3, "org-0000: eg-30", Some("eg-03")),
        ("pool", 3, "org-0000: eg-30, org-0001: eg-01, org-0002: eg-02", Some("eg-03")),
        ("pool", 3, "org-0000: eg-04", Some("eg-03")),
        ("pool", 3, "org-0000: eg-03", None),
        // All of `eg-02` are gone, and somebody is beyond: that is no slip.
        ("pool", 3, "org-0000: eg-01, org-0001: eg-03, org-0002: eg-04", None),
        ("hybrid", 1, "org-0000: eg-20", Some("eg-02")),
        ("hash", 1, "web.org-0000.example.com: eg-2", None),
    ] {
        let most = if strategy == "hash" { "" } else { ", maxGateways: 99" };
        let more = format!("{pool}{most}, listenerSets: never");
        let (_, found) = plan(&recorded(strategy, &more, count, record));
        let hints: Vec<_> = found.iter().map(|found| (found.code.0, found.hint.as_ref())).collect();
        let expected = expected
            .map(|near| ("placement-beyond", format!("did you mean `{near}`, which would be made next?")));
        let expected: Vec<_> = expected.iter().map(|(code, hint)| (*code, hint.as_str())).collect();
        assert_eq!(hints, expected, "{strategy}: {record}");
    }
}

#[test]
fn a_record_of_who_has_a_gateway_of_its_own_is_told() {
    let with = |dedicated: &str, record: &str| {
        let text = recorded("hybrid", "", 2, record);
        let (_, found) = plan(&text.replacen("services:", &format!("{dedicated}services:"), 1));
        found.iter().map(|found| (found.code.0, found.path.to_string())).collect::<Vec<_>>()
    };
    let (own, both) = ("gateway: {dedicated: true}, ", "org-0000: eg, org-0001: eg");
    assert_eq!(with(own, both), [("no-effect", "placements.gateways.org-0000".to_owned())]);
    assert_eq!(with("", both), []);
    assert_eq!(with(own, "org-0000: eg-org-0000, org-0001: eg"), []);
}

#[test]
fn records_without_anybody_are_told_once() {
    let text = format!("{HEAD}{}placements: {{gateways: {{a: eg}}}}\n", sharding("dedicated", ""));
    assert_eq!(codes(&text), ["no-effect"]);
}

#[test]
fn records_that_a_migration_does_not_count_are_told() {
    let with = |sharding: &str, placements: &str, migration: &str| {
        codes(&format!(
            "{HEAD}sharding: {{strategy: {sharding}}}\n{}{placements}migration: {{phase: parallel, {migration}}}\n",
            organizations(1)
        ))
    };
    let records = "placements: {gateways: {org-0000: nonsense}}\n";
    assert_eq!(with("dedicated", records, "from: perService"), ["no-effect"]);
    assert_eq!(with("dedicated", "", "from: perService"), [""; 0]);
    let before = "from: dedicated, placements: {gateways: {org-0000: nonsense}}";
    assert_eq!(with("pool", "", before), ["no-effect"]);
}

#[test]
fn who_is_missing_stays_recorded() {
    let all = plan(&recorded("pool", ", limits: {listeners: 12}", 40, "")).0;
    let record = crate::summary::record(&all);
    for count in [0, 20] {
        let values = format!(
            "{HEAD}{}{}{record}",
            sharding("pool", ", limits: {listeners: 12}"),
            organizations(count)
        );
        assert_eq!(crate::summary::record(&plan(&values).0), record, "{count}");
    }
}

#[test]
fn recorded_names_that_nobody_has_are_told() {
    let (_, found) =
        plan(&recorded("pool", "", 3, "org-000: eg-01, org-0001: eg-01, org-0002: eg-01, other: eg-01"));
    let [found] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(found.code.0, "placement-unknown");
    assert_eq!(found.message, "recorded, but no organization: `org-000` (did you mean `org-0000`?), `other`");
    let by_host = recorded("hash", "", 1, "web.org-0.example.com: eg-1");
    assert_eq!(codes(&by_host), ["placement-unknown"]);
}
