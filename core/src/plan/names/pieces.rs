//! Templates that hold text and names and nothing else, as nearly all do.
//!
//! Such a name is put together without the template engine, which sets up a machine for each.

use super::Subject;

/// A template in pieces.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Pieces<'v>(Vec<Piece<'v>>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece<'v> {
    Text(&'v str),
    Service,
    Namespace,
    Release,
    Protocol,
    Port,
    Org,
    BaseDomain,
}

/// The pieces of a template; `None` if it holds anything that takes the template engine.
pub(super) fn of(source: &str) -> Option<Pieces<'_>> {
    // The engine drops a line end at the end of a template, and what is between `{#` and `#}`.
    if source.contains(['\n', '\r']) || source.contains("{#") {
        return None;
    }
    let mut pieces = Vec::new();
    let mut rest = source;
    while let Some((text, after)) = rest.split_once("{{") {
        let (name, after) = after.split_once("}}")?;
        let piece = match name.trim_matches(' ') {
            "service" => Piece::Service,
            "namespace" => Piece::Namespace,
            "release" => Piece::Release,
            "protocol" => Piece::Protocol,
            "port" => Piece::Port,
            "org" => Piece::Org,
            "baseDomain" => Piece::BaseDomain,
            _ => return None,
        };
        pieces.extend([Piece::Text(text), piece]);
        rest = after;
    }
    pieces.push(Piece::Text(rest));
    Some(Pieces(pieces))
}

impl Pieces<'_> {
    /// What the template engine would make of the template; `None` where it would complain.
    pub(super) fn put_together(&self, subject: &Subject<'_>, release: &str) -> Option<String> {
        let mut name = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Text(text) => name.push_str(text),
                Piece::Service => name.push_str(subject.service),
                Piece::Namespace => name.push_str(subject.namespace),
                Piece::Release => name.push_str(release),
                Piece::Protocol => name.push_str(subject.protocol),
                Piece::Port => name.push_str(&subject.port.to_string()),
                Piece::Org => name.push_str(subject.tenant?.org),
                Piece::BaseDomain => name.push_str(subject.tenant?.base_domain),
            }
        }
        Some(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaves_other_templates_to_the_engine() {
        for source in [
            "{{ service | upper }}",
            "{{- service }}",
            "{{ service -}}",
            "{{ Service }}",
            "{{ service",
            "{{}}",
            "{{{ service }}}",
            "{{ 'service' }}",
            "a{# comment #}",
            "{{ service }}\n",
        ] {
            assert_eq!(of(source), None, "{source}");
        }
    }
}
