//! `trace`: manifests and a request in, who answers it out.

use std::borrow::Cow;

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

use super::check::Cluster;
use super::files::{File, numbered};
use super::{done, malformed, read};
use crate::check::Run;
use crate::check::attach::attach;
use crate::check::trace::{self, Request, ask, parse};
use crate::diagnostic::Diagnostic;
use crate::report::{Origin, Texts, of_texts};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Message<'m> {
    #[serde(rename = "op")]
    _op: IgnoredAny,
    #[serde(borrow)]
    files: Vec<File<'m>>,
    #[serde(borrow)]
    request: Asked<'m>,
    #[serde(borrow, default)]
    cluster: Cluster<'m>,
}

/// A request, in the words of the flags of `gatewright trace`.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked<'m> {
    #[serde(borrow)]
    host: Option<Cow<'m, str>>,
    #[serde(borrow)]
    path: Option<Cow<'m, str>>,
    #[serde(borrow)]
    method: Option<Cow<'m, str>>,
    #[serde(borrow, default)]
    headers: Vec<Cow<'m, str>>,
    #[serde(borrow, default)]
    query: Vec<Cow<'m, str>>,
    #[serde(borrow)]
    sni: Option<Cow<'m, str>>,
    port: Option<u16>,
    #[serde(borrow)]
    gateway: Option<Cow<'m, str>>,
}

#[derive(Serialize)]
struct Traced<'c, 'r> {
    trace: trace::Trace<'c>,
    report: Texts<'r>,
}

pub(super) fn trace(message: &str) -> Result<String, Diagnostic> {
    let message: Message<'_> = read(message)?;
    let settings = message.cluster.settings()?;
    let (request, port) = request(&message.request).map_err(malformed)?;
    let mut run = Run::new(&settings);
    let mut found = Vec::new();
    let mut names = Vec::new();
    for (source, file) in numbered(&[&message.files])? {
        found.extend(run.read(&file.text, source));
        names.push(file.name());
    }
    let verdicts = run.finish();
    let attachments = attach(&verdicts.model, &settings);
    let trace = ask(&verdicts, &settings, &attachments, request, port, &names, &mut found);
    let origins: Vec<Origin<'_>> = names.into_iter().map(Origin::File).collect();
    done(Traced { trace, report: of_texts(&origins, &found, verdicts.objects()) })
}

/// The request, and the port behind its host.
fn request(asked: &Asked<'_>) -> Result<(Request, Option<i64>), String> {
    let authority = one("host", asked.host.as_deref(), parse::host)?;
    let port = authority.as_ref().and_then(|authority| authority.port);
    let request = Request {
        host: authority.map(|authority| authority.host),
        path: one("path", asked.path.as_deref(), parse::path)?,
        method: one("method", asked.method.as_deref(), parse::method)?,
        headers: all("headers", &asked.headers, parse::header)?,
        query: all("query", &asked.query, parse::parameter)?,
        sni: one("sni", asked.sni.as_deref(), parse::sni)?,
        port: asked.port.map(i64::from),
        gateway: one("gateway", asked.gateway.as_deref(), parse::gateway)?,
    };
    Ok((request, port))
}

/// Reads a field; a fault names it.
fn one<T>(field: &str, text: Option<&str>, read: fn(&str) -> Result<T, String>) -> Result<Option<T>, String> {
    text.map(read).transpose().map_err(|fault| format!("request.{field}: {fault}"))
}

/// Reads each item of a field.
fn all<T>(field: &str, list: &[Cow<'_, str>], read: fn(&str) -> Result<T, String>) -> Result<Vec<T>, String> {
    let items = list.iter().enumerate();
    items
        .map(|(index, text)| read(text).map_err(|fault| format!("request.{field}[{index}]: {fault}")))
        .collect()
}
