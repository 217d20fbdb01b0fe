//! Texts that look like YAML: scalars in every position, random structures, and mutations of both;
//! and values full of strings that look like anything else.
//!
//! Two tests use it: the unit tests of the fast reader ask the parser about the texts, and
//! `tests/tests/e2e_helm_yaml.rs` asks Go.
#![allow(clippy::format_push_string, reason = "written to be read")]

use serde_json::{Map, Value};

/// A small generator of numbers (xorshift64*), so that a seed gives the same texts everywhere.
pub struct Dice(u64);

impl Dice {
    /// Any seed is good, 0 too.
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        usize::try_from(high).unwrap_or(0) % sides.max(1)
    }

    fn pick<'t, T: ?Sized>(&mut self, choices: &[&'t T]) -> &'t T {
        choices[self.roll(choices.len())]
    }

    fn one_in(&mut self, sides: usize) -> bool {
        self.roll(sides) == 0
    }
}

/// `count` texts: a quarter each of scalars, structures, mutated scalars and mutated structures.
pub fn texts(seed: u64, count: usize) -> Vec<String> {
    let mut dice = Dice::new(seed);
    let text = |dice: &mut Dice, number: usize| {
        let text = one_text(dice, number);
        if dice.one_in(6) { text.trim_end_matches(['\r', '\n']).to_owned() } else { text }
    };
    (0..count).map(|number| text(&mut dice, number)).collect()
}

fn one_text(dice: &mut Dice, number: usize) -> String {
    match number % 4 {
        0 => placed_scalar(dice),
        1 => document(dice),
        2 => {
            let text = placed_scalar(dice);
            mutated(dice, &text)
        }
        _ => {
            let text = document(dice);
            mutated(dice, &text)
        }
    }
}

/// `count` values, for a writer to write.
pub fn values(seed: u64, count: usize) -> Vec<Value> {
    let mut dice = Dice::new(seed);
    (0..count).map(|_| tree(&mut dice, 0)).collect()
}

fn tree(dice: &mut Dice, depth: usize) -> Value {
    match dice.roll(if depth < 4 { 9 } else { 6 }) {
        0 => match dice.roll(5) {
            0 => Value::Null,
            1 => Value::from(dice.one_in(2)),
            2 => Value::from(dice.roll(100_000)),
            3 => Value::from(i64::MIN),
            _ => Value::from(0.1 * f64::from(u32::try_from(dice.roll(1_000)).unwrap_or(0))),
        },
        1..=5 => Value::from(string(dice)),
        6 => (0..dice.roll(4)).map(|_| tree(dice, depth + 1)).collect(),
        _ => (0..dice.roll(4)).map(|_| (string(dice), tree(dice, depth + 1))).collect::<Map<_, _>>().into(),
    }
}

fn string(dice: &mut Dice) -> String {
    match dice.roll(8) {
        0 => format!("{}\n{}", scalar(dice), scalar(dice)),
        1 => format!("{}\n  {}\n", scalar(dice), scalar(dice)),
        2 => "key ".repeat(20 + dice.roll(20)),
        3 => (0..dice.roll(6)).map(|_| dice.pick(FRAGMENTS)).collect(),
        4 => dice
            .pick(&[
                "\u{2028}", "\u{85}", "\u{feff}", "\u{fffe}", "\u{0}", "\u{7f}", "a\u{a0}", "\r", "a\r\nb",
                "\n\n",
            ])
            .to_owned(),
        _ => scalar(dice),
    }
}

const WORDS: &[&str] = &[
    "",
    "~",
    "y",
    "Y",
    "n",
    "yes",
    "No",
    "ON",
    "off",
    "tRUE",
    "True",
    "FALSE",
    "null",
    "Null",
    "NULL",
    "nUll",
    ".inf",
    "-.Inf",
    "+.INF",
    ".nan",
    ".NaN",
    ".NAN",
    "0",
    "-0",
    "+0",
    "00",
    "0644",
    "089",
    "0o17",
    "0O17",
    "0x1F",
    "0X1f",
    "0b101",
    "0B1",
    "-0b11",
    "0b+1",
    "0b-1",
    "1_000",
    "_1",
    "1__0",
    "+_1",
    "12",
    "-12",
    "+12",
    "--1",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "-9223372036854775809",
    "18446744073709551615",
    "18446744073709551616",
    "+18446744073709551615",
    "123456789012345678901234567890",
    "0xFFFFFFFFFFFFFFFF",
    "0x1FFFFFFFFFFFFFFFF",
    "1.0",
    "1.",
    ".5",
    "-.5",
    "+.5",
    ".",
    "..",
    "...",
    "1e3",
    "1E+3",
    "1e-3",
    "1e",
    "1e+",
    "1.5e3",
    "6.02e+23",
    "1e400",
    "-1e400",
    "1e-400",
    ".1e400",
    "1.2.3",
    ".5_0",
    "1_0.5_0",
    "1e1_0",
    "1e6",
    "1000000.0",
    "123456.5",
    "16777217.5",
    "1e39",
    "0.1",
    "2001-12-14",
    "2001-1-1",
    "2001-12-14t21:59:43.10-05:00",
    "2001-12-14 21:59:43",
    "2001-12-14T21:59:43Z",
    "12:30:45",
    "190:20:30",
    "22:22",
    "=",
    "<<",
    "-",
    "--",
    "---",
    "?",
    ":",
    "a",
    "a b",
    "a: b",
    "a:b",
    "a #b",
    "a#b",
    "#a",
    "http://x:80/",
    "*",
    "*a",
    "&a",
    "&a b",
    "!a",
    "! 1",
    "!",
    "!!",
    "%a",
    "@a",
    "`a",
    "|",
    ">",
    "[",
    "]",
    "{",
    "}",
    ",",
    "a,b",
    "[a]",
    "{a}",
    "{a: 1}",
    "[a, b]",
    "é",
    "日本",
    "😀",
    "\u{a0}",
    "a\u{a0}b",
    "'",
    "\"",
    "''",
    "\"\"",
    "'a'",
    "\"a\"",
    "'a''b'",
    "\"a\\nb\"",
    "\"\\x41\\u00e9\\U0001F600\"",
    "\"\\/\"",
    "\"\\ud83d\\ude00\"",
    "\"\\'\"",
    "\"\\e\\0\\a\\b\\v\\f\\N\\_\\L\\P\\ \\t\"",
    "\"\\q\"",
    "'a",
    "\"a",
    "a'b",
    "a\"b",
    "\\",
    "a\\b",
    "x: y: z",
    "- a",
    "? a",
    "a ",
    " a",
    "\ta",
    "a\t",
    "a\tb",
    "true false",
    "1 2",
    "!!str 1",
    "!!int 1",
    "!!int a",
    "!!int \"5\"",
    "!!float 1",
    "!!float 0x1F",
    "!!bool yes",
    "!!bool 1",
    "!!null ~",
    "!!null a",
    "!!null",
    "!!str",
    "!!int",
    "!!binary aGVsbG8=",
    "!!binary a",
    "!!binary /4I=",
    "!!timestamp 2001-12-14",
    "!!timestamp a",
    "!!map {a: 1}",
    "!!seq [a]",
    "!!str {a: 1}",
    "!foo bar",
    "!foo 12",
    "!foo {x: 1}",
    "!<tag:yaml.org,2002:int> 3",
    "!<!foo> 3",
    "!e!x 1",
    "! \"12\"",
    "!!merge <<",
    "!!omap a",
];

const NUMERIC: &[&str] = &[
    "0", "1", "2", "7", "8", "9", "00", "10", "_", ".", "-", "+", "e", "E", "x", "X", "o", "O", "b", "B",
    "a", "f", "F", ":", "1e3", "0x", "0b", "0o", "inf", "nan",
];

fn scalar(dice: &mut Dice) -> String {
    match dice.roll(5) {
        0 => (0..=dice.roll(6)).map(|_| dice.pick(NUMERIC)).collect(),
        1 => format!("{}{}", dice.pick(WORDS), dice.pick(WORDS)),
        _ => dice.pick(WORDS).to_owned(),
    }
}

const POSITIONS: &[&str] = &[
    "@",
    "a: @\n",
    "- @\n",
    "@: b\n",
    "a:\n  @\n",
    "a:\n  b: @\n  c: @\n",
    "[@]",
    "[@, @]\n",
    "{a: @}",
    "{@: 1}",
    "{@}",
    "- - @\n  - @\n",
    "a: {b: [@], c: @}\n",
    "- a: @\n  @: b\n",
    "? @\n: @\n",
    "a: @ # c\n",
    "a: \"@\"\n",
    "a: '@'\n",
    "a: |\n  @\n",
    "a: >-\n  @\n  @\n",
    "a: @\n@: b\n",
    "@\n---\n@\n",
    "--- @\n...\n",
    "a: &x @\nb: *x\n",
    "&x @: *x\n",
    "b: &x {a: @}\nc:\n  <<: *x\n  @: 1\n",
    "a: [\n  @,\n  @\n]\n",
    "a:\n- @\n- @\n",
    "a: @\r\nb: @\r\n",
    "# @\na: 1\n",
    "a: 1 #@\n",
    "a:@\n",
    "-@\n",
];

/// A scalar, or several, in one of the places where scalars stand.
fn placed_scalar(dice: &mut Dice) -> String {
    let mut text = String::new();
    for part in dice.pick(POSITIONS).split_inclusive('@') {
        match part.strip_suffix('@') {
            Some(before) => {
                text.push_str(before);
                text.push_str(&scalar(dice));
            }
            None => text.push_str(part),
        }
    }
    text
}

/// One document or a few, in a random mixture of styles.
fn document(dice: &mut Dice) -> String {
    let mut text = String::new();
    if dice.one_in(20) {
        text.push_str(dice.pick(&[
            "%YAML 1.1\n---\n",
            "%YAML 1.2\n---\n",
            "\u{feff}",
            "---\n",
            "--- # c\n",
            "\n\n",
            "# c\n",
        ]));
    }
    let mut anchors = 0;
    block(dice, &mut text, 0, 0, &mut anchors);
    if dice.one_in(10) {
        text.push_str(dice.pick(&["---\nb: 1\n", "...\n", "---\n", "# end\n", "...\n---\nx\n"]));
    }
    if dice.one_in(12) {
        text = text.replace('\n', "\r\n");
    }
    text
}

fn block(dice: &mut Dice, text: &mut String, indent: usize, depth: usize, anchors: &mut usize) {
    let is_map = !dice.one_in(3);
    let pad = " ".repeat(indent);
    for number in 0..=dice.roll(4) {
        if dice.one_in(12) {
            text.push_str(dice.pick(&["\n", "# c\n", "   # c\n", "  \n", "\t\n"]));
        }
        text.push_str(&pad);
        if is_map {
            match dice.roll(12) {
                0 => text.push_str("<<:"),
                1 => text.push_str(&format!("{}:", scalar(dice))),
                2 => text.push_str(&format!("\"k {number}\":")),
                3 => text.push_str(&format!("? k{number}\n{pad}:")),
                _ => text.push_str(&format!("k{number}:")),
            }
        } else {
            text.push('-');
        }
        if dice.one_in(8) {
            *anchors += 1;
            text.push_str(&format!(" &a{}", *anchors % 3));
        }
        if dice.one_in(20) {
            text.push_str(&format!(" {}", dice.pick(&["!!str", "!foo", "!!map", "!!int", "!"])));
        }
        value(dice, text, indent, depth, is_map, anchors);
    }
}

fn value(dice: &mut Dice, text: &mut String, indent: usize, depth: usize, in_map: bool, anchors: &mut usize) {
    match dice.roll(if depth < 3 { 12 } else { 8 }) {
        0 | 1 => text.push_str(&format!(" {}\n", scalar(dice))),
        2 => {
            text.push_str(&format!(" {}\n", dice.pick(&["text", "two words", "12", "\"q\"", "'s'", "true"])));
        }
        3 => {
            text.push(' ');
            flow(dice, text, 0);
            text.push_str(if dice.one_in(6) { " # c\n" } else { "\n" });
        }
        4 => text.push_str(&format!(" *a{}\n", dice.roll(3))),
        5 => {
            let inner = " ".repeat(indent + 1 + dice.roll(3));
            text.push_str(&format!(
                " {}\n",
                dice.pick(&["|", ">", "|-", ">-", "|+", ">+", "|2", "| # c", ">\t"])
            ));
            for _ in 0..dice.roll(4) {
                text.push_str(&format!(
                    "{inner}{}\n",
                    dice.pick(&["line", " more", "", "a: b", "- x", "# no", "\ttab", "end "])
                ));
            }
        }
        6 => {
            let inner = " ".repeat(indent + 1 + dice.roll(3));
            text.push_str(&format!(
                " {}\n{inner}{}\n",
                dice.pick(&["plain", "\"dq", "'sq", "a b"]),
                dice.pick(&["more", "end\"", "end'", "b: c", "# c", "- d"])
            ));
        }
        7 => text.push('\n'),
        _ => {
            let deeper = if in_map && dice.one_in(4) { 0 } else { 2 };
            if in_map || dice.one_in(3) {
                text.push('\n');
                block(dice, text, indent + deeper, depth + 1, anchors);
            } else {
                let mut inner = String::new();
                block(dice, &mut inner, indent + 2, depth + 1, anchors);
                text.push(' ');
                text.push_str(inner.trim_start_matches(' '));
            }
        }
    }
}

fn flow(dice: &mut Dice, text: &mut String, depth: usize) {
    let is_map = dice.one_in(2);
    text.push(if is_map { '{' } else { '[' });
    for number in 0..dice.roll(4) {
        if number > 0 {
            text.push_str(dice.pick(&[", ", ",", " , ", ",\n    "]));
        }
        if is_map {
            text.push_str(&match dice.roll(5) {
                0 => format!("\"f{number}\":"),
                1 => format!("{}: ", scalar(dice)),
                _ => format!("f{number}: "),
            });
        }
        if depth < 2 && dice.one_in(3) {
            flow(dice, text, depth + 1);
        } else {
            text.push_str(&if dice.one_in(3) { scalar(dice) } else { "v".to_owned() });
        }
    }
    if dice.one_in(10) {
        text.push_str(dice.pick(&[",", " ", "\n", "# c\n"]));
    }
    text.push(if is_map { '}' } else { ']' });
}

const FRAGMENTS: &[&str] = &[
    " ", "  ", "\t", "\n", "\r", "\r\n", ":", ": ", "-", "- ", "?", "? ", ",", "[", "]", "{", "}", "#", " #",
    "&a ", "*a", "*a0", "!", "!!str ", "|", ">", "'", "\"", "%", "@", "`", "<<: ", "\\", "---\n", "...\n",
    "a", "1", "0", ".", "_", "é", "\u{2028}", "\u{85}", "\u{feff}", "\u{7}", "\u{7f}", "\u{0}", "~", "=",
    "\n\n", "\n  ", "\n- ", "x: ",
];

/// The text with one to three characters or lines put in, taken out or exchanged.
fn mutated(dice: &mut Dice, text: &str) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    for _ in 0..=dice.roll(3) {
        let at = dice.roll(characters.len() + 1);
        match dice.roll(4) {
            0 => {
                characters.splice(at..at, dice.pick(FRAGMENTS).chars());
            }
            1 if at < characters.len() => {
                characters.remove(at);
            }
            2 if at < characters.len() => {
                characters.splice(at..=at, dice.pick(FRAGMENTS).chars());
            }
            _ => {
                let end = (at + 1 + dice.roll(5)).min(characters.len());
                let copy: Vec<char> = characters[at.min(end)..end].to_vec();
                let to = dice.roll(characters.len() + 1);
                characters.splice(to..to, copy);
            }
        }
    }
    characters.into_iter().collect()
}
