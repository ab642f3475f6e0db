//! Builds one column chunk, entry by entry, and seals it.

use super::dictionary::DictCode;
use super::{Codes, Column, Dictionary, PathTree, Plain, Rows, Values};
use crate::model::value::Scalar;

/// A dictionary larger than this is questioned when a segment is sealed.
const LARGE_DICTIONARY: usize = 8_192;

/// The unsealed entries of one path.
#[derive(Default)]
pub struct ColumnBuilder {
    rows: Vec<u16>,
    codes: Vec<DictCode>,
    positions: Vec<u32>,
    /// Values are mostly distinct: new strings go here, not into the dictionary.
    plain: Option<Plain>,
    high_cardinality: bool,
    dictionary_start: usize,
}

/// Code of an entry whose text is in `plain`.
const IN_PLAIN: DictCode = DictCode::MAX;

impl ColumnBuilder {
    /// Adds an entry. Rows must not descend.
    #[inline]
    pub fn push(&mut self, row: u16, position: u32, value: Scalar<'_>, dictionary: &mut Dictionary) {
        self.rows.push(row);
        if position != PathTree::NO_POSITION {
            self.positions.push(position);
        }
        if self.high_cardinality {
            self.push_plain(value, dictionary);
        } else {
            self.codes.push(dictionary.intern(value));
        }
    }

    fn push_plain(&mut self, value: Scalar<'_>, dictionary: &mut Dictionary) {
        if let Scalar::Str(text) = value {
            self.plain.get_or_insert_with(|| Plain::for_value(text)).push(text);
            self.codes.push(IN_PLAIN);
        } else {
            self.plain.get_or_insert_with(|| Plain::for_value("")).push("");
            self.codes.push(dictionary.intern(value));
        }
    }

    /// Takes the last entry back.
    pub fn pop(&mut self) {
        self.rows.pop();
        self.codes.pop();
        self.positions.pop();
        if let Some(plain) = &mut self.plain {
            plain.pop();
        }
    }

    /// Closes the chunk for a segment of `len` rows; `None` when it has no entry.
    pub fn seal(&mut self, dictionary: &mut Dictionary, len: usize) -> Option<Column> {
        let added = dictionary.len().saturating_sub(self.dictionary_start.max(1));
        let mostly_new = dictionary.len() > LARGE_DICTIONARY && added * 2 > self.codes.len();
        let mut column = (!self.rows.is_empty()).then(|| {
            let rows = Rows::pack(std::mem::take(&mut self.rows), len);
            let positions = (!self.positions.is_empty()).then(|| Codes::pack(&self.positions));
            let values = if self.high_cardinality || mostly_new {
                self.seal_plain(dictionary)
            } else {
                Values::Codes(Codes::pack(&self.codes))
            };
            Column { rows, values, positions }
        });
        if mostly_new && !self.high_cardinality {
            self.high_cardinality = true;
            // Numbers keep a code, but the dictionary forgets those that came with this chunk.
            let exceptions = match column.as_mut().map(|column| &mut column.values) {
                Some(Values::Plain { exceptions, .. }) => exceptions.as_mut_slice(),
                _ => &mut [],
            };
            let numbers: Vec<Scalar<'static>> =
                exceptions.iter().map(|(_, code)| dictionary.value(*code).without_text()).collect();
            dictionary.truncate(self.dictionary_start);
            for ((_, code), number) in exceptions.iter_mut().zip(numbers) {
                *code = dictionary.intern(number);
            }
        }
        self.dictionary_start = dictionary.len();
        self.codes.clear();
        self.positions.clear();
        self.plain = None;
        column
    }

    fn seal_plain(&mut self, dictionary: &Dictionary) -> Values {
        let mut exceptions = Vec::new();
        let mut plain = match self.plain.take() {
            Some(plain) => {
                exceptions.extend(
                    self.codes
                        .iter()
                        .enumerate()
                        .filter(|(_, code)| **code != IN_PLAIN)
                        .map(|(i, code)| (i as u32, *code)),
                );
                plain
            }
            None => {
                let first = self.codes.first().and_then(|&code| dictionary.value(code).text());
                let mut plain = Plain::for_value(first.as_deref().unwrap_or(""));
                for (i, &code) in self.codes.iter().enumerate() {
                    if let Scalar::Str(text) = dictionary.value(code) {
                        plain.push(text);
                    } else {
                        plain.push("");
                        exceptions.push((i as u32, code));
                    }
                }
                plain
            }
        };
        plain.shrink();
        Values::Plain { plain, exceptions }
    }

    /// Heap bytes held.
    pub fn heap_bytes(&self) -> usize {
        self.rows.capacity() * 2
            + self.codes.capacity() * 4
            + self.positions.capacity() * 4
            + self.plain.as_ref().map_or(0, Plain::heap_bytes)
    }
}
