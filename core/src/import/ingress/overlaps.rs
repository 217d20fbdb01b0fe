//! Paths of a host of which nginx and Gateway API take another one first.
//!
//! Source: ingress-nginx v1.12.1, `getBackendServers` of `internal/ingress/controller/controller.go`, which puts the longest
//! text first, and nginx, directive `location`, which takes the first expression; `updateServerLocations` of
//! `internal/ingress/controller/location.go` for paths with a `/` at the end. Gateway API v1.6.1, `HTTPRouteMatch` and
//! `PathMatchPathPrefix`.

use std::collections::BTreeMap;

use super::paths::CUTS_PREFIX;
use super::read::{INGRESS_PATH, Location};
use super::roots::ROOT;
use crate::diagnostic::Diagnostic;
use crate::import::objects::Object;
use crate::path::Path;

/// A location with the object of its Ingress.
pub(super) type Of<'l, 'a> = (&'l Location, &'l Object<'a>);

/// Says of locations of one host, in the order that ingress-nginx takes them in, which others had their requests.
pub(super) fn say(host: &str, locations: &[Of<'_, '_>], are_expressions: bool, out: &mut Vec<Diagnostic>) {
    if are_expressions {
        say_longer(host, locations, out);
    }
    say_slashes(host, locations, out);
}

/// Of expressions the one with the longest text is first, of equal ones that of the first Ingress.
fn say_longer(host: &str, locations: &[Of<'_, '_>], out: &mut Vec<Diagnostic>) {
    let mut cuts: BTreeMap<String, Of<'_, '_>> = BTreeMap::new();
    let mut firsts: BTreeMap<&str, Of<'_, '_>> = BTreeMap::new();
    for (location, object) in locations {
        if is_cut(location) {
            cuts.entry(location.path.to_ascii_lowercase()).or_insert((location, object));
        }
        firsts.entry(&location.path).or_insert((location, object));
    }
    for (location, object) in locations.iter().filter(|(location, _)| !is_cut(location)) {
        let length = location.path.len();
        let longer = above(&location.path).filter_map(|path| cuts.get(&path.to_ascii_lowercase()));
        let longer = longer.filter(|(cut, _)| cut.path.len() + CUTS_PREFIX.len() > length);
        let winner =
            longer.max_by_key(|(cut, _)| cut.path.len()).or_else(|| firsts.get(location.path.as_str()));
        let Some((winner, of)) =
            winner.filter(|(winner, of)| answers_otherwise((winner, of), (location, object)))
        else {
            continue;
        };
        let written =
            if is_cut(winner) { format!("{}{CUTS_PREFIX}", winner.path) } else { winner.path.clone() };
        let message = format!(
            "requests for `{host}{}` went to Service `{}` of {}, as ingress-nginx takes the expression `{written}` first; \
             they go to Service `{}` now",
            location.path, winner.backend.service, of.identity, location.backend.service
        );
        let hint = "take this path out of the values if it is to be as before";
        out.push(object.say(Diagnostic::warning(INGRESS_PATH, place(), message).hint(hint)));
    }
}

/// A prefix with `/` at its end is another one in nginx, and the same in Gateway API.
fn say_slashes(host: &str, locations: &[Of<'_, '_>], out: &mut Vec<Diagnostic>) {
    let prefixes = || locations.iter().filter(|(location, _)| location.kind == ROOT.0);
    let by_path: BTreeMap<&str, &Of<'_, '_>> = prefixes().map(|of| (of.0.path.as_str(), of)).collect();
    for (location, object) in prefixes() {
        let Some(other) = location.path.strip_suffix('/').and_then(|short| by_path.get(short)) else {
            continue;
        };
        if answers_otherwise((other.0, other.1), (location, object)) {
            let message = format!(
                "`{host}{}` and `{}` are one prefix in Gateway API: only one of the Services `{}` and `{}` gets its requests",
                other.0.path, location.path, other.0.backend.service, location.backend.service
            );
            let hint =
                "let the one without `/` at the end have type `Exact`, if the Service is for that path alone";
            out.push(object.say(Diagnostic::warning(INGRESS_PATH, place(), message).hint(hint)));
        }
    }
}

fn answers_otherwise((one, of): Of<'_, '_>, (other, of_other): Of<'_, '_>) -> bool {
    one != other && (&one.backend, of.namespace()) != (&other.backend, of_other.namespace())
}

/// A path and every one above it.
fn above(path: &str) -> impl Iterator<Item = &str> {
    let ends = path.match_indices('/').map(|(end, _)| end.max(1)).chain([path.len()]);
    ends.filter_map(|end| path.get(..end))
}

/// Whether it was written as an expression that cuts a prefix.
pub(super) fn is_cut(location: &Location) -> bool {
    location.rewrite.as_ref().is_some_and(|rewrite| rewrite.is_prefix)
}

fn place() -> Path {
    Path::ROOT.key("spec").key("rules")
}
