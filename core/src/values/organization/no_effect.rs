//! What is written of organizations and changes nothing: told, for somebody thinks that it does.

use super::{Organization, Strategy};
use crate::diagnostic::Diagnostic;
use crate::path::Path;
use crate::placement;
use crate::tree::Node;
use crate::values::{NO_EFFECT, nearest, quoted};

/// Keys of `sharding` and `placements`.
pub(in crate::values) fn check(root: &Node<'_>, out: &mut Vec<Diagnostic>) {
    let migration = root.get("migration");
    for (section, path) in [(Some(root), Path::ROOT), (migration, Path::ROOT.key("migration"))] {
        let placements = section.and_then(|section| section.get("placements"));
        out.extend(other_hash(placements, &path.key("placements")));
    }
    let has_records = super::placements(root.get("placements")).is_some_and(|records| !records.is_empty());
    let is_nobody = root.get("organizations").is_none_or(Node::is_empty);
    if has_records && is_nobody {
        let path = Path::ROOT.key("placements");
        out.push(idle_records(path, "there are no organizations, so recorded placements have no effect"));
    }
    let Some(sharding) = root.get("sharding") else { return };
    let asked = |node: &Node<'_>, key: &str| match node.get(key).filter(|word| !word.is_null()) {
        // A word that is none has its diagnostic, and which keys it would want nobody knows.
        Some(word) => word.as_text().and_then(Strategy::parse).map(Some),
        None => Some(None),
    };
    let Some(to) = asked(sharding, "strategy") else { return };
    let to = to.unwrap_or(Strategy::Hybrid);
    let from = match migration.filter(|migration| !migration.is_null()) {
        Some(migration) => match asked(migration, "from") {
            Some(from) => from.unwrap_or(Strategy::PerService),
            None => return,
        },
        None => to,
    };
    let has = |key: &str| sharding.get(key).is_some_and(|value| !value.is_null());
    let is = |strategies: &[Strategy]| strategies.contains(&to) || strategies.contains(&from);
    let sets = sharding.get("listenerSets").and_then(Node::as_text);
    let idle = [
        (
            has("gateways") && !is(&[Strategy::Hash]),
            "gateways",
            "`gateways` is how many Gateways strategy `hash` has",
            "take it out; how many there are at most of `hybrid` and `pool` says `maxGateways`",
        ),
        (
            has("maxGateways") && !is(&[Strategy::Hybrid, Strategy::Pool]),
            "maxGateways",
            "`maxGateways` is for strategies `hybrid` and `pool`",
            "take it out; how many Gateways `hash` has says `gateways`, and other strategies have no such number",
        ),
        (
            sets == Some("always") && !is(&[Strategy::Hybrid, Strategy::ListenerSets]),
            "listenerSets",
            "`listenerSets: always` is for strategy `hybrid`, and with others listeners stand on their Gateways",
            "take it out, or take strategy `listenerSets` or `hybrid`",
        ),
        (
            sets == Some("never") && to == Strategy::ListenerSets && !is(&[Strategy::Hybrid]),
            "listenerSets",
            "`listenerSets: never` is for strategy `hybrid`, and with `listenerSets` listeners stand nowhere else",
            "take it out, or take strategy `wildcardPerOrganization` or `hybrid`",
        ),
    ];
    // Of a migration from another strategy to this one, its plan says what is left of a record.
    if has_records && !is_nobody && to == Strategy::Dedicated && from == to {
        out.push(all_dedicated(Path::ROOT.key("placements")));
    }
    let before = super::placements(migration.and_then(|migration| migration.get("placements")));
    if before.is_some_and(|records| !records.is_empty()) && from == Strategy::Dedicated && from != to {
        out.push(all_dedicated(Path::ROOT.key("migration").key("placements")));
    }
    for (is_idle, key, what, hint) in idle {
        if is_idle {
            let message = format!("{what}: with `{}` it has no effect", to.word());
            let path = Path::ROOT.key("sharding").key(key);
            out.push(Diagnostic::warning(NO_EFFECT, path, message).hint(hint));
        }
    }
}

/// Records of a strategy that places nobody by them.
pub(crate) fn all_dedicated(path: Path) -> Diagnostic {
    let message =
        "strategy `dedicated` gives everybody a Gateway of their own, so recorded placements have no effect";
    idle_records(path, message)
}

/// Records that nobody is placed by.
fn idle_records(path: Path, message: &str) -> Diagnostic {
    Diagnostic::warning(NO_EFFECT, path, message)
        .hint("take them out, or the file that has them; kept, they count again as soon as somebody shares Gateways")
}

/// A record of another program, or of a hash that was mistyped: what is recorded stays, and others go by our own.
fn other_hash(placements: Option<&Node<'_>>, path: &Path) -> Option<Diagnostic> {
    let hash =
        placements?.get("hash")?.as_text().filter(|hash| !hash.is_empty() && *hash != placement::NAME)?;
    let message = format!(
        "hash {} is not known here, so it has no effect: who is recorded stays, and who is not is placed by `{}`",
        quoted(hash),
        placement::NAME
    );
    let hint = match nearest(hash, [placement::NAME].into_iter()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("record everybody, or set it to `{}`, or take it out", placement::NAME),
    };
    Some(Diagnostic::warning(NO_EFFECT, path.key("hash"), message).hint(hint))
}

/// An organization that exposes nothing. Where it lists an exact host name that no service has, that is an error
/// already, and where something was written as its services that could not be read, too.
pub(super) fn without_services(
    organization: &Organization<'_>,
    written: Option<&Node<'_>>,
) -> Option<Diagnostic> {
    // Names get listeners and certificates, and a Gateway of its own is one, without any service.
    let has_names = !organization.hostnames.is_empty() || !organization.extra_hostnames.is_empty();
    if has_names || organization.is_dedicated || !written.is_none_or(Node::is_empty) {
        return None;
    }
    let message = format!(
        "organization {} has no services, so that no route of it is rendered",
        quoted(organization.name)
    );
    Some(
        Diagnostic::warning(NO_EFFECT, organization.path.key("services"), message)
            .hint("give it `services`, or take it out"),
    )
}
