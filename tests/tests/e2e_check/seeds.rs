//! Objects to start from: Gateway API's own examples of the release, and what it shows as wrong.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use gatewright_core::check::api;
use gatewright_core::release::Target;
use gatewright_core::tree::yaml::{self, Limits};
use serde_json::Value;

use crate::crds;

/// Every object of a Gateway API kind that the target serves, in namespace `default`.
pub fn of(target: Target) -> Result<Vec<Value>> {
    let release = api::patch(target.release);
    let mut objects = Vec::new();
    for folder in ["examples", "invalid-examples"] {
        read(&crds(&format!("gateway-api-{release}/{folder}"))?, &mut objects)?;
    }
    // What no example shows.
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("check/seeds");
    read(&own, &mut objects)?;
    objects.retain(|object| {
        let text = |key: &str| object[key].as_str().unwrap_or_default();
        api::find(target, text("apiVersion"), text("kind")).is_some()
    });
    for object in &mut objects {
        if let Some(metadata) = object["metadata"].as_object_mut() {
            metadata.remove("namespace");
        }
    }
    Ok(objects)
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
