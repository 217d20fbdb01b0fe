//! Rule: grant-in-use
//!
//! What is served by a grant or a claim stays served when it goes, but nobody may write it again.

use super::super::settings::Action;
use super::super::uses::At;
use super::{Fault, Rule};
use crate::diagnostic::Code;
use crate::shorten::first;

/// The page of the rule.
pub const RULE: Rule = Rule {
    code: Code("grant-in-use"),
    action: Action::Warn,
    what: "a grant or a claim that is taken away, or shrunk, while objects need it",
    why: "Objects that are there go on serving: admission only sees writes. Their next change that adds a use is denied, and with `deny` \
          here the grant stays until they are gone.",
    bad: r"
apiVersion: gatewright.dev/v1alpha1
kind: HostnameGrant
metadata: {name: shop}
spec: {namespaces: [shop], hostnames: [pay.shop.example.com, www.shop.example.com]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: shop}
spec:
  parentRefs: [{namespace: edge, name: public}]
  hostnames: [pay.shop.example.com]
  rules: [{backendRefs: [{name: web, port: 80}]}]
---
apiVersion: gatewright.dev/v1alpha1
kind: HostnameGrant
metadata: {name: shop}
spec: {namespaces: [shop], hostnames: [www.shop.example.com]}
",
    good: r"
apiVersion: gatewright.dev/v1alpha1
kind: HostnameGrant
metadata: {name: shop}
spec: {namespaces: [shop], hostnames: [pay.shop.example.com, www.shop.example.com]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: shop}
spec:
  parentRefs: [{namespace: edge, name: public}]
  hostnames: [pay.shop.example.com]
  rules: [{backendRefs: [{name: web, port: 80}]}]
---
apiVersion: gatewright.dev/v1alpha1
kind: HostnameGrant
metadata: {name: shop}
spec: {namespaces: [shop], hostnames: [pay.shop.example.com]}
",
};

/// Most objects that are named.
const NAMED: usize = 3;

/// `why` names an object of which it cannot be told whether it needs it.
pub(in super::super) fn untold(what: &str, why: &Fault) -> Fault {
    Fault {
        code: RULE.code,
        host: String::new(),
        at: At::Object,
        text: format!("{what} may be needed: {}", why.text),
        hint: String::new(),
    }
}

/// `users` are objects that need it, each with the host name that it needs it for; a TCPRoute or UDPRoute has none.
pub(in super::super) fn fault(what: &str, users: &[(String, String)]) -> Option<Fault> {
    let (_, host) = users.first()?;
    let mut names = users.iter();
    let named = first(NAMED, &mut || {
        Some(match names.next()? {
            (user, host) if host.is_empty() => user.clone(),
            (user, host) => format!("{user} for `{host}`"),
        })
    });
    let stay = if users.len() == 1 { "stays as it is" } else { "stay as they are" };
    Some(Fault {
        code: RULE.code,
        host: host.clone(),
        at: At::Object,
        text: format!("{what} is needed by {named}, which {stay}"),
        hint: "take the host names out first, or the whole object".to_owned(),
    })
}
