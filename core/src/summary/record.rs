//! Placements as values, by which later runs leave every organization where it is.

use std::collections::BTreeSet;

use serde::Serialize;

use super::Summary;
use crate::placement;
use crate::plan::{PlacedBy, Plan};
use crate::tree::{Node, yaml};
use crate::values::Values;

/// What stands at the head of a record.
const HEAD: &str = "\
# Where organizations are, written by `gatewright plan --record`. Name this file with `-f` and nothing here moves; to move an
# organization, write another Gateway beside it. Lines go by hand only: of who is gone take them out.
";

/// A record that places nobody now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct KeptRecord {
    /// Whose it was.
    pub name: String,
    /// The name of the Gateway.
    pub gateway: String,
}

/// Records of who is not placed by them: what is no organization, or no host name of one, and who has a Gateway of its own.
/// Who is missing once, by an export that failed or a file that was forgotten, comes back to where it was, and so does who
/// shares again.
pub(super) fn kept(plan: &Plan<'_>, values: &Values<'_>) -> Vec<KeptRecord> {
    let placed = plan.placements.iter().filter(|placed| placed.by != PlacedBy::Request);
    let placed: BTreeSet<&str> = placed.map(|placed| placed.name.as_ref()).collect();
    let records = values.organizations.placements.into_iter().flatten();
    let kept = records.filter(|entry| !placed.contains(entry.key.as_ref())).filter_map(|entry| {
        let gateway = entry.value.as_text()?.to_owned();
        Some(KeptRecord { name: entry.key.to_string(), gateway })
    });
    kept.collect()
}

/// The placements of a plan as a values file; those that an organization asked for by itself are not recorded.
pub fn record(summary: &Summary) -> String {
    let placed = summary.placements.iter().filter(|placed| !placed.by_request);
    let placed = placed.map(|placed| (placed.name.as_str(), placed.gateway.as_str()));
    let kept = summary.kept_records.iter().map(|kept| (kept.name.as_str(), kept.gateway.as_str()));
    let gateways = placed.chain(kept);
    let mut text = HEAD.to_owned();
    yaml::write(&Node::map([("placements", placements(gateways))]), &mut text);
    text
}

/// `placements`: the Gateway of each, by the name under which it is placed.
pub(crate) fn placements<'n>(gateways: impl Iterator<Item = (&'n str, &'n str)>) -> Node<'n> {
    let gateways = Node::map(gateways.map(|(name, gateway)| (name, Node::text(gateway))));
    Node::map([("gateways", gateways), ("hash", Node::text(placement::NAME))])
}
