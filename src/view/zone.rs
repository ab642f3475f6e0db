//! A time zone as a table of UTC offsets over the span of the data.
//!
//! The browser knows zones (`Intl`), the core does not: the page samples the offsets once per data set
//! and everything else looks them up here.

use crate::base::EpochMs;
use crate::base::time::{DAY, MINUTE};

/// Offsets from UTC, in force from an instant on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone {
    /// Short name shown next to times: `UTC`, `Europe/Berlin`.
    pub name: String,
    /// (first instant, offset in milliseconds), ascending; the first entry also holds before its instant.
    changes: Vec<(EpochMs, i64)>,
}

impl Default for Zone {
    fn default() -> Self {
        Self::fixed("UTC", 0)
    }
}

impl Zone {
    /// A zone with one offset, in milliseconds east of Greenwich.
    pub fn fixed(name: &str, offset_ms: i64) -> Self {
        Self { name: name.into(), changes: vec![(EpochMs(i64::MIN), offset_ms)] }
    }

    /// Finds the offset changes between two instants by asking `offset_at` (milliseconds) once a day and
    /// bisecting to the minute where the answer differs.
    pub fn sample(name: &str, from: EpochMs, to: EpochMs, offset_at: impl Fn(EpochMs) -> i64) -> Self {
        let mut offset = offset_at(from);
        let mut changes = vec![(from, offset)];
        let mut day = from;
        while day < to {
            let next = EpochMs((day.0 + DAY).min(to.0));
            let new = offset_at(next);
            if new != offset {
                let (mut before, mut after) = (day.0, next.0);
                while after - before > MINUTE {
                    let middle = before + (after - before) / 2;
                    if offset_at(EpochMs(middle)) == offset { before = middle } else { after = middle }
                }
                changes.push((EpochMs(after).floor_to(MINUTE), new));
                offset = new;
            }
            day = next;
        }
        Self { name: name.into(), changes }
    }

    /// Milliseconds to add to UTC at this instant.
    pub fn offset_at(&self, time: EpochMs) -> i64 {
        let after = self.changes.partition_point(|(from, _)| *from <= time);
        self.changes[after.saturating_sub(1)].1
    }

    /// The instant whose UTC calendar fields are the zone's local fields at `time`.
    pub fn local(&self, time: EpochMs) -> EpochMs {
        EpochMs(time.0.saturating_add(self.offset_at(time)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> EpochMs {
        EpochMs::parse(text).unwrap()
    }

    #[test]
    fn summer_time_is_found_to_the_minute() {
        let change = at("2024-03-31T01:00:00Z");
        let berlin = |time: EpochMs| if time < change { 3_600_000 } else { 7_200_000 };
        let zone = Zone::sample("Europe/Berlin", at("2024-03-01T12:34:56Z"), at("2024-04-20T00:00:00Z"), berlin);
        assert_eq!(zone.offset_at(EpochMs(change.0 - 1)), 3_600_000);
        assert_eq!(zone.offset_at(change), 7_200_000);
        assert_eq!(zone.offset_at(at("1999-01-01T00:00:00Z")), 3_600_000);
        assert_eq!(zone.offset_at(at("2999-01-01T00:00:00Z")), 7_200_000);
        assert_eq!(zone.local(change), at("2024-03-31T03:00:00Z"));
    }

    #[test]
    fn utc_has_no_offset() {
        assert_eq!(Zone::default().offset_at(EpochMs(0)), 0);
    }
}
