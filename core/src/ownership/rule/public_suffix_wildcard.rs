//! Rule: public-suffix-wildcard
//!
//! Below a public suffix anybody registers domains.

use super::super::settings::Action;
use super::super::uses::At;
use super::{Fault, Rule};
use crate::diagnostic::Code;

/// The page of the rule.
pub const RULE: Rule = Rule {
    code: Code("public-suffix-wildcard"),
    action: Action::Deny,
    what: "a wildcard under a public suffix: denied in claims, a warning in grants",
    why: "`*.co.uk` stands for the domains of everybody who registers one there. A claim of it would keep all others off theirs.",
    bad: r#"
apiVersion: gatewright.dev/v1alpha1
kind: HostnameGrant
metadata: {name: shop}
spec: {namespaces: [shop], hostnames: ["*.co.uk"]}
---
apiVersion: gatewright.dev/v1alpha1
kind: DomainClaim
metadata: {name: wc--any.co.uk}
spec: {hostname: "*.co.uk", namespace: shop}
"#,
    good: r#"
apiVersion: gatewright.dev/v1alpha1
kind: HostnameGrant
metadata: {name: shop}
spec: {namespaces: [shop], hostnames: ["*.shop.co.uk"]}
---
apiVersion: gatewright.dev/v1alpha1
kind: DomainClaim
metadata: {name: wc--any.shop.co.uk}
spec: {hostname: "*.shop.co.uk", namespace: shop}
"#,
};

pub(in super::super) fn fault(host: &str, suffix: &str, at: At) -> Fault {
    Fault {
        code: RULE.code,
        host: host.to_owned(),
        at,
        text: format!("`{host}` stands for every domain below the public suffix `{suffix}`"),
        hint: "name the domain that was registered below it".to_owned(),
    }
}
