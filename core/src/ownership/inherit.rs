//! What a route without host names serves: the hosts of the listeners that it would attach to.
//!
//! Which those are is read so that no tenant can change it: `allowedRoutes` narrows by `Same`, by kinds and by labels
//! that only the platform sets. A listener that may take the route counts as one that does.

use std::borrow::Cow;

use super::hostname_grant::{self, EVERY_HOST, On};
use super::rule::{self, Fault};
use super::uses::{self, At, Parent};
use super::view::View;
use crate::check::attach;
use crate::check::model::{From, Listener, ObjectRef, Selector};
use crate::release::{NAME_LABEL, Target};

/// A route that asks, as far as listeners look at it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Attaching<'q> {
    pub(super) kind: &'static str,
    pub(super) namespace: &'q str,
}

/// A listener that a route would attach to.
#[derive(Debug)]
pub(super) struct Attached<'l, 'a> {
    pub(super) listener: &'l Listener<'a>,
    /// The host that the route serves by it, `*` for any; a listener of TCP or UDP has none.
    pub(super) host: Option<Cow<'l, str>>,
    /// Whether it is known that its selector lets the route in.
    pub(super) is_certain: bool,
}

impl Attaching<'_> {
    /// The listeners of a parent that it would attach to.
    pub(super) fn listeners<'l, 'a>(
        &self,
        view: &View<'_, '_>,
        parent: &Parent<'_>,
        listeners: &'l [Listener<'a>],
    ) -> Vec<Attached<'l, 'a>> {
        let mut attached = Vec::new();
        for listener in
            listeners.iter().filter(|listener| listener.is_meant_by(parent.section.as_deref(), parent.port))
        {
            let namespaces = &listener.allowed.namespaces;
            if !attach::may_take(listener, self.kind, Target::DEFAULT) {
                continue;
            }
            let Some(is_certain) = self.is_let_in(view, &parent.namespace, namespaces) else { continue };
            // Only HTTP, gRPC and TLS choose by host name: other routes take the host of a listener that has one.
            let chooses = !matches!(self.kind, "TCPRoute" | "UDPRoute") && uses::has_hosts(listener);
            let every = chooses.then_some(Cow::Borrowed(EVERY_HOST));
            let host = listener.hostname.as_deref().map(Cow::Borrowed).or(every);
            attached.push(Attached { listener, host, is_certain });
        }
        attached
    }

    /// Why it attaches to none of the listeners of a parent, and what to do.
    pub(super) fn refused(&self, parent: &Parent<'_>, listeners: &[Listener<'_>]) -> [&'static str; 2] {
        let mut why =
            ["which has no such listener", "name the `sectionName` or `port` of a listener that is there"];
        for listener in
            listeners.iter().filter(|listener| listener.is_meant_by(parent.section.as_deref(), parent.port))
        {
            if attach::may_take(listener, self.kind, Target::DEFAULT) {
                return [
                    "none of whose listeners is open to its namespace",
                    "attach to a listener whose `allowedRoutes` let it in, or ask for that",
                ];
            }
            why = ["none of whose listeners takes its kind", "attach to a listener that does"];
        }
        why
    }

    /// Whether a listener lets it in, and whether that is certain; none where it does not. `own` is the namespace of the parent.
    fn is_let_in(&self, view: &View<'_, '_>, own: &str, from: &From<'_>) -> Option<bool> {
        let is_let_in = match from {
            From::All => true,
            From::Same => self.namespace == own,
            From::None | From::Selector(None) => false,
            From::Selector(Some(selector)) if !narrows(view, selector) => true,
            From::Selector(Some(selector)) => {
                if view.lacks_labels(self.namespace)
                    && hostname_grant::keys(selector).iter().any(|key| *key != NAME_LABEL)
                {
                    return may_select(selector, self.namespace).then_some(false);
                }
                selector.selects(&view.labels(self.namespace))
            }
        };
        is_let_in.then_some(true)
    }
}

/// A listener in words.
pub(super) fn words(listener: &Listener<'_>, kind: &str, namespace: &str, name: &str) -> String {
    format!("listener `{}` of {kind} `{namespace}/{name}`", listener.name)
}

/// Whether every label that a selector asks for is one that tenants cannot edit.
fn narrows(view: &View<'_, '_>, selector: &Selector<'_>) -> bool {
    hostname_grant::keys(selector).iter().all(|key| view.settings.is_trusted(key))
}

/// Whether a selector may mean a namespace of which only the name is known.
fn may_select(selector: &Selector<'_>, namespace: &str) -> bool {
    selector.labels.iter().all(|(key, value)| key != NAME_LABEL || value == namespace)
        && selector.expressions.iter().all(|it| it.key != NAME_LABEL || it.meets(Some(namespace)))
}

/// Namespace and name of the Gateway that a ListenerSet of a namespace joins; none where it joins something else.
pub(super) fn joined<'a>(parent: &ObjectRef<'a>, own: &Cow<'a, str>) -> Option<(Cow<'a, str>, Cow<'a, str>)> {
    let namespace = || parent.namespace.clone().unwrap_or_else(|| own.clone());
    attach::kinds::is_gateway(parent).then(|| (namespace(), parent.name.clone()))
}

/// The listeners of a parent.
///
/// # Errors
/// Where the parent is not in the context.
pub(super) fn listeners<'v, 'a>(
    view: &View<'v, 'a>,
    parent: &Parent<'_>,
    at: At,
) -> Result<&'v [Listener<'a>], Fault> {
    if let Some(listeners) = view.listeners(parent) {
        return Ok(listeners);
    }
    view.needs(&parent.kind, at)?;
    let why = ["which does not exist", "name the `hostnames`, or attach to a parent that is there"];
    Err(rule::parent_unknown::fault(&parent.to_string(), why, at))
}

/// The Gateway that a parent leads to, for grants that are limited to Gateways.
pub(super) fn gateway<'q>(view: &View<'_, 'q>, parent: &Parent<'q>) -> On<'q> {
    if parent.is_gateway() {
        return On::Gateway(parent.namespace.clone(), parent.name.clone());
    }
    view.gateway_of(parent).map_or(On::Elsewhere, |(namespace, name)| On::Gateway(namespace, name))
}
