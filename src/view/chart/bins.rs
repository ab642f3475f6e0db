//! Buckets of the histogram: which step a range gets, and the answer laid out on it.
//!
//! The engine counts on a fixed grid; months and years are put together here from days.

use super::calendar::{BUCKET_STEPS, Step};
use crate::base::EpochMs;
use crate::base::time::DAY;
use crate::model::partial::HistogramPart;
use crate::view::TimeRange;
use std::collections::BTreeMap;

/// Narrowest bar worth drawing, with its gap, in CSS pixels.
const BAR_WIDTH: f64 = 5.0;

/// Events of one stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// First instant inside.
    pub from: EpochMs,
    /// First instant after it.
    pub to: EpochMs,
    /// Events without an error code.
    pub ok: u64,
    /// Events with an error code.
    pub error: u64,
}

impl Bucket {
    /// All events.
    pub fn total(&self) -> u64 {
        self.ok + self.error
    }
}

/// The buckets of a range, without the empty ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bins {
    /// Length of a bucket.
    pub step: Step,
    /// Distance of the zone from UTC in milliseconds.
    pub offset_ms: i64,
    /// Buckets with events, ascending.
    pub buckets: Vec<Bucket>,
}

/// The finest step whose bars stay wide enough to see.
pub fn bucket_step(range: TimeRange, width: f64) -> Step {
    let bars = (width / BAR_WIDTH).max(1.0);
    let least = range.millis() as f64 / bars;
    BUCKET_STEPS.into_iter().find(|step| step.typical_ms() as f64 >= least).unwrap_or(Step::Months(12))
}

/// The grid to count on for a step: bucket width and shift in milliseconds, as `Query::Histogram` takes them.
pub fn query_grid(step: Step, offset_ms: i64) -> (i64, i64) {
    match step {
        Step::Fixed(ms) => (ms, (-offset_ms).rem_euclid(ms)),
        Step::Week => (7 * DAY, (4 * DAY - offset_ms).rem_euclid(7 * DAY)),
        Step::Months(_) => (DAY, (-offset_ms).rem_euclid(DAY)),
    }
}

impl Bins {
    /// Lays an answer counted on [`query_grid`] out on the step.
    pub fn new(part: &HistogramPart, step: Step, offset_ms: i64) -> Self {
        let mut merged: BTreeMap<EpochMs, (u64, u64)> = BTreeMap::new();
        for (&start, &(ok, error)) in &part.buckets {
            let bucket = merged.entry(step.floor(EpochMs(start), offset_ms)).or_default();
            bucket.0 += ok;
            bucket.1 += error;
        }
        let buckets = merged
            .into_iter()
            .filter(|(_, (ok, error))| ok + error > 0)
            .map(|(from, (ok, error))| Bucket { from, to: step.next(from, offset_ms), ok, error })
            .collect();
        Self { step, offset_ms, buckets }
    }

    /// The bucket an instant lies in; one without events if it has none.
    pub fn at(&self, time: EpochMs) -> Bucket {
        let from = self.step.floor(time, self.offset_ms);
        match self.buckets.binary_search_by_key(&from, |bucket| bucket.from) {
            Ok(index) => self.buckets[index],
            Err(_) => Bucket { from, to: self.step.next(from, self.offset_ms), ok: 0, error: 0 },
        }
    }

    /// Events without and with an error code, summed.
    pub fn totals(&self) -> (u64, u64) {
        self.buckets.iter().fold((0, 0), |(ok, error), bucket| (ok + bucket.ok, error + bucket.error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::time::{HOUR, MINUTE};

    fn days(count: i64) -> TimeRange {
        TimeRange { from: EpochMs(0), to: EpochMs(count * DAY) }
    }

    #[test]
    fn the_step_fits_range_and_width() {
        assert_eq!(bucket_step(days(1), 1_200.0), Step::Fixed(10 * MINUTE));
        assert_eq!(bucket_step(days(14), 1_200.0), Step::Fixed(3 * HOUR));
        assert_eq!(bucket_step(days(14), 350.0), Step::Fixed(6 * HOUR));
        assert_eq!(bucket_step(days(400), 1_200.0), Step::Week);
        assert_eq!(bucket_step(days(40_000), 100.0), Step::Months(12));
        assert_eq!(bucket_step(TimeRange { from: EpochMs(0), to: EpochMs(1) }, 1_200.0), Step::Fixed(1_000));
    }

    #[test]
    fn the_grid_of_the_engine_starts_where_the_steps_do() {
        for step in BUCKET_STEPS {
            for offset_ms in [0, 5 * HOUR + 30 * MINUTE, -8 * HOUR] {
                let (width, shift) = query_grid(step, offset_ms);
                let time = 1_688_989_338_123;
                let start = EpochMs((time - shift).div_euclid(width) * width + shift);
                assert_eq!(step.floor(start, offset_ms), step.floor(EpochMs(time), offset_ms), "{step:?}");
                assert!((0..width).contains(&shift));
            }
        }
    }

    #[test]
    fn days_make_months_and_lookups_find_them() {
        let part = HistogramPart { buckets: (0..60).map(|day| (day * DAY, (2, u64::from(day == 40)))).collect() };
        let bins = Bins::new(&part, Step::Months(1), 0);
        let counts = bins.buckets.iter().map(|bucket| (bucket.ok, bucket.error)).collect::<Vec<_>>();
        assert_eq!(counts, [(62, 0), (56, 1), (2, 0)]);
        assert_eq!(bins.totals(), (120, 1));
        assert_eq!(bins.at(EpochMs(40 * DAY + 5)).total(), 57);
        assert_eq!(bins.at(EpochMs(400 * DAY)).total(), 0);
    }
}
