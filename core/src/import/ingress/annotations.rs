//! Annotations of ingress-nginx: what they ask for, and which of them Gateway API cannot say.
//!
//! Source of their meaning: ingress-nginx, `docs/user-guide/nginx-configuration/annotations.md`.

use super::super::fitting::NO_PLACE;
use super::super::objects::Object;
use super::canary::Canary;
use super::cert_manager;
use super::cors::Cors;
use super::counterparts;
use super::targets::{NoRedirect, Redirect, plain_path};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::path::Path;
use crate::tree::{Map, Node};

/// An annotation with a value that ingress-nginx would not take either, or that Gateway API has no words for.
pub(super) const ANNOTATION: Code = Code("import-annotation");
/// An annotation that keeps requests away, and that Gateway API cannot say.
const PROTECTION: Code = Code("import-protection-lost");

/// A redirect that Gateway API has no words for.
const REDIRECT: Code = Code("import-redirect");

/// Seconds that a timeout may have. Source: Gateway API v1.6.1, `Duration`: five digits; 0 stands for none.
const SECONDS: std::ops::RangeInclusive<i64> = 1..=99_999;

/// What the names of ingress-nginx's annotations start with.
pub(super) const PREFIX: &str = "nginx.ingress.kubernetes.io/";
/// What `backend-protocol` may say beside `HTTP` and `GRPC`; for others ingress-nginx speaks HTTP.
///
/// Source: ingress-nginx, `internal/ingress/annotations/backendprotocol/main.go`.
const PROTOCOLS: [&str; 5] = ["AJP", "AUTO_HTTP", "FCGI", "GRPCS", "HTTPS"];
/// The class, as it was written before `spec.ingressClassName`.
pub(super) const CLASS: &str = "kubernetes.io/ingress.class";

/// What backends speak.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Speech {
    #[default]
    Http,
    Grpc,
}

/// Where a redirect sends everything.
#[derive(Clone, Debug)]
pub(super) enum Sent {
    To(Redirect),
    /// Somewhere that no filter can say, so that nothing answers.
    Unsaid,
}

/// What the annotations of an Ingress ask for.
#[derive(Clone, Debug, Default)]
pub(super) struct Asked {
    /// Whether plain requests are redirected; absent: where the host has TLS.
    pub(super) ssl_redirect: Option<bool>,
    /// Whether they are redirected without a certificate of the host too.
    pub(super) force_ssl_redirect: bool,
    pub(super) passthrough: bool,
    pub(super) regex: bool,
    pub(super) rewrite: Option<String>,
    pub(super) redirect: Option<Sent>,
    pub(super) app_root: Option<String>,
    pub(super) speech: Speech,
    pub(super) aliases: Vec<String>,
    pub(super) backend_host: Option<String>,
    /// Seconds.
    pub(super) timeout: Option<i64>,
    pub(super) canary: Option<Canary>,
    pub(super) cors: Option<Cors>,
}

/// Where an annotation of ingress-nginx stands in an Ingress.
pub(super) fn place(name: &str) -> Path {
    Path::ROOT.key("metadata").key("annotations").key(&format!("{PREFIX}{name}"))
}

/// Whether an annotation is for a route as well: neither ingress-nginx's nor the class nor cert-manager's own.
pub(super) fn is_for_routes(key: &str) -> bool {
    !key.starts_with(PREFIX)
        && !key.starts_with(cert_manager::PREFIX)
        && key != CLASS
        && key != cert_manager::TLS_ACME
}

/// Reads the annotations of an Ingress, and says of each that has no counterpart what to do.
pub(super) fn read(object: &Object<'_>, out: &mut Vec<Diagnostic>) -> Asked {
    let mut asked = Asked::default();
    let empty = Map::default();
    let all = object.metadata("annotations").and_then(Node::as_map).unwrap_or(&empty);
    // ingress-nginx takes a text without one for no annotation.
    let text = |name: &str| {
        let text = all.get(&format!("{PREFIX}{name}")).and_then(Node::as_text).map(str::trim);
        text.filter(|text| !text.is_empty())
    };
    // Others mean something else with it.
    asked.passthrough = text("ssl-passthrough").and_then(boolean) == Some(true);
    asked.canary = (text("canary").and_then(boolean) == Some(true)).then(|| Canary::read(text));
    for entry in all {
        let key = entry.key.as_ref();
        let mut say = |severity, code, message: String, hint: &'static str| {
            let path = Path::ROOT.key("metadata").key("annotations").key(key);
            out.push(object.say(Diagnostic::new(code, severity, path, message).about_key().hint(hint)));
        };
        let Some(name) = key.strip_prefix(PREFIX) else { continue };
        let value = entry.value.as_text().unwrap_or_default().trim();
        if value.is_empty() {
            continue;
        }
        if asked.canary.is_some() {
            if let Some(lost) = Canary::loses(name) {
                say(Severity::Warning, NO_PLACE, format!("`{name}` {lost}"), "use a header or a weight");
            }
            continue;
        }
        match asked.take(name, value) {
            Taken::Yes => {}
            Taken::With(message) => say(Severity::Warning, ANNOTATION, message, "see whether that is enough"),
            Taken::No => {
                let (severity, code, message, hint) = lost(name, value);
                say(severity, code, message, hint);
            }
        }
    }
    if asked.canary.is_none() {
        asked.redirect = redirect(text, |severity, code, name, message, hint| {
            let found = Diagnostic::new(code, severity, place(name), message).about_key();
            out.push(object.say(found.hint(hint)));
        });
        asked.cors = Cors::read(text, |name, message| {
            let found = Diagnostic::warning(ANNOTATION, place(name), message).about_key();
            out.push(object.say(found.hint("see whether that is enough")));
        });
    }
    asked
}

/// What is said of an annotation that is not carried over: severity, code, message and hint.
fn lost(name: &str, value: &str) -> (Severity, Code, String, &'static str) {
    let row = counterparts::of(name);
    let has = row.and_then(|row| row.counterpart).map(|has| format!("Gateway API has {has}"));
    if row.is_some_and(|row| row.protects) {
        let has = has.map_or_else(
            || "Gateway API has no words for it".to_owned(),
            |has| format!("is not carried over; {has}"),
        );
        let message = format!("`{name}` may keep requests away, and {has}");
        let hint =
            "protect the routes, with the controller's own policy if need be, before traffic goes there";
        return (Severity::Error, PROTECTION, message, hint);
    }
    let (message, hint) = match (row, has) {
        (_, Some(has)) => (
            format!("`{name}: {value}` is not carried over; {has}"),
            "see whether it is needed; if it is, write it into the values",
        ),
        (Some(_), None) => (
            format!("`{name}: {value}` has no counterpart in Gateway API"),
            "see whether it is needed; if it is, the controller may have a policy of its own for it",
        ),
        (None, None) => {
            (format!("`{name}: {value}` is not known, and not carried over"), "see whether it is needed")
        }
    };
    (Severity::Warning, NO_PLACE, message, hint)
}

/// A boolean as ingress-nginx reads one. Source: Go, `strconv.ParseBool`.
pub(super) fn boolean(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "TRUE" | "true" | "True" => Some(true),
        "0" | "f" | "F" | "FALSE" | "false" | "False" => Some(false),
        _ => None,
    }
}

/// Whether an annotation was taken.
enum Taken {
    Yes,
    /// With a difference.
    With(String),
    No,
}

impl Asked {
    fn take(&mut self, name: &str, value: &str) -> Taken {
        let is_on = boolean(value) == Some(true);
        match name {
            "ssl-redirect" => self.ssl_redirect = Some(is_on),
            "force-ssl-redirect" => self.force_ssl_redirect = is_on,
            "use-regex" => self.regex = is_on,
            "rewrite-target" => self.rewrite = Some(value.to_owned()),
            "app-root" => match plain_path(value) {
                Ok(()) => self.app_root = Some(value.to_owned()),
                Err(why) => return Taken::With(format!("`app-root: {value}` {why}: left out")),
            },
            "upstream-vhost" if !value.contains('$') => self.backend_host = Some(value.to_owned()),
            "server-alias" if !value.contains('~') => {
                let aliases = value.split(',').map(|alias| alias.trim().to_owned());
                self.aliases = aliases.filter(|alias| !alias.is_empty()).collect();
            }
            // Read together or before, and where it is off nothing is asked for.
            "permanent-redirect"
            | "permanent-redirect-code"
            | "temporal-redirect"
            | "temporal-redirect-code"
            | "ssl-passthrough" => {}
            // Those of a canary are read with it, and ignored without.
            _ if name == "canary" || name.starts_with("canary-") => {}
            // Read together.
            _ if name == "enable-cors" || name.starts_with("cors-") => {}
            "backend-protocol" => return self.speak(value),
            // Told of with the routes, of which those of gRPC have none.
            "proxy-read-timeout" => {
                self.timeout = value.parse().ok().filter(|seconds| SECONDS.contains(seconds));
                if self.timeout.is_none() {
                    return Taken::No;
                }
            }
            _ => return Taken::No,
        }
        Taken::Yes
    }

    fn speak(&mut self, value: &str) -> Taken {
        // ingress-nginx takes it in any case of letters.
        match value.to_ascii_uppercase().as_str() {
            "HTTP" => Taken::Yes,
            // What the Service speaks is then between it and the client.
            _ if self.passthrough => Taken::Yes,
            "GRPC" => {
                self.speech = Speech::Grpc;
                Taken::Yes
            }
            protocol if !PROTOCOLS.contains(&protocol) => Taken::With(format!(
                "`backend-protocol: {value}` is none that ingress-nginx knows: requests go to the Service by HTTP, as there"
            )),
            _ => Taken::With(format!(
                "`backend-protocol: {value}` is not carried over: requests go to the Service in clear text; HTTPS \
                 takes a BackendTLSPolicy of the Service"
            )),
        }
    }
}

/// The redirect of all paths, and what is said of its annotation.
fn redirect<'t>(
    text: impl Fn(&str) -> Option<&'t str>,
    mut say: impl FnMut(Severity, Code, &'static str, String, &'static str),
) -> Option<Sent> {
    let of = |name, code, default| Some((name, text(name)?, text(code), default));
    let (name, url, code, default) = of("temporal-redirect", "temporal-redirect-code", 302)
        .or_else(|| of("permanent-redirect", "permanent-redirect-code", 301))?;
    match Redirect::read(url, code, default) {
        Ok(redirect) => Some(Sent::To(redirect)),
        Err(NoRedirect::Ignored(takes)) => {
            let message = format!("`{name}: {url}` is ignored, as ingress-nginx takes only {takes}");
            say(Severity::Warning, ANNOTATION, name, message, "the backend answers, as it does there");
            None
        }
        Err(NoRedirect::Unsaid(why)) => {
            let message = format!("`{name}: {url}` {why}: its paths are left out");
            say(
                Severity::Error,
                REDIRECT,
                name,
                message,
                "write a redirect that comes near, or let a Service answer",
            );
            Some(Sent::Unsaid)
        }
    }
}
