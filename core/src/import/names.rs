//! Names of Gateways: unique in the values, where routes go by them, while a cluster may have one of a name in every
//! namespace.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::objects::{Object, Objects};
use crate::diagnostic::{Code, Diagnostic};
use crate::path::Path;

/// A Gateway that cannot have its name in the values, for another one has it.
const RENAMED: Code = Code("import-renamed");

/// The names of Gateways in the values, by the index of their objects.
pub(super) type Named<'a> = BTreeMap<usize, Cow<'a, str>>;

/// Gives every object a name of its own: its name, or that with its namespace where another one has it.
pub(super) fn unique<'a>(
    objects: &Objects<'a>,
    list: impl Iterator<Item = usize> + Clone,
    out: &mut Vec<Diagnostic>,
) -> Named<'a> {
    let of = |index: &usize| objects.get(*index);
    let natural: BTreeSet<&str> = list.clone().filter_map(|index| Some(of(&index)?.name())).collect();
    let mut first: BTreeMap<&str, &Object<'_>> = BTreeMap::new();
    let mut taken: BTreeSet<String> = BTreeSet::new();
    let mut named = Named::new();
    for index in list {
        let Some(object) = of(&index) else { continue };
        let Some(other) = first.get(object.name()) else {
            first.insert(object.name(), object);
            named.insert(index, object.identity.name.clone());
            continue;
        };
        let base = format!("{}-{}", object.name(), object.namespace());
        let name = free(&base, |name| !natural.contains(name) && !taken.contains(name));
        let path = Path::ROOT.key("metadata").key("name");
        let message = format!("is called `{name}` in the values, for {} has its name there", other.identity);
        let hint = "what is rendered is a new object: delete the old one once the new one is there";
        out.push(object.say(Diagnostic::warning(RENAMED, path, message).hint(hint)));
        taken.insert(name.clone());
        named.insert(index, Cow::Owned(name));
    }
    named
}

/// A name that is free: the base, or that with a number.
pub(super) fn free(base: &str, is_free: impl FnMut(&str) -> bool) -> String {
    next_free(base, &mut 0, is_free)
}

/// The next one, where so many of the base have been looked at: many that share a base are not counted anew for each.
pub(super) fn next_free(base: &str, tried: &mut usize, mut is_free: impl FnMut(&str) -> bool) -> String {
    loop {
        *tried += 1;
        let name = if *tried == 1 { base.to_owned() } else { format!("{base}-{tried}") };
        if is_free(&name) {
            return name;
        }
    }
}
