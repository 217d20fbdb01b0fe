use super::*;
use crate::diagnostic::{Diagnostic, Severity};
use crate::tree::{Node, Position, Value};

fn read_all(text: &str) -> (Vec<Node<'_>>, Vec<Diagnostic>) {
    let mut found = Vec::new();
    let documents = read(text, 0, &Limits::DEFAULT, &mut found);
    (documents, found)
}

fn json(text: &str) -> String {
    let (documents, found) = read_all(text);
    assert!(found.is_empty(), "{found:?}");
    serde_json::to_string(&documents).expect("a tree is always JSON")
}

/// The findings as `line:column error[code] path: message`.
fn findings(text: &str) -> Vec<String> {
    let (_, found) = read_all(text);
    found.iter().map(|found| format!("{}:{} {found}", found.position.line, found.position.column)).collect()
}

#[test]
fn keeps_every_document_in_its_place() {
    assert_eq!(json(""), "[null]");
    assert_eq!(json("# only a comment\n"), "[null]");
    assert_eq!(json("a: 1\n---\n---\n# c\n---\nb: 2\n...\n"), r#"[{"a":1},null,null,{"b":2}]"#);
    assert_eq!(json("\u{feff}a: 1\n---\n\u{feff}b: 2\n"), r#"[{"a":1},{"b":2}]"#);
}

#[test]
fn knows_where_everything_stands() {
    let (documents, _) = read_all("a: 1\nlist:\n  - x\n  - k: \"v\"\n---\n\u{feff}é: {f: y}\n");
    let at = |line, column| Position { source: 0, line, column };
    let first = documents[0].as_map().expect("a map");
    assert_eq!(
        first.entry("a").map(|entry| (entry.position, entry.value.position)),
        Some((at(1, 1), at(1, 4)))
    );
    let items = first.get("list").and_then(Node::as_list).expect("a list");
    assert_eq!(items[0].position, at(3, 5));
    let inner = items[1].as_map().and_then(|map| map.entry("k")).expect("the key k");
    assert_eq!((inner.position, inner.value.position), (at(4, 5), at(4, 8)));
    let inner = documents[1].as_map().and_then(|map| map.entry("é")).expect("the key é");
    assert_eq!((inner.position, inner.value.position), (at(6, 1), at(6, 4)));
}

#[test]
fn borrows_text_that_nothing_changed() {
    let (documents, _) = read_all("plain: text\n'single': \"double\"\nescaped: \"a\\tb\"\n");
    let borrowed = documents[0]
        .as_map()
        .expect("a map")
        .iter()
        .filter(|entry| matches!(&entry.value.value, Value::Text(std::borrow::Cow::Borrowed(_))));
    assert_eq!(borrowed.count(), 2);
}

#[test]
fn merges_where_the_merge_key_stands() {
    let text = "a: &a {x: 1, z: 1}\nb: &b {x: 2, w: 2}\nc:\n  x: 0\n  <<: [*a, *b]\n  z: 3\n";
    assert_eq!(
        json(text),
        r#"[{"a":{"x":1,"z":1},"b":{"w":2,"x":2},"c":{"w":2,"x":1,"z":3}}]"#,
        "later keys win over merged ones, those over earlier ones, and overriding is no duplicate"
    );
    assert_eq!(json("'<<': {a: 1}\n"), r#"[{"<<":{"a":1}}]"#);
    assert_eq!(json("<<: {a: 1}\n"), r#"[{"a":1}]"#);
    assert_eq!(findings("<<: [a]\n").len(), 1);
    assert_eq!(findings("a: &a [{b: 1}]\n<<: *a\n").len(), 1, "a list behind an alias is not merged");
}

#[test]
fn an_alias_may_be_a_key() {
    assert_eq!(json("a: &k 1e6\nb:\n  *k : x\n"), r#"[{"a":1000000,"b":{"1e+06":"x"}}]"#);
    assert_eq!(findings("a: &k [1]\n*k : x\n"), ["2:1 error[yaml-syntax] a map or list cannot be a key"]);
}

#[test]
fn warns_of_a_key_written_twice_and_takes_the_last() {
    let (documents, found) = read_all("m:\n  a: 1\n  b: 2\n  a: 3\n  a: 4\ny: 1\n\"true\": 2\n");
    let text = serde_json::to_string(&documents[0]).expect("a tree is always JSON");
    assert_eq!(text, r#"{"m":{"a":4,"b":2},"true":2}"#);
    assert!(found.iter().all(|found| found.severity == Severity::Warning && found.code == DUPLICATE_KEY));
    assert_eq!(
        findings("m:\n  a: 1\n  b: 2\n  a: 3\n  a: 4\n"),
        ["5:3 warning[duplicate-key] m.a: the key `a` stands here 3 times, at line 2, column 3 and at \
          line 5, column 3; the last one wins"]
    );
}

#[test]
fn goes_on_after_what_json_cannot_say() {
    assert_eq!(
        findings("a: .inf\nb:\n- c: !!int x\n~: 1\nd: !!binary '*'\n18446744073709551615: x\n"),
        [
            "1:4 error[yaml-value] a: infinity and not-a-number have no place in JSON, which Kubernetes speaks",
            "3:12 error[yaml-value] b[0].c: the tag `!!int` does not fit the text behind it",
            "4:1 error[yaml-value] null cannot be a key",
            "5:13 error[yaml-value] d: the text behind `!!binary` is not base64",
            "6:1 error[yaml-value] an integer key above 9223372036854775807 is refused by Helm",
        ]
    );
    assert_eq!(json(".inf: 1\n.nan: 2\n"), r#"[{".inf":1,".nan":2}]"#, "as keys they are text");
}

#[test]
fn stops_at_a_fault_and_keeps_the_documents_before_it() {
    let (documents, found) = read_all("a: 1\n---\nb: c: d\n---\ne: 1\n");
    assert_eq!(documents.len(), 1);
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].code, found[0].position.line), (YAML_SYNTAX, 3));
}

#[test]
fn refuses_what_helm_refuses_or_reads_otherwise() {
    for (text, at) in [
        ("a: \"\\ud83d\\ude00\"\n", "1:4"),
        ("a: \"\\/\"\n", "1:4"),
        ("a: x\u{2028}y\n", "1:5"),
        ("a: 1\nb: \"\u{85}\"\n", "2:5"),
        ("a: \u{7}\n", "1:4"),
        ("%YAML 1.2\n---\na: 1\n", "2:1"),
        ("a: {{ .Values.x }}\n", "1:5"),
        ("a: [b?c]\n", "1:5"),
        ("a: {b:}\n", "1:5"),
        ("a: [!!str, b]\n", "1:10"),
        ("a: &b:c d\n", "1:4"),
        ("a: &b [*b]\n", "1:8"),
        ("a: *b\n", "1:4"),
        ("a:\n\tb: 1\n", "2:2"),
        ("# c\n\u{feff}a: 1\n", "2:1"),
    ] {
        let found = findings(text);
        assert_eq!(found.len(), 1, "{text:?}: {found:?}");
        assert!(found[0].starts_with(&format!("{at} error[yaml-syntax]")), "{text:?}: {found:?}");
    }
}

#[test]
fn ends_a_block_of_text_as_it_was_written() {
    for (text, expected) in [
        ("a: |\n  x\n", "x\n"),
        ("a: |\n  x", "x"),
        ("a: |+\n  x\n\n", "x\n\n"),
        ("a: |+\n  ", ""),
        ("a: |\n  x\n  ", "x\n"),
        ("a: >-\n  x\n  y", "x y"),
    ] {
        let (documents, _) = read_all(text);
        assert_eq!(documents[0].get("a").and_then(Node::as_text), Some(expected), "{text:?}");
    }
}

#[test]
fn holds_every_limit() {
    let small = Limits { bytes: 100, depth: 3, nodes: 10, scalar_bytes: 30, documents: 2 };
    for (text, words) in [
        ("x".repeat(101), "the text has 101 bytes, but this reader takes 100 at most"),
        ("[[[[x]]]]".to_owned(), "more than 3 levels deep"),
        ("[1,2,3,4,5,6,7,8,9,0]".to_owned(), "more than 10 values"),
        ("- &a [1,2]\n- *a\n- *a\n".to_owned(), "more than 10 values"),
        ("- &a [[x]]\n- [*a]\n".to_owned(), "more than 3 levels deep"),
        ("a: &a xxxxxxxxxx\nb: *a\n".to_owned(), "more than 30 bytes"),
        ("---\n---\n---\n".to_owned(), "more than 2 documents"),
    ] {
        let mut found = Vec::new();
        read(&text, 0, &small, &mut found);
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        assert!(found[0].code == YAML_LIMIT && found[0].message.contains(words), "{text}: {found:?}");
    }
}

/// The answers of Helm's reader, asked once: `document contains excessive aliasing` or a value.
#[test]
fn refuses_excessive_aliases_where_helm_does() {
    let tenfold = |lines: usize| -> String {
        let line = |line: usize| format!("a{line}: &a{line} [{}]\n", format!("*a{}, ", line - 1).repeat(10));
        "a0: &a0 [x]\n".to_owned() + &(1..lines).map(line).collect::<Vec<_>>().concat()
    };
    let flat = |items: usize, aliases: usize| {
        format!("a: &a [{}]\nb: [{}]\n", "x, ".repeat(items), "*a, ".repeat(aliases))
    };
    for (text, is_refused) in [
        (tenfold(3), false),
        (tenfold(4), false),
        (tenfold(5), true),
        (flat(50, 1_000), false),
        (flat(5_000, 60), false),
        (flat(5_000, 150), true),
        (format!("a: &a {{k: v}}\nb: [{}]\n", "*a, ".repeat(2_000)), false),
    ] {
        let (_, found) = read_all(&text);
        assert_eq!(
            found.iter().any(|found| found.code == YAML_LIMIT),
            is_refused,
            "{}",
            &text[..text.len().min(200)]
        );
    }
}

#[test]
fn a_stream_of_lines_bounds_each_line_and_not_their_number() {
    let limits = Limits { bytes: 20, ..Limits::DEFAULT };
    let mut found = Vec::new();
    let mut names = Vec::new();
    let text = "{\"name\": \"a\"}\n\n{\"name\": \"a-very-long-name\"}\n{\"name\": \"b\"}\n";
    super::each_line(text, 0, &limits, &mut found, |node, _| names.extend(node.text_of("name")));
    assert_eq!(names, ["a", "b"]);
    let places: Vec<_> = found.iter().map(|found| (found.code, found.position.line)).collect();
    assert_eq!(places, [(YAML_LIMIT, 3)]);
}

#[test]
fn json_holds_characters_that_yaml_forbids() {
    let each = |text: &str| {
        let (mut found, mut seen) = (Vec::new(), Vec::new());
        super::each(text, 0, &Limits::DEFAULT, &mut found, |node, _| {
            let place = node.get("a").map(|value| value.position.line);
            seen.push((node.text_of("a").map(std::borrow::Cow::into_owned), place));
        });
        (seen, found.into_iter().map(|found| (found.code, found.position.line)).collect::<Vec<_>>())
    };
    for odd in ["\u{7f}", "\u{80}", "\u{85}", "\u{2028}", "\u{fffe}", "\u{feff}"] {
        let object = format!("{{\n\"a\": \"{odd}x\"\n}}\n");
        let value = Some(format!("{odd}x"));
        assert_eq!(each(&object), (vec![(value.clone(), Some(2))], vec![]), "{odd:?}");
        let stream = format!("{object}{object}");
        assert_eq!(each(&stream), (vec![(value.clone(), Some(2)), (value, Some(5))], vec![]), "{odd:?}");
    }
    // A list is one too; what is behind it is read by itself.
    let value = Some("\u{80}".to_owned());
    assert_eq!(
        each("{\"a\": \"\u{80}\"}\n---\na: b\n").0,
        [(value.clone(), Some(1)), (Some("b".into()), Some(3))]
    );
    assert_eq!(
        each("{\"a\": \"\u{80}\"}\n{\"b\": 1,}\n{\"a\": 2}\n"),
        (vec![(value, Some(1))], vec![(YAML_SYNTAX, 2)])
    );
    assert_eq!(each("[\n{\"a\": \"\\/\u{80}\"}]\n[\n\n{}]\n"), (vec![(None, None), (None, None)], vec![]));
    // What is no JSON is YAML, and so is what stands behind it.
    for text in [
        "{a: \"\u{80}\"}\n",
        "---\n{\"a\": \"\u{80}\"}\n",
        "\"\u{80}\"\n",
        "{\"a\": \"\u{80}\"}\n---\n{\"a\": \"\u{80}\"}\n",
        "{\"a\": \"\u{80}\"}\n{\"a\": 1,}\n{\"a\": \"\u{80}\"}\n",
    ] {
        let (seen, found) = each(text);
        assert_eq!((seen, found.first().map(|(code, _)| *code)), (vec![], Some(YAML_SYNTAX)), "{text:?}");
    }
    // Helm reads it as YAML.
    assert_eq!(read_all("{\"a\": \"\u{80}\"}\n").1.len(), 1);
}
