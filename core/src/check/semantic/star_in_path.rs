//! Rule: star-in-path
//!
//! A star is a character of the path like any other.

use super::{Context, Finding, Rule, finding};
use crate::check::model::TextMatch;
use crate::diagnostic::{Code, Severity};

pub(super) static RULE: Rule = Rule {
    code: Code("star-in-path"),
    severity: Severity::Warning,
    what: "a path of type PathPrefix or Exact that holds a `*`",
    why: "Ingress controllers and proxies of other makes read a star as a wildcard. Gateway API compares it as it \
          stands, so the match waits for requests whose path has a star in it.",
    source: "Gateway API v1.6.1, `httproute_types.go:489-541`",
    bad: r"
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  parentRefs: [{name: public}]
  hostnames: [shop.example.com]
  rules:
    - matches: [{path: {type: PathPrefix, value: /api/*}}]
      backendRefs: [{name: api, port: 80}]
",
    good: r"
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  parentRefs: [{name: public}]
  hostnames: [shop.example.com]
  rules:
    - matches: [{path: {type: PathPrefix, value: /api}}]
      backendRefs: [{name: api, port: 80}]
",
    check,
};

fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for route in context.model.routes.iter().filter(|route| route.kind == "HTTPRoute") {
        for (at, rule) in route.rules.iter().enumerate() {
            for (index, found) in rule.matches.iter().enumerate().filter(|(_, found)| found.is_whole) {
                let (kind, path) = match &found.path {
                    Some(TextMatch::Exact(path)) => ("Exact", path),
                    Some(TextMatch::Prefix(path)) => ("PathPrefix", path),
                    _ => continue,
                };
                let Some((before, _)) = path.split_once('*') else { continue };
                let message = format!(
                    "`*` in a path of type {kind} is no wildcard: `{path}` has to stand so in the request"
                );
                let hint = format!("`{}` of type PathPrefix takes every path below it", prefix(before));
                let place = finding::matching(at, index).key("path").key("value");
                out.push(RULE.find(route.meta.object, place, message).hint(hint));
            }
        }
    }
}

/// The elements of a path that stand whole before its star.
fn prefix(before: &str) -> &str {
    let whole = before.rfind('/').and_then(|end| before.get(..end)).unwrap_or_default();
    if whole.is_empty() { "/" } else { whole }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{found, found_in_refused};
    use super::{RULE, prefix};

    #[test]
    fn hints_at_what_stands_before_the_star() {
        assert_eq!(["/api/", "/api/v", "/", "/img/.", ""].map(prefix), ["/api", "/api", "/", "/img", "/"]);
    }

    #[test]
    fn expressions_may_have_stars() {
        let text = "{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: a}, spec: {rules: \
                    [{matches: [{path: {type: RegularExpression, value: /a.*}}, {path: {type: Exact, value: '/b*'}}]}]}}";
        assert_eq!(found(&RULE, text), ["0 warning spec.rules[0].matches[1].path.value"]);
    }

    #[test]
    fn a_type_that_there_is_none_of_may_have_stars() {
        let text = "{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: a}, spec: {rules: \
                    [{matches: [{path: {type: Glob, value: '/a*'}}]}]}}";
        assert!(found_in_refused(&RULE, text).is_empty());
    }
}
