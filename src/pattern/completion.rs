//! What could be typed at a place of a text. The languages find the place and the kind; whoever has the data fills in
//! paths and values.

use super::{path, text};
use crate::filter::predicate::{Field, number};
use std::ops::Range;

/// A place where something can be completed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// Bytes that the chosen text replaces.
    pub replace: Range<usize>,
    /// What belongs there.
    pub kind: CompletionKind,
    /// How a choice is spelled there.
    pub language: Language,
}

/// What belongs at the place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CompletionKind {
    /// A field path that begins like this (without `$.`).
    Path(String),
    /// A value of the field at `path`.
    Value {
        /// The field's path text.
        path: String,
        /// What has been typed of the value, without quotes and escapes.
        prefix: String,
    },
    /// One of these words or operators.
    Keyword(Vec<&'static str>),
}

/// Whose spelling a choice takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// CloudWatch JSON patterns: `$.path`, values in quotes.
    CloudWatch,
    /// The search bar: bare paths, values bare where possible.
    Search,
}

impl Completion {
    /// The text to put in place of [`Completion::replace`] for a chosen path, value or keyword.
    pub fn insert(&self, choice: &str) -> String {
        match (&self.kind, self.language) {
            (CompletionKind::Keyword(_), _) => choice.to_owned(),
            (CompletionKind::Path(_), Language::CloudWatch) => match path::parse(choice) {
                Ok(Field::Path(selector)) => selector.to_string(),
                _ => choice.to_owned(),
            },
            (CompletionKind::Path(_), Language::Search) => format!("{choice}:"),
            (CompletionKind::Value { .. }, Language::CloudWatch) if number(choice).is_some() => choice.to_owned(),
            (CompletionKind::Value { .. }, Language::CloudWatch) => text::quote(choice),
            (CompletionKind::Value { .. }, Language::Search) => super::search::print_literal(choice),
        }
    }
}
