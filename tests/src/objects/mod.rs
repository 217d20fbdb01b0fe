//! Objects of Gateway API's kinds, sound and faulty, and what the tables of the core say of the kinds.

pub mod mutate;
pub mod openapi;
pub mod seeds;
