//! Mermaid, as GitHub and many documents draw it.

use std::fmt::Write as _;

use super::{Column, Level, Picture};

/// The picture as a Mermaid flowchart (10 and later), from left to right.
pub fn mermaid(picture: &Picture) -> String {
    let mut text = "flowchart LR\n".to_owned();
    for (index, node) in picture.nodes.iter().enumerate() {
        let lines: Vec<String> = node.lines.iter().map(|line| escaped(line)).collect();
        let label = lines.join("<br/>");
        let class = node.fill.map_or_else(String::new, |fill| format!(":::{}", fill.level.word()));
        // A string takes every text.
        let _ = match node.column {
            Column::Gateway => writeln!(text, "  n{index}[[\"{label}\"]]{class}"),
            Column::Listener => writeln!(text, "  n{index}([\"{label}\"])"),
            Column::Origin => writeln!(text, "  n{index}[\"{label}\"]"),
        };
    }
    for level in Level::ALL {
        let _ = writeln!(text, "  classDef {} fill:{},color:#000000", level.word(), level.colour());
    }
    for (from, to) in &picture.arrows {
        let _ = writeln!(text, "  n{from} --> n{to}");
    }
    text
}

/// Mermaid reads entities in quoted labels: what could end a label, or be HTML, is written as one.
fn escaped(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    for character in line.chars() {
        match character {
            '"' => text.push_str("#quot;"),
            '<' => text.push_str("#lt;"),
            '>' => text.push_str("#gt;"),
            '&' => text.push_str("#amp;"),
            '#' => text.push_str("#35;"),
            other => text.push(other),
        }
    }
    text
}
