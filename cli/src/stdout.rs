//! Data to stdout.

use std::io::{self, BufWriter, ErrorKind, Write};

use anyhow::Context;

/// Bytes gathered before the system is asked to write.
const BUFFER_BYTES: usize = 64 * 1024;

/// Lets `write` write to stdout, buffered, and flushes.
///
/// A reader that went away early (`… | head`) has what it wanted: that is no fault. Rust programs
/// ignore SIGPIPE, so the run goes on and its exit code is the diagnostics'.
pub(crate) fn write(
    what: &str,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), anyhow::Error> {
    let mut buffer = BufWriter::with_capacity(BUFFER_BYTES, io::stdout().lock());
    let written = write(&mut buffer).and_then(|()| buffer.flush());
    // What a failed write left in the buffer would be written again on drop.
    let _ = buffer.into_parts();
    match written {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        other => other.with_context(|| format!("writing {what} to stdout")),
    }
}
