//! What is read, and what is refused.

use crate::process::{SOUND, directory, file, finish, gatewright, run};

#[test]
fn a_file_that_does_not_exist_is_named() {
    let run = run(&["render", "-f", "absent.yaml"], "");
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.starts_with("error[input-unreadable]: reading absent.yaml: "), "{run:?}");
}

#[test]
fn a_directory_is_no_values_file() {
    let directory = directory("a_directory_is_no_values_file");
    let run = run(&["render", "-f", &directory.to_string_lossy()], "");
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("input-unreadable"), "{run:?}");
}

#[test]
fn a_byte_that_is_not_utf8_is_named_with_offset_and_line() {
    let directory = directory("a_byte_that_is_not_utf8_is_named_with_offset_and_line");
    let values = file(&directory, "values.yaml", b"a: 1\nb: \xff\n");
    let run = run(&["render", "-f", &values], "");
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("the byte 0xff at offset 8, line 2, is not UTF-8"), "{run:?}");
    assert!(run.stderr.contains("values.yaml:2:4"), "{run:?}");
}

#[test]
fn a_stream_that_is_not_utf8_is_refused() {
    let run = run(&["post-render"], b"a: \xff\n");
    assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""));
    assert!(run.stderr.contains("input-not-utf8"), "{run:?}");
}

#[test]
fn a_text_that_is_not_utf8_is_not_judged_as_well() {
    let run = run(&["check", "-"], b"a\xff: [\n");
    assert_eq!(run.code, Some(2));
    assert!(run.stdout.contains("1 | a\u{fffd}: ["), "{run:?}");
    assert!(run.stdout.ends_with("gatewright: 0 objects, 1 error, 0 warnings\n"), "{run:?}");
}

#[test]
fn arguments_that_are_refused_command_no_terminal_and_start_no_line() {
    for arguments in [
        &["check", "-n", "a\n::error::b", "-"] as &[_],
        &["render", "--name", "a\u{202e}b"],
        &["x\ny"],
        &["trace", "--header", "a\u{202e}\n::error::b: c", "-"],
    ] {
        let run = run(arguments, "");
        assert_eq!(run.code, Some(2), "{run:?}");
        assert!(!run.stderr.contains(['\u{202e}', '\x1b']) && !run.stderr.contains("\n::error"), "{run:?}");
        assert!(run.stderr.contains('\u{fffd}'), "{run:?}");
    }
}

#[test]
fn utf16_is_called_by_its_name() {
    let run = run(&["render", "-f", "-"], b"\xff\xfea\0:\0");
    assert!(run.stderr.contains("UTF-16"), "{run:?}");
}

#[test]
fn several_documents_in_one_values_file_are_an_error() {
    let run = run(&["render", "-f", "-"], format!("{SOUND}---\nprofile: istio\n"));
    assert_eq!((run.code, run.stdout.as_str()), (Some(1), ""));
    assert!(run.stderr.contains("error[several-documents]"), "{run:?}");
    assert!(run.stderr.contains("<stdin>:4:1"), "{run:?}");
}

#[test]
fn an_empty_document_is_no_second_one() {
    let run = run(&["render", "-f", "-"], format!("---\n{SOUND}---\n# nothing\n"));
    assert_eq!(run.code, Some(0), "{run:?}");
}

#[test]
fn values_that_are_no_map_are_an_error() {
    let run = run(&["render", "-f", "-"], "- a\n- b\n");
    assert_eq!(run.code, Some(1));
    assert!(run.stderr.contains("values are a map, but <stdin> holds a list"), "{run:?}");
}

#[test]
fn stdin_is_read_once() {
    let run = run(&["render", "-f", "-", "-f", "-"], SOUND);
    assert_eq!(run.code, Some(2), "{run:?}");
}

#[test]
fn a_check_reads_stdin_once() {
    for arguments in [["-", "--against", "-"], ["-", "--context", "-"], ["-", "--crd", "-"]] {
        let run = run(&[&["check"], &arguments[..]].concat(), "kind: Gateway\n");
        assert_eq!(run.code, Some(2), "{run:?}");
        assert!(run.stdout.contains("repeated-stdin"), "{run:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_link_of_a_folder_that_leads_nowhere_is_named() {
    let directory = directory("a_link_of_a_folder_that_leads_nowhere_is_named");
    let link = directory.join("a.yaml");
    let _ = std::fs::remove_file(&link);
    std::os::unix::fs::symlink("nowhere.yaml", &link).expect("a link can be made");
    file(&directory, "ok.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: x}\n");
    let run = run(&["check", &directory.to_string_lossy()], "");
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(run.stdout.contains("input-unreadable"), "{run:?}");
}

#[test]
fn no_report_replaces_one_of_too_many_files() {
    let directory = directory("no_report_replaces_one_of_too_many_files");
    let first = file(&directory, "a.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: x}\n");
    // Naming one file often is as much as having many.
    let mut arguments = vec!["check", "--report", "a.yaml"];
    arguments.extend(std::iter::repeat_n("a.yaml", 65_536));
    let run = finish(gatewright(&arguments).current_dir(&directory), "");
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(std::fs::read_to_string(&first).expect("it is there").contains("Namespace"), "{run:?}");
}

#[test]
fn a_relative_path_is_taken_from_the_working_directory() {
    let directory = directory("a_relative_path_is_taken_from_the_working_directory");
    file(&directory, "values.yaml", SOUND);
    let run = finish(gatewright(&["render", "-f", "values.yaml"]).current_dir(&directory), "");
    assert_eq!(run.code, Some(0), "{run:?}");
}
