//! The CEL rules of Gateway API's CRDs, ported by hand, each beside its exact text.
//!
//! The API server evaluates a rule on a value after defaults were applied and the structural schema
//! held. A port may rely on the types that the schema asked for, never on a field being there.

mod backend_refs;
mod backend_tls;
mod eval;
mod filters;
mod format;
mod gateway;
mod hostnames;
mod listeners;
mod matches;
mod parent_refs;
mod rules;
mod session;
mod telemetry;
mod timeouts;
mod union;
mod xbackend;

use super::pattern::same_text;
use crate::tree::Node;

/// A rule as the CRDs write it, and what it comes to.
#[derive(Clone, Copy, Debug)]
pub struct Port {
    /// The text of `x-kubernetes-validations[].rule`, byte for byte.
    pub expression: &'static str,
    /// Whether the rule holds for `self`, and for `oldSelf` where the rule compares; without an
    /// `oldSelf` such a rule holds. An evaluation that ends in an error counts as a rule that does not
    /// hold, as it does for the API server.
    pub holds: fn(&Node<'_>, Option<&Node<'_>>) -> bool,
}

/// A rule whose evaluation may end in an error on a value of which it does not hold.
struct Errs {
    expression: &'static str,
    /// The error, in the API server's words; `None` where there is none.
    error: fn(&Node<'_>) -> Option<&'static str>,
    /// What to do about it.
    hint: &'static str,
}

/// Why a rule that does not hold of a value cannot be evaluated, in the API server's words, and what to do. That is for
/// rules of which this can be although the schema's types and required fields hold.
pub fn error(port: &Port, this: &Node<'_>) -> Option<(&'static str, &'static str)> {
    let mut all = [timeouts::ERRORS, gateway::ERRORS].into_iter().flatten();
    let errs = all.find(|errs| errs.expression == port.expression)?;
    Some(((errs.error)(this)?, errs.hint))
}

/// Every port, by what it is about.
const ALL: &[&[Port]] = &[
    parent_refs::PORTS,
    backend_refs::PORTS,
    rules::PORTS,
    matches::PORTS,
    filters::PORTS,
    timeouts::PORTS,
    hostnames::PORTS,
    gateway::PORTS,
    listeners::PORTS,
    backend_tls::PORTS,
    session::PORTS,
    xbackend::PORTS,
    telemetry::PORTS,
];

/// The port of an expression. Evaluated while compiling: an expression without a port stops the build.
pub const fn port(expression: &str) -> Port {
    let mut remaining = ALL;
    while let [ports, rest @ ..] = remaining {
        let mut ports: &[Port] = ports;
        while let [port, others @ ..] = ports {
            if same_text(port.expression, expression) {
                return *port;
            }
            ports = others;
        }
        remaining = rest;
    }
    panic!("{}", expression)
}

/// Every port there is.
pub fn ports() -> impl Iterator<Item = &'static Port> {
    ALL.iter().copied().flatten()
}
