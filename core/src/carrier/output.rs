//! The stream for Helm to go on with.

use std::borrow::Cow;

use super::{Carrier, Part, order, stream};

/// Writes all parts, grouped by kind in Helm's install order.
pub(super) fn write(parts: &[Part<'_>]) -> String {
    let mut blocks = Vec::new();
    for part in parts {
        match part {
            Part::Foreign(document) => {
                blocks.push(Block::new(stream::kind(document.text), document.lead, None, document.text));
            }
            Part::Carrier(Carrier { lead, source, label: _, rendered }) => {
                blocks.push(Block::new(Cow::Borrowed(""), lead, None, ""));
                blocks.extend(rendered.manifests.iter().map(|(manifest, text)| {
                    Block::new(Cow::Borrowed(manifest.kind), "", source.comment(), text)
                }));
            }
        }
    }
    blocks.sort_by(|a, b| (a.order, &a.kind).cmp(&(b.order, &b.kind)));
    let mut output = String::with_capacity(blocks.iter().map(Block::len).sum());
    for block in &blocks {
        block.write(&mut output);
    }
    if output.is_empty() {
        // Helm 4 takes an empty output for a failure, and `enabled: false` is none.
        output.push_str("# These values ask gatewright for no objects.\n");
    }
    output
}

/// A document of the output.
struct Block<'a> {
    order: usize,
    kind: Cow<'a, str>,
    /// Comments that stay above it, in documents of their own.
    lead: &'a str,
    /// The file for a comment `# Source:`, which Helm 3 filters by.
    source: Option<&'a str>,
    text: &'a str,
}

impl<'a> Block<'a> {
    fn new(kind: Cow<'a, str>, lead: &'a str, source: Option<&'a str>, text: &'a str) -> Self {
        Self { order: order::rank(&kind), kind, lead, source, text }
    }

    /// At least as many bytes as it takes.
    fn len(&self) -> usize {
        self.lead.len() + self.source.map_or(0, str::len) + self.text.len() + 32
    }

    fn write(&self, output: &mut String) {
        for (source, text) in [(None, self.lead), (self.source, self.text)] {
            if text.is_empty() {
                continue;
            }
            if !output.is_empty() && !output.ends_with('\n') {
                output.push('\n');
            }
            output.push_str("---\n");
            if let Some(source) = source {
                output.extend(["# Source: ", source, "\n"]);
            }
            output.push_str(text);
        }
    }
}
