//! What the controller's own installation needs to run a data plane on the network of its nodes: no object of a
//! release, but a text that its installer reads ([decision 9](../../docs/decisions/0009-host-network.md)).

mod envoy_gateway;
mod higress;
mod sizing;

use std::collections::BTreeSet;

use crate::diagnostic::{Code, Diagnostic};
use crate::path::Path;
use crate::plan::{Gateway, Plan};
use crate::tree::yaml;
use crate::values::{Values, quoted};

/// A data plane is asked for that serves no Gateway of these values.
const NO_GATEWAY_OF_CONTROLLER: Code = Code("no-gateway-of-controller");

/// Gateways of several classes, which cannot share the ports of nodes.
const SEVERAL_CLASSES: Code = Code("several-classes");

/// Whose data plane, and in which form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DataPlane {
    /// Values of Higress's Helm chart.
    HigressValues,
    /// Envoy Gateway's EnvoyProxy.
    EnvoyProxy,
}

impl DataPlane {
    /// The word of its profile.
    const fn profile(self) -> &'static str {
        match self {
            Self::HigressValues => "higress",
            Self::EnvoyProxy => "envoy-gateway",
        }
    }
}

/// The text, as YAML with comments.
pub(crate) fn write(form: DataPlane, plan: &Plan<'_>, values: &Values<'_>) -> Result<String, Diagnostic> {
    let served = |gateway: &&Gateway<'_>| gateway.rendered && gateway.profile.word == form.profile();
    let gateways: Vec<&Gateway<'_>> = plan.gateways.iter().filter(served).collect();
    let Some(first) = gateways.first() else {
        let message = format!("no Gateway of these values has the profile `{}`", form.profile());
        return Err(Diagnostic::error(NO_GATEWAY_OF_CONTROLLER, Path::ROOT.key("profile"), message)
            .hint("name the Gateway's class or set `profile`, or ask for the data plane of its controller"));
    };
    if let Some(other) = gateways.iter().find(|gateway| gateway.class != first.class)
        && form == DataPlane::EnvoyProxy
    {
        let message = format!(
            "classes {} and {}: each has an Envoy of its own, and two want the same ports of a node",
            quoted(first.class),
            quoted(other.class)
        );
        return Err(Diagnostic::error(SEVERAL_CLASSES, other.path.key("className"), message)
            .hint("give all Gateways that share nodes one class"));
    }
    let mut text = ports(&gateways, plan);
    text.push_str(&sizing::comment(
        values.organizations.list.len() + values.tenant_routes.len(),
        plan.routes.len(),
    ));
    let (how, content) = match form {
        DataPlane::HigressValues => higress::values(&values.host_network),
        DataPlane::EnvoyProxy => envoy_gateway::envoy_proxy(first, gateways.len(), &values.host_network),
    };
    text.push_str(&comment(&how));
    yaml::write(&content, &mut text);
    Ok(text)
}

/// What a node must have free: the ports of the Gateways' own listeners, and of those in ListenerSets that join them.
fn ports<'v>(gateways: &[&Gateway<'v>], plan: &Plan<'v>) -> String {
    let served: BTreeSet<(&str, &str)> =
        gateways.iter().map(|gateway| (gateway.namespace, gateway.name.as_ref())).collect();
    let joining = plan
        .listener_sets
        .iter()
        .filter(|set| served.contains(&(set.gateway_namespace, set.gateway.as_ref())));
    let own = gateways.iter().flat_map(|gateway| &gateway.listeners);
    let listeners = own.chain(joining.flat_map(|set| &set.listeners));
    let ports: BTreeSet<u16> = listeners.map(|listener| listener.port).collect();
    let ports: Vec<String> = ports.iter().map(ToString::to_string).collect();
    comment(&format!("Ports of each node that must be free: {}.", ports.join(", ")))
}

/// Lines as comments of YAML.
fn comment(text: &str) -> String {
    text.lines().map(|line| format!("# {line}").trim_end().to_owned() + "\n").collect()
}

#[cfg(test)]
mod tests;
