//! BackendTLSPolicies: one for each object that stands for an encrypted upstream.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::{Backend, ObjectRef, TlsPolicy};
use crate::profile::Form;
use crate::release::{Kind, Target};

/// A policy for every backend that is encrypted and checked by one.
pub(super) fn policies<'v>(backends: &[Backend<'v>], target: Target) -> Vec<TlsPolicy<'v>> {
    let mut taken = BTreeSet::new();
    backends
        .iter()
        .filter(|backend| backend.form != Form::XBackend)
        .filter_map(|backend| {
            let tls = backend.tls.as_ref().filter(|tls| !tls.skip_verify)?;
            let target = policy_target(backend, target);
            // With two profiles one service may be two objects of one name.
            let name = if taken.insert((backend.namespace, backend.name.clone())) {
                backend.name.clone()
            } else {
                Cow::Owned(format!("{}-{}", backend.name, target.kind.to_ascii_lowercase()))
            };
            Some(TlsPolicy {
                name,
                namespace: backend.namespace,
                target,
                hostname: tls.hostname.clone()?,
                name_checked: backend.profile.quirks.name_unchecked.is_none(),
                service: backend.service,
            })
        })
        .collect()
}

/// A policy names the object itself, which for a ServiceEntry is not what a route names.
fn policy_target<'v>(backend: &Backend<'v>, target: Target) -> ObjectRef<'v> {
    if backend.form == Form::ServiceEntry {
        let served = Kind::IstioServiceEntry.newest();
        return ObjectRef { group: served.group(), kind: served.kind, name: backend.name.clone() };
    }
    super::rules::object_ref(backend, target)
}
