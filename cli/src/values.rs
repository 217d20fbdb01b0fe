//! The values of a release: files over the chart's defaults, with flags on top, merged as Helm does.

use std::path::{self, PathBuf};

use clap::Args;
use gatewright_core::Scope;
use gatewright_core::diagnostic::{Code, Diagnostic, has_errors};
use gatewright_core::path::Path;
use gatewright_core::tree::set::{self, Mode, SetError};

use gatewright_core::tree::yaml::{self, Limits};
use gatewright_core::tree::{Map, Node, Position, Value, merge};
use gatewright_core::values::WRONG_TYPE;

use crate::input::{self, Input};

/// What every value is where no file and no flag says otherwise.
const DEFAULTS: &str = include_str!("../../chart/values.yaml");

/// The chart that [`DEFAULTS`] are from.
const CHART: &str = "gatewright";

/// A values file with more than one document.
const SEVERAL_DOCUMENTS: Code = Code("several-documents");
/// A flag that sets a value and cannot be read.
const FLAG: Code = Code("flag-malformed");

/// Which values, for which release.
#[derive(Args)]
#[group(skip)]
pub(crate) struct Arguments {
    /// A values file; `-` is stdin. Repeat it, or separate files by commas: later ones win
    #[arg(short = 'f', long = "values", value_name = "FILE", value_delimiter = ',')]
    files: Vec<PathBuf>,
    /// Set a value: `gateway.name=web,labels.team=edge`
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// Set a value that stays text: `gatewayAPI.version=1.6`
    #[arg(long, value_name = "KEY=TEXT")]
    set_string: Vec<String>,
    /// Set a value from JSON: `routes=[]`
    #[arg(long, value_name = "KEY=JSON")]
    set_json: Vec<String>,
    /// Set a value to the text of a file
    #[arg(long, value_name = "KEY=FILE")]
    set_file: Vec<String>,
    /// Set a value to text in which nothing, not even a comma, has a meaning
    #[arg(long, value_name = "KEY=TEXT")]
    set_literal: Vec<String>,
    /// The controller profile, in place of the value `profile`
    #[arg(long, value_name = "PROFILE", value_parser = gatewright_core::profile::WORDS)]
    profile: Option<String>,
    /// The Gateway API release of the cluster, in place of the value `gatewayAPI.version`
    #[arg(long, value_name = "VERSION")]
    gateway_api: Option<String>,
    /// The namespace of the release
    #[arg(short = 'n', long, value_name = "NAMESPACE", default_value = "", hide_default_value = true)]
    namespace: String,
    /// The name of the release
    #[arg(long, value_name = "RELEASE", default_value = "", hide_default_value = true)]
    name: String,
}

impl Arguments {
    /// The release that the values are for.
    pub(crate) fn scope(&self) -> Scope {
        Scope {
            release: self.name.clone(),
            namespace: self.namespace.clone(),
            chart: CHART.to_owned(),
            ..Scope::default()
        }
    }

    /// Says of every finding about what a flag has set that it is the flag's: no line of a file holds it.
    pub(crate) fn trace(&self, diagnostics: &mut [Diagnostic]) {
        let Self { set, set_string, set_json, set_file, set_literal, profile, gateway_api, .. } = self;
        let mut flags: Vec<(String, String)> = Vec::new();
        for (flag, expressions) in [
            ("--set-json", set_json),
            ("--set", set),
            ("--set-string", set_string),
            ("--set-file", set_file),
            ("--set-literal", set_literal),
        ] {
            for expression in expressions {
                // A comma inside a value makes a part that no path begins with.
                flags.extend(expression.split(',').filter_map(|part| {
                    let (name, _) = part.split_once('=')?;
                    Some((name.trim().to_owned(), format!("{flag} {expression}")))
                }));
            }
        }
        flags.extend(profile.iter().map(|word| ("profile".to_owned(), format!("--profile {word}"))));
        flags.extend(
            gateway_api.iter().map(|word| ("gatewayAPI.version".to_owned(), format!("--gateway-api {word}"))),
        );
        for diagnostic in diagnostics {
            let path = diagnostic.path.to_string();
            let is_set = |name: &str| {
                path.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
            };
            // The last flag wins, as it does in the values.
            if let Some((_, flag)) = flags.iter().rev().find(|(name, _)| !name.is_empty() && is_set(name)) {
                diagnostic.position = Position::UNKNOWN;
                diagnostic.message = format!("{} (from `{flag}`)", diagnostic.message);
            }
        }
    }

    /// Reads every values file; what cannot be read is a diagnostic.
    pub(crate) fn read(&self, out: &mut Vec<Diagnostic>) -> Vec<Input> {
        self.read_beside(&[], out).0
    }

    /// Reads every values file, and then those of other values, to be merged on their own.
    pub(crate) fn read_beside(
        &self,
        others: &[PathBuf],
        out: &mut Vec<Diagnostic>,
    ) -> (Vec<Input>, Vec<Input>) {
        let files = || self.files.iter().chain(others);
        if files().filter(|file| file.as_path() == path::Path::new("-")).count() > 1 {
            let message = "`-` stands here more than once, but stdin can be read only once";
            out.push(Diagnostic::error(FLAG, Path::ROOT, message));
        }
        let mut inputs: Vec<_> =
            (0..=u16::MAX).zip(files()).map(|(source, file)| input::read(file, source, out)).collect();
        let others = inputs.split_off(self.files.len().min(inputs.len()));
        (inputs, others)
    }

    /// The values: the chart's defaults, under the files in order, under the flags.
    ///
    /// `None` if a file or a flag could not be read or parsed; `out` says which.
    pub(crate) fn merge<'i>(&self, inputs: &'i [Input], out: &mut Vec<Diagnostic>) -> Option<Node<'i>> {
        let mut values = Node::bare(Value::Map(Map::default()));
        let mut usable = !has_errors(out);
        for input in inputs {
            if out.iter().any(|fault| fault.position.source == input.source) {
                continue;
            }
            let mut found = Vec::new();
            let documents = yaml::read(&input.text, input.source, &Limits::NATIVE, &mut found);
            usable &= !has_errors(&found);
            out.extend(found);
            if let Some(over) = root(documents, input, out) {
                values = merge::merge(over, values);
            }
        }
        let values = self.set(values, out);
        usable.then_some(merge::coalesce(values?, defaults()))
    }

    /// Applies the flags in Helm's order, whatever their order on the command line; those that
    /// Helm does not have come last.
    fn set<'i>(&self, values: Node<'i>, out: &mut Vec<Diagnostic>) -> Option<Node<'i>> {
        let Self { set, set_string, set_json, set_file, set_literal, profile, gateway_api, .. } = self;
        let profile: Vec<_> = profile.iter().map(|word| format!("profile={word}")).collect();
        let gateway_api: Vec<_> =
            gateway_api.iter().map(|version| format!("gatewayAPI.version={version}")).collect();
        let flags: [(&str, &[String], Apply); 7] = [
            ("--set-json", set_json, |values, json| set::apply(values, json, Mode::Json)),
            ("--set", set, |values, typed| set::apply(values, typed, Mode::Typed)),
            ("--set-string", set_string, |values, text| set::apply(values, text, Mode::Text)),
            ("--set-file", set_file, |values, files| set::apply_files(values, files, &mut content)),
            ("--set-literal", set_literal, |values, text| set::apply(values, text, Mode::Literal)),
            ("--profile", &profile, |values, text| set::apply(values, text, Mode::Literal)),
            ("--gateway-api", &gateway_api, |values, text| set::apply(values, text, Mode::Literal)),
        ];
        if flags.iter().all(|(_, expressions, _)| expressions.is_empty()) {
            return Some(values);
        }
        let mut values = values.into_owned();
        let mut sound = true;
        for (flag, expressions, apply) in flags {
            for expression in expressions {
                if let Err(error) = apply(&mut values, expression) {
                    sound = false;
                    out.push(Diagnostic::error(FLAG, Path::ROOT, format!("{flag} {expression}: {error}")));
                }
            }
        }
        sound.then_some(values)
    }
}

/// Writes what one argument of a flag says into the values.
type Apply = fn(&mut Node<'static>, &str) -> Result<(), SetError>;

fn content(file: &str) -> Result<String, String> {
    input::text(path::Path::new(file)).map_err(|refusal| refusal.to_string())
}

/// The one map of a values file; `None` for an empty file, or after an error.
fn root<'i>(documents: Vec<Node<'i>>, input: &Input, out: &mut Vec<Diagnostic>) -> Option<Node<'i>> {
    let mut documents = documents.into_iter().filter(|document| !document.is_null());
    let root = documents.next()?;
    if let Some(second) = documents.next() {
        let message = format!("{} holds several documents, but values are one", input.name());
        let mut diagnostic = Diagnostic::error(SEVERAL_DOCUMENTS, Path::ROOT, message)
            .hint("put each in a file of its own, and name them with one -f each");
        diagnostic.position = second.position;
        out.push(diagnostic);
    }
    if root.as_map().is_none() {
        let message = format!("values are a map, but {} holds {}", input.name(), root.type_word());
        let mut diagnostic = Diagnostic::error(WRONG_TYPE, Path::ROOT, message);
        diagnostic.position = root.position;
        out.push(diagnostic);
        return None;
    }
    Some(root)
}

/// The chart's defaults, as if no text held them: nobody wants to be sent to a line of ours.
fn defaults() -> Node<'static> {
    let mut faults = Vec::new();
    let root = yaml::read(DEFAULTS, u16::MAX, &Limits::NATIVE, &mut faults).into_iter().next();
    let mut root = root.unwrap_or(Node::NULL);
    forget_places(&mut root);
    root
}

fn forget_places(node: &mut Node<'_>) {
    node.position = Position::UNKNOWN;
    match &mut node.value {
        Value::Map(map) => {
            for entry in map.iter_mut() {
                entry.position = Position::UNKNOWN;
                forget_places(&mut entry.value);
            }
        }
        Value::List(items) => items.iter_mut().for_each(forget_places),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_charts_defaults_are_values() {
        let mut faults = Vec::new();
        let documents = yaml::read(DEFAULTS, 0, &Limits::NATIVE, &mut faults);
        assert_eq!(faults, []);
        assert!(matches!(documents.as_slice(), [root] if root.as_map().is_some()));
    }
}
