//! Rule: repeated-backend
//!
//! One backend twice in a rule gets the sum of both shares.

use std::collections::BTreeMap;

use super::finding::{full_name, namespace_of, rule};
use super::{Context, Finding, Rule};
use crate::diagnostic::{Code, Severity};

pub(super) static RULE: Rule = Rule {
    code: Code("repeated-backend"),
    severity: Severity::Warning,
    what: "the same backend twice in one rule",
    why: "Its weights add up, so it gets a greater share than either line says. Mostly a copied line whose name was to \
          be changed.",
    source: "Gateway API v1.6.1, `shared_types.go:315-333`: the share is weight/(sum of all weights)",
    bad: r"
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  parentRefs: [{name: public}]
  hostnames: [shop.example.com]
  rules: [{backendRefs: [{name: blue, port: 80, weight: 90}, {name: blue, port: 80, weight: 10}]}]
",
    good: r"
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  parentRefs: [{name: public}]
  hostnames: [shop.example.com]
  rules: [{backendRefs: [{name: blue, port: 80, weight: 90}, {name: green, port: 80, weight: 10}]}]
",
    check,
};

fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for route in &context.model.routes {
        for (index, found) in route.rules.iter().enumerate().filter(|(_, rule)| rule.backends.len() > 1) {
            let mut first = BTreeMap::new();
            for backend in &found.backends {
                let target = &backend.target;
                let namespace = namespace_of(target, &route.meta);
                // With filters of its own it may be there twice for a purpose.
                if !backend.filters.is_empty() {
                    continue;
                }
                let key = (&target.group, &target.kind, namespace, &target.name, backend.port);
                let Some(earlier) = first.insert(key, backend) else { continue };
                let message = format!(
                    "{} stands in `backendRefs[{}]` already; it gets the sum of both weights, {} and {}",
                    full_name(&target.kind, namespace, &target.name),
                    earlier.index,
                    earlier.weight,
                    backend.weight
                );
                let path = rule(index).key("backendRefs").index(backend.index);
                let hint = "name the backend once, with the weight that it is to have";
                out.push(RULE.find(route.meta.object, path, message).hint(hint));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;
    use super::RULE;

    #[test]
    fn tells_ports_namespaces_and_filters_apart() {
        let text = "
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: a}
spec:
  rules:
    - backendRefs:
        - {name: a, port: 80}
        - {name: a, port: 81}
        - {name: a, namespace: other, port: 80}
        - {name: a, namespace: default, port: 80}
        - {name: a, port: 80, filters: [{type: URLRewrite, urlRewrite: {hostname: a.example.com}}]}
";
        assert_eq!(found(&RULE, text), ["0 warning spec.rules[0].backendRefs[3]"]);
    }
}
