//! Listeners that are written, and the routes that serve more by them: those without host names, and all that a ListenerSet
//! takes to a Gateway.

use super::asked::{Asked, Way};
use super::context::NAMESPACE;
use super::decision::Decision;
use super::hostname_grant::{EVERY_HOST, On};
use super::inherit::{Attached, Attaching};
use super::judge::Written;
use super::kinds::Kind;
use super::object::Object;
use super::rule::{self, Fault};
use super::uses::{At, Parent, Reach};
use super::view::View;
use crate::check::model::{self, Listener};
use crate::hostname::covers;
use crate::release::ROUTE_KINDS;
use crate::tree::Node;

/// Judges again each route that would inherit a host that it did not inherit before.
pub(super) fn judge<'a>(written: &Written<'_, 'a>, view: &View<'_, 'a>, decision: &mut Decision) {
    if view.settings.asks_nothing() {
        return;
    }
    let new = model::listeners(written.object.spec());
    let old = written.before().map(|old| model::listeners(old.spec())).unwrap_or_default();
    if !may_widen(written) {
        return;
    }
    let mut kinds = ROUTE_KINDS.into_iter();
    if let Some(kind) = kinds.find(|kind| !view.is_complete(kind)) {
        decision.add(rule::context_incomplete::fault(kind, At::Object), view.settings);
    }
    let (kind, name) = (written.kind.name(), &written.object.name);
    let on = match written.kind {
        Kind::ListenerSet(_) => {
            written.joins().map_or(On::Elsewhere, |(namespace, name)| On::Gateway(namespace, name))
        }
        _ => On::Gateway(written.namespace.into(), name.clone()),
    };
    let mut denied: Vec<(String, Fault)> = Vec::new();
    let routes = view.inheriting(kind, written.namespace, name);
    for known in routes.into_iter().filter(|known| !view.settings.is_exempt(&known.namespace)) {
        let Ok(route) = Object::read(known.text) else { continue };
        let Some(kind) = route.kind else { continue };
        let by = Written { kind, object: &route, old: None, namespace: &known.namespace, wants_trace: false };
        let mut why = None;
        for gained in gained(&by, written, view, [&new, &old]) {
            for fault in gained.faults(&by, &on, view) {
                if fault.is_unknown() {
                    decision.add(fault, view.settings);
                } else {
                    why = why.or(Some(fault));
                }
            }
        }
        if let Some(fault) = why {
            denied.push((format!("{} `{}/{}`", kind.name(), known.namespace, known.name), fault));
        }
    }
    if let Some(fault) = rule::listener_widens::fault(&denied) {
        decision.add(fault, view.settings);
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

/// What a route comes to serve by listeners.
struct Gained {
    what: What,
    /// Whether it is known that a listener lets the route in, and that none did before.
    is_certain: bool,
}

enum What {
    /// A host, of this listener in words.
    Host(String, String),
    /// A name of its own, where it attaches to a ListenerSet.
    Name(String),
    /// A port, where it attaches to a ListenerSet.
    Port,
}

impl Gained {
    /// Why a route may not serve it, and what of that is not known; what would only be warned of is passed over.
    fn faults(&self, route: &Written<'_, '_>, on: &On<'_>, view: &View<'_, '_>) -> Vec<Fault> {
        let asked = |host, way| {
            let Written { kind, namespace, .. } = *route;
            Asked { host, kind, namespace, on, unknown_parent: None, way, at: At::Object }
        };
        let mut faults: Vec<Fault> = match &self.what {
            What::Host(host, listener) => asked(host, Way::Inherited(listener)).ask(view).faults,
            // Of a name that it has itself all but the Gateway was asked when it was written.
            What::Name(host) => asked(host, Way::Said).ask_of_grants(view).faults,
            What::Port => route.l4(on, At::Object, view).err().into_iter().collect(),
        };
        faults.retain(|fault| fault.is_unknown() || view.denies(fault));
        if !self.is_certain
            && !faults.is_empty()
            && let Err(fault) = view.needs(NAMESPACE, At::Object)
        {
            return vec![fault];
        }
        faults
    }
}

/// What a route serves by the new listeners and did not by the old ones, by whichever parentRef: it is the same Gateway.
fn gained(
    route: &Written<'_, '_>,
    written: &Written<'_, '_>,
    view: &View<'_, '_>,
    [new, old]: [&[Listener<'_>]; 2],
) -> Vec<Gained> {
    let Kind::Route(kind) = route.kind else { return Vec::new() };
    let (namespace, spec) = (route.namespace, route.object.spec());
    let attaching = Attaching { kind, namespace };
    let (mut before, mut after) = (Vec::new(), Vec::new());
    let parents = model::list(spec, "parentRefs", |_, node| Some(model::parent(node)));
    for parent in parents.iter().map(|parent| Parent::of(parent, namespace)) {
        let is_meant = parent.has_listeners()
            && parent.kind == written.kind.name()
            && parent.namespace == written.namespace
            && parent.name == written.object.name;
        if is_meant {
            before.extend(attaching.listeners(view, &parent, old));
            after.extend(attaching.listeners(view, &parent, new));
        }
    }
    // In doubt whether a listener let the route in, it did if it let in all that the new one does; one that is open for
    // certain, as one is that selects by other labels too, lets in more.
    let reach = |listener: &Listener<'_>| Reach::of(listener, written.namespace);
    let let_in = |old: &Attached<'_, '_>, new: &Attached<'_, '_>| {
        old.is_certain || !new.is_certain && reach(old.listener).reaches_all_of(&reach(new.listener))
    };
    // Who may have been let in before may have served it before.
    let is_certain = before.is_empty() && after.iter().any(|new| new.is_certain);
    let is_new = |new: &Attached<'_, '_>| !before.iter().any(|old| let_in(old, new));
    let attaches = matches!(written.kind, Kind::ListenerSet(_)) && after.iter().any(is_new);
    let names = if route.kind.is_l4() { Box::default() } else { model::texts(spec, "hostnames") };
    let mut gained = Vec::new();
    if !names.is_empty() {
        for host in names.iter().filter(|_| attaches) {
            gained.push(Gained { what: What::Name(host.to_string()), is_certain });
        }
        return gained;
    }
    if attaches && route.kind.is_l4() {
        gained.push(Gained { what: What::Port, is_certain });
    }
    for new in &after {
        let Some(host) = &new.host else { continue };
        let serves =
            |old: &&Attached<'_, '_>| old.host.as_deref().is_some_and(|known| is_within(host, known));
        if !before.iter().filter(serves).any(|old| let_in(old, new)) {
            let what = What::Host(host.to_string(), new.words.clone());
            let is_certain = new.is_certain && !before.iter().any(|old| serves(&old));
            gained.push(Gained { what, is_certain });
        }
    }
    gained
}

/// Whether a host name stands for nothing that another one does not.
fn is_within(host: &str, known: &str) -> bool {
    known == EVERY_HOST || covers(known, host)
}
