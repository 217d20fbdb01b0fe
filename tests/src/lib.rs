//! What the tests share.

#![allow(clippy::disallowed_methods, reason = "tests read files, clocks and their environment")]

pub mod codes;
pub mod golden;
#[cfg(unix)]
pub mod peers;
