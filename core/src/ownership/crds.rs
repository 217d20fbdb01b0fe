//! The CustomResourceDefinitions of our own kinds: what an API server holds of them by itself.
//!
//! Reviews look at what schemas and CEL cannot say; these hold the rest: canonical host names, names that say their host
//! name, lists that are not empty, and what never changes.

use serde_json::{Map, Value, json};

use super::hostname_grant::HOSTNAMES_MAX;
use super::kinds::{DOMAIN_CLAIM, EFFECTIVE_HOSTNAMES, GATEWAY_HOSTNAME_REQUEST, GROUP, HOSTNAME_GRANT};
use crate::hostname::{HOSTNAME_MAX, LABEL_MAX};

/// The version that is served and stored.
pub const VERSION: &str = "v1alpha1";

/// Most items of lists that are short by nature; our own bound, under which the API server can weigh the rules on them.
const ITEMS_MAX: usize = 64;

/// Most characters of the name of a namespace, and of a label's value.
///
/// Source: Kubernetes, `docs/concepts/overview/working-with-objects/names`.
const NAME_MAX: usize = LABEL_MAX;

/// Most characters of the name of most other objects.
///
/// Source: as above.
const SUBDOMAIN_MAX: usize = 253;

/// Kinds that grants may name.
const GRANTED: [&str; 9] = [
    "HTTPRoute",
    "GRPCRoute",
    "TLSRoute",
    "TCPRoute",
    "UDPRoute",
    "Gateway",
    "ListenerSet",
    "XListenerSet",
    "Ingress",
];

/// Every CRD of the group.
pub fn crds() -> [Value; 4] {
    [domain_claim(), effective_hostnames(), gateway_hostname_request(), hostname_grant()]
}

/// How a kind is called.
struct Names {
    kind: &'static str,
    plural: &'static str,
    short: &'static str,
    is_namespaced: bool,
}

fn hostname_grant() -> Value {
    let names = Names { kind: HOSTNAME_GRANT, plural: "hostnamegrants", short: "hng", is_namespaced: false };
    let host = json!({
        "type": "string",
        "maxLength": HOSTNAME_MAX,
        "pattern": format!(r"^(\*|(\*\.)?{0}(\.{0})*)$", label()),
        "x-kubernetes-validations": [{"rule": "!isIP(self)", "message": "an IP address is no host name"}],
    });
    let expression = json!({
        "type": "object",
        "required": ["key", "operator"],
        "properties": {
            "key": {"type": "string", "minLength": 1, "maxLength": 317},
            "operator": {"type": "string", "enum": ["In", "NotIn", "Exists", "DoesNotExist"]},
            "values": list(&text(NAME_MAX), ITEMS_MAX, 0),
        },
    });
    let selector = json!({
        "type": "object",
        "description": "The namespaces with these labels, which only the platform may set: see --trusted-namespace-label.",
        "properties": {
            "matchLabels": {"type": "object", "maxProperties": ITEMS_MAX, "additionalProperties": text(NAME_MAX)},
            "matchExpressions": list(&expression, ITEMS_MAX, 0),
        },
        "x-kubernetes-map-type": "atomic",
        "x-kubernetes-validations": [{
            "rule": "(has(self.matchLabels) && size(self.matchLabels) > 0) || (has(self.matchExpressions) && size(self.matchExpressions) > 0)",
            "message": "an empty selector would mean every namespace: name a label",
        }],
    });
    let gateway = json!({
        "type": "object",
        "required": ["namespace"],
        "properties": {
            "namespace": named(NAME_MAX),
            "name": {"type": "string", "minLength": 1, "maxLength": SUBDOMAIN_MAX, "description": "Left out: every Gateway of the namespace."},
        },
    });
    let mut namespaces = list(&named(NAME_MAX), HOSTNAMES_MAX, 1);
    namespaces["x-kubernetes-list-type"] = json!("set");
    let mut hostnames = list(&host, HOSTNAMES_MAX, 1);
    hostnames["x-kubernetes-list-type"] = json!("set");
    hostnames["description"] =
        json!("Exact names and wildcards, canonical; `*` alone stands for every host.");
    let mut kinds = list(&json!({"type": "string", "enum": GRANTED}), GRANTED.len(), 1);
    kinds["x-kubernetes-list-type"] = json!("set");
    kinds["description"] =
        json!("Left out: HTTPRoute, GRPCRoute and TLSRoute. Any other only where it is named.");
    let spec = json!({
        "type": "object",
        "required": ["hostnames"],
        "properties": {
            "namespaces": namespaces,
            "namespaceSelector": selector,
            "hostnames": hostnames,
            "kinds": kinds,
            "gateways": list(&gateway, ITEMS_MAX, 1),
        },
        "x-kubernetes-validations": [{
            "rule": "has(self.namespaces) || has(self.namespaceSelector)",
            "message": "name namespaces, or a selector for them",
        }],
    });
    let columns = json!([
        {"name": "Hostnames", "type": "string", "jsonPath": ".spec.hostnames"},
        {"name": "Namespaces", "type": "string", "jsonPath": ".spec.namespaces"},
        {"name": "Age", "type": "date", "jsonPath": ".metadata.creationTimestamp"},
    ]);
    let what = "Permits namespaces to use host names. Grants only ever add up.";
    crd(&names, what, &spec, Some(&status(json!({}))), &columns, &json!([]))
}

fn domain_claim() -> Value {
    let names = Names { kind: DOMAIN_CLAIM, plural: "domainclaims", short: "dmc", is_namespaced: false };
    let spec = json!({
        "type": "object",
        "required": ["hostname", "namespace"],
        "properties": {
            "hostname": hostname(),
            "namespace": named(NAME_MAX),
            "zoneId": {"type": "string", "maxLength": SUBDOMAIN_MAX, "description": "Data for DNS: a name has one owner across all zones."},
        },
        "x-kubernetes-validations": [{"rule": "self == oldSelf", "message": "a claim never changes: delete it and make another"}],
    });
    let status = status(json!({
        "phase": {"type": "string", "enum": ["Pending", "Bound", "Conflict"]},
        "boundAt": {"type": "string", "format": "date-time"},
        "namespaceUID": {"type": "string", "maxLength": SUBDOMAIN_MAX},
    }));
    let columns = json!([
        {"name": "Hostname", "type": "string", "jsonPath": ".spec.hostname"},
        {"name": "Namespace", "type": "string", "jsonPath": ".spec.namespace"},
        {"name": "Phase", "type": "string", "jsonPath": ".status.phase"},
        {"name": "Age", "type": "date", "jsonPath": ".metadata.creationTimestamp"},
    ]);
    let rules = json!([{
        "rule": "self.metadata.name == (self.spec.hostname.startsWith('*') ? 'wc--any' + self.spec.hostname.substring(1) : self.spec.hostname)",
        "message": "the name of a claim is its host name, with a leading `*` written `wc--any`: so there is one claim a name",
    }]);
    let what = "Claims a host name for a namespace: one name, one owner. Written by the binder only: status.";
    crd(&names, what, &spec, Some(&status), &columns, &rules)
}

fn gateway_hostname_request() -> Value {
    let names = Names {
        kind: GATEWAY_HOSTNAME_REQUEST,
        plural: "gatewayhostnamerequests",
        short: "ghr",
        is_namespaced: true,
    };
    let spec = json!({
        "type": "object",
        "required": ["hostname"],
        "properties": {
            "hostname": hostname(),
            "zoneId": text(SUBDOMAIN_MAX),
            "environment": text(NAME_MAX),
            "visibility": {"type": "string", "enum": ["internet-facing", "internal"], "default": "internet-facing"},
            "gatewayClass": named(SUBDOMAIN_MAX),
            "routePolicy": {
                "type": "object",
                "properties": {
                    "allowNamespace": {"type": "boolean", "default": true, "description": "Whether the Gateway lets this namespace's routes attach."},
                    "kinds": list(&json!({"type": "string", "enum": GRANTED}), GRANTED.len(), 1),
                },
            },
            "dns": {
                "type": "object",
                "properties": {
                    "records": list(&json!({"type": "string", "enum": ["A", "AAAA"]}), 2, 1),
                    "redirectWww": {"type": "boolean"},
                },
            },
        },
        "x-kubernetes-validations": [{"rule": "self.hostname == oldSelf.hostname", "message": "the host name of a request never changes: make another request"}],
    });
    let reference =
        json!({"type": "object", "properties": {"namespace": text(NAME_MAX), "name": text(SUBDOMAIN_MAX)}});
    let status = status(json!({
        "assignedGateway": reference,
        "assignedLoadBalancer": text(1024),
        "certificateArn": text(2048),
    }));
    let columns = json!([
        {"name": "Hostname", "type": "string", "jsonPath": ".spec.hostname"},
        {"name": "Gateway", "type": "string", "jsonPath": ".status.assignedGateway.name"},
        {"name": "Ready", "type": "string", "jsonPath": ".status.conditions[?(@.type==\"Ready\")].status"},
        {"name": "Age", "type": "date", "jsonPath": ".metadata.creationTimestamp"},
    ]);
    crd(&names, "Asks for a host name for the namespace.", &spec, Some(&status), &columns, &json!([]))
}

fn effective_hostnames() -> Value {
    let names =
        Names { kind: EFFECTIVE_HOSTNAMES, plural: "effectivehostnames", short: "efh", is_namespaced: true };
    let set = |what: &str| {
        json!({
            "type": "object",
            "description": what,
            "maxProperties": 4096,
            "additionalProperties": {"type": "object"},
        })
    };
    let spec = json!({
        "type": "object",
        "properties": {
            "exact": set("Host names that the namespace may use."),
            "suffix": set("Names below which it may use every host name, without `*.`."),
        },
    });
    let rules = json!([{"rule": "self.metadata.name == 'effective'", "message": "there is one a namespace, named `effective`"}]);
    let what = "A namespace's grants, compiled for ValidatingAdmissionPolicy. Written by controllers only.";
    let columns = json!([{"name": "Age", "type": "date", "jsonPath": ".metadata.creationTimestamp"}]);
    crd(&names, what, &spec, None, &columns, &rules)
}

fn crd(
    names: &Names,
    what: &str,
    spec: &Value,
    status: Option<&Value>,
    columns: &Value,
    rules: &Value,
) -> Value {
    let Names { kind, plural, short, is_namespaced } = names;
    let mut properties = Map::new();
    properties.insert("apiVersion".to_owned(), json!({"type": "string"}));
    properties.insert("kind".to_owned(), json!({"type": "string"}));
    properties.insert("metadata".to_owned(), json!({"type": "object"}));
    properties.insert("spec".to_owned(), spec.clone());
    properties.extend(status.map(|status| ("status".to_owned(), status.clone())));
    let mut schema =
        json!({"type": "object", "description": what, "required": ["spec"], "properties": properties});
    if rules.as_array().is_some_and(|rules| !rules.is_empty()) {
        schema["x-kubernetes-validations"] = rules.clone();
    }
    let mut version = json!({
        "name": VERSION,
        "served": true,
        "storage": true,
        "schema": {"openAPIV3Schema": schema},
        "additionalPrinterColumns": columns,
    });
    if status.is_some() {
        version["subresources"] = json!({"status": {}});
    }
    json!({
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": format!("{plural}.{GROUP}")},
        "spec": {
            "group": GROUP,
            "scope": if *is_namespaced { "Namespaced" } else { "Cluster" },
            "names": {
                "kind": kind,
                "listKind": format!("{kind}List"),
                "plural": plural,
                "singular": kind.to_ascii_lowercase(),
                "shortNames": [short],
                "categories": ["gatewright"],
            },
            "versions": [version],
        },
    })
}

/// A status with conditions.
fn status(properties: Value) -> Value {
    let condition = json!({
        "type": "object",
        "required": ["type", "status", "lastTransitionTime", "reason", "message"],
        "properties": {
            "type": {"type": "string", "minLength": 1, "maxLength": 316},
            "status": {"type": "string", "enum": ["True", "False", "Unknown"]},
            "observedGeneration": {"type": "integer", "format": "int64", "minimum": 0},
            "lastTransitionTime": {"type": "string", "format": "date-time"},
            "reason": {"type": "string", "minLength": 1, "maxLength": 1024},
            "message": {"type": "string", "maxLength": 32768},
        },
    });
    let mut conditions = list(&condition, ITEMS_MAX, 0);
    conditions["x-kubernetes-list-type"] = json!("map");
    conditions["x-kubernetes-list-map-keys"] = json!(["type"]);
    let mut properties = properties;
    properties["conditions"] = conditions;
    json!({"type": "object", "properties": properties})
}

/// A host name, exact or wildcard, canonical.
fn hostname() -> Value {
    json!({
        "type": "string",
        "maxLength": HOSTNAME_MAX,
        "pattern": format!(r"^(\*\.)?{0}(\.{0})*$", label()),
        "x-kubernetes-validations": [{"rule": "!isIP(self)", "message": "an IP address is no host name"}],
    })
}

/// The pattern of a label.
fn label() -> String {
    format!("[a-z0-9]([-a-z0-9]{{0,{}}}[a-z0-9])?", LABEL_MAX - 2)
}

fn text(most: usize) -> Value {
    json!({"type": "string", "maxLength": most})
}

fn named(most: usize) -> Value {
    json!({"type": "string", "minLength": 1, "maxLength": most})
}

fn list(item: &Value, most: usize, least: usize) -> Value {
    let mut list = json!({"type": "array", "items": item, "maxItems": most});
    if least > 0 {
        list["minItems"] = json!(least);
    }
    list
}
