//! Organizations: as a stream, and where they are recorded.

use std::fs;

use serde_json::Value;

use crate::process::{directory, file, run};

/// A pool of two Gateways, for organizations from elsewhere.
const POOL: &str = "
baseDomain: example.com
profile: envoy-gateway
gateway: {name: eg, namespace: edge, className: eg, listeners: [{name: http, port: 80, protocol: HTTP}]}
sharding: {strategy: pool, limits: {listeners: 3}}
certificates: {enabled: true, solver: dns01, issuerRef: {name: a, kind: ClusterIssuer}}
referenceGrants: all
";

const STREAM: &str = r#"{"name": "acme", "services": [{"name": "web", "port": 80}]}

{"name": "globex", "services": [{"name": "web", "port": 80}, {"name": "api", "port": 8080}]}
{"name": "initech", "services": [{"name": "web", "port": 80}]}
"#;

/// The same organizations, as values.
fn listed() -> String {
    let lines = STREAM.lines().filter(|line| !line.is_empty()).map(|line| format!("  - {line}\n"));
    format!("organizations:\n{}", lines.collect::<String>())
}

/// Documents in ascending order.
fn documents(manifests: &str) -> Vec<&str> {
    let mut documents: Vec<&str> = manifests.split("---\n").collect();
    documents.sort_unstable();
    documents
}

#[test]
fn a_stream_gives_what_the_same_in_values_gives() {
    let directory = directory("a_stream_gives_what_the_same_in_values_gives");
    let values = file(&directory, "values.yaml", POOL);
    let stream = file(&directory, "organizations.ndjson", STREAM);
    let list = file(&directory, "organizations.yaml", listed());
    let streamed = run(&["render", "-f", &values, "-f", &stream], "");
    let whole = run(&["render", "-f", &values, "-f", &list], "");
    assert_eq!((streamed.code, streamed.stderr.as_str()), (Some(0), ""), "{streamed:?}");
    assert_eq!(documents(&streamed.stdout), documents(&whole.stdout));
    assert!(streamed.stdout.contains("name: eg-02"), "{}", streamed.stdout);

    let json = run(&["render", "-f", &values, "-f", &stream, "-o", "json"], "");
    let json: Value = serde_json::from_str(&json.stdout).expect("a list is JSON");
    assert_eq!(json["items"].as_array().map(Vec::len), Some(streamed.stdout.matches("---\n").count()));

    let plan = run(&["plan", "-f", &values, "-f", &stream], "");
    assert_eq!(plan.stdout, run(&["plan", "-f", &values, "-f", &list], "").stdout);
}

#[test]
fn a_fault_of_a_stream_is_at_its_line_and_leaves_stdout_empty() {
    let directory = directory("a_fault_of_a_stream_is_at_its_line_and_leaves_stdout_empty");
    let values = file(&directory, "values.yaml", POOL);
    let stream = file(&directory, "bad.ndjson", format!("{STREAM}{{\"name\": \"acme\"}}\n"));
    for command in ["render", "plan"] {
        let run = run(&[command, "-f", &values, "-f", &stream], "");
        assert_eq!((run.code, run.stdout.as_str()), (Some(1), ""), "{run:?}");
        assert!(run.stderr.contains("bad.ndjson:5:"), "{run:?}");
    }
    let broken = file(&directory, "broken.ndjson", "{\"name\": \"acme\"\n{}\n");
    for command in ["render", "plan"] {
        let run = run(&[command, "-f", &values, "-f", &broken], "");
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{run:?}");
        assert!(run.stderr.contains("broken.ndjson:1:"), "{run:?}");
    }
}

#[test]
fn organizations_come_from_one_place() {
    let directory = directory("organizations_come_from_one_place");
    let stream = file(&directory, "organizations.ndjson", STREAM);
    let list = file(&directory, "organizations.yaml", listed());
    for other in [&list, &stream] {
        let run = run(&["render", "-f", other, "-f", &stream], "");
        assert_eq!(run.code, Some(2), "{run:?}");
        assert!(run.stderr.contains("organizations-twice"), "{run:?}");
    }
}

#[test]
fn what_is_recorded_stays_when_others_come() {
    let directory = directory("what_is_recorded_stays_when_others_come");
    let values = file(&directory, "values.yaml", format!("{POOL}{}", listed()));
    let record = directory.join("placements.yaml");
    let record_name = record.to_str().expect("the target directory has a UTF-8 name");
    let first = run(&["plan", "-f", &values, "--record", record_name], "");
    assert_eq!(first.code, Some(0), "{first:?}");
    let recorded = fs::read_to_string(&record).expect("a record was written");
    assert!(recorded.contains("\nplacements:\n"), "{recorded}");

    let more = listed() + "  - {name: umbrella, services: [{name: web, port: 80}]}\n";
    let values = file(&directory, "values.yaml", format!("{POOL}{more}"));
    let second = run(&["plan", "-f", &values, "-f", record_name, "--record", record_name], "");
    assert_eq!(second.code, Some(0), "{second:?}");
    let again = fs::read_to_string(&record).expect("a record was written");
    for line in recorded.lines().filter(|line| line.contains(": eg-")) {
        assert!(again.contains(line), "{line} is missing:\n{again}");
    }
    assert!(again.contains("umbrella: eg-"), "{again}");
}

#[test]
fn a_record_replaces_no_values() {
    let directory = directory("a_record_replaces_no_values");
    let text = format!("{POOL}{}", listed());
    let values = file(&directory, "values.yaml", &text);
    let run = run(&["plan", "-f", &values, "--record", &values], "");
    assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{run:?}");
    assert!(run.stderr.contains("holds more than placements"), "{run:?}");
    assert_eq!(fs::read_to_string(&values).ok(), Some(text));
}

#[test]
fn a_record_replaces_nothing_that_is_no_record() {
    let directory = directory("a_record_replaces_nothing_that_is_no_record");
    let values = file(&directory, "values.yaml", format!("{POOL}{}", listed()));
    let record = |name: &str, text: &str| {
        let path = file(&directory, name, text);
        let run = run(&["plan", "-f", &values, "--record", &path], "");
        (run.code, run.stderr.contains("record-unwritable"), fs::read_to_string(&path).expect("it is there"))
    };
    for text in ["hello: 1\n", "[1, 2]\n", "a note\n", "a: [\n", "placements: {}\ngateway: {}\n", "# later\n"]
    {
        assert_eq!(record("other.yaml", text), (Some(2), true, text.to_owned()));
    }
    for text in ["", "\n"] {
        let (code, is_refused, text) = record("placements.yaml", text);
        assert_eq!((code, is_refused, text.contains("acme: eg-")), (Some(0), false, true), "{text}");
    }
    // What nobody read would be lost.
    let old = "placements: {gateways: {gone: eg-01}}\n";
    assert_eq!(record("placements.yaml", old), (Some(2), true, old.to_owned()));
    let path = file(&directory, "placements.yaml", old);
    let kept = run(&["plan", "-f", &values, "-f", &path, "--record", &path], "");
    assert_eq!(kept.code, Some(0), "{kept:?}");
    let text = fs::read_to_string(&path).expect("it is there");
    assert!(text.contains("acme: eg-") && text.contains("gone: eg-01"), "{text}");
    // Whatever takes a line out of the values, the file keeps it.
    let refused = |more: &[&str]| {
        let arguments = [&["plan", "-f", &values, "--record", &path], more].concat();
        let run = run(&arguments, "");
        (
            run.code,
            run.stderr.contains("record-unwritable"),
            fs::read_to_string(&path).is_ok_and(|kept| kept == text),
        )
    };
    let both = format!("{values},{path}");
    assert_eq!(
        refused(&["--against", &both]),
        (Some(2), true, true),
        "it is a record of the old values only"
    );
    assert_eq!(refused(&["-f", &path, "--set", "placements=null"]), (Some(2), true, true));
    let dedicated = ["-f", &path, "--set", "sharding.strategy=dedicated"];
    assert_eq!(refused(&dedicated).0, Some(0));
    let kept = fs::read_to_string(&path).expect("it is there");
    assert!(kept.contains("acme: eg-") && kept.contains("gone: eg-01"), "{kept}");
}

#[test]
fn a_record_with_a_key_twice_keeps_its_lines() {
    let directory = directory("a_record_with_a_key_twice_keeps_its_lines");
    let values = file(&directory, "values.yaml", POOL);
    let stream = file(&directory, "organizations.ndjson", STREAM);
    for (text, key) in [
        (
            "placements: {gateways: {acme: eg-01, globex: eg-01}}\nplacements: {gateways: {globex: eg-02}}\n",
            "`placements`",
        ),
        ("placements:\n  gateways: {acme: eg-01}\n  gateways: {globex: eg-02}\n", "`gateways`"),
        ("placements: {gateways: {acme: eg-01, acme: eg-02}}\n", "`acme`"),
    ] {
        let path = file(&directory, "placements.yaml", text);
        let refused = run(&["plan", "-f", &values, "-f", &stream, "-f", &path, "--record", &path], "");
        let said = refused.stderr.split("record-unwritable").nth(1).unwrap_or_default();
        assert_eq!((refused.code, said.contains(key)), (Some(2), true), "{refused:?}");
        assert_eq!(fs::read_to_string(&path).ok().as_deref(), Some(text));
    }
    let path = file(&directory, "placements.yaml", "placements: {gateways: {gone: eg-01}}\n");
    let arguments = ["plan", "-f", &values, "-f", &path, "--set", "placements=null", "--record", &path];
    let refused = run(&arguments, "");
    assert!(refused.stderr.contains("it has a line for `gone`, which"), "{refused:?}");
}

#[cfg(unix)]
#[test]
fn a_record_takes_no_file_beside_it_and_keeps_links() {
    let directory = directory("a_record_takes_no_file_beside_it_and_keeps_links");
    let values = file(&directory, "placements.yaml.new", format!("{POOL}{}", listed()));
    let kept = file(&directory, "kept.yaml", "");
    let link = directory.join("placements.yaml");
    std::os::unix::fs::symlink(&kept, &link).expect("the test's directory takes links");
    let record = link.to_str().expect("the target directory has a UTF-8 name");
    let recorded = run(&["plan", "-f", &values, "--record", record], "");
    assert_eq!(recorded.code, Some(0), "{recorded:?}");
    assert!(fs::read_to_string(&values).is_ok_and(|text| text.starts_with(POOL)));
    assert!(fs::read_to_string(&kept).is_ok_and(|text| text.contains("acme: eg-01")));
    assert!(link.is_symlink());
    let nowhere = directory.join("nowhere.yaml");
    std::os::unix::fs::symlink("missing.yaml", &nowhere).expect("the test's directory takes links");
    let nowhere = nowhere.to_str().expect("the target directory has a UTF-8 name");
    for (flag, other) in [
        ("/dev/null", "is no file"),
        (nowhere, "a link that leads to no file"),
        (record, "only one of the two"),
        (&kept, "only one of the two"),
    ] {
        let refused = run(&["plan", "-f", &values, "--record", flag, "--report", record], "");
        assert_eq!((refused.code, refused.stdout.as_str()), (Some(2), ""), "{refused:?}");
        assert!(refused.stderr.contains(other), "{refused:?}");
    }
}

/// A failed export leaves nothing, or `null`: everybody would go without a word.
#[test]
fn a_stream_with_nobody_in_it_is_told() {
    let directory = directory("a_stream_with_nobody_in_it_is_told");
    let values = file(&directory, "values.yaml", POOL);
    for (text, told) in [("", true), ("\nnull\n", true), (STREAM, false)] {
        let stream = file(&directory, "organizations.ndjson", text);
        for command in ["render", "plan"] {
            let run = run(&[command, "-f", &values, "-f", &stream], "");
            assert_eq!(
                (run.code, run.stderr.contains("no-organizations")),
                (Some(0), told),
                "{command}: {text:?}"
            );
        }
    }
}
