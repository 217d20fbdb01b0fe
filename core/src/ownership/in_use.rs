//! Grants and claims that go or shrink while objects need them.

use super::context::NAMESPACE;
use super::decision::Decision;
use super::hostname_grant::HostnameGrant;
use super::judge::Written;
use super::kinds::{DOMAIN_CLAIM, HOSTNAME_GRANT, KINDS, Kind};
use super::object::Object;
use super::rule::{self, Fault};
use super::settings::Claims;
use super::sorted::Sorted;
use super::suffixes::Suffixes;
use super::uses::At;
use super::view::View;
use crate::diagnostic::Code;

/// Says who needs a grant of which only `new` stays.
pub(super) fn grant(
    old: &HostnameGrant<'_>,
    new: Option<&HostnameGrant<'_>>,
    view: &View<'_, '_>,
    decision: &mut Decision,
) {
    if !view.settings.needs_grants || new.is_some_and(|new| !is_smaller(old, new)) {
        return;
    }
    // No claim says who needs a grant.
    let view = &view.asking_only(Kind::Grant);
    let without = view.without(Kind::Grant, &old.name, new);
    let reaches = |namespace: &str| {
        old.reaches(namespace, &view.labels(namespace), view.settings)
            || old.selector.is_some() && view.lacks_labels(namespace)
    };
    let what = format!("HostnameGrant `{}`", old.name);
    let codes = [
        rule::hostname_not_granted::RULE.code,
        rule::hostname_inherited::RULE.code,
        rule::hostname_in_annotation::RULE.code,
        rule::claim_not_granted::RULE.code,
    ];
    say(&what, &codes, &|kind| old.names(kind), &reaches, view, &without, decision);
}

/// Says who needs a claim that goes: those of its namespace, where each name must be claimed.
pub(super) fn claim(claim: &Object<'_>, view: &View<'_, '_>, decision: &mut Decision) {
    if view.settings.claims != Claims::Require {
        return;
    }
    // No grant says who needs a claim.
    let view = &view.asking_only(Kind::Claim);
    let namespace = claim.spec().text_of("namespace").unwrap_or_default();
    let without = view.without(Kind::Claim, &claim.name, None);
    let what = format!("DomainClaim `{}`", claim.name);
    let codes = [rule::hostname_not_claimed::RULE.code];
    say(&what, &codes, &|kind| kind != "Gateway", &|other| other == namespace, view, &without, decision);
}

/// Whether a grant permits less than it did, as far as that can be told from its lists.
fn is_smaller(old: &HostnameGrant<'_>, new: &HostnameGrant<'_>) -> bool {
    let mut kept = Suffixes::default();
    for host in new.canonical() {
        kept.insert("", host, 0);
    }
    kept.finish();
    let keeps_hosts = old.hostnames.iter().all(|host| !kept.covering("", host).is_empty());
    let namespaces = Sorted::of(&new.namespaces);
    let keeps_namespaces = old.namespaces.iter().all(|name| namespaces.get(name).is_some());
    let keeps_selector = old.selector.is_none() || old.selector == new.selector;
    let keeps_kinds = old.kinds == new.kinds
        || old.kinds.as_ref().is_some_and(|kinds| kinds.iter().all(|kind| new.names(kind)));
    let keeps_gateways = new.gateways.is_none() || old.gateways == new.gateways;
    !(keeps_hosts && keeps_namespaces && keeps_selector && keeps_kinds && keeps_gateways)
}

/// Names the objects for which one of these faults would be new.
fn say(
    what: &str,
    codes: &[Code],
    may_need: &dyn Fn(&str) -> bool,
    in_namespace: &dyn Fn(&str) -> bool,
    view: &View<'_, '_>,
    without: &View<'_, '_>,
    decision: &mut Decision,
) {
    let asks = |kind: &str| match kind {
        HOSTNAME_GRANT => view.needs_grants(),
        DOMAIN_CLAIM => view.claims() != Claims::Off,
        // Each use asks for the labels that it depends on.
        NAMESPACE => false,
        user => may_need(user),
    };
    let most = rule::action(rule::grant_in_use::RULE.code, view.settings);
    if let Some(kind) = KINDS.iter().find(|kind| asks(kind) && !view.is_complete(kind)) {
        decision.add_at_most(rule::context_incomplete::fault(kind, At::Object), most, view.settings);
    }
    let mut users = Vec::new();
    for known in view.users(in_namespace) {
        let Ok(object) = Object::read(known.text) else { continue };
        let Some(kind) = object.kind.filter(|kind| !kind.needs_kind() || may_need(kind.name())) else {
            continue;
        };
        let written =
            Written { kind, object: &object, old: None, namespace: &known.namespace, wants_trace: false };
        match written.loses(codes, view, without) {
            Ok(Some(host)) => {
                users.push((format!("{} `{}/{}`", kind.name(), known.namespace, known.name), host));
            }
            Ok(None) => {}
            Err(fault) if !fault.is_unknown() => {
                decision.add(rule::grant_in_use::untold(what, &fault), view.settings);
            }
            Err(fault) => decision.add_at_most(Fault { at: At::Object, ..fault }, most, view.settings),
        }
    }
    if let Some(fault) = rule::grant_in_use::fault(what, &users) {
        decision.add(fault, view.settings);
    }
}
