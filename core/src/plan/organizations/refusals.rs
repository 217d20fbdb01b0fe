//! What organizations ask for and do not get, which is told, and what would not work where they are, which is refused.

use std::collections::BTreeMap;

use super::gateway_names;
use super::hosts::{self, Base};
use super::layout::Demand;
use super::strategy::Row;
use crate::check::semantic::LISTENER_SET_NOT_JOINED;
use crate::diagnostic::{Code, Diagnostic};
use crate::hostname::Hostname;
use crate::limits::LISTENERS_MAX;
use crate::path::Path;
use crate::plan::{Gateway, ListenerSet, listener_conflicts};
use crate::public_suffix::{self, Section};
use crate::shorten::listed;
use crate::tree::Node;
use crate::values::Strategy;
use crate::values::{NO_EFFECT, Organization, Values, quoted};

/// A base domain, or the domain directly above host names, that is a public suffix.
const PUBLIC_BASE_DOMAIN: Code = Code("public-base-domain");
/// A service in a namespace that its organization does not have.
const FOREIGN_NAMESPACE: Code = Code("foreign-namespace");

/// Services in namespaces of others: routes, certificates and grants go where a service is.
pub(super) fn check_services(organization: &Organization<'_>, out: &mut Vec<Diagnostic>) {
    for service in &organization.services {
        if organization.namespaces.contains(&service.namespace) {
            continue;
        }
        let message = format!(
            "service {} is in namespace {}, but organization {} has {}",
            quoted(service.name),
            quoted(service.namespace),
            quoted(organization.name),
            listed(organization.namespaces.iter().map(|name| quoted(name)))
        );
        out.push(
            Diagnostic::error(FOREIGN_NAMESPACE, service.path.key("namespace"), message)
                .hint("add it to the organization's `namespaces`, if it is its own"),
        );
    }
}

/// Keys for a Gateway of its own, where an organization does not get one or it is written already. No errors: on the way
/// to another strategy they may be the old one's.
pub(super) fn check_gateways(
    values: &Values<'_>,
    row: Row,
    written: &[Gateway<'_>],
    out: &mut Vec<Diagnostic>,
) {
    let pattern = written.first().map_or("", |gateway| &gateway.name);
    let is_written = |organization: &Organization<'_>| {
        let own = gateway_names::own(pattern, organization.name);
        written.iter().any(|gateway| gateway.name == own)
    };
    for organization in &values.organizations.list {
        let Some(asked) = organization.gateway else { continue };
        let asked = asked.as_map().into_iter().flatten();
        let mut others = asked.filter(|entry| entry.key != "dedicated" && !entry.value.is_null());
        let key = others.next().map(|entry| entry.key.as_ref());
        let path = organization.path.key("gateway");
        let name = quoted(organization.name);
        let was_hybrid =
            values.organizations.migration.as_ref().is_some_and(|from| from.from == Strategy::Hybrid);
        if organization.is_dedicated && was_hybrid {
            // Until the end of the migration its old Gateway goes by all of it.
            continue;
        }
        if organization.is_dedicated && !row.is_dedicated(organization) {
            let message = format!(
                "organization {name} asks for a Gateway of its own, but strategy `{}` has none",
                row.strategy.word()
            );
            out.push(
                Diagnostic::warning(NO_EFFECT, path.key("dedicated"), message)
                    .hint("take `sharding.strategy: hybrid`, or `dedicated` for everybody"),
            );
        } else if let Some(key) = key.filter(|_| !row.is_dedicated(organization)) {
            let message =
                format!("`{key}` is for a Gateway of its own, which organization {name} does not have");
            out.push(
                Diagnostic::warning(NO_EFFECT, path.key(key), message)
                    .hint("set `dedicated: true` beside it, or remove it"),
            );
        } else if let Some(key) = key.filter(|_| is_written(organization)) {
            let own = gateway_names::own(pattern, organization.name);
            let message = format!("Gateway `{own}` is written in `gateways`, so `{key}` here has no effect");
            out.push(Diagnostic::warning(NO_EFFECT, path.key(key), message).hint("keep one of them"));
        }
    }
}

/// The domain of derived host names, if it is used and others have names below it.
fn public_domain<'v>(values: &'v Values<'_>) -> Option<(&'v Hostname<'v>, Section)> {
    let organizations = &values.organizations;
    let domain = organizations.base_domain.as_ref()?;
    let is_below = |name: &Hostname<'_>| {
        name.as_str().strip_suffix(domain.as_str()).is_some_and(|above| above.ends_with('.'))
    };
    let are_derived =
        organizations.hostname.contains("baseDomain") && organizations.list.iter().any(hosts::are_derived);
    let is_used = are_derived || values.tenant_routes.iter().flat_map(|route| &route.hostnames).any(is_below);
    Some((domain, public_suffix::section_below(domain.as_str()).filter(|_| is_used)?))
}

/// A domain of host names below which anybody registers names, and so the names of organizations.
pub(crate) fn check_domain(values: &Values<'_>, out: &mut Vec<Diagnostic>) {
    let Some((domain, section)) = public_domain(values) else { return };
    let path = Path::ROOT.key("baseDomain");
    let what = public_suffix::words(domain.as_str());
    let (source, found) = match section {
        Section::Icann => {
            let message = format!(
                "`{domain}` is {what}: below it everybody registers names, also those of organizations and tenant clusters"
            );
            let hint =
                "name a domain of your own below it, unless each of them has registered its name there";
            let source =
                format!("Mozilla's Public Suffix List, ICANN section, as of {}", public_suffix::list());
            (source, Diagnostic::warning(PUBLIC_BASE_DOMAIN, path, message).hint(hint))
        }
        // Who gives names to tenants may have the domain listed: of its owner it is as it should be.
        Section::Private => {
            let message = format!(
                "`{domain}` is {what}, and its owner gives names below it to others: unless that is you, also those of \
                 organizations and tenant clusters"
            );
            let hint = "if the domain is not your own, name what you have below it";
            (private_source(), Diagnostic::info(PUBLIC_BASE_DOMAIN, path, message).hint(hint))
        }
    };
    out.push(found.source(source));
}

/// A bound beyond Gateway API's own, which counts where listeners stand on Gateways. On the way from another strategy
/// it may be the old one's.
pub(super) fn check_limits(values: &Values<'_>, in_sets: bool, out: &mut Vec<Diagnostic>) {
    let organizations = &values.organizations;
    let most = u32::try_from(LISTENERS_MAX).unwrap_or(u32::MAX);
    let Some(asked) = organizations.sharding.limits.listeners.filter(|asked| *asked > most) else { return };
    if in_sets || organizations.migration.is_some() {
        return;
    }
    let message =
        format!("{asked} listeners, but a Gateway may have {LISTENERS_MAX}: beyond that it has no effect");
    out.push(
        Diagnostic::warning(NO_EFFECT, Path::ROOT.key("sharding").key("limits").key("listeners"), message)
            .source("Gateway API v1.6.1, Gateway spec.listeners maxItems")
            .hint("take it out, or let listeners stand in ListenerSets with `sharding.listenerSets`"),
    );
}

/// Host names directly below a public suffix whose owner gives names below it to others. Where that is told of
/// `baseDomain`, it is not of names below it.
pub(super) fn check_hosts(values: &Values<'_>, demands: &[Demand<'_>], out: &mut Vec<Diagnostic>) {
    let base = Base::of(values);
    let told = public_domain(values).map(|(domain, _)| domain.as_str());
    let is_told = |name: &str| {
        let above = told.and_then(|domain| name.strip_suffix(domain));
        above.is_some_and(|above| above.is_empty() || above.ends_with('.'))
    };
    // Host names stand side by side that end alike.
    let mut last = ("", false);
    let mut found = Vec::new();
    for demand in demands {
        for (hostname, path) in &demand.hosts.domains {
            let Some((_, suffix)) = hostname.as_str().split_once('.') else { continue };
            if last.0 != suffix {
                let is_private = || {
                    !base.rules_out(suffix)
                        && public_suffix::section_below(suffix) == Some(Section::Private)
                        && !is_told(suffix)
                };
                last = (suffix, is_private());
            }
            if last.1 {
                found.push((hostname, path));
            }
        }
    }
    let Some((_, path)) = found.first() else { return };
    let message = format!(
        "directly below public suffixes whose owners give names below them to others: {}",
        listed(found.iter().map(|(hostname, _)| format!("`{hostname}`")))
    );
    out.push(
        Diagnostic::info(PUBLIC_BASE_DOMAIN, (*path).clone(), message).source(private_source()).hint(
            "if the domains are not your own, or those of organizations, name what they have below them",
        ),
    );
}

fn private_source() -> String {
    format!("Mozilla's Public Suffix List, private section, as of {}", public_suffix::list())
}

/// ListenerSets that their Gateway does not let in, and listeners in them that its own ones keep out.
pub(super) fn check_sets(sets: &[ListenerSet<'_>], gateways: &[Gateway<'_>], out: &mut Vec<Diagnostic>) {
    let by_name: BTreeMap<&str, &Gateway<'_>> =
        gateways.iter().rev().map(|gateway| (gateway.name.as_ref(), gateway)).collect();
    for set in sets {
        let Some(gateway) = by_name.get(set.gateway.as_ref()).filter(|gateway| gateway.rendered) else {
            continue;
        };
        if let Some(from) = shut(gateway, set.namespace) {
            let message = format!(
                "Gateway `{}` lets no ListenerSet of namespace {} join: its `allowedListeners.namespaces.from` is {from}",
                gateway.name,
                quoted(set.namespace)
            );
            out.push(
                Diagnostic::error(LISTENER_SET_NOT_JOINED.code, set.path.clone(), message)
                    .source(LISTENER_SET_NOT_JOINED.source)
                    .hint("take `allowedListeners` out, so that the namespaces of organizations are let in, or set `from: All`"),
            );
        }
        for listener in &set.listeners {
            out.extend(listener_conflicts::with_gateway(gateway, listener));
        }
    }
}

/// Why no ListenerSet of a namespace may join, as far as values tell: whom a selector picks, they do not.
fn shut<'g>(gateway: &'g Gateway<'_>, namespace: &str) -> Option<&'g str> {
    let namespaces = gateway.allowed_listeners.as_ref()?.get("namespaces");
    let from =
        namespaces.and_then(|namespaces| namespaces.get("from")).and_then(Node::as_text).unwrap_or("None");
    match from {
        "All" | "Selector" => None,
        "Same" if namespace == gateway.namespace => None,
        from => Some(from),
    }
}
