//! Rule: header-name-case
//!
//! The CRD compares header names by their bytes and list by list, HTTP without regard to case, and a filter may act on
//! a header once.

use std::borrow::Cow;
use std::collections::{BTreeMap, btree_map};

use super::finding::{matching, rule};
use super::matches::lower;
use super::{Context, Finding, Rule};
use crate::check::model::{Filter, FilterKind};
use crate::diagnostic::{Code, Severity};
use crate::path::Path;

pub(super) static RULE: Rule = Rule {
    code: Code("header-name-case"),
    severity: Severity::Warning,
    what: "a header name twice in one match, in different case, or twice in one filter",
    why: "Header names are the same in any case. Of a match only the first entry counts, so it takes more requests than it \
          says. A filter with several actions for one header, in one list or in `set`, `add` and `remove`, is invalid, \
          and what a controller makes of it is its own.",
    source: "Gateway API v1.6.1, `httproute_types.go:617-621` and `:1048-1052`",
    bad: r"
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  parentRefs: [{name: public}]
  hostnames: [shop.example.com]
  rules:
    - matches: [{headers: [{name: X-Tenant, value: a}, {name: x-tenant, value: b}]}]
      backendRefs: [{name: shop, port: 80}]
",
    good: r"
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  parentRefs: [{name: public}]
  hostnames: [shop.example.com]
  rules:
    - matches: [{headers: [{name: X-Tenant, value: a}]}, {headers: [{name: X-Tenant, value: b}]}]
      backendRefs: [{name: shop, port: 80}]
",
    check,
};

fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for route in &context.model.routes {
        let object = route.meta.object;
        for (index, found) in route.rules.iter().enumerate() {
            for (at, one) in found.matches.iter().enumerate() {
                let entries = entries("headers", one.headers.iter().map(|(name, _)| name.as_ref()));
                for (earlier, entry) in repeated(entries) {
                    let message = format!(
                        "`{}` is the same header as `{}` before it, so this entry is ignored",
                        entry.name, earlier.name
                    );
                    let hint = "keep one of the two; alternatives are matches of their own";
                    let path = matching(index, at).key(entry.list).index(entry.index);
                    out.push(RULE.find(object, path, message).hint(hint));
                }
            }
            let path = || rule(index).key("filters");
            filters(object, path, &found.filters, out);
            for backend in &found.backends {
                let path = || rule(index).key("backendRefs").index(backend.index).key("filters");
                filters(object, path, &backend.filters, out);
            }
        }
    }
}

fn filters(object: usize, path: impl Fn() -> Path, filters: &[Filter<'_>], out: &mut Vec<Finding>) {
    for filter in filters {
        let FilterKind::Headers { request, set, add, remove } = &filter.kind else { continue };
        let key = if *request { "requestHeaderModifier" } else { "responseHeaderModifier" };
        let entries = entries("set", set.iter().map(|(name, _)| name.as_ref()))
            .chain(entries("add", add.iter().map(|(name, _)| name.as_ref())))
            .chain(entries("remove", remove.iter().map(AsRef::as_ref)));
        for (earlier, entry) in repeated(entries) {
            let message = format!(
                "`{}` in `{}` is the same header as `{}` in `{}`, and a filter may act on a header once",
                entry.name, entry.list, earlier.name, earlier.list
            );
            let hint = "keep one of the two; several values are one value, with commas between";
            let path = path().index(filter.index).key(key).key(entry.list).index(entry.index);
            out.push(RULE.find(object, path, message).hint(hint));
        }
    }
}

/// A header name, and where it stands.
#[derive(Clone, Copy)]
struct Entry<'m> {
    list: &'static str,
    index: usize,
    name: &'m str,
}

fn entries<'m>(list: &'static str, names: impl Iterator<Item = &'m str>) -> impl Iterator<Item = Entry<'m>> {
    names.enumerate().map(move |(index, name)| Entry { list, index, name })
}

/// Entries whose header an earlier one has, each with the first of them.
fn repeated<'m>(entries: impl Iterator<Item = Entry<'m>>) -> Vec<(Entry<'m>, Entry<'m>)> {
    let mut earlier: BTreeMap<Cow<'m, str>, Entry<'m>> = BTreeMap::new();
    let mut found = Vec::new();
    for entry in entries {
        match earlier.entry(lower(entry.name)) {
            btree_map::Entry::Occupied(first) => found.push((*first.get(), entry)),
            btree_map::Entry::Vacant(place) => {
                place.insert(entry);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;
    use super::RULE;

    #[test]
    fn looks_at_filters() {
        let text = "
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: a}
spec:
  rules:
    - filters:
        - type: RequestHeaderModifier
          requestHeaderModifier: {set: [{name: A, value: v}, {name: a, value: w}], remove: [b, B]}
        - type: ResponseHeaderModifier
          responseHeaderModifier: {set: [{name: c, value: v}], add: [{name: c, value: w}, {name: d, value: w}]}
";
        assert_eq!(
            found(&RULE, text),
            [
                "0 warning spec.rules[0].filters[0].requestHeaderModifier.set[1]",
                "0 warning spec.rules[0].filters[0].requestHeaderModifier.remove[1]",
                "0 warning spec.rules[0].filters[1].responseHeaderModifier.add[0]"
            ]
        );
    }
}
