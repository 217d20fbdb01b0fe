//! What stands among the objects of a cluster and is none of them, or not as it seems.

use std::collections::BTreeMap;

use super::objects::identity;
use super::repetitions::{REPEATED, key};
use super::run::not_an_object;
use crate::diagnostic::{self, Code, Diagnostic, Severity};
use crate::path::Path;
use crate::release::{EXPERIMENTAL_GROUP, GATEWAY_GROUP, group};
use crate::tree::{Node, Position, Value};
use crate::values::nearest;

/// Objects in a form that holds none of a cluster's own: as modules and recordings have them, or wrapped in something else.
const NOT_MANIFESTS: Code = Code("context-not-manifests");

/// A grant or claim of a version that there is not, which is read as the one that there is, or with a field that there is not,
/// which counts for nothing.
const UNKNOWN_FIELD: Code = Code("context-unknown-field");

/// The version of grants and claims, and the fields of their `spec`; a test holds both against their CRDs.
const API_VERSION: &str = "gatewright.dev/v1alpha1";
const FIELDS: [(&str, &[&str]); 2] = [
    ("HostnameGrant", &["gateways", "hostnames", "kinds", "namespaceSelector", "namespaces"]),
    ("DomainClaim", &["hostname", "namespace", "zoneId"]),
];

/// Groups whose objects a context is there for.
const GROUPS: [&str; 4] = [GATEWAY_GROUP, EXPERIMENTAL_GROUP, "networking.k8s.io", "gatewright.dev"];

/// What was seen of a context so far.
#[derive(Debug, Default)]
pub struct Seen {
    /// By group, kind, namespace and name.
    objects: BTreeMap<[String; 4], Position>,
}

impl Seen {
    /// Gives an object of the context back, unless it is none; says what is odd. `applied_in` is the namespace of
    /// objects that name none.
    pub fn look<'a>(
        &mut self,
        node: Node<'a>,
        applied_in: &str,
        out: &mut Vec<Diagnostic>,
    ) -> Option<Node<'a>> {
        if let Some(fault) = stranger(&node) {
            say(fault, &node, out);
            return None;
        }
        if let Some(fault) = unknown(&node) {
            say(fault, &node, out);
        }
        if let Some(fault) = self.repetition(&node, applied_in) {
            say(fault, &node, out);
        }
        Some(node)
    }

    fn repetition(&mut self, node: &Node<'_>, applied_in: &str) -> Option<Diagnostic> {
        let identity = identity(node);
        let key = key(&identity, applied_in)?.map(std::borrow::Cow::into_owned);
        let earlier = self.objects.insert(key, node.position)?;
        let file = if earlier.source == node.position.source { "" } else { " of another file" };
        let line = if earlier.line > 0 { format!(", in line {}{file}", earlier.line) } else { String::new() };
        let message = format!("the context has {identity} already{line}; the last one counts");
        Some(Diagnostic::warning(REPEATED, Path::ROOT, message).hint("keep the one that the cluster has"))
    }
}

fn say(fault: Diagnostic, node: &Node<'_>, out: &mut Vec<Diagnostic>) {
    let mut told = vec![fault];
    diagnostic::locate(&mut told, node);
    out.append(&mut told);
}

/// Says of a document that it is no object: with an error where objects are in it that nobody would look at.
fn stranger(node: &Node<'_>) -> Option<Diagnostic> {
    let identity = identity(node);
    let holds = |key| identity.kind.is_empty() && node.get(key).is_some();
    let refused = |what: &str| {
        let message = format!("{what}, and manifests belong here: none of its objects would count");
        Diagnostic::error(NOT_MANIFESTS, Path::ROOT, message)
    };
    if identity.kind == "AdmissionReview" {
        let hint = "`gatewright review --context DIR FILE` answers it; what a cluster has is its context";
        return Some(refused("an AdmissionReview").hint(hint));
    }
    if !identity.kind.is_empty() && !identity.api_version.is_empty() {
        return None;
    }
    Some(if holds("review") && (holds("context") || holds("settings")) {
        refused("a recording of a review").hint("`gatewright review --replay FILE` judges it again")
    } else if holds("objects") {
        refused("a context as modules take it")
            .hint("make a List of it: `jq '{apiVersion: \"v1\", kind: \"List\", items: .objects}'`")
    } else if let Some(kind) = within(node) {
        refused(&format!("{} without `apiVersion` or `kind` that has a {kind} in it", node.type_word())).hint(
            "give documents, a List (`apiVersion: v1`, `kind: List`, `items`) or a bare list of objects",
        )
    } else {
        let found = not_an_object(node);
        let message = format!("{}: it is passed over", found.message);
        Diagnostic::new(found.code, Severity::Warning, Path::ROOT, message)
    })
}

/// The kind of an object somewhere in what is none.
fn within(node: &Node<'_>) -> Option<String> {
    match &node.value {
        Value::List(items) => items.iter().find_map(within),
        Value::Map(map) => {
            let identity = identity(node);
            let is_one = !identity.kind.is_empty() && GROUPS.contains(&identity.group());
            is_one
                .then(|| identity.kind.into_owned())
                .or_else(|| map.iter().find_map(|entry| within(&entry.value)))
        }
        _ => None,
    }
}

/// Says of a grant or claim what of it is not known: a limit that is misspelled is none.
fn unknown(node: &Node<'_>) -> Option<Diagnostic> {
    let identity = identity(node);
    let (kind, fields) = FIELDS.into_iter().find(|(kind, _)| *kind == identity.kind)?;
    if group(&identity.api_version) != group(API_VERSION) {
        return None;
    }
    let whose = format!("{kind} `{}`", identity.name);
    let check = "`gatewright crds > crds.yaml && gatewright check --crd crds.yaml FILE` checks it whole";
    if identity.api_version != API_VERSION {
        let found = &identity.api_version;
        let message = format!("{whose} is of {found}, which there is not: it is read as {API_VERSION}");
        return Some(Diagnostic::warning(UNKNOWN_FIELD, Path::ROOT.key("apiVersion"), message).hint(check));
    }
    let spec = node.get("spec")?.as_map()?;
    let entry = spec.iter().find(|entry| !fields.contains(&&*entry.key))?;
    let message = format!("{whose} has the field `{}`, which there is not: it counts for nothing", entry.key);
    let hint = match nearest(&entry.key, fields.iter().copied()) {
        Some(near) => format!("did you mean `{near}`? {check}"),
        None => check.to_owned(),
    };
    let at = Path::ROOT.key("spec").key(&entry.key);
    Some(Diagnostic::warning(UNKNOWN_FIELD, at, message).about_key().hint(hint))
}

#[cfg(test)]
mod tests;
