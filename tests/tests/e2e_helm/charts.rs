//! Our chart, broken versions of it, and a chart that has it twice.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::LazyLock;

use anyhow::{Context as _, Result, ensure};
use gatewright_tests::golden;
use gatewright_tests::peers::Temporary;

pub(crate) static CHART: LazyLock<String> =
    LazyLock::new(|| golden::root().join("chart").to_string_lossy().into_owned());

/// Our chart with one place of its template changed.
pub(crate) fn altered_chart(name: &str, old: &str, new: &str) -> Result<Temporary> {
    let folder = Temporary::new(name)?;
    copy_chart(folder.path())?;
    let template = folder.path().join("templates/carrier.yaml");
    let text = fs::read_to_string(&template)?;
    ensure!(
        text.matches(old).count() == 1,
        "{name}: {old} stands {} times in the template",
        text.matches(old).count()
    );
    fs::write(template, text.replace(old, new))?;
    Ok(folder)
}

/// What a packaged chart holds.
fn copy_chart(to: &Path) -> Result<()> {
    let from = golden::root().join("chart");
    fs::create_dir_all(to.join("templates"))?;
    for name in
        ["Chart.yaml", "values.yaml", "values.schema.json", "templates/carrier.yaml", "templates/NOTES.txt"]
    {
        fs::copy(from.join(name), to.join(name)).with_context(|| format!("copying {name}"))?;
    }
    Ok(())
}

/// A folder of plugins whose one post-renderer is a script.
pub(crate) fn plugin(name: &str, script: &str) -> Result<Temporary> {
    let folder = Temporary::new("plugins")?;
    fs::create_dir(folder.path().join(name))?;
    let path = folder.write(&format!("{name}/run.sh"), format!("#!/bin/sh\n{script}\n"))?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755))?;
    folder.write(
        &format!("{name}/plugin.yaml"),
        format!(
            "apiVersion: v1\ntype: postrenderer/v1\nname: {name}\nversion: 0.1.0\nruntime: subprocess\n\
             runtimeConfig:\n  platformCommand:\n    - command: ${{HELM_PLUGIN_DIR}}/run.sh\n"
        ),
    )?;
    Ok(folder)
}

/// A chart that has ours twice, under two aliases, and documents and hooks of its own.
pub(crate) struct ForeignChart {
    pub(crate) path: String,
    _folder: Temporary,
}

const CHART_YAML: &str = "\
apiVersion: v2
name: parent
version: 1.0.0
dependencies:
  - {name: gatewright, version: 0.1.0, alias: public}
  - {name: gatewright, version: 0.1.0, alias: inner}
";

const VALUES: &str = "\
global: {region: somewhere}
public:
  externalServices: {web: {port: 80, endpoints: [web.example.com]}}
  gateway: {name: public-gateway, className: eg, listeners: {http: {protocol: HTTP, port: 80}}}
inner:
  externalServices: {inner-web: {port: 80, endpoints: [192.0.2.1]}}
  gateway: {name: inner-gateway, className: istio, listeners: {http: {protocol: HTTP, port: 8080}}}
";

const PLAIN: &str = r#"# kept: a comment of the parent's
apiVersion: v1
kind: ConfigMap
metadata:
    name:   plain
data:
    quoted: 'single'   # beside a value
    yes: "no"
    octal: '0755'
    script: |
        #!/bin/sh
        --- not a separator
        echo "{{ .Release.Name }}"
---
# kept: the second document of a file
{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "json"}, "data": {"a": "b"}}
"#;

const HOOKS: &str = r#"apiVersion: v1
kind: ConfigMap
metadata:
  name: before
  annotations: {"helm.sh/hook": "pre-install,pre-upgrade", "helm.sh/hook-weight": "-5"}
data: {a: b}
---
apiVersion: v1
kind: Pod
metadata:
  name: check
  annotations:
    "helm.sh/hook": test
spec:
  restartPolicy: Never
  containers: [{name: check, image: "registry.example.com/check:1"}]
"#;

impl ForeignChart {
    pub(crate) fn new() -> Result<Self> {
        let folder = Temporary::new("parent")?;
        copy_chart(&folder.path().join("charts/gatewright"))?;
        fs::create_dir(folder.path().join("templates"))?;
        for (name, text) in [
            ("Chart.yaml", CHART_YAML),
            ("values.yaml", VALUES),
            ("templates/plain.yaml", PLAIN),
            ("templates/hooks.yaml", HOOKS),
        ] {
            folder.write(name, text)?;
        }
        let path = folder.path().to_str().context("UTF-8")?.to_owned();
        Ok(Self { path, _folder: folder })
    }
}
