//! CloudTrail Insights: those that CloudTrail recorded, and the same question asked of the archive.
//!
//! CloudTrail's own test is unpublished. [`detect`] is ours, over the same units (account, Region, service, call and, for errors,
//! the code), the same seven days of baseline and the same averages, and everything it finds is labelled as computed.
//! Entry points: [`detect`] for what the archive shows, [`recorded`] for what it holds.
//!
//! Source: CloudTrail user guide, "Working with CloudTrail Insights" and "CloudTrail record contents for Insights events for
//! trails".

mod detect;
mod logged;
mod recorded;

pub use detect::detect;
pub use recorded::{FIELDS, recorded};

use crate::base::EpochMs;
use crate::model::rates::RateKey;

/// A time with more calls, or more errors, than usual.
#[derive(Clone, Debug, PartialEq)]
pub struct Insight {
    /// Of which calls.
    pub key: RateKey,
    /// First unusual minute.
    pub start: EpochMs,
    /// First minute after it; `None` while it goes on.
    pub end: Option<EpochMs>,
    /// Calls or errors per minute before it.
    pub baseline: f64,
    /// Calls or errors per minute during it.
    pub average: f64,
}
