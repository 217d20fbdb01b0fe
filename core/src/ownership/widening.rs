//! Listeners that are written, and the routes without host names that serve more by them.

use super::asked::{Asked, Way};
use super::decision::Decision;
use super::hostname_grant::On;
use super::inherit::Attaching;
use super::judge::Written;
use super::kinds::Kind;
use super::object::Object;
use super::rule::{self, Fault};
use super::uses::{At, Parent};
use super::view::View;
use crate::check::model::{self, Listener};
use crate::release::ROUTE_KINDS;

/// Judges again each route that would inherit a host that it did not inherit before.
pub(super) fn judge<'a>(written: &Written<'_, 'a>, view: &View<'_, 'a>, decision: &mut Decision) {
    if view.settings.asks_nothing() {
        return;
    }
    let new = model::listeners(written.object.spec());
    let old = written.old.map(|old| model::listeners(old.spec())).unwrap_or_default();
    if !may_widen(written) {
        return;
    }
    // Routes of TCP and UDP inherit nothing from listeners without host names.
    let mut kinds = ROUTE_KINDS.into_iter().filter(|kind| !matches!(*kind, "TCPRoute" | "UDPRoute"));
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
    for known in view.inheriting(kind, written.namespace, name) {
        let Ok(route) = Object::read(known.text) else { continue };
        for (host, listener) in gained(&route, written, view, &new, &old) {
            let Some(kind) = route.kind else { continue };
            let asked = Asked {
                host: &host,
                kind,
                namespace: &known.namespace,
                on: &on,
                unknown_parent: None,
                way: Way::Inherited(&listener),
                at: At::Object,
            };
            if let Some(fault) = asked.ask(view).fault {
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
    written.old.is_none_or(|old| old.spec().get("listeners") != written.object.spec().get("listeners"))
}

/// The hosts that a route inherits by the new listeners and not by the old ones, each with its listener in words.
fn gained(
    route: &Object<'_>,
    written: &Written<'_, '_>,
    view: &View<'_, '_>,
    new: &[Listener<'_>],
    old: &[Listener<'_>],
) -> Vec<(String, String)> {
    let Some(Kind::Route(kind)) = route.kind else { return Vec::new() };
    let attaching = Attaching { kind, namespace: &route.namespace };
    let mut gained = Vec::new();
    let parents = model::list(route.spec(), "parentRefs", |_, node| Some(model::parent(node)));
    for parent in parents.iter().map(|parent| Parent::of(parent, &route.namespace)) {
        let is_meant = parent.kind == written.kind.name()
            && parent.namespace == written.namespace
            && parent.name == written.object.name;
        if !is_meant {
            continue;
        }
        let before = attaching.hosts(view, &parent, old);
        for (listener, host) in attaching.hosts(view, &parent, new) {
            if let Some(host) = host
                && !before.iter().any(|(_, known)| known.as_ref() == Some(&host))
            {
                gained.push((host.into_owned(), listener));
            }
        }
    }
    gained
}
