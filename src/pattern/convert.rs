//! Metric filters and searches as event patterns, and back, and searches as metric filters, as far as the languages allow.
//!
//! What one language says and the other cannot is told, one note for each construct. Law, held by
//! `tests/conversion.rs` and `tests/search_conversion_laws.rs`: without a note both find the same events.

mod from_search;
mod to_cloudwatch;
mod to_event;

use super::{cloudwatch, eventbridge, search};

/// A pattern in the other language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Converted {
    /// Its text.
    pub text: String,
    /// What it says otherwise than the original, one sentence each.
    pub lost: Vec<String>,
}

/// A metric filter's pattern as an event pattern. The error is one sentence.
pub fn event_pattern_of_filter(pattern: &str) -> Result<Converted, String> {
    let pattern = cloudwatch::parse(pattern).map_err(|error| error.message)?;
    to_event::of_filter(&pattern)
}

/// A search as an event pattern. The error is one sentence.
pub fn event_pattern_of_search(text: &str) -> Result<Converted, String> {
    let query = search::parse(text).map_err(|error| error.message)?;
    to_event::of_search(&query)
}

/// A search as the pattern of a metric filter. The error is one or more sentences.
pub fn filter_of_search(text: &str) -> Result<Converted, String> {
    let query = search::parse(text).map_err(|error| error.message)?;
    from_search::of_search(text, &query)
}

/// An event pattern as the pattern of a metric filter. The error is one sentence.
pub fn filter_of_event_pattern(text: &str) -> Result<Converted, String> {
    let pattern = eventbridge::parse(text).map_err(|error| error.message)?;
    to_cloudwatch::of_event_pattern(&pattern)
}

/// Notes, each once.
#[derive(Default)]
struct Lost(Vec<String>);

impl Lost {
    fn add(&mut self, note: impl Into<String>) {
        let note = note.into();
        if !self.0.contains(&note) {
            self.0.push(note);
        }
    }
}
