//! A profile in words: what `gatewright profiles` and `docs/profiles.md` print.

use std::fmt::Write as _;

use serde::Serialize;

use super::metrics::{Pods, UpdateTime};
use super::words::kinds;
use super::{Form, HostRewrite, LoadBalancer, PROFILES, Profile, Quirks, Report, SkipVerify, Support};

/// A profile in words.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Sheet {
    /// The word in values.
    pub name: &'static str,
    /// Product and version.
    pub title: &'static str,
    /// `spec.controllerName` of its classes.
    pub controller: &'static str,
    /// Names of its classes.
    pub classes: &'static [&'static str],
    /// The class of a Gateway that names none.
    pub default_class: &'static str,
    /// Everything that is known of it.
    pub facts: Vec<Fact>,
    /// What an administrator must have switched on.
    pub switches: Vec<Switch>,
    /// Its conformance report.
    pub report: Option<&'static Report>,
}

/// A fact in words.
#[derive(Debug, Serialize)]
pub struct Fact {
    /// What it is about.
    pub about: &'static str,
    /// What holds.
    pub value: String,
    /// Product, version and place.
    pub source: &'static str,
}

/// A switch in words.
#[derive(Debug, Serialize)]
pub struct Switch {
    /// What needs it.
    pub form: &'static str,
    /// What to set, and where.
    pub text: &'static str,
    /// Product, version and place.
    pub source: &'static str,
}

/// Takes a profile apart whole, so that a new fact does not compile until it is printed.
pub fn sheet(profile: &Profile) -> Sheet {
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
        update_time,
        pods,
        switches,
        quirks,
    } = profile;
    let fact = |about, value: String, source| Fact { about, value, source };
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
            if routes_refused.value.is_empty() { "none".to_owned() } else { kinds(routes_refused.value) },
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
        fact("metric of how long changes of routes take", metric(update_time.value), update_time.source),
        fact("pods of a Gateway", pods_of(pods.value), pods.source),
    ];
    facts.extend(facts_of_few(quirks));
    let switches = switches
        .iter()
        .map(|switch| Switch { form: switch.form.words(), text: switch.text, source: switch.source })
        .collect();
    Sheet { name: word, title, controller, classes, default_class, facts, switches, report: profile.report() }
}

/// The text of `docs/profiles.md` on the profiles.
pub fn markdown() -> String {
    let mut text = String::from(
        "# Profiles\n\nWhat is known of each controller: facts that were read in its sources and documents, from \
         `core/src/profile/`, and its newest conformance report, from `cargo xtask codegen`. `gatewright profiles NAME` \
         prints the facts and the features. The planner goes by the facts; `gatewright check --profile NAME` goes by both \
         ([level `controller`](check.md)). A feature that a report does not mention is unknown, never unsupported.\n\n\
         Of several reports the one of the newest Gateway API is taken, then of the newest product, then of the \
         experimental channel (the standard one has no say on fields that it lacks), then of mode `default`, or where \
         none has that mode, the one that supports most.\n\n\
         | profile | facts of | report of | Gateway API | channel, mode |\n|---|---|---|---|---|\n",
    );
    let sheets = PROFILES.map(sheet);
    // Writing to a String cannot fail.
    for Sheet { name, title, report, .. } in &sheets {
        let reported = report.map_or("– | – | –".to_owned(), |report| {
            format!("{} | {} | {}, {}", report.version, report.gateway_api, report.channel, report.mode)
        });
        let _ = writeln!(text, "| [`{name}`](#{name}) | {title} | {reported} |");
    }
    for sheet in &sheets {
        section(sheet, &mut text);
    }
    text
}

fn section(sheet: &Sheet, text: &mut String) {
    let Sheet { name, title, controller, classes, default_class, facts, switches, report } = sheet;
    let _ = write!(text, "\n## {name}\n\n{title}");
    if !controller.is_empty() {
        let classes: Vec<String> = classes.iter().map(|class| format!("`{class}`")).collect();
        let _ = write!(text, ": controller `{controller}`, classes {}", classes.join(", "));
    }
    let _ = write!(
        text,
        "; a Gateway without class gets `{default_class}`.\n\n| fact | value | source |\n|---|---|---|\n"
    );
    for Fact { about, value, source } in facts {
        let _ = writeln!(text, "| {about} | {} | {} |", cell(value), cell(source));
    }
    for Switch { form, text: what, source } in switches {
        let _ = writeln!(text, "| needed for {form} | {} | {} |", cell(what), cell(source));
    }
    if let Some(report) = report {
        reported(report, text);
    }
}

fn reported(report: &Report, text: &mut String) {
    let profiles: Vec<_> = report.claims.iter().map(|claims| claims.profile).collect();
    let _ = write!(text, "\nReport: {}, for {}.\n", report.source(), profiles.join(", "));
    let skipped: Vec<_> = report.claims.iter().flat_map(|claims| claims.skipped).copied().collect();
    let rows = [
        ("Supported", report.supported()),
        ("Unsupported", report.unsupported()),
        ("Tests left out", skipped),
    ];
    for (heading, words) in rows.into_iter().filter(|(_, words)| !words.is_empty()) {
        let _ = write!(text, "\n{heading}: {}.\n", words.join(", "));
    }
    if report.features().is_empty() {
        text.push_str("\nIt names no feature, supported or not.\n");
    }
}

/// A text inside a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

/// What is known of some controllers only; nothing is printed for the others.
fn facts_of_few(quirks: &Quirks) -> Vec<Fact> {
    let Quirks { layers, routes_unreported, name_unchecked, alpha_policy, listener_ports, load_balancer } =
        quirks;
    let fact = |about, value: String, source| Fact { about, value, source };
    let mut facts: Vec<_> = layers
        .iter()
        .map(|layer| {
            let value = format!("{} alone ({}, {})", kinds(layer.kinds), layer.controller, layer.what);
            fact("kinds of route of one class", value, layer.source)
        })
        .collect();
    facts.extend(
        routes_unreported.map(|found| fact("kinds of route not reported", kinds(found.value), found.source)),
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
    facts.extend(load_balancer.map(|found| {
        let LoadBalancer { certificates, rules, target_groups } = found.value;
        let value = format!("{certificates} certificates, {rules} rules, {target_groups} target groups");
        fact("most of one load balancer, which is one Gateway", value, found.source)
    }));
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

fn metric(metric: Option<UpdateTime>) -> String {
    let Some(UpdateTime { metric, series, spread: _, per_second: _, what }) = metric else {
        return "none".to_owned();
    };
    let series = if series.is_empty() { String::new() } else { format!("{{{series}}}") };
    format!("`{metric}{series}`: {what}")
}

fn pods_of(pods: Option<Pods>) -> String {
    match pods {
        None => "unknown".to_owned(),
        Some(Pods::EnvoyGateway) => "`envoy-<namespace>-<name>-<hash>`".to_owned(),
        Some(Pods::PrefixAndName(prefix)) => format!("`{prefix}<name>`, in its namespace"),
        Some(Pods::NameAndClass) => "`<name>-<class>`, in its namespace".to_owned(),
        Some(Pods::Shared(name)) => format!("`{name}`, for every Gateway"),
    }
}

fn yes_or_no(yes: bool) -> String {
    if yes { "yes" } else { "no" }.to_owned()
}
