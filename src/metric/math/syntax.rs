//! The tree of a formula, with the place of each part in the text.

use super::function::Function;
use std::fmt;
use std::ops::Range;

/// What is wrong with a formula, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// Bytes of the text.
    pub span: Range<usize>,
    /// One sentence.
    pub message: String,
}

impl Error {
    pub(super) fn new(span: &Range<usize>, message: impl Into<String>) -> Self {
        Self { span: span.clone(), message: message.into() }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at character {}: {}", self.span.start + 1, self.message)
    }
}

/// A part of a formula. Two are equal that say the same, wherever they stand.
#[derive(Clone, Debug)]
pub struct Node {
    /// What it says.
    pub tree: Tree,
    /// Its bytes in the text.
    pub span: Range<usize>,
}

impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.tree == other.tree
    }
}

/// What a part of a formula says.
#[derive(Clone, Debug, PartialEq)]
pub enum Tree {
    /// A number, never negative: the sign is an operator.
    Number(f64),
    /// Id of a metric or of another formula.
    Id(String),
    /// Text in quotes.
    Text(String),
    /// A word that belongs to a function: `REPEAT`, `DESC`, or a function's name as an argument.
    Word(String),
    /// `-x`
    Negate(Box<Node>),
    /// `a + b`
    Binary(Operator, Box<Node>, Box<Node>),
    /// `[m1, m2]`
    List(Vec<Node>),
    /// `SUM(m1)`
    Call(Function, Vec<Node>),
}

impl Node {
    /// The parts directly below.
    pub fn children(&self) -> Vec<&Node> {
        match &self.tree {
            Tree::Negate(inner) => vec![inner],
            Tree::Binary(_, left, right) => vec![left, right],
            Tree::List(nodes) | Tree::Call(_, nodes) => nodes.iter().collect(),
            _ => Vec::new(),
        }
    }

    /// Whether this or any part of it is so.
    pub fn any(&self, test: &impl Fn(&Node) -> bool) -> bool {
        test(self) || self.children().into_iter().any(|child| child.any(test))
    }
}

/// An operator between two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `OR`, `||`
    Or,
    /// `AND`, `&&`
    And,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `^`
    Power,
}

impl Operator {
    /// As it is printed.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Or => "OR",
            Self::And => "AND",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Power => "^",
        }
    }

    /// How strongly it binds. Undocumented: we choose the order of most languages, OR weakest, `^` strongest.
    pub(super) fn strength(self) -> u8 {
        match self {
            Self::Or => 1,
            Self::And => 2,
            Self::Less | Self::LessOrEqual | Self::Greater | Self::GreaterOrEqual | Self::Equal | Self::NotEqual => 3,
            Self::Add | Self::Subtract => 4,
            Self::Multiply | Self::Divide => 5,
            Self::Power => 7,
        }
    }

    /// Of two numbers; NaN where there is no result, such as by division by zero. Comparisons and logic give 1 or 0.
    pub fn apply(self, a: f64, b: f64) -> f64 {
        let truth = |yes: bool| if yes { 1.0 } else { 0.0 };
        match self {
            Self::Or => truth(a != 0.0 || b != 0.0),
            Self::And => truth(a != 0.0 && b != 0.0),
            Self::Less => truth(a < b),
            Self::LessOrEqual => truth(a <= b),
            Self::Greater => truth(a > b),
            Self::GreaterOrEqual => truth(a >= b),
            Self::Equal => truth(a == b),
            Self::NotEqual => truth(a != b),
            Self::Add => finite(a + b),
            Self::Subtract => finite(a - b),
            Self::Multiply => finite(a * b),
            Self::Divide => finite(a / b),
            Self::Power => finite(a.powf(b)),
        }
    }
}

/// The number, or NaN in place of an infinite one: no datapoint holds it.
pub(super) fn finite(value: f64) -> f64 {
    if value.is_finite() { value } else { f64::NAN }
}
