//! Host names of TLSRoutes and external backends.

use super::Port;
use super::eval::items;
use super::format::is_ip;
use crate::check::api::pattern::subdomain;
use crate::tree::Node;

pub(super) const PORTS: &[Port] = &[
    Port { expression: "self.all(h, !isIP(h))", holds: |this, _| each(this, |name| !is_ip(name)) },
    Port {
        expression: r"self.all(h, !h.contains('*') ? h.matches('^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*)$') : true)",
        holds: |this, _| each(this, |name| name.contains('*') || subdomain(name)),
    },
    Port {
        expression: r"self.all(h, h.contains('*') ? (h.startsWith('*.') && h.substring(2).matches('^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*)$')) : true)",
        holds: |this, _| {
            each(this, |name| !name.contains('*') || name.strip_prefix("*.").is_some_and(subdomain))
        },
    },
    Port {
        expression: "!self.endsWith('.cluster.local')",
        holds: |this, _| this.as_text().is_some_and(|name| !name.ends_with(".cluster.local")),
    },
];

/// `self.all(h, test(h))`.
fn each(this: &Node<'_>, test: fn(&str) -> bool) -> bool {
    items(this).iter().all(|name| name.as_text().is_some_and(test))
}
