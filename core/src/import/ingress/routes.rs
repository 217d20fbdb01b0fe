//! Routes of an Ingress: one for hosts that answer alike, and one that redirects where there is TLS.

use std::collections::{BTreeMap, BTreeSet};

use super::annotations;
use super::annotations::Speech;
use super::listeners::{Certificates, Listeners};
use super::read::{INGRESS_MALFORMED, Ingress, Location};
use super::rules::{CanaryOf, of_app_root, of_location, of_redirect, of_tls};
use crate::diagnostic::{Code, Diagnostic};
use crate::import::objects::{Object, Objects};
use crate::import::{metadata, names};
use crate::path::Path;
use crate::tree::Node;

/// A route that needs something of its Service.
const SERVICE_NEEDS: Code = Code("import-service-needs");
/// A redirect to something that is no URL.
const REDIRECT: Code = Code("import-redirect");

/// By what a canary is found: class, namespace, host, and kind and path of the location.
pub(super) type Place = (String, String, String, &'static str, String);

/// What routes are made with.
pub(super) struct Making<'m, 'a> {
    pub(super) objects: &'m Objects<'a>,
    pub(super) canaries: &'m BTreeMap<Place, CanaryOf<'m>>,
    pub(super) certificates: &'m Certificates,
    /// Namespace and name of every route so far.
    pub(super) taken: BTreeSet<(String, String)>,
}

/// The place of a location.
pub(super) fn place(ingress: &Ingress, namespace: &str, host: &str, location: &Location) -> Place {
    (ingress.class.clone(), namespace.to_owned(), host.to_owned(), location.kind, location.path.clone())
}

impl<'a> Making<'_, 'a> {
    /// The routes of an Ingress that is no canary.
    pub(super) fn routes(
        &mut self,
        ingress: &Ingress,
        gateway: &Parent<'_>,
        listeners: &mut Listeners,
        out: &mut Vec<Diagnostic>,
    ) -> Vec<Node<'a>> {
        let Some(object) = self.objects.get(ingress.object) else { return Vec::new() };
        let mut routes = Vec::new();
        for group in self.alike(ingress) {
            let name = self.name(object, group.hosts.first().unwrap_or(&""));
            if ingress.asked.passthrough {
                routes.extend(passed_through(object, (&name, gateway), &group, listeners, out));
                continue;
            }
            let redirects = group.is_encrypted && ingress.asked.ssl_redirect.unwrap_or(true);
            let mut sections = BTreeSet::new();
            if group.is_encrypted {
                let hosts = if group.hosts.is_empty() { &[""][..] } else { &group.hosts };
                sections.extend(hosts.iter().map(|host| {
                    let certificate = self.certificates.get(&ingress.class, host);
                    let secret = certificate.and_then(|certificate| certificate.secret.as_ref());
                    listeners.encrypted(host, secret, object.namespace())
                }));
            }
            if !redirects {
                sections.insert(listeners.plain(object.namespace()));
            }
            let is_grpc = is_grpc(ingress, group.locations, object, out);
            let rules = self.rules(ingress, object, &group, is_grpc, out);
            let route = entry(object, &name, gateway, &sections, &group.hosts);
            let route = if is_grpc { route.with("kind", Node::text("GRPCRoute")) } else { route };
            routes.push(route.with("rules", Node::list(rules)));
            if redirects {
                let name = self.free(object, &format!("{name}-redirect"));
                let section = BTreeSet::from([listeners.plain(object.namespace())]);
                let route = entry(object, &name, gateway, &section, &group.hosts);
                routes.push(route.with("rules", Node::list([of_tls(group.locations)])));
            }
        }
        routes
    }

    fn rules(
        &self,
        ingress: &Ingress,
        object: &Object<'a>,
        group: &Alike<'_>,
        is_grpc: bool,
        out: &mut Vec<Diagnostic>,
    ) -> Vec<Node<'a>> {
        let asked = &ingress.asked;
        let mut rules: Vec<Node<'a>> = asked.app_root.as_deref().map(of_app_root).into_iter().collect();
        for location in group.locations {
            if let Some(redirect) = &asked.redirect {
                let rule = of_redirect(location.kind, &location.path, redirect);
                if rule.is_none() {
                    let path = Path::ROOT.key("metadata").key("annotations");
                    let message = format!("`{}` is no URL that a redirect can lead to", redirect.url);
                    out.push(object.say(Diagnostic::error(REDIRECT, path, message)));
                }
                rules.extend(rule);
                continue;
            }
            let canary =
                self.canaries.get(&place(ingress, object.namespace(), group.origin, location)).copied();
            rules.extend(of_location(asked, location, canary, is_grpc));
        }
        rules
    }

    /// Hosts of an Ingress with the same paths, all with TLS or all without. Its aliases are as its first host.
    fn alike<'i>(&self, ingress: &'i Ingress) -> Vec<Alike<'i>> {
        let mut groups: Vec<Alike<'_>> = Vec::new();
        let sites = ingress.sites.iter().map(|(host, locations)| (host.as_str(), host.as_str(), locations));
        let aliases = ingress.sites.first().into_iter().flat_map(|(origin, locations)| {
            ingress.asked.aliases.iter().map(move |alias| (alias.as_str(), origin.as_str(), locations))
        });
        for (host, origin, locations) in sites.chain(aliases) {
            let is_encrypted = self.certificates.get(&ingress.class, host).is_some();
            let same = groups.iter_mut().find(|group| {
                // Every host cannot stand in a list with some.
                let has_names = !host.is_empty() && !group.origin.is_empty();
                has_names && group.locations == locations && group.is_encrypted == is_encrypted
            });
            match same {
                Some(group) => group.hosts.push(host),
                None => groups.push(Alike { hosts: vec![host], locations, origin, is_encrypted }),
            }
        }
        for group in &mut groups {
            group.hosts.retain(|host| !host.is_empty());
        }
        groups
    }

    /// The name of the Ingress, with the host where that is taken.
    fn name(&mut self, object: &Object<'_>, host: &str) -> String {
        let own = object.name().to_owned();
        if self.taken.insert((object.namespace().to_owned(), own.clone())) {
            return own;
        }
        let host = host.replace('*', "wildcard");
        self.free(object, format!("{own}-{host}").trim_end_matches('-'))
    }

    fn free(&mut self, object: &Object<'_>, base: &str) -> String {
        names::free(base, |name| self.taken.insert((object.namespace().to_owned(), name.to_owned())))
    }
}

/// Hosts that one route serves.
struct Alike<'i> {
    /// Empty for every host.
    hosts: Vec<&'i str>,
    locations: &'i [Location],
    /// The host under which canaries know the locations.
    origin: &'i str,
    /// Whether they have TLS.
    is_encrypted: bool,
}

/// TLS that goes to the Service as it is: a TLSRoute, which knows no paths.
fn passed_through<'a>(
    object: &Object<'a>,
    (name, gateway): (&str, &Parent<'_>),
    group: &Alike<'_>,
    listeners: &mut Listeners,
    out: &mut Vec<Diagnostic>,
) -> Option<Node<'a>> {
    let Alike { hosts, locations, .. } = group;
    let first = locations.first()?;
    let path = Path::ROOT.key("spec").key("rules");
    if hosts.is_empty() {
        let message = "`ssl-passthrough` without a host: a TLSRoute has at least one";
        out.push(object.say(Diagnostic::error(INGRESS_MALFORMED, path, message).hint("name the host")));
        return None;
    }
    if locations.len() > 1 {
        let message =
            format!("TLS that is passed through knows no paths: all goes to Service `{}`", first.service);
        out.push(object.say(Diagnostic::warning(SERVICE_NEEDS, path, message)));
    }
    let sections: BTreeSet<String> =
        hosts.iter().map(|host| listeners.passed_through(host, object.namespace())).collect();
    let backend =
        Node::map([("name", Node::text(first.service.clone())), ("port", Node::integer(first.port))]);
    let rule = Node::map([("backendRefs", Node::list([backend]))]);
    let route = entry(object, name, gateway, &sections, hosts);
    Some(route.with("kind", Node::text("TLSRoute")).with("rules", Node::list([rule])))
}

/// A GRPCRoute where nothing asks for more than that has; else the Service must say that it speaks HTTP/2.
fn is_grpc(
    ingress: &Ingress,
    locations: &[Location],
    object: &Object<'_>,
    out: &mut Vec<Diagnostic>,
) -> bool {
    let asked = &ingress.asked;
    if asked.speech == Speech::Http {
        return false;
    }
    let is_plain = locations.iter().all(|location| location.path == "/" && location.rewrite.is_none());
    let is_rewritten = asked.redirect.is_some() || asked.app_root.is_some() || asked.backend_host.is_some();
    if is_plain && !is_rewritten && asked.cors.is_none() {
        return true;
    }
    let message = "`backend-protocol: GRPC` with paths, redirects or CORS stays an HTTPRoute, whose Service must say that it speaks HTTP/2";
    let path = Path::ROOT.key("metadata").key("annotations");
    let hint = "set `appProtocol: kubernetes.io/h2c` on the port of the Service";
    out.push(object.say(Diagnostic::warning(SERVICE_NEEDS, path, message).hint(hint)));
    false
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
