//! What every Kubernetes object starts with, and the writing of one.

use std::collections::BTreeMap;
use std::io;

use serde::{Serialize, Serializer};

use super::judge::{Judge, judge};
use super::{Format, Manifest, Manifests};
use crate::Scope;
use crate::diagnostic::{Code, Diagnostic, Level};
use crate::limits::OBJECT_BYTES_MAX;
use crate::path::Path;
use crate::plan::Gateway;
use crate::release::{Kind, Served, Target};
use crate::tree::yaml;
use crate::values::{Metadata as Given, Values};

/// Annotation by which Helm 4 tells which file a document came from.
///
/// Source: Helm v4.2.4, `pkg/action/action.go`.
pub(crate) const HELM_4_FILENAME: &str = "postrenderer.helm.sh/postrender-filename";

/// The annotation that a `description` becomes, as in the External Gateway Load Balancer chart.
const DESCRIPTION: &str = "description";

/// An object that the API server cannot store.
const OBJECT_TOO_LARGE: Code = Code("object-too-large");

/// Bytes of a usual object.
const USUAL_BYTES: usize = 512;

/// `metadata` of an object.
#[derive(Debug, Serialize)]
struct Metadata<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    namespace: &'a str,
    #[serde(skip_serializing_if = "Pairs::is_empty")]
    labels: Pairs<'a>,
    #[serde(skip_serializing_if = "Pairs::is_empty")]
    annotations: Pairs<'a>,
}

/// A map of a few texts: one allocation and a short sort, where every object has one.
#[derive(Debug)]
struct Pairs<'a>(Vec<(&'a str, &'a str)>);

impl<'a> Pairs<'a> {
    /// Sorts by key; of equal keys the last one wins.
    fn new(mut list: Vec<(&'a str, &'a str)>) -> Self {
        list.sort_by_key(|(key, _)| *key);
        list.dedup_by(|later, kept| {
            let same = later.0 == kept.0;
            if same {
                *kept = *later;
            }
            same
        });
        Self(list)
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Serialize for Pairs<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().copied())
    }
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
    judge: Judge,
    format: Format,
    /// Labels and annotations of every object.
    common: Given<'a>,
    /// Value of the label `app.kubernetes.io/name`.
    app: &'a str,
    scope: &'a Scope,
    pub(super) manifests: Manifests,
    /// What an API server and the controller would hold against the objects.
    pub(super) faults: Vec<Diagnostic>,
    /// An object was too large to be stored, and ended the writing.
    ended: bool,
}

impl<'a> Writer<'a> {
    /// For the Gateways of a plan.
    pub(super) fn new(
        gateways: &[Gateway<'_>],
        values: &'a Values<'a>,
        scope: &'a Scope,
        format: Format,
    ) -> Self {
        Self {
            target: values.target,
            judge: Judge::new(values.target, gateways, values.profile),
            format,
            common: values.metadata,
            app: values.app_name(scope),
            scope,
            manifests: Manifests::default(),
            faults: Vec::new(),
            ended: false,
        }
    }

    /// Makes room for objects: a buffer that grows by the megabyte is copied each time, and the
    /// system clears memory for every copy.
    pub(super) fn expect(&mut self, objects: usize) {
        self.manifests.list.reserve(objects);
        self.manifests.text.reserve(objects * USUAL_BYTES);
    }

    /// Writes an object of a kind that has a `spec`.
    ///
    /// # Panics
    /// If the target does not serve the kind.
    pub(super) fn object<S: Serialize>(&mut self, head: &Head<'_>, spec: S) {
        if self.ended {
            return;
        }
        let metadata = self.metadata(head);
        let served = self.served(head.kind);
        let object = Object { api_version: served.api_version, kind: served.kind, metadata, spec };
        self.write(head, served, &object);
    }

    /// Writes an object of a kind that has other parts than a `spec`: `body` stands beside `metadata`.
    ///
    /// # Panics
    /// If the target does not serve the kind.
    pub(super) fn bare<B: Serialize>(&mut self, head: &Head<'_>, body: B) {
        if self.ended {
            return;
        }
        let metadata = self.metadata(head);
        let served = self.served(head.kind);
        let object = Bare { api_version: served.api_version, kind: served.kind, metadata, body };
        self.write(head, served, &object);
    }

    fn write<T: Serialize>(&mut self, head: &Head<'_>, served: Served, object: &T) {
        let Manifests { text, list } = &mut self.manifests;
        let start = text.len();
        match self.format {
            Format::Yaml => yaml::write(object, text),
            Format::Json => {
                text.push_str(&serde_json::to_string_pretty(object).expect("objects have text keys alone"));
                text.push('\n');
            }
        }
        let manifest = Manifest {
            api_version: served.api_version,
            kind: served.kind,
            namespace: head.namespace.into(),
            name: head.name.into(),
            origin: head.origin.clone(),
            range: start..text.len(),
        };
        judge(&manifest, object, &self.judge, &mut self.faults);
        // What is small with its blanks is small without them, and most objects are.
        if manifest.range.len() > OBJECT_BYTES_MAX {
            let bytes = json_bytes(object);
            if bytes > OBJECT_BYTES_MAX {
                self.faults.push(too_large(&manifest, bytes));
                self.ended = true;
            }
        }
        list.push(manifest);
    }

    fn served(&self, kind: Kind) -> Served {
        kind.served(self.target).expect("routes and XBackends that the target lacks are errors of the plan")
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
        let mut labels: Vec<(&'h str, &'h str)> = Vec::with_capacity(8);
        labels.push(("app.kubernetes.io/component", head.component));
        labels.push(("app.kubernetes.io/name", self.app));
        if !self.scope.release.is_empty() {
            labels.push(("app.kubernetes.io/instance", &self.scope.release));
        }
        let mut annotations: Vec<(&'h str, &'h str)> = Vec::new();
        for given in [&self.common, &head.given] {
            labels.extend(texts(given.labels));
            annotations.extend(texts(given.annotations));
            annotations.extend(given.description.map(|description| (DESCRIPTION, description)));
        }
        labels.extend_from_slice(head.labels);
        if !self.scope.post_render_filename.is_empty() {
            annotations.push((HELM_4_FILENAME, &self.scope.post_render_filename));
        }
        Metadata {
            name: head.name,
            namespace: head.namespace,
            labels: Pairs::new(labels),
            annotations: Pairs::new(annotations),
        }
    }
}

fn texts<'h>(given: Option<&'h crate::tree::Map<'h>>) -> impl Iterator<Item = (&'h str, &'h str)> {
    given.into_iter().flatten().filter_map(|entry| Some((entry.key.as_ref(), entry.value.as_text()?)))
}

/// How many bytes an object takes as JSON without blanks.
fn json_bytes<T: Serialize>(object: &T) -> usize {
    struct Counter(usize);
    impl io::Write for Counter {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 += bytes.len();
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut counter = Counter(0);
    serde_json::to_writer(&mut counter, object).expect("objects have text keys alone");
    counter.0
}

fn too_large(Manifest { kind, name, origin, .. }: &Manifest, bytes: usize) -> Diagnostic {
    let message = format!(
        "{kind} `{name}` takes {bytes} bytes, but the API server stores objects of {OBJECT_BYTES_MAX}"
    );
    Diagnostic::error(OBJECT_TOO_LARGE, origin.clone(), message)
        .level(Level::Api)
        .source("etcd v3.6, --max-request-bytes")
        .hint("shorten the entry; `labels` and `annotations` at the top stand in every object")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::has_errors;
    use crate::tree::json;
    use crate::{Rendered, render};

    /// Two services under so many top-level labels of 70 bytes.
    fn rendered(labels: usize, format: Format) -> Rendered {
        let labels: Vec<_> =
            (0..labels).map(|number| format!(r#""k{number:06}": "{}""#, "x".repeat(63))).collect();
        let service = |name: &str| format!(r#"{{"name": "{name}", "port": 80, "endpoints": ["192.0.2.1"]}}"#);
        let text = format!(
            r#"{{"labels": {{{}}}, "externalServices": [{}, {}]}}"#,
            labels.join(", "),
            service("a"),
            service("b")
        );
        let values = json::read(&text).expect("the test's own JSON");
        render(values, &Scope::default(), format)
    }

    #[test]
    fn what_cannot_be_stored_is_refused_at_once() {
        for format in [Format::Yaml, Format::Json] {
            let Rendered { manifests, diagnostics } = rendered(OBJECT_BYTES_MAX / 70, format);
            let errors = diagnostics.iter().filter(|found| found.code == OBJECT_TOO_LARGE);
            assert_eq!(errors.count(), 1, "of many objects, the first one is said");
            assert!(manifests.list.is_empty());
        }
    }

    #[test]
    fn blanks_do_not_count() {
        for format in [Format::Yaml, Format::Json] {
            let found = rendered(1000, format).diagnostics;
            assert!(!has_errors(&found), "{found:?}");
        }
        // `{"a":[0,0]}`
        assert_eq!(json_bytes(&std::collections::BTreeMap::from([("a", [0, 0])])), 11);
    }
}
