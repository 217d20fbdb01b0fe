//! Whose ListenerSets may join a Gateway.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Code, Diagnostic};
use crate::plan::{Gateway, listeners};
use crate::tree::Node;

/// A Gateway that ListenerSets of every namespace may join, since too many are to be named.
const OPEN_TO_ALL: Code = Code("open-to-all-namespaces");

/// Most namespaces that a Gateway's `allowedListeners` names. Beyond, ListenerSets of every namespace may join, which is
/// told.
///
/// Our own bound: with names of 63 characters, half of what an object may have
/// ([`crate::limits::OBJECT_BYTES_MAX`]).
const NAMESPACES_MAX: usize = 10_000;

/// Namespaces of ListenerSets by the name of their Gateway; where there are more than are named, one beyond.
#[derive(Debug, Default)]
pub(crate) struct Joining(BTreeMap<String, BTreeSet<Box<str>>>);

impl Joining {
    pub(crate) fn add(&mut self, gateway: &str, namespace: &str) {
        if !self.0.contains_key(gateway) {
            self.0.insert(gateway.to_owned(), BTreeSet::new());
        }
        if let Some(namespaces) = self.0.get_mut(gateway).filter(|known| known.len() <= NAMESPACES_MAX) {
            namespaces.insert(namespace.into());
        }
    }

    /// Lets the ListenerSets of organizations join their Gateways, unless the values say who may.
    pub(super) fn allow(&self, gateways: &mut [Gateway<'_>], out: &mut Vec<Diagnostic>) {
        for gateway in gateways.iter_mut().filter(|gateway| gateway.allowed_listeners.is_none()) {
            let Some(namespaces) = self.0.get(gateway.name.as_ref()) else { continue };
            let allowed = if namespaces.len() > NAMESPACES_MAX {
                out.push(open_to_all(gateway));
                Node::map([("namespaces", Node::map([("from", Node::text("All"))]))])
            } else {
                listeners::from_namespaces(namespaces.iter().map(AsRef::as_ref))
            };
            gateway.allowed_listeners = Some(Cow::Owned(allowed));
        }
    }
}

fn open_to_all(gateway: &Gateway<'_>) -> Diagnostic {
    let message = format!(
        "ListenerSets of more than {NAMESPACES_MAX} namespaces join Gateway `{}`, more than it can name: those of every \
         namespace may join it and take host names that no organization has",
        gateway.name
    );
    Diagnostic::warning(OPEN_TO_ALL, gateway.path.clone(), message).hint(
        "give the namespaces of organizations a label and the Gateway `allowedListeners.namespaces` with a `selector` \
         for it, or share them out over several Gateways with `sharding.strategy: pool`",
    )
}
