//! The formats `ipv4` and `ipv6` of texts.
//!
//! Source: `k8s.io/kube-openapi`, `pkg/validation/strfmt/default.go`, `IsIPv4` and `IsIPv6`; `k8s.io/utils`,
//! `internal/third_party/forked/golang/net/ip.go`, `ParseIP`.

use core::net::{IpAddr, Ipv6Addr};

/// Whether a text is of the format `ipv4`: an address with a dot, of which each number may have zeros before it.
/// `::ffff:1.2.3.4` is one too.
pub fn is_ipv4(text: &str) -> bool {
    text.contains('.') && without_zeros(text).parse::<IpAddr>().is_ok()
}

/// Whether a text is of the format `ipv6`, without a zone.
pub fn is_ipv6(text: &str) -> bool {
    text.parse::<Ipv6Addr>().is_ok()
}

/// The text without the zeros before its numbers.
fn without_zeros(text: &str) -> String {
    let mut shorter = String::with_capacity(text.len());
    for part in text.split_inclusive(['.', ':']) {
        let number = part.trim_end_matches(['.', ':']);
        let significant = number.trim_start_matches('0');
        if significant.is_empty() && !number.is_empty() {
            shorter.push('0');
        }
        shorter.push_str(&part[number.len() - significant.len()..]);
    }
    shorter
}

#[cfg(test)]
mod tests {
    use super::{is_ipv4, is_ipv6};

    #[test]
    fn reads_addresses_as_the_api_server_does() {
        for text in [
            "1.2.3.4",
            "1.2.3.04",
            "001.2.3.4",
            "0.0.0.000000",
            "::ffff:1.2.3.4",
            "::ffff:01.2.3.4",
            "1:2:3:4:5:6:1.2.3.04",
        ] {
            assert!(is_ipv4(text), "{text}");
        }
        for text in [
            "",
            ".",
            "1.2.3",
            "1.2.3.",
            "1..3.4",
            "1.2.3.4.5",
            "1.2.3.0256",
            "+1.2.3.4",
            "1.2.3.4/8",
            "::1",
            "::ffff:1.2.3",
        ] {
            assert!(!is_ipv4(text), "{text}");
        }
        assert!(is_ipv6("::1") && is_ipv6("0001::") && is_ipv6("::ffff:1.2.3.4"));
        assert!(
            !is_ipv6("::ffff:1.2.3.04")
                && !is_ipv6("00001::")
                && !is_ipv6("1::1%eth0")
                && !is_ipv6("1.2.3.4")
        );
    }
}
