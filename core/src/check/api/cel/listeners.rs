//! Listeners of Gateways and ListenerSets.

use super::Port;
use super::eval::{distinct, has, integer, is, is_among, items, says, text};
use crate::tree::Node;

pub(super) const PORTS: &[Port] = &[
    Port {
        expression: "self.all(l, l.protocol in ['HTTP', 'TCP', 'UDP'] ? !has(l.tls) : true)",
        holds: |this, _| items(this).iter().all(plain_has_no_tls),
    },
    Port {
        expression: "self.all(l, (l.protocol == 'HTTPS' && has(l.tls)) ? (l.tls.mode == '' || l.tls.mode == 'Terminate') : true)",
        holds: |this, _| items(this).iter().all(https_terminates),
    },
    Port {
        expression: "self.all(l, (l.protocol == 'TLS' ? has(l.tls) && has(l.tls.mode) && l.tls.mode != '' : true))",
        holds: |this, _| items(this).iter().all(tls_has_mode),
    },
    Port {
        expression: "self.all(l, l.protocol in ['TCP', 'UDP']  ? (!has(l.hostname) || l.hostname == '') : true)",
        holds: |this, _| items(this).iter().all(stream_has_no_hostname),
    },
    Port {
        expression: "self.all(l1, self.exists_one(l2, l1.name == l2.name))",
        holds: |this, _| distinct(items(this).iter().map(|listener| text(listener, "name"))),
    },
    Port {
        expression: "self.all(l1, self.exists_one(l2, l1.port == l2.port && l1.protocol == l2.protocol && (has(l1.hostname) && has(l2.hostname) ? l1.hostname == l2.hostname : !has(l1.hostname) && !has(l2.hostname))))",
        holds: |this, _| distinct(items(this).iter().map(address)),
    },
    // Listeners without a port are given one by the controller.
    Port {
        expression: "self.all(l1, !has(l1.port) || self.exists_one(l2, has(l2.port) && l1.port == l2.port && l1.protocol == l2.protocol && (has(l1.hostname) && has(l2.hostname) ? l1.hostname == l2.hostname : !has(l1.hostname) && !has(l2.hostname))))",
        holds: |this, _| distinct(items(this).iter().filter(|listener| has(listener, "port")).map(address)),
    },
    Port {
        expression: "!has(self.filters) || self.protocol in ['HTTP', 'HTTPS']",
        holds: |this, _| {
            !has(this, "filters") || is_among(this, "protocol", &["HTTP", "HTTPS"]) == Some(true)
        },
    },
];

fn plain_has_no_tls(listener: &Node<'_>) -> bool {
    is_among(listener, "protocol", &["HTTP", "TCP", "UDP"])
        .is_some_and(|plain| !plain || !has(listener, "tls"))
}

fn https_terminates(listener: &Node<'_>) -> bool {
    // A missing protocol is absorbed where there is no TLS.
    listener.get("tls").is_none_or(|tls| {
        is(listener, "protocol", "HTTPS")
            .is_some_and(|https| !https || is_among(tls, "mode", &["", "Terminate"]) == Some(true))
    })
}

fn tls_has_mode(listener: &Node<'_>) -> bool {
    is(listener, "protocol", "TLS")
        .is_some_and(|tls| !tls || listener.get("tls").is_some_and(|tls| says(tls, "mode")))
}

fn stream_has_no_hostname(listener: &Node<'_>) -> bool {
    is_among(listener, "protocol", &["TCP", "UDP"])
        .is_some_and(|stream| !stream || !says(listener, "hostname"))
}

/// What no two listeners may have in common. No hostname is another than an empty one.
fn address<'n>(listener: &'n Node<'_>) -> Option<(i64, &'n str, Option<&'n str>)> {
    Some((integer(listener, "port")?, text(listener, "protocol")?, text(listener, "hostname")))
}
