//! Lines for a terminal: tables, lists that wrap, lists that are cut.

use crate::printable::printable;

/// The terminal that text is laid out for.
const COLUMNS: usize = 100;
/// Blanks between two columns of a table.
const GAP: usize = 2;
/// Narrowest that the last column gets before the line may pass [`COLUMNS`].
const LAST_MIN: usize = 24;
/// Widest that any other column gets; a longer cell pushes its own line only.
const COLUMN_MAX: usize = 44;

/// Blanks before a note below a row of a table.
const NOTE_INDENT: usize = 4;

/// Rows of a list that is too long to be shown whole, and the length from which it is.
const ROWS_SHOWN: usize = 8;
const ROWS_MAX: usize = 12;

/// Text as it comes together.
#[derive(Default)]
pub(crate) struct Page {
    text: String,
    /// Whether long tables are shown whole.
    whole: bool,
}

/// What is said below a row of a table.
pub(crate) struct Note {
    /// What it is about.
    pub(crate) label: String,
    pub(crate) words: String,
}

impl Page {
    /// A page that cuts no table.
    pub(crate) fn whole() -> Self {
        Self { whole: true, ..Self::default() }
    }

    /// Adds a line, fit to be printed.
    pub(crate) fn line(&mut self, line: &str) {
        self.text.push_str(printable(line).trim_end());
        self.text.push('\n');
    }

    /// Adds a heading with an empty line before.
    pub(crate) fn heading(&mut self, heading: &str) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.line(heading);
    }

    /// Adds words after a label, wrapped below their start.
    pub(crate) fn wrapped(&mut self, label: &str, words: &str) {
        let indent = label.chars().count();
        let mut line = label.to_owned();
        let mut used = indent;
        for word in words.split_whitespace() {
            let width = word.chars().count();
            if used > indent && used + 1 + width > COLUMNS {
                self.line(&line);
                line = " ".repeat(indent);
                used = indent;
            }
            if used > indent {
                line.push(' ');
                used += 1;
            }
            line.push_str(word);
            used += width;
        }
        self.line(&line);
    }

    /// Adds a table: aligned columns, the last one wrapped. A long one is cut, and says so.
    pub(crate) fn table<const N: usize>(&mut self, indent: usize, head: [&str; N], rows: &[[String; N]]) {
        self.rows(indent, Some(head), rows, &[]);
    }

    /// Adds a table without a head.
    pub(crate) fn bare_table<const N: usize>(&mut self, indent: usize, rows: &[[String; N]]) {
        self.rows(indent, None, rows, &[]);
    }

    /// Adds a table with notes below its rows, in the rows' order: what no column is wide enough for.
    pub(crate) fn noted_table<const N: usize>(
        &mut self,
        indent: usize,
        head: [&str; N],
        rows: &[[String; N]],
        notes: &[Vec<Note>],
    ) {
        self.rows(indent, Some(head), rows, notes);
    }

    fn rows<const N: usize>(
        &mut self,
        indent: usize,
        head: Option<[&str; N]>,
        rows: &[[String; N]],
        notes: &[Vec<Note>],
    ) {
        let shown = if self.whole { rows.len() } else { shown(rows.len()) };
        let head = head.map(|head| head.map(str::to_owned));
        let all = || head.iter().chain(rows.iter().take(shown));
        // A column in which nothing stands is left out.
        let kept: Vec<usize> =
            (0..N).filter(|column| rows.iter().any(|row| !row[*column].is_empty())).collect();
        let width = |column: usize| {
            let widths = all().map(|row| row[column].chars().count()).filter(|width| *width <= COLUMN_MAX);
            widths.max().unwrap_or(0)
        };
        let columns: Vec<(usize, usize)> = kept.iter().map(|column| (*column, width(*column))).collect();
        if let Some(head) = &head {
            self.row(indent, &columns, head);
        }
        for (index, row) in rows.iter().take(shown).enumerate() {
            self.row(indent, &columns, row);
            for Note { label, words } in notes.get(index).into_iter().flatten() {
                self.wrapped(&format!("{:1$}{label}: ", "", indent + NOTE_INDENT), words);
            }
        }
        self.rest(indent, rows.len() - shown, "");
    }

    /// Adds a row; `columns` are those that are shown, each with its width.
    fn row<const N: usize>(&mut self, indent: usize, columns: &[(usize, usize)], row: &[String; N]) {
        let Some(((last, _), before)) = columns.split_last() else { return };
        let mut line = " ".repeat(indent);
        for (column, width) in before {
            line.push_str(&row[*column]);
            let over = width.saturating_sub(row[*column].chars().count());
            line.extend(std::iter::repeat_n(' ', over + GAP));
        }
        let last = &row[*last];
        if line.chars().count() + LAST_MIN > COLUMNS {
            line.push_str(last);
            self.line(&line);
        } else {
            self.wrapped(&line, last);
        }
    }

    /// Says how much a list leaves out, in the plural of a word where no head of a table says what that is.
    pub(crate) fn rest(&mut self, indent: usize, left: usize, word: &str) {
        if left > 0 {
            let blank = if word.is_empty() { "" } else { " " };
            self.line(&format!("{:indent$}… and {left} more{blank}{word}, with --format json", ""));
        }
    }

    /// The text.
    pub(crate) fn finish(self) -> String {
        self.text
    }
}

/// How many items of a list are shown.
pub(crate) fn shown(length: usize) -> usize {
    if length > ROWS_MAX { ROWS_SHOWN } else { length }
}

/// Names with commas between; a long list is cut, and says so.
pub(crate) fn names<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    let names: Vec<&str> = names.into_iter().collect();
    let shown = shown(names.len());
    let text = names[..shown].join(", ");
    if shown < names.len() { format!("{text} … and {} more", names.len() - shown) } else { text }
}

/// `1 route`, `2 routes`.
pub(crate) fn counted(number: usize, word: &str) -> String {
    let plural = match word.strip_suffix('y') {
        _ if number == 1 => word.to_owned(),
        Some(stem) if !word.ends_with("ay") => format!("{stem}ies"),
        _ => format!("{word}s"),
    };
    format!("{number} {plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &[[String; 2]]) -> String {
        let mut page = Page::default();
        page.table(2, ["NAME", "WORDS"], rows);
        page.finish()
    }

    #[test]
    fn columns_are_aligned_and_the_last_wraps() {
        let rows = [["a".into(), "one ".repeat(40)], ["longer".into(), "two".into()]];
        let text = table(&rows);
        assert!(text.starts_with("  NAME    WORDS\n  a       one one"), "{text}");
        assert!(text.contains("\n          one"), "{text}");
        assert!(text.lines().all(|line| line.chars().count() <= COLUMNS), "{text}");
    }

    #[test]
    fn notes_stand_below_their_row_and_wrap() {
        let mut page = Page::default();
        let note = |words: String| vec![Note { label: "Why".to_owned(), words }];
        let rows = [["a".to_owned()], ["b".to_owned()], ["c".to_owned()]];
        page.noted_table(0, ["NAME"], &rows, &[note("one ".repeat(40)), Vec::new(), note("two".to_owned())]);
        let text = page.finish();
        assert!(text.starts_with("NAME\na\n    Why: one one"), "{text}");
        assert!(text.contains("\n         one"), "{text}");
        assert!(text.ends_with("one\nb\nc\n    Why: two\n"), "{text}");
        assert!(text.lines().all(|line| line.chars().count() <= COLUMNS), "{text}");
    }

    #[test]
    fn an_empty_column_is_left_out() {
        assert_eq!(table(&[[String::new(), "x".into()]]), "  WORDS\n  x\n");
    }

    #[test]
    fn a_long_list_is_cut_and_says_so() {
        let rows = vec![["a".into(), "b".into()]; 200];
        let text = table(&rows);
        assert_eq!(text.lines().count(), ROWS_SHOWN + 2);
        assert!(text.ends_with("  … and 192 more, with --format json\n"), "{text}");
        assert!(names(vec!["a"; 200]).ends_with("… and 192 more"));
        assert_eq!(names(["a", "b"]), "a, b");
    }

    #[test]
    fn no_text_commands_the_terminal() {
        let text = table(&[["\x1b[2J\u{9b}\u{200b}".into(), "b".into()]]);
        assert!(!text.contains(['\x1b', '\u{9b}', '\u{200b}']), "{text:?}");
    }

    #[test]
    fn counts_in_english() {
        let words: Vec<_> =
            [(1, "policy"), (2, "policy"), (2, "Gateway"), (0, "route")].map(|(n, w)| counted(n, w)).into();
        assert_eq!(words, ["1 policy", "2 policies", "2 Gateways", "0 routes"]);
    }
}
