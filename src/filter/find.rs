//! Finding a piece of text in many values at once.
//!
//! Values that are stored as they come (`store::Plain`) lie back to back, so one search runs over all of them instead
//! of one over each; UUIDs are searched as the numbers they are, times by the few days and seconds of a day that
//! occur. What may be found is then looked at once more where the shortcut says more than the text does.

use super::matching::contains_ignoring_case;
use super::predicate::Scalar;
use crate::base::time::{DAY, SECOND};
use crate::base::{BitSet, EpochMs, bitset};
use crate::store::{Column, Dictionary, Plain, Values};
use std::collections::HashMap;

/// A piece of text, not empty where it is searched quickly.
pub struct Needle {
    text: String,
    /// Ignore case and look at strings only (free text; the needle is lower case), or look at all values as they are.
    free: bool,
}

/// When fewer than one row in so many is wanted, their values are looked at one by one.
const FEW: usize = 16;

/// Seconds in a day.
const DAY_S: u32 = (DAY / SECOND) as u32;

impl Needle {
    /// Text that is to be found as it is, in any value.
    pub fn exact(text: &str) -> Self {
        Self { text: text.into(), free: false }
    }

    /// Lower-case text that is to be found in strings, in whatever case.
    pub fn free(text: &str) -> Self {
        Self { text: text.into(), free: true }
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether case does not matter.
    pub fn is_free(&self) -> bool {
        self.free
    }

    /// Whether a value contains the text.
    pub fn is_in(&self, value: Scalar<'_>) -> bool {
        match value {
            Scalar::Str(value) if self.free => contains_ignoring_case(value, &self.text),
            _ if self.free => false,
            value => value.text().is_some_and(|value| value.contains(&self.text)),
        }
    }

    /// Adds those of the `wanted` rows that have a value with the text in a column without codes.
    pub fn add_rows(&self, column: &Column, dictionary: &Dictionary, wanted: &BitSet, rows: &mut BitSet) {
        let Values::Plain { plain, exceptions } = &column.values else { return };
        if exceptions.is_empty() && !plain.may_contain(&self.text) {
            return;
        }
        if wanted.count() < wanted.len() / FEW {
            column.rows.for_each_in(wanted, |entry, row| {
                if column.with(entry, dictionary, |value| self.is_in(value)) {
                    rows.insert(row);
                }
            });
            return;
        }
        let mut entries = self.entries(plain);
        // Their places in `plain` are filled with an empty text.
        for &(entry, code) in exceptions {
            entries.remove(entry as usize);
            if self.is_in(dictionary.value(code)) {
                entries.insert(entry as usize);
            }
        }
        if !entries.is_none() {
            column.rows.for_each_in(wanted, |entry, row| {
                if entries.contains(entry) {
                    rows.insert(row);
                }
            });
        }
    }

    /// The numbers of the texts that contain the text.
    pub fn entries(&self, plain: &Plain) -> BitSet {
        if self.text.is_empty() {
            return BitSet::full(plain.len());
        }
        if !plain.may_contain(&self.text) {
            return BitSet::new(plain.len());
        }
        match plain {
            Plain::Uuid(uuids) => self.in_uuids(plain, uuids),
            Plain::Time(seconds) => self.in_times(seconds),
            Plain::Text { ends, arena } => self.in_arena(ends, arena),
        }
    }

    fn in_arena(&self, ends: &[usize], arena: &str) -> BitSet {
        let mut found = BitSet::new(ends.len());
        let mut entry = 0;
        each_position(arena.as_bytes(), self.text.as_bytes(), self.free, |at| {
            while ends[entry] <= at {
                entry += 1;
            }
            if at + self.text.len() <= ends[entry] {
                found.insert(entry);
            }
        });
        // Other letters than ASCII's have cases, too, and some of them turn into ASCII's.
        if self.free && !arena.is_ascii() {
            let mut start = 0;
            for (entry, &end) in ends.iter().enumerate() {
                let text = &arena[start..end];
                if !text.is_ascii() && contains_ignoring_case(text, &self.text) {
                    found.insert(entry);
                }
                start = end;
            }
        }
        found
    }

    fn in_uuids(&self, plain: &Plain, uuids: &[[u8; 16]]) -> BitSet {
        let mut found = BitSet::new(uuids.len());
        // UUIDs are stored in lower case.
        if self.text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return found;
        }
        let digits: Vec<u128> =
            self.text.chars().filter_map(|digit| digit.to_digit(16)).map(|digit| NIBBLES * u128::from(digit)).collect();
        found.or_where(uuids, |uuid| has_digits(u128::from_be_bytes(uuid), &digits));
        // A match may lie across a dash that the text lacks, or miss one that it has.
        if self.text.len() > 1 || digits.is_empty() {
            let maybe: Vec<usize> = found.iter().collect();
            for entry in maybe {
                if !plain.with(entry, |text| text.contains(&self.text)) {
                    found.remove(entry);
                }
            }
        }
        found
    }

    /// In texts like `2024-01-31T23:59:59Z`: what the day says and what the time of day says is found out once each.
    fn in_times(&self, seconds: &[u32]) -> BitSet {
        let needle = if self.free { self.text.to_ascii_uppercase() } else { self.text.clone() };
        let text = |second: u32| EpochMs(i64::from(second) * SECOND).to_rfc3339();
        let parts = needle.split_once('T');
        let of_day = |second: u32| match (parts, &text(second)[..10]) {
            (Some((before, _)), day) => day.ends_with(before),
            (None, day) => day.contains(&needle),
        };
        let of_clock = |second: u32| match (parts, &text(second)[11..]) {
            (Some((_, after)), clock) => clock.starts_with(after),
            (None, clock) => clock.contains(&needle),
        };
        let mut days: HashMap<u32, bool> = HashMap::new();
        let mut clocks: Vec<Option<bool>> = vec![None; DAY_S as usize];
        let mut found = BitSet::new(seconds.len());
        for (entry, &second) in seconds.iter().enumerate() {
            let day = *days.entry(second / DAY_S).or_insert_with(|| of_day(second));
            let mut clock = || *clocks[(second % DAY_S) as usize].get_or_insert_with(|| of_clock(second));
            // With a `T` in it the text lies across both.
            if if parts.is_some() { day && clock() } else { day || clock() } {
                found.insert(entry);
            }
        }
        found
    }
}

/// The lowest bit of each hexadecimal digit.
const NIBBLES: u128 = 0x1111_1111_1111_1111_1111_1111_1111_1111;

/// Whether the hexadecimal digits of a number contain these, each given as a number made of nothing else.
fn has_digits(number: u128, digits: &[u128]) -> bool {
    if digits.len() > 32 {
        return false;
    }
    let mut starts = NIBBLES;
    for (at, digit) in digits.iter().enumerate() {
        let differs = number ^ digit;
        let same = !(differs | differs >> 1 | differs >> 2 | differs >> 3) & NIBBLES;
        starts &= same << (4 * at);
        if starts == 0 {
            return false;
        }
    }
    true
}

/// Calls `visit` with each position of `needle`, ascending; overlapping ones count.
///
/// Compares the first and the last byte of 64 positions at a time, then the whole needle where both fit.
fn each_position(text: &[u8], needle: &[u8], ignore_case: bool, mut visit: impl FnMut(usize)) {
    let (Some(&first), Some(&last)) = (needle.first(), needle.last()) else { return };
    let Some(positions) = (text.len() + 1).checked_sub(needle.len()) else { return };
    // Setting this bit turns upper-case letters into lower-case ones; other bytes are compared as they are.
    let case = |byte: u8| if ignore_case && byte.is_ascii_lowercase() { 0x20 } else { 0 };
    let (first_case, last_case) = (case(first), case(last));
    let fits = |at: usize| {
        let found = &text[at..at + needle.len()];
        if ignore_case { found.eq_ignore_ascii_case(needle) } else { found == needle }
    };
    let (firsts, lasts) = (text[..positions].chunks(64), text[needle.len() - 1..].chunks(64));
    for (block, (firsts, lasts)) in firsts.zip(lasts).enumerate() {
        let mut candidates = [0; 64];
        for ((candidate, a), b) in candidates.iter_mut().zip(firsts).zip(lasts) {
            *candidate = u8::from(a | first_case == first) & u8::from(b | last_case == last);
        }
        bitset::for_each_bit(bitset::pack_bytes(&candidates), |bit| {
            let at = block * 64 + bit;
            if fits(at) {
                visit(at);
            }
        });
    }
}
