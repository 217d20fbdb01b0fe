//! Listeners that are written, and the routes that serve more by them: those without host names, and all that a ListenerSet
//! takes to a Gateway.

use super::asked::{Asked, Way};
use super::decision::Decision;
use super::hostname_grant::{EVERY_HOST, On};
use super::inherit::Attaching;
use super::judge::Written;
use super::kinds::Kind;
use super::object::Object;
use super::rule::{self, Fault};
use super::settings::Action;
use super::uses::{At, Parent};
use super::view::View;
use crate::check::model::{self, Listener};
use crate::hostname::covers;
use crate::release::ROUTE_KINDS;

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
        return;
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
        for (host, listener) in gained(&route, &known.namespace, written, view, &new, &old) {
            let Some(kind) = route.kind else { continue };
            let asked = |on: &On<'_>| {
                let way = listener.as_deref().map_or(Way::Said, Way::Inherited);
                let (namespace, at) = (&*known.namespace, At::Object);
                let faults = Asked { host: &host, kind, namespace, on, unknown_parent: None, way, at }
                    .ask(view)
                    .faults;
                let denies = |fault: &Fault| rule::action(fault.code, view.settings) == Action::Deny;
                faults.into_iter().find(denies)
            };
            // Of a name that it has itself all but the Gateway was asked when it was written.
            if listener.is_none() && asked(&On::NoGateway).is_some() {
                continue;
            }
            if let Some(fault) = asked(&on) {
                denied.push((format!("{} `{}/{}`", kind.name(), known.namespace, known.name), fault));
                break;
            }
        }
    }
    if let Some(fault) = rule::listener_widens::fault(&denied) {
        decision.add(fault, view.settings);
    }
}

/// Whether listeners were written at all.
fn may_widen(written: &Written<'_, '_>) -> bool {
    written.before().is_none_or(|old| old.spec().get("listeners") != written.object.spec().get("listeners"))
}

/// The hosts that a route inherits by the new listeners and not by the old ones, each with its listener in words; of a
/// route with host names those, where it attaches to a ListenerSet and did not before on this Gateway.
fn gained(
    route: &Object<'_>,
    namespace: &str,
    written: &Written<'_, '_>,
    view: &View<'_, '_>,
    new: &[Listener<'_>],
    old: &[Listener<'_>],
) -> Vec<(String, Option<String>)> {
    let Some(Kind::Route(kind)) = route.kind else { return Vec::new() };
    let attaching = Attaching { kind, namespace };
    let names = model::texts(route.spec(), "hostnames");
    let mut gained = Vec::new();
    let parents = model::list(route.spec(), "parentRefs", |_, node| Some(model::parent(node)));
    for parent in parents.iter().map(|parent| Parent::of(parent, namespace)) {
        let is_meant = (parent.is_gateway() || parent.listener_set().is_some())
            && parent.kind == written.kind.name()
            && parent.namespace == written.namespace
            && parent.name == written.object.name;
        if !is_meant {
            continue;
        }
        let (before, after) = (attaching.hosts(view, &parent, old), attaching.hosts(view, &parent, new));
        if !names.is_empty() {
            if !after.is_empty() && before.is_empty() {
                gained.extend(names.iter().map(|host| (host.to_string(), None)));
                // By whichever parent, it is the same Gateway.
                return gained;
            }
            continue;
        }
        for (listener, host) in after {
            if let Some(host) = host
                && !before
                    .iter()
                    .any(|(_, known)| known.as_deref().is_some_and(|known| is_within(&host, known)))
            {
                gained.push((host.into_owned(), Some(listener)));
            }
        }
    }
    gained
}

/// Whether a host name stands for nothing that another one does not.
fn is_within(host: &str, known: &str) -> bool {
    known == EVERY_HOST || covers(known, host)
}
