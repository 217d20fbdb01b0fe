//! Where a use stands in its object.

use crate::ownership::object::HOST_ANNOTATIONS;
use crate::path::Path;

/// Where a use stands in its object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ownership) enum At {
    /// The object itself.
    Object,
    /// `spec.hostnames[n]`.
    Hostname(usize),
    /// `spec.parentRefs[n]`.
    ParentRef(usize),
    /// `spec.useDefaultGateways`.
    DefaultGateways,
    /// `metadata.annotations[…]`, by its index in [`HOST_ANNOTATIONS`].
    Annotation(usize),
    /// `spec.infrastructure.annotations[…]`, the same.
    Infrastructure(usize),
    /// `spec.listeners[n]`, and whether it has a host name.
    Listener(usize, bool),
    /// `spec.rules[n]` of an Ingress, and whether it has a host.
    Rule(usize, bool),
    /// `spec.tls[n].hosts[m]`.
    Tls(usize, usize),
    /// `spec.defaultBackend`.
    DefaultBackend,
    /// `spec.hostname`.
    Claimed,
    /// `spec.hostnames[n]` of a grant is [`At::Hostname`]; this is `spec.namespaceSelector`.
    NamespaceSelector,
    /// `spec.dnsNames[n]`.
    DnsName(usize),
    /// `spec.commonName`.
    CommonName,
    /// `spec.endpoints[n].dnsName`.
    Endpoint(usize),
}

impl At {
    pub(in crate::ownership) fn path(self) -> Path {
        let spec = Path::ROOT.key("spec");
        match self {
            Self::Object => Path::ROOT,
            Self::Hostname(index) => spec.key("hostnames").index(index),
            Self::ParentRef(index) => spec.key("parentRefs").index(index),
            Self::DefaultGateways => spec.key("useDefaultGateways"),
            Self::Annotation(index) | Self::Infrastructure(index) => {
                let key = HOST_ANNOTATIONS.get(index).copied().unwrap_or_default();
                let is_own = matches!(self, Self::Annotation(_));
                let of = if is_own { Path::ROOT.key("metadata") } else { spec.key("infrastructure") };
                of.key("annotations").key(key)
            }
            Self::Listener(index, false) => spec.key("listeners").index(index),
            Self::Listener(index, true) => spec.key("listeners").index(index).key("hostname"),
            Self::Rule(index, false) => spec.key("rules").index(index),
            Self::Rule(index, true) => spec.key("rules").index(index).key("host"),
            Self::Tls(entry, index) => spec.key("tls").index(entry).key("hosts").index(index),
            Self::DefaultBackend => spec.key("defaultBackend"),
            Self::Claimed => spec.key("hostname"),
            Self::NamespaceSelector => spec.key("namespaceSelector"),
            Self::DnsName(index) => spec.key("dnsNames").index(index),
            Self::CommonName => spec.key("commonName"),
            Self::Endpoint(index) => spec.key("endpoints").index(index).key("dnsName"),
        }
    }
}
