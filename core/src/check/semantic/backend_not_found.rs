//! Rule: backend-not-found
//!
//! A backend that is not there gets its share of requests all the same, and answers them with 500.

use std::borrow::Cow;

use super::finding::{Seen, full_name, is_service, namespace_of};
use super::{Context, Finding, Rule, backends};
use crate::diagnostic::{Code, Severity};
use crate::values::nearest;

pub(super) static RULE: Rule = Rule {
    code: Code("backend-not-found"),
    severity: Severity::Error,
    what: "a backend Service, or a port of it, that does not exist",
    why: "The route gets ResolvedRefs=False with reason BackendNotFound, and the share of requests that the backend \
          would get is answered with 500. Looked for in namespaces of which at least one Service was given, and \
          there a missing Service is a warning; with `--complete` in all.",
    source: "Gateway API v1.6.1, `httproute_types.go:267-288`; `shared_types.go` reason BackendNotFound",
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
  hostnames: [shop.example.com]
  rules: [{backendRefs: [{name: shop, port: 8080}]}]
",
    check,
};

/// Most ports that a message lists; our own bound.
const LISTED: usize = 8;

fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let known = Seen::services(context.model, context.settings.complete);
    for route in &context.model.routes {
        for (place, backend) in backends::of(route).filter(|(_, backend)| is_service(&backend.target)) {
            let namespace = namespace_of(&backend.target, &route.meta);
            let name = backend.target.name.as_ref();
            let service = context.model.services.get(&(Cow::Borrowed(namespace), Cow::Borrowed(name)));
            let Some(service) = service else {
                if known.holds(namespace) {
                    let message = format!(
                        "{} does not exist, so its share of requests is answered with 500",
                        full_name("Service", namespace, name)
                    );
                    let finding = RULE.find(route.meta.object, place.path().key("name"), message);
                    // Another Service of the namespace may come from elsewhere all the same.
                    let finding =
                        if context.settings.complete { finding } else { finding.at_most(Severity::Warning) };
                    out.push(finding.hint(absent(context, namespace, name)));
                }
                continue;
            };
            let Some(port) = backend.port else { continue };
            // A Service of type ExternalName needs no ports.
            if service.external_name && service.ports.is_empty()
                || service.ports.iter().any(|known| known.number == port)
            {
                continue;
            }
            let message = format!("{} has no port {port}", full_name("Service", namespace, name));
            let ports: Vec<String> =
                service.ports.iter().take(LISTED).map(|port| port.number.to_string()).collect();
            let hint = if ports.is_empty() {
                "give the Service ports".to_owned()
            } else {
                format!(
                    "its ports are {}; `port` is the Service's port, not the targetPort",
                    ports.join(", ")
                )
            };
            out.push(RULE.find(route.meta.object, place.path().key("port"), message).hint(hint));
        }
    }
}

/// What to do about a Service that is not there: most often its name is misspelt.
fn absent(context: &Context<'_>, namespace: &str, name: &str) -> String {
    /// Most Services whose names are compared; our own bound.
    const COMPARED: usize = 256;
    let from = (Cow::Borrowed(namespace), Cow::Borrowed(""));
    let names = context.model.services.range(from..).take_while(|((found, _), _)| found == namespace);
    match nearest(name, names.take(COMPARED).map(|((_, name), _)| name.as_ref())) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "create it, or correct the name".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{found, found_in_all};
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
}
