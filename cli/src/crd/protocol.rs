//! What the run and its child say to each other: one JSON document a line.

use gatewright_core::tree::Node;
use gatewright_crd::{Finding, Step, Version};
use serde::{Deserialize, Serialize};

/// What the child is asked, with objects as `O`.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Request<V, O> {
    /// What an API server would hold against a CRD.
    Define {
        /// The CRD.
        definition: O,
        /// What is not to be begun, and why.
        skip: Vec<(Step, String)>,
    },
    /// To get ready for the objects of a version.
    Load {
        /// What the version is called from now on.
        number: usize,
        /// The version.
        version: V,
    },
    /// What an API server would hold against an object.
    Judge {
        /// Of which version it is.
        number: usize,
        /// The object.
        object: O,
        /// What it was before an update.
        old: Option<O>,
        /// What is not to be begun, and why.
        skip: Vec<(Step, String)>,
    },
}

/// A request as it is sent.
pub(super) type Sent<'r, 'n> = Request<&'r Version, &'r Node<'n>>;

/// A request as it arrives.
pub(super) type Received = Request<Version, serde_json::Value>;

/// What the child says.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Said {
    /// It is ready for a version.
    Loaded,
    /// A version that cannot be used, and why.
    Broken(String),
    /// It begins with a step. Nothing more about this is said where the step ends the process.
    Begun(Step),
    /// Everything held against an object or a CRD.
    Found(Vec<Finding>),
    /// The request cannot be read, and why.
    Unreadable(String),
}
