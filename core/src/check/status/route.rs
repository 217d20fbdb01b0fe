//! What a controller writes into the status of a route.

use serde::Serialize;

use super::condition::{Condition, NOT_GIVEN, PENDING, Truth};
use super::mixed::Refusals;
use crate::check::attach::{self, Attachments, Doubt, Outcome, Reference};
use crate::check::model::{FilterKind, Model, ParentRef, Route, Rule};
use crate::check::rule::{backends, words};
use crate::check::settings::Settings;

/// The status of a route.
#[derive(Debug, Serialize)]
pub struct RouteStatus<'c> {
    /// Its kind.
    pub kind: &'static str,
    /// Its namespace.
    pub namespace: &'c str,
    /// Its name.
    pub name: &'c str,
    /// One entry a parentRef that names a Gateway or ListenerSet.
    pub parents: Vec<ParentStatus<'c>>,
}

/// The status of a route at one of its parents.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ParentStatus<'c> {
    /// The parent, as the route names it.
    pub parent_ref: ParentName<'c>,
    /// `Accepted` and `ResolvedRefs`.
    pub conditions: Vec<Condition>,
}

/// A parentRef, as the route has it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ParentName<'c> {
    /// Its group.
    pub group: &'c str,
    /// Its kind.
    pub kind: &'c str,
    /// Its namespace, if the route names one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<&'c str>,
    /// Its name.
    pub name: &'c str,
    /// The one listener.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub section_name: Option<&'c str>,
    /// The listeners' port.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub port: Option<i64>,
}

/// The status of the route of this index in the model.
pub(super) fn status<'c>(
    at: usize,
    model: &'c Model<'c>,
    attachments: &Attachments<'_>,
    refusals: &Refusals<'_>,
    settings: &Settings,
) -> Option<RouteStatus<'c>> {
    let (route, parents) = (model.routes.get(at)?, attachments.routes.get(at)?);
    let resolved = resolved_refs(route, attachments, settings);
    let judged = route.parents.iter().zip(parents).filter(|(_, found)| found.outcome != Outcome::NotJudged);
    let parent = |(parent, found): (&'c ParentRef<'c>, &attach::Parent)| ParentStatus {
        parent_ref: name(parent),
        conditions: vec![
            match accepted(route, parent, found, model, attachments) {
                accepted if accepted.status == Truth::True => {
                    refusals.accepted(at, found).unwrap_or(accepted)
                }
                other => other,
            },
            resolved.clone(),
        ],
    };
    Some(RouteStatus {
        kind: route.kind,
        namespace: &route.meta.namespace,
        name: &route.meta.name,
        parents: judged.map(parent).collect(),
    })
}

fn name<'c>(parent: &'c ParentRef<'c>) -> ParentName<'c> {
    ParentName {
        group: &parent.target.group,
        kind: &parent.target.kind,
        namespace: parent.target.namespace.as_deref(),
        name: &parent.target.name,
        section_name: parent.section.as_deref(),
        port: parent.port,
    }
}

/// Source of the reasons: Gateway API v1.6.1, `apis/v1/shared_types.go:341-396`. For a parent that does
/// not exist no controller writes anything (`:521`, `:573`); the reason says what is the matter all the same.
fn accepted(
    route: &Route<'_>,
    parent: &ParentRef<'_>,
    found: &attach::Parent,
    model: &Model<'_>,
    attachments: &Attachments<'_>,
) -> Condition {
    let no = |reason, message: String| Condition::new("Accepted", Truth::False, reason, message);
    match found.outcome {
        Outcome::Accepted if !route.rules.is_empty() && route.rules.iter().all(incompatible) => {
            no("IncompatibleFilters", "every rule both redirects and rewrites".to_owned())
        }
        Outcome::Accepted => Condition::holds("Accepted", "Accepted"),
        Outcome::NoMatchingParent => {
            no("NoMatchingParent", words::no_parent(model, attachments, route, parent, found.target))
        }
        Outcome::NotAllowedByListeners => {
            no("NotAllowedByListeners", words::refusals(attachments, route, found))
        }
        Outcome::NoMatchingListenerHostname => no(
            "NoMatchingListenerHostname",
            "no listener has a host in common with `spec.hostnames`".to_owned(),
        ),
        Outcome::Unknown(Doubt::Parent) => {
            let words = words::absent_parent(model, attachments, route, &parent.target);
            Condition::new("Accepted", Truth::Unknown, PENDING, words)
        }
        Outcome::Unknown(doubt) => Condition::new("Accepted", Truth::Unknown, PENDING, doubt.words()),
        Outcome::NotJudged => Condition::new("Accepted", Truth::Unknown, PENDING, ""),
    }
}

fn incompatible(rule: &Rule<'_>) -> bool {
    let any = |wanted: fn(&FilterKind<'_>) -> bool| rule.filters.iter().any(|filter| wanted(&filter.kind));
    any(|kind| matches!(kind, FilterKind::Redirect { .. } | FilterKind::UnreadRedirect))
        && any(|kind| matches!(kind, FilterKind::Rewrite { .. }))
}

/// The first reference that cannot be used gives the reason; it does not change `Accepted`.
///
/// Source of the reasons: v1.6.1, `apis/v1/shared_types.go:398-442`.
fn resolved_refs(route: &Route<'_>, attachments: &Attachments<'_>, settings: &Settings) -> Condition {
    let mut unknown = None;
    for (_, backend) in backends::of(route) {
        let found = attach::backend(&attachments.index, settings.profile, route, backend);
        if let Some(reason) = found.reason() {
            return Condition::new(
                "ResolvedRefs",
                Truth::False,
                reason,
                words::backend(found, route, backend),
            );
        }
        if unknown.is_none() && found != Reference::Resolved {
            unknown = Some(words::backend(found, route, backend));
        }
    }
    match unknown {
        Some(words) => Condition::new("ResolvedRefs", Truth::Unknown, NOT_GIVEN, words),
        None => Condition::holds("ResolvedRefs", "ResolvedRefs"),
    }
}
