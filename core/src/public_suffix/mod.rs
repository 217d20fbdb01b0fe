//! Where registered domains begin: Mozilla's Public Suffix List as of [`list`].
//!
//! With the feature `public-suffixes`; without it nothing is known to be public, and what depends on it is not said. The
//! rules are those of the crate `psl`, which `cargo xtask codegen` writes down: that crate has them as a megabyte of code.
//!
//! Source of how they are gone by: publicsuffix.org/list, "Algorithm".

mod rules;

/// Whether there is a list.
pub(crate) const HAS_LIST: bool = cfg!(feature = "public-suffixes");

/// Where the list is from: the release of the crate that has it, whose number is its only version.
pub(crate) fn list() -> &'static str {
    rules::version()
}

/// The sections of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Section {
    /// Of registries: below `co.uk` anybody may register.
    Icann,
    /// Of domains whose owners give names below them to others: `github.io`.
    Private,
}

/// The section in which a name is a public suffix.
pub(crate) fn section(name: &str) -> Option<Section> {
    let found = rules::prevailing(name).filter(|found| found.labels == name.split('.').count())?;
    Some(if found.is_icann { Section::Icann } else { Section::Private })
}

/// The section by which a wildcard of the names directly below this one has names of others: this one is a public suffix,
/// or whatever label stands below it makes one, as by the rule `*.ck`.
pub(crate) fn section_below(name: &str) -> Option<Section> {
    section(name).or_else(|| has_rules_below(name).then(|| section(&format!("any-label.{name}")))?)
}

/// What a name of [`section_below`] is, in words.
pub(crate) fn words(name: &str) -> &'static str {
    if section(name).is_some() { "a public suffix" } else { "above public suffixes" }
}

/// The domain that was registered, of a name at or below it: `example.co.uk` of `a.b.example.co.uk`. Of names below no
/// known suffix the last two labels.
pub(crate) fn registered(name: &str) -> Option<&str> {
    let below = if HAS_LIST { rules::prevailing(name).map_or(1, |found| found.labels) } else { return None };
    let (at, _) = name.rmatch_indices('.').nth(below).unwrap_or_default();
    let registered = if at == 0 { name } else { name.get(at + 1..)? };
    (registered.split('.').count() > below).then_some(registered)
}

/// Whether names below a domain may be registered elsewhere than at the domain itself: rules speak of some of them.
pub(crate) fn has_rules_below(domain: &str) -> bool {
    rules::has_below(domain)
}

#[cfg(all(test, feature = "public-suffixes"))]
mod tests {
    use super::*;

    #[test]
    fn knows_where_domains_are_registered() {
        let sections =
            ["com", "co.uk", "github.io", "a.github.io", "example.com", "internal", "ck"].map(section);
        let (icann, private) = (Some(Section::Icann), Some(Section::Private));
        assert_eq!(sections, [icann, icann, private, None, None, None, None]);
        let below = ["com", "ck", "a.ck", "www.ck", "kawasaki.jp", "compute.amazonaws.com", "example.com"];
        assert_eq!(below.map(section_below), [icann, icann, icann, None, icann, private, None]);
        assert_eq!(registered("a.b.example.co.uk"), Some("example.co.uk"));
        assert_eq!(registered("a.example.internal"), Some("example.internal"));
        assert_eq!(registered("co.uk"), None);
        assert_eq!(
            ["uk", "github.io", "example.com", "amazonaws.com"].map(has_rules_below),
            [true, false, false, true]
        );
    }

    /// The crate that the rules are from says the same of every rule, of names at, above and below it, and of names
    /// that only begin or end alike.
    #[test]
    fn says_what_the_crate_says() {
        let mut names = vec![String::new()];
        for rule in rules::all().lines() {
            let labels: Vec<&str> = rule.trim_end_matches('~').split(' ').rev().collect();
            let rule = labels.join(".").replace('!', "").replace('*', "any");
            for name in ["", "a.", "a.b.", "any.", "x-", "--."].map(|start| format!("{start}{rule}")) {
                names.push(name.split_once('.').map_or_else(String::new, |(_, above)| above.to_owned()));
                names.push(name);
            }
            names.push(format!("{rule}x"));
        }
        assert!(names.len() > 100_000, "{} names", names.len());
        let mut unlike = std::collections::BTreeSet::new();
        for name in names.iter().filter(|name| !name.is_empty()) {
            let suffix = psl::suffix(name.as_bytes());
            let is_whole = |suffix: &psl::Suffix<'_>| {
                suffix.typ() == Some(psl::Type::Icann) && suffix.as_bytes() == name.as_bytes()
            };
            let theirs = (psl::domain_str(name), suffix.as_ref().is_some_and(is_whole));
            if (registered(name), section(name) == Some(Section::Icann)) != theirs {
                unlike.insert(name.as_str());
            }
        }
        // Of a name that `*` takes, the crate forgets so where longer rules end in it.
        let is_between = |name: &&str| {
            let labels: Vec<&str> = name.rsplit('.').collect();
            let above = labels.split_last().map(|(_, above)| format!("{} *", above.join(" ")));
            let below = format!("{} ", labels.join(" "));
            let has = |start: &str| rules::all().lines().any(|rule| rule.starts_with(start));
            above.is_some_and(|above| has(&above)) && has(&below)
        };
        assert!(unlike.len() < 50 && unlike.iter().all(is_between), "{unlike:?}");
    }
}
