//! The default backend of an Ingress: what it answers of the hosts that the Ingress names, or of all that nobody names.

use super::read::{INGRESS_PATH, Location, Lost, Reading, Sites};
use super::roots::{ROOT, is_root};
use super::targets::Rewrite;
use crate::diagnostic::Severity;
use crate::import::objects::Object;
use crate::path::Path;
use crate::tree::Node;

/// The default backend with its key: before `networking.k8s.io/v1` it had another one.
pub(super) fn default_backend<'o, 'a>(object: &'o Object<'a>) -> Option<(&'static str, &'o Node<'a>)> {
    ["defaultBackend", "backend"].into_iter().find_map(|key| Some((key, object.spec(key)?)))
}

impl Reading<'_, '_> {
    /// Adds the default backend, which answers what the paths of a host leave, and without rules every host that nobody
    /// names. Where a root is left out it would answer in place of that.
    pub(super) fn add_rest(
        &mut self,
        backend: &Node<'_>,
        at: &Path,
        has_rules: bool,
        sites: &mut Sites,
        lost: &mut Lost,
    ) {
        if !has_rules {
            sites.extend(self.rest(backend, at).map(|rest| (String::new(), vec![rest])));
            return;
        }
        let lacks_root = |(host, locations): &&mut (String, Vec<Location>)| {
            !host.is_empty() && !lost.roots.contains(host) && !locations.iter().any(is_root)
        };
        let mut lacking = sites.iter_mut().filter(lacks_root).peekable();
        if lacking.peek().is_none() {
            // Nobody asks it, so that its faults are none of theirs.
            self.say_unneeded_rest(at);
        } else if let Some(rest) = self.rest(backend, at) {
            lacking.for_each(|(_, locations)| locations.push(rest.clone()));
        } else {
            lost.rests.extend(lacking.map(|(host, _)| host.clone()));
        }
    }

    /// The location of a default backend, which is rewritten as others are.
    ///
    /// Source: ingress-nginx v1.12.1, `internal/ingress/controller/controller.go`, `createServers`, which gives the root
    /// the annotations of the Ingress.
    fn rest(&mut self, backend: &Node<'_>, at: &Path) -> Option<Location> {
        let backend = self.backend(Some(backend), at)?;
        let (kind, path) = ROOT;
        let rewrite = match self.asked.rewrite.as_deref() {
            None => None,
            Some(target) if target == path => None,
            Some(target) => match Rewrite::of_rest(target) {
                Ok(rewrite) => Some(rewrite),
                Err(why) => {
                    let message = format!(
                        "`rewrite-target: {target}` is for the default backend too, and {why}: it is left out"
                    );
                    let hint = "write a rule for the rest of the hosts that comes near";
                    self.say(Severity::Error, INGRESS_PATH, at, message, hint);
                    return None;
                }
            },
        };
        Some(Location { kind, path: path.to_owned(), rewrite, backend, is_rest: true })
    }

    /// Says of a default backend beside rules that no host has it.
    fn say_unneeded_rest(&mut self, at: &Path) {
        let message = "the default backend is left out, as in ingress-nginx: beside rules it is for hosts that they name \
                       without a path `/`, and there is none";
        let hint = "write a route without host names if it is to answer from now on";
        self.say(Severity::Warning, INGRESS_PATH, at, message.to_owned(), hint);
    }
}
