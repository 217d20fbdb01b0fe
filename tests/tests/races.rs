//! Every interleaving of two namespaces that want overlapping host names, two webhook replicas with caches of their own,
//! and two binders of which one was paused while it led: never are both admitted while claims are required.
//!
//! The verdicts are the core's own. The API server gives what it really gives: a name is created once, and a write goes
//! through only if nobody wrote the object in between. Nothing orders writes to two objects, so that a binder that was
//! paused may bind what overlaps; by the core's rule neither is admitted then. With a ledger, one object for all names that
//! may overlap into which a binder enters a claim before it binds it, that does not happen. A claim that is deleted is held
//! until no cache still shows it, no request that was admitted by it is on its way, and no route is left.

use std::collections::BTreeSet;
use std::fmt;

use gatewright_core::admission;

/// What the two namespaces want; the first covers the second.
const HOSTS: [&str; 2] = ["*.example.com", "a.example.com"];
const NAMESPACES: [&str; 2] = ["shop", "bank"];

/// How often a namespace makes its claim: enough for a name that is given back and taken again.
const CLAIMS_MAX: u8 = 2;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Claim {
    Absent,
    Pending,
    Bound,
    Conflict,
    /// Deleted, and held by its finalizer: was it bound?
    Leaving(bool),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Route {
    Absent,
    /// Admitted, and not yet stored.
    OnItsWay,
    Stored,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Binder {
    Idle,
    /// Looked at everything, and wants to bind or refuse this claim.
    Decided {
        claim: usize,
        seen: [bool; 2],
        ledger_moved: bool,
        claim_moved: bool,
    },
    /// The claim is in the ledger: now it is to be bound.
    Entered {
        claim: usize,
        claim_moved: bool,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct State {
    claims: [Claim; 2],
    /// How often each was made.
    lives: [u8; 2],
    routes: [Route; 2],
    caches: [[Claim; 2]; 2],
    ledger: [bool; 2],
    binders: [Binder; 2],
}

/// What is tried.
#[derive(Clone, Copy)]
struct Rules {
    /// `--claims`.
    claims: &'static str,
    /// Whether binders enter claims into the ledger first.
    has_ledger: bool,
    /// Whether a claim that is deleted is held until nothing depends on it.
    waits: bool,
}

/// Whether the core admits each namespace's route, by what a cache shows of the two claims.
type Verdicts = Vec<([Claim; 2], [bool; 2])>;

fn admitted(verdicts: &Verdicts, shown: [Claim; 2], who: usize) -> bool {
    verdicts.iter().find(|(known, _)| *known == shown).is_some_and(|(_, admitted)| admitted[who])
}

/// What happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Claims(usize),
    DeletesClaim(usize),
    Admits { replica: usize, who: usize },
    Stores(usize),
    DeletesRoute(usize),
    Frees(usize),
    CatchesUp(usize),
    Looks { binder: usize, claim: usize },
    Writes { binder: usize, claim: usize },
    Binds { binder: usize, claim: usize },
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Claims(who) => write!(f, "{} claims its name", NAMESPACES[who]),
            Self::DeletesClaim(who) => write!(f, "{} deletes its claim", NAMESPACES[who]),
            Self::Admits { replica, who } => {
                write!(f, "replica {replica} admits the route of {}", NAMESPACES[who])
            }
            Self::Stores(who) => write!(f, "the route of {} is stored", NAMESPACES[who]),
            Self::DeletesRoute(who) => write!(f, "{} deletes its route", NAMESPACES[who]),
            Self::Frees(who) => write!(f, "a binder frees the claim of {}", NAMESPACES[who]),
            Self::CatchesUp(replica) => write!(f, "replica {replica} catches up"),
            Self::Looks { binder, claim } => {
                write!(f, "binder {binder} looks at the claim of {}", NAMESPACES[claim])
            }
            Self::Binds { binder, claim } => {
                write!(f, "binder {binder} binds the claim of {}", NAMESPACES[claim])
            }
            Self::Writes { binder, claim } => {
                write!(f, "binder {binder} writes what it decided on the claim of {}", NAMESPACES[claim])
            }
        }
    }
}

const SHOWN: [Claim; 6] = [
    Claim::Absent,
    Claim::Pending,
    Claim::Bound,
    Claim::Conflict,
    Claim::Leaving(false),
    Claim::Leaving(true),
];

fn verdicts(claims: &str) -> Verdicts {
    let object = |at: usize, claim: Claim| {
        let phase = match claim {
            Claim::Absent => return None,
            Claim::Pending | Claim::Leaving(false) => "Pending",
            Claim::Bound | Claim::Leaving(true) => "Bound",
            Claim::Conflict => "Conflict",
        };
        let mut metadata = serde_json::json!({"name": HOSTS[at].replace('*', "wc--any")});
        if matches!(claim, Claim::Leaving(_)) {
            metadata["deletionTimestamp"] = "2026-11-22T08:00:00Z".into();
        }
        Some(serde_json::json!({
            "apiVersion": "gatewright.dev/v1alpha1", "kind": "DomainClaim", "metadata": metadata,
            "spec": {"hostname": HOSTS[at], "namespace": NAMESPACES[at]}, "status": {"phase": phase},
        }))
    };
    let admits = |shown: [Claim; 2], who: usize| {
        let context: Vec<_> = shown.iter().enumerate().filter_map(|(at, claim)| object(at, *claim)).collect();
        let recording = serde_json::json!({
            "settings": {"claims": claims, "grants": "off"},
            "context": context,
            "review": {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": {
                "uid": "1", "operation": "CREATE", "namespace": NAMESPACES[who],
                "kind": {"group": "gateway.networking.k8s.io", "version": "v1", "kind": "HTTPRoute"},
                "object": {"apiVersion": "gateway.networking.k8s.io/v1", "kind": "HTTPRoute",
                    "metadata": {"name": "web", "namespace": NAMESPACES[who]},
                    "spec": {"parentRefs": [{"namespace": "edge", "name": "public"}], "hostnames": [HOSTS[who]]}},
            }},
        });
        admission::replay(&recording.to_string(), false).expect("a recording").response.allowed
    };
    let pairs = SHOWN.iter().flat_map(|one| SHOWN.iter().map(move |two| [*one, *two]));
    pairs.map(|shown| (shown, [0, 1].map(|who| admits(shown, who)))).collect()
}

impl State {
    /// Writes a claim: whoever looked at it before finds another resourceVersion.
    fn write(&mut self, who: usize, claim: Claim) {
        self.claims[who] = claim;
        for binder in &mut self.binders {
            if let Binder::Decided { claim, claim_moved, .. } | Binder::Entered { claim, claim_moved } =
                binder
                && *claim == who
            {
                *claim_moved = true;
            }
        }
    }

    /// Writes the ledger, as above.
    fn enter(&mut self, who: usize, is_entered: bool) {
        self.ledger[who] = is_entered;
        for binder in &mut self.binders {
            if let Binder::Decided { ledger_moved, .. } = binder {
                *ledger_moved = true;
            }
        }
    }
}

/// Everything that may happen next.
fn next(state: &State, rules: Rules, verdicts: &Verdicts) -> Vec<(Step, State)> {
    let mut next = Vec::new();
    let mut may = |step: Step, change: &dyn Fn(&mut State)| {
        let mut then = *state;
        change(&mut then);
        next.push((step, then));
    };
    for who in [0, 1] {
        let claim = state.claims[who];
        if claim == Claim::Absent && state.lives[who] < CLAIMS_MAX {
            may(Step::Claims(who), &|then| {
                then.write(who, Claim::Pending);
                then.lives[who] += 1;
            });
        }
        if !matches!(claim, Claim::Absent | Claim::Leaving(_)) {
            may(Step::DeletesClaim(who), &|then| {
                then.write(who, Claim::Leaving(claim == Claim::Bound));
            });
        }
        match state.routes[who] {
            Route::Absent => {
                for replica in [0, 1] {
                    if admitted(verdicts, state.caches[replica], who) {
                        may(Step::Admits { replica, who }, &|then| {
                            then.routes[who] = Route::OnItsWay;
                        });
                    }
                }
            }
            Route::OnItsWay => {
                may(Step::Stores(who), &|then| then.routes[who] = Route::Stored);
            }
            Route::Stored => {
                may(Step::DeletesRoute(who), &|then| then.routes[who] = Route::Absent);
            }
        }
        // Nothing depends on a claim that leaves: what may be freed.
        let is_shown =
            state.caches.iter().any(|cache| !matches!(cache[who], Claim::Absent | Claim::Leaving(_)));
        let is_free = !rules.waits || !is_shown && state.routes[who] == Route::Absent;
        if matches!(claim, Claim::Leaving(_)) && is_free {
            may(Step::Frees(who), &|then| {
                then.write(who, Claim::Absent);
                then.enter(who, false);
            });
        }
    }
    for replica in [0, 1] {
        if state.caches[replica] != state.claims {
            may(Step::CatchesUp(replica), &|then| then.caches[replica] = state.claims);
        }
    }
    for binder in [0, 1] {
        match state.binders[binder] {
            Binder::Idle => {
                for claim in [0, 1].into_iter().filter(|claim| state.claims[*claim] == Claim::Pending) {
                    let bound =
                        state.claims.map(|claim| matches!(claim, Claim::Bound | Claim::Leaving(true)));
                    let seen = if rules.has_ledger { state.ledger } else { bound };
                    may(Step::Looks { binder, claim }, &|then| {
                        then.binders[binder] =
                            Binder::Decided { claim, seen, ledger_moved: false, claim_moved: false };
                    });
                }
            }
            Binder::Entered { claim, claim_moved } => may(Step::Binds { binder, claim }, &|then| {
                then.binders[binder] = Binder::Idle;
                if !claim_moved {
                    then.write(claim, Claim::Bound);
                }
            }),
            Binder::Decided { claim, seen, ledger_moved, claim_moved } => {
                may(Step::Writes { binder, claim }, &|then| {
                    then.binders[binder] = Binder::Idle;
                    // A write goes through only if nobody wrote the object since; else the binder looks again.
                    let is_late = claim_moved || rules.has_ledger && ledger_moved;
                    if is_late {
                        return;
                    }
                    if seen[1 - claim] {
                        then.write(claim, Claim::Conflict);
                        return;
                    }
                    if !rules.has_ledger {
                        then.write(claim, Claim::Bound);
                        return;
                    }
                    // Another binder may have entered it, and not have come further.
                    if !seen[claim] {
                        then.enter(claim, true);
                    }
                    then.binders[binder] = Binder::Entered { claim, claim_moved: false };
                });
            }
        }
    }
    next
}

/// The shortest way to a state that must not be, in words, if there is one, and how many states there are.
fn explore(rules: Rules, must_not_be: fn(&State) -> bool) -> (Option<Vec<String>>, usize) {
    let verdicts = verdicts(rules.claims);
    let start = State {
        claims: [Claim::Absent; 2],
        lives: [0; 2],
        routes: [Route::Absent; 2],
        caches: [[Claim::Absent; 2]; 2],
        ledger: [false; 2],
        binders: [Binder::Idle; 2],
    };
    let mut known = BTreeSet::from([start]);
    // Each state with the step that led to it, and where that was taken.
    let mut reached: Vec<(State, Option<(usize, Step)>)> = vec![(start, None)];
    let mut at = 0;
    while let Some((state, _)) = reached.get(at).copied() {
        for (step, mut then) in next(&state, rules, &verdicts) {
            // It makes no difference which of two replicas, or of two binders, it was.
            then.caches.sort_unstable();
            then.binders.sort_unstable();
            if !known.insert(then) {
                continue;
            }
            reached.push((then, Some((at, step))));
            if must_not_be(&then) {
                let ways = std::iter::successors(reached.last(), |(_, from)| reached.get(from.as_ref()?.0));
                let mut way: Vec<String> =
                    ways.filter_map(|(_, from)| Some(from.as_ref()?.1.to_string())).collect();
                way.reverse();
                return (Some(way), known.len());
            }
        }
        at += 1;
    }
    (None, known.len())
}

fn both_serve(state: &State) -> bool {
    state.routes == [Route::Stored; 2]
}

fn both_are_bound(state: &State) -> bool {
    state.claims == [Claim::Bound; 2]
}

const REQUIRED: Rules = Rules { claims: "require", has_ledger: true, waits: true };

#[test]
fn claims_that_are_required_keep_two_namespaces_apart() {
    let (way, states) = explore(REQUIRED, both_serve);
    assert_eq!(way, None);
    assert!(states > 1_000, "{states} states are too few to have tried anything");
}

#[test]
fn without_required_claims_two_requests_at_once_are_both_admitted() {
    let (way, _) = explore(Rules { claims: "respect", ..REQUIRED }, both_serve);
    assert_eq!(way.expect("nothing keeps them apart").len(), 4);
}

#[test]
fn a_claim_that_is_freed_too_early_lets_both_in() {
    let (way, _) = explore(Rules { waits: false, ..REQUIRED }, both_serve);
    let way = way.expect("a cache still shows the old owner, or a route is left");
    assert!(way.iter().any(|step| step.contains("frees")), "{way:#?}");
}

#[test]
fn a_paused_binder_binds_what_overlaps_only_without_a_ledger() {
    assert_eq!(explore(REQUIRED, both_are_bound).0, None);
    let without = Rules { has_ledger: false, ..REQUIRED };
    let way = explore(without, both_are_bound).0.expect("each write is to another object");
    assert_eq!(way.iter().filter(|step| step.contains("looks at")).count(), 2, "{way:#?}");
    // The core admits nobody on what two namespaces have bound.
    assert_eq!(explore(without, both_serve).0, None);
}
