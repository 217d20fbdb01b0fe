//! Rule: certificate-one-label
//!
//! The star of a listener stands for any number of labels, that of a certificate for one.

use std::collections::{BTreeMap, BTreeSet};

use super::finding::{named, namespace_of};
use super::{Context, Finding, Rule, hosts};
use crate::check::attach::Joined;
use crate::check::model::Mode;
use crate::diagnostic::{Code, Severity};
use crate::hostname::{covers, wider};

pub(super) static RULE: Rule = Rule {
    code: Code("certificate-one-label"),
    severity: Severity::Warning,
    what: "a route's host name more than one label below the wildcard of the TLS listener that serves it",
    why: "Listener `*.example.com` takes `a.b.example.com`, but a certificate for `*.example.com` does not cover it: \
          the star of a certificate stands for one label. Clients end the handshake with a name mismatch. A Certificate of \
          cert-manager in the input that makes the listener's Secret is asked for its `dnsNames`.",
    source: "RFC 9525 6.3; Gateway API v1.6.1, `site/content/en/docs/concepts/hostnames.md:140-172`",
    bad: r"
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public}
spec:
  gatewayClassName: example
  listeners:
    - {name: all, port: 443, protocol: HTTPS, hostname: '*.example.com', tls: {certificateRefs: [{name: wildcard}]}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  parentRefs: [{name: public}]
  hostnames: [api.shop.example.com]
  rules: [{backendRefs: [{name: shop, port: 80}]}]
",
    good: r"
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public}
spec:
  gatewayClassName: example
  listeners:
    - {name: all, port: 443, protocol: HTTPS, hostname: '*.example.com', tls: {certificateRefs: [{name: wildcard}]}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  parentRefs: [{name: public}]
  hostnames: [api-shop.example.com]
  rules: [{backendRefs: [{name: shop, port: 80}]}]
",
    check,
};

fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let ends_tls = |joined: &&Joined<'_>| {
        let mode = joined.listener.tls.as_ref().map(|tls| tls.mode);
        matches!(joined.listener.protocol.as_ref(), "HTTPS" | "TLS") && mode != Some(Mode::Passthrough)
    };
    // What SNI chooses from, by Gateway and port: a closer listener brings a certificate of its own.
    let mut names: BTreeMap<(Option<usize>, i64), BTreeSet<&str>> = BTreeMap::new();
    for joined in context.attach.listeners.iter().filter(ends_tls) {
        let of_port = names.entry((joined.gateway, joined.listener.port)).or_default();
        of_port.extend(joined.listener.hostname.as_deref());
    }
    let makers = context.model.makers();
    let mut told: BTreeSet<(usize, usize)> = BTreeSet::new();
    for joined in context.attach.listeners.iter().filter(ends_tls) {
        let Some(wildcard) = joined.listener.hostname.as_deref().filter(|name| name.starts_with("*.")) else {
            continue;
        };
        let Some(of_port) = names.get(&(joined.gateway, joined.listener.port)) else { continue };
        let made: Vec<_> = joined
            .certificates()
            .filter_map(|(_, reference)| {
                makers.get(&(namespace_of(reference, joined.meta), &*reference.name))
            })
            .flatten()
            .collect();
        let certified: BTreeSet<&str> =
            made.iter().flat_map(|made| made.names.iter().map(AsRef::as_ref)).collect();
        let certificate = match made.first() {
            Some(made) => named("Certificate", &made.meta),
            None => "the certificate".to_owned(),
        };
        for index in &joined.routes {
            let Some(route) = context.model.routes.get(*index) else { continue };
            for (at, host) in route.hostnames.iter().enumerate() {
                let far = covers(wildcard, host) && labels(host) > labels(wildcard);
                if !far || chosen(host, of_port) != Some(wildcard) {
                    continue;
                }
                if is_certified(host, &certified) || !told.insert((*index, at)) {
                    continue;
                }
                let message = format!(
                    "`{host}` is served by listener `{}` of {}, but a certificate for its `{wildcard}` covers one \
                     label in place of the star only",
                    joined.listener.name,
                    named(joined.owner_kind, joined.meta)
                );
                out.push(RULE.find(route.meta.object, hosts::HostnamePlace::Route(at).path(), message).hint(
                    format!(
                        "add the name to {certificate}, or give it a listener with a certificate of its own"
                    ),
                ));
            }
        }
    }
}

/// Whether a certificate's names have one for a host: its own, or a wildcard in place of its first label.
fn is_certified(host: &str, names: &BTreeSet<&str>) -> bool {
    let wildcard = || host.split_once('.').map(|(_, rest)| format!("*.{rest}"));
    names.contains(host) || wildcard().is_some_and(|wildcard| names.contains(wildcard.as_str()))
}

fn labels(name: &str) -> usize {
    name.split('.').count()
}

/// The most specific listener for a host name.
fn chosen<'n>(host: &str, names: &BTreeSet<&'n str>) -> Option<&'n str> {
    if let Some(own) = names.get(host) {
        return Some(own);
    }
    wider(host).map(|suffix| format!("*{suffix}")).find_map(|wildcard| names.get(wildcard.as_str()).copied())
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;
    use super::RULE;

    #[test]
    fn goes_by_the_closest_listener() {
        let text = "
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gw}
spec:
  gatewayClassName: c
  listeners:
    - {name: a, port: 443, protocol: HTTPS, hostname: '*.example.com', tls: {certificateRefs: [{name: a}]}}
    - {name: b, port: 443, protocol: HTTPS, hostname: '*.b.example.com', tls: {certificateRefs: [{name: b}]}}
    - {name: c, port: 80, protocol: HTTP, hostname: '*.example.com'}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: r}
spec:
  parentRefs: [{name: gw}]
  hostnames: [a.b.example.com, a.example.com, '*.b.example.com', '*.c.example.com', a.a.b.example.com]
";
        assert_eq!(found(&RULE, text), ["1 warning spec.hostnames[3]", "1 warning spec.hostnames[4]"]);
    }

    #[test]
    fn asks_the_certificate_of_cert_manager() {
        let bad = RULE.bad;
        let with = |names: &str, secret: &str, namespace: &str| {
            let certificate = format!(
                "---\napiVersion: cert-manager.io/v1\nkind: Certificate\n\
                 metadata: {{name: all, namespace: {namespace}}}\n\
                 spec: {{secretName: {secret}, dnsNames: [{names}], issuerRef: {{name: ca}}}}\n"
            );
            found(&RULE, &format!("{bad}{certificate}"))
        };
        let told = ["1 warning spec.hostnames[0]"];
        assert!(with("'*.example.com', api.shop.example.com", "wildcard", "default").is_empty());
        assert!(with("'*.shop.example.com'", "wildcard", "default").is_empty());
        assert_eq!(with("'*.example.com'", "wildcard", "default"), told);
        assert_eq!(with("api.shop.example.com", "another", "default"), told);
        assert_eq!(with("api.shop.example.com", "wildcard", "elsewhere"), told);
    }
}
