//! One object, and what it was before: which of its uses are new, and whether each is permitted.

use std::borrow::Cow;

use super::asked::{Answer, Asked, Way};
use super::context::NAMESPACE;
use super::decision::Decision;
use super::grants_and_claims;
use super::hostname_grant::{EVERY_HOST, On};
use super::inherit::{self, Attached, Attaching};
use super::kinds::Kind;
use super::object::Object;
use super::rule::{self, Fault};
use super::settings::{Action, Claims};
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

impl<'a> Written<'_, 'a> {
    /// Decides whether it may be written.
    pub(super) fn judge(&self, view: &View<'_, 'a>) -> Decision {
        let mut decision = Decision::default();
        match self.kind {
            Kind::Grant => grants_and_claims::grant(self, view, &mut decision),
            Kind::Claim | Kind::Request => grants_and_claims::claim(self, view, &mut decision),
            Kind::Effective => return Decision::unasked("only controllers write compiled grants"),
            _ => self.uses(view, &mut decision),
        }
        if matches!(self.kind, Kind::Gateway | Kind::ListenerSet(_)) {
            widening::judge(self, view, &mut decision);
        }
        decision.sorted()
    }

    /// What there is to say of its uses alone.
    pub(super) fn uses_only(&self, view: &View<'_, 'a>) -> Decision {
        let mut decision = Decision::default();
        self.uses(view, &mut decision);
        decision
    }

    /// The first host name of a use that would have a fault of these over `without` which it has not over `view`.
    ///
    /// # Errors
    /// Where that cannot be told.
    pub(super) fn loses(
        &self,
        codes: &[Code],
        view: &View<'_, 'a>,
        without: &View<'_, 'a>,
    ) -> Result<Option<String>, Fault> {
        let uses = uses::within_bound(self.object, self.namespace).unwrap_or_default();
        let everywhere = self.everywhere(view, &uses);
        for used in &uses {
            let before = self.faults(used, &everywhere, view);
            let after = self.faults(used, &everywhere, without);
            let is_unknown = |fault: &&Fault| fault.code == rule::context_incomplete::RULE.code;
            if let Some(fault) = before.iter().chain(&after).find(is_unknown) {
                return Err(fault.clone());
            }
            for fault in after {
                if codes.contains(&fault.code)
                    && !before.iter().any(|old| (old.code, &old.host) == (fault.code, &fault.host))
                {
                    return Ok(Some(fault.host));
                }
            }
        }
        Ok(None)
    }

    /// What is wrong with one of its uses.
    fn faults(&self, used: &Use<'a>, everywhere: &On<'a>, view: &View<'_, 'a>) -> Vec<Fault> {
        match self.answers(used, everywhere, view) {
            Ok(answers) => {
                let mut faults = Vec::new();
                for answer in answers {
                    faults.extend(answer.faults);
                }
                faults
            }
            Err(fault) => vec![fault],
        }
    }

    fn uses(&self, view: &View<'_, 'a>, decision: &mut Decision) {
        if let Some(what) = uses::unreadable(self.object) {
            decision.add(rule::review_malformed::fault(what), view.settings);
            return;
        }
        let Some(new) = uses::within_bound(self.object, self.namespace) else {
            decision.add(rule::review_malformed::too_many_uses(), view.settings);
            return;
        };
        let old = self.before().map(|old| uses::of(old, self.namespace)).unwrap_or_default();
        let had_before = uses::had_before(&new, &old);
        let has_other_rules = matches!(self.kind, Kind::Route(_))
            && view.settings.claims != Claims::Off
            && self.old.is_some_and(|old| self.object.has_other_rules(old));
        let everywhere = self.everywhere(view, &new);
        for (used, is_old) in new.iter().zip(had_before) {
            match self.answers(used, &everywhere, view) {
                Ok(answers) => {
                    for mut answer in answers {
                        answer.is_old = is_old;
                        decision.note_answer(&answer, self.wants_trace);
                        let lost = if is_old && has_other_rules { self.lost(&answer, view) } else { None };
                        if let Some(lost) = lost {
                            decision.add(lost, view.settings);
                            continue;
                        }
                        for fault in answer.faults {
                            if is_old {
                                decision.add_old(fault, view.settings);
                            } else {
                                decision.add(fault, view.settings);
                            }
                        }
                    }
                }
                // What a route inherits from a parent that is gone may be another's by now.
                Err(fault) if is_old && !(has_other_rules && is_unknown(used, &fault, view)) => {
                    decision.add_old(fault, view.settings);
                }
                Err(fault) => decision.add(fault, view.settings),
            }
        }
    }

    /// The object as it was, as far as its uses are the same now: a ListenerSet that joins another Gateway takes all of its
    /// host names there.
    pub(super) fn before(&self) -> Option<&Object<'a>> {
        let old = self.old?;
        let is_elsewhere = matches!(self.kind, Kind::ListenerSet(_)) && self.joins() != self.gateway_of(old);
        (!is_elsewhere).then_some(old)
    }

    /// Of a use that the object had already: whether the name has become another namespace's since. What it answers may
    /// not change then.
    fn lost(&self, answer: &Answer<'_, '_>, view: &View<'_, '_>) -> Option<Fault> {
        if let Err(fault) = view.needs(Kind::Claim.name(), answer.at) {
            return Some(fault);
        }
        let claim = view.claim_of_another(&[self.namespace], &answer.host)?;
        Some(rule::hostname_claimed::fault(&answer.host, claim, answer.at))
    }

    /// What is to be said of each host name that a use stands for.
    ///
    /// # Errors
    /// Where that cannot be told.
    fn answers<'v>(
        &self,
        used: &Use<'a>,
        everywhere: &On<'a>,
        view: &View<'v, 'a>,
    ) -> Result<Vec<Answer<'v, 'a>>, Fault> {
        let asked = |host: &str, on: &On<'_>, unknown_parent: Option<&Parent<'_>>, way: Way<'_>| {
            Asked { host, kind: self.kind, namespace: self.namespace, on, unknown_parent, way, at: used.at }
                .ask(view)
        };
        let Host::Named(host) = &used.host else { return self.inherited(used, view) };
        Ok(match &used.place {
            Place::Parent(parent) => {
                if is_passed_over(parent, view) {
                    return Ok(Vec::new());
                }
                let on = inherit::gateway(view, parent);
                let mut answer = asked(host, &on, unknown_parent(&on, parent), Way::Said);
                if let Err(fault) = is_supported(parent, host, used.at) {
                    // Where it denies, nothing else of the name is to be said.
                    if rule::action(fault.code, view.settings) == Action::Deny {
                        answer.faults.clear();
                    }
                    answer.faults.insert(0, fault);
                }
                vec![answer]
            }
            Place::DefaultGateways => vec![asked(host, &On::Elsewhere, None, Way::Said)],
            Place::Annotation(_) => vec![asked(host, everywhere, None, Way::Annotation)],
            Place::Listener(reach) => vec![asked(host, everywhere, None, Way::Listener(reach))],
            Place::Object if self.kind == Kind::Ingress => vec![asked(host, &On::Elsewhere, None, Way::Said)],
            Place::Object => vec![asked(host, &On::NoGateway, None, Way::Said)],
        })
    }

    /// What a route without host names serves through a parent.
    fn inherited<'v>(&self, used: &Use<'a>, view: &View<'v, 'a>) -> Result<Vec<Answer<'v, 'a>>, Fault> {
        let Kind::Route(kind) = self.kind else { return Ok(Vec::new()) };
        let is_l4 = self.kind.is_l4();
        let parent = match &used.place {
            Place::Parent(parent) if is_passed_over(parent, view) => return Ok(Vec::new()),
            Place::Parent(parent) => parent,
            _ if is_l4 => return self.l4(&On::Elsewhere, used.at, view),
            _ if view.settings.asks_nothing() => return Ok(Vec::new()),
            _ => {
                let why = ["which the route does not name", "name the `hostnames`, or a parent"];
                return Err(rule::parent_unknown::fault("the cluster's default Gateways", why, used.at));
            }
        };
        is_supported(parent, "", used.at)?;
        if view.settings.asks_nothing() {
            return Ok(Vec::new());
        }
        let listeners = match inherit::listeners(view, parent, used.at) {
            Ok(listeners) => listeners,
            Err(fault) if is_l4 && fault.code == rule::parent_unknown::RULE.code => &[],
            Err(fault) => return Err(fault),
        };
        let attaching = Attaching { kind, namespace: self.namespace };
        let attached = attaching.listeners(view, parent, listeners);
        let on = inherit::gateway(view, parent);
        if attached.is_empty() && !is_l4 {
            let why = attaching.refused(parent, listeners);
            return Err(rule::parent_unknown::fault(&parent.to_string(), why, used.at));
        }
        if !attached.is_empty() && !attached.iter().any(|one| one.is_certain) {
            view.needs(NAMESPACE, used.at)?;
        }
        let mut answers: Vec<Answer<'v, 'a>> = Vec::new();
        for Attached { words, host, .. } in &attached {
            let Some(name) = host.as_deref().filter(|host| !answers.iter().any(|known| known.host == *host))
            else {
                continue;
            };
            let asked = Asked {
                host: name,
                kind: self.kind,
                namespace: self.namespace,
                on: &on,
                unknown_parent: unknown_parent(&on, parent),
                way: Way::Inherited(words),
                at: used.at,
            };
            let mut answer = asked.ask(view);
            let is_certain = attached.iter().any(|one| one.is_certain && one.host == *host);
            if !is_certain
                && !answer.faults.is_empty()
                && let Err(fault) = view.needs(NAMESPACE, used.at)
            {
                answer.faults = vec![fault];
            }
            answers.push(answer);
        }
        if is_l4 {
            let asked = self.l4(&on, used.at, view);
            let Some(first) = answers.first_mut() else { return asked };
            // What is only warned of hides nothing that is asked after it.
            if let Err(fault) = asked
                && !denies(&first.faults, view)
            {
                first.faults.push(fault);
            }
        }
        Ok(answers)
    }

    /// A route of TCP or UDP where no listener has a host name: there is only the kind to be granted.
    pub(super) fn l4<'v>(
        &self,
        on: &On<'_>,
        at: At,
        view: &View<'v, 'a>,
    ) -> Result<Vec<Answer<'v, 'a>>, Fault> {
        if !view.settings.needs_l4_grants || !view.settings.needs_grants {
            return Ok(Vec::new());
        }
        view.needs(Kind::Grant.name(), at)?;
        let kind = self.kind.name();
        if view.any_granting(self.namespace, |grant| grant.names(kind) && grant.is_for(on)).is_some() {
            return Ok(Vec::new());
        }
        if view.lacks_labels(self.namespace) {
            view.needs(NAMESPACE, at)?;
        }
        Err(rule::hostname_not_granted::without_hosts(kind, self.namespace, on, at))
    }

    /// Where what an object says beside its parents is served: on each of them, or on itself.
    fn everywhere(&self, view: &View<'_, 'a>, uses: &[Use<'a>]) -> On<'a> {
        match self.kind {
            Kind::Gateway => On::Gateway(Cow::Borrowed(self.namespace), self.object.name.clone()),
            Kind::ListenerSet(_) => match self.joins() {
                Some((namespace, name)) => On::Gateway(namespace, name),
                None => On::Elsewhere,
            },
            Kind::Route(_) => {
                let places = uses.iter().filter_map(|used| match &used.place {
                    Place::Parent(parent) if parent.has_listeners() => Some(inherit::gateway(view, parent)),
                    Place::DefaultGateways => Some(On::Elsewhere),
                    _ => None,
                });
                let mut places: Vec<On<'a>> = places.collect();
                places.dedup();
                if places.is_empty() { On::NoGateway } else { On::AnyOf(places) }
            }
            _ => On::NoGateway,
        }
    }

    /// The Gateway that the ListenerSet joins.
    pub(super) fn joins(&self) -> Option<(Cow<'a, str>, Cow<'a, str>)> {
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
    fault.code == rule::context_incomplete::RULE.code
        || fault.code == rule::parent_unknown::RULE.code && is_gone
}

fn denies(faults: &[Fault], view: &View<'_, '_>) -> bool {
    faults.iter().any(|fault| rule::action(fault.code, view.settings) == Action::Deny)
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
fn is_passed_over(parent: &Parent<'_>, view: &View<'_, '_>) -> bool {
    let mut passed_over = view.settings.unjudged_parents.iter();
    passed_over.any(|(group, kind)| *group == parent.group && *kind == parent.kind)
}
