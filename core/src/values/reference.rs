//! The reference of the values as Markdown, printed from the same tables that the walk reads.

use std::fmt::Write;

use super::sections::VALUES;
use super::shape::{Field, Object, Shape};
use crate::release::Availability;

/// Every key of a values file: one table a section, in the order in which sections are first named.
pub fn reference() -> String {
    let mut text = String::from(
        "# Values\n\nPrinted from the tables in `core/src/values`; a test fails when it is not current.\n\n\
         `null` means absent everywhere. *named* is a list of maps with a `name`, or one map keyed by name. Keys that\n\
         start with `x-` are ignored. Host names are lowered and internationalised ones become A-labels, with an info.\n",
    );
    let mut sections: Vec<&'static Object> = vec![&VALUES];
    let mut next = 0;
    while let Some(object) = sections.get(next).copied() {
        section(object, &mut text, &mut sections);
        next += 1;
    }
    text
}

fn section(object: &'static Object, text: &mut String, sections: &mut Vec<&'static Object>) {
    let _ = write!(text, "\n## {}\n\n{}\n\n| key | type | what |\n|---|---|---|\n", object.name, object.doc);
    for field in object.fields {
        let required = if field.required { " **required**" } else { "" };
        let _ = writeln!(
            text,
            "| `{}`{required} | {} | {}{}{} |",
            field.name,
            word(field.shape, sections),
            field.doc.replace('|', "\\|"),
            default(field),
            since(field)
        );
    }
}

fn default(field: &Field) -> String {
    if field.default.is_empty() { String::new() } else { format!("; default {}", field.default) }
}

fn since(field: &Field) -> String {
    if field.since == Availability::ALWAYS {
        String::new()
    } else {
        format!(" (Gateway API: {})", field.since)
    }
}

/// The type in words; objects become links and get a section of their own.
fn word(shape: Shape, sections: &mut Vec<&'static Object>) -> String {
    match shape {
        Shape::Text(rule) => rule.what.to_owned(),
        Shape::Integer(min, max, _) => format!("{min} to {max}"),
        Shape::IntegerOf(options) => {
            options.iter().map(|(option, _)| option.to_string()).collect::<Vec<_>>().join(", ")
        }
        Shape::Boolean => "true, false".to_owned(),
        Shape::Choice(choice) => choice.words.join(", "),
        Shape::Object(object) => link(object, sections),
        Shape::Switch(switch) => {
            let mut objects = vec![switch.default];
            objects.extend(switch.cases.iter().map(|(_, object)| *object));
            objects.into_iter().map(|object| link(object, sections)).collect::<Vec<_>>().join(", ")
        }
        Shape::List(list) => {
            let bound = list.bound.map_or_else(String::new, |bound| format!(", at most {}", bound.max));
            format!("list of: {}{bound}", word(list.of, sections))
        }
        Shape::Named(item) => format!("named: {}", word(*item, sections)),
        Shape::Map(dictionary) => format!("map of: {}", word(dictionary.value, sections)),
        Shape::Either(shapes) => {
            shapes.iter().map(|shape| word(*shape, sections)).collect::<Vec<_>>().join(", or ")
        }
        Shape::Any => "as in Kubernetes or Gateway API".to_owned(),
    }
}

fn link(object: &'static Object, sections: &mut Vec<&'static Object>) -> String {
    if !sections.iter().any(|known| known.name == object.name) {
        sections.push(object);
    }
    format!("[{0}](#{1})", object.name, object.name.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Looks at every section that the reference names.
    #[test]
    fn words_and_booleans_say_what_their_absence_means() {
        let mut sections: Vec<&'static Object> = vec![&VALUES];
        let mut next = 0;
        while let Some(object) = sections.get(next).copied() {
            section(object, &mut String::new(), &mut sections);
            next += 1;
            for field in object.fields.iter().filter(|field| !field.required) {
                let said = !field.default.is_empty()
                    || field.doc.contains("default")
                    || field.doc.contains("none: ");
                let limited = field.since != Availability::ALWAYS || field.until.is_some();
                let asks = matches!(field.shape, Shape::Choice(_) | Shape::Boolean);
                assert!(said || limited || !asks, "{}.{}: {}", object.name, field.name, field.doc);
            }
        }
    }
}
