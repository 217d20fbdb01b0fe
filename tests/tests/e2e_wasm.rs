//! The modules in the hosts of their users: the browser's under Node and in Chromium, the examples of `wasm/README.md`.

#![allow(clippy::disallowed_methods, reason = "tests read files")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use gatewright_core::{PostRender, api, post_render};
use gatewright_tests::golden::{cases, root};
use gatewright_tests::peers::{Temporary, extism, node, page, typescript};
use gatewright_tests::vectors;
use serde_json::value::RawValue;
use serde_json::{Value, json};

#[path = "../../wasm/examples/policy.rs"]
mod example;

fn modules() -> Result<PathBuf> {
    let folder = std::env::var_os("GATEWRIGHT_WASM");
    folder.map(PathBuf::from).context("GATEWRIGHT_WASM is not set: run `cargo xtask e2e`")
}

/// A folder with the browser module, where an example expects it.
fn beside_the_module() -> Result<Temporary> {
    let folder = Temporary::new("wasm")?;
    std::os::unix::fs::symlink(modules()?.join("browser"), folder.path().join("browser"))?;
    Ok(folder)
}

/// The example of a name, which `wasm/README.md` shows as it is.
fn example_of(name: &str) -> Result<String> {
    let text = fs::read_to_string(root().join("wasm/examples").join(name))?;
    let page = fs::read_to_string(root().join("wasm/README.md"))?;
    assert!(page.contains(&text), "wasm/README.md shows another {name}");
    Ok(text)
}

/// Answers every line of stdin with a line.
const ANSWERING: &str = r#"
import { readFileSync, writeSync } from "node:fs";
import { call, initSync } from "./browser/gatewright.js";
initSync({ module: readFileSync(new URL("./browser/gatewright_bg.wasm", import.meta.url)) });
const lines = readFileSync(0, "utf8").split("\n").slice(0, -1);
let answers = lines.map((message) => call(JSON.parse(message)) + "\n").join("");
for (let bytes = Buffer.from(answers); bytes.length > 0; ) bytes = bytes.subarray(writeSync(1, bytes));
"#;

/// A vector without its name and what it expects is a message; as texts, for some have a key twice.
fn reviews() -> impl Iterator<Item = String> {
    vectors::all().into_iter().map(|vector| {
        let parts: BTreeMap<&str, &RawValue> = serde_json::from_str(&vector.text).expect("a vector");
        let parts = parts.iter().filter(|(key, _)| !["name", "expect"].contains(key));
        let parts: Vec<String> = parts.map(|(key, value)| format!("{}:{value}", json!(key))).collect();
        format!("{{\"op\":\"review\",\"trace\":true,{}}}", parts.join(","))
    })
}

fn others() -> Vec<Value> {
    let mut messages =
        vec![json!({"op": "version"}), json!({"op": "explain"}), json!({"op": "none"}), json!(null)];
    for case in cases() {
        let text = fs::read_to_string(&case.values).expect("a case has values");
        let files = [json!({"name": "values.yaml", "text": text})];
        let release = json!({"name": "web", "namespace": "edge"});
        messages.push(json!({"op": "render", "files": files, "release": release}));
        messages.push(json!({"op": "plan", "files": files, "release": release, "picture": "svg"}));
        let rendered: Value =
            serde_json::from_str(&api::call(&messages[messages.len() - 2].to_string())).expect("it is JSON");
        let files = [json!({"name": "all.yaml", "text": rendered["ok"]["manifests"]})];
        messages.push(
            json!({"op": "check", "files": files, "status": true, "cluster": {"profile": "envoy-gateway"}}),
        );
        messages.push(
            json!({"op": "trace", "files": files, "request": {"host": "shop.example.com", "path": "/"}}),
        );
    }
    messages
}

#[test]
fn every_message_gets_the_native_answer_in_node() -> Result<()> {
    let folder = beside_the_module()?;
    let script = folder.write("answering.mjs", ANSWERING)?;
    let messages: Vec<String> = reviews().chain(others().iter().map(Value::to_string)).collect();
    assert!(messages.len() > 700, "{} messages", messages.len());
    let mut input = String::new();
    for message in &messages {
        input.push_str(&serde_json::to_string(message)?);
        input.push('\n');
    }
    let said = node(&script, &[], &input)?.succeeded()?;
    let answers: Vec<&str> = said.stdout.lines().collect();
    assert_eq!(answers.len(), messages.len());
    for (message, answer) in messages.iter().zip(answers) {
        assert_eq!(answer, api::call(message), "{message}");
    }
    Ok(())
}

#[test]
fn the_example_for_node_renders() -> Result<()> {
    let folder = beside_the_module()?;
    let script = folder.write("node.mjs", example_of("node.mjs")?)?;
    let said = node(&script, &[], "")?.succeeded()?;
    assert!(said.stdout.contains("kind: Service"), "{}", said.stdout);
    Ok(())
}

#[test]
fn the_example_for_a_page_renders() -> Result<()> {
    let folder = beside_the_module()?;
    folder.write("page.html", example_of("page.html")?)?;
    let elements = page(folder.path(), "page.html")?;
    assert!(elements.contains("kind: Service"), "{elements}");
    Ok(())
}

/// A page that hands its Worker a message for which there is an answer, and one for which there is none.
const PAGE_WITH_WORKER: &str = r#"<!doctype html>
<script type="module">
  const worker = new Worker("worker.js", { type: "module" });
  const answers = [];
  worker.onmessage = ({ data }) => answers.push(data);
  worker.postMessage({ id: 1, message: { op: "version" } });
  worker.postMessage({ id: 2 });
  // The page's time stands still while it fetches something, and passes without a Worker's doing.
  for (let times = 0; answers.length < 2 && times < 5000; times++) await fetch("page.html", { cache: "no-store" });
  document.body.innerText = JSON.stringify(answers);
</script>
"#;

#[test]
fn the_example_for_a_worker_answers_every_message() -> Result<()> {
    let folder = beside_the_module()?;
    folder.write("worker.js", example_of("worker.js")?)?;
    folder.write("page.html", PAGE_WITH_WORKER)?;
    let elements = page(folder.path(), "page.html")?;
    assert!(elements.contains("profiles") && elements.contains(r#""id":2,"answer":{"error""#), "{elements}");
    Ok(())
}

#[test]
fn the_example_for_rust_asks_the_policy() -> Result<()> {
    const PAYLOAD: &[u8] = br#"{"request": {"uid": "1", "operation": "CREATE", "namespace": "shop",
        "kind": {"group": "gateway.networking.k8s.io", "version": "v1", "kind": "HTTPRoute"},
        "object": {"apiVersion": "gateway.networking.k8s.io/v1", "kind": "HTTPRoute", "metadata": {"name": "web", "namespace": "shop"},
            "spec": {"parentRefs": [{"name": "public"}], "hostnames": ["shop.example.com"]}}},
        "settings": {"context": {"objects": []}}}"#;
    example_of("policy.rs")?;
    let module = modules()?.join("policy.wasm");
    let answer = example::validate(&module.display().to_string(), PAYLOAD)
        .map_err(|error| anyhow::anyhow!("{error}"))?;
    let answer: Value = serde_json::from_str(&answer)?;
    assert_eq!((&answer["accepted"], &answer["code"]), (&json!(false), &json!(403)), "{answer}");
    Ok(())
}

/// TypeScript takes what the documents promise of messages and answers, and refuses what is none.
#[test]
fn the_types_are_those_of_messages() -> Result<()> {
    let folder = beside_the_module()?;
    let check = |name: &str, text: &str| -> Result<bool> {
        let file = folder.write(name, text)?;
        Ok(typescript(&file)?.status.success())
    };
    let head = "import { call, type Answer, type Message, type Plan } from \"./browser/gatewright.js\";\n\
                const ask = <O extends Message[\"op\"]>(message: Extract<Message, { op: O }> & { op: O }): Answer<Extract<Message, { op: O }>> =>\n  \
                JSON.parse(call(JSON.stringify(message)));\n";
    let good = "const plan: Plan = { op: \"plan\", files: [{ name: \"a\", text: \"\" }], picture: \"svg\" };\n\
                const { ok, error } = ask(plan);\nif (error) throw new Error(error.hint);\nconst picture: string | null = ok.picture;\n\
                const review = ask({ op: \"review\", review: {} }).ok?.review.response.allowed;\n\
                const files = [{ name: \"a\", text: \"\" }] as const;\n\
                const traced = ask({ op: \"trace\", files, request: {} }).ok?.trace;\n\
                const lost: string | undefined = traced?.losers[0]?.lost;\nconst share: number | undefined = traced?.answer.backends[0]?.share;\n\
                const kinds = ask({ op: \"check\", files, status: true }).ok?.status?.routes.map(({ kind }) => kind);\n\
                console.log(lost, share, kinds);\n\
                export { picture, review };\n";
    assert!(check("good.ts", &format!("{head}{good}"))?);
    for (name, bad) in [
        ("key.ts", "ask({ op: \"check\", files: [], statsu: true });"),
        ("operation.ts", "ask({ op: \"paint\" });"),
        ("field.ts", "ask({ op: \"render\", files: [], colour: 1 } as const satisfies Message);"),
        ("setting.ts", "ask({ op: \"review\", review: {}, settings: { claims: \"maybe\" } });"),
        ("text.ts", "ask({ op: \"review\", review: \"{}\" });"),
        ("part.ts", "const { ok } = ask({ op: \"version\" }); if (ok) ok.manifests;"),
    ] {
        assert!(!check(name, &format!("{head}{bad}\nexport {{}};\n"))?, "{name} is taken");
    }
    Ok(())
}

/// What is answered has the types that are promised, and nothing beside them.
#[test]
fn answers_have_their_types() -> Result<()> {
    let folder = beside_the_module()?;
    let mut text = String::from("import type { Answer, Message } from \"./browser/gatewright.js\";\n");
    let messages: Vec<String> = reviews().chain(others().iter().map(Value::to_string)).collect();
    let mut operations = BTreeSet::new();
    for (number, message) in messages.iter().enumerate() {
        let message: Value = serde_json::from_str(message)?;
        let Some(operation) = message["op"].as_str().filter(|operation| *operation != "none") else {
            continue;
        };
        operations.insert(operation.to_owned());
        let answer = api::call(&message.to_string());
        writeln!(
            text,
            "export const a{number}: Answer<Extract<Message, {{ op: {operation:?} }}>> = {answer};"
        )?;
    }
    assert_eq!(operations.len(), 7, "{operations:?}");
    let said = typescript(&folder.write("answers.ts", &text)?)?;
    assert!(said.status.success(), "{}", said.stdout.lines().take(20).collect::<Vec<_>>().join("\n"));
    Ok(())
}

/// Helm's message in, Helm's answer out.
const RENDERING: &str = r#"
import { readFileSync } from "node:fs";
const { createPlugin } = await import(process.argv[2]);
const plugin = await createPlugin(process.argv[3], { useWasi: false });
try {
  console.log((await plugin.call("helm_plugin_main", readFileSync(0, "utf8"))).text());
} catch (error) {
  console.log(String(error.message));
} finally {
  await plugin.close();
}
"#;

#[test]
fn the_helm_module_renders_under_extism() -> Result<()> {
    let folder = Temporary::new("helm-module")?;
    let script = folder.write("rendering.mjs", RENDERING)?;
    let host = extism()?.join("dist/esm/mod.js");
    let module = modules()?.join("helm.wasm");
    let arguments = [host.as_path(), module.as_path()];
    let payload = json!({"schemaVersion": 1, "release": {"name": "web", "namespace": "edge", "revision": 1,
            "isInstall": true, "isUpgrade": false, "service": "Helm"},
        "values": {"externalServices": [{"name": "api", "port": 443, "endpoints": ["api.example.com"]}]},
        "chart": {"name": "gatewright", "version": "0.1.0", "appVersion": "0.1.0"},
        "capabilities": {"kubeVersion": "v1.34.0", "apiVersions": [], "helmVersion": "v4.2.4"}});
    let stream = format!(
        "---\napiVersion: render.gatewright.dev/v1alpha1\nkind: GatewayValues\nmetadata: {{name: web}}\npayload: '{payload}'\n"
    );
    let native = post_render(&stream, &PostRender::default());
    assert!(native.output.contains("kind: Service"), "{:?}", native.diagnostics);
    let said =
        node(&script, &arguments, &json!({"manifests": stream, "extraArgs": []}).to_string())?.succeeded()?;
    let answer: Value = serde_json::from_str(&said.stdout).with_context(|| said.stdout.clone())?;
    assert_eq!(answer["manifests"], native.output);
    let broken = node(&script, &arguments, "{\"manifests\":{},\"extraArgs\":[]}")?.succeeded()?;
    assert!(broken.stdout.contains("helm/helm#31832"), "{}", broken.stdout);
    Ok(())
}

#[test]
fn artefacts_are_those_that_the_checksums_name() -> Result<()> {
    let folder = modules()?;
    let sums = fs::read_to_string(folder.join("checksums.txt"))?;
    let names: Vec<&str> = sums.lines().filter_map(|line| Some(line.split_once("  ")?.1)).collect();
    for name in ["policy.wasm", "helm.wasm", "browser/gatewright_bg.wasm", "browser/gatewright.d.ts"] {
        assert!(names.contains(&name) && folder.join(name).is_file(), "{name}: {sums}");
    }
    assert!(names.iter().all(|name| folder.join(Path::new(name)).is_file()), "{sums}");
    Ok(())
}
