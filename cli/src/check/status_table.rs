//! The predicted status as a table.

use gatewright_core::check::status::{Condition, Status, Truth};

use crate::page::Page;

/// Prints Gateways and ListenerSets, their listeners, and routes; conditions that hold by their type alone.
pub(super) fn print(status: &Status<'_>) -> String {
    let Status { routes, listeners, gateways } = status;
    let mut page = Page::whole();
    let of_gateways: Vec<[String; 3]> = gateways
        .iter()
        .map(|row| [row.kind.to_owned(), named(row.namespace, row.name), words(&row.conditions)])
        .collect();
    let of_listeners: Vec<[String; 5]> = listeners
        .iter()
        .map(|row| {
            let owner = &row.gateway;
            [
                owner.kind.to_owned(),
                named(owner.namespace, owner.name),
                row.name.to_owned(),
                row.attached_routes.to_string(),
                words(&row.conditions),
            ]
        })
        .collect();
    let of_routes: Vec<[String; 4]> = routes
        .iter()
        .flat_map(|row| {
            row.parents.iter().map(|parent| {
                let at = &parent.parent_ref;
                let mut place = named(at.namespace.unwrap_or(row.namespace), at.name);
                if let Some(section) = at.section_name {
                    place = format!("{place} {section}");
                }
                [row.kind.to_owned(), named(row.namespace, row.name), place, words(&parent.conditions)]
            })
        })
        .collect();
    if !of_gateways.is_empty() {
        page.table(0, ["KIND", "NAME", "CONDITIONS"], &of_gateways);
        page.line("");
    }
    if !of_listeners.is_empty() {
        page.table(0, ["KIND", "OF", "LISTENER", "ROUTES", "CONDITIONS"], &of_listeners);
        page.line("");
    }
    if !of_routes.is_empty() {
        page.table(0, ["KIND", "ROUTE", "PARENT", "CONDITIONS"], &of_routes);
        page.line("");
    }
    page.finish()
}

fn named(namespace: &str, name: &str) -> String {
    format!("{namespace}/{name}")
}

/// `Accepted, ResolvedRefs=False (RefNotPermitted)`.
fn words(conditions: &[Condition]) -> String {
    let word = |condition: &Condition| {
        let Condition { kind, status, reason, .. } = condition;
        match status {
            Truth::True if kind == reason => (*kind).to_owned(),
            Truth::True => format!("{kind} ({reason})"),
            Truth::False if *kind == "Conflicted" => String::new(),
            Truth::False => format!("{kind}=False ({reason})"),
            Truth::Unknown => format!("{kind}=Unknown ({reason})"),
        }
    };
    let words: Vec<String> = conditions.iter().map(word).filter(|word| !word.is_empty()).collect();
    words.join(", ")
}
