//! Everything of a CRD but its schemas.

use std::collections::BTreeSet;

use gatewright_core::path::Path;
use serde_json::Value;

use super::keywords::led_to;
use super::{items, text};
use crate::finding::{Findings, What};
use crate::structure::shown;

/// Characters of a label and of a name with dots at most.
const LABEL_MAX: usize = 63;
const NAME_MAX: usize = 253;

/// Bytes of a deprecation warning, and fields to select by, at most.
const WARNING_MAX: usize = 256;
const SELECTABLE_MAX: usize = 8;

/// The annotation that CRDs of Kubernetes' own groups need.
const APPROVED: &str = "api-approved.kubernetes.io";

const COLUMN_TYPES: &[&str] = &["boolean", "date", "integer", "number", "string"];
const COLUMN_FORMATS: &[&str] =
    &["byte", "date", "date-time", "double", "float", "int32", "int64", "password"];

pub(super) fn check(crd: &Value, findings: &mut Findings) {
    let spec = &crd["spec"];
    let path = Path::ROOT.key("spec");
    let group = text(spec, "group");
    if group.is_empty() {
        required(path.key("group"), findings);
    } else if !is_name(group) {
        invalid(path.key("group"), group, "it is no lower case name of DNS", findings);
    } else if !group.contains('.') {
        invalid(path.key("group"), group, "should be a domain with at least one dot", findings);
    }
    match text(spec, "scope") {
        "" => required(path.key("scope"), findings),
        "Cluster" | "Namespaced" => {}
        scope => {
            let message =
                format!("Unsupported value: {scope:?}: supported values: \"Cluster\", \"Namespaced\"");
            findings.add(What::Enum, path.key("scope"), message);
        }
    }
    names(crd, findings);
    versions(spec, &path.key("versions"), findings);
    conversion(&spec["conversion"], &path.key("conversion"), findings);
    approval(crd, findings);
    if spec["preserveUnknownFields"] == true {
        let why = "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in \
                   spec.versions[*].schema instead";
        invalid(path.key("preserveUnknownFields"), true, why, findings);
    }
}

fn names(crd: &Value, findings: &mut Findings) {
    let names = &crd["spec"]["names"];
    let path = Path::ROOT.key("spec").key("names");
    for key in ["plural", "singular", "kind", "listKind"] {
        let found = text(names, key);
        let may_be_mixed = matches!(key, "kind" | "listKind");
        let folded = if may_be_mixed { found.to_ascii_lowercase() } else { found.to_owned() };
        if found.is_empty() {
            // The other two are made of the kind.
            if matches!(key, "plural" | "kind") {
                required(path.key(key), findings);
            }
        } else if !is_label(&folded) {
            let why =
                if may_be_mixed { "it is no label of DNS in mixed case" } else { "it is no label of DNS" };
            invalid(path.key(key), found, why, findings);
        }
    }
    if !text(names, "kind").is_empty() && text(names, "kind") == text(names, "listKind") {
        let why = "kind and listKind may not be the same";
        invalid(path.key("listKind"), text(names, "listKind"), why, findings);
    }
    for key in ["shortNames", "categories"] {
        for (index, name) in items(names, key).iter().enumerate() {
            if !name.as_str().is_some_and(is_label) {
                invalid(path.key(key).index(index), name.clone(), "it is no label of DNS", findings);
            }
        }
    }
    let name = text(&crd["metadata"], "name");
    if name != format!("{}.{}", text(names, "plural"), text(&crd["spec"], "group")) {
        let why = "must be spec.names.plural+\".\"+spec.group";
        invalid(Path::ROOT.key("metadata").key("name"), name, why, findings);
    }
}

fn versions(spec: &Value, path: &Path, findings: &mut Findings) {
    let versions = items(spec, "versions");
    let mut known = BTreeSet::new();
    for (index, version) in versions.iter().enumerate() {
        let path = path.index(index);
        let name = text(version, "name");
        if !is_label(name) {
            invalid(path.key("name"), name, "it is no label of DNS", findings);
        } else if !known.insert(name) {
            invalid(path.key("name"), name, "must contain unique version names", findings);
        }
        if !version["schema"]["openAPIV3Schema"].is_object() {
            required(path.key("schema").key("openAPIV3Schema"), findings);
        }
        deprecation(version, &path, findings);
        subresources(version, &path, findings);
        for (index, column) in items(version, "additionalPrinterColumns").iter().enumerate() {
            self::column(column, &path.key("additionalPrinterColumns").index(index), findings);
        }
        selectable(version, &path.key("selectableFields"), findings);
    }
    let storage = versions.iter().filter(|version| version["storage"] == true).count();
    if storage != 1 {
        let message = format!(
            "Invalid value: must have exactly one version marked as storage version, and {storage} are"
        );
        findings.add(What::Malformed, path.clone(), message);
    }
}

fn deprecation(version: &Value, path: &Path, findings: &mut Findings) {
    let Some(warning) = version["deprecationWarning"].as_str() else { return };
    let why = if version["deprecated"] != true {
        "can only be set for deprecated versions"
    } else if warning.is_empty() {
        "must not be an empty string"
    } else if warning.len() > WARNING_MAX {
        "must be <= 256 characters long"
    } else if warning.chars().any(char::is_control) {
        "must only contain printable UTF-8 characters"
    } else {
        return;
    };
    invalid(path.key("deprecationWarning"), warning, why, findings);
}

fn subresources(version: &Value, path: &Path, findings: &mut Findings) {
    let scale = &version["subresources"]["scale"];
    if !scale.is_object() {
        return;
    }
    let path = path.key("subresources").key("scale");
    let all: [(&str, &[&str], bool); 3] = [
        ("specReplicasPath", &[".spec."], true),
        ("statusReplicasPath", &[".status."], true),
        ("labelSelectorPath", &[".spec.", ".status."], false),
    ];
    for (key, starts, is_required) in all {
        let found = text(scale, key);
        if found.is_empty() {
            if is_required {
                required(path.key(key), findings);
            }
        } else if !starts.iter().any(|start| found.starts_with(start)) {
            let why = format!("should be a json path under {}", starts.join(" or "));
            invalid(path.key(key), found, &why, findings);
        }
    }
}

fn column(column: &Value, path: &Path, findings: &mut Findings) {
    for key in ["name", "type", "jsonPath"].into_iter().filter(|key| text(column, key).is_empty()) {
        required(path.key(key), findings);
    }
    for (key, known) in [("type", COLUMN_TYPES), ("format", COLUMN_FORMATS)] {
        let found = text(column, key);
        if !found.is_empty() && !known.contains(&found) {
            invalid(path.key(key), found, &format!("must be one of {}", known.join(",")), findings);
        }
    }
    let found = text(column, "jsonPath");
    if !found.is_empty() && !found.starts_with('.') {
        invalid(path.key("jsonPath"), found, "must be a simple json path starting with .", findings);
    }
}

fn selectable(version: &Value, path: &Path, findings: &mut Findings) {
    let mut known = BTreeSet::new();
    for (index, field) in items(version, "selectableFields").iter().enumerate() {
        let path = path.index(index).key("jsonPath");
        match text(field, "jsonPath") {
            "" => required(path, findings),
            found if !known.insert(found) => {
                findings.add(What::Duplicate, path, format!("Duplicate value: {found:?}"));
            }
            found if found.starts_with(".metadata.") => {
                invalid(path, found, "must not point to fields in metadata", findings);
            }
            found if found.contains('[') => {
                invalid(path, found, "is an invalid path: array notation is not allowed", findings);
            }
            found => match led_to(&version["schema"]["openAPIV3Schema"], found) {
                Some(field) if matches!(text(field, "type"), "string" | "boolean" | "integer") => {}
                Some(_) => {
                    let why = "must point to a field of type string, boolean or integer";
                    invalid(path, found, why, findings);
                }
                None => {
                    let why = "is an invalid path: does not refer to a valid field";
                    invalid(path, found, why, findings);
                }
            },
        }
    }
    if known.len() > SELECTABLE_MAX {
        let message = format!("Too many: {}: must have at most {SELECTABLE_MAX} items", known.len());
        findings.add(What::TooMany, path.clone(), message);
    }
}

fn conversion(conversion: &Value, path: &Path, findings: &mut Findings) {
    if !conversion.is_object() {
        return;
    }
    let webhook = &conversion["webhook"];
    match text(conversion, "strategy") {
        "" => required(path.key("strategy"), findings),
        "None" if webhook.is_object() => {
            let message = "Forbidden: should not be set when strategy is not set to Webhook";
            findings.add(What::Malformed, path.key("webhook"), message);
        }
        "None" => {}
        "Webhook" => {
            let client = &webhook["clientConfig"];
            if client["url"].is_string() == client["service"].is_object() {
                let message = "Required value: exactly one of url or service is required";
                findings.add(What::Required, path.key("webhook").key("clientConfig"), message);
            }
            let versions = items(webhook, "conversionReviewVersions");
            if !versions.iter().any(|version| version == "v1" || version == "v1beta1") {
                let message = "Invalid value: must include at least one of v1, v1beta1";
                findings.add(What::Malformed, path.key("webhook").key("conversionReviewVersions"), message);
            }
        }
        other => {
            let message = format!("Unsupported value: {other:?}: supported values: \"None\", \"Webhook\"");
            findings.add(What::Enum, path.key("strategy"), message);
        }
    }
}

/// Source: `pkg/apihelpers/helpers.go`, `IsProtectedCommunityGroup` and `GetAPIApprovalState`.
fn approval(crd: &Value, findings: &mut Findings) {
    let group = text(&crd["spec"], "group");
    let is_protected = ["k8s.io", "kubernetes.io"]
        .iter()
        .any(|of| group.strip_suffix(of).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')));
    let path = Path::ROOT.key("metadata").key("annotations");
    match crd["metadata"]["annotations"][APPROVED].as_str() {
        _ if !is_protected => {}
        None | Some("") => {
            let message = format!("Required value: groups of Kubernetes need the annotation {APPROVED}");
            findings.add(What::Required, path, message);
        }
        Some(found) if found.starts_with("unapproved") || found.contains("://") => {}
        Some(found) => invalid(path.key(APPROVED), found, "it is no URL", findings),
    }
}

fn required(path: Path, findings: &mut Findings) {
    findings.add(What::Required, path, "Required value");
}

fn invalid(path: Path, found: impl Into<Value>, why: &str, findings: &mut Findings) {
    findings.add(What::Malformed, path, format!("Invalid value: {}: {why}", shown(&found.into())));
}

/// A label as DNS has had it since RFC 1035: it starts with a letter.
fn is_label(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase()) && is_part(text) && text.len() <= LABEL_MAX
}

/// A name with dots (RFC 1123).
fn is_name(text: &str) -> bool {
    text.len() <= NAME_MAX && text.split('.').all(is_part)
}

fn is_part(text: &str) -> bool {
    let of_word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = text.as_bytes();
    bytes.first().is_some_and(|byte| of_word(*byte))
        && bytes.last().is_some_and(|byte| of_word(*byte))
        && bytes.iter().all(|byte| of_word(*byte) || *byte == b'-')
}
