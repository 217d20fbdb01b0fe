//! What a case is: values, the upstreams that they name, and requests with what must become of them.

use std::collections::BTreeSet;

/// Values, and requests to what is rendered from them.
#[derive(Debug)]
pub struct Case {
    /// Also the namespace that it is rendered for.
    pub name: &'static str,
    /// A file, from the repository's root.
    pub values: &'static str,
    /// Expressions for `--set`, beside the Gateway's class.
    pub set: &'static [&'static str],
    /// The code of the only warning that rendering gives; empty for none.
    pub warning: &'static str,
    /// The reason that Envoy Gateway may give for not accepting a route at one of several parents; empty for none.
    pub unaccepted: &'static str,
    /// Ten at most: one address each.
    pub upstreams: &'static [Upstream],
    /// Namespaces beside its own and those of what follows.
    pub namespaces: &'static [&'static str],
    /// Services of the cluster, and the upstreams behind them.
    pub services: &'static [(Named, &'static str)],
    /// Secrets outside the case's own namespace, and the host name that their certificate is for.
    pub secrets: &'static [(Named, &'static str)],
    pub checks: &'static [(Ask, Expect)],
    pub upgrade: Option<Upgrade>,
}

/// A namespace, and the name of an object in it.
pub type Named = (&'static str, &'static str);

/// A second rendering, applied over the first.
#[derive(Debug)]
pub struct Upgrade {
    /// More expressions for `--set`.
    pub set: &'static [&'static str],
    /// The code of the only warning that rendering now gives; empty for none.
    pub warning: &'static str,
    pub checks: &'static [(Ask, Expect)],
}

/// What most cases do without.
pub const PLAIN: Case = Case {
    name: "",
    values: "",
    set: &[],
    warning: "",
    unaccepted: "",
    upstreams: &[],
    namespaces: &[],
    services: &[],
    secrets: &[],
    checks: &[],
    upgrade: None,
};

/// A server at a DNS name. Its answers say which it is, by `at`.
#[derive(Debug)]
pub struct Upstream {
    /// `name:port`.
    pub at: &'static str,
    pub speaks: Speaks,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speaks {
    Http,
    /// HTTP/2 without TLS, and nothing else.
    H2c,
    /// TLS with a certificate of its own name.
    Tls,
    /// TLS with a certificate of this name, which it is asked for.
    TlsAs(&'static str),
    /// The same, but it is asked for its own name.
    Stranger(&'static str),
}

/// A request to the Gateways' address.
#[derive(Clone, Copy, Debug)]
pub struct Ask {
    pub port: u16,
    /// TLS with `host` as SNI, which the answering certificate must bear.
    pub tls: bool,
    pub method: &'static str,
    pub host: &'static str,
    pub path: &'static str,
    pub headers: &'static [(&'static str, &'static str)],
}

#[derive(Debug)]
pub enum Expect {
    /// Answered by the upstream `at`, which saw this Host. Over TLS it saw its own name as SNI, or the
    /// client's where TLS is handed through.
    From { at: &'static str, host: &'static str },
    /// Answered by one of these upstreams, whichever, which saw this Host.
    FromAny { of: &'static [&'static str], host: &'static str },
    /// Answered by Envoy itself.
    Status(u16),
    /// Answered by Envoy itself with 503: it broke off the handshake with the upstream, over its
    /// certificate.
    Distrust(&'static str),
    /// The connection is reset.
    Reset,
    /// Of so many requests, so many are answered by each upstream, which saw its own name as Host.
    Shares(usize, &'static [(&'static str, usize)]),
}

pub const fn http(at: &'static str) -> Upstream {
    Upstream { at, speaks: Speaks::Http }
}

pub const fn tls(at: &'static str) -> Upstream {
    Upstream { at, speaks: Speaks::Tls }
}

/// A GET on port 80.
pub const fn get(host: &'static str, path: &'static str) -> Ask {
    Ask { port: 80, tls: false, method: "GET", host, path, headers: &[] }
}

/// A GET on port 443, over TLS.
pub const fn secure(host: &'static str, path: &'static str) -> Ask {
    Ask { port: 443, tls: true, ..get(host, path) }
}

/// Answered by `name:port`, which saw its own name.
pub const fn from(at: &'static str, host: &'static str) -> Expect {
    Expect::From { at, host }
}

impl Upstream {
    pub fn name_and_port(&self) -> (&'static str, u16) {
        let (name, port) = self.at.split_once(':').expect("an upstream is `name:port`");
        (name, port.parse().expect("a port is a number"))
    }
}

impl Case {
    /// Namespaces of what it finds in the cluster, each once.
    pub fn others(&self) -> impl Iterator<Item = &'static str> {
        let named = self.services.iter().chain(self.secrets).map(|((namespace, _), _)| namespace);
        let all: BTreeSet<_> = self.namespaces.iter().chain(named).copied().collect();
        all.into_iter()
    }
}
