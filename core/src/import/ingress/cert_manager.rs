//! Certificates that cert-manager makes for an Ingress: they belong to it, and go with it.

use super::super::fitting::NO_PLACE;
use super::super::objects::Object;
use super::annotations::boolean;
use super::tls::Section;
use crate::check::model::ISSUERS;
use crate::diagnostic::Diagnostic;
use crate::path::Path;
use crate::tree::Node;

/// What the names of cert-manager's annotations start with.
pub(super) const PREFIX: &str = "cert-manager.io/";

/// What asks for a certificate of cert-manager's default issuer. Source: cert-manager v1.21.2, `--auto-certificate-annotations`.
pub(super) const TLS_ACME: &str = "kubernetes.io/tls-acme";

/// Who makes the Ingress the owner of its Certificates.
const SOURCE: &str = "cert-manager v1.21.2, pkg/controller/certificate-shim/sync.go";

/// Says of an Ingress that names an issuer, or asks for the default one, what becomes of its Certificates, which have the names of their Secrets.
pub(super) fn say(object: &Object<'_>, tls: Option<&Section>) -> Option<Diagnostic> {
    let annotations = object.metadata("annotations").and_then(Node::as_map)?;
    let is_wanted = || annotations.get(TLS_ACME).and_then(Node::as_text).and_then(boolean) == Some(true);
    let of_default = || is_wanted().then_some(TLS_ACME);
    let key = ISSUERS.into_iter().find(|key| annotations.get(key).is_some()).or_else(of_default)?;
    let secrets = tls.map(Section::secrets).filter(|secrets| !secrets.is_empty())?;
    let names: Vec<String> = secrets.iter().map(|name| format!("{}/{name}", object.namespace())).collect();
    let message = format!(
        "the Ingress owns the Certificates that cert-manager makes for it ({}): they are deleted with it, and \
         nobody renews the Secrets then",
        names.join(", ")
    );
    let hint = format!(
        "`kubectl delete ingress -n {} {} --cascade=orphan` leaves them, and they go on being renewed; or write \
         Certificates with these `secretName`s once it is gone",
        object.namespace(),
        object.name()
    );
    let path = Path::ROOT.key("metadata").key("annotations").key(key);
    let found = Diagnostic::warning(NO_PLACE, path, message).about_key().source(SOURCE).hint(hint);
    Some(object.say(found))
}
