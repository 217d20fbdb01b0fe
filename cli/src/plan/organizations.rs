//! Organizations in a plan for people: what the strategy comes to, how full each Gateway is, who went where.

use gatewright_core::summary::{
    Amount, Gateway, Listener, ListenerSet, Migrant, Migration, Placement, Room, Summary,
};

use super::text::{placed, section};
use crate::page::{Page, counted};

/// Prints what a plan says of organizations, if it has any.
pub(super) fn print(page: &mut Page, summary: &Summary) {
    let Some(sharding) = &summary.sharding else { return };
    let home = summary.release.namespace.as_str();
    page.heading("ORGANIZATIONS");
    page.wrapped(
        "  ",
        &format!(
            "{} with {} by strategy {}: {}, {}, {}, {}",
            counted(sharding.organizations, "organization"),
            counted(sharding.services, "service"),
            sharding.strategy,
            counted(sharding.gateways, "Gateway"),
            counted(sharding.listeners, "listener"),
            counted(sharding.listener_sets, "ListenerSet"),
            counted(sharding.certificates, "certificate"),
        ),
    );
    page.wrapped(
        "  ",
        &format!(
            "{} of them share a Gateway; the failure of one takes {} at most; {} displaced by others",
            sharding.sharing,
            counted(sharding.largest_failure_domain, "organization"),
            sharding.displaced,
        ),
    );
    let rows: Vec<[String; 8]> = summary.gateways.iter().filter_map(|gateway| room(gateway, home)).collect();
    let head = [
        "GATEWAY",
        "ORGANIZATIONS",
        "ITS LISTENERS",
        "LISTENERS",
        "CERTIFICATES",
        "RULES",
        "BACKENDS",
        "TLS HOSTS",
    ];
    page.table(4, head, &rows);
    if let Some(migration) = &summary.migration {
        self::migration(page, migration);
    }
    let rows: Vec<[String; 4]> = summary.placements.iter().map(placement).collect();
    section(page, "PLACEMENTS", ["NAME", "ORGANIZATION", "GATEWAY", "WHY"], &rows);
    let rows: Vec<[String; 4]> = summary.listener_sets.iter().map(|set| self::set(set, home)).collect();
    section(page, "LISTENER SETS", ["NAME", "GATEWAY", "LISTENERS", "HOSTNAMES"], &rows);
}

fn migration(page: &mut Page, migration: &Migration) {
    let Migration { phase, from, to, cut_over, old_listeners, old_listeners_left, organizations, .. } =
        migration;
    page.heading("MIGRATION");
    let words = if organizations.is_empty() {
        format!(
            "from {from} to {to}, phase {phase}: nothing old is left, and `migration` can go from the values"
        )
    } else {
        format!(
            "from {from} to {to}, phase {phase}: {cut_over} of {} cut over, {old_listeners_left} of {} left",
            counted(organizations.len(), "organization"),
            counted(*old_listeners, "old listener"),
        )
    };
    page.wrapped("  ", &words);
    let rows: Vec<[String; 5]> = organizations.iter().map(migrant).collect();
    if !rows.is_empty() {
        page.table(
            4,
            ["ORGANIZATION", "SERVED BY", "OLD GATEWAY", "NEW GATEWAY", "OLD LISTENERS LEFT"],
            &rows,
        );
    }
}

fn migrant(migrant: &Migrant) -> [String; 5] {
    let Migrant { name, cut_over, from, to, old_listeners, old_listeners_left } = migrant;
    [
        name.clone(),
        if *cut_over { "new" } else { "old" }.to_owned(),
        crate::page::names(from.iter().map(String::as_str)),
        crate::page::names(to.iter().map(String::as_str)),
        format!("{old_listeners_left} of {old_listeners}"),
    ]
}

/// How much is taken of a Gateway that organizations are behind.
fn room(gateway: &Gateway, home: &str) -> Option<[String; 8]> {
    let Gateway { name, namespace, organizations, room, .. } = gateway;
    let Room { own_listeners, listeners, certificates, rules, target_groups, tls_hosts } =
        room.as_ref().filter(|_| *organizations > 0)?;
    // Without a bound these two say what listeners and rules say already.
    let bounded = |amount: &Amount| amount.most.map_or_else(String::new, |_| amount.words());
    Some([
        placed(namespace, name, home),
        organizations.to_string(),
        own_listeners.words(),
        listeners.words(),
        certificates.words(),
        rules.words(),
        bounded(target_groups),
        bounded(tls_hosts),
    ])
}

fn placement(placement: &Placement) -> [String; 4] {
    let Placement { name, organization, gateway, displaced: _, by_request: _, why } = placement;
    let organization = if organization == name { String::new() } else { organization.clone() };
    [name.clone(), organization, gateway.clone(), (*why).to_owned()]
}

fn set(set: &ListenerSet, home: &str) -> [String; 4] {
    let ListenerSet { name, namespace, gateway, gateway_namespace, listeners, path: _ } = set;
    let hostnames = |listener: &Listener| listener.hostname.clone().unwrap_or_else(|| "any".to_owned());
    let hostnames: Vec<String> = listeners.iter().map(hostnames).collect();
    [
        placed(namespace, name, home),
        placed(gateway_namespace, gateway, home),
        listeners.len().to_string(),
        crate::page::names(hostnames.iter().map(String::as_str)),
    ]
}
