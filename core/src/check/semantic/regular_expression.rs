//! Rule: regular-expression
//!
//! What RE2 (Envoy, Go) and Rust's regex read alike works nearly everywhere.

use super::finding::matching;
use super::{Context, Finding, Rule, expression};
use crate::check::model::TextMatch;
use crate::diagnostic::{Code, Severity};

pub(super) static RULE: Rule = Rule {
    code: Code("regular-expression"),
    severity: Severity::Warning,
    what: "a regular expression that RE2 or Rust's regex cannot read, or that they read in different ways",
    why: "Gateway API leaves the dialect to the controller. Envoy and Go read RE2, others PCRE or Rust's regex; what \
          one of them cannot read takes the rule, and with some controllers the whole route, out of service.",
    source: "Gateway API v1.6.1, `httproute_types.go:520-530`; RE2 syntax, github.com/google/re2/wiki/Syntax; regex 1.12",
    bad: r"
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  parentRefs: [{name: public}]
  hostnames: [shop.example.com]
  rules:
    - matches: [{path: {type: RegularExpression, value: '/(?!admin).*'}}]
      backendRefs: [{name: shop, port: 80}]
",
    good: r"
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  parentRefs: [{name: public}]
  hostnames: [shop.example.com]
  rules:
    - matches: [{path: {type: RegularExpression, value: '/(cart|items)/[0-9]+'}}]
      backendRefs: [{name: shop, port: 80}]
",
    check,
};

fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for route in &context.model.routes {
        for (rule, found) in route.rules.iter().enumerate() {
            for (index, one) in found.matches.iter().enumerate() {
                let path = || matching(rule, index);
                let grpc = route.kind == "GRPCRoute";
                let parts = if grpc {
                    [("method", "method"), ("method", "service")]
                } else {
                    [("path", "value"), ("", "")]
                };
                for (text, (key, below)) in [&one.path, &one.service].into_iter().zip(parts) {
                    if let Some(message) = text.as_ref().and_then(fault) {
                        out.push(finding(route.meta.object, path().key(key).key(below), message));
                    }
                }
                for (key, list) in [("headers", &one.headers), ("queryParams", &one.query_params)] {
                    for (at, (_, text)) in list.iter().enumerate() {
                        if let Some(message) = fault(text) {
                            let path = path().key(key).index(at).key("value");
                            out.push(finding(route.meta.object, path, message));
                        }
                    }
                }
            }
        }
    }
}

/// Most characters of an expression that a message repeats; our own bound.
const SHOWN: usize = 80;

fn fault(text: &TextMatch<'_>) -> Option<(String, &'static str)> {
    let TextMatch::Expression(text) = text else { return None };
    let expression::Fault { at, kind } = expression::check(text).err()?;
    let (found, hint) = kind.words();
    let place = text.get(..at).map_or(0, |before| before.chars().count()) + 1;
    let shown = match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_string(),
    };
    let message =
        format!("{found} at character {place} of `{shown}`, which RE2 and Rust's regex do not both read");
    Some((message, hint))
}

fn finding(object: usize, path: crate::path::Path, (message, hint): (String, &'static str)) -> Finding {
    RULE.find(object, path, message).hint(hint)
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;
    use super::RULE;

    #[test]
    fn looks_at_every_place() {
        let text = "
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: a}
spec:
  rules:
    - matches:
        - headers: [{name: a, type: RegularExpression, value: '('}, {name: b, value: '('}]
          queryParams: [{name: a, type: RegularExpression, value: '*'}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: GRPCRoute
metadata: {name: b}
spec:
  rules: [{matches: [{method: {type: RegularExpression, service: 'a(?=b)', method: 'c'}}]}]
";
        assert_eq!(
            found(&RULE, text),
            [
                "0 warning spec.rules[0].matches[0].headers[0].value",
                "0 warning spec.rules[0].matches[0].queryParams[0].value",
                "1 warning spec.rules[0].matches[0].method.service"
            ]
        );
    }
}
