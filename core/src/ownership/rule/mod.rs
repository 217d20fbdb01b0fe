//! The rules of ownership, one file each: its code, its words, and its page of the manual.

pub mod claim_not_granted;
pub mod context_incomplete;
pub mod grant_in_use;
pub mod hostname_claimed;
pub mod hostname_in_annotation;
pub mod hostname_inherited;
pub mod hostname_not_canonical;
pub mod hostname_not_claimed;
pub mod hostname_not_granted;
pub mod listener_widens;
pub mod parent_not_supported;
pub mod parent_unknown;
pub mod public_suffix_wildcard;
pub mod review_malformed;
pub mod untrusted_selector;

use super::asked::{Asked, Near};
use super::hostname_grant::{EVERY_HOST, On, Void};
use super::kinds::GRANTED_BY_DEFAULT;
use super::settings::{Action, Settings};
use super::uses::At;
use crate::diagnostic::Code;
use crate::hostname::labels_from_right;
use crate::path::Path;
use crate::shorten::listed;

/// What is wrong, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Which rule.
    pub code: Code,
    /// The host name that it is about; empty where it is about none.
    pub host: String,
    /// Where it stands.
    pub(super) at: At,
    /// What was found.
    pub text: String,
    /// What to do.
    pub hint: String,
}

impl Fault {
    /// Of a host name that no grant permits; `what` is asked for, and the sentence goes on from there.
    fn not_granted(code: Code, what: &str, asked: &Asked<'_>, near: &Near<'_, '_>, hint: String) -> Self {
        let Asked { host, namespace, at, .. } = *asked;
        let text = format!("{what} is not granted to namespace `{namespace}`{}", nearest(host, near));
        Self { code, host: host.to_owned(), at, text, hint }
    }

    /// Whether it says that something is not known, rather than not permitted.
    pub(super) fn is_unknown(&self) -> bool {
        self.code == context_incomplete::RULE.code
    }

    /// Where it stands.
    pub fn path(&self) -> Path {
        self.at.path()
    }
}

/// A page of the manual.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Its code.
    pub code: Code,
    /// What it does where no setting says otherwise.
    pub action: Action,
    /// What is found, in one line.
    pub what: &'static str,
    /// Why that matters.
    pub why: &'static str,
    /// What there is, and last what is asked for and denied.
    pub bad: &'static str,
    /// The same, mended.
    pub good: &'static str,
}

/// Every rule, by code.
pub const RULES: [&Rule; 15] = [
    &claim_not_granted::RULE,
    &context_incomplete::RULE,
    &grant_in_use::RULE,
    &hostname_claimed::RULE,
    &hostname_in_annotation::RULE,
    &hostname_inherited::RULE,
    &hostname_not_canonical::RULE,
    &hostname_not_claimed::RULE,
    &hostname_not_granted::RULE,
    &listener_widens::RULE,
    &parent_not_supported::RULE,
    &parent_unknown::RULE,
    &public_suffix_wildcard::RULE,
    &review_malformed::RULE,
    &untrusted_selector::RULE,
];

/// Every code, apart from the pages, which only the manual needs.
pub(super) const CODES: [Code; 15] = [
    claim_not_granted::RULE.code,
    context_incomplete::RULE.code,
    grant_in_use::RULE.code,
    hostname_claimed::RULE.code,
    hostname_in_annotation::RULE.code,
    hostname_inherited::RULE.code,
    hostname_not_canonical::RULE.code,
    hostname_not_claimed::RULE.code,
    hostname_not_granted::RULE.code,
    listener_widens::RULE.code,
    parent_not_supported::RULE.code,
    parent_unknown::RULE.code,
    public_suffix_wildcard::RULE.code,
    review_malformed::RULE.code,
    untrusted_selector::RULE.code,
];

/// What a fault of a rule does.
pub(super) fn action(code: Code, settings: &Settings) -> Action {
    let set = settings.actions.iter().find(|(set, _)| *set == code.0);
    let by_default = if code == grant_in_use::RULE.code { grant_in_use::RULE.action } else { Action::Deny };
    set.map_or(by_default, |(_, action)| *action)
}

/// What came nearest to a grant, after a semicolon.
fn nearest(asked: &str, near: &Near<'_, '_>) -> String {
    let (grant, of, limits, none) = match near {
        Near::Kind(grant) => {
            let kinds = match &grant.kinds {
                Some(kinds) => listed(kinds),
                None => listed(GRANTED_BY_DEFAULT),
            };
            (grant, "for kinds", kinds, "for no kind")
        }
        Near::Gateway(grant) | Near::NoParent(grant) => {
            (grant, "on Gateways", listed(grant.limits()), "on no Gateway")
        }
        Near::Host(_, host) if labels_from_right(host).next() != labels_from_right(asked).next() => {
            return "; its grants are for other names".to_owned();
        }
        Near::Host(grant, host) => return format!("; the nearest grant is `{}` with `{host}`", grant.name),
        Near::Void(grant, why) => {
            let (has, what, so) = match why {
                Void::Terminating => (" is being deleted", "", ""),
                Void::Untrusted(label) => (" selects by label `", *label, "`, which is not trusted"),
                Void::NotCanonical(host) => (" has `", *host, "`, which is not canonical"),
            };
            return format!("; grant `{}`{has}{what}{so}", grant.name);
        }
        Near::Nothing => return "; no grant reaches this namespace".to_owned(),
    };
    let only = if limits.is_empty() { none.to_owned() } else { format!("{of} {limits} only") };
    format!("; grant `{}` covers it {only}", grant.name)
}

/// What to ask for, or where to attach.
fn ask_for_grant(asked: &Asked<'_>, near: &Near<'_, '_>) -> String {
    let Asked { host, namespace, kind, .. } = asked;
    // Where several places would do, that of one is as good.
    let on = match asked.on {
        On::AnyOf(places) => places.iter().find(|on| **on != On::Elsewhere).unwrap_or(asked.on),
        on => on,
    };
    if let Near::NoParent(grant) = near
        && let Some((missing, of, namespace, name)) = match (asked.unknown_parent, on) {
            (Some(set), _) => Some((&*set.kind, "a ListenerSet of ", &set.namespace, &set.name)),
            (None, On::Gateway(namespace, name)) => Some(("Gateway", "", namespace, name)),
            _ => None,
        }
        && let Some(limit) = grant.limit_like(name)
    {
        return format!(
            "there is no {missing} {namespace}/{name}: attach to {of}{limit}, by name and `namespace`"
        );
    }
    let by_default = GRANTED_BY_DEFAULT.contains(&kind.name()) || !kind.needs_kind();
    let kinds = if by_default { String::new() } else { format!(", `kinds` name {}", kind.name()) };
    let (without, on) = limit_asked(near, on);
    let (instead, or) = if *host == EVERY_HOST { (every_host(asked.at).1, ", or ") } else { ("", "") };
    format!(
        "{instead}{or}ask for a HostnameGrant{without} whose `hostnames` cover `{host}`{kinds}{on} and `namespaces` name \
         `{namespace}`"
    )
}

/// What to ask of the `gateways` of a grant: that there are none, or that they name one.
fn limit_asked(near: &Near<'_, '_>, on: &On<'_>) -> (&'static str, String) {
    match (near, on) {
        (Near::Gateway(_) | Near::NoParent(_), On::Gateway(of, name)) => {
            ("", format!(", `gateways` name {of}/{name}"))
        }
        (Near::Gateway(_), _) => (" without `gateways`", String::new()),
        _ => ("", String::new()),
    }
}

/// Where every host comes from that nobody wrote, and what to write in its place.
fn every_host(at: At) -> (&'static str, &'static str) {
    match at {
        At::Listener(_, false) => (", of a listener without `hostname`,", "give the listener a `hostname`"),
        At::Rule(_, false) => (", of a rule without `host`,", "give the rule a `host`"),
        At::DefaultBackend => (", of a default backend,", "leave out `defaultBackend`"),
        At::ParentRef(_) => ("", "name `hostnames`"),
        _ => ("", "write whole host names"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_does_by_default_what_its_page_says() {
        for (rule, code) in RULES.iter().zip(CODES) {
            assert_eq!((rule.code, rule.action), (code, action(code, &Settings::default())));
        }
    }
}
