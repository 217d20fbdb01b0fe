//! How large a release is, beside what an API server and Helm take.

use miniz_oxide::deflate::compress_to_vec;
use serde::Serialize;

use crate::diagnostic::{Code, Diagnostic, Level};
use crate::emit::{Manifest, Manifests};
use crate::limits::{OBJECT_BYTES_MAX, SECRET_BYTES_MAX};
use crate::path::Path;

/// Helm cannot store the release.
const RELEASE_TOO_LARGE: Code = Code("release-too-large");

/// As Helm compresses. Source: Helm v3.17.3, `pkg/storage/driver/util.go`, gzip.BestCompression.
const COMPRESSION: u8 = 9;

/// Bytes that are compressed to know the rest; our own bound, some tenths of a second.
pub const SAMPLE_BYTES: usize = 4 << 20;

/// What our own chart adds, compressed: its schema mostly. Measured: `e2e_helm` holds it against a Secret of Helm's.
const CHART_BYTES: usize = 27_000;

/// How large the manifests are, all of them and the largest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Size {
    /// Bytes of all manifests as YAML.
    pub bytes: usize,
    /// The largest of them.
    pub largest: Option<Largest>,
    /// About what Helm's Secret of the release holds: manifests and values, compressed and written as text. Null where
    /// it fits whatever they are.
    pub stored: Option<usize>,
    /// Most bytes of such a Secret.
    pub stored_max: usize,
    /// How many releases it takes at least.
    pub releases: usize,
}

/// The largest object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Largest {
    /// Its kind.
    pub kind: &'static str,
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// Bytes of its manifest.
    pub bytes: usize,
    /// Most bytes of an object that is stored, in a form that is a little shorter.
    pub bytes_max: usize,
}

/// A text, or what there is to know of it.
#[derive(Clone, Copy, Debug)]
pub struct Sampled<'t> {
    /// How long it is.
    pub bytes: usize,
    /// A part of it that compresses as the whole does, of some [`SAMPLE_BYTES`].
    pub sample: &'t str,
}

/// About how many bytes Helm's Secret of a release with these manifests and values holds.
pub fn stored(manifests: Sampled<'_>, values: Sampled<'_>) -> usize {
    as_text(manifests.compressed() + values.compressed() + CHART_BYTES)
}

/// How many releases it takes at least where one would hold so much.
pub const fn releases(stored: usize) -> usize {
    stored.div_ceil(SECRET_BYTES_MAX)
}

/// The size of manifests that come of these values.
pub(super) fn of(manifests: &Manifests, values: &str) -> Size {
    let bytes = manifests.text.len();
    let length = |manifest: &&Manifest| manifest.range.len();
    let largest = manifests.list.iter().max_by_key(length).map(|manifest| Largest {
        kind: manifest.kind,
        namespace: manifest.namespace.to_string(),
        name: manifest.name.to_string(),
        bytes: manifest.range.len(),
        bytes_max: OBJECT_BYTES_MAX,
    });
    let stored = (as_text(bytes + values.len() + CHART_BYTES) > SECRET_BYTES_MAX).then(|| {
        let sample: String = values.chars().take(SAMPLE_BYTES).collect();
        let values = Sampled { bytes: values.len(), sample: &sample };
        stored(Sampled { bytes, sample: &sample_of(manifests) }, values)
    });
    let releases = stored.map_or(1, releases);
    Size { bytes, largest, stored, stored_max: SECRET_BYTES_MAX, releases }
}

/// Bytes of base64.
const fn as_text(bytes: usize) -> usize {
    bytes.div_ceil(3) * 4
}

/// Of many manifests some at even distances, so that there are some of each kind.
fn sample_of(manifests: &Manifests) -> String {
    let step = manifests.text.len().div_ceil(SAMPLE_BYTES).max(1);
    manifests.iter().step_by(step).map(|(_, document)| document).collect()
}

impl Sampled<'_> {
    fn compressed(self) -> usize {
        let part = compress_to_vec(self.sample.as_bytes(), COMPRESSION).len();
        part.saturating_mul(self.bytes) / self.sample.len().max(1)
    }
}

impl Size {
    /// That Helm cannot store the release, if it cannot.
    pub(super) fn fault(&self) -> Option<Diagnostic> {
        let stored = self.stored.filter(|_| self.releases > 1)?;
        let message = format!(
            "Helm's Secret of this release would have about {stored} bytes, but holds {SECRET_BYTES_MAX}: {} releases would",
            self.releases
        );
        Some(
            Diagnostic::warning(RELEASE_TOO_LARGE, Path::ROOT, message)
                .level(Level::Api)
                .source("Kubernetes v1.36, MaxSecretSize; Helm v3.17.3, pkg/storage/driver/util.go")
                .hint("share out the entries over more releases, or apply `gatewright render` without Helm"),
        )
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;
    use crate::summary::Summary;
    use crate::tree::yaml::{self, Limits};
    use crate::{Scope, plan};

    fn planned(services: usize) -> (Summary, Vec<Diagnostic>) {
        let entries: Vec<String> = (0..services)
            .map(|number| format!("  - {{name: s-{number}, port: 80, endpoints: [192.0.2.7]}}\n"))
            .collect();
        let text = format!("externalServices:\n{}", entries.concat());
        let root = yaml::read(&text, 0, &Limits::DEFAULT, &mut Vec::new()).pop().expect("a document");
        plan(root, &Scope::default())
    }

    #[test]
    fn a_small_release_needs_no_compression() {
        let (summary, found) = planned(10);
        assert_eq!((summary.size.stored, summary.size.releases), (None, 1));
        assert!(found.iter().all(|found| found.code != RELEASE_TOO_LARGE));
        let largest = summary.size.largest.expect("there are objects");
        assert!(largest.bytes > 200 && largest.bytes < OBJECT_BYTES_MAX, "{largest:?}");
    }

    /// Texts that compress to half.
    fn incompressible(bytes: usize) -> Manifests {
        let mut manifests = Manifests::default();
        for number in 0..bytes / 1024 {
            let start = manifests.text.len();
            for part in 0_u64..64 {
                let hash = crate::hash::fnv1a((number as u64 * 64 + part).to_le_bytes());
                let _ = write!(manifests.text, "{hash:016x}");
            }
            manifests.list.push(Manifest {
                api_version: "v1",
                kind: "ConfigMap",
                namespace: "".into(),
                name: number.to_string().into(),
                origin: Path::ROOT,
                range: start..manifests.text.len(),
            });
        }
        manifests
    }

    #[test]
    fn a_large_release_says_how_many_it_takes() {
        let manifests = incompressible(2_400_000);
        let size = of(&manifests, "{}");
        let stored = size.stored.expect("it does not fit as it is");
        assert!((1_200_000..2_000_000).contains(&stored), "{stored}");
        assert_eq!(size.releases, 2);
        let fault = size.fault().expect("it is told");
        assert!(fault.message.contains("2 releases would"), "{fault}");
    }
}
