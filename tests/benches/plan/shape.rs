//! What manifests come to: how many objects, the largest, and what Helm would have to store of them.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;

use anyhow::{Context as _, Result};
use gatewright_core::summary::size::{SAMPLE_BYTES, Sampled, stored};

/// What manifests come to.
pub struct Shape {
    pub objects: usize,
    /// Bytes of the largest.
    pub largest: usize,
    /// About how many bytes Helm's Secret of one release with all of them would hold.
    pub stored: usize,
}

impl Shape {
    /// Looks at the manifests in one file, made of the organizations in another.
    pub fn of(manifests: &Path, organizations: &Path) -> Result<Self> {
        let bytes = length(manifests)?;
        let step = bytes.div_ceil(SAMPLE_BYTES).max(1);
        let (mut objects, mut largest, mut sample) = (0, 0, String::new());
        let mut document = String::new();
        let mut reader = BufReader::with_capacity(1 << 20, open(manifests)?);
        loop {
            let start = document.len();
            let read = reader.read_line(&mut document).context("reading the manifests")?;
            let is_mark = document.get(start..) == Some("---\n");
            if read > 0 && !is_mark {
                continue;
            }
            document.truncate(start);
            largest = largest.max(document.len());
            if objects % step == 0 {
                sample.push_str(&document);
            }
            document.clear();
            objects += usize::from(is_mark);
            if read == 0 {
                break;
            }
        }
        let values = beginning(organizations)?;
        let values = Sampled { bytes: length(organizations)?, sample: &values };
        Ok(Self { objects, largest, stored: stored(Sampled { bytes, sample: &sample }, values) })
    }
}

fn open(file: &Path) -> Result<File> {
    File::open(file).with_context(|| format!("opening {}", file.display()))
}

fn length(file: &Path) -> Result<usize> {
    let metadata = fs::metadata(file).with_context(|| format!("looking at {}", file.display()))?;
    usize::try_from(metadata.len()).context("it is larger than memory")
}

/// As much of a text as is compressed to know the rest.
fn beginning(file: &Path) -> Result<String> {
    let mut text = String::new();
    let most = u64::try_from(SAMPLE_BYTES)?;
    open(file)?.take(most).read_to_string(&mut text).context("reading the organizations")?;
    Ok(text)
}
