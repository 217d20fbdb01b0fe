//! Rule: class-not-found
//!
//! A Gateway of a class that is not there.

use std::collections::BTreeSet;

use super::finding::listed;
use super::{Context, Finding, Rule};
use crate::diagnostic::{Code, Severity};
use crate::path::Path;
use crate::values::{COMPARED, nearest};

pub(super) static RULE: Rule = Rule {
    code: Code("class-not-found"),
    severity: Severity::Error,
    what: "a `gatewayClassName` that no GatewayClass has",
    why: "The class says which controller a Gateway is for. Without it none reconciles the Gateway: its conditions stay \
          Unknown with reason Pending (`Waiting for controller`), and nothing listens. Judged with `--complete` only.",
    source: "Gateway API v1.6.1, `gateway_types.go:48`, `:69-72` and `:1263-1266`",
    bad: r"
# with --complete
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: {name: example}
spec: {controllerName: example.com/gateway}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public}
spec:
  gatewayClassName: exampel
  listeners: [{name: http, port: 80, protocol: HTTP}]
",
    good: r"
# with --complete
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: {name: example}
spec: {controllerName: example.com/gateway}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public}
spec:
  gatewayClassName: example
  listeners: [{name: http, port: 80, protocol: HTTP}]
",
    check,
};

fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    if !context.settings.complete {
        return;
    }
    let classes: BTreeSet<&str> =
        context.model.classes.iter().map(|class| class.meta.name.as_ref()).collect();
    for gateway in &context.model.gateways {
        let name = gateway.class.as_ref();
        // An empty one is the API server's to refuse.
        if name.is_empty() || classes.contains(name) {
            continue;
        }
        let message = format!("GatewayClass {name} does not exist, so no controller takes the Gateway");
        let hint = match nearest(name, classes.iter().copied().take(COMPARED)) {
            Some(near) => format!("did you mean `{near}`?"),
            None if classes.is_empty() => "install the controller that has it".to_owned(),
            None => format!("install the controller that has it; there are {}", listed(&classes)),
        };
        let path = Path::ROOT.key("spec").key("gatewayClassName");
        out.push(RULE.find(gateway.meta.object, path, message).hint(hint));
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{TARGET, found, found_in_all, judge};
    use super::RULE;

    #[test]
    fn nothing_is_known_of_the_classes_of_an_input_that_may_lack_some() {
        assert!(found(&RULE, RULE.bad).is_empty());
        assert_eq!(found_in_all(&RULE, RULE.bad), ["1 error spec.gatewayClassName"]);
    }

    #[test]
    fn hints_at_a_near_name_or_at_all_there_are() {
        let hint = |class: &str| {
            let text = RULE.bad.replace("exampel", class);
            judge(&text, TARGET, true).remove(0).diagnostic.hint.into_owned()
        };
        assert_eq!(hint("Example"), "did you mean `example`?");
        assert!(hint("internal").ends_with("there are example"), "{}", hint("internal"));
    }
}
