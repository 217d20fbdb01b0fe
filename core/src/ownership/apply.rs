//! Objects that are to be applied to a cluster, each judged as its API server would ask: what `render` and `check` say of
//! grants and claims.

use std::collections::BTreeMap;

use super::context::place;
use super::{Asking, Change, Context, Kind, Object, PublicSuffixes, Settings, decide};
use crate::check::{self, Judged, Report, each_object};
use crate::diagnostic::{self, Code, Diagnostic, Level, has_errors};
use crate::path::Path;
use crate::tree::Node;
use crate::tree::yaml::{self, Limits};

/// A cluster without grants and claims: nobody there goes by them.
const NO_GRANTS: Code = Code("no-grants-or-claims");

/// The cluster that objects are for: what there is, as texts of YAML or JSON, and what it asks for.
#[derive(Clone, Copy, Debug)]
pub struct Cluster<'c> {
    /// Each with its number.
    pub texts: &'c [(&'c str, u16)],
    /// How decisions are made there.
    pub settings: &'c Settings,
}

/// Holds objects that were judged by themselves against the grants and claims of a cluster, if it has any; `texts` are
/// those that the report is of, in their order. What cannot be read of the cluster has been said by then.
pub fn judge_report(
    report: &mut Report<'_>,
    texts: &[(&str, u16)],
    cluster: &Cluster<'_>,
    settings: &check::Settings,
) {
    let nodes: Vec<Node<'_>> = texts.iter().flat_map(|(text, source)| objects(text, *source)).collect();
    let mut results: Vec<_> = report.results.iter_mut().filter(|judged| !judged.in_context).collect();
    // What an API server refuses reaches no webhook.
    let is_sent = |judged: &Judged<'_>| judged.object.is_some() && judged.allowed != Some(false);
    let sent: Vec<Option<&Node<'_>>> =
        results.iter().zip(&nodes).map(|(judged, node)| is_sent(judged).then_some(node)).collect();
    let Ok(found) = apply(&sent, cluster) else { return };
    let mut hidden = 0;
    for (judged, mut found) in results.iter_mut().zip(found) {
        if has_errors(&found) {
            judged.allowed = Some(false);
        }
        let all = found.len();
        found.retain(|found| settings.wants(found));
        hidden += all - found.len();
        judged.diagnostics.extend(found);
        judged.diagnostics.sort_by_key(|found| found.position);
    }
    report.hidden += hidden;
}

/// What a cluster says of objects, one after the other, where all of them are there in the end; absent ones are not sent.
///
/// # Errors
/// Why nothing was judged.
pub fn apply(sent: &[Option<&Node<'_>>], cluster: &Cluster<'_>) -> Result<Vec<Vec<Diagnostic>>, Diagnostic> {
    let written = |node: &Node<'_>| serde_json::to_string(node).unwrap_or_default();
    let nodes = cluster.texts.iter().flat_map(|(text, source)| objects(text, *source));
    let there: Vec<String> = nodes.map(|node| written(&node)).collect();
    let new: Vec<Option<String>> = sent.iter().map(|node| node.map(written)).collect();
    let texts = there.iter().chain(new.iter().flatten()).map(String::as_str);
    let context = Context::new(texts, None, PublicSuffixes::BuiltIn)
        .map_err(|(_, error)| unjudged(format!("an object cannot be read: {error}")))?;
    if !context.has_grants_or_claims() {
        return Err(unjudged("the context has neither HostnameGrants nor DomainClaims: who may use which host name was not asked".to_owned()));
    }
    let old: BTreeMap<String, Object<'_>> = there
        .iter()
        .filter_map(|text| Object::read(text).ok())
        .filter_map(|object| Some((at(&object)?, object)))
        .collect();
    let found = new.iter().zip(sent).map(|(text, node)| {
        let (Some(text), Some(node)) = (text, node) else { return Vec::new() };
        let Ok(object) = Object::read(text) else { return Vec::new() };
        let (Some(kind), Some(at)) = (object.kind, at(&object)) else { return Vec::new() };
        let change = match old.get(&at) {
            Some(old) => Change::Update(&object, old),
            None => Change::Create(&object),
        };
        let asking = Asking { namespace: namespace(kind, &object), user: "", wants_trace: false };
        let mut found = decide(kind, change, &asking, &context, cluster.settings).0.diagnostics();
        diagnostic::locate(&mut found, node);
        found
    });
    Ok(found.collect())
}

fn unjudged(message: String) -> Diagnostic {
    let hint = "put the cluster's grants and claims into the context: `kubectl get gatewright -A -o yaml`";
    Diagnostic::info(NO_GRANTS, Path::ROOT, message).level(Level::Ownership).hint(hint)
}

/// Where an object stands in a cluster.
fn at(object: &Object<'_>) -> Option<String> {
    let kind = object.kind?;
    Some(place(kind.name(), namespace(kind, object), &object.name))
}

fn namespace<'o>(kind: Kind, object: &'o Object<'_>) -> &'o str {
    if object.namespace.is_empty() && kind.is_namespaced() { "default" } else { &object.namespace }
}

/// Every object of a text, those of lists too; what cannot be read is left out.
fn objects(text: &str, source: u16) -> Vec<Node<'_>> {
    let mut objects = Vec::new();
    yaml::each(text, source, &Limits::NATIVE, &mut Vec::new(), |node, _| {
        if !node.is_null() {
            each_object(node, &mut |node| objects.push(node));
        }
    });
    objects
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::{Run, Settings as CheckSettings};
    use crate::release::{Channel, Release, Target};

    const GRANT: &str = "apiVersion: gatewright.dev/v1alpha1\nkind: HostnameGrant\nmetadata: {name: shop}\n\
                         spec: {namespaces: [shop], hostnames: ['*.shop.example.com']}\n";

    fn route(host: &str) -> String {
        format!(
            "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {{name: web, namespace: shop}}\n\
             spec: {{hostnames: [{host}], parentRefs: [{{name: public, namespace: edge}}]}}\n"
        )
    }

    /// Whether each object is allowed, with the codes of what was found.
    fn judged(text: &str, there: &str) -> Vec<(Option<bool>, Vec<&'static str>)> {
        let settings = CheckSettings::new(Target { release: Release::V1_6, channel: Channel::Standard });
        let mut run = Run::new(&settings);
        assert_eq!(run.read(text, 0), []);
        let mut report = run.finish();
        let cluster = Cluster { texts: &[(there, 1)], settings: &Settings::default() };
        judge_report(&mut report, &[(text, 0)], &cluster, &settings);
        let of = |found: &Diagnostic| (found.level == Level::Ownership).then_some(found.code.0);
        let codes = |found: &[Diagnostic]| found.iter().filter_map(of).collect();
        report.results.iter().map(|judged| (judged.allowed, codes(&judged.diagnostics))).collect()
    }

    #[test]
    fn objects_are_judged_by_the_grants_that_are_there() {
        let text =
            format!("{}---\n{}", route("a.shop.example.com"), route("pay.example.com").replace("web", "pay"));
        let results = judged(&text, GRANT);
        assert_eq!(results, [(Some(true), vec![]), (Some(false), vec!["hostname-not-granted"])]);
    }

    #[test]
    fn what_was_there_already_only_warns() {
        let there = format!("{GRANT}---\n{}", route("old.example.com"));
        let results = judged(&route("old.example.com"), &there);
        assert_eq!(results[0].0, Some(true), "{results:?}");
        let results = judged(&route("new.example.com"), &there);
        assert_eq!(results[0], (Some(false), vec!["hostname-not-granted"]));
    }

    #[test]
    fn nothing_is_asked_where_nobody_grants_anything_or_an_api_server_refuses() {
        let results = judged(&route("a.example.com"), "");
        assert_eq!(results[0], (Some(true), vec![]));
        let refused = route("a.example.com").replace("metadata:", "metadatas: 1\nmetadata:");
        let results = judged(&refused, GRANT);
        assert_eq!(results[0], (Some(false), vec![]));
    }
}
