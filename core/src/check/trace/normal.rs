//! A path as proxies see it that normalise before they compare.

/// The path without `.` and `..` elements and repeated slashes, and with what needs no percent-encoding
/// decoded.
///
/// Source: RFC 3986 6.2.2 (case, percent-encoding, dot segments); that slashes are merged is custom.
pub(super) fn normalised(path: &str) -> String {
    let decoded = decoded(path);
    let mut elements: Vec<&str> = Vec::new();
    let mut ends_open = false;
    for element in decoded.split('/') {
        // A path that ends in one of these ends in a slash.
        ends_open = matches!(element, "" | "." | "..");
        match element {
            "" | "." => {}
            ".." => {
                elements.pop();
            }
            other => elements.push(other),
        }
    }
    let end = if ends_open && !elements.is_empty() { "/" } else { "" };
    format!("/{}{end}", elements.join("/"))
}

/// Whether a path holds an encoded slash or backslash, which some proxies decode and others refuse.
pub(super) fn hides_a_slash(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    lower.contains("%2f") || lower.contains("%5c")
}

/// Letters, digits and `-._~` decoded, other encodings in upper case; what is none is left as it is.
fn decoded(path: &str) -> String {
    let mut decoded = String::with_capacity(path.len());
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('%') {
        decoded.push_str(before);
        let digits = after.get(..2).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let byte = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match byte {
            Some(byte) if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => {
                decoded.push(char::from(byte));
            }
            _ => {
                decoded.push('%');
                decoded.push_str(&digits.unwrap_or_default().to_ascii_uppercase());
            }
        }
        rest = digits.and_then(|digits| after.get(digits.len()..)).unwrap_or(after);
    }
    decoded + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_normalised() {
        for (path, expected) in [
            ("/", "/"),
            ("/a/b", "/a/b"),
            ("/a/", "/a/"),
            ("//a//b", "/a/b"),
            ("/a/./b", "/a/b"),
            ("/a/../b", "/b"),
            ("/a/..", "/"),
            ("/a/b/..", "/a/"),
            ("/../a", "/a"),
            ("/%61%2e%7E", "/a.~"),
            ("/a%2fb%c3", "/a%2Fb%C3"),
            ("/%2e%2e/a", "/a"),
            ("/%zz%4", "/%zz%4"),
        ] {
            assert_eq!(normalised(path), expected, "{path}");
        }
    }
}
