//! Rule: redirect-loop
//!
//! A redirect to where the request came from.

use std::collections::{BTreeMap, BTreeSet};

use super::finding::{matching, rule};
use super::matches::{self, How, Shape, prefix_rest, without_slash};
use super::{Context, Finding, Rule};
use crate::check::attach::Joined;
use crate::check::model::{Filter, FilterKind, Route, TextMatch};
use crate::diagnostic::{Code, Severity};
use crate::hostname::wider;

pub(super) static RULE: Rule = Rule {
    code: Code("redirect-loop"),
    severity: Severity::Error,
    what: "a redirect to the scheme, host, port and path that its own rule matches, or two that lead to each other",
    why: "The client follows until it gives up (`ERR_TOO_MANY_REDIRECTS`). Mostly a redirect to HTTPS that is attached \
          to the HTTPS listener too, for want of a sectionName, or one to `www` from a route that takes `www` itself, \
          for want of `hostnames`. Where the route takes that host by a wildcard only, or by having no host names, \
          another route for it may be missing in the input, and without `--complete` this is a warning.",
    source: "Gateway API v1.6.1, `httproute_types.go` type HTTPRequestRedirectFilter, and `:104-112` for host names",
    bad: r"
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public}
spec:
  gatewayClassName: example
  listeners:
    - {name: http, port: 80, protocol: HTTP}
    - {name: https, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: shop-cert}]}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: to-https}
spec:
  parentRefs: [{name: public}]
  hostnames: [shop.example.com]
  rules: [{filters: [{type: RequestRedirect, requestRedirect: {scheme: https}}]}]
",
    good: r"
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public}
spec:
  gatewayClassName: example
  listeners:
    - {name: http, port: 80, protocol: HTTP}
    - {name: https, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: shop-cert}]}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: to-https}
spec:
  parentRefs: [{name: public, sectionName: http}]
  hostnames: [shop.example.com]
  rules: [{filters: [{type: RequestRedirect, requestRedirect: {scheme: https}}]}]
",
    check,
};

/// Most redirects that are followed from one; our own bound, about what browsers take is 20.
const HOPS_MAX: usize = 8;

/// Where a request is sent: Gateway, scheme, port, host as the route writes it (empty for any), and what
/// the match asks for.
type Place<'m> = (usize, &'m str, i64, &'m str, &'m Shape<'m>);

/// A match whose rule redirects.
#[derive(Clone, Copy)]
struct Redirecting<'m> {
    /// Which of the model's routes it is in.
    at: usize,
    route: &'m Route<'m>,
    rule: usize,
    index: Option<usize>,
    filter: &'m Filter<'m>,
}

/// A redirect that leads to some match's own place again.
#[derive(Clone, Copy)]
struct Hop<'m> {
    by: Redirecting<'m>,
    to: Place<'m>,
    /// The host that it leads to, where the route takes it without naming it.
    unnamed: Option<&'m str>,
}

/// A listener, and the host names of its routes, each with the route that has it where that is one.
struct Door<'m> {
    joined: &'m Joined<'m>,
    names: BTreeMap<&'m str, Option<usize>>,
}

/// Gateway, scheme and port.
type Port<'m> = (usize, &'m str, i64);

/// The listeners of each port by host name; empty for every host.
type Doors<'m> = BTreeMap<Port<'m>, BTreeMap<&'m str, Door<'m>>>;

/// What decides where a redirect leads.
struct Ground<'m> {
    paths: BTreeSet<&'m str>,
    doors: Doors<'m>,
}

fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let model = context.model;
    let redirecting: BTreeMap<usize, Vec<(Redirecting<'_>, Shape<'_>)>> = model
        .routes
        .iter()
        .enumerate()
        .filter_map(|(index, route)| Some((index, of_route(index, route)?)))
        .collect();
    if redirecting.is_empty() {
        return;
    }
    let ground = Ground { paths: paths(&model.routes), doors: doors(context) };
    let mut hops: BTreeMap<Place<'_>, Hop<'_>> = BTreeMap::new();
    let mut loops: Vec<Vec<Hop<'_>>> = Vec::new();
    for joined in &context.attach.listeners {
        let Some((gateway, scheme, port)) = port(joined) else { continue };
        for (found, shape) in joined.routes.iter().filter_map(|index| redirecting.get(index)).flatten() {
            for host in joined.hosts(found.route) {
                let from = (gateway, scheme, port, host, shape);
                match ground.follow(found, from) {
                    Some(hop) if hop.to == from => loops.push(vec![hop]),
                    Some(hop) => {
                        hops.entry(from).or_insert(hop);
                    }
                    None => {}
                }
            }
        }
    }
    for (start, first) in &hops {
        let mut way = vec![*first];
        let mut next = first.to;
        for _ in 0..HOPS_MAX {
            if next == *start {
                loops.push(way);
                break;
            }
            let Some(hop) = hops.get(&next) else { break };
            way.push(*hop);
            next = hop.to;
        }
    }
    let mut told: BTreeSet<(usize, usize)> = BTreeSet::new();
    for way in &loops {
        out.extend(tell(way, context.settings.complete, &mut told));
    }
}

fn port<'m>(joined: &Joined<'m>) -> Option<Port<'m>> {
    let scheme = match joined.listener.protocol.as_ref() {
        "HTTP" => "http",
        "HTTPS" => "https",
        _ => return None,
    };
    Some((joined.gateway?, scheme, joined.listener.port))
}

fn doors<'m>(context: &Context<'m>) -> Doors<'m> {
    let mut doors = Doors::new();
    for joined in &context.attach.listeners {
        let Some(port) = port(joined) else { continue };
        let name = joined.listener.hostname.as_deref().unwrap_or_default();
        let door = Door { joined, names: BTreeMap::new() };
        let Door { names, .. } = doors.entry(port).or_default().entry(name).or_insert(door);
        for (at, route) in joined.routes.iter().filter_map(|at| Some((*at, context.model.routes.get(*at)?))) {
            for name in joined.hosts(route) {
                let taker = names.entry(name).or_insert(Some(at));
                *taker = taker.filter(|one| *one == at);
            }
        }
    }
    doors
}

/// All matches of a route's rules that redirect.
fn of_route<'m>(at: usize, route: &'m Route<'m>) -> Option<Vec<(Redirecting<'m>, Shape<'m>)>> {
    if route.kind != "HTTPRoute" {
        return None;
    }
    let redirect = |filter: &&Filter<'_>| matches!(filter.kind, FilterKind::Redirect { .. });
    if !route.rules.iter().any(|rule| rule.filters.iter().any(|filter| redirect(&filter))) {
        return None;
    }
    let found = matches::of(route).filter_map(|((rule, index), shape)| {
        let filter = route.rules.get(rule)?.filters.iter().find(redirect)?;
        Some((Redirecting { at, route, rule, index, filter }, shape))
    });
    Some(found.collect())
}

impl<'m> Ground<'m> {
    /// Where a redirect leads, as far as that is some match's own place again.
    fn follow(&self, by: &Redirecting<'m>, from: Place<'m>) -> Option<Hop<'m>> {
        let FilterKind::Redirect { scheme, hostname, port, path, status } = &by.filter.kind else {
            return None;
        };
        let (gateway, own_scheme, own_port, own_host, shape) = from;
        // The client comes back with GET after these.
        let changes_method =
            matches!(status, 301..=303) && shape.method.is_some_and(|method| method != "GET");
        if changes_method {
            return None;
        }
        let port = port.unwrap_or(match scheme.as_deref() {
            Some("http") => 80,
            Some("https") => 443,
            _ => own_port,
        });
        let scheme = match scheme.as_deref() {
            Some("http") => "http",
            Some("https") => "https",
            _ => own_scheme,
        };
        let (how, own_path) = shape.path;
        let stays = match path {
            None => true,
            Some((true, full)) => match how {
                How::Exact => own_path == full,
                How::Prefix => {
                    prefix_rest(own_path, full).is_some() && is_most_specific(own_path, full, &self.paths)
                }
                How::Any | How::Expression => false,
            },
            Some((false, new)) => {
                let new = without_slash(new);
                how == How::Prefix
                    && prefix_rest(own_path, new).is_some()
                    && is_most_specific(own_path, new, &self.paths)
            }
        };
        if !stays {
            return None;
        }
        let host = match hostname.as_deref() {
            None => own_host,
            Some(host) => self.own_name((gateway, scheme, port), host, by, own_host)?,
        };
        let unnamed = hostname.as_deref().filter(|target| *target != host);
        Some(Hop { by: *by, to: (gateway, scheme, port, host, shape), unnamed })
    }

    /// The name by which the route that redirects takes requests for a host; none where another route may take
    /// them. Among the routes with the name that the request came by, the same match wins there.
    fn own_name(&self, port: Port<'m>, host: &str, by: &Redirecting<'m>, came_by: &str) -> Option<&'m str> {
        let (_, Door { joined, names }) = most_specific(self.doors.get(&port)?, host)?;
        let (name, taker) = most_specific(names, host)?;
        let as_it_came = || name == came_by && joined.routes.binary_search(&by.at).is_ok();
        (*taker == Some(by.at) || taker.is_none() && as_it_came()).then_some(name)
    }
}

/// The most specific name that covers a host, with what stands for it: the host itself, then the wildcards from
/// the longest on, then the empty one.
fn most_specific<'n, 'm, T>(names: &'n BTreeMap<&'m str, T>, host: &str) -> Option<(&'m str, &'n T)> {
    let find = |name: &str| names.get_key_value(name).map(|(name, found)| (*name, found));
    let wildcard = |suffix: &str| if suffix.is_empty() { find("") } else { find(&format!("*{suffix}")) };
    find(host).or_else(|| wider(host).find_map(wildcard))
}

/// Every path that any route matches, prefixes without their last slash.
fn paths<'m>(routes: &'m [Route<'m>]) -> BTreeSet<&'m str> {
    let matches = routes.iter().flat_map(|route| &route.rules).flat_map(|rule| &rule.matches);
    matches
        .filter_map(|found| match found.path.as_ref()? {
            TextMatch::Exact(path) | TextMatch::Prefix(path) => Some(path.strip_suffix('/').unwrap_or(path)),
            TextMatch::Expression(_) => None,
        })
        .collect()
}

/// Whether no path that is matched anywhere is a closer one for `path` than the prefix `own`.
fn is_most_specific(own: &str, path: &str, paths: &BTreeSet<&str>) -> bool {
    let path = path.strip_suffix('/').unwrap_or(path);
    let elements = path.match_indices('/').filter_map(|(at, _)| path.get(..at)).chain([path]);
    elements
        .filter(|prefix| prefix.len() > own.len() || *prefix == path && path != own && !path.is_empty())
        .all(|prefix| !paths.contains(prefix))
}

/// Says it of the first rule on the way, once.
fn tell(way: &[Hop<'_>], complete: bool, told: &mut BTreeSet<(usize, usize)>) -> Option<Finding> {
    let (Hop { by, unnamed, .. }, others) = way.split_first()?;
    let Redirecting { at: _, route, rule: at, index, filter } = by;
    if !told.insert((route.meta.object, *at)) {
        return None;
    }
    let place = index.map_or_else(|| rule(*at), |index| matching(*at, index));
    let back: Vec<String> = others
        .iter()
        .map(|Hop { by, .. }| {
            format!("{} {}", super::finding::named(by.route.kind, &by.route.meta), rule(by.rule))
        })
        .collect();
    let message = match (back.as_slice(), unnamed) {
        ([], None) => format!(
            "what `{place}` takes is redirected to the same scheme, host, port and path, so it comes back for ever"
        ),
        ([], Some(host)) => {
            format!("what `{place}` takes is redirected to `{host}`, which it takes too, for ever")
        }
        _ => {
            format!("what `{place}` takes is redirected and then sent back by {}, for ever", back.join(", "))
        }
    };
    let hint = match unnamed {
        None => "name the listener it is meant for in `sectionName`, or change scheme, host, port or path"
            .to_owned(),
        Some(host) => {
            format!("list in `hostnames` what is to be redirected, or give `{host}` a route of its own")
        }
    };
    let path = rule(*at).key("filters").index(filter.index).key("requestRedirect");
    let finding = RULE.find(route.meta.object, path, message).hint(hint);
    let certain = complete || way.iter().all(|hop| hop.unnamed.is_none());
    Some(if certain { finding } else { finding.at_most(Severity::Warning) })
}

#[cfg(test)]
mod tests {
    use super::super::tests::{found, found_in_all, found_in_refused};
    use super::RULE;

    const GATEWAY: &str = "
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gw}
spec:
  gatewayClassName: c
  listeners:
    - {name: http, port: 80, protocol: HTTP}
    - {name: https, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: a}]}}
    - {name: other, port: 8080, protocol: HTTP}
";

    fn loops(spec: &str) -> usize {
        let route = |spec: &str| {
            format!(
                "---\napiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {{name: a}}\nspec: {spec}\n"
            )
        };
        let routes: String = spec.split('|').map(route).collect();
        found(&RULE, &format!("{GATEWAY}{routes}")).len()
    }

    fn redirect(section: &str, path: &str, redirect: &str) -> String {
        format!(
            "{{parentRefs: [{{name: gw, sectionName: {section}}}], hostnames: [a.com, b.com], \
             rules: [{{matches: [{{path: {path}}}], \
             filters: [{{type: RequestRedirect, requestRedirect: {redirect}}}]}}, \
             {{matches: [{{path: {{value: /home}}}}]}}]}}"
        )
    }

    #[test]
    fn finds_loops_of_one() {
        let all = "{value: /}";
        for (section, path, filter, expected) in [
            ("http", all, "{statusCode: 301}", 1),
            ("http", all, "{scheme: http}", 1),
            ("http", all, "{scheme: https}", 0),
            ("other", all, "{scheme: http}", 0),
            ("other", all, "{scheme: http, port: 8080}", 1),
            ("other", all, "{port: 80}", 0),
            ("http", all, "{hostname: b.com}", 1),
            ("http", all, "{hostname: c.com}", 0),
            ("http", all, "{path: {type: ReplaceFullPath, replaceFullPath: /home}}", 0),
            ("http", all, "{path: {type: ReplaceFullPath, replaceFullPath: /start}}", 1),
            ("http", all, "{path: {type: ReplacePrefixMatch, replacePrefixMatch: /v2}}", 1),
            ("http", "{value: /a}", "{path: {type: ReplacePrefixMatch, replacePrefixMatch: /b}}", 0),
            ("http", "{value: /a}", "{path: {type: ReplacePrefixMatch, replacePrefixMatch: /a/}}", 1),
            ("http", "{type: Exact, value: /a}", "{path: {type: ReplaceFullPath, replaceFullPath: /a}}", 1),
            ("http", "{type: Exact, value: /a}", "{path: {type: ReplaceFullPath, replaceFullPath: /a/}}", 0),
        ] {
            assert_eq!(loops(&redirect(section, path, filter)), expected, "{section} {path} {filter}");
        }
    }

    #[test]
    fn where_a_redirect_leads_that_was_not_read_as_a_whole_is_not_known() {
        for (to, expected) in [
            ("{hostname: a.com}", 1),
            ("{host: b.net}", 0),
            ("{hostname: a.com, port: '81'}", 0),
            ("{hostname: a.com, path: {type: Glob, replaceFullPath: /}}", 0),
        ] {
            let spec = redirect("http", "{type: Exact, value: /a}", to);
            let text = format!(
                "{GATEWAY}---\napiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {{name: a}}\nspec: {spec}\n"
            );
            assert_eq!(found_in_refused(&RULE, &text).len(), expected, "{to}");
        }
    }

    #[test]
    fn finds_loops_of_two() {
        let there = redirect("http", "{value: /}", "{scheme: https}");
        let back = redirect("https", "{value: /}", "{scheme: http}");
        assert_eq!(loops(&format!("{there}|{back}")), 2);
        assert_eq!(loops(&there), 0);
    }

    #[test]
    fn a_host_that_the_route_takes_without_naming_it_loops_too() {
        let to_www = |hosts: &str| {
            format!(
                "{{parentRefs: [{{name: gw, sectionName: http}}], hostnames: [{hosts}], rules: \
                 [{{filters: [{{type: RequestRedirect, requestRedirect: {{hostname: www.a.com}}}}]}}]}}"
            )
        };
        let serving = |host: &str| format!("{{parentRefs: [{{name: gw}}], hostnames: [{host}]}}");
        for (hosts, other, expected) in [
            ("", None, 1),
            ("'*.com'", None, 1),
            ("a.com, '*.a.com'", None, 1),
            ("a.com", None, 0),
            ("", Some("www.a.com"), 0),
            ("", Some("'*.a.com'"), 0),
            ("", Some("b.com"), 1),
            ("a.com, '*.com'", Some("'*.a.com'"), 0),
        ] {
            let routes = other.map_or(to_www(hosts), |host| [to_www(hosts), serving(host)].join("|"));
            assert_eq!(loops(&routes), expected, "{hosts} {other:?}");
        }
        let text = RULE
            .bad
            .replace("[shop.example.com]", "[]")
            .replace("scheme: https", "hostname: www.example.com");
        assert_eq!(found(&RULE, &text), ["1 warning spec.rules[0].filters[0].requestRedirect"]);
        assert_eq!(found_in_all(&RULE, &text), ["1 error spec.rules[0].filters[0].requestRedirect"]);
        let own_listener = text.replace(
            "{name: http, port: 80, protocol: HTTP}",
            "{name: http, port: 80, protocol: HTTP}\n    - {name: www, port: 80, protocol: HTTP, hostname: www.example.com}",
        );
        let elsewhere = own_listener
            .replace("parentRefs: [{name: public}]", "parentRefs: [{name: public, sectionName: http}]");
        assert!(found(&RULE, &elsewhere).is_empty());
    }
}
