//! References to parents and targets: two to the same object must tell which part of it they mean.

use super::Port;
use super::eval::{agreeing, distinct, integer, items, says, text};
use crate::tree::Node;

pub(super) const PORTS: &[Port] = &[
    Port {
        expression: "self.all(p1, self.all(p2, p1.group == p2.group && p1.kind == p2.kind && p1.name == p2.name && (((!has(p1.__namespace__) || p1.__namespace__ == '') && (!has(p2.__namespace__) || p2.__namespace__ == '')) || (has(p1.__namespace__) && has(p2.__namespace__) && p1.__namespace__ == p2.__namespace__ )) ? ((!has(p1.sectionName) || p1.sectionName == '') == (!has(p2.sectionName) || p2.sectionName == '')) : true))",
        holds: |this, _| {
            agreeing(items(this).iter().map(|parent| Some((object(parent)?, says(parent, "sectionName")))))
        },
    },
    Port {
        expression: "self.all(p1, self.all(p2, p1.group == p2.group && p1.kind == p2.kind && p1.name == p2.name && (((!has(p1.__namespace__) || p1.__namespace__ == '') && (!has(p2.__namespace__) || p2.__namespace__ == '')) || (has(p1.__namespace__) && has(p2.__namespace__) && p1.__namespace__ == p2.__namespace__)) ? ((!has(p1.sectionName) || p1.sectionName == '') == (!has(p2.sectionName) || p2.sectionName == '') && (!has(p1.port) || p1.port == 0) == (!has(p2.port) || p2.port == 0)): true))",
        holds: |this, _| {
            agreeing(
                items(this)
                    .iter()
                    .map(|parent| Some((object(parent)?, (says(parent, "sectionName"), port(parent) != 0)))),
            )
        },
    },
    Port {
        expression: "self.all(p1, self.exists_one(p2, p1.group == p2.group && p1.kind == p2.kind && p1.name == p2.name && (((!has(p1.__namespace__) || p1.__namespace__ == '') && (!has(p2.__namespace__) || p2.__namespace__ == '')) || (has(p1.__namespace__) && has(p2.__namespace__) && p1.__namespace__ == p2.__namespace__ )) && (((!has(p1.sectionName) || p1.sectionName == '') && (!has(p2.sectionName) || p2.sectionName == '')) || ( has(p1.sectionName) && has(p2.sectionName) && p1.sectionName == p2.sectionName)) && (((!has(p1.port) || p1.port == 0) && (!has(p2.port) || p2.port == 0)) || (has(p1.port) && has(p2.port) && p1.port == p2.port))))",
        holds: |this, _| {
            let key = |parent| Some((object(parent)?, section(parent), port(parent)));
            distinct(items(this).iter().map(key))
        },
    },
    Port {
        expression: "self.all(p1, self.exists_one(p2, p1.group == p2.group && p1.kind == p2.kind && p1.name == p2.name && (((!has(p1.__namespace__) || p1.__namespace__ == '') && (!has(p2.__namespace__) || p2.__namespace__ == '')) || (has(p1.__namespace__) && has(p2.__namespace__) && p1.__namespace__ == p2.__namespace__ )) && (((!has(p1.sectionName) || p1.sectionName == '') && (!has(p2.sectionName) || p2.sectionName == '')) || (has(p1.sectionName) && has(p2.sectionName) && p1.sectionName == p2.sectionName))))",
        holds: |this, _| distinct(items(this).iter().map(|parent| Some((object(parent)?, section(parent))))),
    },
    Port {
        expression: "self.all(p1, self.all(p2, p1.group == p2.group && p1.kind == p2.kind && p1.name == p2.name ? ((!has(p1.sectionName) || p1.sectionName == '') == (!has(p2.sectionName) || p2.sectionName == '')) : true))",
        holds: |this, _| {
            agreeing(items(this).iter().map(|target| Some((name(target)?, says(target, "sectionName")))))
        },
    },
    Port {
        expression: "self.all(p1, self.exists_one(p2, p1.group == p2.group && p1.kind == p2.kind && p1.name == p2.name && (((!has(p1.sectionName) || p1.sectionName == '') && (!has(p2.sectionName) || p2.sectionName == '')) || (has(p1.sectionName) && has(p2.sectionName) && p1.sectionName == p2.sectionName))))",
        holds: |this, _| distinct(items(this).iter().map(|target| Some((name(target)?, section(target))))),
    },
];

/// Group, kind and name.
type Name<'n> = (&'n str, &'n str, &'n str);

fn name<'n>(reference: &'n Node<'_>) -> Option<Name<'n>> {
    Some((text(reference, "group")?, text(reference, "kind")?, text(reference, "name")?))
}

/// The name and the namespace. One that is not given is the same as an empty one, and another than the
/// route's own, though both mean it.
fn object<'n>(reference: &'n Node<'_>) -> Option<(Name<'n>, &'n str)> {
    Some((name(reference)?, text(reference, "namespace").unwrap_or_default()))
}

fn section<'n>(reference: &'n Node<'_>) -> &'n str {
    text(reference, "sectionName").unwrap_or_default()
}

fn port(reference: &Node<'_>) -> i64 {
    integer(reference, "port").unwrap_or_default()
}
