//! The tree of an event pattern. It keeps numbers, wildcards and addresses as they are written and drops white space
//! and members that a later one of the same name replaces.

use crate::filter::predicate::Comparison;
use crate::pattern::Span;

/// Names of the operators, as they are written.
pub(super) const OPERATORS: [&str; 8] =
    ["prefix", "suffix", "equals-ignore-case", "wildcard", "anything-but", "numeric", "cidr", "exists"];

/// A whole pattern.
#[derive(Clone, Debug, PartialEq)]
pub struct Pattern {
    /// The fields of the envelope that it names.
    pub fields: Fields,
    /// Names that stand twice in one object; the last one counts.
    pub replaced: Vec<Span>,
}

/// The members of an object, all of which must match. Never empty.
#[derive(Clone, Debug, PartialEq)]
pub struct Fields {
    /// The object with its braces.
    pub span: Span,
    /// In the order of the text.
    pub members: Vec<Member>,
}

/// A member of an object.
#[derive(Clone, Debug, PartialEq)]
pub enum Member {
    /// A field.
    Field(Field),
    /// `$or`: one of these (at least two) must match.
    Or {
        /// The name `$or`.
        span: Span,
        /// The alternatives.
        alternatives: Vec<Fields>,
    },
}

/// A field and what is asked of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Its name; dots in it join like those between names.
    pub name: String,
    /// Where the name is written.
    pub name_span: Span,
    /// What is asked.
    pub content: Content,
}

/// What is asked of a field.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// Its members are asked.
    Fields(Fields),
    /// It must have one of these values.
    Values(Values),
}

/// Alternatives for one field. Never empty.
#[derive(Clone, Debug, PartialEq)]
pub struct Values {
    /// The array with its brackets.
    pub span: Span,
    /// The alternatives.
    pub alternatives: Vec<Value>,
}

/// One alternative.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    /// Where it is written.
    pub span: Span,
    /// What it is.
    pub kind: ValueKind,
}

/// Kinds of [`Value`].
#[derive(Clone, Debug, PartialEq)]
pub enum ValueKind {
    /// This value.
    Literal(Literal),
    /// `prefix`
    Prefix(Text),
    /// `suffix`
    Suffix(Text),
    /// `equals-ignore-case`
    EqualsIgnoreCase(String),
    /// `wildcard`, as written.
    Wildcard(String),
    /// `anything-but`
    AnythingBut(Excluded),
    /// `numeric`: one bound, or a lower and an upper one. Operands as written.
    Numeric(Vec<(Comparison, String)>),
    /// `cidr`, as written.
    Cidr(String),
    /// `exists`
    Exists(bool),
}

/// A plain value.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// A string.
    Text(String),
    /// A number as written.
    Number(String),
    /// A boolean.
    Bool(bool),
    /// `null`
    Null,
}

/// The argument of `prefix` and `suffix`.
#[derive(Clone, Debug, PartialEq)]
pub struct Text {
    /// What the value begins or ends with.
    pub text: String,
    /// Written as `{"equals-ignore-case": …}`.
    pub ignore_case: bool,
}

/// The argument of `anything-but`. Every list has at least one entry.
#[derive(Clone, Debug, PartialEq)]
pub enum Excluded {
    /// These strings, or these numbers.
    Literals(Vec<Literal>),
    /// Strings that begin with one of these.
    Prefix(Vec<String>),
    /// Strings that end with one of these.
    Suffix(Vec<String>),
    /// These strings in any case.
    EqualsIgnoreCase(Vec<String>),
    /// Strings that match one of these.
    Wildcard(Vec<String>),
}

impl Fields {
    /// Calls `visit` with each field that values are asked of: its path below `outer`, names joined by dots, and the
    /// values.
    pub fn for_each<'p>(&'p self, outer: Option<&str>, visit: &mut impl FnMut(&str, &'p Field, &'p Values)) {
        for member in &self.members {
            match member {
                Member::Or { alternatives, .. } => alternatives.iter().for_each(|fields| fields.for_each(outer, visit)),
                Member::Field(field) => {
                    let path = joined(outer, &field.name);
                    match &field.content {
                        Content::Fields(fields) => fields.for_each(Some(&path), visit),
                        Content::Values(values) => visit(&path, field, values),
                    }
                }
            }
        }
    }
}

/// The path of a member: names joined by dots (User Guide, "Creating event patterns"; cases `eb-dot-*`).
pub fn joined(outer: Option<&str>, name: &str) -> String {
    outer.map_or_else(|| name.to_owned(), |outer| format!("{outer}.{name}"))
}
