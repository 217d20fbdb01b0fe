//! Every code a finding can have, with what it stands for: `docs/codes.md`, which a test prints from the
//! sources.

use crate::diagnostic::{Code, Diagnostic};
use crate::path::Path;
use crate::values::nearest;

/// A code that no finding has.
const UNKNOWN_CODE: Code = Code("unknown-code");

/// The document, as it is read on GitHub too.
const DOCUMENT: &str = include_str!("../../../docs/codes.md");

/// Each code with a sentence, in ascending order.
pub fn codes() -> impl Iterator<Item = (&'static str, &'static str)> {
    DOCUMENT.lines().filter_map(|line| {
        let (code, rest) = line.strip_prefix("| `")?.split_once("` | ")?;
        Some((code, rest.split_once(" |")?.0))
    })
}

/// Says that there is no such code.
pub fn unknown_code(code: &str) -> Diagnostic {
    let hint = match nearest(code, codes().map(|(code, _)| code)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "docs/codes.md lists every code".to_owned(),
    };
    Diagnostic::error(UNKNOWN_CODE, Path::ROOT, format!("no finding has the code `{code}`")).hint(hint)
}

/// Says which codes there are not: a misspelled one would silently look for nothing, or leave out nothing.
pub fn unknown_codes<'c>(codes: impl Iterator<Item = &'c str>) -> Vec<Diagnostic> {
    codes.filter(|found| code(found).is_none()).map(unknown_code).collect()
}

/// What a code stands for.
pub fn code(word: &str) -> Option<&'static str> {
    codes().find(|(known, _)| *known == word).map(|(_, what)| what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_is_read_to_its_end() {
        assert!(codes().is_sorted() && codes().count() > 100);
        assert_eq!(codes().count(), DOCUMENT.matches("\n| `").count());
        assert_eq!(code("unknown-code"), Some("A code that no finding has"));
        assert_eq!(code("no-such-code"), None);
    }
}
