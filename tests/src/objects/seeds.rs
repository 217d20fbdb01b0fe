//! Objects to start from.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use gatewright_core::check::api;
use gatewright_core::release::Target;
use gatewright_core::tree::yaml::{self, Limits};
use serde_json::Value;

use crate::golden::root;

/// Every object of a Gateway API kind that the target serves, in namespace `default`; those that Gateway API
/// shows, and what no example of it shows.
#[cfg(unix)]
pub fn of(target: Target) -> Result<Vec<Value>> {
    let release = api::patch(target.release);
    let mut objects = Vec::new();
    for folder in ["examples", "invalid-examples"] {
        read(&crate::peers::crds(&format!("gateway-api-{release}/{folder}"))?, &mut objects)?;
    }
    read(&root().join("tests/check/seeds"), &mut objects)?;
    Ok(served(objects, target))
}

/// The same of what lies in the repository, the goldens among it.
pub fn own(target: Target) -> Result<Vec<Value>> {
    let mut objects = Vec::new();
    for folder in ["tests/check/seeds", "tests/golden"] {
        read(&root().join(folder), &mut objects)?;
    }
    Ok(served(objects, target))
}

fn served(mut objects: Vec<Value>, target: Target) -> Vec<Value> {
    objects.retain(|object| {
        let text = |key: &str| object[key].as_str().unwrap_or_default();
        api::find(target, text("apiVersion"), text("kind")).is_some()
    });
    for object in &mut objects {
        if let Some(metadata) = object["metadata"].as_object_mut() {
            metadata.remove("namespace");
        }
    }
    objects
}

/// Every object in the YAML files of a folder.
pub fn read(folder: &Path, objects: &mut Vec<Value>) -> Result<()> {
    let mut entries = fs::read_dir(folder)
        .with_context(|| format!("reading {}", folder.display()))?
        .collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_key(fs::DirEntry::path);
    for entry in entries {
        let path = entry.path();
        if path.is_dir() {
            read(&path, objects)?;
        } else if path.extension().is_some_and(|end| end == "yaml") {
            let text = fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
            let mut faults = Vec::new();
            for node in yaml::read(&text, 0, &Limits::NATIVE, &mut faults) {
                objects.push(serde_json::to_value(&node).context("a tree is JSON")?);
            }
        }
    }
    Ok(())
}
