//! Rule: listener-widens
//!
//! A listener that grows takes routes along that nobody asks again.

use super::super::settings::Action;
use super::super::uses::At;
use super::{Fault, Rule};
use crate::diagnostic::Code;
use crate::shorten::first;

/// The page of the rule.
pub const RULE: Rule = Rule {
    code: Code("listener-widens"),
    action: Action::Deny,
    what: "a change of listeners by which routes serve what they may not",
    why: "Routes without host names were admitted by the hosts that their listeners had then. A listener that loses its host name, or lets \
          more namespaces attach, has them serve more without a write of theirs. A ListenerSet that joins another Gateway takes all of \
          its routes there, with their own host names too, whatever Gateways their grants are for.",
    bad: r#"
apiVersion: gatewright.dev/v1alpha1
kind: HostnameGrant
metadata: {name: platform}
spec: {namespaces: [edge], hostnames: ["*"], kinds: [Gateway]}
---
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
  rules: [{backendRefs: [{name: web, port: 80}]}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public, namespace: edge}
spec:
  gatewayClassName: example
  listeners: [{name: http, protocol: HTTP, port: 80, allowedRoutes: {namespaces: {from: All}}}]
"#,
    good: r#"
apiVersion: gatewright.dev/v1alpha1
kind: HostnameGrant
metadata: {name: platform}
spec: {namespaces: [edge], hostnames: ["*"], kinds: [Gateway]}
---
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
  rules: [{backendRefs: [{name: web, port: 80}]}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public, namespace: edge}
spec:
  gatewayClassName: example
  listeners: [{name: http, protocol: HTTP, port: 80, hostname: "*.shop.example.com", allowedRoutes: {namespaces: {from: All}}}]
"#,
};

/// Most routes that are named.
const NAMED: usize = 3;

/// `routes` are those that would serve more: each with what its worst fault does, its kind and name, and that fault. Those are named
/// whose fault does `does`.
pub(in super::super) fn fault(routes: &[(Action, String, Fault)], does: Action) -> Option<Fault> {
    let mut those = routes.iter().filter(|(action, ..)| *action == does);
    let (.., fault) = those.clone().next()?;
    let named = first(NAMED, &mut || Some(those.next()?.1.clone()));
    Some(Fault {
        code: RULE.code,
        host: fault.host.clone(),
        at: At::Object,
        text: format!("by its listeners {named} would serve what they may not: {}", fault.text),
        hint: "if they have no `hostnames`, give the listener one that is granted to them; else keep them out by `allowedRoutes`, or \
               have it granted first"
            .to_owned(),
    })
}
