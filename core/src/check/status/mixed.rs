//! HTTPRoutes and GRPCRoutes that share a host at a listener: until 1.5 one of two such routes is not accepted.
//!
//! Source: Gateway API v1.4.1 and v1.5.1, `apis/v1/grpcroute_types.go:126-137`: exactly one must be, the older
//! one. v1.6.1 and v1.6.3 still have the words, but that release gave it up (`CHANGELOG/1.6-CHANGELOG.md:126`,
//! pull request 4598); v1.7.0, `grpcroute_types.go:144-156`, leaves it to the controller.

use std::collections::BTreeMap;

use super::condition::{Condition, PENDING, Truth};
use crate::check::attach::hosts::ByHost;
use crate::check::attach::{Attachments, Attempt, Joined, ListenerId, Parent, precedence};
use crate::check::model::{Model, Route};
use crate::check::rule::finding::named;
use crate::check::settings::Settings;
use crate::release::Release;

/// The reason of a route that is not accepted. Gateway API names none; listeners have this one for the like.
const REASON: &str = "HostnameConflict";

/// Routes that a listener does not take, or perhaps not, each with a route that it takes in its place.
pub(in crate::check) struct Refusals<'c> {
    model: &'c Model<'c>,
    found: BTreeMap<(ListenerId, usize), (Truth, usize)>,
}

impl<'c> Refusals<'c> {
    pub(super) fn find(model: &'c Model<'c>, settings: &Settings, attachments: &Attachments<'c>) -> Self {
        let listeners = attachments.listeners.iter().enumerate();
        Self::of(model, settings, listeners.map(|(at, joined)| (ListenerId(at), joined)))
    }

    /// Those of some listeners only.
    pub(in crate::check) fn of<'j>(
        model: &'c Model<'c>,
        settings: &Settings,
        listeners: impl IntoIterator<Item = (ListenerId, &'j Joined<'c>)>,
    ) -> Self
    where
        'c: 'j,
    {
        let mut refusals = Self { model, found: BTreeMap::new() };
        if settings.target.release < Release::V1_6 {
            for (id, joined) in listeners {
                refusals.look_at(id, joined);
            }
        }
        refusals
    }

    /// What speaks against a route at a listener, and whether it does for certain.
    pub(in crate::check) fn at(&self, id: ListenerId, route: usize) -> Option<(Truth, String)> {
        let (truth, other) = self.found.get(&(id, route))?;
        Some((*truth, self.words(*truth, *other)?))
    }

    fn words(&self, truth: Truth, other: usize) -> Option<String> {
        let other = self.model.routes.get(other)?;
        let goes_first = match truth {
            Truth::Unknown => ", and the older of the two is accepted",
            Truth::True | Truth::False => " and goes first",
        };
        Some(format!("{} is for a host of it{goes_first}", named(other.kind, &other.meta)))
    }

    fn look_at(&mut self, id: ListenerId, joined: &Joined<'_>) {
        let routes: &'c [Route<'c>] = &self.model.routes;
        let mut attached: Vec<(usize, &Route<'_>)> =
            joined.routes.iter().filter_map(|at| Some((*at, routes.get(*at)?))).collect();
        if ["HTTPRoute", "GRPCRoute"].iter().any(|kind| attached.iter().all(|(_, route)| route.kind != *kind))
        {
            return;
        }
        attached.sort_by(|(_, one), (_, other)| precedence(&one.meta).cmp(&precedence(&other.meta)));
        // What is in no cluster yet is younger than what is, and of these nobody knows which is created first.
        let (aged, new) =
            attached.split_at(attached.partition_point(|(_, route)| route.meta.created.is_some()));
        let mut taken = Taken::default();
        for (at, route) in aged {
            match taken.meeting(joined, route) {
                Some(older) => self.refuse(id, *at, Truth::False, older),
                None => taken.add(joined, *at, route),
            }
        }
        let mut open = Taken::default();
        let mut undecided = Vec::new();
        for (at, route) in new {
            if let Some(older) = taken.meeting(joined, route) {
                self.refuse(id, *at, Truth::False, older);
                continue;
            }
            open.add(joined, *at, route);
            undecided.push((*at, *route));
        }
        for (at, route) in undecided {
            if let Some(other) = open.meeting(joined, route) {
                self.refuse(id, at, Truth::Unknown, other);
            }
        }
    }

    fn refuse(&mut self, id: ListenerId, route: usize, truth: Truth, other: usize) {
        self.found.insert((id, route), (truth, other));
    }

    /// How many routes a listener certainly takes.
    pub(super) fn attached(&self, id: ListenerId, joined: &Joined<'_>) -> usize {
        joined.routes.iter().filter(|route| !self.found.contains_key(&(id, **route))).count()
    }

    /// `Accepted` of a route that none of the parent's listeners takes for certain; absent where one does.
    pub(super) fn accepted(&self, route: usize, parent: &Parent) -> Option<Condition> {
        let attached = parent.candidates.iter().filter(|(_, attempt)| *attempt == Attempt::Attached);
        let mut worst = None;
        for (id, _) in attached {
            let (truth, other) = self.found.get(&(*id, route))?;
            if worst.is_none() || *truth == Truth::Unknown {
                worst = Some((*truth, *other));
            }
        }
        let (truth, other) = worst?;
        let reason = if truth == Truth::False { REASON } else { PENDING };
        Some(Condition::new("Accepted", truth, reason, self.words(truth, other)?))
    }
}

/// The host names of routes that are taken, by kind.
#[derive(Default)]
struct Taken<'c> {
    of_http: ByHost<'c, usize>,
    of_grpc: ByHost<'c, usize>,
}

impl<'c> Taken<'c> {
    fn add(&mut self, joined: &Joined<'_>, at: usize, route: &'c Route<'_>) {
        let own = if route.kind == "GRPCRoute" { &mut self.of_grpc } else { &mut self.of_http };
        joined.hosts(route).for_each(|name| own.add(name, at));
    }

    /// A route of the other kind that has a host in common with this one.
    fn meeting(&self, joined: &Joined<'_>, route: &Route<'_>) -> Option<usize> {
        let others = if route.kind == "GRPCRoute" { &self.of_http } else { &self.of_grpc };
        joined.hosts(route).find_map(|name| others.meeting(name))
    }
}
