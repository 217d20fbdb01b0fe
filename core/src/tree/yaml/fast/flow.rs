//! `[]` and `{}` on one line.

use super::Odd;
use super::lines::{Line, Lines};
use super::token::{self, Context, Kind};
use crate::tree::yaml::builder::Builder;

/// Reads a collection that starts at `at`; the answer is the offset behind it.
///
/// Recursion is bounded by the builder, which refuses to go deeper than the limits allow.
pub(super) fn read<'a>(
    lines: &Lines<'a>,
    line: &Line<'a>,
    at: usize,
    builder: &mut Builder<'a, '_>,
) -> Result<usize, Odd> {
    if !lines.counts_fast(line) {
        return Err(Odd);
    }
    let is_map = line.byte(at) == Some(b'{');
    let close = if is_map { b'}' } else { b']' };
    builder.start(is_map, true, 0, lines.position(line, at))?;
    let mut at = line.skip_blanks(at + 1);
    if line.byte(at) == Some(close) {
        builder.end()?;
        return Ok(at + 1);
    }
    loop {
        if is_map {
            let key = token::token(line, at, Context::Flow)?;
            if !key.is_key || key.kind != Kind::Scalar {
                return Err(Odd);
            }
            let colon = key.end;
            token::place(key, lines.position(line, at), builder)?;
            at = line.skip_blanks(colon + 1);
        }
        let item = token::token(line, at, Context::Flow)?;
        if item.is_key {
            return Err(Odd);
        }
        let end = if item.kind == Kind::Flow {
            read(lines, line, at, builder)?
        } else {
            let end = item.end;
            token::place(item, lines.position(line, at), builder)?;
            end
        };
        at = line.skip_blanks(end);
        match line.byte(at) {
            Some(b',') => at = line.skip_blanks(at + 1),
            Some(byte) if byte == close => {
                builder.end()?;
                return Ok(at + 1);
            }
            _ => return Err(Odd),
        }
    }
}
