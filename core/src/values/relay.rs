//! The value `relay`: its table, and what the API server asks of its parts beyond their form.
//!
//! Source: Kubernetes v1.36, `pkg/apis/core/validation/validation.go`, and what a container, a toleration
//! and an affinity hold in `core/v1`.

use super::quantity::{self, QUANTITY, RESOURCE_NAME};
use super::sections::LABELS;
use super::shape::{Bound, Choice, Dictionary, Field, List, Object, Shape, Unique};
use super::{BAD_VALUE, quoted, text};
use crate::diagnostic::{Diagnostic, Level};
use crate::path::Path;
use crate::tree::{Node, Value};

/// The relay.
pub static RELAY: Object = Object {
    name: "relay",
    doc: "The TCP relay: one Deployment of Envoy.",
    fields: &[
        Field::new("image", Shape::Text(&text::NOT_EMPTY), "Envoy's image"),
        Field::new("replicas", Shape::Integer(0, 1000, ""), "number of pods").default("2"),
        Field::new("resources", Shape::Object(&RESOURCES), "resources of the container, as in a Pod"),
        Field::new("imagePullSecrets", list(&PULL_SECRETS), "as in a Pod"),
        Field::new("nodeSelector", Shape::Map(&LABELS), "as in a Pod"),
        Field::new("tolerations", list(&TOLERATIONS), "as in a Pod"),
        Field::new("affinity", Shape::Object(&AFFINITY), "as in a Pod"),
        Field::new("networkPolicy", Shape::Boolean, "whether a NetworkPolicy is rendered beside it")
            .default("true"),
    ],
};

const fn list(list: &'static List) -> Shape {
    Shape::List(list)
}

const fn plain(of: Shape) -> List {
    List { of, bound: None, unique: Unique::Nothing, indexed: false }
}

const fn words(words: &'static [&'static str]) -> Choice {
    Choice { words, limited: &[], any_case: false }
}

static PULL_SECRETS: List = plain(Shape::Object(&PULL_SECRET));

static PULL_SECRET: Object = Object {
    name: "imagePullSecret",
    doc: "A Secret with a registry's credentials.",
    fields: &[Field::new("name", Shape::Text(&text::OBJECT_NAME), "its name").required()],
};

static RESOURCES: Object = Object {
    name: "resources",
    doc: "What a container may use.",
    fields: &[
        Field::new("limits", Shape::Map(&QUANTITIES), "most of each resource"),
        Field::new("requests", Shape::Map(&QUANTITIES), "what is set aside of each; at most its limit"),
    ],
};

static QUANTITIES: Dictionary =
    Dictionary { key: &RESOURCE_NAME, value: Shape::Text(&QUANTITY), bound: None };

pub(super) static TOLERATIONS: List = plain(Shape::Object(&TOLERATION));

static TOLERATION: Object = Object {
    name: "toleration",
    doc: "Taints of nodes that do not keep pods away.",
    fields: &[
        Field::new(
            "key",
            Shape::Text(&text::QUALIFIED_NAME),
            "key of the taint; none, with Exists: every taint",
        ),
        Field::new("operator", Shape::Choice(&TOLERATION_OPERATOR), "Equal (default): the value counts"),
        Field::new("value", Shape::Text(&text::LABEL_VALUE), "value of the taint; none with Exists"),
        Field::new("effect", Shape::Choice(&EFFECT), "effect of the taint; none: every effect"),
        Field::new(
            "tolerationSeconds",
            Shape::Integer(0, 2_147_483_647, ""),
            "for how long; with effect NoExecute alone",
        ),
    ],
};

/// How much an affinity counts that is only preferred.
const AFFINITY_WEIGHT: Shape =
    Shape::Integer(1, 100, "Kubernetes v1.36, PreferredSchedulingTerm and WeightedPodAffinityTerm, weight");

static TOLERATION_OPERATOR: Choice = words(&["Exists", "Equal"]);
static EFFECT: Choice = words(&["NoSchedule", "PreferNoSchedule", "NoExecute"]);

/// The long names that both kinds of affinity share.
const REQUIRED: &str = "requiredDuringSchedulingIgnoredDuringExecution";
const PREFERRED: &str = "preferredDuringSchedulingIgnoredDuringExecution";

static AFFINITY: Object = Object {
    name: "affinity",
    doc: "Where pods are placed.",
    fields: &[
        Field::new("nodeAffinity", Shape::Object(&NODE_AFFINITY), "on which nodes"),
        Field::new("podAffinity", Shape::Object(&POD_AFFINITY), "beside which pods"),
        Field::new("podAntiAffinity", Shape::Object(&POD_AFFINITY), "away from which pods"),
    ],
};

static NODE_AFFINITY: Object = Object {
    name: "nodeAffinity",
    doc: "Nodes by their labels.",
    fields: &[
        Field::new(REQUIRED, Shape::Object(&NODE_SELECTOR), "nodes that will do"),
        Field::new(PREFERRED, list(&PREFERRED_NODES), "nodes that are better"),
    ],
};

static NODE_SELECTOR: Object = Object {
    name: "nodeSelectorTerms",
    doc: "Nodes that fit at least one term.",
    fields: &[Field::new("nodeSelectorTerms", list(&NODE_TERMS), "the terms, at least one").required()],
};

static NODE_TERMS: List = plain(Shape::Object(&NODE_TERM));

static NODE_TERM: Object = Object {
    name: "nodeSelectorTerm",
    doc: "Nodes that fit every part; a term without parts fits none.",
    fields: &[
        Field::new("matchExpressions", list(&NODE_EXPRESSIONS), "by labels"),
        Field::new("matchFields", list(&NODE_FIELDS), "by name"),
    ],
};

static NODE_EXPRESSIONS: List = plain(Shape::Object(&NODE_EXPRESSION));

static NODE_EXPRESSION: Object = Object {
    name: "nodeExpression",
    doc: "What a label of a node is.",
    fields: &[
        Field::new("key", Shape::Text(&text::QUALIFIED_NAME), "key of the label").required(),
        Field::new("operator", Shape::Choice(&NODE_OPERATOR), "how it is compared").required(),
        Field::new(
            "values",
            list(&VALUES),
            "with what; one integer for Gt and Lt, nothing for Exists and DoesNotExist",
        ),
    ],
};

static NODE_OPERATOR: Choice = words(&["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"]);

static VALUES: List = plain(Shape::Text(&text::LABEL_VALUE));

static NODE_FIELDS: List = plain(Shape::Object(&NODE_FIELD));

static NODE_FIELD: Object = Object {
    name: "nodeField",
    doc: "What a node is called.",
    fields: &[
        Field::new("key", Shape::Choice(&NODE_FIELD_KEY), "the field").required(),
        Field::new("operator", Shape::Choice(&NODE_FIELD_OPERATOR), "how it is compared").required(),
        Field::new("values", list(&ONE_NAME), "the name").required(),
    ],
};

static NODE_FIELD_KEY: Choice = words(&["metadata.name"]);
static NODE_FIELD_OPERATOR: Choice = words(&["In", "NotIn"]);

static ONE_NAME: List = List {
    of: Shape::Text(&text::OBJECT_NAME),
    bound: Some(Bound {
        max: 1,
        before: None,
        source: "Kubernetes v1.36, validateNodeFieldSelectorRequirement",
    }),
    unique: Unique::Nothing,
    indexed: false,
};

static PREFERRED_NODES: List = plain(Shape::Object(&PREFERRED_NODE));

static PREFERRED_NODE: Object = Object {
    name: "preferredNodes",
    doc: "Nodes, and how much better they are.",
    fields: &[
        Field::new("weight", AFFINITY_WEIGHT, "how much").required(),
        Field::new("preference", Shape::Object(&NODE_TERM), "which nodes").required(),
    ],
};

static POD_AFFINITY: Object = Object {
    name: "podAffinity",
    doc: "Nodes by the pods that run there.",
    fields: &[
        Field::new(REQUIRED, list(&POD_TERMS), "nodes that will do"),
        Field::new(PREFERRED, list(&PREFERRED_PODS), "nodes that are better"),
    ],
};

static POD_TERMS: List = plain(Shape::Object(&POD_TERM));

static POD_TERM: Object = Object {
    name: "podAffinityTerm",
    doc: "Pods, and what counts as the same place.",
    fields: &[
        Field::new("labelSelector", Shape::Object(&SELECTOR), "which pods"),
        Field::new(
            "namespaces",
            list(&NAMESPACES),
            "of which namespaces; none, and no selector: the relay's",
        ),
        Field::new("namespaceSelector", Shape::Object(&SELECTOR), "of which namespaces, by labels"),
        Field::new(
            "topologyKey",
            Shape::Text(&text::QUALIFIED_NAME),
            "label of nodes whose value names the place",
        )
        .required(),
        Field::new("matchLabelKeys", list(&KEYS), "labels that the pods share with the relay"),
        Field::new("mismatchLabelKeys", list(&KEYS), "labels that they do not share"),
    ],
};

static NAMESPACES: List = plain(Shape::Text(&text::DNS_LABEL));
static KEYS: List = plain(Shape::Text(&text::QUALIFIED_NAME));

static SELECTOR: Object = Object {
    name: "labelSelector",
    doc: "What fits every part; empty: everything.",
    fields: &[
        Field::new("matchLabels", Shape::Map(&LABELS), "labels and their values"),
        Field::new("matchExpressions", list(&EXPRESSIONS), "what labels are"),
    ],
};

static EXPRESSIONS: List = plain(Shape::Object(&EXPRESSION));

static EXPRESSION: Object = Object {
    name: "labelExpression",
    doc: "What a label is.",
    fields: &[
        Field::new("key", Shape::Text(&text::QUALIFIED_NAME), "key of the label").required(),
        Field::new("operator", Shape::Choice(&OPERATOR), "how it is compared").required(),
        Field::new("values", list(&VALUES), "with what; nothing for Exists and DoesNotExist"),
    ],
};

static OPERATOR: Choice = words(&["In", "NotIn", "Exists", "DoesNotExist"]);

static PREFERRED_PODS: List = plain(Shape::Object(&PREFERRED_POD));

static PREFERRED_POD: Object = Object {
    name: "preferredPods",
    doc: "Pods, and how much better it is beside them.",
    fields: &[
        Field::new("weight", AFFINITY_WEIGHT, "how much").required(),
        Field::new("podAffinityTerm", Shape::Object(&POD_TERM), "which pods").required(),
    ],
};

/// Checks what the table cannot say: parts that depend on each other.
pub(super) fn check(relay: &Node<'_>, out: &mut Vec<Diagnostic>) {
    let path = Path::ROOT.key("relay");
    if let Some(resources) = relay.get("resources") {
        check_resources(resources, &path.key("resources"), out);
    }
    for (index, toleration) in relay.get("tolerations").into_iter().flat_map(Node::items) {
        check_toleration(toleration, &path.key("tolerations").index(index), out);
    }
    if let Some(affinity) = relay.get("affinity") {
        check_affinity(affinity, &path.key("affinity"), out);
    }
}

fn refuse(path: Path, message: impl Into<String>, rule: &str, hint: &'static str, out: &mut Vec<Diagnostic>) {
    out.push(
        Diagnostic::error(BAD_VALUE, path, message)
            .level(Level::Api)
            .source(format!("Kubernetes v1.36, {rule}"))
            .hint(hint),
    );
}

fn check_resources(resources: &Node<'_>, path: &Path, out: &mut Vec<Diagnostic>) {
    const RULE: &str = "validateContainerResourceRequirements";
    let limits = resources.get("limits");
    for (part, name, text) in ["limits", "requests"].into_iter().flat_map(|part| {
        let map = resources.get(part).and_then(Node::as_map);
        map.into_iter().flatten().filter_map(move |entry| Some((part, &entry.key, entry.value.as_text()?)))
    }) {
        let at = path.key(part).key(name);
        let Some(amount) = quantity::billionths(text) else { continue };
        let shared = quantity::is_shared(name);
        if !shared && amount % quantity::ONE != 0 {
            refuse(at, format!("{} of `{name}`, which come whole", quoted(text)), RULE, "", out);
            continue;
        }
        if part == "limits" {
            continue;
        }
        let limit = limits.and_then(|limits| limits.get(name)).and_then(Node::as_text);
        match limit.and_then(|limit| Some((limit, quantity::billionths(limit)?))) {
            Some((limit, most)) if amount > most || (!shared && amount != most) => {
                let message = format!("a request of {}, but the limit is {}", quoted(text), quoted(limit));
                let hint = if shared { "request no more than the limit" } else { "make both the same" };
                refuse(at, message, RULE, hint, out);
            }
            None if !shared && limit.is_none() => {
                refuse(
                    at,
                    format!("a request of `{name}` without a limit"),
                    RULE,
                    "give the same limit",
                    out,
                );
            }
            _ => {}
        }
    }
}

/// What the API server asks of a toleration beyond its form.
pub(super) fn check_toleration(toleration: &Node<'_>, path: &Path, out: &mut Vec<Diagnostic>) {
    const RULE: &str = "ValidateTolerations";
    let text = |key: &str| toleration.get(key).and_then(Node::as_text).filter(|text| !text.is_empty());
    let exists = text("operator") == Some("Exists");
    // The table has said so of other words.
    let is_equal = matches!(text("operator"), None | Some("Equal"));
    if is_equal && toleration.get("key").is_none_or(Node::is_null) && toleration.as_map().is_some() {
        let message = "no `key`, which only `operator: Exists` takes for every taint";
        refuse(path.clone(), message, RULE, "name the taint's `key`, or set `operator: Exists`", out);
    }
    if exists && text("value").is_some() {
        let message = "a `value` with `operator: Exists`, which takes every value";
        refuse(path.key("value"), message, RULE, "remove it, or set `operator: Equal`", out);
    }
    let has_seconds = toleration.get("tolerationSeconds").is_some_and(|seconds| !seconds.is_null());
    if has_seconds && text("effect") != Some("NoExecute") {
        let message = "`tolerationSeconds` without `effect: NoExecute`, which alone ends after a time";
        refuse(path.key("tolerationSeconds"), message, RULE, "remove it, or set `effect: NoExecute`", out);
    }
}

/// Lists of terms that may not be empty, and expressions wherever they stand.
fn check_affinity(node: &Node<'_>, path: &Path, out: &mut Vec<Diagnostic>) {
    match &node.value {
        Value::Map(map) => {
            if let Some(operator) = map.get("operator").and_then(Node::as_text) {
                check_expression(operator, map.get("values"), &path.key("values"), out);
            }
            for entry in map {
                let at = path.key(&entry.key);
                if entry.key == "nodeSelectorTerms" && entry.value.items().next().is_none() {
                    refuse(at.clone(), "no term, but there must be one", "ValidateNodeSelector", "", out);
                }
                check_affinity(&entry.value, &at, out);
            }
        }
        Value::List(_) => {
            node.items().for_each(|(index, item)| check_affinity(item, &path.index(index), out));
        }
        _ => {}
    }
}

fn check_expression(operator: &str, values: Option<&Node<'_>>, path: &Path, out: &mut Vec<Diagnostic>) {
    const RULE: &str = "ValidateNodeSelectorRequirement and ValidateLabelSelectorRequirement";
    let values: Vec<_> =
        values.into_iter().flat_map(Node::items).filter_map(|(_, item)| item.as_text()).collect();
    let message = match operator {
        "In" | "NotIn" if values.is_empty() => "needs at least one value",
        "Exists" | "DoesNotExist" if !values.is_empty() => "takes no value",
        "Gt" | "Lt" if !matches!(values.as_slice(), [one] if one.parse::<i64>().is_ok()) => {
            "needs one integer"
        }
        _ => return,
    };
    refuse(path.clone(), format!("`operator: {operator}` {message}"), RULE, "", out);
}

#[cfg(test)]
mod tests {
    use crate::tree::json;
    use crate::{Format, Scope, render};

    /// Paths of errors about a relay, without `relay.`.
    fn refused(relay: &str) -> Vec<String> {
        let text = format!(
            r#"{{"profile": "cilium", "relay": {relay},
            "externalServices": [{{"name": "a", "port": 80, "endpoints": ["a.example.com"]}}]}}"#
        );
        let values = json::read(&text).expect("the test's own JSON");
        let rendered = render(values, &Scope::default(), Format::Yaml);
        let errors =
            rendered.diagnostics.iter().filter(|found| found.severity == crate::diagnostic::Severity::Error);
        errors.map(|found| found.path.to_string().trim_start_matches("relay.").to_owned()).collect()
    }

    #[test]
    fn takes_what_a_pod_takes() {
        for relay in [
            r#"{"resources": {}, "tolerations": [], "affinity": {}}"#,
            r#"{"resources": {"limits": {"cpu": 1, "memory": "64Mi"}, "requests": {"cpu": 0.5, "memory": "64Mi"}}}"#,
            r#"{"resources": {"requests": {"cpu": "1000m"}, "limits": {"cpu": "1"}}}"#,
            r#"{"resources": {"requests": {"example.com/nic": 1}, "limits": {"example.com/nic": "1"}}}"#,
            r#"{"tolerations": [{"operator": "Exists"}, {"key": "a", "value": "b", "effect": "NoSchedule"}]}"#,
            r#"{"tolerations": [{"key": "a", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 60}]}"#,
            r#"{"affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms":
                [{"matchExpressions": [{"key": "zone", "operator": "In", "values": ["a"]},
                {"key": "cores", "operator": "Gt", "values": ["3"]}],
                "matchFields": [{"key": "metadata.name", "operator": "NotIn", "values": ["n1"]}]}]},
                "preferredDuringSchedulingIgnoredDuringExecution":
                [{"weight": 1, "preference": {"matchExpressions": [{"key": "ssd", "operator": "Exists"}]}}]}}}"#,
            r#"{"affinity": {"podAntiAffinity": {"preferredDuringSchedulingIgnoredDuringExecution":
                [{"weight": 100, "podAffinityTerm": {"topologyKey": "kubernetes.io/hostname",
                "labelSelector": {"matchLabels": {"a": "b"}}, "namespaceSelector": {}}}]}}}"#,
        ] {
            assert_eq!(refused(relay), [""; 0], "{relay}");
        }
    }

    #[test]
    fn refuses_what_the_api_server_refuses() {
        for (relay, path) in [
            (r#"{"resources": {"limit": {}}}"#, "resources.limit"),
            (r#"{"resources": {"limits": {"cpus": 1}}}"#, "resources.limits.cpus"),
            (r#"{"resources": {"limits": {"cpu": "1 core"}}}"#, "resources.limits.cpu"),
            (r#"{"resources": {"limits": {"cpu": -1}}}"#, "resources.limits.cpu"),
            (
                r#"{"resources": {"limits": {"cpu": "1"}, "requests": {"cpu": "1001m"}}}"#,
                "resources.requests.cpu",
            ),
            (
                r#"{"resources": {"limits": {"memory": "1M"}, "requests": {"memory": "1Mi"}}}"#,
                "resources.requests.memory",
            ),
            (r#"{"resources": {"requests": {"hugepages-2Mi": "2Mi"}}}"#, "resources.requests.hugepages-2Mi"),
            (r#"{"resources": {"limits": {"example.com/nic": 0.5}}}"#, "resources.limits[example.com/nic]"),
            (r#"{"tolerations": [{"keys": "a", "operator": "Exists"}]}"#, "tolerations[0].keys"),
            (r#"{"tolerations": [{"operator": "Exist"}]}"#, "tolerations[0].operator"),
            (r#"{"tolerations": [{"effect": "NoSchedule"}]}"#, "tolerations[0]"),
            (
                r#"{"tolerations": [{"key": "a", "operator": "Exists", "value": "b"}]}"#,
                "tolerations[0].value",
            ),
            (
                r#"{"tolerations": [{"key": "a", "tolerationSeconds": 1}]}"#,
                "tolerations[0].tolerationSeconds",
            ),
            (r#"{"affinity": {"nodeAfinity": {}}}"#, "affinity.nodeAfinity"),
            (r#"{"affinity": {"podAffinity": {"required": []}}}"#, "affinity.podAffinity.required"),
            (
                r#"{"affinity": {"podAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [{}]}}}"#,
                "affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0]",
            ),
            (
                r#"{"affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": []}}}}"#,
                "affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms",
            ),
            (
                r#"{"affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms":
                [{"matchExpressions": [{"key": "a", "operator": "Gt", "values": ["x"]}]}]}}}}"#,
                "affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0].values",
            ),
        ] {
            assert_eq!(refused(relay), [path], "{relay}");
        }
    }
}
