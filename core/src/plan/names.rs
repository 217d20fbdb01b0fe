//! Derived names: the templates under `names`.

mod pieces;

use std::cell::Cell;
use std::io;

use minijinja::{Environment, ErrorKind, UndefinedBehavior, context};
use pieces::Pieces;

use crate::Scope;
use crate::diagnostic::{Code, Diagnostic};
use crate::limits::OBJECT_NAME_MAX;
use crate::path::Path;
use crate::values::{HOSTNAME_TEMPLATE, Service, Values, quoted};

/// A template of `names` that cannot be read or rendered.
const BAD_TEMPLATE: Code = Code("bad-template");

/// Steps one rendering may take before it is stopped: a name needs a few dozen, an endless loop takes any number.
const FUEL: u64 = 10_000;

/// Most bytes of a template: the compiler goes down a level an operator, and a stack has an end.
const TEMPLATE_MAX: usize = 1024;

/// What a template may not hold. Blocks can double a variable again and again and `*` can repeat a text, both
/// beyond any memory within [`FUEL`]; an inline `if` does what a name needs.
const TEMPLATE_REFUSED: [&str; 2] = ["{%", "*"];

/// The key of the template for organizations.
const ORGANIZATION_HOSTNAME: &str = "organizationHostname";

/// What a name is made for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Subject<'s> {
    pub(super) service: &'s str,
    pub(super) namespace: &'s str,
    pub(super) protocol: &'static str,
    pub(super) port: u16,
    /// Whose service it is, for templates of organizations.
    pub(super) tenant: Option<Tenant<'s>>,
}

/// An organization and the domain below which it has its host names.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tenant<'s> {
    pub(super) org: &'s str,
    pub(super) base_domain: &'s str,
}

/// Compiled templates.
pub(super) struct Names<'v> {
    environment: Environment<'v>,
    route: Template<'v>,
    hostname: Template<'v>,
    organization_hostname: Template<'v>,
    scope: &'v Scope,
    /// Whether host names are made by the template that holds where the values have none.
    pub(super) hostname_is_default: bool,
    /// Whether a fault of a template has been said.
    is_refused: Cell<bool>,
}

/// One template of `names`.
struct Template<'v> {
    /// Its key in `names`, and its name in the environment.
    word: &'static str,
    /// Of a template that needs no engine.
    pieces: Option<Pieces<'v>>,
}

impl<'v> Names<'v> {
    /// Compiles the three templates; one that cannot be read is an error, and renders as nothing.
    pub(super) fn compile(values: &'v Values<'v>, scope: &'v Scope, out: &mut Vec<Diagnostic>) -> Self {
        let mut environment = Environment::empty();
        environment.add_filter("lower", |text: String| text.to_lowercase());
        environment.add_filter("upper", |text: String| text.to_uppercase());
        environment.add_filter("replace", replace);
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_fuel(Some(FUEL));
        let before = out.len();
        let route = compile("route", values.route_name, &mut environment, out);
        let hostname = compile("hostname", values.route_hostname, &mut environment, out);
        let organization_hostname =
            compile(ORGANIZATION_HOSTNAME, values.organizations.hostname, &mut environment, out);
        let is_refused = Cell::new(out.len() > before);
        let hostname_is_default = values.route_hostname == HOSTNAME_TEMPLATE;
        Self { environment, route, hostname, organization_hostname, scope, hostname_is_default, is_refused }
    }

    /// The name of a service's derived route; `None` after an error.
    pub(super) fn route(&self, service: &Service<'_>, out: &mut Vec<Diagnostic>) -> Option<String> {
        self.make(&self.route, &self.subject(service), out)
    }

    /// The host name of a service's derived route; `None` after an error.
    pub(super) fn hostname(&self, service: &Service<'_>, out: &mut Vec<Diagnostic>) -> Option<String> {
        self.make(&self.hostname, &self.subject(service), out)
    }

    /// The name of the route of an organization's service; `None` after an error.
    pub(super) fn organization_route(
        &self,
        subject: &Subject<'_>,
        out: &mut Vec<Diagnostic>,
    ) -> Option<String> {
        self.make(&self.route, subject, out)
    }

    /// The host name of an organization's service; `None` after an error.
    pub(super) fn organization_hostname(
        &self,
        subject: &Subject<'_>,
        out: &mut Vec<Diagnostic>,
    ) -> Option<String> {
        self.make(&self.organization_hostname, subject, out)
    }

    fn make(
        &self,
        template: &Template<'_>,
        subject: &Subject<'_>,
        out: &mut Vec<Diagnostic>,
    ) -> Option<String> {
        let pieces = template.pieces.as_ref();
        let made = pieces.and_then(|pieces| pieces.put_together(subject, &self.scope.release));
        // The engine says what is wrong with a longer one.
        made.filter(|name| name.len() <= OBJECT_NAME_MAX).or_else(|| self.render(template.word, subject, out))
    }

    fn subject<'s>(&'s self, service: &'s Service<'_>) -> Subject<'s> {
        Subject {
            service: &service.name,
            namespace: service.namespace.unwrap_or(&self.scope.namespace),
            protocol: service.protocol.word(),
            port: service.port,
            tenant: None,
        }
    }

    fn render(&self, name: &str, subject: &Subject<'_>, out: &mut Vec<Diagnostic>) -> Option<String> {
        let template = self.environment.get_template(name).ok()?;
        let Subject { service, namespace, protocol, port, tenant } = *subject;
        let of_release =
            context! { service, namespace, protocol, port, release => self.scope.release.as_str() };
        let context = match tenant {
            Some(Tenant { org, base_domain }) => context! { org, baseDomain => base_domain, ..of_release },
            None => of_release,
        };
        let mut text = Bounded(Vec::new());
        match template.render_captured_to(context, &mut text) {
            Ok(_) => Some(String::from_utf8_lossy(&text.0).into_owned()),
            Err(error) => {
                // One fault in a template would repeat for every service.
                if !self.is_refused.replace(true) {
                    let why = match error.kind() {
                        ErrorKind::OutOfFuel => {
                            format!("takes more than {FUEL} steps, but a name may take no more")
                        }
                        _ => error.to_string(),
                    };
                    out.push(bad_template(name, &why, Some(subject)));
                }
                None
            }
        }
    }
}

/// Compiles one template; one that cannot be read is an error.
fn compile<'v>(
    word: &'static str,
    source: &'v str,
    environment: &mut Environment<'v>,
    out: &mut Vec<Diagnostic>,
) -> Template<'v> {
    let refused = if source.len() > TEMPLATE_MAX {
        Some(format!("has {} bytes, but {TEMPLATE_MAX} is the most", source.len()))
    } else {
        TEMPLATE_REFUSED
            .into_iter()
            .find(|part| source.contains(part))
            .map(|part| format!("has `{part}`, but only expressions without it are taken"))
    };
    let fault =
        refused.or_else(|| environment.add_template(word, source).err().map(|error| error.to_string()));
    if let Some(why) = &fault {
        out.push(bad_template(word, why, None));
    }
    let pieces = if fault.is_some() { None } else { pieces::of(source) };
    Template { word, pieces }
}

/// `replace`, with a bound on what it makes: a chain of them would grow by powers.
#[expect(clippy::needless_pass_by_value, reason = "what minijinja hands to a filter is owned")]
fn replace(text: String, from: String, to: String) -> Result<String, minijinja::Error> {
    const MOST: usize = 4096;
    let count = if from.is_empty() { text.len() + 1 } else { text.matches(&from).count() };
    if text.len() + count * to.len() > MOST {
        return Err(minijinja::Error::new(
            ErrorKind::InvalidOperation,
            format!("replace makes more than {MOST} bytes"),
        ));
    }
    Ok(text.replace(&from, &to))
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

fn bad_template(name: &str, why: &str, subject: Option<&Subject<'_>>) -> Diagnostic {
    let about =
        subject.map_or_else(String::new, |subject| format!(" for service {}", quoted(subject.service)));
    let known = if name == ORGANIZATION_HOSTNAME { ", org, baseDomain" } else { "" };
    Diagnostic::error(BAD_TEMPLATE, Path::ROOT.key("names").key(name), format!("template{about}: {why}"))
        .hint(format!(
            "known names: service, namespace, release, protocol, port{known}; known filters: lower, upper, replace"
        ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::Node;
    use crate::tree::json;
    use crate::{Format, diagnostic};

    /// Errors of one service under a template of its host name, and what was rendered.
    fn hostname(template: &str) -> (Vec<&'static str>, String) {
        let service = Node::map([
            ("name", Node::text("my-web")),
            ("port", Node::integer(80)),
            ("endpoints", Node::list([Node::text("192.0.2.1")])),
        ]);
        let values = Node::map([
            ("names", Node::map([("hostname", Node::text(template.to_owned()))])),
            ("externalServices", Node::list([service])),
        ]);
        let rendered = crate::render(values, &Scope::default(), Format::Yaml);
        let errors =
            rendered.diagnostics.iter().filter(|found| found.severity == diagnostic::Severity::Error);
        (errors.map(|found| found.code.0).collect(), rendered.manifests.text)
    }

    #[test]
    fn expressions_and_three_filters_make_names() {
        let (errors, text) =
            hostname("{{ service | replace('-', '.') | lower }}.{{ 'a' if port == 80 else 'b' }}.example");
        assert!(errors.is_empty() && text.contains("- my.web.a.example\n"), "{errors:?} {text}");
    }

    #[test]
    fn templates_that_grow_without_end_are_refused() {
        let filters = "|upper".repeat(6000);
        let replaces = "|replace('a','aaaaaaaaaa')".repeat(20);
        for template in [
            "{% for a in service %}x{% endfor %}".to_owned(),
            "{{ 'a' * 1000000000 }}".to_owned(),
            format!("{{{{ service{filters} }}}}"),
            format!("{{{{ 'a'{replaces} }}}}"),
            "{{ service | indent(1000000000000) }}".to_owned(),
            "{{ debug() }}".to_owned(),
            "{{ nothing }}".to_owned(),
        ] {
            assert_eq!(hostname(&template).0, ["bad-template"], "{}", &template[..template.len().min(60)]);
        }
    }

    #[test]
    fn pieces_make_what_the_engine_makes() {
        let scope = Scope { release: "web".to_owned(), namespace: "edge".to_owned(), ..Scope::default() };
        for source in [
            "{{ service }}-route",
            "{{service}}.{{ namespace }}.{{  protocol  }}-{{ port }}.{{ release }}",
            "}} { {{ service }}} }} # % é",
            "a  ",
            "",
        ] {
            let mut root = json::read(
                r#"{"externalServices": [{"name": "a-1", "port": 80, "protocol": "GRPC", "endpoints": ["192.0.2.1"]}]}"#,
            )
            .expect("the test's own JSON");
            let mut out = Vec::new();
            let target = crate::values::parse(&mut root, &mut out);
            let values = Values { route_name: source, ..Values::read(&root, target, "edge", &mut out) };
            let names = Names::compile(&values, &scope, &mut out);
            let service = &values.services[0];
            let pieces = names.route.pieces.as_ref().expect(source);
            let subject = names.subject(service);
            let made = pieces.put_together(&subject, "web");
            assert_eq!(made, names.render("route", &subject, &mut out), "{source}");
            assert_eq!(out, []);
        }
    }

    #[test]
    fn a_fault_of_a_template_is_said_once() {
        let mut root =
            json::read(r#"{"externalServices": [{"name": "a", "port": 80, "endpoints": ["192.0.2.1"]}]}"#)
                .expect("the test's own JSON");
        let mut out = Vec::new();
        let target = crate::values::parse(&mut root, &mut out);
        let values = Values { route_name: "{{ nothing }}", ..Values::read(&root, target, "edge", &mut out) };
        let scope = Scope::default();
        let names = Names::compile(&values, &scope, &mut out);
        assert_eq!((names.route(&values.services[0], &mut out), out.len()), (None, 1));
        // What was said is known without a look at all that was said.
        let mut later = Vec::new();
        assert_eq!((names.route(&values.services[0], &mut later), later), (None, Vec::new()));
    }

    #[test]
    fn an_empty_host_name_is_none() {
        assert_eq!(hostname("{{ '' }}").0, ["bad-derived-name"]);
    }
}
