//! Organizations as a stream, one JSON object each: a million of them in bounded memory.
//!
//! All are looked at and placed together; of each only its size, its name and its host names are kept ([`survey`]). Then
//! they are read once more and rendered a batch at a time, those of one Gateway in one batch where the Gateway holds
//! their listeners ([`batches`]). What the values have beside them is planned with every batch and given once. The
//! objects are those that [`crate::render`] makes of the same organizations in a list; only their order differs.

mod batches;
mod conflicts;
mod objects;
mod survey;

use crate::diagnostic::{self, Diagnostic, has_errors};
use crate::path::{Path, Step};
use crate::plan::{self, BatchContext, Joining};
use crate::tree::yaml::{self, Chunk, Limits};
use crate::tree::{Node, Position, Value};
use crate::values::{self, NULL_ITEM, Values};
use crate::{Format, Manifests, Rendered, Scope};
use conflicts::Pairs;
use objects::Objects;
use survey::Survey;

/// The section that is streamed.
const SECTION: &str = "organizations";

/// Bytes of text of the organizations that are in memory as trees, plans and manifests at a time. Our own bound: what
/// these take is some hundred times as much, and is to fit the caches of a core.
const BATCH_BYTES: usize = 16 << 10;

/// A text of organizations.
#[derive(Clone, Copy, Debug)]
pub struct Stream<'t> {
    /// One JSON object each, mostly one a line.
    pub text: &'t str,
    /// By which positions name it.
    pub source: u16,
}

impl<'t> Stream<'t> {
    /// The organizations as a list, for whoever needs them all at once.
    pub fn list(self, out: &mut Vec<Diagnostic>) -> Node<'t> {
        let mut nodes = Vec::new();
        self.each(out, |node, _| nodes.push(node));
        Node::list(nodes)
    }

    /// Gives each organization with where it stands.
    fn each(self, out: &mut Vec<Diagnostic>, mut take: impl FnMut(Node<'t>, Chunk<'t>)) {
        let mut nulls = 0;
        let mut first = Position::UNKNOWN;
        yaml::each_line(self.text, self.source, &Limits::NATIVE, out, |node, chunk| {
            if !node.is_null() {
                return take(node, chunk);
            }
            if nulls == 0 {
                first = node.position;
            }
            nulls += 1;
        });
        if nulls > 0 {
            let message = format!("lines that are null, which are skipped: {nulls}");
            let mut found = Diagnostic::warning(NULL_ITEM, Path::ROOT.key(SECTION), message)
                .hint("see whether what wrote the stream lost organizations");
            found.position = first;
            out.push(found);
        }
    }
}

/// What became of a stream.
#[derive(Debug)]
pub struct Streamed {
    /// Sorted by place in the input.
    pub diagnostics: Vec<Diagnostic>,
    /// Whether every line could be parsed.
    pub is_parsed: bool,
}

/// Renders values whose organizations are a stream, and gives manifests to `take` as they are made.
///
/// An error may come after manifests: `take` keeps them until it is known that there is none.
pub fn render<'t>(
    values: Node<'t>,
    organizations: Stream<'t>,
    scope: &Scope,
    format: Format,
    take: impl FnMut(&Manifests),
) -> Streamed {
    render_in(BATCH_BYTES, values, organizations, scope, format, take)
}

fn render_in<'t>(
    batch_bytes: usize,
    values: Node<'t>,
    organizations: Stream<'t>,
    scope: &Scope,
    format: Format,
    mut take: impl FnMut(&Manifests),
) -> Streamed {
    let source = Source::new(values, organizations.source, scope, format, batch_bytes);
    let mut found = Vec::new();
    let mut read = Vec::new();
    // What watches a release names all of its Gateways and certificates, which no batch has.
    let is_in_batches = source.with_values(source.base.clone(), &mut Vec::new(), |values, _| {
        plan::is_placed_whole(values) && values.monitoring.is_none()
    });
    let survey =
        if is_in_batches { survey::survey(&source, organizations, &mut read, &mut found) } else { None };
    if let Some(mut survey) = survey.filter(|survey| !survey.units.is_empty()) {
        let conflicting = survey.conflicts();
        render_surveyed(&source, &survey, conflicting, &mut found, &mut take);
    } else if !has_errors(&read) && !has_errors(&found) {
        // What was said of the text comes again.
        read.clear();
        let list = organizations.list(&mut read);
        let Rendered { manifests, diagnostics } =
            crate::render(source.whole.clone().with(SECTION, list), scope, format);
        found.extend(diagnostics);
        take(&manifests);
    }
    let is_parsed = !has_errors(&read);
    found.append(&mut read);
    diagnostic::sort(&mut found);
    Streamed { diagnostics: found, is_parsed }
}

fn render_surveyed(
    source: &Source<'_, '_>,
    survey: &Survey<'_>,
    mut conflicting: Pairs,
    out: &mut Vec<Diagnostic>,
    take: &mut dyn FnMut(&Manifests),
) {
    let first = source.root(survey, &[0], &source.whole);
    let placed =
        source.with_values(first, out, |values, out| plan::place(values, source.scope, &survey.units, out));
    let Some(placed) = placed else { return };
    let joining = joining(survey, &placed);
    let mut objects = Objects::default();
    let mut issued = plan::Issued::default();
    // Gateways that nobody goes to are given with the first.
    let mut unused = batches::unused(&placed);
    for batch in batches::of(survey, &placed, source.batch_bytes) {
        let mut decided = batches::decided(&batch, &placed);
        decided.gateways.append(&mut unused);
        let context = BatchContext { decided, joining: &joining };
        let root = source.root(survey, &batch, &source.base);
        let (mut manifests, mut found) =
            crate::run(root, source.scope, source.format, Some(&context), |plan, _, manifests| {
                let of_organizations =
                    plan.certificates.iter().filter(|certificate| organization(&certificate.path).is_some());
                issued.add(of_organizations);
                manifests
            });
        objects.keep_new(&mut manifests, &batch);
        renumber(&mut found, &batch);
        out.extend(found);
        take(&manifests);
    }
    let first = source.root(survey, &[0], &source.base);
    source.with_values(first, out, |values, out| issued.check(values, out));
    conflicting.extend(objects.conflicts());
    out.extend(conflicts::explained(source, survey, &conflicting));
    // What is wrong with the values beside the organizations is found with every batch.
    diagnostic::sort(out);
}

/// Whose ListenerSets join which Gateway.
fn joining(survey: &Survey<'_>, placed: &plan::Placement) -> Joining {
    let mut joining = Joining::default();
    for (index, place) in placed.decided.places.iter().enumerate() {
        let has_listeners = survey.units.get(index).is_some_and(|unit| unit.load.listeners > 0);
        if let plan::Place::Shared(gateway, _) = place
            && placed.in_sets
            && has_listeners
            && let Some(name) = placed.decided.gateways.get(*gateway)
        {
            joining.add(name, survey.home(index));
        }
    }
    joining
}

/// The values without their organizations, and how they are rendered.
struct Source<'s, 't> {
    /// Everything else.
    whole: Node<'t>,
    /// The same without recorded placements, which name every organization.
    base: Node<'t>,
    source: u16,
    scope: &'s Scope,
    format: Format,
    /// Bytes of text of the organizations that are looked at or rendered together.
    batch_bytes: usize,
}

impl<'s, 't> Source<'s, 't> {
    fn new(values: Node<'t>, source: u16, scope: &'s Scope, format: Format, batch_bytes: usize) -> Self {
        let mut base = values.clone();
        if let Value::Map(map) = &mut base.value {
            map.remove("placements");
        }
        Self { whole: values, base, source, scope, format, batch_bytes }
    }

    /// Values with some of the organizations.
    fn root(&self, survey: &Survey<'t>, indexes: &[u32], beside: &Node<'t>) -> Node<'t> {
        let chunks = indexes.iter().filter_map(|index| survey.chunks.get(usize::try_from(*index).ok()?));
        let nodes = chunks.flat_map(|chunk: &Chunk<'t>| yaml::again(*chunk, self.source, &Limits::NATIVE));
        beside.clone().with(SECTION, Node::list(nodes))
    }

    /// Reads values and does something with them; what is found is placed in their texts.
    fn with_values<T>(
        &self,
        mut root: Node<'t>,
        out: &mut Vec<Diagnostic>,
        with: impl FnOnce(&Values<'_>, &mut Vec<Diagnostic>) -> T,
    ) -> T {
        let mut found = Vec::new();
        let target = values::parse(&mut root, &mut found);
        let values = Values::read(&root, target, &self.scope.namespace, &mut found);
        let made = with(&values, &mut found);
        diagnostic::locate(&mut found, &root);
        out.append(&mut found);
        made
    }
}

/// Gives organizations of a batch the indexes that they have in the stream.
fn renumber(found: &mut [Diagnostic], indexes: &[u32]) {
    for diagnostic in found {
        diagnostic.path = renumbered(&diagnostic.path, indexes);
        if diagnostic.message.contains(SECTION) {
            diagnostic.message = renumbered_text(&diagnostic.message, indexes);
        }
    }
}

fn renumbered(path: &Path, indexes: &[u32]) -> Path {
    let Some(index) = organization(path) else { return path.clone() };
    let renamed = Path::ROOT.key(SECTION).step(Step::Index(in_stream(index, indexes)));
    path.steps().into_iter().skip(2).fold(renamed, |path, step| path.step(step.clone()))
}

/// The index of the organization that a path leads into.
fn organization(path: &Path) -> Option<u32> {
    path.item_of(SECTION)
}

/// Paths in words. What stands between backticks is what somebody wrote, and no path.
fn renumbered_text(text: &str, indexes: &[u32]) -> String {
    let parts = text
        .split('`')
        .enumerate()
        .map(|(at, part)| if at % 2 == 0 { renumbered_part(part, indexes) } else { part.to_owned() });
    parts.collect::<Vec<_>>().join("`")
}

fn renumbered_part(text: &str, indexes: &[u32]) -> String {
    let mut parts = text.split("organizations[");
    let mut renamed = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (digits, rest) = part.split_once(']').unwrap_or((part, ""));
        renamed.push_str("organizations[");
        match digits.parse() {
            Ok(index) => {
                renamed.push_str(&in_stream(index, indexes).to_string());
                renamed.push(']');
                renamed.push_str(rest);
            }
            Err(_) => renamed.push_str(part),
        }
    }
    renamed
}

fn in_stream(index: u32, indexes: &[u32]) -> u32 {
    usize::try_from(index).ok().and_then(|index| indexes.get(index).copied()).unwrap_or(index)
}

#[cfg(test)]
mod tests;
