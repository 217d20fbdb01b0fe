//! What Helm sees.

use crate::process::{STREAM, run};

#[test]
fn no_command_is_the_post_renderer() {
    let bare = run(&[], STREAM);
    let named = run(&["post-render"], STREAM);
    assert_eq!((bare.code, &bare.stdout), (named.code, &named.stdout));
    assert!(!bare.stdout.is_empty());
}

#[test]
fn documents_of_others_pass_byte_for_byte() {
    let run = run(&[], STREAM);
    assert!(
        run.stdout.contains("kind:   ConfigMap\nmetadata: {name: untouched}   # spaces and all\n"),
        "{run:?}"
    );
}

#[test]
fn an_empty_stream_is_an_error() {
    for stdin in ["", "\n", "---\n"] {
        let run = run(&[], stdin);
        assert_eq!((run.code, run.stdout.as_str()), (Some(1), ""), "{stdin:?}: {run:?}");
        assert!(!run.stderr.is_empty());
    }
}

#[test]
fn a_stream_without_carrier_passes_only_when_allowed() {
    let stream = "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n";
    let refused = run(&[], stream);
    assert_eq!((refused.code, refused.stdout.as_str()), (Some(1), ""), "{refused:?}");
    for arguments in [&["--allow-missing-carrier"] as &[_], &["post-render", "--allow-missing-carrier"]] {
        let passed = run(arguments, stream);
        assert_eq!((passed.code, passed.stdout.as_str()), (Some(0), stream), "{passed:?}");
    }
}
