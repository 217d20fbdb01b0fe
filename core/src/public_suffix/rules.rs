//! The rules, one a line: labels from the last to the first, in ascending order. Those of the section for private domains
//! end in `~`. The first line says where they are from.

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

/// Whether there are rules for names strictly below this one.
pub(super) fn has_below(name: &str) -> bool {
    let labels: Vec<&str> = name.rsplit('.').collect();
    find(&labels.join(" ")).1
}

/// Whether a rule is there, and of the section ICANN; and whether others begin with its labels.
fn find(key: &str) -> (Option<bool>, bool) {
    let text = all().as_bytes();
    let (mut from, mut to) = (0, text.len());
    while from < to {
        let middle = from + (to - from) / 2;
        let before = text.get(from..middle).unwrap_or_default();
        let start = before.iter().rposition(|byte| *byte == b'\n').map_or(from, |at| from + at + 1);
        let line = line(text, start);
        if without_mark(line) < key.as_bytes() {
            from = start + line.len() + 1;
        } else {
            to = start;
        }
    }
    let found = line(text, from);
    let is_below = |line: &[u8]| line.strip_prefix(key.as_bytes()).is_some_and(|rest| rest.starts_with(b" "));
    if without_mark(found) == key.as_bytes() {
        return (Some(!found.ends_with(b"~")), is_below(line(text, from + found.len() + 1)));
    }
    (None, is_below(found))
}

/// The line that starts here, without its end. (Lines are too short for a search that is made for long texts.)
fn line(text: &[u8], start: usize) -> &[u8] {
    let rest = text.get(start..).unwrap_or_default();
    let end = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
    rest.get(..end).unwrap_or_default()
}

fn without_mark(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"~").unwrap_or(line)
}
