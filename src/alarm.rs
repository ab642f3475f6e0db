//! Metric alarms evaluated over a whole history: what would have fired, when and why.
//!
//! Input is numbers only (a [`Sliding`](crate::model::series::Sliding)); nothing here knows about events. Everything is
//! pure and fast enough to run again on each movement of the threshold: [`timeline::evaluate`] is linear in the minutes, and
//! [`sweep()`] tries hundreds of alarms at once.
//! Normative: "Alarm evaluation", "Configuring how CloudWatch alarms treat missing data", PutMetricAlarm.

pub mod actions;
pub mod composite;
pub mod dispatch;
pub mod evaluation;
pub mod headline;
mod lookback;
pub mod missing_data;
pub mod mute;
pub mod notification;
pub mod outcome;
mod plan;
pub mod reason;
pub mod suppression;
pub mod sweep;
pub mod timeline;
pub mod validate;
mod walk;
mod watched;
pub mod window;

pub use evaluation::{Evaluation, look};
pub use headline::headline;
pub use outcome::Outcome;
pub use reason::{Reason, explain};
pub use sweep::sweep;
pub use timeline::{Options, Span, Timeline, Transition, evaluate};
pub use validate::{Problem, validate};
pub use watched::{depends_on_range, statistics, watched, watched_by_width};
