//! Names and labels of objects, as an API server takes them.

use super::{shape, text};

/// Whether a text is a DNS label, as namespaces are.
pub fn is_dns_label(text: &str) -> bool {
    (text::DNS_LABEL.check)(text) == shape::Verdict::Fine
}

/// Whether a text may be the name of a Kubernetes object: a DNS subdomain.
pub fn is_object_name(text: &str) -> bool {
    (text::OBJECT_NAME.check)(text) == shape::Verdict::Fine
}

/// Why a text may not be the name of a Kubernetes object, as what completes "`X` …"; nothing where it may.
pub(crate) fn object_name_fault(name: &str) -> Option<String> {
    fault(&text::OBJECT_NAME, name)
}

/// The same of a namespace.
pub(crate) fn namespace_fault(name: &str) -> Option<String> {
    fault(&text::DNS_LABEL, name)
}

fn fault(rule: &shape::Text, text: &str) -> Option<String> {
    match (rule.check)(text) {
        shape::Verdict::Wrong { why, .. } => Some(why),
        shape::Verdict::Fine | shape::Verdict::Mapped { .. } => None,
    }
}

/// Whether a text may be the key of a label: an optional DNS subdomain and `/`, then a short name.
pub fn is_qualified_name(text: &str) -> bool {
    (text::QUALIFIED_NAME.check)(text) == shape::Verdict::Fine
}

/// Whether a text may be the value of a label.
pub fn is_label_value(text: &str) -> bool {
    (text::LABEL_VALUE.check)(text) == shape::Verdict::Fine
}
