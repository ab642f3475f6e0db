//! Log events of one metric filter → [`SeriesPart`].
//!
//! Called once or twice per log event, so a minute that repeats costs a comparison and an addition; only a
//! change of minute, value or dimensions goes through a map.

use crate::model::partial::{MinuteSeries, SeriesPart};
use hashbrown::HashMap;

/// Collects what a metric filter publishes, event by event, in any order.
#[derive(Debug)]
pub struct Collector {
    dimension_count: usize,
    log_minutes: Counter<i64>,
    matched_minutes: Counter<i64>,
    sets: HashMap<Vec<String>, usize>,
    samples: Vec<Counter<(i64, u64)>>,
    undated: u64,
    without_value: u64,
    without_dimension: u64,
}

impl Collector {
    /// For a metric filter with so many dimensions (0..=3).
    pub fn new(dimension_count: usize) -> Self {
        Self {
            dimension_count,
            log_minutes: Counter::default(),
            matched_minutes: Counter::default(),
            sets: HashMap::new(),
            samples: Vec::new(),
            undated: 0,
            without_value: 0,
            without_dimension: 0,
        }
    }

    /// A log event arrived in `minute` (whole minutes since the epoch), matching or not.
    pub fn log_event(&mut self, minute: i64) {
        self.log_minutes.add(minute, 1);
    }

    /// A matching event. `value` is `None` when the value reference selects nothing numeric, `dimensions` is `None`
    /// when a dimension field is absent; without dimensions it is ignored. Such events make no sample, but
    /// their minute counts as matched, so that no default value is published (case `met-mf-2` for the default).
    pub fn matched(&mut self, minute: i64, value: Option<f64>, dimensions: Option<Vec<String>>) {
        self.matched_minutes.add(minute, 1);
        let value = value.filter(|value| value.is_finite());
        let dimensions = if self.dimension_count == 0 { Some(Vec::new()) } else { dimensions };
        self.without_value += u64::from(value.is_none());
        self.without_dimension += u64::from(dimensions.is_none());
        if let (Some(value), Some(dimensions)) = (value, dimensions) {
            let set = self.set(dimensions);
            // Adding 0.0 makes -0.0 the same key as 0.0.
            self.samples[set].add((minute, (value + 0.0).to_bits()), 1);
        }
    }

    /// A matching event without a readable time.
    pub fn matched_undated(&mut self) {
        self.undated += 1;
    }

    /// What was collected.
    pub fn finish(self) -> SeriesPart {
        let mut series: Vec<MinuteSeries> = self.samples.into_iter().map(minute_series).collect();
        SeriesPart {
            series: self.sets.into_iter().map(|(set, at)| (set, std::mem::take(&mut series[at]))).collect(),
            log_minutes: self.log_minutes.finish().into_iter().collect(),
            matched_minutes: self.matched_minutes.finish().into_iter().collect(),
            undated: self.undated,
            without_value: self.without_value,
            without_dimension: self.without_dimension,
        }
    }

    fn set(&mut self, dimensions: Vec<String>) -> usize {
        let next = self.samples.len();
        let set = *self.sets.entry(dimensions).or_insert(next);
        if set == next {
            self.samples.push(Counter::default());
        }
        set
    }
}

fn minute_series(samples: Counter<(i64, u64)>) -> MinuteSeries {
    let mut minutes = MinuteSeries::new();
    for ((minute, bits), count) in samples.finish() {
        minutes.entry(minute).or_default().values.insert(bits, count);
    }
    minutes
}

/// Counts keys that mostly repeat the one before.
#[derive(Debug)]
struct Counter<K> {
    counts: HashMap<K, u64>,
    last: Option<(K, u64)>,
}

impl<K> Default for Counter<K> {
    fn default() -> Self {
        Self { counts: HashMap::new(), last: None }
    }
}

impl<K: Copy + Eq + std::hash::Hash> Counter<K> {
    #[inline]
    fn add(&mut self, key: K, count: u64) {
        match &mut self.last {
            Some((last, sum)) if *last == key => *sum += count,
            last => {
                if let Some((key, sum)) = last.replace((key, count)) {
                    *self.counts.entry(key).or_default() += sum;
                }
            }
        }
    }

    fn finish(mut self) -> HashMap<K, u64> {
        if let Some((key, sum)) = self.last {
            *self.counts.entry(key).or_default() += sum;
        }
        self.counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_keeps_distinct_values_with_their_counts() {
        let mut collector = Collector::new(0);
        for (minute, value) in [(7, 1.0), (8, 2.0), (7, 1.0), (7, -0.0), (7, 0.0)] {
            collector.log_event(minute);
            collector.matched(minute, Some(value), None);
        }
        collector.log_event(9);
        let part = collector.finish();
        let minutes = &part.series[&Vec::new()];
        assert_eq!(minutes[&7].values, [(0f64.to_bits(), 2), (1f64.to_bits(), 2)].into());
        assert_eq!(minutes[&8].values, [(2f64.to_bits(), 1)].into());
        assert_eq!(part.log_minutes, [(7, 4), (8, 1), (9, 1)].into());
        assert_eq!(part.matched_minutes, [(7, 4), (8, 1)].into());
    }

    #[test]
    fn events_without_value_or_dimension_are_counted_and_make_no_sample() {
        let mut collector = Collector::new(1);
        collector.matched(1, None, Some(vec!["a".into()]));
        collector.matched(1, Some(f64::NAN), Some(vec!["a".into()]));
        collector.matched(1, Some(1.0), None);
        collector.matched(1, Some(1.0), Some(vec!["b".into()]));
        collector.matched_undated();
        let part = collector.finish();
        assert_eq!((part.without_value, part.without_dimension, part.undated), (2, 1, 1));
        assert_eq!(part.series.keys().collect::<Vec<_>>(), [&vec!["b".to_string()]]);
        assert_eq!(part.matched_minutes, [(1, 4)].into());
    }
}
