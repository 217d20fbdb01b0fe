//! How many nodes, and how large: what the plan "Higress hostNetwork ingress" says, which gives no measurement.
//!
//! There its rows overlap at their ends (`100-500`, `500-2000`); here a bound belongs to the larger row.

use std::fmt::Write as _;

/// From how many tenants on, how many nodes.
const NODES: [(usize, &str); 4] =
    [(0, "2 nodes"), (100, "3 nodes"), (500, "5 nodes"), (2_000, "7 nodes or more")];

/// From how many routes on, how large each node.
const EACH_NODE: [(usize, &str); 4] = [
    (0, "2 cores, 2 GB, 1 Gbit/s"),
    (500, "4 cores, 4 GB, 10 Gbit/s"),
    (2_000, "8 cores, 8 GB, 10 Gbit/s"),
    (10_000, "16 cores, 16 GB, 25 Gbit/s"),
];

/// Both tables as comments, with the rows that these values fall into.
pub(super) fn comment(tenants: usize, routes: usize) -> String {
    let mut text = "#\n# Advice on sizes, unproven: nothing was measured for it.\n".to_owned();
    table(&mut text, "tenants", &NODES, tenants);
    table(&mut text, "routes", &EACH_NODE, routes);
    text
}

fn table(text: &mut String, what: &str, rows: &[(usize, &str)], count: usize) {
    for (index, (from, advice)) in rows.iter().enumerate() {
        let next = rows.get(index + 1).map(|(next, _)| *next);
        let range = next
            .map_or_else(|| format!("from {from} {what}"), |next| format!("{from} to {} {what}", next - 1));
        let here = count >= *from && next.is_none_or(|next| count < next);
        let mark = if here { format!("   <- {count} here") } else { String::new() };
        // Writing to a String cannot fail.
        let _ = writeln!(text, "#   {range:<20} {advice}{mark}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_count_falls_into_one_row() {
        for (count, nodes) in
            [(0, "2 nodes"), (99, "2 nodes"), (100, "3 nodes"), (500, "5 nodes"), (2_000, "7 nodes or more")]
        {
            let mut text = String::new();
            table(&mut text, "tenants", &NODES, count);
            let marked: Vec<_> = text.lines().filter(|line| line.contains("<-")).collect();
            assert_eq!(marked.len(), 1, "{text}");
            assert!(marked.iter().all(|line| line.contains(nodes)), "{count}: {text}");
        }
    }
}
