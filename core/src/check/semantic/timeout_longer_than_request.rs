//! Rule: timeout-longer-than-request
//!
//! The CRD's rule compares the two durations as numbers, and zero is the longest of all.

use super::finding::rule;
use super::{Context, Finding, Rule};
use crate::diagnostic::{Code, Severity};

pub(super) static RULE: Rule = Rule {
    code: Code("timeout-longer-than-request"),
    severity: Severity::Warning,
    what: "a `backendRequest` timeout that is switched off, or no shorter than the `request` timeout around it",
    why: "The request timeout encloses all tries at the backend. A try that may take as long as the whole leaves no \
          time for a second one, so retries never happen; and zero, which the API server takes for less than any \
          bound, switches a timeout off.",
    source: "Gateway API v1.6.1, `httproute_types.go:340-385`, type HTTPRouteTimeouts",
    bad: r"
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  parentRefs: [{name: public}]
  hostnames: [shop.example.com]
  rules:
    - timeouts: {request: 10s, backendRequest: 0s}
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
    - timeouts: {request: 10s, backendRequest: 3s}
      backendRefs: [{name: shop, port: 80}]
",
    check,
};

fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for route in &context.model.routes {
        for (index, found) in route.rules.iter().enumerate() {
            let [Some(request), Some(backend)] = &found.timeouts else { continue };
            let (Some(whole), Some(one)) = (milliseconds(request), milliseconds(backend)) else { continue };
            if whole == 0 || one != 0 && one < whole {
                continue;
            }
            let path = rule(index).key("timeouts").key("backendRequest");
            let object = route.meta.object;
            out.push(if one == 0 {
                let message = format!(
                    "`{backend}` switches this timeout off, though `request` ends everything after {request}"
                );
                RULE.find(object, path, message).hint("leave it out, or set it below `request`")
            } else if one == whole {
                let message =
                    format!("`{backend}` is as long as `request`, so no time is left for a second try");
                RULE.find(object, path, message)
                    .at_most(Severity::Info)
                    .hint("set it below `request`, or leave it out where nothing is tried again")
            } else {
                let message =
                    format!("`{backend}` is longer than `request`, which ends everything after {request}");
                RULE.find(object, path, message).hint("set it below `request`")
            });
        }
    }
}

/// A duration as Gateway API writes it: `1h2m3s4ms`.
fn milliseconds(duration: &str) -> Option<u64> {
    let mut rest = duration;
    let mut total = 0_u64;
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (number, unit_on) = rest.split_at_checked(digits)?;
        let units = [("ms", 1), ("h", 3_600_000), ("m", 60_000), ("s", 1_000)];
        let (unit, scale) = units.into_iter().find(|(unit, _)| unit_on.starts_with(unit))?;
        total = total.checked_add(number.parse::<u64>().ok()?.checked_mul(scale)?)?;
        rest = unit_on.get(unit.len()..)?;
    }
    Some(total)
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;
    use super::{RULE, milliseconds};

    #[test]
    fn reads_durations() {
        assert_eq!(milliseconds("1h2m3s4ms"), Some(3_723_004));
        assert_eq!(milliseconds("500ms"), Some(500));
        for other in ["1", "s", "1d", "1.5s"] {
            assert_eq!(milliseconds(other), None, "{other}");
        }
    }

    #[test]
    fn compares_the_two() {
        for (request, backend, expected) in [
            ("10s", "9999ms", ""),
            ("10s", "10000ms", "info"),
            ("0s", "0s", ""),
            ("0s", "5s", ""),
            ("1s", "0h", "warning"),
        ] {
            let text = format!(
                "{{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {{name: a}}, \
                 spec: {{rules: [{{timeouts: {{request: {request}, backendRequest: {backend}}}}}]}}}}"
            );
            let found = found(&RULE, &text).join("");
            assert!(
                found.contains(expected) && found.is_empty() == expected.is_empty(),
                "{request} {backend}: {found}"
            );
        }
    }
}
