//! The status that a conforming controller would write, without one.
//!
//! Types are Gateway API's own, and reasons where it has one (`condition` and `mixed` say where it has not).
//! Serialised, it is the value of `status` in the JSON of `gatewright check --status`. The Gateways are taken to be
//! the controller's, and its addresses to be had. What depends on objects that were not given has the status `Unknown`.

mod condition;
mod gateway;
mod listener;
pub(in crate::check) mod mixed;
mod route;
mod tls;

#[cfg(test)]
mod tests;

use serde::Serialize;

use self::mixed::Refusals;
use super::attach::{Attachments, ListenerId};
use super::model::{Meta, Model};
use super::settings::Settings;

pub use condition::{Condition, Truth};
pub use gateway::GatewayStatus;
pub use listener::{ListenerStatus, Object, SupportedKind};
pub use route::{ParentName, ParentStatus, RouteStatus};

/// The status of everything that has one.
#[derive(Debug, Serialize)]
pub struct Status<'c> {
    /// Every route, in the model's order.
    pub routes: Vec<RouteStatus<'c>>,
    /// Every listener: those of the Gateways first, then those of the ListenerSets.
    pub listeners: Vec<ListenerStatus<'c>>,
    /// Every Gateway, then every ListenerSet.
    pub gateways: Vec<GatewayStatus<'c>>,
}

/// Predicts the status of everything in the model.
pub fn predict<'c>(model: &'c Model<'c>, settings: &Settings, attachments: &Attachments<'c>) -> Status<'c> {
    let refusals = Refusals::find(model, settings, attachments);
    let routes =
        (0..model.routes.len()).filter_map(|at| route::status(at, model, attachments, &refusals, settings));
    let listeners = attachments.listeners.iter().enumerate();
    let listeners = listeners.map(|(at, joined)| {
        let attached = refusals.attached(ListenerId(at), joined);
        listener::status(joined, attached, model, attachments, settings)
    });
    let (listeners, verdicts): (Vec<_>, Vec<_>) = listeners.unzip();

    let gateways: Vec<[Condition; 2]> =
        (0..model.gateways.len()).map(|at| gateway::gateway(at, attachments, &verdicts)).collect();
    let sets: Vec<[Condition; 2]> = (0..model.listener_sets.len())
        .map(|at| gateway::listener_set(at, model, attachments, &verdicts, &gateways))
        .collect();
    let joined = |gateway| {
        let accepted = |set: &&usize| sets.get(**set).is_some_and(|[one, _]| one.status == Truth::True);
        attachments.sets(gateway).iter().filter(accepted).count()
    };
    let counts: Vec<usize> = (0..model.gateways.len()).map(joined).collect();
    let of_gateways = model.gateways.iter().zip(gateways).zip(counts).enumerate();
    let of_gateways = of_gateways.map(|(at, ((gateway, conditions), count))| {
        let mut conditions = Vec::from(conditions);
        conditions.extend(tls::gateway(at, gateway, attachments, &verdicts));
        row("Gateway", &gateway.meta, Some(count), conditions)
    });
    let of_sets = model.listener_sets.iter().zip(sets);
    let of_sets = of_sets.map(|(set, conditions)| row(set.kind, &set.meta, None, conditions.into()));
    Status { routes: routes.collect(), listeners, gateways: of_gateways.chain(of_sets).collect() }
}

fn row<'c>(
    kind: &'static str,
    meta: &'c Meta<'c>,
    attached_listener_sets: Option<usize>,
    conditions: Vec<Condition>,
) -> GatewayStatus<'c> {
    GatewayStatus { kind, namespace: &meta.namespace, name: &meta.name, attached_listener_sets, conditions }
}
