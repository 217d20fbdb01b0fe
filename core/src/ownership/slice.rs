//! The part of a context that a decision depends on.

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::value::RawValue;

use super::kinds::KINDS;
use super::view::View;

/// A context of its own, as JSON: `{"complete": […], "objects": […], "publicSuffixes": […]}`. Over it the decision is
/// the same, to the letter.
#[derive(Debug)]
pub struct Slice {
    /// The kinds that are complete.
    pub(super) complete: Vec<String>,
    /// Each an object as it was given.
    pub(super) objects: Vec<String>,
    /// Absent where nothing is known of them.
    pub(super) public_suffixes: Option<Vec<String>>,
}

impl Slice {
    /// What was looked at.
    pub(super) fn of(view: &View<'_, '_>) -> Self {
        let context = view.context();
        Self {
            complete: match context.complete() {
                Some(kinds) => kinds.to_vec(),
                None => KINDS.map(str::to_owned).to_vec(),
            },
            objects: view.looked_at().into_iter().map(str::to_owned).collect(),
            public_suffixes: context.suffixes.is_known().then(|| view.suffixes()),
        }
    }
}

impl Serialize for Slice {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("complete", &self.complete)?;
        let raw = |text: &String| RawValue::from_string(text.clone()).map_err(serde::ser::Error::custom);
        let objects = self.objects.iter().map(raw).collect::<Result<Vec<_>, _>>()?;
        map.serialize_entry("objects", &objects)?;
        if let Some(suffixes) = &self.public_suffixes {
            map.serialize_entry("publicSuffixes", suffixes)?;
        }
        map.end()
    }
}
