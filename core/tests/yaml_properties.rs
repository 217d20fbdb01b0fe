//! What we write as YAML, every reader gives back.

use gatewright_core::tree::json;
use gatewright_core::tree::yaml::{self, Limits};
use proptest::prelude::*;
use serde_json::{Map, Value};

/// Texts that some reader takes for something else than text.
const TRICKY: &[&str] = &[
    "",
    "~",
    "y",
    "No",
    "ON",
    "off",
    "True",
    "null",
    "NULL",
    ".inf",
    "-.INF",
    ".NaN",
    "nan",
    "Infinity",
    "0",
    "-0",
    "0644",
    "089",
    "0o17",
    "0x1F",
    "0b1",
    "1_000",
    "+1",
    "1e3",
    "1.",
    ".5",
    "1e400",
    "12:30:45",
    "190:20:30",
    "2001-12-14",
    "2001-12-14t21:59:43.10-05:00",
    "2001-12-14 21:59:43",
    "=",
    "<<",
    "*",
    "&a",
    "!a",
    "%a",
    "@a",
    "`a",
    "|",
    ">",
    "?",
    "? a",
    "-",
    "- a",
    "---",
    "...",
    ":",
    "a:",
    "a: b",
    "a #b",
    "#a",
    "[]",
    "{}",
    "[a",
    ",",
    "'",
    "\"",
    "\\",
    "a\\nb",
    " a",
    "a ",
    "\ta",
    "a\t",
    "\n",
    "\na",
    "a\n",
    "a\n\n",
    "a\nb",
    "a \nb",
    " a\nb",
    "a\n b\n",
    "a\n\tb",
    "a\r\nb",
    "a\rb",
    "a\n---\nb",
    "a\n# b",
    "\u{0}",
    "\u{7f}",
    "\u{85}",
    "\u{a0}",
    "\u{2028}",
    "a\u{2029}b",
    "\u{feff}",
    "\u{feff}a",
    "\u{fffe}",
    "\u{ffff}",
    "é",
    "日本",
    "😀",
    "a\nb\u{85}",
    "y\nn",
    "{{ .Values.a }}",
    "a,b",
    "a?b",
    "1 2",
];

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => prop::sample::select(TRICKY).prop_map(str::to_owned),
        2 => "[0-9+_.:eExXobBaf-]{0,8}",
        2 => "[a-zA-Z/_ $(.\\\\+^;:#,'\"-]{0,12}",
        1 => "[ -~\n]{0,40}",
        1 => any::<String>(),
        1 => "k{110,130}",
    ]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        1 => Just(Value::Null),
        1 => any::<bool>().prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        1 => any::<u64>().prop_map(Value::from),
        1 => (-1e9..1e9_f64).prop_map(Value::from),
        1 => any::<f64>().prop_map(Value::from),
        8 => text().prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 40, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((text(), inner), 0..5)
                .prop_map(|entries| Value::Object(entries.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

/// Whether two values mean the same: `1.0` and `1` do.
fn equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a == b || a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| equal(a, b)))
        }
        _ => a == b,
    }
}

fn written(value: &Value) -> String {
    let mut text = String::new();
    yaml::write(value, &mut text);
    text
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn our_reader_gives_back_what_we_write(value in value()) {
        let text = written(&value);
        let mut found = Vec::new();
        let documents = yaml::read(&text, 0, &Limits::DEFAULT, &mut found);
        prop_assert!(found.is_empty(), "{found:?} in\n{text}");
        prop_assert_eq!(documents.len(), 1, "{}", text);
        let read = serde_json::to_value(&documents[0]).expect("a tree is always JSON");
        prop_assert!(equal(&read, &value), "{read}\nfrom\n{text}");
    }

    #[test]
    fn an_independent_reader_gives_back_what_we_write(value in value()) {
        let text = written(&value);
        let read: Value = serde_yaml::from_str(&text).map_err(|error| TestCaseError::fail(format!("{error} in\n{text}")))?;
        prop_assert!(equal(&read, &value), "{read}\nfrom\n{text}");
    }

    #[test]
    fn writing_a_tree_and_its_json_is_the_same(value in value()) {
        let json = value.to_string();
        let node = json::read(&json).expect("it is JSON");
        let (mut ours, mut theirs) = (String::new(), String::new());
        yaml::write(&node, &mut ours);
        yaml::write(&value, &mut theirs);
        prop_assert_eq!(ours, theirs);
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in prop_oneof![any::<String>(), "[ \\n:\\-?,\\[\\]{}#&*!|>'\"%@`a0~\t<.=]{0,60}"]) {
        let mut found = Vec::new();
        yaml::read(&text, 0, &Limits::DEFAULT, &mut found);
    }
}
