//! Ingresses whose own names no object has: what was made of them would have them too, and be refused.

use super::super::objects::Object;
use super::classes;
use super::read::INGRESS_MALFORMED;
use crate::diagnostic::Diagnostic;
use crate::path::Path;
use crate::values::{namespace_fault, object_name_fault, quoted};

/// Says of such an Ingress that it is left out, and why. Its class is the name of a Gateway.
pub(super) fn say(object: &Object<'_>) -> Option<Diagnostic> {
    let own = |key: &str| Path::ROOT.key("metadata").key(key);
    let (name, namespace, class) = (object.name(), object.namespace(), classes::class(object));
    let faults = [
        ("an Ingress", own("name"), name, object_name_fault(name)),
        ("a namespace", own("namespace"), namespace, namespace_fault(namespace)),
        // One that names none is served all the same.
        ("a class", classes::place(object), class, object_name_fault(class).filter(|_| !class.is_empty())),
    ];
    faults.into_iter().find_map(|(what, path, name, why)| {
        let why = why?;
        let message = format!("left out: {} is no name of {what}, as it {why}", quoted(name));
        let hint =
            "write a name that objects may have; a class is the name of the Gateway that is made of it";
        Some(object.say(Diagnostic::error(INGRESS_MALFORMED, path, message).hint(hint)))
    })
}
