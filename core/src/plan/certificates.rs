//! Certificates of listeners that terminate TLS and name none.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::{Certificate, Gateway, Listener, Route, listeners, parents};
use crate::check::model::ISSUERS;
use crate::diagnostic::{Code, Diagnostic, Level};
use crate::hostname::Hostname;
use crate::path::Path;
use crate::tree::Node;
use crate::values::Values;

/// A listener terminates TLS and has no certificate.
const CERTIFICATE_MISSING: Code = Code("certificate-missing");
/// A listener that nobody wrote refers to a Secret that must exist.
pub(super) const NEEDS_SECRET: Code = Code("needs-secret");
/// Nobody says which names a certificate is for.
const CERTIFICATE_NAMES: Code = Code("certificate-names");

/// Gives listeners without certificate one, and plans the Certificates that fill them.
pub(super) fn build<'v>(
    values: &'v Values<'v>,
    gateways: &mut [Gateway<'v>],
    routes: &[Route<'v>],
    out: &mut Vec<Diagnostic>,
) -> Vec<Certificate<'v>> {
    let mut certificates: Vec<Certificate<'v>> = Vec::new();
    // Where the Certificate of each Secret is, by its namespace and name.
    let mut by_secret: BTreeMap<(&str, String), usize> = BTreeMap::new();
    let attached = values.certificates.as_ref().map(|_| by_gateway(routes)).unwrap_or_default();
    for gateway in gateways.iter_mut().filter(|gateway| gateway.rendered && !gateway.is_overfull()) {
        let (name, namespace) = (gateway.name.clone(), gateway.namespace);
        let by_annotation = gateway
            .metadata
            .annotations
            .is_some_and(|annotations| ISSUERS.iter().any(|key| annotations.get(key).is_some()));
        for listener in gateway.listeners.iter_mut().filter(|listener| listener.terminates()) {
            let own = secret_of(listener);
            if by_annotation && listener.hostname.is_none() {
                out.push(no_hostname(listener));
            }
            if listener.derived
                && values.certificates.is_none()
                && !by_annotation
                && let Some(secret) = &own
            {
                out.push(needs_secret(secret, namespace, &listener.path));
            }
            // A derived listener names the Secret that is to be filled; a written one knows its own.
            if own.is_some() && !(listener.derived && values.certificates.is_some()) || has_options(listener)
            {
                continue;
            }
            if values.certificates.is_none() && !by_annotation {
                out.push(missing(listener));
                continue;
            }
            let secret = own.unwrap_or_else(|| format!("{name}-{}-tls", listener.name));
            let reference = Node::list([Node::map([("name", Node::text(secret.clone()))])]);
            let tls = listener.tls.take().map_or_else(|| Node::map([]), Cow::into_owned);
            let mode = Node::text("Terminate");
            listener.tls = Some(Cow::Owned(tls.with("mode", mode).with("certificateRefs", reference)));
            let Some(settings) = values.certificates.as_ref().filter(|_| !by_annotation) else { continue };
            let attached = attached.get(&(namespace, name.as_ref())).map(Vec::as_slice).unwrap_or_default();
            let dns_names = dns_names(listener, attached);
            if dns_names.is_empty() {
                out.push(
                    Diagnostic::error(CERTIFICATE_NAMES, listener.path.clone(), "no host name to certify")
                        .hint("give the listener a `hostname`, or its routes `hostnames`"),
                );
            }
            // Listeners that name one Secret share its Certificate.
            let at = *by_secret.entry((namespace, secret.clone())).or_insert(certificates.len());
            if let Some(Certificate { dns_names: names, .. }) = certificates.get_mut(at) {
                names.extend(dns_names);
                names.sort();
                names.dedup();
                continue;
            }
            certificates.push(Certificate {
                name: Cow::Owned(secret),
                namespace,
                dns_names,
                issuer_ref: settings.issuer_ref,
                organization: None,
                path: listener.path.clone(),
            });
        }
    }
    certificates
}

fn secret_of(listener: &Listener<'_>) -> Option<String> {
    listeners::certificate_refs(listener).next()?.get("name")?.as_text().map(str::to_owned)
}

fn has_options(listener: &Listener<'_>) -> bool {
    let options = listener.tls.as_ref().and_then(|tls| tls.get("options")).and_then(Node::as_map);
    options.is_some_and(|options| !options.is_empty())
}

/// An HTTPS listener without `tls` is legal, and some controllers take its certificate from elsewhere.
fn missing(listener: &Listener<'_>) -> Diagnostic {
    let message = "TLS ends at this listener, and it names no certificate";
    let hint = "give `tls.certificateRefs`, or set `certificates.enabled` for cert-manager";
    let source = "Gateway API v1.6.1, Gateway CEL rule: certificateRefs or options must be specified when mode is Terminate";
    let path = listener.path.clone();
    let diagnostic = if listener.tls.is_none() {
        Diagnostic::warning(CERTIFICATE_MISSING, path, message)
    } else {
        Diagnostic::error(CERTIFICATE_MISSING, path, message).level(Level::Api)
    };
    diagnostic.source(source).hint(hint)
}

/// Nobody wrote the name of this Secret.
fn needs_secret(secret: &str, namespace: &str, path: &Path) -> Diagnostic {
    let place = if namespace.is_empty() {
        "the Gateway's namespace".to_owned()
    } else {
        format!("namespace `{namespace}`")
    };
    let message = format!(
        "the HTTPS listener, derived from the services, needs a Secret `{secret}` in {place}: it is not rendered"
    );
    Diagnostic::info(NEEDS_SECRET, path.clone(), message).hint(
        "create it with the gateway's certificate, or set `certificates.enabled` for cert-manager, or write \
         the Gateway's `listeners`",
    )
}

fn no_hostname(listener: &Listener<'_>) -> Diagnostic {
    let message =
        "the Gateway has an issuer annotation, but cert-manager skips a listener without `hostname`";
    Diagnostic::warning(CERTIFICATE_NAMES, listener.path.clone(), message)
        .source("cert-manager v1.21.2, pkg/controller/certificate-shim/sync.go")
        .hint("give the listener a `hostname`")
}

/// A route with one of its parents.
type Attachment<'r, 'v> = (&'r Route<'v>, &'r Node<'v>);

/// Routes by namespace and name of the Gateways that they name.
fn by_gateway<'r, 'v>(routes: &'r [Route<'v>]) -> BTreeMap<(&'r str, &'r str), Vec<Attachment<'r, 'v>>> {
    let mut found: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for route in routes {
        for parent in &route.parents {
            if let Some(gateway) = parents::gateway_of(parent, route.namespace) {
                found.entry(gateway).or_default().push((route, parent.as_ref()));
            }
        }
    }
    found
}

/// The listener's own name, else the names of the routes that attach to it, of those that name its Gateway.
fn dns_names<'v>(listener: &Listener<'v>, attached: &[Attachment<'_, 'v>]) -> Vec<Hostname<'v>> {
    if let Some(hostname) = &listener.hostname {
        return vec![hostname.clone()];
    }
    let picking = attached.iter().filter(|(route, parent)| listener.is_picked(parent, route.kind));
    let names: BTreeSet<Hostname<'v>> =
        picking.flat_map(|(route, _)| route.hostnames.iter().cloned()).collect();
    names.into_iter().collect()
}
