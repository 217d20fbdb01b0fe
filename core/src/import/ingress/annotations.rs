//! Annotations of ingress-nginx: what they ask for, and which of them Gateway API cannot say.
//!
//! Source of their meaning: ingress-nginx v1.12.1, `docs/user-guide/nginx-configuration/annotations.md`.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::super::fitting::NO_PLACE;
use super::super::objects::Object;
use super::canary::Canary;
use super::cert_manager;
use super::cors::Cors;
use super::counterparts;
use super::read::INGRESS_MALFORMED;
use super::sent::{self, Sent};
use super::targets::plain_path;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::hostname::Hostname;
use crate::path::Path;
use crate::shorten::listed;
use crate::tree::Node;
use crate::values::quoted;

/// An annotation with a value that ingress-nginx would not take either, or that Gateway API has no words for.
pub(super) const ANNOTATION: Code = Code("import-annotation");
/// An annotation that keeps requests away, and that Gateway API cannot say.
const PROTECTION: Code = Code("import-protection-lost");

/// Seconds that a timeout may have. Source: Gateway API v1.6.1, `Duration`: five digits; 0 stands for none.
const SECONDS: std::ops::RangeInclusive<i64> = 1..=99_999;

/// What the names of ingress-nginx's annotations start with.
pub(super) const PREFIX: &str = "nginx.ingress.kubernetes.io/";
/// What `backend-protocol` may say; for others ingress-nginx speaks HTTP. `AUTO_HTTP` speaks what the request does.
///
/// Source: ingress-nginx v1.12.1, `internal/ingress/annotations/backendprotocol/main.go`; AJP is of older releases.
const PROTOCOLS: [(&str, Speech); 7] = [
    ("AJP", Speech::Unspoken("AJP")),
    ("AUTO_HTTP", Speech::Encrypted("AUTO_HTTP")),
    ("FCGI", Speech::Unspoken("FCGI")),
    ("GRPC", Speech::Grpc),
    ("GRPCS", Speech::Encrypted("GRPCS")),
    ("HTTP", Speech::Http),
    ("HTTPS", Speech::Encrypted("HTTPS")),
];
/// Annotations that are on or off.
const BOOLEANS: [&str; 6] =
    ["canary", "enable-cors", "force-ssl-redirect", "ssl-passthrough", "ssl-redirect", "use-regex"];
/// The class, as it was written before `spec.ingressClassName`.
pub(super) const CLASS: &str = "kubernetes.io/ingress.class";

/// What backends speak.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Speech {
    #[default]
    Http,
    Grpc,
    /// A protocol with TLS, which a route does not ask for.
    Encrypted(&'static str),
    /// A protocol that no route speaks.
    Unspoken(&'static str),
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
    /// Those that are host names; present where there are expressions alone too, for later Ingresses' are ignored then.
    pub(super) aliases: Option<Vec<String>>,
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
    let all = texts(object, out);
    let text = |name: &str| all.get(name).map(AsRef::as_ref);
    // Others mean something else with it.
    asked.canary = (text("canary").and_then(boolean) == Some(true)).then(|| Canary::read(text));
    for (name, value) in &all {
        let (name, value) = (*name, value.as_ref());
        let mut say = |severity, code, message: String, hint: &'static str| {
            let found = Diagnostic::new(code, severity, place(name), message).about_key();
            out.push(object.say(found.hint(hint)));
        };
        if BOOLEANS.contains(&name) && boolean(value).is_none() {
            let message = format!("`{name}: {value}` is no boolean, and ignored, as in ingress-nginx");
            say(Severity::Warning, ANNOTATION, message, "write `\"true\"` or `\"false\"`");
            continue;
        }
        if asked.canary.is_some() {
            if let Some(lost) = Canary::loses(name, value) {
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
        asked.redirect = sent::read(text, |severity, code, name, message, hint| {
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

/// The texts of ingress-nginx's annotations by the names without [`PREFIX`]; says of each that is none. One without a
/// character is for ingress-nginx as if it were not there.
fn texts<'o>(object: &'o Object<'_>, out: &mut Vec<Diagnostic>) -> BTreeMap<&'o str, Cow<'o, str>> {
    let mut texts = BTreeMap::new();
    for entry in object.metadata("annotations").and_then(Node::as_map).into_iter().flatten() {
        let Some(name) = entry.key.strip_prefix(PREFIX).filter(|_| !entry.value.is_null()) else { continue };
        let text = entry.value.as_text().map_or_else(
            || {
                let word = entry.value.type_word();
                let message =
                    format!("{word} in place of a string, which no API server takes: read as if it were one");
                let found = Diagnostic::warning(INGRESS_MALFORMED, place(name), message);
                out.push(object.say(found.hint("put it in quotes")));
                Cow::Owned(serde_json::to_string(&entry.value).unwrap_or_default())
            },
            |text| Cow::Borrowed(text.trim()),
        );
        if !text.is_empty() {
            texts.insert(name, text);
        }
    }
    texts
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
            "ssl-passthrough" => self.passthrough = is_on,
            "use-regex" => self.regex = is_on,
            "rewrite-target" => self.rewrite = Some(value.to_owned()),
            "app-root" => match plain_path(value) {
                Ok(()) => self.app_root = Some(value.to_owned()),
                Err(why) => return Taken::With(format!("`app-root: {value}` {why}: left out")),
            },
            "upstream-vhost" if !value.contains('$') => self.backend_host = Some(value.to_owned()),
            "server-alias" => {
                let aliases = value.split(',').map(str::trim).filter(|alias| !alias.is_empty());
                // nginx compares names in any case of letters.
                let (names, others): (Vec<&str>, Vec<&str>) =
                    aliases.partition(|alias| Hostname::canonical(&alias.to_ascii_lowercase()).is_ok());
                let is_any = !names.is_empty() || !others.is_empty();
                self.aliases = is_any.then(|| names.into_iter().map(str::to_ascii_lowercase).collect());
                if !others.is_empty() {
                    let others = listed(others.into_iter().map(quoted));
                    return Taken::With(format!(
                        "{others} of `server-alias` is no host name that a route takes: left out"
                    ));
                }
            }
            // Read together.
            "permanent-redirect"
            | "permanent-redirect-code"
            | "temporal-redirect"
            | "temporal-redirect-code" => {}
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
        let word = value.to_ascii_uppercase();
        let Some((_, speech)) = PROTOCOLS.iter().find(|(known, _)| *known == word) else {
            return Taken::With(format!(
                "`backend-protocol: {value}` is none that ingress-nginx knows: requests go to the Service by HTTP, as there"
            ));
        };
        // Told of with the routes: where TLS is passed through the Service may get no request by them.
        self.speech = *speech;
        Taken::Yes
    }
}
