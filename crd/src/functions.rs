//! The functions of CEL rules: kube-cel's, and our own where kube-cel's answer otherwise than Kubernetes'.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Display;
use std::ops::RangeInclusive;
use std::sync::Arc;

use gatewright_core::check::Time;
use kube_cel::KubeCelExt as _;
use kube_cel::cel::extractors::This;
use kube_cel::cel::{Context, ExecutionError, FunctionContext, Program, Value, functions};
use regex::Regex;

use crate::{duration as go, pattern};

/// Functions of kube-cel 0.8 that are not what Kubernetes has, and in what they differ. A rule that calls one
/// is not evaluated.
const UNLIKE: &[(&str, &str)] = &[
    ("find", "its classes know Unicode"),
    ("findAll", "its classes know Unicode"),
    ("format", "not every verb is written alike"),
    ("isURL", "it reads URLs as browsers do"),
    ("url", "it reads URLs as browsers do"),
    ("format.qualifiedName", "it bounds the labels of a prefix"),
    ("qualifiedName", "it bounds the labels of a prefix"),
];

/// The function of a rule that keeps it from being evaluated, and why.
pub(crate) fn unlike(program: &Program) -> Option<(&'static str, &'static str)> {
    let references = program.references();
    UNLIKE.iter().find(|(name, _)| references.has_function(name)).copied()
}

/// Functions of our own whose errors the API server has too.
pub(crate) const REFUSING: [&str; 2] = ["duration", "timestamp"];

/// Whether only kube-cel takes a text.
type OnlyTheirs = fn(&str) -> bool;

/// kube-cel's functions of a text that take more than Kubernetes', and what only they take.
const MORE: &[(&str, OnlyTheirs)] = &[
    ("quantity", has_blanks),
    ("isQuantity", has_blanks),
    ("cidr", has_padded_number),
    ("isCIDR", has_padded_number),
];

fn has_blanks(text: &str) -> bool {
    text.trim() != text
}

/// Whether zeros stand before the length of a prefix, or before a number of its IPv4 address.
fn has_padded_number(text: &str) -> bool {
    let is_padded = |number: &str| number.len() > 1 && number.starts_with('0');
    let (address, length) = text.rsplit_once('/').unwrap_or((text, ""));
    let last = address.rsplit(':').next().unwrap_or_default();
    is_padded(length) || last.contains('.') && last.split('.').any(is_padded)
}

/// Everything that a rule may call.
pub(crate) fn context() -> Context<'static> {
    let mut context = Context::default().with_all();
    context.add_function("size", size);
    context.add_function("matches", matches);
    context.add_function("duration", |text: Arc<String>| duration(&text));
    context.add_function("timestamp", |text: Arc<String>| timestamp(&text));
    for (name, only_theirs) in MORE {
        context.add_function(name, |text: Arc<String>| stricter(name, *only_theirs, text));
    }
    context
}

/// Characters of a text, where kube-cel counts bytes. An argument that cannot be evaluated is its own fault;
/// kube-cel says that it is missing.
fn size(context: &FunctionContext<'_, '_>) -> Result<i64, ExecutionError> {
    let this = match (&context.this, context.args) {
        (Some(this), _) => this.clone(),
        (None, [argument, ..]) => context.ptx.resolve(argument)?,
        (None, []) => return Err(ExecutionError::MissingArgumentOrTarget),
    };
    let size = match &this {
        Value::String(text) => text.chars().count(),
        Value::Bytes(bytes) => bytes.len(),
        Value::List(items) => items.len(),
        Value::Map(map) => map.map.len(),
        _ => return Err(ExecutionError::NoSuchOverload),
    };
    Ok(i64::try_from(size).unwrap_or(i64::MAX))
}

/// Most patterns that are kept; our own bound, above what all CRDs of a cluster have.
const COMPILED_MAX: usize = 1000;

thread_local! {
    /// Patterns that were compiled already.
    static COMPILED: RefCell<BTreeMap<String, Regex>> = const { RefCell::new(BTreeMap::new()) };
}

/// As Go matches, and each pattern compiled once.
#[allow(clippy::needless_pass_by_value, reason = "what an expression calls takes values")]
fn matches(This(this): This<Arc<String>>, pattern: Arc<String>) -> Result<bool, ExecutionError> {
    COMPILED.with_borrow_mut(|compiled| {
        if let Some(regex) = compiled.get(pattern.as_str()) {
            return Ok(regex.is_match(&this));
        }
        let regex = Regex::new(&pattern::translated(&pattern))
            .map_err(|fault| ExecutionError::function_error("matches", fault.to_string()))?;
        let matches = regex.is_match(&this);
        // Patterns may come from objects.
        if compiled.len() == COMPILED_MAX {
            compiled.clear();
        }
        compiled.insert(pattern.to_string(), regex);
        Ok(matches)
    })
}

/// As Go reads durations; kube-cel takes whatever starts with one.
pub(crate) fn duration(text: &str) -> Result<Value, ExecutionError> {
    let Some(nanoseconds) = go::nanoseconds(text) else {
        return Err(ExecutionError::function_error("duration", format!("invalid duration {text:?}")));
    };
    functions::duration(Arc::new(format!("{nanoseconds}ns")))
}

/// As Go reads times; kube-cel takes small letters, leap seconds, and years that CEL does not have.
pub(crate) fn timestamp(text: &str) -> Result<Value, ExecutionError> {
    /// Seconds since 1970 of the years 1 to 9999, which are all that CEL has.
    const RANGE: RangeInclusive<i64> = -62_135_596_800..=253_402_300_799;
    let refused = |why: &str| Err(ExecutionError::function_error("timestamp", format!("{why} {text:?}")));
    if Time::parse(text).is_none() {
        return refused("invalid timestamp");
    }
    match functions::timestamp(Arc::new(text.to_owned())) {
        Ok(Value::Timestamp(time)) if !RANGE.contains(&time.timestamp()) => refused("timestamp out of range"),
        read => read.map_err(|fault| theirs("timestamp", &fault)),
    }
}

thread_local! {
    /// What kube-cel has.
    static THEIRS: Context<'static> = Context::default().with_all();
}

/// A function of kube-cel, but for the texts that only kube-cel takes.
fn stricter(name: &str, only_theirs: OnlyTheirs, text: Arc<String>) -> Result<Value, ExecutionError> {
    if only_theirs(&text) {
        return match name.strip_prefix("is") {
            Some(_) => Ok(Value::Bool(false)),
            None => Err(ExecutionError::function_error(name, format!("invalid {name} {text:?}"))),
        };
    }
    let call = Program::compile(&format!("{name}(text)")).map_err(|fault| theirs(name, &fault))?;
    THEIRS.with(|context| {
        let mut scope = context.new_inner_scope();
        scope.add_variable_from_value("text", Value::String(text));
        call.execute(&scope).map_err(|fault| theirs(name, &fault))
    })
}

/// An error of which it is not known whether the API server has it too.
fn theirs(name: &str, fault: &impl Display) -> ExecutionError {
    ExecutionError::function_error(&format!("kube-cel's {name}"), fault)
}
