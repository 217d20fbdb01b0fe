//! What stands among the objects of a cluster and is none of them.

use super::objects::identity;
use super::run::not_an_object;
use crate::diagnostic::{self, Code, Diagnostic, Severity};
use crate::path::Path;
use crate::tree::Node;

/// Objects in the form that modules and recordings have, which holds none of a cluster's own.
const NOT_MANIFESTS: Code = Code("context-not-manifests");

/// Says of a document that it is no object: with an error where objects are in it that nobody would look at.
pub fn stranger(node: &Node<'_>) -> Option<Diagnostic> {
    let identity = identity(node);
    if !identity.kind.is_empty() && !identity.api_version.is_empty() {
        return None;
    }
    let holds = |key| identity.kind.is_empty() && node.get(key).is_some();
    let refused = |what: &str| {
        let message = format!("{what}, and manifests belong here: none of its objects would count");
        Diagnostic::error(NOT_MANIFESTS, Path::ROOT, message)
    };
    let fault = if holds("review") && (holds("context") || holds("settings")) {
        refused("a recording of a review").hint("`gatewright review --replay FILE` judges it again")
    } else if holds("objects") {
        refused("a context as modules take it")
            .hint("make a List of it: `jq '{apiVersion: \"v1\", kind: \"List\", items: .objects}'`")
    } else {
        let found = not_an_object(node);
        let message = format!("{}: it is passed over", found.message);
        Diagnostic::new(found.code, Severity::Warning, Path::ROOT, message)
    };
    let mut told = vec![fault];
    diagnostic::locate(&mut told, node);
    told.pop()
}
