//! Matches: the paths of HTTPRoutes, the services and methods of GRPCRoutes.

use super::Port;
use super::eval::{has, is, is_among, text};
use crate::check::api::pattern::path_characters;
use crate::tree::Node;

pub(super) const PORTS: &[Port] = &[
    Port {
        expression: "(self.type in ['Exact','PathPrefix']) ? self.value.startsWith('/') : true",
        holds: |this, _| literal(this, |path| path.starts_with('/')),
    },
    Port {
        expression: "(self.type in ['Exact','PathPrefix']) ? !self.value.contains('//') : true",
        holds: |this, _| literal(this, |path| !path.contains("//")),
    },
    Port {
        expression: "(self.type in ['Exact','PathPrefix']) ? !self.value.contains('/./') : true",
        holds: |this, _| literal(this, |path| !path.contains("/./")),
    },
    Port {
        expression: "(self.type in ['Exact','PathPrefix']) ? !self.value.contains('/../') : true",
        holds: |this, _| literal(this, |path| !path.contains("/../")),
    },
    Port {
        expression: "(self.type in ['Exact','PathPrefix']) ? !self.value.contains('%2f') : true",
        holds: |this, _| literal(this, |path| !path.contains("%2f")),
    },
    Port {
        expression: "(self.type in ['Exact','PathPrefix']) ? !self.value.contains('%2F') : true",
        holds: |this, _| literal(this, |path| !path.contains("%2F")),
    },
    Port {
        expression: "(self.type in ['Exact','PathPrefix']) ? !self.value.contains('#') : true",
        holds: |this, _| literal(this, |path| !path.contains('#')),
    },
    Port {
        expression: "(self.type in ['Exact','PathPrefix']) ? !self.value.endsWith('/..') : true",
        holds: |this, _| literal(this, |path| !path.ends_with("/..")),
    },
    Port {
        expression: "(self.type in ['Exact','PathPrefix']) ? !self.value.endsWith('/.') : true",
        holds: |this, _| literal(this, |path| !path.ends_with("/.")),
    },
    Port {
        expression: r#"(self.type in ['Exact','PathPrefix']) ? self.value.matches(r"""^(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|[%][0-9a-fA-F]{2})+$""") : true"#,
        holds: |this, _| literal(this, path_characters),
    },
    Port {
        expression: "self.type in ['Exact','PathPrefix'] || self.type == 'RegularExpression'",
        holds: |this, _| is_among(this, "type", &["Exact", "PathPrefix", "RegularExpression"]) == Some(true),
    },
    Port {
        expression: "has(self.type) ? has(self.service) || has(self.method) : true",
        holds: |this, _| !has(this, "type") || has(this, "service") || has(this, "method"),
    },
    Port {
        expression: r#"(!has(self.type) || self.type == 'Exact') && has(self.service) ? self.service.matches(r"""^(?i)\.?[a-z_][a-z_0-9]*(\.[a-z_][a-z_0-9]*)*$"""): true"#,
        holds: |this, _| exact(this, "service", is_service),
    },
    Port {
        expression: r#"(!has(self.type) || self.type == 'Exact') && has(self.method) ? self.method.matches(r"""^[A-Za-z_][A-Za-z_0-9]*$"""): true"#,
        holds: |this, _| exact(this, "method", is_identifier),
    },
];

/// `(self.type in ['Exact','PathPrefix']) ? test(self.value) : true`.
fn literal(this: &Node<'_>, test: fn(&str) -> bool) -> bool {
    match is_among(this, "type", &["Exact", "PathPrefix"]) {
        Some(true) => text(this, "value").is_some_and(test),
        Some(false) => true,
        None => false,
    }
}

/// `(!has(self.type) || self.type == 'Exact') && has(self.field) ? test(self.field) : true`.
fn exact(this: &Node<'_>, field: &str, test: fn(&str) -> bool) -> bool {
    is(this, "type", "Exact") == Some(false) || text(this, field).is_none_or(test)
}

/// `^[A-Za-z_][A-Za-z_0-9]*$`
fn is_identifier(text: &str) -> bool {
    !text.starts_with(|first: char| first.is_ascii_digit())
        && !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// `^(?i)\.?[a-z_][a-z_0-9]*(\.[a-z_][a-z_0-9]*)*$`
///
/// Ignoring case goes by Unicode, where `ſ` (U+017F) is an s and `K` (the Kelvin sign, U+212A) a k.
fn is_service(text: &str) -> bool {
    let is_letter = |c: char| c.is_ascii_alphabetic() || matches!(c, '_' | '\u{17f}' | '\u{212a}');
    text.strip_prefix('.')
        .unwrap_or(text)
        .split('.')
        .all(|part| part.starts_with(is_letter) && part.chars().all(|c| is_letter(c) || c.is_ascii_digit()))
}
