//! What the tests share.

#![allow(clippy::disallowed_methods, reason = "tests read files, clocks and their environment")]

pub mod codes;
pub mod golden;
pub mod objects;
#[cfg(unix)]
pub mod peers;
#[cfg(feature = "e2e")]
pub mod policy;
pub mod refusals;
pub mod vectors;
