//! Small building blocks without any domain knowledge: time, diagnostics, bit sets, runs of bytes, JSON text, CSV rows,
//! numbers as text.
//!
//! Nothing here knows what a CloudTrail event is. Everything is pure: no IO, no clock.

pub mod bitset;
pub mod bytes;
pub mod csv;
pub mod diagnostic;
pub mod json_text;
pub mod number;
pub mod time;

pub use bitset::BitSet;
pub use diagnostic::{Code, Diagnostic, Severity};
pub use time::EpochMs;
