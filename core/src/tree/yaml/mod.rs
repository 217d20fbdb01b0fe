//! YAML as Helm and kubectl understand it, in both directions.
//!
//! [`read`] gives every scalar the type that Go's `sigs.k8s.io/yaml` gives it (`yes` is true,
//! `0644` is 420, `12:30` is text), because that is the reader our users' values pass through.
//! [`write`] quotes every string that any reader of YAML 1.1 or 1.2 could take for something else.
//!
//! What we refuse although Go reads it is listed in [`read`](read()).

mod anchor;
mod binary;
mod block;
mod builder;
mod characters;
mod dialect;
mod emitter;
mod events;
mod fast;
mod fault;
mod findings;
mod limits;
mod number;
mod path;
mod quote;
mod read;
mod scalar;
mod stream;
mod text;
mod word;
mod write;

#[cfg(test)]
mod tests;

pub use fault::{DUPLICATE_KEY, YAML_LIMIT, YAML_SYNTAX, YAML_VALUE};
pub use limits::Limits;
pub(super) use number::integral;
pub use read::{again, each, each_line, read};
pub use stream::Chunk;
pub use write::write;
