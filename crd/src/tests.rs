//! What a judge says of small schemas. `tests/tests/e2e_crd` asks a real API server about large ones.

use serde_json::{Value, json};

use super::{Finding, Judge, Version, What};

fn judge(spec: &Value) -> Judge {
    let schema = json!({"type": "object", "properties": {"spec": spec}});
    let version = Version { name: "v1".to_owned(), schema, status_apart: true };
    Judge::new(&version).expect("a sound schema")
}

fn check(judge: &mut Judge, spec: Value, old: Option<Value>) -> Vec<Finding> {
    let object = |spec| json!({"apiVersion": "example.com/v1", "kind": "Thing", "metadata": {"name": "a"}, "spec": spec});
    judge.check(&object(spec), old.map(object).as_ref(), &mut |_| Ok(()))
}

/// Each finding as `sort at path`.
fn found(spec: &Value, value: Value) -> Vec<String> {
    let findings = check(&mut judge(spec), value, None);
    findings.iter().map(|finding| format!("{:?} {}", finding.what, finding.path)).collect()
}

fn rules(rules: &[&str]) -> Value {
    let rules: Vec<Value> = rules.iter().map(|rule| json!({"rule": rule, "message": "no"})).collect();
    json!(rules)
}

fn things() -> Value {
    json!({
        "type": "object",
        "required": ["name"],
        "properties": {
            "name": {"type": "string", "maxLength": 3, "pattern": "^\\w*$"},
            "count": {"type": "integer", "format": "int32", "default": 2},
            "any": {"x-kubernetes-int-or-string": true},
            "null": {"type": "string", "nullable": true},
            "free": {"type": "object", "x-kubernetes-preserve-unknown-fields": true},
            "closed": {"type": "object"},
            "labels": {"type": "object", "additionalProperties": {"type": "string"}},
            "set": {"type": "array", "x-kubernetes-list-type": "set", "items": {"type": "string"}},
            "map": {
                "type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name", "port"],
                "items": {"type": "object", "properties": {
                    "name": {"type": "string"}, "port": {"type": "integer", "default": 80}, "size": {"type": "integer"},
                }},
            },
            "when": {"type": "string", "format": "date-time"},
        },
    })
}

#[test]
fn finds_what_does_not_fit_the_structure() {
    for (value, expected) in [
        (json!({"name": "a"}), vec![]),
        (
            json!({"name": "a", "any": "x", "null": null, "free": {"x": {"y": 1}}, "labels": {"a": "b"}}),
            vec![],
        ),
        (json!({"name": "a", "count": null, "set": ["a", "b"], "when": "2026-01-02T03:04:05Z"}), vec![]),
        (json!({}), vec!["Required spec.name"]),
        (json!({"name": null}), vec!["Required spec.name"]),
        (json!({"name": "ab-"}), vec!["Pattern spec.name"]),
        (json!({"name": "é"}), vec!["Pattern spec.name"]),
        (json!({"name": "abcd"}), vec!["TooLong spec.name"]),
        (json!({"name": 1}), vec!["Type spec.name"]),
        (json!({"name": "a", "any": 1.5}), vec!["Type spec.any"]),
        (json!({"name": "a", "any": 2.0, "count": 2.0}), vec![]),
        (json!({"name": "a", "nmae": "a"}), vec!["UnknownField spec.nmae"]),
        (json!({"name": "a", "closed": {"x": 1}}), vec!["UnknownField spec.closed.x"]),
        (json!({"name": "a", "labels": {"a": 1}}), vec!["Type spec.labels.a"]),
        (json!({"name": "a", "count": 2_147_483_648_u32}), vec!["Bound spec.count"]),
        (json!({"name": "a", "set": ["a", "a"]}), vec!["Duplicate spec.set[1]"]),
        (
            json!({"name": "a", "map": [{"name": "a"}, {"name": "a", "port": 80}]}),
            vec!["Duplicate spec.map[1]"],
        ),
        (json!({"name": "a", "map": [{"name": "a"}, {"name": "a", "port": 81}]}), vec![]),
        (json!({"name": "a", "when": "yesterday"}), vec!["NotEvaluated spec.when"]),
        (json!({"name": "a", "when": []}), vec!["NotEvaluated spec.when"]),
        (json!({"name": "a", "when": 1}), vec!["Type spec.when"]),
    ] {
        assert_eq!(found(&things(), value.clone()), expected, "{value}");
    }
}

#[test]
fn a_status_that_is_written_apart_is_looked_at_for_its_fields_only() {
    let schema = json!({"type": "object", "properties": {
        "status": {"type": "object", "properties": {"ready": {"type": "boolean"}}, "required": ["ready"]},
    }});
    for (status_apart, expected) in [(true, 0), (false, 1)] {
        let version = Version { name: "v1".to_owned(), schema: schema.clone(), status_apart };
        let mut judge = Judge::new(&version).expect("a sound schema");
        let mut count = |object| judge.check(&object, None, &mut |_| Ok(())).len();
        assert_eq!(count(json!({"status": {"ready": "yes"}})), expected);
        assert_eq!(count(json!({"status": {"raedy": true}})), expected + 1);
    }
}

#[test]
fn evaluates_rules_as_kubernetes_does() {
    let of = |rule: &str| {
        json!({
            "type": "object",
            "properties": {
                "text": {"type": "string"}, "my_field": {"type": "string"}, "my__field": {"type": "string"},
                "namespace": {"type": "string"}, "half": {"type": "number"}, "list": {"type": "array", "items": {"type": "string"}},
                "wait": {"type": "string"}, "defaulted": {"type": "string", "default": "d"},
            },
            "x-kubernetes-validations": rules(&[rule]),
        })
    };
    let value = json!({"text": "é٣", "my_field": "a", "my__field": "b", "namespace": "c", "half": 1, "list": [], "wait": "5sx"});
    for rule in [
        "size(self.text) == 2",
        "!self.text.matches('\\\\d')",
        "self.my_field == 'a'",
        "self.my__underscores__field == 'b'",
        "self.__namespace__ == 'c' && self.namespace == 'c'",
        "self.half / 2.0 == 0.5",
        "self.defaulted == 'd'",
    ] {
        assert_eq!(found(&of(rule), value.clone()), [""; 0], "{rule}");
    }
    for rule in [
        "size(self.text) > 2",
        "duration(self.wait) > duration('1s')",
        "self.list[0] == 'a'",
        "self.absent == 1",
        "size(self.absent) == 1",
    ] {
        assert_eq!(found(&of(rule), value.clone()), ["Rule spec"], "{rule}");
    }
    for rule in [
        "cel.bind(x, self.text, size(x) == 2)",
        "self.?text.orValue('') == ''",
        "self.list.all(i, x, i >= 0)",
        "isURL(self.text)",
        "self.text >",
        "self.text",
        "self.text.unheardOf()",
    ] {
        assert_eq!(found(&of(rule), value.clone()), ["NotEvaluated spec"], "{rule}");
    }
}

#[test]
fn words_of_a_rule_are_its_own() {
    let rule = json!([{
        "rule": "self.size < 3", "message": "fixed", "messageExpression": "'at most 2, not ' + string(self.size)",
        "reason": "FieldValueForbidden", "fieldPath": ".size",
    }]);
    let spec = json!({"type": "object", "properties": {"size": {"type": "integer"}}, "x-kubernetes-validations": rule});
    let found = check(&mut judge(&spec), json!({"size": 3}), None);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].path.to_string(), "spec.size");
    assert_eq!(found[0].message, "Forbidden: at most 2, not 3");
}

#[test]
fn compares_with_what_was_there_before() {
    let mut spec = things();
    spec["properties"]["name"]["x-kubernetes-validations"] = rules(&["self == oldSelf"]);
    spec["properties"]["map"]["items"]["x-kubernetes-validations"] =
        rules(&["!has(self.size) || !has(oldSelf.size) || self.size >= oldSelf.size"]);
    let mut judge = judge(&spec);
    let mut whats = |new: Value, old: Value| {
        let found = check(&mut judge, new, Some(old));
        found.iter().map(|finding| format!("{:?} {}", finding.what, finding.path)).collect::<Vec<_>>()
    };
    assert_eq!(whats(json!({"name": "a"}), json!({"name": "a"})), [""; 0]);
    assert_eq!(whats(json!({"name": "b"}), json!({"name": "a"})), ["Rule spec.name"]);
    // Items are told from one another by their keys, not by where they stand.
    let old = json!({"name": "a", "map": [{"name": "x", "size": 5}, {"name": "y", "size": 1}]});
    let new = json!({"name": "a", "map": [{"name": "y", "size": 2}, {"name": "x", "size": 4}]});
    assert_eq!(whats(new, old), ["Rule spec.map[1]"]);
    // What was wrong before and is left alone is forgiven.
    let wrong = json!({"name": "a", "labels": {"a": 1}, "any": 1.5});
    assert_eq!(whats(wrong.clone(), wrong.clone()), [""; 0]);
    let mut changed = wrong.clone();
    changed["any"] = json!(2.5);
    assert_eq!(whats(changed, wrong), ["Type spec.any"]);
}

/// Item by item against item by item would be 2,500,000,000 comparisons, and never end.
#[test]
fn finds_items_of_a_long_list_by_their_keys() {
    const COUNT: u32 = 50_000;
    let mut spec = things();
    spec["properties"]["map"]["items"]["x-kubernetes-validations"] =
        rules(&["!has(self.size) || self.size >= oldSelf.size"]);
    spec["properties"]["map"]["items"]["properties"]["note"] = json!({"type": "string", "maxLength": 1});
    let list = |turn: bool, last: u32| {
        let item = |port| {
            let size = if port == COUNT - 1 { last } else { 1 };
            json!({"name": "a", "port": port, "size": size, "note": "too long"})
        };
        let mut items: Vec<Value> = (0..COUNT).map(item).collect();
        if turn {
            items.reverse();
        }
        json!({"name": "a", "map": items})
    };
    let found = check(&mut judge(&spec), list(true, 0), Some(list(false, 1)));
    let found: Vec<_> = found.iter().map(|finding| format!("{:?} {}", finding.what, finding.path)).collect();
    // Everything that is wrong was wrong before, but for the one that has shrunk.
    assert_eq!(found, ["Rule spec.map[0]"]);
}

#[test]
fn a_message_that_may_not_be_made_gives_way_to_the_fixed_one() {
    let rule = json!([{"rule": "false", "message": "fixed", "messageExpression": "'made'"}]);
    let spec = json!({"type": "object", "x-kubernetes-validations": rule});
    let found = judge(&spec).check(&json!({"spec": {}}), None, &mut |step| {
        if step.of_message { Err("too slow".to_owned()) } else { Ok(()) }
    });
    let messages: Vec<_> = found.iter().map(|finding| finding.message.as_str()).collect();
    assert_eq!(messages, ["Invalid value: \"object\": fixed"]);
}

#[test]
fn a_rule_that_may_not_be_touched_is_not_evaluated() {
    let spec = json!({"type": "object", "x-kubernetes-validations": rules(&["true", "false"])});
    let object = json!({"spec": {}});
    let findings = judge(&spec)
        .check(&object, None, &mut |step| if step.rule == 1 { Err("too slow".to_owned()) } else { Ok(()) });
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert_eq!(findings[0].what, What::NotEvaluated);
    assert_eq!(findings[0].message, "the rule \"false\" was not evaluated: too slow");
}

#[test]
fn a_name_that_is_not_made_yet_is_not_known() {
    let schema = json!({
        "type": "object", "properties": {"metadata": {"type": "object"}},
        "x-kubernetes-validations": rules(&["self.metadata.name == 'a'"]),
    });
    let version = Version { name: "v1".to_owned(), schema, status_apart: false };
    let mut judge = Judge::new(&version).expect("a sound schema");
    let mut whats = |metadata: Value| {
        let found = judge.check(&json!({"metadata": metadata}), None, &mut |_| Ok(()));
        found.iter().map(|finding| finding.what).collect::<Vec<_>>()
    };
    assert_eq!(whats(json!({"name": "a"})), []);
    assert_eq!(whats(json!({"name": "b"})), [What::Rule]);
    assert_eq!(whats(json!({"generateName": "a"})), [What::NotEvaluated]);
}

#[test]
fn says_what_is_wrong_with_a_schema() {
    for spec in [
        json!({"type": "string", "pattern": "("}),
        json!({"type": "strnig"}),
        json!({"type": "array", "x-kubernetes-list-type": "bag"}),
        json!({"type": "array", "x-kubernetes-list-type": "map"}),
        json!({"type": "object", "properties": {"a": 1}}),
        json!({"x-kubernetes-validations": [{"message": "no rule"}]}),
    ] {
        let schema = json!({"type": "object", "properties": {"spec": spec}});
        let version = Version { name: "v1".to_owned(), schema: schema.clone(), status_apart: false };
        let fault = Judge::new(&version).err().unwrap_or_else(|| panic!("{schema} is taken"));
        assert!(fault.starts_with("openAPIV3Schema.properties.spec"), "{fault}");
    }
}

/// As Kubernetes has it: an item of a list that is replaced as a whole is as old as the list.
#[test]
fn what_is_left_alone_is_forgiven_unless_it_cannot_be_evaluated() {
    let spec = json!({
        "type": "object",
        "properties": {
            "note": {"type": "string"},
            "items": {"type": "array", "items": {
                "type": "object", "properties": {"size": {"type": "integer"}},
                "x-kubernetes-validations": rules(&["self.size > 3"]),
            }},
            "names": {
                "type": "array", "items": {"type": "string"},
                "x-kubernetes-validations": rules(&["self[0] != 'x'"]),
            },
        },
    });
    let mut judge = judge(&spec);
    let mut told = |old: Value, new: Value| -> Vec<String> {
        check(&mut judge, new, Some(old))
            .iter()
            .map(|finding| format!("{:?} {}", finding.what, finding.path))
            .collect()
    };
    let small = json!([{"size": 1}]);
    assert_eq!(told(json!({"items": small}), json!({"items": small, "note": "new"})), [""; 0]);
    assert_eq!(
        told(json!({"items": small}), json!({"items": [{"size": 1}, {"size": 4}]})),
        ["Rule spec.items[0]"]
    );
    assert_eq!(told(json!({"names": []}), json!({"names": [], "note": "new"})), ["Rule spec.names"]);
}
