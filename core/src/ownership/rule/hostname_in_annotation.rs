//! Rule: hostname-in-annotation
//!
//! Annotations make DNS records and virtual hosts too.

use super::super::asked::{Asked, Near};
use super::super::hostname_grant::EVERY_HOST;
use super::super::settings::Action;
use super::{Fault, Rule, ask_for_grant};
use crate::diagnostic::Code;

/// The page of the rule.
pub const RULE: Rule = Rule {
    code: Code("hostname-in-annotation"),
    action: Action::Deny,
    what: "a host name in an annotation that no grant permits the namespace to use",
    why: "external-dns makes a record of `external-dns.kubernetes.io/hostname` (before v0.22 `external-dns.alpha.kubernetes.io/hostname`), \
          on the Service of a Gateway too, and ingress-nginx a server of `server-alias` and of what `from-to-www-redirect` redirects: \
          these names lead requests away as those in `hostnames` do.",
    bad: r#"
apiVersion: gatewright.dev/v1alpha1
kind: HostnameGrant
metadata: {name: shop}
spec: {namespaces: [shop], hostnames: ["*.shop.example.com"]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: shop, annotations: {external-dns.alpha.kubernetes.io/hostname: www.example.com}}
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
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: shop, annotations: {external-dns.alpha.kubernetes.io/hostname: www.shop.example.com}}
spec:
  parentRefs: [{namespace: edge, name: public}]
  hostnames: [pay.shop.example.com]
  rules: [{backendRefs: [{name: web, port: 80}]}]
"#,
};

pub(in super::super) fn fault(asked: &Asked<'_>, near: &Near<'_, '_>) -> Fault {
    if asked.host == EVERY_HOST {
        let what = "every host, by `*` or an expression in an annotation,";
        return Fault::not_granted(RULE.code, what, asked, near, "write plain host names".to_owned());
    }
    let what = format!("`{}` in an annotation", asked.host);
    Fault::not_granted(RULE.code, &what, asked, near, ask_for_grant(asked, near))
}
