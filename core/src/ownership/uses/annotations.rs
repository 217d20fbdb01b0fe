//! Host names in annotations.

use std::borrow::Cow;

use super::{At, Host, Place, Use, unmistakable};
use crate::ownership::hostname_grant::EVERY_HOST;
use crate::ownership::object::{HOST_ANNOTATIONS, Object};
use crate::ownership::sorted::Sorted;

/// The parents of a route as a text: what its annotations say is served there.
pub(super) fn served_on(uses: &[Use<'_>]) -> String {
    let mut keys = Sorted::default();
    for used in uses {
        match &used.place {
            Place::Parent(parent) => keys.push(parent.key(), 0),
            Place::DefaultGateways => keys.push(unmistakable(&["default"]), 0),
            _ => {}
        }
    }
    keys.finish();
    let (mut text, mut last) = (String::new(), "");
    for (key, _) in keys.entries() {
        if key != last {
            text.push_str(key);
        }
        last = key;
    }
    text
}

/// Host names in annotations, as those who read them split them. A regular expression may match any host.
pub(super) fn of<'a>(object: &Object<'a>, parents: &str) -> Vec<Use<'a>> {
    let Some(annotations) = object.metadata().get("annotations") else { return Vec::new() };
    let mut uses = Vec::new();
    for (index, key) in HOST_ANNOTATIONS.into_iter().enumerate() {
        let Some(value) = annotations.text_of(key) else { continue };
        let value = if value.bytes().any(|byte| byte == b'~') { EVERY_HOST } else { &value };
        let hosts = value.split(',').map(str::trim).filter(|host| !host.is_empty());
        for host in hosts.map(|host| host.strip_suffix('.').unwrap_or(host)) {
            let host = Host::Named(Cow::Owned(host.to_owned()));
            uses.push(Use { host, place: Place::Annotation(parents.to_owned()), at: At::Annotation(index) });
        }
    }
    uses
}
