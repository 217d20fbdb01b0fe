//! Derived names: the templates under `names`, and the ones nobody can change.

use std::io;

use minijinja::{Environment, ErrorKind, UndefinedBehavior, context};

use crate::Scope;
use crate::diagnostic::{Code, Diagnostic};
use crate::hostname::LABEL_MAX;
use crate::limits::OBJECT_NAME_MAX;
use crate::path::Path;
use crate::values::{Service, Values, quoted};

/// A template of `names` that cannot be read or rendered.
const BAD_TEMPLATE: Code = Code("bad-template");

/// Steps one rendering may take before it is stopped: a name needs a few dozen, an endless loop takes any number.
const FUEL: u64 = 10_000;

/// Labels of pods, Services and the relay start here where neither release nor chart has a name.
const DEFAULT_CHART: &str = "gatewright";

/// Compiled templates.
pub(super) struct Names<'v> {
    environment: Environment<'v>,
    scope: &'v Scope,
}

impl<'v> Names<'v> {
    /// Compiles both templates; one that cannot be read is an error, and renders as nothing.
    pub(super) fn compile(values: &'v Values<'v>, scope: &'v Scope, out: &mut Vec<Diagnostic>) -> Self {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_fuel(Some(FUEL));
        for (name, source) in [("route", values.route_name), ("hostname", values.route_hostname)] {
            if let Err(error) = environment.add_template(name, source) {
                out.push(bad_template(name, &error, None));
            }
        }
        Self { environment, scope }
    }

    /// The name of a service's derived route; empty after an error.
    pub(super) fn route(&self, service: &Service<'_>, out: &mut Vec<Diagnostic>) -> String {
        self.render("route", service, out)
    }

    /// The host name of a service's derived route; empty after an error.
    pub(super) fn hostname(&self, service: &Service<'_>, out: &mut Vec<Diagnostic>) -> String {
        self.render("hostname", service, out)
    }

    fn render(&self, name: &str, service: &Service<'_>, out: &mut Vec<Diagnostic>) -> String {
        let Ok(template) = self.environment.get_template(name) else { return String::new() };
        let context = context! {
            service => service.name.as_ref(),
            namespace => service.namespace.unwrap_or(&self.scope.namespace),
            release => self.scope.release.as_str(),
            protocol => service.protocol.word(),
            port => service.port,
        };
        let mut text = Bounded(Vec::new());
        let rendered = template.render_captured_to(context, &mut text).map(|_| ());
        let rendered = rendered.map(|()| String::from_utf8_lossy(&text.0).into_owned());
        rendered.unwrap_or_else(|error| {
            // One fault in a template would repeat for every service.
            if !out.iter().any(|earlier| earlier.code == BAD_TEMPLATE) {
                out.push(bad_template(name, &error, Some(service)));
            }
            String::new()
        })
    }
}

/// A buffer that takes what a name may have and a little more, so that the message can show it.
struct Bounded(Vec<u8>);

impl io::Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        const MOST: usize = 1024;
        if self.0.len() + bytes.len() > MOST {
            return Err(io::Error::other(format!(
                "makes more than {MOST} bytes, but a name has at most {OBJECT_NAME_MAX}"
            )));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn bad_template(name: &str, error: &minijinja::Error, service: Option<&Service<'_>>) -> Diagnostic {
    let what = match error.kind() {
        ErrorKind::OutOfFuel => format!("takes more than {FUEL} steps, but a name may take no more"),
        _ => error.to_string(),
    };
    let about = service.map_or_else(String::new, |service| format!(" for service {}", quoted(&service.name)));
    Diagnostic::error(BAD_TEMPLATE, Path::ROOT.key("names").key(name), format!("template{about}: {what}"))
        .hint("known names: service, namespace, release, protocol, port")
}

/// Helm's usual full name: `fullnameOverride`, else release and chart, without saying one twice.
///
/// An alias of the chart may hold capitals and underscores, which no object's name may; it is cut to
/// leave room for a suffix.
pub(super) fn fullname(values: &Values<'_>, scope: &Scope) -> String {
    const ROOM_FOR_SUFFIX: usize = 10;
    let chart =
        values.name_override.unwrap_or(if scope.chart.is_empty() { DEFAULT_CHART } else { &scope.chart });
    let name = match values.fullname_override {
        Some(fullname) => fullname.to_owned(),
        None if scope.release.is_empty() => chart.to_owned(),
        None if scope.release.contains(chart) => scope.release.clone(),
        None => format!("{}-{chart}", scope.release),
    };
    let name: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' })
        .take(LABEL_MAX - ROOM_FOR_SUFFIX)
        .collect();
    let name = name.trim_matches('-');
    if name.is_empty() { DEFAULT_CHART.to_owned() } else { name.to_owned() }
}
