//! The languages people write predicates in, each lowered to the one [`Predicate`](crate::filter::predicate::Predicate).
//!
//! One folder per language: [`cloudwatch`] is the metric filter pattern syntax, [`eventbridge`] that of event patterns,
//! [`search`] the search bar. Each has
//! a tree with source spans, a parser whose errors point at the text, a canonical printer with
//! `parse(print(tree)) == tree`, tolerant tokens for syntax colours, and completion. [`path`] is the field path both
//! share.
//!
//! Invariants: no function here panics or recurses without bound on any text; nothing here sees data, so whatever
//! needs data (does the field exist? how often?) is answered elsewhere.

pub mod cloudwatch;
pub mod completion;
pub mod convert;
pub mod eventbridge;
pub mod path;
pub mod search;
pub mod text;

pub use completion::{Completion, CompletionKind};

use std::fmt;
use std::ops::Range;

/// A byte range of the source text. All spans are equal: where something was written is no part of what it says.
#[derive(Clone, Copy, Debug, Default)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// Byte after the last one.
    pub end: usize,
}

impl Span {
    /// The span as a range of bytes.
    pub fn range(self) -> Range<usize> {
        self.start..self.end
    }

    /// From the start of this span to the end of `last`.
    pub fn to(self, last: Self) -> Self {
        Self { start: self.start, end: last.end }
    }
}

impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Self {
        Self { start: range.start, end: range.end }
    }
}

impl PartialEq for Span {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Span {}

/// Why a text is not a pattern, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatternError {
    /// Bytes of the text that the message is about (empty at the place where something is missing).
    pub span: Range<usize>,
    /// What is wrong, in one sentence.
    pub message: String,
    /// What to write instead, if there is something to say.
    pub help: Option<String>,
}

impl PatternError {
    /// An error without advice.
    pub fn new(span: impl Into<Range<usize>>, message: impl Into<String>) -> Self {
        Self { span: span.into(), message: message.into(), help: None }
    }

    /// The same error with advice.
    pub fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    /// The same error in a text that has `offset` more bytes in front.
    pub fn shifted(self, offset: usize) -> Self {
        Self { span: self.span.start + offset..self.span.end + offset, ..self }
    }
}

impl From<Span> for Range<usize> {
    fn from(span: Span) -> Self {
        span.range()
    }
}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (at byte {})", self.message, self.span.start)?;
        self.help.iter().try_for_each(|help| write!(f, "; {help}"))
    }
}

impl std::error::Error for PatternError {}

/// What a piece of text is, for syntax colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// Brackets, commas, `...`
    Punctuation,
    /// Comparison and logical operators, the signs in front of terms and clauses.
    Operator,
    /// `IS`, `NULL`, `TRUE`, `FALSE`, `NOT`, `EXISTS`
    Keyword,
    /// A selector, a field path, the name of a space-delimited field.
    Field,
    /// Text to look for or to compare with.
    Text,
    /// A number to compare with.
    Number,
    /// A regular expression with its `%` signs.
    Regex,
    /// Something that has no place here.
    Error,
}
