//! What every Kubernetes object starts with, and the writing of one.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Format, Manifest, Manifests};
use crate::Scope;
use crate::path::Path;
use crate::release::{Kind, Target};
use crate::tree::yaml;
use crate::values::{Metadata as Given, Values};

/// Annotation by which Helm 4 tells which file a document came from.
///
/// Source: Helm v4.2.4, `pkg/action/action.go`.
pub(crate) const HELM_4_FILENAME: &str = "postrenderer.helm.sh/postrender-filename";

/// The annotation that a `description` becomes, as in the External Gateway Load Balancer chart.
const DESCRIPTION: &str = "description";

/// `metadata` of an object.
#[derive(Debug, Serialize)]
struct Metadata<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    namespace: &'a str,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    labels: BTreeMap<&'a str, &'a str>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    annotations: BTreeMap<&'a str, &'a str>,
}

/// An object with a `spec`, which most kinds are.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Object<'a, S> {
    api_version: &'a str,
    kind: &'a str,
    metadata: Metadata<'a>,
    spec: S,
}

/// An object without a `spec`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Bare<'a, B> {
    api_version: &'a str,
    kind: &'a str,
    metadata: Metadata<'a>,
    #[serde(flatten)]
    body: B,
}

/// Name, origin and everything else that tells one object from another.
pub(super) struct Head<'a> {
    pub(super) kind: Kind,
    pub(super) name: &'a str,
    pub(super) namespace: &'a str,
    /// Value of the label `app.kubernetes.io/component`.
    pub(super) component: &'a str,
    /// Labels, annotations and description of the entry.
    pub(super) given: Given<'a>,
    /// Labels that the kind itself needs; nothing wins over them.
    pub(super) labels: &'a [(&'a str, &'a str)],
    pub(super) origin: &'a Path,
}

/// Writes objects into one buffer.
pub(super) struct Writer<'a> {
    pub(super) target: Target,
    format: Format,
    /// Labels and annotations of every object.
    common: Given<'a>,
    /// Value of the label `app.kubernetes.io/name`.
    app: &'a str,
    scope: &'a Scope,
    pub(super) manifests: Manifests,
}

impl<'a> Writer<'a> {
    pub(super) fn new(values: &'a Values<'a>, scope: &'a Scope, format: Format) -> Self {
        let chart = if scope.chart.is_empty() { "gatewright" } else { &scope.chart };
        Self {
            target: values.target,
            format,
            common: values.metadata,
            app: values.name_override.unwrap_or(chart),
            scope,
            manifests: Manifests::default(),
        }
    }

    /// Writes an object of a kind that has a `spec`.
    pub(super) fn object<S: Serialize>(&mut self, head: &Head<'_>, spec: S) {
        let metadata = self.metadata(head);
        let Some(served) = head.kind.served(self.target) else { return };
        let object = Object { api_version: served.api_version, kind: served.kind, metadata, spec };
        write(self.format, &mut self.manifests, head, served, &object);
    }

    /// Writes an object of a kind that has other parts than a `spec`: `body` stands beside `metadata`.
    pub(super) fn bare<B: Serialize>(&mut self, head: &Head<'_>, body: B) {
        let metadata = self.metadata(head);
        let Some(served) = head.kind.served(self.target) else { return };
        let object = Bare { api_version: served.api_version, kind: served.kind, metadata, body };
        write(self.format, &mut self.manifests, head, served, &object);
    }

    /// Labels that select the pods of a component, and nothing that changes with a release.
    pub(super) fn selector(&self, component: &'a str) -> BTreeMap<&'a str, &'a str> {
        let mut labels = BTreeMap::from([
            ("app.kubernetes.io/name", self.app),
            ("app.kubernetes.io/component", component),
        ]);
        if !self.scope.release.is_empty() {
            labels.insert("app.kubernetes.io/instance", &self.scope.release);
        }
        labels
    }

    /// Common ones first, then the entry's own, then the kind's: later ones win.
    fn metadata<'h>(&self, head: &Head<'h>) -> Metadata<'h>
    where
        'a: 'h,
    {
        let mut labels: BTreeMap<&'h str, &'h str> = BTreeMap::new();
        labels.insert("app.kubernetes.io/component", head.component);
        labels.insert("app.kubernetes.io/name", self.app);
        if !self.scope.release.is_empty() {
            labels.insert("app.kubernetes.io/instance", &self.scope.release);
        }
        let mut annotations: BTreeMap<&'h str, &'h str> = BTreeMap::new();
        for given in [&self.common, &head.given] {
            extend(&mut labels, given.labels);
            extend(&mut annotations, given.annotations);
            if let Some(description) = given.description {
                annotations.insert(DESCRIPTION, description);
            }
        }
        labels.extend(head.labels.iter().copied());
        if !self.scope.post_render_filename.is_empty() {
            annotations.insert(HELM_4_FILENAME, &self.scope.post_render_filename);
        }
        Metadata { name: head.name, namespace: head.namespace, labels, annotations }
    }
}

fn extend<'h>(map: &mut BTreeMap<&'h str, &'h str>, given: Option<&'h crate::tree::Map<'h>>) {
    let entries = given.into_iter().flatten();
    map.extend(entries.filter_map(|entry| Some((entry.key.as_ref(), entry.value.as_text()?))));
}

fn write<T: Serialize>(
    format: Format,
    manifests: &mut Manifests,
    head: &Head<'_>,
    served: crate::release::Served,
    object: &T,
) {
    let start = manifests.text.len();
    match format {
        Format::Yaml => yaml::write(object, &mut manifests.text),
        Format::Json => {
            if let Ok(text) = serde_json::to_string_pretty(object) {
                manifests.text.push_str(&text);
            }
            manifests.text.push('\n');
        }
    }
    manifests.list.push(Manifest {
        api_version: served.api_version,
        kind: served.kind,
        namespace: head.namespace.into(),
        name: head.name.into(),
        origin: head.origin.clone(),
        range: start..manifests.text.len(),
    });
}
