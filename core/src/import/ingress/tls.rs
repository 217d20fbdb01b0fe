//! `spec.tls` of an Ingress: which of its Secrets a host gets.
//!
//! Source: ingress-nginx v1.12.1, `extractTLSSecretName` of `internal/ingress/controller/controller.go`.

use std::collections::{BTreeMap, BTreeSet};

/// What `spec.tls` of an Ingress says. Without an entry there is none, and its hosts have no TLS of it.
#[derive(Debug, Default)]
pub(super) struct Section {
    /// Secrets by the names of hosts in small letters, of which `*.` stands for one label: of two entries for one name
    /// the first.
    by_name: BTreeMap<String, Option<String>>,
    /// The Secrets in their order.
    secrets: Vec<String>,
    /// Those of entries that are the first for no name: without hosts, or with those of entries before them.
    nameless: BTreeSet<String>,
}

/// What a host gets.
#[derive(Clone, Copy, Debug)]
pub(super) struct Choice<'s> {
    /// None where ingress-nginx shows its default certificate.
    pub(super) secret: Option<&'s str>,
    /// The name of an entry by which it is chosen; without one ingress-nginx looks for the host in the certificates.
    pub(super) name: Option<&'s str>,
}

impl Section {
    /// Adds an entry.
    pub(super) fn add(&mut self, hosts: Vec<String>, secret: Option<&str>) {
        let named = self.by_name.len();
        for host in hosts {
            self.by_name.entry(host.to_ascii_lowercase()).or_insert_with(|| secret.map(str::to_owned));
        }
        if let Some(secret) = secret {
            self.secrets.push(secret.to_owned());
            if self.by_name.len() == named {
                self.nameless.insert(secret.to_owned());
            }
        }
    }

    /// The Secret of the entry that names the host; else one that has its name as far as one can tell without the
    /// certificates: by the wildcard above the host, or else the first.
    pub(super) fn choose(&self, host: &str) -> Choice<'_> {
        let named = |host: &str| self.by_name.get_key_value(host);
        if let Some((name, secret)) = named(&host.to_ascii_lowercase()) {
            return Choice { secret: secret.as_deref(), name: Some(name) };
        }
        if let Some((name, Some(secret))) = above(host).and_then(|above| named(&above)) {
            return Choice { secret: Some(secret), name: Some(name) };
        }
        Choice { secret: self.secrets.first().map(String::as_str), name: None }
    }

    /// The names of hosts.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.by_name.keys().map(String::as_str)
    }

    /// Every Secret.
    pub(super) fn secrets(&self) -> BTreeSet<&str> {
        self.secrets.iter().map(String::as_str).collect()
    }

    /// Those of entries that are the first for no name.
    pub(super) fn nameless(&self) -> BTreeSet<&str> {
        self.nameless.iter().map(String::as_str).collect()
    }
}

/// The wildcard above a host.
pub(super) fn above(host: &str) -> Option<String> {
    Some(format!("*.{}", host.split_once('.')?.1.to_ascii_lowercase()))
}
