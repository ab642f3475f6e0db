//! Statistics of weighted samples ("CloudWatch statistics definitions", cases `met-stat-*`).

use super::ranks::Ranks;
use crate::model::statistic::{Bounds, HUNDRED, Measure, Statistic, exact};

/// Count, sum, smallest and largest of some samples. Combines in any grouping.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Aggregate {
    /// Number of samples.
    pub count: u64,
    /// Their sum.
    pub sum: f64,
    /// The smallest; +∞ without samples.
    pub min: f64,
    /// The largest; −∞ without samples.
    pub max: f64,
}

impl Aggregate {
    /// No samples.
    pub const EMPTY: Self = Self { count: 0, sum: 0.0, min: f64::INFINITY, max: f64::NEG_INFINITY };

    /// Of samples given as value and number of occurrences.
    pub fn of(samples: &[(f64, u64)]) -> Self {
        samples.iter().fold(Self::EMPTY, |all, &(value, count)| {
            all.and(Self { count, sum: value * count as f64, min: value, max: value })
        })
    }

    /// Of both.
    pub fn and(self, other: Self) -> Self {
        Self {
            count: self.count + other.count,
            sum: self.sum + other.sum,
            min: self.min.min(other.min),
            max: self.max.max(other.max),
        }
    }

    /// A statistic that is not about ranks; `None` without samples.
    pub fn value(&self, statistic: Statistic) -> Option<f64> {
        (self.count > 0).then_some(match statistic {
            Statistic::SampleCount => self.count as f64,
            Statistic::Sum => self.sum,
            Statistic::Average => self.sum / self.count as f64,
            Statistic::Minimum => self.min,
            Statistic::Maximum => self.max,
            Statistic::Percentile(_) | Statistic::Bounded(..) => return None,
        })
    }
}

/// The statistic of a period's samples, each given as value and number of occurrences, in any order.
/// `None` when there is no sample, none inside the bounds of a mean, or for statistics about ranks when a value is
/// negative (case `met-stat-13`).
pub fn of(statistic: Statistic, samples: &[(f64, u64)]) -> Option<f64> {
    if !statistic.is_extended() {
        return Aggregate::of(samples).value(statistic);
    }
    if samples.iter().any(|&(value, _)| value < 0.0) {
        return None;
    }
    ranked(statistic, &Ranks::of(samples))
}

/// A statistic about ranks; `None` without samples, for one that is not about ranks, and for a mean when no sample is
/// inside the bounds.
pub fn ranked(statistic: Statistic, samples: &Ranks) -> Option<f64> {
    let last = samples.total().checked_sub(1)?;
    match statistic {
        Statistic::Percentile(percent) => Some(percentile(percent, last, samples)),
        Statistic::Bounded(measure, bounds) => bounded(measure, bounds, samples),
        _ => None,
    }
}

/// A percentile by linear interpolation between the closest ranks, rank = p/100 · (n−1). CloudWatch does not
/// document its interpolation; this is the default of numpy and of R.
fn percentile(percent: f64, last: u64, samples: &Ranks) -> f64 {
    let rank = exact(percent) * u128::from(last);
    let (below, beyond) = ((rank / HUNDRED) as u64, rank % HUNDRED);
    let low = samples.select(below);
    if beyond == 0 {
        return low;
    }
    let high = samples.select((below + 1).min(last));
    low + (high - low) * (beyond as f64 / HUNDRED as f64)
}

/// A statistic about the samples inside bounds. Values are bounded exclusively below and inclusively above (cases
/// `met-stat-6` to `met-stat-12`). How CloudWatch rounds percentages is undocumented: we choose whole samples, as many
/// as reach into the bounds, which leaves out ⌊from · n⌋ below and keeps ⌈to · n⌉.
fn bounded(measure: Measure, bounds: Bounds, samples: &Ranks) -> Option<f64> {
    let total = samples.total();
    let (from, to) = match bounds {
        Bounds::Percent(from, to) => (
            from.map_or(0, |from| (exact(from) * u128::from(total) / HUNDRED) as u64),
            to.map_or(total, |to| (exact(to) * u128::from(total)).div_ceil(HUNDRED) as u64),
        ),
        Bounds::Value(from, to) => {
            (from.map_or(0, |from| samples.up_to(from)), to.map_or(total, |to| samples.up_to(to)))
        }
    };
    let (count, sum) = (to.saturating_sub(from), samples.sum(from..to));
    match measure {
        Measure::TrimmedCount => Some(count as f64),
        Measure::TrimmedSum => Some(sum),
        Measure::PercentileRank => Some(100.0 * count as f64 / total as f64),
        Measure::TrimmedMean => (count > 0).then(|| sum / count as f64),
        Measure::WinsorizedMean => {
            // Samples outside move to the bound: to its value, or to the nearest sample inside a percentage.
            let (low, high) = match bounds {
                Bounds::Value(from, to) => (from, to),
                Bounds::Percent(..) if count == 0 => return None,
                Bounds::Percent(..) => (Some(samples.select(from)), Some(samples.select(to - 1))),
            };
            let moved = |bound: Option<f64>, count: u64| bound.map_or(0.0, |bound| bound * count as f64);
            Some((moved(low, from) + sum + moved(high, total - to.max(from))) / total as f64)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_interpolate_between_ranks() {
        let samples: Vec<_> = (1..=5).map(|value| (f64::from(value), 1)).collect();
        for (percent, expect) in [(50.0, 3.0), (25.0, 2.0), (90.0, 4.6), (100.0, 5.0)] {
            let got = of(Statistic::Percentile(percent), &samples).unwrap();
            assert!((got - expect).abs() < 1e-12, "p{percent}: {got}");
        }
        assert_eq!(of(Statistic::Percentile(99.0), &[(7.0, 1)]), Some(7.0));
        assert_eq!(of(Statistic::Percentile(50.0), &[(9.0, 1), (1.0, 3)]), Some(1.0));
    }

    #[test]
    fn bounds_leave_out_or_move() {
        let samples: Vec<_> = (1..=10).map(|value| (f64::from(value), 1)).collect();
        for (statistic, expect) in [
            ("tm90", 5.0),
            ("TM(10%:90%)", 5.5),
            ("IQM", 5.5),
            ("TC(20%:50%)", 3.0),
            ("TS(20%:50%)", 12.0),
            ("wm90", (45.0 + 9.0) / 10.0),
            ("WM(10%:90%)", (2.0 + 44.0 + 9.0) / 10.0),
            ("WM(2:5)", (2.0 * 2.0 + 12.0 + 5.0 * 5.0) / 10.0),
            ("WM(20:30)", 20.0),
            ("TC(20:30)", 0.0),
            ("PR(20:)", 0.0),
        ] {
            assert_eq!(of(statistic.parse().unwrap(), &samples), Some(expect), "{statistic}");
        }
        assert_eq!(of("TM(20:30)".parse().unwrap(), &samples), None, "nothing has no mean");
        assert_eq!(of("tm50".parse().unwrap(), &[(1.0, 1), (-1.0, 5)]), None, "a negative value");
    }

    #[test]
    fn shares_of_a_count_are_exact() {
        let samples: Vec<_> = (1..=101).map(|value| (f64::from(value), 1)).collect();
        let hundred = &samples[..100];
        for percent in 1..=100 {
            let share = f64::from(percent);
            let statistic = |text: String| text.parse().unwrap();
            assert_eq!(of(Statistic::Percentile(share), &samples), Some(share + 1.0), "p{percent}");
            assert_eq!(of(statistic(format!("tc{percent}")), hundred), Some(share), "tc{percent}");
            if percent < 100 {
                assert_eq!(of(statistic(format!("TC({percent}%:)")), hundred), Some(100.0 - share), "TC({percent}%:)");
            }
        }
    }

    #[test]
    fn nothing_has_no_statistic() {
        for statistic in
            ["SampleCount", "Sum", "Average", "Minimum", "Maximum", "p50", "tm90", "TC(1:2)", "PR(:3)", "wm5"]
        {
            assert_eq!(of(statistic.parse().unwrap(), &[]), None);
        }
    }
}
