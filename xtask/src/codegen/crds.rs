//! The CRDs as their releases serve them.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use serde_json::Value;

/// What one release serves on one channel.
pub(super) struct Served {
    /// The minor release, `1.6`, and the patch level that was read, `1.6.3`.
    pub(super) minor: String,
    pub(super) release: String,
    pub(super) channel: &'static str,
    pub(super) kinds: Vec<Kind>,
}

pub(super) struct Kind {
    pub(super) group: String,
    pub(super) version: String,
    pub(super) kind: String,
    pub(super) namespaced: bool,
    pub(super) schema: Value,
}

/// Every release in the cache, oldest first, each on both channels.
pub(super) fn read(crds: &Path) -> Result<Vec<Served>> {
    let entries = fs::read_dir(crds).with_context(|| format!("reading {}", crds.display()))?;
    let mut releases = Vec::new();
    for entry in entries {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if let Some(release) = name.strip_prefix("gateway-api-") {
            releases.push(release.to_owned());
        }
    }
    releases.sort();
    let mut all = Vec::new();
    for release in releases {
        for channel in ["standard", "experimental"] {
            let folder = crds.join(format!("gateway-api-{release}")).join(channel);
            let minor = release.rsplit_once('.').context("a release has three numbers")?.0.to_owned();
            let kinds = folder_of(&folder)?;
            all.push(Served { minor, release: release.clone(), channel, kinds });
        }
    }
    Ok(all)
}

/// The served versions of every CRD in a folder, by group, kind and version.
fn folder_of(folder: &Path) -> Result<Vec<Kind>> {
    let mut kinds = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let path = entry?.path();
        let text = fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
        let documents: Vec<Value> =
            serde_saphyr::from_multiple(&text).with_context(|| format!("{} is not YAML", path.display()))?;
        for document in documents.iter().filter(|document| document["kind"] == "CustomResourceDefinition") {
            kinds.extend(versions(document).with_context(|| format!("in {}", path.display()))?);
        }
    }
    kinds.sort_by(|a, b| (&a.group, &a.kind, &a.version).cmp(&(&b.group, &b.kind, &b.version)));
    Ok(kinds)
}

fn versions(crd: &Value) -> Result<Vec<Kind>> {
    let spec = &crd["spec"];
    let text = |value: &Value| value.as_str().map(str::to_owned).context("a CRD lacks a name");
    spec["versions"]
        .as_array()
        .context("a CRD has no versions")?
        .iter()
        .filter(|version| version["served"] == true)
        .map(|version| {
            Ok(Kind {
                group: text(&spec["group"])?,
                version: text(&version["name"])?,
                kind: text(&spec["names"]["kind"])?,
                namespaced: spec["scope"] == "Namespaced",
                schema: version["schema"]["openAPIV3Schema"].clone(),
            })
        })
        .collect()
}
