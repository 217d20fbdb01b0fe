//! Rule: terminate-without-certificate
//!
//! The API server lets an HTTPS listener pass without `tls`, and a terminating one with options only.

use super::finding::listener;
use super::{Context, Finding, Rule, listeners};
use crate::check::model::Mode;
use crate::diagnostic::{Code, Severity};

pub(super) static RULE: Rule = Rule {
    code: Code("terminate-without-certificate"),
    severity: Severity::Warning,
    what: "a listener that ends TLS and names no certificate",
    why: "Without a certificate the listener is not programmed, so its port does not answer. The rule that would \
          have refused it was taken back before 1.6.0, because some controllers bring certificates of their own.",
    source: "Gateway API v1.6.1, `gateway_types.go:596-612`; pull requests 5019 and 5021",
    bad: r"
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public}
spec:
  gatewayClassName: example
  listeners:
    - {name: https, port: 443, protocol: HTTPS}
",
    good: r"
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public}
spec:
  gatewayClassName: example
  listeners:
    - name: https
      port: 443
      protocol: HTTPS
      tls: {certificateRefs: [{name: shop-cert}]}
",
    check,
};

fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for (_, meta, found) in listeners::of(context.model) {
        let path = listener(found.index);
        let finding = match &found.tls {
            None if found.protocol == "HTTPS" => {
                let message =
                    format!("listener `{}` of protocol HTTPS has no `tls`, so no certificate", found.name);
                RULE.find(meta.object, path, message)
            }
            Some(tls) if tls.mode == Mode::Terminate && tls.certificates.is_empty() => {
                let message = format!(
                    "listener `{}` ends TLS without certificateRefs; only its controller's own `tls.options` could \
                     name a certificate",
                    found.name
                );
                let finding = RULE.find(meta.object, path.key("tls"), message);
                if tls.options { finding.at_most(Severity::Info) } else { finding }
            }
            _ => continue,
        };
        out.push(finding.hint("name a Secret of type kubernetes.io/tls in `tls.certificateRefs`"));
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;
    use super::RULE;

    #[test]
    fn trusts_options_somewhat() {
        let text = "
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gw}
spec:
  gatewayClassName: c
  listeners:
    - {name: a, port: 443, protocol: HTTPS, tls: {options: {example.com/cert: a}}}
    - {name: b, port: 8443, protocol: TLS, tls: {mode: Passthrough}}
    - {name: c, port: 80, protocol: HTTP}
";
        assert_eq!(found(&RULE, text), ["0 info spec.listeners[0].tls"]);
    }
}
