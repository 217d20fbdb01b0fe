//! Listeners that are written, and the routes that serve more by them: those without host names, and all that a ListenerSet
//! takes to a Gateway.

use super::asked::{Asked, Way};
use super::decision::Decision;
use super::hostname_grant::On;
use super::inherit::{self, Attached, Attaching};
use super::judge::{Written, is_passed_over};
use super::kinds::Kind;
use super::object::Object;
use super::rule::{self, Fault};
use super::settings::Action;
use super::uses::{self, At, Host, Parent, Place, Reach};
use super::view::View;
use crate::check::model::{self, Listener};
use crate::hostname::covers;
use crate::release::ROUTE_KINDS;
use crate::tree::Node;

/// Judges again each route of which it depends on these listeners what it serves, and on which Gateway.
pub(super) fn judge<'a>(written: &Written<'_, 'a>, view: &View<'_, 'a>, decision: &mut Decision) {
    if view.settings.asks_nothing() || !may_widen(written) {
        return;
    }
    let most = rule::action(rule::listener_widens::RULE.code, view.settings);
    let mut kinds = ROUTE_KINDS.into_iter();
    if let Some(kind) = kinds.find(|kind| !view.is_complete(kind)) {
        decision.add_at_most(rule::context_incomplete::fault(kind, At::Object), most, view.settings);
    }
    let change = Change {
        written,
        new: Side::of(Some(written.object), written.namespace),
        old: Side::of(written.before(), written.namespace),
    };
    let mut widened: Vec<(Action, String, Fault)> = Vec::new();
    let routes = view.inheriting(written.kind.name(), written.namespace, &written.object.name);
    for known in routes.into_iter().filter(|known| !view.settings.is_exempt(&known.namespace)) {
        let Ok(object) = Object::read(known.text) else { continue };
        let Some(kind) = object.kind else { continue };
        let namespace = &known.namespace;
        let route = Written { kind, object: &object, old: None, namespace, wants_trace: false };
        let mut why: Option<(Action, Fault)> = None;
        for fault in change.faults(&route, view) {
            let action = rule::action(fault.code, view.settings);
            if fault.is_unknown() {
                decision.add_at_most(fault, most, view.settings);
            } else if why.as_ref().is_none_or(|(known, _)| action < *known) {
                why = Some((action, fault));
            }
        }
        if let Some((action, fault)) = why {
            widened.push((action, format!("{} `{namespace}/{}`", kind.name(), known.name), fault));
        }
    }
    // What a route would only be warned of denies no listener.
    for action in [Action::Deny, Action::Warn, Action::Audit] {
        if let Some(fault) = rule::listener_widens::fault(&widened, action) {
            decision.add_at_most(fault, action, view.settings);
        }
    }
}

/// Whether there is a listener that was not there before.
fn may_widen(written: &Written<'_, '_>) -> bool {
    let Some(old) = written.before().map(listeners) else { return true };
    !listeners(written.object).iter().all(|listener| old.contains(listener))
}

fn listeners<'o, 'a>(object: &'o Object<'a>) -> &'o [Node<'a>] {
    object.spec().get("listeners").and_then(Node::as_list).unwrap_or_default()
}

/// A Gateway or ListenerSet that is written.
struct Change<'c, 'q, 'a> {
    written: &'c Written<'q, 'a>,
    new: Side<'a>,
    old: Side<'a>,
}

/// Its listeners, before or after.
struct Side<'a> {
    listeners: Box<[Listener<'a>]>,
    /// Whom each lets attach, in the same order.
    reaches: Vec<Reach>,
}

/// A listener that a route attaches to, and whom it lets attach.
struct Open<'l, 'a> {
    by: Attached<'l, 'a>,
    to: &'l Reach,
}

impl<'a> Side<'a> {
    fn of(object: Option<&Object<'a>>, namespace: &str) -> Self {
        let listeners = object.map(|object| model::listeners(object.spec())).unwrap_or_default();
        let mut reaches = Vec::new();
        for listener in &listeners {
            reaches.push(Reach::of(listener, namespace));
        }
        Self { listeners, reaches }
    }

    /// Those that a route attaches to, each once, by whichever parentRef: it is the same Gateway.
    fn attached(
        &self,
        parents: &[Parent<'_>],
        attaching: Attaching<'_>,
        view: &View<'_, '_>,
    ) -> Vec<Open<'_, 'a>> {
        let mut attached = Vec::new();
        for (listener, reach) in self.listeners.iter().zip(&self.reaches) {
            let one = std::slice::from_ref(listener);
            let by = parents.iter().find_map(|parent| attaching.listeners(view, parent, one).pop());
            if let Some(by) = by {
                attached.push(Open { by, to: reach });
            }
        }
        attached
    }
}

impl<'a> Change<'_, '_, 'a> {
    /// Why a route may not serve what it comes to serve, and what of that is not known.
    fn faults<'r>(&self, route: &Written<'_, 'r>, view: &View<'_, 'r>) -> Vec<Fault> {
        let Kind::Route(kind) = route.kind else { return Vec::new() };
        let (namespace, spec) = (route.namespace, route.object.spec());
        let parents = model::list(spec, "parentRefs", |_, node| {
            Some(Parent::of(&model::parent(node), namespace)).filter(|parent| self.is_meant(parent))
        });
        // All of them are of one kind.
        let is_judged = parents.first().is_some_and(|parent| !is_passed_over(parent, view));
        let attaching = Attaching { kind, namespace };
        let before = self.old.attached(&parents, attaching, view);
        let after = self.new.attached(&parents, attaching, view);
        let mut faults = Vec::new();
        let is_new = |new: &Open<'_, '_>| !before.iter().any(|old| let_in(old, new));
        if matches!(self.written.kind, Kind::ListenerSet(_)) && after.iter().any(is_new) {
            // Who may have been let in before may have served it before.
            let is_certain = before.is_empty() && after.iter().any(|new| new.by.is_certain);
            faults = view.in_doubt(self.of_said(route, is_judged, view), is_certain, At::Object);
        }
        if is_judged && uses::hostnames(route.kind, spec).is_empty() {
            let on = self.written.on();
            for new in &after {
                let Some(host) = &new.by.host else { continue };
                let mut serving = Vec::new();
                for old in &before {
                    if old.by.host.as_deref().is_some_and(|known| covers(known, host)) {
                        serving.push(old);
                    }
                }
                if !serving.iter().any(|old| let_in(old, new)) {
                    let Written { kind, namespace, object, .. } = self.written;
                    let words = inherit::words(new.by.listener, kind.name(), namespace, &object.name);
                    let is_certain = new.by.is_certain && serving.is_empty();
                    let found = ask(route, host, &on, Way::Inherited(&words)).ask(view).faults;
                    faults.append(&mut view.in_doubt(found, is_certain, At::Object));
                }
            }
        }
        faults
    }

    /// Of what a route says itself all but the Gateway was asked when it was written; in an annotation, any of its Gateways.
    fn of_said<'r>(&self, route: &Written<'_, 'r>, is_judged: bool, view: &View<'_, 'r>) -> Vec<Fault>
    where
        'a: 'r,
    {
        let uses = match uses::within_bound(route.object, route.namespace) {
            Ok(uses) => uses,
            Err(fault) => return vec![fault],
        };
        let mut faults = Vec::new();
        let on = self.written.on();
        let everywhere = route.everywhere(&uses, &|parent| {
            if self.is_meant(parent) { self.written.on() } else { inherit::gateway(view, parent) }
        });
        for used in &uses {
            let Host::Named(host) = &used.host else { continue };
            let (on, way) = match &used.place {
                Place::Parent(parent) if is_judged && self.is_meant(parent) => (&on, Way::Said),
                Place::Annotation(_) => (&everywhere, Way::Annotation),
                _ => continue,
            };
            faults.append(&mut ask(route, host, on, way).ask_of_grants(view).faults);
        }
        if is_judged
            && route.kind.is_l4()
            && let Err(fault) = route.l4(&on, None, At::Object, view)
        {
            faults.push(fault);
        }
        faults
    }

    /// Whether a parentRef means it.
    fn is_meant(&self, parent: &Parent<'_>) -> bool {
        let Written { kind, namespace, object, .. } = self.written;
        parent.has_listeners()
            && parent.kind == kind.name()
            && parent.namespace == *namespace
            && parent.name == object.name
    }
}

fn ask<'r>(route: &Written<'_, 'r>, host: &'r str, on: &'r On<'r>, way: Way<'r>) -> Asked<'r> {
    let Written { kind, namespace, .. } = *route;
    Asked { host, kind, namespace, on, unknown_parent: None, way, at: At::Object }
}

/// Whether a route that a listener lets in now was let in by an old one. In doubt it was if that let in all that the new one
/// does; one that is open for certain, as one is that selects by other labels too, lets in more.
fn let_in(old: &Open<'_, '_>, new: &Open<'_, '_>) -> bool {
    old.by.is_certain || !new.by.is_certain && old.to.reaches_all_of(new.to)
}
