//! Which routes a listener lets attach, as far as two listeners can be compared.

use super::unmistakable;
use crate::check::model::{From, Listener, Selector};
use crate::release::NAME_LABEL;

/// Which routes a listener lets attach, as far as it can be compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::ownership) struct Reach {
    from: Namespaces,
    /// `group/kind`; empty for all that the protocol carries.
    kinds: Vec<String>,
    /// The only namespace whose routes attach, where that is certain.
    pub(in crate::ownership) only: Option<String>,
}

/// Whose routes a listener lets attach.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Namespaces {
    All,
    Same,
    Nobody,
    /// Those for which all of these conditions hold.
    With(Vec<String>),
}

impl Reach {
    pub(super) fn of(listener: &Listener<'_>, namespace: &str) -> Self {
        let allowed = &listener.allowed;
        let (from, only) = match &allowed.namespaces {
            From::All => (Namespaces::All, None),
            From::Same => (Namespaces::Same, Some(namespace.to_owned())),
            From::None | From::Selector(None) => (Namespaces::Nobody, None),
            From::Selector(Some(selector)) => (Namespaces::With(conditions(selector)), pinned(selector)),
        };
        let kinds = allowed.kinds.iter().map(|(group, kind)| format!("{group}/{kind}")).collect();
        Self { from, kinds, only }
    }

    pub(super) fn reaches_all_of(&self, other: &Self) -> bool {
        let lets_in = match (&self.from, &other.from) {
            (Namespaces::All, _) | (_, Namespaces::Nobody) => true,
            (Namespaces::With(known), Namespaces::With(asked)) => {
                known.iter().all(|condition| asked.contains(condition))
            }
            (known, asked) => known == asked,
        };
        lets_in
            && (self.kinds.is_empty()
                || !other.kinds.is_empty() && other.kinds.iter().all(|kind| self.kinds.contains(kind)))
    }
}

/// What a selector asks for, each condition as a text that is the same in whatever order it was written.
fn conditions(selector: &Selector<'_>) -> Vec<String> {
    let labels = selector.labels.iter().map(|(key, value)| unmistakable(&["", key, value]));
    let expressions = selector.expressions.iter().map(|expression| {
        let mut values: Vec<&str> = expression.values.iter().map(|value| &**value).collect();
        values.sort_unstable();
        unmistakable(&[&["expression", &*expression.key, &*expression.operator], &*values].concat())
    });
    labels.chain(expressions).collect()
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
