//! JSON as CEL sees it through a schema.
//!
//! Source: `k8s.io/apiserver` v0.36.2, `pkg/cel/common/values.go` and `pkg/cel/escaping.go`.

use std::sync::Arc;

use kube_cel::cel::objects::{Key, Map};
use kube_cel::cel::{self, Value as Cel};
use serde_json::Value;

use crate::format;
use crate::functions::{duration, timestamp};
use crate::schema::Schema;

/// Words that cannot be names in CEL.
const RESERVED: &[&str] = &[
    "as",
    "break",
    "const",
    "continue",
    "else",
    "false",
    "for",
    "function",
    "if",
    "import",
    "in",
    "let",
    "loop",
    "namespace",
    "null",
    "package",
    "return",
    "true",
    "var",
    "void",
    "while",
];

/// The value; `schema` is absent where nothing describes it.
pub(crate) fn of(value: &Value, schema: Option<&Schema>) -> Cel {
    match value {
        Value::Null => Cel::Null,
        Value::Bool(bool) => Cel::Bool(*bool),
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(integer), _) if !schema.is_some_and(|schema| schema.is_number) => Cel::Int(integer),
            (_, float) => Cel::Float(float.unwrap_or(f64::NAN)),
        },
        Value::String(text) => self::text(text, schema.and_then(|schema| schema.format.as_deref())),
        Value::Array(items) => {
            let below = schema.and_then(|schema| schema.items.as_deref());
            Cel::List(Arc::new(items.iter().map(|item| of(item, below)).collect()))
        }
        Value::Object(map) => {
            let mut entries = Vec::with_capacity(map.len());
            for (key, value) in map {
                let value = of(value, schema.and_then(|schema| schema.at(key)));
                // The keys of a map are a user's, those of an object are names in expressions.
                if schema.is_some_and(|schema| schema.values.is_none())
                    && let Some(escaped) = escaped(key)
                {
                    entries.push((name(escaped), value.clone()));
                }
                entries.push((name(key.clone()), value));
            }
            Cel::Map(Map { map: Arc::new(entries.into_iter().collect()) })
        }
    }
}

fn name(key: String) -> Key {
    Key::String(Arc::new(key))
}

fn text(text: &str, format: Option<&str>) -> Cel {
    let string = Arc::new(text.to_owned());
    let read: Option<Result<Cel, cel::ExecutionError>> = match format {
        Some("date-time") => Some(timestamp(text)),
        Some("duration") => Some(duration(text)),
        Some("byte") => format::base64(text).map(|bytes| Ok(Cel::Bytes(Arc::new(bytes)))),
        _ => None,
    };
    read.and_then(Result::ok).unwrap_or(Cel::String(string))
}

/// A field's name in expressions where it is another one.
pub(crate) fn escaped(name: &str) -> Option<String> {
    if RESERVED.contains(&name) {
        return Some(format!("__{name}__"));
    }
    let other = name
        .replace("__", "__underscores__")
        .replace('.', "__dot__")
        .replace('-', "__dash__")
        .replace('/', "__slash__");
    (other != name).then_some(other)
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn names_fields_as_kubernetes_does() {
        for (name, expected) in [
            ("replicas", None),
            ("my_field", None),
            ("namespace", Some("__namespace__")),
            ("a__b", Some("a__underscores__b")),
            ("a-b.c/d", Some("a__dash__b__dot__c__slash__d")),
        ] {
            assert_eq!(escaped(name).as_deref(), expected, "{name}");
        }
    }
}
