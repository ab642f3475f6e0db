//! Turns shares of a trail into instants, so that more happens by day and on working days.

use super::company;
use crate::base::EpochMs;
use crate::base::time::{DAY, HOUR, SECOND};

/// The course of activity over all days.
pub(super) struct Clock {
    start: EpochMs,
    /// Activity before each hour, and before the end.
    before: Vec<f64>,
}

impl Clock {
    /// From midnight `start` for so many days, which are at least one.
    pub(super) fn new(start: EpochMs, days: u32) -> Self {
        let hours = i64::from(days.max(1)) * (DAY / HOUR);
        let mut before = vec![0.0];
        let mut sum = 0.0;
        for hour in 0..hours {
            sum += company::activity(EpochMs(start.0 + hour * HOUR + HOUR / 2));
            before.push(sum);
        }
        Self { start, before }
    }

    /// When `done` of `all` events have happened, to the second.
    pub(super) fn at(&self, done: u64, all: u64) -> EpochMs {
        let last = self.before.len() - 1;
        let passed = self.before[last] * (done.min(all) as f64 / all.max(1) as f64);
        let hour = self.before.partition_point(|&before| before <= passed).clamp(1, last) - 1;
        let within = (passed - self.before[hour]) / (self.before[hour + 1] - self.before[hour]);
        EpochMs(self.start.0 + hour as i64 * HOUR + (within * HOUR as f64) as i64).floor_to(SECOND)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_passes_from_the_first_instant_to_the_last_and_slower_at_night() {
        let start = EpochMs(1_704_067_200_000); // a Monday
        let clock = Clock::new(start, 2);
        assert_eq!((clock.at(0, 1_000), clock.at(1_000, 1_000)), (start, EpochMs(start.0 + 2 * DAY)));
        let times: Vec<_> = (0..=1_000).map(|done| clock.at(done, 1_000)).collect();
        assert!(times.is_sorted());
        let by_day = times.iter().filter(|time| (8..16).contains(&time.civil().hour)).count();
        assert!(by_day > 500, "{by_day} of 1,000 events in eight working hours");
        assert_eq!(clock.at(0, 0), start);
    }
}
