//! The grants that objects would need which are there already: where a cluster with routes starts.

use std::collections::{BTreeMap, BTreeSet};

use super::Context;
use super::decision::Decision;
use super::hostname_grant::{EVERY_HOST, HOSTNAMES_MAX};
use super::judge::Written;
use super::kinds::{API_VERSION, GRANTED_BY_DEFAULT, HOSTNAME_GRANT, granted_as};
use super::object::Object;
use super::rule;
use super::settings::{Claims, Settings};
use super::view::View;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::hostname::covers;
use crate::path::Path;
use crate::tree::Node;

/// What of an object no grant can permit.
const NOT_INFERRED: Code = Code("not-inferred");

/// The grants that every object of a context needs: one a namespace for its routes, and one each for kinds that must be
/// named. What no grant can permit is said.
pub fn infer(context: &Context<'_>, settings: &Settings) -> (Vec<Node<'static>>, Vec<Diagnostic>) {
    let settings = Settings { needs_grants: true, claims: Claims::Off, ..settings.clone() };
    let view = View::new(context, &settings).without_grants();
    let mut needed: BTreeMap<(String, &str), BTreeSet<String>> = BTreeMap::new();
    let mut out = Vec::new();
    for known in view.users(|_| true) {
        let Ok(object) = Object::read(known.text) else { continue };
        let Some(kind) = object.kind else { continue };
        let name = granted_as(kind.name());
        let is_named = kind.needs_kind() && !GRANTED_BY_DEFAULT.contains(&name);
        let name = if is_named { name } else { "" };
        let written =
            Written { kind, object: &object, old: None, namespace: &known.namespace, wants_trace: false };
        let Decision { findings, .. } = written.uses_only(&view);
        for fault in findings.into_iter().map(|finding| finding.fault) {
            if is_of_grants(fault.code) && !fault.host.is_empty() {
                needed.entry((known.namespace.to_string(), name)).or_default().insert(fault.host);
                continue;
            }
            let whose = format!("{} `{}/{}`", kind.name(), known.namespace, known.name);
            let message = format!("{whose} has no grant here: {}", fault.text);
            out.push(Diagnostic::new(NOT_INFERRED, Severity::Warning, Path::ROOT, message).hint(fault.hint));
        }
    }
    let grants = needed.into_iter().flat_map(|((namespace, kind), hosts)| grants(&namespace, kind, &hosts));
    (grants.collect(), out)
}

fn is_of_grants(code: Code) -> bool {
    [
        rule::claim_not_granted::RULE.code,
        rule::hostname_not_granted::RULE.code,
        rule::hostname_inherited::RULE.code,
        rule::hostname_in_annotation::RULE.code,
    ]
    .contains(&code)
}

/// Grants of a namespace for a kind, with names that no grant of another namespace has: those hold no dot. As many as its host names take; names that another one covers are left out.
fn grants(namespace: &str, kind: &str, hosts: &BTreeSet<String>) -> Vec<Node<'static>> {
    let is_covered = |host: &String| {
        let suffixes = crate::hostname::wider(host).filter(|suffix| *suffix != crate::hostname::suffix(host));
        hosts.contains(EVERY_HOST) && host != EVERY_HOST
            || suffixes.into_iter().any(|suffix| {
                let wildcard = format!("*{suffix}");
                hosts.contains(&wildcard) && wildcard != *host && covers(&wildcard, host)
            })
    };
    let hosts: Vec<&String> = hosts.iter().filter(|host| !is_covered(host)).collect();
    let base = if kind.is_empty() {
        namespace.to_owned()
    } else {
        format!("{namespace}.{}", kind.to_ascii_lowercase())
    };
    let text = |text: &str| Node::text(text.to_owned());
    let parts = hosts.chunks(HOSTNAMES_MAX).enumerate();
    parts
        .map(|(index, hosts)| {
            let name = if index == 0 { base.clone() } else { format!("{base}.{}", index + 1) };
            let mut spec = Node::map([
                ("namespaces", Node::list([text(namespace)])),
                ("hostnames", Node::list(hosts.iter().map(|host| text(host)))),
            ]);
            if !kind.is_empty() {
                spec = spec.with("kinds", Node::list([text(kind)]));
            }
            Node::map([
                ("apiVersion", Node::text(API_VERSION)),
                ("kind", text(HOSTNAME_GRANT)),
                ("metadata", Node::map([("name", Node::text(name))])),
            ])
            .with("spec", spec)
        })
        .collect()
}
