//! Rule: empty-selector
//!
//! `from: Selector` asks for a selector, and the API server does not insist on it.

use super::finding::listener;
use super::{Context, Finding, Rule, listeners};
use crate::check::model::{From, Selector};
use crate::diagnostic::{Code, Severity};
use crate::path::Path;
use crate::release::NAME_LABEL;

pub(super) static RULE: Rule = Rule {
    code: Code("empty-selector"),
    severity: Severity::Warning,
    what: "`from: Selector` without a selector, or with an empty one",
    why: "An empty selector selects every namespace, so every tenant may attach; one that is absent selects none. Neither \
          is what `Selector` says.",
    source: "Gateway API v1.6.1, `gateway_types.go:354` and `:891`: Selector must be specified when From is set to \
             \"Selector\"; `k8s.io/apimachinery` v0.36.2, `pkg/apis/meta/v1/helpers.go:36-42`",
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
        let path = || listener(found.index).key("allowedRoutes").key("namespaces").key("selector");
        out.extend(finding(&found.allowed.namespaces, meta.object, path, "routes"));
    }
    for gateway in &context.model.gateways {
        let path = || Path::ROOT.key("spec").key("allowedListeners").key("namespaces").key("selector");
        out.extend(finding(&gateway.allowed_listeners, gateway.meta.object, path, "ListenerSets"));
    }
}

fn finding(from: &From<'_>, object: usize, path: impl Fn() -> Path, who: &str) -> Option<Finding> {
    let (message, hint) = match from {
        From::Selector(None) => (
            format!("`from: Selector` without a selector lets {who} of no namespace attach"),
            format!("add a selector, by `{NAME_LABEL}` for one, or write `from: All` or `from: Same`"),
        ),
        From::Selector(Some(Selector { labels, expressions, is_whole: true }))
            if labels.is_empty() && expressions.is_empty() =>
        {
            (
                format!("a selector without a condition lets {who} of every namespace attach"),
                format!("select by `{NAME_LABEL}`, or write `from: All` or `from: Same`"),
            )
        }
        From::Selector(_) | From::All | From::Same | From::None => return None,
    };
    Some(RULE.find(object, path(), message).hint(hint))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{TARGET, found, found_in_refused, judge};
    use super::RULE;

    const ALLOWED_LISTENERS: &str = "
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

    #[test]
    fn looks_at_allowed_listeners_too() {
        assert_eq!(found(&RULE, ALLOWED_LISTENERS), ["0 warning spec.allowedListeners.namespaces.selector"]);
    }

    #[test]
    fn a_condition_of_another_type_is_level_apis_to_tell() {
        for condition in ["matchLabels: {shared: true}", "matchLabel: {shared: a}"] {
            let text = ALLOWED_LISTENERS.replace("selector: {}", &format!("selector: {{{condition}}}"));
            assert!(found_in_refused(&RULE, &text).is_empty(), "{condition}");
        }
    }

    #[test]
    fn tells_an_absent_selector_from_an_empty_one() {
        let message = |text: &str| {
            let [finding] = judge(text, TARGET, false).try_into().expect("one finding");
            finding.diagnostic.message
        };
        let absent = ALLOWED_LISTENERS.replace(", selector: {}", "");
        assert_ne!(message(ALLOWED_LISTENERS), message(&absent));
    }
}
