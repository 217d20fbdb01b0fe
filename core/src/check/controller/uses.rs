//! What an object uses, found by the table's places in its tree.

use super::features::{FEATURES, Feature, Used, When};
use crate::check::model::Meta;
use crate::path::Path;
use crate::profile::{Claim, Profile};
use crate::release::{GATEWAY_GROUP, group};
use crate::tree::Node;

/// A feature in use.
#[derive(Debug)]
pub struct Use {
    /// The index of the object's result.
    pub object: usize,
    /// The object's kind.
    pub kind: &'static str,
    /// What it uses.
    pub feature: &'static Feature,
    /// The value that asks for it.
    pub path: Path,
}

impl Use {
    /// A use by an object that the model knows.
    pub(super) fn new(meta: &Meta<'_>, kind: &'static str, feature: &'static Feature, path: Path) -> Self {
        Self { object: meta.object, kind, feature, path }
    }
}

/// The features that a controller reports as unsupported, without the parts of one that it lacks as a whole.
pub fn lacking(profile: &Profile) -> Vec<&'static Feature> {
    let Some(report) = profile.report() else { return Vec::new() };
    let lacks = |name: &str| report.claim(name) == Claim::Unsupported;
    let told = |feature: &&Feature| lacks(feature.name) && !feature.part_of.is_some_and(lacks);
    FEATURES.iter().filter(told).collect()
}

/// Adds what an object uses of some features by itself.
pub(in crate::check) fn read(
    node: &Node<'_>,
    object: usize,
    features: &[&'static Feature],
    uses: &mut Vec<Use>,
) {
    let word = |key| node.get(key).and_then(Node::as_text).unwrap_or_default();
    if features.is_empty() || group(word("apiVersion")) != GATEWAY_GROUP {
        return;
    }
    for feature in features {
        let Used::At { kinds, paths, when } = &feature.used else { continue };
        let Some(kind) = kinds.iter().find(|kind| **kind == word("kind")) else { continue };
        for place in *paths {
            walk(node, &Path::ROOT, place, &mut |node, path| {
                if when.holds(node) {
                    uses.push(Use { object, kind, feature, path: path.clone() });
                }
            });
        }
    }
}

/// Gives every value at a place, with its path.
fn walk(node: &Node<'_>, path: &Path, place: &str, take: &mut impl FnMut(&Node<'_>, &Path)) {
    let (step, rest) = place.split_once('.').unwrap_or((place, ""));
    let (key, every) = step.strip_suffix("[]").map_or((step, false), |key| (key, true));
    if key.is_empty() {
        return take(node, path);
    }
    let Some(node) = node.get(key).filter(|node| !node.is_null()) else { return };
    let path = path.key(key);
    if every {
        node.items().for_each(|(index, item)| walk(item, &path.index(index), rest, take));
    } else {
        walk(node, &path, rest, take);
    }
}

impl When {
    fn holds(&self, node: &Node<'_>) -> bool {
        let text = |node: &Node<'_>, key| node.text_of(key).unwrap_or_default().into_owned();
        match self {
            Self::Given => true,
            Self::Is(word) => node.as_text() == Some(*word),
            Self::Number(number) => node.as_integer() == Some(*number),
            Self::Without(key) => text(node, key).is_empty(),
            Self::Several(kind) => node.items().filter(|(_, item)| text(item, "type") == **kind).count() > 1,
        }
    }
}
