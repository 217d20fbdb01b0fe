//! Reads manifests for unit tests as `gatewright check` does.

use super::api;
use super::model::{self, Model};
use super::settings::Settings;
use crate::release::{Channel, Release, Target};
use crate::tree::yaml::{self, Limits};

/// Settings of a complete input for the newest release, experimental channel.
pub(super) fn complete() -> Settings {
    Settings { complete: true, ..partial() }
}

/// The same for an input that may lack anything.
pub(super) fn partial() -> Settings {
    Settings::new(Target { release: Release::V1_7, channel: Channel::Experimental })
}

/// Everything in a text of YAML documents, with defaults filled in.
pub(super) fn model(text: &str) -> Model<'_> {
    let mut faults = Vec::new();
    let mut model = Model::default();
    for (index, mut node) in yaml::read(text, 0, &Limits::NATIVE, &mut faults).into_iter().enumerate() {
        let word = |key| node.get(key).and_then(crate::tree::Node::as_text).unwrap_or_default().to_owned();
        if let Some(kind) = api::find(complete().target, &word("apiVersion"), &word("kind")) {
            api::check(kind, &mut node, None, complete().target);
        }
        model::read(&node, index, "default", &mut model);
    }
    assert!(faults.is_empty(), "{faults:?}");
    model
}
