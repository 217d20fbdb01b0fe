//! Temporary folders.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::{Context as _, Result};

/// A new folder that only this user may read, gone with the value.
#[derive(Debug)]
pub struct Temporary(PathBuf);

impl Temporary {
    pub fn new(name: &str) -> Result<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("gatewright-{name}-{}-{count}", process::id()));
        // What a dead process with our number left is nobody's.
        if path.exists() {
            fs::remove_dir_all(&path).with_context(|| format!("removing the old {}", path.display()))?;
        }
        fs::create_dir_all(&path).with_context(|| format!("making {}", path.display()))?;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o700))
            .with_context(|| format!("closing {} to others", path.display()))?;
        Ok(Self(path))
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Writes a file into the folder and gives its path.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> Result<PathBuf> {
        let path = self.0.join(name);
        fs::write(&path, content).with_context(|| format!("writing {}", path.display()))?;
        Ok(path)
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        // With GATEWRIGHT_KEEP set, the logs of the peers stay for a look at a failed test.
        if std::env::var_os("GATEWRIGHT_KEEP").is_none() {
            let _ = fs::remove_dir_all(&self.0);
        }
    }
}
