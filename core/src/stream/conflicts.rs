//! What organizations of a stream must not have in common, found without their trees.
//!
//! Only who may be concerned is found here: those few are then planned together as a list, which says what is wrong.

use std::collections::BTreeSet;

use super::Source;
use super::survey::Survey;
use crate::diagnostic::{Code, Diagnostic, has_errors};
use crate::emit::DUPLICATE_OBJECT;
use crate::path::Path;
use crate::plan::{HOSTNAME_OF_ANOTHER, HOSTNAME_TWICE, NAMESPACE_TWICE};
use crate::values::DUPLICATE_NAME;

/// What only several organizations together can do wrong.
const OF_SEVERAL: [Code; 5] =
    [DUPLICATE_NAME, DUPLICATE_OBJECT, HOSTNAME_OF_ANOTHER, HOSTNAME_TWICE, NAMESPACE_TWICE];

/// More organizations have something in common than are told one by one.
const MORE_IN_COMMON: Code = Code("more-in-common");

/// How many organizations are planned together to say what is wrong; our own bound. Of those beyond the first that are
/// at fault only the number is told.
const EXPLAINED_MAX: usize = 1_000;

/// Two organizations that may have something in common, by their indexes; one with itself where the other side is no
/// organization.
pub(super) type Pairs = BTreeSet<(u32, u32)>;

pub(super) fn pair(one: u32, other: u32) -> (u32, u32) {
    (one.min(other), one.max(other))
}

/// Host names and wildcards of organizations, each written backwards: what a wildcard covers begins with it.
pub(super) struct Names {
    letters: Vec<u8>,
    list: Vec<Name>,
}

#[derive(Clone, Copy)]
struct Name {
    start: usize,
    length: u16,
    is_wildcard: bool,
    organization: u32,
}

impl Names {
    /// With room for as many names.
    pub(super) fn of(names: usize) -> Self {
        Self { letters: Vec::new(), list: Vec::with_capacity(names) }
    }

    pub(super) fn add(&mut self, hostname: &str, organization: u32) {
        let suffix = hostname.strip_prefix('*');
        let name = suffix.unwrap_or(hostname);
        // A host name has at most 253 characters; one that is longer is an error already.
        let Ok(length) = u16::try_from(name.len()) else { return };
        let start = self.letters.len();
        self.letters.extend(name.bytes().rev());
        self.list.push(Name { start, length, is_wildcard: suffix.is_some(), organization });
    }

    fn backwards(&self, name: &Name) -> &[u8] {
        self.letters.get(name.start..name.start + usize::from(name.length)).unwrap_or_default()
    }

    /// How many letters all names begin with, backwards.
    fn common(&self) -> usize {
        let mut names = self.list.iter().map(|name| self.backwards(name));
        let first = names.next().unwrap_or_default();
        names.fold(first.len(), |common, name| {
            let both = first.iter().zip(name).take(common);
            both.take_while(|(one, other)| one == other).count()
        })
    }

    /// Organizations with a host name twice, or one below another's wildcard.
    pub(super) fn conflicts(&self) -> Pairs {
        let common = self.common();
        // Letters behind those that all have: mostly they decide, without a look at the names.
        let key = |name: &Name| {
            let mut key = [0; 8];
            let letters = self.backwards(name).get(common..).unwrap_or_default();
            key.iter_mut().zip(letters).for_each(|(to, letter)| *to = *letter);
            key
        };
        let mut sorted: Vec<([u8; 8], &Name)> = self.list.iter().map(|name| (key(name), name)).collect();
        sorted.sort_unstable_by(|(first, a), (second, b)| {
            let names = first.cmp(second).then_with(|| self.backwards(a).cmp(self.backwards(b)));
            names.then_with(|| (!a.is_wildcard, a.organization).cmp(&(!b.is_wildcard, b.organization)))
        });
        let mut conflicts = Pairs::new();
        // Wildcards that the name at hand may be below, the widest first.
        let mut above: Vec<&Name> = Vec::new();
        let mut last: Option<&Name> = None;
        for (_, name) in sorted {
            let own = self.backwards(name);
            while above.last().is_some_and(|wildcard| !own.starts_with(self.backwards(wildcard))) {
                above.pop();
            }
            if let Some(other) = above.iter().find(|other| other.organization != name.organization) {
                conflicts.insert(pair(name.organization, other.organization));
            }
            if let Some(last) = last.filter(|last| !name.is_wildcard && !last.is_wildcard)
                && self.backwards(last) == own
            {
                conflicts.insert(pair(name.organization, last.organization));
            }
            if name.is_wildcard {
                above.push(name);
            }
            last = Some(name);
        }
        conflicts
    }
}

/// What is wrong with these organizations together.
pub(super) fn explained(source: &Source<'_, '_>, survey: &Survey<'_>, pairs: &Pairs) -> Vec<Diagnostic> {
    let mut pairs = pairs.iter();
    loop {
        let mut indexes = BTreeSet::new();
        while indexes.len() < EXPLAINED_MAX
            && let Some((one, other)) = pairs.next()
        {
            indexes.extend([*one, *other]);
        }
        if indexes.is_empty() {
            return Vec::new();
        }
        let mut found = together(source, survey, &Vec::from_iter(indexes));
        if has_errors(&found) {
            let left = pairs.count();
            if left > 0 {
                found.push(more(left));
            }
            return found;
        }
    }
}

fn together(source: &Source<'_, '_>, survey: &Survey<'_>, indexes: &[u32]) -> Vec<Diagnostic> {
    let root = source.root(survey, indexes, &source.base);
    let ((), mut found) = crate::run(root, source.scope, source.format, None, |_, _, _| ());
    found.retain(|found| OF_SEVERAL.contains(&found.code));
    super::renumber(&mut found, indexes);
    found
}

fn more(left: usize) -> Diagnostic {
    let message = format!(
        "{left} more pairs of organizations may have a name, a namespace, a host name or an object in common"
    );
    Diagnostic::error(MORE_IN_COMMON, Path::ROOT.key(super::SECTION), message)
        .hint("mend those that are told, and render again for the next")
}
