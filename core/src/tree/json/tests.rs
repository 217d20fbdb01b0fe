use std::borrow::Cow;

use proptest::prelude::*;

use super::*;

fn whole(text: &str) -> Node<'_> {
    read(text).expect("the test's own JSON")
}

#[test]
fn borrows_texts_and_keys_without_escapes() {
    let node = whole(r#"{"plain": "text", "esc\naped": "a\"b"}"#);
    let borrowed = |text: &Cow<'_, str>| matches!(text, Cow::Borrowed(_));
    let entries: Vec<_> = node.as_map().expect("a map").iter().collect();
    assert!(!borrowed(&entries[0].key) && borrowed(&entries[1].key));
    assert!(matches!(&entries[1].value.value, Value::Text(text) if borrowed(text)));
    assert_eq!(entries[0].value.as_text(), Some("a\"b"));
}

#[test]
fn keeps_floats_apart_from_integers() {
    let node = whole("[1, 1.0, 18446744073709551615, 18446744073709551616, -1]");
    let values: Vec<_> = node.as_list().expect("a list").iter().map(|item| item.value.clone()).collect();
    assert_eq!(
        values,
        [
            Value::Integer(1),
            Value::Float(1.0),
            Value::Unsigned(u64::MAX),
            Value::Float(18_446_744_073_709_551_616.0),
            Value::Integer(-1),
        ]
    );
}

#[test]
fn writes_integral_floats_as_integers_and_keeps_the_last_of_equal_keys() {
    let node = whole(r#"{"b": 1.0, "a": 1, "a": {"c": [null, true, 0.5, 1e300]}}"#);
    let text = serde_json::to_string(&node).expect("a tree is always JSON");
    assert_eq!(text, r#"{"a":{"c":[null,true,0.5,1e+300]},"b":1}"#);
}

#[test]
fn reads_a_part_and_passes_over_the_rest_however_deep_it_is() {
    let keep = |key: &str| match key {
        "spec" | "name" => Keep::Part,
        "labels" => Keep::Whole,
        "rules" => Keep::Text,
        _ => Keep::Nothing,
    };
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let text =
        format!(r#"{{"spec": {{"labels": {{"a": 1}}, "rules": [ 1], "x": {deep}}}, "name": null, "y": 2}}"#);
    let node = part(&text, keep).expect("the test's own JSON");
    assert_eq!(
        serde_json::to_string(&node).expect("a tree is always JSON"),
        r#"{"name":null,"spec":{"labels":{"a":1},"rules":"[ 1]"}}"#
    );
    assert!(part("{} {}", keep).is_err(), "a second value");
}

#[test]
fn says_what_is_wrong_and_where() {
    let deep = "[".repeat(100_000);
    for (text, words) in [
        ("", "a value is missing at line 1 column 1"),
        ("{\n \"a\" 1}", "a colon is missing at line 2 column 6"),
        ("{\"a\": 1,}", "a key is missing at line 1 column 9"),
        ("[1 2]", "a comma is missing, or the end of a list or map, at line 1 column 4"),
        ("[1", "a comma is missing, or the end of a list or map, at line 1 column 3"),
        ("[", "a list or map has no end at line 1 column 2"),
        ("[1e400]", "a number is beyond what 64 bits hold at line 1 column 7"),
        ("[-]", "a digit is missing at line 1 column 3"),
        ("\"a", "a text has no end at line 1 column 3"),
        ("\"\\x\"", "a text has an escape that JSON has not at line 1 column 4"),
        ("\"\\ud800\"", "a text has an escape that JSON has not at line 1 column 8"),
        ("\"\n\"", "a text has a control character that is not escaped at line 2 column 1"),
        ("{} {}", "more than one value stands at line 1 column 4"),
        (&*deep, "lists and maps stand more than 127 levels deep at line 1 column 128"),
    ] {
        let fault = read(text).expect_err(text);
        assert_eq!(fault.to_string(), words, "{}", text.get(..20).unwrap_or(text));
    }
    assert_eq!(items("{}").map_err(|fault| fault.words), Err("a list is missing"));
}

#[test]
fn gives_items_and_the_rest_as_they_were_written() {
    assert_eq!(items(" [ {\"a\": [1]} ,\"x\",2 ] "), Ok(vec!["{\"a\": [1]}", "\"x\"", "2"]));
    assert_eq!(items("[]"), Ok(Vec::new()));
    let (node, rest) = first(" [1] , b").expect("JSON at its start");
    assert_eq!((node.as_list().map(<[_]>::len), rest), (Some(1), " , b"));
    let texts = part(r#"{"a": null, "b": "null"}"#, |_| Keep::Text).expect("JSON");
    assert_eq!((texts.get("a"), texts.text_of("b").as_deref()), (None, Some("\"null\"")));
}

/// JSON, and what is nearly JSON.
fn texts() -> impl Strategy<Value = String> {
    let tokens = prop::sample::select(vec![
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"a\"",
        "\"\"",
        "\"\\n\\u00e9\"",
        "\"\\ud83d\\ude00\"",
        "\"\\ud800\"",
        "\"é\"",
        "null",
        "true",
        "false",
        "nul",
        "0",
        "-0",
        "-1",
        "01",
        "1.",
        "1.5",
        "-2.5e-3",
        "1e3",
        "1e",
        "1E+2",
        "18446744073709551615",
        "9223372036854775808",
        "1e999",
        " ",
        "\n",
        "\t",
        "\\",
        "\"",
        "x",
    ]);
    prop::collection::vec(tokens, 0..12).prop_map(|tokens| tokens.concat())
}

/// Any JSON.
fn values() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(serde_json::Value::from),
        any::<i64>().prop_map(serde_json::Value::from),
        any::<u64>().prop_map(serde_json::Value::from),
        any::<f64>().prop_map(serde_json::Value::from),
        ".*".prop_map(serde_json::Value::from),
    ];
    leaf.prop_recursive(4, 32, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(serde_json::Value::from),
            prop::collection::btree_map(".{0,3}", inner, 0..5)
                .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn takes_and_refuses_what_serde_does(text in texts()) {
        let serde = serde_json::from_str::<serde_json::Value>(&text);
        let own = read(&text);
        if let (Ok(own), Ok(serde)) = (&own, &serde) {
            let serde = super::super::of(serde).expect("a tree");
            prop_assert!(is_near(own, &serde), "{}: {:?} {:?}", text, own, serde);
        } else {
            prop_assert_eq!(own.is_ok(), serde.is_ok(), "{}: {:?} {:?}", text, own, serde);
        }
        // What is passed over is held to the same grammar, except for what its texts and numbers mean.
        let listed = format!("[{text}]");
        if serde_json::from_str::<serde::de::IgnoredAny>(&listed).is_ok() {
            prop_assert!(items(&listed).is_ok(), "{}", listed);
        } else {
            prop_assert!(items(&listed).is_err(), "{}", listed);
        }
    }

    #[test]
    fn reads_what_serde_writes(value in values(), pretty in any::<bool>()) {
        let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) };
        let text = text.expect("JSON");
        let node = whole(&text);
        let expected = super::super::of(&value).expect("a tree");
        prop_assert_eq!(&node, &expected);
        let about = part(&text, |_| Keep::Whole).expect("JSON");
        prop_assert!(is_near(&about, &node), "{} {:?}", text, about);
    }

    #[test]
    fn writes_texts_as_serde_does(text in "[\\x00-\\x7fé]*") {
        let mut writer = Writer::default();
        writer.text(&text);
        prop_assert_eq!(writer.finish(), serde_json::to_string(&text).expect("JSON"));
    }
}

/// Whether two trees differ in the last digits of floats at most. (`-0` is an integer here, and a float to serde.)
fn is_near(one: &Node<'_>, other: &Node<'_>) -> bool {
    match (&one.value, &other.value) {
        (Value::Float(one), Value::Float(other)) => {
            (one - other).abs() <= other.abs() * 1e-12 || other.abs() < 1e-290
        }
        (Value::Integer(0), Value::Float(zero)) => *zero == 0.0,
        (Value::List(one), Value::List(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_near(one, other))
        }
        (Value::Map(one), Value::Map(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .zip(other.iter())
                    .all(|(one, other)| one.key == other.key && is_near(&one.value, &other.value))
        }
        (one, other) => one == other,
    }
}
