//! `gatewright check`: manifests from anywhere, judged without a cluster.

pub(crate) mod files;
mod not_checked;
mod status_table;

use std::io::Write as _;
use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args, ValueEnum};
use gatewright_core::check::attach::attach;
use gatewright_core::check::{Report as Verdicts, Settings, status};
use gatewright_core::diagnostic::{Diagnostic, Severity, has_errors};
use gatewright_core::manual;
use gatewright_core::ownership::{self, NOTHING_TO_CHECK, Texts};
use gatewright_core::profile;
use gatewright_core::release::{Channel, Release, Target};
use gatewright_core::report::of_objects;

use crate::crd::Crds;
use crate::exit::Exit;
use crate::input::Input;
use crate::name;
use crate::ownership::{Flags, only_with_context, unanswerable};
use crate::report::{self, Report, pretty};

/// Judge manifests as an API server, Gateway API and a controller would, without a cluster
///
/// Files, folders (every `.yaml`, `.yml` and `.json` in them) and `-` for stdin. The report goes to
/// stdout. Objects that are not in the input are unknown, unless --complete says that there are no others.
#[derive(Args)]
#[group(skip)]
#[command(
    mut_args(only_with_context),
    after_help = "\
Examples:
  gatewright check manifests/
  helm template web ./chart -f values.yaml | gatewright | gatewright check -
  kubectl get gateway-api,services,namespaces,secrets,configmaps -A -o json | gatewright check --complete -
  gatewright check --gateway-api 1.7 --channel experimental --format json routes.yaml | jq .summary
  gatewright check --context cluster/ new-route.yaml
  gatewright check --profile traefik manifests/
  gatewright check --against before.yaml after.yaml
  gatewright check --crd envoy-gateway/crds/ manifests/"
)]
pub(crate) struct Arguments {
    /// Manifests: files, folders, `-` for stdin
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    cluster: Cluster,
    /// Also predict the status that a conforming controller would write, as text or JSON
    #[arg(long)]
    status: bool,
    /// The objects as they are now: the input is an update of them
    #[arg(long, value_name = "FILE")]
    against: Vec<PathBuf>,
    /// Objects that are there already: files or folders. They are not judged themselves; the grants and claims among
    /// them say who may use which host name
    #[arg(long, value_name = "DIR")]
    context: Vec<PathBuf>,
    /// CustomResourceDefinitions: objects of their kinds are judged too; files or folders
    #[arg(long, value_name = "FILE")]
    crd: Vec<PathBuf>,
    /// What makes the exit code 1
    #[arg(long, value_enum, default_value_t, value_name = "SEVERITY")]
    fail_on: FailOn,
    /// Look for these findings only; separate codes by commas. Refusals still count
    #[arg(long, value_name = "CODE", value_delimiter = ',', conflicts_with = "skip")]
    only: Vec<String>,
    /// Leave these findings out, except refusals by the API server and by grants and claims; separate codes by commas
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    skip: Vec<String>,
    #[command(flatten)]
    report: report::Arguments,
    #[command(flatten)]
    ownership: Flags,
}

/// The cluster that objects are for, and what is known of it.
#[derive(Args)]
#[group(skip)]
pub(crate) struct Cluster {
    /// The Gateway API release of the cluster
    #[arg(long, value_name = "VERSION", default_value = "1.6", value_parser = release)]
    gateway_api: Release,
    /// The channel of its CRDs
    #[arg(long, value_enum, default_value_t, value_name = "CHANNEL")]
    channel: ChannelWord,
    /// The controller whose own limits and conformance report count
    #[arg(long, value_name = "PROFILE", value_parser = named_profiles())]
    profile: Option<String>,
    /// The namespace of objects that name none
    #[arg(short = 'n', long, value_name = "NAMESPACE", default_value = "default", value_parser = name::known_namespace)]
    namespace: String,
    /// What is not in the input does not exist
    #[arg(long)]
    complete: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum ChannelWord {
    #[default]
    Standard,
    Experimental,
}

/// What makes the exit code 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum FailOn {
    /// An error
    #[default]
    Error,
    /// A warning or an error
    Warning,
}

pub(crate) fn run(arguments: &Arguments) -> Exit {
    if arguments.status && matches!(arguments.report.format, report::Format::Sarif | report::Format::Github) {
        say("--status has no place in the formats sarif and github; take text or json");
        return Exit::Unusable;
    }
    let settings = Settings {
        only: arguments.only.clone(),
        skip: arguments.skip.clone(),
        ..arguments.cluster.settings()
    };
    let owners = match arguments.ownership.settings() {
        Ok(owners) => owners,
        Err(fault) => {
            let report = Report::unusable(Vec::new(), vec![unanswerable(fault)]);
            return report::tell(&report, &arguments.report, "", None);
        }
    };
    let named = arguments.only.iter().chain(&arguments.skip);
    let mut faults = manual::unknown_codes(named.map(String::as_str));
    let paths = files::all(&arguments.files, &mut faults);
    let before = files::all(&arguments.against, &mut faults);
    let context = files::all(&arguments.context, &mut faults);
    let definitions = files::all(&arguments.crd, &mut faults);
    let inputs = files::read(&[&before, &paths, &context, &definitions], &mut faults);
    let objects = before.len() + paths.len() + context.len();
    let (objects, definitions) = inputs.split_at(objects.min(inputs.len()));
    let mut crds = Crds::read(definitions, &mut faults);
    let texts: Vec<(&str, u16)> = objects.iter().map(|input| (input.text.as_str(), input.source)).collect();
    let (old, rest) = texts.split_at(before.len().min(texts.len()));
    let (input, there) = rest.split_at(paths.len().min(rest.len()));
    let context = (!arguments.context.is_empty()).then_some(there);
    let texts = Texts { before: old, input, context };
    let (verdicts, found) =
        ownership::check(&texts, &settings, &owners, &mut |object, old| crds.judge(object, old));
    // What could not even be opened is no text without objects.
    let is_read = !has_errors(&faults);
    faults.extend(found.into_iter().filter(|found| is_read || found.code != NOTHING_TO_CHECK));
    let attachments = arguments.status.then(|| attach(&verdicts.model, &settings));
    let status = attachments.as_ref().map(|found| status::predict(&verdicts.model, &settings, found));
    let document = match arguments.report.format {
        report::Format::Json => {
            let names: Vec<_> = inputs.iter().map(Input::name).collect();
            Some(pretty(&of_objects(&names, &faults, &verdicts, status.as_ref())))
        }
        _ => None,
    };
    let table = status.as_ref().map(status_table::print).unwrap_or_default();
    let objects = verdicts.objects();
    let hidden = verdicts.hidden;
    let (unusable, diagnostics) = (has_errors(&faults), flat(faults, &verdicts));
    drop(verdicts);
    let warned = arguments.fail_on == FailOn::Warning
        && diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Warning);
    let report = Report { unusable, ..Report::of(inputs, diagnostics, objects) };
    let exit = report::tell(&report, &arguments.report, &table, document.as_deref());
    if hidden > 0 {
        // The exit code still tells of what `--only` leaves out.
        let what = if hidden == 1 { "1 refusal" } else { &format!("{hidden} refusals") };
        say(&format!("{what} not shown, for --only asks for other findings"));
    }
    if warned || hidden > 0 { exit.max(Exit::Faulty) } else { exit }
}

/// On stderr, for stdout holds the report.
fn say(words: &str) {
    // A stderr that takes nothing leaves nowhere to say so; the exit code still tells.
    let _ = writeln!(anstream::stderr(), "gatewright: {words}");
}

/// Every profile by its name: `auto` goes by what values say, and manifests do not say it.
fn named_profiles() -> PossibleValuesParser {
    PossibleValuesParser::new(profile::PROFILES.map(|profile| profile.word))
}

impl Cluster {
    /// What to look for, with every rule.
    pub(crate) fn settings(&self) -> Settings {
        Settings {
            target: Target {
                release: self.gateway_api,
                channel: match self.channel {
                    ChannelWord::Standard => Channel::Standard,
                    ChannelWord::Experimental => Channel::Experimental,
                },
            },
            profile: self.profile.as_deref().and_then(profile::named),
            complete: self.complete,
            namespace: self.namespace.clone(),
            only: Vec::new(),
            skip: Vec::new(),
        }
    }
}

/// Every finding with the object that it is about, for formats that know files and lines only. Kinds that are not
/// checked are one finding.
fn flat(faults: Vec<Diagnostic>, verdicts: &Verdicts<'_>) -> Vec<Diagnostic> {
    let summed = not_checked::summed(verdicts);
    let of_objects = verdicts.results.iter().flat_map(|judged| {
        let own = judged.diagnostics.iter();
        let own = own.filter(|diagnostic| summed.is_none() || !not_checked::is_summed(diagnostic));
        own.map(|diagnostic| match &judged.object {
            Some(object) => {
                let message = format!("{} ({object})", diagnostic.message);
                diagnostic.clone().with_message(message)
            }
            None => diagnostic.clone(),
        })
    });
    let mut flat: Vec<Diagnostic> = faults.into_iter().chain(of_objects).collect();
    flat.extend(summed);
    flat
}

fn release(word: &str) -> Result<Release, String> {
    Release::parse(word).ok_or_else(|| {
        let known: Vec<&str> = Release::ALL.iter().map(|release| release.name()).collect();
        format!("there are {}", known.join(", "))
    })
}
