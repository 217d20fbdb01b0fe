//! A plan for people: sections in the order that a request goes, each with its reasons.

use std::collections::BTreeMap;

use gatewright_core::summary::{
    Backend, Certificate, DnsRecords, Gateway, Grant, Largest, Listener, Object, Parent, Record, Relay,
    Route, RuleBackend, Size, Summary, TlsPolicy,
};

use super::organizations;
use crate::page::{Page, counted, names, shown};

/// Routes that are shown one by one, with their rules; more are shown as tables.
const ROUTES_IN_FULL: usize = 6;
/// Rules of a route that are shown one by one.
const RULES_IN_FULL: usize = 8;
/// Backends alike in all but the number at the end of their names, from which on they share a line.
const ALIKE_MIN: usize = 3;
/// Parts of a percent that a printed share holds: four places.
const PERCENT_PARTS: u64 = 10_000;

/// Prints a plan.
pub(super) fn print(summary: &Summary) -> String {
    let mut page = Page::default();
    head(&mut page, summary);
    gateways(&mut page, &summary.gateways, &summary.release.namespace);
    organizations::print(&mut page, summary);
    routes(&mut page, summary);
    backends(&mut page, summary);
    attendants(&mut page, summary);
    section(
        &mut page,
        "OBJECTS",
        ["KIND", "", "NAMES"],
        &by_kind(&summary.objects, &summary.release.namespace),
    );
    page.finish()
}

fn head(page: &mut Page, summary: &Summary) {
    let release = &summary.release;
    let known = |label: &str, text: &str| {
        if text.is_empty() { String::new() } else { format!(", {label} {text}") }
    };
    page.line(&format!(
        "Gateway API {} {}{}{}",
        summary.gateway_api.version,
        summary.gateway_api.channel,
        known("release", &release.name),
        known("namespace", &release.namespace)
    ));
    let mut services: Vec<&str> = summary.backends.iter().map(|backend| backend.service.as_str()).collect();
    services.dedup();
    page.line(&format!(
        "{}, {}, {}: {}",
        counted(summary.gateways.len(), "Gateway"),
        counted(summary.routes.len(), "route"),
        counted(services.len(), "external service"),
        counted(summary.objects.len(), "object")
    ));
    size(page, &summary.size);
}

/// What a cluster and Helm must hold.
fn size(page: &mut Page, size: &Size) {
    let Size { bytes, largest, stored, stored_max, releases: _ } = size;
    let Some(Largest { kind, namespace: _, name, bytes: most, bytes_max }) = largest else { return };
    let stored = stored.map_or_else(String::new, |stored| {
        format!("; Helm's Secret of the release about {} of {}", kilobytes(stored), kilobytes(*stored_max))
    });
    page.wrapped(
        "",
        &format!(
            "{} of manifests, the largest {kind} {name} with {} of {}{stored}",
            kilobytes(*bytes),
            kilobytes(*most),
            kilobytes(*bytes_max)
        ),
    );
}

fn kilobytes(bytes: usize) -> String {
    format!("{} kB", bytes.div_ceil(1000))
}

fn gateways(page: &mut Page, gateways: &[Gateway], home: &str) {
    if gateways.is_empty() {
        return;
    }
    page.heading("GATEWAYS");
    let shown = shown(gateways.len());
    for gateway in gateways.iter().take(shown) {
        let Gateway { class_name, rendered, profile_title, profile, why, listeners, routes, .. } = gateway;
        let class = if class_name.is_empty() { String::new() } else { format!(", class {class_name}") };
        let exists = if *rendered { "" } else { ", exists already" };
        let name = placed(&gateway.namespace, &gateway.name, home);
        page.line(&format!("  {name}{class}{exists}, {}", counted(*routes, "route")));
        let title = if profile == &"portable" { String::new() } else { format!(" ({profile_title})") };
        page.wrapped("    ", &format!("profile {profile}{title}: {why}"));
        let rows: Vec<[String; 7]> = listeners.iter().map(listener).collect();
        if !rows.is_empty() {
            page.table(4, ["LISTENER", "PROTOCOL", "PORT", "HOSTNAME", "ROUTES", "TLS", ""], &rows);
        }
    }
    page.rest(2, gateways.len() - shown, "Gateways");
}

fn listener(listener: &Listener) -> [String; 7] {
    let Listener { name, protocol, port, hostname, tls, derived, routes, .. } = listener;
    let tls = tls.as_ref().map_or_else(String::new, |tls| {
        if tls.certificates.is_empty() {
            tls.mode.to_owned()
        } else {
            format!("{} with {}", tls.mode, tls.certificates.join(", "))
        }
    });
    [
        name.clone(),
        protocol.clone(),
        port.to_string(),
        hostname.clone().unwrap_or_else(|| "any".to_owned()),
        routes.to_string(),
        tls,
        if *derived { "derived" } else { "" }.to_owned(),
    ]
}

fn routes(page: &mut Page, summary: &Summary) {
    let home = summary.release.namespace.as_str();
    if summary.routes.is_empty() {
        return;
    }
    page.heading("ROUTES");
    if summary.routes.len() <= ROUTES_IN_FULL {
        summary.routes.iter().for_each(|item| route(page, item, home));
        return;
    }
    let mut groups: BTreeMap<(&str, String, bool), Vec<&Route>> = BTreeMap::new();
    for item in &summary.routes {
        let key = (item.kind, parents(item, home), item.derived_from.is_some());
        groups.entry(key).or_default().push(item);
    }
    let mut left = summary.routes.len();
    let shown = shown(groups.len());
    for ((kind, parents, derived), group) in groups.into_iter().take(shown) {
        let derived = if derived { ", derived from services" } else { "" };
        page.wrapped("  ", &format!("{}{derived} -> {parents}", counted(group.len(), kind)));
        let rows: Vec<[String; 5]> = group.iter().map(|item| row(item, home)).collect();
        page.table(4, ["NAME", "LISTENERS", "HOSTNAMES", "RULES", "BACKENDS"], &rows);
        left -= group.len();
    }
    page.rest(2, left, "routes");
}

fn row(route: &Route, home: &str) -> [String; 5] {
    let backends = route.rules.iter().flat_map(|rule| &rule.backends);
    let mut seen: Vec<&str> = Vec::new();
    for backend in backends {
        let name = backend.service.as_deref().unwrap_or(&backend.name);
        if !seen.contains(&name) {
            seen.push(name);
        }
    }
    let rules = if route.derived_from.is_some() { String::new() } else { route.rules.len().to_string() };
    [
        placed(&route.namespace, &route.name, home),
        route.parents.iter().map(listeners).collect::<Vec<_>>().join(", "),
        names(route.hostnames.iter().map(String::as_str)),
        rules,
        names(seen),
    ]
}

fn route(page: &mut Page, route: &Route, home: &str) {
    let Route { kind, name, namespace, hostnames, rules, derived_from, part, .. } = route;
    let parent = |parent: &Parent| {
        let listeners = match listeners(parent) {
            none if none.is_empty() => none,
            listeners => format!(" ({listeners})"),
        };
        format!("{}{listeners}", parent_name(parent, home))
    };
    let parents = match route.parents.as_slice() {
        [] => parents(route, home),
        parents => parents.iter().map(parent).collect::<Vec<_>>().join(", "),
    };
    let derived = derived_from.as_ref().map(|service| format!(", derived from service {service}"));
    let part = part.map(|part| format!(", part {} of {}", part.number, part.of));
    let name = placed(namespace, name, home);
    let origin = [derived, part].map(Option::unwrap_or_default).concat();
    page.wrapped("  ", &format!("{kind} {name} -> {parents}{origin}"));
    if !hostnames.is_empty() {
        page.wrapped("    hosts ", &names(hostnames.iter().map(String::as_str)));
    }
    for rule in rules.iter().take(RULES_IN_FULL) {
        let name = rule.name.as_ref().map_or_else(String::new, |name| format!("{name}: "));
        let matches = if rule.matches.is_empty() {
            "every request".to_owned()
        } else {
            names(rule.matches.iter().map(String::as_str))
        };
        page.wrapped("    ", &format!("{name}{matches}"));
        if !rule.filters.is_empty() {
            page.wrapped("      by ", &rule.filters.join(", "));
        }
        let rows = shares(&rule.backends, namespace);
        if !rows.is_empty() {
            page.bare_table(6, &rows);
        }
    }
    page.rest(4, rules.len().saturating_sub(RULES_IN_FULL), "rules");
}

/// What a route attaches to: `web, infra/other`.
fn parents(route: &Route, home: &str) -> String {
    if route.parents.is_empty() {
        return "the default Gateways".to_owned();
    }
    route.parents.iter().map(|parent| parent_name(parent, home)).collect::<Vec<_>>().join(", ")
}

fn parent_name(parent: &Parent, home: &str) -> String {
    let Parent { kind, namespace, name, .. } = parent;
    let kind = if kind == "Gateway" { String::new() } else { format!("{kind} ") };
    format!("{kind}{}", placed(namespace, name, home))
}

/// The listeners that a route attaches to, or the one that it names where nothing is known.
fn listeners(parent: &Parent) -> String {
    match (&parent.listeners, &parent.section_name) {
        (Some(listeners), _) if listeners.is_empty() => "no listener".to_owned(),
        (Some(listeners), _) => names(listeners.iter().map(String::as_str)),
        (None, section) => section.clone().unwrap_or_default(),
    }
}

/// A line a backend, or one for several that differ in the number at the end of their names only.
fn shares(backends: &[RuleBackend], home: &str) -> Vec<[String; 3]> {
    let sum: u64 = backends.iter().map(|backend| u64::from(backend.weight)).sum();
    let alike = |one: &RuleBackend, other: &RuleBackend| {
        one.service.is_some()
            && RuleBackend { name: String::new(), ..one.clone() }
                == RuleBackend { name: String::new(), ..other.clone() }
    };
    let mut rows = Vec::new();
    for group in backends.chunk_by(alike) {
        let lines: Vec<&[RuleBackend]> =
            if group.len() >= ALIKE_MIN { vec![group] } else { group.chunks(1).collect() };
        rows.extend(lines.into_iter().map(|line| share(line, sum, home)));
    }
    rows
}

fn share(backends: &[RuleBackend], sum: u64, home: &str) -> [String; 3] {
    let [first, rest @ ..] = backends else { return Default::default() };
    let RuleBackend { kind, namespace, name, port, weight, percent, filters, .. } = first;
    let port = port.map_or_else(String::new, |port| format!(":{port}"));
    let name = placed(namespace, name, home);
    let (share, name) = match rest.last() {
        Some(last) => (format!("{} each", percentage(*percent)), format!("{name} … {}", last.name)),
        None => (percentage(*percent), name),
    };
    let shown_whole = sum == 0 || (u64::from(*weight) * 100 * PERCENT_PARTS).is_multiple_of(sum);
    let weight = if shown_whole { String::new() } else { format!("{weight} of {sum}") };
    let filters = if filters.is_empty() { String::new() } else { format!(" by {}", filters.join(", ")) };
    let kind = if kind == "Service" { String::new() } else { format!("{kind} ") };
    [share, weight, format!("{kind}{name}{port}{filters}")]
}

/// Up to four places; what they do not hold has its weight beside it.
fn percentage(percent: f64) -> String {
    let text = format!("{percent:.4}");
    format!("{} %", text.trim_end_matches('0').trim_end_matches('.'))
}

fn backends(page: &mut Page, summary: &Summary) {
    if summary.backends.is_empty() {
        return;
    }
    page.heading("BACKENDS");
    let mut groups: BTreeMap<(&str, &str, &str), Vec<&Backend>> = BTreeMap::new();
    for backend in &summary.backends {
        groups.entry((way(backend), backend.profile, backend.source)).or_default().push(backend);
    }
    for ((way, _, source), group) in groups {
        let first = group.first().map_or("", |backend| backend.why.as_str());
        let shared = group.iter().all(|backend| backend.why == first);
        page.wrapped(
            "  ",
            &format!("{way}: {}", if shared { first } else { "each for the reason beside it" }),
        );
        if !source.is_empty() {
            page.wrapped("    source: ", source);
        }
        let row = |backend: &&Backend| {
            let [name, port, protocol, relay, endpoints, tls] = upstream(backend, &summary.release.namespace);
            let why = if shared { String::new() } else { backend.why.clone() };
            [name, port, protocol, relay, endpoints, tls, why]
        };
        let rows: Vec<[String; 7]> = group.iter().map(row).collect();
        page.table(4, ["NAME", "PORT", "PROTOCOL", "RELAY", "ENDPOINTS", "TLS", "WHY"], &rows);
    }
}

/// The form without the port that each relayed backend has of its own.
fn way(backend: &Backend) -> &str {
    if backend.relay_port.is_some() { "relay" } else { &backend.form }
}

fn upstream(backend: &Backend, home: &str) -> [String; 6] {
    let tls = backend.tls.as_ref().map_or_else(String::new, |tls| {
        let name = tls.hostname.as_deref().unwrap_or("any name");
        if tls.verified { name.to_owned() } else { format!("{name}, not checked") }
    });
    [
        placed(&backend.namespace, &backend.name, home),
        backend.port.to_string(),
        backend.protocol.to_owned(),
        backend.relay_port.map_or_else(String::new, |port| port.to_string()),
        names(backend.endpoints.iter().map(String::as_str)),
        tls,
    ]
}

/// What comes with gateways, routes and backends.
fn attendants(page: &mut Page, summary: &Summary) {
    let home = summary.release.namespace.as_str();
    tls_policies(page, &summary.tls_policies, home);
    relays(page, &summary.relays, home);
    let filters: Vec<[String; 1]> =
        summary.host_filters.iter().map(|filter| [placed(&filter.namespace, &filter.name, home)]).collect();
    section(page, "HOST FILTERS", ["ROUTE"], &filters);
    certificates(page, &summary.certificates, home);
    dns(page, &summary.dns);
    grants(page, &summary.grants);
}

fn tls_policies(page: &mut Page, policies: &[TlsPolicy], home: &str) {
    let row = |policy: &TlsPolicy| {
        let TlsPolicy { target, namespace, hostname, name_checked, certificate_authorities, .. } = policy;
        let unchecked = if *name_checked { "" } else { " (not checked)" };
        [
            format!("{} {}", target.kind, placed(namespace, &target.name, home)),
            format!("{hostname}{unchecked}"),
            listed(certificate_authorities),
        ]
    };
    let rows: Vec<[String; 3]> = policies.iter().map(row).collect();
    section(page, "TLS TO BACKENDS", ["TARGET", "CERTIFICATE NAME", "SIGNED BY"], &rows);
}

fn relays(page: &mut Page, relays: &[Relay], home: &str) {
    let row = |relay: &Relay| {
        [
            placed(&relay.namespace, &relay.name, home),
            counted(usize::try_from(relay.replicas).unwrap_or(0), "pod"),
            counted(relay.upstreams.len(), "upstream"),
        ]
    };
    let rows: Vec<[String; 3]> = relays.iter().map(row).collect();
    section(page, "RELAYS", ["NAME", "PODS", "CARRIES"], &rows);
}

fn certificates(page: &mut Page, certificates: &[Certificate], home: &str) {
    let row = |item: &Certificate| {
        [placed(&item.namespace, &item.name, home), item.issuer.clone(), listed(&item.dns_names)]
    };
    let rows: Vec<[String; 3]> = certificates.iter().map(row).collect();
    section(page, "CERTIFICATES", ["SECRET", "ISSUER", "NAMES"], &rows);
}

fn dns(page: &mut Page, dns: &[DnsRecords]) {
    let row = |item: &DnsRecords| {
        let record = |record: &Record| format!("{} {}", record.record_type, record.targets.join(" "));
        let records: Vec<String> = item.records.iter().map(record).collect();
        [listed(&item.hostnames), records.join(", ")]
    };
    let rows: Vec<[String; 2]> = dns.iter().map(row).collect();
    section(page, "DNS", ["NAMES", "RECORDS"], &rows);
}

fn grants(page: &mut Page, grants: &[Grant]) {
    let row = |grant: &Grant| {
        [
            format!("{} of {}", grant.from_kinds.join(", "), grant.from_namespace),
            format!("{} {}/{}", grant.to.kind, grant.namespace, grant.to.name),
        ]
    };
    let rows: Vec<[String; 2]> = grants.iter().map(row).collect();
    section(page, "GRANTS", ["FROM", "TO"], &rows);
}

fn listed(items: &[String]) -> String {
    names(items.iter().map(String::as_str))
}

pub(super) fn section<const N: usize>(page: &mut Page, heading: &str, head: [&str; N], rows: &[[String; N]]) {
    if !rows.is_empty() {
        page.heading(heading);
        page.table(2, head, rows);
    }
}

/// A row a kind: how many, and their names.
pub(super) fn by_kind<'o>(objects: impl IntoIterator<Item = &'o Object>, home: &str) -> Vec<[String; 3]> {
    let mut kinds: BTreeMap<(&str, &str), Vec<String>> = BTreeMap::new();
    for object in objects {
        let name = placed(&object.namespace, &object.name, home);
        kinds.entry((object.kind, object.api_version)).or_default().push(name);
    }
    kinds
        .into_iter()
        .map(|((kind, _), found)| {
            [kind.to_owned(), found.len().to_string(), names(found.iter().map(String::as_str))]
        })
        .collect()
}

/// A name, with its namespace in front where that is not the usual one.
pub(super) fn placed(namespace: &str, name: &str, home: &str) -> String {
    if namespace == home || namespace.is_empty() { name.to_owned() } else { format!("{namespace}/{name}") }
}
