//! The one predicate tree. CloudWatch patterns, the search bar and facet clicks all lower to it.
//!
//! Semantics of [`Test`] on a selected value are those of the truth table in CloudWatch's JSON filter
//! patterns (cases `mf-*` in `tests/cases/metric-filter-match.json`); search adds a few tests of its own.

mod leaf;

use crate::base::EpochMs;
use std::fmt;

pub use crate::model::value::Scalar;
pub use leaf::{DETAIL_TYPES, LeafCondition, LeafTest, LeafView, detail_type, source};

/// A condition on one event.
#[derive(Clone, Debug, PartialEq)]
pub enum Predicate {
    /// Always or never.
    Const(bool),
    /// All hold.
    And(Vec<Predicate>),
    /// At least one holds.
    Or(Vec<Predicate>),
    /// Does not hold.
    Not(Box<Predicate>),
    /// A test of the values a field selects: holds if any selected value passes.
    Field(Field, Test),
    /// All of these are met by leaves that lie in the same elements of the arrays that they share.
    Leaves(Vec<LeafCondition>),
    /// A test of the whole log message (the record's compact JSON text).
    Message(MessageTest),
    /// Any string value contains this text, ignoring case (free text of the search bar; already lower-cased).
    AnyText(String),
    /// The event's time is in `[from, to)`.
    Time(EpochMs, EpochMs),
}

impl Predicate {
    /// All fields that are tested, in the order in which they are written.
    pub fn fields(&self) -> Vec<&Field> {
        let mut fields = Vec::new();
        let mut rest = vec![self];
        while let Some(predicate) = rest.pop() {
            match predicate {
                Self::And(parts) | Self::Or(parts) => rest.extend(parts.iter().rev()),
                Self::Not(inner) => rest.push(inner),
                Self::Field(field, _) => fields.push(field),
                Self::Const(_) | Self::Leaves(_) | Self::Message(_) | Self::AnyText(_) | Self::Time(..) => {}
            }
        }
        fields
    }

    /// Whether each event that passes surely passes `other`, too. False where that cannot be told at a glance.
    pub fn implies(&self, other: &Self) -> bool {
        match (self, other) {
            (_, Self::Const(true)) | (Self::Const(false), _) => true,
            (_, Self::And(parts)) => parts.iter().all(|part| self.implies(part)),
            (Self::Or(parts), _) => parts.iter().all(|part| part.implies(other)),
            (Self::And(parts), _) => parts.iter().any(|part| part.implies(other)),
            (_, Self::Or(parts)) => parts.iter().any(|part| self.implies(part)),
            (Self::AnyText(longer), Self::AnyText(shorter)) => longer.contains(shorter.as_str()),
            _ => self == other,
        }
    }
}

/// What a test looks at.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    /// Values at a path.
    Path(Selector),
    /// The derived field `@principal`.
    Principal,
    /// `@size`: the length of the record in bytes, as it stands in its file.
    Size,
}

/// A path into a record, as in `$.a['b c'][0].*`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Selector {
    /// Steps from the root.
    pub steps: Vec<Step>,
}

/// One step of a [`Selector`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// Member of an object.
    Key(String),
    /// Element of an array, zero based.
    Index(u32),
    /// Every member of an object: `.*`.
    AnyKey,
    /// Every element of an array: `[*]`.
    AnyElement,
}

/// Comparison operators of CloudWatch patterns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

/// The right-hand side of a comparison.
#[derive(Clone, Debug)]
pub enum Operand {
    /// A bare number: its value and its text as written.
    Number(f64, String),
    /// Text, with `*` allowed as first and last character.
    Text(Glob),
    /// `%…%`
    Regex(Regex),
}

/// Whole-value text match with optional wildcards at the ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glob {
    /// Text between the wildcards.
    pub text: String,
    /// `*` before.
    pub open_start: bool,
    /// `*` after.
    pub open_end: bool,
}

/// A compiled regular expression that compares by its source text.
#[derive(Clone)]
pub struct Regex {
    source: String,
    compiled: regex_lite::Regex,
}

/// A test of one value.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// A CloudWatch comparison.
    Compare(Comparison, Operand),
    /// `IS NULL`
    IsNull,
    /// `IS TRUE` / `IS FALSE`
    IsBool(bool),
    /// `NOT EXISTS`: holds when the field selects nothing.
    NotExists,
    /// Any of these texts equals the value's text (facet selections); any scalar, `null` included.
    OneOf(Vec<String>),
}

/// A test of the raw message.
#[derive(Clone, Debug, PartialEq)]
pub enum MessageTest {
    /// Contains this text, case sensitive.
    Contains(String),
    /// Matches this expression somewhere.
    Matches(Regex),
    /// Splits into fields that pass a space-delimited pattern.
    Fields(SpacePattern),
}

/// A space-delimited pattern: conditions on the fields before and after an optional `...`.
#[derive(Clone, Debug, PartialEq)]
pub struct SpacePattern {
    /// Fields counted from the start.
    pub head: Vec<SpaceField>,
    /// Whether `...` stands between head and tail.
    pub ellipsis: bool,
    /// Fields counted from the end (only with `ellipsis`).
    pub tail: Vec<SpaceField>,
}

/// One field of a [`SpacePattern`].
#[derive(Clone, Debug, PartialEq)]
pub struct SpaceField {
    /// Label, if any.
    pub name: Option<String>,
    /// Condition on the field's text.
    pub condition: SpaceCondition,
}

/// Condition on one token.
#[derive(Clone, Debug, PartialEq)]
pub enum SpaceCondition {
    /// No condition.
    Any,
    /// A comparison.
    Compare(Comparison, Operand),
    /// All hold.
    And(Vec<SpaceCondition>),
    /// At least one holds.
    Or(Vec<SpaceCondition>),
}

impl Regex {
    /// Compiles `source` (already checked against CloudWatch's rules by the parser).
    pub fn new(source: &str) -> Result<Self, String> {
        let compiled =
            regex_lite::RegexBuilder::new(source).size_limit(1 << 20).build().map_err(|error| error.to_string())?;
        Ok(Self { source: source.into(), compiled })
    }

    /// Whether it matches anywhere in `text`.
    pub fn is_match(&self, text: &str) -> bool {
        self.compiled.is_match(text)
    }

    /// The text between the `%` signs.
    pub fn source(&self) -> &str {
        &self.source
    }
}

impl PartialEq for Regex {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}

impl fmt::Debug for Regex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "%{}%", self.source)
    }
}

impl PartialEq for Operand {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Number(a, s), Self::Number(b, t)) => a.to_bits() == b.to_bits() && s == t,
            (Self::Text(a), Self::Text(b)) => a == b,
            (Self::Regex(a), Self::Regex(b)) => a == b,
            _ => false,
        }
    }
}

impl Glob {
    /// Reads `*` at the ends as wildcards; a lone `*` is open on both sides.
    pub fn parse(pattern: &str) -> Self {
        let open_start = pattern.starts_with('*');
        let rest = pattern.strip_prefix('*').unwrap_or(pattern);
        let open_end = rest.ends_with('*') || (open_start && rest.is_empty());
        let text = rest.strip_suffix('*').unwrap_or(rest);
        Self { text: text.into(), open_start, open_end }
    }

    /// Text that matches only itself.
    pub fn literal(text: &str) -> Self {
        Self { text: text.into(), open_start: false, open_end: false }
    }

    /// Whether this is `*`: anything at all.
    pub fn is_any(&self) -> bool {
        self.open_start && self.open_end && self.text.is_empty()
    }

    /// Whether the whole of `value` matches.
    pub fn matches(&self, value: &str) -> bool {
        match (self.open_start, self.open_end) {
            (false, false) => value == self.text,
            (false, true) => value.starts_with(&self.text),
            (true, false) => value.ends_with(&self.text),
            (true, true) => value.contains(&self.text),
        }
    }
}

impl fmt::Display for Selector {
    /// `$.a['b c'][0].*`, the form CloudWatch reads.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("$")?;
        for step in &self.steps {
            match step {
                Step::Key(key) if is_plain_name(key) => write!(f, ".{key}")?,
                Step::Key(key) => write!(f, "['{key}']")?,
                Step::Index(index) => write!(f, "[{index}]")?,
                Step::AnyKey => f.write_str(".*")?,
                Step::AnyElement => f.write_str("[*]")?,
            }
        }
        Ok(())
    }
}

/// Whether a key can be written without brackets in a selector: letters, digits, `-`, `_`.
pub fn is_plain_name(key: &str) -> bool {
    !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

/// The value of a text in CloudWatch's number form, `[+-]? digits [. digits]? ([eE][+-]? digits)?`, as a double
/// (CloudWatch Logs User Guide, filter pattern syntax; cases `mf-num-08` to `mf-num-15`).
pub fn number(text: &str) -> Option<f64> {
    let digits = |bytes: &[u8]| bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let bytes = text.as_bytes();
    let mut at = usize::from(matches!(bytes.first(), Some(b'+' | b'-')));
    let whole = digits(&bytes[at..]);
    if whole == 0 {
        return None;
    }
    at += whole;
    if bytes.get(at) == Some(&b'.') {
        at += 1;
        let fraction = digits(&bytes[at..]);
        if fraction == 0 {
            return None;
        }
        at += fraction;
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        at += 1;
        at += usize::from(matches!(bytes.get(at), Some(b'+' | b'-')));
        let exponent = digits(&bytes[at..]);
        if exponent == 0 {
            return None;
        }
        at += exponent;
    }
    if at == bytes.len() { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn number_form() {
        for (text, value) in
            [("50", 50.0), ("+50", 50.0), ("-1.5", -1.5), ("5e1", 50.0), ("1E-3", 0.001), ("1e+3", 1e3)]
        {
            assert_eq!(number(text), Some(value), "{text}");
        }
        for text in ["", "+", ".5", "5.", "1e", "1e+", "4*", "0x1", "inf", "NaN", "1_0", "1 "] {
            assert_eq!(number(text), None, "{text}");
        }
    }
}
