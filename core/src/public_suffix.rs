//! Where registered domains begin: Mozilla's Public Suffix List as of psl 2.1.247.
//!
//! With the feature `public-suffixes`, which native programs have; without it nothing is known to be public, and what
//! depends on it is not said.

/// Whether a name is a public suffix of the list's ICANN section: below `co.uk` anybody may register.
#[cfg(feature = "public-suffixes")]
pub(crate) fn is_public(name: &str) -> bool {
    let suffix = psl::suffix(name.as_bytes());
    suffix
        .is_some_and(|suffix| suffix.typ() == Some(psl::Type::Icann) && suffix.as_bytes() == name.as_bytes())
}

#[cfg(not(feature = "public-suffixes"))]
pub(crate) fn is_public(_: &str) -> bool {
    false
}

/// The domain that was registered, of a name at or below it: `example.co.uk` of `a.b.example.co.uk`. Of names below no
/// known suffix the last two labels.
#[cfg(feature = "public-suffixes")]
pub(crate) fn registered(name: &str) -> Option<&str> {
    psl::domain_str(name)
}

#[cfg(not(feature = "public-suffixes"))]
pub(crate) fn registered(_: &str) -> Option<&str> {
    None
}

#[cfg(all(test, feature = "public-suffixes"))]
mod tests {
    use super::*;

    #[test]
    fn knows_where_domains_are_registered() {
        assert_eq!(
            ["com", "co.uk", "github.io", "example.com", "internal"].map(is_public),
            [true, true, false, false, false]
        );
        assert_eq!(registered("a.b.example.co.uk"), Some("example.co.uk"));
        assert_eq!(registered("a.example.internal"), Some("example.internal"));
        assert_eq!(registered("co.uk"), None);
    }
}
