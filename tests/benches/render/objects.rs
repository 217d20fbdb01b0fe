//! Whether two outputs hold the same objects.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail, ensure};
use serde::Deserialize as _;
use serde_json::Value;

use crate::measure::Measured;

/// How many objects the outputs hold, which are the same in all.
pub fn same_in_all(measured: &[Measured]) -> Result<usize> {
    let (first, others) = measured.split_first().context("nothing was rendered")?;
    let expected = read(&first.output)?;
    others.iter().try_for_each(|other| same(&expected, &other.output))?;
    Ok(expected.len())
}

/// Reads a file of manifests by kind, namespace and name, with a reader that is not ours.
fn read(path: &Path) -> Result<BTreeMap<String, Value>> {
    let text = fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
    let mut objects = BTreeMap::new();
    for document in serde_yaml::Deserializer::from_str(&text) {
        let object = Value::deserialize(document).with_context(|| format!("in {}", path.display()))?;
        if object.is_null() {
            continue;
        }
        let metadata = &object["metadata"];
        let key = format!("{} {}/{}", object["kind"], metadata["namespace"], metadata["name"]);
        ensure!(!objects.contains_key(&key), "{} holds {key} twice", path.display());
        objects.insert(key, object);
    }
    Ok(objects)
}

/// Fails, and names the first that differs, unless both hold the same objects.
fn same(expected: &BTreeMap<String, Value>, path: &Path) -> Result<()> {
    let found = read(path)?;
    for (key, object) in expected {
        match found.get(key) {
            None => bail!("{} lacks {key}", path.display()),
            Some(other) if other != object => {
                bail!("{} has {key} as {other}, but it should be {object}", path.display())
            }
            Some(_) => {}
        }
    }
    ensure!(
        found.len() == expected.len(),
        "{} has {} objects more",
        path.display(),
        found.len() - expected.len()
    );
    Ok(())
}
