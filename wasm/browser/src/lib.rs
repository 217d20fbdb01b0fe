//! The browser module: the core's messages, from JavaScript. `messages.d.ts` has their types.

use wasm_bindgen::prelude::wasm_bindgen;

/// The types of messages and answers, which wasm-bindgen puts before those that it makes.
#[wasm_bindgen(typescript_custom_section)]
const MESSAGES: &str = include_str!("../messages.d.ts");

/// Answers a message: the JSON of a `Message` in, the JSON of its `Answer` out. A message of more than 64 MiB
/// is refused; where memory runs out all the same the module ends, and a page has to load it again.
#[wasm_bindgen]
pub fn call(message: &str) -> String {
    gatewright_core::api::call(message)
}
