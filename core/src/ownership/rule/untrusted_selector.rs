//! Rule: untrusted-selector
//!
//! Labels that tenants may edit say nothing about tenants.

use super::super::settings::Action;
use super::super::uses::At;
use super::{Fault, Rule};
use crate::diagnostic::Code;

/// The page of the rule.
pub const RULE: Rule = Rule {
    code: Code("untrusted-selector"),
    action: Action::Deny,
    what: "a grant whose selector asks for a label that tenants may edit",
    why: "Whoever can label a namespace could have any such grant reach it. A selector with such a key reaches nothing, so the grant does \
          less than it seems to.",
    bad: r#"
apiVersion: gatewright.dev/v1alpha1
kind: HostnameGrant
metadata: {name: shop}
spec: {namespaceSelector: {matchLabels: {team: shop}}, hostnames: ["*.shop.example.com"]}
"#,
    good: r#"
apiVersion: gatewright.dev/v1alpha1
kind: HostnameGrant
metadata: {name: shop}
spec: {namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: shop}}, hostnames: ["*.shop.example.com"]}
"#,
};

pub(in super::super) fn fault(label: &str) -> Fault {
    Fault {
        code: RULE.code,
        host: String::new(),
        at: At::NamespaceSelector,
        text: format!(
            "the selector asks for the label `{label}`, which tenants may edit: it reaches nothing"
        ),
        hint: "name `namespaces`, select by `kubernetes.io/metadata.name`, or have the settings trust the label if only \
               the platform sets it"
            .to_owned(),
    }
}
