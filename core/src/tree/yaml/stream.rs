//! A stream, cut into its documents.

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
    /// Whether it is the same stretch of the same text.
    pub fn is(&self, other: &Self) -> bool {
        std::ptr::eq(self.text, other.text)
    }
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
            rest = Some((tail, lines_before + text.bytes().filter(|&byte| byte == b'\n').count()));
        }
        Some(Chunk { text, lines_before, is_single })
    })
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
    fn leaves_directives_and_carriage_returns_alone() {
        assert_eq!(cut("%YAML 1.1\n---\na\n---\nb").len(), 1);
        assert_eq!(cut("a\r\n---\r\nb").len(), 1);
    }
}
