//! Manifests as they are written: YAML documents, or one `List`.

use std::io::{self, Write};

use clap::ValueEnum;
use gatewright_core::{Format, Manifests};

/// How manifests are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Output {
    /// Block YAML, one document an object
    #[default]
    Yaml,
    /// One `List` of all objects
    Json,
}

impl Output {
    /// What objects are written as.
    pub(super) const fn format(self) -> Format {
        match self {
            Self::Yaml => Format::Yaml,
            Self::Json => Format::Json,
        }
    }

    /// Writes all manifests there are.
    pub(super) fn write(self, out: &mut dyn Write, manifests: &Manifests) -> io::Result<()> {
        self.add(out, manifests, 0)?;
        self.end(out, manifests.list.len())
    }

    /// Writes manifests behind so many others.
    pub(super) fn add(self, out: &mut dyn Write, manifests: &Manifests, before: usize) -> io::Result<()> {
        for (index, (_, document)) in manifests.iter().enumerate() {
            match self {
                Self::Yaml => {
                    out.write_all(b"---\n")?;
                    out.write_all(document.as_bytes())?;
                }
                Self::Json => {
                    out.write_all(if before + index == 0 { LIST_START } else { b"," })?;
                    // A line break in a JSON text is always between tokens.
                    for line in document.lines() {
                        out.write_all(b"\n    ")?;
                        out.write_all(line.as_bytes())?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Ends so many manifests.
    pub(super) fn end(self, out: &mut dyn Write, count: usize) -> io::Result<()> {
        match self {
            Self::Yaml => Ok(()),
            Self::Json if count == 0 => {
                out.write_all(LIST_START)?;
                out.write_all(b"]\n}\n")
            }
            Self::Json => out.write_all(b"\n  ]\n}\n"),
        }
    }
}

const LIST_START: &[u8] = b"{\n  \"apiVersion\": \"v1\",\n  \"kind\": \"List\",\n  \"items\": [";

#[cfg(test)]
mod tests {
    use gatewright_core::Manifest;
    use gatewright_core::path::Path;

    use super::*;

    fn manifests(documents: &[&str]) -> Manifests {
        let mut manifests = Manifests::default();
        for document in documents {
            let start = manifests.text.len();
            manifests.text.push_str(document);
            manifests.list.push(Manifest {
                api_version: "v1",
                kind: "Service",
                namespace: "".into(),
                name: "a".into(),
                origin: Path::ROOT,
                range: start..manifests.text.len(),
            });
        }
        manifests
    }

    /// Written at once, and one by one: the same bytes.
    fn written(output: Output, documents: &[&str]) -> String {
        let (mut once, mut parts) = (Vec::new(), Vec::new());
        output.write(&mut once, &manifests(documents)).expect("memory takes every byte");
        for (before, document) in documents.iter().enumerate() {
            output.add(&mut parts, &manifests(&[document]), before).expect("memory takes every byte");
        }
        output.end(&mut parts, documents.len()).expect("memory takes every byte");
        assert_eq!(once, parts);
        String::from_utf8(once).expect("only text was written")
    }

    #[test]
    fn puts_a_separator_before_every_document() {
        assert_eq!(written(Output::Yaml, &["a: 1\n", "b: 2\n"]), "---\na: 1\n---\nb: 2\n");
    }

    #[test]
    fn a_list_is_json_with_every_object_in_order() {
        for count in 0..3 {
            let documents = ["{\n  \"a\": 1\n}\n"].repeat(count);
            let list: serde_json::Value =
                serde_json::from_str(&written(Output::Json, &documents)).expect("a list is JSON");
            assert_eq!(list["kind"], "List");
            assert_eq!(list["items"].as_array().map(Vec::len), Some(count));
        }
    }
}
