//! An Ingress as it was written: hosts, paths, certificates.

use std::collections::{BTreeMap, BTreeSet};

use super::super::objects::{Object, Objects};
use super::annotations::{self, Asked};
use super::rests::default_backend;
use super::roots::ROOT;
use super::targets::Rewrite;
use super::tls::Section;
use super::{catch_all, cert_manager, classes};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::hostname::Hostname;
use crate::path::Path;
use crate::tree::Node;
use crate::values::{object_name_fault, quoted};

/// A path of an Ingress that no rule of a route can stand for.
pub(super) const INGRESS_PATH: Code = Code("import-path");
/// A part of an Ingress that no API server or controller takes.
pub(super) const INGRESS_MALFORMED: Code = Code("import-malformed");

/// An Ingress.
#[derive(Debug)]
pub(super) struct Ingress {
    /// The index of its object.
    pub(super) object: usize,
    /// Its class; empty where it names none.
    pub(super) class: String,
    pub(super) asked: Asked,
    /// What its `spec.tls` says; none where it has no entry.
    pub(super) tls: Option<Section>,
    /// Its hosts, the empty one for every host, each with its paths; none where its annotations alone answer.
    pub(super) sites: Sites,
    /// Hosts whose root its `app-root` answers.
    pub(super) starts: BTreeSet<String>,
    pub(super) lost: Lost,
}

/// What is left out of an Ingress, and told of.
#[derive(Debug, Default)]
pub(super) struct Lost {
    /// Hosts that are no names.
    pub(super) hosts: BTreeSet<String>,
    /// Hosts whose root ingress-nginx answers by a Service of a path.
    pub(super) roots: BTreeSet<String>,
    /// Hosts whose root it answers by the default backend.
    pub(super) rests: BTreeSet<String>,
}

/// Hosts, each with its paths.
pub(super) type Sites = Vec<(String, Vec<Location>)>;

/// A path with what answers it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Location {
    /// `PathPrefix` or `Exact`.
    pub(super) kind: &'static str,
    pub(super) path: String,
    /// What takes the place of the path, or of its prefix.
    pub(super) rewrite: Option<Rewrite>,
    pub(super) backend: Backend,
    /// Whether it is what `defaultBackend` has for the rest of a host.
    pub(super) is_rest: bool,
}

/// A Service with a port.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Backend {
    pub(super) service: String,
    pub(super) port: i64,
    /// The port as it is written: ingress-nginx tells backends apart by that.
    pub(super) written: String,
}

/// Reads an Ingress; says of each part that is left out why.
pub(super) fn ingress(
    objects: &Objects<'_>,
    index: usize,
    object: &Object<'_>,
    out: &mut Vec<Diagnostic>,
) -> Ingress {
    let mut asked = annotations::read(object, out);
    let class = classes::class(object).to_owned();
    let default = default_backend(object);
    let has_rules = object.spec("rules").is_some_and(|rules| !rules.is_empty());
    if !has_rules && default.is_some() {
        catch_all::ignore(&mut asked, object, out);
    }
    let mut read = Reading { objects, object, asked: &asked, out };
    read.say_untyped_class();
    let mut lost = Lost::default();
    let mut sites = read.sites(&mut lost);
    if let Some((key, backend)) = default {
        read.add_rest(backend, &Path::ROOT.key("spec").key(key), has_rules, &mut sites, &mut lost);
    }
    read.say_without_paths();
    let tls = read.tls();
    out.extend(cert_manager::say(object, tls.as_ref()));
    Ingress { object: index, class, asked, tls, sites, starts: BTreeSet::new(), lost }
}

/// Whether a path as it was written is the root of its host, with a Service.
fn names_root(node: &Node<'_>) -> bool {
    let of = |key: &str| node.get(key).and_then(Node::as_text).unwrap_or_default();
    let backend = |key: &str| node.get("backend").is_some_and(|backend| backend.get(key).is_some());
    ["", ROOT.1].contains(&of("path"))
        && of("pathType") != "Exact"
        && (backend("service") || backend("serviceName"))
}

/// Reading one Ingress.
pub(super) struct Reading<'r, 'a> {
    pub(super) objects: &'r Objects<'a>,
    pub(super) object: &'r Object<'a>,
    pub(super) asked: &'r Asked,
    pub(super) out: &'r mut Vec<Diagnostic>,
}

impl Reading<'_, '_> {
    pub(super) fn say(
        &mut self,
        severity: Severity,
        code: Code,
        at: &Path,
        message: String,
        hint: &'static str,
    ) {
        let found = Diagnostic::new(code, severity, at.clone(), message).hint(hint);
        self.out.push(self.object.say(found));
    }

    /// A text; says of anything else that no API server takes it, and that it is left out.
    pub(super) fn text<'n>(&mut self, node: Option<&'n Node<'_>>, at: &Path) -> Option<&'n str> {
        let node = node.filter(|node| !node.is_null())?;
        let text = node.as_text();
        if text.is_none() {
            let message =
                format!("{} in place of a string, which no API server takes: left out", node.type_word());
            self.say(Severity::Error, INGRESS_MALFORMED, at, message, "put it in quotes if it is meant so");
        }
        text
    }

    /// The items of a list; says of anything else that it is left out.
    fn items<'n, 'b>(&mut self, node: Option<&'n Node<'b>>, at: &Path) -> Vec<(usize, &'n Node<'b>)> {
        let Some(node) = node.filter(|node| !node.is_null()) else { return Vec::new() };
        if node.as_list().is_none() {
            self.say_untyped(node, "list", at);
        }
        node.items().collect()
    }

    /// Whether a text may be the name of an object; says of any other what is wrong with it.
    pub(super) fn is_name(&mut self, kind: &str, text: &str, at: &Path) -> bool {
        let fault = object_name_fault(text);
        if let Some(why) = &fault {
            let message = format!("{} is no name of a {kind}: it {why}; left out", quoted(text));
            self.say(Severity::Error, INGRESS_MALFORMED, at, message, "write the name that the object has");
        }
        fault.is_none()
    }

    fn say_untyped(&mut self, node: &Node<'_>, wanted: &str, at: &Path) {
        let message =
            format!("{} in place of a {wanted}, which no API server takes: left out", node.type_word());
        self.say(Severity::Error, INGRESS_MALFORMED, at, message, "write what the API has there");
    }

    /// Says of a class that is no text that it is left out.
    fn say_untyped_class(&mut self) {
        let object = self.object;
        self.text(object.spec("ingressClassName"), &Path::ROOT.key("spec").key("ingressClassName"));
        let annotation = object.metadata("annotations").and_then(|all| all.get(annotations::CLASS));
        self.text(annotation, &Path::ROOT.key("metadata").key("annotations").key(annotations::CLASS));
    }

    fn sites(&mut self, lost: &mut Lost) -> Sites {
        let mut sites = Sites::new();
        // Where each host is.
        let mut known: BTreeMap<String, usize> = BTreeMap::new();
        let object = self.object;
        for (index, rule) in self.items(object.spec("rules"), &Path::ROOT.key("spec").key("rules")) {
            let at = Path::ROOT.key("spec").key("rules").index(index);
            if rule.as_map().is_none() {
                self.say_untyped(rule, "map", &at);
                continue;
            }
            let written = rule.get("host").filter(|host| !host.is_null());
            let host = self.text(written, &at.key("host")).map(str::to_owned);
            // Without its host a rule would be for every one.
            let Some(host) = host.or_else(|| written.is_none().then(String::new)) else { continue };
            // An API server maps nothing: it takes small letters alone, and no `.` at the end.
            if let Some(fault) = Hostname::canonical(&host).err().filter(|_| !host.is_empty()) {
                let message = format!("{} {fault}: left out", quoted(&host));
                let hint = "write a name that an API server takes";
                self.say(Severity::Error, INGRESS_MALFORMED, &at.key("host"), message, hint);
                lost.hosts.insert(host);
                continue;
            }
            let at = at.key("http").key("paths");
            let paths = rule.get("http").and_then(|http| http.get("paths"));
            let mut locations = Vec::new();
            for (index, path) in self.items(paths, &at) {
                match self.location(path, &at.index(index)) {
                    Some(location) => locations.push(location),
                    None if names_root(path) => _ = lost.roots.insert(host.clone()),
                    None => {}
                }
            }
            if let Some((_, known)) = known.get(&host).and_then(|at| sites.get_mut(*at)) {
                known.extend(locations);
                continue;
            }
            known.insert(host.clone(), sites.len());
            sites.push((host, locations));
        }
        sites
    }

    /// Says which hosts answer nothing: those without paths, default backend and an annotation that answers.
    fn say_without_paths(&mut self) {
        let object = self.object;
        let answers = self.asked.redirect.is_some() || self.asked.app_root.is_some();
        if answers || self.asked.canary.is_some() || default_backend(object).is_some() {
            return;
        }
        for (index, rule) in object.spec("rules").into_iter().flat_map(Node::items) {
            if rule.get("http").and_then(|http| http.get("paths")).is_some_and(|paths| !paths.is_empty()) {
                continue;
            }
            let host = rule.get("host").and_then(Node::as_text).unwrap_or_default();
            let message = format!(
                "`{host}` has no paths here: left out, as ingress-nginx answers it with its own default backend"
            );
            let at = Path::ROOT.key("spec").key("rules").index(index);
            let hint = "without a route a Gateway answers 404; write a path if something else is to answer";
            self.say(Severity::Warning, INGRESS_PATH, &at, message, hint);
        }
    }

    /// `spec.tls`, if it has an entry.
    fn tls(&mut self) -> Option<Section> {
        let object = self.object;
        let entries = object.spec("tls").filter(|entries| !entries.is_empty())?;
        let mut section = Section::default();
        for (index, entry) in self.items(Some(entries), &Path::ROOT.key("spec").key("tls")) {
            let at = Path::ROOT.key("spec").key("tls").index(index);
            let written = entry.get("secretName").filter(|secret| !secret.is_null());
            let secret = self.text(written, &at.key("secretName"));
            if written.is_some() && secret.is_none() {
                continue;
            }
            let secret = secret.filter(|secret| !secret.is_empty());
            // No Secret has the name, so that ingress-nginx shows its default certificate.
            let secret = secret.filter(|secret| self.is_name("Secret", secret, &at.key("secretName")));
            let hosts = self.items(entry.get("hosts"), &at.key("hosts")).into_iter();
            let hosts = hosts.filter_map(|(index, host)| {
                self.text(Some(host), &at.key("hosts").index(index)).map(str::to_owned)
            });
            section.add(hosts.collect(), secret);
        }
        Some(section)
    }
}
