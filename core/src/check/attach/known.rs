//! Answers that may depend on what was not given.

/// An answer. What is absent from the input is unknown, unless the input is said to be complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Known {
    /// It is so.
    Yes,
    /// It is not so.
    No,
    /// It depends on something that was not given.
    Unknown,
}

impl Known {
    /// The answer to a question that can be answered.
    pub const fn of(yes: bool) -> Self {
        if yes { Self::Yes } else { Self::No }
    }

    /// What is not in the input: not there at all if the input is complete, else unknown.
    pub const fn absent(complete: bool) -> Self {
        if complete { Self::No } else { Self::Unknown }
    }

    /// Whether both are so.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No, _) | (_, Self::No) => Self::No,
            (Self::Yes, Self::Yes) => Self::Yes,
            _ => Self::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Known::{No, Unknown, Yes};

    #[test]
    fn no_outweighs_unknown() {
        assert_eq!(Yes.and(Yes), Yes);
        assert_eq!(Yes.and(Unknown), Unknown);
        assert_eq!(Unknown.and(No), No);
        assert_eq!(No.and(Unknown), No);
    }
}
