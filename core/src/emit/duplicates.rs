//! Objects that two entries make.

use super::{Manifest, Manifests};
use crate::diagnostic::{Code, Diagnostic};

/// Two entries make one object.
pub const DUPLICATE_OBJECT: Code = Code("duplicate-object");

/// Reports every object that an earlier entry makes already.
pub(crate) fn check_duplicates(manifests: &Manifests, out: &mut Vec<Diagnostic>) {
    let mut objects: Vec<&Manifest> = manifests.list.iter().collect();
    // What is cheap to compare comes first: nearly every comparison ends there.
    objects.sort_by(|a, b| {
        let first = (a.kind, &a.namespace, &a.name).cmp(&(b.kind, &b.namespace, &b.name));
        first.then_with(|| a.identity().cmp(&b.identity()))
    });
    for pair in objects.windows(2) {
        if let [first, second] = pair
            && first.identity() == second.identity()
        {
            let message = format!("{} `{}` is made by {} already", second.kind, second.name, first.origin);
            let hint = match second.kind {
                "Gateway" => "give one of the two another `name` or `namespace`",
                _ => {
                    "rename one of the two entries; `<name>-0`, `<name>-1` stand for the endpoints of `<name>`"
                }
            };
            out.push(Diagnostic::error(DUPLICATE_OBJECT, second.origin.clone(), message).hint(hint));
        }
    }
}
