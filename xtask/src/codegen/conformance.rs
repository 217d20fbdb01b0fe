//! The conformance reports of the controllers that have a profile: of each one its newest.
//!
//! The newest is that of the newest Gateway API, then of the newest product. Of several of one version the
//! experimental channel's is taken, since the standard channel has no say on the fields that it lacks; then
//! the one of mode `default`; and where none has that mode, the one that supports most, so that nothing is
//! called unsupported that another mode supports.

use std::cmp::Reverse;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

/// Profiles, and the `implementation.project` of their reports. The portable profile stands for nobody.
const PROJECTS: [(&str, &str); 11] = [
    ("envoy-gateway", "envoy-gateway"),
    ("istio", "istio"),
    ("cilium", "cilium"),
    ("nginx-gateway-fabric", "nginx-gateway-fabric"),
    ("traefik", "traefik"),
    ("kong", "kubernetes-ingress-controller"),
    ("higress", "higress"),
    ("kgateway", "kgateway"),
    ("contour", "contour"),
    ("aws", "aws-load-balancer-controller"),
    ("gke", "gke-gateway"),
];

/// The reports, and the version of the module that has them.
pub(super) struct Reports {
    pub(super) module: String,
    pub(super) of_profiles: Vec<(&'static str, Report)>,
}

pub(super) struct Report {
    /// Where it lies in the module.
    pub(super) path: String,
    pub(super) gateway_api: String,
    pub(super) channel: String,
    pub(super) version: String,
    pub(super) mode: String,
    pub(super) claims: Vec<Claims>,
}

/// What it says under one conformance profile.
pub(super) struct Claims {
    pub(super) profile: String,
    /// Tests that were left out, core and extended.
    pub(super) skipped: Vec<String>,
    pub(super) supported: Vec<String>,
    pub(super) unsupported: Vec<String>,
}

/// Reads the reports of a module's cached copy.
pub(super) fn read(copy: &Path) -> Result<Reports> {
    let name = copy.file_name().context("a peer has a name")?.to_string_lossy().into_owned();
    let module = name.strip_prefix("conformance-").context("its name ends in the version")?.to_owned();
    let mut files = Vec::new();
    collect(&copy.join("reports"), &mut files)?;
    let mut all = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).with_context(|| format!("reading {}", file.display()))?;
        let document: Value =
            serde_saphyr::from_str(&text).with_context(|| format!("{} is not YAML", file.display()))?;
        let path = file.strip_prefix(copy).context("a file found in a folder lies in it")?;
        all.push((path.to_string_lossy().into_owned(), document));
    }
    let of_profiles = PROJECTS
        .into_iter()
        .map(|(profile, project)| {
            let own = all.iter().filter(|(_, document)| document["implementation"]["project"] == project);
            let reports = own
                .map(|(path, document)| report(path, document).with_context(|| format!("in {path}")))
                .collect::<Result<Vec<_>>>()?;
            let newest = reports.into_iter().max_by_key(rank);
            let newest = newest.with_context(|| format!("no report is of {project}"))?;
            check(&newest).with_context(|| format!("in {}", newest.path))?;
            Ok((profile, newest))
        })
        .collect::<Result<_>>()?;
    Ok(Reports { module, of_profiles })
}

/// The YAML files of a folder and of those in it.
fn collect(folder: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, found)?;
        } else {
            found.push(path);
        }
    }
    Ok(())
}

fn report(path: &str, document: &Value) -> Result<Report> {
    // Reports of Gateway API 1.0 and older have neither channel nor mode, and some no profiles.
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let version = text(&document["implementation"]["version"]);
    let mut claims = Vec::new();
    for profile in document["profiles"].as_array().into_iter().flatten() {
        let name = text(&profile["name"]);
        // What a mesh does with routes of Services is nothing that a Gateway does.
        if name.starts_with("MESH") {
            continue;
        }
        let (core, extended) = (&profile["core"], &profile["extended"]);
        let mut skipped = words(&core["skippedTests"])?;
        skipped.extend(words(&extended["skippedTests"])?);
        claims.push(Claims {
            profile: name,
            skipped,
            supported: words(&extended["supportedFeatures"])?,
            unsupported: words(&extended["unsupportedFeatures"])?,
        });
    }
    claims.sort_by(|a, b| a.profile.cmp(&b.profile));
    Ok(Report {
        path: path.to_owned(),
        gateway_api: text(&document["gatewayAPIVersion"]),
        channel: text(&document["gatewayAPIChannel"]),
        version: version.strip_prefix('v').unwrap_or(&version).to_owned(),
        mode: text(&document["mode"]),
        claims,
    })
}

/// A feature is supported or not, whatever the conformance profile.
fn check(report: &Report) -> Result<()> {
    let Report { claims, .. } = report;
    ensure!(!claims.is_empty(), "it has no profiles");
    for one in claims {
        let mut denied = claims.iter().flat_map(|other| &other.unsupported);
        let both = denied.find(|feature| one.supported.contains(feature));
        ensure!(both.is_none(), "{both:?} is supported under one profile and unsupported under another");
    }
    Ok(())
}

/// A list of words; one that is not there is empty.
fn words(value: &Value) -> Result<Vec<String>> {
    let Some(list) = value.as_array() else {
        ensure!(value.is_null(), "a list of features is no list");
        return Ok(Vec::new());
    };
    list.iter().map(|word| word.as_str().map(str::to_owned).context("a feature is no string")).collect()
}

/// By what the best of several reports is chosen; the last is for a choice that is always the same.
fn rank(report: &Report) -> impl Ord + use<> {
    let Report { path, gateway_api, channel, version, mode, claims } = report;
    let supported: usize = claims.iter().map(|claims| claims.supported.len()).sum();
    (
        release(gateway_api),
        release(version),
        channel == "experimental",
        mode == "default",
        supported,
        Reverse(path.clone()),
    )
}

/// The numbers of a version, and whether it is more than a preview.
fn release(version: &str) -> (Vec<u64>, bool) {
    let (numbers, preview) = version.split_once('-').map_or((version, false), |(front, _)| (front, true));
    let numbers = numbers.trim_start_matches('v').split('.').map(|part| part.parse().unwrap_or(0)).collect();
    (numbers, !preview)
}
