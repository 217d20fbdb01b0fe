//! Graphviz.

use std::fmt::Write as _;

use super::{Column, Picture};

/// The picture in the DOT language (Graphviz 2.40 and later), from left to right.
pub fn dot(picture: &Picture) -> String {
    let mut text = "digraph plan {\n  rankdir=LR;\n  node [shape=box, fontname=\"sans-serif\"];\n".to_owned();
    for (index, node) in picture.nodes.iter().enumerate() {
        let lines: Vec<String> = node.lines.iter().map(|line| escaped(line)).collect();
        let fill = match node.fill {
            Some(fill) if fill >= 100 => ", style=filled, fillcolor=\"#f4c7c3\"",
            Some(fill) if fill > 80 => ", style=filled, fillcolor=\"#fce8b2\"",
            _ if node.column == Column::Gateway => ", style=filled, fillcolor=\"#d9ead3\"",
            _ => "",
        };
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
