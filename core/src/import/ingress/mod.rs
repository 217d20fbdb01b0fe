//! Values from Ingress objects for ingress-nginx: a starting point, not the same thing again.
//!
//! Each class becomes a Gateway, each Ingress its routes. What an annotation asks for either has one counterpart in
//! Gateway API or is said; an annotation that keeps requests away and has none is an error.

mod aliases;
mod annotations;
mod canary;
mod catch_all;
mod cert_manager;
mod classes;
mod contested;
mod cors;
mod counterparts;
mod expressions;
mod listeners;
mod losses;
mod read;
mod roots;
mod routes;
mod rules;
mod targets;

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use super::findings::{self, is_ingress};
use super::objects::{Object, Objects};
use super::verify::{Rendered, rendered};
use super::{Imported, metadata, nothing};
use crate::diagnostic::{Code, Diagnostic};
use crate::path::Path;
use crate::tree::Node;
use aliases::Aliases;
use listeners::{Certificates, Listeners};
use read::Ingress;
use roots::Roots;
use routes::{Parent, Place, Surroundings, place};
use rules::CanaryOf;

/// A canary without the Ingress whose requests it takes a part of, or a second one.
const CANARY: Code = Code("import-canary");
/// Ingresses of several namespaces, and nobody says where their Gateway is.
const GATEWAY_NAMESPACE: Code = Code("import-gateway-namespace");
/// Nobody says which controller is to serve the Gateway.
const GATEWAY_CLASS: Code = Code("import-gateway-class");

/// The Gateway of Ingresses without a class.
const NAMELESS: &str = "ingress";

/// What Ingress objects do not say.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Namespace of the Gateways; none: that of the Ingresses, if it is one.
    pub namespace: Option<String>,
    /// Their GatewayClass; none: left to the values' default.
    pub class: Option<String>,
}

/// Makes values of the Ingress objects.
pub fn ingresses<'a>(objects: &Objects<'a>, settings: &Settings) -> Imported<'a> {
    let mut out = objects.faults.clone();
    let mut ingresses = Vec::new();
    for (index, object) in objects.list.iter().enumerate().filter(|(_, object)| is_ingress(object)) {
        match classes::other_controller(objects, object) {
            Some(found) => out.push(found),
            None => ingresses.push(read::ingress(objects, index, object, &mut out)),
        }
    }
    if ingresses.is_empty() {
        let others = objects.list.iter().filter(|object| !is_ingress(object));
        out.push(nothing(others, "Ingress for ingress-nginx", "kubectl get ingress,services -A -o yaml"));
        return Imported { values: None, diagnostics: out };
    }
    let namespace = namespace(objects, &ingresses, settings, &mut out);
    contested::settle(objects, &mut ingresses, &mut out);
    let aliases = Aliases::of(objects, &ingresses, &mut out);
    let canaries = canaries(objects, &ingresses, &mut out);
    let certificates = Certificates::of(objects, &ingresses, &mut out);
    expressions::say(objects, &ingresses, &mut out);
    let mut surroundings = Surroundings {
        objects,
        canaries: &canaries,
        certificates: &certificates,
        roots: &Roots::of(&ingresses),
        aliases: &aliases,
        taken: BTreeSet::new(),
    };
    let mut classes: BTreeMap<String, Listeners> = BTreeMap::new();
    let mut routes = Vec::new();
    for ingress in ingresses.iter().filter(|ingress| ingress.asked.canary.is_none()) {
        let name = if ingress.class.is_empty() { NAMELESS } else { &ingress.class };
        let listeners = classes.entry(name.to_owned()).or_default();
        let made = surroundings.routes(ingress, &Parent { namespace: &namespace, name }, listeners, &mut out);
        routes.extend(made.into_iter().map(|route| (ingress.object, route)));
    }
    if settings.class.is_none() {
        let message = "the Gateways name no class, so that the values' default holds";
        let hint = "name the GatewayClass of the controller that is to serve them with `--class`";
        out.push(Diagnostic::info(GATEWAY_CLASS, Path::ROOT, message).hint(hint));
    }
    let values = with_routes(&without_routes(classes, &namespace, settings), routes, objects, &mut out);
    out.extend(metadata::say_left_out(objects.list.iter().filter(|object| is_ingress(object))));
    // Services tell the numbers of ports.
    out.extend(findings::say_left(
        objects.list.iter().filter(|object| !is_ingress(object) && !object.is("", "Service")),
    ));
    Imported { values: Some(values), diagnostics: out }
}

/// The values with those routes that can be rendered.
fn with_routes<'a>(
    values: &Node<'a>,
    mut routes: Vec<(usize, Node<'a>)>,
    objects: &Objects<'a>,
    out: &mut Vec<Diagnostic>,
) -> Node<'a> {
    loop {
        let list = routes.iter().map(|(_, route)| route.clone());
        let values = values.clone().with("routes", Node::list(list));
        let Rendered::Refused(faults) = rendered(values.clone()) else { return values };
        let of_route = |index: usize| objects.get(routes.get(index)?.0);
        let refused: BTreeSet<usize> = faults.iter().filter_map(findings::route).collect();
        if refused.is_empty() {
            out.extend(faults.iter().map(|fault| findings::not_rendered(fault, fault.path.clone())));
            return values;
        }
        out.extend(faults.iter().filter_map(|fault| findings::route_left_out(fault, of_route)));
        let mut index = 0;
        routes.retain(|_| {
            index += 1;
            !refused.contains(&(index - 1))
        });
    }
}

fn without_routes<'a>(
    classes: BTreeMap<String, Listeners>,
    namespace: &str,
    settings: &Settings,
) -> Node<'a> {
    let needs_grants = classes.values().any(|listeners| listeners.needs_grants(namespace));
    let gateways = classes.into_iter().map(|(name, listeners)| {
        let mut gateway = Node::map([("name", Node::text(name))])
            .with("namespace", Node::text(namespace.to_owned()))
            .with("listeners", listeners.into_node(namespace));
        if let Some(class) = &settings.class {
            gateway = gateway.with("className", Node::text(class.clone()));
        }
        gateway
    });
    let values = Node::map([("gateways", Node::list(gateways))]);
    if needs_grants {
        // The Secrets are not this release's, and a Gateway in another namespace needs a grant for each.
        return values.with("referenceGrants", Node::text("all"));
    }
    values
}

/// Where the Gateways are.
fn namespace(
    objects: &Objects<'_>,
    ingresses: &[Ingress],
    settings: &Settings,
    out: &mut Vec<Diagnostic>,
) -> String {
    if let Some(namespace) = &settings.namespace {
        return namespace.clone();
    }
    let of = |ingress: &Ingress| objects.get(ingress.object).map(Object::namespace);
    let namespaces: BTreeSet<&str> = ingresses.iter().filter_map(of).collect();
    match namespaces.first() {
        Some(only) if namespaces.len() == 1 && !only.is_empty() => (*only).to_owned(),
        _ => {
            let message =
                format!("Ingresses of {} namespaces: their Gateway is in `default`", namespaces.len());
            let hint = "name another namespace with `--namespace`";
            out.push(Diagnostic::info(GATEWAY_NAMESPACE, Path::ROOT, message).hint(hint));
            "default".to_owned()
        }
    }
}

/// The canaries by what they take a part of: of several for one place the first, as ingress-nginx has it.
fn canaries<'i>(
    objects: &Objects<'_>,
    ingresses: &'i [Ingress],
    out: &mut Vec<Diagnostic>,
) -> BTreeMap<Place, CanaryOf<'i>> {
    let places = |ingress: &'i Ingress| {
        let namespace = objects.get(ingress.object).map_or("", Object::namespace).to_owned();
        let locations = ingress
            .sites
            .iter()
            .flat_map(|(host, locations)| locations.iter().map(move |location| (host, location)));
        locations.map(move |(host, location)| (place(ingress, &namespace, host, location), location))
    };
    let stable = ingresses.iter().filter(|ingress| ingress.asked.canary.is_none());
    let stable: BTreeSet<Place> =
        stable.flat_map(|ingress| places(ingress).map(|(place, _)| place)).collect();
    let mut found = BTreeMap::new();
    for ingress in ingresses {
        let Some(canary) = &ingress.asked.canary else { continue };
        for (place, location) in places(ingress) {
            let why = match found.entry(place.clone()) {
                _ if !stable.contains(&place) => {
                    "no Ingress has this host and path, so that there is nothing to take a part of"
                }
                Entry::Occupied(_) => "this host and path has a canary already, and ingress-nginx takes one",
                Entry::Vacant(entry) => {
                    entry.insert((canary, location));
                    continue;
                }
            };
            let message = format!("`{}{}` of a canary is left out: {why}", place.2, place.4);
            let path = Path::ROOT.key("spec").key("rules");
            let object = objects.get(ingress.object);
            out.extend(object.map(|object| object.say(Diagnostic::warning(CANARY, path, message))));
        }
    }
    found
}
