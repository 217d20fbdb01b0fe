//! Which match of which route answers an HTTP or gRPC request at a listener.

use super::Tracer;
use super::answer::{Answer, Loser, route_name};
use super::backends::{self, Traffic};
use super::filters::{self, Connection};
use super::listener;
use super::matching::{self, Met};
use super::nearest::nearest;
use super::rank::{self, Candidate, Step};
use crate::check::attach::{Doubt, Joined, ListenerId};
use crate::check::matches::{self, SlashApart};
use crate::check::model::{Match, Route, TextMatch};
use crate::check::or_unnamed;
use crate::check::status::Truth;
use crate::check::status::mixed::Refusals;
use crate::hostname::covers;

impl<'c> Tracer<'_, 'c> {
    /// Answers a request at the listener that takes it.
    pub(super) fn http(&mut self, (id, joined): (ListenerId, &Joined<'c>), https: bool) -> Answer<'c> {
        let (mut met, mut perhaps) = (Vec::new(), Vec::new());
        let refusals = Refusals::of(self.model, self.settings, [(id, joined)]);
        for at in &joined.routes {
            let Some(route) = self.model.routes.get(*at) else { continue };
            match refusals.at(id, *at) {
                Some((Truth::False, why)) if listener::is_for(route, &self.parts.host) => {
                    self.losers.push(whole(route, "not-accepted", why));
                }
                refusal => self.collect(route, refusal.map(|_| Doubt::Age), &mut met, &mut perhaps),
            }
        }
        for (at, doubt) in self.perhaps_attached(id, joined) {
            if let Some(route) = self.model.routes.get(at) {
                self.collect(route, Some(doubt), &mut met, &mut perhaps);
                self.weighed.insert(at);
            }
        }
        self.note_kinds(&met);
        met.sort_by(|one, other| rank::compare(one, other).0);
        let winner = met.first().copied();
        if let Some(winner) = &winner {
            for other in met.iter().skip(1) {
                self.lose(other, winner);
            }
        }
        for other in &perhaps {
            self.weigh(other, winner.as_ref());
        }
        let mut answer = if let Some(winner) = &winner {
            self.pass(winner, joined, https)
        } else {
            if joined.routes.is_empty() && perhaps.is_empty() {
                self.notes.push("no route is attached to the listener".to_owned());
            }
            let rejected = self.unimplemented(joined.routes.iter());
            Answer { status: 404, rejected, ..Answer::default() }
        };
        if !self.undecided.is_empty() {
            answer.undecided();
        }
        self.note_queries();
        answer
    }

    /// Says what Gateway API leaves open of query parameters, where a match asks for any.
    fn note_queries(&mut self) {
        let mut matches =
            self.model.routes.iter().flat_map(|route| &route.rules).flat_map(|rule| &rule.matches);
        if matches.all(|found| found.query_params.is_empty()) {
            return;
        }
        if let Some(name) = self.parts.repeated_parameter() {
            self.notes.push(format!(
                "the query has `{name}` more than once: its first value counts here, Gateway API leaves it open"
            ));
        }
        if self.parts.query_text.contains(['%', '+']) {
            self.notes
                .push("queries are compared as they are written; some proxies decode them first".to_owned());
        }
    }

    /// Places a match that is met, but is not the first: behind it, unless the place of one that matches by
    /// regular expression is the controller's own.
    fn lose(&mut self, other: &Candidate<'c>, winner: &Candidate<'c>) {
        let (_, step) = rank::compare(winner, other);
        if !is_certain(step) && !are_ranked(winner, other) {
            let why = format!("matches as well, and {OWN_RANK}");
            self.undecided.push(loser(other, "regular-expression", why));
            return;
        }
        if hangs_on_a_name(winner, other, step) {
            self.undecided.push(loser(other, Step::Name.word(), rank::NO_NAME_YET.to_owned()));
            return;
        }
        self.losers.push(loser(other, step.word(), words(winner, step)));
        let slash = SlashApart::find(found(winner), found(other)).filter(|_| step > Step::PathLength);
        let note = slash.map(|slash| slash.to_string());
        self.notes.extend(note.filter(|note| !self.notes.contains(note)));
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
        doubt: Option<Doubt>,
        met: &mut Vec<Candidate<'c>>,
        perhaps: &mut Vec<Candidate<'c>>,
    ) {
        let covering = route.hostnames.iter().filter(|name| covers(name, &self.parts.host));
        let host = covering.map(|name| matches::of_host(Some(name))).max();
        let Some(host) = host.or_else(|| route.hostnames.is_empty().then_some((0, 0))) else {
            self.of_other_hosts.push(route);
            return;
        };
        let grpc = route.kind == "GRPCRoute";
        let before = met.len() + perhaps.len();
        for (at, rule) in route.rules.iter().enumerate() {
            for matched in 0..rule.matches.len().max(1) {
                let found = rule.matches.get(matched);
                let answer = match found {
                    Some(found) => matching::met(found, grpc, &self.parts),
                    None if grpc && self.parts.grpc().is_none() => Met::No,
                    None => Met::Yes,
                };
                let candidate = || {
                    let rank = matches::of_match(found, !grpc).rank();
                    Candidate { route, rule: at, matched, host, rank, doubt }
                };
                match answer {
                    Met::Yes if doubt.is_none() => met.push(candidate()),
                    Met::Yes | Met::Perhaps => perhaps.push(candidate()),
                    Met::No => {}
                }
            }
        }
        if met.len() + perhaps.len() == before {
            let why = nearest(route, &self.parts);
            self.losers.push(whole(route, "no-match", why));
        }
    }

    /// Says where HTTPRoutes and GRPCRoutes share the host, which from 1.6 on is left to the controller.
    ///
    /// Source: v1.6.1, `CHANGELOG/1.6-CHANGELOG.md:126`; v1.7.0, `apis/v1/grpcroute_types.go:144-156`.
    fn note_kinds(&mut self, met: &[Candidate<'c>]) {
        let Some(top) = met.iter().map(|candidate| candidate.host).max() else { return };
        let mut kinds = met.iter().filter(|candidate| candidate.host == top).map(|found| found.route.kind);
        let first = kinds.next();
        if kinds.any(|kind| Some(kind) != first) {
            self.notes.push(
                "HTTPRoutes and GRPCRoutes share the host: a controller may accept one kind only, that of the oldest route"
                    .to_owned(),
            );
        }
    }

    /// Places a match that may be met, or whose route may be attached: behind the winner for certain, or
    /// undecided.
    fn weigh(&mut self, other: &Candidate<'c>, winner: Option<&Candidate<'c>>) {
        if let Some(winner) = winner {
            let (order, step) = rank::compare(winner, other);
            if order.is_lt()
                && (is_certain(step) || are_ranked(winner, other))
                && !hangs_on_a_name(winner, other, step)
            {
                let why = format!("{}, whether it is met or not", words(winner, step));
                self.losers.push(loser(other, step.word(), why));
                return;
            }
        }
        let (lost, why) = if let Some(doubt) = other.doubt {
            ("not-accepted", format!("takes it if it is attached: {}", doubt.words()))
        } else {
            let rank = if by_expression(other) { format!("; {OWN_RANK}") } else { String::new() };
            let dialect = "may match: its regular expression is in the controller's dialect";
            ("regular-expression", format!("{dialect}{rank}"))
        };
        self.undecided.push(loser(other, lost, why));
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
        let mut answer = Answer { matched: Some(winner.matched), ..Answer::of(route, winner.rule) };
        if let Some(redirect) = redirect {
            self.notes.extend((!redirect.query.is_empty()).then(|| filters::QUERY_KEPT.to_owned()));
            if redirect.leads_back(&connection, &self.parts) {
                self.notes.push(
                    "the redirect leads back to what was asked for: clients go round in circles".to_owned(),
                );
            }
            answer.status = u16::try_from(redirect.status_code).unwrap_or(302);
            answer.redirect = Some(redirect);
            return answer;
        }
        if filters::are_unread(&rule.filters) {
            // What a redirect answers that names no status.
            answer.status = 302;
            answer.undecided();
            return answer;
        }
        let traffic = Traffic { connection: &connection, matched: found, request: Some(&request) };
        answer.backends = self.shares(route, rule, traffic);
        if rule.backends.is_empty() {
            self.notes.push("the rule names no backend".to_owned());
        }
        backends::fill(&mut answer, route.kind == "GRPCRoute");
        if answer.status == 200 {
            answer.request = Some(request);
        }
        if backends::hangs_on_a_grant(&answer.backends) {
            answer.undecided();
        }
        answer
    }
}

/// What is said of a match by a regular expression on the path. Source: v1.6.1, `httproute_types.go:196`.
const OWN_RANK: &str = "where a regular expression on the path ranks is the controller's own matter";

fn by_expression(candidate: &Candidate<'_>) -> bool {
    let of = |part: &Option<TextMatch<'_>>| matches!(part, Some(TextMatch::Expression(_)));
    found(candidate).is_some_and(|found| of(&found.path) || of(&found.service))
}

/// Whether Gateway API ranks two matches: neither goes by a regular expression on the path, or both by the same.
fn are_ranked(one: &Candidate<'_>, other: &Candidate<'_>) -> bool {
    let path = |candidate| found(candidate).map(|found| (&found.path, &found.service));
    !by_expression(one) && !by_expression(other) || path(one) == path(other)
}

/// Whether a step decides whatever the rank of the match is.
const fn is_certain(step: Step) -> bool {
    matches!(step, Step::RouteHostname)
}

/// Whether a step settles it by names, of which one is yet to be made.
fn hangs_on_a_name(winner: &Candidate<'_>, other: &Candidate<'_>, step: Step) -> bool {
    step >= Step::Name && rank::lacks_a_name(winner.route, other.route)
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
        object: candidate.route.meta.object,
        source: None,
    }
}

pub(super) fn whole<'c>(route: &'c Route<'c>, lost: &'static str, why: String) -> Loser<'c> {
    let object = route.meta.object;
    Loser { route: route_name(route), rule: None, matched: None, lost, why, object, source: None }
}

fn words(winner: &Candidate<'_>, step: Step) -> String {
    let meta = &winner.route.meta;
    format!("{} (`{}/{}`, rule {})", step.words(), meta.namespace, or_unnamed(&meta.name), winner.rule)
}
