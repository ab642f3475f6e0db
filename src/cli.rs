//! The command-line tool: the library of the page, run natively.
//!
//! Commands read files, ask the same engine the page asks, and print text or JSON. Nothing here
//! decides anything about CloudTrail or CloudWatch.

pub mod cases;
