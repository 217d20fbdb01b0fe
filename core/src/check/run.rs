//! One check: texts in, a report out. An object's tree is dropped once it was judged by itself; what the
//! rules between objects need of it stays in the model.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::chunks::Chunks;
use super::context::Seen;
use super::controller::{self, Feature, Use};
use super::ignore;
use super::model::{self, Model};
use super::not_checked::{self, BUILT_IN, NOT_CHECKED};
use super::objects::{each_known, each_object, identity};
use super::repetitions::{Key, key, repeated, repetitions};
use super::report::{Identity, Judged, Report, Source};
use super::rule::{self, Context};
use super::settings::Settings;
use super::{api, attach};
use crate::diagnostic::{self, Code, Diagnostic, Level, Severity};
use crate::path::Path;
use crate::tree::Node;
use crate::tree::yaml::{self, Limits};

/// A document that is no Kubernetes object.
pub const NOT_AN_OBJECT: Code = Code("not-an-object");

/// For manifests of a whole cluster: about 100,000 objects. A larger text is not read at all (`yaml-limit`).
pub const LIMITS: Limits = Limits { bytes: 256 << 20, documents: usize::MAX, ..Limits::NATIVE };

/// What is said of an object whose kind no table here has.
#[derive(Debug)]
pub struct Verdict {
    /// Whether an API server would take it; absent where that is not known.
    pub allowed: Option<bool>,
    /// What was found.
    pub diagnostics: Vec<Diagnostic>,
}

/// Judges an object whose kind no table here has; `None` where its kind is not known there either. Is given the
/// object and what it was before an update.
pub type Others<'j> = dyn FnMut(&Node<'_>, Option<&Node<'_>>) -> Option<Verdict> + 'j;

/// A check under way.
#[derive(Debug)]
pub struct Run<'a> {
    settings: &'a Settings,
    chunks: Chunks<'a>,
    results: Vec<Judged<'a>>,
    model: Model<'a>,
    /// What is there already, and nothing of the input.
    context: Model<'a>,
    /// Features that the named controller lacks, and what of the input uses them.
    lacking: Vec<&'static Feature>,
    uses: Vec<Use>,
    /// Objects as they were before an update.
    before: BTreeMap<Key<'a>, Node<'a>>,
    in_context: Seen,
    /// What the input has, once the context is read.
    seen: Option<BTreeSet<Key<'a>>>,
    not_checked: BTreeSet<(Cow<'a, str>, Cow<'a, str>)>,
}

impl<'a> Run<'a> {
    /// A check that has seen nothing yet.
    pub fn new(settings: &'a Settings) -> Self {
        Self {
            settings,
            chunks: Chunks::default(),
            results: Vec::new(),
            model: Model::default(),
            context: Model::default(),
            lacking: settings.controller().map(controller::lacking).unwrap_or_default(),
            uses: Vec::new(),
            before: BTreeMap::new(),
            in_context: Seen::default(),
            seen: None,
            not_checked: BTreeSet::new(),
        }
    }

    /// Reads objects as they were before the update that is judged. Gives the text's own faults.
    pub fn read_before(&mut self, text: &'a str, source: u16) -> Vec<Diagnostic> {
        let mut faults = Vec::new();
        yaml::each(text, source, &LIMITS, &mut faults, |node, _| {
            each_object(node, &mut |node| {
                if let Some(key) = key(&identity(&node), &self.settings.namespace) {
                    self.before.insert(key, node);
                }
            });
        });
        faults
    }

    /// Judges every object of a text by itself. Gives the text's own faults: with an error among them,
    /// at least one document could not be read.
    pub fn read(&mut self, text: &'a str, source: u16) -> Vec<Diagnostic> {
        self.read_with(text, source, &mut |_, _| None)
    }

    /// The same; `others` judges kinds without a table here.
    pub fn read_with(&mut self, text: &'a str, source: u16, others: &mut Others<'_>) -> Vec<Diagnostic> {
        self.each(text, source, &mut |run, node, source| run.judge(node, source, others))
    }

    /// Reads objects that are there already, after the whole input: they count for what is judged between
    /// objects, unless the input has them anew, and are not judged by themselves. Gives the text's own faults.
    pub fn read_context(&mut self, text: &'a str, source: u16) -> Vec<Diagnostic> {
        if self.seen.is_none() {
            let objects = self.results.iter().filter_map(|judged| judged.object.as_ref());
            self.seen =
                Some(objects.filter_map(|identity| key(identity, &self.settings.namespace)).collect());
        }
        let mut strangers = Vec::new();
        let mut faults = self.each(text, source, &mut |run, node, source| {
            // In a bare list each object has its own line.
            each_known(node, &mut |node| {
                let source = Source { line: node.position.line.max(1), ..source };
                if let Some(node) = run.in_context.look(node, &run.settings.namespace, &mut strangers) {
                    run.take_in(node, source);
                }
            });
        });
        faults.append(&mut strangers);
        faults
    }

    fn each(
        &mut self,
        text: &'a str,
        source: u16,
        take: &mut dyn FnMut(&mut Self, Node<'a>, Source),
    ) -> Vec<Diagnostic> {
        let mut faults = Vec::new();
        let mut document = 0;
        yaml::each(text, source, &LIMITS, &mut faults, |node, chunk| {
            if node.is_null() {
                return;
            }
            document += 1;
            self.chunks.note(chunk, source, self.results.len());
            each_object(node, &mut |node| {
                let source = Source { text: source, document, line: node.position.line.max(1) };
                take(self, node, source);
            });
        });
        faults
    }

    /// Judges what was read together, and ends.
    pub fn finish(mut self) -> Report<'a> {
        let repetitions = repetitions(&self.results, &self.settings.namespace);
        let superseded: BTreeSet<usize> = repetitions.iter().map(|(earlier, _)| *earlier).collect();
        self.model.leave_out(&superseded);
        self.context.leave_out(&superseded);
        self.uses.retain(|used| !superseded.contains(&used.object));
        self.model.take_ages(&self.context);
        let mut findings = self.between(&self.model, &self.uses);
        if self.results.iter().any(|judged| judged.in_context) {
            let before = self.between(&self.context, &[]);
            for (object, found) in &mut findings {
                if let Some(known) = before.get(object) {
                    let known: BTreeSet<Finding<'_>> = known.iter().map(finding).collect();
                    found.retain(|found| !known.contains(&finding(found)));
                }
            }
        }
        for (earlier, later) in repetitions {
            if let Some(found) = repeated(&self.results, earlier, later) {
                findings.entry(later).or_default().push(found);
            }
        }
        self.chunks.place(&mut findings, &LIMITS);
        for (object, found) in findings {
            if let Some(judged) = self.results.get_mut(object) {
                judged.diagnostics.extend(found);
                diagnostic::sort(&mut judged.diagnostics);
            }
        }
        let mut hidden = 0;
        let known = ignore::known();
        for judged in &mut self.results {
            // Of the context nothing is said that is not new.
            if !judged.in_context || !judged.diagnostics.is_empty() {
                ignore::apply(judged, &known);
            }
            judged.diagnostics.retain(|diagnostic| {
                let wanted = self.settings.wants(diagnostic);
                hidden += usize::from(!wanted && diagnostic.is_refusal());
                wanted
            });
        }
        self.results.retain(|judged| !judged.in_context || !judged.diagnostics.is_empty());
        Report { results: self.results, model: self.model, hidden }
    }

    /// What the rules between objects find, by the index of the object.
    fn between(&self, model: &Model<'a>, uses: &[Use]) -> BTreeMap<usize, Vec<Diagnostic>> {
        let attach = attach::attach(model, self.settings);
        let context = Context { model, attach: &attach, uses, settings: self.settings };
        let mut findings: BTreeMap<usize, Vec<Diagnostic>> = BTreeMap::new();
        for found in rule::check(&context) {
            findings.entry(found.object).or_default().push(found.diagnostic);
        }
        findings
    }

    /// Adds an object of the context to the models, with its defaults.
    fn take_in(&mut self, mut node: Node<'a>, source: Source) {
        let Settings { target, namespace, .. } = self.settings;
        let identity = identity(&node);
        if let Some(kind) = api::find(*target, &identity.api_version, &identity.kind) {
            api::default(kind, &mut node, *target);
        }
        let index = self.results.len();
        model::read(&node, index, namespace, &mut self.context);
        let key = key(&identity, namespace);
        if !key.is_some_and(|key| self.seen.as_ref().is_some_and(|seen| seen.contains(&key))) {
            model::read(&node, index, namespace, &mut self.model);
        }
        let ignored = ignore::asked(&node);
        let judged = Judged { in_context: true, ignored, ..Judged::of(source, Some(identity)) };
        self.results.push(judged);
    }

    /// Judges an object of the input by itself, and adds it to the model.
    fn judge(&mut self, mut node: Node<'a>, source: Source, others: &mut Others<'_>) {
        let identity = identity(&node);
        let index = self.results.len();
        let fault = if identity.kind.is_empty() || identity.api_version.is_empty() {
            Some(not_an_object(&node))
        } else if identity.kind == "List" && identity.api_version == "v1" {
            Some(no_list())
        } else {
            None
        };
        if let Some(fault) = fault {
            let mut diagnostics = vec![fault];
            diagnostic::locate(&mut diagnostics, &node);
            self.results.push(Judged { allowed: Some(false), diagnostics, ..Judged::of(source, None) });
            return;
        }
        let Verdict { allowed, mut diagnostics } = self.verdict(&identity, &mut node, others);
        diagnostic::locate(&mut diagnostics, &node);
        let ignored = ignore::asked(&node);
        model::read(&node, index, &self.settings.namespace, &mut self.model);
        controller::read(&node, index, &self.lacking, &mut self.uses);
        self.results.push(Judged { allowed, diagnostics, ignored, ..Judged::of(source, Some(identity)) });
    }

    /// Whether an API server would take an object, by the tables here or by who else knows its kind. Fills in
    /// what it leaves out.
    fn verdict(&mut self, identity: &Identity<'a>, node: &mut Node<'a>, others: &mut Others<'_>) -> Verdict {
        let Settings { target, namespace, .. } = self.settings;
        let Identity { api_version, kind, .. } = identity;
        let before = key(identity, namespace).and_then(|key| self.before.get(&key));
        if let Some(kind) = api::find(*target, api_version, kind) {
            let diagnostics = api::check(kind, node, before, *target);
            return Verdict { allowed: Some(diagnostics.is_empty()), diagnostics };
        }
        // Groups without a CRD have no kinds but Kubernetes' own.
        let group = identity.group();
        if api::GROUPS.contains(&group) || BUILT_IN.contains(&group) && api::is_kind(*target, kind) {
            let diagnostics = vec![api::not_served(*target, api_version, kind)];
            return Verdict { allowed: Some(false), diagnostics };
        }
        others(node, before).unwrap_or_else(|| {
            // Once of each kind, of an object that does not ask to leave it out.
            let first = !ignore::leaves_out(node, NOT_CHECKED)
                && self.not_checked.insert((api_version.clone(), kind.clone()));
            let diagnostics = if first { vec![not_checked::finding(identity, *target)] } else { Vec::new() };
            Verdict { allowed: None, diagnostics }
        })
    }
}

/// Says of a document that it is no object.
pub(crate) fn not_an_object(node: &Node<'_>) -> Diagnostic {
    let message = format!("{} without `apiVersion` or `kind` is no Kubernetes object", node.type_word());
    Diagnostic::error(NOT_AN_OBJECT, Path::ROOT, message)
        .level(Level::Api)
        .hint("every document is one object; values are for `gatewright render`")
}

/// A list that could be taken apart is none by now.
fn no_list() -> Diagnostic {
    let message = "a List whose `items` are no list, or that stands in more lists than are taken apart: nothing in it is judged";
    Diagnostic::error(NOT_AN_OBJECT, Path::ROOT, message)
        .level(Level::Api)
        .hint("its objects stand in the list `items`")
}

/// What tells a finding from others of its object. Hints and sources may name neighbours that come and go.
type Finding<'d> = (&'static str, &'d Path, Severity, &'d str);

fn finding(diagnostic: &Diagnostic) -> Finding<'_> {
    let Diagnostic { code, path, severity, message, .. } = diagnostic;
    (code.0, path, *severity, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::{REPEATED, testing};

    const GATEWAY: &str = "
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gw, namespace: edge}
spec:
  gatewayClassName: c
  listeners: [{name: a, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: a, namespace: certs}]}}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: {name: c}
spec: {controllerName: example.com/c}
---
apiVersion: v1
kind: Secret
metadata: {name: a, namespace: certs}
";
    const GRANT: &str = "
apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata: {name: g, namespace: certs}
spec:
  from: [{group: gateway.networking.k8s.io, kind: Gateway, namespace: edge}]
  to: [{group: '', kind: Secret, name: a}]
";

    fn codes(report: &Report<'_>) -> Vec<&'static str> {
        let found = report.results.iter().flat_map(|judged| &judged.diagnostics);
        let codes = found.map(|diagnostic| diagnostic.code);
        codes.filter(|code| *code != NOT_CHECKED).map(|code| code.0).collect()
    }

    #[test]
    fn of_objects_of_one_name_the_last_counts() {
        let stale = GRANT.replace("edge", "elsewhere");
        let settings = testing::complete();
        for (one, other, expected) in [
            (GRANT, stale.as_str(), vec!["reference-not-permitted", "repeated-object"]),
            (&stale, GRANT, vec!["repeated-object"]),
        ] {
            let text = format!("{GATEWAY}---{one}---{other}");
            let mut run = Run::new(&settings);
            assert_eq!(run.read(&text, 0), []);
            let report = run.finish();
            assert_eq!(codes(&report), expected, "{text}");
            assert_eq!(report.model.grants.len(), 1);
        }
    }

    #[test]
    fn what_is_in_the_context_is_older_than_what_is_new_but_not_than_its_own_update() {
        let route = |name: &str, created: &str| {
            format!(
                "{{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {{name: {name}{created}}}, spec: \
                 {{parentRefs: [{{name: public}}], hostnames: [a.example.com], rules: [{{backendRefs: [{{name: s, port: 80}}]}}]}}}}\n"
            )
        };
        let gateway = "{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: public}, spec: \
                       {gatewayClassName: c, listeners: [{name: http, port: 80, protocol: HTTP}]}}\n";
        let on = |day: u8| format!(", creationTimestamp: '2026-01-0{day}T00:00:00Z'");
        let context = format!("{}---\n{}---\n{gateway}", route("first", &on(1)), route("second", &on(2)));
        let settings = Settings::new(testing::complete().target);
        for (input, expected) in [
            (route("new", ""), "HTTPRoute default/first matches"),
            (route("first", ""), ""),
            (route("second", ""), "HTTPRoute default/first matches"),
        ] {
            let mut run = Run::new(&settings);
            assert_eq!(run.read(&input, 0), []);
            assert_eq!(run.read_context(&context, 1), []);
            let report = run.finish();
            let own = report.results.iter().filter(|judged| !judged.in_context);
            let ties: Vec<_> = own
                .flat_map(|judged| &judged.diagnostics)
                .filter(|found| found.code.0 == "route-tie")
                .collect();
            assert_eq!(ties.is_empty(), expected.is_empty(), "{ties:?}");
            for tie in ties {
                assert!(
                    tie.message.starts_with(expected) && tie.message.contains("and gets the requests"),
                    "{tie}"
                );
            }
        }
    }

    #[test]
    fn of_objects_of_the_context_the_last_counts_that_the_input_does_not_have() {
        let stale = GRANT.replace("edge", "elsewhere");
        let settings = testing::complete();
        for (input, context, expected) in [
            (GATEWAY.to_owned(), format!("{stale}---{GRANT}"), vec![]),
            (GATEWAY.to_owned(), format!("{GRANT}---{stale}"), vec!["reference-not-permitted"]),
            (format!("{GATEWAY}---{GRANT}"), stale.clone(), vec![]),
            (format!("{GATEWAY}---{stale}"), GRANT.to_owned(), vec!["reference-not-permitted"]),
        ] {
            let mut run = Run::new(&settings);
            assert_eq!(run.read(&input, 0), []);
            let told: Vec<Code> = run.read_context(&context, 1).iter().map(|told| told.code).collect();
            assert_eq!(told, vec![REPEATED; context.matches("---").count()]);
            let report = run.finish();
            assert_eq!(codes(&report), expected, "{input}---{context}");
            assert_eq!(report.model.grants.len(), 1);
        }
    }

    #[test]
    fn an_object_of_a_bare_list_has_its_own_line() {
        let grant = GRANT.replace('\n', "\n  ");
        let context = format!("\n- {}\n- {}", grant.trim(), grant.trim().replace("{name: g", "{name: h"));
        let settings = testing::complete();
        let mut run = Run::new(&settings);
        assert_eq!(run.read_context(&context, 1), []);
        let lines: Vec<u32> = run.results.iter().map(|judged| judged.source.line).collect();
        assert_eq!(lines, [2, 8], "{context}");
    }

    #[test]
    fn a_list_that_holds_no_list_is_no_object() {
        let settings = testing::complete();
        for items in ["", ", item: [{}]", ", items: {}", ", items: null"] {
            let text = format!("{{apiVersion: v1, kind: List{items}}}");
            let mut run = Run::new(&settings);
            assert_eq!(run.read(&text, 0), []);
            assert_eq!(codes(&run.finish()), ["not-an-object"], "{text}");
        }
    }

    #[test]
    fn cluster_wide_objects_are_the_same_whatever_namespace_they_name() {
        let class = "{apiVersion: gateway.networking.k8s.io/v1, kind: GatewayClass, metadata: {name: c}, spec: {controllerName: a.b/OLD}}";
        let new = class.replace("{name: c}", "{name: c, namespace: zzz}").replace("OLD", "NEW");
        let settings = testing::complete();
        let mut run = Run::new(&settings);
        assert_eq!(run.read_before(class, 0), []);
        assert_eq!(run.read(&new, 1), []);
        assert_eq!(codes(&run.finish()), ["api-rule"]);
    }

    #[test]
    fn one_object_lets_off_itself_alone() {
        let settings = testing::complete();
        let text = "{apiVersion: foo.io/v1, kind: Foo, metadata: {name: a, annotations: {gatewright.dev/ignore: not-checked}}}
---
{apiVersion: foo.io/v1, kind: Foo, metadata: {name: b}}";
        let mut run = Run::new(&settings);
        assert_eq!(run.read(text, 0), []);
        let report = run.finish();
        assert!(report.results[1].diagnostics.iter().any(|found| found.code == NOT_CHECKED));
    }

    /// A hint names neighbours, and those of the input are new ones.
    #[test]
    fn what_the_context_had_is_no_news_where_only_a_hint_changes() {
        let service = "{apiVersion: v1, kind: Service, metadata: {name: s}, spec: {ports: [{port: 80}]}}";
        let route = "
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: r}
spec: {parentRefs: [{name: gw}], rules: [{backendRefs: [{name: s, port: 81}]}]}
";
        let settings = testing::complete();
        let mut run = Run::new(&settings);
        let input = service.replace("{port: 80}", "{port: 80}, {name: b, port: 8080}");
        assert_eq!(run.read(&input, 0), []);
        let context = format!("{service}\n---{route}");
        assert_eq!(run.read_context(&context, 1), []);
        let report = run.finish();
        assert_eq!(codes(&report), Vec::<&str>::new());
    }
}
