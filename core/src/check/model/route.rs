//! Routes of all five kinds.

use std::borrow::Cow;

use super::{Meta, ObjectRef};

/// A route.
#[derive(Debug)]
pub struct Route<'a> {
    /// Its metadata.
    pub meta: Meta<'a>,
    /// `HTTPRoute`, `GRPCRoute`, `TLSRoute`, `TCPRoute` or `UDPRoute`.
    pub kind: &'static str,
    /// `spec.parentRefs`, in their order.
    pub parents: Box<[ParentRef<'a>]>,
    /// Whether it asks for the cluster's default Gateways.
    pub default_gateways: bool,
    /// `spec.hostnames`, as written.
    pub hostnames: Box<[Cow<'a, str>]>,
    /// `spec.rules`, in their order.
    pub rules: Box<[Rule<'a>]>,
    /// Whether no key of its spec was left unread; else it may mean something else. Rules have their own.
    pub is_whole: bool,
}

impl<'a> Route<'a> {
    /// A match by its rule and its index in it; none where the rule lists none.
    pub fn matched(&self, rule: usize, index: Option<usize>) -> Option<&Match<'a>> {
        self.rules.get(rule)?.matches.get(index?)
    }
}

/// What a route wants to attach to.
#[derive(Debug)]
pub struct ParentRef<'a> {
    /// The parent, a Gateway by default.
    pub target: ObjectRef<'a>,
    /// The one listener, where one is named.
    pub section: Option<Cow<'a, str>>,
    /// The listeners' port, where one is named.
    pub port: Option<i64>,
}

/// A rule.
#[derive(Debug)]
pub struct Rule<'a> {
    /// Its name.
    pub name: Option<Cow<'a, str>>,
    /// What it matches; empty for everything.
    pub matches: Box<[Match<'a>]>,
    /// Its filters.
    pub filters: Box<[Filter<'a>]>,
    /// Where its requests go.
    pub backends: Box<[BackendRef<'a>]>,
    /// `timeouts.request` and `timeouts.backendRequest`, as written.
    pub timeouts: [Option<Cow<'a, str>>; 2],
    /// Whether no key of it was left unread; else it may mean something else. Matches have their own.
    pub is_whole: bool,
}

/// A match of an HTTPRoute's or GRPCRoute's rule. All of its conditions must hold.
#[derive(Debug)]
pub struct Match<'a> {
    /// Path, or gRPC service and method. An absent one matches everything.
    pub path: Option<TextMatch<'a>>,
    /// gRPC service; `path` is then the method within it.
    pub service: Option<TextMatch<'a>>,
    /// HTTP method.
    pub method: Option<Cow<'a, str>>,
    /// Headers by name, as written.
    pub headers: Box<[(Cow<'a, str>, TextMatch<'a>)]>,
    /// Query parameters by name.
    pub query_params: Box<[(Cow<'a, str>, TextMatch<'a>)]>,
    /// Whether nothing that it asks for was left unread; else it may mean something else.
    pub is_whole: bool,
}

/// How a text is compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TextMatch<'a> {
    /// Equal.
    Exact(Cow<'a, str>),
    /// Path elements at the start; of paths only.
    Prefix(Cow<'a, str>),
    /// A regular expression, in the controller's own dialect.
    Expression(Cow<'a, str>),
}

/// A filter, as far as the checks and a trace need it.
#[derive(Debug)]
pub struct Filter<'a> {
    /// Its index in the list.
    pub index: usize,
    /// What it does.
    pub kind: FilterKind<'a>,
}

/// What a filter does.
#[derive(Debug)]
pub enum FilterKind<'a> {
    /// Answers with a redirect.
    Redirect {
        /// `http` or `https`.
        scheme: Option<Cow<'a, str>>,
        /// Another host.
        hostname: Option<Cow<'a, str>>,
        /// Another port.
        port: Option<i64>,
        /// Another path: whether it replaces the whole (else the matched prefix), and by what.
        path: Option<(bool, Cow<'a, str>)>,
        /// The status code.
        status: i64,
    },
    /// Changes host or path on the way to the backend.
    Rewrite {
        /// Another host.
        hostname: Option<Cow<'a, str>>,
        /// Another path, as of a redirect.
        path: Option<(bool, Cow<'a, str>)>,
    },
    /// Changes headers: names to set and add with their values, and names to remove.
    Headers {
        /// Whether it is the request's headers rather than the response's.
        request: bool,
        /// Set, in place of what is there.
        set: Box<[(Cow<'a, str>, Cow<'a, str>)]>,
        /// Added.
        add: Box<[(Cow<'a, str>, Cow<'a, str>)]>,
        /// Removed.
        remove: Box<[Cow<'a, str>]>,
    },
    /// Copies requests to another backend.
    Mirror(Box<BackendRef<'a>>),
    /// A controller's own filter, of this group and kind, by name.
    Extension([Cow<'a, str>; 3]),
    /// A redirect that was not read as a whole: it answers, but where it leads is not known.
    UnreadRedirect,
    /// Any other, by its type.
    Other(Cow<'a, str>),
}

/// Where requests go.
#[derive(Debug)]
pub struct BackendRef<'a> {
    /// Its index in the list.
    pub index: usize,
    /// The backend, a Service by default.
    pub target: ObjectRef<'a>,
    /// Its port.
    pub port: Option<i64>,
    /// Its weight, 1 by default.
    pub weight: i64,
    /// Its own filters.
    pub filters: Box<[Filter<'a>]>,
}
