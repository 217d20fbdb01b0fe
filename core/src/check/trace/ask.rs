//! A trace as a user asks for it: with the port of the host, and with what keeps the answer from holding.

use std::borrow::Cow;

use super::{Outcome, Place, Request, Trace, trace};
use crate::check::attach::Attachments;
use crate::check::{Report, Settings};
use crate::diagnostic::{Code, Diagnostic, has_errors};
use crate::path::Path;

/// Objects of the input that no cluster can hold.
const REFUSED_OBJECTS: Code = Code("refused-objects");

/// A Gateway that no request can reach, for the input does not have it.
const NO_SUCH_GATEWAY: Code = Code("no-such-gateway");

/// Traces a request through what was judged, and says in `out`, where the faults of the texts are, what keeps the answer from holding. `port` is the one
/// behind the host, if there is one; `files` has the names of the texts.
pub fn ask<'c>(
    verdicts: &'c Report<'c>,
    settings: &Settings,
    attachments: &Attachments<'c>,
    request: Request,
    port: Option<i64>,
    files: &[Cow<'_, str>],
    out: &mut Vec<Diagnostic>,
) -> Trace<'c> {
    let of_host = port.filter(|_| request.port.is_none());
    let request = Request { port: request.port.or(of_host), ..request };
    let mut trace = trace(&verdicts.model, settings, attachments, &request);
    if let Some(port) = of_host {
        trace.notes.push(format!("port {port} is the one behind the host; `port` names another"));
    }
    // Of an input that could not be read nothing is known to be missing.
    if trace.answer.outcome == Outcome::NoGateway && !has_errors(out) {
        let message = trace.notes.first().cloned().unwrap_or_default();
        out.push(Diagnostic::error(NO_SUCH_GATEWAY, Path::ROOT, message));
    }
    trace.locate(|object| {
        let source = verdicts.results.get(object)?.source;
        let file = files.get(usize::from(source.text))?.clone().into_owned();
        Some(Place { file, document: source.document, line: source.line })
    });
    out.extend(not_as_applied(verdicts));
    trace
}

/// Says which objects an API server would refuse, for they are traced as they are.
fn not_as_applied(verdicts: &Report<'_>) -> Option<Diagnostic> {
    /// Most objects that are named; our own bound.
    const NAMED: usize = 3;
    let refused = || verdicts.results.iter().filter(|judged| judged.allowed == Some(false));
    let count = refused().count();
    let named = refused().filter_map(|judged| judged.object.as_ref()).take(NAMED);
    let named: Vec<_> = named.map(ToString::to_string).collect();
    let more = if count > named.len() { ", …" } else { "" };
    let message = format!(
        "an API server would refuse {count} of the objects, so no cluster can be like this: {}{more}",
        named.join(", ")
    );
    let warning = Diagnostic::warning(REFUSED_OBJECTS, Path::ROOT, message);
    (count > 0).then(|| warning.hint("`check` says why"))
}
