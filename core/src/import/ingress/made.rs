//! Routes that were made, and what `gatewright render` takes of them.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::Diagnostic;
use crate::import::findings;
use crate::import::objects::{Object, Objects};
use crate::import::verify::{Rendered, rendered};
use crate::path::{Path, Step};
use crate::tree::{Node, Value};

/// A route of an Ingress.
#[derive(Debug)]
pub(super) struct Made<'a> {
    /// The index of the Ingress's object.
    object: usize,
    node: Node<'a>,
    /// The name of the route to which it redirects: without that it leads nowhere.
    leads_to: Option<String>,
}

impl<'a> Made<'a> {
    pub(super) fn new(object: usize, node: Node<'a>) -> Self {
        Self { object, node, leads_to: None }
    }

    /// The same as what redirects to a route of the same Ingress.
    pub(super) fn leading_to(self, name: &str) -> Self {
        Self { leads_to: Some(name.to_owned()), ..self }
    }

    fn name(&self) -> &str {
        self.node.get("name").and_then(Node::as_text).unwrap_or_default()
    }

    /// Takes out what faults are about, each with its path below the route, and gives what becomes of each: the path of
    /// requests that is left out, or none for the whole route.
    fn without(&mut self, faults: &[Path]) -> Vec<Option<String>> {
        let places: Vec<_> = faults.iter().map(place).collect();
        let Some(Value::List(rules)) = self.rules() else { return vec![None; faults.len()] };
        let is_alone = rules.len() == 1;
        let matches = match rules.first_mut() {
            Some(rule) if is_alone => list(rule, "matches"),
            _ => None,
        };
        let (list, taken) = match matches {
            Some(matches) => (matches, places.iter().map(|place| place.and_then(|(_, of)| of)).collect()),
            None => (rules, places.iter().map(|place| place.map(|(rule, _)| rule)).collect::<Vec<_>>()),
        };
        let Some(left_out) = taken.into_iter().collect::<Option<Vec<usize>>>() else {
            return vec![None; faults.len()];
        };
        // A path may have several rules, and goes with all of them.
        let paths: Vec<Option<Node<'_>>> =
            left_out.iter().map(|index| list.get(*index).and_then(path_of).cloned()).collect();
        let is_left_out = |node: &Node<'_>| paths.iter().any(|path| path.as_ref() == path_of(node));
        if list.iter().all(is_left_out) {
            return vec![None; faults.len()];
        }
        list.retain(|node| !is_left_out(node));
        paths.iter().map(|path| path.as_ref()?.get("value")?.as_text().map(str::to_owned)).collect()
    }

    /// The paths of requests that it is for.
    fn paths(&self) -> Vec<Node<'a>> {
        let rules = self.node.get("rules").into_iter().flat_map(Node::items);
        rules.filter_map(|(_, rule)| path_of(rule).cloned()).collect()
    }

    /// Keeps of what redirects to a route the paths that this has left.
    fn keep(&mut self, paths: &[Node<'a>]) {
        let Some(Value::List(rules)) = self.rules() else { return };
        if let Some(matches) = rules.first_mut().and_then(|rule| list(rule, "matches")) {
            matches.retain(|node| path_of(node).is_none_or(|path| paths.contains(path)));
        }
    }

    fn rules(&mut self) -> Option<&mut Value<'a>> {
        let Value::Map(map) = &mut self.node.value else { return None };
        Some(&mut map.get_mut("rules")?.value)
    }
}

/// The values with those routes that can be rendered: of one that cannot as much as is taken.
pub(super) fn with_routes<'a>(
    values: &Node<'a>,
    mut routes: Vec<Made<'a>>,
    objects: &Objects<'a>,
    out: &mut Vec<Diagnostic>,
) -> Node<'a> {
    loop {
        let list = routes.iter().map(|route| route.node.clone());
        let values = values.clone().with("routes", Node::list(list));
        let Rendered::Refused(faults) = rendered(values.clone()) else { return values };
        let mut by_route: BTreeMap<usize, Vec<&Diagnostic>> = BTreeMap::new();
        for fault in &faults {
            if let Some(index) = findings::route(fault) {
                by_route.entry(index).or_default().push(fault);
            }
        }
        if by_route.is_empty() {
            out.extend(faults.iter().map(|fault| findings::not_rendered(fault, fault.path.clone())));
            return values;
        }
        let mut gone = BTreeSet::new();
        let mut left = BTreeMap::new();
        for (index, faults) in by_route {
            let Some(route) = routes.get_mut(index) else { continue };
            let paths: Vec<Path> = faults.iter().map(|fault| fault.path.clone()).collect();
            let left_out = route.without(&paths);
            if left_out.iter().all(Option::is_none) {
                gone.insert((route.object, route.name().to_owned()));
            } else {
                left.insert((route.object, route.name().to_owned()), route.paths());
            }
            // What redirects to a route has the paths of that.
            let object = objects.get(route.object).filter(|_| route.leads_to.is_none());
            let mut said = BTreeSet::new();
            for (fault, path) in faults.into_iter().zip(left_out) {
                // Of a setting of all paths there is a fault for each.
                if said.insert((fault.message.clone(), path.clone())) {
                    out.extend(object.map(|object| object.say(left_out_of(object, fault, path.as_deref()))));
                }
            }
        }
        for route in &mut routes {
            let target = route.leads_to.clone().map(|name| (route.object, name));
            // Rules of other kinds than HTTPRoutes have none.
            let paths = target.and_then(|target| left.get(&target)).filter(|paths| !paths.is_empty());
            if let Some(paths) = paths {
                route.keep(paths);
            }
        }
        routes.retain(|route| {
            let leads_to = route.leads_to.as_deref().unwrap_or_default();
            let is_gone = |name: &str| gone.contains(&(route.object, name.to_owned()));
            !is_gone(route.name()) && !is_gone(leads_to)
        });
    }
}

/// Says of a route, or of one of its paths, that it is left out.
fn left_out_of(object: &Object<'_>, fault: &Diagnostic, path: Option<&str>) -> Diagnostic {
    match path {
        // Of what the object does not have there is no path in it.
        None => findings::left_out(fault, Path::ROOT),
        Some(path) => findings::path_left_out(fault, written(object, path), path),
    }
}

/// Where a path is written in an Ingress: as it is, or with an expression behind it.
fn written(object: &Object<'_>, path: &str) -> Path {
    let at = Path::ROOT.key("spec").key("rules");
    for (rule, node) in object.spec("rules").into_iter().flat_map(Node::items) {
        let paths = node.get("http").and_then(|http| http.get("paths"));
        for (index, node) in paths.into_iter().flat_map(Node::items) {
            let text = node.get("path").and_then(Node::as_text).unwrap_or("/");
            if text.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('(')) {
                return at.index(rule).key("http").key("paths").index(index).key("path");
            }
        }
    }
    at
}

/// The rule that a fault is about, and the match if it is in one.
fn place(path: &Path) -> Option<(usize, Option<usize>)> {
    let steps = path.steps();
    let index = |at: usize, key: &str| match (steps.get(at), steps.get(at + 1)) {
        (Some(Step::Key(found)), Some(Step::Index(index))) if found.as_ref() == key => Some(*index as usize),
        _ => None,
    };
    Some((index(2, "rules")?, index(4, "matches")))
}

/// The path of requests of a rule or of a match.
fn path_of<'n, 'a>(node: &'n Node<'a>) -> Option<&'n Node<'a>> {
    let first = || node.get("matches")?.as_list()?.first();
    node.get("path").or_else(|| first()?.get("path"))
}

fn list<'n, 'a>(node: &'n mut Node<'a>, key: &str) -> Option<&'n mut Vec<Node<'a>>> {
    let Value::Map(map) = &mut node.value else { return None };
    match &mut map.get_mut(key)?.value {
        Value::List(items) if items.len() > 1 => Some(items),
        _ => None,
    }
}
