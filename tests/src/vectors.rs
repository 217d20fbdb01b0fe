//! The vectors of `tests/vectors`: reviews with their context and the verdict that every engine must give.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde_json::value::RawValue;

/// One of them.
#[derive(Debug)]
pub struct Vector {
    /// What it shows.
    pub name: String,
    /// What must come out.
    pub expect: Expect,
    /// The whole of it, as `gatewright review --replay` takes it.
    pub text: String,
}

/// What must come out.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// Whether the request is allowed.
    pub allowed: bool,
    /// The code of the first denial.
    pub code: Option<String>,
    /// The host names that denials are about, in their order.
    pub about: Vec<String>,
    /// The code of the first warning.
    #[serde(default)]
    pub warned: Option<String>,
}

#[derive(Deserialize)]
struct Head {
    name: String,
    expect: Expect,
}

/// Every vector of every file, in the order of their names.
pub fn all() -> Vec<Vector> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors");
    let entries = fs::read_dir(&folder).expect("the folder of the vectors");
    let mut files: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    let mut vectors = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).expect("a file of vectors");
        let found: Vec<&RawValue> = serde_json::from_str(&text).expect("a list of vectors");
        for raw in found {
            let Head { name, expect } = serde_json::from_str(raw.get()).expect("a vector");
            let topic = file.file_stem().unwrap_or_default().to_string_lossy();
            vectors.push(Vector { name: format!("{topic}: {name}"), expect, text: raw.get().to_owned() });
        }
    }
    vectors
}

/// A vector with another context, and all else as it was written.
pub fn with_context(text: &str, context: &str) -> String {
    let mut vector: BTreeMap<String, &RawValue> = serde_json::from_str(text).expect("a vector");
    let context: &RawValue = serde_json::from_str(context).expect("a context");
    vector.insert("context".to_owned(), context);
    serde_json::to_string(&vector).expect("JSON")
}
