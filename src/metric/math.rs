//! Metric math: formulas over metrics, as GetMetricData and PutMetricAlarm take them.
//!
//! [`parse`] makes a tree of a text and says where it cannot; [`check`] tells what kind of thing a tree yields, a number, a
//! time series or a list of them, and refuses what does not fit together before anything is calculated; [`evaluate`] then
//! cannot fail. [`queries`] joins the formulas and metrics of one alarm, [`sliding()`] calculates them for every minute.
//! Normative: "Using math expressions with CloudWatch metrics" (cases `met-math-*`).

pub mod band;
mod check;
mod evaluate;
mod function;
mod lexer;
mod lists;
mod neighbours;
mod parser;
mod points;
mod printer;
pub mod queries;
mod sliding;
mod syntax;

pub use check::{Type, check};
pub use evaluate::{Grid, Known, Value, evaluate};
pub use function::Function;
pub use lexer::{Kind, Token, tokens};
pub use parser::{LONGEST, parse};
pub use sliding::{aligned, by_width, sliding};
pub use syntax::{Error, Node, Operator, Tree};
