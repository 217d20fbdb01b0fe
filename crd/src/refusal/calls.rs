//! What operators and functions of CEL take, as far as it is plain.

use kube_cel::cel::common::ast::{CallExpr, Expr, IdedExpr, LiteralValue, operators};

use super::types::Type::{
    self, Bool, Bytes, Double, Duration, Int, List, Map, Metadata, Null, Object, Text, Timestamp, Unknown,
};
use crate::duration::nanoseconds;
use crate::pattern::not_a_pattern;

/// Every function that rules of Kubernetes 1.36 may call, by the last part of its name.
///
/// Source: `k8s.io/apiserver` v0.36.2, `pkg/cel/environment/base.go` and `pkg/cel/library`; cel-go v0.26, `ext`.
pub(super) const FUNCTIONS: &[&str] = &[
    "add",
    "all",
    "asApproximateFloat",
    "asInteger",
    "bool",
    "bytes",
    "charAt",
    "cidr",
    "compareTo",
    "contains",
    "containsCIDR",
    "containsIP",
    "date",
    "datetime",
    "distinct",
    "dns1035Label",
    "dns1035LabelPrefix",
    "dns1123Label",
    "dns1123LabelPrefix",
    "dns1123Subdomain",
    "dns1123SubdomainPrefix",
    "double",
    "duration",
    "dyn",
    "endsWith",
    "equivalent",
    "escapeKey",
    "exists",
    "existsOne",
    "exists_one",
    "family",
    "filter",
    "find",
    "findAll",
    "first",
    "flatten",
    "format",
    "getDate",
    "getDayOfMonth",
    "getDayOfWeek",
    "getDayOfYear",
    "getEscapedPath",
    "getFullYear",
    "getHost",
    "getHostname",
    "getHours",
    "getMilliseconds",
    "getMinutes",
    "getMonth",
    "getPort",
    "getQuery",
    "getScheme",
    "getSeconds",
    "has",
    "hasValue",
    "indexOf",
    "int",
    "intersects",
    "ip",
    "isCIDR",
    "isCanonical",
    "isGlobalUnicast",
    "isGreaterThan",
    "isIP",
    "isInteger",
    "isLessThan",
    "isLinkLocalMulticast",
    "isLinkLocalUnicast",
    "isLoopback",
    "isQuantity",
    "isSemver",
    "isSorted",
    "isURL",
    "isUnspecified",
    "join",
    "labelValue",
    "last",
    "lastIndexOf",
    "lowerAscii",
    "major",
    "map",
    "masked",
    "matches",
    "max",
    "min",
    "minor",
    "named",
    "none",
    "of",
    "ofNonZeroValue",
    "optFlatMap",
    "optMap",
    "or",
    "orValue",
    "patch",
    "prefixLength",
    "qualifiedName",
    "quantity",
    "quote",
    "range",
    "replace",
    "reverse",
    "semver",
    "sign",
    "size",
    "slice",
    "sort",
    "sortBy",
    "split",
    "startsWith",
    "string",
    "sub",
    "substring",
    "sum",
    "timestamp",
    "transformList",
    "transformMap",
    "transformMapEntry",
    "trim",
    "type",
    "uint",
    "unwrap",
    "unwrapOpt",
    "upperAscii",
    "uri",
    "url",
    "uuid",
    "validate",
    "value",
];

/// Whether a function is written as an operator, or made by a macro.
pub(super) fn is_operator(function: &str) -> bool {
    function.contains(['_', '@']) && !function.starts_with(|c: char| c.is_ascii_alphabetic())
}

/// What is wrong with a literal that is looked at before anything is evaluated.
pub(super) fn malformed(call: &CallExpr) -> Option<String> {
    let IdedExpr { expr: Expr::Literal(LiteralValue::String(text)), .. } = call.args.first()? else {
        return None;
    };
    let text = text.inner();
    match call.func_name.as_str() {
        "matches" => not_a_pattern(text).map(|why| format!("invalid matches argument: {why}")),
        "duration" if nanoseconds(text).is_none() => Some(format!("invalid duration argument: {text:?}")),
        _ => None,
    }
}

/// Functions whose first arguments are names.
pub(super) const DECLARING: &[&str] = &[
    "all",
    "bind",
    "exists",
    "existsOne",
    "exists_one",
    "filter",
    "map",
    "optFlatMap",
    "optMap",
    "sortBy",
    "transformList",
    "transformMap",
    "transformMapEntry",
];

pub(super) fn no_overload(function: &str) -> String {
    format!("found no matching overload for '{function}'")
}

pub(super) fn unary<'s>(function: &str, of: &Type<'s>) -> Result<Type<'s>, String> {
    match (function, of) {
        (operators::LOGICAL_NOT, Bool | Unknown) => Ok(Bool),
        (operators::NEGATE, of) if of.is_number() => Ok(of.clone()),
        (operators::LOGICAL_NOT | operators::NEGATE, _)
        | ("size", Bool | Int | Double | Timestamp | Duration | Object(..)) => Err(no_overload(function)),
        ("size" | "int", _) => Ok(Int),
        ("string", _) => Ok(Text),
        ("double", _) => Ok(Double),
        _ => Ok(Unknown),
    }
}

pub(super) fn binary<'s>(function: &str, left: &Type<'s>, right: &Type<'s>) -> Result<Type<'s>, String> {
    let (fits, result) = match function {
        operators::LOGICAL_AND | operators::LOGICAL_OR => {
            (matches!(left, Bool | Unknown) && matches!(right, Bool | Unknown), Bool)
        }
        operators::EQUALS | operators::NOT_EQUALS => (left.is_like(right), Bool),
        operators::LESS | operators::LESS_EQUALS | operators::GREATER | operators::GREATER_EQUALS => {
            let ordered = |of: &Type<'_>| !matches!(of, Null | List(_) | Map(_) | Object(..) | Metadata);
            (
                ordered(left)
                    && ordered(right)
                    && (left.is_like(right) || left.is_number() && right.is_number()),
                Bool,
            )
        }
        operators::ADD => {
            let has_time = |of: &Type<'_>| matches!(of, Timestamp | Duration | Unknown);
            let adds = |of: &Type<'_>| matches!(of, Int | Double | Text | Bytes | List(_));
            let fits = has_time(left) || has_time(right) || adds(left) && left.is_like(right);
            (fits, if has_time(left) || has_time(right) { Unknown } else { left.clone() })
        }
        operators::SUBSTRACT | operators::MULTIPLY | operators::DIVIDE => {
            let has_time = |of: &Type<'_>| matches!(of, Timestamp | Duration | Unknown);
            let fits = has_time(left) || has_time(right) || left.is_number() && left == right;
            (fits, if has_time(left) || has_time(right) { Unknown } else { left.clone() })
        }
        operators::MODULO => (matches!(left, Int | Unknown) && matches!(right, Int | Unknown), Int),
        operators::IN => (matches!(right, List(_) | Map(_) | Unknown | Null), Bool),
        operators::INDEX => match left {
            List(items) => (matches!(right, Int | Unknown), (**items).clone()),
            Map(values) => (true, (**values).clone()),
            Unknown => (true, Unknown),
            _ => (false, Unknown),
        },
        _ => return Ok(Unknown),
    };
    if fits { Ok(result) } else { Err(no_overload(function)) }
}

pub(super) fn method<'s>(
    function: &str,
    of: &Type<'s>,
    first: Option<&Type<'s>>,
) -> Result<Type<'s>, String> {
    let is_text = |of: &Type<'_>| matches!(of, Text | Unknown);
    match (function, of) {
        ("startsWith" | "endsWith" | "matches", of) if is_text(of) && first.is_some_and(is_text) => Ok(Bool),
        ("startsWith" | "endsWith" | "matches", _)
        | ("size", Bool | Int | Double | Timestamp | Duration | Object(..)) => Err(no_overload(function)),
        ("size", _) => Ok(Int),
        _ => Ok(Unknown),
    }
}
