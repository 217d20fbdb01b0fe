//! GatewayClasses and Gateways, apart from their listeners.

use super::eval::{distinct, has, integer, is, items, size, text};
use super::format::dns_subdomain;
use super::{Errs, Port};
use crate::check::api::pattern::{label_key, wildcard_subdomain};
use crate::tree::Node;

pub(super) const PORTS: &[Port] = &[
    // A rule that compares is not evaluated where there is nothing to compare with.
    Port {
        expression: "self == oldSelf",
        holds: |this, old| old.is_none_or(|old| this.as_text() == old.as_text()),
    },
    Port {
        expression: "self.all(a1, a1.type == 'IPAddress' && has(a1.value) ? self.exists_one(a2, a2.type == a1.type && has(a2.value) && a2.value == a1.value) : true )",
        holds: |this, _| addresses_are_unique(this, "IPAddress"),
    },
    Port {
        expression: "self.all(a1, a1.type == 'Hostname'  && has(a1.value) ? self.exists_one(a2, a2.type == a1.type && has(a2.value) && a2.value == a1.value) : true )",
        holds: |this, _| addresses_are_unique(this, "Hostname"),
    },
    Port {
        expression: r#"self.type == 'Hostname' ? (!has(self.value) || self.value.matches(r"""^(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$""")): true"#,
        holds: |this, _| is_no_hostname_or(this, text(this, "value").is_none_or(wildcard_subdomain)),
    },
    Port {
        expression: r#"self.type == 'Hostname' ? self.value.matches(r"""^(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"""): true"#,
        holds: |this, _| is_no_hostname_or(this, text(this, "value").is_some_and(wildcard_subdomain)),
    },
    Port {
        expression: "size(self) == 0 || self == 'Cluster' || (self.matches('^.*/.+$') && !format.dns1123Subdomain().validate(self.split('/')[0]).hasValue() && self.split('/')[0] != 'k8s.io' && !self.split('/')[0].endsWith('.k8s.io'))",
        holds: |this, _| this.as_text().is_some_and(is_routability),
    },
    Port {
        expression: r#"self.all(key, key.matches(r"""^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?([A-Za-z0-9][-A-Za-z0-9_.]{0,61})?[A-Za-z0-9]$"""))"#,
        holds: |this, _| keys(this).all(label_key),
    },
    Port {
        expression: r#"self.all(key, key.split("/")[0].size() < 253)"#,
        holds: |this, _| {
            keys(this).all(|key| key.split('/').next().is_some_and(|part| part.chars().count() < 253))
        },
    },
    Port {
        expression: "self.all(t1, self.exists_one(t2, t1.port == t2.port))",
        holds: |this, _| distinct(items(this).iter().map(|tls| integer(tls, "port"))),
    },
    Port { expression: TERMINATION, holds: terminating_has_certificates },
];

/// Where one of the two is missing, and the other empty or missing, the comparison is an error.
pub(super) const ERRORS: &[Errs] = &[Errs {
    expression: TERMINATION,
    error: |this| match (size(this, "certificateRefs"), size(this, "options")) {
        (None, _) => Some("no such key: certificateRefs"),
        (_, None) => Some("no such key: options"),
        _ => None,
    },
    hint: "list `certificateRefs`, or what the controller has for them under `options`",
}];

const TERMINATION: &str =
    "self.mode == 'Terminate' ? size(self.certificateRefs) > 0 || size(self.options) > 0 : true";

fn keys<'n>(map: &'n Node<'_>) -> impl Iterator<Item = &'n str> {
    map.as_map().into_iter().flatten().map(|entry| entry.key.as_ref())
}

/// Of addresses with a value each must have a type, and those of one type must differ.
fn addresses_are_unique(this: &Node<'_>, word: &str) -> bool {
    let addresses = || items(this).iter().filter(|address| has(address, "value"));
    let of_type = addresses().filter(|address| is(address, "type", word) == Some(true));
    addresses().all(|address| has(address, "type")) && distinct(of_type.map(|address| text(address, "value")))
}

/// `self.type == 'Hostname' ? fits : true`.
fn is_no_hostname_or(this: &Node<'_>, fits: bool) -> bool {
    is(this, "type", "Hostname").is_some_and(|hostname| !hostname || fits)
}

/// Nothing, `Cluster`, or a word under a domain of one's own.
fn is_routability(text: &str) -> bool {
    let is_own = |domain: &str| domain != "k8s.io" && !domain.ends_with(".k8s.io") && dns_subdomain(domain);
    text.is_empty()
        || text == "Cluster"
        || text.split_once('/').is_some_and(|(domain, word)| {
            // `^.*/.+$`, of which no dot stands for a line break.
            is_own(domain) && !word.is_empty() && !word.contains('\n')
        })
}

/// Either will do: where one is missing, which is an error, the other still decides.
fn terminating_has_certificates(this: &Node<'_>, _: Option<&Node<'_>>) -> bool {
    let any = |field| size(this, field).is_some_and(|size| size > 0);
    is(this, "mode", "Terminate")
        .is_some_and(|terminates| !terminates || any("certificateRefs") || any("options"))
}
