//! Session persistence.

use super::Port;
use super::eval::{has, is};
use super::union::{given, only};
use crate::tree::Node;

pub(super) const PORTS: &[Port] = &[
    Port {
        expression: "self.type != 'Cookie' || has(self.cookie)",
        holds: |this, _| given(this, "type", "Cookie", "cookie"),
    },
    Port {
        expression: "!has(self.cookie) || self.type == 'Cookie'",
        holds: |this, _| only(this, "type", "Cookie", "cookie"),
    },
    Port {
        expression: "self.type != 'Header' || has(self.header)",
        holds: |this, _| given(this, "type", "Header", "header"),
    },
    Port {
        expression: "!has(self.header) || self.type == 'Header'",
        holds: |this, _| only(this, "type", "Header", "header"),
    },
    // Until Gateway API 1.6 the cookie was `cookieConfig`.
    Port {
        expression: "!has(self.cookieConfig) || self.type == 'Cookie'",
        holds: |this, _| only(this, "type", "Cookie", "cookieConfig"),
    },
    Port {
        expression: "!has(self.cookie) || !has(self.cookie.lifetimeType) || self.cookie.lifetimeType != 'Permanent' || has(self.absoluteTimeout)",
        holds: |this, _| permanent_ends(this, "cookie"),
    },
    Port {
        expression: "!has(self.cookieConfig) || !has(self.cookieConfig.lifetimeType) || self.cookieConfig.lifetimeType != 'Permanent' || has(self.absoluteTimeout)",
        holds: |this, _| permanent_ends(this, "cookieConfig"),
    },
];

/// A permanent cookie needs an absolute timeout.
fn permanent_ends(this: &Node<'_>, field: &str) -> bool {
    let permanent =
        this.get(field).is_some_and(|cookie| is(cookie, "lifetimeType", "Permanent") == Some(true));
    !permanent || has(this, "absoluteTimeout")
}
