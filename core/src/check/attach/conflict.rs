//! Which listeners are not distinct.
//!
//! Source: Gateway API v1.6.1, `apis/v1/gateway_types.go:78-216`; GEP-1713 for ListenerSets; the
//! conformance tests `listenerset-hostname-conflict` and `listenerset-protocol-conflict` of v1.7.0.
//! Of plain HTTP and TLS on one port no release says anything: listeners of different protocols are distinct where
//! the implementation can tell their requests apart (`:86-113`). Envoy Gateway v1.9.0 refuses them
//! (`internal/gatewayapi/validate.go`, `validateConflictedLayer7Listeners`).
//! A TLS handshake tells HTTPS and TLS apart by the host name only, whatever their `tls` says (`:143-144`).

use core::ops::Range;
use std::collections::BTreeMap;

use super::known::Known;
use super::merge::{Joined, ListenerId, Merged};
use crate::check::model::{Listener, Mode};
use crate::check::settings::Settings;
use crate::profile::Support;

/// Why a listener is not distinct from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// In what they conflict.
    pub kind: ConflictKind,
    /// The other one: the one that goes first, or the nearest of the same object.
    pub with: ListenerId,
    /// Whether the other one certainly belongs to the Gateway.
    pub with_member: bool,
}

impl Conflict {
    /// Whether it is certain that the listener is not accepted.
    pub fn is_certain(self) -> bool {
        self.with_member && self.kind != ConflictKind::PlainAndTls
    }
}

/// In what two listeners conflict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConflictKind {
    /// One port, one host name.
    Hostname,
    /// One port, protocols that cannot share it.
    Protocol,
    /// One port for plain HTTP and for TLS: whether it takes both, the controller decides.
    PlainAndTls,
}

impl ConflictKind {
    /// Gateway API's reason of the condition `Conflicted`.
    ///
    /// Source: v1.6.1, `apis/v1/gateway_types.go:1480-1489`.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Hostname => "HostnameConflict",
            Self::Protocol | Self::PlainAndTls => "ProtocolConflict",
        }
    }
}

/// Finds the conflicts of every Gateway.
///
/// A listener of a ListenerSet gives way to one that goes before it, and is out. Of what is left,
/// listeners of one object that are not distinct all conflict; none may win.
pub(super) fn find(merged: &mut Merged<'_>, settings: &Settings) {
    // `Unreported` counts as not refused.
    let mixed = settings.profile.is_none_or(|profile| profile.tls_mixed.value != Support::No);
    let Merged { listeners, of_gateways, of_sets, memberships: _, sets_of } = merged;
    for (own, sets) in of_gateways.iter().zip(sets_of) {
        let mut before = Ports::new(mixed);
        settle(listeners, own.clone(), &mut before);
        for set in sets {
            if let Some(range) = of_sets.get(*set) {
                settle(listeners, range.clone(), &mut before);
            }
        }
    }
    // What joined no Gateway still cannot conflict within itself.
    for range in of_sets {
        let joined =
            listeners.get(range.clone()).is_some_and(|own| own.iter().any(|one| one.gateway.is_some()));
        if !joined {
            settle(listeners, range.clone(), &mut Ports::new(mixed));
        }
    }
}

/// Judges the listeners of one object, and notes those that hold their place.
fn settle<'c>(listeners: &mut [Joined<'c>], range: Range<usize>, before: &mut Ports<'c>) {
    for at in range.clone() {
        if let Some(joined) = listeners.get_mut(at) {
            joined.conflict = before.clash(joined.listener);
        }
    }
    let out = |joined: &Joined<'_>| joined.conflict.is_some_and(Conflict::is_certain);
    let mut found = Vec::new();
    let passes: [&mut dyn Iterator<Item = usize>; 2] = [&mut range.clone(), &mut range.clone().rev()];
    for pass in passes {
        let mut passed = Ports::new(before.mixed);
        for at in pass {
            let Some(joined) = listeners.get(at).filter(|joined| !out(joined)) else { continue };
            if let Some(conflict) = passed.clash(joined.listener) {
                found.push((at, conflict));
            }
            passed.add(joined.listener, Slot { id: ListenerId(at), certain: true });
        }
    }
    for at in range {
        if let Some(joined) = listeners.get(at).filter(|joined| !out(joined)) {
            let certain = joined.member == Known::Yes && joined.conflict.is_none();
            before.add(joined.listener, Slot { id: ListenerId(at), certain });
        }
    }
    for (at, conflict) in found.into_iter().rev() {
        if let Some(joined) = listeners.get_mut(at)
            && joined.conflict.is_none_or(|old| conflict.is_certain() || !old.is_certain())
        {
            joined.conflict = Some(conflict);
        }
    }
}

/// What is known of the ports so far: UDP ports apart from all others.
struct Ports<'c> {
    ports: BTreeMap<(bool, i64), Port<'c>>,
    /// Whether TLS may be ended and passed through on one port.
    mixed: bool,
}

#[derive(Clone, Copy)]
struct Slot {
    id: ListenerId,
    certain: bool,
}

/// The first listener of each sort on a port.
#[derive(Default)]
struct Port<'c> {
    any: Option<Slot>,
    tcp: Option<Slot>,
    http: Option<Slot>,
    tls: Option<Slot>,
    terminate: Option<Slot>,
    passthrough: Option<Slot>,
    /// By whether they speak TLS, and the host name.
    hosts: BTreeMap<(bool, &'c str), Slot>,
}

impl<'c> Ports<'c> {
    fn new(mixed: bool) -> Self {
        Self { ports: BTreeMap::new(), mixed }
    }

    fn clash(&self, listener: &Listener<'_>) -> Option<Conflict> {
        let port = self.ports.get(&key(listener))?;
        let protocol = |slot: Option<Slot>| slot.map(|slot| (ConflictKind::Protocol, slot));
        let host = || {
            let found = port.hosts.get(&(tls(listener), listener.hostname.as_deref().unwrap_or_default()));
            found.map(|slot| (ConflictKind::Hostname, *slot))
        };
        let other_layer = |slot: Option<Slot>| slot.map(|slot| (ConflictKind::PlainAndTls, slot));
        let mode = || match mode(listener)? {
            _ if self.mixed => None,
            Mode::Terminate => port.passthrough,
            Mode::Passthrough => port.terminate,
        };
        let found = match listener.protocol.as_ref() {
            "TCP" | "UDP" => protocol(port.any),
            "HTTP" => protocol(port.tcp).or_else(host).or_else(|| other_layer(port.tls)),
            "HTTPS" | "TLS" => {
                protocol(port.tcp.or_else(mode)).or_else(host).or_else(|| other_layer(port.http))
            }
            _ => protocol(port.tcp),
        };
        found.map(|(kind, slot)| Conflict { kind, with: slot.id, with_member: slot.certain })
    }

    fn add(&mut self, listener: &'c Listener<'c>, slot: Slot) {
        let port = self.ports.entry(key(listener)).or_default();
        put(&mut port.any, slot);
        let class = match listener.protocol.as_ref() {
            "TCP" => &mut port.tcp,
            "HTTP" => &mut port.http,
            "HTTPS" | "TLS" => &mut port.tls,
            _ => return,
        };
        put(class, slot);
        match mode(listener) {
            Some(Mode::Terminate) => put(&mut port.terminate, slot),
            Some(Mode::Passthrough) => put(&mut port.passthrough, slot),
            None => {}
        }
        if listener.protocol != "TCP" {
            let host = (tls(listener), listener.hostname.as_deref().unwrap_or_default());
            let host = port.hosts.entry(host).or_insert(slot);
            if slot.certain && !host.certain {
                *host = slot;
            }
        }
    }
}

fn tls(listener: &Listener<'_>) -> bool {
    matches!(listener.protocol.as_ref(), "HTTPS" | "TLS")
}

fn key(listener: &Listener<'_>) -> (bool, i64) {
    (listener.protocol == "UDP", listener.port)
}

/// The mode of a TLS listener. HTTPS beside passthrough is no mixing: the feature is of TLS listeners.
fn mode(listener: &Listener<'_>) -> Option<Mode> {
    if listener.protocol != "TLS" {
        return None;
    }
    Some(listener.tls.as_ref().map_or(Mode::Terminate, |tls| tls.mode))
}

fn put(place: &mut Option<Slot>, slot: Slot) {
    if place.is_none_or(|old| slot.certain && !old.certain) {
        *place = Some(slot);
    }
}
