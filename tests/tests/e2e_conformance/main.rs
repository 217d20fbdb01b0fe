//! The predicted status and the traces are what Gateway API's own conformance tests expect of a controller
//! and its proxy, of the same manifests. What needs a running proxy is listed with the reason.
//!
//! The tables lie in `cases/`; `case.rs` says how they are read.

#![allow(clippy::disallowed_methods, reason = "a test reads files")]
#![allow(clippy::print_stdout, reason = "the counts tell what a pass means")]

mod answers;
mod case;
mod cluster;
mod conditions;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result, ensure};
use gatewright_tests::peers::conformance;

use case::{Case, Entry};
use cluster::Cluster;

const TABLES: &[(&str, &str)] = &[
    ("backend-tls", include_str!("cases/backend-tls.txt")),
    ("gateway", include_str!("cases/gateway.txt")),
    ("grpc", include_str!("cases/grpc.txt")),
    ("http-attachment", include_str!("cases/http-attachment.txt")),
    ("http-filters", include_str!("cases/http-filters.txt")),
    ("http-hosts", include_str!("cases/http-hosts.txt")),
    ("http-matching", include_str!("cases/http-matching.txt")),
    ("http-redirects", include_str!("cases/http-redirects.txt")),
    ("http-references", include_str!("cases/http-references.txt")),
    ("listener-set", include_str!("cases/listener-set.txt")),
    ("mesh", include_str!("cases/mesh.txt")),
    ("tcp-udp", include_str!("cases/tcp-udp.txt")),
    ("tls", include_str!("cases/tls.txt")),
];

#[test]
fn every_manifest_is_judged_or_left_out_with_a_reason() -> Result<()> {
    let mut named = BTreeSet::new();
    for entry in entries()? {
        match entry {
            // A test that changes something midway stands there twice.
            Entry::Case(case) => drop(named.insert(case.name.to_owned())),
            Entry::LeftOut { name, .. } => ensure!(named.insert(name.to_owned()), "`{name}` is named twice"),
        }
    }
    let there = cluster::manifests()?;
    let unnamed: Vec<_> = there.difference(&named).collect();
    let absent: Vec<_> = named.difference(&there).collect();
    ensure!(unnamed.is_empty(), "manifests in no table: {unnamed:?}");
    ensure!(absent.is_empty(), "manifests that are not there: {absent:?}");
    Ok(())
}

#[test]
fn status_and_traces_are_what_conformance_tests_expect() -> Result<()> {
    let mut disagreements = Vec::new();
    let mut count = Count::default();
    for entry in entries()? {
        match entry {
            Entry::Case(case) => count.judge(&case, &mut disagreements)?,
            Entry::LeftOut { reason, .. } => *count.manifests_left_out.entry(reason).or_default() += 1,
        }
    }
    let Count { manifests, facts, requests, parts_left_out, manifests_left_out } = count;
    let (compared, there) = (manifests.len(), cluster::manifests()?.len());
    println!("{compared} of {there} manifests, {facts} facts of their status, {requests} requests");
    let rows = |word: &str, left_out: &BTreeMap<&str, usize>| -> Vec<String> {
        left_out.iter().map(|(reason, count)| format!("| {count} {word} | {reason} |")).collect()
    };
    let rows = [rows("whole", &manifests_left_out), rows("in part", &parts_left_out)].concat();
    println!("{}", rows.join("\n"));
    for disagreement in &disagreements {
        println!("{disagreement}");
    }
    ensure!(disagreements.is_empty(), "{} answers differ from the conformance tests'", disagreements.len());
    let page: Vec<&str> = PAGE.split_whitespace().collect();
    let page = page.join(" ");
    let told = [
        format!("Of their {there} manifests, {compared} are compared: {facts} facts of the status"),
        format!("and {requests} requests"),
    ];
    ensure!(told.iter().all(|told| page.contains(told)), "docs/check.md does not say: {told:?}");
    let (_, table) =
        PAGE.split_once("| left out | why |\n|---|---|\n").context("docs/check.md has the table")?;
    let table: Vec<&str> = table.lines().take_while(|line| line.starts_with('|')).collect();
    ensure!(table == rows, "docs/check.md does not have this table:\n{}", rows.join("\n"));
    Ok(())
}

/// Where the counts are told.
const PAGE: &str = include_str!("../../../docs/check.md");

/// How much was compared.
#[derive(Default)]
struct Count {
    manifests: BTreeSet<&'static str>,
    facts: usize,
    requests: usize,
    /// Parts of those, by the reason.
    parts_left_out: BTreeMap<&'static str, usize>,
    /// Others, by the reason.
    manifests_left_out: BTreeMap<&'static str, usize>,
}

impl Count {
    fn judge(&mut self, case: &Case<'static>, disagreements: &mut Vec<String>) -> Result<()> {
        let told = || format!("{}: {}", case.place, case.name);
        let cluster = Cluster::read(&conformance()?, case).with_context(told)?;
        let mut say = |line: &str, what: String| disagreements.push(format!("{}: `{line}`: {what}", told()));
        let (status, traces) = cluster.answers(&case.requests).with_context(told)?;
        for expected in &case.status {
            let (facts, wrong) = conditions::compare(expected, &status).with_context(told)?;
            self.facts += facts;
            for wrong in wrong {
                say(expected.line, wrong);
            }
        }
        for (request, trace) in case.requests.iter().zip(&traces) {
            self.requests += 1;
            for wrong in answers::compare(request, trace) {
                say(request.line, wrong);
            }
        }
        self.manifests.insert(case.name);
        for reason in &case.left_out {
            *self.parts_left_out.entry(reason).or_default() += 1;
        }
        Ok(())
    }
}

fn entries() -> Result<Vec<Entry<'static>>> {
    let mut entries = Vec::new();
    for (name, text) in TABLES {
        entries.extend(case::read(name, text)?);
    }
    Ok(entries)
}
