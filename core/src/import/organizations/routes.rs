//! Routes that a service of an organization may stand for: everything of a few host names to one Service.

use std::collections::{BTreeMap, BTreeSet};

use super::super::{metadata, shorter};
use super::Search;
use super::listeners::Listeners;
use super::served::Served;
use crate::hostname::Hostname;
use crate::tree::Node;

/// Such a route.
pub(super) struct TenantRoute<'a> {
    pub(super) organization: String,
    pub(super) namespace: String,
    service: String,
    port: i64,
    hosts: Vec<Hostname<'a>>,
    /// The host name that the template gives.
    of_template: String,
    pub(super) listeners: BTreeSet<usize>,
}

/// Reads a route; nothing where an organization could not say all that it says.
pub(super) fn read<'a>(
    search: &Search<'_, 'a>,
    listeners: &Listeners<'_, 'a>,
    index: usize,
) -> Option<TenantRoute<'a>> {
    let object = search.objects.get(index)?;
    let spec = shorter::spec(object, search.target);
    let entry = metadata::entry(object, object.identity.name.clone(), &mut Vec::new());
    let says_more = entry.get("labels").is_some() || entry.get("annotations").is_some();
    if object.identity.kind != "HTTPRoute" || says_more {
        return None;
    }
    let [rule] = spec.get("rules")?.as_list()? else { return None };
    let [backend] = rule.get("backendRefs")?.as_list()? else { return None };
    let has_only = |node: &Node<'_>, keys: &[&str]| {
        node.as_map().is_some_and(|map| map.iter().all(|entry| keys.contains(&entry.key.as_ref())))
    };
    if !has_only(rule, &["backendRefs"])
        || !has_only(backend, &["name", "port"])
        || !has_only(&spec, &["hostnames", "parentRefs", "rules"])
    {
        return None;
    }
    let (service, port) = (backend.get("name")?.as_text()?, backend.get("port")?.as_integer()?);
    let hosts: Option<Vec<Hostname<'a>>> = spec
        .get("hostnames")?
        .items()
        .map(|(_, host)| Some(Hostname::parse(host.as_text()?).ok()?.0.into_owned()))
        .collect();
    let hosts = hosts?;
    let domain = search.base_domain.as_str();
    let mut below = hosts.iter().filter_map(|host| host.as_str().strip_suffix(domain)?.strip_suffix('.'));
    let organization = below.clone().find_map(|labels| {
        labels.strip_prefix(service)?.strip_prefix('.').filter(|rest| !rest.contains('.'))
    });
    below.next()?;
    let organization = organization.unwrap_or(object.namespace()).to_owned();
    let parents = object.spec("parentRefs")?.items();
    let named: Option<BTreeSet<usize>> =
        parents.map(|(_, parent)| listeners.of_parent(search.objects, parent, object.namespace())).collect();
    let named = named?;
    let is_served = |host: &Hostname<'_>| {
        named.iter().filter_map(|index| listeners.get(*index)).any(|listener| listener.hostname.covers(host))
    };
    if named.is_empty() || hosts.iter().any(|host| host.is_wildcard() || !is_served(host)) {
        return None;
    }
    Some(TenantRoute {
        of_template: format!("{service}.{organization}.{domain}"),
        organization,
        namespace: object.namespace().to_owned(),
        service: service.to_owned(),
        port,
        hosts,
        listeners: named,
    })
}

impl TenantRoute<'_> {
    /// What of its host names has to come back.
    pub(super) fn served(&self, listeners: &Listeners<'_, '_>) -> BTreeSet<Served> {
        let named = || self.listeners.iter().filter_map(|index| listeners.get(*index));
        let served = |host: &Hostname<'_>, gateway: usize| Served {
            host: host.to_string(),
            namespace: self.namespace.clone(),
            service: self.service.clone(),
            port: self.port,
            gateway: listeners.gateway(gateway).unwrap_or_default().to_owned(),
        };
        let of_host = |host| {
            let takers = named().filter(move |listener| listener.hostname.covers(host));
            takers.map(move |listener| served(host, listener.gateway))
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
