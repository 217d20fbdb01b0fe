//! Canaries: a second Ingress for the same host and path that takes a part of the requests.

use crate::tree::Node;
use crate::values::is_header_name;

/// Parts of all requests where nobody says otherwise, and the fewest.
///
/// Source: ingress-nginx v1.12.1, `route_to_alternative_balancer` of `rootfs/etc/nginx/lua/balancer.lua`.
const WHOLE: i64 = 100;

/// What goes to a canary.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Canary {
    /// Parts of [`Canary::whole`].
    pub(super) weight: i64,
    pub(super) whole: i64,
    /// A header, and the value that it must have; without a value `always` and `never` decide.
    pub(super) header: Option<(String, Option<String>)>,
}

impl Canary {
    /// From the texts of the annotations.
    pub(super) fn read<'t>(text: impl Fn(&str) -> Option<&'t str>) -> Self {
        let number = |name: &str, default| text(name).and_then(|text| text.parse().ok()).unwrap_or(default);
        let whole: i64 = number("canary-weight-total", WHOLE).max(WHOLE);
        let by_pattern =
            text("canary-by-header-pattern").is_some() && text("canary-by-header-value").is_none();
        let header = text("canary-by-header").filter(|name| !by_pattern && is_header_name(name));
        let header = header.map(str::to_owned);
        let value = text("canary-by-header-value").map(str::to_owned);
        Self {
            weight: number("canary-weight", 0).clamp(0, whole),
            whole,
            header: header.map(|name| (name, value)),
        }
    }

    /// Why an annotation of a canary has no counterpart, if it has none; all but those of canaries are ignored by
    /// ingress-nginx too.
    pub(super) fn loses(name: &str, value: &str) -> Option<&'static str> {
        match name {
            "canary-by-header" if !is_header_name(value) => {
                Some("is no name that a header may have: left out")
            }
            "canary-by-cookie" => Some("cannot be said: Gateway API matches no single cookie"),
            "canary-by-header-pattern" => Some(
                "is a Perl expression somewhere in the value, and Gateway API's are of the controller's own kind",
            ),
            _ => None,
        }
    }

    /// Whether nothing goes to it, whatever a request has.
    pub(super) fn takes_nothing(&self) -> bool {
        self.weight == 0 && self.header.is_none()
    }

    /// Conditions under which a request goes to the canary, or not, whatever the weights say: the header's value, and
    /// whether it does.
    pub(super) fn conditions(&self) -> Vec<(Node<'static>, bool)> {
        let Some((name, value)) = &self.header else { return Vec::new() };
        let condition = |value: &str| {
            Node::map([("name", Node::text(name.clone())), ("value", Node::text(value.to_owned()))])
        };
        match value {
            Some(value) => vec![(condition(value), true)],
            None => vec![(condition("always"), true), (condition("never"), false)],
        }
    }
}
