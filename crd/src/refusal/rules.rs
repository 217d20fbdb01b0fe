//! CEL rules that an API server would not compile.

use gatewright_core::path::Path;
use gatewright_core::shorten::shortened;
use kube_cel::cel::Program;
use serde_json::Value;

use super::types::{self, Type};
use super::{items, text};
use crate::finding::{Findings, What};
use crate::{Begin, Step};

/// Most bytes of a fault that a message repeats; our own bound.
const FAULT_MAX: usize = 300;

/// What CEL of Kubernetes has and kube-cel cannot parse: optional fields.
const UNKNOWN_SYNTAX: [&str; 3] = [".?", "[?", "{?"];

pub(super) fn check(
    schema: &Value,
    path: &Path,
    rules: &mut usize,
    begin: &mut Begin<'_>,
    findings: &mut Findings,
) {
    walk(schema, path, true, None, &mut |schema, path, is_object, uncorrelated| {
        for (index, rule) in items(schema, "x-kubernetes-validations").iter().enumerate() {
            let number = *rules;
            *rules += 1;
            // What may not be compiled is not known.
            if begin(Step { rule: number, of_message: false }).is_err() {
                continue;
            }
            let path = path.key("x-kubernetes-validations").index(index);
            if let Some((key, why)) = fault(rule, schema, is_object, uncorrelated) {
                findings.add(What::Rule, path.key(key), format!("Invalid value: {why}"));
            }
        }
    });
}

/// What hears of each schema with rules, whether it describes a whole object, and within what nothing can be
/// told from what it was.
type Visit<'v> = dyn FnMut(&Value, &Path, bool, Option<&Path>) + 'v;

fn walk(schema: &Value, path: &Path, is_object: bool, uncorrelated: Option<&Path>, visit: &mut Visit<'_>) {
    visit(schema, path, is_object, uncorrelated);
    let is_embedded = |schema: &Value| schema["x-kubernetes-embedded-resource"] == true;
    let is_list = text(schema, "x-kubernetes-list-type") != "map";
    for (part, below) in super::parts(schema, path) {
        let in_list = below == path.key("items") && is_list;
        let uncorrelated = uncorrelated.or(in_list.then_some(path));
        walk(part, &below, is_embedded(part), uncorrelated, visit);
    }
}

/// What is surely wrong with a rule, and under which of its keys.
fn fault(
    rule: &Value,
    schema: &Value,
    is_object: bool,
    uncorrelated: Option<&Path>,
) -> Option<(&'static str, String)> {
    let Some(of_self) = Type::of(schema, is_object) else {
        return Some(("rule", "an expression does not see a value without a type of its own".to_owned()));
    };
    let optional = rule["optionalOldSelf"] == true;
    let of_old = if optional { Type::Unknown } else { of_self.clone() };
    let scope = [("self", of_self), ("oldSelf", of_old)];
    let program = match parsed(text(rule, "rule")) {
        Ok(program) => program,
        Err(why) => return why.map(|why| ("rule", why)),
    };
    match types::of(&program, &scope) {
        Err(why) => return Some(("rule", format!("compilation failed: {why}"))),
        Ok(Type::Unknown | Type::Bool) => {}
        Ok(_) => return Some(("rule", "cel expression must evaluate to a bool".to_owned())),
    }
    let is_transition = program.references().has_variable("oldSelf");
    if let Some(path) = uncorrelated.filter(|_| is_transition) {
        let why = format!("oldSelf cannot be used on the uncorrelatable portion of the schema within {path}");
        return Some(("rule", why));
    }
    if !is_transition && rule["optionalOldSelf"].is_boolean() {
        return Some(("optionalOldSelf", "may not be set if oldSelf is not used in rule".to_owned()));
    }
    let expression = text(rule, "messageExpression");
    if expression.is_empty() {
        return None;
    }
    let why = match parsed(expression) {
        Ok(program) => match types::of(&program, &scope) {
            Ok(Type::Unknown | Type::Text) => return None,
            Ok(_) => "messageExpression must evaluate to a string".to_owned(),
            Err(why) => format!("messageExpression compilation failed: {why}"),
        },
        Err(why) => why?,
    };
    Some(("messageExpression", why))
}

/// The expression; why it is none, where that is sure.
fn parsed(expression: &str) -> Result<Program, Option<String>> {
    Program::compile(expression).map_err(|fault| {
        let fault = fault.to_string();
        let is_sure =
            !UNKNOWN_SYNTAX.iter().any(|syntax| expression.contains(syntax)) && !fault.contains("recursion");
        is_sure.then(|| {
            let words: Vec<_> = fault.split_whitespace().collect();
            format!("compilation failed: {}", shortened(&words.join(" "), FAULT_MAX))
        })
    })
}
