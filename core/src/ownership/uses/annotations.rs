//! Host names in annotations.

use std::borrow::Cow;
use std::rc::Rc;

use super::{At, Host, Place, Use};
use crate::hostname::parts;
use crate::ownership::hostname_grant::EVERY_HOST;
use crate::ownership::object::{FROM_TO_WWW, HOST_ANNOTATIONS, ON_OBJECTS, ON_SERVICES, Object};
use crate::ownership::sorted::Sorted;
use crate::tree::Node;

/// The Gateways and ListenerSets of a route, each as a text: what its annotations say is served there.
pub(super) fn served_on(uses: &[Use<'_>]) -> Rc<Vec<String>> {
    let mut keys = Sorted::default();
    for used in uses {
        match &used.place {
            Place::Parent(parent) if parent.has_listeners() => keys.push(parent.key(), 0),
            Place::DefaultGateways => keys.push(String::new(), 0),
            _ => {}
        }
    }
    keys.finish();
    let mut texts: Vec<String> = Vec::new();
    for (key, _) in keys.entries() {
        if texts.last() != Some(key) {
            texts.push(key.clone());
        }
    }
    Rc::new(texts)
}

/// Host names in annotations, as those who read them split them. A regular expression may match any host.
pub(super) fn of<'a>(object: &Object<'a>, parents: &Rc<Vec<String>>) -> Vec<Use<'a>> {
    let mut uses = Vec::new();
    for (value, at) in values(object) {
        let value = if value.bytes().any(|byte| byte == b'~') { EVERY_HOST } else { &value };
        for host in parts(value, b',').map(str::trim_ascii).filter(|host| !host.is_empty()) {
            let host = Host::Named(Cow::Owned(host.strip_suffix('.').unwrap_or(host).to_owned()));
            uses.push(Use { host, place: Place::Annotation(Rc::clone(parents)), at });
        }
    }
    uses
}

/// At most how many host names are in annotations.
pub(super) fn count(object: &Object<'_>) -> usize {
    let mut count = 0;
    for (value, _) in values(object) {
        count += value.bytes().filter(|byte| *byte == b',').count() + 1;
    }
    count
}

/// The annotations that hold host names: those of the object, and those that a Gateway puts on its Service.
fn values<'a>(object: &Object<'a>) -> Vec<(Cow<'a, str>, At)> {
    let service = object.spec().get("infrastructure").and_then(|node| node.get("annotations"));
    let mut values = Vec::new();
    for (index, key) in HOST_ANNOTATIONS.into_iter().enumerate() {
        let value = |node: Option<&Node<'a>>| node?.text_of(key);
        if ON_OBJECTS.contains(&index)
            && let Some(value) = value(object.metadata().get("annotations"))
        {
            values.push((value, At::Annotation(index)));
        }
        if ON_SERVICES.contains(&index)
            && let Some(value) = value(service)
        {
            values.push((value, At::Infrastructure(index)));
        }
    }
    values
}

/// What ingress-nginx redirects to the hosts of an Ingress: the same with `www.`, or without it.
///
/// Source: ingress-nginx v1.12.1, `internal/ingress/controller/nginx.go`, `buildRedirects`; the value goes through Go's
/// `strconv.ParseBool`.
pub(super) fn redirected<'a>(object: &Object<'a>, uses: &[Use<'_>]) -> Vec<Use<'a>> {
    let annotations = object.metadata().get("annotations");
    let value = annotations.and_then(|node| node.text_of(HOST_ANNOTATIONS[FROM_TO_WWW]));
    if !matches!(value.as_deref(), Some("1" | "t" | "T" | "TRUE" | "true" | "True")) {
        return Vec::new();
    }
    let mut hosts = Sorted::default();
    for used in uses {
        if let (Host::Named(host), At::Rule(_, true)) = (&used.host, used.at) {
            hosts.push(host.to_string(), 0);
        }
    }
    hosts.finish();
    let mut redirected = Vec::new();
    for (host, _) in hosts.entries() {
        let other = match host.strip_prefix("www.") {
            Some(bare) => bare.to_owned(),
            None => ["www.", host].concat(),
        };
        // One that is there is a server of its own. No server name has a star behind a label.
        if !host.starts_with('*') && hosts.get(&other).is_none() {
            let host = Host::Named(Cow::Owned(other));
            let place = Place::Annotation(Rc::default());
            redirected.push(Use { host, place, at: At::Annotation(FROM_TO_WWW) });
        }
    }
    redirected
}
