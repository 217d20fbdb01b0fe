//! Plans for tests.

use super::Summary;
use crate::Scope;
use crate::tree::yaml::{self, Limits};

/// The plan of a Gateway with listeners, and of one route.
pub(super) fn plan(listeners: &str, route: &str) -> Summary {
    of(&format!(
        "gateways: [{{name: gw, namespace: edge, className: eg, listeners: [{listeners}]}}]\n\
         routes: [{{name: r, {route}, rules: [{{backendRefs: [{{name: s}}]}}]}}]\n\
         externalServices: [{{name: s, port: 80, endpoints: [192.0.2.1]}}]\nreferenceGrants: all\n"
    ))
}

/// The plan of sound values.
pub(super) fn of(text: &str) -> Summary {
    let root = yaml::read(text, 0, &Limits::DEFAULT, &mut Vec::new()).pop().expect("a document");
    let (summary, found) = crate::plan(root, &Scope { namespace: "edge".into(), ..Scope::default() });
    assert!(!crate::diagnostic::has_errors(&found), "{found:?}");
    summary
}
