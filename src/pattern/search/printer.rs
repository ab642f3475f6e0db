//! Clauses to canonical text: bare where that reads back the same, quoted elsewhere. Law: `parse(print(q)) == q`.

use super::scan::{RawKind, clauses, field_prefix};
use super::{Clause, ClauseKind, FieldTest, FieldValue, SearchQuery};
use crate::filter::predicate::{Comparison, Field, Glob};
use crate::pattern::{path, text};
use std::fmt;

impl SearchQuery {
    /// The canonical text.
    pub fn print(&self) -> String {
        self.clauses.iter().map(Clause::print).collect::<Vec<_>>().join(" ")
    }
}

impl fmt::Display for SearchQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.print())
    }
}

impl Clause {
    /// The canonical text of one clause.
    pub fn print(&self) -> String {
        let disabled = if self.disabled { "~" } else { "" };
        let exclude = if self.exclude { "-" } else { "" };
        let body = match &self.kind {
            ClauseKind::Text(text) => print_text(text),
            ClauseKind::Pattern(pattern) => pattern.print(),
            ClauseKind::EventPattern(pattern) => pattern.print(),
            ClauseKind::Field(field, test) => print_field(field, test),
        };
        format!("{disabled}{exclude}{body}")
    }
}

/// A word if it reads back as one, else a phrase.
fn print_text(text: &str) -> String {
    let mut read = clauses(text);
    let word = read.next().is_some_and(|raw| matches!(raw.kind, RawKind::Word) && raw.body == (0..text.len()));
    if word && text.trim_matches('*') == text { text.to_owned() } else { text::quote(text) }
}

fn print_field(field: &Field, test: &FieldTest) -> String {
    let values = match test {
        FieldTest::Exists => "*".to_owned(),
        FieldTest::Compare(comparison, number) => {
            let symbol = match comparison {
                Comparison::Less => "<",
                Comparison::LessOrEqual => "<=",
                Comparison::Greater => ">",
                _ => ">=",
            };
            format!("{symbol}{number}")
        }
        FieldTest::Values(values) => values.iter().map(print_value).collect::<Vec<_>>().join(","),
    };
    let path = path::print(field);
    let clause = format!("{path}:{values}");
    match field {
        // A field that would read as free text or begin with a sign is marked as a field.
        Field::Path(selector) if path.starts_with('-') || field_prefix(&clause).is_none() => {
            format!("{selector}:{values}")
        }
        _ => clause,
    }
}

fn print_value(value: &FieldValue) -> String {
    match value {
        FieldValue::Literal(text) => print_literal(text),
        FieldValue::Wildcard(glob) => {
            let star = |open| if open { "*" } else { "" };
            let (before, after) = (star(glob.open_start), star(glob.open_end));
            let bare = format!("{before}{}{after}", glob.text);
            if is_bare(&bare) && Glob::parse(&bare) == *glob {
                bare
            } else {
                format!("{before}{}{after}", text::quote(&glob.text))
            }
        }
    }
}

/// A value that matches only this text: bare if it reads back as that, else quoted.
pub fn print_literal(text: &str) -> String {
    if is_bare(text) && Glob::parse(text) == Glob::literal(text) { text.to_owned() } else { text::quote(text) }
}

/// Whether a value can stand without quotes.
fn is_bare(value: &str) -> bool {
    let special = |c: char| c == ',' || c.is_whitespace();
    !value.is_empty() && !value.contains(special) && !value.starts_with(['"', '<', '>']) && !value.starts_with("*\"")
}
