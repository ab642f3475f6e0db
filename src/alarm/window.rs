//! When an alarm is evaluated and over which periods ("Alarm evaluation"; cases `al-sched-*`, `al-low-*`).

use crate::base::EpochMs;
use crate::base::time::{HOUR, MINUTE, SECOND};
use crate::model::alarm::MetricAlarm;
use crate::model::statistic::{HUNDRED, exact};

/// Minute of the hour in which multi-day alarms are evaluated here. Each real alarm has an offset of its own that
/// nobody can choose or see; this is the one of the example in "Alarm evaluation" (case `al-sched-6`).
pub const HOURLY_OFFSET_MINUTES: i64 = 3;

/// Periods an evaluation of N periods looks at: N + max(⌊N/3⌋, 2). CloudWatch shows five for N = 3 and documents no
/// rule; this is localstack's.
pub fn evaluation_range(evaluation_periods: u32) -> u32 {
    evaluation_periods.saturating_add((evaluation_periods / 3).max(2))
}

/// Whether the evaluation periods span more than a day.
pub fn is_multi_day(period_s: u32, evaluation_periods: u32) -> bool {
    u64::from(period_s) * u64::from(evaluation_periods) > 86_400
}

/// Seconds between two evaluations: 10 for periods below a minute, an hour for multi-day alarms, else a minute.
pub fn evaluation_frequency_s(period_s: u32, evaluation_periods: u32) -> u32 {
    match period_s {
        0..60 => 10,
        _ if is_multi_day(period_s, evaluation_periods) => 3_600,
        _ => 60,
    }
}

/// The times at which an alarm is evaluated.
///
/// Evaluations are numbered from the epoch by the end of the newest period they look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Schedule {
    every_ms: i64,
    offset_ms: i64,
}

impl Schedule {
    /// Of an alarm with so many periods of so many seconds; `hourly_offset` in minutes past the hour.
    pub fn new(period_s: u32, evaluation_periods: u32, hourly_offset: i64) -> Self {
        let every_ms = i64::from(evaluation_frequency_s(period_s, evaluation_periods)) * SECOND;
        Self { every_ms, offset_ms: if every_ms == HOUR { (hourly_offset * MINUTE).rem_euclid(HOUR) } else { 0 } }
    }

    /// The first evaluation at `time` or later.
    pub fn at_or_after(&self, time: EpochMs) -> EpochMs {
        EpochMs(time.0 + (self.offset_ms - time.0).rem_euclid(self.every_ms))
    }

    /// The last evaluation at `time` or earlier.
    pub fn at_or_before(&self, time: EpochMs) -> EpochMs {
        EpochMs(time.0 - (time.0 - self.offset_ms).rem_euclid(self.every_ms))
    }

    /// End of the newest period that the evaluation at `time` looks at: `time` itself, the last full hour for
    /// multi-day alarms.
    pub fn data_end(&self, time: EpochMs) -> EpochMs {
        time.floor_to(self.every_ms)
    }

    /// Number of the evaluation whose newest period ends at `time`, or the last one before.
    pub fn number_at(&self, time: EpochMs) -> i64 {
        time.0.div_euclid(self.every_ms)
    }

    /// When evaluation `number` takes place.
    pub fn time_of(&self, number: i64) -> EpochMs {
        EpochMs(number * self.every_ms + self.offset_ms)
    }
}

/// Starts of the newest `count` periods of an evaluation, oldest first. Periods slide with the evaluation time, they are
/// not clock-aligned (cases `al-sched-1`, `al-sched-2`).
pub fn period_starts(period_s: u32, count: u32, data_end: EpochMs) -> Vec<EpochMs> {
    (1..=i64::from(count)).rev().map(|k| EpochMs(data_end.0 - k * i64::from(period_s) * SECOND)).collect()
}

/// Whether a percentile of so many samples is statistically significant: 10/(1−p) samples from p50 up, 10/p below
/// ("Percentile-based alarms and low data samples").
pub fn enough_samples(percent: f64, samples: u64) -> bool {
    let percent = exact(percent);
    let tail = if 2 * percent >= HUNDRED { HUNDRED.saturating_sub(percent) } else { percent };
    u128::from(samples) * tail >= 10 * HUNDRED
}

/// The percentile whose sample count matters to this alarm: set to `ignore` with a percentile statistic.
pub fn low_sample_percentile(alarm: &MetricAlarm) -> Option<f64> {
    use crate::model::alarm::LowSampleCountPercentile::Ignore;
    use crate::model::statistic::Statistic::Percentile;
    match (alarm.statistic(), alarm.evaluate_low_sample_count_percentile) {
        (Percentile(percent), Ignore) => Some(percent),
        _ => None,
    }
}
