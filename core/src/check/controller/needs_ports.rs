//! Rule: needs-ports
//!
//! Some controllers listen only where their installation says.

use crate::check::model::{Listener, Meta};
use crate::check::rule::{Context, Finding, Rule};
use crate::diagnostic::{Code, Severity};
use crate::path::Path;

pub(super) static RULE: Rule = Rule {
    code: Code("needs-ports"),
    severity: Severity::Info,
    what: "listeners on ports that the controller has only where its installation says so",
    why: "A controller that opens its ports when it is installed cannot open another one for a listener: the listener \
          is not ready, or not served, until the installation has that port too. A manifest cannot show whether it has.",
    source: "the profile of the controller, `listener_ports`; each finding names its source",
    bad: r"
# with --profile traefik
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public}
spec:
  gatewayClassName: traefik
  listeners: [{name: http, port: 80, protocol: HTTP}]
",
    good: r"
# with --profile traefik
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public}
spec:
  gatewayClassName: traefik
  listeners: [{name: http, port: 8000, protocol: HTTP}]
",
    check,
};

fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    let Some(profile) = context.settings.controller() else { return };
    let Some(ports) = profile.quirks.listener_ports else { return };
    let mut look = |meta: &Meta<'_>, listeners: &[Listener<'_>]| {
        if let Some(message) = ports.value.refusal(listeners.iter().map(|listener| listener.port)) {
            let path = Path::ROOT.key("spec").key("listeners");
            let finding = RULE.find(meta.object, path, message);
            out.push(finding.hint(ports.value.hint).source(ports.source));
        }
    };
    context.model.gateways.iter().for_each(|gateway| look(&gateway.meta, &gateway.listeners));
    context.model.listener_sets.iter().for_each(|set| look(&set.meta, &set.listeners));
}
