//! What every dialect of regular expressions says of a text, whether it looks for a part or for the whole.

/// Whether a text meets an expression: yes or no where all dialects agree, none where they may differ.
///
/// Gateway API leaves the dialect to them (v1.6.3, `apis/v1/httproute_types.go`, PathMatchRegularExpression):
/// controllers anchor expressions or do not, and some ignore case. They agree that the plain characters
/// at the start must be there, and that those are met by themselves or with `.*` behind.
pub(super) fn met(expression: &str, text: &str) -> Option<bool> {
    if expression.contains('|') {
        return None;
    }
    let expression = expression.strip_prefix('^').unwrap_or(expression);
    let (plain, rest) = plain_start(expression);
    let rest = rest.strip_suffix('$').unwrap_or(rest);
    let whole = match rest {
        "" => text == plain,
        ".*" => text.starts_with(plain),
        _ => false,
    };
    let lower = |text: &str| text.to_ascii_lowercase();
    if whole {
        Some(true)
    } else if lower(text).contains(&lower(plain)) {
        None
    } else {
        Some(false)
    }
}

/// The characters at the start that stand for themselves, and the rest. What a quantifier may take away is
/// none of them.
fn plain_start(expression: &str) -> (&str, &str) {
    let is_plain = |byte: u8| byte.is_ascii_graphic() && !br"\.+*?()|[]{}^$".contains(&byte);
    let end = expression.bytes().position(|byte| !is_plain(byte)).unwrap_or(expression.len());
    let optional = matches!(expression.as_bytes().get(end), Some(b'*' | b'?' | b'{'));
    expression.split_at(if optional { end.saturating_sub(1) } else { end })
}

#[cfg(test)]
mod tests {
    use super::met;

    #[test]
    fn tells_what_all_dialects_agree_on() {
        for (expression, text, expected) in [
            ("/api/.*", "/api/v1", Some(true)),
            ("^/api/.*$", "/api/", Some(true)),
            ("/api", "/api", Some(true)),
            ("/api", "/api/v1", None),
            ("/api", "/x/api", None),
            ("/api/.*", "/x/api/", None),
            ("/api/.*", "/API/v1", None),
            ("/api/.*", "/cart", Some(false)),
            ("/apis?/.*", "/cart", Some(false)),
            ("/apis?/.*", "/api/v1", None),
            ("/ap{0,1}", "/a", None),
            ("/ab+", "/a", Some(false)),
            ("/api|/cart", "/cart", None),
            ("(?i)/api", "/cart", None),
            (r"\/api", "/cart", None),
            (".*", "", Some(true)),
            ("v[0-9]", "x", Some(false)),
        ] {
            assert_eq!(met(expression, text), expected, "{expression} {text}");
        }
    }
}
