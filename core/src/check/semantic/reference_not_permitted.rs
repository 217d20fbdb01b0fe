//! Rule: reference-not-permitted
//!
//! Across namespaces a reference to a backend or certificate needs the consent of the other side.

use std::collections::BTreeMap;

use super::finding::{listener, named, namespace_of};
use super::{Context, Finding, Rule, backends, words};
use crate::check::attach::{Known, NearGrant, Reference, Referrer, near_grant};
use crate::check::model::{Grant, Meta, ObjectRef};
use crate::diagnostic::{Code, Severity};
use crate::path::Path;
use crate::values::quoted;

pub(super) static RULE: Rule = Rule {
    code: Code("reference-not-permitted"),
    severity: Severity::Error,
    what: "a backend, a mirror's backend or a certificate in another namespace without a ReferenceGrant",
    why: "The route or listener gets ResolvedRefs=False with reason RefNotPermitted: the backend's share is lost as that of \
          one that does not exist (`backend-not-found`), the listener is not programmed. The grant stands in the \
          namespace that is referred to; one for a Gateway does not hold for its ListenerSets. Without `--complete` \
          the grant may exist elsewhere, and this is a warning where the input has grants of that namespace, else an \
          info.",
    source: "Gateway API v1.6.1, `referencegrant_types.go`; `shared_types.go` reason RefNotPermitted; \
             `listenerset_types.go:48-51`",
    bad: r"
# with --complete
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: team-b}
spec: {ports: [{port: 80}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop, namespace: team-a}
spec:
  parentRefs: [{name: public}]
  hostnames: [shop.example.com]
  rules: [{backendRefs: [{name: cart, namespace: team-b, port: 80}]}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public, namespace: team-a}
spec: {gatewayClassName: example, listeners: [{name: http, port: 80, protocol: HTTP}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: {name: example}
spec: {controllerName: example.com/gateway}
",
    good: r"
# with --complete
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: team-b}
spec: {ports: [{port: 80}]}
---
apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata: {name: shop-to-cart, namespace: team-b}
spec:
  from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: team-a}]
  to: [{group: '', kind: Service, name: cart}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop, namespace: team-a}
spec:
  parentRefs: [{name: public}]
  hostnames: [shop.example.com]
  rules: [{backendRefs: [{name: cart, namespace: team-b, port: 80}]}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public, namespace: team-a}
spec: {gatewayClassName: example, listeners: [{name: http, port: 80, protocol: HTTP}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: {name: example}
spec: {controllerName: example.com/gateway}
",
    check,
};

/// The first grant of a namespace that opens something there: by namespace, group, kind and name, which is empty for
/// every object of the kind.
type Opening<'c> = BTreeMap<[&'c str; 4], &'c Grant<'c>>;

fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let mut opening = Opening::new();
    for grant in &context.model.grants {
        for ObjectRef { group, kind, name, namespace: _ } in &grant.to {
            opening.entry([&grant.meta.namespace, group, kind, name]).or_insert(grant);
        }
    }
    for route in &context.model.routes {
        for (place, backend) in backends::of(route) {
            let path = || place.path();
            judge(context, &opening, Referrer::route(route), &route.meta, &backend.target, path, out);
        }
    }
    for joined in &context.attach.listeners {
        for (index, certificate) in joined.certificates() {
            let path = || listener(joined.listener.index).key("tls").key("certificateRefs").index(index);
            judge(context, &opening, joined.referrer(), joined.meta, certificate, path, out);
        }
    }
}

fn judge(
    context: &Context<'_>,
    opening: &Opening<'_>,
    from: Referrer<'_>,
    meta: &Meta<'_>,
    target: &ObjectRef<'_>,
    path: impl Fn() -> Path,
    out: &mut Vec<Finding>,
) {
    let namespace = namespace_of(target, meta);
    if namespace == from.namespace {
        return;
    }
    let found = match context.attach.index.grants(from, target, namespace) {
        Known::Yes => return,
        Known::No => Reference::NotPermitted,
        Known::Unknown => Reference::GrantUnknown,
    };
    let message = words::reference(found, from, target);
    let create = format!(
        "create one in `{namespace}` with from `group: {}, kind: {}, namespace: {}` and to `group: '{}', \
         kind: {}, name: {}`",
        from.group, from.kind, from.namespace, target.group, target.kind, target.name
    );
    let hint = match near_grant(&context.attach.index, from, target, namespace) {
        Some(NearGrant { grant, path, found, wanted }) => format!(
            "{} fits but for `{path}`, which is {} where {} is asked for; correct it, or {create}",
            named("ReferenceGrant", &grant.meta),
            in_yaml(found),
            in_yaml(wanted),
        ),
        None => match misplaced(opening, from, target, namespace) {
            Some(grant) => format!(
                "{} stands in the namespace that refers, not in the one that is referred to; correct it, or {create}",
                named("ReferenceGrant", &grant.meta)
            ),
            None => create,
        },
    };
    let seen = opening.range([namespace, "", "", ""]..).next().is_some_and(|([at, ..], _)| *at == namespace);
    let finding = RULE.find(meta.object, path().key("namespace"), message).hint(hint);
    out.push(match (found.is_invalid(), seen) {
        (true, _) => finding,
        (false, true) => finding.at_most(Severity::Warning),
        (false, false) => finding.at_most(Severity::Info),
    });
}

/// A grant for the two namespaces that stands in the one that refers.
fn misplaced<'c>(
    opening: &Opening<'c>,
    from: Referrer<'_>,
    to: &ObjectRef<'_>,
    namespace: &str,
) -> Option<&'c Grant<'c>> {
    let ObjectRef { group, kind, name, namespace: _ } = to;
    let mut grants = [name.as_ref(), ""].into_iter();
    let grant = grants.find_map(|name| opening.get(&[from.namespace, group, kind, name]).copied())?;
    let mut between = grant.from.iter().map(|[.., from]| from.as_ref());
    between.any(|of| of == from.namespace || of == namespace).then_some(grant)
}

/// A group or kind as it is written, the core group too.
fn in_yaml(word: &str) -> String {
    if word.is_empty() { "`''`".to_owned() } else { quoted(word) }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{TARGET, found, found_in_all, judge};
    use super::RULE;

    const TEXT: &str = "
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gw, namespace: edge}
spec:
  gatewayClassName: c
  allowedListeners: {namespaces: {from: Same}}
  listeners:
    - {name: a, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: a, namespace: certs}, {name: b, namespace: certs}]}}
    - {name: passed, port: 8443, protocol: TLS, tls: {mode: Passthrough, certificateRefs: [{name: c, namespace: certs}]}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: ListenerSet
metadata: {name: set, namespace: edge}
spec:
  parentRef: {name: gw}
  listeners: [{name: a, port: 444, protocol: HTTPS, tls: {certificateRefs: [{name: a, namespace: certs}]}}]
---
apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata: {name: g, namespace: certs}
spec:
  from: [{group: gateway.networking.k8s.io, kind: Gateway, namespace: edge}]
  to: [{group: '', kind: Secret, name: a}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: r, namespace: edge}
spec:
  rules: [{filters: [{type: RequestMirror, requestMirror: {backendRef: {name: m, namespace: other, port: 80}}}]}]
";

    #[test]
    fn looks_at_certificates_in_use_and_mirrors_and_inherits_nothing() {
        let expected = [
            "3 error spec.rules[0].filters[0].requestMirror.backendRef.namespace",
            "0 error spec.listeners[0].tls.certificateRefs[1].namespace",
            "1 error spec.listeners[0].tls.certificateRefs[0].namespace",
        ];
        assert_eq!(found_in_all(&RULE, TEXT), expected);
        let weights = ["info", "warning", "warning"];
        let expected = expected.iter().zip(weights).map(|(line, weight)| line.replace("error", weight));
        assert_eq!(found(&RULE, TEXT), expected.collect::<Vec<_>>());
    }

    #[test]
    fn a_grant_that_fits_but_for_one_field_is_named_with_the_field() {
        let hint = |text: &str| {
            let mut found = judge(text, TARGET, true).into_iter();
            found.find(|finding| finding.diagnostic.code == RULE.code).map(|found| found.diagnostic.hint)
        };
        assert_eq!(hint(RULE.good), None);
        for (from, to, expected) in [
            (
                "kind: HTTPRoute, namespace",
                "kind: GRPCRoute, namespace",
                "`spec.from[0].kind`, which is `GRPCRoute` where `HTTPRoute` is asked for",
            ),
            (
                "{group: gateway.networking.k8s.io,",
                "{group: '',",
                "`spec.from[0].group`, which is `''` where `gateway.networking.k8s.io` is asked for",
            ),
            ("[{group: '',", "[{group: core,", "`spec.to[0].group`, which is `core` where `''` is asked for"),
        ] {
            let text = RULE.good.replace(from, to);
            assert_ne!(text, RULE.good);
            let hint = hint(&text).expect("the reference is not permitted");
            assert!(
                hint.starts_with(&format!("ReferenceGrant team-b/shop-to-cart fits but for {expected}; ")),
                "{hint}"
            );
        }
        for (namespaces, permitted) in
            [(["team-a", "team-a"], true), (["team-a", "team-b"], true), (["team-a", "x"], false)]
        {
            let [own, from] = namespaces;
            let text = RULE
                .good
                .replace("shop-to-cart, namespace: team-b", &format!("shop-to-cart, namespace: {own}"));
            let text = text.replace("HTTPRoute, namespace: team-a", &format!("HTTPRoute, namespace: {from}"));
            let hint = hint(&text).expect("the reference is not permitted");
            let misplaced =
                hint.starts_with("ReferenceGrant team-a/shop-to-cart stands in the namespace that refers");
            assert_eq!(misplaced, permitted, "{hint}");
        }
        for (from, to) in [
            ("namespace: team-a}]\n  to", "namespace: team-c}]\n  to"),
            ("name: cart}]\n---", "name: other}]\n---"),
        ] {
            let text = RULE.good.replace(from, to);
            assert_ne!(text, RULE.good);
            assert!(hint(&text).expect("the reference is not permitted").starts_with("create one"));
        }
    }
}
