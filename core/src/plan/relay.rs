//! The TCP relay: which upstreams it carries, and on which port each.

use std::collections::{BTreeMap, BTreeSet};

use super::backends::Backends;
use super::{Backend, fullname};
use crate::Scope;
use crate::diagnostic::{Code, Diagnostic};
use crate::hash::fnv1a;
use crate::limits::CONFIG_MAP_BYTES_MAX;
use crate::path::Path;
use crate::profile::Form;
use crate::values::{self, Endpoint, Values};

/// More upstreams than one relay's ConfigMap holds.
const RELAY_FULL: Code = Code("relay-full");

/// Port ranges, one a round: an upstream that meets another in one round goes on to the next, and so
/// does the other. No port of one round is ever proposed in another, so that no upstream gets a port
/// that a different one had, except by a hash collision between one that leaves and one that comes
/// in the same upgrade (1 in 20,000 a pair). Below 10,000 stand Envoy's own ports.
const ROUNDS: [(u16, u16); 5] =
    [(10_000, 20_000), (30_000, 15_000), (45_000, 10_000), (55_000, 5_000), (60_000, 5_000)];

/// First and last port of [`ROUNDS`].
pub const RELAY_PORTS: (u16, u16) = (10_000, 64_999);

/// Bytes of configuration an upstream takes at most, beside its endpoints' (measured by a test of emission).
pub const RELAY_UPSTREAM_BYTES: usize = 900;
/// Bytes of configuration an endpoint takes at most.
pub const RELAY_ENDPOINT_BYTES: usize = 400;

/// A relay: one Deployment of Envoy.
#[derive(Debug)]
pub struct Relay<'v> {
    /// Base name of its objects.
    pub name: String,
    /// Its namespace; empty where the release's is unknown.
    pub namespace: &'v str,
    /// Its settings.
    pub settings: &'v values::Relay<'v>,
    /// What it carries, by port.
    pub upstreams: BTreeMap<u16, Upstream>,
    /// The first service that needs it.
    pub path: Path,
}

/// What one port of a relay leads to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Upstream {
    /// Host and port of each endpoint, in ascending order.
    pub endpoints: Vec<(String, u16)>,
}

impl Upstream {
    fn of(endpoints: &[&Endpoint<'_>], port: u16) -> Self {
        let mut endpoints: Vec<_> = endpoints
            .iter()
            .map(|endpoint| (endpoint.host.to_string(), endpoint.port.unwrap_or(port)))
            .collect();
        endpoints.sort();
        endpoints.dedup();
        Self { endpoints }
    }

    /// What the port is a hash of: `host:port` of every endpoint.
    fn key(&self) -> String {
        let parts: Vec<_> = self.endpoints.iter().map(|(host, port)| format!("{host}:{port}")).collect();
        parts.join(",")
    }
}

/// Gives every relayed backend its port, and plans one relay a namespace.
pub(super) fn build<'v>(
    values: &'v Values<'v>,
    scope: &Scope,
    backends: &mut Backends<'v>,
    out: &mut Vec<Diagnostic>,
) -> Vec<Relay<'v>> {
    let mut by_namespace: BTreeMap<&'v str, Vec<usize>> = BTreeMap::new();
    for (index, backend) in
        backends.list.iter().enumerate().filter(|(_, backend)| backend.form == Form::Relay)
    {
        by_namespace.entry(backend.namespace).or_default().push(index);
    }
    let mut relays = Vec::new();
    for (namespace, indexes) in by_namespace {
        let upstream = |backend: &Backend<'_>| Upstream::of(&backend.endpoints, backend.service.port);
        let ports = ports(indexes.iter().map(|index| upstream(&backends.list[*index])).collect());
        let path = backends.list[indexes[0]].service.path.clone();
        check_size(&ports, &path, out);
        for index in indexes {
            let backend = &mut backends.list[index];
            let port = ports.get(&upstream(backend)).copied().flatten();
            if port.is_none() {
                let message = "no free port on the relay: too many upstreams share their hashes";
                out.push(Diagnostic::error(RELAY_FULL, backend.service.path.clone(), message));
            }
            backend.relay_port = port.unwrap_or(0);
        }
        relays.push(Relay {
            name: format!("{}-relay", fullname::of(values, scope)),
            namespace,
            settings: &values.relay,
            upstreams: ports.into_iter().filter_map(|(upstream, port)| Some((port?, upstream))).collect(),
            path,
        });
    }
    relays
}

/// A port for each upstream, by hash; `None` where every round had a collision.
fn ports(upstreams: BTreeSet<Upstream>) -> BTreeMap<Upstream, Option<u16>> {
    let mut settled = BTreeMap::new();
    let mut open: Vec<Upstream> = upstreams.into_iter().collect();
    for (start, count) in ROUNDS {
        let proposals: Vec<u16> =
            open.iter().map(|upstream| propose(&upstream.key(), start, count)).collect();
        let mut times: BTreeMap<u16, usize> = BTreeMap::new();
        for port in &proposals {
            *times.entry(*port).or_default() += 1;
        }
        let mut still_open = Vec::new();
        for (upstream, port) in open.into_iter().zip(proposals) {
            if times.get(&port) == Some(&1) {
                settled.insert(upstream, Some(port));
            } else {
                still_open.push(upstream);
            }
        }
        open = still_open;
    }
    settled.extend(open.into_iter().map(|upstream| (upstream, None)));
    settled
}

/// A port of a range, by a hash of the range's start and the key.
fn propose(key: &str, start: u16, count: u16) -> u16 {
    let hash = fnv1a(start.to_be_bytes().into_iter().chain(key.bytes()));
    // The high half is the better mixed one.
    let offset = (hash >> 32) % u64::from(count);
    start + u16::try_from(offset).unwrap_or(0)
}

fn check_size(ports: &BTreeMap<Upstream, Option<u16>>, path: &Path, out: &mut Vec<Diagnostic>) {
    let bytes: usize = ports
        .keys()
        .map(|upstream| RELAY_UPSTREAM_BYTES + RELAY_ENDPOINT_BYTES * upstream.endpoints.len())
        .sum();
    if bytes > CONFIG_MAP_BYTES_MAX {
        let message = format!(
            "{} upstreams take up to {bytes} bytes of the relay's configuration, but a ConfigMap holds {CONFIG_MAP_BYTES_MAX}",
            ports.len()
        );
        out.push(
            Diagnostic::error(RELAY_FULL, path.clone(), message)
                .source("Kubernetes v1.36, MaxSecretSize")
                .hint("give services a `namespace` (a relay each), or use a controller that reaches DNS names itself"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn upstream(name: &str) -> Upstream {
        Upstream { endpoints: vec![(name.to_owned(), 443)] }
    }

    #[test]
    fn ports_are_distinct_and_do_not_depend_on_the_others() {
        let all: BTreeSet<_> = (0..900).map(|n| upstream(&format!("host-{n}.example.com"))).collect();
        let given = ports(all.clone());
        let distinct: BTreeSet<_> = given.values().map(|port| port.expect("a free port")).collect();
        assert_eq!(distinct.len(), all.len());
    }

    #[test]
    fn no_upstream_takes_the_port_that_another_had() {
        let all: Vec<_> = (0..400).map(|n| upstream(&format!("host-{n}.example.com"))).collect();
        let owner = |set: &[Upstream]| -> BTreeMap<u16, Upstream> {
            ports(set.iter().cloned().collect())
                .into_iter()
                .map(|(up, port)| (port.expect("free"), up))
                .collect()
        };
        let before = owner(&all);
        for removed in 0..all.len() {
            let mut rest = all.clone();
            rest.remove(removed);
            for (port, now) in owner(&rest) {
                assert!(before.get(&port).is_none_or(|then| *then == now), "port {port} changed hands");
            }
        }
    }
}
