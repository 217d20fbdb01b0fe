//! The tables: what each conformance test applies, sees in the status and asks for.
//!
//! An entry is `left-out MANIFEST REASON…`, or `test MANIFEST` with lines that are indented:
//!
//! ```text
//! with FILE                          objects that the test makes itself, in `cases/FILE.yaml`
//! controller WORD                    the profile, where the test is for controllers without a feature
//! without KIND                       objects of this kind are taken out, as the test does midway
//! except REASON…                     what of the test is not compared, and why
//! route KIND NAME at PARENT FACT…    the conditions of a route at a parent
//! accepted KIND NAME… at PARENT…     routes are Accepted at it, and its listeners are ready
//! resolved KIND NAME… at PARENT      routes have ResolvedRefs there
//! gateway NAME FACT…                 of a Gateway; `sets=2` for its attached ListenerSets
//! set NAME FACT…                     of a ListenerSet
//! listener PARENT FACT…              of a listener; `routes=1` attached, `kinds=HTTPRoute` among the supported
//! ask GATEWAY[:PORT] [METHOD] [sni=NAME] URL [HEADER:VALUE]… -> ANSWER [sees SEEN…]
//! ```
//!
//! A FACT is `Type=Status` or `Type=Status/Reason`; `Type` alone stands for `Type=True/Type`. A name of
//! another namespace than the suite's own is `namespace/name`. A PARENT is a Gateway, or `set:` with a
//! ListenerSet; `#listener` after it means one listener, `#*` all. A URL is a host, a path or both. The
//! ANSWER is a backend, which gets everything; several as `70%:backend`; a status; a redirect's status and
//! Location; or the word for how a request that is no plain HTTP is rejected. What the backend SEES is
//! `path=…`, `host=…`, a header `Name:value` or `-Name` for one that is gone; without `sees`, all is as sent.
//! `{backend}` in a value is the backend's own name.

use anyhow::{Context as _, Result, bail, ensure};

/// The namespace of most objects of the conformance tests.
const NAMESPACE: &str = "gateway-conformance-infra";

/// What a table says of a manifest.
pub(crate) enum Entry<'t> {
    Case(Case<'t>),
    LeftOut { name: &'t str, reason: &'t str },
}

/// A conformance test, as far as it needs no proxy.
pub(crate) struct Case<'t> {
    /// The table and the line.
    pub(crate) place: String,
    pub(crate) name: &'t str,
    pub(crate) made: Vec<&'t str>,
    pub(crate) without: Vec<&'t str>,
    pub(crate) controller: Option<&'t str>,
    pub(crate) left_out: Vec<&'t str>,
    pub(crate) status: Vec<Status<'t>>,
    pub(crate) requests: Vec<Request<'t>>,
}

/// What the status of one object holds.
pub(crate) struct Status<'t> {
    pub(crate) line: &'t str,
    pub(crate) object: Object<'t>,
    pub(crate) facts: Vec<Fact<'t>>,
}

/// Whose status it is.
#[derive(Clone)]
pub(crate) enum Object<'t> {
    Route { kind: &'t str, name: Name<'t>, parent: Parent<'t> },
    Gateway(Name<'t>),
    ListenerSet(Name<'t>),
    Listener(Parent<'t>),
}

/// A namespace and a name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Name<'t> {
    pub(crate) namespace: &'t str,
    pub(crate) name: &'t str,
}

/// What routes attach to.
#[derive(Clone, Copy)]
pub(crate) struct Parent<'t> {
    pub(crate) kind: &'static str,
    pub(crate) name: Name<'t>,
    pub(crate) listener: Option<&'t str>,
}

pub(crate) enum Fact<'t> {
    Condition {
        kind: &'t str,
        status: &'t str,
        reason: Option<&'t str>,
    },
    Routes(u64),
    Sets(u64),
    /// Kinds that are among the supported ones; none for no supported kind at all.
    Kinds(Vec<&'t str>),
}

pub(crate) struct Request<'t> {
    pub(crate) line: &'t str,
    pub(crate) gateway: Name<'t>,
    pub(crate) port: Option<i64>,
    pub(crate) method: Option<&'t str>,
    pub(crate) sni: Option<&'t str>,
    pub(crate) host: Option<&'t str>,
    pub(crate) path: Option<&'t str>,
    pub(crate) headers: Vec<(&'t str, &'t str)>,
    pub(crate) answer: Answer<'t>,
    /// What the backend sees, where that is said.
    pub(crate) seen: Vec<Seen<'t>>,
}

pub(crate) enum Answer<'t> {
    Backends(Vec<(f64, Name<'t>)>),
    Status(u64),
    Redirect { status: u64, location: &'t str },
    Rejected(&'t str),
}

pub(crate) enum Seen<'t> {
    Path(&'t str),
    Host(&'t str),
    Header(&'t str, &'t str),
    Gone(&'t str),
}

/// Reads a table.
pub(crate) fn read<'t>(table: &str, text: &'t str) -> Result<Vec<Entry<'t>>> {
    let mut entries = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let place = format!("{table}:{}", number + 1);
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let told = || format!("{place}: `{line}`");
        if let Some(line) = line.strip_prefix("  ") {
            let Some(Entry::Case(case)) = entries.last_mut() else { bail!("{} belongs to no test", told()) };
            add(case, line).with_context(told)?;
        } else {
            entries.push(entry(place.clone(), line).with_context(told)?);
        }
    }
    Ok(entries)
}

fn entry(place: String, line: &str) -> Result<Entry<'_>> {
    let (word, rest) = line.split_once(' ').context("one word")?;
    Ok(match word {
        "test" => Entry::Case(Case {
            place,
            name: rest,
            made: Vec::new(),
            without: Vec::new(),
            controller: None,
            left_out: Vec::new(),
            status: Vec::new(),
            requests: Vec::new(),
        }),
        "left-out" => {
            let (name, reason) = rest.split_once(' ').context("no reason")?;
            Entry::LeftOut { name, reason }
        }
        _ => bail!("an entry is `test` or `left-out`"),
    })
}

fn add<'t>(case: &mut Case<'t>, line: &'t str) -> Result<()> {
    let (word, rest) = line.split_once(' ').context("one word")?;
    match word {
        "with" => case.made.push(rest),
        "controller" => case.controller = Some(rest),
        "without" => case.without.push(rest),
        "except" => case.left_out.push(rest),
        "ask" => case.requests.push(request(line, rest)?),
        "accepted" | "resolved" => many(case, line, word, rest)?,
        _ => case.status.push(status(line, word, rest)?),
    }
    Ok(())
}

fn status<'t>(line: &'t str, word: &str, rest: &'t str) -> Result<Status<'t>> {
    let (object, facts) = if word == "route" {
        let (route, rest) = rest.split_once(" at ").context("no parent")?;
        let (kind, route) = route.split_once(' ').context("no name")?;
        let (at, facts) = rest.split_once(' ').context("no fact")?;
        (Object::Route { kind, name: name(route), parent: parent(at) }, facts)
    } else {
        let (of, facts) = rest.split_once(' ').context("no fact")?;
        let object = match word {
            "gateway" => Object::Gateway(name(of)),
            "set" => Object::ListenerSet(name(of)),
            "listener" => Object::Listener(parent(of)),
            _ => bail!("no line starts with `{word}`"),
        };
        (object, facts)
    };
    let facts = facts.split(' ').map(fact).collect::<Result<_>>()?;
    Ok(Status { line, object, facts })
}

/// Several routes at several parents, in the words that most tests have in common.
fn many<'t>(case: &mut Case<'t>, line: &'t str, word: &str, rest: &'t str) -> Result<()> {
    let (routes, parents) = rest.split_once(" at ").context("no parent")?;
    let (kind, routes) = routes.split_once(' ').context("no name")?;
    let holds = |kind, reason| Fact::Condition { kind, status: "True", reason };
    for parent in parents.split(' ').map(parent) {
        for route in routes.split(' ').map(name) {
            let object = Object::Route { kind, name: route, parent };
            let condition = if word == "accepted" { "Accepted" } else { "ResolvedRefs" };
            case.status.push(Status { line, object, facts: vec![holds(condition, Some(condition))] });
        }
        if word == "accepted" {
            let facts = ["Accepted", "ResolvedRefs", "Programmed"].map(|kind| holds(kind, None)).into();
            let all = Parent { listener: parent.listener.or(Some("*")), ..parent };
            case.status.push(Status { line, object: Object::Listener(all), facts });
        }
    }
    Ok(())
}

pub(crate) fn name(text: &str) -> Name<'_> {
    let (namespace, name) = text.split_once('/').unwrap_or((NAMESPACE, text));
    Name { namespace, name }
}

fn parent(text: &str) -> Parent<'_> {
    let (text, listener) =
        text.split_once('#').map_or((text, None), |(text, listener)| (text, Some(listener)));
    let (kind, text) = text.strip_prefix("set:").map_or(("Gateway", text), |text| ("ListenerSet", text));
    Parent { kind, name: name(text), listener }
}

fn fact(text: &str) -> Result<Fact<'_>> {
    Ok(match text.split_once('=') {
        None => Fact::Condition { kind: text, status: "True", reason: Some(text) },
        Some(("routes", count)) => Fact::Routes(count.parse()?),
        Some(("sets", count)) => Fact::Sets(count.parse()?),
        Some(("kinds", kinds)) => Fact::Kinds(kinds.split(',').filter(|kind| !kind.is_empty()).collect()),
        Some((kind, state)) => {
            let (status, reason) =
                state.split_once('/').map_or((state, None), |(status, reason)| (status, Some(reason)));
            ensure!(["True", "False"].contains(&status), "`{status}` is no status");
            Fact::Condition { kind, status, reason }
        }
    })
}

fn request<'t>(line: &'t str, text: &'t str) -> Result<Request<'t>> {
    let (asked, told) = text.split_once(" -> ").context("no answer")?;
    let (gateway, asked) = asked.split_once(' ').context("no URL")?;
    let (gateway, port) = gateway.split_once(':').map_or((gateway, None), |(name, port)| (name, Some(port)));
    let (told, seen) = told.split_once(" sees ").map_or((told, ""), |split| split);
    let mut request = Request {
        line,
        gateway: name(gateway),
        port: port.map(str::parse).transpose()?,
        method: None,
        sni: None,
        host: None,
        path: None,
        headers: Vec::new(),
        answer: answer(told)?,
        seen: seen.split(' ').filter(|word| !word.is_empty()).map(sees).collect::<Result<_>>()?,
    };
    for word in asked.split(' ') {
        if let Some(sni) = word.strip_prefix("sni=") {
            request.sni = Some(sni);
        } else if word.chars().all(|letter| letter.is_ascii_uppercase()) {
            request.method = Some(word);
        } else if request.host.or(request.path).is_none() {
            let slash = word.find('/').unwrap_or(word.len());
            request.host = Some(&word[..slash]).filter(|host| !host.is_empty());
            request.path = Some(&word[slash..]).filter(|path| !path.is_empty());
        } else {
            request.headers.push(word.split_once(':').context("a header has a value")?);
        }
    }
    Ok(request)
}

fn answer(text: &str) -> Result<Answer<'_>> {
    if let Some((status, location)) = text.split_once(' ').filter(|(_, text)| text.contains("://")) {
        return Ok(Answer::Redirect { status: status.parse()?, location });
    }
    if let Ok(status) = text.parse() {
        return Ok(Answer::Status(status));
    }
    if ["grpc-unimplemented", "grpc-unavailable", "tls-no-match"].contains(&text) {
        return Ok(Answer::Rejected(text));
    }
    let share = |word| match str::split_once(word, "%:") {
        Some((percent, backend)) => Ok((percent.parse::<f64>()? / 100.0, name(backend))),
        None => Ok((1.0, name(word))),
    };
    Ok(Answer::Backends(text.split(' ').map(share).collect::<Result<_>>()?))
}

fn sees(word: &str) -> Result<Seen<'_>> {
    Ok(match (word.strip_prefix('-'), word.split_once('='), word.split_once(':')) {
        (Some(gone), ..) => Seen::Gone(gone),
        (None, Some(("path", path)), _) => Seen::Path(path),
        (None, Some(("host", host)), _) => Seen::Host(host),
        (None, _, Some((name, value))) => Seen::Header(name, value),
        _ => bail!("`{word}` is nothing that a backend sees"),
    })
}
