//! One JSON value as the store keeps it and a test sees it.

use std::borrow::Cow;

/// A JSON value without its children.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scalar<'a> {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// An integer that fits i64.
    Int(i64),
    /// Any other number, as a double.
    Float(f64),
    /// A string, unescaped.
    Str(&'a str),
    /// An object (its members are other values).
    Object,
    /// An array (its elements are other values).
    Array,
}

impl<'a> Scalar<'a> {
    /// The value as text: strings as they are, numbers in shortest decimal form, `true`, `false`, `null`.
    /// Objects and arrays have no text.
    pub fn text(self) -> Option<Cow<'a, str>> {
        Some(match self {
            Self::Null => "null".into(),
            Self::Bool(true) => "true".into(),
            Self::Bool(false) => "false".into(),
            Self::Int(number) => number.to_string().into(),
            Self::Float(number) => number.to_string().into(),
            Self::Str(text) => text.into(),
            Self::Object | Self::Array => return None,
        })
    }

    /// The value without its text, if it is a string: it borrows nothing.
    pub fn without_text(self) -> Scalar<'static> {
        match self {
            Self::Null => Scalar::Null,
            Self::Bool(value) => Scalar::Bool(value),
            Self::Int(number) => Scalar::Int(number),
            Self::Float(number) => Scalar::Float(number),
            Self::Str(_) => Scalar::Str(""),
            Self::Object => Scalar::Object,
            Self::Array => Scalar::Array,
        }
    }

    /// Whether this is an object or array.
    pub fn is_container(self) -> bool {
        matches!(self, Self::Object | Self::Array)
    }
}
