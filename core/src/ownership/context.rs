//! What a decision looks things up in: grants, claims, namespaces, Gateways, ListenerSets and routes, indexed once.

use std::borrow::Cow;

use super::domain_claim::DomainClaim;
use super::hostname_grant::HostnameGrant;
use super::kinds::Kind;
use super::object::Object;
use super::sorted::Sorted;
use super::suffixes::Suffixes;
use super::uses;
use crate::check::model::{self, Labels, Listener, ListenerSet, Meta};
use crate::hostname::Hostname;
use crate::public_suffix;
use crate::tree::Node;
use crate::tree::json::{self, JsonFault, Keep};

/// Everything that a decision may look at.
#[derive(Debug, Default)]
pub struct Context<'a> {
    /// Kinds of which every object is there; absent where that goes for all kinds.
    complete: Option<Vec<String>>,
    pub(super) suffixes: PublicSuffixes,
    /// In the order of kind, namespace and name, so that the order of the input plays no part.
    pub(super) objects: Vec<Known<'a>>,
    pub(super) grants: Vec<HostnameGrant<'a>>,
    pub(super) grants_by_host: Suffixes,
    /// By host names that permit nothing in the form that they have.
    pub(super) grants_by_lowered_host: Suffixes,
    /// The object that is a grant which selects namespaces by labels; the last of them stands for all.
    pub(super) selecting: Option<usize>,
    pub(super) claims: Vec<DomainClaim<'a>>,
    pub(super) claims_by_host: Suffixes,
    pub(super) namespaces: Vec<(usize, Labels<'a>)>,
    pub(super) gateways: Vec<Served<'a>>,
    pub(super) listener_sets: Vec<ListenerSet<'a>>,
    /// Where each of those three stands in its list, by [`place`].
    pub(super) places: Sorted,
    /// Routes that inherit from a parent, by its [`place`]; on ListenerSets, which may join another Gateway, all routes.
    pub(super) inheriting: Sorted,
}

/// An object of the context, as it was given.
#[derive(Debug)]
pub(super) struct Known<'a> {
    pub(super) namespace: Cow<'a, str>,
    pub(super) name: Cow<'a, str>,
    pub(super) text: &'a str,
    pub(super) uses_hosts: bool,
}

/// A Gateway.
#[derive(Debug)]
pub(super) struct Served<'a> {
    pub(super) object: usize,
    pub(super) listeners: Box<[Listener<'a>]>,
}

/// What is known of public suffixes.
#[derive(Debug, Default)]
pub enum PublicSuffixes {
    /// The list that the program was built with; nothing where it was built without.
    #[default]
    BuiltIn,
    /// These, of those that the decision asks for.
    Listed(Vec<String>),
    /// Nothing.
    Unknown,
}

/// The kind of namespaces, of which only labels are looked at.
pub(super) const NAMESPACE: &str = "Namespace";

impl<'a> Context<'a> {
    /// Indexes objects, each a JSON text. Of two with the same kind, namespace and name the last counts. Objects of
    /// kinds that no decision looks at are passed over.
    ///
    /// # Errors
    /// The index of the first text that is not JSON, and why.
    pub fn new(
        texts: impl IntoIterator<Item = &'a str>,
        complete: Option<Vec<String>>,
        suffixes: PublicSuffixes,
    ) -> Result<Self, (usize, JsonFault)> {
        let mut objects = Vec::new();
        let mut order = Sorted::default();
        for (index, text) in texts.into_iter().enumerate() {
            let mut object = Object::read(text).map_err(|error| (index, error))?;
            let kind = match object.kind {
                Some(kind) => {
                    if object.namespace.is_empty() && kind.is_namespaced() {
                        object.namespace = Cow::Borrowed("default");
                    }
                    kind.name()
                }
                None if object.is_namespace => NAMESPACE,
                None => continue,
            };
            order.push(place(kind, &object.namespace, &object.name), objects.len());
            objects.push((text, Some(object)));
        }
        order.finish();
        let mut context = Self { complete, suffixes, ..Self::default() };
        let mut entries = order.entries().iter().peekable();
        while let Some((place, index)) = entries.next() {
            // Of equals the last one that was given counts.
            if entries.peek().is_some_and(|(next, _)| next == place) {
                continue;
            }
            let Some((text, object)) = objects.get_mut(*index) else { continue };
            let Some(object) = object.take() else { continue };
            let uses_hosts = context.add(place, &object);
            let (namespace, name) = (object.namespace, object.name);
            context.objects.push(Known { namespace, name, text, uses_hosts });
        }
        context.grants_by_host.finish();
        context.grants_by_lowered_host.finish();
        context.claims_by_host.finish();
        context.places.finish();
        context.inheriting.finish();
        Ok(context)
    }

    /// Reads a context from JSON; [`GivenContext`] has its form.
    ///
    /// # Errors
    /// What of it cannot be read.
    pub fn read(text: &'a str) -> Result<Self, String> {
        let GivenContext { objects, complete, suffixes } = GivenContext::read(text)?;
        Self::new(objects, complete, suffixes)
            .map_err(|(index, error)| format!("object {index} of the context: {error}"))
    }

    /// Whether it has a grant or a claim, without which nothing is known of who may use what.
    pub fn has_owners(&self) -> bool {
        !self.grants.is_empty() || !self.claims.is_empty()
    }

    /// Whether there is a Gateway of a name, or none at all that would tell.
    pub fn may_have_gateway(&self, namespace: &str, name: &str) -> bool {
        self.gateways.is_empty() || self.places.get(&place("Gateway", namespace, name)).is_some()
    }

    /// Whether every object of a kind is there.
    pub(super) fn is_complete(&self, kind: &str) -> bool {
        self.complete.as_ref().is_none_or(|kinds| kinds.iter().any(|complete| complete == kind))
    }

    /// Kinds of which every object is there; absent where that goes for all.
    pub fn complete(&self) -> Option<&[String]> {
        self.complete.as_deref()
    }

    /// Adds an object to the indexes; true where it uses host names itself.
    fn add(&mut self, place: &str, object: &Object<'a>) -> bool {
        let at = self.objects.len();
        let Some(kind) = object.kind else {
            let labels = model::labels_of_namespace(object.metadata(), &object.name);
            self.places.push(place.to_owned(), self.namespaces.len());
            self.namespaces.push((at, labels));
            return false;
        };
        let (namespace, name) = (object.namespace.clone(), object.name.clone());
        match kind {
            Kind::Grant => {
                let grant = HostnameGrant::read(at, name, object.is_terminating, object.spec());
                let (hosts, lowered) = (&mut self.grants_by_host, &mut self.grants_by_lowered_host);
                grant.index(self.grants.len(), hosts, lowered);
                if grant.selects_by_labels() {
                    self.selecting = Some(at);
                }
                self.grants.push(grant);
                return false;
            }
            Kind::Claim => {
                let claim = DomainClaim::read(at, name, object.is_terminating, &object.node);
                if Hostname::canonical(&claim.hostname).is_ok() {
                    self.claims_by_host.insert("", &claim.hostname, self.claims.len());
                }
                self.claims.push(claim);
                return false;
            }
            Kind::Gateway => {
                self.places.push(place.to_owned(), self.gateways.len());
                self.gateways.push(Served { object: at, listeners: model::listeners(object.spec()) });
            }
            Kind::ListenerSet(kind) => {
                let api_version = Cow::Borrowed("");
                let meta = Meta { object: at, api_version, namespace, name, created: None };
                self.places.push(place.to_owned(), self.listener_sets.len());
                self.listener_sets.push(model::listener_set(meta, kind, object.spec()));
            }
            Kind::Route(_) => self.add_inheriting(at, kind, object),
            _ => {}
        }
        true
    }

    fn add_inheriting(&mut self, at: usize, kind: Kind, object: &Object<'a>) {
        let parents = model::list(object.spec(), "parentRefs", |_, node| Some(model::parent(node)));
        let has_names = !uses::hostnames(kind, object.spec()).is_empty();
        for parent in parents {
            if has_names && parent.target.kind == "Gateway" {
                continue;
            }
            let namespace = parent.target.namespace.unwrap_or_else(|| object.namespace.clone());
            self.inheriting.push(place(&parent.target.kind, &namespace, &parent.target.name), at);
        }
    }
}

/// A context as JSON, before its objects are read: a list of all objects that there are, or `{"complete": [kind, …], "objects":
/// […], "publicSuffixes": [name, …]}`, where a kind that is not among `complete` may have more objects, and public suffixes
/// left out stands for none known.
#[derive(Debug)]
pub struct GivenContext<'a> {
    /// Each object, as it was written.
    pub objects: Vec<&'a str>,
    /// Kinds of which every object is there; absent where that goes for all kinds.
    pub complete: Option<Vec<String>>,
    /// What is known of public suffixes.
    pub suffixes: PublicSuffixes,
}

impl<'a> GivenContext<'a> {
    /// Reads one.
    ///
    /// # Errors
    /// What of it cannot be read, or has no meaning.
    pub fn read(text: &'a str) -> Result<Self, String> {
        let unreadable = |error: JsonFault| format!("the context cannot be read: {error}");
        let (objects, complete, suffixes) =
            if text.bytes().find(|byte| !byte.is_ascii_whitespace()) == Some(b'[') {
                (Cow::Borrowed(text), None, PublicSuffixes::BuiltIn)
            } else {
                let keep = |key: &str| match key {
                    "complete" | "publicSuffixes" => Keep::Whole,
                    "objects" => Keep::Text,
                    _ => Keep::Nothing,
                };
                let map = json::part(text, keep).map_err(unreadable)?;
                let suffixes =
                    texts(&map, "publicSuffixes")?.map_or(PublicSuffixes::Unknown, PublicSuffixes::Listed);
                let objects = map.text_of("objects").ok_or("the context has no `objects`")?;
                (objects, Some(texts(&map, "complete")?.unwrap_or_default()), suffixes)
            };
        let Cow::Borrowed(objects) = objects else { return Err("`objects` is no list".to_owned()) };
        Ok(Self { objects: json::items(objects).map_err(unreadable)?, complete, suffixes })
    }
}

/// A list of texts under a key of a context; none where it is left out.
fn texts(map: &Node<'_>, key: &str) -> Result<Option<Vec<String>>, String> {
    let Some(list) = map.get(key) else { return Ok(None) };
    let mut texts = Vec::new();
    for text in model::texts(map, key) {
        texts.push(text.into_owned());
    }
    if list.as_list().is_none_or(|items| items.len() != texts.len()) {
        return Err(format!("`{key}` is no list of texts"));
    }
    Ok(Some(texts))
}

/// Where an object stands in an index: kind, namespace and name.
pub(super) fn place(kind: &str, namespace: &str, name: &str) -> String {
    format!("{kind}/{namespace}/{name}")
}

impl PublicSuffixes {
    /// Whether anything is known.
    pub(super) fn is_known(&self) -> bool {
        match self {
            Self::BuiltIn => public_suffix::HAS_LIST,
            Self::Listed(_) => true,
            Self::Unknown => false,
        }
    }
}
