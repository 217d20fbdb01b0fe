//! Changes to a CRD, and whether an API server takes what comes of them: `check/refusals/cases.yaml`.

use anyhow::{Context as _, Result, ensure};
use gatewright_core::tree::yaml::{self, Limits};
use serde_json::Value;

use crate::golden::root;

/// A CRD to be asked about.
pub struct Case {
    /// What of it is to be looked at.
    pub name: String,
    /// Whether an API server takes it.
    pub taken: bool,
    /// Whether it is refused for what is not looked at here.
    pub untold: bool,
    /// The whole CRD.
    pub crd: Value,
}

/// Every case.
pub fn cases() -> Result<Vec<Case>> {
    let path = root().join("tests/check/refusals/cases.yaml");
    let text = std::fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
    let (mut file, mut faults) = (Value::Null, Vec::new());
    yaml::each(&text, 0, &Limits::NATIVE, &mut faults, |node, _| {
        file = serde_json::to_value(&node).unwrap_or_default();
    });
    ensure!(faults.is_empty(), "{faults:?}");
    file["cases"].as_array().context("no cases")?.iter().map(|case| self::case(case, &file["base"])).collect()
}

fn case(case: &Value, base: &Value) -> Result<Case> {
    let name = case["name"].as_str().context("a case without a name")?.to_owned();
    let mut crd = base.clone();
    for (pointer, value) in case["set"].as_object().with_context(|| name.clone())? {
        change(&mut crd, pointer, value.clone()).with_context(|| name.clone())?;
    }
    Ok(Case { name, taken: case["taken"] == true, untold: case["untold"] == true, crd })
}

/// Puts a value where a pointer leads; `ROOT` and `SPEC` stand for the first version's schema and what it says
/// of `spec`.
fn change(crd: &mut Value, pointer: &str, value: Value) -> Result<()> {
    let root = "/spec/versions/0/schema/openAPIV3Schema";
    let pointer = pointer.replacen("ROOT", root, 1).replacen("SPEC", &format!("{root}/properties/spec"), 1);
    let (above, last) = pointer.rsplit_once('/').context("a pointer has a slash")?;
    match crd.pointer_mut(above).with_context(|| format!("{above} is not there"))? {
        Value::Array(items) if last == "-" => items.push(value),
        Value::Object(map) => drop(map.insert(last.to_owned(), value)),
        other => anyhow::bail!("{last} of {other}"),
    }
    Ok(())
}
