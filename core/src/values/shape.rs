//! What values may look like, as data: the parser, the JSON Schema and the reference all read these tables.

use std::borrow::Cow;

use crate::limits::WEIGHT_MAX;
use crate::release::{Availability, Release, Target};

/// The form of one value. Null is allowed everywhere and means absent.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// Text that a [`Text`] rule accepts; an integral number is taken for its decimal text, with an info.
    Text(&'static Text),
    /// An integer in a closed range, and where the range is written down, which is empty for our own; an integral float,
    /// or a string of digits (with an info), is taken too.
    Integer(i64, i64, &'static str),
    /// One of a few integers.
    IntegerOf(&'static [(i64, Availability)]),
    /// `true` or `false`; the strings of these names are refused.
    Boolean,
    /// One of a few words.
    Choice(&'static Choice),
    /// A map with known keys.
    Object(&'static Object),
    /// A map whose known keys depend on the word under one key.
    Switch(&'static Switch),
    /// A list.
    List(&'static List),
    /// A list of maps with a `name`, or one map keyed by those names.
    Named(&'static Shape),
    /// A map with free keys.
    Map(&'static Dictionary),
    /// Whichever has the JSON type of the value.
    Either(&'static [Shape]),
    /// Handed on as it is: parts of core Kubernetes objects that the API server judges.
    Any,
}

/// A port.
pub const PORT: Shape = Shape::Integer(1, 65_535, "Gateway API v1.6.1, PortNumber");

/// A share of a rule's requests.
pub const WEIGHT: Shape =
    Shape::Integer(0, WEIGHT_MAX as i64, "Gateway API v1.6.1, spec.rules[].backendRefs[].weight maximum");

/// A rule for texts.
#[derive(Debug)]
pub struct Text {
    /// What it is, with its article: `a DNS label`.
    pub what: &'static str,
    /// RE2 pattern for the JSON Schema; never narrower than `check`.
    pub pattern: Option<&'static str>,
    /// Whether a number with a fraction is taken for text, as `1.6` for a version.
    pub takes_decimals: bool,
    /// The rule.
    pub check: fn(&str) -> Verdict,
}

/// What a [`Text`] rule says of a text.
#[derive(Debug, PartialEq, Eq)]
pub enum Verdict {
    /// As it should be.
    Fine,
    /// Taken as another text; `why` completes "`X` becomes `Y`: …".
    Mapped {
        /// What it becomes.
        to: String,
        /// Whose rule asks for it.
        why: String,
    },
    /// Refused; `why` completes "`X` …".
    Wrong {
        /// What is wrong, the bound, whose bound.
        why: String,
        /// What to do.
        hint: Cow<'static, str>,
    },
}

/// A closed set of words.
#[derive(Debug)]
pub struct Choice {
    /// The words, as they are emitted.
    pub words: &'static [&'static str],
    /// Words that not every release and channel knows.
    pub limited: &'static [(&'static str, Availability)],
    /// Whether any mix of upper and lower case is taken.
    pub any_case: bool,
}

/// A map with known keys; others are errors, except `x-*`.
#[derive(Debug)]
pub struct Object {
    /// Name of its definition in the JSON Schema.
    pub name: &'static str,
    /// One sentence.
    pub doc: &'static str,
    /// The keys, in the order of the reference.
    pub fields: &'static [Field],
}

/// One key of an [`Object`].
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// The key.
    pub name: &'static str,
    /// The form of its value.
    pub shape: Shape,
    /// What it does.
    pub doc: &'static str,
    /// Whether absence is an error.
    pub required: bool,
    /// Which CRDs have it.
    pub since: Availability,
    /// The last release that has it; `None`: every later one does.
    pub until: Option<Release>,
    /// What its absence means, in a word; empty where `doc` says it or there is nothing to say.
    pub default: &'static str,
}

/// Objects that one key tells apart.
#[derive(Debug)]
pub struct Switch {
    /// The key whose word decides.
    pub key: &'static str,
    /// Object for an absent, null or unknown word.
    pub default: &'static Object,
    /// The keys that tell entries of a named list apart: `name` first.
    pub apart: &'static [&'static str],
    /// Word and object.
    pub cases: &'static [(&'static str, &'static Object)],
}

/// A list of values of one form.
#[derive(Debug)]
pub struct List {
    /// The form of each item.
    pub of: Shape,
    /// Most items.
    pub bound: Option<Bound>,
    /// What may not occur twice.
    pub unique: Unique,
    /// Whether later findings name its items by index: nulls then stay in place until they are read.
    pub indexed: bool,
}

/// A map with free keys and values of one form.
#[derive(Debug)]
pub struct Dictionary {
    /// The rule for keys.
    pub key: &'static Text,
    /// The form of each value.
    pub value: Shape,
    /// Most entries.
    pub bound: Option<Bound>,
}

/// A largest number of items and who says so.
#[derive(Clone, Copy, Debug)]
pub struct Bound {
    /// Most items.
    pub max: usize,
    /// A release and the smaller bound that holds before it.
    pub before: Option<(Release, usize)>,
    /// Where the bound is written down.
    pub source: &'static str,
}

/// What may not occur twice in a list; the API server refuses repetitions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unique {
    /// Repetitions are fine.
    Nothing,
    /// The items themselves (`x-kubernetes-list-type: set`).
    Items,
    /// The value of one key (`x-kubernetes-list-map-keys`).
    Key(&'static str),
    /// The values of several keys together, of which the first is always there.
    Keys(&'static [&'static str]),
}

impl Field {
    /// An optional key that every release has.
    pub const fn new(name: &'static str, shape: Shape, doc: &'static str) -> Self {
        Self { name, shape, doc, required: false, since: Availability::ALWAYS, until: None, default: "" }
    }

    /// Makes absence an error.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// Limits it to some releases and channels.
    #[must_use]
    pub const fn since(mut self, standard: Option<Release>, experimental: Release) -> Self {
        self.since = Availability { standard, experimental: Some(experimental) };
        self
    }

    /// Says what its absence means.
    #[must_use]
    pub const fn default(mut self, default: &'static str) -> Self {
        self.default = default;
        self
    }

    /// Limits it to a release and those before.
    #[must_use]
    pub const fn until(mut self, last: Release) -> Self {
        self.until = Some(last);
        self
    }
}

impl Object {
    /// The field of a key.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}

impl Switch {
    /// The object for a word.
    pub fn object(&self, word: Option<&str>) -> &'static Object {
        self.cases.iter().find(|(case, _)| Some(*case) == word).map_or(self.default, |(_, object)| object)
    }
}

impl Bound {
    /// The bound that holds for a target.
    pub fn for_target(self, target: Target) -> usize {
        match self.before {
            Some((release, smaller)) if target.release < release => smaller,
            _ => self.max,
        }
    }
}
