//! The grants that objects would need which are there already, and their claims where those are needed: where a cluster
//! with routes starts.

mod shared;
mod written;

use std::collections::{BTreeMap, BTreeSet};

use super::context::{Context, PublicSuffixes};
use super::decision::Decision;
use super::hostname_grant::EVERY_HOST;
use super::judge::Written;
use super::kinds::{GRANTED_BY_DEFAULT, Kind, granted_as};
use super::object::Object;
use super::rule;
use super::settings::{Action, Claims, Settings};
use super::trace::Traced;
use super::view::View;
use crate::diagnostic::{Code, Diagnostic};
use crate::hostname::Hostname;
use crate::path::Path;
use crate::tree::Node;
use shared::{Shared, Users};

/// What stays denied with the grants and claims that were inferred.
const NOT_INFERRED: Code = Code("not-inferred");

/// No object that needs a grant.
const NOTHING_TO_INFER: Code = Code("nothing-to-infer");

/// Claims that were inferred, and permit nothing before they are bound.
const CLAIMS_UNBOUND: Code = Code("claims-unbound");

/// What writes everything that grants are inferred from.
const ASK: &str = "kubectl get gateways,listenersets,httproutes,grpcroutes,tlsroutes,ingresses -A -o json";

/// Host names by the namespace that needs them.
type Needed = BTreeMap<String, BTreeSet<String>>;

/// The grants that every object of a context needs: one a namespace for its routes and claims, and one each for kinds that
/// must be named. Where every name must be claimed, also the claims, each for the only namespace that uses the name. What
/// denies an object although these are given is said.
pub fn infer(context: &Context<'_>, settings: &Settings) -> (Vec<Node<'static>>, Vec<Diagnostic>) {
    let needs_claims = settings.claims == Claims::Require;
    let needs = Settings { needs_grants: true, claims: Claims::Off, ..settings.clone() };
    let view = View::new(context, &needs).without_grants();
    let mut needed: BTreeMap<(String, &str), BTreeSet<String>> = BTreeMap::new();
    let mut users = Users::default();
    let mut is_asked = false;
    each(context, &view, false, |judged| {
        is_asked = true;
        let kind = judged.kind;
        let name = granted_as(kind.name());
        let is_named = kind.needs_kind() && !GRANTED_BY_DEFAULT.contains(&name);
        let name = if is_named { name } else { "" };
        let serves = matches!(kind, Kind::Route(_) | Kind::Ingress)
            || needs_claims && matches!(kind, Kind::ListenerSet(_));
        for asked in judged.decision.trace.iter().filter(|asked| lacks_grant(asked, settings)) {
            needed.entry((judged.namespace.to_owned(), name)).or_default().insert(asked.hostname.clone());
            if serves {
                users.add(&asked.hostname, judged.namespace, || judged.whose());
            }
        }
    });
    let shared = users.shared();
    let mut said = shared.told(needs_claims);
    let mut objects: Vec<Node<'static>> = Vec::new();
    for ((namespace, kind), hosts) in &needed {
        objects.extend(written::grants(namespace, kind, hosts));
    }
    let mut unclaimed = Needed::new();
    if needs_claims {
        let (claims, left) = claims(context, settings, &shared);
        said.extend(unclaimable(&left, &users, &view));
        said.extend(unbound(claims.len()));
        objects.extend(claims);
        unclaimed = left;
    }
    said.extend(denied(context, &objects, settings, &unclaimed));
    if !is_asked {
        let message = "the input has no object that uses host names: there is no grant to infer";
        let hint =
            format!("`{ASK}` writes what a cluster has; a program before it in a pipe may have failed");
        said.push(Diagnostic::error(NOTHING_TO_INFER, Path::ROOT, message).hint(hint));
    }
    (objects, said)
}

/// The claims that objects lack, each for the only namespace that uses the name, and the host names that stay unclaimed.
fn claims(context: &Context<'_>, settings: &Settings, shared: &Shared<'_>) -> (Vec<Node<'static>>, Needed) {
    let claims_only = Settings { needs_grants: false, ..settings.clone() };
    let view = View::new(context, &claims_only);
    let mut lacking = Needed::new();
    each(context, &view, false, |judged| {
        let uses = judged.decision.trace.iter().filter(|asked| lacks_claim(asked));
        let hosts = uses.map(|asked| asked.hostname.clone());
        lacking.entry(judged.namespace.to_owned()).or_default().extend(hosts);
    });
    let mut claims = Vec::new();
    for (namespace, hosts) in &mut lacking {
        let is_free = |host: &String| is_claimable(host, &view) && !shared.is_shared(host, namespace);
        let (free, left) = std::mem::take(hosts).into_iter().partition(is_free);
        claims.extend(written::claims(namespace, &free));
        *hosts = left;
    }
    (claims, lacking)
}

/// Whether a grant is what a use lacks, and could be given: a host name that is not canonical would be refused in it.
fn lacks_grant(asked: &Traced, settings: &Settings) -> bool {
    let of_grants = [
        rule::claim_not_granted::RULE.code,
        rule::hostname_not_granted::RULE.code,
        rule::hostname_inherited::RULE.code,
        rule::hostname_in_annotation::RULE.code,
    ];
    let lacks = |code: &'static str| {
        of_grants.contains(&Code(code)) || rule::action(Code(code), settings) != Action::Deny
    };
    let is_grantable = asked.hostname == EVERY_HOST || Hostname::canonical(&asked.hostname).is_ok();
    asked.fault.is_some_and(lacks) && is_grantable
}

/// Whether no claim at all is what a use lacks: one that is there is for its binder.
fn lacks_claim(asked: &Traced) -> bool {
    asked.fault == Some(rule::hostname_not_claimed::RULE.code.0) && asked.own_claim.is_none()
}

/// Whether anybody could claim a host name.
fn is_claimable(host: &str, view: &View<'_, '_>) -> bool {
    let suffix = host.strip_prefix("*.");
    host != EVERY_HOST && suffix.is_none_or(|suffix| view.is_public_suffix(suffix) != Some(true))
}

/// Says once of each host name that nobody can claim who uses it.
fn unclaimable(unclaimed: &Needed, users: &Users, view: &View<'_, '_>) -> Vec<Diagnostic> {
    let hosts: BTreeSet<&str> = unclaimed.values().flatten().map(String::as_str).collect();
    let hosts = hosts.into_iter().filter(|host| !is_claimable(host, view));
    hosts
        .map(|host| {
            let message = format!(
                "nobody can claim `{host}`, and with `--claims require` every name must be claimed: it is used by {}",
                users.of(host)
            );
            let hint = "give the listener a host name, or name `hostnames` (in an Ingress `host`)";
            Diagnostic::warning(NOT_INFERRED, Path::ROOT, message).hint(hint)
        })
        .collect()
}

fn unbound(count: usize) -> Option<Diagnostic> {
    let message =
        format!("{count} of the objects are DomainClaims, which permit nothing until they are Bound");
    let hint = "docs/ownership.md has how they are bound by hand; before that `--claims require` denies all the same";
    (count > 0).then(|| Diagnostic::info(CLAIMS_UNBOUND, Path::ROOT, message).hint(hint))
}

/// What stands against objects although they have these grants and no others, and these claims are bound. Of names that
/// stay unclaimed it is said already.
fn denied(
    context: &Context<'_>,
    inferred: &[Node<'static>],
    settings: &Settings,
    unclaimed: &Needed,
) -> Vec<Diagnostic> {
    // A tree is always JSON.
    let inferred = inferred.iter().filter_map(|object| serde_json::to_string(&written::bound(object)).ok());
    let inferred: Vec<String> = inferred.collect();
    let grants: BTreeSet<usize> = context.grants.iter().map(|grant| grant.object).collect();
    let known = context.objects.iter().enumerate().filter(|(at, _)| !grants.contains(at));
    let all = known.map(|(_, known)| known.text).chain(inferred.iter().map(String::as_str));
    let complete = context.complete().map(<[String]>::to_vec);
    let granted = match Context::new(all, complete, PublicSuffixes::BuiltIn) {
        Ok(granted) => granted,
        Err((_, fault)) => {
            let message = format!("whether the grants are enough was not tried: {fault}");
            return vec![Diagnostic::warning(NOT_INFERRED, Path::ROOT, message)];
        }
    };
    let settings = Settings { needs_grants: true, ..settings.clone() };
    let mut out = Vec::new();
    each(&granted, &View::new(&granted, &settings), true, |judged| {
        let whose = judged.whose();
        let of_unclaimed = unclaimed.get(judged.namespace);
        for found in &judged.decision.findings {
            let fault = &found.fault;
            if fault.code == rule::hostname_not_claimed::RULE.code
                && of_unclaimed.is_some_and(|hosts| hosts.contains(&fault.host))
            {
                continue;
            }
            let stays = if found.action == Action::Deny { "is denied" } else { "is warned of" };
            let message = format!("{whose} {stays} all the same: {}", fault.text);
            out.push(Diagnostic::warning(NOT_INFERRED, Path::ROOT, message).hint(fault.hint.clone()));
        }
        if judged.decision.unlisted() > 0 {
            let message = format!("{whose}: {} more are not listed", judged.decision.unlisted());
            out.push(Diagnostic::warning(NOT_INFERRED, Path::ROOT, message));
        }
    });
    out
}

/// An object that is there, with the decision on it as if it came now.
struct Judged<'j> {
    kind: Kind,
    /// The one that is to have its names.
    namespace: &'j str,
    name: &'j str,
    decision: Decision,
}

impl Judged<'_> {
    fn whose(&self) -> String {
        let Self { kind, namespace, name, .. } = self;
        match kind {
            Kind::Claim => format!("{} `{name}`", kind.name()),
            _ => format!("{} `{namespace}/{name}`", kind.name()),
        }
    }
}

/// Judges every object that needs a grant; `of_others` says whether listeners are also asked what others inherit by them.
fn each(context: &Context<'_>, view: &View<'_, '_>, of_others: bool, mut take: impl FnMut(&Judged<'_>)) {
    let claims = context.claims.iter().filter_map(|claim| context.objects.get(claim.object));
    for known in view.users(|_| true).into_iter().chain(claims) {
        let Ok(object) = Object::read(known.text) else { continue };
        let Some(kind) = object.kind else { continue };
        let of_claim = object.spec().text_of("namespace").filter(|_| kind == Kind::Claim);
        let namespace = of_claim.unwrap_or_else(|| known.namespace.clone());
        let written = Written { kind, object: &object, old: None, namespace: &namespace, wants_trace: true };
        let decision = match kind {
            Kind::Claim | Kind::Request => written.judge(view),
            _ if of_others => written.judge(view),
            _ => written.uses_only(view),
        };
        take(&Judged { kind, namespace: &namespace, name: &known.name, decision });
    }
}

#[cfg(test)]
mod tests;
