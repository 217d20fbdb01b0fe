//! Commands of documents work as they are written.

#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use crate::process::{directory, file};

/// A fenced block: its language and its text.
type Block = (String, String);

fn blocks(page: &str) -> Vec<Block> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs").join(page);
    let page = fs::read_to_string(path).expect("the page is there");
    let fenced = page.split("\n```").skip(1).step_by(2);
    fenced
        .filter_map(|block| block.split_once('\n'))
        .map(|(word, text)| (word.to_owned(), text.to_owned()))
        .collect()
}

/// The first block of a language.
fn first<'b>(blocks: &'b [Block], language: &str) -> &'b str {
    blocks.iter().find(|(word, _)| word == language).map(|(_, text)| text.as_str()).expect("the page has one")
}

/// Runs every command of a page, one after the other in one directory, and says how many there are.
fn run_all(directory: &Path, blocks: &[Block]) -> usize {
    let binary = Path::new(env!("CARGO_BIN_EXE_gatewright")).parent().expect("it is in a directory");
    let path = format!("{}:{}:/usr/bin:/bin", directory.display(), binary.display());
    let commands = blocks.iter().filter(|(word, _)| word == "console").flat_map(|(_, text)| text.lines());
    let mut count = 0;
    for command in commands {
        let run = Command::new("sh")
            .args(["-ec", command])
            .current_dir(directory)
            .env("PATH", &path)
            .output()
            .expect("a shell is there");
        assert!(run.status.success(), "{command}: {}", String::from_utf8_lossy(&run.stderr));
        count += 1;
    }
    count
}

#[test]
fn commands_of_the_page_of_organizations_work() {
    let directory = directory("commands_of_the_page_of_organizations_work");
    let blocks = blocks("organizations.md");
    let values = first(&blocks, "yaml");
    file(&directory, "values.yaml", values);
    let (platform, _) = values.split_once("organizations:").expect("the first example has some");
    file(&directory, "platform.yaml", platform);
    file(&directory, "organizations.ndjson", first(&blocks, "json"));
    assert_eq!(run_all(&directory, &blocks), 4);
    let manifests = fs::read_to_string(directory.join("manifests.yaml")).expect("it is written");
    assert!(manifests.contains("globex"), "{manifests}");
}

/// What a cluster has is what the page of organizations makes.
#[test]
fn commands_of_the_page_of_imports_work() {
    let directory = directory("commands_of_the_page_of_imports_work");
    let values = file(&directory, "values.yaml", first(&blocks("organizations.md"), "yaml"));
    let rendered = crate::process::run(&["render", "-f", &values], "");
    file(&directory, "cluster.yaml", &rendered.stdout);
    let kubectl = file(&directory, "kubectl", "#!/bin/sh\ncat cluster.yaml\n");
    fs::set_permissions(kubectl, fs::Permissions::from_mode(0o755)).expect("it is ours");
    assert_eq!(run_all(&directory, &blocks("import.md")), 2);
    let imported = fs::read_to_string(directory.join("values.yaml")).expect("it is written");
    assert!(imported.contains("gateways:"), "{imported}");
}
