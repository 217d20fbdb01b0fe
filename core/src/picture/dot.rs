//! Graphviz.

use std::fmt::Write as _;

use super::Picture;

/// The picture in the DOT language (Graphviz 2.40 and later), from left to right.
pub fn dot(picture: &Picture) -> String {
    let mut text = "digraph plan {\n  rankdir=LR;\n  node [shape=box, fontname=\"sans-serif\"];\n".to_owned();
    for (index, node) in picture.nodes.iter().enumerate() {
        let lines: Vec<String> = node.lines.iter().map(|line| escaped(line)).collect();
        let fill = node.fill.map_or_else(String::new, |fill| {
            format!(", style=filled, fillcolor=\"{}\"", fill.level.colour())
        });
        // A string takes every text.
        let _ = writeln!(text, "  n{index} [label=\"{}\"{fill}];", lines.join("\\n"));
    }
    for (from, to) in &picture.arrows {
        let _ = writeln!(text, "  n{from} -> n{to};");
    }
    text.push_str("}\n");
    text
}

/// Backslashes and quotes end a label early; a name has neither, as far as the walk of the values lets it pass.
fn escaped(line: &str) -> String {
    line.replace('\\', "\\\\").replace('"', "\\\"")
}
