//! Steps of the calendar: what time axes and buckets are aligned to.
//!
//! A step always starts on a boundary a person would name: a full minute, midnight, a Monday, the first of a
//! month. `offset_ms` is the zone's distance from UTC (east is positive); days, weeks, months and years follow it.

use crate::base::EpochMs;
use crate::base::time::{DAY, HOUR, MINUTE, SECOND, days_from_civil};

/// 1970-01-05, the first Monday after the epoch, where weeks are counted from.
const MONDAY: i64 = 4 * DAY;

/// Length of one unit on a time axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// Fixed length in milliseconds, counted from the epoch.
    Fixed(i64),
    /// Seven days from Monday.
    Week,
    /// Calendar months; a year is twelve.
    Months(u32),
}

/// Steps of time axes, ascending.
pub const TICK_STEPS: [Step; 26] = [
    Step::Fixed(SECOND),
    Step::Fixed(2 * SECOND),
    Step::Fixed(5 * SECOND),
    Step::Fixed(10 * SECOND),
    Step::Fixed(15 * SECOND),
    Step::Fixed(30 * SECOND),
    Step::Fixed(MINUTE),
    Step::Fixed(2 * MINUTE),
    Step::Fixed(5 * MINUTE),
    Step::Fixed(10 * MINUTE),
    Step::Fixed(15 * MINUTE),
    Step::Fixed(30 * MINUTE),
    Step::Fixed(HOUR),
    Step::Fixed(2 * HOUR),
    Step::Fixed(3 * HOUR),
    Step::Fixed(6 * HOUR),
    Step::Fixed(12 * HOUR),
    Step::Fixed(DAY),
    Step::Fixed(2 * DAY),
    Step::Fixed(3 * DAY),
    Step::Week,
    Step::Months(1),
    Step::Months(3),
    Step::Months(12),
    Step::Months(60),
    Step::Months(120),
];

/// Steps of histogram buckets, ascending.
pub const BUCKET_STEPS: [Step; 18] = [
    Step::Fixed(SECOND),
    Step::Fixed(5 * SECOND),
    Step::Fixed(15 * SECOND),
    Step::Fixed(30 * SECOND),
    Step::Fixed(MINUTE),
    Step::Fixed(5 * MINUTE),
    Step::Fixed(10 * MINUTE),
    Step::Fixed(15 * MINUTE),
    Step::Fixed(30 * MINUTE),
    Step::Fixed(HOUR),
    Step::Fixed(3 * HOUR),
    Step::Fixed(6 * HOUR),
    Step::Fixed(12 * HOUR),
    Step::Fixed(DAY),
    Step::Week,
    Step::Months(1),
    Step::Months(3),
    Step::Months(12),
];

impl Step {
    /// Usual length in milliseconds (a month is 30.44 days).
    pub fn typical_ms(self) -> i64 {
        match self {
            Self::Fixed(ms) => ms,
            Self::Week => 7 * DAY,
            Self::Months(months) => i64::from(months) * 2_629_746 * SECOND,
        }
    }

    /// Start of the step the instant lies in.
    pub fn floor(self, at: EpochMs, offset_ms: i64) -> EpochMs {
        let local = at.0.saturating_add(offset_ms);
        let start = match self {
            Self::Fixed(ms) => local.div_euclid(ms) * ms,
            Self::Week => (local - MONDAY).div_euclid(7 * DAY) * 7 * DAY + MONDAY,
            Self::Months(months) => {
                let civil = EpochMs(local).civil();
                let months = i64::from(months);
                let month = (civil.year * 12 + i64::from(civil.month) - 1).div_euclid(months) * months;
                month_start(month)
            }
        };
        EpochMs(start - offset_ms)
    }

    /// Start of the step after the one the instant lies in.
    pub fn next(self, at: EpochMs, offset_ms: i64) -> EpochMs {
        let start = self.floor(at, offset_ms);
        match self {
            Self::Fixed(ms) => EpochMs(start.0 + ms),
            Self::Week => EpochMs(start.0 + 7 * DAY),
            Self::Months(months) => {
                let civil = EpochMs(start.0 + offset_ms).civil();
                let month = civil.year * 12 + i64::from(civil.month) - 1 + i64::from(months);
                EpochMs(month_start(month) - offset_ms)
            }
        }
    }

    /// The first start of a step that is not before the instant.
    pub fn ceil(self, at: EpochMs, offset_ms: i64) -> EpochMs {
        let start = self.floor(at, offset_ms);
        if start == at { at } else { self.next(at, offset_ms) }
    }

    /// The last start of a step before the instant.
    pub fn before(self, at: EpochMs, offset_ms: i64) -> EpochMs {
        self.floor(EpochMs(at.0 - 1), offset_ms)
    }

    /// `5 minutes`, `1 week`, `3 months`, `1 year`.
    pub fn label(self) -> String {
        let (count, unit) = match self {
            Self::Fixed(ms) if ms % DAY == 0 => (ms / DAY, "day"),
            Self::Fixed(ms) if ms % HOUR == 0 => (ms / HOUR, "hour"),
            Self::Fixed(ms) if ms % MINUTE == 0 => (ms / MINUTE, "minute"),
            Self::Fixed(ms) => (ms / SECOND, "second"),
            Self::Week => (1, "week"),
            Self::Months(months) if months % 12 == 0 => (i64::from(months / 12), "year"),
            Self::Months(months) => (i64::from(months), "month"),
        };
        format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
    }
}

/// Midnight of the first day of a month counted from the year 0, in local milliseconds.
fn month_start(month: i64) -> i64 {
    days_from_civil(month.div_euclid(12), month.rem_euclid(12) as u32 + 1, 1) * DAY
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> EpochMs {
        EpochMs::parse(text).unwrap()
    }

    #[test]
    fn steps_start_where_a_person_expects() {
        let check = |step: Step, offset: i64, floor: &str, next: &str| {
            let time = at("2024-02-29T13:47:31Z");
            assert_eq!(step.floor(time, offset).to_rfc3339(), floor, "{step:?}");
            assert_eq!(step.next(time, offset).to_rfc3339(), next, "{step:?}");
        };
        check(Step::Fixed(15 * MINUTE), 0, "2024-02-29T13:45:00Z", "2024-02-29T14:00:00Z");
        check(Step::Fixed(DAY), 0, "2024-02-29T00:00:00Z", "2024-03-01T00:00:00Z");
        check(Step::Fixed(DAY), 2 * HOUR, "2024-02-28T22:00:00Z", "2024-02-29T22:00:00Z");
        check(Step::Fixed(DAY), -8 * HOUR, "2024-02-29T08:00:00Z", "2024-03-01T08:00:00Z");
        check(Step::Week, 0, "2024-02-26T00:00:00Z", "2024-03-04T00:00:00Z");
        check(Step::Months(1), 0, "2024-02-01T00:00:00Z", "2024-03-01T00:00:00Z");
        check(Step::Months(3), HOUR, "2023-12-31T23:00:00Z", "2024-03-31T23:00:00Z");
        check(Step::Months(12), 0, "2024-01-01T00:00:00Z", "2025-01-01T00:00:00Z");
    }

    #[test]
    fn boundaries_are_their_own_floor_and_ceiling() {
        for step in TICK_STEPS.into_iter().chain(BUCKET_STEPS) {
            for offset in [0, 5 * HOUR + 30 * MINUTE, -3 * HOUR] {
                let start = step.floor(at("2023-07-10T11:42:18Z"), offset);
                assert_eq!(step.floor(start, offset), start, "{step:?}");
                assert_eq!(step.ceil(start, offset), start, "{step:?}");
                assert_eq!(step.before(step.next(start, offset), offset), start, "{step:?}");
            }
        }
    }

    #[test]
    fn lists_ascend_and_read_well() {
        assert!(TICK_STEPS.is_sorted_by_key(|step| step.typical_ms()));
        assert!(BUCKET_STEPS.is_sorted_by_key(|step| step.typical_ms()));
        let labels = [Step::Fixed(SECOND), Step::Fixed(15 * MINUTE), Step::Week, Step::Months(3), Step::Months(12)]
            .map(Step::label);
        assert_eq!(labels, ["1 second", "15 minutes", "1 week", "3 months", "1 year"]);
    }
}
