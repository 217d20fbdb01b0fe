//! Host names by suffix: who covers a name, and who stands below one, in as many steps as the name has labels.
//!
//! Names are kept with their labels in reverse (`com example *`), so that what a wildcard covers stands together, and
//! what covers a name is found by cutting it label by label. Each name stands in a scope, of which there may be many.

use super::sorted::{self, Sorted};
use crate::hostname::{labels_from_right, parts};

/// What stands between a scope and a name; no namespace and no label holds it.
const END_OF_SCOPE: char = '\0';

/// What stands between labels; it comes before everything that labels hold, so that names below each other stand together.
const END_OF_LABEL: u8 = 1;

/// Indexes by scope and host name, exact or wildcard; `*` alone covers every name.
#[derive(Debug, Default)]
pub(super) struct Suffixes {
    sorted: Sorted,
}

impl Suffixes {
    /// Adds an index; it is not found before [`Suffixes::finish`].
    pub(super) fn insert(&mut self, scope: &str, host: &str, index: usize) {
        self.sorted.push(key(scope, host), index);
    }

    /// Puts what was added in order.
    pub(super) fn finish(&mut self) {
        self.sorted.finish();
    }

    /// What covers the whole of a name, from the narrowest to the widest.
    pub(super) fn covering(&self, scope: &str, host: &str) -> Vec<usize> {
        let mut found = Vec::new();
        // Most scopes hold little or nothing: to look there alone takes far fewer steps.
        let within = self.all(scope);
        if within.is_empty() {
            return found;
        }
        let mut key = key(scope, host);
        // Of a wildcard the star itself is cut first.
        let mut end = if key.ends_with('*') { key.len() - 1 } else { key.len() };
        loop {
            found.extend(sorted::all(within, &key));
            let Some(cut) = above(&key, scope.len() + 1, end) else { return found };
            key.truncate(cut);
            key.push('*');
            end = cut;
        }
    }

    /// What stands strictly below a wildcard: names that it covers, but not itself. Nothing stands below an exact name. `until` says
    /// which one is enough.
    pub(super) fn below(&self, scope: &str, host: &str, until: &mut dyn FnMut(usize) -> bool) {
        let own = key(scope, host);
        let Some(prefix) = own.strip_suffix('*') else { return };
        for (key, index) in self.sorted.starting_with(prefix) {
            if *key != own && until(*index) {
                return;
            }
        }
    }

    /// Everything in a scope, by name.
    pub(super) fn all(&self, scope: &str) -> &[(String, usize)] {
        self.sorted.starting_with(&key(scope, ""))
    }

    /// What has labels in common with a name, counted from the right, those with the most first, each with how many; of
    /// equals first what stands before the name, then by distance. `until` says which one is enough.
    pub(super) fn nearest(&self, scope: &str, host: &str, until: &mut dyn FnMut(usize, usize) -> bool) {
        let own = key(scope, host);
        let start = scope.len() + END_OF_SCOPE.len_utf8();
        let within = self.all(scope);
        let shared = |at: usize| {
            let (key, index) = within.get(at)?;
            let (own, other) =
                (parts(own.get(start..)?, END_OF_LABEL), parts(key.get(start..)?, END_OF_LABEL));
            Some((own.zip(other).take_while(|(a, b)| a == b).count(), *index))
        };
        let mut after = sorted::start(within, &own);
        let mut before = after;
        loop {
            // Away from the name the labels in common only become fewer.
            let (most, index) = match (before.checked_sub(1).and_then(shared), shared(after)) {
                (Some(left), right) if right.is_none_or(|right| left.0 >= right.0) => {
                    before -= 1;
                    left
                }
                (_, Some(right)) => {
                    after += 1;
                    right
                }
                _ => return,
            };
            if until(most, index) {
                return;
            }
        }
    }
}

/// Where the label that ends at `end` begins; none where there is no label. Names begin at `start`.
fn above(key: &str, start: usize, end: usize) -> Option<usize> {
    let names = key.get(start..end).filter(|names| !names.is_empty())?;
    let names = names.strip_suffix(char::from(END_OF_LABEL)).unwrap_or(names);
    let before = names.bytes().rposition(|byte| byte == END_OF_LABEL);
    Some(before.map_or(start, |end| start + end + 1))
}

/// A name with its labels in reverse, in a scope.
fn key(scope: &str, host: &str) -> String {
    let mut key = String::with_capacity(scope.len() + host.len() + 3);
    key.push_str(scope);
    key.push(END_OF_SCOPE);
    let names = key.len();
    for label in labels_from_right(host) {
        if key.len() > names {
            key.push(char::from(END_OF_LABEL));
        }
        if label.as_bytes().contains(&END_OF_LABEL) {
            // No label holds it of names that are kept: this one is none of them, and those before it change nothing.
            key.push(END_OF_SCOPE);
            break;
        }
        key.push_str(label);
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hostname::covers;

    struct Names(Suffixes, Vec<&'static str>);

    fn names(all: &[&'static str]) -> Names {
        let mut suffixes = Suffixes::default();
        for (index, name) in all.iter().enumerate() {
            suffixes.insert("shop", name, index);
            suffixes.insert("shopping", name, usize::MAX);
        }
        suffixes.finish();
        Names(suffixes, all.to_vec())
    }

    fn below(names: &Suffixes, scope: &str, host: &str) -> Vec<usize> {
        let mut found = Vec::new();
        names.below(scope, host, &mut |index| {
            found.push(index);
            false
        });
        found
    }

    impl Names {
        fn covering(&self, host: &str) -> Vec<&str> {
            self.0.covering("shop", host).into_iter().map(|index| self.1[index]).collect()
        }

        fn below(&self, host: &str) -> Vec<&str> {
            below(&self.0, "shop", host).into_iter().map(|index| self.1[index]).collect()
        }

        fn nearest(&self, host: &str) -> Option<(usize, &str)> {
            self.shared(host).first().map(|(shared, index)| (*shared, self.1[*index]))
        }

        fn shared(&self, host: &str) -> Vec<(usize, usize)> {
            let mut all = Vec::new();
            self.0.nearest("shop", host, &mut |shared, index| {
                all.push((shared, index));
                false
            });
            all
        }
    }

    #[test]
    fn what_covers_a_name_comes_narrowest_first() {
        let all = names(&["*", "*.com", "*.b.com", "b.com", "a.b.com", "*.a.b.com", "*.ab.com", "x.com"]);
        assert_eq!(all.covering("a.b.com"), ["a.b.com", "*.b.com", "*.com", "*"]);
        assert_eq!(all.covering("*.b.com"), ["*.b.com", "*.com", "*"]);
        assert_eq!(all.covering("b.com"), ["b.com", "*.com", "*"]);
        assert_eq!(all.covering("com"), ["*"]);
        assert_eq!(all.covering("*.com"), ["*.com", "*"]);
        assert_eq!(all.covering("*"), ["*"]);
        assert_eq!(all.0.covering("sho", "b.com"), [0; 0]);
    }

    #[test]
    fn what_is_below_a_wildcard_is_covered_by_it() {
        let all = names(&["*", "*.com", "*.b.com", "b.com", "a.b.com", "bb.com", "b-c.com"]);
        assert_eq!(all.below("*.b.com"), ["a.b.com"]);
        assert_eq!(all.below("*.com"), ["b.com", "*.b.com", "a.b.com", "b-c.com", "bb.com"]);
        assert_eq!(all.below("b.com"), [""; 0]);
        assert_eq!(all.below("*").len(), 6);
        assert_eq!(all.0.all("shop").len(), 7);
    }

    /// Over every name of up to three labels of a small alphabet the index says what the algebra of names says.
    #[test]
    fn agrees_with_the_algebra_of_names() {
        let labels = ["a", "b", "a-b", "ab"];
        let mut exact: Vec<String> = labels.map(str::to_owned).to_vec();
        for _ in 0..2 {
            let longer = exact.iter().flat_map(|name| labels.map(|label| format!("{label}.{name}")));
            exact = exact.iter().cloned().chain(longer).collect();
        }
        exact.sort();
        exact.dedup();
        let all: Vec<String> = exact.iter().flat_map(|name| [name.clone(), format!("*.{name}")]).collect();
        let mut index = Suffixes::default();
        for (at, name) in all.iter().enumerate() {
            index.insert("", name, at);
        }
        index.finish();
        for asked in &all {
            let sorted = |mut found: Vec<usize>| {
                found.sort_unstable();
                found
            };
            let among = |is: &dyn Fn(&str) -> bool| {
                all.iter().enumerate().filter(|(_, name)| is(name)).map(|(at, _)| at).collect::<Vec<_>>()
            };
            assert_eq!(sorted(index.covering("", asked)), among(&|name| covers(name, asked)), "{asked}");
            let below = sorted(below(&index, "", asked));
            assert_eq!(below, among(&|name| covers(asked, name) && name != asked), "{asked}");
        }
    }

    /// A name with characters that none may hold is asked where a warning is all that comes of them.
    #[test]
    fn what_covers_names_that_are_none_is_what_the_algebra_says() {
        let kept = ["*", "*.com", "*.b.com", "b.com", "xa.com", "*.a.b.com"];
        let all = names(&kept);
        for asked in [
            "a\u{1}b.com",
            "x.com\u{1}b\u{1}a",
            "*.a\u{1}b.com",
            "a\u{1}.b.com",
            "*\u{e9}.b.com",
            "*x.b.com",
            "a.*.b.com",
            "x*.com",
            "a.\0.com",
        ] {
            let mut covering: Vec<_> = kept.into_iter().filter(|name| covers(name, asked)).collect();
            covering.sort_by_key(|name| std::cmp::Reverse(name.len()));
            assert_eq!(all.covering(asked), covering, "{asked:?}");
            // A label that ends with `*` stands for all with its beginning.
            let below: &[&str] = if asked == "x*.com" { &["xa.com"] } else { &[] };
            assert_eq!(all.below(asked), below, "{asked:?}");
        }
    }

    #[test]
    fn the_nearest_has_most_labels_in_common() {
        let all = names(&["a.b.com", "*.c.com", "d.com", "d-e.com"]);
        assert_eq!(all.nearest("x.d.com"), Some((2, "d.com")));
        assert_eq!(all.nearest("x.c.com"), Some((2, "*.c.com")));
        assert_eq!(all.nearest("z.b.com"), Some((2, "a.b.com")));
        assert_eq!(all.nearest("org"), Some((0, "d-e.com")));
        all.0.nearest("other", "x.c.com", &mut |_, _| panic!("a scope of its own"));
        let shared: Vec<usize> = all.shared("x.d.com").iter().map(|(shared, _)| *shared).collect();
        assert_eq!(shared, [2, 1, 1, 1]);
    }
}
