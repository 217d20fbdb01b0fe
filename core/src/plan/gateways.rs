//! Gateways: those of the values, and the one that is derived when there is none.

use std::borrow::Cow;

use super::names::Names;
use super::{Gateway, ProfileReason, api_checks, listeners, namespace_of};
use crate::Scope;
use crate::diagnostic::{Code, Diagnostic, Level};
use crate::path::Path;
use crate::profile::{self, PORTABLE, Profile};
use crate::values::{self, Metadata, Values, nearest};

/// The profile was chosen without the class name saying so.
const PORTABLE_PROFILE: Code = Code("portable-profile");

/// The class is usually served by another controller than the profile's.
const CLASS_OF_ANOTHER: Code = Code("class-of-another");

/// Name of a Gateway that names none, as in the External Gateway Load Balancer chart.
const DEFAULT_NAME: &str = "external-gateway";

/// Plans every Gateway with its listeners. Derived listeners are open to the own namespace until
/// [`listeners::open_to_routes`] knows the routes.
pub(super) fn build<'v>(
    values: &'v Values<'v>,
    scope: &'v Scope,
    names: &Names<'v>,
    out: &mut Vec<Diagnostic>,
) -> Vec<Gateway<'v>> {
    if values.gateways.is_empty() {
        return if needs_gateway(values) { vec![derived(values, scope, names, out)] } else { Vec::new() };
    }
    values.gateways.iter().map(|gateway| written(gateway, values, scope, names, out)).collect()
}

/// Routes that only name parents of other releases need no Gateway of this one.
fn needs_gateway(values: &Values<'_>) -> bool {
    if !values.organizations.list.is_empty() || !values.tenant_routes.is_empty() {
        return true;
    }
    match &values.routes {
        Some(routes) => routes.iter().any(|route| {
            route.parent_refs.is_empty()
                && route.gateway.is_none()
                && route.use_default_gateways != Some("All")
        }),
        None => !values.services.is_empty(),
    }
}

fn derived<'v>(
    values: &'v Values<'v>,
    scope: &'v Scope,
    names: &Names<'v>,
    out: &mut Vec<Diagnostic>,
) -> Gateway<'v> {
    let path = Path::ROOT.key("gateway");
    let (class, profile, profile_reason) = class_and_profile(None, None, values);
    Gateway {
        name: Cow::Borrowed(DEFAULT_NAME),
        namespace: namespace_of(None, scope),
        profile,
        profile_reason,
        class,
        listeners: listeners::derive(values, names, &path, out),
        given: None,
        allowed_listeners: None,
        rendered: values.enabled.gateway,
        bound: None,
        metadata: Metadata::default(),
        path,
    }
}

fn written<'v>(
    gateway: &'v values::Gateway<'v>,
    values: &'v Values<'v>,
    scope: &'v Scope,
    names: &Names<'v>,
    out: &mut Vec<Diagnostic>,
) -> Gateway<'v> {
    let (class, profile, profile_reason) = class_and_profile(gateway.class, gateway.profile, values);
    if values.profile.is_none() && gateway.profile.is_none() && profile.word == PORTABLE.word {
        let message = format!("class `{class}` is no controller's usual one: profile `portable`");
        let path = gateway.path.key("className");
        out.push(match nearest(class, profile::usual_classes()) {
            Some(near) => Diagnostic::warning(PORTABLE_PROFILE, path, message)
                .hint(format!("did you mean `{near}`? If not, set `profile`")),
            None => Diagnostic::info(PORTABLE_PROFILE, path, message)
                .hint("set `profile` to the controller's, if it has one"),
        });
    }
    if let Some(usual) = gateway.class.and_then(profile::of_class)
        && matches!(profile_reason, ProfileReason::Own | ProfileReason::Value)
        && ![usual.word, PORTABLE.word].contains(&profile.word)
    {
        let message = format!(
            "class `{class}` is usually {}'s, but the profile is `{}`",
            usual.product(),
            profile.word
        );
        let hint = format!(
            "set `profile: {}`, or `auto`, which goes by the class; or name another class",
            usual.word
        );
        out.push(
            Diagnostic::warning(CLASS_OF_ANOTHER, gateway.path.key("className"), message)
                .level(Level::Controller)
                .hint(hint),
        );
    }
    if let Some(addresses) = gateway.node.and_then(|node| node.get("addresses")) {
        api_checks::check_addresses(addresses, &gateway.path.key("addresses"), out);
    }
    Gateway {
        name: Cow::Borrowed(gateway.name.unwrap_or(DEFAULT_NAME)),
        namespace: namespace_of(gateway.namespace, scope),
        profile,
        profile_reason,
        class,
        listeners: match &gateway.listeners {
            Some(listeners) => listeners.iter().map(listeners::written).collect(),
            None => listeners::derive(values, names, &gateway.path.key("listeners"), out),
        },
        given: gateway.node,
        allowed_listeners: gateway
            .node
            .and_then(|node| node.get("allowedListeners"))
            .filter(|node| !node.is_empty())
            .map(Cow::Borrowed),
        rendered: values.enabled.gateway,
        bound: None,
        metadata: gateway.metadata,
        path: gateway.path.clone(),
    }
}

/// The class says the profile under `auto`, and the profile says the class where none is named.
fn class_and_profile<'v>(
    class: Option<&'v str>,
    own: Option<&'static Profile>,
    values: &Values<'_>,
) -> (&'v str, &'static Profile, ProfileReason) {
    let named = own
        .map(|profile| (profile, ProfileReason::Own))
        .or(values.profile.map(|profile| (profile, ProfileReason::Value)));
    let class = class.unwrap_or_else(|| named.map_or(&PORTABLE, |(profile, _)| profile).default_class);
    let by_class = || profile::of_class(class).map(|profile| (profile, ProfileReason::Class));
    let (profile, reason) = named.or_else(by_class).unwrap_or((&PORTABLE, ProfileReason::Fallback));
    (class, profile, reason)
}
