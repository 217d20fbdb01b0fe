//! What of `spec.tls` no host has.
//!
//! Source: ingress-nginx v1.12.1, `extractTLSSecretName` of `internal/ingress/controller/controller.go`, which is asked for
//! hosts of rules and never for their aliases.

use std::collections::{BTreeMap, BTreeSet};

use super::certificates::{Certificates, Secret};
use super::read::Ingress;
use super::tls::{Choice, Section};
use crate::diagnostic::{Code, Diagnostic};
use crate::import::objects::{Object, Objects};
use crate::path::Path;
use crate::shorten::listed;

/// A certificate that no host has.
pub(super) const UNUSED_CERTIFICATE: Code = Code("import-unused-certificate");

/// What of `spec.tls` is for no host.
pub(super) struct Unused<'s> {
    pub(super) names: BTreeSet<&'s str>,
    /// Secrets of entries that are the first for no name.
    secrets: BTreeSet<&'s str>,
}

impl<'s> Unused<'s> {
    pub(super) fn of(section: &'s Section) -> Self {
        Self { names: section.names().collect(), secrets: section.nameless() }
    }

    pub(super) fn remove(&mut self, choice: &Choice<'s>) {
        if let Some(name) = choice.name {
            self.names.remove(name);
        }
        if let Some(secret) = choice.secret {
            self.secrets.remove(secret);
        }
    }

    pub(super) fn say(&self, object: &Object<'_>, has_names: bool) -> Vec<Diagnostic> {
        let quoted = |list: &BTreeSet<&str>| listed(list.iter().map(|part| format!("`{part}`")));
        let mut messages = Vec::new();
        if !self.names.is_empty() {
            messages.push(format!(
                "{} in `spec.tls` is without effect, as in ingress-nginx: this Ingress has no rule for it",
                quoted(&self.names)
            ));
        }
        if !self.secrets.is_empty() {
            let why = if has_names {
                "its hosts have another one"
            } else {
                "ingress-nginx shows its default one for hosts that nobody names"
            };
            messages.push(format!("the certificate {} is not used: {why}", quoted(&self.secrets)));
        }
        let hint = "write a listener with the certificate if a host is to have TLS from now on";
        let found = messages.into_iter();
        found
            .map(|message| object.say(Diagnostic::warning(UNUSED_CERTIFICATE, place(), message).hint(hint)))
            .collect()
    }
}

/// Secrets that `spec.tls` has for aliases, and that are not those of their hosts.
#[derive(Default)]
pub(super) struct OfAliases<'i> {
    by_entry: BTreeMap<Entry<'i>, BTreeSet<&'i str>>,
}

/// An Ingress by the index of its object, its class, a host of it, and a Secret of its `spec.tls`.
type Entry<'i> = (usize, &'i str, &'i str, &'i str);

impl<'i> OfAliases<'i> {
    pub(super) fn add(&mut self, ingress: &'i Ingress, host: &'i str, secret: &'i str, alias: &'i str) {
        let entry = (ingress.object, ingress.class.as_str(), host, secret);
        self.by_entry.entry(entry).or_default().insert(alias);
    }

    /// Says of those that no wildcard above gives to their aliases after all.
    pub(super) fn say(&self, objects: &Objects<'_>, certificates: &Certificates) -> Vec<Diagnostic> {
        let mut out = Vec::new();
        for ((index, class, host, secret), aliases) in &self.by_entry {
            let Some(object) = objects.get(*index) else { continue };
            let secret = (object.namespace().to_owned(), (*secret).to_owned());
            let mut others: BTreeMap<Option<&Secret>, Vec<String>> = BTreeMap::new();
            for alias in aliases {
                let shown = certificates.of_alias(class, alias, host);
                let shown = shown.and_then(|shown| shown.certificate.secret.as_ref());
                if shown != Some(&secret) {
                    others.entry(shown).or_default().push(format!("`{alias}`"));
                }
            }
            out.extend(
                others
                    .into_iter()
                    .map(|(shown, aliases)| object.say(of_alias(host, &secret, shown, &listed(aliases)))),
            );
        }
        out
    }
}

fn of_alias(host: &str, secret: &Secret, shown: Option<&Secret>, aliases: &str) -> Diagnostic {
    let secret = format!("{}/{}", secret.0, secret.1);
    let (what, hint) = match shown {
        Some((namespace, name)) => (
            format!("they have {namespace}/{name} here"),
            format!("name {secret} in their listeners: it is probably the one that is wanted there"),
        ),
        None => (
            "they have none here".to_owned(),
            format!("write listeners with {secret} for them: it is probably the one that is wanted there"),
        ),
    };
    let message = format!(
        "the certificate {secret} is not used for aliases of `{host}` ({aliases}), as in ingress-nginx, which looks in \
         `spec.tls` for hosts of rules alone: {what}"
    );
    Diagnostic::warning(UNUSED_CERTIFICATE, place(), message).hint(hint)
}

pub(super) fn place() -> Path {
    Path::ROOT.key("spec").key("tls")
}
