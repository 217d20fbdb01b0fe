//! Rule: header-name-case
//!
//! The CRD compares header names by their bytes, HTTP without regard to case.

use std::borrow::Cow;

use super::finding::{matching, rule};
use super::{Context, Finding, Rule};
use crate::check::model::{Filter, FilterKind};
use crate::diagnostic::{Code, Severity};
use crate::path::Path;

pub(super) static RULE: Rule = Rule {
    code: Code("header-name-case"),
    severity: Severity::Warning,
    what: "a header name twice in one match or filter, in different case",
    why: "Header names are the same in any case, so only the first entry counts and the others are ignored: a match \
          takes more requests than it says.",
    source: "Gateway API v1.6.1, `httproute_types.go:617-621` and `:1027-1030`",
    bad: r"
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  hostnames: [shop.example.com]
  rules:
    - matches: [{headers: [{name: X-Tenant, value: a}, {name: x-tenant, value: b}]}]
      backendRefs: [{name: shop, port: 80}]
",
    good: r"
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  hostnames: [shop.example.com]
  rules:
    - matches: [{headers: [{name: X-Tenant, value: a}]}, {headers: [{name: X-Tenant, value: b}]}]
      backendRefs: [{name: shop, port: 80}]
",
    check,
};

fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for route in &context.model.routes {
        let object = route.meta.object;
        for (index, found) in route.rules.iter().enumerate() {
            for (at, one) in found.matches.iter().enumerate() {
                let names = one.headers.iter().map(|(name, _)| name);
                repeated(object, || matching(index, at).key("headers"), names, out);
            }
            let path = || rule(index).key("filters");
            filters(object, path, &found.filters, out);
            for backend in &found.backends {
                let path = || rule(index).key("backendRefs").index(backend.index).key("filters");
                filters(object, path, &backend.filters, out);
            }
        }
    }
}

fn filters(object: usize, path: impl Fn() -> Path, filters: &[Filter<'_>], out: &mut Vec<Finding>) {
    for filter in filters {
        let FilterKind::Headers { request, set, add, remove } = &filter.kind else { continue };
        let key = if *request { "requestHeaderModifier" } else { "responseHeaderModifier" };
        let below = |list: &str| path().index(filter.index).key(key).key(list);
        repeated(object, || below("set"), set.iter().map(|(name, _)| name), out);
        repeated(object, || below("add"), add.iter().map(|(name, _)| name), out);
        repeated(object, || below("remove"), remove.iter(), out);
    }
}

/// Reports names that an earlier one of the list equals but for case. Equal ones the API server refuses.
/// Lists have 16 items at most.
fn repeated<'m>(
    object: usize,
    path: impl Fn() -> Path,
    names: impl Iterator<Item = &'m Cow<'m, str>>,
    out: &mut Vec<Finding>,
) {
    let mut earlier: Vec<&str> = Vec::new();
    for (index, name) in names.enumerate() {
        if let Some(first) = earlier.iter().find(|first| first.eq_ignore_ascii_case(name)) {
            let message =
                format!("`{name}` is the same header as `{first}` before it, so this entry is ignored");
            let hint = "keep one of the two; alternatives are matches of their own";
            out.push(RULE.find(object, path().index(index), message).hint(hint));
        }
        earlier.push(name);
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;
    use super::RULE;

    #[test]
    fn looks_at_filters() {
        let text = "
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: a}
spec:
  rules:
    - filters:
        - type: RequestHeaderModifier
          requestHeaderModifier: {set: [{name: A, value: v}, {name: a, value: w}], remove: [b, B]}
";
        assert_eq!(
            found(&RULE, text),
            [
                "0 warning spec.rules[0].filters[0].requestHeaderModifier.set[1]",
                "0 warning spec.rules[0].filters[0].requestHeaderModifier.remove[1]"
            ]
        );
    }
}
