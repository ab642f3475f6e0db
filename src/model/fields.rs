//! What the values of fields are, as far as warnings about a filter pattern depend on it.

use super::partial::Merge;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The member of a record that holds its eventID: the first that is there. Aggregated events spell it in another way.
pub const EVENT_ID: [&str; 2] = ["eventID", "eventId"];

/// Questions that a [`Query::Fields`](super::query::Query::Fields) can have; more are not looked at.
pub const FIELDS_MAX: usize = 64;

/// Fields of which a [`Query::Fields`](super::query::Query::Fields) can ask how many events have them.
pub const AMONG_MAX: usize = 12;

/// Other spellings of a text that are told at most.
pub const SPELLINGS_MAX: usize = 4;

/// One field, and a text that its values are compared with.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct FieldQuestion {
    /// The field.
    pub field: String,
    /// The text as a pattern has it: `*` at its ends is a wildcard. Empty for none.
    pub text: String,
    /// How many of the events that match this filter pattern have the field is wanted, too; an empty one is for all
    /// events. [`AMONG_MAX`] at most.
    pub among: Option<String>,
}

/// What there is of one field.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldPart {
    /// Any value at all, `null`, objects and arrays included.
    pub is_present: bool,
    /// A number.
    pub has_numbers: bool,
    /// A text.
    pub has_texts: bool,
    /// `true` or `false`.
    pub has_booleans: bool,
    /// A value that matches the text.
    pub matches: bool,
    /// What values have in place of the text that match it but for the case of letters; [`SPELLINGS_MAX`] at most.
    pub spellings: BTreeSet<String>,
    /// Events asked about, duplicates left out; 0 unless their number is wanted.
    pub events: u64,
    /// Those of them that have any value at all.
    pub having: u64,
}

impl Merge for FieldPart {
    fn merge(&mut self, other: Self) {
        self.is_present |= other.is_present;
        self.has_numbers |= other.has_numbers;
        self.has_texts |= other.has_texts;
        self.has_booleans |= other.has_booleans;
        self.matches |= other.matches;
        self.events += other.events;
        self.having += other.having;
        self.spellings.extend(other.spellings);
        // The first ones in the order of texts, so that the order of merging makes no difference.
        while self.spellings.len() > SPELLINGS_MAX {
            self.spellings.pop_last();
        }
    }
}

/// What there is of several fields, in the order of the questions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldsPart {
    /// One answer for each question.
    pub fields: Vec<FieldPart>,
}

impl Merge for FieldsPart {
    fn merge(&mut self, other: Self) {
        self.fields.resize_with(self.fields.len().max(other.fields.len()), FieldPart::default);
        self.fields.iter_mut().zip(other.fields).for_each(|(into, other)| into.merge(other));
    }
}
