//! The questions that alerts and panels ask, in PromQL.
//!
//! Names in them are those of Kubernetes objects: letters, digits, hyphens and dots, of which only the dot means
//! something else in a regular expression.

use std::collections::BTreeMap;

use crate::profile::metrics::{Pods, Spread, UpdateTime};

/// The series under which the ends of certificates are recorded, with the labels `organization` and `rules`.
pub(super) const RECORDED: &str = "gatewright:certificate_expiration_timestamp_seconds";

/// One series a listener of a Gateway.
///
/// Source: Gateway API State Metrics at 5062849, METRICS.md; kube-state-metrics gives its series.
const LISTENER: &str = "gatewayapi_gateway_listener_info";

/// When a certificate ends, and 0 before it is first issued.
///
/// Source: cert-manager v1.21.2, `internal/collectors/certificate_collector.go`.
const CERTIFICATE: &str = "certmanager_certificate_expiration_timestamp_seconds";

/// How often a container was restarted.
///
/// Source: kube-state-metrics at 04ee634, `docs/metrics/workload/pod-metrics.md`: stable.
const RESTARTS: &str = "kube_pod_container_status_restarts_total";

/// Of a hundred updates so many are faster than the one that is told; our own choice.
///
/// A metric that reports its quantiles itself must have this one, as Contour's has (1.33.8,
/// `internal/metrics/metrics.go`).
pub(super) const PERCENTILE: u8 = 99;

/// For how long a restart is told, in minutes: our own choice.
pub(super) const RESTART_MINUTES: u8 = 15;

/// To how many characters Envoy Gateway cuts namespace and name of a Gateway in the name of its pods.
///
/// Source: Envoy Gateway 1.9.0, `internal/infrastructure/kubernetes/proxy/resource.go`.
const ENVOY_GATEWAY_NAME: usize = 48;

/// What the names of a Gateway's pods are made of.
pub(super) struct Pod<'a> {
    pub(super) names: Pods,
    pub(super) namespace: &'a str,
    pub(super) gateway: &'a str,
    pub(super) class: &'a str,
}

/// How many listeners each Gateway has, by `namespace` and `name`.
pub(super) fn listeners<'a>(gateways: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let each = by_namespace(gateways).into_iter().map(|(namespace, names)| {
        let matchers = [equal("namespace", namespace), one_of("name", &names)];
        series(LISTENER, &matchers)
    });
    format!("count by (namespace, name) ({})", any(each))
}

/// When certificates end.
///
/// The namespace of a Certificate is in `exported_namespace` where Prometheus puts that of cert-manager's own pod
/// into `namespace`, which `honorLabels: false` in its chart does.
pub(super) fn ends_of_certificates<'a>(certificates: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    any(by_namespace(certificates.into_iter()).into_iter().flat_map(|(namespace, names)| {
        let names = one_of("name", &names);
        if namespace.is_empty() {
            return vec![series(CERTIFICATE, &[names])];
        }
        let exported = equal("exported_namespace", namespace);
        let own = [r#"exported_namespace="""#.to_owned(), equal("namespace", namespace), names.clone()];
        vec![series(CERTIFICATE, &[exported, names]), series(CERTIFICATE, &own)]
    }))
}

/// How long certificates recorded by these rules are still good.
pub(super) fn seconds_left(rules: &str) -> String {
    format!("{} - time()", series(RECORDED, &[equal("rules", rules)]))
}

/// Within how many seconds [`PERCENTILE`] of a hundred updates are done.
pub(super) fn update_seconds(metric: UpdateTime) -> String {
    let UpdateTime { metric, series: matchers, spread, per_second, what: _ } = metric;
    let matchers = (!matchers.is_empty()).then(|| matchers.to_owned());
    let quantile = format!("0.{PERCENTILE}");
    let time = match spread {
        Spread::Histogram => {
            let buckets = series(&format!("{metric}_bucket"), matchers.as_slice());
            format!("histogram_quantile({quantile}, sum by (le) (rate({buckets}[5m])))")
        }
        Spread::Summary => {
            let matchers: Vec<_> = matchers.into_iter().chain([equal("quantile", &quantile)]).collect();
            format!("max({})", series(metric, &matchers))
        }
    };
    if per_second == 1 { time } else { format!("{time} / {per_second}") }
}

/// How often each container of the Gateways' pods was restarted of late; `None` without Gateways.
pub(super) fn restarts<'a>(pods: impl Iterator<Item = Pod<'a>>) -> Option<String> {
    let mut patterns: Vec<_> = pods.map(|pod| pattern(&pod)).collect();
    patterns.sort();
    patterns.dedup();
    let mut by_namespace: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (namespace, pattern) in patterns {
        by_namespace.entry(namespace).or_default().push(pattern);
    }
    if by_namespace.is_empty() {
        return None;
    }
    let each = by_namespace.into_iter().map(|(namespace, patterns)| {
        let pods = format!(r#"pod=~"{}""#, patterns.join("|"));
        format!("increase({}[{RESTART_MINUTES}m])", series(RESTARTS, &[equal("namespace", namespace), pods]))
    });
    Some(format!("({})", any(each)))
}

/// The namespace of a Gateway's pods, empty where it may be any, and what their names look like.
fn pattern<'a>(pod: &Pod<'a>) -> (&'a str, String) {
    let Pod { names, namespace, gateway, class } = pod;
    match names {
        Pods::EnvoyGateway if namespace.is_empty() => {
            ("", format!("envoy-.+-{}-[0-9a-f]{{8}}-.+", literal(gateway)))
        }
        Pods::EnvoyGateway => {
            let name = format!("{namespace}-{gateway}");
            let cut: String = name.chars().take(ENVOY_GATEWAY_NAME).collect();
            let cut = if cut.len() < name.len() { cut.strip_suffix('-').unwrap_or(&cut) } else { &cut };
            ("", format!("envoy-{}-[0-9a-f]{{8}}-.+", literal(cut)))
        }
        Pods::PrefixAndName(prefix) => (namespace, format!("{prefix}{}-.+", literal(gateway))),
        Pods::NameAndClass => (namespace, format!("{}-{}-.+", literal(gateway), literal(class))),
        Pods::Shared(name) => ("", format!("{name}-.+")),
    }
}

fn by_namespace<'a>(places: impl Iterator<Item = (&'a str, &'a str)>) -> BTreeMap<&'a str, Vec<&'a str>> {
    let mut map: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (namespace, name) in places {
        map.entry(namespace).or_default().push(name);
    }
    map
}

/// A series with label matchers; empty ones match everything and are left out.
fn series(metric: &str, matchers: &[String]) -> String {
    let matchers: Vec<&str> = matchers.iter().map(String::as_str).filter(|text| !text.is_empty()).collect();
    if matchers.is_empty() { metric.to_owned() } else { format!("{metric}{{{}}}", matchers.join(", ")) }
}

/// That a label has a value; empty where nobody knows which.
fn equal(label: &str, value: &str) -> String {
    if value.is_empty() { String::new() } else { format!(r#"{label}="{value}""#) }
}

/// That a label has one of some values.
fn one_of(label: &str, values: &[&str]) -> String {
    if let [value] = values {
        return equal(label, value);
    }
    let values: Vec<_> = values.iter().map(|value| literal(value)).collect();
    format!(r#"{label}=~"{}""#, values.join("|"))
}

/// A name in a regular expression.
fn literal(name: &str) -> String {
    name.replace('.', "[.]")
}

/// Whatever one of several queries finds.
fn any(queries: impl Iterator<Item = String>) -> String {
    queries.collect::<Vec<_>>().join(" or ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_is_cut_as_envoy_gateway_cuts_it() {
        let names = Pods::EnvoyGateway;
        let gateway = "a-gateway-with-a-name-that-is-quite-long";
        let pod = Pod { names, namespace: "edge-eu", gateway, class: "eg" };
        // 48 characters are `edge-eu-a-gateway-with-a-name-that-is-quite-long`; one more cuts.
        let (_, pattern) = pattern(&pod);
        assert_eq!(pattern, "envoy-edge-eu-a-gateway-with-a-name-that-is-quite-long-[0-9a-f]{8}-.+");
        let longer = Pod { namespace: "edge-eu-1", ..pod };
        assert_eq!(
            super::pattern(&longer).1,
            "envoy-edge-eu-1-a-gateway-with-a-name-that-is-quite-lo-[0-9a-f]{8}-.+"
        );
    }

    #[test]
    fn unknown_namespaces_are_not_asked_for() {
        assert_eq!(
            listeners([("", "eg")].into_iter()),
            r#"count by (namespace, name) (gatewayapi_gateway_listener_info{name="eg"})"#
        );
        assert_eq!(
            ends_of_certificates([("", "a.b"), ("", "c")]),
            r#"certmanager_certificate_expiration_timestamp_seconds{name=~"a[.]b|c"}"#
        );
    }
}
