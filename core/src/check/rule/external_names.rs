//! Every backend that is a Service of type ExternalName.

use std::borrow::Cow;

use super::Context;
use super::backends::{self, BackendPlace};
use super::finding::{full_name, is_service, namespace_of};
use crate::check::model::Route;

/// Each with its route, its place there and its name in words.
pub(in crate::check) fn of<'c>(
    context: &'c Context<'_>,
) -> impl Iterator<Item = (&'c Route<'c>, BackendPlace, String)> {
    let services = &context.model.services;
    let any = services.values().any(|service| service.external_name);
    let routes = context.model.routes.iter().filter(move |_| any);
    let all = routes.flat_map(|route| backends::of(route).map(move |found| (route, found)));
    all.filter_map(|(route, (place, backend))| {
        let target = &backend.target;
        let namespace = namespace_of(target, &route.meta);
        let key = (Cow::Borrowed(namespace), Cow::Borrowed(target.name.as_ref()));
        let external = is_service(target) && services.get(&key).is_some_and(|service| service.external_name);
        external.then(|| (route, place, full_name("Service", namespace, &target.name)))
    })
}
