//! Routes of an Ingress: one for hosts that answer alike, one that redirects where there is TLS, and one for TLS that is
//! passed through.

use std::collections::{BTreeMap, BTreeSet};

use super::aliases::Aliases;
use super::alike::{Alike, Answered, Tls};
use super::annotations::{self, Speech};
use super::canaries::Canaries;
use super::certificates::{Certificate, Certificates, Doubt};
use super::listeners::Listeners;
use super::losses::{in_clear, needs_http2, of_other_host, of_speech, of_timeout};
use super::made::Made;
use super::passthrough::{Passed, is_passed_to};
use super::read::{Backend, Ingress, Location};
use super::roots::Roots;
use super::rules::of_tls;
use crate::diagnostic::Diagnostic;
use crate::import::objects::{Object, Objects};
use crate::import::{metadata, names};
use crate::tree::Node;

/// What the routes of one Ingress need to know of all others, and the names that are taken.
pub(super) struct Surroundings<'m, 'a> {
    pub(super) objects: &'m Objects<'a>,
    pub(super) canaries: &'m Canaries<'m>,
    pub(super) certificates: &'m Certificates,
    pub(super) passed: &'m Passed,
    pub(super) roots: &'m Roots<'m>,
    pub(super) aliases: &'m Aliases<'m>,
    /// Namespace and name of every route so far.
    pub(super) taken: BTreeSet<(String, String)>,
}

impl<'m, 'a> Surroundings<'m, 'a> {
    /// The routes of an Ingress that is no canary.
    pub(super) fn routes(
        &mut self,
        ingress: &Ingress,
        gateway: &Parent<'_>,
        listeners: &mut Listeners,
        out: &mut Vec<Diagnostic>,
    ) -> Vec<Made<'a>> {
        let Some(object) = self.objects.get(ingress.object) else { return Vec::new() };
        let mut routes = Vec::new();
        let mut kinds = BTreeSet::new();
        let mut is_asked = false;
        let mut of_others = BTreeMap::new();
        for group in self.alike(ingress, object, listeners).iter().filter(|group| group.answers()) {
            let hosts = group.hosts();
            let mut name = None;
            let mut of_root = group.answered.locations.iter().filter(|location| is_passed_to(location));
            let root = of_root.next().filter(|_| group.answered.tls.passes());
            let passes = root.is_some();
            if let Some(root) = root {
                kinds.insert("TLSRoute");
                let name = name.insert(self.name(object, &hosts));
                let route = passed_through((object, gateway, listeners), name, &hosts, &root.backend);
                routes.push(Made::new(ingress.object, route));
            }
            let is_grpc = group.is_plain(ingress);
            let rules = group.rules(&ingress.asked, is_grpc);
            if rules.is_empty() {
                continue;
            }
            let forces = ingress.asked.force_ssl_redirect;
            if group.answered.tls == Tls::EndsByDefault || forces && group.answered.tls == Tls::None {
                out.push(in_clear(object, &hosts, forces));
            }
            let redirects = group.answered.tls.redirects(&ingress.asked);
            let mut sections = self.encrypted(ingress, object, group, listeners, &mut of_others);
            if !redirects {
                sections.append(&mut listeners.plain(&hosts, object.namespace()));
            }
            let name = match name {
                Some(name) if !redirects => self.free(object, &format!("{name}-plain")),
                Some(name) => name,
                None => self.name(object, &hosts),
            };
            let has_target = passes || !sections.is_empty();
            if !sections.is_empty() {
                is_asked |= group.asks_services(&ingress.asked);
                kinds.insert(if is_grpc { "GRPCRoute" } else { "HTTPRoute" });
                if ingress.asked.speech == Speech::Grpc && !is_grpc {
                    out.push(needs_http2(object));
                }
                let route = entry(object, &name, gateway, &sections, &hosts);
                let route = if is_grpc { route.with("kind", Node::text("GRPCRoute")) } else { route };
                routes.push(Made::new(ingress.object, route.with("rules", Node::list(rules))));
            }
            if redirects {
                let own = self.free(object, &format!("{name}-redirect"));
                let plain = listeners.plain(&hosts, object.namespace());
                let route = entry(object, &own, gateway, &plain, &hosts);
                let made =
                    Made::new(ingress.object, route.with("rules", Node::list([of_tls(group.redirected())])));
                // That is the TLSRoute where TLS is passed through.
                routes.push(if has_target { made.leading_to(&name) } else { made });
            }
        }
        out.extend(
            of_others.iter().map(|((origin, doubt), aliases)| of_other_host(object, aliases, origin, *doubt)),
        );
        out.extend(of_speech(&ingress.asked, object).filter(|_| is_asked));
        out.extend(kinds.into_iter().filter_map(|kind| of_timeout(ingress, object, kind)));
        routes
    }

    /// The listeners that end the TLS of the hosts of a group; adds the aliases that may have another certificate there.
    fn encrypted(
        &self,
        ingress: &Ingress,
        object: &Object<'_>,
        group: &Alike<'_>,
        listeners: &mut Listeners,
        of_others: &mut BTreeMap<(String, Doubt), BTreeSet<String>>,
    ) -> BTreeSet<String> {
        let mut sections = BTreeSet::new();
        for (host, origin) in group.sites.iter().filter(|_| group.answered.tls == Tls::Ends) {
            let certificate = self.certificate(ingress, host, origin);
            let secret = certificate.and_then(|certificate| certificate.secret.as_ref());
            sections.insert(listeners.encrypted(host, secret, object.namespace()));
            let doubt = self.certificates.of_alias(&ingress.class, host, origin).and_then(|of| of.doubt);
            let is_own_alias = host != origin && self.aliases.are_given_by(ingress, origin, host);
            if let Some(doubt) = doubt.filter(|_| is_own_alias) {
                let aliases = of_others.entry(((*origin).to_owned(), doubt)).or_default();
                aliases.insert((*host).to_owned());
            }
        }
        sections
    }

    /// The certificate of a host, or of one that is an alias of another.
    fn certificate(&self, ingress: &Ingress, host: &str, origin: &str) -> Option<&'m Certificate> {
        if host == origin {
            return self.certificates.get(&ingress.class, host);
        }
        Some(self.certificates.of_alias(&ingress.class, host, origin)?.certificate)
    }

    /// What becomes of the TLS of a host, or of one that is an alias of another, and its certificate.
    pub(super) fn tls(&self, ingress: &Ingress, host: &str, origin: &str) -> (Tls, Option<&'m Certificate>) {
        let certificate = self.certificate(ingress, host, origin);
        (Tls::of_site(self.passed.has(&ingress.class, host), certificate), certificate)
    }

    /// The hosts of an Ingress and then their aliases, each with the host that it stands for and the locations of that.
    pub(super) fn sites<'i>(
        &self,
        ingress: &'i Ingress,
    ) -> impl Iterator<Item = (&'i str, &'i str, &'i [Location])>
    where
        'm: 'i,
    {
        let sites = || ingress.sites.iter().map(|(host, locations)| (host.as_str(), locations.as_slice()));
        let aliases = sites().flat_map(|(origin, locations)| {
            let aliases = self.aliases.of_host(&ingress.class, origin).into_iter();
            aliases.map(move |alias| (alias, origin, locations))
        });
        sites().map(|(host, locations)| (host, host, locations)).chain(aliases)
    }

    /// Hosts of an Ingress that are answered alike, all with TLS or all without. Aliases are as their host.
    fn alike<'i>(&self, ingress: &'i Ingress, object: &Object<'_>, listeners: &Listeners) -> Vec<Alike<'i>>
    where
        'm: 'i,
    {
        let mut groups: Vec<Alike<'_>> = Vec::new();
        // Of hosts that are answered alike, where the last group is: the ones before are full.
        let mut last: BTreeMap<Answered<'_>, usize> = BTreeMap::new();
        for (host, origin, locations) in self.sites(ingress) {
            let redirects = ingress.asked.redirect.is_some() || ingress.asked.app_root.is_some();
            let canary = |location| self.canaries.get(ingress, object.namespace(), location);
            let (tls, _) = self.tls(ingress, host, origin);
            let is_shared = || {
                let is_beside =
                    !tls.redirects(&ingress.asked) && self.roots.are_nested(ingress, origin, locations);
                is_beside || self.roots.are_shared(ingress, origin)
            };
            let answered = Answered {
                locations,
                canaries: locations.iter().map(canary).collect(),
                tls,
                has_root: redirects && self.roots.are_of(ingress, origin),
                starts: ingress.starts.contains(origin),
                door: listeners.door(host),
                is_shared: ingress.asked.speech == Speech::Grpc && is_shared(),
            };
            // Every host stands with no other one.
            let known = last.get(&answered).filter(|_| !host.is_empty());
            let group = known.and_then(|at| groups.get_mut(*at)).filter(|group| group.has_room());
            if let Some(group) = group {
                group.sites.push((host, origin));
                continue;
            }
            if !host.is_empty() {
                last.insert(answered.clone(), groups.len());
            }
            groups.push(Alike { sites: vec![(host, origin)], answered });
        }
        groups
    }

    /// The name of the Ingress, with the host where that is taken.
    fn name(&mut self, object: &Object<'_>, hosts: &[&str]) -> String {
        let own = object.name().to_owned();
        if self.taken.insert((object.namespace().to_owned(), own.clone())) {
            return own;
        }
        let host = hosts.first().unwrap_or(&"").replace('*', "wildcard");
        self.free(object, format!("{own}-{host}").trim_end_matches('-'))
    }

    fn free(&mut self, object: &Object<'_>, base: &str) -> String {
        names::free(base, |name| self.taken.insert((object.namespace().to_owned(), name.to_owned())))
    }
}

/// TLS that goes to the Service as it is: a TLSRoute, which knows no paths.
fn passed_through<'a>(
    (object, gateway, listeners): (&Object<'a>, &Parent<'_>, &mut Listeners),
    name: &str,
    hosts: &[&str],
    backend: &Backend,
) -> Node<'a> {
    let sections = hosts.iter().map(|host| listeners.passed_through(host, object.namespace())).collect();
    let route = entry(object, name, gateway, &sections, hosts);
    let backend =
        Node::map([("name", Node::text(backend.service.clone())), ("port", Node::integer(backend.port))]);
    let rule = Node::map([("backendRefs", Node::list([backend]))]);
    route.with("kind", Node::text("TLSRoute")).with("rules", Node::list([rule]))
}

/// What stands before the rules: name, parents and hosts.
fn entry<'a>(
    object: &Object<'a>,
    name: &str,
    gateway: &Parent<'_>,
    sections: &BTreeSet<String>,
    hosts: &[&str],
) -> Node<'a> {
    let start = metadata::start(object, name.to_owned().into());
    let mut entry = metadata::with_annotations(start, object, annotations::is_for_routes);
    let mut sections = sections.iter();
    entry = match (sections.next(), sections.len()) {
        (Some(only), 0) => entry
            .with("gateway", Node::text(gateway.name.to_owned()))
            .with("sectionName", Node::text(only.clone())),
        (first, _) => {
            let refs = first
                .into_iter()
                .chain(sections)
                .map(|section| gateway.reference(section, object.namespace()));
            entry.with("parentRefs", Node::list(refs))
        }
    };
    if hosts.is_empty() {
        return entry;
    }
    entry.with("hostnames", Node::list(hosts.iter().map(|host| Node::text((*host).to_owned()))))
}

/// The Gateway that routes attach to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parent<'p> {
    pub(super) namespace: &'p str,
    pub(super) name: &'p str,
}

impl Parent<'_> {
    fn reference<'a>(&self, section: &str, namespace: &str) -> Node<'a> {
        let reference = Node::map([
            ("name", Node::text(self.name.to_owned())),
            ("sectionName", Node::text(section.to_owned())),
        ]);
        if self.namespace == namespace {
            return reference;
        }
        reference.with("namespace", Node::text(self.namespace.to_owned()))
    }
}
