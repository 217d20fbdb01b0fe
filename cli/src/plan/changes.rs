//! What changes, for people: what comes, what goes, and a diff of what stays.

use gatewright_core::summary::Object;
use gatewright_core::summary::changes::{Changed, Changes};
use similar::{Algorithm, ChangeTag, TextDiff};

use super::text::{by_kind, placed};
use crate::page::{Page, counted, names};

/// Lines around a difference.
const CONTEXT: usize = 2;
/// Lines of one diff that a terminal shows.
const DIFF_LINES_MAX: usize = 40;
/// Diffs that a terminal shows; objects that change alike share one.
const DIFFS_MAX: usize = 20;

/// Objects whose manifests change by the same lines.
struct Alike<'s> {
    diff: String,
    objects: Vec<&'s Object>,
}

/// Prints changes, every diff whole unless it is for a terminal; names in the namespace `home` stand without it.
pub(super) fn print(changes: &Changes<'_>, home: &str, for_terminal: bool) -> String {
    let (diffs, lines) = if for_terminal { (DIFFS_MAX, DIFF_LINES_MAX) } else { (usize::MAX, usize::MAX) };
    // Who is left unserved, which ports and addresses go, and what is done by hand, diagnostics say.
    let Changes {
        added,
        removed,
        changed,
        unchanged,
        moved,
        unserved: _,
        closed_ports: _,
        astray: _,
        gone_addresses: _,
        dns_by_hand: _,
        unserved_matches: _,
        awaited_grants: _,
    } = changes;
    let mut page = Page::default();
    if added.is_empty() && removed.is_empty() && changed.is_empty() {
        page.line(&format!("No change: {} as before", counted(*unchanged, "object")));
        return page.finish();
    }
    page.line(&format!(
        "{} added, {} removed, {} changed, {unchanged} unchanged",
        counted(added.len(), "object"),
        removed.len(),
        changed.len()
    ));
    if !moved.is_empty() {
        page.heading("MOVED");
        let rows: Vec<[String; 2]> = moved
            .iter()
            .map(|found| [found.name.to_owned(), format!("{} -> {}", found.from, found.to)])
            .collect();
        page.bare_table(2, &rows);
    }
    for (heading, sign, objects) in [("ADDED", "+", added), ("REMOVED", "-", removed)] {
        if !objects.is_empty() {
            page.heading(heading);
            let rows = by_kind(objects.iter().copied(), home);
            let rows: Vec<_> =
                rows.into_iter().map(|[kind, count, names]| [sign.to_owned(), kind, count, names]).collect();
            page.bare_table(2, &rows);
        }
    }
    if !changed.is_empty() {
        page.heading("CHANGED");
        let groups = alike(changed);
        groups.iter().take(diffs).for_each(|group| self::group(&mut page, group, lines, home));
        if let Some(left) = groups.get(diffs..).filter(|left| !left.is_empty()) {
            let objects = left.iter().map(|group| group.objects.len()).sum();
            page.line(&format!("  … and {} more, all into a pipe or a file", counted(objects, "object")));
        }
    }
    page.finish()
}

/// Groups objects that change by the same lines, as they do when one value reaches many of them.
fn alike<'s>(changed: &[Changed<'s>]) -> Vec<Alike<'s>> {
    let mut groups: Vec<Alike<'s>> = Vec::new();
    let mut known: std::collections::BTreeMap<Vec<String>, usize> = std::collections::BTreeMap::new();
    for Changed { new, old, old_digest: _ } in changed {
        let diff =
            TextDiff::configure().algorithm(Algorithm::Patience).diff_lines(&old.manifest, &new.manifest);
        let lines: Vec<String> = diff
            .iter_all_changes()
            .filter(|change| change.tag() != ChangeTag::Equal)
            .map(|change| format!("{}{}", change.tag(), change.value()))
            .collect();
        if let Some(index) = known.get(&lines) {
            groups[*index].objects.push(new);
            continue;
        }
        known.insert(lines, groups.len());
        let diff = diff.unified_diff().context_radius(CONTEXT).to_string();
        groups.push(Alike { diff, objects: vec![new] });
    }
    groups
}

fn group(page: &mut Page, group: &Alike<'_>, most: usize, home: &str) {
    let Alike { diff, objects } = group;
    if let [object] = objects.as_slice() {
        page.wrapped("  ~ ", &titled(object, home));
    } else {
        let titles: Vec<String> = objects.iter().map(|object| titled(object, home)).collect();
        let count = counted(objects.len(), "object");
        page.wrapped("  ~ ", &format!("{count} alike: {}", names(titles.iter().map(String::as_str))));
    }
    let lines: Vec<&str> = diff.lines().collect();
    let shown = if lines.len() > most { most - 1 } else { lines.len() };
    lines[..shown].iter().for_each(|line| page.line(&format!("      {line}")));
    if shown < lines.len() {
        page.line(&format!("      … and {} more lines, all into a pipe or a file", lines.len() - shown));
    }
}

fn titled(object: &Object, home: &str) -> String {
    format!("{} {}", object.kind, placed(&object.namespace, &object.name, home))
}
