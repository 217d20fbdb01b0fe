//! Gateways, ListenerSets and their listeners.

use std::borrow::Cow;
use std::fmt;

use super::{Label, Labels, Meta, ObjectRef};

/// A Gateway.
#[derive(Debug)]
pub struct Gateway<'a> {
    /// Its metadata.
    pub meta: Meta<'a>,
    /// `spec.gatewayClassName`.
    pub class: Cow<'a, str>,
    /// Whether an annotation asks cert-manager for the certificates of its listeners.
    pub has_issuer: bool,
    /// `spec.listeners`, in their order.
    pub listeners: Box<[Listener<'a>]>,
    /// Which namespaces' ListenerSets may join it.
    pub allowed_listeners: From<'a>,
    /// `spec.tls.backend.clientCertificateRef`: what it shows to backends.
    pub client_certificate: Option<ObjectRef<'a>>,
    /// `spec.tls.frontend.default`: how clients are validated.
    pub validation: Option<Validation<'a>>,
    /// `spec.tls.frontend.perPort`: the same, in place of the default on a port; none for no validation.
    pub validations: Box<[(i64, Option<Validation<'a>>)]>,
}

impl<'a> Gateway<'a> {
    /// How clients are validated on a port.
    pub fn validation(&self, port: i64) -> Option<&Validation<'a>> {
        let own = self.validations.iter().find(|(of, _)| *of == port);
        own.map_or(self.validation.as_ref(), |(_, validation)| validation.as_ref())
    }
}

/// How the certificates of clients are validated.
#[derive(Debug)]
pub struct Validation<'a> {
    /// ConfigMaps and others with CA certificates.
    pub certificates: Box<[ObjectRef<'a>]>,
    /// Whether clients without a valid certificate are let in all the same.
    pub insecure: bool,
}

/// A ListenerSet, or the XListenerSet it was before.
#[derive(Debug)]
pub struct ListenerSet<'a> {
    /// Its metadata.
    pub meta: Meta<'a>,
    /// Its kind: `ListenerSet` or `XListenerSet`.
    pub kind: &'static str,
    /// The Gateway it joins; the reference may be to something else.
    pub parent: ObjectRef<'a>,
    /// `spec.listeners`, in their order.
    pub listeners: Box<[Listener<'a>]>,
}

/// A listener.
#[derive(Debug)]
pub struct Listener<'a> {
    /// Its index in `spec.listeners`.
    pub index: usize,
    /// Its name.
    pub name: Cow<'a, str>,
    /// Its port; 0 where it has none.
    pub port: i64,
    /// Its protocol, as written.
    pub protocol: Cow<'a, str>,
    /// Its host name; absent for any host.
    pub hostname: Option<Cow<'a, str>>,
    /// Its TLS settings.
    pub tls: Option<Tls<'a>>,
    /// Which routes may attach.
    pub allowed: Allowed<'a>,
    /// Whether no key of it was left unread; else it may mean something else.
    pub is_whole: bool,
}

impl Listener<'_> {
    /// Whether a parentRef with this `sectionName` and this `port` means it. Port 0 is that of listeners of XListenerSets whose
    /// controller chooses it, and stands for any; else the API server refuses a listener without one.
    ///
    /// Source: Gateway API v1.4.1, XListenerSet: `port` is 0 where it is left out.
    pub fn is_meant_by(&self, section: Option<&str>, port: Option<i64>) -> bool {
        section.is_none_or(|section| section == self.name)
            && port.is_none_or(|port| port == self.port || self.port == 0)
    }
}

/// TLS settings of a listener.
#[derive(Debug)]
pub struct Tls<'a> {
    /// Who ends TLS.
    pub mode: Mode,
    /// Its certificates, Secrets for the most part.
    pub certificates: Box<[ObjectRef<'a>]>,
    /// Whether the controller's own options stand there.
    pub options: bool,
}

/// Who ends TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// The Gateway.
    Terminate,
    /// The backend.
    Passthrough,
}

/// Which routes may attach to a listener.
#[derive(Debug)]
pub struct Allowed<'a> {
    /// From which namespaces.
    pub namespaces: From<'a>,
    /// Of which kinds: group and kind. Empty for those that the protocol implies.
    pub kinds: Box<[(Cow<'a, str>, Cow<'a, str>)]>,
}

/// Which namespaces are meant.
#[derive(Debug)]
pub enum From<'a> {
    /// Every one.
    All,
    /// The object's own.
    Same,
    /// None at all.
    None,
    /// Those with these labels; none where the selector is absent.
    ///
    /// Source: `k8s.io/apimachinery` v0.36.2, `pkg/apis/meta/v1/helpers.go:37`.
    Selector(Option<Selector<'a>>),
}

/// A label selector.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Selector<'a> {
    /// `matchLabels`.
    pub labels: Labels<'a>,
    /// `matchExpressions`.
    pub expressions: Box<[Expression<'a>]>,
    /// Whether all of it was read.
    pub is_whole: bool,
}

/// A condition on one label.
#[derive(Debug, PartialEq, Eq)]
pub struct Expression<'a> {
    /// The label's key.
    pub key: Cow<'a, str>,
    /// `In`, `NotIn`, `Exists` or `DoesNotExist`; with any other nothing is selected.
    pub operator: Cow<'a, str>,
    /// The values that it speaks of.
    pub values: Box<[Cow<'a, str>]>,
}

impl fmt::Display for Selector<'_> {
    /// As `kubectl get --selector` takes it: `` `team=shop`, `tier in (a, b)` ``.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let labels = self.labels.iter().map(|(key, value)| format!("`{key}={value}`"));
        let expressions = self.expressions.iter().map(|expression| format!("`{expression}`"));
        f.write_str(&labels.chain(expressions).collect::<Vec<_>>().join(", "))
    }
}

impl fmt::Display for Expression<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { key, operator, values } = self;
        match operator.as_ref() {
            "Exists" => f.write_str(key),
            "DoesNotExist" => write!(f, "!{key}"),
            other => write!(f, "{key} {} ({})", other.to_ascii_lowercase(), values.join(", ")),
        }
    }
}

impl Selector<'_> {
    /// Whether a namespace with these labels, by key, is meant. A selector without any condition means all.
    pub fn selects(&self, labels: &[Label<'_>]) -> bool {
        self.labels.iter().all(|(key, wanted)| value_of(labels, key) == Some(wanted))
            && self.expressions.iter().all(|expression| expression.meets(value_of(labels, &expression.key)))
    }
}

/// The value of one of the labels of a namespace, which are sorted by key: there may be very many.
pub fn value_of<'l>(labels: &'l [Label<'_>], key: &str) -> Option<&'l str> {
    let (found, value) = labels.get(labels.partition_point(|(other, _)| &**other < key))?;
    (found == key).then_some(value)
}

impl Expression<'_> {
    /// Whether the condition holds for a namespace with this value of the label, or without the label.
    pub fn meets(&self, found: Option<&str>) -> bool {
        let among = found.is_some_and(|found| self.values.iter().any(|value| value == found));
        match self.operator.as_ref() {
            "In" => among,
            "NotIn" => !among,
            "Exists" => found.is_some(),
            "DoesNotExist" => found.is_none(),
            _ => false,
        }
    }
}
