//! A dashboard of Grafana in a ConfigMap, where the sidecar of its chart finds it.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};

use super::object::{Head, Writer};
use crate::plan::{Bound, Monitoring, Panel};
use crate::release::Kind;

/// The label by which the sidecar finds dashboards.
///
/// Source: Grafana's Helm chart, `sidecar.dashboards.label` and `labelValue`, as kube-prometheus-stack sets them.
const FOUND_BY: (&str, &str) = ("grafana_dashboard", "1");

/// The form of the JSON; Grafana brings an older one to its own.
///
/// Source: Grafana at 01e3d94, `public/app/features/dashboard/state/DashboardMigrator.ts`, `DASHBOARD_SCHEMA_VERSION`.
const SCHEMA_VERSION: u8 = 39;

/// Most characters of a dashboard's own id; Grafana refuses a longer one.
///
/// Source: Grafana at 07c364c, `pkg/util/shortid_generator.go`, `IsShortUIDTooLong`.
const UID_MAX: usize = 40;

/// Grafana's grid has 24 columns; two panels stand side by side.
const WIDTH: usize = 12;
const HEIGHT: usize = 8;

#[derive(Serialize)]
struct Files<'a> {
    data: BTreeMap<&'a str, String>,
}

/// Writes the ConfigMap, if it is wanted.
pub(super) fn dashboard(writer: &mut Writer<'_>, monitoring: &Monitoring<'_>) {
    let Some(given) = monitoring.dashboard else { return };
    let head = Head {
        kind: Kind::ConfigMap,
        name: &monitoring.name,
        namespace: monitoring.namespace,
        component: "monitoring",
        given,
        labels: if given.labels.is_some() { &[] } else { &[FOUND_BY] },
        origin: &monitoring.path,
    };
    let file = format!("{}.json", monitoring.name);
    let text = serde_json::to_string_pretty(&content(monitoring)).expect("JSON has text keys alone");
    writer.bare(&head, Files { data: BTreeMap::from([(file.as_str(), text)]) });
}

fn content(monitoring: &Monitoring<'_>) -> Value {
    let panels: Vec<Value> =
        monitoring.panels.iter().enumerate().map(|(index, item)| panel(index, item)).collect();
    json!({
        "uid": uid(&monitoring.name),
        "title": format!("Gateways: {}", monitoring.name),
        "tags": ["gateway-api"],
        "schemaVersion": SCHEMA_VERSION,
        "time": {"from": "now-6h", "to": "now"},
        "templating": {"list": [{"name": "datasource", "type": "datasource", "query": "prometheus"}]},
        "panels": panels,
    })
}

fn panel(index: usize, panel: &Panel) -> Value {
    let Panel { title, expression, legend, unit, bound } = panel;
    let source = json!({"type": "prometheus", "uid": "${datasource}"});
    let (below, above, value) = match bound {
        Bound::Above(value) => ("text", "red", value),
        Bound::Below(value) => ("red", "text", value),
    };
    let steps = json!([{"color": below, "value": null}, {"color": above, "value": value}]);
    json!({
        "id": index + 1,
        "type": "timeseries",
        "title": title,
        "datasource": source,
        "gridPos": {"x": index % 2 * WIDTH, "y": index / 2 * HEIGHT, "w": WIDTH, "h": HEIGHT},
        "targets": [{"refId": "A", "datasource": source, "expr": expression, "legendFormat": legend}],
        "fieldConfig": {"defaults": {
            "unit": unit,
            "min": 0,
            "thresholds": {"mode": "absolute", "steps": steps},
            "custom": {"thresholdsStyle": {"mode": "line"}},
        }, "overrides": []},
    })
}

/// A dashboard's own id: its name, or a hash of one that is too long.
fn uid(name: &str) -> String {
    if name.len() <= UID_MAX {
        name.to_owned()
    } else {
        format!("gateways-{:016x}", crate::hash::fnv1a(name.bytes()))
    }
}
