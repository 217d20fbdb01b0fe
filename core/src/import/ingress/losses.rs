//! What a route has otherwise than its Ingress, in words.

use super::annotations::{ANNOTATION, place};
use super::read::Ingress;
use crate::diagnostic::{Code, Diagnostic};
use crate::import::objects::Object;

/// Hosts that ingress-nginx serves over TLS alone, and that would be served without.
const IN_CLEAR: Code = Code("import-in-clear");

/// Plain requests that were redirected whatever the certificate is, and have nowhere to go.
pub(super) fn in_clear(object: &Object<'_>, hosts: &[&str]) -> Diagnostic {
    let hosts = match hosts {
        [] => "every host".to_owned(),
        hosts => format!("`{}`", hosts.join("`, `")),
    };
    let message = format!(
        "`force-ssl-redirect` without a certificate: {hosts} would be served in clear text, for no listener ends its TLS"
    );
    let hint =
        "name the host and a Secret in `spec.tls`: without them ingress-nginx shows its default certificate";
    object.say(Diagnostic::error(IN_CLEAR, place("force-ssl-redirect"), message).hint(hint))
}

/// An alias that `spec.tls` does not name.
pub(super) fn of_other_host(object: &Object<'_>, host: &str, origin: &str) -> Diagnostic {
    let message = format!(
        "`{host}` gets the certificate of `{origin}`; ingress-nginx shows it only if the name is in it, and else \
         its default one, without a redirect of plain requests"
    );
    let hint = "see whether the certificate has the name, and give it another one in `spec.tls` if not";
    object.say(Diagnostic::warning(ANNOTATION, place("server-alias"), message).hint(hint))
}

/// What becomes of `proxy-read-timeout` in a route of a kind.
pub(super) fn of_timeout(ingress: &Ingress, object: &Object<'_>, kind: &str) -> Option<Diagnostic> {
    let seconds = ingress.asked.timeout?;
    let name = "proxy-read-timeout";
    let (message, hint) = if kind == "HTTPRoute" {
        let message = format!(
            "`{name}` is the time between two reads; `timeouts.request: {seconds}s` is that of the whole request"
        );
        (message, "see whether that is enough")
    } else {
        let message = format!("`{name}: {seconds}` is not carried over, as a {kind} has no timeouts");
        (message, "see whether it is needed; if it is, the controller may have a policy of its own for it")
    };
    Some(object.say(Diagnostic::warning(ANNOTATION, place(name), message).about_key().hint(hint)))
}
