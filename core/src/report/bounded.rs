//! Which findings are printed: of a million of one sort, a hundred say it.

use std::collections::BTreeMap;

use crate::diagnostic::{Code, Diagnostic, Severity};
use serde::Serialize;

/// Most findings of one severity and code that a report prints. The others are counted, in the summary too.
///
/// Our own bound: who mends a hundred mends the rest with them or sees it in the next run, and a report
/// of hundreds of megabytes is read by nobody.
const PRINTED_MAX: usize = 100;

/// Findings that are not printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Omitted {
    /// Their code.
    #[serde(serialize_with = "as_word")]
    pub code: Code,
    /// Their severity.
    #[serde(serialize_with = "as_severity")]
    pub severity: Severity,
    /// How many there are.
    pub count: usize,
}

/// Counts findings while they are printed.
#[derive(Debug, Default)]
struct Bounded(BTreeMap<(Severity, Code), usize>);

impl Bounded {
    /// Whether this one is still to be printed.
    fn takes(&mut self, diagnostic: &Diagnostic) -> bool {
        let count = self.0.entry((diagnostic.severity, diagnostic.code)).or_default();
        *count += 1;
        *count <= PRINTED_MAX
    }

    /// What was not, errors first.
    fn omitted(&self) -> Vec<Omitted> {
        let rest = self.0.iter().rev().filter(|(_, count)| **count > PRINTED_MAX);
        rest.map(|((severity, code), count)| Omitted {
            code: *code,
            severity: *severity,
            count: count - PRINTED_MAX,
        })
        .collect()
    }
}

/// The findings to print, and how many others there are.
pub fn bounded(diagnostics: &[Diagnostic]) -> (Vec<&Diagnostic>, Vec<Omitted>) {
    let mut bounded = Bounded::default();
    let printed = diagnostics.iter().filter(|diagnostic| bounded.takes(diagnostic)).collect();
    (printed, bounded.omitted())
}

impl Omitted {
    /// `… and 99,900 more of error[null-item]`.
    pub fn line(&self) -> String {
        let Self { code, severity, count } = self;
        format!("… and {} more of {}[{code}]", grouped(*count), severity.word())
    }
}

/// A number with a comma before every three digits.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.char_indices() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn as_word<S: serde::Serializer>(code: &Code, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(code.0)
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the form that serde calls")]
fn as_severity<S: serde::Serializer>(severity: &Severity, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(severity.word())
}

#[cfg(test)]
mod tests {
    use crate::path::Path;

    use super::*;

    #[test]
    fn prints_a_hundred_of_each_and_counts_the_rest() {
        let found = |severity, code| Diagnostic::new(Code(code), severity, Path::ROOT, "");
        let mut all = vec![found(Severity::Warning, "a"); 1100];
        all.extend(vec![found(Severity::Error, "a"); 101]);
        all.extend(vec![found(Severity::Error, "b"); 100]);
        let (printed, omitted) = bounded(&all);
        assert_eq!(printed.len(), 300);
        let lines: Vec<_> = omitted.iter().map(Omitted::line).collect();
        assert_eq!(lines, ["… and 1 more of error[a]", "… and 1,000 more of warning[a]"]);
    }

    #[test]
    fn groups_digits() {
        assert_eq!(
            [1, 999, 1000, 999_900, 1_000_000].map(grouped),
            ["1", "999", "1,000", "999,900", "1,000,000"]
        );
    }
}
