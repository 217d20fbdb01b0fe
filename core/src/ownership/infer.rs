//! The grants that objects would need which are there already: where a cluster with routes starts.

use std::collections::{BTreeMap, BTreeSet};

use super::context::{Context, PublicSuffixes};
use super::decision::Decision;
use super::hostname_grant::{EVERY_HOST, HOSTNAMES_MAX};
use super::judge::Written;
use super::kinds::{API_VERSION, GRANTED_BY_DEFAULT, HOSTNAME_GRANT, Kind, granted_as};
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

/// No object that needs a grant.
const NOTHING_TO_INFER: Code = Code("nothing-to-infer");

/// The grants that every object of a context needs: one a namespace for its routes and claims, and one each for kinds that
/// must be named. What denies an object although these are given is said.
pub fn infer(context: &Context<'_>, settings: &Settings) -> (Vec<Node<'static>>, Vec<Diagnostic>) {
    let needs = Settings { needs_grants: true, claims: Claims::Off, ..settings.clone() };
    let view = View::new(context, &needs).without_grants();
    let mut needed: BTreeMap<(String, &str), BTreeSet<String>> = BTreeMap::new();
    let mut is_asked = false;
    each(context, &view, |kind, namespace, _, decision| {
        is_asked = true;
        let name = granted_as(kind.name());
        let is_named = kind.needs_kind() && !GRANTED_BY_DEFAULT.contains(&name);
        let name = if is_named { name } else { "" };
        let faults = decision.findings.into_iter().map(|finding| finding.fault);
        for fault in faults.filter(|fault| is_of_grants(fault.code) && !fault.host.is_empty()) {
            needed.entry((namespace.to_owned(), name)).or_default().insert(fault.host);
        }
    });
    let grants = needed.into_iter().flat_map(|((namespace, kind), hosts)| grants(&namespace, kind, &hosts));
    let grants: Vec<Node<'static>> = grants.collect();
    let mut said = denied(context, &grants, settings);
    if !is_asked {
        let message = "the input has no object that uses host names: there is no grant to infer";
        let hint = "give what the cluster has: `kubectl get gateways,httproutes,ingresses -A -o yaml`";
        said.push(Diagnostic::new(NOTHING_TO_INFER, Severity::Warning, Path::ROOT, message).hint(hint));
    }
    (grants, said)
}

/// What stands against objects although they have these grants, and no others.
fn denied(context: &Context<'_>, grants: &[Node<'static>], settings: &Settings) -> Vec<Diagnostic> {
    // A tree is always JSON.
    let grants: Vec<String> = grants.iter().filter_map(|grant| serde_json::to_string(grant).ok()).collect();
    let is_grant = |text| Object::read(text).is_ok_and(|object| object.kind == Some(Kind::Grant));
    let others = context.objects.iter().map(|known| known.text).filter(|text| !is_grant(text));
    let all = others.chain(grants.iter().map(String::as_str));
    let complete = context.complete().map(<[String]>::to_vec);
    // Every text was read before.
    let Ok(granted) = Context::new(all, complete, PublicSuffixes::BuiltIn) else { return Vec::new() };
    let settings = Settings { needs_grants: true, ..settings.clone() };
    let mut out = Vec::new();
    each(&granted, &View::new(&granted, &settings), |kind, namespace, name, decision| {
        for fault in decision.findings.into_iter().map(|finding| finding.fault) {
            let whose = match kind {
                Kind::Claim => format!("{} `{name}`", kind.name()),
                _ => format!("{} `{namespace}/{name}`", kind.name()),
            };
            let message = format!("no grant permits {whose}: {}", fault.text);
            out.push(Diagnostic::new(NOT_INFERRED, Severity::Warning, Path::ROOT, message).hint(fault.hint));
        }
    });
    out
}

/// Judges every object that needs a grant as if it came now: its kind, the namespace that is to have it, its name.
fn each(context: &Context<'_>, view: &View<'_, '_>, mut take: impl FnMut(Kind, &str, &str, Decision)) {
    let claims = context.claims.iter().filter_map(|claim| context.objects.get(claim.object));
    for known in view.users(|_| true).into_iter().chain(claims) {
        let Ok(object) = Object::read(known.text) else { continue };
        let Some(kind) = object.kind else { continue };
        let of_claim = object.spec().text_of("namespace").filter(|_| kind == Kind::Claim);
        let namespace = of_claim.unwrap_or_else(|| known.namespace.clone());
        let written = Written { kind, object: &object, old: None, namespace: &namespace, wants_trace: false };
        let decision = match kind {
            Kind::Claim | Kind::Request => written.judge(view),
            // What others inherit is asked of them.
            _ => written.uses_only(view),
        };
        take(kind, &namespace, &known.name, decision);
    }
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
