//! The tree of a CloudWatch pattern. It keeps the spelling of values (bare or quoted, numbers as written) and drops
//! white space and redundant parentheses.

use crate::filter::predicate::{Comparison, Regex, Selector};
use crate::pattern::Span;

/// A whole pattern.
#[derive(Clone, Debug, PartialEq)]
pub enum Pattern {
    /// Words and phrases looked for in the message; none matches everything.
    Terms(Vec<Term>),
    /// `%…%` over the whole message.
    Regex {
        /// The expression with its `%` signs.
        span: Span,
        /// The compiled expression.
        regex: Regex,
    },
    /// `{ … }` over the fields of a JSON message.
    Json(Expr<JsonCondition>),
    /// `[ … ]` over the fields of a space-delimited message; none matches everything.
    Space(Vec<SpaceItem>),
}

/// One term.
#[derive(Clone, Debug, PartialEq)]
pub struct Term {
    /// The term with its sign and quotes.
    pub span: Span,
    /// What the sign in front says.
    pub role: Role,
    /// The text to look for.
    pub text: String,
    /// Whether it is written in quotes.
    pub quoted: bool,
}

/// Sign in front of a term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// None: the message must contain it.
    Required,
    /// `?`: the message must contain one of these.
    Optional,
    /// `-`: the message must not contain it.
    Excluded,
}

/// Conditions joined by `&&` and `||`. Built by [`Expr::and`] and [`Expr::or`], so that neither list holds fewer
/// than two entries nor an entry of its own kind.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr<C> {
    /// Source text; includes the parentheses around `&&` and `||`, if there are any.
    pub span: Span,
    /// What it is.
    pub kind: ExprKind<C>,
}

/// Kinds of [`Expr`].
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind<C> {
    /// `a || b`
    Or(Vec<Expr<C>>),
    /// `a && b`
    And(Vec<Expr<C>>),
    /// One condition.
    Leaf(C),
}

/// `$.selector test`
#[derive(Clone, Debug, PartialEq)]
pub struct JsonCondition {
    /// The path.
    pub selector: Selector,
    /// Where the path is written.
    pub selector_span: Span,
    /// What is asked of the values there.
    pub test: JsonTest,
}

/// The part of a JSON condition after the selector.
#[derive(Clone, Debug, PartialEq)]
pub enum JsonTest {
    /// `= value` and so on.
    Compare(Comparison, Value),
    /// `IS NULL`
    IsNull,
    /// `IS TRUE`, `IS FALSE`
    IsBool(bool),
    /// `NOT EXISTS`
    NotExists,
}

/// The right-hand side of a comparison.
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
    /// A bare token in number form, as written.
    Number(String),
    /// Any other bare token; `*` at its ends is a wildcard.
    Bare(String),
    /// Text in quotes, without escapes; `*` at its ends is a wildcard.
    Quoted(String),
    /// `%…%`
    Regex(Regex),
}

/// One field of a space-delimited pattern.
#[derive(Clone, Debug, PartialEq)]
pub struct SpaceItem {
    /// Where it is written (empty for an empty field).
    pub span: Span,
    /// What it is.
    pub kind: SpaceItemKind,
}

/// Kinds of [`SpaceItem`].
#[derive(Clone, Debug, PartialEq)]
pub enum SpaceItemKind {
    /// `...`: any number of unnamed fields.
    Ellipsis,
    /// Nothing between the commas: any field.
    Unnamed,
    /// A name alone: any field.
    Named(String),
    /// Conditions on this field.
    Condition(String, Expr<SpaceCondition>),
}

/// `name = value`; the name is that of the [`SpaceItem`].
#[derive(Clone, Debug, PartialEq)]
pub struct SpaceCondition {
    /// The operator.
    pub comparison: Comparison,
    /// The right-hand side.
    pub value: Value,
}

impl<C> Expr<C> {
    /// One condition.
    pub fn leaf(span: Span, condition: C) -> Self {
        Self { span, kind: ExprKind::Leaf(condition) }
    }

    /// The conjunction of `items` (at least one), flattened.
    pub fn and(span: Span, items: Vec<Self>) -> Self {
        let flat = |item: Self| match item.kind {
            ExprKind::And(inner) => inner,
            kind => vec![Self { kind, ..item }],
        };
        Self::joined(span, items.into_iter().flat_map(flat).collect(), ExprKind::And)
    }

    /// The disjunction of `items` (at least one), flattened.
    pub fn or(span: Span, items: Vec<Self>) -> Self {
        let flat = |item: Self| match item.kind {
            ExprKind::Or(inner) => inner,
            kind => vec![Self { kind, ..item }],
        };
        Self::joined(span, items.into_iter().flat_map(flat).collect(), ExprKind::Or)
    }

    fn joined(span: Span, mut items: Vec<Self>, kind: fn(Vec<Self>) -> ExprKind<C>) -> Self {
        match items.pop() {
            Some(only) if items.is_empty() => only,
            last => {
                items.extend(last);
                Self { span, kind: kind(items) }
            }
        }
    }

    /// Whether the source text has parentheses around this `&&` or `||`.
    pub fn is_parenthesised(&self) -> bool {
        match &self.kind {
            ExprKind::Or(items) | ExprKind::And(items) => {
                items.first().is_some_and(|first| self.span.start < first.span.start)
            }
            ExprKind::Leaf(_) => false,
        }
    }

    /// Calls `visit` with every condition, in the order of the text.
    pub fn for_each<'a>(&'a self, visit: &mut impl FnMut(&'a C)) {
        match &self.kind {
            ExprKind::Or(items) | ExprKind::And(items) => items.iter().for_each(|item| item.for_each(visit)),
            ExprKind::Leaf(condition) => visit(condition),
        }
    }
}

impl ValueKind {
    /// The text compared with, if it is not a regular expression.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Number(text) | Self::Bare(text) | Self::Quoted(text) => Some(text),
            Self::Regex(_) => None,
        }
    }
}
