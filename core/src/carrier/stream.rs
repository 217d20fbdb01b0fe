//! A stream as text: its documents, as Helm cuts them, and what can be told without parsing them.

use std::borrow::Cow;

use crate::tree::Node;
use crate::tree::yaml::{self, Limits};

/// One document, byte for byte, without the `---` before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Document<'a> {
    /// Documents of nothing but comments that stand before it: Helm writes the `# Source:` of a CRD
    /// file that starts with `---` so. They stay with the document they introduce.
    pub(super) lead: &'a str,
    /// The document; empty where comments end the stream.
    pub(super) text: &'a str,
}

/// Cuts a stream at every line that starts with `---`, text after it or not. Blank documents are left out.
///
/// Source: Helm v4.2.4, `pkg/release/v1/util/manifest.go`, regular expression `(?m)^---[ \t]*`.
pub(super) fn documents(stream: &str) -> Vec<Document<'_>> {
    let mut documents = Vec::new();
    let mut lead = None;
    let mut separator = 0;
    let mut start = if stream.starts_with("---") { 3 } else { 0 };
    loop {
        let next = stream[start..].find("\n---").map(|found| start + found + 1);
        let end = next.unwrap_or(stream.len());
        let text = &stream[start..end];
        let text = if start == 0 { text } else { after_separator(text) };
        if !is_comment(text) {
            let lead = lead.take().map_or("", |from| &stream[from..separator]);
            documents.push(Document { lead, text });
        } else if !text.trim().is_empty() {
            lead.get_or_insert(end - text.len());
        }
        let Some(next) = next else { break };
        (separator, start) = (next, next + 3);
    }
    if let Some(from) = lead {
        documents.push(Document { lead: &stream[from..], text: "" });
    }
    documents
}

/// What follows the dashes of a separator, without the rest of a line that is otherwise blank.
fn after_separator(text: &str) -> &str {
    let text = text.trim_start_matches([' ', '\t']);
    text.strip_prefix("\r\n").or_else(|| text.strip_prefix('\n')).unwrap_or(text)
}

/// Whether there is nothing but comments, blank lines and end marks.
fn is_comment(text: &str) -> bool {
    text.lines().map(str::trim).all(|line| line.is_empty() || line.starts_with('#') || line == "...")
}

/// Cuts a document before its first line of YAML: comments, and the rest.
pub(super) fn split_comments(text: &str) -> (&str, &str) {
    let lines = text.split_inclusive('\n');
    let is_comment = |line: &&str| line.trim().is_empty() || line.trim_start().starts_with('#');
    text.split_at(lines.take_while(is_comment).map(str::len).sum())
}

/// The kind of a document; empty where there is none, or the document is no YAML.
///
/// Only documents that do not have `kind: Word` at the start of a line are parsed: parsing a large
/// stream of foreign documents would cost more than everything else.
pub(super) fn kind(text: &str) -> Cow<'_, str> {
    /// JSON is read several times as fast as YAML.
    #[derive(serde::Deserialize)]
    struct Head<'a> {
        #[serde(borrow)]
        kind: Cow<'a, str>,
    }
    if let Some(kind) = written_kind(text) {
        return Cow::Borrowed(kind);
    }
    if !may_have_kind(text) {
        return Cow::Borrowed("");
    }
    if let Ok(head) = serde_json::from_str::<Head<'_>>(split_comments(text).1) {
        return head.kind;
    }
    let root = read(text);
    Cow::Owned(root.as_ref().and_then(|root| root.get("kind")?.as_text()).unwrap_or_default().to_owned())
}

/// Whether a document may have a key `kind`: only an escape can hide the word from a search.
fn may_have_kind(text: &str) -> bool {
    text.contains("kind") || text.contains('\\')
}

/// The kind, where a line of block YAML says it plainly.
pub(super) fn written_kind(text: &str) -> Option<&str> {
    let (_, text) = split_comments(text);
    // A line of a flow collection says nothing about the level it is on.
    if text.starts_with(['{', '[']) {
        return None;
    }
    text.lines().find_map(|line| {
        let key = ["kind", "\"kind\"", "'kind'"].iter().find_map(|key| line.strip_prefix(key));
        let value = key?.trim_start().strip_prefix(':')?;
        value.starts_with([' ', '\t']).then(|| plain_word(value))
    })?
}

/// A scalar of letters and digits, quoted or not, with perhaps a comment after it.
fn plain_word(value: &str) -> Option<&str> {
    let value = value.trim();
    let (word, rest) = match value.chars().next()? {
        quote @ ('"' | '\'') => value[1..].split_once(quote)?,
        _ => value.split_once([' ', '\t']).unwrap_or((value, "")),
    };
    let rest = rest.trim_start();
    let is_word = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (is_word && (rest.is_empty() || rest.starts_with('#'))).then_some(word)
}

/// Whether a document belongs to a hook, which Helm keeps apart from the release's manifests.
pub(super) fn is_hook(text: &str) -> bool {
    const ANNOTATION: &str = "helm.sh/hook";
    text.contains(ANNOTATION)
        && read(text).is_some_and(|root| {
            root.get("metadata")
                .and_then(|metadata| metadata.get("annotations"))
                .is_some_and(|annotations| annotations.get(ANNOTATION).is_some())
        })
}

/// The first document of a text, if it is YAML.
fn read(text: &str) -> Option<Node<'_>> {
    yaml::read(text, 0, &Limits::NATIVE, &mut Vec::new()).into_iter().next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_that_can_have_no_kind_are_not_read() {
        assert!(!may_have_kind("a: b: c\n"));
        assert_eq!(kind("a: b: c\n"), "");
        for text in ["{kind: A, b: c}\n", "\"\\x6bind\": A\n", "? kind\n: A\n", "{\"kin\\u0064\": \"A\"}"] {
            assert!(may_have_kind(text), "{text}");
            assert_eq!(kind(text), "A", "{text}");
        }
    }
}
