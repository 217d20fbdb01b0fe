//! Objects that stand in the input more than once.

use std::borrow::Cow;

use super::report::{Identity, Judged};
use crate::diagnostic::{Code, Diagnostic};
use crate::path::Path;
use crate::release::group;

/// An object that an earlier document of the input holds already.
pub const REPEATED: Code = Code("repeated-object");

/// By what an object is known again: group, kind, namespace and name.
pub(super) type Key<'a> = [Cow<'a, str>; 4];

/// Kinds without a namespace; one that an object of theirs names all the same is dropped by the API server. Of kinds
/// that are not known here what is written counts.
const CLUSTER_WIDE: [&str; 2] = ["GatewayClass", "Namespace"];

/// By what an object is known again: in any version of its group, and with the namespace in which one that
/// names none is applied. One without a name (of `generateName`, or not for a cluster) is never the same as
/// another.
pub(super) fn key<'a>(identity: &Identity<'a>, applied_in: &'a str) -> Option<Key<'a>> {
    let Identity { api_version, kind, namespace, name } = identity;
    let group = match api_version {
        Cow::Borrowed(api_version) => Cow::Borrowed(group(api_version)),
        Cow::Owned(api_version) => Cow::Owned(group(api_version).to_owned()),
    };
    let namespace = if CLUSTER_WIDE.contains(&kind.as_ref()) {
        Cow::Borrowed("")
    } else if namespace.is_empty() {
        Cow::Borrowed(applied_in)
    } else {
        namespace.clone()
    };
    (!name.is_empty()).then(|| [group, kind.clone(), namespace, name.clone()])
}

/// Objects that are the same, by their index: each with the next one, which replaces it. The input and the
/// context count apart, for what of the context the input has anew was never taken in.
pub(super) fn repetitions(results: &[Judged<'_>], applied_in: &str) -> Vec<(usize, usize)> {
    let mut objects: Vec<_> = results
        .iter()
        .enumerate()
        .filter_map(|(index, judged)| {
            Some((judged.in_context, key(judged.object.as_ref()?, applied_in)?, index))
        })
        .collect();
    objects.sort();
    let pairs = objects.iter().zip(objects.iter().skip(1));
    let same = pairs.filter(|((context, key, _), (its, other, _))| context == its && key == other);
    same.map(|((.., earlier), (.., later))| (*earlier, *later)).collect()
}

/// Says of an object of the input that it repeats an earlier one, and where that is.
pub(super) fn repeated(results: &[Judged<'_>], earlier: usize, later: usize) -> Option<Diagnostic> {
    let (first, second) = (results.get(earlier)?.source, results.get(later)?);
    if second.in_context {
        return None;
    }
    let file = if first.text == second.source.text { "" } else { " of another file" };
    let message = format!(
        "the input has this object already, in document {}, line {}{file}; the last one wins where it is applied",
        first.document, first.line
    );
    Some(Diagnostic::warning(REPEATED, Path::ROOT, message).hint("keep one of them"))
}
