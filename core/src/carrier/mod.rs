//! The stream Helm hands to a post-renderer.
//!
//! Helm shows a post-renderer manifests, never values. The gatewright chart therefore emits one document
//! of a kind nobody serves, the carrier, whose payload is the values as JSON. [`post_render`] puts the
//! manifests of those values in its place and leaves every other document as it is, byte for byte.
//! Subcharts under several aliases give several carriers, each with values of its own.

mod order;
mod output;
mod payload;
mod source;
mod stream;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crate::diagnostic::{self, Code, Diagnostic};
use crate::path::Path;
use crate::tree::Node;
use crate::{DUPLICATE_OBJECT, Format, Rendered, Scope};
use source::Source;
use stream::Document;

/// Nothing to read at all.
pub const STREAM_EMPTY: Code = Code("stream-empty");
/// Documents, but no carrier among them.
pub const CARRIER_MISSING: Code = Code("carrier-missing");
/// A carrier that does not bring values.
pub const CARRIER_PAYLOAD: Code = Code("carrier-payload");
/// A carrier for another version of gatewright.
pub const CARRIER_SCHEMA_VERSION: Code = Code("carrier-schema-version");

/// Settings of [`post_render`].
#[derive(Clone, Debug, Default)]
pub struct PostRender {
    /// A stream without carrier passes through instead of being an error.
    pub allow_missing_carrier: bool,
}

/// What [`post_render`] gives.
#[derive(Clone, Debug, Default)]
pub struct PostRendered {
    /// The stream for Helm to go on with; empty if a diagnostic is an error.
    pub output: String,
    /// How many objects were rendered from carriers.
    pub objects: usize,
    /// Everything noticed, carrier by carrier in the order of the stream.
    pub diagnostics: Vec<Diagnostic>,
}

/// Replaces every carrier in a stream by the manifests of its values.
///
/// The output is grouped by kind in Helm's install order, and otherwise in the order of the input. A
/// stream without carriers passes as it is if that is allowed, or if all of it are hooks: Helm 4's SDK
/// can render hooks apart. With at least one error there is no output, since Helm would delete whatever
/// is missing from it.
pub fn post_render(stream: &str, settings: &PostRender) -> PostRendered {
    render_with(stream, settings, crate::render)
}

/// What [`crate::render`] is; tests of the stream need no rules of Gateway API and bring their own.
type Render = fn(Node<'_>, &Scope, Format) -> Rendered;

fn render_with(stream: &str, settings: &PostRender, render: Render) -> PostRendered {
    let parts: Vec<Part<'_>> = stream::documents(stream)
        .into_iter()
        .enumerate()
        .map(|(index, document)| match payload::carrier(document.text) {
            None => Part::Foreign(document),
            Some(root) => Part::Carrier(Carrier::render(document, index + 1, &root, render)),
        })
        .collect();
    let carriers: Vec<&Carrier<'_>> = parts.iter().filter_map(Part::as_carrier).collect();
    if carriers.is_empty() {
        return without_carrier(stream, &parts, settings);
    }
    let diagnostics = diagnostics(&carriers);
    if diagnostic::has_errors(&diagnostics) {
        return PostRendered { output: String::new(), objects: 0, diagnostics };
    }
    let objects = carriers.iter().map(|carrier| carrier.rendered.manifests.list.len()).sum();
    PostRendered { output: output::write(&parts), objects, diagnostics }
}

/// What becomes of one document.
enum Part<'a> {
    /// It passes.
    Foreign(Document<'a>),
    /// Manifests take its place.
    Carrier(Carrier<'a>),
}

impl<'a> Part<'a> {
    fn as_carrier(&self) -> Option<&Carrier<'a>> {
        match self {
            Self::Carrier(carrier) => Some(carrier),
            Self::Foreign(_) => None,
        }
    }
}

/// A carrier with the manifests of its values.
struct Carrier<'a> {
    /// Comments above it, in documents of their own.
    lead: &'a str,
    source: Source<'a>,
    /// How messages tell it from other carriers: the path of its chart, else its name or number.
    label: String,
    /// No manifests and an error where it cannot be read.
    rendered: Rendered,
}

impl<'a> Carrier<'a> {
    fn render(
        document: Document<'a>,
        number: usize,
        root: &Result<Node<'_>, payload::Fault>,
        render: Render,
    ) -> Self {
        let unreadable = Node::NULL;
        let (root, payload) = match root {
            Ok(root) => (root, payload::parse(root)),
            Err(fault) => (&unreadable, Err(fault.clone())),
        };
        let source = Source::of(document, root);
        let name = root.get("metadata").map_or("", |metadata| payload::text(metadata, "name"));
        let label = match (source.chart(), name) {
            (Some(chart), _) => format!("`{chart}`"),
            (None, "") => format!("in document {number}"),
            (None, name) => format!("`{name}`"),
        };
        let rendered = match payload {
            Ok(payload) => {
                let scope = Scope { post_render_filename: source.annotation().to_owned(), ..payload.scope };
                render(payload.values, &scope, Format::Yaml)
            }
            Err(fault) => Rendered { diagnostics: vec![fault.diagnostic()], ..Rendered::default() },
        };
        Self { lead: document.lead, source, label, rendered }
    }
}

/// What was noticed in all carriers. With several, each message says in which: the same value path may
/// well exist in every one of them.
fn diagnostics(carriers: &[&Carrier<'_>]) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for carrier in carriers {
        for diagnostic in &carrier.rendered.diagnostics {
            let mut diagnostic = diagnostic.clone();
            if carriers.len() > 1 {
                diagnostic.message.extend([" (carrier ", &carrier.label, ")"]);
            }
            diagnostics.push(diagnostic);
        }
    }
    duplicates(carriers, &mut diagnostics);
    diagnostics
}

/// Objects that two carriers give: the second would overwrite the first. Twice in one carrier is for the
/// rules of its values to find.
fn duplicates(carriers: &[&Carrier<'_>], diagnostics: &mut Vec<Diagnostic>) {
    let mut owners = BTreeMap::new();
    for (number, carrier) in carriers.iter().enumerate() {
        for object in &carrier.rendered.manifests.list {
            let owner = *owners.entry(object.identity()).or_insert(number);
            if owner != number {
                let place = if object.namespace.is_empty() {
                    object.name.to_string()
                } else {
                    format!("{}/{}", object.namespace, object.name)
                };
                let message = format!(
                    "{} `{place}` comes from two carriers, {} and {}, but an object has one owner",
                    object.kind, carriers[owner].label, carrier.label
                );
                diagnostics.push(
                    Diagnostic::error(DUPLICATE_OBJECT, object.origin.clone(), message)
                        .hint("give one of them another name or namespace in its values"),
                );
            }
        }
    }
}

/// A stream that brings no values.
fn without_carrier(stream: &str, parts: &[Part<'_>], settings: &PostRender) -> PostRendered {
    let texts = || {
        parts.iter().filter_map(|part| match part {
            Part::Foreign(document) if !document.text.is_empty() => Some(document.text),
            _ => None,
        })
    };
    let count = texts().count();
    let fault = if parts.is_empty() {
        Diagnostic::error(STREAM_EMPTY, Path::ROOT, "the input is empty, but Helm hands over at least one document")
            .hint(
                "Helm 3 gives a post-renderer nothing to read with `--output-dir`: write `helm template … > FILE` \
                 instead. In a pipe, see whether the command before it failed",
            )
    } else if settings.allow_missing_carrier || (count > 0 && texts().all(stream::is_hook)) {
        return PostRendered { output: stream.to_owned(), ..PostRendered::default() };
    } else {
        let message = format!(
            "found {count} document{}, but none is the carrier of values, of kind `{}`, that gatewright renders",
            if count == 1 { "" } else { "s" },
            payload::KIND
        );
        Diagnostic::error(CARRIER_MISSING, Path::ROOT, message).hint(
            "see that the gatewright chart is what is installed, or a dependency that is enabled; to let such a stream \
             pass, add `--allow-missing-carrier`; values alone are rendered by `gatewright render -f -`",
        )
    };
    PostRendered { diagnostics: vec![fault], ..PostRendered::default() }
}
