//! `monitoring`: what Prometheus and Grafana are told about the release.

use super::read::metadata;
use super::sections::LABELS;
use super::shape::{Field, Object, Shape};
use super::{Metadata, text};
use crate::limits::NEARLY_FULL_PERCENT;
use crate::tree::Node;

/// Days before its end from which on a certificate is late: one of 90 days is renewed 30 days before.
///
/// Our own bound. Source of the renewal: cert-manager at 31f2e23, `pkg/util/pki/renewaltime.go`, two thirds of the
/// lifetime.
const CERTIFICATE_DAYS: i64 = 14;

/// Highest `listenersPercent`: the alert fires above it, and nothing is more than full.
const LISTENERS_PERCENT_MAX: i64 = 99;

/// `monitoring`.
pub(super) static MONITORING: Object = Object {
    name: "monitoring",
    doc: "Alerts for Prometheus and a dashboard for Grafana.",
    fields: &[
        Field::new(
            "enabled",
            Shape::Boolean,
            "whether PrometheusRules and the ConfigMap of a dashboard are rendered",
        )
        .default("false"),
        Field::new("namespace", Shape::Text(&text::DNS_LABEL), "their namespace; default the release's"),
        Field::new(
            "labels",
            Shape::Map(&LABELS),
            "labels of the PrometheusRules, by which a Prometheus picks its rules",
        ),
        Field::new(
            "listenersPercent",
            Shape::Integer(1, LISTENERS_PERCENT_MAX, ""),
            "alert where more of the listeners that a Gateway may have are taken",
        )
        .default("80"),
        Field::new(
            "certificateDays",
            Shape::Integer(1, 365, ""),
            "alert where a certificate ends within so many days",
        )
        .default("14"),
        Field::new("dashboard", Shape::Object(&DASHBOARD), "the dashboard"),
    ],
};

static DASHBOARD: Object = Object {
    name: "monitoring.dashboard",
    doc: "A ConfigMap with a dashboard, as the sidecar of Grafana's chart collects them.",
    fields: &[
        Field::new("enabled", Shape::Boolean, "whether it is rendered").default("true"),
        Field::new(
            "labels",
            Shape::Map(&LABELS),
            "labels by which Grafana's sidecar finds it; default `grafana_dashboard: \"1\"`",
        ),
    ],
};

/// `monitoring`, enabled.
#[derive(Debug)]
pub struct Monitoring<'v> {
    /// Namespace of its objects, if it names one.
    pub namespace: Option<&'v str>,
    /// Labels of the rules.
    pub rules: Metadata<'v>,
    /// `listenersPercent`.
    pub listeners_percent: i64,
    /// `certificateDays`.
    pub certificate_days: i64,
    /// Labels of the dashboard, if it is wanted.
    pub dashboard: Option<Metadata<'v>>,
}

/// Reads the section; `None` where it is not enabled.
pub(super) fn monitoring<'v>(node: Option<&'v Node<'v>>) -> Option<Monitoring<'v>> {
    let enabled = |node: &Node<'_>, default| node.get("enabled").and_then(Node::as_bool).unwrap_or(default);
    let labels = |node: &'v Node<'v>| Metadata { labels: metadata(node).labels, ..Metadata::default() };
    let node = node.filter(|node| enabled(node, false))?;
    let integer = |key: &str, default| node.get(key).and_then(Node::as_integer).unwrap_or(default);
    let dashboard = match node.get("dashboard") {
        Some(dashboard) if !enabled(dashboard, true) => None,
        written => Some(written.map(labels).unwrap_or_default()),
    };
    Some(Monitoring {
        namespace: node.get("namespace").and_then(Node::as_text),
        rules: labels(node),
        listeners_percent: integer("listenersPercent", NEARLY_FULL_PERCENT.into()),
        certificate_days: integer("certificateDays", CERTIFICATE_DAYS),
        dashboard,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::LISTENERS_MAX;

    /// The tables have texts, from which the reference and the schema are made.
    #[test]
    fn defaults_are_those_of_the_reference() {
        let default = |name: &str| {
            let mut fields = MONITORING.fields.iter();
            fields.find(|field| field.name == name).map(|field| field.default.to_owned())
        };
        assert_eq!(default("listenersPercent"), Some(NEARLY_FULL_PERCENT.to_string()));
        assert_eq!(default("certificateDays"), Some(CERTIFICATE_DAYS.to_string()));
    }

    /// The bound of the alert is a number of listeners, rounded down.
    #[test]
    fn an_alert_at_the_highest_percentage_fires_where_all_listeners_are_taken() {
        let all = i64::try_from(LISTENERS_MAX).expect("a small number");
        assert!(all * LISTENERS_PERCENT_MAX / 100 < all);
    }
}
