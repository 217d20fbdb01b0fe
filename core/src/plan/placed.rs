//! Where organizations are, and who of them is on the way from one strategy to another.

use std::borrow::Cow;

use super::Listener;
use crate::placement::Load;
use crate::values::{Phase, Strategy};

/// An organization, or one of its host names, on its Gateway.
#[derive(Clone, Debug)]
pub struct Placed<'v> {
    /// By what it is placed and recorded: the organization's name, or the host name.
    pub name: Cow<'v, str>,
    /// Whose it is.
    pub organization: &'v str,
    /// The index of the Gateway.
    pub gateway: usize,
    /// Who said so.
    pub by: PlacedBy,
    /// What it takes of the Gateway.
    pub load: Load,
}

/// Why an organization is on its Gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlacedBy {
    /// It asked for one of its own, or every organization gets one.
    Request,
    /// There is one Gateway.
    Only,
    /// It is recorded there.
    Record,
    /// By the hash of the two names.
    Hash,
    /// By the hash of the two names, of the Gateways that others left room on.
    Displacement,
}

/// The way of organizations from one strategy to another.
#[derive(Debug)]
pub struct Migration<'v> {
    /// How far it is.
    pub phase: Phase,
    /// The strategy before.
    pub from: Strategy,
    /// Where organizations, or their host names, are by the strategy before; empty in the last phase.
    pub placements: Vec<Placed<'v>>,
    /// Who is on the way, in the order of the values; empty in the last phase.
    pub organizations: Vec<Migrant<'v>>,
}

/// An organization on its way from one strategy to another.
#[derive(Clone, Copy, Debug)]
pub struct Migrant<'v> {
    /// Its name.
    pub name: &'v str,
    /// Whether its new listeners serve it.
    pub is_cut_over: bool,
    /// Listeners that it has by the old strategy and not by the new.
    pub old_listeners: usize,
    /// How many of them still stand.
    pub left: usize,
}

/// A listener that stands on its Gateway in another phase of a migration: its Secret stays allowed.
#[derive(Debug)]
pub(super) struct Away<'v> {
    /// The Gateway's namespace.
    pub(super) namespace: &'v str,
    pub(super) listener: Listener<'v>,
}
