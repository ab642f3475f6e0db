//! From matching log events to numbers: samples per minute, statistics per period.
//!
//! [`collect`] runs where the events are (a worker) and yields a mergeable
//! [`SeriesPart`](crate::model::partial::SeriesPart). [`finish`] runs where the answer is shown: it adds the
//! default value and turns samples into datapoints for any period and statistic, without the events.
//! Normative: "Filter pattern syntax for metric filters" and "CloudWatch statistics definitions".

pub mod collect;
pub mod finish;
pub mod math;
mod ranks;
pub mod samples;
pub mod sliding;
pub mod statistic;

pub use collect::Collector;
pub use finish::{not_evaluated, notices, series};
pub use samples::Samples;
pub use sliding::sliding;
