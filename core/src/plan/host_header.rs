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
use crate::profile::{Form, HostRewrite, Profile};
use crate::release::Kind;
use crate::shorten::listed;
use crate::tree::{Node, Value};
use crate::values::{Host, HostHeader};

/// The upstream will see a host name it may not know.
const HOST_HEADER_PRESERVED: Code = Code("host-header-preserved");

/// What the backends of a rule ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wish<'v> {
    /// The client's name.
    Keep,
    /// This name; whether it is the endpoint's own.
    Name(&'v str, bool),
    /// Each endpoint's own; the object has several.
    Various,
}

/// Adds to each rule what its backends ask for; true if Envoy Gateway's filter must exist for the route.
pub(super) fn apply<'v>(place: &InRoute<'_, 'v>, rules: &mut [Made<'v>], out: &mut Vec<Diagnostic>) -> bool {
    let InRoute { context, draft, profile } = place;
    if !matches!(draft.kind, Kind::HttpRoute | Kind::GrpcRoute) {
        return false;
    }
    let mut needs_filter = false;
    for made in rules {
        let wishes: Vec<Wish<'v>> = made
            .behind
            .iter()
            .map(|behind| behind.map_or(Wish::Keep, |index| wish(&context.backends.list[index])))
            .collect();
        if asks_for_an_address(made, &context.backends.list) {
            out.push(preserved(&wishes, "an IP address is no host name", made, draft.kind, profile));
        }
        if wishes.iter().all(|wish| *wish == Wish::Keep) || has_own_rewrite(made) {
            continue;
        }
        let way = way(made, &wishes, &context.backends.list, draft.kind, profile);
        match way {
            Way::Rule(name) => rewrite_rule(made, name),
            Way::Backends => rewrite_backends(made, &wishes, profile),
            Way::Filter => {
                needs_filter = true;
                made.rule.filters.push(Cow::Owned(extension(draft)));
            }
            Way::No(why) => out.push(preserved(&wishes, why, made, draft.kind, profile)),
        }
    }
    needs_filter
}

/// What one backend asks for.
fn wish<'v>(backend: &Backend<'v>) -> Wish<'v> {
    match &backend.service.host_header {
        HostHeader::Preserve => Wish::Keep,
        HostHeader::Named(name) => Wish::Name(name.as_str(), false),
        HostHeader::Auto | HostHeader::Endpoint => {
            let mut names = backend.endpoints.iter().map(|endpoint| match &endpoint.host {
                Host::Name(name) => Some(name.as_str()),
                Host::Ip(_) => None,
            });
            match names.next().flatten() {
                Some(first) if names.all(|name| name == Some(first)) => Wish::Name(first, true),
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
enum Way<'v> {
    /// One name by a URLRewrite filter of the rule.
    Rule(&'v str),
    /// A filter at each backend that asks.
    Backends,
    /// Envoy Gateway's HTTPRouteFilter.
    Filter,
    /// Not at all; why.
    No(&'static str),
}

fn way<'v>(
    made: &Made<'_>,
    wishes: &[Wish<'v>],
    backends: &[Backend<'_>],
    kind: Kind,
    profile: &Profile,
) -> Way<'v> {
    let name_of = |wish: &Wish<'v>| match wish {
        Wish::Name(name, _) => Some(*name),
        Wish::Keep | Wish::Various => None,
    };
    let http = kind == Kind::HttpRoute;
    let first = wishes.first().and_then(name_of);
    let one = first.filter(|first| wishes.iter().all(|wish| name_of(wish) == Some(*first)));
    let various = wishes.contains(&Wish::Various);
    // Envoy Gateway's filter gives every backend by host name its own: nobody may ask for anything else.
    let all_own = wishes.iter().zip(&made.behind).all(|(wish, behind)| match wish {
        Wish::Name(_, own) => *own,
        Wish::Various => true,
        Wish::Keep => behind.is_none_or(|index| !has_name(&backends[index])),
    });
    // The filter takes the name from the endpoint, and the relay's endpoint is a pod at an address.
    let relayed = wishes.iter().zip(&made.behind).any(|(wish, behind)| {
        *wish != Wish::Keep && behind.is_some_and(|index| backends[index].form == Form::Relay)
    });
    let full = made.rule.filters.len() >= FILTERS_MAX;
    let has_rewrite = made.rule.filters.iter().any(|filter| filter.get("urlRewrite").is_some());
    match (profile.host_rewrite.value, one) {
        (HostRewrite::Never, _) => Way::No("the controller rewrites no host names"),
        (_, Some(_)) if http && full && !has_rewrite => {
            Way::No("the rule has as many filters as a rule may have")
        }
        (_, Some(name)) if http => Way::Rule(name),
        (HostRewrite::EnvoyGatewayFilter | HostRewrite::Backend, _) if http && !various => Way::Backends,
        (HostRewrite::EnvoyGatewayFilter, _) if full => {
            Way::No("the rule has as many filters as a rule may have")
        }
        (HostRewrite::EnvoyGatewayFilter, _) if relayed => {
            Way::No("Envoy Gateway's filter takes the name from the endpoint, and the relay's pod has none")
        }
        (HostRewrite::EnvoyGatewayFilter, _) if all_own => Way::Filter,
        (HostRewrite::EnvoyGatewayFilter, _) => {
            Way::No("its filter gives each backend its own name, and one asks for another")
        }
        (HostRewrite::HostHeader, _) if !various => Way::Backends,
        _ if !http => Way::No("GRPCRoute has no filter for it"),
        _ => Way::No("its backends have different names, and the controller rewrites one name a rule"),
    }
}

fn has_name(backend: &Backend<'_>) -> bool {
    backend.endpoints.iter().any(|endpoint| matches!(endpoint.host, Host::Name(_)))
}

/// A user's own rewrite of the host name stands.
fn has_own_rewrite(made: &Made<'_>) -> bool {
    made.rule.filters.iter().any(|filter| rewrites_host(filter))
}

fn rewrites_host(filter: &Node<'_>) -> bool {
    filter.get("urlRewrite").is_some_and(|rewrite| rewrite.get("hostname").is_some())
}

fn rewrite_rule<'v>(made: &mut Made<'v>, name: &'v str) {
    join(&mut made.rule.filters, "urlRewrite", url_rewrite(name));
}

fn rewrite_backends<'v>(made: &mut Made<'v>, wishes: &[Wish<'v>], profile: &Profile) {
    for (backend, wish) in made.rule.backends.iter_mut().zip(wishes) {
        let Wish::Name(name, _) = wish else { continue };
        if backend.filters.iter().any(|filter| rewrites_host(filter)) {
            continue;
        }
        if profile.host_rewrite.value == HostRewrite::HostHeader {
            set_host(&mut backend.filters, name);
        } else {
            join(&mut backend.filters, "urlRewrite", url_rewrite(name));
        }
    }
}

/// Joins a filter of the same type, of which there may be one only.
fn join<'v>(filters: &mut Vec<Cow<'v, Node<'v>>>, part: &'static str, filter: Node<'v>) {
    let Some(own) = filters.iter_mut().find(|own| own.get(part).is_some()) else {
        filters.push(Cow::Owned(filter));
        return;
    };
    let mut settings = own.get(part).cloned().unwrap_or(Node::NULL);
    for entry in filter.get(part).and_then(Node::as_map).into_iter().flatten() {
        if let Value::Map(map) = &mut settings.value {
            map.insert(entry.key.clone(), entry.value.clone());
        }
    }
    *own = Cow::Owned(own.as_ref().clone().with(part, settings));
}

/// Sets Host by a header modifier, beside what the user sets there; a Host of theirs stands.
fn set_host<'v>(filters: &mut Vec<Cow<'v, Node<'v>>>, name: &'v str) {
    const PART: &str = "requestHeaderModifier";
    let own = filters.iter().find_map(|filter| filter.get(PART)?.get("set"));
    let mut headers = own.and_then(Node::as_list).unwrap_or_default().to_vec();
    let is_host = |header: &Node<'_>| {
        header.get("name").and_then(Node::as_text).is_some_and(|name| name.eq_ignore_ascii_case("host"))
    };
    if headers.iter().any(is_host) {
        return;
    }
    headers.push(Node::map([("name", Node::text("Host")), ("value", Node::text(name))]));
    let modifier = Node::map([("set", Node::list(headers))]);
    join(filters, PART, Node::map([("type", Node::text("RequestHeaderModifier")), (PART, modifier)]));
}

fn url_rewrite(name: &str) -> Node<'_> {
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

fn preserved(wishes: &[Wish<'_>], why: &str, made: &Made<'_>, kind: Kind, profile: &Profile) -> Diagnostic {
    let names: Vec<_> = wishes
        .iter()
        .filter_map(|wish| match wish {
            Wish::Name(name, _) => Some(format!("`{name}`")),
            _ => None,
        })
        .collect();
    let what = if names.is_empty() { "their own names".to_owned() } else { listed(names) };
    let hint = match (profile.host_rewrite.value, kind) {
        (HostRewrite::Never, _) => "set `hostHeader: preserve` if that is meant, or use another controller",
        (_, Kind::GrpcRoute) => {
            "set `hostHeader: preserve` if that is meant, or use profile envoy-gateway or istio, which can say it for gRPC"
        }
        _ => {
            "set `hostHeader: preserve` if that is meant, or one `hostHeader` name for all of the rule's services"
        }
    };
    let message =
        format!("upstreams see the client's host name instead of {what}: {why} ({})", profile.title);
    Diagnostic::warning(HOST_HEADER_PRESERVED, made.rule.path.clone(), message)
        .level(Level::Controller)
        .source(profile.host_rewrite.source)
        .hint(hint)
}
