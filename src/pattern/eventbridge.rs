//! EventBridge event patterns: JSON that says which values the fields of an event may have.
//!
//! Source: EventBridge User Guide, "Creating event patterns" and "Comparison operators for use in event patterns", and
//! the open-source matcher aws/event-ruler where they are silent; pinned by `tests/cases/eventbridge-match.json`.
//! [`parse`] accepts what the service accepts, [`check`] warns about what it accepts but means something else than it
//! seems to. A pattern is matched against the event as EventBridge delivers it, a CloudTrail record in an
//! [`envelope`]: [`matching`] does so on JSON, one event at a time, and is the reference; [`Pattern::lower`] gives the
//! predicate that is evaluated on columns.

mod address;
pub mod ast;
mod check;
mod complete;
pub mod delivery;
pub mod envelope;
pub mod explain;
mod json;
mod lexer;
pub mod lower;
pub mod matching;
pub mod near;
mod parser;
mod printer;
pub mod transform;
mod wildcard;

pub use ast::Pattern;
pub use check::{Lint, check};
pub use complete::completion;
pub use explain::explain;
pub use lexer::{extent, starts, tokens};
pub use parser::parse;

/// Characters that the pattern of a rule may have, unless the quota was raised (EventBridge quotas).
pub const MAX_CHARS: usize = 2048;
/// Combinations that the alternatives of all `$or` may make (Comparison operators, "Or").
pub const MAX_COMBINATIONS: usize = 1000;
/// Fields that all these combinations may have together. Undocumented: we choose more than a pattern of [`MAX_CHARS`] can
/// have, so that no pattern takes much memory.
const MAX_MULTIPLIED_FIELDS: usize = 300_000;
/// Objects and arrays inside each other.
const MAX_DEPTH: usize = 100;
