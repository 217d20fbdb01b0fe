//! Folders to build in, beside the peers, so that a move is one rename on one file system.

use std::fs;
use std::path::{Path, PathBuf};
use std::process;

use anyhow::{Context as _, Result};

/// A folder that is gone when the value is.
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    /// Makes `<cache>/tmp/<name>-<process id>`, and removes what interrupted runs left there.
    pub(crate) fn new(cache: &Path, name: &str) -> Result<Self> {
        let all = cache.join("tmp");
        fs::create_dir_all(&all).with_context(|| format!("making {}", all.display()))?;
        for entry in fs::read_dir(&all)?.flatten() {
            if owner(&entry.path()).is_some_and(|id| !is_alive(id)) {
                // Another run may be removing it at the same time; what stays is tried next time.
                let _ = fs::remove_dir_all(entry.path());
            }
        }
        let path = all.join(format!("{name}-{}", process::id()));
        fs::create_dir_all(&path).with_context(|| format!("making {}", path.display()))?;
        Ok(Self(path))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn owner(path: &Path) -> Option<u32> {
    path.file_name()?.to_str()?.rsplit_once('-')?.1.parse().ok()
}

/// Without a `/proc` every owner counts as alive, and leftovers stay.
fn is_alive(id: u32) -> bool {
    let proc = Path::new("/proc");
    !proc.join("self").exists() || proc.join(id.to_string()).exists()
}
