//! Kinds and apiVersions that a release or channel does not serve.

use super::fault::NOT_SERVED;
use super::tables::{kinds, patch};
use crate::diagnostic::{Diagnostic, Level};
use crate::path::Path;
use crate::release::{Channel, Release, Target};
use crate::values::nearest;

/// The fault of an object whose kind the target does not serve under its apiVersion, with what to write
/// instead, or which releases would serve it.
pub fn not_served(target: Target, api_version: &str, kind: &str) -> Diagnostic {
    let message =
        format!("no matches for kind {kind:?} in version {api_version:?}: {target} does not serve it");
    Diagnostic::error(NOT_SERVED, Path::ROOT.key("apiVersion"), message)
        .level(Level::Api)
        .source(format!("Gateway API v{} {}", patch(target.release), target.channel.name()))
        .hint(remedy(kind, target))
}

/// What to write instead, or where the kind is served at all.
fn remedy(kind: &str, target: Target) -> String {
    // An XListenerSet became a ListenerSet in 1.5.
    let names: [&str; 2] = match kind {
        "XListenerSet" | "ListenerSet" => ["ListenerSet", "XListenerSet"],
        other => [other, other],
    };
    let served: Vec<String> = kinds(target)
        .iter()
        .filter(|row| names.contains(&row.kind))
        .map(|row| {
            let version = format!("`apiVersion: {}/{}`", row.group, row.version);
            if row.kind == kind { version } else { format!("{version} and `kind: {}`", row.kind) }
        })
        .collect();
    if !served.is_empty() {
        return format!("write {}", served.join(" or "));
    }
    let named = |channel, release| {
        kinds(Target { release, channel }).iter().map(|row| row.kind).find(|kind| names.contains(kind))
    };
    let first = |channel| Release::ALL.into_iter().find_map(|at| Some((at, named(channel, at)?)));
    match (first(Channel::Standard), first(Channel::Experimental)) {
        (Some((standard, kind)), Some((experimental, other))) if kind == other => format!(
            "the standard channel has {kind} from {} on, the experimental one from {} on",
            standard.name(),
            experimental.name()
        ),
        (Some((standard, kind)), Some((experimental, other))) => format!(
            "the standard channel has {kind} from {} on, the experimental one of {} has {other}",
            standard.name(),
            experimental.name()
        ),
        (None, Some((experimental, kind))) => {
            format!(
                "the experimental channel has {kind} from {} on, the standard one has not",
                experimental.name()
            )
        }
        (Some((standard, kind)), None) => {
            format!("the standard channel has {kind} from {} on", standard.name())
        }
        (None, None) => match nearest(kind, kinds(target).iter().map(|row| row.kind)) {
            Some(near) => format!("did you mean `kind: {near}`?"),
            None => format!("no release from 1.4 on has {kind}"),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::remedy;
    use crate::release::{Channel, Release, Target};

    #[test]
    fn says_what_to_write() {
        let target = |release, channel| Target { release, channel };
        for (kind, release, expected) in [
            ("ReferenceGrant", Release::V1_4, "write `apiVersion: gateway.networking.k8s.io/v1beta1`"),
            (
                "XListenerSet",
                Release::V1_5,
                "write `apiVersion: gateway.networking.k8s.io/v1` and `kind: ListenerSet`",
            ),
            (
                "XListenerSet",
                Release::V1_4,
                "the standard channel has ListenerSet from 1.5 on, the experimental one of 1.4 has XListenerSet",
            ),
            (
                "TCPRoute",
                Release::V1_5,
                "the standard channel has TCPRoute from 1.6 on, the experimental one from 1.4 on",
            ),
            ("HttpRoute", Release::V1_6, "did you mean `kind: HTTPRoute`?"),
            ("Shop", Release::V1_6, "no release from 1.4 on has Shop"),
        ] {
            assert_eq!(remedy(kind, target(release, Channel::Standard)), expected);
        }
    }
}
