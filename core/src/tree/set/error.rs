//! What can be wrong with an argument of `--set`.

use std::fmt;

use super::{INDEX_MAX, NESTING_MAX};

/// Why an argument of the `--set` family cannot be applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SetError {
    /// The argument ends, or a comma comes, before `=`.
    NoValue {
        /// The name as far as it goes.
        name: String,
    },
    /// Nothing stands before a dot, an index or `=`.
    EmptyName {
        /// The name as far as it goes; empty at its start.
        name: String,
    },
    /// `[` without `]`.
    OpenIndex {
        /// The name before it.
        name: String,
    },
    /// What stands between `[` and `]` is no index.
    BadIndex {
        /// The name before it.
        name: String,
        /// What stands there.
        index: String,
    },
    /// The index exceeds [`INDEX_MAX`].
    HighIndex {
        /// The name before it.
        name: String,
        /// What stands there.
        index: String,
    },
    /// Something else than `.`, `[` or `=` follows `]`.
    AfterIndex {
        /// The name up to the index.
        name: String,
    },
    /// The name has more dots, or more indexes, than [`NESTING_MAX`].
    TooDeep,
    /// `{` without `}`.
    OpenList,
    /// A key is wanted in something that is no map.
    NotAMap {
        /// Where; empty for the whole tree.
        name: String,
        /// What stands there.
        found: &'static str,
    },
    /// An index is wanted in something that is no list.
    NotAList {
        /// Where; empty for the whole tree.
        name: String,
        /// What stands there.
        found: &'static str,
    },
    /// The value is not JSON.
    Json {
        /// The name it is for; empty where the whole argument is one object.
        name: String,
        /// What the JSON reader says.
        reason: String,
    },
    /// The file of `--set-file` could not be read.
    Unreadable {
        /// The path as written.
        path: String,
        /// What the skin that reads files says.
        reason: String,
    },
}

impl fmt::Display for SetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoValue { name } => write!(f, "`{name}` has no value: write `{name}=value`"),
            Self::EmptyName { name } if name.is_empty() => f.write_str("a name is empty: write `name=value`"),
            Self::EmptyName { name } => {
                write!(f, "a name below `{name}` is empty: write `{name}.name=value`")
            }
            Self::OpenIndex { name } => write!(f, "the index behind `{name}` has no `]`"),
            Self::BadIndex { name, index } => {
                write!(f, "`[{index}]` behind `{name}` is not an index: write a number from 0")
            }
            Self::HighIndex { name, index } => {
                write!(f, "the index {index} behind `{name}` exceeds {INDEX_MAX}, the most Helm takes")
            }
            Self::AfterIndex { name } => write!(f, "`{name}` must be followed by `.`, `[` or `=`"),
            Self::TooDeep => {
                write!(f, "a name has more than {NESTING_MAX} dots or indexes, the most Helm takes")
            }
            Self::OpenList => {
                f.write_str("the list has no `}`: write `name={a,b}`, or escape the brace as `\\{`")
            }
            Self::NotAMap { name, found } if name.is_empty() => {
                write!(f, "the values are {found}, so no key can be set in them")
            }
            Self::NotAMap { name, found } => write!(f, "`{name}` is {found}, so no key can be set in it"),
            Self::NotAList { name, found } => write!(f, "`{name}` is {found}, so no index can be set in it"),
            Self::Json { name, reason } if name.is_empty() => write!(f, "the value is not JSON: {reason}"),
            Self::Json { name, reason } => write!(f, "the value of `{name}` is not JSON: {reason}"),
            Self::Unreadable { path, reason } => write!(f, "cannot read `{path}`: {reason}"),
        }
    }
}

impl std::error::Error for SetError {}
