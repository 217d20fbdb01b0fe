//! What a check is asked to do.

use crate::diagnostic::{Diagnostic, Level};
use crate::profile::Profile;
use crate::release::Target;

/// What a check is asked to do.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The Gateway API release and channel of the cluster.
    pub target: Target,
    /// The controller, where one is named.
    pub profile: Option<&'static Profile>,
    /// Whether what is not in the input does not exist; else it is unknown.
    pub complete: bool,
    /// Namespace of objects that name none.
    pub namespace: String,
    /// Codes to look for; empty for all.
    pub only: Vec<String>,
    /// Codes to leave out.
    pub skip: Vec<String>,
}

impl Settings {
    /// A check for no controller by name, of an input that may lack anything, for every code.
    pub fn new(target: Target) -> Self {
        Self {
            target,
            profile: None,
            complete: false,
            namespace: "default".to_owned(),
            only: Vec::new(),
            skip: Vec::new(),
        }
    }

    /// The one controller that is named; the portable profile is none.
    pub(super) fn controller(&self) -> Option<&'static Profile> {
        self.profile.filter(|profile| !profile.controller.is_empty())
    }

    /// Whether a finding is asked for. What an API server refuses cannot be left out by `skip`.
    pub fn wants(&self, diagnostic: &Diagnostic) -> bool {
        let named = |codes: &[String]| codes.iter().any(|code| code == diagnostic.code.0);
        if self.only.is_empty() {
            !named(&self.skip) || diagnostic.level == Level::Api || diagnostic.is_refusal()
        } else {
            named(&self.only)
        }
    }
}
