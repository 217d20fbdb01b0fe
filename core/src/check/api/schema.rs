//! The shape of the tables in `tables.rs`: what a CRD's schema says, without its prose.

use super::cel::Port;
use super::pattern::Pattern;

/// A kind in one version, as one release and channel serve it.
#[derive(Debug)]
pub struct Kind {
    /// For example `gateway.networking.k8s.io`.
    pub group: &'static str,
    /// For example `v1`.
    pub version: &'static str,
    /// For example `HTTPRoute`.
    pub kind: &'static str,
    /// Whether objects live in a namespace.
    pub namespaced: bool,
    /// What the whole object must be.
    pub schema: &'static Schema,
}

/// What one value must be.
#[derive(Debug)]
pub struct Schema {
    /// Its type, with the bounds of that type.
    pub shape: Shape,
    /// What the API server puts where the value is absent or null.
    pub default: Option<Literal>,
    /// Its CEL rules.
    pub rules: &'static [Rule],
    /// Whether it or anything below it has CEL rules.
    pub ruled: bool,
}

/// A type with its bounds.
#[derive(Debug)]
pub enum Shape {
    /// A map.
    Object(Object),
    /// A list.
    List(List),
    /// A string.
    Text(Text),
    /// An integer.
    Integer(Integer),
    /// A boolean.
    Bool,
}

/// A known key, and what its value must be.
pub type Property = (&'static str, &'static Schema);

/// A map with known keys, or with free keys and values of one kind.
#[derive(Debug)]
pub struct Object {
    /// Known keys in ascending order.
    pub properties: &'static [Property],
    /// Those of them that have a default.
    pub defaulted: &'static [Property],
    /// Those of them with CEL rules at or below their value.
    pub ruled: &'static [Property],
    /// Keys that must be there.
    pub required: &'static [&'static str],
    /// What the values of all other keys must be; without it an other key is an unknown field.
    pub values: Option<&'static Schema>,
    /// Least number of keys.
    pub min: usize,
    /// Most keys.
    pub max: usize,
    /// Replaced as a whole by an update (`x-kubernetes-map-type: atomic`).
    pub atomic: bool,
    /// Has `oneOf` as the addresses of a Gateway have it: an `IPAddress` is an IPv4 or IPv6 address.
    pub address: bool,
}

/// A list.
#[derive(Debug)]
pub struct List {
    /// What each item must be.
    pub items: &'static Schema,
    /// Least number of items.
    pub min: usize,
    /// Most items.
    pub max: usize,
    /// What makes two items the same one.
    pub uniqueness: Uniqueness,
}

/// `x-kubernetes-list-type`.
#[derive(Debug)]
pub enum Uniqueness {
    /// `atomic`: items may repeat.
    None,
    /// `set`: no two items are equal.
    Set,
    /// `map`: no two items have equal values under these keys.
    Keys(&'static [&'static str]),
}

/// A string.
#[derive(Debug)]
pub struct Text {
    /// Least number of characters.
    pub min: usize,
    /// Most characters.
    pub max: usize,
    /// What it must match.
    pub pattern: Option<Pattern>,
    /// The words that are allowed; empty for any.
    pub one_of: &'static [&'static str],
}

/// An integer.
#[derive(Debug)]
pub struct Integer {
    /// Least value.
    pub min: i64,
    /// Greatest value.
    pub max: i64,
    /// The values that are allowed; empty for any.
    pub one_of: &'static [i64],
}

/// A CEL rule with the message that the CRD gives it.
#[derive(Debug)]
pub struct Rule {
    /// The rule and what it comes to.
    pub port: Port,
    /// The API server's message when it does not hold.
    pub message: &'static str,
    /// Whether it compares with the object as it was, so that it holds for a new one.
    pub transition: bool,
}

/// A default.
#[derive(Debug)]
pub enum Literal {
    /// A string.
    Text(&'static str),
    /// An integer.
    Integer(i64),
    /// A list.
    List(&'static [Self]),
    /// A map; keys in ascending order.
    Map(&'static [(&'static str, Self)]),
}
