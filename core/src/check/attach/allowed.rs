//! Which routes a listener, and which ListenerSets a Gateway allows.

use super::known::Known;
use crate::check::model::{From, Labels, Listener, Mode, Model, Selector};
use crate::check::settings::Settings;
use crate::release::{GATEWAY_GROUP, NAME_LABEL, Release, Target};

/// The kinds of routes that a listener's protocol can carry; `None` for protocols of a controller's own.
///
/// A TLS listener that terminates took TCPRoutes until 1.4 (`site-src/guides/tls.md:37` at v1.4.1);
/// from 1.5 on TLSRoutes only (`CHANGELOG/1.5-CHANGELOG.md:297`, #4427).
///
/// Source of the rest: Gateway API v1.6.1, `apis/v1/gateway_types.go:90-103`; conformance tests
/// `tlsroute-listener-{passthrough,terminate}-supported-kinds` of v1.7.0.
pub fn protocol_kinds(listener: &Listener<'_>, target: Target) -> Option<&'static [&'static str]> {
    match listener.protocol.as_ref() {
        "HTTP" | "HTTPS" => Some(&["HTTPRoute", "GRPCRoute"]),
        "TLS" => {
            let terminates = listener.tls.as_ref().is_none_or(|tls| tls.mode == Mode::Terminate);
            let old = terminates && target.release <= Release::V1_4;
            Some(if old { &["TLSRoute", "TCPRoute"] } else { &["TLSRoute"] })
        }
        "TCP" => Some(&["TCPRoute"]),
        "UDP" => Some(&["UDPRoute"]),
        // A core protocol has no domain: whatever else has none does not exist.
        other if !other.contains('/') => Some(&[]),
        _ => None,
    }
}

/// Whether the profile's controller refuses every kind of route that a listener's protocol carries.
pub fn is_refused(listener: &Listener<'_>, settings: &Settings) -> bool {
    let kind = match listener.protocol.as_ref() {
        "TLS" => "TLSRoute",
        "TCP" => "TCPRoute",
        "UDP" => "UDPRoute",
        _ => return false,
    };
    settings.profile.is_some_and(|profile| profile.refuses(kind))
}

/// Whether routes of this kind may attach: the protocol carries it, and `allowedRoutes.kinds`, where
/// there are any, name it.
pub fn kind(listener: &Listener<'_>, kind: &str, target: Target) -> Known {
    let named = listener.allowed.kinds.is_empty()
        || listener.allowed.kinds.iter().any(|(group, allowed)| group == GATEWAY_GROUP && allowed == kind);
    let carried = match protocol_kinds(listener, target) {
        Some(kinds) => Known::of(kinds.contains(&kind)),
        // Only the controller knows; a kind that the listener names is taken at its word.
        None if listener.allowed.kinds.is_empty() => Known::Unknown,
        None => Known::Yes,
    };
    carried.and(Known::of(named))
}

/// Whether objects of a namespace are meant; `own` is the namespace of the Gateway or ListenerSet.
pub fn namespace(
    from: &From<'_>,
    own: &str,
    namespace: &str,
    model: &Model<'_>,
    settings: &Settings,
) -> Known {
    match from {
        From::All => Known::Yes,
        From::None | From::Selector(None) => Known::No,
        From::Same => Known::of(own == namespace),
        From::Selector(Some(selector)) => match model.namespaces.get(namespace) {
            Some(labels) => Known::of(selector.selects(labels)),
            None => selects_unseen(selector, namespace, settings.complete),
        },
    }
}

/// Whether a namespace that is not in the input is meant. Of such a one only its name is known.
fn selects_unseen(selector: &Selector<'_>, namespace: &str, complete: bool) -> Known {
    if complete {
        let labels: Labels<'_> = Box::new([(NAME_LABEL.into(), namespace.into())]);
        return Known::of(selector.selects(&labels));
    }
    let label = |known: bool, key: &str| if key == NAME_LABEL { Known::of(known) } else { Known::Unknown };
    let labels = selector.labels.iter().map(|(key, wanted)| label(wanted == namespace, key));
    let expressions = selector
        .expressions
        .iter()
        .map(|expression| label(expression.meets(Some(namespace)), &expression.key));
    labels.chain(expressions).fold(Known::Yes, Known::and)
}
