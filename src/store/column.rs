//! One sealed column chunk: the entries of one path in one segment.

use super::{Codes, Dictionary, Plain, Rows};
use crate::model::value::Scalar;

/// Entries of one path, in row order.
#[derive(Debug)]
pub struct Column {
    /// Row of each entry.
    pub rows: Rows,
    /// Value of each entry.
    pub values: Values,
    /// Interned array position of each entry; only for paths inside arrays.
    pub positions: Option<Codes>,
}

/// Values of the entries.
#[derive(Debug)]
pub enum Values {
    /// Codes into the shard's dictionary of this path.
    Codes(Codes),
    /// The strings themselves.
    Plain {
        /// One text per entry.
        plain: Plain,
        /// Entries that are not strings, or a few strings of another form, with their dictionary code; ascending.
        exceptions: Vec<(u32, u32)>,
    },
}

impl Column {
    /// Number of entries.
    pub fn len(&self) -> usize {
        match &self.values {
            Values::Codes(codes) => codes.len(),
            Values::Plain { plain, .. } => plain.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Calls `read` with the value of an entry.
    #[inline]
    pub fn with<R>(&self, entry: usize, dictionary: &Dictionary, read: impl FnOnce(Scalar<'_>) -> R) -> R {
        match &self.values {
            Values::Codes(codes) => read(dictionary.value(codes.get(entry))),
            Values::Plain { plain, exceptions } => match exceptions.binary_search_by_key(&(entry as u32), |e| e.0) {
                Ok(found) => read(dictionary.value(exceptions[found].1)),
                Err(_) => plain.with(entry, |text| read(Scalar::Str(text))),
            },
        }
    }

    /// The dictionary code of an entry; `None` when its value is a string of its own.
    #[inline]
    pub fn code(&self, entry: usize) -> Option<u32> {
        match &self.values {
            Values::Codes(codes) => Some(codes.get(entry)),
            Values::Plain { exceptions, .. } => {
                exceptions.binary_search_by_key(&(entry as u32), |e| e.0).ok().map(|found| exceptions[found].1)
            }
        }
    }

    /// Interned array position of an entry.
    #[inline]
    pub fn position(&self, entry: usize) -> u32 {
        self.positions.as_ref().map_or(super::PathTree::NO_POSITION, |positions| positions.get(entry))
    }

    /// Heap bytes held.
    pub fn heap_bytes(&self) -> usize {
        let values = match &self.values {
            Values::Codes(codes) => codes.heap_bytes(),
            Values::Plain { plain, exceptions } => plain.heap_bytes() + exceptions.capacity() * 8,
        };
        values + self.rows.heap_bytes() + self.positions.as_ref().map_or(0, Codes::heap_bytes)
    }
}
