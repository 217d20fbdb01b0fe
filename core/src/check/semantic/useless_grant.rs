//! Rule: useless-grant
//!
//! An item of a ReferenceGrant that permits nothing.

use super::not_a_backend::group;
use super::{Context, Finding, Rule};
use crate::check::model::ObjectRef;
use crate::diagnostic::{Code, Severity};
use crate::path::Path;
use crate::release::GATEWAY_GROUP;

pub(super) static RULE: Rule = Rule {
    code: Code("useless-grant"),
    severity: Severity::Warning,
    what: "an item of a ReferenceGrant that permits nothing, for its own namespace or a group without such a kind",
    why: "A grant stands in the namespace of what is referred to and lets another namespace in; within one namespace none \
          is needed. A group that does not have the kind is taken all the same, and fits no reference. Either way \
          references that the grant was written for get RefNotPermitted.",
    source: "Gateway API v1.6.1, `apis/v1beta1/referencegrant_types.go:31-44`",
    bad: r"
apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata: {name: from-edge, namespace: edge}
spec:
  from: [{group: gateway.networking.k8s.io, kind: Gateway, namespace: edge}]
  to: [{group: '', kind: Secret, name: shop-cert}]
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

/// Kinds of Gateway API that refer to objects of other namespaces.
const REFERRING: [&str; 7] =
    ["Gateway", "GRPCRoute", "HTTPRoute", "ListenerSet", "TCPRoute", "TLSRoute", "UDPRoute"];

/// Kinds of the core group that are referred to.
const REFERRED_TO: [&str; 3] = ["ConfigMap", "Secret", "Service"];

fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for grant in &context.model.grants {
        let own = grant.meta.namespace.as_ref();
        let spec = || Path::ROOT.key("spec");
        let mut find = |path: Path, message: String, hint: &'static str| {
            out.push(RULE.find(grant.meta.object, path, message).hint(hint));
        };
        for (index, [of, kind, namespace]) in grant.from.iter().enumerate() {
            let path = spec().key("from").index(index);
            if namespace == own {
                let message = format!(
                    "within namespace `{own}` nothing needs a ReferenceGrant, so this permits nothing"
                );
                let hint =
                    "name the namespace that refers; the grant itself stands in the one that is referred to";
                find(path.key("namespace"), message, hint);
            } else if is_of_no_group(of, kind) {
                let message = format!("there is no {kind} of {}, so this lets nobody in", group(of));
                find(path.key("group"), message, "write `group: gateway.networking.k8s.io`");
            }
        }
        for (index, to) in grant.to.iter().enumerate().filter(|(_, to)| opens_nothing(to)) {
            let message = format!("there is no {} of {}, so this opens nothing", to.kind, group(&to.group));
            let path = spec().key("to").index(index).key("group");
            find(path, message, "write `group: ''`, the core group");
        }
    }
}

/// Whether an item of `from` in a grant of namespace `own` lets nobody in.
pub(super) fn lets_nobody_in([of, kind, namespace]: [&str; 3], own: &str) -> bool {
    namespace == own || is_of_no_group(of, kind)
}

/// Whether an item of `to` opens nothing.
pub(super) fn opens_nothing(to: &ObjectRef<'_>) -> bool {
    REFERRED_TO.contains(&to.kind.as_ref()) && !to.group.is_empty() && !is_own(&to.group)
}

fn is_of_no_group(group: &str, kind: &str) -> bool {
    REFERRING.contains(&kind) && group != GATEWAY_GROUP && !is_own(group)
}

/// Whether a group may be a controller's own, which has a dot and may have kinds of any name.
fn is_own(group: &str) -> bool {
    group.contains('.')
}

#[cfg(test)]
mod tests {
    use super::super::tests::{TARGET, found, judge};
    use super::RULE;

    #[test]
    fn groups_without_the_kind_permit_nothing() {
        for (from, to, place) in [
            ("{group: '', kind: HTTPRoute", "{group: '', kind: Service", "from[0].group"),
            ("{group: gateway, kind: Gateway", "{group: '', kind: Secret", "from[0].group"),
            (
                "{group: gateway.networking.k8s.io, kind: HTTPRoute",
                "{group: core, kind: Service",
                "to[0].group",
            ),
            ("{group: gateway.networking.k8s.io, kind: HTTPRoute", "{group: v1, kind: Secret", "to[0].group"),
            // Cross-namespace data sources of Kubernetes go by ReferenceGrants too.
            (
                "{group: '', kind: PersistentVolumeClaim",
                "{group: snapshot.storage.k8s.io, kind: VolumeSnapshot",
                "",
            ),
            ("{group: networking.istio.io, kind: Gateway", "{group: example.com, kind: Service", ""),
        ] {
            let text = RULE.good.replace("{group: gateway.networking.k8s.io, kind: Gateway", from);
            let text = text.replace("{group: '', kind: Secret", to);
            let lines: Vec<String> = Some(place)
                .filter(|place| !place.is_empty())
                .map(|place| format!("0 warning spec.{place}"))
                .into_iter()
                .collect();
            assert_eq!(found(&RULE, &text), lines, "{text}");
        }
    }

    #[test]
    fn what_permits_nothing_is_not_wide() {
        let wide = |text: &str| {
            let found = judge(text, TARGET, false).into_iter();
            found.filter(|finding| finding.diagnostic.code.0 == "wide-grant").count()
        };
        assert_eq!(wide(&RULE.good.replace(", name: shop-cert", "")), 1);
        assert_eq!(wide(&RULE.bad.replace(", name: shop-cert", "")), 0);
    }
}
