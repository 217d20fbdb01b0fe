//! The vectors of `tests/vectors`, judged by the native core. Other engines judge the same ones.
//!
//! What is said stands in `tests/answers`, the name of each vector with the response and its trace, of which the first eight
//! questions are written: read what changes there (`UPDATE_GOLDEN=1` writes it).

#![allow(clippy::disallowed_methods, reason = "tests read files")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use gatewright_core::admission;
use gatewright_core::diagnostic::Severity;
use gatewright_core::ownership::{Action, Existing, Finding, Settings, Slice, apply};
use gatewright_core::release::{Channel, Release, Target};
use gatewright_core::tree::json;
use gatewright_tests::golden;
use gatewright_tests::vectors::{self, Vector};

#[test]
fn every_vector_gets_the_verdict_that_it_expects() {
    let vectors = vectors::all();
    assert!(vectors.len() >= 300, "{} vectors", vectors.len());
    let wrong: Vec<String> = vectors.iter().filter_map(|vector| wrong(vector).err()).collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), vectors.len(), wrong.join("\n"));
}

fn wrong(vector: &Vector) -> Result<(), String> {
    let Vector { name, expect, text } = vector;
    let reviewed = admission::replay(text, true).map_err(|fault| format!("{name}: {fault}"))?;
    let decision = &reviewed.decision;
    let code = decision.denials().next().map(|fault| fault.code.0);
    let found = (decision.is_allowed(), code, decision.about());
    let about: Vec<&str> = expect.about.iter().map(String::as_str).collect();
    if found != (expect.allowed, expect.code.as_deref(), about) {
        return Err(format!(
            "{name}: expected {expect:?}, found {found:?}\n    {}",
            reviewed.response.to_review()
        ));
    }
    let warned = decision.findings.iter().find(|finding| finding.action == Action::Warn);
    let warned = warned.map(|finding| finding.fault.code.0);
    if warned != expect.warned.as_deref() {
        return Err(format!("{name}: expected a warning {:?}, found {warned:?}", expect.warned));
    }
    Ok(())
}

/// How many questions of a trace are written down.
const TRACED: usize = 8;

/// Every word of an answer is read by somebody before it changes: the review, and the trace.
#[test]
fn every_answer_is_the_one_that_was_read() {
    let mut topics: BTreeMap<String, String> = BTreeMap::new();
    for Vector { name, text, .. } in vectors::all() {
        let reviewed = admission::replay(&text, true).expect(&name);
        let (topic, name) = name.split_once(": ").expect("the file comes first");
        let name = serde_json::json!(name);
        let answer: serde_json::Value = serde_json::from_str(&reviewed.response.to_review()).expect("JSON");
        let mut lines = vec![name.to_string(), format!("  {}", answer["response"])];
        let trace = &reviewed.decision.trace;
        let asked = trace.iter().take(TRACED).map(|asked| serde_json::to_string(asked).expect("JSON"));
        lines.extend(asked.map(|asked| format!("  {asked}")));
        if trace.len() > TRACED {
            lines.push(format!("  and {} more", trace.len() - TRACED));
        }
        let answers = topics.entry(topic.to_owned()).or_default();
        *answers += &lines.join("\n");
        answers.push('\n');
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("answers");
    let held =
        topics.iter().map(|(topic, answers)| golden::hold(&folder.join(format!("{topic}.txt")), answers));
    let wrong: Vec<String> = held.filter_map(Result::err).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let mut files = golden::names_in(&folder);
    files.sort();
    assert_eq!(files, topics.keys().map(|topic| format!("{topic}.txt")).collect::<Vec<_>>());
}

/// Each answer is what API servers take, within the bounds on what is said.
#[test]
fn answers_keep_their_bounds() {
    let (mut longest_message, mut longest_warning) = (0, 0);
    for Vector { name, text, .. } in vectors::all() {
        let reviewed = admission::replay(&text, false).expect(&name);
        let response = &reviewed.response;
        for warning in &response.warnings {
            assert!(warning.len() <= admission::WARNING_MAX, "{name}: {warning}");
            longest_warning = longest_warning.max(warning.len());
        }
        if let Some(status) = &response.status {
            assert!(status.message.len() <= admission::MESSAGE_MAX, "{name}: {}", status.message);
            longest_message = longest_message.max(status.message.len());
            let code = reviewed.decision.denials().next().expect("a denial").code;
            assert!(status.message.starts_with(code.0), "{name}: {}", status.message);
        }
        assert_eq!(response.allowed, response.status.is_none(), "{name}");
    }
    // A message leaves a tenth to what an API server puts before it, and ends with a whole fault.
    let reached =
        (longest_message + 250 > admission::MESSAGE_MAX, longest_warning + 16 > admission::WARNING_MAX);
    assert_eq!(reached, (true, true), "{longest_message} and {longest_warning} bytes");
}

/// In which order a cluster lists its objects, and in which order a list has its keys, plays no part.
#[test]
fn the_order_of_the_context_plays_no_part() {
    let mut turned = 0;
    for Vector { name, text, .. } in vectors::all() {
        let parts: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&text).expect(&name);
        let Some(serde_json::Value::Array(objects)) = parts.get("context") else { continue };
        // Of an object that is there twice the last counts.
        let identity = |object: &serde_json::Value| {
            let metadata = &object["metadata"];
            [&object["apiVersion"], &object["kind"], &metadata["namespace"], &metadata["name"]]
                .map(ToString::to_string)
        };
        let identities: BTreeSet<_> = objects.iter().map(identity).collect();
        if objects.len() < 2 || identities.len() < objects.len() {
            continue;
        }
        let whole = admission::replay(&text, true).expect(&name);
        for rotation in 0..objects.len().min(4) {
            let mut objects = objects.clone();
            objects.reverse();
            objects.rotate_left(rotation);
            let texts: Vec<String> = objects.iter().map(backwards).collect();
            let other = vectors::with_context(&text, &format!("[{}]", texts.join(",")));
            let again = admission::replay(&other, true).expect(&name);
            assert_eq!(again.response.to_review(), whole.response.to_review(), "{name}");
            assert_eq!(again.decision.trace, whole.decision.trace, "{name}");
            turned += 1;
        }
    }
    assert!(turned > 300, "{turned} contexts");
}

/// A value as JSON with the keys of every map in descending order.
fn backwards(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::Object(map) => {
            let entries = map.iter().rev();
            let entries: Vec<String> = entries
                .map(|(key, value)| format!("{}:{}", serde_json::json!(key), backwards(value)))
                .collect();
            format!("{{{}}}", entries.join(","))
        }
        serde_json::Value::Array(items) => {
            format!("[{}]", items.iter().map(backwards).collect::<Vec<_>>().join(","))
        }
        other => other.to_string(),
    }
}

/// What a decision looked at is all that it depends on: over that alone it is the same, to the letter.
#[test]
fn the_verdict_over_the_slice_is_the_verdict_over_everything() {
    let context_of = |slice: &Slice| serde_json::to_string(slice).expect("JSON");
    let mut smaller = 0;
    for Vector { name, text, .. } in vectors::all() {
        let whole = admission::replay(&text, true).expect(&name);
        let Some(slice) = &whole.slice else { continue };
        let context = context_of(slice);
        let sliced = vectors::with_context(&text, &context);
        let again = admission::replay(&sliced, true).expect(&name);
        assert_eq!(again.response.to_review(), whole.response.to_review(), "{name}: over {context}");
        assert_eq!(again.decision.trace, whole.decision.trace, "{name}");
        assert_eq!(
            again.slice.as_ref().map(context_of),
            Some(context.clone()),
            "{name}: the slice of the slice"
        );
        smaller += usize::from(context.len() < text.len() / 2);
    }
    assert!(smaller > 100, "{smaller} slices are smaller than half of their vector");
}

/// A host that lists only the kinds that it is told to, as Kubewarden does, finds the same as one that has everything.
#[test]
fn the_verdict_over_the_kinds_that_are_needed_is_the_verdict_over_everything() {
    // Who needs a grant is told of these where they are given, and nobody has to give them (docs/known-gaps.md).
    let unlisted = ["Certificate", "DNSEndpoint", "GatewayHostnameRequest"];
    let mut smaller = 0;
    for Vector { name, text, .. } in vectors::all() {
        let parts: serde_json::Value = serde_json::from_str(&text).expect(&name);
        let Some(objects) = parts["context"].as_array() else { continue };
        let of_kind =
            |object: &serde_json::Value, kinds: &[&str]| kinds.iter().any(|kind| object["kind"] == **kind);
        let objects: Vec<_> = objects.iter().filter(|object| !of_kind(object, &unlisted)).collect();
        let everything = vectors::with_context(&text, &serde_json::json!(objects).to_string());
        let whole = admission::replay(&everything, true).expect(&name);
        let Some(slice) = &whole.slice else { continue };
        let settings = Settings::parse(&parts["settings"].to_string()).expect(&name);
        let needed = admission::needed(&parts["review"]["request"].to_string(), &settings);
        let kinds: Vec<&str> = needed.iter().map(|needed| needed.kind).collect();
        let listed: Vec<_> = objects.iter().filter(|object| of_kind(object, &kinds)).collect();
        smaller += usize::from(listed.len() < objects.len());
        let suffixes = &serde_json::to_value(slice).expect("JSON")["publicSuffixes"];
        let context = serde_json::json!({"objects": listed, "complete": kinds, "publicSuffixes": suffixes});
        let again =
            admission::replay(&vectors::with_context(&text, &context.to_string()), true).expect(&name);
        // Why no grant reaches a namespace may stand in labels that are not listed.
        let found = |reviewed: &admission::Reviewed| -> Vec<_> {
            let findings = reviewed.decision.findings.iter();
            let found = |it: &Finding| (it.action, it.is_old, it.fault.code, it.fault.host.clone());
            findings.map(found).collect()
        };
        assert_eq!(found(&again), found(&whole), "{name}: over {context}");
    }
    assert!(smaller > 20, "{smaller} contexts are smaller than the vector's");
}

/// What a webhook decides, `check` and `render` with a context say of the same object: each as its own API server would
/// ask.
#[test]
fn objects_that_are_applied_get_the_verdict_of_their_review() {
    let mut asked = 0;
    for Vector { name, expect, text } in vectors::all() {
        let parts: serde_json::Value = serde_json::from_str(&text).expect(&name);
        let request = &parts["review"]["request"];
        let (Some(context), Some(namespace)) = (parts["context"].as_array(), request["namespace"].as_str())
        else {
            continue;
        };
        let is_of_kind = request["object"]["kind"] == request["kind"]["kind"];
        let has_user =
            parts["settings"].get("exemptUsers").is_some() || parts["settings"].get("unknownKinds").is_some();
        let is_write = ["CREATE", "UPDATE"].iter().any(|operation| request["operation"] == *operation);
        let is_judged = request.get("subResource").is_none_or(|part| part == "");
        let is_plain = expect.code.as_deref() != Some("review-malformed");
        if !is_of_kind || !is_write || has_user || !is_judged || !is_plain {
            continue;
        }
        // What it was before is what the cluster has.
        let old = Some(&request["oldObject"]).filter(|old| old.is_object());
        let there = serde_json::json!({"apiVersion": "v1", "kind": "List", "items": context.iter().chain(old).collect::<Vec<_>>()});
        let settings =
            serde_json::from_value::<serde_json::Value>(parts["settings"].clone()).expect(&name).to_string();
        let settings = Settings::parse(&settings).expect(&name);
        let object = request["object"].to_string();
        let object = json::read(&object).expect(&name);
        let there = there.to_string();
        let existing = Existing {
            texts: &[(&there, 0)],
            target: Target { release: Release::V1_7, channel: Channel::Experimental },
            namespace,
            settings: &settings,
        };
        let (found, _) = apply(&[Some(&object)], &existing);
        let Some(found) = found.first() else { continue };
        let first = found.iter().find(|found| found.severity == Severity::Error);
        assert_eq!(first.map(|found| found.code.0), expect.code.as_deref(), "{name}: {found:?}");
        asked += 1;
    }
    assert!(asked > 300, "{asked} vectors");
}
