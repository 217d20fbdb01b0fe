//! `check`: manifests in, the report of `gatewright check --format json` out.

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::files::{File, numbered};
use super::{done, malformed, read};
use crate::check::attach::attach;
use crate::check::{Run, Settings, status};
use crate::diagnostic::Diagnostic;
use crate::ownership::{self, judge_report};
use crate::profile;
use crate::release::{Channel, Release, Target};
use crate::report::of_objects;
use crate::tree::Node;

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
    #[serde(borrow, default)]
    context: Vec<File<'m>>,
    #[serde(borrow, default)]
    cluster: Cluster<'m>,
    /// How decisions on host names are made; by the defaults where it is absent.
    #[serde(borrow, default)]
    ownership: Option<Node<'m>>,
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

fn ownership_settings(given: Option<&Node<'_>>) -> Result<ownership::Settings, Diagnostic> {
    given.map_or_else(
        || Ok(ownership::Settings::default()),
        |given| ownership::Settings::read(given).map_err(malformed),
    )
}

pub(super) fn check(message: &str) -> Result<String, Diagnostic> {
    let message: Message<'_> = read(message)?;
    let settings =
        Settings { only: message.only.clone(), skip: message.skip.clone(), ..message.cluster.settings()? };
    let Message { files, against, context, .. } = &message;
    let mut run = Run::new(&settings);
    let mut faults = Vec::new();
    let mut names = Vec::new();
    for (source, file) in numbered(&[against, files, context])? {
        let index = usize::from(source);
        faults.extend(if index < against.len() {
            run.read_before(&file.text, source)
        } else if index < against.len() + files.len() {
            run.read(&file.text, source)
        } else {
            run.read_context(&file.text, source)
        });
        names.push(file.name());
    }
    let mut verdicts = run.finish();
    if !context.is_empty() {
        let owners = ownership_settings(message.ownership.as_ref())?;
        let all = numbered(&[against, files, context])?;
        let texts: Vec<(&str, u16)> = all.iter().map(|(source, file)| (&*file.text, *source)).collect();
        let (old, rest) = texts.split_at(against.len().min(texts.len()));
        let (sent, there) = rest.split_at(files.len().min(rest.len()));
        let there = [old, there].concat();
        let cluster = ownership::Cluster { texts: &there, settings: &owners };
        judge_report(&mut verdicts, sent, &cluster, &settings);
    }
    let attachments = message.status.then(|| attach(&verdicts.model, &settings));
    let status = attachments.as_ref().map(|found| status::predict(&verdicts.model, &settings, found));
    done(of_objects(&names, &faults, &verdicts, status.as_ref()))
}
