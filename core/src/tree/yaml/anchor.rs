//! What anchors stand for, and what expanding them costs.

use std::collections::BTreeMap;

use super::limits::Limits;
use crate::tree::Node;

/// What a value costs against the [`Limits`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Cost {
    /// Keys and values, itself included.
    pub(super) nodes: usize,
    /// Bytes of keys and texts.
    pub(super) scalar_bytes: usize,
}

impl Cost {
    /// What was spent since `earlier`.
    pub(super) fn since(self, earlier: Self) -> Self {
        Self {
            nodes: self.nodes.saturating_sub(earlier.nodes),
            scalar_bytes: self.scalar_bytes.saturating_sub(earlier.scalar_bytes),
        }
    }

    /// Spends more, unless that crosses a bound; the error is that bound in words.
    pub(super) fn spend(&mut self, more: Self, limits: &Limits) -> Result<(), String> {
        self.nodes = self.nodes.saturating_add(more.nodes);
        self.scalar_bytes = self.scalar_bytes.saturating_add(more.scalar_bytes);
        if self.nodes > limits.nodes {
            return Err(format!(
                "the text holds more than {} values with its aliases expanded, the bound of this reader",
                limits.nodes
            ));
        }
        if self.scalar_bytes > limits.scalar_bytes {
            return Err(format!(
                "the text holds more than {} bytes of keys and texts with its aliases expanded, the bound of this reader",
                limits.scalar_bytes
            ));
        }
        Ok(())
    }
}

/// Whether too much of a text comes from aliases, by the measure of Go's reader: from 1000 values on
/// at most 99 of 100, and ever fewer between 400 000 and 4 million, where it is 10 of 100.
///
/// Helm refuses such a text as "document contains excessive aliasing"; of a bomb that grows tenfold
/// with every line this sees the second or third.
///
/// Source: goyaml.v2 `decode.go`, `allowedAliasRatio`.
pub(super) fn is_excessive(expanded: usize, total: usize) -> bool {
    const FEW: usize = 400_000;
    const MANY: usize = 4_000_000;
    let beyond = total.clamp(FEW, MANY) - FEW;
    let allowed_per_mille = 990 - 890 * beyond / (MANY - FEW);
    expanded > 100 && total > 1000 && expanded.saturating_mul(1000) > total.saturating_mul(allowed_per_mille)
}

/// A value kept for the aliases to come.
#[derive(Debug)]
pub(super) struct Anchor<'a> {
    /// The value; of a scalar as resolved, since as a key it may read otherwise than as a value.
    pub(super) node: Node<'a>,
    /// What one more copy costs.
    pub(super) cost: Cost,
    /// Maps and lists inside each other, itself included.
    pub(super) height: usize,
}

/// The anchors of one document by the parser's number for them; a name used again has a new number.
pub(super) type Anchors<'a> = BTreeMap<usize, Anchor<'a>>;
