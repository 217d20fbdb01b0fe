//! Who may use which host name: grants permit, claims keep others off, and one decision says what that comes to.
//!
//! An object uses host names at places (a route on its parents, a Gateway by its listeners); of an update only the uses
//! that the object did not have before are judged. Each question is answered from a [`Context`] that is given, so that a
//! decision can be made again anywhere from the part of it that was looked at ([`Slice`]).
//!
//! | file | what |
//! |---|---|
//! | `kinds`, `object`, `uses` | what is judged, and which host names it uses where |
//! | `hostname_grant`, `domain_claim`, `suffixes`, `sorted`, `context`, `view` | what is known, by suffix, and the way to it |
//! | `settings` | what a cluster asks for |
//! | `asked`, `inherit`, `judge`, `widening`, `grants_and_claims`, `in_use` | the questions, by what is written |
//! | `rule` | each fault: its code, its words, its page |
//! | `decision`, `slice`, `trace` | what comes out |
//! | `crds` | what an API server holds of our own kinds |
//! | `can_i`, `infer`, `apply`, `checked` | the same questions from people: may I, what would I need, and what if all of this were applied |
//! | `idle` | what people are told of grants that permit nothing |

mod apply;
mod asked;
mod can_i;
mod checked;
mod context;
mod crds;
mod decision;
mod domain_claim;
mod grants_and_claims;
mod hostname_grant;
mod idle;
mod in_use;
mod infer;
mod inherit;
mod judge;
mod kinds;
mod object;
pub mod rule;
mod settings;
mod slice;
mod sorted;
mod suffixes;
mod trace;
mod uses;
mod view;
mod widening;

#[cfg(test)]
mod tests;

pub use apply::{Existing, apply, judge_report, without_owners};
pub use can_i::{ASKABLE, Question, can_i, overlooked};
pub use checked::{NOTHING_TO_CHECK, Texts, check};
pub use context::{Context, GivenContext, PublicSuffixes};
pub use crds::{VERSION, crds};
pub use decision::{Decision, Finding};
pub use domain_claim::{DomainClaim, Phase, name_of};
pub use hostname_grant::{EVERY_HOST, GatewayLimit, HOSTNAMES_MAX, HostnameGrant, On};
pub use idle::idle_grants;
pub use infer::infer;
pub use kinds::{
    API_VERSION, DOMAIN_CLAIM, EFFECTIVE_HOSTNAMES, GATEWAY_HOSTNAME_REQUEST, GRANTED_BY_DEFAULT, GROUP,
    HOSTNAME_GRANT, Kind,
};
pub use object::Object;
pub use settings::{Action, Claims, Settings};
pub use slice::Slice;
pub use trace::{Traced, TracedGrant};

use hostname_grant::HostnameGrant as Grant;
use judge::Written;
use view::View;

/// What is to become of an object.
#[derive(Clone, Copy, Debug)]
pub enum Change<'c, 'a> {
    /// It is created.
    Create(&'c Object<'a>),
    /// It is updated, from the second to the first.
    Update(&'c Object<'a>, &'c Object<'a>),
    /// It is deleted.
    Delete(&'c Object<'a>),
}

/// Who wants it, and what is wanted beside a yes or no.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asking<'a> {
    /// The namespace of the request; empty for cluster-scoped objects.
    pub namespace: &'a str,
    /// Who sent it.
    pub user: &'a str,
    /// Whether the decision carries what was asked and answered.
    pub wants_trace: bool,
}

/// Decides whether a change is permitted; `slice` gets what the decision depends on.
pub fn decide<'a>(
    kind: Kind,
    change: Change<'_, 'a>,
    asking: &Asking<'a>,
    context: &Context<'a>,
    settings: &Settings,
) -> (Decision, Slice) {
    let view = View::new(context, settings);
    let decision = decide_by(kind, change, asking, &view);
    let slice = Slice::of(&view);
    (decision, slice)
}

fn decide_by<'a>(kind: Kind, change: Change<'_, 'a>, asking: &Asking<'a>, view: &View<'_, 'a>) -> Decision {
    let settings = view.settings;
    if settings.exempt_users.iter().any(|user| user == asking.user) {
        return Decision::unasked("the user is exempt");
    }
    if kind.is_namespaced() && settings.is_exempt(asking.namespace) {
        return Decision::unasked("the namespace is exempt");
    }
    let (object, old) = match change {
        Change::Create(object) => (object, None),
        Change::Update(object, old) => (object, Some(old)),
        Change::Delete(object) => return deleted(kind, object, view),
    };
    let Asking { namespace, user: _, wants_trace } = *asking;
    Written { kind, object, old, namespace, wants_trace }.judge(view)
}

fn deleted(kind: Kind, object: &Object<'_>, view: &View<'_, '_>) -> Decision {
    let mut decision = Decision::default();
    match kind {
        Kind::Grant => {
            let grant = Grant::read(usize::MAX, object.name.clone(), object.is_terminating, object.spec());
            in_use::grant(&grant, None, view, &mut decision);
        }
        Kind::Claim => in_use::claim(object, view, &mut decision),
        _ => return Decision::unasked("what is deleted uses nothing any more"),
    }
    decision.sorted()
}
