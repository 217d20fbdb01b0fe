//! Where a value stands, written as `kubectl` writes it: `routes[0].rules[1].matches`.

use std::fmt;

/// One step down from a value to a part of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// A key of a map.
    Key(Box<str>),
    /// An index of a list, 0-based, as the user wrote the list (null items count).
    Index(u32),
}

/// The way from the root of a document to one value; empty for the root itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Path(Vec<Step>);

impl Path {
    /// The root of a document.
    pub const ROOT: Self = Self(Vec::new());

    /// The path of the value that `self[key]` names.
    #[must_use]
    pub fn key(&self, key: &str) -> Self {
        self.step(Step::Key(key.into()))
    }

    /// The path of the `index`-th item of the list at `self`.
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        self.step(Step::Index(u32::try_from(index).unwrap_or(u32::MAX)))
    }

    /// The path one step further down.
    #[must_use]
    pub fn step(&self, step: Step) -> Self {
        let mut steps = Vec::with_capacity(self.0.len() + 1);
        steps.extend_from_slice(&self.0);
        steps.push(step);
        Self(steps)
    }

    /// The path of what `relative` names below `self`.
    #[must_use]
    pub fn join(&self, relative: &Self) -> Self {
        Self(self.0.iter().chain(&relative.0).cloned().collect())
    }

    /// The steps, outermost first.
    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    /// Goes one step down in place; [`Path::pop`] comes back. For walks that visit many values.
    pub fn push(&mut self, step: Step) {
        self.0.push(step);
    }

    /// Goes one step up in place; at the root it stays.
    pub fn pop(&mut self) {
        self.0.pop();
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, step) in self.0.iter().enumerate() {
            match step {
                Step::Index(index) => write!(f, "[{index}]")?,
                Step::Key(key) if !is_plain_key(key) => write!(f, "[{key}]")?,
                Step::Key(key) if position == 0 => f.write_str(key)?,
                Step::Key(key) => write!(f, ".{key}")?,
            }
        }
        Ok(())
    }
}

/// A key with dots or slashes (`app.kubernetes.io/name`) stands in brackets, as in Kubernetes' own field paths.
fn is_plain_key(key: &str) -> bool {
    !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_paths_as_kubectl_does() {
        let path = Path::ROOT.key("routes").index(0).key("labels").key("app.kubernetes.io/name");
        assert_eq!(path.to_string(), "routes[0].labels[app.kubernetes.io/name]");
        assert_eq!(Path::ROOT.to_string(), "");
    }
}
