//! Rule: hostname-single-label
//!
//! A name without a dot, or a wildcard over one label, is seldom what was meant.

use super::{Context, Finding, Rule, hosts};
use crate::diagnostic::{Code, Severity};

pub(super) static RULE: Rule = Rule {
    code: Code("hostname-single-label"),
    severity: Severity::Info,
    what: "a host name of a single label, or a wildcard over a single label",
    why: "Clients complete a name without a dot by their own search list and then send it as they were given it, so \
          the same host is asked for under other names too. No public authority certifies such a name, nor a \
          wildcard over a top-level domain.",
    source: "CA/Browser Forum Baseline Requirements 2.1.4, 4.2.2 and 3.2.2.6",
    bad: r"
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  parentRefs: [{name: public}]
  hostnames: [shop]
  rules: [{backendRefs: [{name: shop, port: 80}]}]
",
    good: r"
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  parentRefs: [{name: public}]
  hostnames: [shop.example.com]
  rules: [{backendRefs: [{name: shop, port: 80}]}]
",
    check,
};

fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for (object, place, name) in hosts::of(context.model) {
        let message = match name.strip_prefix("*.") {
            Some(rest) if !rest.contains('.') => {
                format!("`{name}` stands for every host below the top-level domain `{rest}`")
            }
            // `*` alone is the API server's to refuse.
            None if !name.contains('.') && name != "*" => {
                format!(
                    "`{name}` has a single label, so it names a host only where a search list completes it"
                )
            }
            _ => continue,
        };
        out.push(RULE.find(object, place.path(), message).hint("write the full name, with its domain"));
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{found, found_in_refused};
    use super::RULE;

    #[test]
    fn a_star_alone_is_left_to_the_api_server() {
        assert!(found_in_refused(&RULE, &RULE.bad.replace("[shop]", "['*']")).is_empty());
    }

    #[test]
    fn finds_wildcards_over_one_label() {
        let text = "{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: a}, \
                    spec: {hostnames: ['*.com', '*.example.com', pve]}}";
        assert_eq!(found(&RULE, text), ["0 info spec.hostnames[0]", "0 info spec.hostnames[2]"]);
    }
}
