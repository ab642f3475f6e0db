//! Guesses which string comes next in a column, from the values that stood before it in the record.
//!
//! Log records repeat themselves: after one user's ARN comes the same access key as last time, after one source
//! the same few names. A column remembers, for each *context* (a number made of the codes before), the string
//! that followed last time. A right guess costs one comparison with the text; the string is neither delimited
//! nor hashed.
//!
//! Only strings that stand in the text as they are may be learnt: one that needed an escape could be mistaken for
//! text that ends earlier.

use super::Dictionary;
use super::dictionary::DictCode;
use std::ops::Range;

/// Contexts a column tells apart; a power of two. More would find no more, and be read from a slower cache.
const SLOTS: usize = 8;
/// Strings a column has to see before it gets slots: most paths of odd records occur once.
const PATIENCE: u32 = 16;

/// The guesses of one column.
#[derive(Default)]
pub struct Guesses {
    slots: Option<Box<[Guess; SLOTS]>>,
    seen: u32,
}

/// What followed a context last time.
#[derive(Clone, Default)]
struct Guess {
    code: DictCode,
    /// Where its text stands in the dictionary, closing quote included; empty before anything was learnt.
    place: Range<usize>,
}

impl Guesses {
    /// If `text`, the inside of a string and what follows it, begins with the guess: its length with the closing
    /// quote, and its code.
    #[inline]
    pub fn check(&self, context: u32, text: &[u8], dictionary: &Dictionary) -> Option<(usize, DictCode)> {
        let guess = &self.slots.as_ref()?[slot(context)];
        let expected = dictionary.bytes(&guess.place).filter(|expected| !expected.is_empty())?;
        crate::base::bytes::begins(text, expected).then_some((expected.len(), guess.code))
    }

    /// Remembers what followed the context.
    pub fn learn(&mut self, context: u32, code: DictCode, dictionary: &Dictionary) {
        self.seen = self.seen.saturating_add(1);
        if self.seen < PATIENCE {
            return;
        }
        if let Some(place) = dictionary.quoted(code) {
            self.slots.get_or_insert_default()[slot(context)] = Guess { code, place };
        }
    }

    /// Heap bytes held.
    pub fn heap_bytes(&self) -> usize {
        self.slots.as_ref().map_or(0, size_of_val)
    }
}

fn slot(context: u32) -> usize {
    context as usize % SLOTS
}
