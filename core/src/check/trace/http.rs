//! Which match of which route answers an HTTP or gRPC request at a listener.

use super::answer::{Answer, Loser, route_name};
use super::backends;
use super::filters::{self, Connection};
use super::matching::{self, Met, Part};
use super::rank::{self, Candidate, Step};
use super::{Tracer, fill};
use crate::check::attach::{Joined, precedence};
use crate::check::matches::{self, SlashApart};
use crate::check::model::{Match, Route, TextMatch};
use crate::hostname::covers;
use crate::release::Release;

impl<'c> Tracer<'_, 'c> {
    /// Answers a request at the listener that takes it.
    pub(super) fn http(&mut self, joined: &Joined<'c>, https: bool) -> Answer<'c> {
        let (mut met, mut perhaps) = (Vec::new(), Vec::new());
        for route in joined.routes.iter().filter_map(|at| self.model.routes.get(*at)) {
            self.collect(route, &mut met, &mut perhaps);
        }
        let kind = self.kind(&met);
        met.sort_by(|one, other| rank::compare(one, other, kind).0);
        let winner = met.first().copied();
        for other in met.iter().skip(1) {
            if let Some(winner) = &winner {
                let (_, step) = rank::compare(winner, other, kind);
                self.losers.push(loser(other, step.word(), words(winner, step)));
                let slash = SlashApart::find(found(winner), found(other));
                let note = slash.map(|slash| slash.to_string()).filter(|_| step > Step::PathLength);
                self.notes.extend(note.filter(|note| !self.notes.contains(note)));
            }
        }
        for other in &perhaps {
            self.weigh(other, winner.as_ref(), kind);
        }
        let Some(winner) = winner else {
            let rejected = self.unimplemented(joined.routes.iter());
            return Answer { status: 404, rejected, ..Answer::default() };
        };
        self.pass(&winner, joined, https)
    }

    /// What a gRPC client makes of a 404, if the request is gRPC: it says so itself, or looks like it and
    /// there are GRPCRoutes among these.
    pub(super) fn unimplemented<'r>(
        &self,
        mut routes: impl Iterator<Item = &'r usize>,
    ) -> Option<&'static str> {
        let is_grpc = |at: &usize| self.model.routes.get(*at).is_some_and(|route| route.kind == "GRPCRoute");
        let grpc = self.parts.says_grpc() || self.parts.grpc().is_some() && routes.any(is_grpc);
        grpc.then_some("grpc-unimplemented")
    }

    /// Sorts the matches of a route into those that are met, and those that only a controller can tell.
    fn collect(
        &mut self,
        route: &'c Route<'c>,
        met: &mut Vec<Candidate<'c>>,
        perhaps: &mut Vec<Candidate<'c>>,
    ) {
        let covering = route.hostnames.iter().filter(|name| covers(name, &self.parts.host));
        let host = covering.map(|name| matches::of_host(Some(name))).max();
        let Some(host) = host.or_else(|| route.hostnames.is_empty().then_some((0, 0))) else {
            let why = format!("none of its host names covers `{}`", self.parts.host);
            self.losers.push(whole(route, "route-hostname", why));
            return;
        };
        let grpc = route.kind == "GRPCRoute";
        let mut missed: Option<(usize, usize, Part)> = None;
        let before = met.len() + perhaps.len();
        for (at, rule) in route.rules.iter().enumerate() {
            for matched in 0..rule.matches.len().max(1) {
                let found = rule.matches.get(matched);
                let answer = match found {
                    Some(found) if grpc => matching::grpc(found, &self.parts),
                    Some(found) => matching::http(found, &self.parts),
                    None if grpc && self.parts.grpc().is_none() => Met::No(Part::Protocol),
                    None => Met::Yes,
                };
                let rank = matches::of_match(found, !grpc).rank();
                let candidate = Candidate { route, rule: at, matched, host, rank };
                match answer {
                    Met::Yes => met.push(candidate),
                    Met::Perhaps => perhaps.push(candidate),
                    Met::No(part) => {
                        missed.get_or_insert((at, matched, part));
                    }
                }
            }
        }
        if met.len() + perhaps.len() == before {
            let why = missed.map_or_else(
                || "it has no rules".to_owned(),
                |(rule, at, part)| {
                    format!("no match is met; rule {rule}, match {at} fails on the {}", part.words())
                },
            );
            self.losers.push(whole(route, "no-match", why));
        }
    }

    /// The kind of the oldest route for the host. Until 1.5 HTTPRoutes and GRPCRoutes could not share one;
    /// from 1.6 on the documentation leaves it to the implementation.
    ///
    /// Source: `apis/v1/grpcroute_types.go:126-138`; facts 3.3 (#4598).
    fn kind(&mut self, met: &[Candidate<'c>]) -> Option<&'static str> {
        let top = met.iter().map(|candidate| candidate.host).max()?;
        let tier = || met.iter().filter(|candidate| candidate.host == top).map(|candidate| candidate.route);
        let oldest = tier().min_by_key(|route| precedence(&route.meta))?;
        if tier().all(|route| route.kind == oldest.kind) {
            return None;
        }
        self.notes.push(
            "HTTPRoutes and GRPCRoutes share the host: a controller may accept one kind only, that of the oldest route"
                .to_owned(),
        );
        (self.settings.target.release < Release::V1_6).then_some(oldest.kind)
    }

    /// Places a match that hangs on a regular expression: behind the winner for certain, or undecided.
    fn weigh(&mut self, other: &Candidate<'c>, winner: Option<&Candidate<'c>>, kind: Option<&str>) {
        let found = found(other);
        let by_path = found.is_some_and(|found| matches!(found.path, Some(TextMatch::Expression(_))));
        if let Some(winner) = winner {
            let (order, step) = rank::compare(winner, other, kind);
            // The rank of a path by regular expression is the controller's own, `httproute_types.go:196`.
            let sure = matches!(step, Step::RouteHostname | Step::RouteKind) || !by_path;
            if order.is_lt() && sure {
                let why = format!("{}, whether its regular expression matches or not", words(winner, step));
                self.losers.push(loser(other, step.word(), why));
                return;
            }
        }
        let rank = if by_path { "; its rank is the controller's own" } else { "" };
        let why = format!("may match: its regular expression is in the controller's dialect{rank}");
        self.undecided.push(loser(other, "regular-expression", why));
    }

    /// Applies filters and shares the request out.
    fn pass(&mut self, winner: &Candidate<'c>, joined: &Joined<'_>, https: bool) -> Answer<'c> {
        let route = winner.route;
        let Some(rule) = route.rules.get(winner.rule) else {
            return Answer { status: 404, ..Answer::default() };
        };
        let connection = Connection { https, port: joined.listener.port };
        let mut request = filters::unchanged(&self.parts);
        let found = found(winner);
        let redirect = filters::apply(&rule.filters, found, &connection, &mut request, &mut self.notes);
        let mut answer = Answer {
            route: Some(route_name(route)),
            rule: Some(winner.rule),
            matched: Some(winner.matched),
            ..Answer::default()
        };
        if let Some(redirect) = redirect {
            answer.status = u16::try_from(redirect.status_code).unwrap_or(302);
            answer.redirect = Some(redirect);
            return answer;
        }
        let more = (found, &connection, Some(&request));
        answer.backends =
            backends::shares(route, rule, self.attachments, self.settings, more, &mut self.notes);
        fill(&mut answer, route.kind == "GRPCRoute");
        if answer.status == 200 {
            answer.request = Some(request);
        }
        answer
    }
}

fn found<'c>(candidate: &Candidate<'c>) -> Option<&'c Match<'c>> {
    candidate.route.matched(candidate.rule, Some(candidate.matched))
}

fn loser<'c>(candidate: &Candidate<'c>, lost: &'static str, why: String) -> Loser<'c> {
    Loser {
        route: route_name(candidate.route),
        rule: Some(candidate.rule),
        matched: Some(candidate.matched),
        lost,
        why,
    }
}

pub(super) fn whole<'c>(route: &'c Route<'c>, lost: &'static str, why: String) -> Loser<'c> {
    Loser { route: route_name(route), rule: None, matched: None, lost, why }
}

fn words(winner: &Candidate<'_>, step: Step) -> String {
    let meta = &winner.route.meta;
    format!("{} (`{}/{}`, rule {})", step.words(), meta.namespace, meta.name, winner.rule)
}
