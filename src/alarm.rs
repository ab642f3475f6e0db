//! Metric alarms evaluated over a whole history: what would have fired, when and why.
//!
//! Input is numbers only (a [`Sliding`](crate::model::series::Sliding)); nothing here knows about events. Everything is
//! pure and fast enough to run again on each movement of the threshold: [`timeline::evaluate`] is linear in the minutes.
//! Normative: "Alarm evaluation", "Configuring how CloudWatch alarms treat missing data", PutMetricAlarm.

pub mod actions;
pub mod headline;
pub mod missing_data;
pub mod reason;
pub mod timeline;
pub mod validate;
pub mod window;

pub use headline::headline;
pub use reason::{Reason, explain};
pub use timeline::{Options, Span, Timeline, Transition, evaluate};
pub use validate::{Problem, validate};
