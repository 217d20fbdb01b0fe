//! What a route has otherwise than its Ingress, in words.

use std::collections::BTreeSet;

use super::annotations::{ANNOTATION, Asked, Speech, place};
use super::certificates::Doubt;
use super::read::Ingress;
use crate::diagnostic::{Code, Diagnostic};
use crate::import::objects::Object;
use crate::path::Path;
use crate::shorten::listed;

/// A route that needs something of its Service.
const SERVICE_NEEDS: Code = Code("import-service-needs");
/// Hosts that ingress-nginx serves over TLS, and that would be served without.
const IN_CLEAR: Code = Code("import-in-clear");

/// Hosts whose plain requests were redirected, or that had TLS beside them, with the default certificate of ingress-nginx.
pub(super) fn in_clear(object: &Object<'_>, hosts: &[&str], is_forced: bool) -> Diagnostic {
    let hosts = match hosts {
        [] => "every host".to_owned(),
        hosts => format!("`{}`", hosts.join("`, `")),
    };
    let (what, path) = if is_forced {
        ("`force-ssl-redirect` without a certificate", place("force-ssl-redirect"))
    } else {
        ("TLS with the default certificate of ingress-nginx", Path::ROOT.key("spec").key("tls"))
    };
    let message = format!(
        "{what}: {hosts} would be served in clear text, for no listener of its own ends its TLS; \
         by TLS it goes where a wildcard above it goes, if one has a certificate"
    );
    let hint = "name the host and a Secret in `spec.tls` of the first of its Ingresses: without them ingress-nginx shows \
                its default certificate";
    object.say(Diagnostic::error(IN_CLEAR, path, message).hint(hint))
}

/// What becomes of `backend-protocol` where requests reach the Service by a route.
pub(super) fn of_speech(asked: &Asked, object: &Object<'_>) -> Option<Diagnostic> {
    let path = place("backend-protocol");
    let found = match asked.speech {
        Speech::Http | Speech::Grpc => return None,
        Speech::Encrypted(protocol) => {
            let message = format!(
                "`backend-protocol: {protocol}` is not carried over: requests go to the Service in clear text, and fail \
                 where it takes TLS alone"
            );
            let hint = "write a BackendTLSPolicy for the Service before traffic goes there";
            Diagnostic::warning(SERVICE_NEEDS, path, message).hint(hint)
        }
        Speech::Unspoken(protocol) => {
            let message =
                format!("no route speaks {protocol}: the Service answers nothing that it is asked by HTTP");
            let hint = "put something before the Service that speaks HTTP, and name that";
            Diagnostic::error(SERVICE_NEEDS, path, message).hint(hint)
        }
    };
    Some(object.say(found.about_key()))
}

/// Where no GRPCRoute says all that is asked for, the Service must say that it speaks HTTP/2.
pub(super) fn needs_http2(object: &Object<'_>) -> Diagnostic {
    let message = "`backend-protocol: GRPC` with paths, redirects, CORS or other Ingresses for the host, or for one above or \
                   below it, stays an HTTPRoute, whose Service must say that it speaks HTTP/2";
    let path = Path::ROOT.key("metadata").key("annotations");
    let hint = "set `appProtocol: kubernetes.io/h2c` on the port of the Service";
    object.say(Diagnostic::warning(SERVICE_NEEDS, path, message).hint(hint))
}

/// Aliases that `spec.tls` does not name.
pub(super) fn of_other_host(
    object: &Object<'_>,
    aliases: &BTreeSet<String>,
    origin: &str,
    doubt: Doubt,
) -> Diagnostic {
    let aliases = listed(aliases.iter().map(|alias| format!("`{alias}`")));
    let (message, hint) = match doubt {
        Doubt::Default => (
            format!(
                "the certificate of `{origin}` is for its aliases too ({aliases}); ingress-nginx shows it only for names that \
                 are in it, and else its default one, without a redirect of plain requests"
            ),
            "see whether the certificate has each name, and name another one in the listeners of those that it has not",
        ),
        Doubt::Host => (
            format!(
                "aliases of `{origin}` have the certificate of the wildcard above them ({aliases}); ingress-nginx shows that of \
                 `{origin}` for names that are in it"
            ),
            "see whether the certificate of the host has the names, and name it in their listeners if it does",
        ),
    };
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
