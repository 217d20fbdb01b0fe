//! How manifests are written.

use clap::ValueEnum;
use gatewright_core::Format;

/// How manifests are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Output {
    /// Block YAML, one document an object
    #[default]
    Yaml,
    /// One `List` of all objects
    Json,
}

impl Output {
    /// What objects are written as.
    pub(super) const fn format(self) -> Format {
        match self {
            Self::Yaml => Format::Yaml,
            Self::Json => Format::Json,
        }
    }
}
