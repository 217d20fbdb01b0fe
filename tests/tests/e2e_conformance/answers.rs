//! Whether a trace ends where it is expected to.

use serde_json::Value;

use super::case::{Answer, Name, Request, Seen};

/// What is wrong with a trace.
pub(crate) fn compare(request: &Request<'_>, trace: &Value) -> Vec<String> {
    let answer = &trace["answer"];
    match &request.answer {
        Answer::Status(status) => wrong(answer["status"] == *status, answer),
        Answer::Rejected(word) => wrong(answer["rejected"] == *word, answer),
        Answer::Redirect { status, location } => {
            let right = answer["status"] == *status && answer["redirect"]["location"] == *location;
            wrong(right, answer)
        }
        Answer::Backends(backends) => {
            let served: Vec<&Value> = answer["backends"]
                .as_array()
                .into_iter()
                .flatten()
                .filter(|share| share["share"].as_f64() != Some(0.0))
                .collect();
            let right = answer["status"] == 200
                && served.len() == backends.len()
                && backends.iter().zip(&served).all(|((share, name), found)| {
                    is(found, *name) && found["share"].as_f64().is_some_and(|it| (it - share).abs() < 1e-9)
                });
            if !right {
                return vec![format!("found {answer}")];
            }
            let seen = |share: &&Value| {
                let name = share["name"].as_str().unwrap_or_default();
                let own = &share["request"];
                unseen(request, name, if own.is_null() { &answer["request"] } else { own })
            };
            served.iter().flat_map(seen).collect()
        }
    }
}

fn wrong(right: bool, found: &Value) -> Vec<String> {
    if right { Vec::new() } else { vec![format!("found {found}")] }
}

fn is(share: &Value, name: Name<'_>) -> bool {
    share["namespace"] == name.namespace && share["name"] == name.name && share["status"].is_null()
}

/// What the backend should see and does not. Path and, where nothing else is said, headers are as sent.
fn unseen(request: &Request<'_>, backend: &str, found: &Value) -> Vec<String> {
    if found.is_null() {
        // Of a connection nothing is to be seen.
        return Vec::new();
    }
    let header = |name: &str| {
        let headers = found["headers"].as_object().into_iter().flatten();
        headers.into_iter().find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    };
    let mut seen: Vec<&Seen<'_>> = request.seen.iter().collect();
    let as_sent: Vec<Seen<'_>> =
        request.headers.iter().map(|(name, value)| Seen::Header(name, value)).collect();
    if seen.is_empty() {
        seen.extend(&as_sent);
    }
    let sent = request.path.unwrap_or("/");
    let sent = Seen::Path(sent.split_once('?').map_or(sent, |(path, _)| path));
    if !seen.iter().any(|seen| matches!(seen, Seen::Path(_))) {
        seen.push(&sent);
    }
    let differs = |seen: &&Seen<'_>| {
        let (right, what) = match seen {
            Seen::Path(path) => (found["path"] == *path, format!("the path {path}")),
            Seen::Host(host) => (found["host"] == *host, format!("the host {host}")),
            Seen::Header(name, value) => {
                let value = value.replace("{backend}", backend);
                (header(name).is_some_and(|found| *found == value), format!("{name}: {value}"))
            }
            Seen::Gone(name) => (header(name).is_none(), format!("no {name}")),
        };
        (!right).then(|| format!("the backend sees {found}, not {what}"))
    };
    seen.iter().filter_map(differs).collect()
}
