//! CloudWatch Logs filter patterns: terms, regular expressions, JSON and space-delimited patterns.
//!
//! Source: CloudWatch Logs User Guide, "Filter pattern syntax for metric filters, subscription filters, filter log
//! events, and Live Tail"; pinned by `tests/cases/metric-filter-match.json`. [`parse`] accepts what the service
//! accepts (a pattern it refuses is an error, never "no match"), [`check`] warns about what it accepts but means
//! something else than it seems to.

pub mod ast;
pub mod check;
mod complete;
pub mod difference;
pub mod edit;
mod lexer;
mod lower;
pub mod mend;
mod parser;
mod printer;
mod regex;
pub mod value;

pub use ast::Pattern;
pub use check::{Lint, LintCode, check};
pub use complete::completion;
pub use lexer::{json_extent, tokens};
pub use parser::{parse, parse_json_at};
pub use printer::symbol;
pub use value::{Setting, SettingError, SpaceReference, ValueRef, validate_metric_filter, value_reference};

/// Characters (code points) a pattern may have (API reference, PutMetricFilter; cases `mf-bad-12`, `mf-bad-13`).
pub const MAX_CHARS: usize = 1024;
/// Regular expressions in one JSON or space-delimited pattern (quotas page; cases `mf-bad-09`, `mf-space-28`).
pub const MAX_REGEXES: usize = 2;
/// Selectors with a wildcard in one pattern (cases `mf-bad-07`, `mf-bad-08`).
pub const MAX_WILDCARD_SELECTORS: usize = 3;
