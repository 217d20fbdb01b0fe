//! What a match asks for, and how it ranks among others: the one place that rules and traces go by.

mod prefix;
mod rank;
mod shape;

pub(in crate::check) use prefix::{SlashApart, prefix_rest, without_slash};
pub(in crate::check) use rank::{Rank, of_host};
pub(in crate::check) use shape::{How, MatchPlace, Shape, distinct, lower, of, of_match};
