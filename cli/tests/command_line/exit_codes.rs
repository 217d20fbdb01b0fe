//! 0, 1 or 2.

use crate::process::{FAULTY, SOUND, STREAM, run};

#[test]
fn sound_values_exit_0() {
    let run = run(&["render", "-f", "-"], SOUND);
    assert_eq!(run.code, Some(0), "{run:?}");
}

#[test]
fn a_sound_stream_exits_0() {
    let run = run(&[], STREAM);
    assert_eq!(run.code, Some(0), "{run:?}");
}

#[test]
fn an_error_exits_1_and_writes_no_manifest() {
    for output in ["yaml", "json"] {
        let run = run(&["render", "-f", "-", "-o", output], FAULTY);
        assert_eq!((run.code, run.stdout.as_str()), (Some(1), ""), "{run:?}");
    }
}

#[test]
fn wrong_usage_exits_2() {
    for arguments in [
        &["--unknown"] as &[_],
        &["unknown"],
        &["post-render", "unknown"],
        &["render", "--format", "xml"],
        &["render", "--profile", "unknown"],
        &["render", "--report", "-"],
        &["profiles", "unknown"],
        &["completions"],
    ] {
        let run = run(arguments, SOUND);
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{arguments:?}: {run:?}");
        assert!(run.stderr.starts_with("error: "), "{arguments:?}: {run:?}");
    }
}

#[test]
fn text_that_is_not_yaml_exits_2() {
    let run = run(&["render", "-f", "-"], "routes: [\n");
    assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{run:?}");
}

#[test]
fn a_flag_that_sets_nothing_exits_2() {
    for flag in ["--set", "--set-string", "--set-json", "--set-file", "--set-literal"] {
        let run = run(&["render", flag, "a"], "");
        assert_eq!(run.code, Some(2), "{flag}: {run:?}");
        assert!(run.stderr.contains(&format!("{flag} a")), "{run:?}");
    }
}

#[test]
fn every_fault_of_usage_is_told_in_one_run() {
    let run = run(&["render", "-f", "absent-1", "-f", "absent-2"], "");
    assert!(run.stderr.contains("absent-1") && run.stderr.contains("absent-2"), "{run:?}");
}

#[test]
fn help_and_version_exit_0_on_stdout() {
    for arguments in [&["--help"] as &[_], &["-h"], &["--version"], &["render", "--help"]] {
        let run = run(arguments, "");
        assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{arguments:?}: {run:?}");
        assert!(!run.stdout.is_empty());
    }
}
