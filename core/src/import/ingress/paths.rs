//! Paths of an Ingress, and what is written in their place.

use super::read::{INGRESS_PATH, Location, Reading};
use super::targets::{Rewrite, or_root};
use crate::diagnostic::Severity;
use crate::path::Path;
use crate::tree::Node;

/// The idiom that cuts a prefix: `/prefix(/|$)(.*)` with `rewrite-target: /$2`.
pub(super) const CUTS_PREFIX: &str = "(/|$)(.*)";

impl Reading<'_, '_> {
    /// Source of what a path type means: ingress-nginx v1.12.1, `internal/ingress/controller/store/store.go`,
    /// `SetDefaultNGINXPathType`; of an empty path `getBackendServers` of `internal/ingress/controller/controller.go`.
    pub(super) fn location(&mut self, node: &Node<'_>, at: &Path) -> Option<Location> {
        let written = node.get("path").filter(|path| !path.is_null());
        let path = self.text(written, &at.key("path"));
        // Without its path a location would be for every one.
        let path = or_root(path.or_else(|| written.is_none().then_some(""))?);
        let kind = match self.text(node.get("pathType"), &at.key("pathType")) {
            Some("Exact") => "Exact",
            // ingress-nginx takes any other type, and none, for `Prefix`.
            _ => "PathPrefix",
        };
        let (path, rewrite) = self.rewritten(&path, &at.key("path"))?;
        let backend = self.backend(node.get("backend"), &at.key("backend"))?;
        let is_cut = rewrite.as_ref().is_some_and(|rewrite| rewrite.is_prefix);
        let kind = if is_cut { "PathPrefix" } else { kind };
        Some(Location { kind, path, rewrite, backend, is_rest: false })
    }

    /// Whether nginx takes a path for an expression, and it is one.
    fn is_expression(&self, path: &str) -> bool {
        (self.asked.regex || self.asked.rewrite.is_some()) && path.contains(|c| "()[]{}*+?^$|\\".contains(c))
    }

    /// The path without what is an expression of it, and what is written in its place.
    fn rewritten(&mut self, path: &str, at: &Path) -> Option<(String, Option<Rewrite>)> {
        let target = self.asked.rewrite.as_deref();
        let cut = path.strip_suffix(CUTS_PREFIX).filter(|prefix| !self.is_expression(prefix));
        let of_cut = cut.zip(target).and_then(|(prefix, target)| Some((prefix, Rewrite::of_prefix(target)?)));
        let written =
            |why| format!("`rewrite-target: {}` {why}: `{path}` is left out", target.unwrap_or_default());
        let fault = match (of_cut, target) {
            (Some((prefix, Ok(rewrite))), _) => return Some((or_root(prefix), Some(rewrite))),
            (Some((_, Err(why))), _) => written(why),
            _ if self.is_expression(path) => format!(
                "`{path}` is an expression for nginx, and Gateway API's are of the controller's own kind: left out"
            ),
            _ if !path.starts_with('/') => format!("`{path}` does not begin with `/`: left out"),
            (None, None) => return Some((path.to_owned(), None)),
            // ingress-nginx then writes nothing in its place.
            (None, Some(target)) if target == path => return Some((path.to_owned(), None)),
            (None, Some(target)) if target.contains('$') => {
                written("takes parts of the path that are not named, or has variables of nginx")
            }
            (None, Some(target)) => match Rewrite::whole(target) {
                Ok(rewrite) => return Some((path.to_owned(), Some(rewrite))),
                Err(why) => written(why),
            },
        };
        let hint = "write a rule with `type: PathPrefix` or, if the controller has them, `RegularExpression`";
        self.say(Severity::Error, INGRESS_PATH, at, fault, hint);
        None
    }
}
