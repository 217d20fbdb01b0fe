//! CEL rules, once the structure holds.

use std::collections::BTreeMap;

use gatewright_core::path::Path;
use kube_cel::cel::{Context, ExecutionError, Program, Value as Cel};
use serde_json::Value;

use crate::finding::{Findings, What};
use crate::ratchet::{Ratchet, old_value};
use crate::schema::{Rule, Schema, Uniqueness};
use crate::structure::{shown, type_name};
use crate::{Begin, Step, functions, value};

/// The rules of a schema, each compiled when it is first needed.
pub(crate) struct Rules {
    context: Context<'static>,
    rules: Vec<Rule>,
    compiled: BTreeMap<usize, Result<Compiled, String>>,
}

struct Compiled {
    program: Program,
    is_transition: bool,
}

/// A value with what it was before, and where it stands.
#[derive(Clone, Copy)]
struct Place<'p, 'v> {
    schema: &'p Schema,
    value: &'v Value,
    old: Option<&'v Value>,
    /// What the innermost value around it, or it itself, was and is, of which can be told what it was.
    nearest: Option<(&'v Value, &'v Value)>,
    path: &'p Path,
}

impl Rules {
    pub(crate) fn new(rules: Vec<Rule>) -> Self {
        Self { context: functions::context(), rules, compiled: BTreeMap::new() }
    }

    /// Evaluates every rule at and below a value, outermost first.
    pub(crate) fn check<'v>(
        &mut self,
        schema: &Schema,
        object: &'v Value,
        old: Option<&'v Value>,
        ratchet: &mut Ratchet<'v>,
        begin: &mut Begin<'_>,
        findings: &mut Findings,
    ) {
        let nearest = old.map(|old| (old, object));
        let place = Place { schema, value: object, old, nearest, path: &Path::ROOT };
        self.walk(place, ratchet, begin, findings);
    }

    fn walk<'v>(
        &mut self,
        place: Place<'_, 'v>,
        ratchet: &mut Ratchet<'v>,
        begin: &mut Begin<'_>,
        findings: &mut Findings,
    ) {
        let Place { schema, value, old, nearest, path } = place;
        if !schema.ruled {
            return;
        }
        self.evaluate(place, ratchet, begin, findings);
        match value {
            Value::Object(map) => {
                for (key, value) in map {
                    let Some(below) = schema.at(key) else { continue };
                    let old = old.and_then(|old| old_value(schema, key, old));
                    let nearest = old.map(|old| (old, value)).or(nearest);
                    let place = Place { schema: below, value, old, nearest, path: &path.key(key) };
                    self.walk(place, ratchet, begin, findings);
                }
            }
            Value::Array(items) => {
                let Some(below) = &schema.items else { return };
                for (index, value) in items.iter().enumerate() {
                    let old = old.and_then(|old| ratchet.old_item(schema, value, old));
                    let nearest = old.map(|old| (old, value)).or(nearest);
                    let place = Place { schema: below, value, old, nearest, path: &path.index(index) };
                    self.walk(place, ratchet, begin, findings);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    /// Evaluates the rules of one value.
    fn evaluate<'v>(
        &mut self,
        place: Place<'_, 'v>,
        ratchet: &mut Ratchet<'v>,
        begin: &mut Begin<'_>,
        findings: &mut Findings,
    ) {
        let Place { schema, value, old, nearest, path } = place;
        if schema.rules.is_empty() || value.is_null() {
            return;
        }
        let mut scope = self.context.new_inner_scope();
        scope.add_variable_from_value("self", value::of(value, Some(schema)));
        if let Some(old) = old {
            scope.add_variable_from_value("oldSelf", value::of(old, Some(schema)));
        }
        for number in &schema.rules {
            let Some(rule) = self.rules.get(*number) else { continue };
            let mut not_evaluated = |why: &str| {
                let text = shown(&Value::String(rule.rule.clone()));
                let message = format!("the rule {text} was not evaluated: {why}");
                findings.add(What::NotEvaluated, path.clone(), message);
            };
            let step = Step { rule: *number, of_message: false };
            if let Err(why) = begin(step) {
                not_evaluated(&why);
                continue;
            }
            let compiled = match self.compiled.entry(*number).or_insert_with(|| compile(rule)) {
                Ok(compiled) => compiled,
                Err(why) => {
                    not_evaluated(why);
                    continue;
                }
            };
            if compiled.is_transition && old.is_none() {
                continue;
            }
            if path.is_root() && is_to_be_named(value) && rule.rule.contains("metadata") {
                not_evaluated("the API server makes the name before it validates");
                continue;
            }
            if compiled.is_transition && has_unordered_lists(schema) {
                not_evaluated("it may compare lists whose order means nothing, which kube-cel does not know");
                continue;
            }
            // A rule that was not met before need not be met by what was left alone.
            let mut forgiven =
                || !compiled.is_transition && nearest.is_some_and(|(old, new)| ratchet.is_same(new, old));
            match compiled.program.execute(&scope) {
                Ok(Cel::Bool(true)) => {}
                Ok(Cel::Bool(false)) => {
                    if !forgiven() {
                        let told = message_of(rule, step, &scope, begin);
                        refuse(rule, told, place, findings);
                    }
                }
                Ok(other) => not_evaluated(&format!("it came to a value of type {}", other.type_of())),
                // What cannot be evaluated is refused however old it is.
                Err(fault) if is_refusal(&fault) => {
                    let message = format!(
                        "Invalid value: {:?}: {fault} evaluating rule: {}",
                        type_name(value),
                        rule.message.as_deref().unwrap_or(&rule.rule)
                    );
                    findings.add(What::Rule, path.clone(), message);
                }
                Err(fault) => not_evaluated(&fault.to_string()),
            }
        }
    }
}

fn compile(rule: &Rule) -> Result<Compiled, String> {
    if rule.optional_old_self {
        return Err("kube-cel has no `optionalOldSelf`".to_owned());
    }
    let program = Program::compile(&rule.rule).map_err(|fault| fault.to_string())?;
    if let Some((name, why)) = functions::unlike(&program) {
        return Err(format!("kube-cel's `{name}` is not Kubernetes': {why}"));
    }
    let is_transition = program.references().has_variable("oldSelf");
    Ok(Compiled { program, is_transition })
}

/// What a rule's own expression says of a value. What cannot be made, or not in time, gives way to the fixed
/// message, as it does in the API server.
fn message_of(rule: &Rule, step: Step, scope: &Context<'_>, begin: &mut Begin<'_>) -> Option<String> {
    let expression = rule.message_expression.as_deref()?;
    begin(Step { of_message: true, ..step }).ok()?;
    match Program::compile(expression).ok()?.execute(scope) {
        Ok(Cel::String(text)) if !text.trim().is_empty() && !text.contains('\n') => Some(text.to_string()),
        _ => None,
    }
}

/// Adds that a rule does not hold.
fn refuse(rule: &Rule, told: Option<String>, place: Place<'_, '_>, findings: &mut Findings) {
    let Place { value, path, .. } = place;
    let message =
        told.or_else(|| rule.message.clone()).unwrap_or_else(|| format!("failed rule: {}", rule.rule));
    let found = match value {
        Value::Object(_) | Value::Array(_) | Value::Null => format!("{:?}", type_name(value)),
        value => shown(value),
    };
    let message = match rule.reason.as_deref() {
        Some("FieldValueForbidden") => format!("Forbidden: {message}"),
        Some("FieldValueRequired") => format!("Required value: {message}"),
        Some("FieldValueDuplicate") => format!("Duplicate value: {found}"),
        _ => format!("Invalid value: {found}: {message}"),
    };
    let path = rule.field_path.as_deref().map_or_else(|| path.clone(), |below| joined(path, below));
    findings.add(What::Rule, path, message);
}

/// The path with `fieldPath` behind it: `.spec.rules` or `['a.b']`.
fn joined(path: &Path, below: &str) -> Path {
    let words = below.split(['.', '[', ']']).map(|word| word.trim_matches(['\'', '"']));
    if below.contains("['") {
        let (before, rest) = below.split_once("['").unwrap_or((below, ""));
        let (key, after) = rest.split_once("']").unwrap_or((rest, ""));
        return joined(&joined(path, before).key(key), after);
    }
    words.filter(|word| !word.is_empty()).fold(path.clone(), |path, word| path.key(word))
}

/// Whether an error of evaluation is one that the API server has too. Any other may be kube-cel's own.
fn is_refusal(fault: &ExecutionError) -> bool {
    match fault {
        ExecutionError::NoSuchKey(_)
        | ExecutionError::DivisionByZero(_)
        | ExecutionError::RemainderByZero(_)
        | ExecutionError::Overflow(..)
        | ExecutionError::IndexOutOfBounds(_) => true,
        ExecutionError::FunctionError { function, .. } => functions::REFUSING.contains(&function.as_str()),
        _ => false,
    }
}

/// Whether an object has no name yet, but the start of one.
fn is_to_be_named(object: &Value) -> bool {
    let has = |key: &str| object["metadata"][key].as_str().is_some_and(|text| !text.is_empty());
    has("generateName") && !has("name")
}

/// Whether there are lists of type set or map at or below a value.
fn has_unordered_lists(schema: &Schema) -> bool {
    schema.uniqueness != Uniqueness::None
        || schema.properties.values().any(has_unordered_lists)
        || schema.values.as_deref().is_some_and(has_unordered_lists)
        || schema.items.as_deref().is_some_and(has_unordered_lists)
}
