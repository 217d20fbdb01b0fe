//! What a controller and its pods tell Prometheus, as far as monitoring needs it.

use super::Fact;

/// A metric of how long changes of routes take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UpdateTime {
    /// Its name, without what a histogram adds to it.
    pub metric: &'static str,
    /// Which of its series count, as label matchers of PromQL; empty: all.
    pub series: &'static str,
    /// How it is spread over its series.
    pub spread: Spread,
    /// How many of its units a second has.
    pub per_second: u16,
    /// From where to where it measures.
    pub what: &'static str,
}

/// How a metric gives quantiles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spread {
    /// Buckets, from which Prometheus estimates them.
    Histogram,
    /// It reports them itself, in the label `quantile`.
    Summary,
}

/// The pods that serve a Gateway, by how their names begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pods {
    /// `envoy-<namespace>-<name>-<eight hexadecimal digits>`, namespace and name cut to 48 characters; in the
    /// controller's own namespace.
    EnvoyGateway,
    /// This, and the Gateway's name; in the Gateway's namespace.
    PrefixAndName(&'static str),
    /// The Gateway's name and its class; in the Gateway's namespace.
    NameAndClass,
    /// The same pods serve every Gateway: this, wherever they are.
    Shared(&'static str),
}

/// Nothing is known of such a metric.
pub(super) const fn no_update_time(source: &'static str) -> Fact<Option<UpdateTime>> {
    Fact::new(None, source)
}

/// Nothing is known of how its pods are called.
pub(super) const fn no_pods(source: &'static str) -> Fact<Option<Pods>> {
    Fact::new(None, source)
}
