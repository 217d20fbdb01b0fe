//! Redirects of all paths of an Ingress: `permanent-redirect` and `temporal-redirect`.

use super::annotations::ANNOTATION;
use super::targets::{NoRedirect, Redirect};
use crate::diagnostic::{Code, Severity};

/// A redirect that Gateway API has no words for.
const REDIRECT: Code = Code("import-redirect");

/// Where a redirect sends everything.
#[derive(Clone, Debug)]
pub(super) enum Sent {
    To(Redirect),
    /// Somewhere that no filter can say, so that nothing answers.
    Unsaid,
}

/// The redirect of all paths, and what is said of its annotation.
pub(super) fn read<'t>(
    text: impl Fn(&str) -> Option<&'t str>,
    mut say: impl FnMut(Severity, Code, &'static str, String, &'static str),
) -> Option<Sent> {
    let of = |name, code, default| Some((name, text(name)?, text(code), default));
    let (name, url, code, default) = of("temporal-redirect", "temporal-redirect-code", 302)
        .or_else(|| of("permanent-redirect", "permanent-redirect-code", 301))?;
    match Redirect::read(url, code, default) {
        Ok(redirect) => Some(Sent::To(redirect)),
        Err(NoRedirect::Ignored(takes)) => {
            let message = format!("`{name}: {url}` is ignored, as ingress-nginx takes only {takes}");
            say(Severity::Warning, ANNOTATION, name, message, "the backend answers, as it does there");
            None
        }
        Err(NoRedirect::Unsaid(why)) => {
            let message = format!("`{name}: {url}` {why}: its paths are left out");
            say(
                Severity::Error,
                REDIRECT,
                name,
                message,
                "write a redirect that comes near, or let a Service answer",
            );
            Some(Sent::Unsaid)
        }
    }
}
