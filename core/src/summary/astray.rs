//! Host names whose requests go, after a change, to a listener that the routes which answered them are not on: behind one
//! door the narrowest listener takes a host, whether or not a route attaches there.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::moment::{self, Door, Moment};
use super::{Listener, Route, Summary};
use crate::diagnostic::{Code, Diagnostic};
use crate::path::Path;
use crate::shorten::listed;

/// Host names that a change leaves to a listener that the routes which answered them are not on.
const UNSERVED_AFTER: Code = Code("unserved-after");

/// A host name that was served, and whose requests go to a listener that is not that of the route which answered them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Astray<'s> {
    /// The host name.
    pub host: &'s str,
    /// The namespace of the Gateway.
    pub namespace: &'s str,
    /// The Gateway.
    pub gateway: &'s str,
    /// The port.
    pub port: u16,
    /// The listener that takes it.
    pub listener: &'s str,
    /// The routes that are on other listeners behind that port, and answered it before or would now.
    pub routes: BTreeSet<&'s str>,
    /// Whether some of them name the listener, which does not let them attach.
    #[serde(skip)]
    pub(super) is_refused: bool,
    /// Where it went before.
    #[serde(skip)]
    pub(super) door: Door<'s>,
    /// The matches that are lost, in words; none among them where nothing of the host is left.
    #[serde(skip)]
    pub(super) matches: BTreeSet<Option<&'s str>>,
}

/// Host names that a Gateway serves before a change, and gives to another listener after it. What a route of no or a
/// wildcard host name is for goes by the host names of listeners too: one that comes may take some of it.
pub(super) fn between<'s>(old: &'s Summary, new: &'s Summary) -> Vec<Astray<'s>> {
    let (before, after) = (Moment::whole(old), Moment::whole(new));
    let of_routes = moment::names(old, new);
    let listeners = || {
        let gateways = new.gateways.iter().flat_map(|gateway| &gateway.listeners);
        gateways.chain(new.listener_sets.iter().flat_map(|set| &set.listeners))
    };
    let of_listeners = listeners().filter_map(|listener| listener.hostname.as_deref());
    let names: BTreeSet<&str> = of_routes.iter().copied().chain(of_listeners).collect();
    let mut astray = Vec::new();
    for host in names.into_iter().filter(|host| !host.is_empty()) {
        // Elsewhere it is part of a wider name, of which it is told.
        let is_own =
            |listener: &Listener| of_routes.contains(host) || listener.hostname.as_deref() == Some(host);
        let missed = after.missed(host);
        if missed.is_empty() {
            continue;
        }
        // Who missed it before as well loses nothing, whoever answered it goes.
        let known: BTreeSet<_> =
            before.missed(host).iter().map(|missed| (missed.door, identity(missed.route))).collect();
        let mut answers: BTreeMap<Door<'s>, Answers<'s>> = BTreeMap::new();
        let mut found: BTreeMap<Door<'s>, Astray<'s>> = BTreeMap::new();
        for missed in missed.into_iter().filter(|missed| is_own(missed.listener)) {
            let door @ (namespace, gateway, port, _) = missed.door;
            if known.contains(&(door, identity(missed.route))) {
                continue;
            }
            let answers = answers
                .entry(door)
                .or_insert_with(|| Answers::of(&before.answered(host, door), &after.answered(host, door)));
            let lost = answers.lost(missed.route);
            if lost.is_empty() {
                continue;
            }
            let found = found.entry(door).or_insert_with(|| Astray {
                host,
                namespace,
                gateway,
                port,
                listener: &missed.listener.name,
                routes: BTreeSet::new(),
                is_refused: false,
                door,
                matches: BTreeSet::new(),
            });
            found.routes.insert(&missed.route.name);
            found.is_refused |= missed.is_refused;
            found.matches.extend(lost);
        }
        astray.extend(found.into_values());
    }
    astray
}

/// What is answered of a host behind a door before a change and not after it.
struct Answers<'s> {
    gone: BTreeSet<Option<&'s str>>,
    /// The routes that answered.
    by: BTreeSet<(&'s str, &'s str, &'s str)>,
}

impl<'s> Answers<'s> {
    fn of(before: &[&'s Route], after: &[&'s Route]) -> Self {
        let words = |routes: &[&'s Route]| -> BTreeSet<Option<&'s str>> {
            routes.iter().copied().flat_map(moment::matches).collect()
        };
        let after = words(after);
        let gone = words(before).into_iter().filter(|words| !after.contains(words)).collect();
        Self { gone, by: before.iter().copied().map(identity).collect() }
    }

    /// Of the matches of a route those that are gone. That nothing is answered, whatever it was, counts for routes that
    /// answered: another one may never have been meant to.
    fn lost(&self, route: &'s Route) -> BTreeSet<Option<&'s str>> {
        let answered = self.by.contains(&identity(route));
        let matches = moment::matches(route).filter(|words| answered || words.is_some());
        matches.filter(|words| self.gone.contains(words)).collect()
    }
}

fn identity(route: &Route) -> (&str, &str, &str) {
    (route.kind, &route.namespace, &route.name)
}

/// Says so of a change, if there are any.
pub(super) fn finding(astray: &[Astray<'_>]) -> Option<Diagnostic> {
    let words = |found: &Astray<'_>| {
        let Astray { host, gateway, port, listener, routes, .. } = found;
        let routes = listed(routes.iter().map(|name| format!("`{name}`")));
        format!("`{host}` of {routes} (listener `{listener}` of Gateway `{gateway}`, port {port})")
    };
    let message = format!(
        "after this change requests that were answered go to a listener that the routes for them are not on, and are lost: {}",
        listed(astray.iter().map(words))
    );
    let hint = match (
        astray.iter().any(|found| found.is_refused),
        astray.iter().all(|found| found.is_refused),
    ) {
        (false, _) => {
            "let these routes name that listener too (`sectionName`, `parentRefs`), or take the listener out"
        }
        (_, true) => {
            "let the listener's protocol and `allowedRoutes` (`namespaces`, `kinds`) admit these routes, or take the listener out"
        }
        _ => {
            "let these routes name that listener too (`sectionName`, `parentRefs`) and its `allowedRoutes` admit them, or take the listener out"
        }
    };
    (!astray.is_empty()).then(|| {
        Diagnostic::warning(UNSERVED_AFTER, Path::ROOT, message)
            .source("Gateway API v1.6.1, `apis/v1/gateway_types.go:78-216`: the most specific listener takes a request")
            .hint(hint)
    })
}

#[cfg(test)]
mod tests {
    use super::super::Summary;
    use super::super::testing::{of, plan};
    use super::{between, finding};

    /// A listener for every host, one for `a.com`, and another port.
    const LISTENERS: &str = "{name: wide, port: 80, protocol: HTTP}, {name: own, port: 80, protocol: HTTP, hostname: a.com}, \
                             {name: other, port: 81, protocol: HTTP}";

    fn route(hostname: &str, parents: &str) -> String {
        format!("hostnames: ['{hostname}'], parentRefs: [{parents}]")
    }

    #[test]
    fn a_host_whose_route_leaves_the_listener_that_takes_it_is_lost() {
        let with = |listeners: &str, parents: &str| plan(listeners, &route("a.com", parents));
        let (own, wide) = ("{name: gw, sectionName: own}", "{name: gw, sectionName: wide}");
        let other = "{name: gw, sectionName: other}";
        let old = with(LISTENERS, own);
        let lost = |new: &Summary| {
            between(&old, new).iter().map(|found| (found.port, found.listener.to_owned())).collect::<Vec<_>>()
        };
        assert_eq!(lost(&with(LISTENERS, wide)), [(80, "own".to_owned())]);
        assert_eq!(lost(&with(LISTENERS, &format!("{wide}, {other}"))), [(80, "own".to_owned())]);
        for kept in [own.to_owned(), format!("{own}, {wide}"), "{name: gw}".to_owned(), other.to_owned()] {
            assert_eq!(lost(&with(LISTENERS, &kept)), [], "{kept}");
        }
        let without = LISTENERS.replace("hostname: a.com", "hostname: b.com");
        assert_eq!(lost(&with(&without, wide)), []);
        assert_eq!(between(&with(LISTENERS, wide), &with(LISTENERS, wide)), [], "it was not served before");
    }

    #[test]
    fn a_listener_that_comes_takes_hosts_from_a_wider_one() {
        let with = |hostname: &str| {
            let listeners = LISTENERS.replace("hostname: a.com", &format!("hostname: '{hostname}'"));
            plan(&listeners, &route("a.b.com", "{name: gw, sectionName: wide}"))
        };
        assert_eq!(between(&with("*.a.com"), &with("*.b.com")).len(), 1);
        assert_eq!(between(&with("*.a.com"), &with("a.a.com")).len(), 0);
    }

    /// Two routes `a.com` of one service, by match and by parents, and a Gateway of listeners.
    fn two(listeners: &str, first: &str, second: &str) -> Summary {
        let rule = |path: &str| {
            format!("rules: [{{matches: [{{path: {{value: {path}}}}}], backendRefs: [{{name: s}}]}}]")
        };
        of(&format!(
            "gateways: [{{name: gw, className: eg, listeners: [{listeners}]}}]\n\
             routes: [{{name: r, {first}, {}}}, {{name: q, {second}, {}}}]\n\
             externalServices: [{{name: s, port: 80, endpoints: [192.0.2.1]}}]\n",
            rule("/x"),
            rule("/y")
        ))
    }

    fn told(old: &Summary, new: &Summary) -> Vec<String> {
        let words =
            |found: &super::Astray<'_>| format!("{} {:?} {}", found.host, found.routes, found.listener);
        between(old, new).iter().map(words).collect()
    }

    #[test]
    fn each_route_of_a_host_is_judged() {
        let (own, wide) =
            (route("a.com", "{name: gw, sectionName: own}"), route("a.com", "{name: gw, sectionName: wide}"));
        let old = two(LISTENERS, &own, &own);
        assert_eq!(told(&old, &two(LISTENERS, &own, &wide)), ["a.com {\"q\"} own"]);
        assert_eq!(told(&old, &two(LISTENERS, &own, &own)), [""; 0]);
        assert_eq!(told(&two(LISTENERS, &own, &wide), &two(LISTENERS, &own, &wide)), [""; 0]);
    }

    #[test]
    fn a_route_that_goes_leaves_its_host_to_nobody() {
        let both = |other: &str| two(LISTENERS, &route("a.com", "{name: gw, sectionName: own}"), other);
        for other in ["", "hostnames: ['*.com'], "] {
            let other = format!("{other}parentRefs: [{{name: gw, sectionName: wide}}]");
            let rest = both(&other);
            let mut alone = rest.clone();
            alone.routes.retain(|route| route.name != "r");
            assert_eq!(told(&rest, &alone), [""; 0], "the other one never answered it: {other}");
        }
        let (own, wide) = ("sectionName: own", "sectionName: wide");
        let old = plan(LISTENERS, &route("a.com", &format!("{{name: gw, {own}}}")));
        let mut renamed = plan(LISTENERS, &route("a.com", &format!("{{name: gw, {wide}}}")));
        renamed.routes.iter_mut().for_each(|route| route.name = "s".to_owned());
        assert_eq!(told(&old, &renamed), ["a.com {\"s\"} own"]);
    }

    #[test]
    fn host_names_are_followed_to_wildcards_and_back() {
        let with = |hostname: &str, route: &str, section: &str| {
            let listeners = LISTENERS.replace("hostname: a.com", &format!("hostname: '{hostname}'"));
            plan(&listeners, &self::route(route, &format!("{{name: gw, sectionName: {section}}}")))
        };
        let old = with("a.b.com", "a.b.com", "own");
        assert_eq!(told(&old, &with("a.b.com", "*.b.com", "wide")), ["a.b.com {\"r\"} own"]);
        assert_eq!(told(&old, &with("*.b.com", "*.b.com", "own")), [""; 0]);
        let old = with("*.a.com", "*.a.com", "own");
        assert_eq!(told(&old, &with("*.a.com", "x.a.com", "wide")), ["x.a.com {\"r\"} own"]);
    }

    #[test]
    fn a_listener_that_comes_without_a_route_takes_hosts_from_wide_routes() {
        let wide = "{name: wide, port: 80, protocol: HTTP}";
        let with = format!("{wide}, {{name: own, port: 80, protocol: HTTP, hostname: a.b.com}}");
        for hostnames in ["hostnames: ['*.b.com'], ", ""] {
            let on = |parent: &str| format!("{hostnames}parentRefs: [{{name: gw{parent}}}]");
            let old = plan(wide, &on(", sectionName: wide"));
            let lost = told(&old, &plan(&with, &on(", sectionName: wide")));
            assert_eq!(lost, ["a.b.com {\"r\"} own"], "{hostnames}");
            assert_eq!(told(&old, &plan(&with, &on(""))), [""; 0], "{hostnames}");
        }
    }

    #[test]
    fn a_listener_for_other_routes_takes_hosts_all_the_same() {
        let wide = "{name: wide, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: c}]}}";
        let old = plan(wide, &route("a.com", "{name: gw}"));
        let https = "port: 443, protocol: HTTPS, hostname: a.com, tls: {certificateRefs: [{name: c}]}";
        for other in [
            "{name: own, port: 443, protocol: TLS, hostname: a.com, tls: {mode: Passthrough}}".to_owned(),
            format!("{{name: own, {https}, allowedRoutes: {{kinds: [{{kind: GRPCRoute}}]}}}}"),
            format!(
                "{{name: own, {https}, allowedRoutes: {{namespaces: {{from: Selector, selector: {{matchExpressions: [{{key: kubernetes.io/metadata.name, operator: In, values: [other]}}]}}}}}}}}"
            ),
        ] {
            let new = plan(&format!("{wide}, {other}"), &route("a.com", "{name: gw}"));
            assert_eq!(told(&old, &new), ["a.com {\"r\"} own"], "{other}");
            let hint = finding(&between(&old, &new)).map(|found| found.hint);
            assert!(hint.as_ref().is_some_and(|hint| hint.contains("allowedRoutes")), "{hint:?}");
        }
    }
}
