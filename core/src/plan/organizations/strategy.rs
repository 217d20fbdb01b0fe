//! The strategies as data: what each shares, and where its listeners stand.

use crate::diagnostic::{Code, Diagnostic, Level};
use crate::path::Path;
use crate::plan::Gateway;
use crate::profile::Claim;
use crate::release::Kind;
use crate::values::{Strategy, Values};

/// ListenerSets are asked for, and the release or the controller has none.
const NO_LISTENER_SETS: Code = Code("no-listener-sets");

/// What organizations share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gateways {
    /// One Gateway, that of the values.
    One,
    /// As many as `sharding.gateways` says.
    Fixed,
    /// That of the values, and as many more as it takes.
    Growing,
    /// As many as it takes, with numbers from the first on.
    Pool,
    /// One for each organization.
    Each,
}

/// What a listener answers for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Listeners {
    /// One host name.
    Host,
    /// Everything of an organization.
    Wildcard,
}

/// A strategy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) strategy: Strategy,
    pub(crate) gateways: Gateways,
    pub(crate) listeners: Listeners,
    /// Whether organizations that ask for a Gateway of their own get it.
    pub(crate) dedicates: bool,
    /// Whether listeners stand in ListenerSets of the organizations.
    pub(crate) listener_sets: Sets,
}

/// Whether listeners stand in ListenerSets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sets {
    Never,
    Always,
    /// Where `sharding.listenerSets` says so, or under `auto` release and controller have them.
    Available,
}

/// The row of a strategy, in the order of the PRD's comparison matrix and then of what was added to it.
pub(crate) const fn of(strategy: Strategy) -> Row {
    let (gateways, listeners, listener_sets) = match strategy {
        Strategy::PerService => (Gateways::One, Listeners::Host, Sets::Never),
        Strategy::WildcardPerOrganization => (Gateways::One, Listeners::Wildcard, Sets::Never),
        Strategy::Dedicated => (Gateways::Each, Listeners::Wildcard, Sets::Never),
        Strategy::Hash => (Gateways::Fixed, Listeners::Host, Sets::Never),
        Strategy::Hybrid => (Gateways::Growing, Listeners::Wildcard, Sets::Available),
        Strategy::Pool => (Gateways::Pool, Listeners::Wildcard, Sets::Never),
        Strategy::ListenerSets => (Gateways::One, Listeners::Wildcard, Sets::Always),
    };
    let dedicates = matches!(strategy, Strategy::Hybrid);
    Row { strategy, gateways, listeners, dedicates, listener_sets }
}

impl Row {
    /// Whether listeners stand in ListenerSets; that they cannot although it is asked for is an error.
    pub(super) fn has_listener_sets(
        self,
        values: &Values<'_>,
        pattern: &Gateway<'_>,
        out: &mut Vec<Diagnostic>,
    ) -> bool {
        let asked = match (self.listener_sets, values.organizations.sharding.listener_sets) {
            (Sets::Never, _) | (Sets::Available, Some(false)) => return false,
            (Sets::Always, _) | (_, Some(true)) => true,
            (Sets::Available, None) => false,
        };
        let profile = pattern.profile;
        let report = profile.report();
        let claim = report.map_or(Claim::Unmentioned, |report| report.claim("ListenerSet"));
        let served = Kind::ListenerSet.served(values.target).is_some();
        if !asked {
            return served && claim == Claim::Supported;
        }
        let path = Path::ROOT.key("sharding");
        if !served {
            let message = format!(
                "ListenerSet is not in {}: it is {}",
                values.target,
                Kind::ListenerSet.availability()
            );
            out.push(
                Diagnostic::error(NO_LISTENER_SETS, path, message)
                    .level(Level::Api)
                    .hint("set `gatewayAPI.version` to what the cluster has, or take another `strategy`"),
            );
        } else if claim == Claim::Unsupported {
            let message = format!("{} reports that it does not support ListenerSet", profile.title);
            out.push(
                Diagnostic::error(NO_LISTENER_SETS, path, message)
                    .level(Level::Controller)
                    .source(report.map(crate::profile::Report::source).unwrap_or_default())
                    .hint("take another `strategy`, or `sharding.listenerSets: never`"),
            );
        }
        true
    }
}
