//! One carrier: whether a document is one, and what it brings.

use super::stream;
use super::{CARRIER_PAYLOAD, CARRIER_SCHEMA_VERSION};
use crate::Scope;
use crate::diagnostic::{Diagnostic, Severity};
use crate::path::Path;
use crate::tree::json;
use crate::tree::yaml::{self, Limits};
use crate::tree::{Map, Node, Value};

/// The API group of carriers. Nobody serves it, so that without a post-renderer an install stops.
const GROUP: &str = "render.gatewright.dev";

/// The version of [`GROUP`] that is read here.
const VERSION: &str = "v1alpha1";

/// The kind of carriers.
pub(super) const KIND: &str = "GatewayValues";

/// The form of the payload that is read here. A chart that needs another form counts up.
const SCHEMA_VERSION: i64 = 1;

/// What a carrier brings.
#[derive(Debug)]
pub(super) struct Payload<'a> {
    /// The values, always a map.
    pub(super) values: Node<'a>,
    /// Release and chart, as far as the payload tells.
    pub(super) scope: Scope,
}

/// Why a carrier cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// It is not what the chart writes; a clause, whose subject is the carrier, says why.
    Malformed(String),
    /// It is for another gatewright.
    OtherVersion {
        /// The version it has; a clause, whose subject is the carrier.
        found: String,
        /// The version that is read here, in words.
        wanted: String,
        /// The gatewright that the chart was made for; empty where it does not say.
        made_for: String,
    },
}

impl Fault {
    /// The finding.
    pub(super) fn diagnostic(self) -> Diagnostic {
        match self {
            Self::Malformed(clause) => Diagnostic::error(
                CARRIER_PAYLOAD,
                Path::ROOT.key("payload"),
                format!("the carrier {clause}"),
            )
            .hint(
                "look at it with `helm template` without `--post-renderer`; the gatewright chart writes the \
                         payload as one JSON string, by `mustToJson | quote`",
            ),
            Self::OtherVersion { found, wanted, made_for } => Diagnostic::error(
                CARRIER_SCHEMA_VERSION,
                Path::ROOT.key("payload").key("schemaVersion"),
                format!("the carrier {found}, but gatewright {} reads {wanted}", env!("CARGO_PKG_VERSION")),
            )
            .hint(if made_for.is_empty() {
                "use the gatewright that the chart was made for".to_owned()
            } else {
                format!("use gatewright {made_for}, which the chart was made for")
            }),
        }
    }
}

/// The parsed form of a document that is a carrier, or why it cannot be read although it must be one.
///
/// A document that is no YAML, and says in a plain line that it is of another kind, is not ours to judge.
pub(super) fn carrier(text: &str) -> Option<Result<Node<'_>, Fault>> {
    if !text.contains(KIND) || !text.contains(GROUP) {
        return None;
    }
    let mut diagnostics = Vec::new();
    let mut roots = yaml::read(text, 0, &Limits::NATIVE, &mut diagnostics);
    if let Some(fault) = diagnostics.into_iter().find(|found| found.severity == Severity::Error) {
        let is_ours = stream::written_kind(text).is_none_or(|kind| kind == KIND);
        return is_ours.then(|| Err(Fault::Malformed(format!("is no YAML: {}", fault.message))));
    }
    if !roots.iter().any(is_carrier) {
        return None;
    }
    roots.retain(|root| !root.is_null());
    match roots.pop() {
        Some(root) if roots.is_empty() => Some(Ok(root)),
        _ => Some(Err(Fault::Malformed(
            "is followed by another document, but only `---` may separate them, not `...`".to_owned(),
        ))),
    }
}

/// Any version of our group counts: one that is not read here is an error, never another's document.
fn is_carrier(root: &Node<'_>) -> bool {
    text(root, "kind") == KIND && text(root, "apiVersion").split('/').next() == Some(GROUP)
}

/// Reads what a carrier brings.
///
/// Other keys than those are passed over: a chart may tell more without a new schema version.
pub(super) fn parse<'a>(root: &'a Node<'_>) -> Result<Payload<'a>, Fault> {
    let api_version = text(root, "apiVersion");
    if api_version.split_once('/') != Some((GROUP, VERSION)) {
        return Err(Fault::OtherVersion {
            found: format!("is of `{api_version}`"),
            wanted: format!("`{GROUP}/{VERSION}`"),
            made_for: String::new(),
        });
    }
    let json = match root.get("payload").map(|payload| (&payload.value, payload.type_word())) {
        Some((Value::Text(json), _)) => json,
        Some((_, found)) => {
            return malformed(format!("has {found} for a payload, but needs one JSON string"));
        }
        None => return malformed("has a payload that is null or missing, but needs one JSON string"),
    };
    let payload = match json::read(json) {
        Ok(payload) => payload,
        Err(fault) => return malformed(format!("has a payload that is not JSON: {fault}")),
    };
    let found = payload.type_word();
    let Value::Map(mut payload) = payload.value else {
        return malformed(format!("has a payload that holds {found}, but needs a map"));
    };
    check_schema_version(&payload)?;
    let scope = Scope {
        release: fact(&payload, "release", "name")?,
        namespace: fact(&payload, "release", "namespace")?,
        chart: fact(&payload, "chart", "name")?,
        ..Scope::default()
    };
    let values = payload.remove("values").unwrap_or(Node::NULL);
    match values.value {
        Value::Map(_) => Ok(Payload { values, scope }),
        Value::Null => malformed("brings `values` that are null or missing, but needs a map"),
        _ => malformed(format!("brings {} for `values`, but needs a map", values.type_word())),
    }
}

fn check_schema_version(payload: &Map<'_>) -> Result<(), Fault> {
    let version = payload.get("schemaVersion").filter(|version| !version.is_null());
    let found = match version.map(|version| (&version.value, version.type_word())) {
        Some((Value::Integer(SCHEMA_VERSION), _)) => return Ok(()),
        Some((Value::Integer(found), _)) => format!("has schema version {found}"),
        Some((_, found)) => format!("has {found} for `schemaVersion`"),
        None => "has no `schemaVersion`".to_owned(),
    };
    let made_for = fact(payload, "chart", "appVersion").unwrap_or_default();
    Err(Fault::OtherVersion { found, wanted: format!("schema version {SCHEMA_VERSION}"), made_for })
}

/// Something the payload tells about release or chart; empty where it does not.
fn fact(payload: &Map<'_>, section: &str, key: &str) -> Result<String, Fault> {
    let Some(node) = payload.get(section).and_then(|section| section.get(key)) else {
        return Ok(String::new());
    };
    match node.as_text() {
        Some(text) => Ok(text.to_owned()),
        None => malformed(format!("brings {} for `{section}.{key}`, but needs a string", node.type_word())),
    }
}

fn malformed<T>(clause: impl Into<String>) -> Result<T, Fault> {
    Err(Fault::Malformed(clause.into()))
}

/// The text under a key; empty where there is none.
pub(super) fn text<'a>(root: &'a Node<'_>, key: &str) -> &'a str {
    root.get(key).and_then(Node::as_text).unwrap_or_default()
}
