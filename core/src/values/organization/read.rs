//! Typed sections of organizations, borrowed from the tree.

use super::super::is_dns_label;
use super::super::read::{entries, hostname, metadata, port, steps};
use super::{GATEWAYS_MAX, no_effect};
use super::{Limits, Migration, Organization, OrganizationService, Phase, Quota, Sharding, Strategy};
use crate::diagnostic::Diagnostic;
use crate::hostname::Hostname;
use crate::path::Path;
use crate::tree::{Map, Node};

/// Gateways of strategy `hash` where the values do not say, as in the PRD that asks for it.
const HASH_GATEWAYS: u32 = 3;

/// `organizations`.
pub(in crate::values) fn organizations<'v>(
    root: &'v Node<'v>,
    out: &mut Vec<Diagnostic>,
) -> Vec<Organization<'v>> {
    let list = entries(root.get("organizations"), "organizations");
    let list = list.filter_map(|(path, node)| {
        let read = organization(node, path)?;
        out.extend(no_effect::without_services(&read, node.get("services")));
        Some(read)
    });
    list.collect()
}

/// One organization; `None` without a name, or with one that is refused: both have their diagnostic.
fn organization<'v>(node: &'v Node<'v>, path: Path) -> Option<Organization<'v>> {
    let name = node.get("name")?.as_text().filter(|name| is_dns_label(name))?;
    let mut namespaces: Vec<&'v str> = texts(node.get("namespaces")).collect();
    if namespaces.is_empty() {
        namespaces.push(name);
    }
    let home = namespaces.first().copied().unwrap_or(name);
    let at = path.key("services");
    let services = steps(node.get("services"))
        .filter_map(|(step, item)| {
            Some(OrganizationService {
                name: item.get("name")?.as_text().filter(|name| is_dns_label(name))?,
                port: port(item.get("port")).unwrap_or(0),
                namespace: item.get("namespace").and_then(Node::as_text).unwrap_or(home),
                hostnames: hostnames(item.get("hostnames"), &path)
                    .into_iter()
                    .map(|(name, _)| name)
                    .collect(),
                path: at.step(step),
            })
        })
        .collect();
    let own = node.get("gateway");
    let certificate = node.get("certificate");
    let quota = node.get("quota");
    Some(Organization {
        name,
        services,
        namespaces,
        hostnames: hostnames(node.get("hostnames"), &path.key("hostnames")),
        extra_hostnames: hostnames(node.get("extraHostnames"), &path.key("extraHostnames")),
        is_dedicated: own.and_then(|own| own.get("dedicated")).and_then(Node::as_bool) == Some(true),
        class: own.and_then(|own| own.get("className")).and_then(Node::as_text),
        gateway: own,
        gateway_metadata: own.map(metadata).unwrap_or_default(),
        issuer_ref: certificate
            .and_then(|certificate| certificate.get("issuerRef"))
            .filter(|issuer| issuer.get("name").is_some()),
        secret_name: certificate
            .and_then(|certificate| certificate.get("secretName"))
            .and_then(Node::as_text),
        quota: Quota { hostnames: number(quota, "hostnames"), listeners: number(quota, "listeners") },
        path,
    })
}

/// `sharding`.
pub(in crate::values) fn sharding(node: Option<&Node<'_>>) -> Sharding {
    let text = |key: &str| node.and_then(|node| node.get(key)).and_then(Node::as_text);
    let limits = node.and_then(|node| node.get("limits"));
    // What is refused counts as not written.
    let gateways =
        |key: &str| number(node, key).filter(|most| (1..=GATEWAYS_MAX).contains(&i64::from(*most)));
    let limit = |key: &str| number(limits, key).filter(|most| *most > 0);
    Sharding {
        strategy: text("strategy").and_then(Strategy::parse).unwrap_or(Strategy::Hybrid),
        gateways: gateways("gateways").unwrap_or(HASH_GATEWAYS),
        max_gateways: gateways("maxGateways"),
        listener_sets: match text("listenerSets") {
            Some("always") => Some(true),
            Some("never") => Some(false),
            _ => None,
        },
        limits: Limits {
            listeners: limit("listeners"),
            certificates: limit("certificates"),
            rules: limit("rules"),
            target_groups: limit("targetGroups"),
            tls_hosts: limit("tlsHosts"),
        },
    }
}

/// `placements.gateways`.
pub(in crate::values) fn placements<'v>(node: Option<&'v Node<'v>>) -> Option<&'v Map<'v>> {
    node.and_then(|node| node.get("gateways")).and_then(Node::as_map)
}

/// `migration`; `None` without a phase, and where the strategy before is none: both have their diagnostic.
pub(in crate::values) fn migration<'v>(node: Option<&'v Node<'v>>) -> Option<Migration<'v>> {
    let text = |key: &str| node.and_then(|node| node.get(key)).and_then(Node::as_text);
    let from = match node.and_then(|node| node.get("from")).filter(|from| !from.is_null()) {
        Some(from) => from.as_text().and_then(Strategy::parse)?,
        None => Strategy::PerService,
    };
    let at = Path::ROOT.key("migration").key("organizations");
    let listed = node.and_then(|node| node.get("organizations")).into_iter().flat_map(Node::items);
    Some(Migration {
        phase: text("phase").and_then(Phase::parse)?,
        from,
        organizations: listed.filter_map(|(index, item)| Some((item.as_text()?, at.index(index)))).collect(),
        placements: placements(node.and_then(|node| node.get("placements"))),
    })
}

fn texts<'v>(node: Option<&'v Node<'v>>) -> impl Iterator<Item = &'v str> {
    node.into_iter().flat_map(Node::items).filter_map(|(_, item)| item.as_text())
}

fn hostnames<'v>(node: Option<&'v Node<'v>>, at: &Path) -> Vec<(Hostname<'v>, Path)> {
    let items = node.into_iter().flat_map(Node::items);
    items.filter_map(|(index, item)| Some((hostname(Some(item))?, at.index(index)))).collect()
}

fn number(node: Option<&Node<'_>>, key: &str) -> Option<u32> {
    node.and_then(|node| node.get(key))
        .and_then(Node::as_integer)
        .and_then(|number| u32::try_from(number).ok())
}
