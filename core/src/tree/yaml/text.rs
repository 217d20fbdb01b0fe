//! Lines, keys and numbers as text.

use super::number::integral;
use super::quote;

/// Keys of this many bytes or more are written as `? key`, newline, `: value`: readers look for the
/// colon of a simple key within 1024 characters only, and an escape may take ten.
///
/// Source: YAML 1.2.2 section 7.4.2; goyaml.v2 `scannerc.go`, `yaml_simple_key_is_valid`.
const SIMPLE_KEY_MAX: usize = 120;

/// Starts a new line and goes to a column.
pub(super) fn new_line(out: &mut String, column: usize) {
    const LINE: &str = "\n                                                                ";
    if let Some(line) = LINE.get(..=column) {
        out.push_str(line);
    } else {
        out.push('\n');
        out.extend(std::iter::repeat_n(' ', column));
    }
}

/// Writes a key and its colon.
pub(super) fn write_key(key: &str, column: usize, out: &mut String) {
    if key.len() < SIMPLE_KEY_MAX {
        write_text(key, out);
    } else {
        out.push_str("? ");
        write_text(key, out);
        new_line(out, column);
    }
    out.push(':');
}

/// Writes the name of a field or variant and its colon. Names are a program's own, and most of the
/// keys that are written: nobody has to look whether they are plain.
pub(super) fn write_name(name: &'static str, out: &mut String) {
    debug_assert!(quote::is_plain(name), "`{name}` is no plain text");
    out.push_str(name);
    out.push(':');
}

/// Writes a text, quoted where it needs to be.
fn write_text(text: &str, out: &mut String) {
    if quote::is_plain(text) {
        out.push_str(text);
    } else {
        quote::quoted(text, out);
    }
}

/// Writes the digits of an integer, without the machinery of `fmt`.
pub(super) fn write_digits(integer: u64, out: &mut String) {
    if integer >= 10 {
        write_digits(integer / 10, out);
    }
    out.push(char::from(b'0' + (integer % 10) as u8));
}

/// Writes a float: as an integer where it is one, otherwise as JSON has it, with a dot and a signed
/// exponent, without which YAML 1.1 knows no float: `1e31` is a string there, and `1.0e+31` is none.
///
/// Source: YAML 1.1, https://yaml.org/type/float.html, which PyYAML goes by.
pub(super) fn write_float(float: f64, out: &mut String) {
    if let Some(integer) = integral(float) {
        if integer < 0 {
            out.push('-');
        }
        write_digits(integer.unsigned_abs(), out);
        return;
    }
    // serde_json writes a number for every finite float, and null for the others.
    let json = serde_json::to_string(&float).unwrap_or_default();
    let Some((mantissa, exponent)) = json.split_once('e') else {
        out.push_str(&json);
        return;
    };
    out.push_str(mantissa);
    if !mantissa.contains('.') {
        out.push_str(".0");
    }
    out.push_str(if exponent.starts_with(['+', '-']) { "e" } else { "e+" });
    out.push_str(exponent);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_are_floats_to_every_reader() {
        for (float, expected) in [
            (1e31, "1.0e+31"),
            (-1.5e31, "-1.5e+31"),
            (1e-7, "1.0e-7"),
            (0.25, "0.25"),
            (3.0, "3"),
            (f64::NAN, "null"),
        ] {
            let mut out = String::new();
            write_float(float, &mut out);
            assert_eq!(out, expected);
        }
    }
}
