//! XBackend.

use super::Port;
use super::eval::{has, is};
use super::format::qualified_name;
use super::union::{exactly, only, unless};
use crate::tree::Node;

pub(super) const PORTS: &[Port] = &[
    Port {
        expression: "self.type == 'ExternalHostname' ? has(self.externalHostname) : !has(self.externalHostname)",
        holds: |this, _| exactly(this, "type", "ExternalHostname", "externalHostname"),
    },
    Port {
        expression: "self.type == 'EndpointSelector' ? has(self.endpointSelector) : !has(self.endpointSelector)",
        holds: |this, _| exactly(this, "type", "EndpointSelector", "endpointSelector"),
    },
    Port {
        expression: "has(self.sessionPersistence) ? self.type == 'EndpointSelector' : true",
        holds: |this, _| only(this, "type", "EndpointSelector", "sessionPersistence"),
    },
    Port {
        expression: "!has(self.protocol) || self.protocol != 'H2C' || !has(self.tls) || self.tls.mode == 'None'",
        holds: |this, _| !speaks(this, "H2C") || !has(this, "tls") || is_plain(this) == Some(true),
    },
    Port {
        expression: "!has(self.protocol) || self.protocol != 'HTTP2' || (has(self.tls) && self.tls.mode != 'None')",
        holds: |this, _| !speaks(this, "HTTP2") || is_plain(this) == Some(false),
    },
    Port {
        expression: "!has(self.protocol) || self.protocol != 'WSS' || (has(self.tls) && self.tls.mode != 'None')",
        holds: |this, _| !speaks(this, "WSS") || is_plain(this) == Some(false),
    },
    Port {
        expression: "self.mode == 'ClientAndServer' ? has(self.clientCertificateRef) : !has(self.clientCertificateRef)",
        holds: |this, _| exactly(this, "mode", "ClientAndServer", "clientCertificateRef"),
    },
    Port {
        expression: "self.mode == 'None' ? !has(self.validation) : has(self.validation)",
        holds: |this, _| unless(this, "mode", "None", "validation"),
    },
    Port {
        expression: "self.all(key, !format.qualifiedName().validate(key).hasValue())",
        holds: |this, _| this.as_map().into_iter().flatten().all(|entry| qualified_name(&entry.key)),
    },
    // The rule compares an optional with null, which it never equals: it refuses valid labels too.
    Port {
        expression: "size(self) == 0 || format.dns1123Label().validate(self) == null",
        holds: |this, _| this.as_text() == Some(""),
    },
];

/// `has(self.protocol) && self.protocol == 'word'`.
fn speaks(this: &Node<'_>, word: &str) -> bool {
    is(this, "protocol", word) == Some(true)
}

/// `self.tls.mode == 'None'`.
fn is_plain(this: &Node<'_>) -> Option<bool> {
    is(this.get("tls")?, "mode", "None")
}
