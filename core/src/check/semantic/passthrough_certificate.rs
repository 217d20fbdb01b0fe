//! Rule: passthrough-certificate
//!
//! A listener that hands TLS through never shows a certificate of its own.

use super::finding::listener;
use super::{Context, Finding, Rule, listeners};
use crate::check::model::Mode;
use crate::diagnostic::{Code, Severity};

pub(super) static RULE: Rule = Rule {
    code: Code("passthrough-certificate"),
    severity: Severity::Warning,
    what: "a listener with mode `Passthrough` and certificateRefs",
    why: "With `Passthrough` the backend ends TLS, so clients never see the certificate that is named here. Whoever \
          renews it waits for an effect in vain.",
    source: "Gateway API v1.6.1, `gateway_types.go:574-578`: certificateRefs is ignored in mode Passthrough",
    bad: r"
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public}
spec:
  gatewayClassName: example
  listeners:
    - name: tls
      port: 443
      protocol: TLS
      tls: {mode: Passthrough, certificateRefs: [{name: shop-cert}]}
",
    good: r"
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public}
spec:
  gatewayClassName: example
  listeners:
    - name: tls
      port: 443
      protocol: TLS
      tls: {mode: Passthrough}
",
    check,
};

fn check(context: &Context<'_>, out: &mut Vec<Finding>) {
    for (_, meta, found) in listeners::of(context.model) {
        let Some(tls) = &found.tls else { continue };
        if tls.mode == Mode::Passthrough && !tls.certificates.is_empty() {
            let count = tls.certificates.len();
            let what = if count == 1 {
                "its certificate is".to_owned()
            } else {
                format!("its {count} certificates are")
            };
            let message =
                format!("listener `{}` hands TLS through to the backend, so {what} ignored", found.name);
            let path = listener(found.index).key("tls").key("certificateRefs");
            out.push(
                RULE.find(meta.object, path, message)
                    .hint("take the references out, or write `mode: Terminate`"),
            );
        }
    }
}
