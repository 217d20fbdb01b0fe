//! An Ingress as it was written: hosts, paths, certificates.

use std::collections::{BTreeMap, BTreeSet};

use super::super::objects::{Object, Objects};
use super::annotations::{self, Asked};
use super::roots::{ROOT, is_root};
use super::targets::Rewrite;
use super::{catch_all, cert_manager, classes};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::path::Path;
use crate::tree::Node;

/// A path of an Ingress that no rule of a route can stand for.
pub(super) const INGRESS_PATH: Code = Code("import-path");
/// A part of an Ingress that no API server or controller takes.
pub(super) const INGRESS_MALFORMED: Code = Code("import-malformed");

/// The idiom that cuts a prefix: `/prefix(/|$)(.*)` with `rewrite-target: /$2`.
const CUTS_PREFIX: &str = "(/|$)(.*)";

/// An Ingress.
#[derive(Debug)]
pub(super) struct Ingress {
    /// The index of its object.
    pub(super) object: usize,
    /// Its class; empty where it names none.
    pub(super) class: String,
    pub(super) asked: Asked,
    /// Host names, of which `*.` stands for one label, with the Secret of their certificate.
    pub(super) tls: BTreeMap<String, Option<String>>,
    /// Its hosts, the empty one for every host, each with its paths; none where its annotations alone answer.
    pub(super) sites: Vec<(String, Vec<Location>)>,
    /// Hosts whose root its `app-root` answers.
    pub(super) starts: BTreeSet<String>,
}

/// A path with what answers it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Location {
    /// `PathPrefix` or `Exact`.
    pub(super) kind: &'static str,
    pub(super) path: String,
    /// What takes the place of the path, or of its prefix.
    pub(super) rewrite: Option<Rewrite>,
    pub(super) service: String,
    pub(super) port: i64,
    /// Whether it is what `defaultBackend` has for the rest of a host.
    pub(super) is_rest: bool,
}

/// A backend as it was written.
#[derive(Default)]
struct BackendParts<'n> {
    name: Option<&'n str>,
    number: Option<i64>,
    port_name: Option<&'n str>,
}

impl<'n> BackendParts<'n> {
    /// In the form of `networking.k8s.io/v1`, or in that of `v1beta1`, whose port is a number or a name.
    ///
    /// Source: Kubernetes v1.21, `IngressBackend` of `networking.k8s.io/v1beta1`.
    fn of(backend: &'n Node<'_>) -> Self {
        let port = backend.get("servicePort");
        if let Some(name) = backend.get("serviceName") {
            let text = port.and_then(Node::as_text);
            let number = port.and_then(Node::as_integer).or_else(|| text?.parse().ok());
            return Self { name: name.as_text(), number, port_name: text };
        }
        let service = backend.get("service");
        let port = service.and_then(|service| service.get("port"));
        Self {
            name: service.and_then(|service| service.get("name")?.as_text()),
            number: port.and_then(|port| port.get("number")?.as_integer()),
            port_name: port.and_then(|port| port.get("name")?.as_text()),
        }
    }
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
    let mut sites = read.sites();
    let rest = default.and_then(|(key, backend)| read.rest(backend, &Path::ROOT.key("spec").key(key)));
    if let Some(rest) = rest {
        // It answers what the paths of a host leave, and without rules every host that nobody names.
        if has_rules {
            for (_, locations) in sites.iter_mut().filter(|(host, _)| !host.is_empty()) {
                if !locations.iter().any(is_root) {
                    locations.push(rest.clone());
                }
            }
        } else {
            sites.push((String::new(), vec![rest]));
        }
    }
    read.say_without_paths();
    let tls = read.tls(&sites);
    out.extend(cert_manager::say(object, &tls));
    Ingress { object: index, class, asked, tls, sites, starts: BTreeSet::new() }
}

/// The default backend with its key: before `networking.k8s.io/v1` it had another one.
fn default_backend<'o, 'a>(object: &'o Object<'a>) -> Option<(&'static str, &'o Node<'a>)> {
    ["defaultBackend", "backend"].into_iter().find_map(|key| Some((key, object.spec(key)?)))
}

struct Reading<'r, 'a> {
    objects: &'r Objects<'a>,
    object: &'r Object<'a>,
    asked: &'r Asked,
    out: &'r mut Vec<Diagnostic>,
}

impl Reading<'_, '_> {
    fn say(&mut self, severity: Severity, code: Code, at: &Path, message: String, hint: &'static str) {
        let found = Diagnostic::new(code, severity, at.clone(), message).hint(hint);
        self.out.push(self.object.say(found));
    }

    fn sites(&mut self) -> Vec<(String, Vec<Location>)> {
        let mut sites: Vec<(String, Vec<Location>)> = Vec::new();
        let object = self.object;
        for (index, rule) in object.spec("rules").into_iter().flat_map(Node::items) {
            let host = rule.get("host").and_then(Node::as_text).unwrap_or_default().to_owned();
            let at = Path::ROOT.key("spec").key("rules").index(index).key("http").key("paths");
            let paths = rule.get("http").and_then(|http| http.get("paths"));
            let locations: Vec<Location> = paths
                .into_iter()
                .flat_map(Node::items)
                .filter_map(|(index, path)| self.location(path, &at.index(index)))
                .collect();
            match sites.iter_mut().find(|(known, _)| *known == host) {
                Some((_, known)) => known.extend(locations),
                None => sites.push((host, locations)),
            }
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

    /// Source of what a path type means: ingress-nginx, `internal/ingress/controller/store/store.go`,
    /// `SetDefaultNGINXPathType`.
    fn location(&mut self, node: &Node<'_>, at: &Path) -> Option<Location> {
        let written = node.get("path").and_then(Node::as_text).unwrap_or("/");
        let kind = match node.get("pathType").and_then(Node::as_text) {
            Some("Exact") => "Exact",
            // ingress-nginx takes any other type, and none, for `Prefix`.
            _ => "PathPrefix",
        };
        let (path, rewrite) = self.rewritten(written, &at.key("path"))?;
        let (service, port) = self.backend(node.get("backend"), &at.key("backend"))?;
        let is_cut = rewrite.as_ref().is_some_and(|rewrite| rewrite.is_prefix);
        let kind = if is_cut { "PathPrefix" } else { kind };
        Some(Location { kind, path, rewrite, service, port, is_rest: false })
    }

    /// Whether nginx takes a path for an expression, and it is one.
    fn is_expression(&self, path: &str) -> bool {
        (self.asked.regex || self.asked.rewrite.is_some()) && path.contains(|c| "()[]{}*+?^$|\\".contains(c))
    }

    /// The path without what is an expression of it, and what is written in its place.
    fn rewritten(&mut self, path: &str, at: &Path) -> Option<(String, Option<Rewrite>)> {
        let target = self.asked.rewrite.as_deref();
        let or_root = |path: &str| if path.is_empty() { "/".to_owned() } else { path.to_owned() };
        let cut = path.strip_suffix(CUTS_PREFIX).filter(|prefix| !self.is_expression(prefix));
        let of_cut = cut.zip(target).and_then(|(prefix, target)| Some((prefix, Rewrite::of_prefix(target)?)));
        let written =
            |why| format!("`rewrite-target: {}` {why}: `{path}` is left out", target.unwrap_or_default());
        let fault = match (of_cut, target) {
            (Some((prefix, Ok(rewrite))), _) => return Some((or_root(prefix), Some(rewrite))),
            (Some((_, Err(why))), _) => written(why),
            _ if self.is_expression(path) => format!(
                "`{path}` is an expression for nginx, and Gateway API's are of the controller's own kind: left out"
            ),
            _ if !path.starts_with('/') => format!("`{path}` does not begin with `/`: left out"),
            (None, None) => return Some((path.to_owned(), None)),
            // ingress-nginx then writes nothing in its place.
            (None, Some(target)) if target == path => return Some((path.to_owned(), None)),
            (None, Some(target)) if target.contains('$') => {
                written("takes parts of the path that are not named, or has variables of nginx")
            }
            (None, Some(target)) => match Rewrite::whole(target) {
                Ok(rewrite) => return Some((path.to_owned(), Some(rewrite))),
                Err(why) => written(why),
            },
        };
        let hint = "write a rule with `type: PathPrefix` or, if the controller has them, `RegularExpression`";
        self.say(Severity::Error, INGRESS_PATH, at, fault, hint);
        None
    }

    /// The location of a default backend, which is rewritten as others are.
    ///
    /// Source: ingress-nginx, `internal/ingress/controller/controller.go`, `createServers`, which gives the root the
    /// annotations of the Ingress.
    fn rest(&mut self, backend: &Node<'_>, at: &Path) -> Option<Location> {
        let (service, port) = self.backend(Some(backend), at)?;
        let (kind, path) = ROOT;
        let rewrite = match self.asked.rewrite.as_deref() {
            None => None,
            Some(target) if target == path => None,
            Some(target) => match Rewrite::of_rest(target) {
                Ok(rewrite) => Some(rewrite),
                Err(why) => {
                    let message = format!(
                        "`rewrite-target: {target}` is for the default backend too, and {why}: it is left out"
                    );
                    let hint = "write a rule for the rest of the hosts that comes near";
                    self.say(Severity::Error, INGRESS_PATH, at, message, hint);
                    return None;
                }
            },
        };
        Some(Location { kind, path: path.to_owned(), rewrite, service, port, is_rest: true })
    }

    /// Service and port of a backend.
    fn backend(&mut self, backend: Option<&Node<'_>>, at: &Path) -> Option<(String, i64)> {
        let BackendParts { name, number, port_name } = backend.map(BackendParts::of).unwrap_or_default();
        let number = number.or_else(|| self.port_of(name?, port_name?));
        let fault = match (name, number, port_name) {
            (Some(name), Some(number), _) => return Some((name.to_owned(), number)),
            (Some(name), None, Some(port)) => {
                format!(
                    "the number of port `{port}` is not known, as Service `{name}` is not in the input or has none: left out"
                )
            }
            _ if backend.is_some_and(|backend| backend.get("resource").is_some()) => {
                "a resource is no Service: left out".to_owned()
            }
            _ => "has no Service with a port: left out".to_owned(),
        };
        let hint = "give the Services too (`kubectl get ingress,services -A -o yaml`), or write the number";
        self.say(Severity::Error, INGRESS_MALFORMED, at, fault, hint);
        None
    }

    fn port_of(&self, service: &str, name: &str) -> Option<i64> {
        let index = self.objects.find("", "Service", self.object.namespace(), service)?;
        let ports = self.objects.get(index)?.spec("ports")?.as_list()?;
        let port = ports.iter().find(|port| port.get("name").and_then(Node::as_text) == Some(name))?;
        port.get("port")?.as_integer()
    }

    /// Without hosts a certificate is for all hosts of the Ingress.
    fn tls(&self, sites: &[(String, Vec<Location>)]) -> BTreeMap<String, Option<String>> {
        let mut tls = BTreeMap::new();
        for (_, entry) in self.object.spec("tls").into_iter().flat_map(Node::items) {
            let secret = entry.get("secretName").and_then(Node::as_text).map(str::to_owned);
            let hosts = entry.get("hosts").into_iter().flat_map(Node::items);
            let mut hosts: Vec<String> =
                hosts.filter_map(|(_, host)| host.as_text().map(str::to_owned)).collect();
            if hosts.is_empty() {
                hosts.extend(sites.iter().map(|(host, _)| host.clone()));
            }
            for host in hosts {
                tls.entry(host).or_insert_with(|| secret.clone());
            }
        }
        tls
    }
}
