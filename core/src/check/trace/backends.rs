//! Where a rule's requests go.

use super::Tracer;
use super::answer::{Answer, BackendDoubt, Forwarded, Share, Upstream};
use super::filters::{self, Connection};
use crate::check::attach::kinds::is_service;
use crate::check::attach::{Reference, backend, is_distrusted, of_another_transport};
use crate::check::model::{BackendRef, Match, Route, Rule};
use crate::check::rule::finding::full_name;
use crate::check::rule::words;

/// What is shared out: a request, with the match that it met, or a connection, which has neither.
#[derive(Clone, Copy)]
pub(super) struct Traffic<'r> {
    pub(super) connection: &'r Connection,
    pub(super) matched: Option<&'r Match<'r>>,
    pub(super) request: Option<&'r Forwarded>,
}

impl<'c> Tracer<'_, 'c> {
    /// The share of each backend: its weight in the sum of all. One that cannot be used keeps its share,
    /// which is answered 500; one of weight 0 gets nothing.
    ///
    /// Source: Gateway API v1.6.1, `apis/v1/shared_types.go:315-333`, `apis/v1/httproute_types.go:267-288`.
    pub(super) fn shares(
        &mut self,
        route: &'c Route<'c>,
        rule: &'c Rule<'c>,
        traffic: Traffic<'_>,
    ) -> Vec<Share<'c>> {
        let sum: i64 = rule.backends.iter().map(|found| found.weight.max(0)).sum();
        #[allow(
            clippy::cast_precision_loss,
            reason = "weights are at most a million each, sixteen to a rule"
        )]
        let part = |weight: i64| if sum == 0 { 0.0 } else { weight.max(0) as f64 / sum as f64 };
        let backends = rule.backends.iter();
        let shares = backends.map(|found| self.share(route, found, part(found.weight), traffic)).collect();
        if sum == 0 && !rule.backends.is_empty() {
            self.notes.push("every weight is 0: Gateway API does not say what is answered".to_owned());
        }
        shares
    }

    fn share(
        &mut self,
        route: &'c Route<'c>,
        found: &'c BackendRef<'c>,
        share: f64,
        Traffic { connection, matched, request }: Traffic<'_>,
    ) -> Share<'c> {
        let index = &self.attachments.index;
        let target = &found.target;
        let namespace = target.namespace_from(&route.meta.namespace);
        let resolved = backend(index, self.settings.profile, route, found);
        if resolved == Reference::KindUnknown {
            self.notes.push(format!("not traced: {}", words::backend(resolved, route, found)));
        }
        let unused = if request.is_some() { "answered with 500" } else { "not connected" };
        let doubt = self.doubt(resolved, route, found);
        if let Some(doubt) = doubt {
            let why = match doubt {
                BackendDoubt::NoGrantGiven => words::backend(resolved, route, found),
                BackendDoubt::NotGiven | BackendDoubt::PortOfAnotherProtocol => {
                    format!("{}: {}", full_name(&target.kind, namespace, &target.name), doubt.words())
                }
            };
            self.notes.push(format!("{why}; if it cannot be used, its share is {unused}"));
        }
        let distrusted = request.is_some() && is_distrusted(index, route, found);
        let invalid = resolved.reason().or_else(|| distrusted.then_some("NoValidCACertificate"));
        let tls = request.and_then(|_| self.upstream(namespace, found));
        let notes = &mut self.notes;
        let own = request.filter(|_| !found.filters.is_empty()).map(|request| {
            let mut request = request.clone();
            if filters::apply(&found.filters, matched, connection, &mut request, notes).is_some() {
                notes.push(format!("requests to `{}` are answered with a redirect", target.name));
            }
            request
        });
        Share {
            kind: Some(target.kind.as_ref()).filter(|kind| *kind != "Service"),
            namespace,
            name: &target.name,
            port: found.port,
            share,
            status: invalid.is_some().then_some(500),
            reason: invalid,
            unused,
            doubt,
            tls,
            request: own,
        }
    }

    /// What speaks against a backend that may be usable. A Service is missed where others of its namespace
    /// were given, as `backend-not-found` has it.
    fn doubt(&self, resolved: Reference, route: &Route<'_>, found: &BackendRef<'_>) -> Option<BackendDoubt> {
        let namespace = found.target.namespace_from(&route.meta.namespace);
        match resolved {
            Reference::GrantUnknown => Some(BackendDoubt::NoGrantGiven),
            Reference::ObjectUnknown if is_service(&found.target) => {
                let from = (namespace.into(), "".into());
                let next = self.model.services.range(from..).next();
                let others = next.is_some_and(|((found, _), _)| found == namespace);
                others.then_some(BackendDoubt::NotGiven)
            }
            Reference::Resolved if is_service(&found.target) => {
                let service = self.attachments.index.service(namespace, &found.target.name)?;
                let other = !of_another_transport(service, route.kind, found.port).is_empty();
                other.then_some(BackendDoubt::PortOfAnotherProtocol)
            }
            _ => None,
        }
    }

    /// What the BackendTLSPolicy of a backend asks for.
    fn upstream(&self, namespace: &str, found: &BackendRef<'_>) -> Option<Upstream> {
        let service = Some(&found.target).filter(|target| is_service(target))?;
        let policy = self.attachments.index.policy(namespace, &service.name, found.port)?;
        Some(Upstream { policy: policy.meta.name.to_string(), hostname: policy.hostname.to_string() })
    }
}

/// Answers by the backends: 200 if one takes it; 500 else, which for gRPC is `UNAVAILABLE`.
///
/// Source: v1.6.1, `apis/v1/httproute_types.go:267-288`, `apis/v1/grpcroute_types.go:258-274`.
pub(super) fn fill(answer: &mut Answer<'_>, grpc: bool) {
    let usable = answer.backends.iter().any(Share::is_usable);
    answer.status = if usable { 200 } else { 500 };
    answer.rejected = (!usable && grpc).then_some("grpc-unavailable");
}

/// Whether a backend takes the request only if there is a grant that was not given.
pub(super) fn hangs_on_a_grant(shares: &[Share<'_>]) -> bool {
    let mut usable = shares.iter().filter(|share| share.is_usable()).peekable();
    usable.peek().is_some() && usable.all(|share| share.doubt == Some(BackendDoubt::NoGrantGiven))
}
