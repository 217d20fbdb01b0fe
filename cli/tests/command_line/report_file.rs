//! `--report` and `GATEWRIGHT_REPORT`.

use std::path::PathBuf;

use crate::process::{FAULTY, Run, SOUND, STREAM, directory, file, finish, gatewright, run};

fn report(test: &str) -> (PathBuf, String) {
    let path = directory(test).join("report.txt");
    let flag = path.to_string_lossy().into_owned();
    (path, flag)
}

fn read(path: &PathBuf) -> String {
    std::fs::read_to_string(path).expect("the report was written")
}

#[test]
fn it_is_written_on_success() {
    let (path, flag) = report("it_is_written_on_success");
    let run = run(&["post-render", "--report", &flag], STREAM);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(read(&path).ends_with("0 errors, 0 warnings\n"), "{}", read(&path));
}

#[test]
fn it_is_written_on_failure_with_the_words_of_stderr() {
    let (path, flag) = report("it_is_written_on_failure_with_the_words_of_stderr");
    let run = run(&["render", "-f", "-", "--report", &flag], FAULTY);
    assert_eq!(run.code, Some(1));
    assert_eq!(read(&path), run.stderr);
}

#[test]
fn it_is_written_when_the_input_cannot_be_read() {
    let (path, flag) = report("it_is_written_when_the_input_cannot_be_read");
    let run = run(&["--report", &flag], b"\xff");
    assert_eq!(run.code, Some(2));
    assert!(read(&path).contains("input-not-utf8"));
}

#[test]
fn it_replaces_the_report_of_the_last_run() {
    let directory = directory("it_replaces_the_report_of_the_last_run");
    let flag = file(&directory, "report.txt", "yesterday's ".repeat(1000));
    run(&["post-render", "--report", &flag], STREAM);
    assert!(!read(&directory.join("report.txt")).contains("yesterday"));
}

#[test]
fn it_has_no_colours() {
    let (path, flag) = report("it_has_no_colours");
    finish(gatewright(&["render", "-f", "-", "--report", &flag]).env("CLICOLOR_FORCE", "1"), FAULTY);
    assert!(!read(&path).contains('\x1b'));
}

fn with_environment(arguments: &[&str], value: &str, stdin: &str) -> Run {
    finish(gatewright(arguments).env("GATEWRIGHT_REPORT", value), stdin)
}

#[test]
fn the_environment_names_it_for_the_post_renderer() {
    let (path, value) = report("the_environment_names_it_for_the_post_renderer");
    for arguments in [&[] as &[_], &["post-render"]] {
        let _ = std::fs::remove_file(&path);
        let run = with_environment(arguments, &value, STREAM);
        assert_eq!(run.code, Some(0), "{run:?}");
        assert!(!read(&path).is_empty());
    }
}

#[test]
fn the_flag_wins_over_the_environment() {
    let (path, value) = report("the_flag_wins_over_the_environment");
    let other = path.with_extension("other");
    with_environment(&["--report", &other.to_string_lossy()], &value, STREAM);
    assert_eq!((path.exists(), other.exists()), (false, true));
}

#[test]
fn an_empty_environment_variable_counts_as_unset() {
    let run = with_environment(&[], "", STREAM);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{run:?}");
}

#[test]
fn render_does_not_look_at_the_environment() {
    let (path, value) = report("render_does_not_look_at_the_environment");
    with_environment(&["render", "-f", "-"], &value, SOUND);
    with_environment(&["render", "--unknown"], &value, SOUND);
    assert!(!path.exists());
}

#[test]
fn it_tells_of_arguments_that_were_refused() {
    let (path, value) = report("it_tells_of_arguments_that_were_refused");
    let run = with_environment(&["--unknown"], &value, STREAM);
    assert_eq!(run.code, Some(2));
    assert!(read(&path).contains("unexpected argument '--unknown'"));
}

#[test]
fn a_report_that_cannot_be_written_exits_2_and_holds_the_manifests_back() {
    let missing = directory("a_report_that_cannot_be_written").join("absent").join("report.txt");
    let missing = missing.to_string_lossy();
    let run = run(&["post-render", "--report", &missing], STREAM);
    assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{run:?}");
    assert!(run.stderr.contains(&format!("writing the report to {missing}: ")), "{run:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told() {
    let run = run(&["--report", "/dev/full"], STREAM);
    assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{run:?}");
    assert!(run.stderr.contains("writing the report to /dev/full: No space left on device"), "{run:?}");
}

#[test]
fn it_never_replaces_an_input() {
    let directory = directory("it_never_replaces_an_input");
    let values = file(&directory, "v.yaml", SOUND);
    let other_name = format!("{}/../it_never_replaces_an_input/v.yaml", directory.display());
    let objects = file(&directory, "objects.yaml", "{apiVersion: v1, kind: Service, metadata: {name: a}}\n");
    let text = file(&directory, "text.txt", "text");
    let set_file = format!("annotations.a={text}");
    let hard_link = directory.join("link.yaml");
    std::fs::hard_link(&values, &hard_link).expect("the target directory takes links");
    let hard_link = hard_link.to_string_lossy();
    for arguments in [
        &["render", "-f", &values, "--report", &values] as &[_],
        &["render", "-f", &values, "--report", &other_name],
        #[cfg(unix)]
        &["render", "-f", &values, "--report", &hard_link],
        &["plan", "-f", &values, "--report", &values],
        &["plan", "-f", "-", "--against", &values, "--report", &values],
        &["check", &objects, "--report", &objects],
        &["render", "-f", "-", "--set-file", &set_file, "--report", &text],
    ] {
        let run = run(arguments, SOUND);
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{arguments:?}: {run:?}");
        assert!(run.stderr.contains("which it would replace"), "{arguments:?}: {run:?}");
    }
    assert_eq!(read(&directory.join("v.yaml")), SOUND);
    assert!(read(&directory.join("objects.yaml")).contains("Service"));
    assert_eq!(read(&directory.join("text.txt")), "text");
}

#[cfg(unix)]
#[test]
fn it_never_replaces_what_stdin_is_read_from() {
    let directory = directory("it_never_replaces_what_stdin_is_read_from");
    let stream = file(&directory, "stream.yaml", STREAM);
    for arguments in [&[] as &[_], &["post-render"], &["post-render", "--unknown"]] {
        let mut command = gatewright(arguments);
        command.env("GATEWRIGHT_REPORT", &stream);
        command.stdin(std::fs::File::open(&stream).expect("the test has just written it"));
        let output = command.output().expect("the binary is built");
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{arguments:?}: {output:?}");
        assert_eq!(read(&directory.join("stream.yaml")), STREAM, "{arguments:?}");
    }
}

#[test]
fn a_check_in_json_says_on_stderr_that_it_cannot_be_written() {
    let (path, _) = report("a_check_in_json_says_on_stderr_that_it_cannot_be_written");
    let flag = path.join("below").to_string_lossy().into_owned();
    let object = "apiVersion: v1\nkind: Service\nmetadata: {name: shop}\n";
    let run = run(&["check", "--format", "json", "--report", &flag, "-"], object);
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(run.stderr.contains("writing the report to"), "{run:?}");
}
