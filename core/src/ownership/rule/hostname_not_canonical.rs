//! Rule: hostname-not-canonical
//!
//! Names are compared as they are written, so there is one way to write each.

use super::super::settings::Action;
use super::super::uses::At;
use super::{Fault, Rule};
use crate::diagnostic::Code;
use crate::hostname::{HOSTNAME_MAX, Hostname, HostnameFault};
use crate::shorten::shortened;

/// The page of the rule.
pub const RULE: Rule = Rule {
    code: Code("hostname-not-canonical"),
    action: Action::Deny,
    what: "a host name that is not in canonical form",
    why: "Names are compared letter by letter. What is mapped on the way (upper case, a dot at the end, international letters) would pass one \
          check and be served as something else; labels over 63 characters and addresses can never be asked for by name.",
    bad: r#"
apiVersion: gatewright.dev/v1alpha1
kind: HostnameGrant
metadata: {name: shop}
spec: {namespaces: [shop], hostnames: ["*.example.com"]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: shop}
spec:
  parentRefs: [{namespace: edge, name: public}]
  hostnames: [192.0.2.1]
  rules: [{backendRefs: [{name: web, port: 80}]}]
"#,
    good: r#"
apiVersion: gatewright.dev/v1alpha1
kind: HostnameGrant
metadata: {name: shop}
spec: {namespaces: [shop], hostnames: ["*.example.com"]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: shop}
spec:
  parentRefs: [{namespace: edge, name: public}]
  hostnames: [a.example.com]
  rules: [{backendRefs: [{name: web, port: 80}]}]
"#,
};

pub(in super::super) fn fault(host: &str, fault: &HostnameFault, at: At) -> Fault {
    let hint = match Hostname::lowered(host) {
        Some(lowered) => format!("write `{lowered}`"),
        None => match fault {
            HostnameFault::Address => "write a name that DNS has for it",
            HostnameFault::TooLong(_) | HostnameFault::LabelTooLong(_) => "shorten it",
            HostnameFault::EmptyLabel => "put one dot between two labels",
            HostnameFault::Hyphen(_) => "start and end each label with a letter or digit",
            HostnameFault::Wildcard => "write `*.` before a whole name, or no `*`",
            HostnameFault::Empty => "write a host name",
            _ => "write lower-case letters, digits and hyphens, international names as A-labels (`xn--…`), no scheme, port or path",
        }
        .to_owned(),
    };
    let shown = shortened(host, HOSTNAME_MAX);
    Fault { code: RULE.code, host: host.to_owned(), at, text: format!("`{shown}` {fault}"), hint }
}
