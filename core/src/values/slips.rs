//! What a user probably meant where a value has another form than its shape: the hints of such findings.

use super::shape::{Choice, List, Object, Shape, Verdict};
use super::text;
use super::words::nearest;
use crate::tree::{Node, Value};

/// Longest text that a hint repeats.
const REPEATED: usize = 60;

/// A scalar where a map belongs: the first key that could hold it, and all keys.
pub(super) fn map_instead(node: &Node<'_>, object: &Object) -> String {
    let known: Vec<_> = object.fields.iter().map(|field| field.name).collect();
    let known = format!("keys of the map: {}", known.join(", "));
    let scalar = scalar(node);
    let holder =
        object.fields.iter().find(|field| scalar.as_ref().is_some_and(|text| holds(field.shape, text)));
    match (holder, scalar) {
        (Some(field), Some(text)) => format!("did you mean `{{{}: {text}}}`? {known}", field.name),
        _ => known,
    }
}

/// Something else where a list belongs.
pub(super) fn list_instead(node: &Node<'_>, list: &List) -> String {
    if let (Some(first), Shape::Object(item)) = (node.as_map().and_then(|map| map.iter().next()), list.of)
        && let Some(pair) = pair_instead(&first.key, &first.value, item)
    {
        return format!("a list belongs here: {pair}");
    }
    match (scalar(node), list.of) {
        (Some(text), Shape::Text(_) | Shape::Either(_)) => format!("write a list: `[{text}]`"),
        _ => "write a list: `- ` before each item".to_owned(),
    }
}

/// `X-Version: v2` where `name: X-Version` and `value: v2` belong.
pub(super) fn pair_instead(key: &str, value: &Node<'_>, object: &Object) -> Option<String> {
    let required = |name: &str| object.field(name).is_some_and(|field| field.required);
    let value = scalar(value).filter(|_| required("name") && required("value") && is_plain(key))?;
    Some(format!("write `- {{name: {key}, value: {value}}}`"))
}

/// The word that a user probably means: by what others call it, by a slip, by a part of it.
pub(super) fn word_instead(text: &str, choice: &Choice) -> Option<&'static str> {
    let called = CALLED.iter().find(|(name, _)| name.eq_ignore_ascii_case(text)).map(|(_, word)| *word);
    called
        .filter(|word| choice.words.contains(word))
        .or_else(|| nearest(text, choice.words.iter().copied()))
        .or_else(|| only_with(text, choice.words))
}

/// What users know under another name: from Ingress, Envoy and nginx, protocols by their versions, and what strategies and
/// phases do.
const CALLED: [(&str, &str); 13] = [
    ("HTTP/1", "HTTP"),
    ("HTTP/1.1", "HTTP"),
    ("HTTP/2", "H2C"),
    ("HTTP2", "H2C"),
    ("Prefix", "PathPrefix"),
    ("ImplementationSpecific", "PathPrefix"),
    ("Regex", "RegularExpression"),
    ("eg", "envoy-gateway"),
    ("alb", "aws"),
    ("nginx", "nginx-gateway-fabric"),
    ("SSL", "TLS"),
    // The strategy of shared Gateways, and the phase from which one goes back.
    ("shared", "hybrid"),
    ("rollback", "parallel"),
];

/// The one word that holds the text, of three letters or more: `envoy` of `envoy-gateway`.
fn only_with(text: &str, words: &'static [&'static str]) -> Option<&'static str> {
    const FEWEST: usize = 3;
    let text = text.to_ascii_lowercase();
    let mut found = words.iter().filter(|word| word.to_ascii_lowercase().contains(&text));
    let first = found.next().filter(|_| text.len() >= FEWEST)?;
    found.next().is_none().then_some(*first)
}

/// What an object knows. A list that nobody reads to its end is left to the reference of the values.
pub(super) fn known_here(names: impl Iterator<Item = &'static str>) -> String {
    /// Most bytes of a list in a hint; our own bound.
    const SHORT: usize = 320;
    let names = names.collect::<Vec<_>>().join(", ");
    if names.len() > SHORT {
        return "docs/values.md lists what is known here".to_owned();
    }
    format!("known here: {names}")
}

/// A text or number as it stands in YAML, where it is short and needs no quotes.
fn scalar(node: &Node<'_>) -> Option<String> {
    let text = match &node.value {
        Value::Text(text) => text.to_string(),
        Value::Integer(integer) => integer.to_string(),
        Value::Float(float) => float.to_string(),
        _ => return None,
    };
    is_plain(&text).then_some(text)
}

/// Whether a text is short, and stands in YAML without quotes.
fn is_plain(text: &str) -> bool {
    let plain = |character: char| character.is_alphanumeric() || "./-_*@".contains(character);
    !text.is_empty()
        && text.len() <= REPEATED
        && text.chars().all(plain)
        && !text.starts_with(['-', '*', '@'])
}

/// Whether a key could mean a text that stands alone; one for any text means nothing in particular.
fn holds(shape: Shape, scalar: &str) -> bool {
    match shape {
        Shape::Text(rule) => {
            !std::ptr::eq(rule, &raw const text::ANY) && (rule.check)(scalar) == Verdict::Fine
        }
        Shape::Choice(choice) => choice.words.contains(&scalar),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::sections::VALUES;
    use super::*;

    /// The hint for the text of one value, at a path of keys below the root.
    fn hint(text: &str) -> String {
        let mut faults = Vec::new();
        let limits = crate::tree::yaml::Limits::NATIVE;
        let mut root = crate::tree::yaml::read(text, 0, &limits, &mut faults).remove(0);
        let target = crate::release::Target {
            release: crate::release::Release::V1_6,
            channel: crate::release::Channel::Standard,
        };
        let mut found = Vec::new();
        super::super::walk::walk(
            &mut root,
            Shape::Object(&VALUES),
            super::super::trail::Trail::ROOT,
            target,
            &mut found,
        );
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        found.remove(0).hint.into_owned()
    }

    /// A match in a rule of a route.
    fn in_match(text: &str) -> String {
        hint(&format!("routes: [{{name: a, rules: [{{matches: [{text}]}}]}}]"))
    }

    #[test]
    fn a_scalar_goes_under_the_first_key_that_takes_it() {
        assert_eq!(
            hint("gatewayAPI: 1.6"),
            "did you mean `{version: 1.6}`? keys of the map: version, channel"
        );
        assert_eq!(in_match("{path: /v1}"), "did you mean `{value: /v1}`? keys of the map: type, value");
        assert_eq!(hint("gatewayAPI: true"), "keys of the map: version, channel");
    }

    #[test]
    fn a_key_with_its_value_is_a_name_with_its_value() {
        let pair = "write `- {name: X-A, value: b}`";
        assert_eq!(in_match("{headers: [{X-A: b}]}"), pair);
        assert_eq!(in_match("{headers: {X-A: b}}"), format!("a list belongs here: {pair}"));
        assert_eq!(in_match("{headers: {X-A: [b]}}"), "write a list: `- ` before each item");
        // A key that would need quotes is no name of anything.
        assert_eq!(in_match("{headers: {'a: {b': c}}"), "write a list: `- ` before each item");
    }

    #[test]
    fn a_word_of_another_product_is_translated() {
        for (text, word) in [("HTTP/2", "H2C"), ("http/1.1", "HTTP"), ("htps", "HTTPS"), ("SSL", "TLS")] {
            let service =
                format!("externalServices: [{{name: a, port: 80, endpoints: [a.b], protocol: {text}}}]");
            assert_eq!(hint(&service), format!("did you mean `{word}`?"));
        }
        assert_eq!(in_match("{path: {type: Prefix}}"), "did you mean `PathPrefix`?");
        assert_eq!(hint("profile: envoy"), "did you mean `envoy-gateway`?");
    }

    #[test]
    fn one_item_becomes_a_list_of_one() {
        let service = "externalServices: [{name: a, port: 80, endpoints: a.example.com}]";
        assert_eq!(hint(service), "write a list: `[a.example.com]`");
    }
}
