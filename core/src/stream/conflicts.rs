//! What organizations of a stream must not have in common, found without their trees.
//!
//! Only who may be concerned is found here: those few are then planned together as a list, which says what is wrong.

use std::collections::BTreeSet;

use super::Source;
use super::survey::Survey;
use crate::diagnostic::{Code, Diagnostic};
use crate::emit::DUPLICATE_OBJECT;
use crate::plan::{HOSTNAME_OF_ANOTHER, HOSTNAME_TWICE, NAMESPACE_TWICE};
use crate::values::DUPLICATE_NAME;

/// What only several organizations together can do wrong.
const OF_SEVERAL: [Code; 5] =
    [DUPLICATE_NAME, DUPLICATE_OBJECT, HOSTNAME_OF_ANOTHER, HOSTNAME_TWICE, NAMESPACE_TWICE];

/// Most organizations that are planned together to say what is wrong; our own bound. More are wrong in the same way.
const EXPLAINED_MAX: usize = 1_000;

/// Host names and wildcards of organizations, each written backwards: what a wildcard covers begins with it.
#[derive(Default)]
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

    /// Organizations with a host name twice, or one below another's wildcard.
    pub(super) fn conflicts(&self) -> BTreeSet<u32> {
        let mut sorted: Vec<&Name> = self.list.iter().collect();
        sorted.sort_unstable_by(|a, b| {
            let names = self.backwards(a).cmp(self.backwards(b));
            names.then_with(|| (!a.is_wildcard, a.organization).cmp(&(!b.is_wildcard, b.organization)))
        });
        let mut conflicts = BTreeSet::new();
        // Wildcards that the name at hand may be below, the widest first.
        let mut above: Vec<&Name> = Vec::new();
        let mut last: Option<&Name> = None;
        for name in sorted {
            let own = self.backwards(name);
            while above.last().is_some_and(|wildcard| !own.starts_with(self.backwards(wildcard))) {
                above.pop();
            }
            if let Some(other) = above.iter().find(|other| other.organization != name.organization) {
                conflicts.extend([name.organization, other.organization]);
            }
            if let Some(last) = last.filter(|last| !name.is_wildcard && !last.is_wildcard)
                && self.backwards(last) == own
            {
                conflicts.extend([name.organization, last.organization]);
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
pub(super) fn explained(
    source: &Source<'_, '_>,
    survey: &Survey<'_>,
    organizations: &BTreeSet<u32>,
) -> Vec<Diagnostic> {
    if organizations.is_empty() {
        return Vec::new();
    }
    let indexes: Vec<u32> = organizations.iter().copied().take(EXPLAINED_MAX).collect();
    let root = source.root(survey, &indexes, &source.base);
    let ((), mut found) = crate::run(root, source.scope, source.format, None, |_, _, _| ());
    found.retain(|found| OF_SEVERAL.contains(&found.code));
    super::renumber(&mut found, &indexes);
    found
}
