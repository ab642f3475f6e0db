//! The search bar's language: clauses beside each other, all of which have to hold.
//!
//! ```text
//! query   = { clause }
//! clause  = [ "~" ] [ "-" ] ( word | "phrase" | field ":" values | "{ pattern }" )
//! values  = "*" | ( ">" | ">=" | "<" | "<=" ) number | value { "," value }
//! value   = [ "*" ] ( bare | "quoted" ) [ "*" ]
//! ```
//!
//! `~` switches a clause off without removing it, `-` negates it (events without the field pass). Words and phrases
//! are looked for in all string values, ignoring case. Values compare as text, so `readOnly:true` and `port:443` work
//! on booleans and numbers; `*` is a wildcard at the ends, several values are alternatives, a lone `*` asks for
//! presence. Texts that only look like a field with a value (ARNs, URLs, IPv6 addresses, access key ids with a session
//! name) are free text; `$.` in front of a field makes it a field whatever it looks like. A pattern is a CloudWatch JSON
//! pattern or, if a quoted name follows the brace, an EventBridge event pattern.

mod complete;
mod edit;
mod lower;
mod parser;
mod printer;
mod scan;

pub use complete::completion;
pub use parser::parse;
pub use printer::print_literal;
pub use scan::tokens;

use super::Span;
use super::{cloudwatch::Pattern, eventbridge};
use crate::filter::predicate::{Comparison, Field, Glob};

/// Bytes a query may have. Far more than anyone types; it bounds the work on a hostile link.
pub const MAX_BYTES: usize = 1 << 16;

/// A whole query.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SearchQuery {
    /// All enabled ones have to hold.
    pub clauses: Vec<Clause>,
}

/// One clause: one chip.
#[derive(Clone, Debug, PartialEq)]
pub struct Clause {
    /// Where it is written, signs included.
    pub span: Span,
    /// Switched off: no part of the question.
    pub disabled: bool,
    /// Negated.
    pub exclude: bool,
    /// What it asks.
    pub kind: ClauseKind,
}

/// Kinds of [`Clause`].
#[derive(Clone, Debug, PartialEq)]
pub enum ClauseKind {
    /// Text in any string value, ignoring case.
    Text(String),
    /// A test of one field.
    Field(Field, FieldTest),
    /// A CloudWatch JSON pattern.
    Pattern(Pattern),
    /// An EventBridge event pattern.
    EventPattern(eventbridge::Pattern),
}

/// What is asked of a field.
#[derive(Clone, Debug, PartialEq)]
pub enum FieldTest {
    /// The field is there.
    Exists,
    /// Any of these values (at least one).
    Values(Vec<FieldValue>),
    /// `>`, `>=`, `<` or `<=` with a number as written.
    Compare(Comparison, String),
}

/// One alternative.
#[derive(Clone, Debug, PartialEq)]
pub enum FieldValue {
    /// Exactly this text.
    Literal(String),
    /// Text with a wildcard at one end or both (and some text besides).
    Wildcard(Glob),
}

impl Clause {
    /// An enabled clause that is not written anywhere yet.
    pub fn new(kind: ClauseKind) -> Self {
        Self { span: Span::default(), disabled: false, exclude: false, kind }
    }

    /// The field it is about, if it is about one.
    pub fn field(&self) -> Option<&Field> {
        match &self.kind {
            ClauseKind::Field(field, _) => Some(field),
            ClauseKind::Text(_) | ClauseKind::Pattern(_) | ClauseKind::EventPattern(_) => None,
        }
    }
}
