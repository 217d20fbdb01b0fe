//! `gatewright can-i use HOST`: may this namespace use it, and why?

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args, Subcommand};
use gatewright_core::check::trace::parse;
use gatewright_core::ownership::{ASKABLE, Decision, Kind, Question, Settings, can_i, overlooked};

use super::context::{Given, unusable};
use super::settings::RequestFlags;
use crate::exit::Exit;
use crate::name;
use crate::printable::printable;
use crate::report::{self, Report};

/// Say whether a namespace may use a host name, and by which grant
#[derive(Args)]
#[group(skip)]
#[command(after_help = "\
Exit codes: 0 yes, 1 no, 2 it cannot be answered.

Examples:
  gatewright can-i use pay.shop.example.com -n shop --context cluster/
  gatewright can-i use pay.shop.example.com -n shop --gateway edge/public --context cluster/
  gatewright can-i use '*.shop.example.com' -n edge --kind Gateway --gateway edge/public --context cluster/")]
pub(crate) struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    Use(Box<Use>),
}

/// Whether a host name may be used
#[derive(Args)]
#[group(skip)]
struct Use {
    /// The host name, exact or wildcard; `*` for every host
    #[arg(value_name = "HOST")]
    host: String,
    /// The kind of the object that is to use it
    #[arg(long, value_name = "KIND", default_value = "HTTPRoute", value_parser = PossibleValuesParser::new(ASKABLE))]
    kind: String,
    /// The Gateway that it is to be served on, itself for a Gateway; without one grants for single Gateways do not count
    #[arg(long, value_name = "NAMESPACE/NAME", value_parser = parse::gateway)]
    gateway: Option<(String, String)>,
    /// The namespace of the object
    #[arg(short = 'n', long, value_name = "NAMESPACE", value_parser = name::known_namespace)]
    namespace: String,
    /// Objects that there are: files or folders
    #[arg(long, value_name = "DIR", required = true)]
    context: Vec<PathBuf>,
    #[command(flatten)]
    settings: RequestFlags,
}

pub(crate) fn run(arguments: &Arguments) -> Exit {
    let Verb::Use(asked) = &arguments.verb;
    let (report, answer, decision) = match answer(asked) {
        Ok((report, answer, decision)) => (report, answer, Some(decision)),
        Err(report) => (report, String::new(), None),
    };
    let told = report::finish(report, &report::Arguments::default(), "the answer", |out| {
        out.write_all(answer.as_bytes())
    });
    let Some(decision) = decision.filter(|_| told != Exit::Unusable) else { return told };
    why(&decision);
    if decision.is_allowed() { told } else { told.max(Exit::Faulty) }
}

/// What stands against it, on stderr. No object was given that it could be a place of.
fn why(decision: &Decision) {
    let mut text = String::new();
    for found in decision.diagnostics() {
        let _ = writeln!(text, "{}[{}]: {}", found.severity.word(), found.code, printable(&found.message));
        if !found.hint.is_empty() {
            let _ = writeln!(text, "  hint: {}", printable(&found.hint));
        }
    }
    // A stderr that takes nothing leaves nowhere to say so; the exit code still tells.
    let _ = anstream::stderr().write_all(text.as_bytes());
}

fn answer(asked: &Use) -> Result<(Report, String, Decision), Report> {
    let kind =
        Kind::askable(&asked.kind).ok_or_else(|| unusable(format!("{} has no host names", asked.kind)))?;
    let gateway = asked.gateway.as_ref().map(|(namespace, name)| (namespace.as_str(), name.as_str()));
    match (kind, gateway) {
        (Kind::Gateway, Some((namespace, _))) if namespace != asked.namespace => {
            let own = &asked.namespace;
            return Err(unusable(format!(
                "--gateway is in `{namespace}`, and -n says that the Gateway is in `{own}`"
            )));
        }
        (Kind::Ingress | Kind::Claim | Kind::Request, Some(_)) => {
            return Err(unusable(format!("--gateway means nothing for {}", asked.kind)));
        }
        _ => {}
    }
    let given = Given::read(&asked.settings, &asked.context)?;
    let question = Question { host: &asked.host, kind, namespace: &asked.namespace, gateway };
    let context = given.context()?;
    let decision = can_i(&question, &context, &given.settings);
    let mut warnings = given.noticed(&context);
    warnings.extend(overlooked(&question, &context, &given.settings));
    let answer = if decision.is_allowed() {
        format!("yes{}", by(&decision, &given.settings))
    } else {
        "no".to_owned()
    };
    let answer = format!("{}\n", printable(&answer));
    Ok((Report::of(given.inputs, warnings, 0), answer, decision))
}

/// The grants that permit it, with the name that covers it; without any, why none is needed.
fn by(decision: &Decision, settings: &Settings) -> String {
    let grants = decision.trace.iter().filter_map(|answer| answer.granted_by.as_ref());
    let words: Vec<String> = grants
        .map(|grant| {
            let hostname = grant.hostname.as_deref().unwrap_or_default();
            format!("HostnameGrant `{}` with `{hostname}`", grant.name)
        })
        .collect();
    match decision.note {
        Some(note) => format!(": {note}"),
        None if !words.is_empty() => format!(", by {}", words.join(", ")),
        None if !settings.needs_grants => ": with `--grants off` names need no grant".to_owned(),
        None => String::new(),
    }
}
