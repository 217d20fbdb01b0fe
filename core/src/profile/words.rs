//! What is said where a controller's facts are against something: in the same words for values, which the
//! planner judges, and for manifests, which `check` judges. Everything here is a message, named by what it tells.

use super::{Claim, Layer, ListenerPorts, Profile};
use crate::limits::BACKEND_REFS_MAX;
use crate::release::Kind;

/// What to do about a kind of route of which nothing says that it is served.
pub(crate) const ROUTE_UNREPORTED_HINT: &str =
    "look at the conditions of the route once it is applied, or use another controller";

/// What to do about a weight beyond the controller's bound.
pub(crate) const WEIGHT_HINT: &str = "use smaller numbers in the same ratio";

/// Why a BackendTLSPolicy of the standard channel does nothing with some controllers.
pub(crate) const ALPHA_POLICY: &str =
    "it reads BackendTLSPolicy as v1alpha3, which that channel does not serve";

impl Profile {
    /// Whether it is a kind of route that it does not serve.
    pub(crate) fn refuses(&self, kind: &str) -> bool {
        self.routes_refused.value.iter().any(|refused| refused.newest().kind == kind)
    }

    /// Of a kind of route that it does not serve.
    pub(crate) fn refusal_of_route(&self, kind: &str) -> String {
        format!("{} does not serve {kind}", self.title)
    }

    /// Of a kind of route of which nothing says that it serves it.
    pub(crate) fn silence_on_route(&self, kind: &str) -> String {
        format!("{kind} is not reported to be supported by {}", self.title)
    }

    /// Of more backends in a rule than it, or Gateway API, allows.
    pub(crate) fn bound_of_backends(&self, count: usize, max: usize) -> String {
        let whose = if max < BACKEND_REFS_MAX { self.title } else { "Gateway API" };
        format!("{count} backends in one rule, but {whose} allows {max}")
    }

    /// Of a weight beyond its bound.
    pub(crate) fn bound_of_weight(&self, weight: impl std::fmt::Display) -> String {
        format!("weight {weight}, but {} takes {} at most", self.title, self.weight_max.value)
    }

    /// Of backends of one rule whose certificates have different names.
    pub(crate) fn bound_of_names(&self, names: &[&str]) -> String {
        format!(
            "certificates called {} in one rule, but {} checks one name a rule",
            names.join(", "),
            self.title
        )
    }

    /// Of listeners whose host names nest, where its report does not say that only the narrowest answers.
    pub(crate) fn lack_of_isolation(&self) -> Option<String> {
        let claim = self.report()?.claim("GatewayHTTPListenerIsolation");
        let without = claim != Claim::Supported;
        without.then(|| format!("{} does not report listener isolation", self.title))
    }

    /// Of something that it refuses.
    pub(crate) fn refusal(&self, what: &str) -> String {
        format!("{what}, which {} refuses", self.title)
    }

    /// Of something that it takes, and of what happens.
    pub(crate) fn neglect(&self, what: &str, effect: &str) -> String {
        format!("{what} with {}: {effect}", self.title)
    }
}

impl Layer {
    /// Of a route on a Gateway of another layer; `maker` is the class or the product.
    pub(crate) fn refusal_of_route(&self, kind: &str, gateway: &str, maker: &str) -> String {
        format!(
            "{kind} on Gateway `{gateway}`, but {maker} makes {}, which serves only {}",
            self.what,
            kinds(self.kinds)
        )
    }
}

impl ListenerPorts {
    /// Of listeners on other ports than usual; `None` where there are none.
    pub(crate) fn refusal(&self, ports: impl Iterator<Item = i64>) -> Option<String> {
        let mut odd: Vec<i64> =
            ports.filter(|port| self.usual.iter().all(|usual| i64::from(*usual) != *port)).collect();
        odd.sort_unstable();
        odd.dedup();
        let noun = match odd.as_slice() {
            [] => return None,
            [_] => "a listener on port",
            _ => "listeners on ports",
        };
        let listed: Vec<_> = odd.iter().map(ToString::to_string).collect();
        Some(format!("{noun} {}: a listener's port must be {}", listed.join(", "), self.text))
    }
}

/// The names of kinds, in a row.
pub(super) fn kinds(kinds: &[Kind]) -> String {
    kinds.iter().map(|kind| kind.newest().kind).collect::<Vec<_>>().join(", ")
}
