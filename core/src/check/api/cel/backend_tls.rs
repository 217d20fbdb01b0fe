//! Validation of backends' certificates: BackendTLSPolicy, and TLS of XBackend.

use super::Port;
use super::eval::{Verdict, and, has, is, says, size};
use crate::tree::Node;

pub(super) const PORTS: &[Port] = &[
    Port {
        expression: r#"!(has(self.caCertificateRefs) && size(self.caCertificateRefs) > 0 && has(self.wellKnownCACertificates) && self.wellKnownCACertificates != "")"#,
        holds: |this, _| !(has_certificates(this) && says(this, WELL_KNOWN)),
    },
    Port {
        expression: r#"(has(self.caCertificateRefs) && size(self.caCertificateRefs) > 0 || has(self.wellKnownCACertificates) && self.wellKnownCACertificates != "")"#,
        holds: |this, _| has_certificates(this) || says(this, WELL_KNOWN),
    },
    Port {
        expression: "(has(self.caCertificateRefs)?1:0)+(has(self.wellKnownCACertificates)?1:0) == 1",
        holds: |this, _| has(this, "caCertificateRefs") != has(this, WELL_KNOWN),
    },
    Port {
        expression: r#"!(self.type == "Hostname" && (!has(self.hostname) || self.hostname == ""))"#,
        holds: |this, _| and(is(this, "type", "Hostname"), Some(!says(this, "hostname"))) == Some(false),
    },
    Port {
        expression: r#"!(self.type != "Hostname" && has(self.hostname) && self.hostname != "")"#,
        holds: |this, _| and(is_not(this, "Hostname"), Some(says(this, "hostname"))) == Some(false),
    },
    Port {
        expression: r#"!(self.type == "URI" && (!has(self.uri) || self.uri == ""))"#,
        holds: |this, _| and(is(this, "type", "URI"), Some(!says(this, "uri"))) == Some(false),
    },
    Port {
        expression: r#"!(self.type != "URI" && has(self.uri) && self.uri != "")"#,
        holds: |this, _| and(is_not(this, "URI"), Some(says(this, "uri"))) == Some(false),
    },
];

const WELL_KNOWN: &str = "wellKnownCACertificates";

fn has_certificates(this: &Node<'_>) -> bool {
    size(this, "caCertificateRefs").is_some_and(|size| size > 0)
}

/// `self.type != 'word'`.
fn is_not(this: &Node<'_>, word: &str) -> Verdict {
    is(this, "type", word).map(|is| !is)
}
