//! What could be typed at a place of a text. The languages find the place and the kind; whoever has the data fills in
//! paths and values.

use super::{path, text};
use crate::filter::predicate::{Field, LeafView, Step, number};
use crate::model::value::Scalar;
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
    /// A field of an event pattern, inside so many objects of the record.
    EventField(usize),
    /// A value in an event pattern; values of the record are shown as the envelope has them.
    EventValue(LeafView),
    /// An operator of an event pattern.
    EventOperator,
}

impl Completion {
    /// The text to put in place of [`Completion::replace`] for a chosen path, value or keyword.
    pub fn insert(&self, choice: &str) -> String {
        match (&self.kind, self.language) {
            (CompletionKind::Keyword(_), Language::EventField(_)) if choice == "detail" => "\"detail\": {}".into(),
            (CompletionKind::Keyword(_), Language::EventField(_)) => format!("\"{choice}\": [\"\"]"),
            (CompletionKind::Keyword(_), Language::EventOperator) => event_operator(choice),
            (CompletionKind::Path(_), Language::EventField(depth)) => event_field(choice, depth),
            (_, Language::EventValue(view)) => match view.see(Scalar::Str(choice)).scalar().text() {
                Some(text) => json_text(&text),
                None => json_text(choice),
            },
            (CompletionKind::Keyword(_), _) => choice.to_owned(),
            (CompletionKind::Path(_), Language::CloudWatch) => match path::parse(choice) {
                Ok(Field::Path(selector)) => selector.to_string(),
                _ => choice.to_owned(),
            },
            (CompletionKind::Value { .. }, Language::CloudWatch) if number(choice).is_some() => choice.to_owned(),
            (CompletionKind::Value { .. }, Language::CloudWatch) => text::quote(choice),
            (CompletionKind::Path(_) | CompletionKind::Value { .. }, _) if self.language != Language::Search => {
                json_text(choice)
            }
            (CompletionKind::Path(_), _) => format!("{choice}:"),
            (CompletionKind::Value { .. }, _) => super::search::print_literal(choice),
        }
    }
}

/// A field of the record as nested objects, without the names that are written already. Arrays leave no trace.
fn event_field(choice: &str, depth: usize) -> String {
    let Ok(Field::Path(selector)) = path::parse(choice) else { return json_text(choice) };
    let names: Vec<String> = selector
        .steps
        .iter()
        .filter_map(|step| if let Step::Key(name) = step { Some(json_text(name)) } else { None })
        .collect();
    let names = names.get(depth..).unwrap_or_default();
    let mut text = names.join(": {");
    text.push_str(": [\"\"]");
    text.extend(std::iter::repeat_n('}', names.len().saturating_sub(1)));
    text
}

fn event_operator(name: &str) -> String {
    let argument = match name {
        "exists" => "true",
        "numeric" => "[\">\", 0]",
        _ => "\"\"",
    };
    format!("\"{name}\": {argument}")
}

fn json_text(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
