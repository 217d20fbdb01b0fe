//! An Ingress without rules: its default backend answers the hosts that nobody names, and annotations about their paths,
//! names and TLS are not gone by.
//!
//! Source: ingress-nginx v1.12.1, `internal/ingress/controller/controller.go`, `createServers`, which leaves rewrites and
//! redirects of the catch-all as they were, and goes by the others for each rule.

use super::super::objects::Object;
use super::annotations::{ANNOTATION, Asked, PREFIX, boolean, place};
use crate::diagnostic::Diagnostic;
use crate::tree::Node;

/// The annotations that are of rules alone.
const OF_RULES: [&str; 8] = [
    "app-root",
    "force-ssl-redirect",
    "permanent-redirect",
    "rewrite-target",
    "server-alias",
    "ssl-passthrough",
    "temporal-redirect",
    "use-regex",
];

/// Takes away what is not gone by, and says so.
pub(super) fn ignore(asked: &mut Asked, object: &Object<'_>, out: &mut Vec<Diagnostic>) {
    asked.app_root = None;
    asked.force_ssl_redirect = false;
    asked.ssl_redirect = Some(false);
    asked.redirect = None;
    asked.rewrite = None;
    asked.aliases = None;
    asked.passthrough = false;
    asked.regex = false;
    for name in OF_RULES {
        let value = object.metadata("annotations").and_then(|all| all.get(&format!("{PREFIX}{name}")));
        let value = value.and_then(Node::as_text).unwrap_or_default().trim();
        if value.is_empty() || boolean(value) == Some(false) {
            continue;
        }
        let message = format!(
            "`{name}` is ignored, as ingress-nginx does not go by it where an Ingress has a default backend and no rules"
        );
        let found = Diagnostic::warning(ANNOTATION, place(name), message).about_key();
        out.push(object.say(found.hint("write it into the values if it is to hold from now on")));
    }
}
