//! Values made of small vocabularies, the same ones on every run.

use serde_json::{Map, Value, json};

/// What values there are.
pub enum Any {
    /// One of these texts.
    Text(&'static [&'static str]),
    /// Up to so many of these texts, one after the other.
    Pieces(usize, &'static [&'static str]),
    /// One of these numbers.
    Number(&'static [i64]),
    /// A map with some of these fields. One with `!` after its name is there nearly always.
    Object(&'static [(&'static str, Any)]),
    /// A list of up to so many items.
    List(usize, &'static Any),
    /// A list of as many empty maps as one of these numbers.
    Empties(&'static [usize]),
    /// A map with up to so many keys of these, each with an empty text.
    Keys(usize, &'static Any),
    /// One of these.
    Either(&'static [Any]),
}

/// SplitMix64.
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % limit as u64).expect("below a usize")
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }

    pub fn pieces(&mut self, most: usize, pieces: &[&str]) -> String {
        (0..self.below(most + 1)).map(|_| *self.of(pieces)).collect()
    }

    pub fn value(&mut self, any: &Any) -> Value {
        match any {
            Any::Text(texts) => json!(self.of(texts)),
            Any::Pieces(most, pieces) => json!(self.pieces(*most, pieces)),
            Any::Number(numbers) => json!(self.of(numbers)),
            Any::Object(fields) => {
                let mut map = Map::new();
                for (name, any) in *fields {
                    let (name, absent) = name.strip_suffix('!').map_or((*name, 2), |name| (name, 24));
                    if self.below(absent) != 0 {
                        map.insert(name.to_owned(), self.value(any));
                    }
                }
                Value::Object(map)
            }
            Any::List(most, any) => (0..self.below(most + 1)).map(|_| self.value(any)).collect(),
            Any::Empties(sizes) => json!(vec![json!({}); *self.of(sizes)]),
            Any::Keys(most, any) => {
                let keys = (0..self.below(most + 1)).map(|_| self.value(any));
                keys.map(|key| (key.as_str().expect("a text").to_owned(), json!(""))).collect()
            }
            Any::Either(all) => {
                let any = self.of(all);
                self.value(any)
            }
        }
    }
}
