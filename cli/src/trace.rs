//! `gatewright trace`: who answers a request, and why not the others.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use gatewright_core::check::attach::attach;
use gatewright_core::check::trace::parse::{self, Authority};
use gatewright_core::check::trace::{
    BackendDoubt, ListenerDoubt, Loser, Outcome, Place, Request, Share, Trace, Upstream, ask,
};
use gatewright_core::check::{Run, or_unnamed};
use gatewright_core::diagnostic::has_errors;

use crate::check::{Cluster, files};
use crate::exit::Exit;
use crate::input::Input;
use crate::page::Page;
use crate::printable::printable;
use crate::report::{self, Report, pretty};

/// Say which listener, route, rule and backend answer a request, and why not the others
///
/// The answer is Gateway API's own: the controller need not run, and no request is sent.
#[derive(Args)]
#[group(skip)]
#[command(after_help = "\
Examples:
  gatewright trace --host shop.example.com --path /cart manifests/
  gatewright trace --host api.example.com --path /v2 --header x-version:2 --format json routes.yaml
  gatewright trace --sni db.example.com --port 5432 manifests/
  kubectl get gateway-api,services,namespaces -A -o json | gatewright trace --host shop.example.com -")]
pub(crate) struct Arguments {
    /// Manifests: files, folders, `-` for stdin
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The Host header, in any case; a port behind it is also `--port`, if that is not given
    #[arg(long, value_name = "HOST", value_parser = told(parse::host))]
    host: Option<Authority>,
    /// The path, with or without a query; `/pkg.Service/Method` for gRPC
    #[arg(long, value_name = "PATH", value_parser = told(parse::path))]
    path: Option<String>,
    /// The method; GET, or POST where it is gRPC
    #[arg(long, value_name = "METHOD", value_parser = told(parse::method))]
    method: Option<String>,
    /// A header; repeat it for more
    #[arg(long, value_name = "NAME:VALUE", value_parser = told(parse::header))]
    header: Vec<(String, String)>,
    /// A query parameter, behind those in the path; repeat it for more
    #[arg(long, value_name = "NAME=VALUE", value_parser = told(parse::parameter))]
    query: Vec<(String, String)>,
    /// The name in the TLS handshake, if it is another than the host
    #[arg(long, value_name = "NAME", value_parser = told(parse::sni))]
    sni: Option<String>,
    /// The port that the client connects to
    #[arg(long, value_name = "PORT", value_parser = clap::value_parser!(i64).range(1..=65535))]
    port: Option<i64>,
    /// The Gateway that it connects to
    #[arg(long, value_name = "NAMESPACE/NAME", value_parser = told(parse::gateway))]
    gateway: Option<(String, String)>,
    #[command(flatten)]
    cluster: Cluster,
    /// How the answer is written
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    #[default]
    Text,
    /// One JSON document
    Json,
}

/// Reads a part of the request. What is said of one that is refused repeats it, fit for a terminal.
fn told<T>(read: fn(&str) -> Result<T, String>) -> impl Fn(&str) -> Result<T, String> + Clone {
    move |text| read(text).map_err(|fault| printable(&fault).into_owned())
}

pub(crate) fn run(arguments: &Arguments) -> Exit {
    let settings = arguments.cluster.settings();
    let mut faults = Vec::new();
    let paths = files::all(&arguments.files, &mut faults);
    let inputs = files::read(&[&paths], &mut faults);
    let mut run = Run::new(&settings);
    for input in &inputs {
        faults.extend(run.read(&input.text, input.source));
    }
    let verdicts = run.finish();
    let attachments = attach(&verdicts.model, &settings);
    let of_host = arguments.host.as_ref().and_then(|authority| authority.port);
    let request = Request {
        host: arguments.host.as_ref().map(|authority| authority.host.clone()),
        path: arguments.path.clone(),
        method: arguments.method.clone(),
        headers: arguments.header.clone(),
        query: arguments.query.clone(),
        sni: arguments.sni.clone(),
        port: arguments.port,
        gateway: arguments.gateway.clone(),
    };
    let files: Vec<_> = inputs.iter().map(Input::name).collect();
    let trace = ask(&verdicts, &settings, &attachments, request, of_host, &files, &mut faults);
    let unusable = has_errors(&faults);
    let text = match arguments.format {
        Format::Text => words(&trace),
        Format::Json => pretty(&trace),
    };
    let objects = verdicts.objects();
    drop(verdicts);
    let report = Report { unusable, ..Report::of(inputs, faults, objects) };
    report::finish(report, &report::Arguments::default(), "the trace", |stdout| {
        stdout.write_all(text.as_bytes())
    })
}

/// The answer, then what it was chosen over.
fn words(trace: &Trace<'_>) -> String {
    let Trace { answer, losers, undecided, notes } = trace;
    let mut page = Page::whole();
    page.line(&headline(trace));
    if let Some(listener) = &answer.listener {
        let gateway = &listener.gateway;
        page.line(&format!(
            "  listener  {} of {} {}/{}",
            listener.name,
            gateway.kind,
            gateway.namespace,
            or_unnamed(gateway.name)
        ));
    }
    if let Some(route) = &answer.route {
        let rule = answer.rule.map(|rule| format!(", rule {rule}")).unwrap_or_default();
        let matched = answer.matched.map(|index| format!(", match {index}")).unwrap_or_default();
        page.line(&format!(
            "  route     {} {}/{}{rule}{matched}",
            route.kind,
            route.namespace,
            or_unnamed(route.name)
        ));
        if let Some(source) = &answer.source {
            page.line(&format!("            {}", place(source)));
        }
    }
    if let Some(redirect) = &answer.redirect {
        page.line(&format!("  redirect  {} {}", redirect.status_code, redirect.location));
    }
    for share in &answer.backends {
        page.line(&format!("  backend   {}", backend(share)));
    }
    if let Some(request) = &answer.request {
        let query = if request.query.is_empty() { String::new() } else { format!("?{}", request.query) };
        let host = if request.host.is_empty() { "(any)" } else { &request.host };
        page.line(&format!("  it gets   Host: {host}  {}{query}", request.path));
    }
    for (heading, list) in
        [("Why not the others", losers), ("Undecided, each of these may take it", undecided)]
    {
        if list.is_empty() {
            continue;
        }
        page.heading(heading);
        let rows: Vec<[String; 4]> = list.iter().map(row).collect();
        page.bare_table(2, &rows);
    }
    if !notes.is_empty() {
        page.heading("Notes");
        for note in notes {
            page.wrapped("  ", note);
        }
    }
    page.finish()
}

/// A backend: its share, its name, and what keeps it from getting requests.
fn backend(found: &Share<'_>) -> String {
    let Share { kind, namespace, name, port, share, status: _, reason, unused, doubt, tls, request: _ } =
        found;
    let (kind, percent) = (kind.unwrap_or("Service"), share * 100.0);
    let port = port.map(|port| format!(":{port}")).unwrap_or_default();
    let tls = tls.as_ref().map(|Upstream { policy, hostname }| {
        format!("  over TLS as `{hostname}`, by BackendTLSPolicy `{policy}`")
    });
    let reason = reason.map(|reason| format!("  {reason}: {unused}")).unwrap_or_default();
    let doubt = doubt.map(|doubt| format!("  {}", doubt.words())).unwrap_or_default();
    format!("{percent:.1} %  {kind} {namespace}/{name}{port}{}{reason}{doubt}", tls.unwrap_or_default())
}

/// A loser: which match or route, where it stands, at which step it lost, and why.
fn row(loser: &Loser<'_>) -> [String; 4] {
    let rule = loser.rule.map(|rule| format!(" rule {rule}")).unwrap_or_default();
    let matched = loser.matched.map(|index| format!(" match {index}")).unwrap_or_default();
    let route = &loser.route;
    let name = format!("{} {}/{}{rule}{matched}", route.kind, route.namespace, or_unnamed(route.name));
    [name, loser.source.as_ref().map(place).unwrap_or_default(), loser.lost.to_owned(), loser.why.clone()]
}

fn place(source: &Place) -> String {
    format!("{}:{}", source.file, source.line)
}

/// What the client sees, in a line.
fn headline(trace: &Trace<'_>) -> String {
    let answer = &trace.answer;
    let rejected = answer.rejected.map(|word| format!(" ({word})")).unwrap_or_default();
    let ends = match answer.decided() {
        Outcome::Http | Outcome::Undecided => {
            let failing: f64 = answer.backends.iter().filter(|share| share.status.is_some()).map(part).sum();
            let some = if answer.status == 200 && failing > 0.0 {
                format!(", 500 for {:.1} % of the requests", failing * 100.0)
            } else {
                String::new()
            };
            format!("{}{rejected}{some}", answer.status)
        }
        Outcome::HandedThrough => "connection handed through".to_owned(),
        Outcome::ConnectionRefused => "connection refused".to_owned(),
        Outcome::ConnectionClosed => "connection closed".to_owned(),
        Outcome::TlsRefused => format!("TLS handshake refused{rejected}, by an alert or a reset"),
        Outcome::NoCertificate => "no certificate: connection or TLS handshake refused".to_owned(),
        Outcome::Dropped => "no answer".to_owned(),
        Outcome::NoGateway => "no such Gateway".to_owned(),
    };
    if answer.outcome == Outcome::Undecided {
        let grant = |share: &Share<'_>| share.doubt == Some(BackendDoubt::NoGrantGiven);
        let unless = match answer.listener.as_ref().and_then(|listener| listener.doubt) {
            _ if !trace.undecided.is_empty() => "one of those below takes it",
            _ if answer.is_unread_redirect() => "the redirect names another status",
            Some(ListenerDoubt::NoGrantGiven) => "no ReferenceGrant permits the certificate",
            Some(ListenerDoubt::SomeCertificates) => "the listener is not programmed",
            None if answer.backends.iter().any(grant) => "no ReferenceGrant permits the backend",
            None => "one of those below takes it",
        };
        format!("undecided: {ends}, unless {unless}")
    } else {
        ends
    }
}

fn part(share: &Share<'_>) -> f64 {
    share.share
}
