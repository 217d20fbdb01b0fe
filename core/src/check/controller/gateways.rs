//! Which Gateways a route wants to attach to.

use crate::check::attach::{Membership, Target};
use crate::check::model::Route;
use crate::check::rule::Context;

/// Routes that want to attach to a Gateway or ListenerSet, and not to a mesh's Services alone.
pub(super) fn routes<'c>(context: &Context<'c>) -> impl Iterator<Item = &'c Route<'c>> {
    let all = context.model.routes.iter().zip(&context.attach.routes);
    all.filter(|(_, parents)| parents.iter().any(|parent| parent.target != Target::Other))
        .map(|(route, _)| route)
}

/// The Gateway of the model that a parent is or belongs to.
pub(super) fn of_target(context: &Context<'_>, target: Target) -> Option<usize> {
    match target {
        Target::Gateway(at) => Some(at),
        Target::ListenerSet(at) => match context.attach.memberships.get(at)? {
            Membership::Joined(gateway) | Membership::Maybe(gateway) => Some(*gateway),
            Membership::NotAllowed(_) | Membership::NoGateway | Membership::UnknownGateway => None,
        },
        Target::Absent | Target::Other => None,
    }
}
