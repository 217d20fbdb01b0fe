//! Rules of routes: how many matches, which filters beside which matches and backends, unique names.

use super::Port;
use super::eval::{Verdict, and, distinct, exists_one, has, is, items, items_of, size, text};
use crate::tree::Node;

pub(super) const PORTS: &[Port] = &[
    Port {
        expression: "(self.size() > 0 ? (has(self[0].matches) ? self[0].matches.size() : 0) : 0) + (self.size() > 1 ? (has(self[1].matches) ? self[1].matches.size() : 0) : 0) + (self.size() > 2 ? (has(self[2].matches) ? self[2].matches.size() : 0) : 0) + (self.size() > 3 ? (has(self[3].matches) ? self[3].matches.size() : 0) : 0) + (self.size() > 4 ? (has(self[4].matches) ? self[4].matches.size() : 0) : 0) + (self.size() > 5 ? (has(self[5].matches) ? self[5].matches.size() : 0) : 0) + (self.size() > 6 ? (has(self[6].matches) ? self[6].matches.size() : 0) : 0) + (self.size() > 7 ? (has(self[7].matches) ? self[7].matches.size() : 0) : 0) + (self.size() > 8 ? (has(self[8].matches) ? self[8].matches.size() : 0) : 0) + (self.size() > 9 ? (has(self[9].matches) ? self[9].matches.size() : 0) : 0) + (self.size() > 10 ? (has(self[10].matches) ? self[10].matches.size() : 0) : 0) + (self.size() > 11 ? (has(self[11].matches) ? self[11].matches.size() : 0) : 0) + (self.size() > 12 ? (has(self[12].matches) ? self[12].matches.size() : 0) : 0) + (self.size() > 13 ? (has(self[13].matches) ? self[13].matches.size() : 0) : 0) + (self.size() > 14 ? (has(self[14].matches) ? self[14].matches.size() : 0) : 0) + (self.size() > 15 ? (has(self[15].matches) ? self[15].matches.size() : 0) : 0) <= 128",
        holds: |this, _| matches_are_few(this, Some(0)),
    },
    Port {
        expression: "(self.size() > 0 ? self[0].matches.size() : 0) + (self.size() > 1 ? self[1].matches.size() : 0) + (self.size() > 2 ? self[2].matches.size() : 0) + (self.size() > 3 ? self[3].matches.size() : 0) + (self.size() > 4 ? self[4].matches.size() : 0) + (self.size() > 5 ? self[5].matches.size() : 0) + (self.size() > 6 ? self[6].matches.size() : 0) + (self.size() > 7 ? self[7].matches.size() : 0) + (self.size() > 8 ? self[8].matches.size() : 0) + (self.size() > 9 ? self[9].matches.size() : 0) + (self.size() > 10 ? self[10].matches.size() : 0) + (self.size() > 11 ? self[11].matches.size() : 0) + (self.size() > 12 ? self[12].matches.size() : 0) + (self.size() > 13 ? self[13].matches.size() : 0) + (self.size() > 14 ? self[14].matches.size() : 0) + (self.size() > 15 ? self[15].matches.size() : 0) <= 128",
        holds: |this, _| matches_are_few(this, None),
    },
    Port {
        expression: "self.all(l1, !has(l1.name) || self.exists_one(l2, has(l2.name) && l1.name == l2.name))",
        holds: |this, _| {
            distinct(items(this).iter().filter(|rule| has(rule, "name")).map(|rule| text(rule, "name")))
        },
    },
    Port {
        expression: "(has(self.backendRefs) && size(self.backendRefs) > 0) ? (!has(self.filters) || self.filters.all(f, !has(f.requestRedirect))): true",
        holds: redirect_is_without_backends,
    },
    Port {
        expression: "(has(self.filters) && self.filters.exists_one(f, has(f.requestRedirect) && has(f.requestRedirect.path) && f.requestRedirect.path.type == 'ReplacePrefixMatch' && has(f.requestRedirect.path.replacePrefixMatch))) ? ((size(self.matches) != 1 || !has(self.matches[0].path) || self.matches[0].path.type != 'PathPrefix') ? false : true) : true",
        holds: |this, _| prefix_is_known(this, filters_replace_prefix(this, "requestRedirect")),
    },
    Port {
        expression: "(has(self.filters) && self.filters.exists_one(f, has(f.urlRewrite) && has(f.urlRewrite.path) && f.urlRewrite.path.type == 'ReplacePrefixMatch' && has(f.urlRewrite.path.replacePrefixMatch))) ? ((size(self.matches) != 1 || !has(self.matches[0].path) || self.matches[0].path.type != 'PathPrefix') ? false : true) : true",
        holds: |this, _| prefix_is_known(this, filters_replace_prefix(this, "urlRewrite")),
    },
    Port {
        expression: "(has(self.backendRefs) && self.backendRefs.exists_one(b, (has(b.filters) && b.filters.exists_one(f, has(f.requestRedirect) && has(f.requestRedirect.path) && f.requestRedirect.path.type == 'ReplacePrefixMatch' && has(f.requestRedirect.path.replacePrefixMatch))) )) ? ((size(self.matches) != 1 || !has(self.matches[0].path) || self.matches[0].path.type != 'PathPrefix') ? false : true) : true",
        holds: |this, _| prefix_is_known(this, backends_replace_prefix(this, "requestRedirect")),
    },
    Port {
        expression: "(has(self.backendRefs) && self.backendRefs.exists_one(b, (has(b.filters) && b.filters.exists_one(f, has(f.urlRewrite) && has(f.urlRewrite.path) && f.urlRewrite.path.type == 'ReplacePrefixMatch' && has(f.urlRewrite.path.replacePrefixMatch))) )) ? ((size(self.matches) != 1 || !has(self.matches[0].path) || self.matches[0].path.type != 'PathPrefix') ? false : true) : true",
        holds: |this, _| prefix_is_known(this, backends_replace_prefix(this, "urlRewrite")),
    },
];

/// Most matches of all rules of a route together.
const MATCHES_MAX: usize = 128;

/// How many rules the expression counts; the schema allows no more.
const RULES_COUNTED: usize = 16;

/// `absent` is how many matches a rule has that has none, unless that is an error.
fn matches_are_few(this: &Node<'_>, absent: Option<usize>) -> bool {
    let counted = items(this).iter().take(RULES_COUNTED);
    let sum = counted.map(|rule| size(rule, "matches").or(absent)).sum::<Option<usize>>();
    sum.is_some_and(|sum| sum <= MATCHES_MAX)
}

fn redirect_is_without_backends(this: &Node<'_>, _: Option<&Node<'_>>) -> bool {
    let backends = size(this, "backendRefs").unwrap_or_default();
    let filters = items_of(this, "filters").unwrap_or_default();
    backends == 0 || filters.iter().all(|filter| !has(filter, "requestRedirect"))
}

/// Whether exactly one filter of the rule replaces a prefix. Two do not count, but other rules refuse them.
fn filters_replace_prefix(holder: &Node<'_>, member: &str) -> Verdict {
    let Some(filters) = holder.get("filters") else { return Some(false) };
    exists_one(items(filters), |filter| {
        let Some(path) = filter.get(member).and_then(|filter| filter.get("path")) else {
            return Some(false);
        };
        and(is(path, "type", "ReplacePrefixMatch"), Some(has(path, "replacePrefixMatch")))
    })
}

/// Whether exactly one backend has exactly one filter that replaces a prefix.
fn backends_replace_prefix(this: &Node<'_>, member: &str) -> Verdict {
    let Some(backends) = this.get("backendRefs") else { return Some(false) };
    exists_one(items(backends), |backend| filters_replace_prefix(backend, member))
}

/// A prefix can be replaced only if there is exactly one match, of a prefix.
fn prefix_is_known(this: &Node<'_>, replaces: Verdict) -> bool {
    match replaces {
        Some(true) => match items_of(this, "matches") {
            Some([only]) => only.get("path").and_then(|path| is(path, "type", "PathPrefix")) == Some(true),
            _ => false,
        },
        Some(false) => true,
        None => false,
    }
}
