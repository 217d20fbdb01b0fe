//! `cargo xtask wasm-check`: the core builds for WebAssembly, and reads nothing but its arguments.
//!
//! The build alone does not prove it: `std::fs`, `std::env` and `std::time` exist on
//! `wasm32-unknown-unknown` and fail when they are called.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::{process, setup, stage, workspace};

/// Modules of `std` through which a program sees the world outside its arguments.
const MODULES: &[&str] = &["env", "fs", "net", "process", "thread", "time"];

/// What gives another answer in each run, or waits for the world, wherever it comes from: maps in an
/// order of their own, the one source of randomness in `std`, stdin, and futures.
const WORDS: &[&str] = &["HashMap", "HashSet", "RandomState", "stdin", "async"];

pub(crate) fn run() -> Result<()> {
    stage::stage("purity", || purity(&workspace::root().join("core/src")))?;
    stage::stage("build", || {
        process::run(
            process::cargo()
                .args(["build", "--package", "gatewright-core", "--target", setup::WASM_TARGET])
                .current_dir(workspace::root()),
        )
    })
}

fn purity(folder: &Path) -> Result<()> {
    let mut found = Vec::new();
    for file in rust_files(folder)? {
        let text = fs::read_to_string(&file).with_context(|| format!("reading {}", file.display()))?;
        let shown = file.strip_prefix(workspace::root()).unwrap_or(&file);
        found.extend(
            uses(&text).into_iter().map(|(line, what)| format!("{}:{line}: {what}", shown.display())),
        );
    }
    if !found.is_empty() {
        bail!(
            "the core is pure, but uses\n  {}\nhint: addresses, which are pure, are in `core::net`; durations in \
             `core::time`; ordered maps and sets are `BTreeMap` and `BTreeSet`",
            found.join("\n  ")
        );
    }
    Ok(())
}

/// What a source file uses of [`MODULES`] and [`WORDS`], with the number of the line.
///
/// Words in line comments do not count. A word inside a string literal does: rename it there.
fn uses(source: &str) -> Vec<(usize, String)> {
    let code: Vec<&str> =
        source.lines().map(|line| line.split_once("//").map_or(line, |(code, _)| code)).collect();
    let mut found = Vec::new();
    // Within `std::{…}`, the number of braces still open.
    let mut depth = 0_usize;
    for (index, line) in code.iter().enumerate() {
        let mut previous = ["", "", ""];
        for token in tokens(line) {
            let imported = depth == 1 && !matches!(previous[2], ":");
            let of_std = previous == ["std", ":", ":"];
            if MODULES.contains(&token) && (of_std || imported) {
                found.push((index + 1, format!("std::{token}")));
            }
            if WORDS.contains(&token) {
                found.push((index + 1, token.to_owned()));
            }
            match token {
                "{" if of_std || depth > 0 => depth += 1,
                "}" => depth = depth.saturating_sub(1),
                _ => {}
            }
            previous = [previous[1], previous[2], token];
        }
    }
    found
}

/// Words, and every other character that is no space, alone.
fn tokens(line: &str) -> impl Iterator<Item = &str> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut rest = line.trim_start();
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let length =
            if is_word(first) { rest.find(|c| !is_word(c)).unwrap_or(rest.len()) } else { first.len_utf8() };
        let (token, tail) = rest.split_at(length);
        rest = tail.trim_start();
        Some(token)
    })
}

fn rust_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(rust_files(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::uses;

    fn found(source: &str) -> Vec<(usize, String)> {
        uses(source)
    }

    #[test]
    fn finds_a_path() {
        assert_eq!(found("fn f() {\n    std::fs::read(\"a\");\n}"), [(2, "std::fs".to_owned())]);
    }

    #[test]
    fn finds_an_import_group_over_lines() {
        let source =
            "use std::{\n    collections::{BTreeMap, HashMap},\n    env,\n    fmt::time,\n};\nlet time = 1;";
        assert_eq!(found(source), [(2, "HashMap".to_owned()), (3, "std::env".to_owned())]);
    }

    #[test]
    fn finds_randomness_stdin_processes_and_futures() {
        let source =
            "use std::hash::RandomState;\nuse std::{fmt, process};\nasync fn f() {\n    std::io::stdin();\n}";
        let found: Vec<String> = found(source).into_iter().map(|(_, what)| what).collect();
        assert_eq!(found, ["RandomState", "std::process", "async", "stdin"]);
    }

    #[test]
    fn passes_over_comments_and_other_words() {
        assert_eq!(found("// std::fs and a HashMap\nlet env = my_std::environment; // std::time"), []);
    }
}
