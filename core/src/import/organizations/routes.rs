//! Routes that a service of an organization may stand for: everything of a few host names to one Service.

use std::collections::{BTreeMap, BTreeSet};

use super::super::objects::Object;
use super::super::{metadata, shorter};
use super::Search;
use super::listeners::{Listener, Listeners};
use super::served::Served;
use crate::hostname::Hostname;
use crate::tree::Node;

/// Such a route.
pub(super) struct TenantRoute<'a> {
    pub(super) organization: String,
    pub(super) namespace: String,
    pub(super) service: String,
    port: i64,
    hosts: Vec<Hostname<'a>>,
    /// The host name that the template gives.
    of_template: String,
    pub(super) listeners: BTreeSet<usize>,
}

/// Reads a route with a host name below the base domain, and says why an organization could not say all that it says.
/// Nothing for any other route.
pub(super) fn read<'a>(
    search: &Search<'_, 'a>,
    listeners: &Listeners<'_, 'a>,
    index: usize,
) -> Option<Result<TenantRoute<'a>, &'static str>> {
    let object = search.objects.get(index)?;
    let spec = shorter::spec(object, search.target);
    let hosts = hosts(&spec)?;
    let domain = search.base_domain.as_str();
    let is_below = |host: &Hostname<'_>| labels_below(host, domain).is_some();
    hosts.iter().any(is_below).then(|| whole(search, listeners, object, &spec, hosts))
}

/// Reads all of a route.
fn whole<'a>(
    search: &Search<'_, 'a>,
    listeners: &Listeners<'_, 'a>,
    object: &Object<'a>,
    spec: &Node<'a>,
    hosts: Vec<Hostname<'a>>,
) -> Result<TenantRoute<'a>, &'static str> {
    let entry = metadata::entry(object, object.identity.name.clone(), &mut Vec::new());
    if object.identity.kind != "HTTPRoute" {
        return Err("it is no HTTPRoute");
    }
    if entry.get("labels").is_some() || entry.get("annotations").is_some() {
        return Err("it has labels or annotations");
    }
    let (service, port) = backend(spec).ok_or("it says more than that everything goes to one Service")?;
    let parents = object.spec("parentRefs").into_iter().flat_map(Node::items);
    let named: Option<BTreeSet<usize>> =
        parents.map(|(_, parent)| listeners.of_parent(search.objects, parent, object.namespace())).collect();
    let named = named
        .filter(|named| !named.is_empty())
        .ok_or("it does not name HTTPS listeners on port 443, each by `sectionName`, and no others")?;
    let is_served = |host: &Hostname<'_>| {
        named.iter().filter_map(|index| listeners.get(*index)).any(|listener| listener.hostname.covers(host))
    };
    if hosts.iter().any(|host| host.is_wildcard() || !is_served(host)) {
        return Err("one of its host names is a wildcard, or not that of a listener that it names");
    }
    let domain = search.base_domain.as_str();
    let of_labels = hosts.iter().filter_map(|host| labels_below(host, domain)).find_map(|labels| {
        labels.strip_prefix(&service)?.strip_prefix('.').filter(|rest| !rest.contains('.'))
    });
    let organization = of_labels.unwrap_or(object.namespace()).to_owned();
    Ok(TenantRoute {
        of_template: format!("{service}.{organization}.{domain}"),
        organization,
        namespace: object.namespace().to_owned(),
        service,
        port,
        hosts,
        listeners: named,
    })
}

/// Its host names; nothing where one is none.
fn hosts<'a>(spec: &Node<'a>) -> Option<Vec<Hostname<'a>>> {
    let of = |host: &Node<'a>| Some(Hostname::parse(host.as_text()?).ok()?.0.into_owned());
    spec.get("hostnames")?.items().map(|(_, host)| of(host)).collect()
}

/// The labels of a host name below a domain.
fn labels_below<'h>(host: &'h Hostname<'_>, domain: &str) -> Option<&'h str> {
    host.as_str().strip_suffix(domain)?.strip_suffix('.')
}

/// Name and port of the only Service, if everything goes there and nothing else is said.
fn backend(spec: &Node<'_>) -> Option<(String, i64)> {
    let has_only = |node: &Node<'_>, keys: &[&str]| {
        node.as_map().is_some_and(|map| map.iter().all(|entry| keys.contains(&entry.key.as_ref())))
    };
    let [rule] = spec.get("rules")?.as_list()? else { return None };
    let [backend] = rule.get("backendRefs")?.as_list()? else { return None };
    let is_all = has_only(spec, &["hostnames", "parentRefs", "rules"])
        && has_only(rule, &["backendRefs"])
        && has_only(backend, &["name", "port"]);
    let service = (backend.get("name")?.as_text()?.to_owned(), backend.get("port")?.as_integer()?);
    is_all.then_some(service)
}

impl TenantRoute<'_> {
    /// What of its host names has to come back.
    pub(super) fn served(&self, listeners: &Listeners<'_, '_>) -> BTreeSet<Served> {
        let named = || self.listeners.iter().filter_map(|index| listeners.get(*index));
        let served = |host: &Hostname<'_>, listener: &Listener<'_, '_>| Served {
            host: host.to_string(),
            namespace: self.namespace.clone(),
            service: self.service.clone(),
            port: self.port,
            gateway: listeners.gateway(listener.gateway).unwrap_or_default().to_owned(),
            secrets: listener.secrets(),
        };
        let of_host = |host| {
            let takers = named().filter(move |listener| listener.hostname.covers(host));
            takers.map(move |listener| served(host, listener))
        };
        self.hosts.iter().flat_map(of_host).collect()
    }
}

/// `services` of an organization; nothing where two of one name would have to be told apart.
pub(super) fn services<'a>(home: &str, routes: impl Iterator<Item = TenantRoute<'a>>) -> Option<Node<'a>> {
    let mut by_name: BTreeMap<String, TenantRoute<'a>> = BTreeMap::new();
    for route in routes {
        let Some(known) = by_name.get_mut(&route.service) else {
            by_name.insert(route.service.clone(), route);
            continue;
        };
        if known.port != route.port || known.namespace != route.namespace {
            return None;
        }
        known.hosts.extend(route.hosts);
    }
    let services = by_name.into_iter().map(|(name, route)| {
        let mut service = Node::map([("name", Node::text(name)), ("port", Node::integer(route.port))]);
        if route.namespace != home {
            service = service.with("namespace", Node::text(route.namespace));
        }
        if !matches!(route.hosts.as_slice(), [only] if only.as_str() == route.of_template) {
            let hosts = route.hosts.iter().map(|host| Node::text(host.to_string()));
            service = service.with("hostnames", Node::list(hosts));
        }
        service
    });
    Some(Node::list(services))
}
