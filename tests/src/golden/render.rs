//! Values to manifests, as `gatewright render -n edge --name demo` does it.

use std::fmt::Write as _;
use std::fs;

use gatewright_core::diagnostic::{Diagnostic, has_errors};
use gatewright_core::tree::set::{self, Mode};
use gatewright_core::tree::yaml::{self, Limits};
use gatewright_core::tree::{Map, Node, Position, Value, merge};
use gatewright_core::{Format, Scope, profile};

use super::root;

/// What differs from the values as written.
#[derive(Clone, Copy, Debug, Default)]
pub struct Settings<'s> {
    /// The controller; `auto` or empty: as written. The Gateway's class becomes the controller's.
    pub profile: &'s str,
    /// `gatewayAPI.version`; empty: as written.
    pub gateway_api: &'s str,
}

/// What came of a render.
#[derive(Clone, Debug)]
pub struct Rendering {
    /// Every object.
    pub objects: Vec<Object>,
    /// All documents, each after a `---`; empty after an error.
    pub manifests: String,
    /// Everything noticed, with positions.
    pub diagnostics: Vec<Diagnostic>,
    /// `gatewayAPI.version` and `gatewayAPI.channel`.
    pub gateway_api: (String, String),
}

/// One object.
#[derive(Clone, Debug)]
pub struct Object {
    /// For example `gateway.networking.k8s.io/v1`.
    pub api_version: String,
    /// For example `HTTPRoute`.
    pub kind: String,
    /// Its name, for messages.
    pub name: String,
    /// Its YAML document.
    pub text: String,
    /// The same as our own reader reads it.
    pub json: serde_json::Value,
}

impl Rendering {
    /// Each finding as `severity[code] path: message`, with its source and hint below.
    pub fn report(&self) -> String {
        let mut report = String::new();
        for found in &self.diagnostics {
            let _ = writeln!(report, "{found}");
            for (word, text) in [("source", &found.source), ("hint", &found.hint)] {
                if !text.is_empty() {
                    let _ = writeln!(report, "  {word}: {text}");
                }
            }
        }
        report
    }

    /// Whether at least one finding is an error.
    pub fn failed(&self) -> bool {
        has_errors(&self.diagnostics)
    }
}

/// Renders a text of values. `x-golden: {namespace: …, release: …}` in it takes the place of the
/// namespace `edge` and the release `demo`; empty text stands for unknown.
pub fn render(text: &str, settings: Settings<'_>) -> Rendering {
    let mut diagnostics = Vec::new();
    let mut documents = yaml::read(text, 0, &Limits::DEFAULT, &mut diagnostics);
    assert!(documents.len() < 2, "several documents are the command line's to refuse");
    let values = documents.pop().unwrap_or(Node::bare(Value::Map(Map::default())));
    let text_at = |node: Option<&Node<'_>>, key: &str, default: &str| {
        node.and_then(|node| node.get(key)).and_then(Node::as_text).unwrap_or(default).to_owned()
    };
    let golden = values.get("x-golden");
    let scope = Scope {
        release: text_at(golden, "release", "demo"),
        namespace: text_at(golden, "namespace", "edge"),
        chart: "gatewright".to_owned(),
        ..Scope::default()
    };
    let values = with(values.into_owned(), settings);
    let defaults = fs::read_to_string(root().join("chart/values.yaml")).expect("the chart has values");
    let defaults = yaml::read(&defaults, 1, &Limits::DEFAULT, &mut diagnostics).pop().expect("one document");
    let values = merge::coalesce(values, defaults);
    let section = values.get("gatewayAPI");
    let version = section.and_then(|section| section.get("version"));
    let version = match version.map(|version| &version.value) {
        Some(Value::Text(text)) => text.clone().into_owned(),
        Some(Value::Float(float)) => float.to_string(),
        _ => "1.6".to_owned(),
    };
    let gateway_api = (version, text_at(section, "channel", "standard"));
    if has_errors(&diagnostics) {
        return Rendering { objects: Vec::new(), manifests: String::new(), diagnostics, gateway_api };
    }
    let rendered = gatewright_core::render(values, &scope, Format::Yaml);
    diagnostics.extend(rendered.diagnostics);
    let mut manifests = String::new();
    let objects = rendered
        .manifests
        .iter()
        .map(|(manifest, text)| {
            manifests.push_str("---\n");
            manifests.push_str(text);
            Object {
                api_version: manifest.api_version.to_owned(),
                kind: manifest.kind.to_owned(),
                name: manifest.name.to_string(),
                text: text.to_owned(),
                json: read_back(text),
            }
        })
        .collect();
    Rendering { objects, manifests, diagnostics, gateway_api }
}

fn with(mut values: Node<'static>, settings: Settings<'_>) -> Node<'static> {
    let mut expressions = Vec::new();
    if !settings.gateway_api.is_empty() {
        expressions.push(format!("gatewayAPI.version={}", settings.gateway_api));
    }
    if let Some(profile) = profile::named(settings.profile) {
        expressions.push(format!("profile={}", profile.word));
        let keys = ["className", "gatewayClassName"];
        let gateway = values.get("gateway");
        let named = keys.into_iter().filter(|key| gateway.is_some_and(|gateway| gateway.get(key).is_some()));
        expressions.extend(named.map(|key| format!("gateway.{key}={}", profile.default_class)));
    }
    for expression in expressions {
        set::apply(&mut values, &expression, Mode::Literal, Position::UNKNOWN)
            .expect("a plain key can be set");
    }
    values
}

/// The values of a text, nothing added, whatever is wrong with it.
pub fn read_values(text: &str) -> Node<'static> {
    let documents = yaml::read(text, 0, &Limits::DEFAULT, &mut Vec::new());
    documents.into_iter().next_back().unwrap_or(Node::NULL).into_owned()
}

/// Reads one document of ours.
fn read_back(text: &str) -> serde_json::Value {
    let mut found = Vec::new();
    let documents = yaml::read(text, 0, &Limits::DEFAULT, &mut found);
    assert!(
        found.is_empty() && documents.len() == 1,
        "our own YAML reads without a finding: {found:?}\n{text}"
    );
    serde_json::to_value(&documents[0]).expect("a tree is always JSON")
}

/// The documents of a stream that Helm or we wrote, without their separators.
pub fn documents(text: &str) -> impl Iterator<Item = &str> {
    text.trim_start_matches("---\n")
        .split("\n---\n")
        .map(|document| document.trim_end_matches('\n'))
        .filter(|document| !document.is_empty())
}
