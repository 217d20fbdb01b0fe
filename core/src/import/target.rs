//! Which release and channel of Gateway API the objects are of.

use super::objects::{Object, Objects};
use crate::check::api;
use crate::diagnostic::{self, Diagnostic};
use crate::release::{Channel, GATEWAY_GROUP, Kind, Release, Target};

/// Every target, the likeliest first: the default's release, then the newest.
fn targets() -> impl Iterator<Item = Target> {
    let default = Target::DEFAULT.release;
    let others = Release::ALL.into_iter().rev().filter(move |release| *release != default);
    let releases = [default].into_iter().chain(others);
    releases.flat_map(|release| Channel::ALL.map(|channel| Target { release, channel }))
}

/// The kinds whose apiVersion tells of the release.
const TELLING: [(&str, Kind); 6] = [
    ("Gateway", Kind::Gateway),
    ("HTTPRoute", Kind::HttpRoute),
    ("GRPCRoute", Kind::GrpcRoute),
    ("TLSRoute", Kind::TlsRoute),
    ("TCPRoute", Kind::TcpRoute),
    ("UDPRoute", Kind::UdpRoute),
];

/// The target that takes most of the objects, and serves most of them under the apiVersion that they have.
pub(super) fn of(objects: &Objects<'_>) -> Target {
    let judged: Vec<&Object<'_>> =
        objects.list.iter().filter(|object| api::GROUPS.contains(&object.group())).collect();
    let mut best = (Target::DEFAULT, (usize::MAX, usize::MAX));
    for target in targets() {
        let misfits = misfits(&judged, target);
        if misfits < best.1 {
            best = (target, misfits);
        }
        if best.1 == (0, 0) {
            break;
        }
    }
    best.0
}

/// How many objects the target refuses, and how many it serves under another apiVersion.
fn misfits(objects: &[&Object<'_>], target: Target) -> (usize, usize) {
    let refused = objects.iter().filter(|object| !refusals(object, target).is_empty());
    let renamed = objects.iter().filter(|object| {
        let kind = TELLING.iter().find(|(word, _)| object.is(GATEWAY_GROUP, word)).map(|(_, kind)| *kind);
        kind.and_then(|kind| kind.served(target))
            .is_some_and(|served| served.api_version != object.identity.api_version)
    });
    (refused.count(), renamed.count())
}

/// What an API server with these CRDs would hold against an object of Gateway API.
pub(super) fn refusals(object: &Object<'_>, target: Target) -> Vec<Diagnostic> {
    let identity = &object.identity;
    let Some(kind) = api::find(target, &identity.api_version, &identity.kind) else {
        return vec![api::not_served(target, &identity.api_version, &identity.kind)];
    };
    let mut node = object.node.clone();
    let mut found = api::check(kind, &mut node, None, target);
    found.retain(Diagnostic::is_refusal);
    diagnostic::locate(&mut found, &object.node);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_release_and_channel_is_tried_the_default_first() {
        let targets: Vec<Target> = targets().collect();
        assert_eq!(targets.first(), Some(&Target::DEFAULT));
        assert_eq!(targets.len(), Release::ALL.len() * Channel::ALL.len());
        for release in Release::ALL {
            for channel in Channel::ALL {
                assert!(targets.contains(&Target { release, channel }));
            }
        }
    }
}
