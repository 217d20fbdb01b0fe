//! The four ways to write a diagnostic.

use serde_json::Value;

use crate::process::{FAULTY, SOUND, STREAM, directory, file, run};

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn text_shows_the_line_and_underlines_the_value() {
    let directory = directory("text_shows_the_line_and_underlines_the_value");
    let values = file(&directory, "values.yaml", FAULTY);
    let run = run(&["render", "-f", &values], "");
    let lines: Vec<_> = run.stderr.lines().collect();
    assert!(lines[0].starts_with("error[unknown-key]: externalServices[0]."), "{}", run.stderr);
    assert!(lines[1].starts_with(&format!(" --> {values}:2:")), "{}", run.stderr);
    assert!(lines[3].starts_with("2 |   - {name: api, prot: 80"), "{}", run.stderr);
    assert!(lines[4].contains('^'), "{}", run.stderr);
    assert!(lines.iter().any(|line| line.starts_with("  = hint: ")), "{}", run.stderr);
    assert_eq!(lines.last(), Some(&"gatewright: 0 objects, 1 error, 0 warnings"));
}

#[test]
fn json_has_one_result_an_input_in_the_shape_of_check() {
    let directory = directory("json_has_one_result_an_input_in_the_shape_of_check");
    let sound = file(&directory, "sound.yaml", "profile: istio\n");
    let faulty = file(&directory, "faulty.yaml", FAULTY);
    let run = run(&["render", "-f", &sound, "-f", &faulty, "--format", "json"], "");
    assert_eq!(run.code, Some(1));
    let document = json(&run.stderr);
    let results = document["results"].as_array().expect("results is a list");
    assert_eq!(results.len(), 2, "{document:#}");
    assert_eq!(results[0]["source"], serde_json::json!({"file": sound, "document": 1, "line": 1}));
    assert_eq!(results[0]["diagnostics"], serde_json::json!([]));
    assert_eq!(results[1]["source"]["file"], faulty.as_str());
    assert_eq!((&results[1]["object"], &results[1]["allowed"]), (&Value::Null, &Value::Null));
    let diagnostic = &results[1]["diagnostics"][0];
    assert_eq!(diagnostic["code"], "unknown-key");
    assert_eq!(diagnostic["severity"], "error");
    assert_eq!(diagnostic["level"], "semantic");
    assert_eq!(diagnostic["line"], 2);
    for key in ["path", "message", "hint", "source"] {
        assert!(diagnostic[key].is_string(), "{key}: {diagnostic:#}");
    }
    assert_eq!(document["summary"], serde_json::json!({"objects": 0, "errors": 1, "warnings": 0}));
}

#[test]
fn json_names_the_flag_that_a_finding_is_about() {
    let run = run(&["render", "-f", "-", "--set", "unknown=1", "--format", "json"], SOUND);
    let document = json(&run.stderr);
    assert_eq!(document["results"][0]["diagnostics"], serde_json::json!([]), "{document:#}");
    assert_eq!(document["results"][1]["source"], serde_json::json!({"flag": "--set unknown=1"}));
    assert_eq!(document["results"][1]["diagnostics"][0]["code"], "unknown-key");
    assert_eq!(document["results"][1]["diagnostics"][0]["line"], Value::Null);
}

#[test]
fn json_and_sarif_are_whole_documents_even_with_nothing_to_say() {
    for format in ["json", "sarif"] {
        let run = run(&["post-render", "--format", format], STREAM);
        assert_eq!(run.code, Some(0), "{run:?}");
        json(&run.stderr);
    }
}

#[test]
fn sarif_names_its_rules_and_points_into_the_file() {
    let directory = directory("sarif names its rules");
    let values = file(&directory, "values.yaml", FAULTY);
    let run = run(&["render", "-f", &values, "--format", "sarif"], "");
    let log = json(&run.stderr);
    assert_eq!(log["version"], "2.1.0");
    assert!(log["$schema"].is_string());
    let driver = &log["runs"][0]["tool"]["driver"];
    assert_eq!(driver["name"], "gatewright");
    let result = &log["runs"][0]["results"][0];
    let index = usize::try_from(result["ruleIndex"].as_u64().expect("an index")).expect("a small one");
    assert_eq!(driver["rules"][index]["id"], result["ruleId"]);
    assert_eq!(result["level"], "error");
    assert!(result["message"]["text"].is_string());
    let place = &result["locations"][0]["physicalLocation"];
    let uri = place["artifactLocation"]["uri"].as_str().expect("a URI");
    assert!(uri.ends_with("sarif%20names%20its%20rules/values.yaml"), "{uri}");
    assert_eq!(place["region"]["startLine"], 2);
}

/// What code scanning services show of a rule, for one with a page and for one without.
#[test]
fn sarif_describes_its_rules() {
    let object = "{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: A}}\n";
    let checked = json(&run(&["check", "-", "--format", "sarif"], object).stdout);
    let rendered = json(&run(&["render", "-f", "-", "--format", "sarif"], FAULTY).stderr);
    for (log, id, name, page) in [
        (checked, "api-metadata", "ApiMetadata", "docs/rules.md#api-metadata"),
        (rendered, "unknown-key", "UnknownKey", "docs/codes.md"),
    ] {
        let rules = log["runs"][0]["tool"]["driver"]["rules"].as_array().expect("rules is a list");
        let rule = rules.iter().find(|rule| rule["id"] == id).expect("the rule is there");
        assert_eq!(rule["name"], name);
        assert_eq!(rule["defaultConfiguration"]["level"], "error");
        assert!(
            rule["helpUri"].as_str().is_some_and(|uri| uri.starts_with("https://") && uri.ends_with(page)),
            "{rule}"
        );
        for key in ["shortDescription", "help"] {
            assert!(rule[key]["text"].as_str().is_some_and(|text| text.len() > id.len()), "{rule}");
        }
    }
}

#[test]
fn sarif_says_whether_the_run_came_to_its_end() {
    for (stdin, came) in [("a: [", false), (FAULTY, true)] {
        let run = run(&["render", "-f", "-", "--format", "sarif"], stdin);
        assert_eq!(json(&run.stderr)["runs"][0]["invocations"][0]["executionSuccessful"], came, "{run:?}");
    }
}

#[test]
fn github_writes_one_annotation_a_line() {
    let directory = directory("github_writes_one_annotation_a_line");
    let values = file(&directory, "values.yaml", FAULTY);
    let run = run(&["render", "-f", &values, "--format", "github"], "");
    assert_eq!(run.stderr.lines().count(), 1, "{run:?}");
    assert!(run.stderr.starts_with(&format!("::error file={values},line=2,col=")), "{run:?}");
    assert!(run.stderr.contains(",title=unknown-key::externalServices[0]."), "{run:?}");
    assert!(run.stderr.contains("%0Ahint: "), "{run:?}");
}

#[test]
fn github_names_no_file_for_stdin() {
    let run = run(&["render", "-f", "-", "--format", "github"], FAULTY);
    assert!(run.stderr.starts_with("::error title=unknown-key::"), "{run:?}");
}

#[test]
fn formats_without_a_place_for_it_name_the_flag_in_the_message() {
    for format in ["github", "sarif"] {
        let run = run(&["render", "-f", "-", "--set", "gateway.nam=x", "--format", format], SOUND);
        assert!(run.stderr.contains("from: --set gateway.nam=x"), "{run:?}");
    }
}

#[test]
fn the_report_file_has_the_format_too() {
    let directory = directory("the_report_file_has_the_format_too");
    let report = file(&directory, "report.json", "");
    let run = run(&["render", "-f", "-", "--format", "json", "--report", &report], FAULTY);
    assert_eq!(std::fs::read_to_string(report).expect("the report was written"), run.stderr);
}

/// Of 250 findings of one sort, 100 are printed; all are counted.
#[test]
fn no_format_prints_one_sort_without_end() {
    let values = format!("externalServices: [{}]\n", "~, ".repeat(250));
    let code = "null-item";
    let stderr = |format: &str| run(&["render", "-f", "-", "--format", format], &values).stderr;
    let text = stderr("text");
    assert_eq!(text.matches("warning[null-item]: ").count(), 100);
    assert!(text.contains("\n… and 150 more of warning[null-item]\n"), "{text}");
    assert!(text.ends_with(", 250 warnings\n"), "{text}");
    let github = stderr("github");
    assert_eq!(github.matches("::warning ").count(), 101);
    assert!(github.contains("::warning title=null-item::… and 150 more of warning[null-item]\n"), "{github}");
    let omitted = serde_json::json!([{"code": code, "severity": "warning", "count": 150}]);
    let document = json(&stderr("json"));
    assert_eq!((&document["omitted"], &document["summary"]["warnings"]), (&omitted, &Value::from(250)));
    let printed = document["results"][0]["diagnostics"].as_array().expect("diagnostics is a list");
    assert_eq!(printed.iter().filter(|found| found["code"] == code).count(), 100);
    let log = json(&stderr("sarif"));
    assert_eq!(log["runs"][0]["properties"]["omitted"], omitted);
    let printed = log["runs"][0]["results"].as_array().expect("results is a list");
    assert_eq!(printed.iter().filter(|found| found["ruleId"] == code).count(), 100);
}

/// Programs go by what `check` says of each object, however many there are.
#[test]
fn check_tells_programs_of_every_object() {
    let object = "---\napiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: A}\n";
    let run = run(&["check", "-", "--format", "json"], object.repeat(250));
    let document = json(&run.stdout);
    let results = document["results"].as_array().expect("results is a list");
    let named = |result: &Value| {
        let found = result["diagnostics"].as_array().expect("diagnostics is a list");
        found.iter().any(|finding| finding["code"] == "api-metadata")
    };
    assert_eq!(results.iter().filter(|result| named(result)).count(), 250);
}
