//! Values from what a cluster holds: the way back from manifests.
//!
//! [`Objects`] collects them, [`gateways`] makes values of Gateways and routes,
//! [`ingresses`] of Ingress objects. What is made is rendered and held
//! against the objects, so that whatever does not come back is said with its place; an object that stands for
//! something outside the cluster becomes an external service only if it comes back as it is.

mod entries;
mod findings;
mod fitting;
mod ingress;
mod metadata;
mod names;
mod objects;
mod options;
mod organizations;
mod shorter;
mod target;
mod trial;
mod upstreams;
mod verify;

pub use ingress::{Settings as IngressSettings, ingresses};
pub use objects::Objects;

use std::collections::BTreeSet;

use crate::diagnostic::{Code, Diagnostic, Level};
use crate::hostname::Hostname;
use crate::path::Path;
use crate::release::{GATEWAY_GROUP, ROUTE_KINDS, Target};
use crate::tree::{Node, yaml};
use entries::Source;
use objects::Object;
use organizations::{Organizations, Search};
use trial::{Entry, Trial};

/// An input without anything that values are made from.
const NOTHING: Code = Code("nothing-to-import");

/// What stands at the head of imported values.
const HEAD: &str = "# Made by `gatewright import`: read what it said before you render this.\n";

/// What an import gives.
#[derive(Debug, Default)]
pub struct Imported<'a> {
    /// The values; none where there was nothing to import.
    pub values: Option<Node<'a>>,
    /// Everything that has no place in them, comes out otherwise, or was left out.
    pub diagnostics: Vec<Diagnostic>,
}

impl Imported<'_> {
    /// The values as a file; nothing where there are none.
    pub fn text(&self) -> String {
        let mut text = String::new();
        if let Some(values) = &self.values {
            text.push_str(HEAD);
            yaml::write(values, &mut text);
        }
        text
    }
}

/// Makes values of Gateways, routes and what stands behind them; with a domain, organizations of the tenants that have
/// their host names below it.
pub fn gateways<'a>(objects: &Objects<'a>, base_domain: Option<&Hostname<'_>>) -> Imported<'a> {
    let target = target::of(objects);
    let mut out = objects.faults.clone();
    let (gateways, routes) = usable(objects, target, &mut out);
    if gateways.is_empty() && routes.is_empty() {
        let is_one = findings::is_route_or_gateway;
        out.push(nothing(objects, is_one, "Gateway or route", "kubectl get gateway-api -A -o json"));
        return Imported { values: None, diagnostics: out };
    }
    let named = names::unique(objects, gateways.iter().copied(), &mut out);
    let source = Source { objects, target, gateways: &named };
    let mut trial = Trial::new(objects, target);
    for (index, name) in &named {
        let Some(object) = objects.get(*index) else { continue };
        let mut said = Vec::new();
        let node = entries::gateway(&source, object, name.clone(), &mut said);
        let unplaced = findings::places(&said);
        trial.gateways.push(Entry { object: *index, name: name.clone(), node, unplaced });
        out.append(&mut said);
    }
    for index in &routes {
        let Some(object) = objects.get(*index) else { continue };
        let mut said = Vec::new();
        if let Some(node) = entries::route(&source, object, &mut said) {
            let name = object.identity.name.clone();
            trial.routes.push(Entry { object: *index, name, node, unplaced: findings::places(&said) });
        }
        out.append(&mut said);
    }
    if let Some(base_domain) = base_domain {
        let search = Search { objects, target, base_domain, gateways: &named, routes: &trial.routes };
        let (organizations, misfits) = Organizations::of(&search);
        trial.organizations = organizations;
        out.extend(misfits.iter().filter_map(|misfit| findings::no_organization(objects, misfit)));
    }
    let values = trial.run(&mut out);
    out.extend(options::say_unsolved(&values));
    let imported = gateways.iter().chain(&routes).filter_map(|index| objects.get(*index));
    out.extend(metadata::say_left_out(imported));
    Imported { values: Some(values), diagnostics: out }
}

/// The Gateways and routes that an API server would take, by their index; says why it would not take the others.
fn usable(
    objects: &Objects<'_>,
    target: Target,
    out: &mut Vec<Diagnostic>,
) -> (BTreeSet<usize>, BTreeSet<usize>) {
    let (mut gateways, mut routes) = (BTreeSet::new(), BTreeSet::new());
    for (index, object) in objects.list.iter().enumerate() {
        let list = match object.identity.kind.as_ref() {
            _ if object.group() != GATEWAY_GROUP => continue,
            "Gateway" => &mut gateways,
            kind if ROUTE_KINDS.contains(&kind) => &mut routes,
            _ => continue,
        };
        let refusals = target::refusals(object, target);
        if refusals.is_empty() {
            list.insert(index);
        }
        out.extend(refusals.into_iter().map(|refusal| left_out(object, refusal)));
    }
    (gateways, routes)
}

fn left_out(object: &Object<'_>, refusal: Diagnostic) -> Diagnostic {
    let kind = &object.identity.kind;
    let message = format!("the whole {kind} is left out, as no API server takes it: {}", refusal.message);
    object.say(refusal.with_message(message))
}

/// There is nothing to make values of, but other objects, or some that were left out.
fn nothing<'o, 'a: 'o>(
    objects: &'o Objects<'a>,
    is_one: fn(&Object<'_>) -> bool,
    what: &str,
    command: &str,
) -> Diagnostic {
    let error = |message: String| Diagnostic::error(NOTHING, Path::ROOT, message).level(Level::Semantic);
    if objects.list.iter().any(is_one) {
        let message = format!("nothing of the input is imported: no {what} is left");
        return error(message).hint("see why each is left out");
    }
    let found = error(format!("the input has no {what}"));
    match objects.list.iter().find_map(findings::of_other_way) {
        Some(hint) => found.hint(hint),
        None => found.hint(format!(
            "`{command}` writes what a cluster has; a program before it in a pipe may have failed"
        )),
    }
}
