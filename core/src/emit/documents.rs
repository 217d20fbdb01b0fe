//! Manifests one behind the other: YAML documents, or one `List`.

use core::convert::Infallible;

use super::{Format, Manifests};

const LIST_START: &str = "{\n  \"apiVersion\": \"v1\",\n  \"kind\": \"List\",\n  \"items\": [";

impl Format {
    /// Writes manifests behind so many others.
    pub fn add<E>(
        self,
        manifests: &Manifests,
        before: usize,
        write: &mut impl FnMut(&str) -> Result<(), E>,
    ) -> Result<(), E> {
        for (index, (_, document)) in manifests.iter().enumerate() {
            match self {
                Self::Yaml => {
                    write("---\n")?;
                    write(document)?;
                }
                Self::Json => {
                    write(if before + index == 0 { LIST_START } else { "," })?;
                    // A line break in a JSON text is always between tokens.
                    for line in document.lines() {
                        write("\n    ")?;
                        write(line)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Ends so many manifests.
    pub fn end<E>(self, count: usize, write: &mut impl FnMut(&str) -> Result<(), E>) -> Result<(), E> {
        match self {
            Self::Yaml => Ok(()),
            Self::Json if count == 0 => {
                write(LIST_START)?;
                write("]\n}\n")
            }
            Self::Json => write("\n  ]\n}\n"),
        }
    }

    /// All manifests there are, as one text.
    pub fn whole(self, manifests: &Manifests) -> String {
        let mut text = String::new();
        let mut write = |part: &str| -> Result<(), Infallible> {
            text.push_str(part);
            Ok(())
        };
        let Ok(()) = self.add(manifests, 0, &mut write);
        let Ok(()) = self.end(manifests.list.len(), &mut write);
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emit::Manifest;
    use crate::path::Path;

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
    fn written(format: Format, documents: &[&str]) -> String {
        let mut parts = String::new();
        let mut write = |part: &str| -> Result<(), Infallible> {
            parts.push_str(part);
            Ok(())
        };
        for (before, document) in documents.iter().enumerate() {
            let Ok(()) = format.add(&manifests(&[document]), before, &mut write);
        }
        let Ok(()) = format.end(documents.len(), &mut write);
        assert_eq!(format.whole(&manifests(documents)), parts);
        parts
    }

    #[test]
    fn puts_a_separator_before_every_document() {
        assert_eq!(written(Format::Yaml, &["a: 1\n", "b: 2\n"]), "---\na: 1\n---\nb: 2\n");
    }

    #[test]
    fn a_list_is_json_with_every_object_in_order() {
        for count in 0..3 {
            let documents = ["{\n  \"a\": 1\n}\n"].repeat(count);
            let list: serde_json::Value =
                serde_json::from_str(&written(Format::Json, &documents)).expect("a list is JSON");
            assert_eq!(list["kind"], "List");
            assert_eq!(list["items"].as_array().map(Vec::len), Some(count));
        }
    }
}
