//! Typed sections of organizations, borrowed from the tree.

use super::super::is_dns_label;
use super::super::read::{entries, hostname, metadata, port, steps};
use super::{Limits, Migration, Organization, OrganizationService, Phase, Quota, Sharding, Strategy};
use crate::hostname::Hostname;
use crate::path::Path;
use crate::tree::{Map, Node};

/// Gateways of strategy `hash` where the values do not say, as in the PRD that asks for it.
const HASH_GATEWAYS: u32 = 3;

/// `organizations`.
pub(in crate::values) fn organizations<'v>(root: &'v Node<'v>) -> Vec<Organization<'v>> {
    let list = root.get("organizations");
    entries(list, "organizations").filter_map(|(path, node)| organization(node, path)).collect()
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
    Sharding {
        strategy: text("strategy").and_then(Strategy::parse).unwrap_or(Strategy::Hybrid),
        gateways: number(node, "gateways").unwrap_or(HASH_GATEWAYS),
        max_gateways: number(node, "maxGateways"),
        listener_sets: match text("listenerSets") {
            Some("always") => Some(true),
            Some("never") => Some(false),
            _ => None,
        },
        limits: Limits {
            listeners: number(limits, "listeners"),
            certificates: number(limits, "certificates"),
            rules: number(limits, "rules"),
            target_groups: number(limits, "targetGroups"),
            tls_hosts: number(limits, "tlsHosts"),
        },
    }
}

/// `placements.gateways`.
pub(in crate::values) fn placements<'v>(node: Option<&'v Node<'v>>) -> Option<&'v Map<'v>> {
    node.and_then(|node| node.get("gateways")).and_then(Node::as_map)
}

/// `migration`; `None` without a phase, which has its diagnostic.
pub(in crate::values) fn migration<'v>(node: Option<&'v Node<'v>>) -> Option<Migration<'v>> {
    let text = |key: &str| node.and_then(|node| node.get(key)).and_then(Node::as_text);
    let at = Path::ROOT.key("migration").key("organizations");
    let listed = node.and_then(|node| node.get("organizations")).into_iter().flat_map(Node::items);
    Some(Migration {
        phase: text("phase").and_then(Phase::parse)?,
        from: text("from").and_then(Strategy::parse).unwrap_or(Strategy::PerService),
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
