//! Findings about what the API server refuses in rules, with the rules that it does so by.
//!
//! Each source was read in the CRDs of Gateway API v1.4.1, v1.5.1, v1.6.3 and v1.7.0, of both channels,
//! and names the releases that have the rule.

use crate::diagnostic::{Code, Diagnostic, Level};
use crate::path::Path;

/// A filter, match or timeout that the API server refuses in this combination.
const RULE_REFUSED: Code = Code("rule-refused");

/// Rules on whole rules and their filters.
pub(super) const OF_RULES: &str =
    "Gateway API v1.4.1 to v1.7.0, HTTPRoute and GRPCRoute CEL rules on spec.rules";

/// Rules on paths of matches.
pub(super) const OF_PATHS: &str =
    "Gateway API v1.4.1 to v1.7.0, HTTPRoute CEL rules on spec.rules[].matches[].path";

/// Rules on calls of matches.
pub(super) const OF_CALLS: &str =
    "Gateway API v1.4.1 to v1.7.0, GRPCRoute CEL rules on spec.rules[].matches[].method";

/// The rule on both timeouts.
pub(super) const OF_TIMEOUTS: &str =
    "Gateway API v1.4.1 to v1.7.0, HTTPRoute CEL rule on spec.rules[].timeouts";

/// Rules on lists of origins and methods.
pub(super) const OF_CORS: &str = "Gateway API v1.4.1 to v1.7.0, HTTPRoute CEL rules on the filter cors";

/// Rules on lists of headers, and on how often the filter stands there.
pub(super) const OF_CORS_FROM_1_5: &str =
    "Gateway API v1.5.1 to v1.7.0, HTTPRoute CEL rules on the filter cors";

/// The pattern of an origin in 1.4: any scheme.
pub(super) const OF_ORIGINS_IN_1_4: &str = "Gateway API v1.4.1, HTTPRoute cors allowOrigins pattern";

/// The pattern of an origin from 1.5 on.
pub(super) const OF_ORIGINS: &str = "Gateway API v1.5.1 to v1.7.0, HTTPRoute cors allowOrigins pattern";

/// The rule on permanent cookies.
pub(super) const OF_SESSIONS: &str =
    "Gateway API v1.4.1 to v1.7.0, HTTPRoute and GRPCRoute CEL rules on spec.rules[].sessionPersistence";

/// The rule on `cookieConfig`.
pub(super) const OF_SESSIONS_TO_1_6: &str =
    "Gateway API v1.5.1 to v1.6.3, HTTPRoute and GRPCRoute CEL rules on spec.rules[].sessionPersistence";

/// Rules on `cookie` and `header`.
pub(super) const OF_SESSIONS_IN_1_7: &str =
    "Gateway API v1.7.0, HTTPRoute and GRPCRoute CEL rules on spec.rules[].sessionPersistence";

/// Reports what the API server refuses by a rule of `source`.
pub(super) fn refuse(
    path: Path,
    message: impl Into<String>,
    source: &'static str,
    hint: &'static str,
    out: &mut Vec<Diagnostic>,
) {
    out.push(Diagnostic::error(RULE_REFUSED, path, message).level(Level::Api).source(source).hint(hint));
}
