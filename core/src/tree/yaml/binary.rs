//! `!!binary`: standard base64 with padding, as Go's `encoding/base64` decodes it.

/// The bytes as text, one U+FFFD for each byte that is not UTF-8; nothing if it is not base64.
pub(super) fn decode(text: &str) -> Option<String> {
    let digits: Vec<u8> = text.bytes().filter(|byte| !matches!(byte, b'\r' | b'\n')).collect();
    let (groups, rest) = digits.as_chunks::<4>();
    if !rest.is_empty() {
        return None;
    }
    let mut bytes = Vec::with_capacity(groups.len() * 3);
    for (index, group) in groups.iter().enumerate() {
        let last = index + 1 == groups.len();
        let padding = match group {
            [_, _, b'=', b'='] if last => 2,
            [_, _, _, b'='] if last => 1,
            _ => 0,
        };
        let mut bits = 0_u32;
        for (place, &digit) in group.iter().enumerate() {
            bits = bits << 6 | if place + padding < 4 { sextet(digit)? } else { 0 };
        }
        let [_, decoded @ ..] = bits.to_be_bytes();
        bytes.extend(decoded.iter().take(3 - padding));
    }
    let mut decoded = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        decoded.push_str(chunk.valid());
        decoded.extend(chunk.invalid().iter().map(|_| char::REPLACEMENT_CHARACTER));
    }
    Some(decoded)
}

fn sextet(digit: u8) -> Option<u32> {
    Some(u32::from(match digit {
        b'A'..=b'Z' => digit - b'A',
        b'a'..=b'z' => digit - b'a' + 26,
        b'0'..=b'9' => digit - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    }))
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn decodes_with_padding_and_line_ends() {
        assert_eq!(decode("aGVsbG8="), Some("hello".to_owned()));
        assert_eq!(decode("aGVs\nbG8h"), Some("hello!".to_owned()));
        assert_eq!(decode("YQ=="), Some("a".to_owned()));
        assert_eq!(decode("/4I="), Some("\u{fffd}\u{fffd}".to_owned()));
        assert_eq!(decode(""), Some(String::new()));
    }

    #[test]
    fn refuses_what_is_not_base64() {
        for text in ["a", "YQ=", "YQ", "Y===", "YQ==YQ==", "aGVs bG8h", "?GVs"] {
            assert_eq!(decode(text), None, "{text}");
        }
    }
}
