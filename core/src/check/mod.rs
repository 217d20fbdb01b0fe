//! Judges manifests from anywhere as an API server, a controller and Gateway API itself would.

pub mod api;
pub mod attach;
mod chunks;
mod context;
pub mod controller;
mod ignore;
mod matches;
pub mod model;
mod not_checked;
mod objects;
mod page;
mod repetitions;
mod report;
pub mod rule;
mod run;
pub mod semantic;
mod settings;
pub mod status;
mod time;
pub mod trace;

#[cfg(test)]
mod testing;

pub use context::Seen;
pub use ignore::IGNORED;
pub use not_checked::NOT_CHECKED;
pub(crate) use objects::identity;
pub use objects::{each_known, each_object};
pub use page::{Page, pages};
pub use repetitions::REPEATED;
pub use report::{Identity, Judged, Report, Source, or_unnamed};
pub(crate) use run::not_an_object;
pub use run::{LIMITS, NOT_AN_OBJECT, Others, Run, Verdict};
pub use settings::Settings;
pub use time::Time;
