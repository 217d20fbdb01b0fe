//! Codes of findings, gathered from the sources: the comment above each is what it stands for.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use gatewright_core::manual::pages;

use crate::golden::root;

/// The text of `docs/codes.md`.
///
/// # Errors
///
/// Names the codes that no comment explains.
pub fn markdown() -> Result<String, String> {
    let mut codes = BTreeMap::new();
    let mut bare = Vec::new();
    for crate_folder in ["core/src", "crd/src", "cli/src"] {
        for file in sources(&root().join(crate_folder)) {
            let text = fs::read_to_string(&file).expect("a source is text");
            gather(text.split("\nmod tests {").next().unwrap_or_default(), &mut codes, &mut bare);
        }
    }
    // The page of a rule says it better than a constant's comment.
    codes.extend(pages().map(|page| (page.code.0.to_owned(), (sentence(page.what), true))));
    bare.retain(|code| !codes.contains_key(code));
    if !bare.is_empty() {
        return Err(format!("no comment above the constant: {}", bare.join(", ")));
    }
    let mut text = String::from(
        "# Codes\n\nEvery finding has a code; go by it, never by the words. Printed from the sources; a test fails when it is not \
         current. `gatewright explain CODE` prints the same, and a whole page for those that have one.\n\n\
         | code | stands for | more |\n|---|---|---|\n",
    );
    for (code, (what, page)) in codes {
        let more = if page { format!("[page](rules.md#{code})") } else { String::new() };
        let _ = writeln!(text, "| `{code}` | {} | {more} |", what.replace('|', "\\|"));
    }
    Ok(text)
}

/// `const NAME: Code = Code("code");` under its comment, over one line or two.
fn gather(source: &str, codes: &mut BTreeMap<String, (String, bool)>, bare: &mut Vec<String>) {
    let mut comment = Vec::new();
    let mut is_constant = false;
    for line in source.lines().map(str::trim) {
        if let Some(words) = line.strip_prefix("///") {
            comment.push(words.trim());
            continue;
        }
        is_constant |= line.contains("const ") && line.contains(": Code =");
        let code = line.split_once("Code(\"").and_then(|(_, rest)| rest.split('"').next());
        match code {
            Some(code) if is_constant && !comment.is_empty() => {
                let words: Vec<_> = comment.split(|line| line.is_empty()).next().unwrap_or_default().to_vec();
                codes.insert(code.to_owned(), (sentence(&words.join(" ")), false));
            }
            Some(code) => bare.push(code.to_owned()),
            None if is_constant => continue,
            None => {}
        }
        is_constant = false;
        comment.clear();
    }
}

/// With a capital letter and without a full stop.
fn sentence(words: &str) -> String {
    let words = words.trim_end_matches('.');
    let mut characters = words.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry can be read").path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("tests.rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}
