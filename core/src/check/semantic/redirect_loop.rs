//! Rule: redirect-loop
//!
//! A redirect to where the request came from.

use std::collections::{BTreeMap, BTreeSet};

use super::finding::{matching, rule};
use super::matches::{self, How, Shape, prefix_rest, without_slash};
use super::{Context, Finding, Rule};
use crate::check::model::{Filter, FilterKind, Route, TextMatch};
use crate::diagnostic::{Code, Severity};

pub(super) static RULE: Rule = Rule {
    code: Code("redirect-loop"),
    severity: Severity::Error,
    what: "a redirect to the scheme, host, port and path that its own rule matches, or two that lead to each other",
    why: "The client follows until it gives up (`ERR_TOO_MANY_REDIRECTS`). Mostly a redirect to HTTPS that is attached \
          to the HTTPS listener too, for want of a sectionName.",
    source: "Gateway API v1.6.1, `httproute_types.go` type HTTPRequestRedirectFilter",
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
    route: &'m Route<'m>,
    rule: usize,
    index: Option<usize>,
    filter: &'m Filter<'m>,
}

fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let model = context.model;
    let redirecting: BTreeMap<usize, Vec<(Redirecting<'_>, Shape<'_>)>> = model
        .routes
        .iter()
        .enumerate()
        .filter_map(|(index, route)| Some((index, of_route(route)?)))
        .collect();
    if redirecting.is_empty() {
        return;
    }
    let paths = paths(&model.routes);
    let mut edges: BTreeMap<Place<'_>, (Place<'_>, Redirecting<'_>)> = BTreeMap::new();
    let mut told: BTreeSet<(usize, usize)> = BTreeSet::new();
    for joined in &context.attach.listeners {
        let scheme = match joined.listener.protocol.as_ref() {
            "HTTP" => "http",
            "HTTPS" => "https",
            _ => continue,
        };
        let Some(gateway) = joined.gateway else { continue };
        for (found, shape) in joined.routes.iter().filter_map(|index| redirecting.get(index)).flatten() {
            for host in joined.hosts(found.route) {
                let from = (gateway, scheme, joined.listener.port, host, shape);
                match target(found, from, &paths) {
                    Some(to) if to == from => tell(found, &[], &mut told, out),
                    Some(to) => {
                        edges.entry(from).or_insert((to, *found));
                    }
                    None => {}
                }
            }
        }
    }
    for (start, (to, found)) in &edges {
        let mut next = *to;
        let mut others = Vec::new();
        for _ in 0..HOPS_MAX {
            if next == *start {
                tell(found, &others, &mut told, out);
                break;
            }
            let Some((to, other)) = edges.get(&next) else { break };
            others.push(*other);
            next = *to;
        }
    }
}

/// All matches of a route's rules that redirect.
fn of_route<'m>(route: &'m Route<'m>) -> Option<Vec<(Redirecting<'m>, Shape<'m>)>> {
    if route.kind != "HTTPRoute" {
        return None;
    }
    let redirect = |filter: &&Filter<'_>| matches!(filter.kind, FilterKind::Redirect { .. });
    if !route.rules.iter().any(|rule| rule.filters.iter().any(|filter| redirect(&filter))) {
        return None;
    }
    let found = matches::of(route).filter_map(|(rule, index, shape)| {
        let filter = route.rules.get(rule)?.filters.iter().find(redirect)?;
        Some((Redirecting { route, rule, index, filter }, shape))
    });
    Some(found.collect())
}

/// Where a redirect leads, as far as that is some match's own place again.
fn target<'m>(found: &Redirecting<'m>, from: Place<'m>, paths: &BTreeSet<&str>) -> Option<Place<'m>> {
    let FilterKind::Redirect { scheme, hostname, port, path, status } = &found.filter.kind else {
        return None;
    };
    let (gateway, own_scheme, own_port, own_host, shape) = from;
    // The client comes back with GET after these.
    let changes_method = matches!(status, 301..=303) && shape.method.is_some_and(|method| method != "GET");
    if changes_method {
        return None;
    }
    let port = port.unwrap_or(match scheme.as_deref() {
        Some("http") => 80,
        Some("https") => 443,
        _ => own_port,
    });
    let host = match hostname.as_deref() {
        None => own_host,
        // Another host of the route is as good as its own: the same match takes the request there.
        Some(host) => found.route.hostnames.iter().map(AsRef::as_ref).find(|own| *own == host)?,
    };
    let (how, own_path) = shape.path;
    let stays = match path {
        None => true,
        Some((true, full)) => match how {
            How::Exact => own_path == full,
            How::Prefix => prefix_rest(own_path, full).is_some() && is_most_specific(own_path, full, paths),
            How::Any | How::Expression => false,
        },
        Some((false, new)) => {
            let new = without_slash(new);
            how == How::Prefix
                && prefix_rest(own_path, new).is_some()
                && is_most_specific(own_path, new, paths)
        }
    };
    let scheme = match scheme.as_deref() {
        Some("http") => "http",
        Some("https") => "https",
        _ => own_scheme,
    };
    stays.then_some((gateway, scheme, port, host, shape))
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

fn tell(
    found: &Redirecting<'_>,
    others: &[Redirecting<'_>],
    told: &mut BTreeSet<(usize, usize)>,
    out: &mut Vec<Finding>,
) {
    let Redirecting { route, rule: at, index, filter } = found;
    if !told.insert((route.meta.object, *at)) {
        return;
    }
    let place = index.map_or_else(|| rule(*at), |index| matching(*at, index));
    let by: Vec<String> = others
        .iter()
        .map(|other| {
            format!("{} {}", super::finding::named(other.route.kind, &other.route.meta), rule(other.rule))
        })
        .collect();
    let message = if by.is_empty() {
        format!(
            "what `{place}` takes is redirected to the same scheme, host, port and path, so it comes back for ever"
        )
    } else {
        format!("what `{place}` takes is redirected and then sent back by {}, for ever", by.join(", "))
    };
    let path = rule(*at).key("filters").index(filter.index).key("requestRedirect");
    let hint = "name the listener it is meant for in `sectionName`, or change scheme, host, port or path";
    out.push(RULE.find(route.meta.object, path, message).hint(hint));
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;
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
    fn finds_loops_of_two() {
        let there = redirect("http", "{value: /}", "{scheme: https}");
        let back = redirect("https", "{value: /}", "{scheme: http}");
        assert_eq!(loops(&format!("{there}|{back}")), 2);
        assert_eq!(loops(&there), 0);
    }
}
