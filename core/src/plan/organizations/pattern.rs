//! The Gateway that those of organizations are made like.

use super::Added;
use super::strategy::{Gateways, Row};
use crate::plan::Gateway;
use crate::plan::routes::Draft;
use crate::tree::Node;

/// Takes it out of the plan where nobody shares it and no route of the values is behind it.
pub(super) fn drop_unused(
    rows: &[Row],
    gateways: &mut Vec<Gateway<'_>>,
    routes: &mut [Draft<'_>],
    added: &mut Added<'_>,
) {
    let is_shared = rows.iter().any(|row| matches!(row.gateways, Gateways::One | Gateways::Growing));
    let Some(pattern) = gateways.first().filter(|_| !is_shared && gateways.len() > 1) else { return };
    // Its name is enough: where the release's namespace is unknown, nothing tells whether a reference leads here.
    let is_named = |parent: &Node<'_>| parent.get("name").and_then(Node::as_text) == Some(&pattern.name);
    let may_attach = |route: &Draft<'_>| {
        route.use_default_gateways.is_some() || route.parents.refs.iter().any(|parent| is_named(parent))
    };
    if routes.iter().any(may_attach) {
        return;
    }
    gateways.remove(0);
    let before = added.migration.iter_mut().flat_map(|migration| &mut migration.placements);
    let of_placements = added.placements.iter_mut().chain(before).map(|placed| &mut placed.gateway);
    let of_routes = routes.iter_mut().flat_map(|route| &mut route.parents.own).map(|(_, gateway)| gateway);
    of_placements.chain(of_routes).for_each(|gateway| *gateway = gateway.saturating_sub(1));
}
