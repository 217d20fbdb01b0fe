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

/// Most processor time of one step of a child in seconds, for one whose run was killed before it could kill its
/// child: the run itself stops a step earlier.
#[cfg(unix)]
const PROCESSOR_SECONDS: u64 = 60;

/// Bounds the memory of this process, which never gets rid of it.
#[cfg(unix)]
pub(super) fn set() -> anyhow::Result<()> {
    use anyhow::Context as _;
    use rustix::process::{Resource, Rlimit, setrlimit};
    for (resource, most) in [(Resource::As, MEMORY_BYTES), (Resource::Core, 0)] {
        let limit = Rlimit { current: Some(most), maximum: Some(most) };
        setrlimit(resource, limit).with_context(|| format!("bounding {resource:?}"))?;
    }
    Ok(())
}

/// Begins a new step: what was used before does not count against it.
#[cfg(unix)]
pub(super) fn allow_processor_time() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    use rustix::time::{ClockId, clock_gettime};
    let used = u64::try_from(clock_gettime(ClockId::ProcessCPUTime).tv_sec).unwrap_or_default();
    let current = Some(used + PROCESSOR_SECONDS);
    // Where it cannot be set, the time of the run's clock still bounds the step.
    let _ = setrlimit(Resource::Cpu, Rlimit { current, maximum: getrlimit(Resource::Cpu).maximum });
}

/// Only unix bounds memory and processor time.
#[cfg(not(unix))]
#[allow(clippy::unnecessary_wraps, reason = "on unix it may fail")]
pub(super) fn set() -> anyhow::Result<()> {
    Ok(())
}

/// Only unix bounds processor time.
#[cfg(not(unix))]
pub(super) const fn allow_processor_time() {}
