//! Rule: wide-grant
//!
//! A grant without names lets others refer to everything of a kind.

use std::collections::BTreeSet;

use super::finding::listed;
use super::useless_grant::{lets_nobody_in, opens_nothing};
use super::{Context, Finding, Rule};
use crate::check::model::ObjectRef;
use crate::diagnostic::{Code, Severity};
use crate::path::Path;

pub(super) static RULE: Rule = Rule {
    code: Code("wide-grant"),
    severity: Severity::Warning,
    what: "a ReferenceGrant that names no object, so that it is for all of a kind",
    why: "Whoever may write routes or Gateways in the namespace that is let in can then serve every Service, or show \
          every certificate, of this one, those of tomorrow included.",
    source: "Gateway API v1.6.1, `site/content/en/docs/concepts/security.md`: set `to.name` always",
    bad: r"
apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata: {name: from-edge, namespace: certs}
spec:
  from: [{group: gateway.networking.k8s.io, kind: Gateway, namespace: edge}]
  to: [{group: '', kind: Secret}]
",
    good: r"
apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata: {name: from-edge, namespace: certs}
spec:
  from: [{group: gateway.networking.k8s.io, kind: Gateway, namespace: edge}]
  to: [{group: '', kind: Secret, name: shop-cert}]
",
    check,
};

fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for grant in &context.model.grants {
        let own = grant.meta.namespace.as_ref();
        let from = grant.from.iter().map(|item| item.each_ref().map(AsRef::as_ref));
        let from = from.filter(|item| !lets_nobody_in(*item, own));
        let namespaces: BTreeSet<&str> = from.map(|[.., namespace]| namespace).collect();
        if namespaces.is_empty() {
            continue;
        }
        let namespaces = listed(namespaces.iter().map(|namespace| format!("`{namespace}`")));
        let wide = |(_, to): &(usize, &ObjectRef<'_>)| to.name.is_empty() && !opens_nothing(to);
        for (index, to) in grant.to.iter().enumerate().filter(wide) {
            let message = format!(
                "lets {namespaces} refer to every {} in namespace `{}`, for `name` is not set",
                to.kind, own
            );
            let path = Path::ROOT.key("spec").key("to").index(index);
            let hint = "set `name`, with one item of `to` for each object";
            out.push(RULE.find(grant.meta.object, path, message).hint(hint));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;
    use super::RULE;

    #[test]
    fn a_group_that_is_none_opens_nothing() {
        let text = RULE.bad.replace("group: ''", "group: core");
        assert_ne!(text, RULE.bad);
        assert!(found(&RULE, &text).is_empty());
    }
}
