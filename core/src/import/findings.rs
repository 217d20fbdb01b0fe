//! What is found in a trial, in words.

use std::collections::{BTreeMap, BTreeSet};

use super::objects::{Key, Object, Objects};
use super::organizations::Misfit;
use super::verify::Difference;
use crate::diagnostic::{Code, Diagnostic};
use crate::path::{Path, Step};
use crate::release::{GATEWAY_GROUP, ROUTE_KINDS};

/// What of the values `gatewright render` refuses.
const NOT_RENDERED: Code = Code("import-not-rendered");
/// Values that were not held against all of the objects.
pub(super) const NOT_COMPARED: Code = Code("import-not-compared");
/// Something that is rendered otherwise than it was.
pub(super) const DIFFERS: Code = Code("import-differs");
/// An object outside the cluster that routes go on naming, for no external service gives it again.
pub(super) const UPSTREAM_KEPT: Code = Code("import-upstream-kept");
/// Routes below the base domain that no organization gives again.
const NO_ORGANIZATION: Code = Code("import-no-organization");
/// Objects that rendering adds.
const ADDED: Code = Code("import-added");
/// Objects of kinds that the values do not make.
const NOT_IMPORTED: Code = Code("import-kinds-left");

/// Most objects that one message names; our own bound.
const NAMED: usize = 5;

/// Those that are no entry have been told of.
pub(super) fn is_route_or_gateway(object: &Object<'_>) -> bool {
    object.group() == GATEWAY_GROUP
        && (object.identity.kind == "Gateway" || ROUTE_KINDS.contains(&object.identity.kind.as_ref()))
}

pub(super) fn is_ingress(object: &Object<'_>) -> bool {
    object.is("networking.k8s.io", "Ingress") || object.is("extensions", "Ingress")
}

/// Says of a route of an organization that it stays a route, and why.
pub(super) fn no_organization(objects: &Objects<'_>, misfit: &Misfit) -> Option<Diagnostic> {
    let (object, organization, why) = misfit;
    let message = match organization {
        Some(organization) => format!("the routes of organization `{organization}` stay routes: {why}"),
        None => format!("stays a route: {why}"),
    };
    let found = Diagnostic::info(NO_ORGANIZATION, Path::ROOT, message);
    Some(objects.get(*object)?.say(found))
}

/// Section and index of an entry, and the path in the object that it was made from.
pub(super) fn place(path: &Path) -> (&str, usize, Path) {
    let steps = path.steps();
    let [Step::Key(section), Step::Index(index), rest @ ..] = steps.as_slice() else {
        return ("", 0, Path::ROOT);
    };
    let root = match rest.first() {
        Some(Step::Key(key)) if ["name", "namespace", "labels", "annotations"].contains(&key.as_ref()) => {
            "metadata"
        }
        _ => "spec",
    };
    let path = rest.iter().fold(Path::ROOT.key(root), |path, step| path.step((*step).clone()));
    (section, *index as usize, path)
}

/// The entry of `routes` that a fault is about.
pub(super) fn route(fault: &Diagnostic) -> Option<usize> {
    let (section, index, _) = place(&fault.path);
    (section == "routes").then_some(index)
}

/// Says of an entry that it is not in the values, for rendering refuses it.
pub(super) fn left_out(fault: &Diagnostic, path: Path) -> Diagnostic {
    refusal(fault, path, "left out, as `gatewright render` refuses it")
}

/// Says of a path of an Ingress that it is not in the values, for rendering refuses it.
pub(super) fn path_left_out(fault: &Diagnostic, path: Path, of: &str) -> Diagnostic {
    refusal(fault, path, &format!("`{of}` is left out, as `gatewright render` refuses it"))
}

/// Says of a route that it is not in the values, for its Gateway is not.
pub(super) fn left_out_with(gateway: &str) -> Diagnostic {
    let message = format!("left out with Gateway `{gateway}`, to which it attaches");
    Diagnostic::error(NOT_RENDERED, Path::ROOT, message).hint("see why the Gateway is left out")
}

/// Says of all values that rendering refuses them.
pub(super) fn not_rendered(fault: &Diagnostic, path: Path) -> Diagnostic {
    refusal(fault, path, "`gatewright render` refuses these values")
}

fn refusal(fault: &Diagnostic, path: Path, what: &str) -> Diagnostic {
    let message = format!("{what}: {} ({})", fault.message, fault.code);
    Diagnostic::error(NOT_RENDERED, path, message)
        .level(fault.level)
        .source(fault.source.clone())
        .hint(fault.hint.clone())
}

/// Joins what is otherwise in one listener: a Gateway may have many.
pub(super) fn by_listener(found: impl Iterator<Item = Difference>) -> impl Iterator<Item = Difference> {
    let mut joined: BTreeMap<Path, Vec<Difference>> = BTreeMap::new();
    for difference in found {
        joined.entry(listener(&difference.path).0).or_default().push(difference);
    }
    joined.into_iter().flat_map(|(path, mut list)| {
        if list.len() > 1 && listener(&path).1.is_some() {
            let parts = list.iter().map(|found| {
                let below = listener(&found.path).1.unwrap_or_default();
                format!("`{below}`: {}", found.what)
            });
            let what = parts.collect::<Vec<_>>().join("; ");
            list = vec![Difference { path, what }];
        }
        list
    })
}

/// The listener that a path is in, and the path below it; else the path itself.
fn listener(path: &Path) -> (Path, Option<Path>) {
    let steps = path.steps();
    let [Step::Key(spec), Step::Key(list), Step::Index(_), below @ ..] = steps.as_slice() else {
        return (path.clone(), None);
    };
    if spec.as_ref() != "spec" || list.as_ref() != "listeners" {
        return (path.clone(), None);
    }
    let of = |steps: &[&Step]| steps.iter().fold(Path::ROOT, |path, step| path.step((*step).clone()));
    (of(steps.get(..3).unwrap_or_default()), Some(of(below)))
}

/// What findings are about.
pub(super) fn places(found: &[Diagnostic]) -> BTreeSet<Path> {
    found.iter().map(|found| found.path.clone()).collect()
}

/// Says of objects that no value stands for how many there are of which kinds.
pub(super) fn say_left<'o, 'a: 'o>(objects: impl Iterator<Item = &'o Object<'a>>) -> Option<Diagnostic> {
    let mut left: BTreeMap<String, usize> = BTreeMap::new();
    let mut hint = None;
    for object in objects {
        *left.entry(kind(object)).or_default() += 1;
        hint = hint.or_else(|| of_other_way(object));
    }
    let counted: Vec<String> = left.iter().map(|(kind, count)| format!("{kind} ({count})")).collect();
    let message =
        format!("left where they are, as nothing in these values makes them: {}", counted.join(", "));
    let found = Diagnostic::info(NOT_IMPORTED, Path::ROOT, message);
    match hint {
        _ if left.is_empty() => None,
        Some(hint) => Some(found.hint(hint)),
        None => Some(found),
    }
}

/// The kind of an object, with its group where it is only called like one that is imported.
fn kind(object: &Object<'_>) -> String {
    let kind = &object.identity.kind;
    let is_namesake = ["Gateway", "Ingress"].contains(&kind.as_ref()) && of_other_way(object).is_none();
    if is_namesake { format!("{kind}.{}", object.group()) } else { kind.to_string() }
}

/// How an object is imported, where it is not with others.
pub(super) fn of_other_way(object: &Object<'_>) -> Option<&'static str> {
    if is_ingress(object) {
        return Some("`gatewright import --ingress` reads the Ingress objects");
    }
    is_route_or_gateway(object)
        .then_some("`gatewright import` without `--ingress` reads the Gateways and routes")
}

pub(super) fn say_added<'k>(added: impl Iterator<Item = &'k Key>) -> Option<Diagnostic> {
    let added: Vec<String> =
        added.map(|[_, kind, namespace, name]| format!("{kind} {namespace}/{name}")).collect();
    let more = if added.len() > NAMED { format!(" and {} more", added.len() - NAMED) } else { String::new() };
    let named: Vec<&str> = added.iter().take(NAMED).map(String::as_str).collect();
    let message = format!("rendering adds what the input does not have: {}{more}", named.join(", "));
    (!added.is_empty()).then(|| Diagnostic::info(ADDED, Path::ROOT, message))
}
