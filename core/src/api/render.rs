//! `render` and `plan`: values in, manifests or what they will be out.

use std::borrow::Cow;

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

use super::files::{File, numbered};
use super::{done, malformed, read};
use crate::diagnostic::{Diagnostic, has_errors};
use crate::report::{Origin, Texts, of_texts};
use crate::tree::{Map, Node, Value};
use crate::values::layers;
use crate::{Format, Rendered, Scope, Summary, picture};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Message<'m> {
    #[serde(rename = "op")]
    _op: IgnoredAny,
    /// Values, each over those before it, and all over the chart's own.
    #[serde(borrow)]
    files: Vec<File<'m>>,
    #[serde(borrow, default)]
    release: Release<'m>,
    #[serde(default)]
    output: Option<Output>,
    #[serde(default)]
    picture: Option<Picture>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Release<'m> {
    #[serde(borrow, default)]
    name: Cow<'m, str>,
    #[serde(borrow, default)]
    namespace: Cow<'m, str>,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Output {
    #[default]
    Yaml,
    Json,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Picture {
    Dot,
    Mermaid,
    Svg,
}

#[derive(Serialize)]
struct Manifests<'r> {
    manifests: String,
    report: Texts<'r>,
}

#[derive(Serialize)]
struct Plan<'r> {
    /// Absent after an error.
    plan: Option<Summary>,
    picture: Option<String>,
    report: Texts<'r>,
}

pub(super) fn render(message: &str) -> Result<String, Diagnostic> {
    let message: Message<'_> = read(message)?;
    if message.picture.is_some() {
        return Err(malformed("`picture` is of the operation `plan`".to_owned()));
    }
    let mut out = Vec::new();
    let format = match message.output.unwrap_or_default() {
        Output::Yaml => Format::Yaml,
        Output::Json => Format::Json,
    };
    let mut text = String::new();
    let mut objects = 0;
    if let Some(values) = values(&message, &mut out)? {
        let Rendered { manifests, diagnostics } = crate::render(values, &scope(&message.release), format);
        out.extend(diagnostics);
        // Nothing half-right is ever given.
        if !has_errors(&out) {
            objects = manifests.list.len();
            text = format.whole(&manifests);
        }
    }
    let origins = origins(&message);
    done(Manifests { manifests: text, report: report(&origins, &mut out, objects) })
}

pub(super) fn plan(message: &str) -> Result<String, Diagnostic> {
    let message: Message<'_> = read(message)?;
    if message.output.is_some() {
        return Err(malformed("`output` is of the operation `render`".to_owned()));
    }
    let mut out = Vec::new();
    let planned = values(&message, &mut out)?.map(|values| {
        let (summary, diagnostics) = crate::plan(values, &scope(&message.release));
        out.extend(diagnostics);
        summary
    });
    let planned = planned.filter(|_| !has_errors(&out));
    let picture = planned.as_ref().zip(message.picture).map(|(summary, format)| {
        let drawn = picture::of(summary);
        match format {
            Picture::Dot => picture::dot(&drawn),
            Picture::Mermaid => picture::mermaid(&drawn),
            Picture::Svg => picture::svg(&drawn),
        }
    });
    let objects = planned.as_ref().map_or(0, |summary| summary.objects.len());
    let origins = origins(&message);
    done(Plan { picture, report: report(&origins, &mut out, objects), plan: planned })
}

/// The values; nothing where a text of them could not be parsed.
fn values<'m>(message: &'m Message<'_>, out: &mut Vec<Diagnostic>) -> Result<Option<Node<'m>>, Diagnostic> {
    let mut values = Node::bare(Value::Map(Map::default()));
    let mut is_sound = true;
    for (source, file) in numbered(&[&message.files])? {
        is_sound &= layers::over(&mut values, (&file.name(), &file.text), source, out);
    }
    Ok(is_sound.then(|| layers::over_defaults(values)))
}

fn scope(release: &Release<'_>) -> Scope {
    Scope {
        release: release.name.to_string(),
        namespace: release.namespace.to_string(),
        chart: layers::CHART.to_owned(),
        ..Scope::default()
    }
}

fn origins<'m>(message: &'m Message<'_>) -> Vec<Origin<'m>> {
    message.files.iter().map(|file| Origin::File(file.name())).collect()
}

/// What was found, by place.
fn report<'r>(origins: &'r [Origin<'r>], found: &'r mut [Diagnostic], objects: usize) -> Texts<'r> {
    found.sort_by_key(|found| found.position);
    of_texts(origins, found, objects)
}
