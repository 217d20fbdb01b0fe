//! Plan to Kubernetes objects: the only stage that knows their shapes. One file a kind.

use std::ops::Range;

use crate::path::Path;

/// How manifests are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Block YAML, one document an object.
    Yaml,
    /// JSON, indented by two spaces.
    Json,
}

/// One object in [`Manifests::text`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// For example `gateway.networking.k8s.io/v1`.
    pub api_version: &'static str,
    /// For example `HTTPRoute`.
    pub kind: &'static str,
    /// Empty where the object carries none.
    pub namespace: Box<str>,
    /// The object's name.
    pub name: Box<str>,
    /// The value it came from.
    pub origin: Path,
    /// Where its document stands in [`Manifests::text`], without any separator.
    pub range: Range<usize>,
}

/// All objects of a render, in Helm's install order, their documents back to back in one buffer.
///
/// A YAML document ends in a newline; there are no `---` lines: the skin that prints adds them,
/// since Helm 3 wants a `# Source:` comment after each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Manifests {
    /// The documents.
    pub text: String,
    /// What each one is and where it stands.
    pub list: Vec<Manifest>,
}

impl Manifests {
    /// Every object with its document.
    pub fn iter(&self) -> impl Iterator<Item = (&Manifest, &str)> {
        self.list.iter().map(|manifest| (manifest, &self.text[manifest.range.clone()]))
    }
}
