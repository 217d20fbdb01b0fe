//! Values from Ingress objects for ingress-nginx: a starting point, not the same thing again.
//!
//! Each class becomes a Gateway, each Ingress its routes. What an annotation asks for either has one counterpart in
//! Gateway API or is said; an annotation that keeps requests away and has none is an error.

mod aliases;
mod alike;
mod annotations;
mod backends;
mod canaries;
mod canary;
mod catch_all;
mod cert_manager;
mod certificates;
mod classes;
mod contested;
mod cors;
mod counterparts;
mod expressions;
mod hosts;
mod listeners;
mod losses;
mod made;
mod nested;
mod overlaps;
mod passthrough;
mod paths;
mod read;
mod rests;
mod roots;
mod routes;
mod rules;
mod sent;
mod targets;
mod tls;
mod unnamed;
mod unused;
mod wildcards;

use std::collections::{BTreeMap, BTreeSet};

use super::findings::{self, is_ingress};
use super::names;
use super::objects::{DEFAULT_NAMESPACE, Object, Objects};
use super::{Imported, metadata, nothing};
use crate::diagnostic::{Code, Diagnostic};
use crate::path::Path;
use crate::tree::Node;
use aliases::Aliases;
use canaries::Canaries;
use certificates::Certificates;
use listeners::Listeners;
use made::with_routes;
use passthrough::Passed;
use read::Ingress;
use roots::Roots;
use routes::{Parent, Surroundings};

/// Ingresses of several namespaces, and nobody says where their Gateway is.
const GATEWAY_NAMESPACE: Code = Code("import-gateway-namespace");
/// Nobody says which controller is to serve the Gateway.
const GATEWAY_CLASS: Code = Code("import-gateway-class");

/// Ingresses without a class, beside others with one.
const NO_CLASS: Code = Code("import-no-class");
/// Objects that name no namespace.
const NO_NAMESPACE: Code = Code("import-no-namespace");

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
    let Some((placed, count)) =
        objects.in_default_namespace(|object| is_ingress(object) || object.is("", "Service"))
    else {
        return of_placed(objects, settings);
    };
    let mut imported = of_placed(&placed, settings);
    let message = format!(
        "{count} of the objects have no namespace: they are read as of `{DEFAULT_NAMESPACE}`, where kubectl puts them"
    );
    let hint = "write their namespaces, or give what `kubectl get ingress,services -A -o json` writes";
    imported.diagnostics.push(Diagnostic::info(NO_NAMESPACE, Path::ROOT, message).hint(hint));
    imported
}

/// Makes values of the Ingress objects, each of which has its namespace.
fn of_placed<'a>(objects: &Objects<'a>, settings: &Settings) -> Imported<'a> {
    let mut out = objects.faults.clone();
    let mut ingresses = Vec::new();
    for (index, object) in objects.list.iter().enumerate().filter(|(_, object)| is_ingress(object)) {
        let left_out = unnamed::say(object).or_else(|| classes::other_controller(objects, object));
        match left_out {
            Some(found) => out.push(found),
            None => ingresses.push(read::ingress(objects, index, object, &mut out)),
        }
    }
    if ingresses.is_empty() {
        let command = "kubectl get ingress,services -A -o json";
        out.push(nothing(objects, is_ingress, "Ingress for ingress-nginx", command));
        return Imported { values: None, diagnostics: out };
    }
    let namespace = namespace(objects, &ingresses, settings, &mut out);
    contested::settle(objects, &mut ingresses, &mut out);
    let aliases = Aliases::of(objects, &ingresses, &mut out);
    let canaries = Canaries::of(objects, &ingresses, &mut out);
    let passed = Passed::of(objects, &ingresses, &mut out);
    let certificates = Certificates::of(objects, &ingresses, &aliases, &passed, &mut out);
    expressions::say(objects, &ingresses, &mut out);
    let mut surroundings = Surroundings {
        objects,
        canaries: &canaries,
        certificates: &certificates,
        passed: &passed,
        roots: &Roots::of(&ingresses),
        aliases: &aliases,
        taken: BTreeSet::new(),
    };
    let mut apart = wildcards::apart(&surroundings, &ingresses, &mut out);
    let mut classes: BTreeMap<String, Listeners> = BTreeMap::new();
    let mut routes = Vec::new();
    let classless = names::free(NAMELESS, |name| ingresses.iter().all(|ingress| ingress.class != name));
    for ingress in ingresses.iter().filter(|ingress| ingress.asked.canary.is_none()) {
        let name = if ingress.class.is_empty() { &classless } else { &ingress.class };
        let new = || Listeners::apart(apart.remove(&ingress.class).unwrap_or_default());
        let listeners = classes.entry(name.to_owned()).or_insert_with(new);
        let parent = Parent { namespace: &namespace, name };
        routes.append(&mut surroundings.routes(ingress, &parent, listeners, &mut out));
    }
    out.extend(say_classless(&ingresses, &classless));
    if settings.class.is_none() {
        let message = "the Gateways name no class, so that the values' default holds";
        let hint = "name the GatewayClass of the controller that is to serve them with `--class`";
        out.push(Diagnostic::info(GATEWAY_CLASS, Path::ROOT, message).hint(hint));
    }
    let values = with_routes(&without_routes(classes, &namespace, settings), routes, objects, &mut out);
    let imported = ingresses.iter().filter_map(|ingress| objects.get(ingress.object));
    out.extend(metadata::say_left_out(imported));
    // Services tell the numbers of ports.
    out.extend(findings::say_left(
        objects.list.iter().filter(|object| !is_ingress(object) && !object.is("", "Service")),
    ));
    Imported { values: Some(values), diagnostics: out }
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

/// Says once of Ingresses without a class, beside others with one, that their Gateway is another.
fn say_classless(ingresses: &[Ingress], name: &str) -> Option<Diagnostic> {
    let count = ingresses.iter().filter(|ingress| ingress.class.is_empty()).count();
    if count == 0 || count == ingresses.len() {
        return None;
    }
    let message = format!(
        "{count} of the Ingresses have no class, and get Gateway `{name}` of their own; ingress-nginx serves them beside those \
         of its class with `--watch-ingress-without-class`, and else not at all"
    );
    let hint = "set `spec.ingressClassName` where they are served, and leave them out of the input where not";
    Some(Diagnostic::warning(NO_CLASS, Path::ROOT, message).hint(hint))
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
        Some(only) if namespaces.len() == 1 => (*only).to_owned(),
        _ => {
            let message = format!(
                "Ingresses of {} namespaces: their Gateway is in `{DEFAULT_NAMESPACE}`",
                namespaces.len()
            );
            let hint = "name another namespace with `--namespace`";
            out.push(Diagnostic::info(GATEWAY_NAMESPACE, Path::ROOT, message).hint(hint));
            DEFAULT_NAMESPACE.to_owned()
        }
    }
}
