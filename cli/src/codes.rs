//! Every code a finding can have, with what it stands for: `docs/codes.md`, which a test prints from the
//! sources.

/// The document, as it is read on GitHub too.
const DOCUMENT: &str = include_str!("../../docs/codes.md");

/// Each code with a sentence, in ascending order.
pub(crate) fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    DOCUMENT.lines().filter_map(|line| {
        let (code, rest) = line.strip_prefix("| `")?.split_once("` | ")?;
        Some((code, rest.split_once(" |")?.0))
    })
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
