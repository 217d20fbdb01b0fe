//! The questions on one host name: is it granted, has another namespace claimed it, is it claimed at all?

use super::domain_claim::DomainClaim;
use super::hostname_grant::{EVERY_HOST, HostnameGrant, On, Void};
use super::kinds::{Kind, LISTENER_SETS};
use super::rule::{self, Fault};
use super::settings::Claims;
use super::uses::{At, Parent, Reach};
use super::view::View;
use crate::hostname::Hostname;

/// What is asked.
#[derive(Clone, Debug)]
pub(super) struct Asked<'q> {
    pub(super) host: &'q str,
    /// Of the object that uses it.
    pub(super) kind: Kind,
    pub(super) namespace: &'q str,
    pub(super) on: &'q On<'q>,
    /// The ListenerSet through which the Gateway is not known, for it may be missing from the context.
    pub(super) unknown_parent: Option<&'q Parent<'q>>,
    pub(super) way: Way<'q>,
    pub(super) at: At,
}

/// How an object comes by a host name.
#[derive(Clone, Copy, Debug)]
pub(super) enum Way<'q> {
    /// It says it.
    Said,
    /// An annotation of it says it.
    Annotation,
    /// It is that of a listener of the object itself.
    Listener(&'q Reach),
    /// It is that of this listener of a parent, in words.
    Inherited(&'q str),
}

/// What was found.
#[derive(Debug)]
pub(super) struct Answer<'v, 'a> {
    pub(super) host: String,
    pub(super) at: At,
    /// The listener that it is inherited from, in words.
    pub(super) inherited_from: Option<String>,
    /// Whether the object used it before.
    pub(super) is_old: bool,
    /// Whether it is known that it uses it: a listener that it is inherited from may not let the route in.
    pub(super) is_certain: bool,
    /// The grant that permits it.
    pub(super) granted: Option<&'v HostnameGrant<'a>>,
    /// The one that came nearest.
    pub(super) near: Option<&'v HostnameGrant<'a>>,
    /// A claim of another namespace.
    pub(super) claimed: Option<&'v DomainClaim<'a>>,
    /// The own namespace's claim.
    pub(super) own_claim: Option<&'v DomainClaim<'a>>,
    /// What is wrong: more than one where the first of them does not deny.
    pub(super) faults: Vec<Fault>,
}

/// Why no grant permits a name: what came nearest.
#[derive(Debug)]
pub(super) enum Near<'v, 'a> {
    /// This one covers it, but names other kinds.
    Kind(&'v HostnameGrant<'a>),
    /// This one covers it, but is for other Gateways.
    Gateway(&'v HostnameGrant<'a>),
    /// The same, and the Gateway or the ListenerSet does not exist.
    NoParent(&'v HostnameGrant<'a>),
    /// This one has this name, which does not cover it.
    Host(&'v HostnameGrant<'a>, &'v str),
    /// This one is meant for it, and permits nothing.
    Void(&'v HostnameGrant<'a>, Void<'v>),
    /// None reaches the namespace.
    Nothing,
}

impl Answer<'_, '_> {
    /// A fault of the name, and where it comes from if the route does not say it.
    pub(super) fn where_from(&self, mut fault: Fault) -> Fault {
        if let Some(listener) = &self.inherited_from {
            fault.text.push_str("; it is that of ");
            fault.text.push_str(listener);
        }
        fault
    }
}

impl Asked<'_> {
    /// Asks everything that the settings want to know, and stops at the first fault that denies.
    pub(super) fn ask<'v, 'a>(&self, view: &View<'v, 'a>) -> Answer<'v, 'a> {
        let mut answer = self.unanswered();
        // What is only warned of hides nothing that is asked after it.
        for question in [Self::canonical, Self::granted, Self::claimed, Self::owned] {
            if let Err(fault) = question(self, view, &mut answer) {
                let is_denied = view.denies(&fault);
                answer.faults.push(fault);
                if is_denied {
                    break;
                }
            }
        }
        answer
    }

    /// Asks of the grants alone.
    pub(super) fn ask_of_grants<'v, 'a>(&self, view: &View<'v, 'a>) -> Answer<'v, 'a> {
        let mut answer = self.unanswered();
        if let Err(fault) = self.granted(view, &mut answer) {
            answer.faults.push(fault);
        }
        answer
    }

    fn unanswered<'v, 'a>(&self) -> Answer<'v, 'a> {
        Answer {
            host: self.host.to_owned(),
            at: self.at,
            inherited_from: if let Way::Inherited(listener) = self.way {
                Some(listener.to_owned())
            } else {
                None
            },
            is_old: false,
            is_certain: true,
            granted: None,
            near: None,
            claimed: None,
            own_claim: None,
            faults: Vec::new(),
        }
    }

    fn canonical<'v, 'a>(&self, _: &View<'v, 'a>, _: &mut Answer<'v, 'a>) -> Result<(), Fault> {
        if self.host == EVERY_HOST && !self.claims() {
            return Ok(());
        }
        let canonical = Hostname::canonical(self.host).map(drop);
        canonical.map_err(|fault| rule::hostname_not_canonical::fault(self.host, &fault, self.at))
    }

    /// Whether it is the name that a claim or a request is for.
    fn claims(&self) -> bool {
        matches!(self.kind, Kind::Claim | Kind::Request)
    }

    fn granted<'v, 'a>(&self, view: &View<'v, 'a>, answer: &mut Answer<'v, 'a>) -> Result<(), Fault> {
        if !view.needs_grants() {
            return Ok(());
        }
        view.needs(Kind::Grant.name(), self.at)?;
        let mut near = Near::Nothing;
        view.granting(self.namespace, self.host, |grant| {
            if self.kind.needs_kind() && !grant.names(self.kind.name()) {
                if matches!(near, Near::Nothing) {
                    near = Near::Kind(grant);
                }
                return false;
            }
            if !grant.is_for(self.on) {
                if !matches!(near, Near::Gateway(_)) {
                    near = Near::Gateway(grant);
                }
                return false;
            }
            answer.granted = Some(grant);
            true
        });
        if answer.granted.is_some() {
            return Ok(());
        }
        view.needs_labels(self.namespace, self.at)?;
        match near {
            Near::Gateway(grant) => {
                if let Some(kind) = self.unknown_parent.and_then(Parent::listener_set) {
                    view.needs(kind, self.at)?;
                }
                if let On::AnyOf(places) = self.on
                    && places.contains(&On::Elsewhere)
                {
                    // An annotation, through a ListenerSet that may be missing.
                    for kind in LISTENER_SETS {
                        view.needs(kind, self.at)?;
                    }
                }
                if self.is_on_none(view) {
                    near = Near::NoParent(grant);
                }
            }
            Near::Nothing => {
                if let Some((grant, why)) = view.void_grant(self.namespace, self.host) {
                    near = Near::Void(grant, why);
                } else if let Some((grant, host)) = view.nearest_grant(self.namespace, self.host) {
                    near = Near::Host(grant, host);
                }
            }
            _ => {}
        }
        answer.near = match near {
            Near::Kind(grant) | Near::Gateway(grant) | Near::NoParent(grant) | Near::Host(grant, _) => {
                Some(grant)
            }
            Near::Void(..) | Near::Nothing => None,
        };
        Err(match (self.kind, self.way) {
            (Kind::Claim | Kind::Request, _) => rule::claim_not_granted::fault(self, &near),
            (_, Way::Annotation) => rule::hostname_in_annotation::fault(self, &near),
            (_, Way::Inherited(listener)) => rule::hostname_inherited::fault(self, listener, &near),
            (_, Way::Said | Way::Listener(_)) => rule::hostname_not_granted::fault(self, &near),
        })
    }

    /// Whether it is to be served on a Gateway or ListenerSet that does not exist; one that is written comes to exist.
    fn is_on_none(&self, view: &View<'_, '_>) -> bool {
        if let Some(parent) = self.unknown_parent {
            return view.listeners(parent).is_none();
        }
        let On::Gateway(namespace, name) = self.on else { return false };
        self.kind != Kind::Gateway
            && view.is_complete(Kind::Gateway.name())
            && view.gateway(namespace, name).is_none()
    }

    /// Whether the grant that names Gateways or ListenerSets, which is the platform's word, leaves nothing to ask; it may be there where
    /// not all grants are known.
    fn is_settled(&self, view: &View<'_, '_>, answer: &Answer<'_, '_>) -> bool {
        let is_granted = answer.granted.is_some() || answer.faults.last().is_none_or(Fault::is_unknown);
        matches!(self.way, Way::Listener(_)) && view.settings.needs_grants && is_granted
    }

    fn claimed<'v, 'a>(&self, view: &View<'v, 'a>, answer: &mut Answer<'v, 'a>) -> Result<(), Fault> {
        if view.claims() == Claims::Off || self.claims() || self.is_settled(view, answer) {
            return Ok(());
        }
        let mut own = vec![self.namespace];
        if let Way::Listener(Reach { only: Some(only), .. }) = self.way {
            own.push(only);
        }
        answer.claimed = view.claim_of_another(&own, self.host, self.at)?;
        match answer.claimed {
            Some(claim) => Err(answer.where_from(rule::hostname_claimed::fault(self.host, claim, self.at))),
            None => Ok(()),
        }
    }

    fn owned<'v, 'a>(&self, view: &View<'v, 'a>, answer: &mut Answer<'v, 'a>) -> Result<(), Fault> {
        let needs_own = matches!(self.kind, Kind::Route(_) | Kind::Ingress | Kind::ListenerSet(_));
        if view.claims() != Claims::Require || !needs_own {
            return Ok(());
        }
        view.needs(Kind::Claim.name(), self.at)?;
        answer.own_claim = view.own_claim(self.namespace, self.host);
        if answer.own_claim.is_some_and(DomainClaim::permits) {
            return Ok(());
        }
        Err(answer.where_from(rule::hostname_not_claimed::fault(self, answer.own_claim)))
    }
}
