//! A metric as numbers over time: what charts draw and alarms evaluate.
//!
//! Both forms are sparse where nothing was measured: a stray event with a timestamp decades away costs
//! nothing for the time between.

use crate::base::EpochMs;
use crate::base::time::MINUTE;
use serde::{Deserialize, Serialize};

/// Clock-aligned datapoints of one metric: periods start at multiples of the period since the epoch.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Series {
    /// Length of a period in seconds.
    pub period_s: u32,
    /// The periods that have a datapoint, ascending. A period without one is a gap, not a zero.
    pub points: Vec<Point>,
}

/// One datapoint.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// Start of the period: data of 19:00–20:00 is stamped 19:00 (case `met-mf-10`).
    pub start: EpochMs,
    /// The statistic over the period's samples.
    pub value: f64,
    /// How many samples the period has.
    pub samples: u64,
}

/// The value of the period that *ends* at each tick: periods slide with the evaluation time of an alarm.
///
/// A tick is [`Sliding::step_s`] seconds long and numbered from the epoch.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sliding {
    /// Length of a period in seconds.
    pub period_s: u32,
    /// 60, or 10 for periods below a minute.
    pub step_s: u32,
    /// First and last minute (numbered from the epoch) in which any log event arrived.
    pub log_minutes: Option<(i64, i64)>,
    /// Stretches of minutes with log events, ascending, first and last minute of each, [`Sliding::GAP_S`] or more without any
    /// between two of them.
    pub logged: Vec<(i64, i64)>,
    /// Stretches of time with samples, ascending, at least [`Sliding::GAP_S`] without a value between two of them.
    pub runs: Vec<Run>,
    /// Samples left out because the history has more active time than [`Sliding::MAX_TICKS`].
    pub omitted: u64,
    /// Where the oldest part of the history is left out, because there is too much of it: the first tick that is not.
    pub evaluated_from: Option<i64>,
    /// Whether a formula that gives values where no metric has one does so only in the stretches of [`Sliding::logged`],
    /// because the time between does not fit.
    pub is_silence_left_out: bool,
}

/// A stretch of consecutive ticks in a [`Sliding`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Run {
    /// The tick of the first entry.
    pub first_end: i64,
    /// Value of the period ending at each tick from there; NaN where there is no datapoint.
    pub values: Vec<f64>,
    /// Samples in that period.
    pub sample_counts: Vec<u32>,
    /// Lower and upper edge of the band each value is expected in; empty without anomaly detection.
    pub band: Vec<(f64, f64)>,
}

impl Sliding {
    /// No evaluation of a legal alarm looks further back: 3 periods of 7 days, the widest evaluation range.
    pub const GAP_S: i64 = 21 * 86_400;

    /// Ticks held at most, eight years of minutes; the newest runs are kept.
    pub const MAX_TICKS: usize = 1 << 22;

    /// Ticks in a period.
    pub fn period_ticks(&self) -> i64 {
        i64::from((self.period_s / self.step_s.max(1)).max(1))
    }

    /// The value of the period ending at `tick` and its number of samples.
    pub fn at(&self, tick: i64) -> Option<(f64, u32)> {
        let after = self.runs.partition_point(|run| run.first_end <= tick);
        self.runs[..after].last()?.at(tick)
    }

    /// Lower and upper edge of the band at `tick`, with anomaly detection.
    pub fn edges(&self, tick: i64) -> Option<(f64, f64)> {
        let after = self.runs.partition_point(|run| run.first_end <= tick);
        let run = self.runs[..after].last()?;
        run.band.get(usize::try_from(tick.checked_sub(run.first_end)?).ok()?).copied()
    }

    /// Lower and upper edge of the band of the period that ends at `end`, with anomaly detection.
    pub fn edges_at(&self, end: EpochMs) -> Option<(f64, f64)> {
        self.edges(end.0.div_euclid(i64::from(self.step_s.max(1)) * 1_000))
    }

    /// End of the log: of the last minute in which any log event arrived.
    pub fn log_end(&self) -> Option<EpochMs> {
        self.log_minutes.map(|(_, last)| EpochMs((last + 1) * MINUTE))
    }

    /// The instant a tick stands for.
    pub fn time(&self, tick: i64) -> EpochMs {
        EpochMs(tick * i64::from(self.step_s) * 1_000)
    }
}

impl Run {
    /// The value of the period ending at `tick` and its number of samples.
    pub fn at(&self, tick: i64) -> Option<(f64, u32)> {
        let at = usize::try_from(tick.checked_sub(self.first_end)?).ok()?;
        self.values.get(at).filter(|value| !value.is_nan()).map(|&value| (value, self.sample_counts[at]))
    }
}
