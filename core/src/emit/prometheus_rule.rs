//! The Prometheus Operator's PrometheusRule (`monitoring.coreos.com/v1`, v0.85.0).

use std::collections::BTreeMap;

use serde::Serialize;

use super::object::{Head, Writer};
use crate::plan::{Alert, Certificates, Monitoring, RECORDED};
use crate::release::Kind;

#[derive(Serialize)]
struct Spec<'a> {
    groups: [Group<'a>; 1],
}

#[derive(Serialize)]
struct Group<'a> {
    name: &'a str,
    rules: Vec<Rule<'a>>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Rule<'a> {
    Alert {
        alert: &'a str,
        expr: &'a str,
        #[serde(rename = "for")]
        hold: &'a str,
        labels: BTreeMap<&'a str, &'a str>,
        annotations: BTreeMap<&'a str, &'a str>,
    },
    Record {
        record: &'a str,
        expr: &'a str,
        labels: BTreeMap<&'a str, &'a str>,
    },
}

/// Writes the alerts, and for each organization the rule that records its certificates: one object each, so
/// that one more organization changes none of the others.
pub(super) fn prometheus_rules(writer: &mut Writer<'_>, monitoring: &Monitoring<'_>) {
    let Monitoring { name, alerts, certificates, .. } = monitoring;
    let owned = certificates.iter().filter(|certificates| certificates.organization.is_some());
    let unowned = certificates.iter().filter(|certificates| certificates.organization.is_none());
    let rules = unowned.map(|certificates| record(name, certificates)).chain(alerts.iter().map(alert));
    rule(writer, monitoring, name, rules.collect());
    for certificates in owned {
        let organization = certificates.organization.unwrap_or_default();
        rule(writer, monitoring, &format!("{name}-{organization}"), vec![record(name, certificates)]);
    }
}

fn rule(writer: &mut Writer<'_>, monitoring: &Monitoring<'_>, name: &str, rules: Vec<Rule<'_>>) {
    let head = Head {
        kind: Kind::PrometheusRule,
        name,
        namespace: monitoring.namespace,
        component: "monitoring",
        given: monitoring.rules,
        labels: &[],
        origin: &monitoring.path,
    };
    writer.object(&head, Spec { groups: [Group { name, rules }] });
}

fn alert(alert: &Alert) -> Rule<'_> {
    let Alert { name, controller, expression, hold, summary, description } = alert;
    let mut labels = BTreeMap::from([("severity", "warning")]);
    labels.extend(controller.map(|controller| ("controller", controller)));
    Rule::Alert {
        alert: name,
        expr: expression,
        hold,
        labels,
        annotations: BTreeMap::from([("summary", summary.as_str()), ("description", description.as_str())]),
    }
}

fn record<'a>(name: &'a str, certificates: &'a Certificates<'_>) -> Rule<'a> {
    let Certificates { organization, expression } = certificates;
    let mut labels = BTreeMap::from([("rules", name)]);
    labels.extend(organization.map(|organization| ("organization", organization)));
    Rule::Record { record: RECORDED, expr: expression, labels }
}
