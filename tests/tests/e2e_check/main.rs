//! `check` says what a real API server says, of thousands of objects: Gateway API's own examples, what
//! it shows as wrong, and both with faults put in where their schemas have bounds. The verdict has to be the
//! same of each, the words of a fault where they are fixed, and the fields that are named for most.
//!
//! `GATEWRIGHT_CHECK_SEED` and `GATEWRIGHT_CHECK_COUNT` look further.

#![allow(clippy::disallowed_methods, reason = "a test reads files and its environment")]
#![allow(clippy::print_stdout, reason = "the counts tell whether a pass means anything")]

mod edges;
mod updates;

use std::collections::BTreeMap;
use std::env;

use anyhow::{Context as _, Result, ensure};
use gatewright_core::check::api;
use gatewright_core::diagnostic::Diagnostic;
use gatewright_core::release::{Channel, Release, Target};
use gatewright_core::tree::{Node, json};
use gatewright_tests::objects::{mutate, seeds};
use gatewright_tests::peers::{ApiServer, Method, Proxy};
use serde_json::Value;

/// Objects asked about for each release and channel.
const COUNT: usize = 800;

/// Disagreements that are shown.
const SHOWN: usize = 20;

#[test]
fn says_what_the_api_server_says() -> Result<()> {
    let seed = number("GATEWRIGHT_CHECK_SEED").unwrap_or(1);
    let count =
        number("GATEWRIGHT_CHECK_COUNT").map_or(COUNT, |count| usize::try_from(count).unwrap_or(COUNT));
    let server = ApiServer::start(&[])?;
    let proxy = server.proxy()?;
    let mut disagreements = Vec::new();
    for release in Release::ALL {
        for channel in [Channel::Standard, Channel::Experimental] {
            let target = Target { release, channel };
            server.replace_crds(&format!("gateway-api-{}/{}", api::patch(release), channel.name()))?;
            let mut asked = Asked::new(target, &proxy)?;
            let seeds = seeds::of(target)?;
            ensure!(seeds.len() > 20, "{target} has {} seeds only", seeds.len());
            for object in &seeds {
                asked.create(object)?;
            }
            let mut random = fastrand::Rng::with_seed(seed);
            while asked.count < count {
                let object = &seeds[random.usize(..seeds.len())];
                asked.create(&mutate::mutated(object, &seeds, target, &mut random))?;
            }
            let Asked { count, accepted, same_fields, same_words, disagreements: found, .. } = asked;
            println!(
                "{target}: {count} objects of {} seeds, {accepted} accepted; of those refused {same_fields} name the \
                 same fields; {same_words} faults in the same words; {} disagreements",
                seeds.len(),
                found.len()
            );
            ensure!(
                accepted * 5 > count && accepted * 5 < count * 4,
                "one of both verdicts is too rare to prove much"
            );
            ensure!(same_fields * 5 > (count - accepted) * 4, "too few refusals name the same fields");
            ensure!(same_words > count - accepted, "too few words are compared to prove much");
            disagreements.extend(found);
        }
    }
    show(&disagreements)
}

fn show(disagreements: &[String]) -> Result<()> {
    for disagreement in disagreements.iter().take(SHOWN) {
        println!("{disagreement}\n");
    }
    ensure!(disagreements.is_empty(), "{} verdicts differ from the API server's", disagreements.len());
    Ok(())
}

/// What was asked of the server, and what it and we said.
struct Asked<'p> {
    target: Target,
    proxy: &'p Proxy,
    /// The path of each kind's objects in namespace `default`, by apiVersion and kind.
    paths: BTreeMap<(String, String), String>,
    count: usize,
    accepted: usize,
    /// Refusals of which we name every field that the server names.
    same_fields: usize,
    /// Faults of which we say what the server says.
    same_words: usize,
    disagreements: Vec<String>,
}

impl<'p> Asked<'p> {
    fn new(target: Target, proxy: &'p Proxy) -> Result<Self> {
        let mut paths = BTreeMap::new();
        for kind in api::kinds(target) {
            let version = format!("{}/{}", kind.group, kind.version);
            let resources = proxy.get(&format!("/apis/{version}"))?;
            let resource = resources["resources"]
                .as_array()
                .and_then(|resources| resources.iter().find(|resource| resource["kind"] == kind.kind))
                .and_then(|resource| resource["name"].as_str())
                .with_context(|| format!("{target}: the server has no {} of {version}", kind.kind))?;
            let namespace = if kind.namespaced { "/namespaces/default" } else { "" };
            paths.insert(
                (version.clone(), kind.kind.to_owned()),
                format!("/apis/{version}{namespace}/{resource}"),
            );
        }
        let (count, accepted, same_fields, same_words) = (0, 0, 0, 0);
        Ok(Self { target, proxy, paths, count, accepted, same_fields, same_words, disagreements: Vec::new() })
    }

    /// The path of an object's kind, if the server serves it.
    fn path(&self, object: &Value) -> Option<&str> {
        let text = |key: &str| object[key].as_str().unwrap_or_default().to_owned();
        self.paths.get(&(text("apiVersion"), text("kind"))).map(String::as_str)
    }

    fn create(&mut self, object: &Value) -> Result<()> {
        let Some(path) = self.path(object).map(str::to_owned) else { return Ok(()) };
        self.ask(Method::Create, &path, object, None)
    }

    fn update(&mut self, path: &str, object: &Value, old: &Value) -> Result<()> {
        self.ask(Method::Update, path, object, Some(old))
    }

    /// What we say of an object.
    fn verdict(&self, object: &Value, old: Option<&Value>) -> Result<Vec<Diagnostic>> {
        let text = |key: &str| object[key].as_str().unwrap_or_default();
        let kind = api::find(self.target, text("apiVersion"), text("kind"))
            .context("a kind with a path is known")?;
        let (object, old) = (object.to_string(), old.map(Value::to_string));
        let old = old.as_deref().map(read).transpose()?;
        let found = api::check(kind, &mut read(&object)?, old.as_ref(), self.target);
        for fault in &found {
            ensure!(!fault.hint.is_empty(), "nothing says what to do about {fault}");
        }
        Ok(found)
    }

    fn ask(&mut self, method: Method, path: &str, object: &Value, old: Option<&Value>) -> Result<()> {
        let (status, answer) =
            self.proxy.send(method, &format!("{path}?dryRun=All&fieldValidation=Strict"), object)?;
        let accepted = match status {
            200 | 201 => true,
            400 | 422 => false,
            // `generateName` may give a name that is there already.
            _ => anyhow::bail!("the server answers {status}: {answer} of {object}"),
        };
        let found = self.verdict(object, old)?;
        self.count += 1;
        self.accepted += usize::from(accepted);
        if accepted != found.is_empty() {
            let ours: Vec<String> = found.iter().map(ToString::to_string).collect();
            let before = old.map_or_else(String::new, |old| format!("before: {old}\n"));
            self.disagreements
                .push(format!("{}\n{object}\n{before}server: {answer}\nours: {ours:#?}", self.target));
        } else if !accepted {
            let server = fields(&answer);
            let same = !server.is_empty()
                && server.iter().all(|field| found.iter().any(|ours| ours.path.to_string() == *field));
            self.same_fields += usize::from(same);
            self.compare_words(&found, &answer, object);
        }
        Ok(())
    }

    /// Holds the words of each fault against what the server says of the same field.
    fn compare_words(&mut self, found: &[Diagnostic], answer: &Value, object: &Value) {
        for fault in found.iter().filter(|fault| has_fixed_words(fault)) {
            let path = fault.path.to_string();
            let said: Vec<&str> = causes(answer)
                .filter(|cause| cause["field"] == path)
                .filter_map(|cause| cause["message"].as_str())
                .collect();
            if said.contains(&fault.message.as_str()) {
                self.same_words += 1;
            } else if !said.is_empty() {
                let target = self.target;
                self.disagreements.push(format!("{target}\n{object}\nserver: {said:?}\nours: {fault}"));
            }
        }
    }
}

/// Whether we say of a fault what the server says, word for word. Of metadata and types we say it in our own words,
/// unknown fields are no causes of a refusal but its message, and a long value is cut.
fn has_fixed_words(fault: &Diagnostic) -> bool {
    let fixed =
        [api::BOUND, api::DUPLICATE, api::ENUM, api::MALFORMED, api::PATTERN, api::REQUIRED, api::RULE];
    let bounds = [api::TOO_LONG, api::TOO_MANY];
    (fixed.contains(&fault.code) || bounds.contains(&fault.code)) && !fault.message.contains('…')
}

fn read(text: &str) -> Result<Node<'_>> {
    json::read(text).context("an object is JSON")
}

fn causes(answer: &Value) -> impl Iterator<Item = &Value> {
    answer["details"]["causes"].as_array().into_iter().flatten()
}

/// The fields that a refusal names. That it left rules out is a cause without one.
fn fields(answer: &Value) -> Vec<String> {
    let named = causes(answer).filter_map(|cause| cause["field"].as_str()).filter(|field| *field != "<nil>");
    let message = answer["message"].as_str().unwrap_or_default();
    let unknown = message.split("unknown field \"").skip(1).filter_map(|rest| rest.split('"').next());
    named.chain(unknown).map(str::to_owned).collect()
}

fn number(variable: &str) -> Option<u64> {
    env::var(variable).ok()?.parse().ok()
}
