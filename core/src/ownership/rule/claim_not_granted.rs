//! Rule: claim-not-granted
//!
//! A name is claimed by whom it is granted to.

use super::super::asked::{Asked, Near};
use super::super::settings::Action;
use super::{Fault, Rule, ask_for_grant, nearest};
use crate::diagnostic::Code;

/// The page of the rule.
pub const RULE: Rule = Rule {
    code: Code("claim-not-granted"),
    action: Action::Deny,
    what: "a claim of, or a request for, a host name that no grant permits the namespace",
    why: "A claim keeps all others off a name: whoever could claim what is not granted could lock out its owner.",
    bad: r#"
apiVersion: gatewright.dev/v1alpha1
kind: HostnameGrant
metadata: {name: shop}
spec: {namespaces: [shop], hostnames: ["*.shop.example.com"]}
---
apiVersion: gatewright.dev/v1alpha1
kind: DomainClaim
metadata: {name: pay.example.com}
spec: {hostname: "pay.example.com", namespace: shop}
"#,
    good: r#"
apiVersion: gatewright.dev/v1alpha1
kind: HostnameGrant
metadata: {name: shop}
spec: {namespaces: [shop], hostnames: ["*.shop.example.com"]}
---
apiVersion: gatewright.dev/v1alpha1
kind: DomainClaim
metadata: {name: pay.shop.example.com}
spec: {hostname: "pay.shop.example.com", namespace: shop}
"#,
};

pub(in super::super) fn fault(asked: &Asked<'_>, near: &Near<'_, '_>) -> Fault {
    let Asked { host, namespace, .. } = asked;
    Fault {
        code: RULE.code,
        host: (*host).to_owned(),
        at: asked.at,
        text: format!("namespace `{namespace}` may not claim `{host}`{}", nearest(host, near)),
        hint: ask_for_grant(asked, near),
    }
}
