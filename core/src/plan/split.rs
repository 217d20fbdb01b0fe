//! Routes that pass a limit, as several routes that answer every request as the one would have.
//!
//! Parts are named `<name>`, `<name>-002`, `<name>-003` … in the order of the rules. A rule with too
//! many matches becomes several rules. Rules that could tie stay together ([`super::precedence`]);
//! where there are too many of those for one route, a warning says that creation time decides.
//! Appending a rule or a host name renames no part, except where a route passes both limits at once.

use std::borrow::Cow;

use super::{Gateway, Route, Rule, gateway_of, precedence};
use crate::diagnostic::{Code, Diagnostic, Level};
use crate::hostname::Hostname;
use crate::limits::{
    HOSTNAMES_MAX, MATCHES_PER_ROUTE_MAX, MATCHES_PER_RULE_MAX, OBJECT_NAME_MAX, ROUTE_PARTS_MAX, RULES_MAX,
    tls_hostnames_max,
};
use crate::release::{Kind, Target};
use crate::tree::Node;

/// A route was split.
const ROUTE_SPLIT: Code = Code("route-split");
/// Rules that could tie had to be spread over several routes.
const TIE_BY_CREATION: Code = Code("tie-by-creation-time");
/// More parts than part numbers.
const TOO_MANY_PARTS: Code = Code("too-many-parts");

/// Splits every route that passes a limit.
pub(super) fn split<'v>(
    routes: Vec<Route<'v>>,
    gateways: &[Gateway<'_>],
    target: Target,
    out: &mut Vec<Diagnostic>,
) -> Vec<Route<'v>> {
    let hostnames_max = |route: &Route<'_>| {
        if route.kind == Kind::TlsRoute { tls_hostnames_max(target) } else { HOSTNAMES_MAX }
    };
    let fits = |route: &Route<'_>| fits(route, hostnames_max(route));
    if routes.iter().all(fits) {
        return routes;
    }
    let mut parts = Vec::with_capacity(routes.len());
    for route in routes {
        if fits(&route) {
            parts.push(route);
        } else {
            let hostnames = hostnames_max(&route);
            split_one(route, gateways, hostnames, &mut parts, out);
        }
    }
    parts
}

fn matches_of(rules: &[Rule<'_>]) -> usize {
    // The API server counts the default match of a rule without any.
    rules.iter().map(|rule| rule.matches.len().max(1)).sum()
}

fn fits(route: &Route<'_>, hostnames: usize) -> bool {
    route.hostnames.len() <= hostnames
        && route.rules.len() <= RULES_MAX
        && route.rules.iter().all(|rule| rule.matches.len() <= MATCHES_PER_RULE_MAX)
        && matches_of(&route.rules) <= MATCHES_PER_ROUTE_MAX
}

fn split_one<'v>(
    mut route: Route<'v>,
    gateways: &[Gateway<'_>],
    hostnames_max: usize,
    parts: &mut Vec<Route<'v>>,
    out: &mut Vec<Diagnostic>,
) {
    let rules = std::mem::take(&mut route.rules).into_iter().flat_map(split_matches).collect();
    let rule_parts = split_rules(rules, &route, out);
    let hostnames = std::mem::take(&mut route.hostnames);
    let host_parts: Vec<_> =
        if hostnames.is_empty() { vec![&[][..]] } else { hostnames.chunks(hostnames_max).collect() };
    let count = host_parts.len() * rule_parts.len();
    if count > ROUTE_PARTS_MAX {
        let message = format!("{count} parts, but part numbers go up to {ROUTE_PARTS_MAX}");
        let fault = Diagnostic::error(TOO_MANY_PARTS, route.path.clone(), message);
        out.push(fault.hint("write several routes, or one wildcard host name"));
        return;
    }
    let last = part_name(&route.name, count);
    if last.len() > OBJECT_NAME_MAX {
        let message = format!(
            "`{last}` has {} characters, but an object's name may have {OBJECT_NAME_MAX}",
            last.len()
        );
        out.push(
            Diagnostic::error(TOO_MANY_PARTS, route.path.clone(), message).hint("shorten the route's name"),
        );
        return;
    }
    if count > 1 {
        let message = format!("split into {count} routes, `{}` to `{last}`", route.name);
        out.push(
            Diagnostic::info(ROUTE_SPLIT, route.path.clone(), message)
                .source("Gateway API v1.6.1, maxItems of spec.hostnames, spec.rules, spec.rules[].matches"),
        );
    }
    let mut number = 0;
    for hostnames in host_parts {
        let parents = parents_of(&route, hostnames, gateways);
        for rules in &rule_parts {
            number += 1;
            parts.push(Route {
                name: if number == 1 {
                    route.name.clone()
                } else {
                    Cow::Owned(part_name(&route.name, number))
                },
                hostnames: hostnames.to_vec(),
                parents: parents.clone(),
                rules: rules.clone(),
                ..route.clone()
            });
        }
    }
}

/// The parents of a part: not those that name a listener of this release which answers for none of its host names, for
/// Gateway API accepts no route there.
fn parents_of<'v>(
    route: &Route<'v>,
    hostnames: &[Hostname<'v>],
    gateways: &[Gateway<'_>],
) -> Vec<Cow<'v, Node<'v>>> {
    let serves = |parent: &&Cow<'v, Node<'v>>| {
        let Some((namespace, name)) = gateway_of(parent, route.namespace) else { return true };
        let own = gateways.iter().find(|gateway| gateway.name == name && gateway.namespace == namespace);
        let Some(gateway) = own else { return true };
        let mut picked =
            gateway.listeners.iter().filter(|listener| listener.is_picked(parent, route.kind)).peekable();
        picked.peek().is_none()
            || picked.any(|listener| hostnames.iter().any(|hostname| listener.meets(hostname)))
    };
    let parents: Vec<_> = route.parents.iter().filter(serves).cloned().collect();
    // A route without host names, or one that nobody serves, is as it was written.
    if hostnames.is_empty() || parents.is_empty() { route.parents.clone() } else { parents }
}

pub(super) fn part_name(name: &str, number: usize) -> String {
    if number == 1 { name.to_owned() } else { format!("{name}-{number:03}") }
}

/// One rule a [`MATCHES_PER_RULE_MAX`] matches: the same backends for each.
fn split_matches(mut rule: Rule<'_>) -> Vec<Rule<'_>> {
    if rule.matches.len() <= MATCHES_PER_RULE_MAX {
        return vec![rule];
    }
    // Taken out, so that the copies of the rule below do not copy all of them each.
    std::mem::take(&mut rule.matches)
        .chunks(MATCHES_PER_RULE_MAX)
        .enumerate()
        .map(|(index, matches)| Rule {
            // Rule names are unique within a route.
            name: rule.name.as_deref().map(|name| Cow::Owned(part_name(name, index + 1))),
            matches: matches.to_vec(),
            ..rule.clone()
        })
        .collect()
}

/// Fills parts in the order of the rules, a group of tying rules at a time.
fn split_rules<'v>(rules: Vec<Rule<'v>>, route: &Route<'v>, out: &mut Vec<Diagnostic>) -> Vec<Vec<Rule<'v>>> {
    if rules.len() <= RULES_MAX && matches_of(&rules) <= MATCHES_PER_ROUTE_MAX {
        return vec![rules];
    }
    let groups = precedence::groups(&rules, route.kind);
    let mut by_group: std::collections::BTreeMap<usize, Vec<Rule<'v>>> = std::collections::BTreeMap::new();
    for (rule, group) in rules.into_iter().zip(groups) {
        by_group.entry(group).or_default().push(rule);
    }
    let mut parts: Vec<Vec<Rule<'v>>> = vec![Vec::new()];
    for group in by_group.into_values() {
        let has_room = |part: &[Rule<'_>], more: &[Rule<'_>]| {
            part.len() + more.len() <= RULES_MAX
                && matches_of(part) + matches_of(more) <= MATCHES_PER_ROUTE_MAX
        };
        if !has_room(&[], &group) {
            out.push(tie_by_creation(&group));
        }
        let fits_last = parts.last().is_some_and(|part| has_room(part, &group));
        if !fits_last && parts.last().is_some_and(|part| !part.is_empty()) {
            parts.push(Vec::new());
        }
        for rule in group {
            let fits = parts.last().is_some_and(|part| has_room(part, std::slice::from_ref(&rule)));
            if !fits {
                parts.push(Vec::new());
            }
            if let Some(part) = parts.last_mut() {
                part.push(rule);
            }
        }
    }
    parts
}

fn tie_by_creation(group: &[Rule<'_>]) -> Diagnostic {
    let path = group.first().map_or(crate::path::Path::ROOT, |rule| rule.path.clone());
    let message = format!(
        "{} rules that could answer the same request do not fit one route: between its parts the older one wins, \
         and Helm creates them at the same time",
        group.len()
    );
    Diagnostic::warning(TIE_BY_CREATION, path, message)
        .level(Level::Semantic)
        .source("Gateway API v1.6.1, httproute_types.go:198-206")
        .hint("make their matches differ in path, method or number of headers")
}
