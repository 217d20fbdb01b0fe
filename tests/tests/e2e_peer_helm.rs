//! Both Helms install through the post-renderer, seeing nothing but what the test gives them.

use std::path::Path;

use anyhow::Result;
use gatewright_tests::peers::{ApiServer, Helm, Temporary};

const CHART: &str = "apiVersion: v2\nname: plain\nversion: 1.0.0\n";
const TEMPLATE: &str =
    "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}\ndata:\n  by: helm\n";

/// The chart has no carrier, which the renderer takes only when it is told to.
fn install(helm: &Helm, chart: &Path, release: &str) -> Result<()> {
    let chart = chart.to_str().expect("the temporary folder's path is UTF-8");
    let words = ["install", release, chart, "--post-renderer", "gatewright"];
    helm.run(&[&words[..], &["--post-renderer-args", "--allow-missing-carrier"]].concat())?.succeeded()?;
    Ok(())
}

#[test]
fn both_install_through_the_post_renderer() -> Result<()> {
    let api = ApiServer::start(&[])?;
    let chart = Temporary::new("chart")?;
    chart.write("Chart.yaml", CHART)?;
    std::fs::create_dir(chart.path().join("templates"))?;
    chart.write("templates/map.yaml", TEMPLATE)?;

    for helm in [Helm::v3()?, Helm::v4()?] {
        let helm = helm.with_kubeconfig(&api.kubeconfig);
        let said = helm.run(&["version", "--template", "{{.Version}}"])?.succeeded()?.stdout;
        assert!(said.starts_with(&format!("v{}.", helm.version)), "{said}");

        let release = format!("by-helm-{}", helm.version);
        install(&helm, chart.path(), &release)?;
        let map = api.get(&["--namespace", "default", &format!("configmap/{release}")])?;
        assert_eq!(map["data"]["by"], "helm");
    }

    let plugins = Helm::v4()?.run(&["plugin", "list"])?.succeeded()?.stdout;
    assert_eq!(plugins.lines().count(), 2, "a heading and our plugin: {plugins}");
    assert!(plugins.contains("gatewright"), "{plugins}");
    Ok(())
}
