//! Rule: hostname-not-granted
//!
//! Permission needs one grant that covers the name whole, for the kind and on the Gateway.

use super::super::asked::{Asked, Near};
use super::super::hostname_grant::{EVERY_HOST, On};
use super::super::settings::Action;
use super::super::uses::At;
use super::{Fault, Rule, ask_for_grant, every_host, limit_asked, nearest};
use crate::diagnostic::Code;

/// The page of the rule.
pub const RULE: Rule = Rule {
    code: Code("hostname-not-granted"),
    action: Action::Deny,
    what: "a host name that no grant permits the namespace to use",
    why: "In a shared cluster a route that names another team's host simply works, and takes its requests. One grant must cover the name \
          whole: `a.example.com` does not permit `*.example.com`, and two grants do not add up to a wildcard.",
    bad: r#"
apiVersion: gatewright.dev/v1alpha1
kind: HostnameGrant
metadata: {name: shop}
spec: {namespaces: [shop], hostnames: ["*.shop.example.com"]}
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
spec: {namespaces: [shop], hostnames: ["*.shop.example.com"]}
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

pub(in super::super) fn fault(asked: &Asked<'_>, near: &Near<'_, '_>) -> Fault {
    let whence = if asked.host == EVERY_HOST { every_host(asked.at).0 } else { "" };
    let what = format!("`{}`{whence}", asked.host);
    Fault::not_granted(RULE.code, &what, asked, near, ask_for_grant(asked, near))
}

/// For a route of TCP or UDP, which has no host names: its kind must be granted.
pub(in super::super) fn without_hosts(
    kind: &str,
    namespace: &str,
    on: &On<'_>,
    near: &Near<'_, '_>,
    at: At,
) -> Fault {
    let (without, limit) = limit_asked(near, on);
    let near = if matches!(near, Near::Nothing) { String::new() } else { nearest("", near) };
    let on = match on {
        On::Gateway(of, name) => format!(" on Gateway `{of}/{name}`"),
        _ => String::new(),
    };
    Fault {
        code: RULE.code,
        host: String::new(),
        at,
        text: format!("{kind}{on} is not granted to namespace `{namespace}`{near}"),
        hint: format!(
            "ask for a HostnameGrant{without} with any `hostnames` whose `kinds` name {kind}{limit} and `namespaces` name `{namespace}`"
        ),
    }
}
