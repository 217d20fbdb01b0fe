//! One JSON message in, one JSON message out: what every module for WebAssembly is a skin of.
//!
//! A message is `{"op": …}` with what the operation takes; the answer is `{"ok": …}`, or `{"error": {"code", "message",
//! "hint"}}` where the message cannot be read. What is wrong with values or manifests is no error: it is among the
//! diagnostics of the answer. `wasm/browser/messages.d.ts` has every message and every answer.

mod check;
mod explain;
mod files;
mod render;
mod review;
mod trace;
mod version;

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::diagnostic::{Code, Diagnostic};
use crate::path::Path;
use crate::values::nearest;

/// Most bytes of a message; our own bound, well below what makes the memory of a module run out, which ends it.
const MESSAGE_MAX: usize = 64 << 20;

/// A message that is no JSON, or has not what its operation takes.
const MESSAGE: Code = Code("message-malformed");
/// An operation that there is not.
const OPERATION: Code = Code("unknown-operation");

/// Gives the answer to a message; what cannot be answered is a diagnostic.
type Answer = fn(&str) -> Result<String, Diagnostic>;

/// Every operation.
fn operation(name: &str) -> Option<Answer> {
    let answer: Answer = match name {
        "render" => render::render,
        "plan" => render::plan,
        "check" => check::check,
        "review" => review::review,
        "trace" => trace::trace,
        "explain" => explain::explain,
        "version" => version::version,
        _ => return None,
    };
    Some(answer)
}

/// Their names.
const OPERATIONS: [&str; 7] = ["render", "plan", "check", "review", "trace", "explain", "version"];

/// What every message has.
#[derive(Deserialize)]
struct Head<'m> {
    #[serde(borrow)]
    op: Cow<'m, str>,
}

#[derive(Serialize)]
struct Done<T> {
    ok: T,
}

#[derive(Serialize)]
struct Failed<'d> {
    error: Fault<'d>,
}

#[derive(Serialize)]
struct Fault<'d> {
    code: &'static str,
    message: &'d str,
    hint: &'d str,
}

/// Answers a message.
pub fn call(message: &str) -> String {
    match answer(message) {
        Ok(answer) => answer,
        Err(Diagnostic { code, message, hint, .. }) => {
            let fault = Fault { code: code.0, message: &message, hint: &hint };
            serde_json::to_string(&Failed { error: fault }).unwrap_or_default()
        }
    }
}

fn answer(message: &str) -> Result<String, Diagnostic> {
    if message.len() > MESSAGE_MAX {
        return Err(malformed(format!("{} bytes, but a message has {MESSAGE_MAX} at most", message.len())));
    }
    // serde would take a list of the fields, too.
    if !is_object(message) {
        return Err(malformed("a message is an object as JSON, `{\"op\": …}`, and this is none".to_owned()));
    }
    let Head { op } = read(message)?;
    let answer = operation(&op).ok_or_else(|| {
        let hint = nearest(&op, OPERATIONS.into_iter()).map_or_else(
            || format!("there are {}", OPERATIONS.join(", ")),
            |near| format!("did you mean `{near}`?"),
        );
        fault(OPERATION, format!("there is no operation `{op}`")).hint(hint)
    })?;
    answer(message)
}

/// Whether a text can be no other JSON than an object.
fn is_object(json: &str) -> bool {
    json.trim_ascii_start().starts_with('{')
}

/// Reads what an operation takes.
fn read<'m, T: Deserialize<'m>>(message: &'m str) -> Result<T, Diagnostic> {
    serde_json::from_str(message).map_err(|error| match excerpt(message, error.line(), error.column()) {
        Some(before) => malformed(format!("{error}, after `{before}`")),
        None => malformed(error.to_string()),
    })
}

/// Most characters of a message that an error shows: enough for a key and its value.
const EXCERPT_MAX: usize = 60;

/// What stands before a fault: messages are one line that nobody sees.
fn excerpt(message: &str, line: usize, column: usize) -> Option<&str> {
    let before = message.split('\n').nth(line.checked_sub(1)?)?;
    // Columns are counted in bytes.
    let before = before.get(..before.floor_char_boundary(column))?;
    let start = before.char_indices().rev().take(EXCERPT_MAX).last().map_or(0, |(start, _)| start);
    before.get(start..).filter(|before| !before.is_empty())
}

/// Says what is wrong with a message.
fn malformed(message: String) -> Diagnostic {
    fault(MESSAGE, message)
}

fn fault(code: Code, message: String) -> Diagnostic {
    Diagnostic::error(code, Path::ROOT, message)
}

/// Writes an answer.
fn done<T: Serialize>(ok: T) -> Result<String, Diagnostic> {
    serde_json::to_string(&Done { ok }).map_err(|error| malformed(error.to_string()))
}
