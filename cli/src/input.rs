//! Text from files and stdin.

use std::borrow::Cow;
use std::fmt;
use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::string::FromUtf8Error;

use gatewright_core::diagnostic::{Code, Diagnostic};
use gatewright_core::path::Path as ValuePath;
use gatewright_core::tree::Position;

/// An input that cannot be opened or read.
const UNREADABLE: Code = Code("input-unreadable");
/// An input of more bytes than are read from one.
const TOO_LARGE: Code = Code("input-too-large");
/// An input with bytes that are no part of a character.
const NOT_UTF8: Code = Code("input-not-utf8");

/// Most bytes read from one file or from stdin. A longer input is refused before it fills the memory.
///
/// Our own bound: a chart's files end at 5 MiB each and a release at 1 MiB compressed (Helm), so
/// what is longer than this was never meant for us.
const INPUT_BYTES_MAX: usize = 256 << 20;

/// The path that stands for stdin.
const STDIN: &str = "-";

/// What is wrong with naming it again.
pub(crate) const STDIN_AGAIN: &str = "`-` stands here more than once, but stdin can be read only once";

/// One text or flag that a run has read; a [`Position`] names it by its `source`.
#[derive(Debug)]
pub(crate) struct Input {
    /// Its index among the inputs of the run.
    pub(crate) source: u16,
    pub(crate) origin: Origin,
    /// Empty if it could not be read, and of a flag.
    pub(crate) text: String,
    /// What stands in for a text that is not UTF-8 where it is shown, with replacement characters.
    lossy: Option<String>,
}

/// Where an input comes from.
#[derive(Debug)]
pub(crate) enum Origin {
    File(PathBuf),
    Stdin,
    /// A flag that sets a value: as it stands on the command line, and the files that it names.
    Flag {
        words: String,
        reads: Vec<PathBuf>,
    },
    /// Files that were named and not read, since together they cannot be.
    Refused(Vec<PathBuf>),
}

impl Origin {
    /// A file, or stdin for `-`.
    pub(crate) fn of(path: &Path) -> Self {
        if stands_for_stdin(path) { Self::Stdin } else { Self::File(path.to_owned()) }
    }
}

impl Input {
    /// An input without a text.
    pub(crate) fn empty(source: u16, origin: Origin) -> Self {
        Self { source, origin, text: String::new(), lossy: None }
    }

    /// The text as it is shown in excerpts.
    pub(crate) fn shown(&self) -> &str {
        self.lossy.as_ref().unwrap_or(&self.text)
    }

    /// Whether a file is the one that it was read from, under whatever name.
    pub(crate) fn is(&self, file: &Path) -> bool {
        match &self.origin {
            Origin::File(path) => is_same(path, file),
            Origin::Stdin => is_stdin(file),
            Origin::Flag { reads: paths, .. } | Origin::Refused(paths) => {
                paths.iter().any(|path| is_same(path, file))
            }
        }
    }

    /// The file, if it is one.
    pub(crate) fn path(&self) -> Option<&Path> {
        match &self.origin {
            Origin::File(path) => Some(path),
            Origin::Stdin | Origin::Flag { .. } | Origin::Refused(_) => None,
        }
    }

    /// The words of the flag, if it is one.
    pub(crate) fn flag(&self) -> Option<&str> {
        match &self.origin {
            Origin::Flag { words, .. } => Some(words),
            Origin::Stdin | Origin::File(_) | Origin::Refused(_) => None,
        }
    }

    /// What messages call it.
    pub(crate) fn name(&self) -> Cow<'_, str> {
        match &self.origin {
            Origin::File(path) => path.to_string_lossy(),
            Origin::Stdin => Cow::Borrowed("<stdin>"),
            Origin::Flag { words, .. } => Cow::Borrowed(words),
            Origin::Refused(_) => Cow::Borrowed("(one of the files named)"),
        }
    }
}

/// Whether two names are of one file that holds something: writing to a terminal or a pipe loses nothing.
pub(crate) fn is_same(one: &Path, other: &Path) -> bool {
    let (Ok(first), Ok(second)) = (one.metadata(), other.metadata()) else { return false };
    first.is_file() && second.is_file() && (identical(&first, &second) || same_path(one, other))
}

fn same_path(one: &Path, other: &Path) -> bool {
    matches!((one.canonicalize(), other.canonicalize()), (Ok(one), Ok(other)) if one == other)
}

#[cfg(unix)]
fn identical(one: &Metadata, other: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (one.dev(), one.ino()) == (other.dev(), other.ino())
}

#[cfg(not(unix))]
fn identical(_: &Metadata, _: &Metadata) -> bool {
    false
}

/// Whether stdin is redirected from the file.
#[cfg(unix)]
pub(crate) fn is_stdin(file: &Path) -> bool {
    use std::os::fd::AsFd;
    let stdin = io::stdin().as_fd().try_clone_to_owned().and_then(|stdin| File::from(stdin).metadata());
    let (Ok(stdin), Ok(file)) = (stdin, file.metadata()) else { return false };
    stdin.is_file() && identical(&stdin, &file)
}

#[cfg(not(unix))]
pub(crate) fn is_stdin(_: &Path) -> bool {
    false
}

/// Why there is no text.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// It cannot be opened or read.
    Unreadable(io::Error),
    /// It has more than [`INPUT_BYTES_MAX`].
    TooLarge,
    /// Some byte of it is no part of a character.
    NotUtf8(FromUtf8Error),
}

/// Whether a path is the `-` that stands for stdin.
pub(crate) fn stands_for_stdin(path: &Path) -> bool {
    path == Path::new(STDIN)
}

/// Reads a file, or stdin for `-`.
pub(crate) fn text(path: &Path) -> Result<String, Refusal> {
    if stands_for_stdin(path) {
        return gather(&mut io::stdin().lock(), 0, INPUT_BYTES_MAX);
    }
    let mut file = File::open(path).map_err(Refusal::Unreadable)?;
    let length = file.metadata().map_or(0, |about| about.len());
    gather(&mut file, length, INPUT_BYTES_MAX)
}

/// Reads to the end, which comes after about `length` bytes.
fn gather(from: &mut dyn Read, length: u64, bound: usize) -> Result<String, Refusal> {
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(bound).min(bound) + 1);
    // One byte more than the bound, so that crossing it shows.
    from.take(bound as u64 + 1).read_to_end(&mut bytes).map_err(Refusal::Unreadable)?;
    if bytes.len() > bound {
        return Err(Refusal::TooLarge);
    }
    String::from_utf8(bytes).map_err(Refusal::NotUtf8)
}

/// Reads a file, or stdin for `-`; what goes wrong becomes a diagnostic of the `source`-th input.
pub(crate) fn read(path: &Path, source: u16, out: &mut Vec<Diagnostic>) -> Input {
    let mut input = Input::empty(source, Origin::of(path));
    match text(path) {
        Ok(text) => input.text = text,
        Err(refusal) => {
            let message = format!("reading {}: {refusal}", input.name());
            let mut diagnostic =
                Diagnostic::error(refusal.code(), ValuePath::ROOT, message).hint(refusal.hint());
            let (line, column) = refusal.place();
            diagnostic.position = Position { source, line, column };
            out.push(diagnostic);
            if let Refusal::NotUtf8(error) = refusal {
                input.lossy = Some(String::from_utf8_lossy(error.as_bytes()).into_owned());
            }
        }
    }
    input
}

impl Refusal {
    fn code(&self) -> Code {
        match self {
            Self::Unreadable(_) => UNREADABLE,
            Self::TooLarge => TOO_LARGE,
            Self::NotUtf8(_) => NOT_UTF8,
        }
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::NotUtf8(error) if matches!(error.as_bytes(), [0xff, 0xfe, ..] | [0xfe, 0xff, ..]) => {
                "it starts as UTF-16 does; save it as UTF-8"
            }
            Self::NotUtf8(_) => "save it as UTF-8",
            Self::Unreadable(_) | Self::TooLarge => "",
        }
    }

    /// Line and column, 1-based, column in characters; 0 where it is about the whole input.
    fn place(&self) -> (u32, u32) {
        let Self::NotUtf8(error) = self else { return (0, 0) };
        let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let valid = std::str::from_utf8(valid).unwrap_or_default();
        let line = valid.split('\n').count();
        let column = 1 + valid.rsplit('\n').next().unwrap_or_default().chars().count();
        (u32::try_from(line).unwrap_or(0), u32::try_from(column).unwrap_or(0))
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(error) => error.fmt(f),
            Self::TooLarge => {
                write!(f, "more than {} MiB, the most that we read from one input", INPUT_BYTES_MAX >> 20)
            }
            Self::NotUtf8(error) => {
                let offset = error.utf8_error().valid_up_to();
                let byte = error.as_bytes().get(offset).copied().unwrap_or_default();
                write!(f, "the byte 0x{byte:02x} at offset {offset}, line {}, is not UTF-8", self.place().0)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stops_reading_an_input_without_end() {
        assert!(matches!(gather(&mut io::repeat(b'a'), 0, 8), Err(Refusal::TooLarge)));
        assert!(matches!(gather(&mut io::repeat(b'a').take(8), 8, 8), Ok(text) if text == "aaaaaaaa"));
    }

    #[test]
    fn names_the_place_of_a_byte_that_is_not_utf8() {
        let error = String::from_utf8(b"a: 1\nb: \xc3\xa4\xff".to_vec()).expect_err("0xff is never UTF-8");
        let refusal = Refusal::NotUtf8(error);
        assert_eq!(refusal.place(), (2, 5));
        assert_eq!(refusal.to_string(), "the byte 0xff at offset 10, line 2, is not UTF-8");
    }
}
