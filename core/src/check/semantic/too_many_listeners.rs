//! Rule: too-many-listeners
//!
//! The bound of 64 is for one object; what a Gateway and its ListenerSets come to has none of its own.

use super::{Context, Finding, Rule};
use crate::check::attach::Membership;
use crate::diagnostic::{Code, Severity};
use crate::limits::LISTENERS_MAX;
use crate::path::Path;

/// One line of the example: four listeners.
macro_rules! listeners {
    ($($ten:literal)*) => {
        concat!($(
            "    - {name: a", $ten, ", port: 1", $ten, "1, protocol: TCP}\n",
            "    - {name: b", $ten, ", port: 1", $ten, "2, protocol: TCP}\n",
            "    - {name: c", $ten, ", port: 1", $ten, "3, protocol: TCP}\n",
            "    - {name: d", $ten, ", port: 1", $ten, "4, protocol: TCP}\n",
        )*)
    };
}

/// A Gateway with one listener and a ListenerSet without any yet.
macro_rules! head {
    () => {
        "
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public}
spec:
  gatewayClassName: example
  allowedListeners: {namespaces: {from: Same}}
  listeners: [{name: http, port: 80, protocol: HTTP}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: ListenerSet
metadata: {name: games}
spec:
  parentRef: {name: public}
  listeners:
"
    };
}

pub(super) static RULE: Rule = Rule {
    code: Code("too-many-listeners"),
    severity: Severity::Info,
    what: "a Gateway that has more than 64 listeners together with its ListenerSets",
    why: "Gateway API bounds each object, not their sum, but lets a controller bound the sum: it may then refuse the \
          ListenerSets that come last, with reason TooManyListeners.",
    source: "Gateway API v1.6.1, `listenerset_types.go` reason TooManyListeners; GEP-1713",
    bad: concat!(
        head!(),
        listeners!("10" "11" "12" "13" "14" "15" "16" "17" "18" "19" "20" "21" "22" "23" "24" "25")
    ),
    good: concat!(head!(), listeners!("10")),
    check,
};

fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for (index, gateway) in context.model.gateways.iter().enumerate() {
        let sets = context.attach.sets(index);
        let certain = sets
            .iter()
            .filter(|set| context.attach.memberships.get(**set) == Some(&Membership::Joined(index)));
        let of_sets: usize = certain
            .filter_map(|set| context.model.listener_sets.get(*set))
            .map(|set| set.listeners.len())
            .sum();
        let total = gateway.listeners.len() + of_sets;
        if of_sets > 0 && total > LISTENERS_MAX {
            let message = format!(
                "with its ListenerSets this Gateway has {total} listeners; a controller may refuse those beyond \
                 {LISTENERS_MAX}, the bound of one object, with reason TooManyListeners"
            );
            let path = Path::ROOT.key("spec").key("listeners");
            let hint = "see how many the controller takes, or spread the ListenerSets over several Gateways";
            out.push(RULE.find(gateway.meta.object, path, message).hint(hint));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;
    use super::RULE;

    /// The Gateway has one, and the ListenerSet of the example 64.
    #[test]
    fn sixty_four_are_not_too_many() {
        assert_eq!(found(&RULE, RULE.bad), ["0 info spec.listeners"]);
        let one_less = RULE.bad.trim_end().rsplit_once('\n').map(|(head, _)| head).expect("lines");
        assert!(found(&RULE, one_less).is_empty());
    }
}
