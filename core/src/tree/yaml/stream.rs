//! A stream, cut into its documents.

use serde::de::IgnoredAny;

/// A part of a stream that can be read by itself: mostly one document.
#[derive(Clone, Copy, Debug)]
pub struct Chunk<'a> {
    /// With its `---` line.
    pub(super) text: &'a str,
    /// Lines of the whole text that stand before it.
    pub(super) lines_before: usize,
    /// It is one document at most; else only the parser knows where its documents start.
    pub(super) is_single: bool,
}

impl Chunk<'_> {
    /// How long its text is.
    pub fn bytes(&self) -> usize {
        self.text.len()
    }

    /// Whether it is the same stretch of the same text.
    pub fn is(&self, other: &Self) -> bool {
        std::ptr::eq(self.text, other.text)
    }
}

/// The lines of a text that are not blank.
pub(super) fn lines_of(text: &str, lines_before: usize) -> impl Iterator<Item = Chunk<'_>> {
    let lines = text.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line)).enumerate();
    lines.filter(|(_, line)| !line.trim().is_empty()).map(move |(number, text)| Chunk {
        text,
        lines_before: lines_before + number,
        is_single: true,
    })
}

/// Cuts a text before every `---` line, which ends a document wherever it stands.
///
/// A directive belongs to the document behind the next `---`, and `\r` makes lines harder to count:
/// a text with either stays whole.
pub(super) fn chunks(text: &str, lines_before: usize) -> impl Iterator<Item = Chunk<'_>> {
    let is_single = !(text.starts_with('%') || text.contains("\n%") || text.contains('\r'));
    let mut rest = Some((text, lines_before));
    std::iter::from_fn(move || {
        let (text, lines_before) = rest.take()?;
        let cut = if is_single { next_start(text) } else { None };
        let (text, tail) = cut.and_then(|cut| text.split_at_checked(cut)).unwrap_or((text, ""));
        if cut.is_some() {
            rest = Some((tail, lines_before + lines(text)));
        }
        Some(Chunk { text, lines_before, is_single })
    })
}

/// Cuts JSON objects or lists that stand one after the other, as `jq` writes them, each from the line where it starts;
/// anything else stays whole. Of one that is no JSON the fault is told, and it and those behind it are left out.
///
/// Source: kubectl takes such a stream, `k8s.io/apimachinery` v0.36.2, `pkg/util/yaml/decoder.go`,
/// `YAMLOrJSONDecoder`.
pub(super) fn objects(chunk: Chunk<'_>) -> (Vec<Chunk<'_>>, Option<serde_json::Error>) {
    pieces(chunk).unwrap_or_else(|| (vec![chunk], None))
}

/// Whether a text starts as a JSON object or a list of them does.
pub(super) fn starts_as_json(text: &str) -> bool {
    text.trim_start().starts_with(['{', '['])
}

/// What of a text stands behind the JSON values that it starts with.
pub(super) fn behind_json(text: &str) -> &str {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<IgnoredAny>();
    let mut end = 0;
    while let Some(Ok(_)) = values.next() {
        end = values.byte_offset();
    }
    text.get(end..).unwrap_or(text)
}

/// The objects of a stream of at least one and a start of another; else none.
fn pieces(chunk: Chunk<'_>) -> Option<(Vec<Chunk<'_>>, Option<serde_json::Error>)> {
    let Chunk { text, lines_before, is_single } = chunk;
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<IgnoredAny>();
    let mut ends = Vec::new();
    let mut fault = None;
    while let Some(value) = values.next() {
        if let Err(error) = value {
            fault = Some(error);
            break;
        }
        ends.push(values.byte_offset());
    }
    // What is no further object on a line of its own is left to the reader of YAML.
    if fault.is_some() {
        let rest = text.get(*ends.last()?..)?;
        let object = rest.trim_start();
        rest.strip_suffix(object)?.find('\n').filter(|_| starts_as_json(object))?;
    }
    let mut pieces = Vec::with_capacity(ends.len());
    let (mut start, mut line) = (0, lines_before);
    for end in ends {
        let piece = text.get(start..end)?;
        let gap = piece.find(['{', '['])?;
        // The rest of the line before is no part of it.
        let first = if start == 0 {
            0
        } else {
            piece.get(..gap).and_then(|gap| gap.rfind('\n')).map_or(0, |at| at + 1)
        };
        if start > 0 && first == 0 {
            return None;
        }
        line += piece.get(..first).map_or(0, lines);
        let text = piece.get(first..)?;
        pieces.push(Chunk { text, lines_before: line, is_single });
        line += lines(text);
        start = end;
    }
    (pieces.len() > 1 || fault.is_some()).then_some((pieces, fault))
}

fn lines(text: &str) -> usize {
    text.bytes().filter(|&byte| byte == b'\n').count()
}

/// Where the second `---` line starts, or the first that other lines stand before.
fn next_start(text: &str) -> Option<usize> {
    let mut starts = text.match_indices("\n---").map(|(end, _)| end + 1);
    starts.find(|start| matches!(text.as_bytes().get(start + 3), None | Some(b' ' | b'\t' | b'\n')))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<(usize, &str)> {
        chunks(text, 0).map(|chunk| (chunk.lines_before, chunk.text)).collect()
    }

    #[test]
    fn cuts_before_document_lines() {
        assert_eq!(cut(""), [(0, "")]);
        assert_eq!(cut("---\na\n--- # c\nb\n---"), [(0, "---\na\n"), (2, "--- # c\nb\n"), (4, "---")]);
        assert_eq!(cut("a: |\n  ---\n---b\n"), [(0, "a: |\n  ---\n---b\n")]);
    }

    #[test]
    fn cuts_json_objects_that_start_a_line() {
        let objects = |text| -> Vec<(usize, &str)> {
            let chunk = Chunk { text, lines_before: 7, is_single: true };
            super::objects(chunk).0.iter().map(|chunk| (chunk.lines_before, chunk.text)).collect()
        };
        assert_eq!(objects("{}\n{\n}\n\n  {}\n"), [(7, "{}"), (8, "{\n}"), (11, "  {}")]);
        for whole in ["{}", "{}\n", "{}{}", "{a: b}\n{}", "{}\n1\n", "{} {}\n", "{}\n# {\n", "{} {a"] {
            assert_eq!(objects(whole), [(7, whole)], "{whole}");
        }
    }

    #[test]
    fn keeps_the_objects_before_a_fault_in_json() {
        let chunk = Chunk { text: "{}\n{\n}\n\n {\"a\":1,}\n{}\n", lines_before: 7, is_single: true };
        let (found, fault) = objects(chunk);
        let found: Vec<_> = found.iter().map(|chunk| (chunk.lines_before, chunk.text)).collect();
        assert_eq!(found, [(7, "{}"), (8, "{\n}")]);
        assert_eq!(fault.map(|error| (error.line(), error.column())), Some((5, 9)));
    }

    #[test]
    fn leaves_directives_and_carriage_returns_alone() {
        assert_eq!(cut("%YAML 1.1\n---\na\n---\nb").len(), 1);
        assert_eq!(cut("a\r\n---\r\nb").len(), 1);
    }
}
