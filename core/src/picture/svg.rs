//! SVG, drawn here: three columns, each node a box with its lines.

use std::fmt::Write as _;

use super::{Column, Node, Picture};

/// Width of a box and of the gap between columns, in pixels.
const WIDTH: usize = 300;
const GAP: usize = 120;

/// Height of a line of text, and the margin above and below the lines of a box.
const LINE: usize = 16;
const MARGIN: usize = 8;

/// Between two boxes, and around everything.
const SPACE: usize = 14;

/// Height of the bar that is as long as its Gateway is full.
const BAR: usize = 4;

/// Size of the letters, and characters of that size that fit a box; a longer line has smaller ones.
const LETTERS: usize = 12;
const CHARACTERS: usize = 40;

/// Where a node is drawn.
#[derive(Clone, Copy, Default)]
struct Frame {
    x: usize,
    y: usize,
    height: usize,
}

/// The picture as an SVG 1.1 document without scripts, fonts or references to anything outside.
pub fn svg(picture: &Picture) -> String {
    let boxes = layout(picture);
    let height = boxes.iter().map(|place| place.y + place.height).max().unwrap_or_default() + SPACE;
    let width = 3 * WIDTH + 2 * GAP + 2 * SPACE;
    // A string takes every text.
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" font-family=\"sans-serif\" font-size=\"{LETTERS}\">\n<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n"
    );
    for (from, to) in &picture.arrows {
        let (Some(from), Some(to)) = (boxes.get(*from), boxes.get(*to)) else { continue };
        let (x1, y1) = (from.x + WIDTH, from.y + from.height / 2);
        let (x2, y2) = (to.x, to.y + to.height / 2);
        let middle = usize::midpoint(x1, x2);
        let _ = writeln!(
            text,
            "<path d=\"M {x1} {y1} C {middle} {y1} {middle} {y2} {x2} {y2}\" fill=\"none\" stroke=\"#777777\"/>"
        );
    }
    for (node, place) in picture.nodes.iter().zip(&boxes) {
        draw(node, *place, &mut text);
    }
    text.push_str("</svg>\n");
    text
}

/// Boxes column by column, each from the top down in the order of the nodes.
fn layout(picture: &Picture) -> Vec<Frame> {
    let [mut origins, mut listeners, mut gateways] = [SPACE; 3];
    let frame = |node: &Node| {
        let (column, bottom) = match node.column {
            Column::Origin => (0, &mut origins),
            Column::Listener => (1, &mut listeners),
            Column::Gateway => (2, &mut gateways),
        };
        let height = node.lines.len() * LINE + 2 * MARGIN;
        let frame = Frame { x: SPACE + column * (WIDTH + GAP), y: *bottom, height };
        *bottom += height + SPACE;
        frame
    };
    picture.nodes.iter().map(frame).collect()
}

fn draw(node: &Node, place: Frame, text: &mut String) {
    let Frame { x, y, height } = place;
    let fill = match (node.column, node.fill) {
        (Column::Gateway, Some(fill)) => fill.level.colour(),
        (Column::Origin, _) => "#eef3fb",
        (Column::Listener | Column::Gateway, _) => "#f6f6f6",
    };
    let _ = writeln!(
        text,
        "<rect x=\"{x}\" y=\"{y}\" width=\"{WIDTH}\" height=\"{height}\" rx=\"4\" fill=\"{fill}\" stroke=\"#555555\"/>"
    );
    if let Some(fill) = node.fill {
        let taken = WIDTH * usize::from(fill.percent) / 100;
        let bottom = y + height - BAR;
        let _ = writeln!(
            text,
            "<rect x=\"{x}\" y=\"{bottom}\" width=\"{taken}\" height=\"{BAR}\" fill=\"#555555\"/>"
        );
    }
    for (index, line) in node.lines.iter().enumerate() {
        let (left, base) = (x + 10, y + MARGIN + (index + 1) * LINE - 4);
        let weight = if index == 0 { " font-weight=\"bold\"" } else { "" };
        let characters = line.chars().count();
        let smaller = if characters > CHARACTERS {
            format!(" font-size=\"{}\"", (LETTERS * CHARACTERS / characters).max(1))
        } else {
            String::new()
        };
        let _ = writeln!(text, "<text x=\"{left}\" y=\"{base}\"{weight}{smaller}>{}</text>", escaped(line));
    }
}

fn escaped(line: &str) -> String {
    line.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
