//! What canaries take a part of: of the requests to a Service, at every path that has it.
//!
//! Source: ingress-nginx v1.12.1, `createUpstreams` and `mergeAlternativeBackends` of
//! `internal/ingress/controller/controller.go`, and `route_to_alternative_balancer` of `rootfs/etc/nginx/lua/balancer.lua`.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use super::canary::Canary;
use super::overlaps::is_cut;
use super::paths::CUTS_PREFIX;
use super::read::{Backend, Ingress, Location};
use super::roots::ROOT;
use super::rules::CanaryOf;
use crate::diagnostic::{Code, Diagnostic};
use crate::import::objects::{Object, Objects};
use crate::path::Path;

/// A canary without the Ingress whose requests it takes a part of, or a second one.
const CANARY: Code = Code("import-canary");

/// What to do about it.
const HINT: &str = "see which requests it is to get, and write weights or headers into the values";

/// What ingress-nginx calls an upstream: class, namespace, Service and its port as it is written.
type Upstream<'i> = (&'i str, &'i str, &'i str, &'i str);

/// Class, host and path, and whether an expression cuts that off.
type Place<'i> = (&'i str, &'i str, &'i str, bool);

/// Why a path of a canary takes nothing.
struct Left {
    why: String,
    /// Whether ingress-nginx then takes the Service for no canary at all.
    is_forgotten: bool,
}

/// The canaries of Services.
#[derive(Debug, Default)]
pub(super) struct Canaries<'i> {
    by_upstream: BTreeMap<Upstream<'i>, CanaryOf<'i>>,
}

/// Paths of Ingresses that are no canaries, and the Services behind them.
struct Stable<'i> {
    /// Each with the Ingress's object: there may be one of each type.
    paths: BTreeMap<Place<'i>, Vec<(usize, &'i Location)>>,
    /// Class and host.
    hosts: BTreeSet<(&'i str, &'i str)>,
    /// With the Ingress's object.
    upstreams: BTreeMap<Upstream<'i>, usize>,
}

impl<'i> Canaries<'i> {
    /// Those of all Ingresses, which are in the order that ingress-nginx takes them in; says of each that takes nothing.
    pub(super) fn of(objects: &'i Objects<'_>, ingresses: &'i [Ingress], out: &mut Vec<Diagnostic>) -> Self {
        let stable = Stable::of(objects, ingresses);
        let mut canaries = Self::default();
        let mut first: BTreeMap<Upstream<'i>, &'i Canary> = BTreeMap::new();
        let mut forgotten: BTreeMap<Upstream<'i>, &'i Object<'_>> = BTreeMap::new();
        for ingress in ingresses {
            let (Some(canary), Some(object)) = (&ingress.asked.canary, objects.get(ingress.object)) else {
                continue;
            };
            if canary.takes_nothing() {
                let message =
                    "the canary takes nothing, here and in ingress-nginx: it has no weight and no header";
                let path = Path::ROOT.key("metadata").key("annotations");
                out.push(object.say(Diagnostic::warning(CANARY, path, message).hint(HINT)));
            }
            let mut told = BTreeSet::new();
            for (host, location) in locations(ingress) {
                let own = upstream(ingress, object.namespace(), &location.backend);
                let mut say = |message: String| {
                    let path = Path::ROOT.key("spec").key("rules");
                    out.push(object.say(Diagnostic::warning(CANARY, path, message).hint(HINT)));
                };
                let policy = *first.entry(own).or_insert(canary);
                if policy != canary && told.insert((own, "policy")) {
                    say(format!(
                        "Service `{}` is a canary of an Ingress before, and ingress-nginx goes by the annotations of that",
                        location.backend.service
                    ));
                }
                match stable.primary(objects, ingress, object, host, location) {
                    Err(Left { why, is_forgotten }) => {
                        say(format!("`{host}{}` of a canary is left out: {why}", location.path));
                        if is_forgotten {
                            forgotten.entry(own).or_insert(object);
                        }
                    }
                    Ok(primary) => match canaries.by_upstream.entry(primary) {
                        Entry::Vacant(entry) => {
                            entry.insert((policy, location));
                        }
                        Entry::Occupied(entry) if entry.get().1.backend == location.backend => {}
                        Entry::Occupied(_) => say(format!(
                            "`{host}{}` of a canary is left out: Service `{}` has a canary already, and ingress-nginx takes one",
                            location.path, primary.2
                        )),
                    },
                }
                let other = stable.upstreams.get(&own).and_then(|other| objects.get(*other));
                if let Some(other) = other.filter(|_| told.insert((own, "primary"))) {
                    say(format!(
                        "Service `{}` is a canary here and the backend of a path of {}: ingress-nginx takes it for one of \
                         both alone, that of the Ingress it takes first; here it is both",
                        location.backend.service, other.identity
                    ));
                }
            }
        }
        canaries.say_forgotten(&forgotten, out);
        canaries
    }

    /// Says of Services that take a part of others that ingress-nginx takes them for no canaries, because of another path.
    fn say_forgotten(&self, forgotten: &BTreeMap<Upstream<'_>, &Object<'_>>, out: &mut Vec<Diagnostic>) {
        for ((class, namespace, primary, _), (_, location)) in &self.by_upstream {
            let Backend { service, written, .. } = &location.backend;
            let Some(object) = forgotten.get(&(*class, *namespace, service.as_str(), written.as_str()))
            else {
                continue;
            };
            let message = format!(
                "Service `{service}` takes a part of `{primary}` here; in ingress-nginx it takes none, as another path of it \
                 is nobody's"
            );
            let path = Path::ROOT.key("spec").key("rules");
            out.push(object.say(Diagnostic::warning(CANARY, path, message).hint(HINT)));
        }
    }

    /// The canary of a location, if its Service has one.
    pub(super) fn get(
        &self,
        ingress: &Ingress,
        namespace: &str,
        location: &Location,
    ) -> Option<CanaryOf<'i>> {
        self.by_upstream.get(&upstream(ingress, namespace, &location.backend)).copied()
    }
}

impl<'i> Stable<'i> {
    fn of(objects: &'i Objects<'_>, ingresses: &'i [Ingress]) -> Self {
        let mut stable = Self { paths: BTreeMap::new(), hosts: BTreeSet::new(), upstreams: BTreeMap::new() };
        for ingress in ingresses.iter().filter(|ingress| ingress.asked.canary.is_none()) {
            let Some(object) = objects.get(ingress.object) else { continue };
            stable
                .hosts
                .extend(ingress.sites.iter().map(|(host, _)| (ingress.class.as_str(), host.as_str())));
            for (host, location) in locations(ingress) {
                let place = (ingress.class.as_str(), host, location.path.as_str(), is_cut(location));
                stable.paths.entry(place).or_default().push((ingress.object, location));
                let upstream = upstream(ingress, object.namespace(), &location.backend);
                stable.upstreams.entry(upstream).or_insert(ingress.object);
            }
        }
        stable
    }

    /// The upstream of which a location of a canary takes a part, or why there is none.
    fn primary(
        &self,
        objects: &'i Objects<'_>,
        ingress: &'i Ingress,
        object: &Object<'_>,
        host: &str,
        location: &Location,
    ) -> Result<Upstream<'i>, Left> {
        let left = |why: &str, is_forgotten| Left { why: why.to_owned(), is_forgotten };
        if location.is_rest && !host.is_empty() {
            return Err(left(
                "its default backend is for hosts that nobody names, as in ingress-nginx",
                false,
            ));
        }
        // What a canary writes in place of paths is not read, and its paths are compared as they are written.
        let cut = location.path.strip_suffix(CUTS_PREFIX);
        let path = cut.map_or(location.path.as_str(), |cut| if cut.is_empty() { ROOT.1 } else { cut });
        let Some(of_path) = self.paths.get(&(ingress.class.as_str(), host, path, cut.is_some())) else {
            let why = "no Ingress that is imported has this host and path, so that there is nothing to take a part of";
            return Err(left(why, self.hosts.contains(&(ingress.class.as_str(), host))));
        };
        let found = of_path.iter().find(|(_, primary)| primary.kind == location.kind);
        let Some((of, primary)) = found.and_then(|(index, primary)| Some((objects.get(*index)?, primary)))
        else {
            let kind = location.kind;
            let why = format!(
                "its type is `{kind}` and that of the other Ingress is not, and ingress-nginx compares both"
            );
            return Err(left(&why, true));
        };
        if of.namespace() != object.namespace() {
            let why = format!(
                "the path is of {}, and a Service of another namespace needs a ReferenceGrant; ingress-nginx needs none",
                of.identity
            );
            return Err(left(&why, false));
        }
        if primary.backend == location.backend {
            return Err(left("the path has this Service already", false));
        }
        Ok(upstream(ingress, of.namespace(), &primary.backend))
    }
}

fn locations(ingress: &Ingress) -> impl Iterator<Item = (&str, &Location)> {
    let sites = ingress.sites.iter();
    sites.flat_map(|(host, locations)| locations.iter().map(move |location| (host.as_str(), location)))
}

fn upstream<'i>(ingress: &'i Ingress, namespace: &'i str, backend: &'i Backend) -> Upstream<'i> {
    (&ingress.class, namespace, &backend.service, &backend.written)
}
