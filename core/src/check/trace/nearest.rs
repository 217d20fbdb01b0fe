//! Which match of a route came nearest to a request that meets none, and what it wanted.

use core::cmp::Reverse;

use super::matching::{Condition, Met, Part, conditions};
use super::request::Parts;
use crate::check::model::Route;

/// Most conditions that are listed; our own bound.
const LISTED: usize = 3;

/// Says what the nearest match of a route wanted. Nearest is one whose path is met, then the one with the
/// fewest conditions that are not, then the one whose path has most in common with that of the request.
pub(super) fn nearest(route: &Route<'_>, request: &Parts<'_>) -> String {
    let grpc = route.kind == "GRPCRoute";
    if route.rules.is_empty() {
        return "it has no rules".to_owned();
    }
    if grpc && request.grpc().is_none() {
        return "it takes gRPC only, and this is no gRPC request".to_owned();
    }
    let every = route.rules.iter().enumerate();
    let every = every
        .flat_map(|(rule, found)| found.matches.iter().enumerate().map(move |(at, found)| (rule, at, found)));
    let missed = every.map(|(rule, at, found)| {
        let missed: Vec<_> =
            conditions(found, grpc, request).filter(|condition| condition.met == Met::No).collect();
        (rule, at, missed)
    });
    let nearest = missed.min_by_key(|(_, _, missed)| {
        let first = missed.first();
        let off_path = first.filter(|condition| is_path(condition.part));
        let common = off_path.map(|condition| common(condition.wanted.1, request.path));
        (off_path.is_some(), missed.len(), Reverse(first.map(|condition| condition.part)), Reverse(common))
    });
    let Some((rule, at, missed)) = nearest else { return "no match is met".to_owned() };
    let mut said: Vec<String> = missed.iter().take(LISTED).map(words).collect();
    if missed.len() > LISTED {
        said.push("…".to_owned());
    }
    format!("no match is met; rule {rule}, match {at} comes nearest: {}", said.join("; "))
}

const fn is_path(part: Part) -> bool {
    matches!(part, Part::Path | Part::Service | Part::GrpcMethod)
}

/// How many elements two paths have in common at their start.
fn common(one: &str, other: &str) -> usize {
    one.split('/').zip(other.split('/')).take_while(|(one, other)| one == other).count()
}

fn words(condition: &Condition<'_>) -> String {
    let Condition { part, name, wanted: (how, wanted), given, .. } = condition;
    let part = match part {
        Part::Path => "path",
        Part::Service => "gRPC service",
        Part::GrpcMethod => "gRPC method",
        Part::Method => "method",
        Part::Headers => "header ",
        Part::QueryParams => "query parameter ",
    };
    let given =
        given.as_ref().map_or_else(|| "the request has none".to_owned(), |given| format!("it is `{given}`"));
    format!("{part}{name}: wants {how}`{wanted}`, {given}")
}
