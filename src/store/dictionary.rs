//! The distinct values of one column, numbered. Shared by all segments of a shard; only grows.

use crate::base::bytes::same;
use crate::model::value::Scalar;
use foldhash::fast::FixedState;
use hashbrown::HashTable;
use std::hash::{BuildHasher, Hasher};
use std::ops::Range;
use std::str::Utf8Error;

/// Number of a value in a [`Dictionary`].
pub type DictCode = u32;

/// Values that every dictionary has, with fixed codes.
const FIXED: [Scalar<'static>; 5] =
    [Scalar::Null, Scalar::Bool(false), Scalar::Bool(true), Scalar::Object, Scalar::Array];

#[derive(Clone, Copy)]
enum Entry {
    Int(i64),
    Float(f64),
    /// Natively a column may have more than 4 GiB of texts.
    Str {
        start: usize,
        len: u32,
    },
}

/// Distinct values of one column.
pub struct Dictionary {
    entries: Vec<Entry>,
    /// Each text followed by a quote: as it goes on in JSON, if it needs no escapes.
    arena: String,
    /// Codes by the hash of their value, each with a part of that hash: so that hardly any value is looked at that is
    /// not the wanted one, and none when the table grows.
    table: HashTable<(u32, DictCode)>,
    hash: FixedState,
}

impl Dictionary {
    /// Code of `null`.
    pub const NULL: DictCode = 0;
    /// Code of `false`.
    pub const FALSE: DictCode = 1;
    /// Code of `true`.
    pub const TRUE: DictCode = 2;
    /// Code of any object.
    pub const OBJECT: DictCode = 3;
    /// Code of any array.
    pub const ARRAY: DictCode = 4;

    /// A dictionary with only the fixed values. `seed` keys the hash of attacker-chosen text.
    pub fn new(seed: u64) -> Self {
        Self { entries: Vec::new(), arena: String::new(), table: HashTable::new(), hash: FixedState::with_seed(seed) }
    }

    /// Number of codes, fixed ones included.
    pub fn len(&self) -> usize {
        FIXED.len() + self.entries.len()
    }

    /// Never: the fixed values are always there.
    pub fn is_empty(&self) -> bool {
        false
    }

    /// The value of a code.
    #[inline]
    pub fn value(&self, code: DictCode) -> Scalar<'_> {
        let code = code as usize;
        if code < FIXED.len() {
            return FIXED[code];
        }
        match self.entries[code - FIXED.len()] {
            Entry::Int(number) => Scalar::Int(number),
            Entry::Float(number) => Scalar::Float(number),
            Entry::Str { start, len } => Scalar::Str(&self.arena[start..start + len as usize]),
        }
    }

    /// Where the text of a code stands, closing quote included; `None` for values that are not strings.
    pub fn quoted(&self, code: DictCode) -> Option<Range<usize>> {
        match self.entries.get((code as usize).checked_sub(FIXED.len())?)? {
            Entry::Str { start, len } => Some(*start..start + *len as usize + 1),
            _ => None,
        }
    }

    /// The bytes at a place that [`quoted`](Self::quoted) gave.
    #[inline]
    pub fn bytes(&self, place: &Range<usize>) -> Option<&[u8]> {
        self.arena.as_bytes().get(place.clone())
    }

    /// The code of `value` if it has occurred.
    pub fn find(&self, value: Scalar<'_>) -> Option<DictCode> {
        fixed_code(value).or_else(|| self.look_up(self.hash_of(value), value))
    }

    #[inline]
    fn look_up(&self, hash: u32, value: Scalar<'_>) -> Option<DictCode> {
        let found = self.table.find(spread(hash), |&(known, code)| known == hash && self.is(code, value));
        found.map(|&(_, code)| code)
    }

    /// Whether `value`, which is none of the fixed ones, is what `code` stands for.
    #[inline]
    fn is(&self, code: DictCode, value: Scalar<'_>) -> bool {
        match (self.value(code), value) {
            (Scalar::Str(known), Scalar::Str(text)) => same(known.as_bytes(), text.as_bytes()),
            (known, value) => known == value,
        }
    }

    /// The code of a text, adding it when new. Whether it is UTF-8 need not be looked at if it equals a known one.
    #[inline]
    pub fn intern_text(&mut self, text: &[u8]) -> Result<DictCode, Utf8Error> {
        let hash = self.hash_of_text(text);
        let is_text = |code| matches!(self.value(code), Scalar::Str(known) if same(known.as_bytes(), text));
        match self.table.find(spread(hash), |&(known, code)| known == hash && is_text(code)) {
            Some(&(_, code)) => Ok(code),
            None => Ok(self.add(hash, Scalar::Str(str::from_utf8(text)?))),
        }
    }

    /// The code of `value`, adding it when new.
    #[inline]
    pub fn intern(&mut self, value: Scalar<'_>) -> DictCode {
        if let Some(code) = fixed_code(value) {
            return code;
        }
        let hash = self.hash_of(value);
        match self.look_up(hash, value) {
            Some(code) => code,
            None => self.add(hash, value),
        }
    }

    fn add(&mut self, hash: u32, value: Scalar<'_>) -> DictCode {
        let code = self.len() as DictCode;
        let entry = match value {
            Scalar::Int(number) => Entry::Int(number),
            Scalar::Float(number) => Entry::Float(number),
            Scalar::Str(text) => {
                let start = self.arena.len();
                self.arena.push_str(text);
                self.arena.push('"');
                Entry::Str { start, len: text.len() as u32 }
            }
            _ => return Self::NULL,
        };
        self.entries.push(entry);
        self.table.insert_unique(spread(hash), (hash, code), |&(hash, _)| spread(hash));
        code
    }

    /// Forgets all codes from `len` on. The caller makes sure that nothing refers to them.
    pub fn truncate(&mut self, len: usize) {
        let keep = len.max(FIXED.len());
        if keep >= self.len() {
            return;
        }
        if let Some(start) = self.entries[keep - FIXED.len()..]
            .iter()
            .find_map(|e| if let Entry::Str { start, .. } = e { Some(*start) } else { None })
        {
            self.arena.truncate(start);
            self.arena.shrink_to_fit();
        }
        self.entries.truncate(keep - FIXED.len());
        self.entries.shrink_to_fit();
        self.table.retain(|(_, code)| (*code as usize) < keep);
        self.table.shrink_to_fit(|&(hash, _)| spread(hash));
    }

    /// Heap bytes held.
    pub fn heap_bytes(&self) -> usize {
        self.entries.capacity() * size_of::<Entry>() + self.arena.capacity() + self.table.capacity() * 10
    }

    #[inline]
    fn hash_of(&self, value: Scalar<'_>) -> u32 {
        let hash = match value {
            Scalar::Str(text) => return self.hash_of_text(text.as_bytes()),
            Scalar::Int(number) => self.hash.hash_one(number),
            Scalar::Float(number) => self.hash.hash_one(number.to_bits()),
            _ => 0,
        };
        (hash >> 32) as u32
    }

    #[inline]
    fn hash_of_text(&self, text: &[u8]) -> u32 {
        let mut hasher = self.hash.build_hasher();
        hasher.write(text);
        (hasher.finish() >> 32) as u32
    }
}

/// A hash in which the table finds both its place and the bits that it compares.
#[inline]
fn spread(hash: u32) -> u64 {
    u64::from(hash) << 32 | u64::from(hash)
}

#[inline]
fn fixed_code(value: Scalar<'_>) -> Option<DictCode> {
    Some(match value {
        Scalar::Null => 0,
        Scalar::Bool(false) => 1,
        Scalar::Bool(true) => 2,
        Scalar::Object => 3,
        Scalar::Array => 4,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_keep_their_codes() {
        let mut dictionary = Dictionary::new(7);
        let values =
            [Scalar::Str("a"), Scalar::Int(1), Scalar::Float(1.0), Scalar::Str("1"), Scalar::Null, Scalar::Array];
        let codes: Vec<_> = values.iter().map(|v| dictionary.intern(*v)).collect();
        for (value, code) in values.iter().zip(&codes) {
            assert_eq!(dictionary.value(*code), *value);
            assert_eq!(dictionary.find(*value), Some(*code));
            assert_eq!(dictionary.intern(*value), *code);
        }
        assert_eq!(dictionary.find(Scalar::Str("b")), None);
    }

    #[test]
    fn truncation_forgets_only_the_tail() {
        let mut dictionary = Dictionary::new(7);
        for i in 0..1000 {
            dictionary.intern(Scalar::Str(&format!("v{i}")));
        }
        let keep = dictionary.find(Scalar::Str("v500")).unwrap();
        dictionary.truncate(keep as usize);
        assert_eq!(dictionary.find(Scalar::Str("v500")), None);
        assert!(dictionary.find(Scalar::Str("v499")).is_some());
        assert_eq!(dictionary.intern(Scalar::Str("new")), keep);
    }
}
