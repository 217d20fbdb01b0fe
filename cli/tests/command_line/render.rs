//! Values to manifests.

use serde_json::Value;

use crate::process::{SOUND, directory, file, run};

#[test]
fn yaml_documents_each_follow_a_separator() {
    let run = run(&["render", "-f", "-"], SOUND);
    assert!(run.stdout.starts_with("---\n"), "{run:?}");
    assert!(run.stdout.ends_with('\n'));
    let separators = run.stdout.lines().filter(|line| *line == "---").count();
    let kinds = run.stdout.lines().filter(|line| line.starts_with("kind:")).count();
    assert_eq!(separators, kinds, "{}", run.stdout);
}

#[test]
fn json_is_one_list() {
    let run = run(&["render", "-f", "-", "-o", "json"], SOUND);
    let list: Value = serde_json::from_str(&run.stdout).expect("a list is JSON");
    assert_eq!((&list["apiVersion"], &list["kind"]), (&"v1".into(), &"List".into()));
    assert!(list["items"].as_array().is_some_and(|items| !items.is_empty()), "{list:#}");
}

#[test]
fn equal_input_gives_equal_bytes() {
    assert_eq!(run(&["render", "-f", "-"], SOUND).stdout, run(&["render", "-f", "-"], SOUND).stdout);
}

#[test]
fn later_files_win_over_earlier_ones() {
    let directory = directory("later_files_win_over_earlier_ones");
    let base = file(&directory, "base.yaml", format!("{SOUND}profile: unheard-of\n"));
    let overlay = file(&directory, "overlay.yaml", "profile: istio\n");
    assert_eq!(run(&["render", "-f", &base, "-f", &overlay], "").code, Some(0));
    assert_eq!(run(&["render", "-f", &format!("{base},{overlay}")], "").code, Some(0));
    assert_eq!(run(&["render", "-f", &overlay, "-f", &base], "").code, Some(1));
}

#[test]
fn flags_win_over_files() {
    let values = format!("{SOUND}profile: unheard-of\n");
    for flags in [
        ["--set", "profile=istio"],
        ["--set-string", "profile=istio"],
        ["--set-json", "profile=\"istio\""],
        ["--set-literal", "profile=istio"],
        ["--profile", "istio"],
    ] {
        let run = run(&["render", "-f", "-", flags[0], flags[1]], &values);
        assert_eq!(run.code, Some(0), "{flags:?}: {run:?}");
    }
}

#[test]
fn a_value_can_come_from_a_file() {
    let directory = directory("a_value_can_come_from_a_file");
    let profile = file(&directory, "profile.txt", "istio");
    let values = format!("{SOUND}profile: unheard-of\n");
    let run = run(&["render", "-f", "-", "--set-file", &format!("profile={profile}")], values);
    assert_eq!(run.code, Some(0), "{run:?}");
}

#[test]
fn the_gateway_api_flag_sets_the_release() {
    assert_eq!(run(&["render", "-f", "-", "--gateway-api", "1.5"], SOUND).code, Some(0));
    let run = run(&["render", "-f", "-", "--gateway-api", "0.8"], SOUND);
    assert_eq!(run.code, Some(1));
    assert!(run.stderr.contains("gatewayAPI.version"), "{run:?}");
}

#[test]
fn what_an_api_server_would_refuse_is_an_error_at_the_value_it_comes_from() {
    let values = "
routes:
  - name: shop
    rules:
      - backendRefs:
          - name: shop
            port: 80
            filters:
              - {type: RequestRedirect, requestRedirect: {scheme: https}}
              - {type: URLRewrite, urlRewrite: {hostname: a.example.com}}
";
    let run = run(&["render", "-f", "-"], values);
    assert_eq!((run.code, run.stdout.as_str()), (Some(1), ""), "{run:?}");
    assert!(run.stderr.contains("error[api-rule]: routes[0]: HTTPRoute `shop`, spec.rules[0]"), "{run:?}");
    assert!(run.stderr.contains(" --> <stdin>:3:5"), "{run:?}");
}

#[test]
fn a_finding_about_a_flag_points_at_the_flag() {
    for flag in [
        ["--set", "externalServices[0].port=0"],
        ["--set", "gateway.nam=x"],
        ["--set", "labels.a=b,externalServices[0].port=0"],
        ["--set-json", r#"gateway={"nam":"x"}"#],
        ["--gateway-api", "1.3"],
        ["--set", "a[=b"],
    ] {
        let run = run(&["render", "-f", "-", flag[0], flag[1]], SOUND);
        assert!(run.code > Some(0), "{run:?}");
        let found: Vec<_> = run.stderr.lines().filter(|line| line.starts_with("error")).collect();
        assert_eq!(found.len(), 1, "{}", run.stderr);
        let about = run.stderr.lines().position(|line| line == found[0]).expect("it is one of the lines");
        let next = run.stderr.lines().nth(about + 1).unwrap_or_default();
        assert_eq!(next, format!("--> {} {}", flag[0], flag[1]), "{}", run.stderr);
    }
}

/// The port that a route names differs from one that is refused: that is no second fault.
#[test]
fn a_value_that_is_refused_has_no_followers() {
    let values = "\
gateway: {name: edge}
externalServices: [{name: shop, port: 443, endpoints: [shop.example.com]}]
routes: [{name: shop, hostnames: [a.example.com], rules: [{backendRefs: [{name: shop, port: 443}]}]}]
";
    let run = run(&["render", "-f", "-", "--set", "externalServices[0].port=0"], values);
    assert!(run.stderr.ends_with("gatewright: 0 objects, 1 error, 0 warnings\n"), "{}", run.stderr);
}

#[test]
fn refuses_a_release_that_helm_would_refuse() {
    let long = "a".repeat(54);
    for name in ["My Release", "a_b", "-a", long.as_str()] {
        let run = run(&["render", "-f", "-", &format!("--name={name}")], SOUND);
        assert_eq!(run.code, Some(2), "{name}: {run:?}");
        assert!(run.stderr.contains("for '--name <RELEASE>': it "), "{}", run.stderr);
    }
    for arguments in [&["render", "-f", "-", "-n", "My_Team"] as &[_], &["check", "-", "-n", "My_Team"]] {
        let run = run(arguments, SOUND);
        assert_eq!(run.code, Some(2), "{run:?}");
        assert!(run.stderr.contains("for '--namespace <NAMESPACE>': it is no DNS label"), "{}", run.stderr);
    }
    let fine = "a".repeat(53);
    assert_eq!(run(&["render", "-f", "-", "--name", &fine], SOUND).code, Some(0));
}
