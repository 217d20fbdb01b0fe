//! The predicted status as tables, with the messages of conditions below the rows.
//!
//! Rows are for finding an object again: names stand whole, and a row with a long one passes the width of the page
//! rather than show a start that other objects have too.

use gatewright_core::check::or_unnamed;
use gatewright_core::check::status::{Condition, ParentName, Status, Truth};
use gatewright_core::shorten::shortened;

use crate::page::{Note, Page};

/// Longest that a cell gets, in bytes: Kubernetes' longest names of a namespace, an object and a section fit.
const CELL_MAX: usize = 600;

/// Prints Gateways and ListenerSets, their listeners, and routes; conditions that hold by their type alone.
pub(super) fn print(status: &Status<'_>) -> String {
    let Status { routes, listeners, gateways } = status;
    let mut page = Page::whole();
    let of_gateways = gateways.iter().map(|row| {
        let conditions = &row.conditions[..];
        ([row.kind.to_owned(), named(row.namespace, row.name), words(conditions)], conditions)
    });
    let of_listeners = listeners.iter().map(|row| {
        let (owner, conditions) = (&row.gateway, &row.conditions[..]);
        let cells = [
            owner.kind.to_owned(),
            named(owner.namespace, owner.name),
            row.name.to_owned(),
            row.attached_routes.to_string(),
            words(conditions),
        ];
        (cells, conditions)
    });
    let of_routes = routes.iter().flat_map(|row| {
        row.parents.iter().map(|at| {
            let (parent, conditions) = (parent(&at.parent_ref, row.namespace), &at.conditions[..]);
            ([row.kind.to_owned(), named(row.namespace, row.name), parent, words(conditions)], conditions)
        })
    });
    table(&mut page, ["KIND", "NAME", "CONDITIONS"], of_gateways);
    table(&mut page, ["KIND", "OF", "LISTENER", "ROUTES", "CONDITIONS"], of_listeners);
    table(&mut page, ["KIND", "ROUTE", "PARENT", "CONDITIONS"], of_routes);
    page.finish()
}

/// Adds a table with an empty line behind it, unless it has no rows.
fn table<'s, const N: usize>(
    page: &mut Page,
    head: [&str; N],
    rows: impl Iterator<Item = ([String; N], &'s [Condition])>,
) {
    let cut = |row: [String; N]| row.map(|cell| shortened(&cell, CELL_MAX).into_owned());
    let rows = rows.map(|(row, conditions)| (cut(row), messages(conditions)));
    let (rows, notes): (Vec<_>, Vec<_>) = rows.unzip();
    if !rows.is_empty() {
        page.noted_table(0, head, &rows, &notes);
        page.line("");
    }
}

fn named(namespace: &str, name: &str) -> String {
    format!("{namespace}/{}", or_unnamed(name))
}

/// A parent as a route of the namespace `own` names it: `edge/public https:443`, `ListenerSet edge/shop`.
fn parent(parent: &ParentName<'_>, own: &str) -> String {
    let ParentName { group: _, kind, namespace, name, section_name, port } = parent;
    let kind = if *kind == "Gateway" { String::new() } else { format!("{kind} ") };
    let port = port.map(|port| format!(":{port}")).unwrap_or_default();
    let listener = format!("{}{port}", section_name.unwrap_or_default());
    let blank = if listener.is_empty() { "" } else { " " };
    format!("{kind}{}{blank}{listener}", named(namespace.unwrap_or(own), name))
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

/// The messages of conditions, each once, below the types that have it.
fn messages(conditions: &[Condition]) -> Vec<Note> {
    let mut notes: Vec<Note> = Vec::new();
    for Condition { kind, message, .. } in conditions.iter().filter(|it| !it.message.is_empty()) {
        match notes.iter_mut().find(|note| note.words == *message) {
            Some(note) => note.label = format!("{}, {kind}", note.label),
            None => notes.push(Note { label: (*kind).to_owned(), words: message.to_string() }),
        }
    }
    notes
}
