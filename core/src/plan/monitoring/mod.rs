//! What Prometheus watches of the release, and what Grafana shows of it.
//!
//! Alerts and panels ask the same questions ([`queries`]). A question that a controller has no metric for is left
//! out and told, for a query of a metric that does not exist never says anything.

mod queries;

use std::collections::BTreeMap;

use super::{Certificate, Gateway, Plan, fullname, namespace_of};
use crate::Scope;
use crate::diagnostic::{Code, Diagnostic};
use crate::limits::LISTENERS_MAX;
use crate::path::Path;
use crate::profile::Profile;
use crate::values::{Metadata, Values};
use queries::{PERCENTILE, Pod, RESTART_MINUTES};

/// What is not watched, as there is no metric for it.
const MONITORING_LEFT_OUT: Code = Code("monitoring-left-out");
/// What must be installed for the alerts to say anything.
const MONITORING_NEEDS: Code = Code("monitoring-needs");

/// Seconds from which on an update of routes is slow: Sealos's goal for its gateways, by its own report of January 2024.
const SLOW_SECONDS: i64 = 5;

/// A day in seconds.
const DAY: i64 = 86_400;

/// Organizations in one graph.
const SHOWN: usize = 20;

/// What is watched, and what is shown.
#[derive(Debug)]
pub struct Monitoring<'v> {
    /// The name of its objects, or how those begin.
    pub name: String,
    /// Their namespace; empty where the release's is unknown.
    pub namespace: &'v str,
    /// Labels of the rules.
    pub rules: Metadata<'v>,
    /// Labels of the dashboard, if it is wanted.
    pub dashboard: Option<Metadata<'v>>,
    /// When to tell somebody.
    pub alerts: Vec<Alert>,
    /// The certificates of each organization, and of nobody.
    pub certificates: Vec<Certificates<'v>>,
    /// What is drawn.
    pub panels: Vec<Panel>,
    /// The value it came from.
    pub path: Path,
}

/// A condition that somebody is told of.
#[derive(Debug)]
pub struct Alert {
    /// Its name.
    pub name: &'static str,
    /// The condition, in PromQL.
    pub expression: String,
    /// The profile of the controller that it is about; `None`: of all.
    pub controller: Option<&'static str>,
    /// For how long it must hold.
    pub hold: &'static str,
    /// What is told, with Prometheus's templates.
    pub summary: String,
    /// What to do.
    pub description: String,
}

/// The times at which the certificates of one organization end, recorded under its name.
#[derive(Debug)]
pub struct Certificates<'v> {
    /// Whose they are; `None`: the Gateways' own.
    pub organization: Option<&'v str>,
    /// The times, in PromQL.
    pub expression: String,
}

/// A graph of the dashboard.
#[derive(Debug)]
pub struct Panel {
    /// What it shows.
    pub title: String,
    /// What is drawn, in PromQL.
    pub expression: String,
    /// What a line is called, with Grafana's templates.
    pub legend: String,
    /// Grafana's word for its unit.
    pub unit: &'static str,
    /// From where on it is told.
    pub bound: Bound,
}

/// From where on a value is bad.
#[derive(Clone, Copy, Debug)]
pub enum Bound {
    /// Above it.
    Above(i64),
    /// Below it.
    Below(i64),
}

/// The series of [`Certificates`].
pub const RECORDED: &str = queries::RECORDED;

/// Plans rules and dashboard; none where `monitoring` is not enabled or nothing is rendered to be watched.
pub(super) fn build<'v>(
    values: &Values<'v>,
    scope: &'v Scope,
    plan: &Plan<'v>,
    out: &mut Vec<Diagnostic>,
) -> Option<Monitoring<'v>> {
    let written = values.monitoring.as_ref()?;
    let path = Path::ROOT.key("monitoring");
    let gateways: Vec<&Gateway<'v>> = plan.gateways.iter().filter(|gateway| gateway.rendered).collect();
    if gateways.is_empty() {
        out.push(left_out(&path, "anything: no Gateway is rendered"));
        return None;
    }
    let mut monitoring = Monitoring {
        name: format!("{}-gateways", fullname::of(values, scope)),
        namespace: namespace_of(written.namespace, scope),
        rules: written.rules,
        dashboard: written.dashboard,
        alerts: Vec::new(),
        certificates: Vec::new(),
        panels: Vec::new(),
        path,
    };
    monitoring.watch_listeners(&gateways, written.listeners_percent);
    if !plan.listener_sets.is_empty() {
        let what = "the listeners of ListenerSets: Gateway API State Metrics has those of Gateways alone";
        out.push(left_out(&monitoring.path, what));
    }
    monitoring.watch_certificates(&plan.certificates, written.certificate_days, out);
    monitoring.watch_updates(&gateways, out);
    monitoring.watch_restarts(&gateways, out);
    out.push(needs(&monitoring.path, !monitoring.certificates.is_empty()));
    Some(monitoring)
}

impl<'v> Monitoring<'v> {
    fn watch_listeners(&mut self, gateways: &[&Gateway<'v>], percent: i64) {
        let most = i64::try_from(LISTENERS_MAX).unwrap_or(i64::MAX);
        let bound = most * percent / 100;
        let count =
            queries::listeners(gateways.iter().map(|gateway| (gateway.namespace, gateway.name.as_ref())));
        self.alerts.push(Alert {
            name: "GatewayListenersNearLimit",
            controller: None,
            expression: format!("{count} > {bound}"),
            hold: "5m",
            summary: format!(
                "Gateway {{{{ $labels.name }}}} has {{{{ $value }}}} of {most} listeners, more than {percent} %"
            ),
            description: "The API server refuses a listener beyond the limit. Take wildcard listeners, \
                          ListenerSets or another Gateway."
                .to_owned(),
        });
        self.panels.push(Panel {
            title: format!("Listeners of Gateways, of {most}"),
            expression: count,
            legend: "{{namespace}}/{{name}}".to_owned(),
            unit: "short",
            bound: Bound::Above(bound),
        });
    }

    fn watch_certificates(&mut self, certificates: &[Certificate<'v>], days: i64, out: &mut Vec<Diagnostic>) {
        let mut by_owner: BTreeMap<Option<&'v str>, Vec<(&str, &str)>> = BTreeMap::new();
        for certificate in certificates {
            let place = (certificate.namespace, certificate.name.as_ref());
            by_owner.entry(certificate.organization).or_default().push(place);
        }
        if by_owner.is_empty() {
            out.push(left_out(&self.path, "the ends of certificates: no Certificate is rendered"));
            return;
        }
        self.certificates = by_owner
            .into_iter()
            .map(|(organization, places)| Certificates {
                organization,
                expression: queries::ends_of_certificates(places),
            })
            .collect();
        let left = queries::seconds_left(&self.name);
        self.alerts.push(Alert {
            name: "GatewayCertificateEndsSoon",
            controller: None,
            expression: format!("{left} < {}", days * DAY),
            hold: "1h",
            summary: format!(
                "Certificate {{{{ $labels.name }}}}{{{{ with $labels.organization }}}} of {{{{ . }}}}{{{{ end }}}} ends in \
                 less than {days} days, or was never issued"
            ),
            description: "cert-manager should have renewed it: look at the conditions of the Certificate and of its \
                          requests."
                .to_owned(),
        });
        self.panels.push(Panel {
            title: format!("Time until a certificate ends, by organization (the next {SHOWN})"),
            expression: format!("bottomk({SHOWN}, min by (organization) ({left}))"),
            legend: "{{organization}}".to_owned(),
            unit: "s",
            bound: Bound::Below(days * DAY),
        });
    }

    /// One alert a metric: Gateways of several profiles may have several.
    fn watch_updates(&mut self, gateways: &[&Gateway<'v>], out: &mut Vec<Diagnostic>) {
        for profile in profiles(gateways) {
            let Some(metric) = profile.update_time.value else {
                let what = format!(
                    "how long updates of routes take: no metric of {} is known for it",
                    profile.title
                );
                out.push(left_out(&self.path, &what).source(profile.update_time.source));
                continue;
            };
            let product = profile.product();
            let seconds = queries::update_seconds(metric);
            self.alerts.push(Alert {
                name: "GatewayRouteUpdatesSlow",
                controller: Some(profile.word),
                expression: format!("{seconds} > {SLOW_SECONDS}"),
                hold: "10m",
                summary: format!(
                    "{product}: {} % of route updates take {{{{ $value | humanize }}}} s or more",
                    100 - PERCENTILE
                ),
                description: format!(
                    "Measured from {}. Too many listeners with TLS, or too little processor time for the \
                     controller.",
                    metric.what
                ),
            });
            self.panels.push(Panel {
                title: format!("Route updates, {PERCENTILE}th percentile ({product})"),
                expression: seconds,
                legend: format!("{PERCENTILE} %"),
                unit: "s",
                bound: Bound::Above(SLOW_SECONDS),
            });
        }
    }

    fn watch_restarts(&mut self, gateways: &[&Gateway<'v>], out: &mut Vec<Diagnostic>) {
        for profile in profiles(gateways).filter(|profile| profile.pods.value.is_none()) {
            let what =
                format!("restarts of Gateways: what pods of {} are called is not known", profile.title);
            out.push(left_out(&self.path, &what).source(profile.pods.source));
        }
        let pods = gateways.iter().filter_map(|gateway| {
            let names = gateway.profile.pods.value?;
            Some(Pod { names, namespace: gateway.namespace, gateway: &gateway.name, class: gateway.class })
        });
        let Some(restarts) = queries::restarts(pods) else { return };
        self.alerts.push(Alert {
            name: "GatewayRestarted",
            controller: None,
            expression: format!("{restarts} > 0"),
            hold: "0m",
            summary: format!(
                "{{{{ $labels.container }}}} of {{{{ $labels.pod }}}} was restarted in the last {RESTART_MINUTES} minutes"
            ),
            description: "Its connections were cut. `kubectl describe pod` says why it ended.".to_owned(),
        });
        self.panels.push(Panel {
            title: format!("Restarts of Gateways in {RESTART_MINUTES} minutes"),
            expression: restarts,
            legend: "{{namespace}}/{{pod}}".to_owned(),
            unit: "short",
            bound: Bound::Above(0),
        });
    }
}

/// Each once, in the order of their words.
fn profiles(gateways: &[&Gateway<'_>]) -> impl Iterator<Item = &'static Profile> + use<> {
    let profiles: BTreeMap<&str, &'static Profile> =
        gateways.iter().map(|gateway| (gateway.profile.word, gateway.profile)).collect();
    profiles.into_values()
}

fn left_out(path: &Path, what: &str) -> Diagnostic {
    Diagnostic::info(MONITORING_LEFT_OUT, path.clone(), format!("nothing watches {what}"))
}

fn needs(path: &Path, certificates: bool) -> Diagnostic {
    let more = if certificates { ", and a monitor of cert-manager" } else { "" };
    let message = format!(
        "the alerts need the Prometheus Operator, kube-state-metrics with the configuration of Gateway API State \
         Metrics{more}"
    );
    Diagnostic::info(MONITORING_NEEDS, path.clone(), message)
        .source("Gateway API State Metrics at 5062849, METRICS.md")
        .hint("docs/monitoring.md says what each of them is for")
}
