//! Level `controller`: what one controller, named by `--profile`, does not do. One file a rule.
//!
//! What it does not do stands in `profile`: facts that people read, and its conformance report, which a
//! program reads. [`features`] says what in a manifest uses each feature of a report.

mod backend_kind_refused;
mod between;
mod class_refuses_route;
mod external_name_refused;
pub mod features;
mod gateways;
mod listeners_not_isolated;
mod needs_ports;
mod route_kind_refused;
mod route_kind_unreported;
mod tls_names;
mod too_many_backends;
mod unsupported_feature;
mod upstream_tls;
mod uses;
mod weight_too_large;

#[cfg(test)]
mod tests;

use super::rule::Rule;

pub use features::Feature;
pub use unsupported_feature::unsupported;
pub(super) use upstream_tls::upstream_tls;
pub(super) use uses::read;
pub use uses::{Use, lacking};

/// Every rule of the level, by code. One that the planner has too carries the planner's code and words.
pub static RULES: &[&Rule] = &[
    &backend_kind_refused::RULE,
    &class_refuses_route::RULE,
    &external_name_refused::RULE,
    &listeners_not_isolated::RULE,
    &needs_ports::RULE,
    &route_kind_refused::RULE,
    &route_kind_unreported::RULE,
    &tls_names::RULE,
    &too_many_backends::RULE,
    &unsupported_feature::RULE,
    &upstream_tls::RULE,
    &weight_too_large::RULE,
];
