//! Which Ingresses are for ingress-nginx, as far as the input says.

use super::super::objects::{Object, Objects};
use super::annotations;
use crate::diagnostic::{Code, Diagnostic};
use crate::path::Path;
use crate::tree::Node;

/// An Ingress that another controller serves.
const OTHER_CONTROLLER: Code = Code("import-other-controller");

/// What is in the names of ingress-nginx's controllers, of which a cluster may have several.
///
/// Source: ingress-nginx v1.12.1, `docs/user-guide/multiple-ingress.md`: `k8s.io/ingress-nginx`, `k8s.io/internal-ingress-nginx`.
const CONTROLLER: &str = "ingress-nginx";

/// The class of an Ingress; empty where it names none.
pub(super) fn class<'o>(object: &'o Object<'_>) -> &'o str {
    let of_annotation = || object.metadata("annotations").and_then(|all| all.get(annotations::CLASS));
    let class = object.spec("ingressClassName").or_else(of_annotation).and_then(Node::as_text);
    class.unwrap_or_default()
}

/// Says of an Ingress whose class another controller has that it is left out; nothing where ingress-nginx may serve it.
pub(super) fn other_controller(objects: &Objects<'_>, object: &Object<'_>) -> Option<Diagnostic> {
    let class = class(object);
    let of_class = objects.get(objects.find("networking.k8s.io", "IngressClass", "", class)?)?;
    let controller = of_class.spec("controller").and_then(Node::as_text)?;
    if controller.contains(CONTROLLER) {
        return None;
    }
    let message = format!(
        "left out: its class `{class}` is of the controller `{controller}`, and not of ingress-nginx"
    );
    let hint = "to read it as if it were ingress-nginx's, leave the IngressClass out of the input";
    Some(object.say(Diagnostic::warning(OTHER_CONTROLLER, place(object), message).hint(hint)))
}

/// Where the class stands.
pub(super) fn place(object: &Object<'_>) -> Path {
    if object.spec("ingressClassName").is_some() {
        return Path::ROOT.key("spec").key("ingressClassName");
    }
    Path::ROOT.key("metadata").key("annotations").key(annotations::CLASS)
}
