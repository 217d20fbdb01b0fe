//! `gatewright profiles`: what each controller can do, and where that is written down.

use std::io::{self, Write};

use clap::builder::PossibleValuesParser;
use clap::{Args, ValueEnum};
use gatewright_core::profile::{Form, HostRewrite, PROFILES, Profile, Quirks, SkipVerify, Support};
use gatewright_core::release::Kind;
use serde::Serialize;

use crate::exit::Exit;
use crate::report::{self, Report};

/// Print what each controller can do, with sources
#[derive(Args)]
#[group(skip)]
#[command(after_help = "\
Examples:
  gatewright profiles
  gatewright profiles cilium
  gatewright profiles --format json | jq '.[].name'")]
pub(crate) struct Arguments {
    /// Print every fact of this profile; without it, one line a profile
    #[arg(value_parser = PossibleValuesParser::new(PROFILES.map(|profile| profile.word)))]
    name: Option<String>,
    /// How the facts are written
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    #[default]
    Text,
    /// One JSON list, with every fact of every profile asked for
    Json,
}

/// A profile in words.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Sheet {
    name: &'static str,
    title: &'static str,
    controller: &'static str,
    classes: &'static [&'static str],
    default_class: &'static str,
    facts: Vec<Fact>,
    switches: Vec<Switch>,
}

#[derive(Serialize)]
struct Fact {
    about: &'static str,
    value: String,
    source: &'static str,
}

#[derive(Serialize)]
struct Switch {
    form: &'static str,
    text: &'static str,
    source: &'static str,
}

pub(crate) fn run(arguments: &Arguments) -> Exit {
    let Arguments { name, format } = arguments;
    let asked = PROFILES.iter().filter(|profile| name.as_deref().is_none_or(|name| name == profile.word));
    let sheets: Vec<Sheet> = asked.map(|profile| sheet(profile)).collect();
    report::finish(Report::default(), &report::Arguments::default(), "profiles", |stdout| match format {
        Format::Json => {
            serde_json::to_writer_pretty(&mut *stdout, &sheets)?;
            writeln!(stdout)
        }
        Format::Text if name.is_none() => write_lines(stdout, &sheets),
        Format::Text => sheets.iter().try_for_each(|sheet| write_sheet(stdout, sheet)),
    })
}

fn write_lines(stdout: &mut dyn Write, sheets: &[Sheet]) -> io::Result<()> {
    let width = |text: fn(&Sheet) -> &str| sheets.iter().map(|sheet| text(sheet).len()).max().unwrap_or(0);
    let (name, title) = (width(|sheet| sheet.name), width(|sheet| sheet.title));
    for sheet in sheets {
        writeln!(stdout, "{:name$}  {:title$}  {}", sheet.name, sheet.title, sheet.controller)?;
    }
    Ok(())
}

fn write_sheet(stdout: &mut dyn Write, sheet: &Sheet) -> io::Result<()> {
    let Sheet { name, title, controller, classes, default_class, facts, switches } = sheet;
    writeln!(stdout, "{name}: {title}")?;
    for (label, text) in
        [("controller", *controller), ("classes", &classes.join(", ")), ("default class", default_class)]
    {
        if !text.is_empty() {
            writeln!(stdout, "{label}: {text}")?;
        }
    }
    for Fact { about, value, source } in facts {
        writeln!(stdout, "\n{about}: {value}\n  source: {source}")?;
    }
    for Switch { form, text, source } in switches {
        writeln!(stdout, "\nneeded for {form}: {text}\n  source: {source}")?;
    }
    Ok(())
}

/// Takes a profile apart whole, so that a new fact does not compile until it is printed.
fn sheet(profile: &Profile) -> Sheet {
    let Profile {
        word,
        title,
        controller,
        classes,
        default_class,
        dns,
        vendor,
        external_name,
        vendor_labels_min,
        ip,
        relay_service_type,
        tls_policy,
        system_cas,
        subject_alt_names,
        skip_verify,
        host_rewrite,
        routes_refused,
        tls_mixed,
        weight_max,
        targets_max,
        tls_route_targets_max,
        one_tls_name_a_rule,
        switches,
        quirks,
    } = profile;
    let fact = |about, value: String, source| Fact { about, value, source };
    let kinds: Vec<_> = routes_refused.value.iter().map(|kind| kind.newest().kind).collect();
    let mut facts = vec![
        fact("upstream named by DNS", dns.value.words().to_owned(), dns.source),
        fact(
            "own object for an upstream",
            vendor.value.map_or("none", Form::words).to_owned(),
            vendor.source,
        ),
        fact("ExternalName Service as a backend", yes_or_no(external_name.value), external_name.source),
        fact(
            "fewest labels of a host in its own object",
            vendor_labels_min.value.to_string(),
            vendor_labels_min.source,
        ),
        fact("upstream at an IP address", ip.value.words().to_owned(), ip.source),
        fact("type of the relay's Services", relay_service_type.value.to_owned(), relay_service_type.source),
        fact("TLS to an upstream by BackendTLSPolicy", yes_or_no(tls_policy.value), tls_policy.source),
        fact("system CAs for an upstream", support(system_cas.value), system_cas.source),
        fact("subjectAltNames of an upstream", support(subject_alt_names.value), subject_alt_names.source),
        fact("insecureSkipVerify", skip(skip_verify.value).to_owned(), skip_verify.source),
        fact("host rewrite", rewrite(host_rewrite.value).to_owned(), host_rewrite.source),
        fact(
            "kinds of route refused",
            if kinds.is_empty() { "none".to_owned() } else { kinds.join(", ") },
            routes_refused.source,
        ),
        fact("Terminate and Passthrough on one port", support(tls_mixed.value), tls_mixed.source),
        fact("largest weight", weight_max.value.to_string(), weight_max.source),
        fact("most backends of a rule", targets_max.value.to_string(), targets_max.source),
        fact(
            "most backends of a TLSRoute's rule",
            tls_route_targets_max.value.to_string(),
            tls_route_targets_max.source,
        ),
        fact(
            "one certificate name for all backends of a rule",
            yes_or_no(one_tls_name_a_rule.value),
            one_tls_name_a_rule.source,
        ),
    ];
    facts.extend(facts_of_few(quirks));
    let switches = switches
        .iter()
        .map(|switch| Switch { form: switch.form.words(), text: switch.text, source: switch.source })
        .collect();
    Sheet { name: word, title, controller, classes, default_class, facts, switches }
}

/// What is known of some controllers only; nothing is printed for the others.
fn facts_of_few(quirks: &Quirks) -> Vec<Fact> {
    let Quirks { layers, routes_unreported, name_unchecked, alpha_policy, listener_ports } = quirks;
    let fact = |about, value: String, source| Fact { about, value, source };
    let words = |kinds: &[Kind]| kinds.iter().map(|kind| kind.newest().kind).collect::<Vec<_>>().join(", ");
    let mut facts: Vec<_> = layers
        .iter()
        .map(|layer| {
            let value = format!("{} alone ({}, {})", words(layer.kinds), layer.controller, layer.what);
            fact("kinds of route of one class", value, layer.source)
        })
        .collect();
    facts.extend(
        routes_unreported.map(|found| fact("kinds of route not reported", words(found.value), found.source)),
    );
    facts.extend(
        name_unchecked
            .map(|found| fact("name of an upstream's certificate", found.value.to_owned(), found.source)),
    );
    facts.extend(alpha_policy.map(|found| {
        let value = format!("{}, which only the experimental channel serves", found.value);
        fact("version of BackendTLSPolicy that it reads", value, found.source)
    }));
    facts.extend(
        listener_ports.map(|found| fact("port of a listener", found.value.text.to_owned(), found.source)),
    );
    facts
}

fn support(support: Support) -> String {
    match support {
        Support::Yes => "yes".to_owned(),
        Support::Ignored(what) => format!("taken, but {what}"),
        Support::No => "no".to_owned(),
        Support::Unreported => "unreported".to_owned(),
    }
}

fn skip(skip: SkipVerify) -> &'static str {
    match skip {
        SkipVerify::Never => "no",
        SkipVerify::EnvoyGatewayBackend => "by the Backend of Envoy Gateway",
        SkipVerify::DestinationRule => "by a DestinationRule",
    }
}

fn rewrite(rewrite: HostRewrite) -> &'static str {
    match rewrite {
        HostRewrite::Never => "no",
        HostRewrite::Rule => "by a URLRewrite filter of the rule",
        HostRewrite::Backend => "by a URLRewrite filter of the rule or of one backend",
        HostRewrite::EnvoyGatewayFilter => {
            "by a URLRewrite filter of the rule or of one backend, or an HTTPRouteFilter of Envoy Gateway"
        }
        HostRewrite::HostHeader => "by a URLRewrite filter of the rule, or a backend's header modifier",
    }
}

fn yes_or_no(yes: bool) -> String {
    if yes { "yes" } else { "no" }.to_owned()
}
