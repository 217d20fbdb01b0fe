//! What a module consists of: functions by the crate that they are of, those of the core by room, and data.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use wasmparser::{KnownCustom, Name, NameSectionReader, Parser, Payload};

use super::{Artefact, build, gzipped};

/// Bytes of a part, as they are; the larger are told first.
type Parts = BTreeMap<String, Vec<u8>>;

/// Prints a table of the parts of an artefact. Each is compressed by itself, which comes to a little more than the whole.
pub(crate) fn print(artefact: &Artefact) -> Result<()> {
    let built = build::compile(artefact)?;
    let named = build::optimized(&built, &["-g"])?;
    let parts = parts(&named)?;
    let mut rows: Vec<(usize, usize, &str)> =
        parts.iter().map(|(name, bytes)| (gzipped(bytes), bytes.len(), name.as_str())).collect();
    rows.sort_unstable_by(|a, b| b.cmp(a));
    println!("| part of {} | bytes | gzip |\n|---|---|---|", artefact.name);
    for (gzip, plain, name) in &rows {
        println!("| {name} | {plain} | {gzip} |");
    }
    let sum = |of: fn(&(usize, usize, &str)) -> usize| rows.iter().map(of).sum::<usize>();
    println!("| all | {} | {} |", sum(|row| row.1), sum(|row| row.0));
    Ok(())
}

/// The bytes of each part of a module that has a section of names.
fn parts(module: &[u8]) -> Result<Parts> {
    let (mut imported, mut bodies, mut names) = (0, Vec::new(), BTreeMap::new());
    let mut parts = Parts::new();
    for payload in Parser::new(0).parse_all(module) {
        match payload.context("reading the module")? {
            Payload::ImportSection(section) => imported = section.into_imports().count(),
            Payload::CodeSectionEntry(body) => bodies.push(body.range()),
            Payload::DataSection(section) => {
                parts.insert("data: texts and tables".to_owned(), module[section.range()].to_vec());
            }
            Payload::CustomSection(section) => {
                if let KnownCustom::Name(section) = section.as_known() {
                    names = function_names(section)?;
                }
            }
            _ => {}
        }
    }
    for (index, range) in bodies.into_iter().enumerate() {
        let name = names.get(&(imported + index)).map_or("", String::as_str);
        parts.entry(part_of(name)).or_default().extend_from_slice(&module[range]);
    }
    Ok(parts)
}

fn function_names(section: NameSectionReader<'_>) -> Result<BTreeMap<usize, String>> {
    let mut names = BTreeMap::new();
    for subsection in section {
        if let Name::Function(functions) = subsection? {
            for naming in functions {
                let naming = naming?;
                names.insert(
                    usize::try_from(naming.index)?,
                    format!("{:#}", rustc_demangle::demangle(naming.name)),
                );
            }
        }
    }
    Ok(names)
}

/// The crates that come with the compiler.
///
/// Source: `library/` of the Rust project, and the dependencies in its `Cargo.lock`.
const WITH_RUST: [&str; 8] =
    ["__rustc", "alloc", "compiler_builtins", "core", "dlmalloc", "hashbrown", "rustc_demangle", "std"];

/// The crate that a function's name begins with, whatever it is generic over; of the core the room too.
fn part_of(name: &str) -> String {
    let is_word = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let mut words = name.split(|letter| !is_word(letter)).filter(|word| !matches!(*word, "" | "dyn" | "mut"));
    match words.next() {
        Some("gatewright_core") => format!("Gatewright: {}", words.next().unwrap_or_default()),
        Some(of) if !WITH_RUST.contains(&of) && name.contains(&format!("{of}::")) => of.to_owned(),
        Some(_) if name.contains("::") => "Rust's own library".to_owned(),
        _ => "without a path".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_of_the_crate_that_their_name_begins_with() {
        for (name, part) in [
            ("gatewright_core::plan::build::some", "Gatewright: plan"),
            ("<gatewright_core::check::Finding as core::clone::Clone>::clone", "Gatewright: check"),
            (
                "alloc::collections::btree::map::BTreeMap<gatewright_core::path::Path, u8>::get",
                "Rust's own library",
            ),
            ("<str as alloc::string::SpecToString>::spec_to_string", "Rust's own library"),
            ("<&mut dyn core::fmt::Write>::write_char", "Rust's own library"),
            ("<minijinja::value::Value as core::fmt::Display>::fmt", "minijinja"),
            ("call", "without a path"),
        ] {
            assert_eq!(part_of(name), part);
        }
    }
}
