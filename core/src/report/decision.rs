//! A decision on a review with its reasons.

use serde::Serialize;

use super::{Finding, finding};
use crate::diagnostic::Diagnostic;
use crate::ownership::{Decision, Traced};

/// Why something is allowed or not.
#[derive(Debug, Serialize)]
pub struct Decided<'r> {
    allowed: bool,
    findings: Vec<Finding<'r>>,
    /// What answered for each use of a host name.
    uses: &'r [Traced],
}

/// A decision, with what it found.
pub fn of_decision<'r>(decision: &'r Decision, found: &'r [Diagnostic]) -> Decided<'r> {
    Decided {
        allowed: decision.is_allowed(),
        findings: found.iter().map(finding).collect(),
        uses: &decision.trace,
    }
}
