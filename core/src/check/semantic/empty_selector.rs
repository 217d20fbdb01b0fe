//! Rule: empty-selector
//!
//! `from: Selector` asks for a selector, and the API server does not insist on it.

use super::finding::listener;
use super::{Context, Finding, Rule, listeners};
use crate::check::model::From;
use crate::diagnostic::{Code, Severity};
use crate::path::Path;

pub(super) static RULE: Rule = Rule {
    code: Code("empty-selector"),
    severity: Severity::Warning,
    what: "`from: Selector` without a selector, or with an empty one",
    why: "An empty selector selects every namespace, so every tenant may attach; one that is absent selects none, or \
          makes the controller refuse the listener. Neither is what `Selector` says.",
    source: "Gateway API v1.6.1, `gateway_types.go:354` and `:891`: Selector must be specified when From is set to \
             \"Selector\"",
    bad: r"
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public}
spec:
  gatewayClassName: example
  listeners:
    - name: http
      port: 80
      protocol: HTTP
      allowedRoutes: {namespaces: {from: Selector}}
",
    good: r"
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public}
spec:
  gatewayClassName: example
  listeners:
    - name: http
      port: 80
      protocol: HTTP
      allowedRoutes:
        namespaces:
          from: Selector
          selector: {matchLabels: {kubernetes.io/metadata.name: team-a}}
",
    check,
};

fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for (_, meta, found) in listeners::of(context.model) {
        if is_empty(&found.allowed.namespaces) {
            let path = listener(found.index).key("allowedRoutes").key("namespaces").key("selector");
            out.push(finding(meta.object, path, "routes"));
        }
    }
    for gateway in &context.model.gateways {
        if is_empty(&gateway.allowed_listeners) {
            let path = Path::ROOT.key("spec").key("allowedListeners").key("namespaces").key("selector");
            out.push(finding(gateway.meta.object, path, "ListenerSets"));
        }
    }
}

fn is_empty(from: &From<'_>) -> bool {
    matches!(from, From::Selector(selector) if selector.labels.is_empty() && selector.expressions.is_empty())
}

fn finding(object: usize, path: Path, who: &str) -> Finding {
    let message = format!(
        "`from: Selector` without a condition lets {who} of every namespace attach if the selector is `{{}}`, and \
         of none if it is absent"
    );
    RULE.find(object, path, message)
        .hint("select by `kubernetes.io/metadata.name`, or write `from: All` or `from: Same`")
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;
    use super::RULE;

    #[test]
    fn looks_at_allowed_listeners_too() {
        let text = "
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gw}
spec:
  gatewayClassName: c
  allowedListeners: {namespaces: {from: Selector, selector: {}}}
  listeners:
    - name: a
      port: 80
      protocol: HTTP
      allowedRoutes: {namespaces: {from: Selector, selector: {matchExpressions: [{key: a, operator: Exists}]}}}
";
        assert_eq!(found(&RULE, text), ["0 warning spec.allowedListeners.namespaces.selector"]);
    }
}
