//! Where registered domains begin: Mozilla's Public Suffix List as of [`LIST`].
//!
//! With the feature `public-suffixes`, which native programs have; without it nothing is known to be public, and what
//! depends on it is not said.

/// The release of the crate that has the list; the crate's own number is the list's only version.
pub(crate) const LIST: &str = "psl 2.1.247";

/// Whether there is a list.
pub(crate) const HAS_LIST: bool = cfg!(feature = "public-suffixes");

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

/// Whether whatever one label stands below a name is a public suffix, as in the rule `*.ck`.
pub(crate) fn has_any_below(name: &str) -> bool {
    is_public(&format!("any-label.{name}"))
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

    /// `Cargo.toml` takes any later release, and each brings a newer list.
    #[test]
    fn the_list_is_that_of_the_lock_file() {
        let lock = include_str!("../../Cargo.lock");
        let (_, rest) = lock.split_once("name = \"psl\"\nversion = \"").expect("psl is locked");
        let (version, _) = rest.split_once('"').expect("its version ends");
        assert_eq!(LIST, format!("psl {version}"));
    }

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
