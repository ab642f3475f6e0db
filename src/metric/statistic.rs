//! Statistics of weighted samples ("CloudWatch statistics definitions", cases `met-stat-*`).

use crate::model::metric::Statistic;

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

    /// A statistic other than a percentile; `None` without samples.
    pub fn value(&self, statistic: Statistic) -> Option<f64> {
        (self.count > 0).then_some(match statistic {
            Statistic::SampleCount => self.count as f64,
            Statistic::Sum => self.sum,
            Statistic::Average => self.sum / self.count as f64,
            Statistic::Minimum => self.min,
            Statistic::Maximum => self.max,
            Statistic::Percentile(_) => return None,
        })
    }
}

/// The statistic of a period's samples, each given as value and number of occurrences, in any order.
/// `None` when there is no sample, or for a percentile when a value is negative (case `met-stat-13`).
pub fn of(statistic: Statistic, samples: &[(f64, u64)]) -> Option<f64> {
    let Statistic::Percentile(percent) = statistic else {
        return Aggregate::of(samples).value(statistic);
    };
    if samples.iter().any(|&(value, _)| value < 0.0) {
        return None;
    }
    let mut sorted = samples.to_vec();
    sorted.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    percentile(percent, sorted.iter().map(|&(_, count)| count).sum(), |rank| {
        let mut passed = 0;
        sorted
            .iter()
            .find(|&&(_, count)| {
                passed += count;
                passed > rank
            })
            .map_or(f64::NAN, |&(value, _)| value)
    })
}

/// A percentile by linear interpolation between the closest ranks, rank = p/100 · (n−1). CloudWatch does not
/// document its interpolation; this is the default of numpy and of R. `select` gives the sample of a zero-based rank.
pub fn percentile(percent: f64, count: u64, mut select: impl FnMut(u64) -> f64) -> Option<f64> {
    let last = count.checked_sub(1)?;
    let rank = percent / 100.0 * last as f64;
    let below = rank.floor();
    let low = select(below as u64);
    if rank == below {
        return Some(low);
    }
    let high = select((below as u64 + 1).min(last));
    Some(low + (high - low) * (rank - below))
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
    fn nothing_has_no_statistic() {
        for statistic in ["SampleCount", "Sum", "Average", "Minimum", "Maximum", "p50"] {
            assert_eq!(of(statistic.parse().unwrap(), &[]), None);
        }
    }
}
