//! Types of CEL expressions, as far as they are plain; what is not plain may be anything.
//!
//! Source: `k8s.io/apiserver` v0.36.2, `pkg/cel/common/schemas.go`, and the standard definitions of CEL.

use kube_cel::cel::Program;
use kube_cel::cel::common::ast::{
    CallExpr, ComprehensionExpr, Expr, IdedExpr, LiteralValue, SelectExpr, operators,
};
use serde_json::Value;

use super::calls::{DECLARING, FUNCTIONS, binary, is_operator, malformed, method, no_overload, unary};
use super::text;
use crate::value::escaped;

/// The type of a value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Type<'s> {
    Unknown,
    Null,
    Bool,
    Int,
    Double,
    Text,
    Bytes,
    Timestamp,
    Duration,
    List(Box<Self>),
    Map(Box<Self>),
    /// What a schema describes with `properties`, and whether it is a whole object.
    Object(&'s Value, bool),
    /// Of a whole object.
    Metadata,
}

use Type::{Bool, Bytes, Double, Duration, Int, List, Map, Metadata, Null, Object, Text, Timestamp, Unknown};

/// Names that mean a type, or start the name of a function or a type.
const NAMES: &[&str] = &[
    "base64",
    "bool",
    "bytes",
    "cidr",
    "double",
    "dyn",
    "format",
    "google",
    "int",
    "ip",
    "jsonpatch",
    "kubernetes",
    "list",
    "lists",
    "map",
    "math",
    "net",
    "null_type",
    "optional",
    "optional_type",
    "quantity",
    "semver",
    "sets",
    "string",
    "strings",
    "timestamp",
    "duration",
    "type",
    "uint",
    "url",
];

impl<'s> Type<'s> {
    /// What a schema describes; nothing where expressions do not see it.
    pub(super) fn of(schema: &'s Value, is_object: bool) -> Option<Self> {
        if schema["x-kubernetes-int-or-string"] == true {
            return Some(Unknown);
        }
        let below = |key: &str| {
            let below = &schema[key];
            Self::of(below, below["x-kubernetes-embedded-resource"] == true).map(Box::new)
        };
        Some(match (text(schema, "type"), text(schema, "format")) {
            ("array", _) => List(below("items")?),
            ("object", _) if schema["additionalProperties"].is_object() => {
                Map(below("additionalProperties")?)
            }
            ("object", _) => Object(schema, is_object),
            ("string", "byte") => Bytes,
            ("string", "duration") => Duration,
            ("string", "date" | "date-time") => Timestamp,
            ("string", _) => Text,
            ("boolean", _) => Bool,
            ("integer", _) => Int,
            ("number", _) => Double,
            _ => return None,
        })
    }

    /// The field of an object.
    fn field(&self, name: &str) -> Result<Self, String> {
        let undefined = || format!("undefined field '{name}'");
        match self {
            Unknown => Ok(Unknown),
            Map(values) => Ok((**values).clone()),
            Object(schema, is_object) => {
                let properties = schema["properties"].as_object();
                let found = properties.into_iter().flatten().find(|(key, _)| {
                    key.as_str() == name || escaped(key).is_some_and(|escaped| escaped == name)
                });
                match (found, name) {
                    (_, "metadata") if *is_object => Ok(Metadata),
                    (None, "apiVersion" | "kind") if *is_object => Ok(Text),
                    (Some((_, schema)), _) => {
                        let is_object = schema["x-kubernetes-embedded-resource"] == true;
                        Self::of(schema, is_object).ok_or_else(undefined)
                    }
                    (None, _) => Err(undefined()),
                }
            }
            Metadata if matches!(name, "name" | "generateName") => Ok(Text),
            Metadata => Err(undefined()),
            _ => Err(format!("{} does not support field selection", self.word())),
        }
    }

    /// Whether a value of one type may be compared with one of the other.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        match (self, other) {
            // The last are a literal of one and what a schema describes.
            (Unknown, _) | (_, Unknown) | (Map(_) | Object(..), Map(_) | Object(..)) => true,
            (Null, other) | (other, Null) => {
                matches!(other, Null | Timestamp | Duration | Object(..) | Metadata)
            }
            (List(a), List(b)) => a.is_like(b),
            (a, b) => a == b,
        }
    }

    pub(super) const fn is_number(&self) -> bool {
        matches!(self, Int | Double | Unknown)
    }

    const fn word(&self) -> &'static str {
        match self {
            Unknown => "dyn",
            Null => "null",
            Bool => "bool",
            Int => "int",
            Double => "double",
            Text => "string",
            Bytes => "bytes",
            Timestamp => "timestamp",
            Duration => "duration",
            List(_) => "list",
            Map(_) => "map",
            Object(..) | Metadata => "object",
        }
    }
}

/// The type that an expression comes to; what is surely wrong with it otherwise.
pub(super) fn of<'s>(program: &Program, scope: &[(&str, Type<'s>)]) -> Result<Type<'s>, String> {
    let names = scope.iter().map(|(name, of)| ((*name).to_owned(), of.clone())).collect();
    Scope { names }.expression(program.expression())
}

/// The variables that there are at a place in an expression.
struct Scope<'s> {
    names: Vec<(String, Type<'s>)>,
}

impl<'s> Scope<'s> {
    fn expression(&mut self, expression: &IdedExpr) -> Result<Type<'s>, String> {
        match &expression.expr {
            Expr::Unspecified | Expr::Struct(_) => Ok(Unknown),
            Expr::Ident(name) => match self.variable(name) {
                Some(found) => Ok(found),
                None if NAMES.contains(&name.as_str()) || name.starts_with(['@', '.']) => Ok(Unknown),
                None => Err(format!("undeclared reference to '{name}'")),
            },
            Expr::Literal(literal) => Ok(match literal {
                LiteralValue::Boolean(_) => Bool,
                LiteralValue::Bytes(_) => Bytes,
                LiteralValue::Double(_) => Double,
                LiteralValue::Int(_) => Int,
                LiteralValue::Null => Null,
                LiteralValue::String(_) => Text,
                LiteralValue::UInt(_) => Unknown,
            }),
            Expr::List(list) => {
                let mut of_items = Unknown;
                for item in &list.elements {
                    let of_item = self.expression(item)?;
                    if !of_item.is_like(&of_items) {
                        return Err("the items of a list must all be of one type".to_owned());
                    }
                    of_items = of_item;
                }
                Ok(List(Box::new(of_items)))
            }
            Expr::Map(_) => Ok(Map(Box::new(Unknown))),
            Expr::Select(SelectExpr { operand, field, test }) => {
                let of_field = self.expression(operand)?.field(field)?;
                Ok(if *test { Bool } else { of_field })
            }
            Expr::Call(call) => self.call(call),
            Expr::Comprehension(comprehension) => self.comprehension(comprehension),
        }
    }

    fn variable(&self, name: &str) -> Option<Type<'s>> {
        self.names.iter().rev().find(|(known, _)| known == name).map(|(_, found)| found.clone())
    }

    fn call(&mut self, call: &CallExpr) -> Result<Type<'s>, String> {
        let target = match &call.target {
            Some(target) => Some(self.expression(target)?),
            None => None,
        };
        // Macros of two variables, and those with a name that they make themselves, declare names in their
        // arguments.
        if target.is_some() && DECLARING.contains(&call.func_name.as_str()) {
            return Ok(Unknown);
        }
        let arguments =
            call.args.iter().map(|argument| self.expression(argument)).collect::<Result<Vec<_>, _>>()?;
        if let Some(why) = malformed(call) {
            return Err(why);
        }
        match (target, arguments.as_slice()) {
            _ if !FUNCTIONS.contains(&call.func_name.as_str()) && !is_operator(&call.func_name) => {
                Err(format!("undeclared reference to '{}'", call.func_name))
            }
            (None, [only]) => unary(&call.func_name, only),
            (None, [left, right]) => binary(&call.func_name, left, right),
            (None, [condition, left, right]) if call.func_name == operators::CONDITIONAL => {
                if !matches!(condition, Bool | Unknown) || !left.is_like(right) {
                    return Err(no_overload(&call.func_name));
                }
                Ok(if left == right { left.clone() } else { Unknown })
            }
            (Some(target), _) => method(&call.func_name, &target, arguments.first()),
            _ => Ok(Unknown),
        }
    }

    fn comprehension(&mut self, comprehension: &ComprehensionExpr) -> Result<Type<'s>, String> {
        let ComprehensionExpr { iter_range, iter_var, iter_var2, accu_var, accu_init, .. } = comprehension;
        let range = self.expression(iter_range)?;
        let of_items = match range {
            List(items) if iter_var2.is_none() => *items,
            Map(_) if iter_var2.is_none() => Text,
            Unknown | List(_) | Map(_) => Unknown,
            other => {
                return Err(format!(
                    "expression of type '{}' cannot be range of a comprehension",
                    other.word()
                ));
            }
        };
        let accumulated = match self.expression(accu_init)? {
            Bool => Bool,
            Int => Int,
            List(_) => List(Box::new(Unknown)),
            _ => Unknown,
        };
        let outer = self.names.len();
        self.names.push((accu_var.clone(), accumulated));
        let result = self.expression(&comprehension.result);
        self.names.push((iter_var.clone(), of_items));
        if let Some(name) = iter_var2 {
            self.names.push((name.clone(), Unknown));
        }
        let inner = self.expression(&comprehension.loop_cond).and(self.expression(&comprehension.loop_step));
        self.names.truncate(outer);
        inner.and(result)
    }
}
