//! Who answers a request, by Gateway API's order of precedence, tried out match by match.
//!
//! Source: Gateway API v1.6.1, `httproute_types.go:104-112` and `185-206`.

use proptest::collection::btree_map;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::Value;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// A request.
#[derive(Clone, Debug)]
pub struct Request {
    host: String,
    path: String,
    method: &'static str,
    headers: BTreeMap<&'static str, &'static str>,
    params: BTreeMap<&'static str, &'static str>,
}

/// How long the prefix `/a/` is: gateways count its three characters, or its one element.
#[derive(Clone, Copy, Debug)]
pub enum Prefixes {
    /// Three characters.
    AsWritten,
    /// As `/a`.
    ByElements,
}

/// Requests over the alphabet of the routes' matches.
pub fn request() -> impl Strategy<Value = Request> {
    let host = prop_oneof![
        (0..25_u8).prop_map(|number| format!("h{number}.example.com")),
        select(&["x.a.example.com", "y.a.example.com", "example.com", "other.net"][..])
            .prop_map(str::to_owned),
    ];
    let path = select(&["/", "/a", "/a/", "/a/b", "/a/b/c/d", "/ab", "/b", "/b/x", "/c"][..])
        .prop_map(str::to_owned);
    let pairs = |names: &'static [&'static str]| btree_map(select(names), select(&["1", "2", "3"][..]), 0..3);
    (host, path, select(&["GET", "POST", "PUT"][..]), pairs(&["x-a", "x-b"]), pairs(&["p", "q"]))
        .prop_map(|(host, path, method, headers, params)| Request { host, path, method, headers, params })
}

/// What decides, most important first; larger wins.
type Rank = (usize, usize, bool, usize, bool, usize, usize);

/// The backend that answers; routes are of one age, so their names decide ties, then their rules' order.
pub fn answer(routes: &[Value], request: &Request, prefixes: Prefixes) -> Option<String> {
    let mut best: Option<(Rank, Reverse<String>, Reverse<usize>, String)> = None;
    for route in routes {
        let Some((exact, length)) = host_rank(&route["spec"]["hostnames"], &request.host) else { continue };
        let name = route["metadata"]["name"].as_str().expect("a route has a name");
        for (index, rule) in list(&route["spec"]["rules"]).iter().enumerate() {
            let everything = [Value::Object(serde_json::Map::new())];
            let matches = match list(&rule["matches"]) {
                [] => &everything[..],
                matches => matches,
            };
            for rank in matches.iter().filter_map(|found| match_rank(found, request, prefixes)) {
                let rank = (exact, length, rank.0, rank.1, rank.2, rank.3, rank.4);
                let backend =
                    rule["backendRefs"][0]["name"].as_str().expect("a backend has a name").to_owned();
                let candidate = (rank, Reverse(name.to_owned()), Reverse(index), backend);
                if best
                    .as_ref()
                    .is_none_or(|best| (candidate.0, &candidate.1, candidate.2) > (best.0, &best.1, best.2))
                {
                    best = Some(candidate);
                }
            }
        }
    }
    best.map(|(.., backend)| backend)
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// Characters of a matching host name that is no wildcard, then of any; `None` where none matches.
fn host_rank(hostnames: &Value, host: &str) -> Option<(usize, usize)> {
    let hostnames = list(hostnames);
    if hostnames.is_empty() {
        return Some((0, 0));
    }
    hostnames
        .iter()
        .filter_map(Value::as_str)
        .filter_map(|name| match name.strip_prefix('*') {
            Some(suffix) => (host.len() > suffix.len() && host.ends_with(suffix)).then_some((0, name.len())),
            None => (name == host).then_some((name.len(), name.len())),
        })
        .max()
}

fn match_rank(
    found: &Value,
    request: &Request,
    prefixes: Prefixes,
) -> Option<(bool, usize, bool, usize, usize)> {
    let path = &found["path"];
    let value = path["value"].as_str().unwrap_or("/");
    let exact = path["type"] == "Exact";
    let stem = value.trim_end_matches('/');
    let fits = if exact {
        request.path == value
    } else {
        request.path.strip_prefix(stem).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let method = found["method"].as_str();
    let pairs = |key: &str, have: &BTreeMap<&str, &str>| {
        let wanted = list(&found[key]);
        let all = wanted
            .iter()
            .all(|pair| have.get(pair["name"].as_str().unwrap_or("")).copied() == pair["value"].as_str());
        all.then_some(wanted.len())
    };
    let headers = pairs("headers", &request.headers)?;
    let params = pairs("queryParams", &request.params)?;
    if !fits || method.is_some_and(|method| method != request.method) {
        return None;
    }
    let length = match prefixes {
        Prefixes::AsWritten => value.len(),
        Prefixes::ByElements => stem.len(),
    };
    Some((exact, length, method.is_some(), headers, params))
}
