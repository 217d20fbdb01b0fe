//! What `--format sarif` prints is SARIF 2.1.0 by the schema that OASIS publishes.

#![allow(clippy::disallowed_methods, reason = "tests read files")]

use std::io::Write as _;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};
use gatewright_tests::peers::{gatewright, schema};
use serde_json::Value;

/// Faults of values, of their text, of flags and of objects; nothing at all; more of one sort than is printed.
#[test]
fn every_log_is_valid() -> Result<()> {
    let schema = std::fs::read_to_string(schema("sarif-2.1.0/sarif-schema-2.1.0.json")?)?;
    let schema = jsonschema::validator_for(&serde_json::from_str(&schema)?)?;
    let values =
        "gateway: {name: edge}\nexternalServices: [{name: shop, port: 80, endpoints: [a.example.com]}]\n";
    let faulty =
        format!("{values}routes: [{{name: a, hostname: b, rules: [{{matches: [{{path: /c}}]}}]}}]\n");
    let object = "{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: A}}\n";
    let nulls = format!("{values}routes: [{}]\n", "null, ".repeat(250));
    for (arguments, stdin) in [
        (&["render", "-f", "-"] as &[_], values),
        (&["render", "-f", "-"], &faulty),
        (&["render", "-f", "-"], "a: ["),
        (&["render", "-f", "-"], &nulls),
        (&["render", "-f", "-", "--set", "gateway.nam=x"], values),
        (&["render", "-f", "/no such file.yaml"], ""),
        (&["check", "-"], object),
    ] {
        let log = printed(arguments, stdin)?;
        let faults: Vec<_> =
            schema.iter_errors(&log).map(|fault| format!("{}: {fault}", fault.instance_path())).collect();
        ensure!(faults.is_empty(), "{arguments:?}: {faults:#?}\n{log:#}");
    }
    Ok(())
}

/// `check` prints its log to stdout, every other command to stderr.
fn printed(arguments: &[&str], stdin: &str) -> Result<Value> {
    let mut child = Command::new(gatewright()?)
        .args(arguments)
        .args(["--format", "sarif"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    // A run that reads no stdin may be over already.
    let _ = child.stdin.take().context("stdin is a pipe")?.write_all(stdin.as_bytes());
    let output = child.wait_with_output()?;
    let log = if arguments.first() == Some(&"check") { output.stdout } else { output.stderr };
    serde_json::from_slice(&log).with_context(|| format!("{arguments:?} prints no JSON"))
}
