//! What the tests share.

#![allow(clippy::disallowed_methods, reason = "tests read files, clocks and their environment")]

#[cfg(unix)]
pub mod peers;
