//! A CustomResourceDefinition, as far as objects are judged by it.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A CRD.
#[derive(Clone, Debug)]
pub struct Definition {
    /// `metadata.name`, for example `backends.gateway.envoyproxy.io`.
    pub name: String,
    /// For example `gateway.envoyproxy.io`.
    pub group: String,
    /// For example `Backend`.
    pub kind: String,
    /// Whether objects live in a namespace.
    pub namespaced: bool,
    /// What is served.
    pub versions: Vec<Version>,
}

/// A served version of a CRD.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Version {
    /// For example `v1alpha1`.
    pub name: String,
    /// `openAPIV3Schema`.
    pub schema: Value,
    /// Whether a status is written through its own subresource only, and dropped elsewhere.
    pub status_apart: bool,
}

/// Reads a CRD; what is wrong with it otherwise. `None` is another kind of object.
pub fn read(object: &Value) -> Result<Option<Definition>, String> {
    if object["kind"] != "CustomResourceDefinition" {
        return Ok(None);
    }
    if object["apiVersion"] != "apiextensions.k8s.io/v1" {
        return Err(format!(
            "apiVersion: {} is not apiextensions.k8s.io/v1, the only one since Kubernetes 1.22",
            object["apiVersion"]
        ));
    }
    let spec = &object["spec"];
    let text = |value: &Value, path: &str| match value.as_str() {
        Some(text) if !text.is_empty() => Ok(text.to_owned()),
        _ => Err(format!("{path}: a CRD needs a text here")),
    };
    let namespaced = match spec["scope"].as_str() {
        Some("Namespaced") => true,
        Some("Cluster") => false,
        _ => return Err(format!("spec.scope: {} is neither Namespaced nor Cluster", spec["scope"])),
    };
    let mut versions = Vec::new();
    for (index, version) in spec["versions"].as_array().into_iter().flatten().enumerate() {
        let path = format!("spec.versions[{index}]");
        let name = text(&version["name"], &format!("{path}.name"))?;
        let schema = version["schema"]["openAPIV3Schema"].clone();
        if version["served"] == true {
            if !schema.is_object() {
                return Err(format!("{path}.schema.openAPIV3Schema: a served version needs a schema"));
            }
            versions.push(Version {
                name,
                schema,
                status_apart: version["subresources"]["status"].is_object(),
            });
        }
    }
    if versions.is_empty() {
        return Err("spec.versions: no version is served".to_owned());
    }
    Ok(Some(Definition {
        name: text(&object["metadata"]["name"], "metadata.name")?,
        group: text(&spec["group"], "spec.group")?,
        kind: text(&spec["names"]["kind"], "spec.names.kind")?,
        namespaced,
        versions,
    }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::read;

    #[test]
    fn says_what_is_wrong_with_a_crd() {
        let sound = json!({
            "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
            "metadata": {"name": "things.example.com"},
            "spec": {"group": "example.com", "scope": "Cluster", "names": {"kind": "Thing"},
                     "versions": [{"name": "v1", "served": true,
                                   "schema": {"openAPIV3Schema": {"type": "object"}}},
                                  {"name": "v0", "served": false}]},
        });
        let found = read(&sound).expect("a CRD").expect("of this kind");
        assert_eq!((found.kind.as_str(), found.namespaced, found.versions.len()), ("Thing", false, 1));
        for (pointer, value, expected) in [
            ("/apiVersion", json!("apiextensions.k8s.io/v1beta1"), "apiVersion"),
            ("/spec/scope", json!("namespaced"), "spec.scope"),
            ("/spec/names/kind", json!(null), "spec.names.kind"),
            ("/spec/versions/0/served", json!(false), "spec.versions"),
            ("/spec/versions/0/schema", json!({}), "spec.versions[0].schema"),
        ] {
            let mut broken = sound.clone();
            *broken.pointer_mut(pointer).expect("it is there") = value;
            let fault = read(&broken).expect_err(pointer);
            assert!(fault.starts_with(expected), "{fault}");
        }
        assert!(read(&json!({"kind": "ConfigMap"})).expect("no CRD").is_none());
    }
}
