//! Rule: hostname-claimed
//!
//! A Bound claim keeps other namespaces off its name and all that overlaps it.

use super::super::domain_claim::DomainClaim;
use super::super::settings::Action;
use super::super::uses::At;
use super::{Fault, Rule};
use crate::diagnostic::Code;
use crate::hostname::covers;

/// The page of the rule.
pub const RULE: Rule = Rule {
    code: Code("hostname-claimed"),
    action: Action::Deny,
    what: "a host name that overlaps what another namespace has claimed",
    why: "A wildcard beside an exact claim would take its requests as soon as the owner's route is gone; an exact name below a claimed \
          wildcard takes them at once. Only the claim that covers the name is named here, so that nobody can list the claims of \
          others by asking for `*.com`.",
    bad: r#"
apiVersion: gatewright.dev/v1alpha1
kind: HostnameGrant
metadata: {name: shop}
spec: {namespaces: [shop], hostnames: ["*.example.com"]}
---
apiVersion: gatewright.dev/v1alpha1
kind: DomainClaim
metadata: {name: pay.example.com}
spec: {hostname: "pay.example.com", namespace: bank}
status: {phase: Bound}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: shop}
spec:
  parentRefs: [{namespace: edge, name: public}]
  hostnames: [pay.example.com]
  rules: [{backendRefs: [{name: web, port: 80}]}]
"#,
    good: r#"
apiVersion: gatewright.dev/v1alpha1
kind: HostnameGrant
metadata: {name: shop}
spec: {namespaces: [shop], hostnames: ["*.example.com"]}
---
apiVersion: gatewright.dev/v1alpha1
kind: DomainClaim
metadata: {name: pay.example.com}
spec: {hostname: "pay.example.com", namespace: bank}
status: {phase: Bound}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: shop}
spec:
  parentRefs: [{namespace: edge, name: public}]
  hostnames: [shop.example.com]
  rules: [{backendRefs: [{name: web, port: 80}]}]
"#,
};

pub(in super::super) fn fault(host: &str, claim: &DomainClaim<'_>, at: At) -> Fault {
    let text = if covers(&claim.hostname, host) {
        format!("`{host}` belongs to namespace `{}` by DomainClaim `{}`", claim.namespace, claim.name)
    } else {
        format!("`{host}` overlaps a host name that another namespace has claimed")
    };
    let hint = "use another name, or ask its owner to give the claim up";
    Fault { code: RULE.code, host: host.to_owned(), at, text, hint: hint.to_owned() }
}
