//! Manifests of a stream, kept in a file without a name until it is known that there is no error: with one, nothing
//! goes to stdout.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Seek, Write};

use anyhow::Context;
use gatewright_core::diagnostic::Diagnostic;
use gatewright_core::{Format, Manifests};

use crate::report;

/// Bytes gathered before the system is asked to write or read.
const BUFFER_BYTES: usize = 256 * 1024;

/// What was written so far.
pub(super) struct Spool {
    format: Format,
    objects: usize,
    /// The file in the system's folder for such files, or what went wrong with it.
    file: io::Result<BufWriter<File>>,
}

impl Spool {
    pub(super) fn new(format: Format) -> Self {
        Self {
            format,
            objects: 0,
            file: tempfile::tempfile().map(|file| BufWriter::with_capacity(BUFFER_BYTES, file)),
        }
    }

    /// Writes more.
    pub(super) fn add(&mut self, manifests: &Manifests) {
        let Ok(file) = &mut self.file else { return };
        let mut write = |text: &str| file.write_all(text.as_bytes());
        if let Err(error) = self.format.add(manifests, self.objects, &mut write) {
            self.file = Err(error);
        }
        self.objects += manifests.list.len();
    }

    /// How many objects there are, and their text from its start; a fault of the file is a diagnostic, and there is none.
    pub(super) fn close(self, out: &mut Vec<Diagnostic>) -> Option<(usize, BufReader<File>)> {
        let Self { format, objects, file } = self;
        let closed = file.and_then(|mut file| {
            format.end(objects, &mut |text| file.write_all(text.as_bytes()))?;
            file.flush()?;
            let mut file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
            file.rewind()?;
            Ok(BufReader::with_capacity(BUFFER_BYTES, file))
        });
        let closed = closed.with_context(|| {
            format!("keeping manifests in {} until all are made", std::env::temp_dir().display())
        });
        match closed {
            Ok(file) => Some((objects, file)),
            Err(error) => {
                out.push(report::unwritable(&error));
                None
            }
        }
    }
}
