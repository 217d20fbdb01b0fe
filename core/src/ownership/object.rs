//! An object as far as ownership goes: what of it uses host names, or says who may.

use std::borrow::Cow;
use std::ops::Range;

use super::kinds::Kind;
use crate::release;
use crate::tree::json::{self, JsonFault, Keep};
use crate::tree::{self, Node};

/// Annotations that make host names. external-dns reads `internal-hostname` of Services only, which get those of a Gateway's
/// `infrastructure`.
///
/// Source: external-dns v0.23.0, `docs/annotations/annotations.md` (the prefix with `alpha` is that of releases before
/// v0.22.0); ingress-nginx, `docs/user-guide/nginx-configuration/annotations.md`.
pub const HOST_ANNOTATIONS: [&str; 6] = [
    "external-dns.kubernetes.io/internal-hostname",
    "external-dns.alpha.kubernetes.io/internal-hostname",
    "external-dns.kubernetes.io/hostname",
    "external-dns.alpha.kubernetes.io/hostname",
    "nginx.ingress.kubernetes.io/server-alias",
    "nginx.ingress.kubernetes.io/from-to-www-redirect",
];

/// Which of them hold host names on the object itself.
pub(super) const ON_OBJECTS: Range<usize> = 2..5;

/// Which of them hold host names on the Service of a Gateway.
pub(super) const ON_SERVICES: Range<usize> = 0..4;

/// The one that has no host name itself, but makes some of those of an Ingress.
pub(super) const FROM_TO_WWW: usize = 5;

/// An object.
#[derive(Debug)]
pub struct Object<'a> {
    /// Its kind; none for one that uses no host names that we know of.
    pub kind: Option<Kind>,
    /// Its kind as written.
    pub kind_name: Cow<'a, str>,
    /// Its namespace; empty for cluster-scoped objects.
    pub namespace: Cow<'a, str>,
    /// Its name; empty where only `generateName` is known.
    pub name: Cow<'a, str>,
    /// Whether it is a Namespace.
    pub(super) is_namespace: bool,
    /// Whether it is being deleted.
    pub is_terminating: bool,
    /// What was read of it.
    pub(super) node: Node<'a>,
}

static NOTHING: Node<'static> = Node::NULL;

impl<'a> Object<'a> {
    /// Reads one from JSON.
    pub fn read(text: &'a str) -> Result<Self, JsonFault> {
        let mut node = json::part(text, keep)?;
        let text = |node: &Node<'a>, key: &str| node.text_of(key).unwrap_or_default();
        let api_version = text(&node, "apiVersion");
        let kind_name = text(&node, "kind");
        let kind = Kind::of(release::group(&api_version), &kind_name);
        // Rules of an Ingress hold its hosts; those of routes are only compared.
        if kind == Some(Kind::Ingress)
            && let Some(rules) = node.get("spec").and_then(|spec| spec.text_of("rules"))
            && let Cow::Borrowed(rules) = rules
        {
            let rules = json::part(rules, keep)?;
            if let tree::Value::Map(map) = &mut node.value
                && let Some(spec) = map.get_mut("spec")
                && let tree::Value::Map(spec) = &mut spec.value
            {
                spec.insert(Cow::Borrowed("rules"), rules);
            }
        }
        let metadata = node.get("metadata").unwrap_or(&NOTHING);
        Ok(Self {
            kind,
            is_namespace: kind_name == "Namespace" && release::group(&api_version).is_empty(),
            kind_name,
            namespace: text(metadata, "namespace"),
            name: text(metadata, "name"),
            is_terminating: metadata.get("deletionTimestamp").is_some(),
            node,
        })
    }

    /// `spec`, or nothing.
    pub(super) fn spec(&self) -> &Node<'a> {
        self.node.get("spec").unwrap_or(&NOTHING)
    }

    /// `metadata`, or nothing.
    pub(super) fn metadata(&self) -> &Node<'a> {
        self.node.get("metadata").unwrap_or(&NOTHING)
    }

    /// Whether the rules of two routes differ; their order and spacing as text play no part.
    pub(super) fn has_other_rules(&self, old: &Self) -> bool {
        let rules = |object: &Self| object.spec().text_of("rules").unwrap_or_default();
        let (new, old) = (rules(self), rules(old));
        let read = |text| json::part(text, |_| Keep::Whole);
        // What cannot be read may be anything.
        new != old && !matches!((read(&new), read(&old)), (Ok(new), Ok(old)) if new == old)
    }
}

/// What is read of any object. Keys mean the same wherever they stand, or are not looked at there.
fn keep(key: &str) -> Keep {
    match key {
        "labels" | "matchLabels" => Keep::Whole,
        "rules" => Keep::Text,
        // Every object; its annotations.
        "apiVersion" | "kind" | "metadata" | "spec" | "status" | "name" | "namespace" | "annotations"
        | "deletionTimestamp"
        // Routes.
        | "parentRefs" | "hostnames" | "useDefaultGateways" | "group" | "sectionName" | "port"
        // Gateways and ListenerSets.
        | "infrastructure"
        | "listeners" | "hostname" | "protocol" | "allowedRoutes" | "namespaces" | "from" | "selector"
        | "kinds" | "matchExpressions" | "key" | "operator" | "values" | "parentRef" | "mode"
        // Ingresses.
        | "host" | "tls" | "hosts" | "defaultBackend"
        // Our own kinds, with `spec.hostname` and `spec.namespace` from above.
        | "namespaceSelector" | "gateways" | "phase"
        // Certificates and DNSEndpoints.
        | "isCA" | "dnsNames" | "commonName" | "endpoints" | "dnsName" | "recordType" => Keep::Part,
        key if HOST_ANNOTATIONS.contains(&key) => Keep::Part,
        _ => Keep::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compares_rules_by_what_they_mean() {
        let route = |rules: &str| {
            format!(
                r#"{{"apiVersion":"gateway.networking.k8s.io/v1","kind":"HTTPRoute","spec":{{"rules":{rules}}}}}"#
            )
        };
        let texts = [r#"[{"a":1,"b":2}]"#, r#"[ {"b": 2, "a": 1} ]"#, r#"[{"a":1}]"#].map(route);
        let [one, same, other] =
            texts.each_ref().map(|text| Object::read(text).expect("the test's own JSON"));
        assert!(!one.has_other_rules(&same));
        assert!(one.has_other_rules(&other));
    }

    #[test]
    fn reads_the_hosts_of_an_ingress() {
        let text = r#"{"apiVersion":"networking.k8s.io/v1","kind":"Ingress","metadata":{"name":"a","namespace":"b"},
            "spec":{"rules":[{"host":"a.example.com","http":{"paths":[]}}]}}"#;
        let object = Object::read(text).expect("the test's own JSON");
        let rules = object.spec().get("rules").and_then(Node::as_list).expect("a list");
        assert_eq!(rules[0].text_of("host").as_deref(), Some("a.example.com"));
        assert_eq!(rules[0].as_map().map(tree::Map::len), Some(1));
    }
}
