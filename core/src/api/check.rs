//! `check`: manifests in, the report of `gatewright check --format json` out.

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use super::files::{File, numbered};
use super::{done, malformed, read};
use crate::check::attach::attach;
use crate::check::{Settings, status};
use crate::diagnostic::Diagnostic;
use crate::manual;
use crate::ownership::{self, Texts};
use crate::profile;
use crate::release::{Channel, Release, Target};
use crate::report::of_objects;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Message<'m> {
    #[serde(rename = "op")]
    _op: IgnoredAny,
    #[serde(borrow)]
    files: Vec<File<'m>>,
    /// Objects as they are now: the files are an update of them.
    #[serde(borrow, default)]
    against: Vec<File<'m>>,
    /// Objects that are there already, and not judged.
    #[serde(borrow)]
    context: Option<Vec<File<'m>>>,
    #[serde(borrow, default)]
    cluster: Cluster<'m>,
    /// How decisions on host names are made; by the defaults where it is absent.
    #[serde(borrow, default)]
    ownership: Option<&'m RawValue>,
    #[serde(default)]
    status: bool,
    #[serde(default)]
    only: Vec<String>,
    #[serde(default)]
    skip: Vec<String>,
}

/// The cluster that objects are for, and what is known of it.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Cluster<'m> {
    #[serde(borrow, rename = "gatewayAPI")]
    gateway_api: Option<Cow<'m, str>>,
    #[serde(borrow)]
    channel: Option<Cow<'m, str>>,
    #[serde(borrow)]
    profile: Option<Cow<'m, str>>,
    #[serde(borrow)]
    namespace: Option<Cow<'m, str>>,
    #[serde(default)]
    complete: bool,
}

impl Cluster<'_> {
    /// What to look for, with every rule.
    pub(super) fn settings(&self) -> Result<Settings, Diagnostic> {
        let none = |what: &str, word: &str, known: Vec<&str>| {
            malformed(format!("there is no {what} `{word}`")).hint(format!("there are {}", known.join(", ")))
        };
        let release = match self.gateway_api.as_deref() {
            None => Release::V1_6,
            Some(word) => Release::parse(word).ok_or_else(|| {
                none("release", word, Release::ALL.iter().map(|release| release.name()).collect())
            })?,
        };
        let channel = match self.channel.as_deref() {
            None | Some("standard") => Channel::Standard,
            Some("experimental") => Channel::Experimental,
            Some(word) => return Err(none("channel", word, vec!["standard", "experimental"])),
        };
        let profile = match self.profile.as_deref() {
            None => None,
            Some(word) => Some(profile::named(word).ok_or_else(|| {
                none("profile", word, profile::PROFILES.iter().map(|profile| profile.word).collect())
            })?),
        };
        let mut settings = Settings::new(Target { release, channel });
        settings.profile = profile;
        settings.complete = self.complete;
        if let Some(namespace) = self.namespace.as_deref() {
            namespace.clone_into(&mut settings.namespace);
        }
        Ok(settings)
    }
}

pub(super) fn check(message: &str) -> Result<String, Diagnostic> {
    let message: Message<'_> = read(message)?;
    if !message.only.is_empty() && !message.skip.is_empty() {
        return Err(malformed("`only` and `skip` exclude each other".to_owned()));
    }
    let named = message.only.iter().chain(&message.skip);
    if let Some(unknown) = manual::unknown_codes(named.map(String::as_str)).into_iter().next() {
        return Err(unknown);
    }
    let settings =
        Settings { only: message.only.clone(), skip: message.skip.clone(), ..message.cluster.settings()? };
    let owners = match &message.ownership {
        Some(_) if message.context.is_none() => {
            let why =
                "`ownership` says how the grants and claims of a `context` are asked, and there is none";
            return Err(malformed(why.to_owned()));
        }
        Some(given) => ownership::Settings::parse(given.get()).map_err(malformed)?,
        None => ownership::Settings::default(),
    };
    let Message { files, against, .. } = &message;
    let context = message.context.as_deref().unwrap_or_default();
    let all = numbered(&[against, files, context])?;
    let names: Vec<_> = all.iter().map(|(_, file)| file.name()).collect();
    let texts: Vec<(&str, u16)> = all.iter().map(|(source, file)| (&*file.text, *source)).collect();
    let (before, rest) = texts.split_at(against.len().min(texts.len()));
    let (input, there) = rest.split_at(files.len().min(rest.len()));
    let texts = Texts { before, input, context: message.context.is_some().then_some(there) };
    let (verdicts, faults) = ownership::check(&texts, &settings, &owners, &mut |_, _| None);
    let attachments = message.status.then(|| attach(&verdicts.model, &settings));
    let status = attachments.as_ref().map(|found| status::predict(&verdicts.model, &settings, found));
    done(of_objects(&names, &faults, &verdicts, status.as_ref()))
}
