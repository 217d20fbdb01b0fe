//! Gatewright's pure core: values in, Gateway API manifests and diagnostics out.
//!
//! No I/O, clock, environment, randomness, threads, async or hash maps, and no panic: any input
//! gives an answer, equal input gives equal bytes. [`render`] is the whole way from values to
//! manifests, [`plan()`] says what those will be and why; [`post_render`] renders the stream that Helm
//! hands to a post-renderer.

pub mod admission;
pub mod api;
pub mod carrier;
pub mod check;
pub mod data_plane;
pub mod diagnostic;
pub mod emit;
pub mod hash;
pub mod hostname;
pub mod import;
pub mod limits;
pub mod manual;
pub mod ownership;
pub mod path;
pub mod picture;
pub mod placement;
pub mod plan;
pub mod profile;
mod public_suffix;
pub mod release;
pub mod report;
pub mod shorten;
pub mod stream;
pub mod summary;
pub mod tree;
pub mod values;

pub use carrier::{PostRender, PostRendered, post_render};
pub use emit::{DUPLICATE_OBJECT, Format, Manifest, Manifests};
pub use summary::Summary;

use data_plane::DataPlane;
use diagnostic::Diagnostic;
use ownership::Existing;
use plan::BatchContext;
use tree::Node;
use values::Values;

/// What is known about the release beside its values. Empty text stands for unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// Name of the Helm release, or `--name`.
    pub release: String,
    /// Namespace of the release, or `-n`. Known, it is written into every object; unknown, objects
    /// without a namespace of their own carry none and land where they are applied.
    pub namespace: String,
    /// Name of the chart, for labels and derived names; `gatewright` where none is known.
    pub chart: String,
    /// Helm 4's name of the file that the carrier came from; written into every object as the
    /// annotation by which Helm 4 puts documents back into files.
    pub post_render_filename: String,
}

/// What [`render`] gives: manifests (none if a diagnostic is an error) and everything noticed.
#[derive(Clone, Debug, Default)]
pub struct Rendered {
    /// The objects, in Helm's install order.
    pub manifests: Manifests,
    /// Sorted by place in the input.
    pub diagnostics: Vec<Diagnostic>,
}

/// Renders values to manifests.
///
/// Stops at nothing: all faults of the values are reported in one run. With at least one error the
/// manifests are empty, so that nothing half-right is ever applied.
pub fn render(values: Node<'_>, scope: &Scope, format: Format) -> Rendered {
    let (manifests, diagnostics) = run(values, scope, format, None, |_, _, manifests| manifests);
    Rendered { manifests, diagnostics }
}

/// What a cluster has, where its grants and claims judge what is rendered for it.
#[derive(Clone, Copy, Debug)]
pub struct Cluster<'c> {
    /// Its objects as texts of YAML or JSON, each with its number.
    pub texts: &'c [(&'c str, u16)],
    /// How decisions are made there.
    pub owners: &'c ownership::Settings,
}

/// Renders values for a cluster: what its grants and claims deny is an error too, and there are no manifests.
pub fn render_for(values: Node<'_>, scope: &Scope, format: Format, cluster: &Cluster<'_>) -> Rendered {
    let mut root = values;
    let mut diagnostics = Vec::new();
    let (target, mut manifests) =
        manifests(&mut root, scope, format, None, &mut diagnostics, |_, values, manifests| {
            (values.target, manifests)
        });
    if !diagnostic::has_errors(&diagnostics) {
        let namespace = if scope.namespace.is_empty() { "default" } else { &scope.namespace };
        let existing = Existing { texts: cluster.texts, target, namespace, settings: cluster.owners };
        emit::hold_against(&existing, &manifests, &mut diagnostics);
        if diagnostic::has_errors(&diagnostics) {
            manifests = Manifests::default();
        }
    }
    diagnostic::locate(&mut diagnostics, &root);
    Rendered { manifests, diagnostics }
}

/// Says what [`render`] would make of values, and why.
///
/// With at least one error the summary has no objects, and lacks what could not be planned.
pub fn plan(values: Node<'_>, scope: &Scope) -> (Summary, Vec<Diagnostic>) {
    let written = serde_json::to_string(&values).unwrap_or_default();
    let (summary, mut diagnostics) = run(values, scope, Format::Yaml, None, |plan, values, manifests| {
        summary::summarize(plan, values, scope, &manifests, &written)
    });
    diagnostics.extend(summary.faults());
    (summary, diagnostics)
}

/// Writes what the installer of a data plane needs to run it on the network of nodes, as YAML with comments.
///
/// With at least one error the text is empty.
pub fn data_plane(values: Node<'_>, scope: &Scope, form: DataPlane) -> (String, Vec<Diagnostic>) {
    let write = |plan: &plan::Plan<'_>, values: &Values<'_>, _| data_plane::write(form, plan, values);
    let (written, mut diagnostics) = run(values, scope, Format::Yaml, None, write);
    match written {
        Ok(text) if !diagnostic::has_errors(&diagnostics) => (text, diagnostics),
        Ok(_) => (String::new(), diagnostics),
        Err(fault) => {
            diagnostics.push(fault);
            (String::new(), diagnostics)
        }
    }
}

/// The way from values to manifests, with a look at the whole of it at the end; `known` is of the release whose
/// organizations are not all in the values.
fn run<T>(
    values: Node<'_>,
    scope: &Scope,
    format: Format,
    batch: Option<&BatchContext<'_>>,
    finish: impl FnOnce(&plan::Plan<'_>, &Values<'_>, Manifests) -> T,
) -> (T, Vec<Diagnostic>) {
    let mut root = values;
    let mut diagnostics = Vec::new();
    let finished = manifests(&mut root, scope, format, batch, &mut diagnostics, finish);
    diagnostic::locate(&mut diagnostics, &root);
    (finished, diagnostics)
}

/// The same, where what is found has no position yet.
fn manifests<T>(
    root: &mut Node<'_>,
    scope: &Scope,
    format: Format,
    batch: Option<&BatchContext<'_>>,
    out: &mut Vec<Diagnostic>,
    finish: impl FnOnce(&plan::Plan<'_>, &Values<'_>, Manifests) -> T,
) -> T {
    let target = values::parse(root, out);
    let values = Values::read(root, target, &scope.namespace, out);
    let plan = plan::build_some(&values, scope, batch, out);
    let mut manifests = Manifests::default();
    if !diagnostic::has_errors(out) {
        manifests = emit::emit(&plan, &values, scope, format, out);
        emit::check_duplicates(&manifests, out);
        if diagnostic::has_errors(out) {
            manifests = Manifests::default();
        }
    }
    finish(&plan, &values, manifests)
}
