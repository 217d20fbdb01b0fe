//! Level `semantic`: legal manifests that do not mean what they seem to mean. One file a rule.

mod backend_not_found;
mod certificate_not_found;
mod certificate_one_label;
mod class_not_found;
mod conflicts;
mod empty_selector;
mod expression;
mod external_name_backend;
mod header_name_case;
mod host_of_another_listener;
mod hostname_address;
mod hostname_long_label;
mod hostname_punycode;
mod hostname_single_label;
mod hosts;
mod http_and_grpc;
mod listener_conflict;
mod listener_set_conflict;
mod listener_set_not_joined;
mod no_backend;
mod no_hostname_overlap;
mod no_matching_parent;
mod no_parent;
mod not_a_backend;
mod not_a_certificate;
mod not_a_parent;
mod not_a_policy_target;
mod not_allowed_by_listeners;
mod overlapping_tls;
mod parents;
mod partial_tie;
mod passthrough_certificate;
mod policies;
mod policy_across_namespaces;
mod policy_conflict;
mod policy_target_not_found;
mod port_of_another_protocol;
mod protocol_conflict;
mod redirect_loop;
mod reference_not_permitted;
mod regular_expression;
mod repeated_backend;
mod route_tie;
mod shadowed_match;
mod shared_certificate;
mod star_in_path;
mod tcp_shares_port;
mod terminate_without_certificate;
mod timeout_longer_than_request;
mod too_many_listeners;
mod unserved_hostname;
mod unsupported_protocol;
mod useless_grant;
mod wide_grant;
mod zero_weights;

// What all rules use, under the names that they use it by.
pub(crate) use listener_set_not_joined::RULE as LISTENER_SET_NOT_JOINED;
pub(crate) use overlapping_tls::RULE as OVERLAPPING_TLS;

use super::matches;
#[cfg(test)]
use super::rule::tests;
use super::rule::{Context, Finding, Rule, backends, external_names, finding, listeners, words};

/// Whether RE2 and Go refuse a pattern for how it repeats, which the crate `regex` does not: a quantifier behind a
/// quantifier, or more than 1,000 times.
pub fn repeats_too_much(pattern: &str) -> bool {
    use expression::{Fault, Kind};
    let fault = expression::check(pattern);
    matches!(
        fault,
        Err(Fault { kind: Kind::Possessive | Kind::RepeatedTwice | Kind::TooManyRepetitions, .. })
    )
}

/// Every rule of the level, by code.
pub static RULES: &[&Rule] = &[
    &backend_not_found::RULE,
    &certificate_not_found::RULE,
    &certificate_one_label::RULE,
    &class_not_found::RULE,
    &empty_selector::RULE,
    &external_name_backend::RULE,
    &header_name_case::RULE,
    &host_of_another_listener::RULE,
    &hostname_address::RULE,
    &hostname_long_label::RULE,
    &hostname_punycode::RULE,
    &hostname_single_label::RULE,
    &http_and_grpc::RULE,
    &listener_conflict::RULE,
    &listener_set_conflict::RULE,
    &listener_set_not_joined::RULE,
    &no_backend::RULE,
    &no_hostname_overlap::RULE,
    &no_matching_parent::RULE,
    &no_parent::RULE,
    &not_a_backend::RULE,
    &not_a_certificate::RULE,
    &not_a_parent::RULE,
    &not_a_policy_target::RULE,
    &not_allowed_by_listeners::RULE,
    &overlapping_tls::RULE,
    &partial_tie::RULE,
    &passthrough_certificate::RULE,
    &policy_across_namespaces::RULE,
    &policy_conflict::RULE,
    &policy_target_not_found::RULE,
    &port_of_another_protocol::RULE,
    &protocol_conflict::RULE,
    &redirect_loop::RULE,
    &reference_not_permitted::RULE,
    &regular_expression::RULE,
    &repeated_backend::RULE,
    &route_tie::RULE,
    &shadowed_match::RULE,
    &shared_certificate::RULE,
    &star_in_path::RULE,
    &tcp_shares_port::RULE,
    &terminate_without_certificate::RULE,
    &timeout_longer_than_request::RULE,
    &too_many_listeners::RULE,
    &unserved_hostname::RULE,
    &unsupported_protocol::RULE,
    &useless_grant::RULE,
    &wide_grant::RULE,
    &zero_weights::RULE,
];
