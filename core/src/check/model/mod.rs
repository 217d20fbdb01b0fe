//! What the checks know of the objects they were given: Gateway API's own nouns, read once.
//!
//! Objects come with defaults filled in (level `api` does that). What is wrong in form is left out
//! here, for level `api` has reported it. Texts borrow from the input, so that an object costs little.

mod gateway;
mod read;
mod route;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::time::Time;

pub use gateway::{
    Allowed, Expression, From, Gateway, Listener, ListenerSet, Mode, Selector, Tls, Validation, value_of,
};
pub use read::{ISSUERS, is_of_use, read};
pub(crate) use read::{labels_of_namespace, list, listener_set, listeners, parent, selector, texts};
pub use route::{BackendRef, Filter, FilterKind, Match, ParentRef, Route, Rule, TextMatch};

/// Everything that was given, by kind, each list in the order of the input.
#[derive(Debug, Default)]
pub struct Model<'a> {
    /// Every Gateway.
    pub gateways: Vec<Gateway<'a>>,
    /// Every ListenerSet and XListenerSet.
    pub listener_sets: Vec<ListenerSet<'a>>,
    /// Every route of any kind.
    pub routes: Vec<Route<'a>>,
    /// Every ReferenceGrant.
    pub grants: Vec<Grant<'a>>,
    /// Every BackendTLSPolicy.
    pub policies: Vec<Policy<'a>>,
    /// Every GatewayClass.
    pub classes: Vec<Class<'a>>,
    /// Every Certificate of cert-manager.
    pub certificates: Vec<Certificate<'a>>,
    /// Labels of every Namespace, by name.
    pub namespaces: BTreeMap<Cow<'a, str>, Labels<'a>>,
    /// Every Service, by namespace and name.
    pub services: BTreeMap<(Cow<'a, str>, Cow<'a, str>), Service<'a>>,
    /// What else may be referred to (Secrets, ConfigMaps, controllers' own kinds): group, kind, namespace, name.
    pub others: BTreeSet<[Cow<'a, str>; 4]>,
}

impl Model<'_> {
    /// Leaves out objects that later ones replace, by the index of their results. What is kept by name needs
    /// none of this.
    pub(super) fn leave_out(&mut self, superseded: &BTreeSet<usize>) {
        if superseded.is_empty() {
            return;
        }
        let Self {
            gateways,
            listener_sets,
            routes,
            grants,
            policies,
            classes,
            certificates,
            namespaces: _,
            services: _,
            others: _,
        } = self;
        let stays = |meta: &Meta<'_>| !superseded.contains(&meta.object);
        gateways.retain(|gateway| stays(&gateway.meta));
        listener_sets.retain(|set| stays(&set.meta));
        routes.retain(|route| stays(&route.meta));
        grants.retain(|grant| stays(&grant.meta));
        policies.retain(|policy| stays(&policy.meta));
        classes.retain(|class| stays(&class.meta));
        certificates.retain(|certificate| stays(&certificate.meta));
    }
}

impl<'a> Model<'a> {
    /// Gives objects without a creation time that of the same object in a context, of which they are an update.
    pub(super) fn take_ages(&mut self, context: &Model<'a>) {
        let mut known = BTreeMap::new();
        let routes = context.routes.iter().map(|route| (route.kind, &route.meta));
        let sets = context.listener_sets.iter().map(|set| (set.kind, &set.meta));
        let policies = context.policies.iter().map(|policy| ("", &policy.meta));
        for (kind, meta) in routes.chain(sets).chain(policies) {
            known.insert((kind, &*meta.namespace, &*meta.name), meta.created);
        }
        let routes = self.routes.iter_mut().map(|route| (route.kind, &mut route.meta));
        let sets = self.listener_sets.iter_mut().map(|set| (set.kind, &mut set.meta));
        let policies = self.policies.iter_mut().map(|policy| ("", &mut policy.meta));
        for (kind, meta) in routes.chain(sets).chain(policies).filter(|(_, meta)| meta.created.is_none()) {
            meta.created = known.get(&(kind, &*meta.namespace, &*meta.name)).copied().flatten();
        }
    }

    /// The Certificates that make a Secret, by its namespace and name.
    pub fn makers(&self) -> BTreeMap<(&str, &str), Vec<&Certificate<'a>>> {
        let mut makers: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for made in &self.certificates {
            makers.entry((&*made.meta.namespace, &*made.secret)).or_default().push(made);
        }
        makers
    }
}

/// Keys with their values.
pub type Labels<'a> = Box<[Label<'a>]>;

/// A key with its value.
pub type Label<'a> = (Cow<'a, str>, Cow<'a, str>);

/// What every object has.
#[derive(Clone, Debug)]
pub struct Meta<'a> {
    /// Which of the judged objects it is: the index of its result.
    pub object: usize,
    /// Its apiVersion.
    pub api_version: Cow<'a, str>,
    /// Its namespace, that of the run where the object names none; empty for objects without one.
    pub namespace: Cow<'a, str>,
    /// Its name.
    pub name: Cow<'a, str>,
    /// `metadata.creationTimestamp`; objects that were never in a cluster have none.
    pub created: Option<Time>,
}

/// A reference to an object.
#[derive(Clone, Debug)]
pub struct ObjectRef<'a> {
    /// Its group; empty for the core group.
    pub group: Cow<'a, str>,
    /// Its kind.
    pub kind: Cow<'a, str>,
    /// Its namespace, where one is named; else that of what refers to it.
    pub namespace: Option<Cow<'a, str>>,
    /// Its name.
    pub name: Cow<'a, str>,
}

impl ObjectRef<'_> {
    /// The namespace that it leads to; `own` is that of what refers to it.
    pub fn namespace_from<'r>(&'r self, own: &'r str) -> &'r str {
        self.namespace.as_deref().unwrap_or(own)
    }
}

/// A ReferenceGrant.
#[derive(Debug)]
pub struct Grant<'a> {
    /// Its namespace is the one whose objects may be referred to.
    pub meta: Meta<'a>,
    /// Who may refer: group, kind, namespace.
    pub from: Box<[[Cow<'a, str>; 3]]>,
    /// To what, in the grant's namespace; an empty name stands for every one of the kind.
    pub to: Box<[ObjectRef<'a>]>,
}

/// A BackendTLSPolicy.
#[derive(Debug)]
pub struct Policy<'a> {
    /// Its metadata.
    pub meta: Meta<'a>,
    /// What it is for, each with the name of the port where one is named.
    pub targets: Box<[(ObjectRef<'a>, Option<Cow<'a, str>>)]>,
    /// ConfigMaps and others with CA certificates.
    pub certificates: Box<[ObjectRef<'a>]>,
    /// `validation.wellKnownCACertificates`.
    pub well_known: Option<Cow<'a, str>>,
    /// `validation.hostname`; empty where it has none.
    pub hostname: Cow<'a, str>,
    /// Whether it lists `subjectAltNames`.
    pub alternatives: bool,
}

/// A GatewayClass.
#[derive(Debug)]
pub struct Class<'a> {
    /// Its metadata.
    pub meta: Meta<'a>,
    /// `spec.controllerName`.
    pub controller: Cow<'a, str>,
}

/// A Certificate of cert-manager.
#[derive(Debug)]
pub struct Certificate<'a> {
    /// Its metadata.
    pub meta: Meta<'a>,
    /// `spec.secretName`: the Secret of its namespace that cert-manager writes.
    pub secret: Cow<'a, str>,
    /// `spec.dnsNames`, each exact or with a star for one label. Clients look at no other name.
    ///
    /// Source: RFC 9525 6.3.
    pub names: Box<[Cow<'a, str>]>,
}

/// A Service.
#[derive(Debug)]
pub struct Service<'a> {
    /// Its metadata.
    pub meta: Meta<'a>,
    /// Whether it is of type ExternalName.
    pub external_name: bool,
    /// Its ports.
    pub ports: Box<[ServicePort<'a>]>,
}

/// A port of a Service.
#[derive(Debug)]
pub struct ServicePort<'a> {
    /// Its number.
    pub number: i64,
    /// Its name; empty where it has none.
    pub name: Cow<'a, str>,
    /// Its transport protocol, `TCP` by default.
    pub protocol: Cow<'a, str>,
    /// Its `appProtocol`; empty where it has none.
    pub app_protocol: Cow<'a, str>,
}
