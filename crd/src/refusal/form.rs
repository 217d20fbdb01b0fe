//! The JSON that a CRD is made of: what each field takes, and what the API server drops or cannot decode.
//!
//! Source: `k8s.io/apiextensions-apiserver` v0.36.2, `pkg/apis/apiextensions/v1/types.go` and
//! `types_jsonschema.go`.

use gatewright_core::path::Path;
use serde_json::Value;

use crate::finding::{Findings, What};
use crate::structure::type_name;

/// What a field takes.
pub(super) enum Form {
    Any,
    Text,
    Flag,
    Integer,
    Number,
    List(&'static Self),
    Map(&'static Self),
    Fields(&'static [(&'static str, Self)]),
    Either(&'static [Self]),
    Schema,
}

use Form::{Any, Either, Fields, Flag, Integer, List, Map, Number, Schema, Text};

/// A CRD, but for its metadata, and its status, which whoever creates it cannot set.
pub(super) const CRD: Form = Fields(&[
    ("apiVersion", Text),
    ("kind", Text),
    ("metadata", Any),
    ("spec", Fields(SPEC)),
    ("status", Any),
]);

const SPEC: &[(&str, Form)] = &[
    (
        "conversion",
        Fields(&[
            ("strategy", Text),
            (
                "webhook",
                Fields(&[
                    (
                        "clientConfig",
                        Fields(&[
                            ("caBundle", Text),
                            (
                                "service",
                                Fields(&[
                                    ("name", Text),
                                    ("namespace", Text),
                                    ("path", Text),
                                    ("port", Integer),
                                ]),
                            ),
                            ("url", Text),
                        ]),
                    ),
                    ("conversionReviewVersions", List(&Text)),
                ]),
            ),
        ]),
    ),
    ("group", Text),
    (
        "names",
        Fields(&[
            ("categories", List(&Text)),
            ("kind", Text),
            ("listKind", Text),
            ("plural", Text),
            ("shortNames", List(&Text)),
            ("singular", Text),
        ]),
    ),
    ("preserveUnknownFields", Flag),
    ("scope", Text),
    ("versions", List(&Fields(VERSION))),
];

const VERSION: &[(&str, Form)] = &[
    (
        "additionalPrinterColumns",
        List(&Fields(&[
            ("description", Text),
            ("format", Text),
            ("jsonPath", Text),
            ("name", Text),
            ("priority", Integer),
            ("type", Text),
        ])),
    ),
    ("deprecated", Flag),
    ("deprecationWarning", Text),
    ("name", Text),
    ("schema", Fields(&[("openAPIV3Schema", Schema)])),
    ("selectableFields", List(&Fields(&[("jsonPath", Text)]))),
    ("served", Flag),
    ("storage", Flag),
    (
        "subresources",
        Fields(&[
            (
                "scale",
                Fields(&[
                    ("labelSelectorPath", Text),
                    ("specReplicasPath", Text),
                    ("statusReplicasPath", Text),
                ]),
            ),
            ("status", Fields(&[])),
        ]),
    ),
];

const KEYWORDS: &[(&str, Form)] = &[
    ("$ref", Text),
    ("$schema", Text),
    ("additionalItems", Either(&[Schema, Flag])),
    ("additionalProperties", Either(&[Schema, Flag])),
    ("allOf", List(&Schema)),
    ("anyOf", List(&Schema)),
    ("default", Any),
    ("definitions", Map(&Schema)),
    ("dependencies", Map(&Either(&[Schema, List(&Text)]))),
    ("description", Text),
    ("enum", List(&Any)),
    ("example", Any),
    ("exclusiveMaximum", Flag),
    ("exclusiveMinimum", Flag),
    ("externalDocs", Fields(&[("description", Text), ("url", Text)])),
    ("format", Text),
    ("id", Text),
    ("items", Either(&[Schema, List(&Schema)])),
    ("maxItems", Integer),
    ("maxLength", Integer),
    ("maxProperties", Integer),
    ("maximum", Number),
    ("minItems", Integer),
    ("minLength", Integer),
    ("minProperties", Integer),
    ("minimum", Number),
    ("multipleOf", Number),
    ("not", Schema),
    ("nullable", Flag),
    ("oneOf", List(&Schema)),
    ("pattern", Text),
    ("patternProperties", Map(&Schema)),
    ("properties", Map(&Schema)),
    ("required", List(&Text)),
    ("title", Text),
    ("type", Text),
    ("uniqueItems", Flag),
    ("x-kubernetes-embedded-resource", Flag),
    ("x-kubernetes-int-or-string", Flag),
    ("x-kubernetes-list-map-keys", List(&Text)),
    ("x-kubernetes-list-type", Text),
    ("x-kubernetes-map-type", Text),
    ("x-kubernetes-preserve-unknown-fields", Flag),
    (
        "x-kubernetes-validations",
        List(&Fields(&[
            ("fieldPath", Text),
            ("message", Text),
            ("messageExpression", Text),
            ("optionalOldSelf", Flag),
            ("reason", Text),
            ("rule", Text),
        ])),
    ),
];

/// Takes out of a value what the API server takes for absent, and tells what it cannot decode.
pub(super) fn decode(form: &Form, value: &mut Value, path: &Path, findings: &mut Findings) {
    if value.is_null() {
        *value = form.zero();
    }
    let fields = match form {
        Any => return,
        Schema => KEYWORDS,
        Fields(fields) => fields,
        Either(forms) => {
            match forms.iter().find(|form| form.fits(value)) {
                Some(form) => decode(form, value, path, findings),
                None => form.refuse(value, path, findings),
            }
            return;
        }
        Text | Flag | Integer | Number | List(_) | Map(_) => &[],
    };
    if !form.fits(value) {
        form.refuse(value, path, findings);
        return;
    }
    match (form, value) {
        (List(form), Value::Array(items)) => {
            for (index, item) in items.iter_mut().enumerate() {
                decode(form, item, &path.index(index), findings);
            }
        }
        (Map(form), Value::Object(map)) => {
            for (key, value) in map {
                decode(form, value, &path.key(key), findings);
            }
        }
        (Schema | Fields(_), Value::Object(map)) => {
            map.retain(|key, value| match fields.iter().find(|(name, _)| name == key) {
                Some(_) if value.is_null() => false,
                Some((_, form)) => {
                    decode(form, value, &path.key(key), findings);
                    true
                }
                None => {
                    let path = path.key(key);
                    let message = format!("unknown field \"{path}\"");
                    findings.add(What::UnknownField, path, message);
                    false
                }
            });
        }
        _ => {}
    }
}

impl Form {
    fn fits(&self, value: &Value) -> bool {
        match self {
            Any => true,
            Text => value.is_string(),
            Flag => value.is_boolean(),
            // kubectl sends a float without a fraction as the integer that it is.
            Integer => value.is_i64() || value.as_f64().is_some_and(|float| float.fract() == 0.0),
            Number => value.is_number(),
            List(_) => value.is_array(),
            Map(_) | Fields(_) | Schema => value.is_object(),
            Either(forms) => forms.iter().any(|form| form.fits(value)),
        }
    }

    fn refuse(&self, value: &Value, path: &Path, findings: &mut Findings) {
        let message = format!("Invalid value: \"{}\": it is decoded as {}", type_name(value), self.words());
        findings.add(What::Type, path.clone(), message);
    }

    /// What Go makes of a null.
    fn zero(&self) -> Value {
        match self {
            Any => Value::Null,
            Text => "".into(),
            Flag => false.into(),
            Integer | Number => 0.into(),
            List(_) => Value::Array(Vec::new()),
            Map(_) | Fields(_) | Schema | Either(_) => Value::Object(serde_json::Map::new()),
        }
    }

    const fn words(&self) -> &'static str {
        match self {
            Any => "anything",
            Text => "string",
            Flag => "boolean",
            Integer => "integer",
            Number => "number",
            List(_) => "array",
            Map(_) | Fields(_) | Schema => "object",
            Either([_, List(_)]) => "object or array",
            Either(_) => "object or boolean",
        }
    }
}
