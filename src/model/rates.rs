//! Calls and errors per minute: what CloudTrail Insights looks at.

use super::partial::Merge;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Minutes in an hour.
const HOUR: i64 = 60;

/// What is counted together.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RateKey {
    /// Account whose trail recorded the calls.
    pub account: String,
    /// Region.
    pub region: String,
    /// `eventSource`.
    pub source: String,
    /// `eventName`.
    pub name: String,
    /// Only errors with this code; all write calls when there is none.
    pub error: Option<String>,
}

/// Calls of each kind per minute.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RatesPart {
    /// Kind → minutes since the epoch with at least one, ascending, and how many there were.
    pub counts: BTreeMap<RateKey, Vec<(i64, u32)>>,
    /// Account and Region → hours since the epoch with any event, one bit for each of its minutes.
    pub minutes: BTreeMap<(String, String), BTreeMap<i64, u64>>,
    /// Events of kinds beyond the number that a worker counts.
    pub omitted: u64,
}

impl RatesPart {
    /// Notes that there was something in a minute of an account and Region.
    pub fn mark(hours: &mut BTreeMap<i64, u64>, minute: i64) {
        *hours.entry(minute.div_euclid(HOUR)).or_default() |= 1 << minute.rem_euclid(HOUR);
    }

    /// The minutes of an account and Region in which anything was recorded, ascending.
    pub fn recorded(hours: &BTreeMap<i64, u64>) -> impl Iterator<Item = i64> {
        hours.iter().flat_map(|(hour, bits)| {
            (0..HOUR).filter(move |minute| bits >> minute & 1 == 1).map(move |minute| hour * HOUR + minute)
        })
    }
}

impl Merge for RatesPart {
    fn merge(&mut self, other: Self) {
        for (key, counts) in other.counts {
            let known = self.counts.entry(key).or_default();
            *known = added(known, &counts);
        }
        for (place, hours) in other.minutes {
            let known = self.minutes.entry(place).or_default();
            for (hour, bits) in hours {
                *known.entry(hour).or_default() |= bits;
            }
        }
        self.omitted += other.omitted;
    }
}

/// Two ascending lists as one.
fn added(one: &[(i64, u32)], other: &[(i64, u32)]) -> Vec<(i64, u32)> {
    let mut all = [one, other].concat();
    // Two runs in order, which a stable sort only merges.
    all.sort_by_key(|(minute, _)| *minute);
    all.dedup_by(|next, known| {
        let is_same = next.0 == known.0;
        if is_same {
            known.1 = known.1.saturating_add(next.1);
        }
        is_same
    });
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_of_two_workers_add_up_minute_by_minute() {
        let part = |counts: &[(i64, u32)], minutes: &[i64]| {
            let mut hours = BTreeMap::new();
            minutes.iter().for_each(|minute| RatesPart::mark(&mut hours, *minute));
            RatesPart {
                counts: [(RateKey::default(), counts.to_vec())].into(),
                minutes: [(Default::default(), hours)].into(),
                omitted: 1,
            }
        };
        let mut one = part(&[(1, 2), (5, 1), (9, 4)], &[1, 59, 60]);
        one.merge(part(&[(0, 1), (5, 3), (11, 1)], &[-1, 59, 61]));
        assert_eq!(one.counts[&RateKey::default()], [(0, 1), (1, 2), (5, 4), (9, 4), (11, 1)]);
        let minutes: Vec<i64> = RatesPart::recorded(&one.minutes[&Default::default()]).collect();
        assert_eq!((minutes, one.omitted), (vec![-1, 1, 59, 60, 61], 2));
    }
}
