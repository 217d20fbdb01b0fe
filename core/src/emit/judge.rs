//! What is written, judged before a byte of it leaves: an API server would take every object, and the
//! controller know every field.

use serde::Serialize;

use super::{Manifest, Manifests};
use crate::check::api;
use crate::check::controller::{self, Feature};
use crate::diagnostic::{Diagnostic, Level};
use crate::ownership::{Existing, apply};
use crate::plan::Gateway;
use crate::profile::Profile;
use crate::release::Target;
use crate::tree::yaml::{self, Limits};
use crate::tree::{self, Node, Position};

/// Who judges.
pub(super) struct Judge {
    target: Target,
    /// The controller of all Gateways, with the features that it lacks. What is for several may be right for one.
    controller: Option<(&'static Profile, Vec<&'static Feature>)>,
}

impl Judge {
    /// Where a release has no Gateways of its own, the controller is the one that its values name.
    pub(super) fn new(target: Target, gateways: &[Gateway<'_>], named: Option<&'static Profile>) -> Self {
        let first = gateways.first().map_or(named, |gateway| Some(gateway.profile));
        let one = first.filter(|first| gateways.iter().all(|gateway| gateway.profile.word == first.word));
        Self { target, controller: one.map(|profile| (profile, controller::lacking(profile))) }
    }
}

/// What an API server and the controller would hold against an object, each fault at the value that the
/// object comes from.
///
/// Values pass some things through as they are (matches, filters, TLS options, addresses); a fault there is
/// the user's. In what is derived it is ours, and better found here than in a cluster.
pub(super) fn judge<T: Serialize>(manifest: &Manifest, object: &T, judge: &Judge, out: &mut Vec<Diagnostic>) {
    let Judge { target, controller } = judge;
    let Some(kind) = api::find(*target, manifest.api_version, manifest.kind) else { return };
    let mut node = tree::of(object).expect("objects have text keys alone");
    let mut faults = api::check(kind, &mut node, None, *target);
    if let Some((profile, lacking)) = controller {
        faults.extend(controller::unsupported(&node, profile, lacking));
    }
    out.extend(faults.into_iter().map(|fault| at_value(fault, manifest)));
}

/// What the grants and claims of a cluster would hold against manifests, each fault at the value that its object comes
/// from.
pub(crate) fn hold_against(existing: &Existing<'_>, manifests: &Manifests, out: &mut Vec<Diagnostic>) {
    let read = |text| yaml::read(text, 0, &Limits::NATIVE, &mut Vec::new()).into_iter().next();
    let nodes: Vec<Option<Node<'_>>> = manifests.iter().map(|(_, text)| read(text)).collect();
    let sent: Vec<Option<&Node<'_>>> = nodes.iter().map(Option::as_ref).collect();
    let (found, noticed) = apply(&sent, existing);
    for (manifest, found) in manifests.list.iter().zip(found) {
        let found = found.into_iter();
        out.extend(
            found.map(|fault| Diagnostic { position: Position::UNKNOWN, ..at_value(fault, manifest) }),
        );
    }
    out.extend(noticed);
}

/// The same fault at the value, with the object and its path in words.
fn at_value(fault: Diagnostic, manifest: &Manifest) -> Diagnostic {
    let Manifest { kind, name, origin, .. } = manifest;
    let place = if fault.path.is_root() { String::new() } else { format!(", {}", fault.path) };
    let message = format!("{kind} `{name}`{place}: {}", fault.message);
    let hint = if fault.hint.is_empty() && fault.level != Level::Ownership {
        "if it is not what you wrote that is refused, it is a fault of Gatewright's: please report it".into()
    } else {
        fault.hint
    };
    Diagnostic { path: origin.clone(), message, hint, about_key: false, ..fault }
}
