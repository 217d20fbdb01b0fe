//! ReferenceGrants that would permit a reference but for one field.

use super::index::{Index, Referrer};
use crate::check::model::{Grant, ObjectRef};
use crate::path::Path;

/// Most grants, and most items of each, that are looked at for a reference. Our own bound; the CRD has the same
/// for the items.
const LOOKED_AT: usize = 16;

/// A grant that permits a reference but for one field.
#[derive(Debug)]
pub struct NearGrant<'c> {
    /// The grant.
    pub grant: &'c Grant<'c>,
    /// The field.
    pub path: Path,
    /// What stands there.
    pub found: &'c str,
    /// What would have to.
    pub wanted: &'c str,
}

/// The first grant in `namespace` that fits but for the group or kind of who refers, or the group of what is
/// referred to.
pub fn near_grant<'c>(
    index: &'c Index<'_>,
    from: Referrer<'c>,
    to: &'c ObjectRef<'_>,
    namespace: &str,
) -> Option<NearGrant<'c>> {
    let opening = index.opening(to, namespace).into_iter().flatten().take(LOOKED_AT);
    let mut opening = opening.filter_map(|at| index.grant(*at));
    let letting_in = index.letting_in(from, namespace).iter().take(LOOKED_AT);
    let mut letting_in = letting_in.filter_map(|at| index.grant(*at));
    opening
        .find_map(|grant| near_from(grant, from))
        .or_else(|| letting_in.find_map(|grant| near_to(grant, to)))
}

fn near_from<'c>(grant: &'c Grant<'_>, from: Referrer<'c>) -> Option<NearGrant<'c>> {
    let items = grant.from.iter().enumerate().take(LOOKED_AT);
    let mut items = items.filter(|(_, [.., namespace])| namespace == from.namespace);
    items.find_map(|(at, [group, kind, _])| {
        let path = Path::ROOT.key("spec").key("from").index(at);
        match (group == from.group, kind == from.kind) {
            (true, false) => {
                Some(NearGrant { grant, path: path.key("kind"), found: kind, wanted: from.kind })
            }
            (false, true) => {
                Some(NearGrant { grant, path: path.key("group"), found: group, wanted: from.group })
            }
            _ => None,
        }
    })
}

fn near_to<'c>(grant: &'c Grant<'_>, to: &'c ObjectRef<'_>) -> Option<NearGrant<'c>> {
    let mut items = grant.to.iter().enumerate().take(LOOKED_AT);
    let fits = |found: &ObjectRef<'_>| {
        found.kind == to.kind && (found.name.is_empty() || found.name == to.name) && found.group != to.group
    };
    let (at, found) = items.find(|(_, found)| fits(found))?;
    let path = Path::ROOT.key("spec").key("to").index(at).key("group");
    Some(NearGrant { grant, path, found: &found.group, wanted: &to.group })
}
