//! Both Helms with our post-renderer, against a real API server: what docs/helm.md promises.

#![allow(clippy::disallowed_methods, reason = "tests read and write files")]
#![allow(clippy::print_stdout, reason = "the counts tell whether a pass means anything")]

#[path = "e2e_helm/charts.rs"]
mod charts;
#[path = "e2e_helm/release.rs"]
mod release;

use std::collections::{BTreeMap, BTreeSet};
use std::process::{Command, Stdio};
use std::{fs, io};

use anyhow::{Context as _, Result, ensure};
use gatewright_tests::golden::{self, documents};
use gatewright_tests::peers::{Temporary, gatewright};
use serde_json::{Value, json};

use charts::{CHART, ForeignChart, altered_chart, plugin};
use release::{API, Release, helms, key};

/// Install, upgrade to one entry less, rollback and uninstall of every example with both Helms.
#[test]
fn follows_every_example_through_its_life() -> Result<()> {
    let (mut operations, mut objects) = (0, 0);
    let mut examples = golden::names_in(&golden::root().join("chart/examples"));
    examples.sort();
    for helm in helms()? {
        for example in &examples {
            let name = example.trim_end_matches(".yaml");
            let mut release = Release::new(&helm, name)?;
            let lesser = golden::root().join("chart/examples").join(example);
            let more = release.folder.write("more.yaml", with_one_more(&fs::read_to_string(&lesser)?)?)?;
            let (lesser, more) = (lesser.to_str().context("UTF-8")?, more.to_str().context("UTF-8")?);

            release.make_tenants(&manifests(&release, more)?)?;
            let of_lesser = release.template(&CHART, &["-f", lesser])?;
            let of_more = release.template(&CHART, &["-f", more])?;
            ensure!(of_lesser.is_subset(&of_more) && of_more.len() > of_lesser.len(), "{name}: nothing more");
            assert_eq!(of_lesser, rendered(&release, lesser)?, "{name}: Helm and `gatewright render` differ");

            release.run("install", &CHART, &["-f", more])?.succeeded()?;
            let installed = release.live()?;
            assert_eq!(keys(&installed), of_more, "{name}: installed");

            release.run("upgrade", &CHART, &["-f", lesser])?.succeeded()?;
            let upgraded = release.live()?;
            assert_eq!(keys(&upgraded), of_lesser, "{name}: what left the values left the cluster");
            for (key, (uid, _)) in &upgraded {
                assert_eq!(*uid, installed[key].0, "{name}: {key} was made anew");
            }

            release.helm(&["rollback", &release.name, "1"])?.succeeded()?;
            assert_eq!(keys(&release.live()?), of_more, "{name}: it came back, without the renderer");

            release.helm(&["uninstall", &release.name])?.succeeded()?;
            assert_eq!(release.live()?, BTreeMap::new(), "{name}: nothing stays");
            operations += 6;
            objects += of_more.len();
        }
    }
    println!(
        "{operations} operations of two Helms on {} examples, {objects} objects installed",
        examples.len()
    );
    Ok(())
}

/// The commands that the chart's notes give.
#[test]
fn the_notes_name_commands_that_work() -> Result<()> {
    for helm in helms()? {
        let release = Release::new(&helm, "notes")?;
        let said = release.run("install", &CHART, &["-f", &example("https-with-tls")])?.succeeded()?.stdout;
        let notes = said.split_once("NOTES:\n").context("the notes are shown")?.1;
        let commands: Vec<&str> =
            notes.lines().filter_map(|line| line.strip_prefix("  ")).map(str::trim).collect();
        assert_eq!(commands.len(), 4, "{notes}");

        let manifest = release.helm(&["get", "manifest", &release.name])?.succeeded()?.stdout;
        assert_eq!(
            commands[0],
            format!("helm get manifest {0} -n {1} | kubectl get -f -", release.name, release.namespace)
        );
        API.kubectl_with(&manifest, &["get", "-f", "-"])?.succeeded()?;
        for words in &commands[1..3] {
            let words: Vec<&str> = words.split(' ').skip(1).collect();
            API.kubectl(&words)?.succeeded()?;
        }
        let values =
            release.helm(&["get", "values", &release.name, "--all", "-o", "yaml"])?.succeeded()?.stdout;
        let (_, words) = commands[3].split_once("| gatewright ").context("a pipe into gatewright")?;
        let (code, plan) = pipe(&values, &words.split(' ').collect::<Vec<_>>())?;
        assert_eq!(code, Some(0), "{plan}");
        assert!(plan.contains("secure-api"), "{plan}");
        release.helm(&["uninstall", &release.name])?.succeeded()?;
    }
    Ok(())
}

#[test]
fn without_the_renderer_nothing_changes() -> Result<()> {
    for helm in helms()? {
        let release = Release::new(&helm, "forgotten")?;
        let values = example("default-values");
        let refusal = release.helm(&["install", &release.name, CHART.as_str(), "-f", &values])?;
        assert!(
            !refusal.status.success() && refusal.stderr.contains("no matches for kind \"GatewayValues\""),
            "{refusal:?}"
        );
        assert_eq!(release.live()?, BTreeMap::new());

        release.run("install", &CHART, &["-f", &values])?.succeeded()?;
        let before = release.live()?;
        let refusal =
            release.helm(&["upgrade", &release.name, CHART.as_str(), "-f", &example("simple-http")])?;
        assert!(
            !refusal.status.success() && refusal.stderr.contains("no matches for kind \"GatewayValues\""),
            "{refusal:?}"
        );
        assert_eq!(release.live()?, before);
        assert_eq!(release.deployed_revision()?, 1);
        release
            .run("upgrade", &CHART, &["-f", &values])?
            .succeeded()
            .context("the release can still be upgraded")?;
        release.helm(&["uninstall", &release.name])?.succeeded()?;
    }
    Ok(())
}

/// A carrier that is not whole, or for another gatewright, never becomes an empty release.
#[test]
fn a_broken_carrier_changes_nothing() -> Result<()> {
    let whole = "| mustToJson | quote }}";
    let faults = [
        ("payload-null", "payload: {{ dict", "payload: null # {{ dict", "carrier-payload"),
        ("payload-gone", "payload: {{ dict", "other: {{ dict", "carrier-payload"),
        ("payload-empty", whole, "| mustToJson | trunc 0 | quote }}", "carrier-payload"),
        ("payload-cut", whole, "| mustToJson | trunc 300 | quote }}", "carrier-payload"),
        ("payload-map", whole, "| mustToJson }}", "carrier-payload"),
        ("values-null", "\"values\" .Values", "\"values\" nil", "carrier-payload"),
        ("values-list", "\"values\" .Values", "\"values\" list", "carrier-payload"),
        ("schema-version", "\"schemaVersion\" 1", "\"schemaVersion\" 2", "carrier-schema-version"),
        ("schema-gone", "\"schemaVersion\" 1", "\"other\" 1", "carrier-"),
        (
            "api-version",
            "render.gatewright.dev/v1alpha1",
            "render.gatewright.dev/v2",
            "carrier-schema-version",
        ),
    ];
    let mut upgrades = 0;
    for helm in helms()? {
        let release = Release::new(&helm, "broken")?;
        let values = example("default-values");
        release.run("install", &CHART, &["-f", &values])?.succeeded()?;
        let before = release.live()?;
        for (name, old, new, code) in faults {
            let chart = altered_chart(name, old, new)?;
            let path = chart.path().to_str().context("UTF-8")?.to_owned();
            let report = release.folder.path().join(format!("{name}.txt"));
            let refusal = release.reporting("upgrade", &path, &["-f", &values], &report)?;
            assert_eq!(refusal.status.code(), Some(1), "{name}: {refusal:?}");
            let report = fs::read_to_string(&report)?;
            assert!(report.contains(&format!("error[{code}")), "{name}: {report}");
            if helm.version == 3 {
                assert!(refusal.stderr.contains(&format!("error[{code}")), "{name}: {}", refusal.stderr);
            }
            assert_eq!(release.live()?, before, "{name}");

            let stream =
                release.helm(&["template", &release.name, &path, "-f", &values])?.succeeded()?.stdout;
            assert_eq!(pipe(&stream, &[])?, (Some(1), String::new()), "{name}: through a pipe");
            upgrades += 1;
        }
        // A stream that ends early, or that lost its carrier, from a renderer before ours.
        for (name, script) in [
            ("cut", "head -c 400 | \"$GATEWRIGHT\""),
            ("emptied", "cat >/dev/null; \"$GATEWRIGHT\" </dev/null"),
            ("without", "sed 's/^kind: GatewayValues$/kind: ConfigMap/' | \"$GATEWRIGHT\""),
        ] {
            let refusal = release.through(name, script, "upgrade", &CHART, &["-f", &values])?;
            assert!(!refusal.status.success(), "{name}: {refusal:?}");
            assert_eq!(release.live()?, before, "{name}");
            upgrades += 1;
        }
        // Values that Helm and its schema take, and that cannot work.
        let unknown = r#"routes=[{"name":"a","gateway":"nowhere","hostnames":["a.example.com"],"rules":[{"backendRefs":[{"name":"api-service"}]}]}]"#;
        let report = release.folder.path().join("values.txt");
        let refusal =
            release.reporting("upgrade", &CHART, &["-f", &values, "--set-json", unknown], &report)?;
        assert_eq!(refusal.status.code(), Some(1), "{refusal:?}");
        assert!(fs::read_to_string(&report)?.contains("error[unknown-gateway]"));
        assert_eq!(release.live()?, before);
        upgrades += 1;
        assert_eq!(release.deployed_revision()?, 1);
        release.helm(&["uninstall", &release.name])?.succeeded()?;
    }
    println!("{upgrades} upgrades refused, nothing changed");
    Ok(())
}

/// Two aliases of the chart in another chart, beside its own documents and hooks.
#[test]
fn renders_each_alias_and_touches_nothing_else() -> Result<()> {
    let parent = ForeignChart::new()?;
    for helm in helms()? {
        let release = Release::new(&helm, "parent")?;
        let ours = release.run("template", &parent.path, &[])?.succeeded()?.stdout;
        let passed = release.through("pass", "cat", "template", &parent.path, &[])?.succeeded()?.stdout;
        let foreign = |text: &str| -> BTreeSet<String> {
            documents(text)
                .filter(|document| !document.contains("templates/carrier.yaml\n"))
                .map(str::to_owned)
                .collect()
        };
        assert_eq!(foreign(&ours), foreign(&passed), "Helm {}: the parent's documents", helm.version);
        assert_eq!(foreign(&ours).len(), 4, "{ours}");
        assert!(ours.contains("# kept: a comment of the parent's\n"), "{ours}");
        assert!(!ours.contains("GatewayValues"), "{ours}");
        assert!(!ours.contains("postrenderer.helm.sh"), "{ours}");

        for (alias, gateway, other) in
            [("public", "public-gateway", "inner-gateway"), ("inner", "inner-gateway", "public-gateway")]
        {
            let file = format!("charts/{alias}/templates/carrier.yaml");
            let shown = release.run("template", &parent.path, &["--show-only", &file])?.succeeded()?.stdout;
            assert!(shown.contains(&format!("name: {gateway}\n")) && !shown.contains(other), "{shown}");
            for document in documents(&shown) {
                assert!(document.starts_with(&format!("# Source: parent/{file}\n")), "{document}");
            }
        }

        release.run("install", &parent.path, &[])?.succeeded()?;
        let live = keys(&release.live()?);
        for wanted in [
            "Gateway/public-gateway",
            "Gateway/inner-gateway",
            "Backend/web",
            "Service/inner-web",
            "ConfigMap/plain",
            "ConfigMap/before",
        ] {
            assert!(live.contains(wanted), "{wanted} is not among {live:?}");
        }
        let hooks = release.helm(&["get", "hooks", &release.name])?.succeeded()?.stdout;
        assert_eq!(documents(&hooks).count(), 2, "{hooks}");
        assert!(hooks.contains("kind: Pod") && !hooks.contains("kind: Gateway"), "{hooks}");
        let manifest = release.helm(&["get", "manifest", &release.name])?.succeeded()?.stdout;
        assert!(!manifest.contains("helm.sh/hook") && manifest.contains("kind: Gateway"), "{manifest}");
        release.helm(&["uninstall", &release.name])?.succeeded()?;
        // Helm never deletes what a hook without a delete policy made.
        assert_eq!(keys(&release.live()?), BTreeSet::from(["ConfigMap/before".to_owned()]));

        // The same objects twice.
        let twice = json!({"public": {"gateway": {"name": "inner-gateway"}}}).to_string();
        let file = release.folder.write("twice.json", twice)?;
        let report = release.folder.path().join("twice.txt");
        let refusal =
            release.reporting("template", &parent.path, &["-f", file.to_str().context("UTF-8")?], &report)?;
        assert!(!refusal.status.success());
        assert!(fs::read_to_string(report)?.contains("error[duplicate-object]"));
    }
    Ok(())
}

#[test]
fn each_document_says_where_it_is_from() -> Result<()> {
    for helm in helms()? {
        let release = Release::new(&helm, "source")?;
        let values = example("default-values");
        let all = release.run("template", &CHART, &["-f", &values])?.succeeded()?.stdout;
        let count = documents(&all).count();
        assert!(
            documents(&all)
                .all(|document| document.starts_with("# Source: gatewright/templates/carrier.yaml\n")),
            "{all}"
        );
        let shown = release
            .run("template", &CHART, &["-f", &values, "--show-only", "templates/carrier.yaml"])?
            .succeeded()?
            .stdout;
        assert_eq!(documents(&shown).count(), count);
        let piped =
            release.helm(&["template", &release.name, CHART.as_str(), "-f", &values])?.succeeded()?.stdout;
        let (code, piped) = pipe(&piped, &[])?;
        assert_eq!(code, Some(0));
        if helm.version == 3 {
            assert_eq!(piped, all, "a pipe is a post-render");
        }
        assert_eq!(
            documents(&piped)
                .map(|document| key(document, &release.namespace))
                .collect::<Result<BTreeSet<_>>>()?,
            release.template(&CHART, &["-f", &values])?
        );
        // A cluster takes what is shown as it is.
        assert_eq!(API.apply_dry_run(&all)?, "");
        println!("Helm {}: {count} documents with their source", helm.version);
    }
    Ok(())
}

/// Helm 3 writes what was not rendered and hands us nothing: an error. Helm 4 writes what was.
#[test]
fn writes_a_folder_or_refuses_to() -> Result<()> {
    for helm in helms()? {
        let release = Release::new(&helm, "folder")?;
        let out = release.folder.path().join("out");
        let words = ["-f", &example("default-values"), "--output-dir", out.to_str().context("UTF-8")?];
        let said = release.run("template", &CHART, &words)?;
        let file = out.join("gatewright/templates/carrier.yaml");
        if helm.version == 3 {
            assert!(!said.status.success() && said.stderr.contains("error[stream-empty]"), "{said:?}");
        } else {
            said.succeeded()?;
            let text = fs::read_to_string(file)?;
            assert!(text.contains("kind: Gateway\n") && !text.contains("GatewayValues"), "{text}");
        }
    }
    Ok(())
}

/// Helm shows nothing of what a renderer says when it succeeds; the report file does.
#[test]
fn the_report_is_written() -> Result<()> {
    for helm in helms()? {
        let release = Release::new(&helm, "report")?;
        let values = example("default-values");
        let report = release.folder.path().join("report.txt");
        let said = release.reporting("template", &CHART, &["-f", &values], &report)?.succeeded()?;
        assert_eq!(said.stderr, "", "Helm hides it");
        let by_environment = fs::read_to_string(&report)?;
        assert!(by_environment.contains("warning["), "{by_environment}");

        let report = release.folder.path().join("report.json");
        let file = format!("--report={}", report.to_str().context("UTF-8")?);
        let words = ["-f", &values, "--post-renderer-args", &file, "--post-renderer-args", "--format=json"];
        release.run("template", &CHART, &words)?.succeeded()?;
        let parsed: Value = serde_json::from_str(&fs::read_to_string(report)?)?;
        assert!(parsed["summary"]["warnings"].as_u64() > Some(0), "{parsed}");
    }
    Ok(())
}

/// A release that Helm 3 installed goes on with Helm 4.
#[test]
fn a_release_moves_from_helm_3_to_4() -> Result<()> {
    let [three, four] = helms()?;
    let old = Release::new(&three, "moving")?;
    let new = old.under(&four)?;
    old.run("install", &CHART, &["-f", &example("multi-service-path-routing")])?.succeeded()?;
    let before = old.live()?;
    new.run("upgrade", &CHART, &["-f", &example("weighted-load-balancing")])?.succeeded()?;
    assert_eq!(keys(&new.live()?), new.template(&CHART, &["-f", &example("weighted-load-balancing")])?);
    new.helm(&["rollback", &new.name, "1"])?.succeeded()?;
    assert_eq!(keys(&new.live()?), keys(&before));
    old.run("upgrade", &CHART, &["-f", &example("weighted-load-balancing")])?
        .succeeded()
        .context("and back again")?;
    new.helm(&["uninstall", &new.name])?.succeeded()?;
    assert_eq!(old.live()?, BTreeMap::new());
    Ok(())
}

fn example(name: &str) -> String {
    golden::root().join("chart/examples").join(format!("{name}.yaml")).to_string_lossy().into_owned()
}

/// An example with one service, organization or cluster more, a route where it writes routes, and a listener where
/// it writes those.
fn with_one_more(example: &str) -> Result<String> {
    let mut values: Value = serde_yaml::from_str(example)?;
    let push = |list: &mut Value, item: Value| list.as_array_mut().map(|items| items.push(item));
    let extra = [
        ("externalServices", json!({"name": "extra", "port": 80, "endpoints": ["extra.example.org"]})),
        ("organizations", json!({"name": "extra", "services": [{"name": "web", "port": 80}]})),
        ("tenantClusters", json!({"name": "extra", "namespace": "extra", "addresses": ["198.51.100.9"]})),
    ];
    let pushed = extra.into_iter().filter_map(|(section, item)| push(&mut values[section], item)).count();
    ensure!(pushed > 0, "nothing of the example is a list");
    if values["routes"].is_array() {
        let rule = json!({"backendRefs": [{"name": "extra", "port": 80}]});
        push(
            &mut values["routes"],
            json!({"name": "extra-route", "hostnames": ["extra.example.com"], "rules": [rule]}),
        );
    }
    if values["externalServices"].is_array() && values["gateway"]["listeners"].is_array() {
        push(&mut values["gateway"]["listeners"], json!({"name": "extra", "protocol": "HTTP", "port": 8088}));
    }
    Ok(values.to_string())
}

/// What `gatewright render` makes of values for a release: kinds and names.
fn rendered(release: &Release<'_>, values: &str) -> Result<BTreeSet<String>> {
    documents(&manifests(release, values)?).map(|document| key(document, &release.namespace)).collect()
}

fn manifests(release: &Release<'_>, values: &str) -> Result<String> {
    let words = ["render", "-f", values, "-n", &release.namespace, "--name", &release.name];
    let output = Command::new(gatewright()?).args(words).output()?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?)
}

fn keys(live: &BTreeMap<String, (String, String)>) -> BTreeSet<String> {
    live.keys().cloned().collect()
}

/// Runs the binary as a filter: its exit code and stdout.
fn pipe(stream: &str, words: &[&str]) -> Result<(Option<i32>, String)> {
    let folder = Temporary::new("pipe")?;
    let file = fs::File::open(folder.write("stream", stream)?)?;
    let output = Command::new(gatewright()?).args(words).stdin(file).stderr(Stdio::null()).output()?;
    Ok((output.status.code(), String::from_utf8(output.stdout).map_err(io::Error::other)?))
}
