//! A condition, as Kubernetes writes it.

use std::borrow::Cow;

use serde::Serialize;

use crate::diagnostic::bounded;

/// What a condition says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Truth {
    /// It holds.
    True,
    /// It does not.
    False,
    /// It depends on what was not given.
    Unknown,
}

/// A condition, with Gateway API's own type and reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Condition {
    /// Its type.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// What it says.
    pub status: Truth,
    /// Why.
    pub reason: &'static str,
    /// The same in words; empty where the reason says it all.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub message: Cow<'static, str>,
}

/// The reason of a condition whose status is unknown. Gateway API has it for `Accepted` and `Programmed`.
///
/// Source: v1.6.1, `apis/v1/gateway_types.go:1263-1266` and `:1662-1665`, `apis/v1/shared_types.go:389-391`.
pub(super) const PENDING: &str = "Pending";

/// The reason where Gateway API has none: its other conditions are never unknown to a controller, which
/// sees everything. It says what is true of us, not what a controller would write.
pub(super) const NOT_GIVEN: &str = "Unknown";

impl Condition {
    pub(super) fn new(
        kind: &'static str,
        status: Truth,
        reason: &'static str,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        let message = match message.into() {
            Cow::Owned(words) => Cow::Owned(bounded(words)),
            words @ Cow::Borrowed(_) => words,
        };
        Self { kind, status, reason, message }
    }

    /// A condition that holds for the usual reason.
    pub(super) const fn holds(kind: &'static str, reason: &'static str) -> Self {
        Self { kind, status: Truth::True, reason, message: Cow::Borrowed("") }
    }
}
