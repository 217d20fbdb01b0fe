//! Cross-origin requests: `enable-cors` and `cors-*`, as a filter of HTTPRoutes.
//!
//! Source: ingress-nginx v1.12.1, `internal/ingress/annotations/cors/main.go` for defaults and for what it takes, and
//! `buildCorsOriginRegex` of `internal/ingress/controller/template/template.go`; Gateway API v1.6.1, `HTTPCORSFilter`.

use super::annotations::boolean;
use crate::plan::is_origin;
use crate::release::Target;
use crate::tree::Node;

/// What ingress-nginx allows where nobody says otherwise.
const METHODS: &str = "GET, PUT, POST, DELETE, PATCH, OPTIONS";
const HEADERS: &str = "DNT,Keep-Alive,User-Agent,X-Requested-With,If-Modified-Since,Cache-Control,Content-Type,Range,Authorization";
/// Seconds.
const MAX_AGE: i64 = 1_728_000;

/// Seconds that a preflight answer may hold. Source: Gateway API v1.6.1, `maxAge` minimum and format.
const MAX_AGES: std::ops::RangeInclusive<i64> = 1..=i32::MAX as i64;

/// Every origin, method or header.
const ANY: &str = "*";

/// Who may send requests from other origins, and which.
#[derive(Clone, Debug)]
pub(super) struct Cors {
    origins: Vec<String>,
    has_credentials: bool,
    methods: Vec<String>,
    headers: Vec<String>,
    exposed: Vec<String>,
    max_age: i64,
}

impl Cors {
    /// From the texts of the annotations; nothing where it is off or no origin is left. Says of each annotation what
    /// becomes of it that is not the same.
    pub(super) fn read<'t>(
        text: impl Fn(&str) -> Option<&'t str>,
        mut say: impl FnMut(&'static str, String),
    ) -> Option<Self> {
        if text("enable-cors").and_then(boolean) != Some(true) {
            return None;
        }
        let origins = origins(text("cors-allow-origin").unwrap_or(ANY), &mut say);
        if origins.is_empty() {
            say(
                "cors-allow-origin",
                "no origin is left of `cors-allow-origin`, so that there is no filter".to_owned(),
            );
            return None;
        }
        let wanted = text("cors-allow-credentials").and_then(boolean).unwrap_or(true);
        let has_credentials = wanted && origins != [ANY];
        if wanted && !has_credentials {
            let message = "`enable-cors` for every origin: `allowCredentials` is left out. nginx answers `*`, to which browsers \
                           give no credentials; Gateway API would name each origin and let them in";
            say("enable-cors", message.to_owned());
        }
        let mut of = |name: &'static str, default: &'static str, more: &str| {
            let takes = |c: char| c.is_ascii_alphanumeric() || ", ".contains(c) || more.contains(c);
            let given = text(name);
            let taken = given.filter(|given| given.chars().all(takes));
            if let Some(refused) = given.filter(|_| taken.is_none()) {
                say(
                    name,
                    format!(
                        "`{name}: {refused}` has characters that ingress-nginx refuses: its default holds, as there"
                    ),
                );
            }
            list(taken.unwrap_or(default))
        };
        let mut methods = of("cors-allow-methods", METHODS, "");
        let headers = of("cors-allow-headers", HEADERS, "-_");
        let exposed = of("cors-expose-headers", "", "-_*");
        let is_known = |method: &String| METHODS_KNOWN.contains(&method.as_str());
        let unknown: Vec<String> =
            methods.iter().filter(|method| !is_known(method)).map(|method| format!("`{method}`")).collect();
        if !unknown.is_empty() {
            let message = format!(
                "{} of `cors-allow-methods`: no method that Gateway API takes, and left out",
                unknown.join(", ")
            );
            say("cors-allow-methods", message);
            methods.retain(is_known);
        }
        for (name, is_taken) in [
            (
                "cors-allow-credentials",
                text("cors-allow-credentials").is_none_or(|text| boolean(text).is_some()),
            ),
            ("cors-max-age", text("cors-max-age").is_none_or(|text| text.parse::<i64>().is_ok())),
        ] {
            if !is_taken {
                let refused = text(name).unwrap_or_default();
                say(name, format!("`{name}: {refused}` is ignored, as in ingress-nginx: its default holds"));
            }
        }
        let written = text("cors-max-age").and_then(|seconds| seconds.parse().ok()).unwrap_or(MAX_AGE);
        let max_age = written.clamp(*MAX_AGES.start(), *MAX_AGES.end());
        if max_age != written {
            let (least, most) = (MAX_AGES.start(), MAX_AGES.end());
            let message = format!(
                "`cors-max-age: {written}` becomes {max_age}, as Gateway API takes {least} to {most} seconds"
            );
            say("cors-max-age", message);
        }
        Some(Self { origins, has_credentials, methods, headers, exposed, max_age })
    }

    /// The settings of a filter.
    pub(super) fn settings<'a>(&self) -> Node<'a> {
        let texts = |texts: &[String]| Node::list(texts.iter().cloned().map(Node::text));
        let mut settings =
            Node::map([("allowOrigins", texts(&self.origins)), ("maxAge", Node::integer(self.max_age))]);
        if self.has_credentials {
            settings = settings.with("allowCredentials", Node::boolean(true));
        }
        let lists = [
            ("allowMethods", &self.methods),
            ("allowHeaders", &self.headers),
            ("exposeHeaders", &self.exposed),
        ];
        for (key, list) in lists {
            if !list.is_empty() {
                settings = settings.with(key, texts(list));
            }
        }
        settings
    }
}

/// Methods that a filter takes. Source: Gateway API v1.6.1, `HTTPMethodWithWildcard`; nginx takes no `*` for one.
const METHODS_KNOWN: [&str; 9] =
    ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"];

/// Origins that Gateway API takes; every one where `*` is among them.
fn origins(text: &str, say: &mut impl FnMut(&'static str, String)) -> Vec<String> {
    let all = list(text);
    if all.iter().any(|origin| origin == ANY) {
        return vec![ANY.to_owned()];
    }
    let mut kept = Vec::new();
    for origin in all {
        if !is_origin(&origin, Target::DEFAULT.release) {
            let message =
                format!("`{origin}` of `cors-allow-origin` is no origin that Gateway API takes: left out");
            say("cors-allow-origin", message);
            continue;
        }
        if origin.contains(ANY) {
            let message = format!("`{origin}` is one label for nginx, and any number of them in Gateway API");
            say("cors-allow-origin", message);
        }
        kept.push(origin);
    }
    kept
}

/// The parts of a list with commas, each once.
fn list(text: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for part in text.split([',', ' ']).filter(|part| !part.is_empty()) {
        if !parts.iter().any(|known| known == part) {
            parts.push(part.to_owned());
        }
    }
    parts
}
