//! Objects that are to be applied to a cluster, each judged as its API server would ask: what `render` and `check` say of
//! grants and claims.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::context::NAMESPACE;
use super::{Asking, Change, Context, Kind, Object, PublicSuffixes, Settings, decide, idle_grants};
use crate::check::{self, Judged, Report, api, each_known, each_object, identity};
use crate::diagnostic::{self, Code, Diagnostic, Level, has_errors};
use crate::path::Path;
use crate::release::Target;
use crate::tree::yaml;
use crate::tree::{self, Node, Value};

/// A cluster without grants and claims: nobody there goes by them.
const NO_GRANTS: Code = Code("no-grants-or-claims");

/// An object of which a decision cannot be made.
const UNREADABLE: Code = Code("object-unreadable");

/// What a cluster has already, and how decisions are made there.
#[derive(Clone, Copy, Debug)]
pub struct Existing<'c> {
    /// Its objects as texts of YAML or JSON, each with its number; of an object that is there twice the last counts.
    pub texts: &'c [(&'c str, u16)],
    /// Whose defaults objects have there.
    pub target: Target,
    /// The namespace of objects that name none.
    pub namespace: &'c str,
    /// What is asked for.
    pub settings: &'c Settings,
}

/// Kind, namespace and name of an object that a decision may look at.
type Key = (&'static str, String, String);

/// Holds objects that were judged by themselves against the grants and claims of a cluster; `texts` are those that the
/// report is of, in their order. Says where nothing was asked, and what is odd about the grants.
pub fn judge_report(
    report: &mut Report<'_>,
    texts: &[(&str, u16)],
    existing: &Existing<'_>,
    settings: &check::Settings,
) -> Vec<Diagnostic> {
    let mut nodes = Vec::new();
    for (text, source) in texts {
        each(text, *source, |node| nodes.push(node));
    }
    let mut results: Vec<_> = report.results.iter_mut().filter(|judged| !judged.in_context).collect();
    // What an API server refuses reaches no webhook.
    let is_sent = |judged: &Judged<'_>| judged.object.is_some() && judged.allowed != Some(false);
    let sent: Vec<Option<&Node<'_>>> =
        results.iter().zip(&nodes).map(|(judged, node)| is_sent(judged).then_some(node)).collect();
    let (found, mut said) = apply(&sent, existing);
    said.retain(|said| settings.wants(said));
    let mut hidden = 0;
    for (judged, mut found) in results.iter_mut().zip(found) {
        if has_errors(&found) {
            judged.allowed = Some(false);
        }
        found.retain(|found| {
            let is_wanted = settings.wants(found);
            hidden += usize::from(!is_wanted && found.is_refusal());
            is_wanted
        });
        judged.diagnostics.extend(found);
        diagnostic::sort(&mut judged.diagnostics);
    }
    report.hidden += hidden;
    said
}

/// What a cluster says of objects where all of them are there in the end, and what is to be said of the cluster; absent
/// ones are not sent. Where nothing was asked, nothing is said of any.
pub fn apply(sent: &[Option<&Node<'_>>], existing: &Existing<'_>) -> (Vec<Vec<Diagnostic>>, Vec<Diagnostic>) {
    let mut noticed = Vec::new();
    let found = asked(sent, existing, &mut noticed).unwrap_or_else(|said| {
        noticed.push(said);
        Vec::new()
    });
    (found, noticed)
}

fn asked(
    sent: &[Option<&Node<'_>>],
    existing: &Existing<'_>,
    noticed: &mut Vec<Diagnostic>,
) -> Result<Vec<Vec<Diagnostic>>, Diagnostic> {
    let (old, is_whole) = there(existing);
    let new: Vec<Option<(Key, String)>> = sent.iter().map(|node| written((*node)?, &old, existing)).collect();
    let is_of_owners = |key: &Key| [Kind::Grant.name(), Kind::Claim.name()].contains(&key.0);
    let written = new.iter().flatten().map(|(key, text)| (key, text.as_str()));
    let (of_owners, others): (Vec<_>, Vec<_>) = written.partition(|(key, _)| is_of_owners(key));
    let mut objects: BTreeMap<&Key, &str> = old.iter().map(|(key, text)| (key, text.as_str())).collect();
    objects.extend(others);
    if of_owners.is_empty() && !objects.keys().any(|key| is_of_owners(key)) {
        return Err(without_owners("who may use which host name was not asked"));
    }
    // A change of a grant or claim is held against those who go by it as it is.
    let before = if of_owners.is_empty() { None } else { Some(context(&objects, is_whole)?) };
    objects.extend(of_owners);
    let after = context(&objects, is_whole)?;
    // Those that are sent are judged.
    let is_sent =
        |name: &str| new.iter().flatten().any(|(key, _)| key.0 == Kind::Grant.name() && key.2 == name);
    noticed.extend(idle_grants(&after, existing.settings, &|grant, _| !is_sent(&grant.name)));
    let found = new.iter().zip(sent).map(|(new, node)| {
        let (Some((key, text)), Some(node)) = (new, node) else { return Vec::new() };
        let was = old.get(key).and_then(|text| Object::read(text).ok());
        let Ok(object) = Object::read(text) else { return Vec::new() };
        let Some(kind) = object.kind else { return Vec::new() };
        let change = match &was {
            Some(was) => Change::Update(&object, was),
            None => Change::Create(&object),
        };
        let asking = Asking { namespace: &key.1, user: "", wants_trace: false };
        let context = before.as_ref().filter(|_| matches!(kind, Kind::Grant | Kind::Claim)).unwrap_or(&after);
        let mut found = decide(kind, change, &asking, context, existing.settings).0.diagnostics();
        diagnostic::locate(&mut found, node);
        found
    });
    Ok(found.collect())
}

/// Says of a context that nothing in it is about host names, and what came of it.
pub fn without_owners(so: &str) -> Diagnostic {
    let message = format!("the context has neither HostnameGrants nor DomainClaims: {so}");
    let hint = "put the cluster's grants and claims into it: `kubectl get gatewright -A -o json`";
    Diagnostic::warning(NO_GRANTS, Path::ROOT, message).level(Level::Ownership).hint(hint)
}

/// The objects of a cluster that decisions look at, and whether all of it could be read.
fn there(existing: &Existing<'_>) -> (BTreeMap<Key, String>, bool) {
    let mut there = BTreeMap::new();
    let mut is_whole = true;
    for (text, source) in existing.texts {
        let is_read = each(text, *source, |node| {
            each_known(node, &mut |node| {
                let Some((key, mut node)) = named(&node, existing) else { return };
                default(&mut node, existing.target);
                there.insert(key, json(&node));
            });
        });
        is_whole &= is_read;
    }
    (there, is_whole)
}

/// An object as the API server asks about it: with its defaults, and with what only others write as it was.
fn written(node: &Node<'_>, old: &BTreeMap<Key, String>, existing: &Existing<'_>) -> Option<(Key, String)> {
    let (key, mut node) = named(node, existing)?;
    default(&mut node, existing.target);
    let old = old.get(&key).and_then(|text| tree::json::read(text).ok());
    keep(&mut node, "status", old.as_ref());
    if let Value::Map(map) = &mut node.value
        && let Some(metadata) = map.get_mut("metadata")
    {
        keep(metadata, "deletionTimestamp", old.as_ref().and_then(|old| old.get("metadata")));
    }
    Some((key, json(&node)))
}

/// Puts the old value of a key in place of the new one, or takes the key out.
fn keep(node: &mut Node<'static>, key: &'static str, old: Option<&Node<'_>>) {
    let Value::Map(map) = &mut node.value else { return };
    match old.and_then(|old| old.get(key)) {
        Some(old) => map.insert(Cow::Borrowed(key), old.clone().into_owned()),
        None => drop(map.remove(key)),
    }
}

/// An object with its name, and its namespace where it has to have one; nothing where no decision looks at its kind.
fn named(node: &Node<'_>, existing: &Existing<'_>) -> Option<(Key, Node<'static>)> {
    let identity = identity(node);
    let kind = Kind::of(identity.group(), &identity.kind);
    let is_namespace = identity.group().is_empty() && identity.kind == NAMESPACE;
    let name = kind.map_or(NAMESPACE, Kind::name);
    if kind.is_none() && !is_namespace {
        return None;
    }
    let mut node = node.clone().into_owned();
    let mut namespace = identity.namespace.into_owned();
    if namespace.is_empty() && kind.is_some_and(Kind::is_namespaced) {
        existing.namespace.clone_into(&mut namespace);
        if let Value::Map(map) = &mut node.value
            && let Some(Node { value: Value::Map(metadata), .. }) = map.get_mut("metadata")
        {
            metadata.insert(Cow::Borrowed("namespace"), Node::text(namespace.clone()));
        }
    }
    Some(((name, namespace, identity.name.into_owned()), node))
}

fn default(node: &mut Node<'static>, target: Target) {
    let identity = identity(node);
    if let Some(kind) = api::find(target, &identity.api_version, &identity.kind) {
        api::default(kind, node, target);
    }
}

fn context<'t>(objects: &BTreeMap<&Key, &'t str>, is_whole: bool) -> Result<Context<'t>, Diagnostic> {
    // Of what could not be read nothing is known to be missing.
    let complete = (!is_whole).then(Vec::new);
    Context::new(objects.values().copied(), complete, PublicSuffixes::BuiltIn).map_err(|(_, error)| {
        let message = format!("an object cannot be read: {error}; who may use which host name was not asked");
        Diagnostic::error(UNREADABLE, Path::ROOT, message).level(Level::Ownership)
    })
}

fn json(node: &Node<'_>) -> String {
    // A tree is always JSON.
    serde_json::to_string(node).unwrap_or_default()
}

/// Gives every object of a text, those of lists too, within the bounds of `check`; false where not all of it can be read.
fn each<'a>(text: &'a str, source: u16, mut take: impl FnMut(Node<'a>)) -> bool {
    let mut faults = Vec::new();
    yaml::each(text, source, &check::LIMITS, &mut faults, |node, _| {
        if !node.is_null() {
            each_object(node, &mut take);
        }
    });
    !has_errors(&faults)
}

#[cfg(test)]
mod tests;
