//! JSON written from its start to its end, without a tree: what few fixed shapes need.

/// A text that grows. What is opened is closed by whoever opened it.
#[derive(Debug, Default)]
pub struct Writer(String);

impl Writer {
    /// Starts a list or a map, by its bracket.
    pub fn open(&mut self, bracket: char) {
        self.separate();
        self.0.push(bracket);
    }

    /// Ends one.
    pub fn close(&mut self, bracket: char) {
        self.0.push(bracket);
    }

    /// The key of what is written next.
    pub fn key(&mut self, key: &str) {
        self.text(key);
        self.0.push(':');
    }

    /// A text.
    pub fn text(&mut self, text: &str) {
        self.separate();
        self.0.push('"');
        for character in text.chars() {
            match character {
                '"' => self.0.push_str("\\\""),
                '\\' => self.0.push_str("\\\\"),
                '\n' => self.0.push_str("\\n"),
                '\r' => self.0.push_str("\\r"),
                '\t' => self.0.push_str("\\t"),
                '\u{8}' => self.0.push_str("\\b"),
                '\u{c}' => self.0.push_str("\\f"),
                '\0'..' ' => {
                    self.0.push_str(if character < '\u{10}' { "\\u000" } else { "\\u001" });
                    self.0.extend(char::from_digit(u32::from(character) % 16, 16));
                }
                _ => self.0.push(character),
            }
        }
        self.0.push('"');
    }

    /// A list of texts.
    pub fn texts<T: AsRef<str>>(&mut self, texts: &[T]) {
        self.open('[');
        for text in texts {
            self.text(text.as_ref());
        }
        self.close(']');
    }

    /// A boolean.
    pub fn boolean(&mut self, boolean: bool) {
        self.raw(if boolean { "true" } else { "false" });
    }

    /// An integer.
    pub fn integer(&mut self, integer: i64) {
        self.raw(&integer.to_string());
    }

    /// What is JSON already.
    pub fn raw(&mut self, json: &str) {
        self.separate();
        self.0.push_str(json);
    }

    /// What was written.
    pub fn finish(self) -> String {
        self.0
    }

    fn separate(&mut self) {
        if !matches!(self.0.as_bytes().last(), None | Some(b'{' | b'[' | b':')) {
            self.0.push(',');
        }
    }
}
