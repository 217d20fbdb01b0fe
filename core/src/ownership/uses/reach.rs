//! Which routes a listener lets attach, as far as two listeners can be compared.

use std::borrow::Cow;

use crate::check::model::{From, Listener, Selector};
use crate::ownership::sorted::Sorted;
use crate::release::NAME_LABEL;

/// Which routes a listener lets attach, as far as it can be compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::ownership) struct Reach {
    /// Those from namespaces for which all of these conditions hold; none for nobody's.
    from: Option<Vec<Condition>>,
    /// `group/kind`; empty for all that the protocol carries.
    kinds: Vec<String>,
    /// The only namespace whose routes attach, where that is certain.
    pub(in crate::ownership) only: Option<String>,
}

/// Most pairs of conditions that two selectors are compared by: our own bound, for the schema has none. Beyond it only one that
/// is written the same reaches as much.
const COMPARED_MAX: usize = 4096;

/// A condition on one label of a namespace.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Condition {
    key: String,
    operator: String,
    values: Sorted,
}

impl Reach {
    pub(in crate::ownership) fn of(listener: &Listener<'_>, namespace: &str) -> Self {
        let allowed = &listener.allowed;
        let (from, only) = match &allowed.namespaces {
            From::All => (Some(Vec::new()), None),
            From::Same => (Some(vec![Condition::is(NAME_LABEL, namespace)]), Some(namespace.to_owned())),
            From::None | From::Selector(None) => (None, None),
            From::Selector(Some(selector)) => (Some(conditions(selector)), pinned(selector)),
        };
        let kinds = allowed.kinds.iter().map(|(group, kind)| format!("{group}/{kind}")).collect();
        Self { from, kinds, only }
    }

    pub(in crate::ownership) fn reaches_all_of(&self, other: &Self) -> bool {
        let lets_in = match (&self.from, &other.from) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(known), Some(asked)) if known.len().saturating_mul(asked.len()) > COMPARED_MAX => {
                known == asked
            }
            (Some(known), Some(asked)) => {
                known.iter().all(|known| asked.iter().any(|asked| asked.implies(known)))
            }
        };
        lets_in
            && (self.kinds.is_empty()
                || !other.kinds.is_empty() && other.kinds.iter().all(|kind| self.kinds.contains(kind)))
    }
}

impl Condition {
    fn is(key: &str, value: &str) -> Self {
        Self { key: key.to_owned(), operator: "In".to_owned(), values: Sorted::of(&[Cow::Borrowed(value)]) }
    }

    /// Whether the other one holds wherever this one does.
    fn implies(&self, other: &Self) -> bool {
        let has_all_of = |these: &Sorted, those: &Sorted| {
            those.entries().iter().all(|(value, _)| these.get(value).is_some())
        };
        self.key == other.key
            && match (self.operator.as_str(), other.operator.as_str()) {
                ("In", "In") => has_all_of(&other.values, &self.values),
                ("In", "NotIn") => {
                    !other.values.entries().iter().any(|(value, _)| self.values.get(value).is_some())
                }
                ("NotIn", "NotIn") => has_all_of(&self.values, &other.values),
                ("In", "Exists") | ("DoesNotExist", "NotIn") => true,
                (this, that) => this == that,
            }
    }
}

/// What a selector asks for.
fn conditions(selector: &Selector<'_>) -> Vec<Condition> {
    let mut conditions = Vec::new();
    for (key, value) in &selector.labels {
        conditions.push(Condition::is(key, value));
    }
    for expression in &selector.expressions {
        let values = Sorted::of(&expression.values);
        let (key, operator) = (expression.key.to_string(), expression.operator.to_string());
        conditions.push(Condition { key, operator, values });
    }
    conditions
}

/// The one namespace that a selector can mean, by the label that nobody can change.
fn pinned(selector: &Selector<'_>) -> Option<String> {
    let by_label = selector.labels.iter().find(|(key, _)| key == NAME_LABEL).map(|(_, value)| value);
    let by_expression = selector.expressions.iter().find_map(|expression| match &*expression.values {
        [only] if expression.key == NAME_LABEL && expression.operator == "In" => Some(only),
        _ => None,
    });
    by_label.or(by_expression).map(ToString::to_string)
}
