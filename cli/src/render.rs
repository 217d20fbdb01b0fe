//! `gatewright render`: values to manifests, without Helm.

use std::io::{self, Write};

use clap::{Args, ValueEnum};
use gatewright_core::diagnostic::has_errors;
use gatewright_core::{Format, Manifests, Rendered};

use crate::exit::Exit;
use crate::report::{self, Report};
use crate::values;

/// Turn values into Gateway API manifests, without Helm
///
/// Values are merged over the chart's own defaults as Helm does it: maps are merged, lists replaced,
/// null deletes. Manifests go to stdout, diagnostics to stderr in the format that --format names, and
/// to the file of --report as well.
#[derive(Args)]
#[group(skip)]
#[command(after_help = "\
Examples:
  gatewright render -f values.yaml -n edge | kubectl apply -f -
  gatewright render -f base.yaml -f production.yaml --set gateway.className=istio -o json
  gatewright render -f - --format github < values.yaml")]
pub(crate) struct Arguments {
    #[command(flatten)]
    values: values::Arguments,
    /// How manifests are written
    #[arg(short = 'o', long, value_enum, default_value_t, value_name = "OUTPUT")]
    output: Output,
    #[command(flatten)]
    report: report::Arguments,
}

/// How manifests are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Output {
    /// Block YAML, one document an object
    #[default]
    Yaml,
    /// One `List` of all objects
    Json,
}

pub(crate) fn run(arguments: &Arguments) -> Exit {
    let Arguments { values, output, report: destination } = arguments;
    let mut diagnostics = Vec::new();
    let inputs = values.read(&[], &mut diagnostics);
    let Some(root) = values.merge(&inputs.own, &inputs.flags, &mut diagnostics) else {
        let report = Report::unusable(inputs.all(), diagnostics);
        return report::finish(report, destination, "manifests", |_| Ok(()));
    };
    let format = match output {
        Output::Yaml => Format::Yaml,
        Output::Json => Format::Json,
    };
    let Rendered { manifests, diagnostics: found } = gatewright_core::render(root, &values.scope(), format);
    diagnostics.extend(found);
    let faulty = has_errors(&diagnostics);
    let objects = if faulty { 0 } else { manifests.list.len() };
    report::finish(Report::of(inputs.all(), diagnostics, objects), destination, "manifests", |stdout| {
        match output {
            _ if faulty => Ok(()),
            Output::Yaml => write_documents(stdout, &manifests),
            Output::Json => write_list(stdout, &manifests),
        }
    })
}

fn write_documents(stdout: &mut dyn Write, manifests: &Manifests) -> io::Result<()> {
    for (_, document) in manifests.iter() {
        stdout.write_all(b"---\n")?;
        stdout.write_all(document.as_bytes())?;
    }
    Ok(())
}

/// Indents by lines: a line break in a JSON text is always between tokens.
fn write_list(stdout: &mut dyn Write, manifests: &Manifests) -> io::Result<()> {
    stdout.write_all(b"{\n  \"apiVersion\": \"v1\",\n  \"kind\": \"List\",\n  \"items\": [")?;
    for (index, (_, document)) in manifests.iter().enumerate() {
        stdout.write_all(if index == 0 { b"" } else { b"," })?;
        for line in document.lines() {
            stdout.write_all(b"\n    ")?;
            stdout.write_all(line.as_bytes())?;
        }
    }
    stdout.write_all(if manifests.list.is_empty() { b"]\n}\n" } else { b"\n  ]\n}\n" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use gatewright_core::Manifest;
    use gatewright_core::path::Path;

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

    fn written(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> String {
        let mut bytes = Vec::new();
        write(&mut bytes).expect("memory takes every byte");
        String::from_utf8(bytes).expect("only text was written")
    }

    #[test]
    fn puts_a_separator_before_every_document() {
        let manifests = manifests(&["a: 1\n", "b: 2\n"]);
        assert_eq!(written(|out| write_documents(out, &manifests)), "---\na: 1\n---\nb: 2\n");
    }

    #[test]
    fn a_list_is_json_with_every_object_in_order() {
        for count in 0..3 {
            let manifests = manifests(&["{\n  \"a\": 1\n}\n"].repeat(count));
            let list: serde_json::Value =
                serde_json::from_str(&written(|out| write_list(out, &manifests))).expect("a list is JSON");
            assert_eq!(list["kind"], "List");
            assert_eq!(list["items"].as_array().map(Vec::len), Some(count));
        }
    }
}
