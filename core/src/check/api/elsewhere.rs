//! Where a field exists that the target does not have.

use super::schema::{Kind, Schema, Shape};
use super::tables::kinds;
use crate::path::{Path, Step};
use crate::release::{Channel, Release, Target};

/// The release and channel nearest to the target in which an object of this kind has the field: first the
/// other channel of its own release, then later releases, then earlier ones; standard before experimental.
/// `None` where no release has it, or the target has it itself.
///
/// Under another apiVersion of the kind it counts too.
pub fn elsewhere(kind: &Kind, path: &Path, target: Target) -> Option<(Release, Channel)> {
    let has = |release, channel| {
        let served = kinds(Target { release, channel }).iter();
        served
            .filter(|row| row.kind == kind.kind && row.group == kind.group)
            .any(|row| holds(row.schema, &path.steps()))
    };
    if has(target.release, target.channel) {
        return None;
    }
    let later = Release::ALL.into_iter().filter(|release| *release >= target.release);
    let earlier = Release::ALL.into_iter().rev().filter(|release| *release < target.release);
    later
        .chain(earlier)
        .flat_map(|release| [(release, Channel::Standard), (release, Channel::Experimental)])
        .find(|(release, channel)| has(*release, *channel))
}

/// Whether a schema has a place for what a path names.
fn holds(schema: &Schema, steps: &[&Step]) -> bool {
    let Some((step, rest)) = steps.split_first() else { return true };
    let below = match (&schema.shape, step) {
        (Shape::Object(object), Step::Key(key)) => {
            let property = object.properties.iter().find(|(name, _)| *name == key.as_ref());
            property.map(|(_, schema)| *schema).or(object.values)
        }
        (Shape::List(list), Step::Index(_)) => Some(list.items),
        _ => None,
    };
    below.is_some_and(|below| holds(below, rest))
}

#[cfg(test)]
mod tests {
    use super::super::find;
    use super::elsewhere;
    use crate::path::Path;
    use crate::release::{Channel, Release, Target};

    #[test]
    fn finds_the_nearest_release_and_channel() {
        use Channel::{Experimental, Standard};
        use Release::{V1_4, V1_5, V1_6, V1_7};
        let spec = || Path::ROOT.key("spec");
        let retry = spec().key("rules").index(3).key("retry").key("attempts");
        let listeners = spec().key("allowedListeners");
        let session = spec().key("rules").index(0).key("sessionPersistence").key("sessionName");
        for (kind, path, release, channel, expected) in [
            ("HTTPRoute", &retry, V1_6, Standard, Some((V1_6, Experimental))),
            ("HTTPRoute", &retry, V1_7, Standard, None),
            ("HTTPRoute", &spec().key("rules").index(0).key("backends"), V1_6, Standard, None),
            ("Gateway", &listeners, V1_4, Standard, Some((V1_4, Experimental))),
            ("Gateway", &listeners, V1_5, Standard, None),
            ("HTTPRoute", &session, V1_7, Standard, Some((V1_6, Experimental))),
            ("HTTPRoute", &session, V1_7, Experimental, Some((V1_6, Experimental))),
        ] {
            let target = Target { release, channel };
            let kind = find(target, "gateway.networking.k8s.io/v1", kind).expect("a kind of every release");
            assert_eq!(elsewhere(kind, path, target), expected, "{path} {target}");
        }
    }
}
