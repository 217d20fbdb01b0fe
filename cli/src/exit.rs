//! The three exit codes.

use std::process::ExitCode;

/// How a run ended. A later variant outweighs an earlier one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    /// 0: done; there may be warnings.
    Fine,
    /// 1: at least one diagnostic is an error.
    Faulty,
    /// 2: wrong usage, an input that cannot be read or parsed, an output that cannot be written.
    Unusable,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Fine => Self::SUCCESS,
            Exit::Faulty => Self::from(1),
            Exit::Unusable => Self::from(2),
        }
    }
}
