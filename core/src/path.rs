//! Where a value stands, written as `kubectl` writes it: `routes[0].rules[1].matches`.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use crate::shorten::shortened;

/// Most bytes of a key that are written; our own bound, above any name that Kubernetes takes.
const KEY_MAX: usize = 400;

/// One step down from a value to a part of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// A key of a map.
    Key(Box<str>),
    /// An index of a list, 0-based, as the user wrote the list (null items count).
    Index(u32),
}

/// The way from the root of a document to one value; empty for the root itself.
///
/// Every object and every part of a plan keeps the path of the value it came from, mostly for
/// diagnostics that never come: so a path shares its upper steps with the paths it was made from,
/// and a clone shares them all.
#[derive(Clone, Default)]
pub struct Path(Option<Arc<Link>>);

/// The last step of a path, and what stands above it.
struct Link {
    above: Path,
    step: Step,
}

impl Path {
    /// The root of a document.
    pub const ROOT: Self = Self(None);

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
        Self(Some(Arc::new(Link { above: self.clone(), step })))
    }

    /// The path of what `relative` names below `self`.
    #[must_use]
    pub fn join(&self, relative: &Self) -> Self {
        relative.steps().into_iter().fold(self.clone(), |path, step| path.step(step.clone()))
    }

    /// Whether it is the root itself.
    pub const fn is_root(&self) -> bool {
        self.0.is_none()
    }

    /// The item of the list under `key` at the top that it leads into.
    pub fn item_of(&self, key: &str) -> Option<u32> {
        let mut link = self.0.as_ref()?;
        let mut below: Option<&Step> = None;
        while let Some(above) = link.above.0.as_ref() {
            below = Some(&link.step);
            link = above;
        }
        match (&link.step, below) {
            (Step::Key(top), Some(Step::Index(index))) if **top == *key => Some(*index),
            _ => None,
        }
    }

    /// The steps, outermost first.
    pub fn steps(&self) -> Vec<&Step> {
        let upwards = std::iter::successors(self.0.as_ref(), |link| link.above.0.as_ref());
        let mut steps: Vec<_> = upwards.map(|link| &link.step).collect();
        steps.reverse();
        steps
    }
}

impl PartialEq for Path {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Path {}

impl PartialOrd for Path {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Path {
    /// Step by step from the root down.
    fn cmp(&self, other: &Self) -> Ordering {
        self.steps().cmp(&other.steps())
    }
}

impl fmt::Debug for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Path({self})")
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, step) in self.steps().into_iter().enumerate() {
            match step {
                Step::Index(index) => write!(f, "[{index}]")?,
                Step::Key(key) if !is_plain_key(key) => write!(f, "[{}]", shortened(key, KEY_MAX))?,
                Step::Key(key) if position == 0 => f.write_str(&shortened(key, KEY_MAX))?,
                Step::Key(key) => write!(f, ".{}", shortened(key, KEY_MAX))?,
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
        let long = Path::ROOT.key(&"é".repeat(1000)).index(1).to_string();
        assert_eq!(long, format!("[{}… (2000 bytes)][1]", "é".repeat(200)));
    }
}
