//! What a child may use. All of it is our own bound.

use std::time::Duration;

/// Most time from one line of a child to the next: a rule, or everything before the first one. A Kubernetes
/// API server stops a rule after about a tenth of a second.
pub(super) const STEP: Duration = Duration::from_secs(5);

/// Most time to get ready for a version.
pub(super) const LOAD: Duration = Duration::from_secs(30);

/// The stack that schemas and rules are walked with; it ends before the memory does.
pub(super) const STACK_BYTES: usize = 8 << 20;

/// Most memory of a child, reserved addresses included. More, and an allocation aborts it.
#[cfg(unix)]
const MEMORY_BYTES: u64 = 4 << 30;

/// Most processor time of a child in seconds, for one whose run was killed before it could kill its child.
#[cfg(unix)]
const PROCESSOR_SECONDS: u64 = 600;

/// Bounds this process, which never gets rid of it.
#[cfg(unix)]
pub(super) fn set() -> anyhow::Result<()> {
    use anyhow::Context as _;
    use rustix::process::{Resource, Rlimit, setrlimit};
    for (resource, most) in
        [(Resource::As, MEMORY_BYTES), (Resource::Cpu, PROCESSOR_SECONDS), (Resource::Core, 0)]
    {
        let limit = Rlimit { current: Some(most), maximum: Some(most) };
        setrlimit(resource, limit).with_context(|| format!("bounding {resource:?}"))?;
    }
    Ok(())
}

/// Only unix bounds memory and processor time.
#[cfg(not(unix))]
#[allow(clippy::unnecessary_wraps, reason = "on unix it may fail")]
pub(super) fn set() -> anyhow::Result<()> {
    Ok(())
}
