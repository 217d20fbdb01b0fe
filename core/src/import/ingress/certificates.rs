//! The certificates of hosts, whichever Ingress has their paths.
//!
//! Source: ingress-nginx v1.12.1, `createServers` of `internal/ingress/controller/controller.go` and
//! `configureCertificates` of `internal/ingress/controller/nginx.go`; `get_pem_cert_uid` of
//! `rootfs/etc/nginx/lua/certificate.lua` for hosts without one, which also decides whether plain requests are redirected.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use super::aliases::Aliases;
use super::passthrough::Passed;
use super::read::Ingress;
use super::tls::{Choice, above};
use super::unused::{OfAliases, UNUSED_CERTIFICATE, Unused, place};
use crate::diagnostic::{Code, Diagnostic};
use crate::import::objects::{Object, Objects};

/// Two Ingresses with two certificates for one host.
const TWO_CERTIFICATES: Code = Code("import-two-certificates");
/// A host that no entry of `spec.tls` names, with a certificate that may not have its name.
const GUESSED_CERTIFICATE: Code = Code("import-guessed-certificate");

/// Namespace and name of a Secret.
pub(super) type Secret = (String, String);

/// The certificates of hosts, by class and name.
#[derive(Debug, Default)]
pub(super) struct Certificates {
    by_host: BTreeMap<(String, String), Certificate>,
    /// The host of each wildcard among aliases whose certificate is said to have the wildcard's name.
    wildcards: BTreeMap<(String, String), String>,
}

/// The certificate of a host: that of the first of its Ingresses that has `spec.tls`.
#[derive(Debug)]
pub(super) struct Certificate {
    /// None where ingress-nginx shows its default one.
    pub(super) secret: Option<Secret>,
    /// The index of the Ingress's object.
    of: usize,
    /// The aliases of the host that an entry of `spec.tls` names with the same Secret.
    named: BTreeSet<String>,
}

impl Certificates {
    /// Those of all Ingresses, which are in the order that ingress-nginx takes them in; says of each that is for no host.
    pub(super) fn of(
        objects: &Objects<'_>,
        ingresses: &[Ingress],
        aliases: &Aliases<'_>,
        passed: &Passed,
        out: &mut Vec<Diagnostic>,
    ) -> Self {
        let mut certificates = Self::default();
        let mut of_aliases = OfAliases::default();
        for ingress in ingresses.iter().filter(|ingress| ingress.asked.canary.is_none()) {
            let Some((object, section)) = objects.get(ingress.object).zip(ingress.tls.as_ref()) else {
                continue;
            };
            let mut unused = Unused::of(section);
            for host in &ingress.lost.hosts {
                unused.names.remove(host.to_ascii_lowercase().as_str());
            }
            for (host, _) in ingress.sites.iter().filter(|(host, _)| !host.is_empty()) {
                let choice = section.choose(host);
                unused.remove(&choice);
                let mut named = BTreeSet::new();
                for alias in aliases.of_host(&ingress.class, host) {
                    let of_alias = section.choose(alias);
                    let (Some(name), Some(secret)) = (of_alias.name, of_alias.secret) else { continue };
                    unused.names.remove(name);
                    if choice.secret == Some(secret) {
                        named.insert(alias.to_owned());
                    } else {
                        of_aliases.add(ingress, host, secret, alias);
                    }
                }
                let found = certificates.add(objects, ingress, host, choice, named);
                match (found, choice.secret) {
                    (Some(taken), _) => out.push(object.say(taken)),
                    (None, Some(secret)) if passed.has(&ingress.class, host) => {
                        let message = format!(
                            "the certificate {}/{secret} is not shown for `{host}`, as in ingress-nginx: its TLS is passed through",
                            object.namespace()
                        );
                        let hint = "leave the Secret with the Service, which ends the TLS";
                        out.push(
                            object.say(Diagnostic::warning(UNUSED_CERTIFICATE, place(), message).hint(hint)),
                        );
                    }
                    (None, Some(secret)) if choice.name.is_none() => {
                        out.push(guessed(object, host, secret));
                    }
                    (None, _) => {}
                }
            }
            let has_names = ingress.sites.iter().any(|(host, _)| !host.is_empty());
            out.extend(unused.say(object, has_names));
        }
        out.extend(of_aliases.say(objects, &certificates));
        certificates
    }

    /// Adds the certificate of a host; says what is not used where it has one already.
    fn add(
        &mut self,
        objects: &Objects<'_>,
        ingress: &Ingress,
        host: &str,
        choice: Choice<'_>,
        named: BTreeSet<String>,
    ) -> Option<Diagnostic> {
        let object = objects.get(ingress.object)?;
        let secret = choice.secret.map(|secret| (object.namespace().to_owned(), secret.to_owned()));
        let known = match self.by_host.entry((ingress.class.clone(), host.to_owned())) {
            Entry::Vacant(entry) => {
                for alias in named.iter().filter(|alias| alias.starts_with("*.")) {
                    let alias = (ingress.class.clone(), alias.to_ascii_lowercase());
                    self.wildcards.entry(alias).or_insert_with(|| host.to_owned());
                }
                entry.insert(Certificate { secret, of: ingress.object, named });
                return None;
            }
            Entry::Occupied(entry) => entry.into_mut(),
        };
        let dropped = secret.filter(|secret| known.secret.as_ref() != Some(secret))?;
        let first = known.secret.as_ref().map_or_else(
            || "the default certificate of ingress-nginx".to_owned(),
            |(namespace, name)| format!("the certificate {namespace}/{name}"),
        );
        let of = &objects.get(known.of)?.identity;
        let message = format!(
            "`{host}` has {first} already, by {of}, so {}/{} is not used, as in ingress-nginx",
            dropped.0, dropped.1
        );
        let found = Diagnostic::warning(TWO_CERTIFICATES, place(), message);
        Some(found.hint("keep one certificate for the host"))
    }

    /// The certificate of a host, if it has TLS: its own, or that of the wildcard above it.
    pub(super) fn get(&self, class: &str, host: &str) -> Option<&Certificate> {
        let own = self.by_host.get(&(class.to_owned(), host.to_owned()));
        own.or_else(|| self.of_wildcard(class, host))
    }

    /// The certificate of the wildcard above a name: that is a host too, or an alias whose host's certificate has its name.
    fn of_wildcard(&self, class: &str, name: &str) -> Option<&Certificate> {
        let wildcard = (class.to_owned(), above(name)?);
        self.by_host.get(&wildcard).or_else(|| {
            let host = self.wildcards.get(&wildcard)?;
            self.by_host.get(&(wildcard.0, host.clone()))
        })
    }

    /// The certificate of an alias: that of its host if it is said to have the name; else that of the wildcard above, for
    /// ingress-nginx looks for that next; else that of its host if there is a Secret, else as if it were a host without.
    pub(super) fn of_alias(&self, class: &str, alias: &str, host: &str) -> Option<OfAlias<'_>> {
        let has_secret = |certificate: &&Certificate| certificate.secret.is_some();
        let own = self.by_host.get(&(class.to_owned(), host.to_owned())).filter(has_secret);
        if let Some(certificate) = own.filter(|own| own.named.contains(alias)) {
            return Some(OfAlias { certificate, doubt: None });
        }
        let wildcard = self.of_wildcard(class, alias);
        match (wildcard.filter(has_secret), own) {
            (Some(certificate), Some(own)) if certificate.secret != own.secret => {
                Some(OfAlias { certificate, doubt: Some(Doubt::Host) })
            }
            (Some(certificate), _) => Some(OfAlias { certificate, doubt: None }),
            (None, Some(certificate)) => Some(OfAlias { certificate, doubt: Some(Doubt::Default) }),
            (None, None) => Some(OfAlias { certificate: wildcard?, doubt: None }),
        }
    }
}

/// The certificate of an alias.
pub(super) struct OfAlias<'c> {
    pub(super) certificate: &'c Certificate,
    pub(super) doubt: Option<Doubt>,
}

/// Which other certificate an alias may have there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Doubt {
    /// It has that of the wildcard above here, and that of its host there if this has the name.
    Host,
    /// It has that of its host here, and the default one there if this has not the name.
    Default,
}

/// Says of a host that no entry names that its certificate may be another one.
fn guessed(object: &Object<'_>, host: &str, secret: &str) -> Diagnostic {
    let message = format!(
        "no entry of `spec.tls` names `{host}`: it gets the certificate {}/{secret}; ingress-nginx takes a Secret of this \
         Ingress whose certificate has the name, and else its default one",
        object.namespace()
    );
    let hint = "see whether the certificate has the name, and name another one in the listener if not";
    object.say(Diagnostic::warning(GUESSED_CERTIFICATE, place(), message).hint(hint))
}
