use super::*;
use crate::diagnostic::Diagnostic;
use crate::tree::{Node, Position};

fn read_all(text: &str) -> (Vec<Node<'_>>, Vec<Diagnostic>) {
    let mut found = Vec::new();
    let documents = read(text, 0, &Limits::DEFAULT, &mut found);
    (documents, found)
}

fn json(node: &Node<'_>) -> String {
    serde_json::to_string(node).expect("a tree is always JSON")
}

#[test]
fn borrows_plain_and_quoted_text() {
    let (documents, found) = read_all("a: text\n'b': \"x\"\n");
    assert!(found.is_empty());
    assert_eq!(json(&documents[0]), r#"{"a":"text","b":"x"}"#);
}
