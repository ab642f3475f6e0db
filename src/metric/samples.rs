//! The samples of one metric, minute by minute, default values included.

use crate::model::partial::SeriesPart;
use crate::model::series::Sliding;

/// Samples of one metric by minute. Minutes ascend; within a minute values ascend.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Samples {
    minutes: Vec<i64>,
    starts: Vec<usize>,
    values: Vec<(f64, u64)>,
    logged: Vec<(i64, i64)>,
}

impl Samples {
    /// The samples of one dimension set of `part` (the empty slice without dimensions).
    ///
    /// `default` is published once in each minute that has log events but no match; a minute without log
    /// events gets nothing (cases `met-mf-1`, `met-mf-2`, `met-mf-3`).
    pub fn new(part: &SeriesPart, dimensions: &[String], default: Option<f64>) -> Self {
        let mut samples = Self::none(part);
        let mut defaults = part
            .log_minutes
            .keys()
            .copied()
            .filter(|minute| !part.matched_minutes.contains_key(minute))
            .zip(std::iter::repeat(default))
            .filter_map(|(minute, default)| Some((minute, default?)))
            .peekable();
        for (&minute, published) in part.series.get(dimensions).into_iter().flatten() {
            while let Some((earlier, default)) = defaults.next_if(|&(at, _)| at < minute) {
                samples.push(earlier, [(default, 1)]);
            }
            samples.push(minute, published.values.iter().map(|(&bits, &count)| (f64::from_bits(bits), count)));
        }
        for (minute, default) in defaults {
            samples.push(minute, [(default, 1)]);
        }
        samples
    }

    /// Of a metric that is never there, over the time of `part`.
    pub fn none(part: &SeriesPart) -> Self {
        let mut logged: Vec<(i64, i64)> = Vec::new();
        for &minute in part.log_minutes.keys() {
            match logged.last_mut() {
                Some((_, last)) if minute - *last < Sliding::GAP_S / 60 => *last = minute,
                _ => logged.push((minute, minute)),
            }
        }
        Self { logged, ..Self::default() }
    }

    /// The same samples, each so many minutes later: an event counts when it reaches the log group, not when it happened.
    pub fn delayed(mut self, minutes: u32) -> Self {
        let minutes = i64::from(minutes);
        self.minutes.iter_mut().for_each(|minute| *minute += minutes);
        for (first, last) in &mut self.logged {
            (*first, *last) = (*first + minutes, *last + minutes);
        }
        self
    }

    /// Every metric of `part` with its dimension values. Without dimensions that is one metric, even if it has no
    /// sample; with dimensions each combination seen is a metric of its own (case `met-mf-8`).
    pub fn all(part: &SeriesPart, dimension_count: usize, default: Option<f64>) -> Vec<(Vec<String>, Self)> {
        if dimension_count == 0 {
            return vec![(Vec::new(), Self::new(part, &[], default))];
        }
        part.series.keys().map(|dimensions| (dimensions.clone(), Self::new(part, dimensions, None))).collect()
    }

    /// Minutes with samples, ascending, and their samples as value and number of occurrences.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (i64, &[(f64, u64)])> + Clone {
        (0..self.minutes.len()).map(|at| (self.minutes[at], self.minute_values(at)))
    }

    /// First and last minute in which any log event arrived.
    pub fn log_minutes(&self) -> Option<(i64, i64)> {
        Some((self.logged.first()?.0, self.logged.last()?.1))
    }

    /// Stretches of minutes with log events, as in [`Sliding::logged`].
    pub fn logged(&self) -> &[(i64, i64)] {
        &self.logged
    }

    /// Whether a sample is negative, which makes percentiles unavailable for the metric.
    pub fn any_negative(&self) -> bool {
        self.values.iter().any(|&(value, _)| value < 0.0)
    }

    fn minute_values(&self, at: usize) -> &[(f64, u64)] {
        &self.values[self.starts[at]..self.starts.get(at + 1).copied().unwrap_or(self.values.len())]
    }

    fn push(&mut self, minute: i64, values: impl IntoIterator<Item = (f64, u64)>) {
        self.minutes.push(minute);
        self.starts.push(self.values.len());
        self.values.extend(values);
        self.values[self.starts[self.starts.len() - 1]..].sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    }
}
