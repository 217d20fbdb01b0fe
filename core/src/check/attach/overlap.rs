//! TLS listeners of one port whose host names overlap.
//!
//! A browser that holds a connection for `*.example.com` sends requests for `foo.example.com` over it,
//! past the listener meant for them. Source: Gateway API v1.6.1, `OverlappingTLSConfig`,
//! `apis/v1/gateway_types.go:1668-1713`. A listener without host name overlaps with every other; the text
//! does not say so, Envoy Gateway's `isOverlappingHostname` does.

use std::collections::BTreeMap;

use super::conflict::ConflictKind;
use super::merge::{Joined, ListenerId, Merged};
use crate::hostname::{suffix, wider};

/// Notes at each listener one that it overlaps with. Conflicted ones serve nothing and do not count.
pub(super) fn find(merged: &mut Merged<'_>) {
    let Merged { listeners, of_gateways, of_sets, memberships: _, sets_of } = merged;
    for (own, sets) in of_gateways.iter().zip(sets_of) {
        let mut ports: BTreeMap<i64, BTreeMap<&str, usize>> = BTreeMap::new();
        let of_sets = sets.iter().filter_map(|set| of_sets.get(*set).cloned()).flatten();
        for at in own.clone().chain(of_sets) {
            let Some(joined) = listeners.get(at).filter(|joined| serves(joined)) else { continue };
            if matches!(joined.listener.protocol.as_ref(), "HTTPS" | "TLS") {
                let hostname = joined.listener.hostname.as_deref().unwrap_or_default();
                ports.entry(joined.listener.port).or_default().insert(suffix(hostname), at);
            }
        }
        let pairs = ports.values().flat_map(|hosts| {
            hosts.iter().flat_map(move |(name, one)| {
                let wider = wider(name).filter_map(|wider| hosts.get(wider));
                wider.filter(move |other| *other != one).map(move |other| (one, other))
            })
        });
        for (one, other) in pairs.flat_map(|(one, other)| [(*one, *other), (*other, *one)]) {
            if let Some(joined) = listeners.get_mut(one) {
                joined.overlap.get_or_insert(ListenerId(other));
            }
        }
    }
}

fn serves(joined: &Joined<'_>) -> bool {
    joined.conflict.is_none_or(|conflict| conflict.kind == ConflictKind::PlainAndTls)
}
