//! The rules, one a line: labels from the last to the first, in ascending order. Those of the section for private domains
//! end in `~`. The first line says where they are from.

use core::cmp::Ordering;

#[cfg(feature = "public-suffixes")]
const TEXT: &str = include_str!("rules.txt");
#[cfg(not(feature = "public-suffixes"))]
const TEXT: &str = "\n";

/// The rule that a name goes by.
#[derive(Clone, Copy)]
pub(super) struct Rule {
    /// How many labels of the name are the public suffix.
    pub(super) labels: usize,
    pub(super) is_icann: bool,
}

/// Where the rules are from.
pub(super) fn version() -> &'static str {
    TEXT.split_once('\n').map_or("", |(version, _)| version)
}

/// Every rule, as it is written.
pub(super) fn all() -> &'static str {
    TEXT.split_once('\n').map_or("", |(_, rules)| rules)
}

/// The rule of a name; nothing where only the rule for every name takes it.
pub(super) fn prevailing(name: &str) -> Option<Rule> {
    let mut found = None;
    let mut key = String::with_capacity(name.len() + 2);
    for (above, label) in name.rsplit('.').enumerate() {
        if above > 0 {
            key.push(' ');
            let length = key.len();
            key.push('*');
            let any = find(&key);
            key.truncate(length);
            if let (Some(is_icann), _) = any {
                key.push('!');
                key.push_str(label);
                if let (Some(is_icann), _) = find(&key) {
                    return Some(Rule { labels: above, is_icann });
                }
                key.truncate(length);
                found = Some(Rule { labels: above + 1, is_icann });
            }
        }
        key.push_str(label);
        let (exact, has_more) = find(&key);
        if let Some(is_icann) = exact {
            found = Some(Rule { labels: above + 1, is_icann });
        }
        if !has_more {
            break;
        }
    }
    found
}

/// Whether a rule is there, and of the section ICANN; and whether others begin with its labels.
fn find(key: &str) -> (Option<bool>, bool) {
    let text = all();
    let (mut from, mut to) = (0, text.len());
    while from < to {
        let middle = from + (to - from) / 2;
        let start =
            text.get(from..middle).and_then(|before| before.rfind('\n')).map_or(from, |at| from + at + 1);
        let rest = text.get(start..).unwrap_or_default();
        let line = rest.split('\n').next().unwrap_or_default();
        if line.trim_end_matches('~').cmp(key) == Ordering::Less {
            from = start + line.len() + 1;
        } else {
            to = start;
        }
    }
    let rest = text.get(from..).unwrap_or_default();
    let Some(line) = rest.split('\n').next() else { return (None, false) };
    let is_below = |line: &str| line.strip_prefix(key).is_some_and(|rest| rest.starts_with(' '));
    if line.trim_end_matches('~') == key {
        let next = rest.get(line.len() + 1..).and_then(|rest| rest.split('\n').next()).unwrap_or_default();
        return (Some(!line.ends_with('~')), is_below(next));
    }
    (None, is_below(line))
}
