//! Rule: backend-not-found
//!
//! A backend that is not there keeps its share of requests, and nobody serves them.

use std::borrow::Cow;

use super::finding::{Seen, is_service, listed, namespace_of};
use super::{Context, Finding, Rule, backends, words};
use crate::check::attach::{self, Reference};
use crate::diagnostic::{Code, Severity};
use crate::values::{COMPARED, nearest};

pub(super) static RULE: Rule = Rule {
    code: Code("backend-not-found"),
    severity: Severity::Error,
    what: "a backend Service, or a port of it, that does not exist",
    why: "The route gets ResolvedRefs=False with reason BackendNotFound, and the backend keeps its share: of an HTTPRoute \
          these requests are answered with 500, of a GRPCRoute with the status UNAVAILABLE; the connections of a \
          TLSRoute or TCPRoute are rejected, the packets of a UDPRoute dropped. A mirror's backend gets no copies, \
          and requests are not affected. Looked for in namespaces of which at least one Service was given, and \
          there a missing Service is a warning; with `--complete` in all.",
    source: "Gateway API v1.6.1, `httproute_types.go:267-288` and `:1323-1326`, `grpcroute_types.go:258-270`, \
             `tlsroute_types.go:133-138`, `tcproute_types.go:73-77`, `udproute_types.go:73-77`; `shared_types.go` \
             reason BackendNotFound",
    bad: r"
apiVersion: v1
kind: Service
metadata: {name: shop}
spec: {ports: [{port: 8080}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  parentRefs: [{name: public}]
  hostnames: [shop.example.com]
  rules: [{backendRefs: [{name: shop, port: 80}]}]
",
    good: r"
apiVersion: v1
kind: Service
metadata: {name: shop}
spec: {ports: [{port: 8080}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  parentRefs: [{name: public}]
  hostnames: [shop.example.com]
  rules: [{backendRefs: [{name: shop, port: 8080}]}]
",
    check,
};

fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let known = Seen::services(context.model, context.settings.complete);
    for route in &context.model.routes {
        for (place, backend) in backends::of(route).filter(|(_, backend)| is_service(&backend.target)) {
            let namespace = namespace_of(&backend.target, &route.meta);
            let find = |field, found| {
                let (words, loss) = (words::backend(found, route, backend), place.loss(route.kind));
                RULE.find(route.meta.object, place.path().key(field), format!("{words}, so {loss}"))
            };
            match attach::service(&context.attach.index, route, backend) {
                found @ (Reference::NotFound | Reference::ObjectUnknown) if known.holds(namespace) => {
                    let finding = find("name", Reference::NotFound);
                    // Another Service of the namespace may come from elsewhere all the same.
                    let finding =
                        if found.is_invalid() { finding } else { finding.at_most(Severity::Warning) };
                    out.push(finding.hint(absent(context, namespace, &backend.target.name)));
                }
                found @ Reference::NoSuchPort => {
                    let finding = find("port", found);
                    out.push(finding.hint(ports(context, namespace, &backend.target.name)));
                }
                _ => {}
            }
        }
    }
}

/// What to do about a port that is not there.
fn ports(context: &Context<'_>, namespace: &str, name: &str) -> String {
    let ports = context.attach.index.service(namespace, name).map_or(&[][..], |service| &service.ports);
    if ports.is_empty() {
        return "give the Service ports".to_owned();
    }
    let ports = listed(ports.iter().map(|port| port.number));
    format!("its ports are {ports}; `port` is the Service's port, not the targetPort")
}

/// What to do about a Service that is not there: most often its name is misspelt.
fn absent(context: &Context<'_>, namespace: &str, name: &str) -> String {
    let from = (Cow::Borrowed(namespace), Cow::Borrowed(""));
    let names = context.model.services.range(from..).take_while(|((found, _), _)| found == namespace);
    match nearest(name, names.take(COMPARED).map(|((_, name), _)| name.as_ref())) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "create it, or correct the name".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{found, found_in_all, found_in_refused};
    use super::RULE;

    const ROUTE: &str = "
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: a}
spec:
  rules:
    - filters: [{type: RequestMirror, requestMirror: {backendRef: {name: copy, port: 80}}}]
      backendRefs: [{name: a, port: 80}]
";

    #[test]
    fn knows_nothing_of_a_namespace_without_services() {
        assert!(found(&RULE, ROUTE).is_empty());
        let elsewhere =
            format!("{{apiVersion: v1, kind: Service, metadata: {{name: b, namespace: b}}}}\n---{ROUTE}");
        assert!(found(&RULE, &elsewhere).is_empty());
        assert_eq!(found_in_all(&RULE, ROUTE).len(), 2);
    }

    #[test]
    fn looks_at_mirrors() {
        let text = format!(
            "{{apiVersion: v1, kind: Service, metadata: {{name: a}}, spec: {{ports: [{{port: 80}}]}}}}\n---{ROUTE}"
        );
        assert_eq!(found(&RULE, &text), ["1 warning spec.rules[0].filters[0].requestMirror.backendRef.name"]);
    }

    #[test]
    fn says_nothing_of_a_backend_without_a_name() {
        let text =
            ROUTE.replace("{name: a, port: 80}", "{nam: a, port: 80}").replace("backendRef: {", "backend: {");
        assert!(found_in_refused(&RULE, &text).is_empty());
    }

    /// The predicted status says the same: `attach::service` judges both.
    #[test]
    fn only_an_external_name_needs_no_ports() {
        for (spec, expected) in [
            ("{type: ExternalName, externalName: a.example.com}", vec![]),
            ("{clusterIP: None}", vec!["1 error spec.rules[0].backendRefs[0].port"]),
        ] {
            let text = format!(
                "{{apiVersion: v1, kind: Service, metadata: {{name: a}}, spec: {spec}}}\n---{}",
                ROUTE.replace("name: copy", "name: a, namespace: b")
            );
            assert_eq!(found(&RULE, &text), expected, "{spec}");
        }
    }
}
