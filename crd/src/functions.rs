//! The functions of CEL rules: kube-cel's, and our own where kube-cel's answer otherwise than Kubernetes'.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

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

/// Everything that a rule may call.
pub(crate) fn context() -> Context<'static> {
    let mut context = Context::default().with_all();
    context.add_function("size", size);
    context.add_function("matches", matches);
    context.add_function("duration", |text: Arc<String>| duration(&text));
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
