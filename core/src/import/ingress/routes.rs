//! Routes of an Ingress: one for hosts that answer alike, and one that redirects where there is TLS.

use std::collections::{BTreeMap, BTreeSet};

use super::aliases::Aliases;
use super::annotations;
use super::annotations::{Asked, Sent, Speech};
use super::listeners::{Certificate, Certificates, Listeners};
use super::losses::{in_clear, of_other_host, of_timeout};
use super::read::{INGRESS_MALFORMED, Ingress, Location};
use super::roots::{ROOT, Roots};
use super::rules::{CanaryOf, of_app_root, of_location, of_redirect, of_tls};
use crate::diagnostic::{Code, Diagnostic};
use crate::import::objects::{Object, Objects};
use crate::import::{metadata, names};
use crate::path::Path;
use crate::tree::Node;

/// A route that needs something of its Service.
const SERVICE_NEEDS: Code = Code("import-service-needs");

/// By what a canary is found: class, namespace, host, and kind and path of the location.
pub(super) type Place = (String, String, String, &'static str, String);

/// What the routes of one Ingress need to know of all others, and the names that are taken.
pub(super) struct Surroundings<'m, 'a> {
    pub(super) objects: &'m Objects<'a>,
    pub(super) canaries: &'m BTreeMap<Place, CanaryOf<'m>>,
    pub(super) certificates: &'m Certificates,
    pub(super) roots: &'m Roots<'m>,
    pub(super) aliases: &'m Aliases<'m>,
    /// Namespace and name of every route so far.
    pub(super) taken: BTreeSet<(String, String)>,
}

/// The place of a location.
pub(super) fn place(ingress: &Ingress, namespace: &str, host: &str, location: &Location) -> Place {
    (ingress.class.clone(), namespace.to_owned(), host.to_owned(), location.kind, location.path.clone())
}

impl<'m, 'a> Surroundings<'m, 'a> {
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
        let mut kinds = BTreeSet::new();
        if ingress.asked.passthrough {
            self.aliases.say_ended(ingress, object, out);
        }
        for group in self.alike(ingress, object).iter().filter(|group| group.answers()) {
            let hosts = group.hosts();
            if ingress.asked.passthrough {
                kinds.insert("TLSRoute");
                let name = self.name(object, hosts.first().unwrap_or(&""));
                routes.extend(passed_through(object, (&name, gateway), group, listeners, out));
                continue;
            }
            let is_grpc = is_grpc(ingress, group, object, out);
            let rules = group.rules(&ingress.asked, is_grpc);
            if rules.is_empty() {
                continue;
            }
            kinds.insert(if is_grpc { "GRPCRoute" } else { "HTTPRoute" });
            let name = self.name(object, hosts.first().unwrap_or(&""));
            let forces = ingress.asked.force_ssl_redirect;
            if forces && !group.is_encrypted {
                out.push(in_clear(object, &hosts));
            }
            let redirects = group.is_encrypted && (forces || ingress.asked.ssl_redirect.unwrap_or(true));
            let mut sections = self.encrypted(ingress, object, group, listeners, out);
            if !redirects {
                sections.insert(listeners.plain(object.namespace()));
            }
            let route = entry(object, &name, gateway, &sections, &hosts);
            let route = if is_grpc { route.with("kind", Node::text("GRPCRoute")) } else { route };
            routes.push(route.with("rules", Node::list(rules)));
            if redirects {
                let name = self.free(object, &format!("{name}-redirect"));
                let section = BTreeSet::from([listeners.plain(object.namespace())]);
                let route = entry(object, &name, gateway, &section, &hosts);
                let paths = group.paths().chain(group.start());
                routes.push(route.with("rules", Node::list([of_tls(paths)])));
            }
        }
        out.extend(kinds.into_iter().filter_map(|kind| of_timeout(ingress, object, kind)));
        routes
    }

    /// The listeners that end the TLS of the hosts of a group.
    fn encrypted(
        &self,
        ingress: &Ingress,
        object: &Object<'_>,
        group: &Alike<'_>,
        listeners: &mut Listeners,
        out: &mut Vec<Diagnostic>,
    ) -> BTreeSet<String> {
        let mut sections = BTreeSet::new();
        if !group.is_encrypted {
            return sections;
        }
        for (host, origin) in &group.sites {
            let certificate = self.certificate(ingress, host, origin);
            let secret = certificate.and_then(|certificate| certificate.secret.as_ref());
            sections.insert(listeners.encrypted(host, secret, object.namespace()));
            let is_own_alias = self.aliases.are_given_by(ingress, origin, host);
            if is_own_alias && self.certificates.get(&ingress.class, host).is_none() {
                out.push(of_other_host(object, host, origin));
            }
        }
        sections
    }

    /// The certificate of a host: its own, or for an alias that of the host that it stands for.
    ///
    /// Source: ingress-nginx, `internal/ingress/controller/nginx.go`, `configureCertificates`.
    fn certificate(&self, ingress: &Ingress, host: &str, origin: &str) -> Option<&Certificate> {
        let of = |host| self.certificates.get(&ingress.class, host);
        of(host).or_else(|| of(origin))
    }

    /// Hosts of an Ingress that are answered alike, all with TLS or all without. Aliases are as their host.
    fn alike<'i>(&self, ingress: &'i Ingress, object: &Object<'_>) -> Vec<Alike<'i>>
    where
        'm: 'i,
    {
        let mut groups: Vec<Alike<'_>> = Vec::new();
        let sites = ingress.sites.iter().map(|(host, locations)| (host.as_str(), host.as_str(), locations));
        let aliases = ingress.sites.iter().filter(|_| !ingress.asked.passthrough);
        let aliases = aliases.flat_map(|(origin, locations)| {
            let aliases = self.aliases.of_host(&ingress.class, origin).into_iter();
            aliases.map(move |alias| (alias, origin.as_str(), locations))
        });
        for (host, origin, locations) in sites.chain(aliases) {
            let redirects = ingress.asked.redirect.is_some() || ingress.asked.app_root.is_some();
            let canary =
                |location| self.canaries.get(&place(ingress, object.namespace(), origin, location)).copied();
            let found = Alike {
                sites: vec![(host, origin)],
                locations,
                canaries: locations.iter().map(canary).collect(),
                is_encrypted: self.certificate(ingress, host, origin).is_some(),
                has_root: redirects && self.roots.are_of(ingress, origin),
                starts: ingress.starts.contains(origin),
            };
            match groups.iter_mut().find(|group| group.takes(&found)) {
                Some(group) => group.sites.push((host, origin)),
                None => groups.push(found),
            }
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
    /// Each with the host that it stands for, which is itself or one that it is an alias of; empty for every host.
    sites: Vec<(&'i str, &'i str)>,
    locations: &'i [Location],
    /// Of each location the canary that takes a part of it.
    canaries: Vec<Option<CanaryOf<'i>>>,
    /// Whether they have TLS.
    is_encrypted: bool,
    /// Whether annotations answer at their root, for which there is no path.
    has_root: bool,
    /// Whether `app-root` answers their root.
    starts: bool,
}

impl<'i> Alike<'i> {
    /// Whether a host can stand in the same list: every host cannot stand with some.
    fn takes(&self, other: &Self) -> bool {
        let have_names = self.sites.iter().chain(&other.sites).all(|(host, _)| !host.is_empty());
        let answers = |of: &Self| (of.is_encrypted, of.has_root, of.starts);
        have_names
            && (self.locations, &self.canaries) == (other.locations, &other.canaries)
            && answers(self) == answers(other)
    }

    /// Their names; none for every host.
    fn hosts(&self) -> Vec<&'i str> {
        self.sites.iter().map(|(host, _)| *host).filter(|host| !host.is_empty()).collect()
    }

    fn rules<'a>(&self, asked: &Asked, is_grpc: bool) -> Vec<Node<'a>> {
        let start = asked.app_root.as_deref().filter(|_| self.starts);
        let mut rules: Vec<Node<'a>> = start.map(of_app_root).into_iter().collect();
        if let Some(sent) = &asked.redirect {
            if let Sent::To(to) = sent {
                rules.extend(self.paths().map(|(kind, path)| of_redirect(kind, path, to)));
            }
            return rules;
        }
        for (location, canary) in self.locations.iter().zip(&self.canaries) {
            rules.extend(of_location(asked, location, *canary, is_grpc));
        }
        rules
    }

    fn answers(&self) -> bool {
        self.has_root || self.starts || !self.locations.is_empty()
    }

    /// Kind and path of the root that `app-root` answers, if it is not among the others.
    fn start(&self) -> Option<(&'static str, &'static str)> {
        let is_among = self.paths().any(|path| path == ROOT);
        (self.starts && !is_among).then_some(("Exact", ROOT.1))
    }

    /// Kind and path of what they answer.
    fn paths(&self) -> impl Iterator<Item = (&'static str, &'i str)> {
        let root = self.has_root.then_some(ROOT);
        self.locations.iter().map(|location| (location.kind, location.path.as_str())).chain(root)
    }
}

/// TLS that goes to the Service as it is: a TLSRoute, which knows no paths.
fn passed_through<'a>(
    object: &Object<'a>,
    (name, gateway): (&str, &Parent<'_>),
    group: &Alike<'_>,
    listeners: &mut Listeners,
    out: &mut Vec<Diagnostic>,
) -> Option<Node<'a>> {
    let (hosts, locations) = (group.hosts(), group.locations);
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
    let route = entry(object, name, gateway, &sections, &hosts);
    Some(route.with("kind", Node::text("TLSRoute")).with("rules", Node::list([rule])))
}

/// A GRPCRoute where nothing asks for more than that has; else the Service must say that it speaks HTTP/2.
fn is_grpc(ingress: &Ingress, group: &Alike<'_>, object: &Object<'_>, out: &mut Vec<Diagnostic>) -> bool {
    let asked = &ingress.asked;
    if asked.speech == Speech::Http {
        return false;
    }
    let is_plain = group.locations.iter().all(|location| location.path == "/" && location.rewrite.is_none());
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
