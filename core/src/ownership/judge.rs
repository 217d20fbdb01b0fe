//! One object, and what it was before: which of its uses are new, and whether each is permitted.

use std::borrow::Cow;

use super::asked::{Answer, Asked, Near, Way};
use super::context::NAMESPACE;
use super::decision::Decision;
use super::grants_and_claims;
use super::hostname_grant::{EVERY_HOST, On};
use super::inherit::{self, Attached, Attaching};
use super::kinds::Kind;
use super::object::Object;
use super::rule::{self, Fault};
use super::settings::Claims;
use super::uses::{self, At, Host, Parent, Place, Use};
use super::view::View;
use super::widening;
use crate::check::model;
use crate::diagnostic::Code;

/// An object that is to be written.
#[derive(Debug)]
pub(super) struct Written<'q, 'a> {
    pub(super) kind: Kind,
    pub(super) object: &'q Object<'a>,
    pub(super) old: Option<&'q Object<'a>>,
    /// The namespace of the request; empty for cluster-scoped objects.
    pub(super) namespace: &'a str,
    pub(super) wants_trace: bool,
}

/// What there is to say of a use.
#[derive(Debug, Default)]
struct Found<'v, 'a> {
    /// What was answered on each host name that it stands for.
    answers: Vec<Answer<'v, 'a>>,
    /// Why there are none, or it cannot be told which.
    instead: Option<Fault>,
    /// What is wrong with its kind, where that needs a grant.
    l4: Option<Fault>,
}

impl<'a> Written<'_, 'a> {
    /// Decides whether it may be written.
    pub(super) fn judge(&self, view: &View<'_, 'a>) -> Decision {
        let mut decision = Decision::default();
        match self.kind {
            Kind::Grant => grants_and_claims::grant(self, view, &mut decision),
            Kind::Claim | Kind::Request => grants_and_claims::claim(self, view, &mut decision),
            Kind::Effective => return Decision::unasked("only controllers write compiled grants"),
            _ => {
                let are_told = self.uses(view, &mut decision);
                if are_told && matches!(self.kind, Kind::Gateway | Kind::ListenerSet(_)) {
                    widening::judge(self, view, &mut decision);
                }
            }
        }
        decision.sorted()
    }

    /// What there is to say of its uses alone.
    pub(super) fn uses_only(&self, view: &View<'_, 'a>) -> Decision {
        let mut decision = Decision::default();
        self.uses(view, &mut decision);
        decision.sorted()
    }

    /// The first host name of a use that would have a fault of these over `without` which it has not over `view`.
    ///
    /// # Errors
    /// Where there is none of which that is certain, and one of which it cannot be told, or more than are looked at.
    pub(super) fn loses(
        &self,
        codes: &[Code],
        view: &View<'_, 'a>,
        without: &View<'_, 'a>,
    ) -> Result<Option<String>, Fault> {
        let uses = uses::within_bound(self.object, self.namespace)?;
        let everywhere = self.everywhere(&uses, &|parent| inherit::gateway(view, parent));
        let mut known = Ok(None);
        for used in &uses {
            let before = self.faults(used, &everywhere, view);
            let after = self.faults(used, &everywhere, without);
            if let Some(fault) = before.iter().chain(&after).find(|fault| fault.is_unknown()) {
                known = Err(fault.clone());
                continue;
            }
            for fault in after {
                if codes.contains(&fault.code)
                    && !before.iter().any(|old| (old.code, &old.host) == (fault.code, &fault.host))
                {
                    return Ok(Some(fault.host));
                }
            }
        }
        known
    }

    /// What is wrong with one of its uses.
    fn faults(&self, used: &Use<'a>, everywhere: &On<'a>, view: &View<'_, 'a>) -> Vec<Fault> {
        let Found { answers, instead, l4 } = self.find(used, everywhere, view);
        let mut faults = Vec::new();
        for mut answer in answers {
            faults.append(&mut answer.faults);
        }
        for fault in [instead, l4].into_iter().flatten() {
            faults.push(fault);
        }
        faults
    }

    /// Decides on its uses; false where it cannot be told what they are.
    fn uses(&self, view: &View<'_, 'a>, decision: &mut Decision) -> bool {
        if let Some(what) = uses::unreadable(self.object) {
            decision.add(rule::review_malformed::fault(what), view.settings);
            return false;
        }
        let new = match uses::within_bound(self.object, self.namespace) {
            Ok(new) => new,
            Err(fault) => {
                decision.add(fault, view.settings);
                return false;
            }
        };
        let old = self.before().map(|old| uses::of(old, self.namespace)).unwrap_or_default();
        let had_before = uses::had_before(&new, &old);
        let has_other_rules = matches!(self.kind, Kind::Route(_))
            && view.settings.claims != Claims::Off
            && self.old.is_some_and(|old| self.object.has_other_rules(old));
        let everywhere = self.everywhere(&new, &|parent| inherit::gateway(view, parent));
        for (used, is_old) in new.iter().zip(had_before) {
            let found = self.find(used, &everywhere, view);
            for mut answer in found.answers {
                answer.is_old = is_old;
                decision.note_answer(&answer, self.wants_trace);
                if is_old && has_other_rules {
                    let lost = self.lost(&answer, view);
                    let is_denied = lost.iter().any(|fault| view.denies(fault));
                    for fault in lost {
                        decision.add(fault, view.settings);
                    }
                    if is_denied {
                        continue;
                    }
                }
                for fault in answer.faults {
                    decision.add_ratcheted(fault, is_old, view.settings);
                }
            }
            if let Some(fault) = found.instead {
                // What a route inherits from a parent that is gone may be another's by now.
                let is_old = is_old && !(has_other_rules && is_unknown(used, &fault, view));
                decision.add_ratcheted(fault, is_old, view.settings);
            }
            if let Some(fault) = found.l4 {
                decision.add_ratcheted(fault, is_old, view.settings);
            }
        }
        true
    }

    /// The object as it was, as far as its uses are the same now, and can be told: a ListenerSet that joins another Gateway takes
    /// all of its host names there.
    pub(super) fn before(&self) -> Option<&Object<'a>> {
        let old = self.old?;
        let is_elsewhere = matches!(self.kind, Kind::ListenerSet(_)) && self.joins() != self.gateway_of(old);
        (!is_elsewhere && uses::are_within_bound(old)).then_some(old)
    }

    /// Of a use that the object had already: that the name has become another namespace's since, or that this cannot be told.
    /// What it answers may not change then.
    fn lost(&self, answer: &Answer<'_, '_>, view: &View<'_, '_>) -> Vec<Fault> {
        let fault = match view.claim_of_another(&[self.namespace], &answer.host, answer.at) {
            Ok(None) => return Vec::new(),
            Ok(Some(claim)) => {
                answer.where_from(rule::hostname_claimed::fault(&answer.host, claim, answer.at))
            }
            Err(fault) => fault,
        };
        view.in_doubt(vec![fault], answer.is_certain, answer.at)
    }

    /// What is to be said of a use.
    fn find<'v>(&self, used: &Use<'a>, everywhere: &On<'a>, view: &View<'v, 'a>) -> Found<'v, 'a> {
        let asked = |host: &str, on: &On<'_>, unknown_parent: Option<&Parent<'_>>, way: Way<'_>| {
            Asked { host, kind: self.kind, namespace: self.namespace, on, unknown_parent, way, at: used.at }
                .ask(view)
        };
        let Host::Named(host) = &used.host else { return self.inherited(used, view) };
        let answer = match &used.place {
            Place::Parent(parent) => {
                if is_passed_over(parent, view) {
                    return Found::default();
                }
                let on = inherit::gateway(view, parent);
                let mut answer = asked(host, &on, unknown_parent(&on, parent), Way::Said);
                if let Err(fault) = is_supported(parent, host, used.at) {
                    // Where it denies, nothing else of the name is to be said.
                    if view.denies(&fault) {
                        answer.faults.clear();
                    }
                    answer.faults.insert(0, fault);
                }
                answer
            }
            Place::DefaultGateways => asked(host, &On::Elsewhere, None, Way::Said),
            Place::Annotation(_) => asked(host, everywhere, None, Way::Annotation),
            Place::Listener(reach) => asked(host, everywhere, None, Way::Listener(reach)),
            Place::Object if self.kind == Kind::Ingress => asked(host, &On::Elsewhere, None, Way::Said),
            Place::Object | Place::Zone => asked(host, &On::NoGateway, None, Way::Said),
        };
        Found { answers: vec![answer], ..Found::default() }
    }

    /// What a route without host names serves through a parent.
    fn inherited<'v>(&self, used: &Use<'a>, view: &View<'v, 'a>) -> Found<'v, 'a> {
        let (parent, on) = match &used.place {
            Place::Parent(parent) if is_passed_over(parent, view) => return Found::default(),
            Place::Parent(parent) => (Some(parent), inherit::gateway(view, parent)),
            _ => (None, On::Elsewhere),
        };
        let mut found = Found::default();
        let is_denied = match self.of_listeners(parent, &on, used.at, view) {
            Ok(answers) => {
                found.answers = answers;
                let denies = |answer: &Answer<'_, '_>| answer.faults.iter().any(|fault| view.denies(fault));
                found.answers.iter().any(denies)
            }
            Err(fault) => view.denies(found.instead.insert(fault)),
        };
        // What is only warned of hides nothing that is asked after it.
        if self.kind.is_l4() && !is_denied {
            let unknown_parent = parent.and_then(|parent| unknown_parent(&on, parent));
            found.l4 = self.l4(&on, unknown_parent, used.at, view).err();
        }
        found
    }

    /// What is to be said of the host name of each listener of a parent that it attaches to.
    ///
    /// # Errors
    /// Where a parent is of no kind that serves them, or it cannot be told which listeners those are.
    fn of_listeners<'v>(
        &self,
        parent: Option<&Parent<'a>>,
        on: &On<'_>,
        at: At,
        view: &View<'v, 'a>,
    ) -> Result<Vec<Answer<'v, 'a>>, Fault> {
        let mut answers: Vec<Answer<'v, 'a>> = Vec::new();
        if let Some(parent) = parent {
            is_supported(parent, "", at)?;
        }
        if view.settings.asks_nothing() {
            return Ok(answers);
        }
        let Some(parent) = parent else {
            let why = ["which the route does not name", "name the `hostnames`, or a parent"];
            let fault = rule::parent_unknown::fault("the cluster's default Gateways", why, at);
            return if self.kind.is_l4() { Ok(answers) } else { Err(fault) };
        };
        let attached = self.attached(parent, at, view)?;
        for Attached { listener, host, .. } in &attached {
            let Some(name) = host.as_deref().filter(|host| !answers.iter().any(|known| known.host == *host))
            else {
                continue;
            };
            let words = inherit::words(listener, &parent.kind, &parent.namespace, &parent.name);
            let asked = Asked {
                host: name,
                kind: self.kind,
                namespace: self.namespace,
                on,
                unknown_parent: unknown_parent(on, parent),
                way: Way::Inherited(&words),
                at,
            };
            let mut answer = asked.ask(view);
            answer.is_certain = attached.iter().any(|one| one.is_certain && one.host == *host);
            answer.faults = view.in_doubt(answer.faults, answer.is_certain, at);
            answers.push(answer);
        }
        Ok(answers)
    }

    /// The listeners of a parent that it attaches to.
    ///
    /// # Errors
    /// Where it cannot be told which those are. That there are none is one too, but for routes of TCP and UDP, which serve no host
    /// names then.
    fn attached<'v>(
        &self,
        parent: &Parent<'a>,
        at: At,
        view: &View<'v, 'a>,
    ) -> Result<Vec<Attached<'v, 'a>>, Fault> {
        let Kind::Route(kind) = self.kind else { return Ok(Vec::new()) };
        let is_l4 = self.kind.is_l4();
        let listeners = match inherit::listeners(view, parent, at) {
            Ok(listeners) => listeners,
            Err(fault) if is_l4 && fault.code == rule::parent_unknown::RULE.code => &[],
            Err(fault) => return Err(fault),
        };
        let attaching = Attaching { kind, namespace: self.namespace };
        let attached = attaching.listeners(view, parent, listeners);
        if attached.is_empty() && !is_l4 {
            let why = attaching.refused(parent, listeners);
            return Err(rule::parent_unknown::fault(&parent.to_string(), why, at));
        }
        if !is_l4 && !attached.iter().any(|one| one.is_certain) {
            view.needs(NAMESPACE, at)?;
        }
        Ok(attached)
    }

    /// Whether a route of TCP or UDP, which has no host names, is granted by its kind.
    ///
    /// # Errors
    /// Where it is not, or that cannot be told.
    pub(super) fn l4(
        &self,
        on: &On<'_>,
        unknown_parent: Option<&Parent<'_>>,
        at: At,
        view: &View<'_, 'a>,
    ) -> Result<(), Fault> {
        if !view.settings.needs_l4_grants || !view.needs_grants() {
            return Ok(());
        }
        view.needs(Kind::Grant.name(), at)?;
        let kind = self.kind.name();
        let mut near = Near::Nothing;
        let is_granted = view.any_reaching(self.namespace, |grant| {
            let is_named = grant.names(kind);
            if is_named {
                near = Near::Gateway(grant);
            }
            is_named && grant.is_for(on)
        });
        if is_granted {
            return Ok(());
        }
        view.needs_labels(self.namespace, at)?;
        if let (Near::Gateway(_), Some(parent)) = (&near, unknown_parent) {
            view.needs(&parent.kind, at)?;
        }
        Err(rule::hostname_not_granted::without_hosts(kind, self.namespace, on, &near, at))
    }

    /// Where what an object says beside its parents is served: on each of them, or on itself.
    pub(super) fn everywhere(&self, uses: &[Use<'a>], gateway: &dyn Fn(&Parent<'a>) -> On<'a>) -> On<'a> {
        let Kind::Route(_) = self.kind else { return self.on() };
        let mut places: Vec<On<'a>> = Vec::new();
        for used in uses {
            let place = match &used.place {
                Place::Parent(parent) if parent.has_listeners() => gateway(parent),
                Place::DefaultGateways => On::Elsewhere,
                _ => continue,
            };
            if places.last() != Some(&place) {
                places.push(place);
            }
        }
        if places.is_empty() { On::NoGateway } else { On::AnyOf(places) }
    }

    /// Where a Gateway or ListenerSet is served, and its routes with it.
    pub(super) fn on(&self) -> On<'a> {
        match self.kind {
            Kind::Gateway => On::Gateway(Cow::Borrowed(self.namespace), self.object.name.clone()),
            Kind::ListenerSet(_) => match self.joins() {
                Some((namespace, name)) => On::Gateway(namespace, name),
                None => On::Elsewhere,
            },
            _ => On::NoGateway,
        }
    }

    /// The Gateway that the ListenerSet joins.
    fn joins(&self) -> Option<(Cow<'a, str>, Cow<'a, str>)> {
        self.gateway_of(self.object)
    }

    fn gateway_of(&self, set: &Object<'a>) -> Option<(Cow<'a, str>, Cow<'a, str>)> {
        let parent = model::parent(set.spec().get("parentRef")?).target;
        inherit::joined(&parent, &Cow::Borrowed(self.namespace))
    }
}

/// Whether a fault of a use says that what it stands for is not known, rather than not permitted or nothing.
fn is_unknown(used: &Use<'_>, fault: &Fault, view: &View<'_, '_>) -> bool {
    let is_gone = match &used.place {
        Place::Parent(parent) => view.listeners(parent).is_none(),
        _ => true,
    };
    fault.is_unknown() || fault.code == rule::parent_unknown::RULE.code && is_gone
}

/// A ListenerSet whose Gateway is not known.
fn unknown_parent<'p, 'a>(on: &On<'_>, parent: &'p Parent<'a>) -> Option<&'p Parent<'a>> {
    (*on == On::Elsewhere && parent.listener_set().is_some()).then_some(parent)
}

/// `host` is the one that is to be used there; empty where it is inherited.
fn is_supported(parent: &Parent<'_>, host: &str, at: At) -> Result<(), Fault> {
    if parent.has_listeners() {
        return Ok(());
    }
    let host = if host == EVERY_HOST { "" } else { host };
    Err(rule::parent_not_supported::fault(parent, host, at))
}

/// Whether the settings leave the routes of a kind of parents alone.
pub(super) fn is_passed_over(parent: &Parent<'_>, view: &View<'_, '_>) -> bool {
    let mut passed_over = view.settings.unjudged_parents.iter();
    passed_over.any(|(group, kind)| *group == parent.group && *kind == parent.kind)
}
