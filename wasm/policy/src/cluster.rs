//! The context by Kubewarden's host calls, for clusters in which no webhook of ours gives it.
//!
//! Each kind is listed whole, from the host's own cache, in the first version that can be listed. A kind that the cluster does
//! not serve has no objects; one that cannot be listed is left out, and what depends on it is denied as `context-incomplete`.
//! Public suffixes are not known here: wildcard claims need our own webhook.

use std::borrow::Cow;

use gatewright_core::admission::{self, Needed};
use gatewright_core::ownership::Settings;
use gatewright_core::tree::json::{self, JsonFault, Keep, Writer};
use gatewright_core::tree::{Node, Value};

use crate::HostCall;

/// What the decision on a request may look at, as JSON.
pub(crate) fn context(request: &str, settings: &Settings, host: HostCall<'_>) -> Result<String, String> {
    let mut complete = Vec::new();
    let mut context = Writer::default();
    context.open('{');
    context.key("objects");
    context.open('[');
    for needed in admission::needed(request, settings) {
        if list(needed, host, &mut context)? {
            complete.push(needed.kind);
        }
    }
    context.close(']');
    context.key("complete");
    context.texts(&complete);
    context.close('}');
    Ok(context.finish())
}

/// Writes every object of a kind; false where there may be others.
fn list(
    Needed { api_versions, kind }: Needed,
    host: HostCall<'_>,
    context: &mut Writer,
) -> Result<bool, String> {
    let mut is_unserved = true;
    for api_version in api_versions {
        let mut asked = Writer::default();
        asked.open('{');
        identify(&mut asked, "api_version", api_version, kind);
        asked.close('}');
        match host("list_resources_all", &asked.finish()) {
            Ok(list) => {
                let unreadable = |fault| format!("a list of {kind} cannot be read: {fault}");
                if let Some(items) = items(&list).map_err(unreadable)? {
                    for item in items {
                        write(item, api_version, kind, context)?;
                    }
                    return Ok(true);
                }
                is_unserved = false;
            }
            Err(error) => is_unserved &= says_unserved(&error),
        }
    }
    Ok(is_unserved)
}

/// Whether an error of the host says that the cluster does not serve a kind in the version that was asked for.
///
/// Source: Kubewarden, policy-evaluator, `src/callback_handler/kubernetes/client.rs`, whose words the first are, where discovery
/// knows the version and not the kind; of a version that there is not it hands on what the API server says.
fn says_unserved(error: &str) -> bool {
    let says = |words: &str| error.as_bytes().windows(words.len()).any(|part| part == words.as_bytes());
    says("Cannot find resource ") || says("404 page not found")
}

/// The items of a list, each as it was written; absent where this is no list.
fn items(list: &str) -> Result<Option<Vec<&str>>, JsonFault> {
    let keep = |key: &str| if key == "items" { Keep::Text } else { Keep::Nothing };
    let list = json::part(list, keep)?;
    let Some(Node { value, .. }) = list.as_map().and_then(|list| list.get("items")) else { return Ok(None) };
    match value {
        // A list of nothing, in Go's words.
        Value::Null => Ok(Some(Vec::new())),
        Value::Text(Cow::Borrowed(items)) => json::items(items).map(Some),
        _ => Ok(None),
    }
}

/// Writes an item with its version and kind, which lists may leave out of their items.
fn write(item: &str, api_version: &str, kind: &str, context: &mut Writer) -> Result<(), String> {
    let fields = item.strip_prefix('{').and_then(|item| item.strip_suffix('}'));
    let fields = fields.ok_or_else(|| format!("a list of {kind} has an item that is no object"))?;
    context.open('{');
    // Of a key written twice the last one counts.
    if !fields.trim_start().is_empty() {
        context.raw(fields);
    }
    identify(context, "apiVersion", api_version, kind);
    context.close('}');
    Ok(())
}

fn identify(object: &mut Writer, key_of_version: &str, api_version: &str, kind: &str) {
    object.key(key_of_version);
    object.text(api_version);
    object.key("kind");
    object.text(kind);
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const CREATED: &str = r#"{"uid": "1", "operation": "CREATE", "namespace": "edge",
        "kind": {"group": "G", "version": "v1", "kind": "K"},
        "object": {"apiVersion": "G/v1", "kind": "K", "metadata": {"name": "public", "namespace": "edge"},
            "spec": {"listeners": [{"name": "http", "port": 80, "protocol": "HTTP", "hostname": "web.example.com"}]}}}"#;

    fn created(group: &str, kind: &str) -> String {
        CREATED.replace("\"G", &format!("\"{group}")).replace("\"K\"", &format!("\"{kind}\""))
    }

    /// The context that a host gives, by its answer for each version and kind.
    fn given(request: &str, answer: fn(&str) -> Result<&'static str, &'static str>) -> (String, Vec<String>) {
        let settings = Settings::parse(r#"{"trustedNamespaceLabels": ["team"]}"#).expect("settings");
        let mut asked = Vec::new();
        let mut host = |_: &str, payload: &str| {
            asked.push(payload.to_owned());
            answer(payload).map(str::to_owned).map_err(str::to_owned)
        };
        (context(request, &settings, &mut host).expect("a context"), asked)
    }

    /// As the standard channel of Gateway API 1.6 has it, where nothing is v1alpha2 and there is no XListenerSet.
    #[test]
    fn a_kind_that_is_not_served_has_no_objects() {
        let standard = |payload: &str| match payload {
            payload if payload.contains("v1alpha2") => Err("Cannot find resource of this kind"),
            payload if payload.contains("x-k8s.io") => {
                Err("error finding resource g/v1alpha1 / XListenerSet: ApiError: \"404 page not found\\n\"")
            }
            _ => Ok(r#"{"items": []}"#),
        };
        for (group, kind) in [("gateway.networking.k8s.io", "Gateway"), ("gatewright.dev", "HostnameGrant")] {
            let (context, asked) = given(&created(group, kind), standard);
            let complete = context.split_once("\"complete\":").expect("it says so").1;
            assert!(
                ["TLSRoute", "TCPRoute", "UDPRoute"].iter().all(|kind| complete.contains(kind)),
                "{context}"
            );
            assert_eq!(complete.contains("XListenerSet"), kind == "HostnameGrant", "{context}");
            assert!(asked.iter().all(|payload| !payload.contains("v1alpha2")), "{asked:?}");
        }
    }

    #[test]
    fn a_kind_that_cannot_be_listed_is_not_known() {
        let forbidden = |payload: &str| match payload {
            payload if payload.contains("v1alpha2") => Err("Cannot find resource of this kind"),
            payload if payload.contains("TCPRoute") => Err("forbidden"),
            payload if payload.contains("UDPRoute") => Ok("{}"),
            _ => Ok(r#"{"items": null}"#),
        };
        let (context, _) = given(&created("gateway.networking.k8s.io", "Gateway"), forbidden);
        assert!(context.contains("HTTPRoute") && !context.contains("TCPRoute"), "{context}");
        assert!(!context.contains("UDPRoute"), "{context}");
    }

    /// Kubewarden's host lists nothing else for the module.
    #[test]
    fn the_metadata_name_all_that_is_listed() {
        let metadata = json::read(include_str!("../metadata.json")).expect("JSON");
        let resources = metadata.get("contextAwareResources").and_then(Node::as_list).expect("a list");
        let named: BTreeSet<_> =
            resources.iter().map(|node| (node.text_of("apiVersion"), node.text_of("kind"))).collect();
        let kinds = [
            ("gateway.networking.k8s.io", "HTTPRoute"),
            ("gateway.networking.k8s.io", "Gateway"),
            ("gatewright.dev", "HostnameGrant"),
        ];
        let mut listed = BTreeSet::new();
        let requests = kinds.map(|(group, kind)| created(group, kind));
        let asked: Vec<String> = requests
            .iter()
            .flat_map(|request| given(request, |_| Err("Cannot find resource of this kind")).1)
            .collect();
        for payload in &asked {
            let payload = json::read(payload).expect("JSON");
            listed.insert((payload.text_of("api_version"), payload.text_of("kind")));
        }
        assert_eq!(format!("{listed:?}"), format!("{named:?}"));
    }
}
