//! The values of a release: files over the chart's defaults, with flags on top, merged as Helm does.

use std::borrow::Cow;
use std::path::{self, PathBuf};

use clap::Args;
use gatewright_core::Scope;
use gatewright_core::diagnostic::{Code, Diagnostic, has_errors};
use gatewright_core::path::Path;
use gatewright_core::stream::Stream;
use gatewright_core::tree::set::{self, Mode, SetError};
use gatewright_core::tree::{Map, Node, Position, Value};
use gatewright_core::values::layers;

use crate::input::{self, Input, Origin};
use crate::name;

/// Organizations both as a stream and elsewhere.
const ORGANIZATIONS_TWICE: Code = Code("organizations-twice");
/// A stream without organizations.
const NO_ORGANIZATIONS: Code = Code("no-organizations");
/// A flag that sets a value and cannot be read.
const FLAG: Code = Code("flag-malformed");

/// Which values, for which release.
#[derive(Args)]
#[group(skip)]
pub(crate) struct Arguments {
    /// A values file; `-` is stdin. Repeat it, or separate files by commas: later ones win. A file that ends in
    /// `.ndjson` holds `organizations`, one JSON object a line
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
    #[arg(short = 'n', long, value_name = "NAMESPACE", default_value = "", hide_default_value = true,
        value_parser = name::namespace)]
    namespace: String,
    /// The name of the release
    #[arg(long, value_name = "RELEASE", default_value = "", hide_default_value = true, value_parser = name::release)]
    name: String,
}

impl Arguments {
    /// The release that the values are for.
    pub(crate) fn scope(&self) -> Scope {
        Scope {
            release: self.name.clone(),
            namespace: self.namespace.clone(),
            chart: layers::CHART.to_owned(),
            ..Scope::default()
        }
    }

    /// Reads every values file, then those of other values, to be merged on their own, then the flags; what
    /// cannot be read is a diagnostic.
    pub(crate) fn read(&self, others: &[PathBuf], out: &mut Vec<Diagnostic>) -> Inputs {
        out.extend(self.stdin_again(others));
        let mut sources = 0..u16::MAX;
        let mut read = |file: &PathBuf| Some(input::read(file, sources.next()?, out));
        let own = self.files.iter().filter_map(&mut read).collect();
        let others = others.iter().filter_map(&mut read).collect();
        let flags = self.flags().into_iter().zip(sources).map(|(flag, source)| flag.input(source)).collect();
        Inputs { own, others, flags }
    }

    /// Stdin is named more than once, among the values files and those beside them.
    pub(crate) fn stdin_again(&self, beside: &[PathBuf]) -> Option<Diagnostic> {
        let files = self.files.iter().chain(beside);
        (files.filter(|file| input::stands_for_stdin(file)).count() > 1)
            .then(|| Diagnostic::error(FLAG, Path::ROOT, input::STDIN_AGAIN))
    }

    /// The values: the chart's defaults, under the files in order, under the flags.
    ///
    /// `None` if a file or a flag could not be read or parsed; `out` says which.
    pub(crate) fn merge<'i>(
        &self,
        inputs: &'i [Input],
        flags: &[Input],
        out: &mut Vec<Diagnostic>,
    ) -> Option<Merged<'i>> {
        let mut values = Node::bare(Value::Map(Map::default()));
        let mut usable = !has_errors(out);
        let (streams, files): (Vec<&Input>, Vec<&Input>) = inputs.iter().partition(|input| is_stream(input));
        for input in files {
            if out.iter().any(|fault| fault.position.source == input.source) {
                continue;
            }
            usable &= layers::over(&mut values, (&input.name(), &input.text), input.source, out);
        }
        let root = layers::over_defaults(self.set(values, flags, out)?);
        let organizations = streams.first().map(|input| Stream { text: &input.text, source: input.source });
        if let (Some(first), second) = (streams.first(), streams.get(1))
            && (second.is_some() || root.get("organizations").is_some_and(|list| !list.is_empty()))
        {
            let other = second.map_or(Cow::Borrowed("the values"), |second| second.name());
            let message = format!("organizations are in {} and in {other}", first.name());
            let hint = "give all of them in one file: a list is replaced by a later one, and a stream too";
            out.push(Diagnostic::error(ORGANIZATIONS_TWICE, Path::ROOT, message).hint(hint));
            return None;
        }
        out.extend(streams.iter().filter_map(|stream| nobody(stream)));
        usable.then_some(Merged { root, organizations })
    }

    /// The flags in the order in which they are applied: Helm's, whatever their order on the command line;
    /// those that Helm does not have come last.
    fn flags(&self) -> Vec<Flag<'_>> {
        let Self { set, set_string, set_json, set_file, set_literal, profile, gateway_api, .. } = self;
        let ways: [(&str, &[String], Way); 5] = [
            ("--set-json", set_json, Way::Value(Mode::Json)),
            ("--set", set, Way::Value(Mode::Typed)),
            ("--set-string", set_string, Way::Value(Mode::Text)),
            ("--set-file", set_file, Way::File),
            ("--set-literal", set_literal, Way::Value(Mode::Literal)),
        ];
        let own = [("--profile", "profile", profile), ("--gateway-api", "gatewayAPI.version", gateway_api)];
        let helms = ways.into_iter().flat_map(|(flag, expressions, way)| {
            expressions.iter().map(move |expression| Flag {
                words: format!("{flag} {expression}"),
                expression: Cow::Borrowed(expression),
                way,
            })
        });
        let own = own.into_iter().filter_map(|(flag, key, word)| {
            word.as_ref().map(|word| Flag {
                words: format!("{flag} {word}"),
                expression: Cow::Owned(format!("{key}={word}")),
                way: Way::Value(Mode::Literal),
            })
        });
        helms.chain(own).collect()
    }

    /// Applies the flags, each of which is an input of its own.
    fn set<'i>(&self, values: Node<'i>, inputs: &[Input], out: &mut Vec<Diagnostic>) -> Option<Node<'i>> {
        let flags = self.flags();
        if flags.is_empty() {
            return Some(values);
        }
        let mut values = values.into_owned();
        let mut sound = true;
        for (flag, input) in flags.iter().zip(inputs) {
            let position = Position { source: input.source, line: 0, column: 0 };
            if let Err(error) = flag.apply(&mut values, position, &mut content) {
                sound = false;
                let mut fault = Diagnostic::error(FLAG, Path::ROOT, error.to_string());
                fault.position = position;
                out.push(fault);
            }
        }
        sound.then_some(values)
    }
}

/// Values, but for organizations that come as a stream.
pub(crate) struct Merged<'i> {
    pub(crate) root: Node<'i>,
    pub(crate) organizations: Option<Stream<'i>>,
}

impl<'i> Merged<'i> {
    /// The values with every organization; `None` if one could not be read.
    pub(crate) fn whole(self, out: &mut Vec<Diagnostic>) -> Option<Node<'i>> {
        let Self { root, organizations } = self;
        let Some(stream) = organizations else { return Some(root) };
        let mut found = Vec::new();
        let list = stream.list(&mut found);
        let sound = !has_errors(&found);
        out.append(&mut found);
        sound.then(|| root.with("organizations", list))
    }
}

/// What values are read from. A position names an input by its index in the order of the fields.
pub(crate) struct Inputs {
    /// The values files.
    pub(crate) own: Vec<Input>,
    /// Files of other values.
    pub(crate) others: Vec<Input>,
    /// The flags that set a value.
    pub(crate) flags: Vec<Input>,
}

impl Inputs {
    /// All of them, for the report.
    pub(crate) fn all(self) -> Vec<Input> {
        let Self { own, others, flags } = self;
        own.into_iter().chain(others).chain(flags).collect()
    }
}

/// A flag that sets a value.
struct Flag<'a> {
    /// As it stands on the command line.
    words: String,
    expression: Cow<'a, str>,
    way: Way,
}

/// How a flag sets a value.
#[derive(Clone, Copy)]
enum Way {
    Value(Mode),
    File,
}

/// Gives the content of a file.
type Read<'r> = &'r mut dyn FnMut(&str) -> Result<String, String>;

impl Flag<'_> {
    /// Writes what it says into the values.
    fn apply(&self, values: &mut Node<'static>, position: Position, read: Read<'_>) -> Result<(), SetError> {
        match self.way {
            Way::Value(mode) => set::apply(values, &self.expression, mode, position),
            Way::File => set::apply_files(values, &self.expression, position, read),
        }
    }

    /// The same as an input, with the files that it would read.
    fn input(self, source: u16) -> Input {
        let mut reads = Vec::new();
        if matches!(self.way, Way::File) {
            let mut note = |file: &str| {
                reads.push(PathBuf::from(file));
                Ok(String::new())
            };
            // What is wrong with it is found where it is applied to the values.
            let _ = self.apply(&mut Node::bare(Value::Null), Position::UNKNOWN, &mut note);
        }
        Input::empty(source, Origin::Flag { words: self.words, reads })
    }
}

/// Whether a file holds organizations, one JSON object a line.
fn is_stream(input: &Input) -> bool {
    let extension = input.path().and_then(path::Path::extension);
    extension.is_some_and(|extension| extension.eq_ignore_ascii_case("ndjson"))
}

/// Says of a stream that nobody is in it: what a failed export leaves, by which everybody would go.
fn nobody(stream: &Input) -> Option<Diagnostic> {
    let is_nothing = |line: &str| ["", "null"].contains(&line.trim());
    if !stream.text.lines().all(is_nothing) {
        return None;
    }
    let message = format!("{} holds no organization", stream.name());
    let mut fault = Diagnostic::warning(NO_ORGANIZATIONS, Path::ROOT.key("organizations"), message)
        .hint("see that what writes it has not failed: where objects that are gone are pruned, all that organizations had goes");
    fault.position = Position { source: stream.source, line: 0, column: 0 };
    Some(fault)
}

fn content(file: &str) -> Result<String, String> {
    input::text(path::Path::new(file)).map_err(|refusal| refusal.to_string())
}
