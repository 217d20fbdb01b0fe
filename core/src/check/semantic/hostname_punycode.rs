//! Rule: hostname-punycode
//!
//! A label that starts with `xn--` must be the encoding of a label that IDNA allows.

use super::{Context, Finding, Rule, hosts};
use crate::diagnostic::{Code, Severity};

pub(super) static RULE: Rule = Rule {
    code: Code("hostname-punycode"),
    severity: Severity::Warning,
    what: "a host name with a label that starts with `xn--` but encodes no international name",
    why: "Such a label is reserved for international names. Browsers and registries refuse one that does not \
          decode, so the host is never asked for; mostly a letter was lost on the way.",
    source: "RFC 5890 2.3.2.1; UTS 46 section 4",
    bad: r"
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  parentRefs: [{name: public}]
  hostnames: [xn--bcher-kv.example.com]
  rules: [{backendRefs: [{name: shop, port: 80}]}]
",
    good: r"
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  parentRefs: [{name: public}]
  hostnames: [xn--bcher-kva.example.com]
  rules: [{backendRefs: [{name: shop, port: 80}]}]
",
    check,
};

fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for (object, place, name) in hosts::of(context.model) {
        for label in name.split('.').filter(|label| label.starts_with("xn--") && !is_encoded(label)) {
            let message = format!(
                "the label `{label}` starts with `xn--`, but IDNA decodes it to no international name"
            );
            out.push(
                RULE.find(object, place.path(), message)
                    .hint("encode the name anew: `bücher` is `xn--bcher-kva`"),
            );
        }
    }
}

/// Whether a label decodes, and back to itself.
fn is_encoded(label: &str) -> bool {
    let (decoded, result) = idna::domain_to_unicode(label);
    result.is_ok() && idna::domain_to_ascii(&decoded).is_ok_and(|encoded| encoded == label)
}

#[cfg(test)]
mod tests {
    use super::is_encoded;

    #[test]
    fn decodes_labels() {
        for label in ["xn--bcher-kva", "xn--fiqs8s", "xn--p1ai", "xn--strae-oqa"] {
            assert!(is_encoded(label), "{label}");
        }
        for label in ["xn--", "xn--a", "xn--bcher-kv", "xn--abc-", "xn--99999999"] {
            assert!(!is_encoded(label), "{label}");
        }
    }
}
