//! Placements as values, by which later runs leave every organization where it is.

use super::Summary;
use crate::placement;
use crate::tree::{Node, yaml};

/// What stands at the head of a record.
const HEAD: &str = "\
# Where organizations are, written by `gatewright plan --record`. Name this file with `-f` and nothing here moves; to move an
# organization, write another Gateway beside it.
";

/// The placements of a plan as a values file; those that an organization asked for by itself are not recorded.
pub fn record(summary: &Summary) -> String {
    let recorded = summary.placements.iter().filter(|placed| !placed.by_request);
    let gateways = recorded.map(|placed| (placed.name.as_str(), placed.gateway.as_str()));
    let mut text = HEAD.to_owned();
    yaml::write(&Node::map([("placements", placements(gateways))]), &mut text);
    text
}

/// `placements`: the Gateway of each, by the name under which it is placed.
pub(crate) fn placements<'n>(gateways: impl Iterator<Item = (&'n str, &'n str)>) -> Node<'n> {
    let gateways = Node::map(gateways.map(|(name, gateway)| (name, Node::text(gateway))));
    Node::map([("gateways", gateways), ("hash", Node::text(placement::NAME))])
}
