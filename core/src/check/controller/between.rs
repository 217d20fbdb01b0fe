//! Features that objects use together.

use std::borrow::Cow;

use super::features::Feature;
use super::uses::Use;
use crate::check::attach::{Attempt, Parent};
use crate::check::model::Mode;
use crate::check::rule::finding::{is_service, namespace_of};
use crate::check::rule::{Context, backends};
use crate::path::Path;

/// HTTPRoutes to a port that speaks HTTP/2 without TLS.
pub(super) fn h2c(context: &Context<'_>, feature: &'static Feature, out: &mut Vec<Use>) {
    protocol("kubernetes.io/h2c", context, feature, out);
}

/// HTTPRoutes to a port that speaks WebSocket.
pub(super) fn web_socket(context: &Context<'_>, feature: &'static Feature, out: &mut Vec<Use>) {
    protocol("kubernetes.io/ws", context, feature, out);
}

fn protocol(protocol: &str, context: &Context<'_>, feature: &'static Feature, out: &mut Vec<Use>) {
    for route in context.model.routes.iter().filter(|route| route.kind == "HTTPRoute") {
        for (place, backend) in backends::of(route).filter(|(_, backend)| is_service(&backend.target)) {
            let namespace = Cow::Borrowed(namespace_of(&backend.target, &route.meta));
            let key = (namespace, Cow::Borrowed(backend.target.name.as_ref()));
            let Some(service) = context.model.services.get(&key) else { continue };
            let mut ports = service.ports.iter();
            if ports.any(|port| Some(port.number) == backend.port && port.app_protocol == protocol) {
                out.push(Use::new(&route.meta, route.kind, feature, place.path()));
            }
        }
    }
}

/// TLSRoutes on a listener that ends TLS.
pub(super) fn terminated_tls(context: &Context<'_>, feature: &'static Feature, out: &mut Vec<Use>) {
    let routes = context.model.routes.iter().zip(&context.attach.routes);
    for (route, parents) in routes.filter(|(route, _)| route.kind == "TLSRoute") {
        if let Some(index) = parents.iter().position(|parent| is_terminated(context, parent)) {
            let path = Path::ROOT.key("spec").key("parentRefs").index(index);
            out.push(Use::new(&route.meta, route.kind, feature, path));
        }
    }
}

fn is_terminated(context: &Context<'_>, parent: &Parent) -> bool {
    let mut taken = parent.candidates.iter().filter(|(_, attempt)| *attempt == Attempt::Attached);
    taken.any(|(id, _)| {
        let listener = context.attach.listener(*id).map(|joined| joined.listener);
        listener.is_some_and(|listener| {
            listener.protocol == "TLS" && listener.tls.as_ref().is_none_or(|tls| tls.mode == Mode::Terminate)
        })
    })
}
