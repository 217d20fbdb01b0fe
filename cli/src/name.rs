//! Names that flags give.

use gatewright_core::plan::{NameRefusal, namespace_refusal, release_refusal};

/// Takes the name of a release; empty stands for unknown.
pub(crate) fn release(word: &str) -> Result<String, String> {
    fit(word, release_refusal(word))
}

/// Takes the name of a namespace; empty stands for unknown.
pub(crate) fn namespace(word: &str) -> Result<String, String> {
    fit(word, namespace_refusal(word))
}

/// Takes the name of a namespace that objects without one are in.
pub(crate) fn known_namespace(word: &str) -> Result<String, String> {
    if word.is_empty() { Err("it is empty".to_owned()) } else { namespace(word) }
}

fn fit(word: &str, refusal: Option<NameRefusal>) -> Result<String, String> {
    match refusal {
        Some(NameRefusal { why, source }) => Err(format!("it {why} ({source})")),
        None => Ok(word.to_owned()),
    }
}
