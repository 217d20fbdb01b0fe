//! Rule: hostname-long-label
//!
//! Gateway API's pattern bounds the whole name, not its labels.

use super::{Context, Finding, Rule, hosts};
use crate::diagnostic::{Code, Severity};
use crate::hostname::LABEL_MAX;

pub(super) static RULE: Rule = Rule {
    code: Code("hostname-long-label"),
    severity: Severity::Warning,
    what: "a host name with a label of more than 63 characters",
    why: "The API server takes it, for its pattern bounds the whole name only. No resolver can ask for such a name, \
          so no client ever sends it.",
    source: "RFC 1035 2.3.4; Gateway API v1.6.1, type `Hostname`, has no bound on labels",
    bad: r"
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  parentRefs: [{name: public}]
  hostnames: [feature-branch-with-a-name-that-somebody-made-up-in-a-very-long-meeting.example.com]
  rules: [{backendRefs: [{name: shop, port: 80}]}]
",
    good: r"
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  parentRefs: [{name: public}]
  hostnames: [feature-long-meeting.example.com]
  rules: [{backendRefs: [{name: shop, port: 80}]}]
",
    check,
};

fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for (object, place, name) in hosts::of(context.model) {
        if name.len() > LABEL_MAX
            && let Some(label) = name.split('.').find(|label| label.len() > LABEL_MAX)
        {
            let message =
                format!("the label `{label}` has {} characters, but DNS allows {LABEL_MAX}", label.len());
            out.push(RULE.find(object, place.path(), message).hint("shorten the label"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;
    use super::RULE;

    #[test]
    fn takes_sixty_three_characters() {
        for (length, faults) in [(63, 0), (64, 1)] {
            let text = format!(
                "{{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {{name: a}}, \
                 spec: {{hostnames: [{}.example.com]}}}}",
                "a".repeat(length)
            );
            assert_eq!(found(&RULE, &text).len(), faults, "{length}");
        }
    }
}
