//! Stdout and stderr that are full, closed, or a terminal's.

use std::fs::File;
use std::io::Write;
use std::process::{Command, Stdio};

use crate::process::{FAULTY, SOUND, STREAM, directory, file, finish, gatewright, run};

/// Runs a command whose reader of stdout, or stderr, is gone before it gets anything to read.
fn with_closed(command: &mut Command, close_stderr: bool, stdin: &str) -> (Option<i32>, String) {
    let mut child = command.spawn().expect("the binary is built");
    if close_stderr {
        drop(child.stderr.take());
    } else {
        drop(child.stdout.take());
    }
    child.stdin.take().expect("stdin is piped").write_all(stdin.as_bytes()).expect("the run reads stdin");
    let output = child.wait_with_output().expect("the run ends");
    (output.status.code(), String::from_utf8(output.stderr).expect("we write UTF-8"))
}

fn dev_full() -> Stdio {
    File::options().write(true).open("/dev/full").expect("Linux has /dev/full").into()
}

#[test]
fn a_reader_that_leaves_early_changes_nothing() {
    let directory = directory("a_reader_that_leaves_early_changes_nothing");
    let report = directory.join("report.txt");
    let report_flag = report.to_string_lossy();
    let (code, stderr) = with_closed(&mut gatewright(&["--report", &report_flag]), false, STREAM);
    assert_eq!((code, stderr.contains("panicked")), (Some(0), false), "{stderr}");
    assert!(report.exists());
    let (code, stderr) = with_closed(&mut gatewright(&["render", "-f", "-"]), false, SOUND);
    assert_eq!((code, stderr.contains("panicked")), (Some(0), false), "{stderr}");
}

#[test]
fn a_closed_stderr_leaves_the_exit_code() {
    assert_eq!(with_closed(&mut gatewright(&["render", "-f", "-"]), true, FAULTY).0, Some(1));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_stdout_exits_2_and_says_so() {
    for (arguments, stdin) in [
        (&["render", "-f", "-"] as &[_], SOUND),
        (&["render", "-f", "-", "-o", "json"], SOUND),
        (&["plan", "-f", "-"], SOUND),
        (&["post-render"], STREAM),
        (&["schema"], ""),
        (&["profiles"], ""),
        (&["completions", "bash"], ""),
        (&["--help"], ""),
    ] {
        let run = finish(gatewright(arguments).stdout(dev_full()), stdin);
        assert_eq!(run.code, Some(2), "{arguments:?}: {run:?}");
        assert!(run.stderr.contains("to stdout: No space left on device"), "{arguments:?}: {run:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_stderr_leaves_the_exit_code() {
    let run = finish(gatewright(&["render", "-f", "-"]).stderr(dev_full()), FAULTY);
    assert_eq!(run.code, Some(1));
}

#[test]
fn a_sound_run_is_silent() {
    let run = run(&["post-render"], STREAM);
    assert_eq!(run.stderr, "", "{run:?}");
}

#[test]
fn a_pipe_gets_no_colours() {
    let run = run(&["render", "-f", "-"], FAULTY);
    assert!(!run.stderr.contains('\x1b'), "{run:?}");
}

#[test]
fn no_color_wins_over_forced_colours() {
    let forced = finish(gatewright(&["render", "-f", "-"]).env("CLICOLOR_FORCE", "1"), FAULTY);
    assert!(forced.stderr.contains('\x1b'), "{forced:?}");
    let plain =
        finish(gatewright(&["render", "-f", "-"]).env("CLICOLOR_FORCE", "1").env("NO_COLOR", "1"), FAULTY);
    assert!(!plain.stderr.contains('\x1b'), "{plain:?}");
}

#[test]
fn what_a_user_wrote_cannot_command_the_terminal() {
    let directory = directory("what_a_user_wrote_cannot_command_the_terminal");
    let commands = ['\x1b', '\u{9b}', '\u{200b}', '\u{202e}'];
    // Escaped, for the message; as they are, for the excerpt; in the name of the file.
    for (name, text) in [
        ("plain", "\"\\e[2J\\x9b2J\\u200b\\u202ekey\": 1\n"),
        ("shown", "key\u{200b}\u{202e}: 1 # \u{200b}\u{202e}\n"),
        ("refused", "key: \u{9b}2J\n"),
        ("\u{9b}2J\u{200b}", "key: 1\n"),
    ] {
        let values = file(&directory, name, text);
        for format in ["text", "github"] {
            let run = run(&["render", "-f", &values, "--format", format], "");
            assert!(run.code == Some(1) || run.code == Some(2), "{run:?}");
            assert!(!run.stderr.contains(commands), "{format}: {:?}", run.stderr);
        }
    }
    let columns = run(&["render", "-f", "-"], "\u{200b}key: 1\n");
    assert!(columns.stderr.contains("1 | \u{fffd}key: 1\n  | ^^^^\n"), "{}", columns.stderr);
}
