//! `gatewright review`, `can-i` and `grants`: who may use which host name.

pub(crate) mod can_i;
mod context;
pub(crate) mod grants;
pub(crate) mod review;
mod settings;

pub(crate) use context::Cluster;
pub(crate) use settings::{Flags, only_with_context};

use gatewright_core::diagnostic::{Code, Diagnostic};
use gatewright_core::path::Path;

/// What keeps a question from being answered.
const UNANSWERABLE: Code = Code("unanswerable");

pub(crate) fn unanswerable(message: String) -> Diagnostic {
    Diagnostic::error(UNANSWERABLE, Path::ROOT, message)
}
