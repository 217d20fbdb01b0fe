//! Every code a finding can have, with what it stands for: `docs/codes.md`, which a test prints from the
//! sources.

use gatewright_core::diagnostic::{Code, Diagnostic};
use gatewright_core::path::Path;
use gatewright_core::values::nearest;

/// A code that no finding has.
const UNKNOWN_CODE: Code = Code("unknown-code");

/// The document, as it is read on GitHub too.
const DOCUMENT: &str = include_str!("../../docs/codes.md");

/// Each code with a sentence, in ascending order.
pub(crate) fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    DOCUMENT.lines().filter_map(|line| {
        let (code, rest) = line.strip_prefix("| `")?.split_once("` | ")?;
        Some((code, rest.split_once(" |")?.0))
    })
}

/// Says that there is no such code.
pub(crate) fn unknown(code: &str) -> Diagnostic {
    let hint = match nearest(code, all().map(|(code, _)| code)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`gatewright rules` lists those of `check`".to_owned(),
    };
    Diagnostic::error(UNKNOWN_CODE, Path::ROOT, format!("no finding has the code `{code}`")).hint(hint)
}

/// What a code stands for.
pub(crate) fn of(code: &str) -> Option<&'static str> {
    all().find(|(known, _)| *known == code).map(|(_, what)| what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_is_read_to_its_end() {
        assert!(all().is_sorted() && all().count() > 100);
        assert_eq!(all().count(), DOCUMENT.matches("\n| `").count());
        assert_eq!(of("unknown-code"), Some("A code that no finding has"));
        assert_eq!(of("no-such-code"), None);
    }
}
