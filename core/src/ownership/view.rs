//! The way to the context: each look is noted, so that a decision knows what it was made from.
//!
//! What was looked at is all that the decision depends on: as a context of its own ([`super::Slice`]) it gives the same
//! decision.

use std::borrow::Cow;
use std::cell::RefCell;
use std::rc::Rc;

use super::context::{Context, Known, NAMESPACE, PublicSuffixes, Served, place};
use super::domain_claim::DomainClaim;
use super::hostname_grant::{HostnameGrant, SCOPE_OF_ALL, Void, scope_of_label, scope_of_namespace};
use super::inherit;
use super::kinds::Kind;
use super::rule::{self, Fault};
use super::settings::{Action, Claims, Settings};
use super::sorted::{self, Sorted};
use super::uses::{At, Parent};
use crate::check::model::{Label, Labels, Listener, ListenerSet, value_of};
use crate::public_suffix;
use crate::release::NAME_LABEL;

/// Most labels of a namespace that are not trusted by which a grant is looked for that asks for one; our own bound, for
/// tenants write as many as they like.
const UNTRUSTED_MAX: usize = 16;

/// A context, the settings, and what was looked at.
#[derive(Debug)]
pub(super) struct View<'v, 'a> {
    context: &'v Context<'a>,
    pub(super) settings: &'v Settings,
    /// What is as if it were not there, and the grant that is there in its place. Only its kind is asked of grants and claims then.
    without: Option<(Kind, &'v str, Option<&'v HostnameGrant<'a>>)>,
    has_grants: bool,
    looked_at: Rc<RefCell<Vec<usize>>>,
    suffixes: Rc<RefCell<Vec<String>>>,
}

impl<'v, 'a> View<'v, 'a> {
    pub(super) fn new(context: &'v Context<'a>, settings: &'v Settings) -> Self {
        Self {
            context,
            settings,
            without: None,
            has_grants: true,
            looked_at: Rc::default(),
            suffixes: Rc::default(),
        }
    }

    /// The same context without a grant or a claim, or with another grant in its place.
    pub(super) fn without(&self, kind: Kind, name: &'v str, instead: Option<&'v HostnameGrant<'a>>) -> Self {
        let (looked_at, suffixes) = (Rc::clone(&self.looked_at), Rc::clone(&self.suffixes));
        Self { without: Some((kind, name, instead)), looked_at, suffixes, ..*self }
    }

    /// The same context without any grant.
    pub(super) fn without_grants(mut self) -> Self {
        self.has_grants = false;
        self
    }

    /// The same context, of which only grants are asked, or only claims.
    pub(super) fn asking_only(&self, kind: Kind) -> Self {
        // Nothing has no name.
        self.without(kind, "", None)
    }

    /// What claims are asked for.
    pub(super) fn claims(&self) -> Claims {
        if self.asks_only_of(Kind::Grant) { Claims::Off } else { self.settings.claims }
    }

    /// Whether grants are asked for.
    pub(super) fn needs_grants(&self) -> bool {
        self.settings.needs_grants && !self.asks_only_of(Kind::Claim)
    }

    fn asks_only_of(&self, kind: Kind) -> bool {
        self.without.is_some_and(|(only, _, _)| only == kind)
    }

    fn is_gone(&self, kind: Kind, name: &str) -> bool {
        self.without.is_some_and(|(gone, of_name, _)| gone == kind && of_name == name)
    }

    /// The whole context.
    pub(super) fn context(&self) -> &'v Context<'a> {
        self.context
    }

    /// What was looked at, as it was given, in the order of the context.
    pub(super) fn looked_at(&self) -> Vec<&'a str> {
        let mut looked_at = self.looked_at.borrow().clone();
        looked_at.sort_unstable();
        looked_at.dedup();
        looked_at.iter().filter_map(|at| Some(self.context.objects.get(*at)?.text)).collect()
    }

    /// The public suffixes that were asked for, of those that are.
    pub(super) fn suffixes(&self) -> Vec<String> {
        self.suffixes.borrow().clone()
    }

    fn note(&self, object: usize) {
        self.looked_at.borrow_mut().push(object);
    }

    /// Whether every object of a kind is in the context.
    pub(super) fn is_complete(&self, kind: &str) -> bool {
        self.context.is_complete(kind)
    }

    /// Asks for every object of a kind.
    ///
    /// # Errors
    /// Where some of them may not be in the context.
    pub(super) fn needs(&self, kind: &str, at: At) -> Result<(), Fault> {
        if self.is_complete(kind) { Ok(()) } else { Err(rule::context_incomplete::fault(kind, at)) }
    }

    /// What is wrong with a listener that may not let a route in is not known to be wrong.
    pub(super) fn in_doubt(&self, faults: Vec<Fault>, is_certain: bool, at: At) -> Vec<Fault> {
        if is_certain || !faults.iter().any(|fault| self.denies(fault)) {
            return faults;
        }
        match self.needs(NAMESPACE, at) {
            Ok(()) => faults,
            Err(fault) => vec![fault],
        }
    }

    /// Whether the settings let a fault deny.
    pub(super) fn denies(&self, fault: &Fault) -> bool {
        rule::action(fault.code, self.settings) == Action::Deny
    }

    /// Labels of a namespace; of one that is not there only its name is known.
    pub(super) fn labels(&self, namespace: &str) -> Cow<'v, [Label<'a>]> {
        match self.namespace(namespace) {
            Some((object, labels)) => {
                self.note(*object);
                Cow::Borrowed(labels)
            }
            None => Cow::Owned(vec![(Cow::Borrowed(NAME_LABEL), Cow::Owned(namespace.to_owned()))]),
        }
    }

    fn namespace(&self, name: &str) -> Option<&'v (usize, Labels<'a>)> {
        self.context.namespaces.get(self.context.places.get(&place(NAMESPACE, "", name))?)
    }

    /// Whether labels of a namespace that tenants cannot edit are not known: only the name is of one that is not there.
    pub(super) fn lacks_labels(&self, namespace: &str) -> bool {
        self.settings.trusted_labels.iter().any(|label| label != NAME_LABEL)
            && self.namespace(namespace).is_none()
    }

    /// Asks for the labels of a namespace that no grant is known to reach: some may by labels.
    ///
    /// # Errors
    /// Where they may not be in the context.
    pub(super) fn needs_labels(&self, namespace: &str, at: At) -> Result<(), Fault> {
        if !self.lacks_labels(namespace) {
            return Ok(());
        }
        let instead = self.without.and_then(|(_, _, instead)| instead);
        match self.context.selecting {
            Some(selecting) => self.note(selecting),
            None if instead.is_some_and(HostnameGrant::selects_by_labels) => {}
            None => return Ok(()),
        }
        self.needs(NAMESPACE, at)
    }

    /// The scopes in which grants stand that may reach a namespace.
    fn scopes(&self, namespace: &str, labels: &[Label<'_>]) -> Vec<String> {
        let mut scopes = vec![scope_of_namespace(namespace)];
        for key in &self.settings.trusted_labels {
            if let Some(value) = value_of(labels, key) {
                scopes.push(scope_of_label(key, value));
            }
        }
        scopes.push(SCOPE_OF_ALL.to_owned());
        scopes
    }

    /// Grants that reach a namespace and cover a host name whole, the narrowest first; `until` says which one is enough.
    pub(super) fn granting(
        &self,
        namespace: &str,
        host: &str,
        mut until: impl FnMut(&'v HostnameGrant<'a>) -> bool,
    ) {
        let labels = self.labels(namespace);
        for scope in self.scopes(namespace, &labels) {
            for at in self.context.grants_by_host.covering(&scope, host) {
                if let Some(grant) = self.reaching(at, namespace, &labels)
                    && until(grant)
                {
                    return;
                }
            }
        }
        if let Some((_, _, Some(instead))) = self.without
            && instead.reaches(namespace, &labels, self.settings)
            && instead.covering(host).is_some()
        {
            until(instead);
        }
    }

    /// Whether a grant that reaches a namespace passes.
    pub(super) fn any_reaching(
        &self,
        namespace: &str,
        mut passes: impl FnMut(&'v HostnameGrant<'a>) -> bool,
    ) -> bool {
        let labels = self.labels(namespace);
        for scope in self.scopes(namespace, &labels) {
            for (_, at) in self.context.grants_by_host.all(&scope) {
                if self.reaching(*at, namespace, &labels).is_some_and(&mut passes) {
                    return true;
                }
            }
        }
        let instead = self.without.and_then(|(_, _, instead)| instead);
        instead.is_some_and(|grant| grant.reaches(namespace, &labels, self.settings) && passes(grant))
    }

    /// The grant that reaches a namespace and has most labels in common with a host name, with its name for it.
    pub(super) fn nearest_grant(
        &self,
        namespace: &str,
        host: &str,
    ) -> Option<(&'v HostnameGrant<'a>, &'v str)> {
        let labels = self.labels(namespace);
        let scopes = self.scopes(namespace, &labels);
        let mut best: Option<(usize, &'v HostnameGrant<'a>)> = None;
        for scope in scopes {
            self.context.grants_by_host.nearest(&scope, host, &mut |shared, at| {
                // Of equals the first scope's counts.
                if best.is_some_and(|(most, _)| shared <= most) {
                    return true;
                }
                let found = self.reaching(at, namespace, &labels);
                best = found.map(|grant| (shared, grant)).or(best);
                found.is_some()
            });
        }
        let (_, grant) = best?;
        Some((grant, grant.nearest_to(host)?))
    }

    /// A grant that is meant for a namespace and a host name and permits nothing, with why.
    pub(super) fn void_grant(
        &self,
        namespace: &str,
        host: &str,
    ) -> Option<(&'v HostnameGrant<'a>, Void<'v>)> {
        let labels = self.labels(namespace);
        let mut scopes = self.scopes(namespace, &labels);
        for (key, value) in
            labels.iter().filter(|(key, _)| !self.settings.is_trusted(key)).take(UNTRUSTED_MAX)
        {
            scopes.push(scope_of_label(key, value));
        }
        // In which order somebody wrote these labels plays no part.
        let mut sorted = Sorted::default();
        for scope in scopes {
            sorted.push(scope, 0);
        }
        sorted.finish();
        for grants in [&self.context.grants_by_host, &self.context.grants_by_lowered_host] {
            for (scope, _) in sorted.entries() {
                for at in grants.covering(scope, host) {
                    if let Some(grant) = self.context.grants.get(at)
                        && self.has_grants
                        && !self.is_gone(Kind::Grant, &grant.name)
                        && let Some(why) = grant.void(namespace, &labels, host, self.settings)
                    {
                        self.note(grant.object);
                        return Some((grant, why));
                    }
                }
            }
        }
        None
    }

    fn reaching(&self, at: usize, namespace: &str, labels: &[Label<'_>]) -> Option<&'v HostnameGrant<'a>> {
        let grant = self.context.grants.get(at)?;
        let is_there = self.has_grants && !grant.is_terminating && !self.is_gone(Kind::Grant, &grant.name);
        // Of labels that may be missing none is known to be absent.
        let is_certain =
            || grant.names_namespace(namespace) || !grant.asks_for_absence() || !self.lacks_labels(namespace);
        let reaches = is_there && grant.reaches(namespace, labels, self.settings) && is_certain();
        if reaches {
            self.note(grant.object);
        }
        reaches.then_some(grant)
    }

    /// A claim that stands, of a namespace beside these, and overlaps a host name: covers it, or is below it.
    ///
    /// # Errors
    /// Where none is known, and some may not be in the context; before any is looked for, where that denies.
    pub(super) fn claim_of_another(
        &self,
        own: &[&str],
        host: &str,
        at: At,
    ) -> Result<Option<&'v DomainClaim<'a>>, Fault> {
        let known = self.needs(Kind::Claim.name(), at);
        if !known.as_ref().is_err_and(|fault| self.denies(fault)) {
            let mut found = None;
            let mut is_of_another = |index: usize| {
                let claim = self.context.claims.get(index);
                found = claim.filter(|claim| claim.stands() && !own.contains(&&*claim.namespace));
                found.is_some()
            };
            let claims = &self.context.claims_by_host;
            // Where upper case is only warned of, it is the same name to DNS all the same.
            let host = &host.to_ascii_lowercase();
            if !claims.covering("", host).into_iter().any(&mut is_of_another) {
                claims.below("", host, &mut is_of_another);
            }
            if let Some(claim) = found {
                self.note(claim.object);
                return Ok(found);
            }
        }
        known.map(|()| None)
    }

    /// Claims of a namespace that cover a host name whole: first those that permit its use.
    pub(super) fn own_claim(&self, namespace: &str, host: &str) -> Option<&'v DomainClaim<'a>> {
        let own = || {
            let covering = self.context.claims_by_host.covering("", host).into_iter();
            let covering = covering.filter_map(|at| self.context.claims.get(at));
            covering.filter(|claim| claim.namespace == namespace && !self.is_gone(Kind::Claim, &claim.name))
        };
        let found = own().find(|claim| claim.permits()).or_else(|| own().next())?;
        self.note(found.object);
        Some(found)
    }

    /// The listeners of a parent; none where it is not there.
    pub(super) fn listeners(&self, parent: &Parent<'_>) -> Option<&'v [Listener<'a>]> {
        if parent.is_gateway() {
            return Some(&self.gateway(&parent.namespace, &parent.name)?.listeners);
        }
        self.listener_set(parent).map(|set| &*set.listeners)
    }

    /// A Gateway, by namespace and name.
    pub(super) fn gateway(&self, namespace: &str, name: &str) -> Option<&'v Served<'a>> {
        let place = place(Kind::Gateway.name(), namespace, name);
        let served = self.context.gateways.get(self.context.places.get(&place)?)?;
        self.note(served.object);
        Some(served)
    }

    fn listener_set(&self, parent: &Parent<'_>) -> Option<&'v ListenerSet<'a>> {
        let place = place(parent.listener_set()?, &parent.namespace, &parent.name);
        let set = self.context.listener_sets.get(self.context.places.get(&place)?)?;
        self.note(set.meta.object);
        Some(set)
    }

    /// Namespace and name of the Gateway that a ListenerSet joins; none where the set is not there, or joins none.
    pub(super) fn gateway_of(&self, parent: &Parent<'_>) -> Option<(Cow<'a, str>, Cow<'a, str>)> {
        let set = self.listener_set(parent)?;
        inherit::joined(&set.parent, &set.meta.namespace)
    }

    /// Routes that inherit from a parent; of a ListenerSet all that name it.
    pub(super) fn inheriting(&self, kind: &str, namespace: &str, name: &str) -> Vec<&'v Known<'a>> {
        let mut found: Vec<usize> =
            sorted::all(self.context.inheriting.entries(), &place(kind, namespace, name)).collect();
        found.dedup();
        found.into_iter().filter_map(|at| self.object(at)).collect()
    }

    /// Every object that uses host names, in some namespaces.
    pub(super) fn users(&self, in_namespace: impl Fn(&str) -> bool) -> Vec<&'v Known<'a>> {
        let all = self.context.objects.iter().enumerate();
        let is_judged = |known: &Known<'_>| known.uses_hosts && !self.settings.is_exempt(&known.namespace);
        let users = all.filter(|(_, known)| is_judged(known) && in_namespace(&known.namespace));
        users.filter_map(|(at, _)| self.object(at)).collect()
    }

    fn object(&self, at: usize) -> Option<&'v Known<'a>> {
        self.note(at);
        self.context.objects.get(at)
    }

    /// Whether a name is a public suffix, or every name below it is one; none where that is not known.
    pub(super) fn is_public_suffix(&self, name: &str) -> Option<bool> {
        let is_public = match &self.context.suffixes {
            PublicSuffixes::BuiltIn if public_suffix::HAS_LIST => {
                public_suffix::section_below(name) == Some(public_suffix::Section::Icann)
            }
            PublicSuffixes::BuiltIn | PublicSuffixes::Unknown => return None,
            PublicSuffixes::Listed(listed) => listed.iter().any(|listed| listed == name),
        };
        let mut suffixes = self.suffixes.borrow_mut();
        if is_public && !suffixes.iter().any(|known| known == name) {
            suffixes.push(name.to_owned());
        }
        Some(is_public)
    }
}
