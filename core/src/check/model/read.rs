//! Reads an object into the model. What is not of its type is as if it were not there.

mod route;
mod whole;

pub(crate) use route::parent;

use std::borrow::Cow;

use super::{
    Allowed, Certificate, Class, Expression, From, Gateway, Grant, Labels, Listener, ListenerSet, Meta, Mode,
    Model, ObjectRef, Policy, Selector, Service, ServicePort, Tls, Validation,
};
use crate::check::time::Time;
use crate::release::{self, EXPERIMENTAL_GROUP, GATEWAY_GROUP, NAME_LABEL};
use crate::tree::{Node, Value};

/// Kinds of Kubernetes of which only the name matters. Of kinds whose group has a dot, which may be a
/// controller's own, the name may matter too.
const OTHERS: [&str; 2] = ["Secret", "ConfigMap"];

/// Annotations by which cert-manager makes a Gateway's certificates itself.
///
/// Source: cert-manager v1.21.2, `pkg/apis/certmanager/v1/types.go`.
pub const ISSUERS: [&str; 2] = ["cert-manager.io/issuer", "cert-manager.io/cluster-issuer"];

/// Stands for every map that is not there.
static NOTHING: Node<'static> = Node::NULL;

/// Adds an object to the model; one that nothing refers to is left out.
///
/// `namespace` is that of objects that name none.
pub fn read<'a>(node: &Node<'a>, object: usize, namespace: &'a str, model: &mut Model<'a>) {
    let api_version = text(node, "apiVersion").unwrap_or_default();
    let group = release::group(&api_version);
    let kind = text(node, "kind").unwrap_or_default();
    let metadata = node.get("metadata").unwrap_or(&NOTHING);
    let meta = Meta {
        object,
        namespace: self::namespace(metadata).unwrap_or(Cow::Borrowed(namespace)),
        name: text(metadata, "name").unwrap_or_default(),
        created: text(metadata, "creationTimestamp").and_then(|text| Time::parse(&text)),
        api_version: api_version.clone(),
    };
    let spec = node.get("spec").unwrap_or(&NOTHING);
    match (group, kind.as_ref()) {
        (GATEWAY_GROUP, "Gateway") => {
            let annotations = metadata.get("annotations").unwrap_or(&NOTHING);
            let has_issuer = ISSUERS.iter().any(|key| annotations.get(key).is_some());
            model.gateways.push(Gateway { has_issuer, ..gateway(meta, spec) });
        }
        (GATEWAY_GROUP, "ListenerSet") => {
            model.listener_sets.push(listener_set(meta, "ListenerSet", spec));
        }
        (EXPERIMENTAL_GROUP, "XListenerSet") => {
            model.listener_sets.push(listener_set(meta, "XListenerSet", spec));
        }
        (GATEWAY_GROUP, "GatewayClass") => {
            let meta = Meta { namespace: Cow::Borrowed(""), ..meta };
            model.classes.push(Class { meta, controller: text(spec, "controllerName").unwrap_or_default() });
        }
        (GATEWAY_GROUP, "ReferenceGrant") => model.grants.push(grant(meta, spec)),
        (GATEWAY_GROUP, "BackendTLSPolicy") => model.policies.push(policy(meta, spec)),
        (GATEWAY_GROUP, kind) => model.routes.extend(route::read(meta, kind, node)),
        ("", "Namespace") => {
            let labels = labels_of_namespace(metadata, &meta.name);
            model.namespaces.insert(meta.name, labels);
        }
        ("", "Service") => {
            model.services.insert((meta.namespace.clone(), meta.name.clone()), service(meta, spec));
        }
        (group, other) => {
            if (group, other) == ("cert-manager.io", "Certificate") {
                let secret = text(spec, "secretName").unwrap_or_default();
                let names = texts(spec, "dnsNames");
                model.certificates.push(Certificate { meta: meta.clone(), secret, names });
            }
            if has_domain(group) || group.is_empty() && OTHERS.contains(&other) {
                let group = match api_version {
                    Cow::Borrowed(text) => Cow::Borrowed(release::group(text)),
                    Cow::Owned(_) => Cow::Owned(group.to_owned()),
                };
                model.others.insert([group, kind, meta.namespace, meta.name]);
            }
        }
    }
}

/// Whether anything is read of objects of a kind that is not Gateway API's.
pub fn is_of_use(group: &str, kind: &str) -> bool {
    let of_core = || matches!(kind, "Namespace" | "Service") || OTHERS.contains(&kind);
    has_domain(group) || group.is_empty() && of_core()
}

/// Whether a group is somebody's: those without a dot are Kubernetes' own.
fn has_domain(group: &str) -> bool {
    group.bytes().any(|byte| byte == b'.')
}

fn gateway<'a>(meta: Meta<'a>, spec: &Node<'a>) -> Gateway<'a> {
    let frontend = at(Some(spec), &["tls", "frontend"]);
    Gateway {
        meta,
        class: text(spec, "gatewayClassName").unwrap_or_default(),
        has_issuer: false,
        listeners: listeners(spec),
        allowed_listeners: from(spec.get("allowedListeners"), From::None),
        client_certificate: at(Some(spec), &["tls", "backend", "clientCertificateRef"])
            .map(|node| reference(node, "", "Secret")),
        validation: validation(frontend.and_then(|node| node.get("default"))),
        validations: list(frontend.unwrap_or(&NOTHING), "perPort", |_, node| {
            Some((integer(node, "port").unwrap_or_default(), validation(node.get("tls"))))
        }),
    }
}

fn validation<'a>(tls: Option<&Node<'a>>) -> Option<Validation<'a>> {
    let node = tls?.get("validation")?;
    Some(Validation {
        certificates: list(node, "caCertificateRefs", |_, node| Some(reference(node, "", ""))),
        insecure: text(node, "mode").as_deref() == Some("AllowInsecureFallback"),
    })
}

fn at<'n, 'a>(node: Option<&'n Node<'a>>, keys: &[&str]) -> Option<&'n Node<'a>> {
    keys.iter().fold(node, |node, key| node?.get(key))
}

pub(crate) fn listener_set<'a>(meta: Meta<'a>, kind: &'static str, spec: &Node<'a>) -> ListenerSet<'a> {
    let parent = reference(spec.get("parentRef").unwrap_or(&NOTHING), GATEWAY_GROUP, "Gateway");
    ListenerSet { meta, kind, parent, listeners: listeners(spec) }
}

pub(crate) fn listeners<'a>(spec: &Node<'a>) -> Box<[Listener<'a>]> {
    list(spec, "listeners", |index, node| {
        let allowed = node.get("allowedRoutes");
        Some(Listener {
            index,
            name: text(node, "name").unwrap_or_default(),
            port: integer(node, "port").unwrap_or_default(),
            protocol: text(node, "protocol").unwrap_or_default(),
            hostname: text(node, "hostname").filter(|hostname| !hostname.is_empty()),
            tls: node.get("tls").map(tls),
            allowed: Allowed {
                namespaces: from(allowed, From::Same),
                kinds: list(allowed.unwrap_or(&NOTHING), "kinds", |_, node| {
                    Some(group_kind(node, GATEWAY_GROUP, ""))
                }),
            },
            is_whole: whole::is(node, whole::LISTENER),
        })
    })
}

fn tls<'a>(node: &Node<'a>) -> Tls<'a> {
    Tls {
        mode: if text(node, "mode").as_deref() == Some("Passthrough") {
            Mode::Passthrough
        } else {
            Mode::Terminate
        },
        certificates: list(node, "certificateRefs", |_, node| Some(reference(node, "", "Secret"))),
        options: node.get("options").and_then(Node::as_map).is_some_and(|map| !map.is_empty()),
    }
}

/// `namespaces.from` and its selector; `absent` is what nothing there means.
fn from<'a>(node: Option<&Node<'a>>, absent: From<'a>) -> From<'a> {
    let Some(namespaces) = node.and_then(|node| node.get("namespaces")) else { return absent };
    match namespaces.get("from").and_then(Node::as_text) {
        Some("All") => From::All,
        Some("Same") => From::Same,
        Some("None") => From::None,
        Some("Selector") => From::Selector(namespaces.get("selector").and_then(selector)),
        _ => absent,
    }
}

pub(crate) fn selector<'a>(node: &Node<'a>) -> Option<Selector<'a>> {
    node.as_map()?;
    let expression = |_, node: &Node<'a>| {
        Some(Expression {
            key: text(node, "key").unwrap_or_default(),
            operator: text(node, "operator").unwrap_or_default(),
            values: texts(node, "values"),
        })
    };
    Some(Selector {
        labels: labels(node.get("matchLabels")),
        expressions: list(node, "matchExpressions", expression),
        is_whole: whole::is(node, whole::SELECTOR),
    })
}

fn grant<'a>(meta: Meta<'a>, spec: &Node<'a>) -> Grant<'a> {
    let three = |_, node: &Node<'a>| {
        Some(["group", "kind", "namespace"].map(|key| text(node, key).unwrap_or_default()))
    };
    Grant {
        meta,
        from: list(spec, "from", three),
        to: list(spec, "to", |_, node| Some(reference(node, "", ""))),
    }
}

fn policy<'a>(meta: Meta<'a>, spec: &Node<'a>) -> Policy<'a> {
    let targets =
        list(spec, "targetRefs", |_, node| Some((reference(node, "", ""), text(node, "sectionName"))));
    let validation = spec.get("validation").unwrap_or(&NOTHING);
    Policy {
        meta,
        targets,
        certificates: list(validation, "caCertificateRefs", |_, node| Some(reference(node, "", ""))),
        well_known: text(validation, "wellKnownCACertificates"),
        hostname: text(validation, "hostname").unwrap_or_default(),
        alternatives: validation.get("subjectAltNames").is_some_and(|names| names.items().next().is_some()),
    }
}

fn service<'a>(meta: Meta<'a>, spec: &Node<'a>) -> Service<'a> {
    let port = |_, node: &Node<'a>| {
        Some(ServicePort {
            number: integer(node, "port")?,
            name: text(node, "name").unwrap_or_default(),
            protocol: text(node, "protocol").unwrap_or(Cow::Borrowed("TCP")),
            app_protocol: text(node, "appProtocol").unwrap_or_default(),
        })
    };
    Service {
        meta,
        external_name: spec.get("type").and_then(Node::as_text) == Some("ExternalName"),
        ports: list(spec, "ports", port),
    }
}

/// Labels of a Namespace, by key. API servers see to it that one has its name.
///
/// Source: `k8s.io/kubernetes` v1.36.2, `pkg/apis/core/v1/defaults.go`, `SetDefaults_Namespace`.
pub(crate) fn labels_of_namespace<'a>(metadata: &Node<'a>, name: &Cow<'a, str>) -> Labels<'a> {
    let mut labels = labels(metadata.get("labels")).into_vec();
    let place = labels.partition_point(|(key, _)| &**key < NAME_LABEL);
    let named = (Cow::Borrowed(NAME_LABEL), name.clone());
    match labels.get_mut(place) {
        Some(label) if label.0 == NAME_LABEL => *label = named,
        _ => labels.insert(place, named),
    }
    labels.into()
}

/// Labels by key, for a tree's maps are sorted.
pub(crate) fn labels<'a>(node: Option<&Node<'a>>) -> Labels<'a> {
    let mut labels = Vec::new();
    if let Some(map) = node.and_then(Node::as_map) {
        for entry in map {
            if let Some(value) = of_text(&entry.value) {
                labels.push((entry.key.clone(), value));
            }
        }
    }
    labels.into()
}

/// A reference, with the defaults of its field. Level `api` fills them in, but only for versions that
/// the target serves, and an object of another version means the same.
fn reference<'a>(node: &Node<'a>, group: &'static str, kind: &'static str) -> ObjectRef<'a> {
    let (group, kind) = group_kind(node, group, kind);
    ObjectRef { group, kind, namespace: namespace(node), name: text(node, "name").unwrap_or_default() }
}

fn group_kind<'a>(node: &Node<'a>, group: &'static str, kind: &'static str) -> (Cow<'a, str>, Cow<'a, str>) {
    (text(node, "group").unwrap_or(Cow::Borrowed(group)), text(node, "kind").unwrap_or(Cow::Borrowed(kind)))
}

/// The namespace that a map names; an empty one is none.
fn namespace<'a>(node: &Node<'a>) -> Option<Cow<'a, str>> {
    text(node, "namespace").filter(|namespace| !namespace.is_empty())
}

fn text<'a>(node: &Node<'a>, key: &str) -> Option<Cow<'a, str>> {
    node.text_of(key)
}

fn of_text<'a>(node: &Node<'a>) -> Option<Cow<'a, str>> {
    match &node.value {
        Value::Text(text) => Some(text.clone()),
        _ => None,
    }
}

fn integer(node: &Node<'_>, key: &str) -> Option<i64> {
    node.get(key)?.as_integer()
}

pub(crate) fn texts<'a>(node: &Node<'a>, key: &str) -> Box<[Cow<'a, str>]> {
    list(node, key, |_, node| of_text(node))
}

/// What `one` makes of the items of a list, each with its index, in an allocation of the right size.
pub(crate) fn list<'a, T>(
    node: &Node<'a>,
    key: &str,
    mut one: impl FnMut(usize, &Node<'a>) -> Option<T>,
) -> Box<[T]> {
    let Some(list) = node.get(key) else { return Box::default() };
    let mut found = Vec::with_capacity(list.as_list().map_or(0, <[_]>::len));
    found.extend(list.items().filter_map(|(index, item)| one(index, item)));
    found.into_boxed_slice()
}

#[cfg(test)]
mod tests {
    use crate::check::testing;

    #[test]
    fn an_empty_namespace_is_none() {
        let text = "
{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: gw, namespace: ''}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: ListenerSet
metadata: {name: set, namespace: edge}
spec: {parentRef: {name: gw, namespace: ''}}
---
{apiVersion: v1, kind: Service, metadata: {name: shop, namespace: ''}}
";
        let model = testing::model(text);
        assert_eq!(model.gateways[0].meta.namespace, "default");
        assert_eq!(model.listener_sets[0].parent.namespace, None);
        assert!(model.services.contains_key(&("default".into(), "shop".into())));
    }
}
