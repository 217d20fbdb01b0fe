//! Hosts whose paths are expressions: where one Ingress asks for them or rewrites, ingress-nginx takes every path of
//! the host for an expression, whatever its type and its case.
//!
//! Source: ingress-nginx v1.12.1, `internal/ingress/controller/template/template.go`, `enforceRegexModifier` and `buildLocation`.

use std::collections::BTreeMap;

use super::super::objects::{Object, Objects};
use super::annotations::Asked;
use super::overlaps::{self, is_cut};
use super::read::{INGRESS_PATH, Ingress, Location};
use super::roots::is_root;
use crate::diagnostic::Diagnostic;
use crate::path::Path;

/// An annotation, and the Ingress that has it.
type Cause<'o, 'a> = (&'static str, &'o Object<'a>);

/// Says of each Ingress which of its paths took more than their rules do now, and which others had their requests.
pub(super) fn say(objects: &Objects<'_>, ingresses: &[Ingress], out: &mut Vec<Diagnostic>) {
    let mut causes: BTreeMap<(&str, &str), Cause<'_, '_>> = BTreeMap::new();
    let mut servers: BTreeMap<(&str, &str), Vec<overlaps::Of<'_, '_>>> = BTreeMap::new();
    // A canary has no locations of its own there.
    let stable = || ingresses.iter().filter(|ingress| ingress.asked.canary.is_none());
    for ingress in stable() {
        let Some(object) = objects.get(ingress.object) else { continue };
        for (host, locations) in &ingress.sites {
            if let Some(annotation) = asks(&ingress.asked, locations) {
                causes.entry((&ingress.class, host)).or_insert((annotation, object));
            }
            let server = servers.entry((&ingress.class, host)).or_default();
            server.extend(locations.iter().map(|location| (location, object)));
        }
    }
    for ingress in stable() {
        let Some(object) = objects.get(ingress.object) else { continue };
        for (host, locations) in &ingress.sites {
            if let Some(cause) = causes.get(&(ingress.class.as_str(), host.as_str())) {
                out.extend(changed(locations, host, *cause).map(|found| object.say(found)));
                out.extend(in_any_case(locations, host, *cause).map(|found| object.say(found)));
            }
        }
    }
    for (server, locations) in servers {
        overlaps::say(server.1, &locations, causes.contains_key(&server), out);
    }
}

/// The annotation that makes expressions of the paths of a host.
fn asks(asked: &Asked, locations: &[Location]) -> Option<&'static str> {
    let is_same = |target: &str| {
        target == "/" && !locations.is_empty() && locations.iter().all(|location| location.path == target)
    };
    match &asked.rewrite {
        _ if asked.regex => Some("use-regex"),
        Some(target) if !is_same(target) => Some("rewrite-target"),
        _ => None,
    }
}

fn changed(locations: &[Location], host: &str, (annotation, of): Cause<'_, '_>) -> Option<Diagnostic> {
    // The root takes everything either way, and what is cut off was written as an expression.
    let changed = || locations.iter().filter(|location| !is_root(location) && !is_cut(location));
    let first = changed().next()?;
    let paths: Vec<String> = changed().map(|location| format!("`{}`", location.path)).collect();
    let message = format!(
        "`{annotation}` of {} makes ingress-nginx take every path of `{host}` for an expression that begins like it, \
         in any case: {} took `{}x` too",
        of.identity,
        paths.join(", "),
        first.path
    );
    let hint = "see which requests need more than the rules take, and write rules for them";
    Some(Diagnostic::warning(INGRESS_PATH, Path::ROOT.key("spec").key("rules"), message).hint(hint))
}

/// Of prefixes that are cut off only the case of letters is otherwise.
fn in_any_case(locations: &[Location], host: &str, (annotation, of): Cause<'_, '_>) -> Option<Diagnostic> {
    let has_letters = |location: &&Location| location.path.contains(|c: char| c.is_ascii_alphabetic());
    let paths = locations.iter().filter(|location| is_cut(location)).filter(has_letters);
    let paths: Vec<String> = paths.map(|location| format!("`{}`", location.path)).collect();
    if paths.is_empty() {
        return None;
    }
    let message = format!(
        "`{annotation}` of {} makes ingress-nginx take {} of `{host}` in any case of letters; rules take them as they are",
        of.identity,
        paths.join(", ")
    );
    let hint = "see which requests have other letters, and write rules for them";
    Some(Diagnostic::warning(INGRESS_PATH, Path::ROOT.key("spec").key("rules"), message).hint(hint))
}
