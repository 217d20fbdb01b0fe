//! CEL's named formats and `isIP`, as Kubernetes' libraries have them.

use core::net::IpAddr;

use crate::check::api::pattern::{name_part, subdomain};
use crate::hostname::{HOSTNAME_MAX, LABEL_MAX};

/// `!format.dns1123Subdomain().validate(text).hasValue()`.
pub(super) fn dns_subdomain(text: &str) -> bool {
    text.len() <= HOSTNAME_MAX && subdomain(text)
}

/// `!format.qualifiedName().validate(text).hasValue()`: what Kubernetes asks of label keys.
pub(super) fn qualified_name(text: &str) -> bool {
    let (prefix, name) = text.split_once('/').map_or((None, text), |(prefix, name)| (Some(prefix), name));
    prefix.is_none_or(dns_subdomain) && name.len() <= LABEL_MAX && name_part(name)
}

/// `isIP(text)`. An IPv4 address as an IPv6 one (`::ffff:1.2.3.4`) is not meant, nor is one with a zone.
pub(super) fn is_ip(text: &str) -> bool {
    match text.parse::<IpAddr>() {
        Ok(IpAddr::V4(_)) => true,
        Ok(IpAddr::V6(address)) => address.to_ipv4_mapped().is_none(),
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of `k8s.io/apiserver` v0.36.2, `pkg/cel/library/ip.go`.
    #[test]
    fn knows_addresses_as_kubernetes_does() {
        for address in
            ["127.0.0.1", "::", "::1", "2001:DB8::1", "1:2:3:4:5:6:7::", "::1.2.3.4", "64:ff9b::1.2.3.4"]
        {
            assert!(is_ip(address), "{address}");
        }
        for other in [
            "",
            "1.2.3",
            "1.2.3.256",
            "01.2.3.4",
            "1.2.3.4.5",
            "1.2.3.4 ",
            ":::1",
            "1::2::3",
            "12345::",
            "fe80::1%eth0",
            "::ffff:1.2.3.4",
            "::FFFF:102:304",
            "1:2:3:4::5:6:7:8",
            "1:2:3:4:5:6:7:8:9",
            "::1.2.3.04",
            "[::1]",
        ] {
            assert!(!is_ip(other), "{other}");
        }
    }
}
