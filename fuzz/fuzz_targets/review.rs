//! Reviews: every text gets an answer within its bounds, and over what it looked at a decision is the same.

#![no_main]

use gatewright_core::admission::{self, MESSAGE_MAX, Reviewed, WARNING_MAX};
use gatewright_core::ownership::{Context, Settings};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fn bounded(reviewed: &Reviewed) {
    let response = &reviewed.response;
    assert_eq!(response.allowed, response.status.is_none());
    assert!(response.status.as_ref().is_none_or(|status| status.message.len() <= MESSAGE_MAX));
    assert!(response.warnings.iter().all(|warning| warning.len() <= WARNING_MAX));
    serde_json::from_str::<Value>(&response.to_review()).expect("an answer is JSON");
}

fuzz_target!(|bytes: &[u8]| {
    bounded(&admission::review(bytes, &Context::default(), &Settings::default(), true));
    let Ok(text) = str::from_utf8(bytes) else { return };
    let Ok(whole) = admission::replay(text, true) else { return };
    bounded(&whole);
    let Ok(Value::Object(mut vector)) = serde_json::from_str(text) else { return };
    let Some(slice) = &whole.slice else { return };
    let slice = serde_json::to_value(slice).expect("a slice is JSON");
    vector.insert("context".to_owned(), slice);
    let again = admission::replay(&Value::Object(vector).to_string(), true).expect("a slice is a context");
    assert_eq!(again.response, whole.response);
});
