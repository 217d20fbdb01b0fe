//! What a release may be called, where it may live, and whether two namespaces can be compared.

use crate::Scope;
use crate::diagnostic::{Code, Diagnostic};
use crate::hostname::LABEL_MAX;
use crate::path::Path;
use crate::values::{BAD_VALUE, is_dns_label, is_object_name, quoted};

/// Longest name of a release. Helm refuses a longer one, whose labels the API server could refuse.
///
/// Source: Helm v3 and v4, `ValidateReleaseName`.
const RELEASE_NAME_MAX: usize = 53;

/// What is wrong with a name, as the end of a sentence, and who says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameRefusal {
    /// `has 60 characters, but Helm allows 53`.
    pub why: String,
    /// Whose bound it is.
    pub source: &'static str,
}

/// Why a release cannot have the name, which is a label of every object; empty stands for unknown.
pub fn release_refusal(name: &str) -> Option<NameRefusal> {
    let why = if name.is_empty() {
        return None;
    } else if name.len() > RELEASE_NAME_MAX {
        format!("has {} characters, but Helm allows {RELEASE_NAME_MAX}", name.chars().count())
    } else if !is_object_name(name) {
        "is none: Helm takes a-z, 0-9, `-` and `.`, with a letter or digit at both ends of every part"
            .to_owned()
    } else {
        return None;
    };
    Some(NameRefusal { why, source: "Helm v3 and v4, ValidateReleaseName" })
}

/// Why a namespace cannot have the name; empty stands for unknown.
pub fn namespace_refusal(name: &str) -> Option<NameRefusal> {
    let is_fine = name.is_empty() || is_dns_label(name);
    (!is_fine).then(|| NameRefusal {
        why: format!(
            "is no DNS label: {LABEL_MAX} of a-z, 0-9 and `-` at most, with a letter or digit at both ends"
        ),
        source: "Kubernetes v1.36, ValidateNamespaceName",
    })
}

/// Refuses what a carrier says of its release. The command line refuses its own flags before.
pub(super) fn check(scope: &Scope, out: &mut Vec<Diagnostic>) {
    let Scope { release, namespace, .. } = scope;
    let refusals = [
        ("namespace", namespace, namespace_refusal(namespace), "install the release in another namespace"),
        ("name", release, release_refusal(release), "install the release under another name"),
    ];
    for (what, name, refusal, hint) in refusals {
        let Some(NameRefusal { why, source }) = refusal else { continue };
        let message = format!("the release's {what} {} {why}", quoted(name));
        out.push(Diagnostic::error(BAD_VALUE, Path::ROOT, message).source(source).hint(hint));
    }
}

/// A reference between an entry with a namespace and one whose namespace nobody said.
pub(super) const NAMESPACE_UNKNOWN: Code = Code("namespace-unknown");

/// Whether two namespaces can be compared; with the release's unknown, an own one stands beside nothing.
pub(super) fn check_comparable(one: &str, other: &str, path: &Path, out: &mut Vec<Diagnostic>) {
    if one.is_empty() == other.is_empty() {
        return;
    }
    let named = if one.is_empty() { other } else { one };
    let message = format!(
        "namespace `{named}` beside the release's, which is unknown: a reference between them cannot be written"
    );
    out.push(
        Diagnostic::error(NAMESPACE_UNKNOWN, path.clone(), message)
            .hint("give the release's namespace with `-n`"),
    );
}

/// The namespace of an entry: its own, else the release's.
pub(super) fn namespace_of<'v>(own: Option<&'v str>, scope: &'v Scope) -> &'v str {
    own.unwrap_or(&scope.namespace)
}
