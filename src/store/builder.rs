//! Builds one column chunk, entry by entry, and seals it.

use super::dictionary::DictCode;
use super::guess::Guesses;
use super::plain::Form;
use super::{Codes, Column, Dictionary, PathTree, Plain, Rows, Values};
use crate::model::value::Scalar;
use std::str::Utf8Error;

/// From this many codes on, a dictionary is given up when most entries bring a new value.
const LARGE_DICTIONARY: usize = 8_192;
/// From this many new values on, it is given up when nearly all entries bring one.
const DISTINCT: usize = 1_024;
/// So many strings of another form, and a quarter of all, a plain column gives a code before it gives its form up.
const FEW: usize = 64;

/// The unsealed entries of one path.
#[derive(Default)]
pub struct ColumnBuilder {
    /// Row of each entry; empty as long as entry `i` is row `i`, as in most columns.
    rows: Vec<u16>,
    entries: Entries,
    positions: Vec<u32>,
    /// Size of the dictionary when the chunk was begun: sealed chunks need no codes beyond.
    dictionary_start: usize,
    guesses: Guesses,
}

/// Values of the entries.
enum Entries {
    Codes(Vec<DictCode>),
    /// Values are mostly distinct.
    Plain {
        plain: Plain,
        /// Entries that are not strings, or a few strings of another form; ascending.
        exceptions: Vec<(u32, DictCode)>,
    },
}

impl Default for Entries {
    fn default() -> Self {
        Self::Codes(Vec::new())
    }
}

impl Entries {
    fn len(&self) -> usize {
        match self {
            Self::Codes(codes) => codes.len(),
            Self::Plain { plain, .. } => plain.len(),
        }
    }
}

impl ColumnBuilder {
    /// A column whose values are known to be mostly distinct, and of what form.
    pub fn plain(form: Form) -> Self {
        let entries = Entries::Plain { plain: Plain::new(form), exceptions: Vec::new() };
        Self { entries, ..Self::default() }
    }

    /// Adds an entry. Rows must not descend.
    pub fn push(&mut self, row: u16, position: u32, value: Scalar<'_>, dictionary: &mut Dictionary) {
        match (&mut self.entries, value) {
            (Entries::Plain { plain, exceptions }, Scalar::Str(text))
                if plain.fits(text) || exceptions.len() > FEW + plain.len() / 4 =>
            {
                plain.push(text);
                self.place(row, position);
            }
            (Entries::Codes(_), Scalar::Str(_)) => {
                let known = dictionary.len();
                let code = dictionary.intern(value);
                self.push_code(row, position, code);
                if dictionary.len() != known {
                    self.question(dictionary);
                }
            }
            _ => self.push_code(row, position, dictionary.intern(value)),
        }
    }

    /// Adds an entry whose code is known; in a plain column a value that is not a string of its form.
    #[inline]
    pub fn push_code(&mut self, row: u16, position: u32, code: DictCode) {
        match &mut self.entries {
            Entries::Codes(codes) => codes.push(code),
            Entries::Plain { plain, exceptions } => {
                exceptions.push((plain.len() as u32, code));
                plain.push_filler();
            }
        }
        self.place(row, position);
    }

    /// Adds the string whose inside `text` begins with, if the column guesses it right from the `context`: the
    /// values before it in the record. Gives its length with the closing quote, and its code.
    #[inline]
    pub fn push_guess(
        &mut self,
        row: u16,
        position: u32,
        context: u32,
        text: &[u8],
        dictionary: &Dictionary,
    ) -> Option<(usize, DictCode)> {
        let Entries::Codes(codes) = &mut self.entries else { return None };
        let (len, code) = self.guesses.check(context, text, dictionary)?;
        codes.push(code);
        self.place(row, position);
        Some((len, code))
    }

    /// Adds the string whose inside `text` begins with, if the column is one of UUIDs or of times and so knows its
    /// length without looking for its end. Gives the length with the closing quote, and the seconds of a time.
    #[inline]
    pub fn push_fixed(&mut self, row: u16, position: u32, text: &[u8]) -> Option<(usize, Option<u32>)> {
        let Entries::Plain { plain, .. } = &mut self.entries else { return None };
        let added = plain.push_fixed(text)?;
        self.place(row, position);
        Some(added)
    }

    /// Adds a string that stands in the text as it is, without escapes, and lets the column learn from it. Gives
    /// its code, if the column has codes. Adds nothing if it is not UTF-8.
    pub fn push_learning(
        &mut self,
        row: u16,
        position: u32,
        context: u32,
        text: &[u8],
        dictionary: &mut Dictionary,
    ) -> Result<Option<DictCode>, Utf8Error> {
        if let Entries::Plain { .. } = self.entries {
            self.push(row, position, Scalar::Str(str::from_utf8(text)?), dictionary);
            return Ok(None);
        }
        let known = dictionary.len();
        let code = dictionary.intern_text(text)?;
        self.push_code(row, position, code);
        self.guesses.learn(context, code, dictionary);
        if dictionary.len() != known {
            self.question(dictionary);
        }
        Ok(Some(code))
    }

    #[inline(always)]
    fn place(&mut self, row: u16, position: u32) {
        let before = self.entries.len() - 1;
        if !self.rows.is_empty() {
            self.rows.push(row);
        } else if before != usize::from(row) {
            self.rows.extend((0..before).map(|row| row as u16));
            self.rows.push(row);
        }
        if position != PathTree::NO_POSITION {
            self.positions.push(position);
        }
    }

    /// Takes the last entry back.
    pub fn pop(&mut self) {
        match &mut self.entries {
            Entries::Codes(codes) => drop(codes.pop()),
            Entries::Plain { plain, exceptions } => {
                plain.pop();
                exceptions.pop_if(|(entry, _)| *entry as usize == plain.len());
            }
        }
        self.rows.pop();
        self.positions.pop();
    }

    /// Turns to plain values if the dictionary has become large and most entries still bring new values.
    fn question(&mut self, dictionary: &mut Dictionary) {
        let Entries::Codes(codes) = &self.entries else { return };
        let added = dictionary.len().saturating_sub(self.dictionary_start);
        let nearly_all_new = added >= DISTINCT && added * 8 > codes.len() * 7;
        if !nearly_all_new && (dictionary.len() <= LARGE_DICTIONARY || added * 2 <= codes.len()) {
            return;
        }
        let (mut plain, mut others) = (Plain::default(), Vec::new());
        for (entry, &code) in codes.iter().enumerate() {
            match dictionary.value(code) {
                Scalar::Str(text) => plain.push(text),
                other => {
                    others.push((entry as u32, other.without_text()));
                    plain.push_filler();
                }
            }
        }
        dictionary.truncate(self.dictionary_start);
        // What is not text keeps a code, but the dictionary has forgotten those that came with this chunk.
        let exceptions = others.into_iter().map(|(entry, value)| (entry, dictionary.intern(value))).collect();
        self.entries = Entries::Plain { plain, exceptions };
        self.guesses = Guesses::default();
    }

    /// Closes the chunk for a segment of `len` rows; `None` when it has no entry.
    pub fn seal(&mut self, dictionary: &Dictionary, len: usize) -> Option<Column> {
        self.dictionary_start = dictionary.len();
        let entries = self.entries.len();
        if entries == 0 {
            return None;
        }
        let rows = Rows::pack(std::mem::take(&mut self.rows), entries, len);
        let positions = (!self.positions.is_empty()).then(|| Codes::pack(&self.positions));
        self.positions.clear();
        let values = match &mut self.entries {
            Entries::Codes(codes) => {
                let packed = Codes::pack(codes);
                codes.clear();
                Values::Codes(packed)
            }
            Entries::Plain { plain, exceptions } => {
                let next = Plain::new(plain.form());
                let mut plain = std::mem::replace(plain, next);
                plain.shrink();
                Values::Plain { plain, exceptions: std::mem::take(exceptions) }
            }
        };
        Some(Column { rows, values, positions })
    }

    /// Heap bytes held.
    pub fn heap_bytes(&self) -> usize {
        let entries = match &self.entries {
            Entries::Codes(codes) => codes.capacity() * 4,
            Entries::Plain { plain, exceptions } => plain.heap_bytes() + exceptions.capacity() * 8,
        };
        self.rows.capacity() * 2 + entries + self.positions.capacity() * 4 + self.guesses.heap_bytes()
    }
}
