#![allow(clippy::needless_pass_by_value)] // The shape of `Render`.

use super::*;
use crate::tree::Value;
use crate::{Manifest, Manifests};

const CARRIER: &str = "apiVersion: render.gatewright.dev/v1alpha1\nkind: GatewayValues\n";

/// Stands in for [`crate::render`]: an object for each `kind/name` in the list `objects`, and a finding of
/// code `fake` where the values have a key of that severity.
fn fake(values: Node<'_>, scope: &Scope, _: Format) -> Rendered {
    let mut rendered = Rendered::default();
    let path = Path::ROOT.key("key");
    if values.get("warning").is_some() {
        rendered.diagnostics.push(Diagnostic::warning(Code("fake"), path.clone(), "odd"));
    }
    if values.get("error").is_some() {
        rendered.diagnostics.push(Diagnostic::error(Code("fake"), path.clone(), "wrong"));
    }
    let Manifests { text, list } = &mut rendered.manifests;
    for (_, object) in values.get("objects").into_iter().flat_map(Node::items) {
        let (kind, name) = object.as_text().and_then(|object| object.split_once('/')).expect("kind/name");
        let kind = ["Service", "Gateway", "HTTPRoute"].into_iter().find(|known| *known == kind);
        let start = text.len();
        let file = match scope.post_render_filename.as_str() {
            "" => String::new(),
            file => format!(", file: {file}"),
        };
        let kind = kind.expect("a known kind");
        text.extend(["kind: ", kind, "\nmetadata: {name: ", name, &file, "}\n"]);
        list.push(Manifest {
            api_version: "gateway.networking.k8s.io/v1",
            kind,
            namespace: scope.namespace.as_str().into(),
            name: name.into(),
            origin: path.clone(),
            range: start..text.len(),
        });
    }
    rendered
}

/// A carrier of these values.
fn carrier(values: &str) -> String {
    payload(&format!(r#"{{"schemaVersion":1,"values":{values},"release":{{"namespace":"prod"}}}}"#))
}

fn payload(payload: &str) -> String {
    format!("{CARRIER}metadata:\n  name: edge\npayload: {payload:?}\n")
}

fn rendered(stream: &str) -> PostRendered {
    render_with(stream, &PostRender::default(), fake)
}

#[track_caller]
fn output(stream: &str) -> String {
    let PostRendered { output, objects: _, diagnostics } = rendered(stream);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    output
}

/// The only finding of a stream that must give no output.
#[track_caller]
fn fault(stream: &str) -> Diagnostic {
    let PostRendered { output, objects, diagnostics } = rendered(stream);
    assert_eq!((output.as_str(), objects), ("", 0));
    let [fault] = diagnostics.try_into().expect("one finding");
    fault
}

#[test]
fn replaces_a_carrier_by_its_manifests() {
    let stream = format!("---\n{}", carrier(r#"{"objects":["Service/a","HTTPRoute/b"]}"#));
    let rendered = rendered(&stream);
    assert_eq!(rendered.objects, 2);
    assert_eq!(
        rendered.output,
        "---\nkind: Service\nmetadata: {name: a}\n---\nkind: HTTPRoute\nmetadata: {name: b}\n"
    );
}

#[test]
fn finds_a_carrier_however_it_is_written() {
    let values = r#"{\"schemaVersion\":1,\"values\":{\"objects\":[\"Service/a\"]}}"#;
    for carrier in [
        format!(
            "'kind': \"GatewayValues\" # ours\napiVersion: 'render.gatewright.dev/v1alpha1'\npayload: \"{values}\""
        ),
        format!(
            "  kind: GatewayValues\n  apiVersion: render.gatewright.dev/v1alpha1\n  payload: \"{values}\"\n"
        ),
        format!(
            r#"{{"kind":"GatewayValues","apiVersion":"render.gatewright.dev/v1alpha1","payload":"{values}"}}"#
        ),
        format!(
            "{{\"kind\": \"GatewayValues\", \"metadata\": {{annotations: {{a: 'b'}}}},\n\"apiVersion\": \
             \"render.gatewright.dev/v1alpha1\",\n\"payload\": \"{values}\"}}\n"
        ),
        format!("{CARRIER}payload: >-\n  {}\n", values.replace('\\', "")),
        format!("# a comment\r\n{CARRIER}payload: \"{values}\"\r\n...\r\n"),
        format!("{CARRIER}payload: lost\npayload: \"{values}\"\n"),
    ] {
        assert_eq!(output(&carrier), "---\nkind: Service\nmetadata: {name: a}\n", "{carrier}");
    }
}

#[test]
fn passes_documents_that_only_mention_a_carrier() {
    let config = format!("kind: ConfigMap\ndata:\n  carrier: |\n    {}", CARRIER.replace('\n', "\n    "));
    let other = "apiVersion: example.com/v1\nkind: GatewayValues\n# not of render.gatewright.dev\n";
    let broken = "kind: Broken\nnote: GatewayValues, render.gatewright.dev\nbad: [\n";
    for foreign in [&config, other, broken] {
        assert_eq!(fault(foreign).code, CARRIER_MISSING);
        let stream = format!("{foreign}\n---\n{}", carrier("{}"));
        assert_eq!(output(&stream), format!("---\n{foreign}\n"));
    }
}

#[test]
fn passes_foreign_documents_byte_for_byte() {
    for foreign in [
        "kind: A\r\nx: 1\r\n",
        "kind: A\nx: 1\nx: 2\n",
        "kind: A\nx: |\n  ---\n   --- # no separator\nz:   {a: 1 ,b: [ ]}  \n\n",
        "kind: A\n...\n",
        "# only a comment\nkind: A\n",
        "\u{feff}kind: A\n",
        "{\"kind\": \"A\", \"x\": {\"kind\": \"B\"}}",
        "kind: A\nno: trailing newline",
        "- a list\n",
        "kind: [\n",
        "-\n",
        "kind: A\nx: \u{85}\u{2028}😀\0\n",
    ] {
        let first = format!("---\n{foreign}\n---\n{}", carrier("{}"));
        assert_eq!(output(&first), format!("---\n{foreign}\n"), "{first}");
        let last = format!("---\n{}---\n{foreign}", carrier("{}"));
        assert_eq!(output(&last), format!("---\n{foreign}"), "{last}");
        let crlf = format!("---\r\n{}--- \t\r\n{foreign}", carrier("{}"));
        assert_eq!(output(&crlf), format!("---\n{foreign}"), "{crlf}");
    }
}

#[test]
fn splits_where_helm_does() {
    let stream =
        format!("--- # c\nkind: A\n---kind: A\n---\n---\n \n--- {{kind: A}}\n---\n{}", carrier("{}"));
    assert_eq!(output(&stream), "---\n# c\nkind: A\n---\nkind: A\n---\n{kind: A}\n");
}

#[test]
fn keeps_comments_with_the_document_they_introduce() {
    let stream = format!(
        "---\n# Source: crds/b.yaml\n---\nkind: B\n---\n# Source: a.yaml\n---\nkind: A\n---\n{}---\n# the end",
        carrier("{}")
    );
    assert_eq!(
        output(&stream),
        "---\n# the end\n---\n# Source: a.yaml\n---\nkind: A\n---\n# Source: crds/b.yaml\n---\nkind: B\n"
    );
}

#[test]
fn groups_kinds_in_install_order() {
    let values = r#"{"objects":["HTTPRoute/b","Service/a"]}"#;
    let foreign =
        ["kind: Widget", "kind: \"Service\"", "{kind: HTTPRoute}", "x: 1", "  kind: Namespace", "kind: Job"];
    let stream = format!("{}\n---\n{}", foreign.join("\n---\n"), carrier(values));
    let kinds: Vec<String> = stream::documents(&output(&stream))
        .iter()
        .map(|document| stream::kind(document.text).into_owned())
        .collect();
    assert_eq!(kinds, ["Namespace", "Service", "Service", "Job", "", "HTTPRoute", "HTTPRoute", "Widget"]);
}

#[test]
fn keeps_the_order_within_a_kind() {
    let stream = format!(
        "kind: Service\nn: 1\n---\n{}---\nkind: Service\nn: 3\n",
        carrier(r#"{"objects":["Service/n2"]}"#)
    );
    let output = output(&stream);
    let places = ["n: 1", "n2", "n: 3"].map(|text| output.find(text).expect("all of them"));
    assert!(places.is_sorted(), "{output}");
}

#[test]
fn copies_the_source_comment_of_helm_3() {
    let carrier = carrier(r#"{"objects":["Service/a","Gateway/b"]}"#);
    let source = "# Source: gatewright/templates/carrier.yaml\n";
    let expected = format!(
        "---\n{source}kind: Service\nmetadata: {{name: a}}\n---\n{source}kind: Gateway\nmetadata: {{name: b}}\n"
    );
    assert_eq!(output(&format!("---\n{source}# more\n{carrier}")), expected);
    // The carrier's file began with `---`; what stood before that passes.
    let apart = output(&format!("---\n{source}---\n{carrier}"));
    assert_eq!(
        apart,
        expected.replacen(
            "---\n# Source: gatewright/templates/carrier.yaml\nkind: Gateway",
            &format!("---\n{source}---\n{source}kind: Gateway"),
            1
        )
    );
}

#[test]
fn hands_the_file_name_of_helm_4_to_the_emitter() {
    let carrier = format!(
        "# Source: stale.yaml\n{CARRIER}metadata:\n  annotations:\n    postrenderer.helm.sh/postrender-filename: \
         'g/templates/c.yaml'\npayload: {:?}\n",
        r#"{"schemaVersion":1,"values":{"objects":["Service/a"]}}"#
    );
    assert_eq!(output(&carrier), "---\nkind: Service\nmetadata: {name: a, file: g/templates/c.yaml}\n");
}

#[test]
fn tells_the_renderer_of_release_and_chart() {
    fn check(values: Node<'_>, scope: &Scope, format: Format) -> Rendered {
        let expected = Scope {
            release: "r".to_owned(),
            namespace: "n".to_owned(),
            chart: "c".to_owned(),
            ..Scope::default()
        };
        assert_eq!((scope, format), (&expected, Format::Yaml));
        assert_eq!(values.get("x").map(|x| &x.value), Some(&Value::Integer(1)));
        Rendered::default()
    }
    let stream = payload(
        r#"{"release":{"name":"r","namespace":"n","revision":1},"chart":{"name":"c"},"values":{"x":1},"schemaVersion":1,"new":[]}"#,
    );
    assert!(render_with(&stream, &PostRender::default(), check).diagnostics.is_empty());
}

#[test]
fn carries_any_text() {
    fn check(values: Node<'_>, _: &Scope, _: Format) -> Rendered {
        let text = values.get("x").and_then(Node::as_text);
        assert_eq!(text, Some("a\"'\\\n---\nkind: X\n\u{7f}\u{85}\u{2028}\u{feff}😀<&>"));
        Rendered::default()
    }
    // As Go writes it: `mustToJson` escapes <, >, & and U+2028, `quote` what is not printable.
    let stream = CARRIER.to_owned()
        + r#"payload: "{\"schemaVersion\":1,\"values\":{\"x\":\"a\\\"'\\\\\\n---\\nkind: X\\n\x7f\u0085\\u2028\ufeff😀\\u003c\\u0026\\u003e\"}}""#;
    assert!(render_with(&stream, &PostRender::default(), check).diagnostics.is_empty());
}

#[test]
fn rejects_an_empty_stream() {
    for stream in ["", "\n", " \n---\n\n--- \n"] {
        assert_eq!(fault(stream).code, STREAM_EMPTY);
        let settings = PostRender { allow_missing_carrier: true };
        assert_eq!(render_with(stream, &settings, fake).diagnostics.len(), 1);
    }
}

#[test]
fn rejects_a_stream_without_carrier() {
    let stream = "---\nkind: Service\n---\n# helm.sh/hook\nkind: Job\n";
    let missing = fault(stream);
    assert_eq!(missing.code, CARRIER_MISSING);
    assert!(missing.message.starts_with("found 2 documents"), "{}", missing.message);
    assert_eq!(fault("# nothing but a comment\n").code, CARRIER_MISSING);
    let settings = PostRender { allow_missing_carrier: true };
    assert_eq!(render_with(stream, &settings, fake).output, stream);
}

#[test]
fn accepts_a_stream_of_hooks() {
    let hook = "kind: Job\r\nmetadata: {annotations: {\"helm.sh/hook\": pre-install}}";
    let stream = format!("{hook}\n---\n# a comment\n---\n{hook}\n");
    assert_eq!(output(&stream), stream);
    assert_eq!(fault(&format!("{stream}---\nkind: Service\n")).code, CARRIER_MISSING);
}

#[test]
fn rejects_a_carrier_without_payload() {
    for carrier in [
        CARRIER.to_owned(),
        format!("{CARRIER}payload:\n"),
        format!("{CARRIER}payload: \"\"\n"),
        format!("{CARRIER}payload: {{schemaVersion: 1, values: {{}}}}\n"),
        format!("{CARRIER}payload: \"{{\\\"schemaVer\n"),
        format!("{CARRIER}...\nkind: Service\n"),
        payload("null"),
        payload("[]"),
        payload(r#"{"schemaVersion":1,"values":{"a":1}"#),
        payload(r#"{"schemaVersion":1}"#),
        payload(r#"{"schemaVersion":1,"values":null}"#),
        payload(r#"{"schemaVersion":1,"values":[]}"#),
        payload(r#"{"schemaVersion":1,"values":{},"release":{"name":1}}"#),
        payload(r#"{"schemaVersion":1,"values":{}} trailing"#),
    ] {
        assert_eq!(fault(&carrier).code, CARRIER_PAYLOAD, "{carrier}");
    }
}

#[test]
fn rejects_a_carrier_for_another_version() {
    for carrier in [
        CARRIER.replace("v1alpha1", "v1"),
        payload(r#"{"values":{}}"#),
        payload(r#"{"schemaVersion":null,"values":{}}"#),
        payload(r#"{"schemaVersion":"1","values":{}}"#),
    ] {
        assert_eq!(fault(&carrier).code, CARRIER_SCHEMA_VERSION, "{carrier}");
    }
    let newer = fault(&payload(r#"{"schemaVersion":2,"chart":{"appVersion":"9.1.0"},"values":{}}"#));
    assert_eq!(newer.code, CARRIER_SCHEMA_VERSION);
    assert_eq!(newer.hint, "use gatewright 9.1.0, which the chart was made for");
}

#[test]
fn gives_no_output_with_an_error_in_one_of_several_carriers() {
    let good = carrier(r#"{"objects":["Service/a"],"warning":1}"#);
    let stream = format!(
        "# Source: top/charts/good/templates/c.yaml\n{good}---\n{}---\n# Source: top/charts/bad/templates/c.yaml\n{CARRIER}",
        carrier(r#"{"error":1}"#)
    );
    let PostRendered { output, objects, diagnostics } = rendered(&stream);
    assert_eq!((output.as_str(), objects), ("", 0));
    let found: Vec<String> = diagnostics.iter().map(ToString::to_string).collect();
    assert_eq!(
        found,
        [
            "warning[fake] key: odd (carrier `top/charts/good`)",
            "error[fake] key: wrong (carrier `edge`)",
            "error[carrier-payload] payload: the carrier has a payload that is null or missing, but needs one JSON \
             string (carrier `top/charts/bad`)",
        ]
    );
}

#[test]
fn keeps_messages_of_a_single_carrier_as_they_are() {
    let rendered = rendered(&carrier(r#"{"warning":1}"#));
    assert_eq!(rendered.diagnostics[0].to_string(), "warning[fake] key: odd");
    assert!(!rendered.output.is_empty());
}

#[test]
fn rejects_an_object_of_two_carriers() {
    let objects = r#"{"objects":["Service/a","HTTPRoute/b"]}"#;
    let other = carrier(objects).replace("name: edge", "name: inner");
    let same = fault(&format!("{}---\n{}", carrier(r#"{"objects":["HTTPRoute/b"]}"#), other));
    assert_eq!(same.code, DUPLICATE_OBJECT);
    assert_eq!(
        same.message,
        "HTTPRoute `prod/b` comes from two carriers, `edge` and `inner`, but an object has one owner"
    );
    let elsewhere = other.replace("prod", "test");
    assert_eq!(rendered(&format!("{}---\n{elsewhere}", carrier(objects))).objects, 4);
}

#[test]
fn says_so_when_values_ask_for_nothing() {
    assert_eq!(output(&carrier("{}")), "# These values ask gatewright for no objects.\n");
}
