//! Rule: hostname-not-claimed
//!
//! With `--claims require` a name is used by whom has claimed it.

use super::super::asked::Asked;
use super::super::domain_claim::{DomainClaim, Phase, name_of};
use super::super::hostname_grant::EVERY_HOST;
use super::super::settings::Action;
use super::{Fault, Rule, every_host};
use crate::diagnostic::Code;

/// The page of the rule.
pub const RULE: Rule = Rule {
    code: Code("hostname-not-claimed"),
    action: Action::Deny,
    what: "a host name that the own namespace has not claimed, where claims are required",
    why: "Two namespaces that are granted one wildcard may both ask for one name at the same moment. A claim is made by one write to one \
          object, and bound by one program: only with it is there never more than one owner.",
    bad: r#"
apiVersion: gatewright.dev/v1alpha1
kind: HostnameGrant
metadata: {name: shop}
spec: {namespaces: [shop], hostnames: ["*.shop.example.com"]}
---
apiVersion: gatewright.dev/v1alpha1
kind: DomainClaim
metadata: {name: wc--any.shop.example.com}
spec: {hostname: "*.shop.example.com", namespace: shop}
status: {phase: Pending}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: shop}
spec:
  parentRefs: [{namespace: edge, name: public}]
  hostnames: [pay.shop.example.com]
  rules: [{backendRefs: [{name: web, port: 80}]}]
"#,
    good: r#"
apiVersion: gatewright.dev/v1alpha1
kind: HostnameGrant
metadata: {name: shop}
spec: {namespaces: [shop], hostnames: ["*.shop.example.com"]}
---
apiVersion: gatewright.dev/v1alpha1
kind: DomainClaim
metadata: {name: wc--any.shop.example.com}
spec: {hostname: "*.shop.example.com", namespace: shop}
status: {phase: Bound}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: shop}
spec:
  parentRefs: [{namespace: edge, name: public}]
  hostnames: [pay.shop.example.com]
  rules: [{backendRefs: [{name: web, port: 80}]}]
"#,
};

pub(in super::super) fn fault(asked: &Asked<'_>, own: Option<&DomainClaim<'_>>) -> Fault {
    let Asked { host, namespace, .. } = asked;
    let (whence, instead) = if *host == EVERY_HOST { every_host(asked.at) } else { ("", "") };
    let text = match own {
        None => format!("`{host}`{whence} is not claimed by namespace `{namespace}`"),
        Some(claim) => {
            let name = &claim.name;
            let why = why(claim)[0];
            format!("`{host}` is claimed for namespace `{namespace}` by DomainClaim `{name}`, {why}")
        }
    };
    let hint = match own {
        None if *host == EVERY_HOST => format!("nobody can claim `*`: {instead}"),
        None => {
            format!(
                "create the cluster-scoped DomainClaim `{}` with `spec.namespace: {namespace}`",
                name_of(host)
            )
        }
        Some(claim) => why(claim)[1].to_owned(),
    };
    Fault { code: RULE.code, host: (*host).to_owned(), at: asked.at, text, hint }
}

/// Why a claim permits nothing, and what to do.
fn why(claim: &DomainClaim<'_>) -> [&'static str; 2] {
    match claim.phase {
        _ if claim.is_terminating => ["which is being deleted", "create it again when it is gone"],
        Phase::Conflict => [
            "which is in conflict with another one",
            "use another name, or ask for the claim that overlaps it to be given up",
        ],
        Phase::Pending | Phase::Bound => {
            ["which is not bound yet", "see the conditions of the claim, and try again when it is Bound"]
        }
    }
}
