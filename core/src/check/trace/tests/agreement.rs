//! What the rules say of matches and what a trace makes of them are one.

use super::*;
use crate::check::rule::tests::{TARGET, judge};

const MATCHES: [&str; 12] = [
    "path: {value: /}",
    "path: {value: /a}",
    "path: {value: /a/}",
    "path: {value: /a/b}",
    "path: {type: Exact, value: /a}",
    "path: {type: Exact, value: /a/}",
    "path: {type: RegularExpression, value: /a.*}",
    "path: {value: /a}, method: GET",
    "path: {value: /a/}, method: GET",
    "path: {value: /a}, headers: [{name: X-A, value: v}]",
    "path: {value: /a/}, headers: [{name: x-a, value: v}]",
    "path: {value: /a}, queryParams: [{name: q, value: v}]",
];

fn codes(text: &str) -> Vec<&'static str> {
    judge(text, TARGET, false).into_iter().map(|finding| finding.diagnostic.code.0).collect()
}

/// Every request that the matches can tell apart.
fn requests() -> Vec<Request> {
    let mut all = Vec::new();
    for path in ["/", "/a", "/a/", "/a/b", "/a?q=v", "/a/?q=v"] {
        for method in ["GET", "PUT"] {
            for headers in [Vec::new(), vec![("x-a".to_owned(), "v".to_owned())]] {
                all.push(Request { method: Some(method.to_owned()), headers, ..get("a.com", path) });
            }
        }
    }
    all
}

/// What `shadowed-match` calls dead never answers; everything else does, or may.
#[test]
fn what_is_called_dead_never_answers() {
    let (requests, settings) = (requests(), testing::partial());
    for first in MATCHES {
        for second in MATCHES {
            let rules = [rule(first, "first"), rule(second, "second")].join(", ");
            let text = http() + &route("HTTPRoute", "r", "", "a.com", &rules);
            let model = testing::model(&text);
            let attachments = attach(&model, &settings);
            let may_answer = |request: &Request| {
                let told = trace(&model, &settings, &attachments, request);
                told.answer.rule == Some(1) || told.undecided.iter().any(|other| other.rule == Some(1))
            };
            let dead = codes(&text).contains(&"shadowed-match");
            assert_eq!(dead, !requests.iter().any(may_answer), "{first} / {second}");
        }
    }
}

/// Of two routes with one rule each, the younger one's is told by `route-tie`, and the trace decides by age.
#[test]
fn ties_of_routes_are_decided_by_age() {
    for first in MATCHES {
        for second in MATCHES {
            let dated = |name: &str, day: u8, matched: &str| {
                let name = format!("{name}, creationTimestamp: \"2026-01-0{day}T00:00:00Z\"");
                route("HTTPRoute", &name, "", "a.com", &rule(matched, "b"))
            };
            let text = http() + &dated("old", 1, first) + &dated("young", 2, second);
            let tie = codes(&text).contains(&"route-tie");
            let (model, settings) = (testing::model(&text), testing::partial());
            let attachments = attach(&model, &settings);
            let by_age = |request: &Request| {
                let told = trace(&model, &settings, &attachments, request);
                told.losers.iter().any(|loser| loser.lost == "age")
            };
            assert_eq!(tie, requests().iter().any(by_age), "{first} / {second}");
        }
    }
}
