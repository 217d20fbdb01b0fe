//! Who may grant and claim what: HostnameGrants, DomainClaims and GatewayHostnameRequests.

use std::borrow::Cow;

use super::asked::{Asked, Way};
use super::decision::Decision;
use super::hostname_grant::{HostnameGrant, On};
use super::in_use;
use super::judge::Written;
use super::kinds::Kind;
use super::rule;
use super::settings::Action;
use super::sorted::Sorted;
use super::uses::At;
use super::view::View;

/// A grant is the platform's word: what is looked at is whether it can mean what it says.
pub(super) fn grant<'a>(written: &Written<'_, 'a>, view: &View<'_, 'a>, decision: &mut Decision) {
    let read = |object: &super::object::Object<'a>| {
        HostnameGrant::read(usize::MAX, object.name.clone(), object.is_terminating, object.spec())
    };
    let new = read(written.object);
    let old = written.old.map(read);
    let known = Sorted::of(old.as_ref().map_or(&[], |old| &old.hostnames));
    let had = |host: &str| known.get(host).is_some();
    for (index, host, fault) in new.faults() {
        let fault = rule::hostname_not_canonical::fault(host, &fault, At::Hostname(index));
        decision.add_ratcheted(fault, had(host), view.settings);
    }
    let old_labels = old.as_ref().map(|old| old.untrusted(view.settings)).unwrap_or_default();
    for label in new.untrusted(view.settings) {
        let fault = rule::untrusted_selector::fault(label);
        decision.add_ratcheted(fault, old_labels.contains(&label), view.settings);
    }
    for (index, host) in new.hostnames.iter().enumerate().filter(|(_, host)| !had(host)) {
        if let Some(suffix) = public_suffix(host)
            && view.is_public_suffix(suffix) == Some(true)
        {
            let fault = rule::public_suffix_wildcard::fault(host, suffix, At::Hostname(index));
            decision.add_at_most(fault, Action::Warn, view.settings);
        }
    }
    if let Some(old) = old {
        in_use::grant(&old, Some(&new), view, decision);
    }
}

/// A claim needs a grant of its namespace that covers the name; `kinds` and `gateways` of the grant do not matter.
pub(super) fn claim<'a>(written: &Written<'_, 'a>, view: &View<'_, 'a>, decision: &mut Decision) {
    let spec = |object: &super::object::Object<'a>, key| object.spec().text_of(key);
    let key = |object| (spec(object, "hostname"), spec(object, "namespace"));
    // What is claimed never changes; anything else of it is no new use.
    if written.old.is_some_and(|old| key(old) == key(written.object)) {
        return;
    }
    let host = spec(written.object, "hostname").unwrap_or_default();
    let namespace = match written.kind {
        Kind::Claim => spec(written.object, "namespace").unwrap_or_default(),
        _ => Cow::Borrowed(written.namespace),
    };
    let on = On::NoGateway;
    let at = At::Claimed;
    let (kind, way) = (written.kind, Way::Said);
    let asked = Asked { host: &host, kind, namespace: &namespace, on: &on, unknown_parent: None, way, at };
    let answer = asked.ask(view);
    decision.note_answer(&answer, written.wants_trace);
    for fault in answer.faults {
        decision.add(fault, view.settings);
    }
    if let Some(suffix) = public_suffix(&host) {
        match view.is_public_suffix(suffix) {
            Some(true) => decision.add(rule::public_suffix_wildcard::fault(&host, suffix, at), view.settings),
            Some(false) => {}
            None => decision.add(rule::context_incomplete::public_suffix(at), view.settings),
        }
    }
}

/// What stands after the star of a wildcard.
fn public_suffix(host: &str) -> Option<&str> {
    host.strip_prefix("*.")
}
