//! What an object uses: host names, said or inherited, each at a place.
//!
//! An update is judged by the uses that the object did not have before: a use is the same if host name and place are.

mod annotations;
mod at;
mod parent;
mod reach;

use std::borrow::Cow;
use std::rc::Rc;

use super::hostname_grant::EVERY_HOST;
use super::kinds::Kind;
use super::object::Object;
use super::rule::{self, Fault};
use super::sorted::Sorted;
use crate::check::model::{self, Listener};
use crate::hostname::labels;
use crate::tree::Node;

pub(super) use at::At;
pub(super) use parent::Parent;
pub(super) use reach::Reach;

/// A use of a host name.
#[derive(Debug)]
pub(super) struct Use<'a> {
    pub(super) host: Host<'a>,
    pub(super) place: Place<'a>,
    pub(super) at: At,
}

/// Which host name is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Host<'a> {
    /// This one; `*` where every host is meant.
    Named(Cow<'a, str>),
    /// Those of the listeners that the route attaches to.
    Inherited,
}

/// What of an object uses it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place<'a> {
    /// A route, on a parent.
    Parent(Parent<'a>),
    /// A route, on the cluster's default Gateways.
    DefaultGateways,
    /// An annotation, served on any of these parents, which are in order.
    Annotation(Rc<Vec<String>>),
    /// A listener of the object, which routes from here may attach to.
    Listener(Reach),
    /// The object as a whole.
    Object,
    /// The object, which has a whole zone answered elsewhere.
    Zone,
}

/// Of each use, whether an object that had the old ones had it already.
pub(super) fn had_before(new: &[Use<'_>], old: &[Use<'_>]) -> Vec<bool> {
    let mut known = Sorted::default();
    for (at, used) in old.iter().enumerate() {
        known.push(used.key(), at);
    }
    known.finish();
    let was_wider = |used: &Use<'_>, reach: &Reach| {
        old.iter().any(|other| match &other.place {
            Place::Listener(old) => used.host == other.host && old.reaches_all_of(reach),
            _ => false,
        })
    };
    // One parent less adds nothing to what an annotation says.
    let was_served = |at: usize, place: &Place<'_>| match (place, old.get(at).map(|old| &old.place)) {
        (Place::Annotation(new), Some(Place::Annotation(old))) => {
            new.iter().all(|parent| old.binary_search(parent).is_ok())
        }
        _ => true,
    };
    let had = |used: &Use<'_>| match &used.place {
        Place::Listener(reach) => was_wider(used, reach),
        place => known.get(&used.key()).is_some_and(|at| was_served(at, place)),
    };
    new.iter().map(had).collect()
}

impl Use<'_> {
    /// Host name and place as a text: two uses with one text are the same.
    fn key(&self) -> String {
        let (named, host) = match &self.host {
            Host::Named(host) => ("named", &**host),
            Host::Inherited => ("inherited", ""),
        };
        let (of, place) = match &self.place {
            Place::Parent(parent) => ("parent", parent.key()),
            Place::DefaultGateways => ("default", String::new()),
            Place::Annotation(_) => ("annotation", String::new()),
            Place::Zone => ("zone", String::new()),
            Place::Listener(_) | Place::Object => ("", String::new()),
        };
        unmistakable(&[named, host, of, &place])
    }
}

/// Parts as one text, each behind its length: whatever the parts hold, other parts give another text.
pub(super) fn unmistakable(parts: &[&str]) -> String {
    let mut text = String::new();
    for part in parts {
        text.push_str(&part.len().to_string());
        text.push(':');
        text.push_str(part);
    }
    text
}

/// Most uses of an object. Of a route's `hostnames` an API server takes no more; with annotations, and for other objects, it is
/// our own bound.
///
/// Source: Gateway API v1.6.3, TLSRoute: 32 `parentRefs` and `useDefaultGateways`, 1,024 `hostnames`.
pub(super) const USES_MAX: usize = 33 * 1024;

/// What of an object is not of the form that it must have, so that its uses cannot be told.
pub(super) fn unreadable(object: &Object<'_>) -> Option<String> {
    let spec = object.node.get("spec")?;
    if spec.as_map().is_none() {
        return Some(format!("`spec` is {}, where a map belongs", spec.type_word()));
    }
    ["parentRefs", "listeners"].into_iter().find_map(|key| {
        let list = spec.get(key)?;
        let are_maps = list.as_list().is_some_and(|items| items.iter().all(|item| item.as_map().is_some()));
        (!are_maps).then(|| format!("`spec.{key}` is no list of maps"))
    })
}

/// Everything that an object uses.
///
/// # Errors
/// Where that is too much.
pub(super) fn within_bound<'a>(object: &Object<'a>, namespace: &'a str) -> Result<Vec<Use<'a>>, Fault> {
    if are_within_bound(object) {
        let uses = of(object, namespace);
        if uses.len() <= USES_MAX {
            return Ok(uses);
        }
    }
    let kind = object.kind.map(Kind::name).unwrap_or_default();
    Err(rule::review_malformed::too_many_uses(kind, namespace, &object.name))
}

/// Whether the uses of an object are few enough to be looked at, as far as they multiply.
pub(super) fn are_within_bound(object: &Object<'_>) -> bool {
    count(object) <= USES_MAX
}

/// How many uses an object may have as far as they multiply, before any is looked at; each listener counts as many as
/// there are, for each is compared with all.
fn count(object: &Object<'_>) -> usize {
    let spec = object.spec();
    let items = |key: &str| spec.get(key).and_then(Node::as_list).map_or(0, <[_]>::len);
    let listeners = items("listeners");
    (items("parentRefs") + 1)
        .saturating_mul(items("hostnames").max(annotations::count(object)).max(1))
        .max(listeners.saturating_mul(listeners))
}

/// Everything that an object uses.
pub(super) fn of<'a>(object: &Object<'a>, namespace: &'a str) -> Vec<Use<'a>> {
    let spec = object.spec();
    let named = |host: Cow<'a, str>, at| Use { host: Host::Named(host), place: Place::Object, at };
    let mut uses = match object.kind {
        Some(kind @ Kind::Route(_)) => of_route(kind, spec, namespace),
        Some(Kind::Gateway | Kind::ListenerSet(_)) => {
            let mut uses = Vec::new();
            for listener in &model::listeners(spec) {
                if let Some(used) = of_listener(listener, namespace) {
                    uses.push(used);
                }
            }
            uses
        }
        Some(Kind::Ingress) => of_ingress(spec),
        Some(Kind::Claim | Kind::Request) => {
            let host = spec.text_of("hostname");
            host.into_iter().map(|host| named(host, At::Claimed)).collect()
        }
        Some(Kind::Certificate) => {
            let mut uses = Vec::new();
            for (index, host) in model::texts(spec, "dnsNames").into_vec().into_iter().enumerate() {
                uses.push(named(host, At::DnsName(index)));
            }
            // The name of an authority is no host name.
            let is_authority = spec.get("isCA").and_then(Node::as_bool) == Some(true);
            if let Some(host) = spec.text_of("commonName").filter(|name| !name.is_empty() && !is_authority) {
                uses.push(named(host, At::CommonName));
            }
            uses
        }
        Some(Kind::DnsEndpoint) => {
            let mut uses = Vec::new();
            for (index, endpoint) in items(spec, "endpoints") {
                let Some(name) = endpoint.text_of("dnsName") else { continue };
                let at = At::Endpoint(index);
                let is_below_service = name.as_bytes().contains(&b'_');
                let name = record(name);
                // Whoever answers for a zone, or has another stand for it, has all names below it.
                if let Some("NS" | "DNAME") = endpoint.text_of("recordType").as_deref()
                    && !is_below_service
                {
                    let host = Host::Named(Cow::Owned(format!("*.{name}")));
                    uses.push(Use { host, place: Place::Zone, at });
                }
                uses.push(named(name, at));
            }
            uses
        }
        Some(Kind::Grant | Kind::Effective) | None => return Vec::new(),
    };
    // A route without parents is served nowhere, and nothing points to it.
    if !(matches!(object.kind, Some(Kind::Route(_))) && uses.is_empty()) {
        let parents = annotations::served_on(&uses);
        uses.append(&mut annotations::of(object, &parents));
    }
    if object.kind == Some(Kind::Ingress) {
        uses.append(&mut annotations::redirected(object, &uses));
    }
    uses
}

/// The host name that a DNS record is for: without a dot at the end, and without labels of services and what is in front of
/// them (`_acme-challenge.a.example.com`, `key._domainkey.a.example.com`), which belong to whoever has the name below.
fn record(name: Cow<'_, str>) -> Cow<'_, str> {
    let whole = name.strip_suffix('.').unwrap_or(&name);
    let (mut start, mut end) = (0, 0);
    for label in labels(whole) {
        end += label.len() + 1;
        if label.starts_with('_') {
            start = end;
        }
    }
    // With nothing behind it the name is left as it is: no host name.
    let host = whole.get(start..).unwrap_or(whole);
    if host.len() == name.len() { name } else { Cow::Owned(host.to_owned()) }
}

/// The host names that a route says itself; those of TCP and UDP have none.
pub(super) fn hostnames<'a>(kind: Kind, spec: &Node<'a>) -> Box<[Cow<'a, str>]> {
    if kind.is_l4() { Box::default() } else { model::texts(spec, "hostnames") }
}

fn of_route<'a>(kind: Kind, spec: &Node<'a>, namespace: &'a str) -> Vec<Use<'a>> {
    let hostnames = hostnames(kind, spec);
    let mut places = Vec::new();
    for (index, node) in items(spec, "parentRefs") {
        let parent = Parent::of(&model::parent(node), namespace);
        places.push((Place::Parent(parent), At::ParentRef(index)));
    }
    if spec.text_of("useDefaultGateways").is_some_and(|scope| scope != "None") {
        places.push((Place::DefaultGateways, At::DefaultGateways));
    }
    let mut uses = Vec::new();
    for (place, at) in places {
        if hostnames.is_empty() {
            uses.push(Use { host: Host::Inherited, place, at });
            continue;
        }
        for (index, host) in hostnames.iter().enumerate() {
            let (host, place) = (Host::Named(host.clone()), place.clone());
            uses.push(Use { host, place, at: At::Hostname(index) });
        }
    }
    uses
}

/// Whether a listener without a host name is one for every host; those of TCP and UDP have none at all.
pub(super) fn has_hosts(listener: &Listener<'_>) -> bool {
    !matches!(listener.protocol.as_ref(), "TCP" | "UDP")
}

fn of_listener<'a>(listener: &Listener<'a>, namespace: &str) -> Option<Use<'a>> {
    let every = has_hosts(listener).then_some(Cow::Borrowed(EVERY_HOST));
    let at = At::Listener(listener.index, listener.hostname.is_some());
    let host = Host::Named(listener.hostname.clone().or(every)?);
    Some(Use { host, place: Place::Listener(Reach::of(listener, namespace)), at })
}

/// The items under a key, with their indexes.
fn items<'n, 'a>(node: &'n Node<'a>, key: &str) -> impl Iterator<Item = (usize, &'n Node<'a>)> {
    let list = node.get(key).and_then(Node::as_list).unwrap_or_default();
    list.iter().enumerate().filter(|(_, item)| !item.is_null())
}

fn of_ingress<'a>(spec: &Node<'a>) -> Vec<Use<'a>> {
    let named = |host: Cow<'a, str>, at| Use { host: Host::Named(host), place: Place::Object, at };
    let every = |at| named(Cow::Borrowed(EVERY_HOST), at);
    let host = |node: &Node<'a>| node.text_of("host").filter(|host| !host.is_empty());
    let mut uses = Vec::new();
    for (index, rule) in items(spec, "rules") {
        uses.push(match host(rule) {
            Some(host) => named(host, At::Rule(index, true)),
            None => every(At::Rule(index, false)),
        });
    }
    for (entry, tls) in items(spec, "tls") {
        for (index, host) in items(tls, "hosts") {
            if let Some(host) = host.as_text() {
                uses.push(named(Cow::Owned(host.to_owned()), At::Tls(entry, index)));
            }
        }
    }
    if spec.get("defaultBackend").is_some() {
        uses.push(every(At::DefaultBackend));
    }
    uses
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ownership::object::HOST_ANNOTATIONS;

    #[test]
    fn the_bound_on_uses_is_the_documents() {
        let (thousands, rest) = (USES_MAX / 1000, USES_MAX % 1000);
        let words = format!("more than {thousands},{rest:03} uses");
        assert!(include_str!("../../../docs/ownership.md").contains(&words), "{words}");
    }

    #[test]
    fn the_bound_holds_for_every_kind_of_uses() {
        let uses = |kind: &str, rest: String| {
            let text = format!(r"{{{kind},{rest}}}");
            within_bound(&Object::read(&text).expect("JSON"), "shop").ok().map(|uses| uses.len())
        };
        let list = |count: usize, item: &str| vec![item; count].join(",");
        let gateway = |kind: &str| format!(r#""apiVersion":"gateway.networking.k8s.io/v1","kind":"{kind}""#);
        let ingress = r#""apiVersion":"networking.k8s.io/v1","kind":"Ingress""#;
        let endpoint = r#""apiVersion":"externaldns.k8s.io/v1alpha1","kind":"DNSEndpoint""#;
        let certificate = r#""apiVersion":"cert-manager.io/v1","kind":"Certificate""#;
        let annotated =
            |count| format!(r#""annotations":{{"{}":"{}"}}"#, HOST_ANNOTATIONS[2], list(count, "a"));
        let rule = r#"{"host":"a"}"#;
        for (count, found) in [(USES_MAX, Some(USES_MAX)), (USES_MAX + 1, None)] {
            let own = format!(r#""metadata":{{{}}},"spec":{{}}"#, annotated(count));
            assert_eq!(uses(&gateway("Gateway"), own), found);
            let service = format!(r#""spec":{{"infrastructure":{{{}}}}}"#, annotated(count));
            assert_eq!(uses(&gateway("Gateway"), service), found);
            assert_eq!(uses(ingress, format!(r#""spec":{{"rules":[{}]}}"#, list(count, rule))), found);
            let hosts = list(count, r#""a""#);
            assert_eq!(uses(ingress, format!(r#""spec":{{"tls":[{{"hosts":[{hosts}]}}]}}"#)), found);
            assert_eq!(uses(certificate, format!(r#""spec":{{"dnsNames":[{hosts}]}}"#)), found);
            let endpoints = list(count, r#"{"dnsName":"a"}"#);
            assert_eq!(uses(endpoint, format!(r#""spec":{{"endpoints":[{endpoints}]}}"#)), found);
        }
        // Each name of an annotation may stand for each parent.
        let route =
            format!(r#""spec":{{"parentRefs":[{{"name":"a"}}]}},"metadata":{{{}}}"#, annotated(USES_MAX));
        assert_eq!(uses(&gateway("HTTPRoute"), route), None);
    }

    #[test]
    fn no_part_is_taken_for_another() {
        let text = |name: &str, section: &str| {
            let spec =
                if section.is_empty() { String::new() } else { format!(r#","sectionName":"{section}""#) };
            format!(
                r#"{{"apiVersion":"gateway.networking.k8s.io/v1","kind":"HTTPRoute","spec":{{"parentRefs":[{{"name":"{name}"{spec}}}]}}}}"#
            )
        };
        // A name in Gateway API has no pattern: it may hold whatever separates parts.
        let keys =
            [text("public", "https"), text("public\\u0000section https", ""), text("public7:section", "")]
                .map(|text| of(&Object::read(&text).expect("JSON"), "edge")[0].key());
        assert!(keys[0] != keys[1] && keys[0] != keys[2], "{keys:?}");
        assert_ne!(unmistakable(&["a", "b"]), unmistakable(&["a1:b"]));
    }
}
