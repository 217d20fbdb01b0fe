//! Which host name an upstream sees.
//!
//! A virtual host on the internet answers 404 or 421 to a name it does not know, so requests to an
//! upstream named by DNS get that name, wherever an object of the controller can say so.

use std::borrow::Cow;

use super::Backend;
use super::routes::Draft;
use super::rules::{InRoute, Made};
use crate::diagnostic::{Code, Diagnostic, Level};
use crate::limits::FILTERS_MAX;
use crate::profile::{HostRewrite, Profile};
use crate::release::Kind;
use crate::tree::Node;
use crate::values::{Host, HostHeader};

/// The upstream will see a host name it may not know.
const HOST_HEADER_PRESERVED: Code = Code("host-header-preserved");

/// What the backends of a rule ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Wish {
    /// The client's name.
    Keep,
    /// This name.
    Name(String),
    /// Each endpoint's own; the object has several.
    Various,
}

/// Adds to each rule what its backends ask for; true if Envoy Gateway's filter must exist for the route.
pub(super) fn apply<'v>(place: &InRoute<'_, 'v>, rules: &mut [Made<'v>], out: &mut Vec<Diagnostic>) -> bool {
    let InRoute { making, draft, profile } = place;
    if !matches!(draft.kind, Kind::HttpRoute | Kind::GrpcRoute) {
        return false;
    }
    let mut needs_filter = false;
    for made in rules {
        let wishes: Vec<Wish> = made
            .behind
            .iter()
            .map(|behind| behind.map_or(Wish::Keep, |index| wish(&making.backends.list[index])))
            .collect();
        if asks_for_an_address(made, &making.backends.list) {
            out.push(preserved(&wishes, "an IP address is no host name", made, profile));
        }
        if wishes.iter().all(|wish| *wish == Wish::Keep) || has_own_rewrite(made) {
            continue;
        }
        let way = way(&wishes, draft.kind, profile, made.rule.filters.len());
        match way {
            Way::Rule(name) => rewrite_rule(made, name),
            Way::Backends => rewrite_backends(made, &wishes, profile),
            Way::Filter => {
                needs_filter = true;
                made.rule.filters.push(Cow::Owned(extension(draft)));
            }
            Way::No(why) => out.push(preserved(&wishes, why, made, profile)),
        }
    }
    needs_filter
}

/// What one backend asks for.
fn wish(backend: &Backend<'_>) -> Wish {
    match &backend.service.host_header {
        HostHeader::Preserve => Wish::Keep,
        HostHeader::Named(name) => Wish::Name(name.as_str().to_owned()),
        HostHeader::Auto | HostHeader::Endpoint => {
            let mut names = backend.endpoints.iter().map(|endpoint| match &endpoint.host {
                Host::Name(name) => Some(name.as_str()),
                Host::Ip(_) => None,
            });
            match names.next().flatten() {
                Some(first) if names.all(|name| name == Some(first)) => Wish::Name(first.to_owned()),
                Some(_) => Wish::Various,
                None => Wish::Keep,
            }
        }
    }
}

/// `hostHeader: endpoint` over an endpoint that has no name.
fn asks_for_an_address(made: &Made<'_>, backends: &[Backend<'_>]) -> bool {
    made.behind.iter().flatten().map(|index| &backends[*index]).any(|backend| {
        backend.service.host_header == HostHeader::Endpoint
            && backend.endpoints.iter().any(|endpoint| matches!(endpoint.host, Host::Ip(_)))
    })
}

/// How a rule's wishes are met.
enum Way {
    /// One name by a URLRewrite filter of the rule.
    Rule(String),
    /// A filter at each backend that asks.
    Backends,
    /// Envoy Gateway's HTTPRouteFilter.
    Filter,
    /// Not at all; why.
    No(&'static str),
}

fn way(wishes: &[Wish], kind: Kind, profile: &Profile, filters: usize) -> Way {
    let rewrite = profile.host_rewrite.value;
    if filters >= FILTERS_MAX {
        return Way::No("the rule has as many filters as a rule may have");
    }
    let http = kind == Kind::HttpRoute;
    let one = match wishes.first() {
        Some(Wish::Name(name)) if wishes.iter().all(|wish| *wish == Wish::Name(name.clone())) => {
            Some(name.clone())
        }
        _ => None,
    };
    let various = wishes.contains(&Wish::Various);
    match (rewrite, one) {
        (HostRewrite::Never, _) => Way::No("the controller rewrites no host names"),
        (_, Some(name)) if http => Way::Rule(name),
        (HostRewrite::EnvoyGatewayFilter, _) if !http || various => Way::Filter,
        (HostRewrite::EnvoyGatewayFilter | HostRewrite::Backend, _) if http && !various => Way::Backends,
        (HostRewrite::HostHeader, _) if !various => Way::Backends,
        _ if !http => Way::No("GRPCRoute has no filter for it"),
        _ => Way::No("its backends have different names, and the controller rewrites one name a rule"),
    }
}

/// A user's own rewrite of the host name, or change of Host, stands.
fn has_own_rewrite(made: &Made<'_>) -> bool {
    let sets_host =
        |filter: &Node<'_>| filter.get("urlRewrite").is_some_and(|rewrite| rewrite.get("hostname").is_some());
    made.rule.filters.iter().any(|filter| sets_host(filter))
}

/// Joins a URLRewrite that the rule has already, since it may have one only.
fn rewrite_rule(made: &mut Made<'_>, name: String) {
    let own = made.rule.filters.iter_mut().find(|filter| filter.get("urlRewrite").is_some());
    if let Some(own) = own {
        let joined = own.get("urlRewrite").cloned().unwrap_or(Node::NULL).with("hostname", Node::text(name));
        *own = Cow::Owned(own.as_ref().clone().with("urlRewrite", joined));
    } else {
        made.rule.filters.push(Cow::Owned(url_rewrite(name)));
    }
}

fn rewrite_backends(made: &mut Made<'_>, wishes: &[Wish], profile: &Profile) {
    for (backend, wish) in made.rule.backends.iter_mut().zip(wishes) {
        let Wish::Name(name) = wish else { continue };
        let filter = if profile.host_rewrite.value == HostRewrite::HostHeader {
            let header = Node::map([("name", Node::text("Host")), ("value", Node::text(name.clone()))]);
            let modifier = Node::map([("set", Node::list([header]))]);
            Node::map([("type", Node::text("RequestHeaderModifier")), ("requestHeaderModifier", modifier)])
        } else {
            url_rewrite(name.clone())
        };
        backend.filters.push(Cow::Owned(filter));
    }
}

fn url_rewrite<'v>(name: String) -> Node<'v> {
    let rewrite = Node::map([("hostname", Node::text(name))]);
    Node::map([("type", Node::text("URLRewrite")), ("urlRewrite", rewrite)])
}

fn extension<'v>(draft: &Draft<'v>) -> Node<'v> {
    let served = Kind::EnvoyGatewayHttpRouteFilter.newest();
    let reference = Node::map([
        ("group", Node::text(served.group())),
        ("kind", Node::text(served.kind)),
        ("name", Node::text(draft.name.clone())),
    ]);
    Node::map([("type", Node::text("ExtensionRef")), ("extensionRef", reference)])
}

fn preserved(wishes: &[Wish], why: &str, made: &Made<'_>, profile: &Profile) -> Diagnostic {
    let names: Vec<_> = wishes
        .iter()
        .filter_map(|wish| match wish {
            Wish::Name(name) => Some(format!("`{name}`")),
            _ => None,
        })
        .take(3)
        .collect();
    let what = if names.is_empty() { "their own names".to_owned() } else { names.join(", ") };
    let message =
        format!("upstreams see the client's host name instead of {what}: {why} ({})", profile.title);
    Diagnostic::warning(HOST_HEADER_PRESERVED, made.rule.path.clone(), message)
        .level(Level::Controller)
        .source(profile.host_rewrite.source)
        .hint("set `hostHeader: preserve` if that is meant, or one `hostHeader` name for all of the rule's services")
}
