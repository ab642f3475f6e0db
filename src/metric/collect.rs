//! Log events of one metric filter → [`SeriesPart`].
//!
//! Called once or twice per log event, so an event costs a comparison and an addition; only a change of the hour or so,
//! of the value or of the dimensions goes through a map.

use crate::model::partial::{MinuteSamples, MinuteSeries, SeriesPart};
use hashbrown::HashMap;
use std::collections::BTreeMap;

/// The largest value of a metric, 2^360, and with a minus sign the smallest
/// (<https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html>).
const LARGEST: f64 = f64::from_bits((1023 + 360) << 52);

/// Collects what a metric filter publishes, event by event, in any order.
#[derive(Debug)]
pub struct Collector {
    dimension_count: usize,
    log_minutes: Minutes,
    matched_minutes: Minutes,
    sets: HashMap<Vec<String>, usize>,
    samples: Vec<Samples>,
    undated: u64,
    without_value: u64,
    without_dimension: u64,
}

impl Collector {
    /// For a metric filter with so many dimensions (0..=3).
    pub fn new(dimension_count: usize) -> Self {
        Self {
            dimension_count,
            log_minutes: Minutes::default(),
            matched_minutes: Minutes::default(),
            sets: HashMap::new(),
            samples: Vec::new(),
            undated: 0,
            without_value: 0,
            without_dimension: 0,
        }
    }

    /// A log event arrived in `minute` (whole minutes since the epoch), matching or not.
    pub fn log_event(&mut self, minute: i64) {
        self.log_minutes.add(minute);
    }

    /// A matching event. `value` is `None` when the value reference selects nothing numeric, `dimensions` is `None`
    /// when a dimension field is absent; without dimensions it is ignored. A value beyond [`LARGEST`] is none. Such events make no sample, but
    /// their minute counts as matched, so that no default value is published (case `met-mf-2` for the default).
    pub fn matched(&mut self, minute: i64, value: Option<f64>, dimensions: Option<Vec<String>>) {
        self.matched_minutes.add(minute);
        let value = value.filter(|value| value.abs() <= LARGEST);
        let dimensions = if self.dimension_count == 0 { Some(Vec::new()) } else { dimensions };
        self.without_value += u64::from(value.is_none());
        self.without_dimension += u64::from(dimensions.is_none());
        if let (Some(value), Some(dimensions)) = (value, dimensions) {
            let set = self.set(dimensions);
            // Adding 0.0 makes -0.0 the same key as 0.0.
            self.samples[set].add(minute, (value + 0.0).to_bits());
        }
    }

    /// A matching event without a readable time.
    pub fn matched_undated(&mut self) {
        self.undated += 1;
    }

    /// What was collected.
    pub fn finish(self) -> SeriesPart {
        let mut series: Vec<MinuteSeries> = self.samples.into_iter().map(Samples::finish).collect();
        SeriesPart {
            series: self.sets.into_iter().map(|(set, at)| (set, std::mem::take(&mut series[at]))).collect(),
            log_minutes: self.log_minutes.finish().collect(),
            matched_minutes: self.matched_minutes.finish().collect(),
            undated: self.undated,
            without_value: self.without_value,
            without_dimension: self.without_dimension,
            oversize: None,
        }
    }

    fn set(&mut self, dimensions: Vec<String>) -> usize {
        let next = self.samples.len();
        let set = *self.sets.entry(dimensions).or_insert(next);
        if set == next {
            self.samples.push(Samples::default());
        }
        set
    }
}

/// The samples of one dimension set. Most metrics have one value, 1, so the first value seen is counted like events.
#[derive(Debug, Default)]
struct Samples {
    usual: Option<u64>,
    usual_minutes: Minutes,
    others: HashMap<(i64, u64), u64>,
}

impl Samples {
    #[inline]
    fn add(&mut self, minute: i64, bits: u64) {
        if *self.usual.get_or_insert(bits) == bits {
            self.usual_minutes.add(minute);
        } else {
            *self.others.entry((minute, bits)).or_default() += 1;
        }
    }

    fn finish(self) -> MinuteSeries {
        let usual = self.usual.unwrap_or_default();
        let one = |(minute, count)| (minute, MinuteSamples { values: BTreeMap::from([(usual, count)]) });
        let mut minutes: MinuteSeries = self.usual_minutes.finish().map(one).collect();
        for ((minute, bits), count) in self.others {
            minutes.entry(minute).or_default().values.insert(bits, count);
        }
        minutes
    }
}

/// Minutes that share a page of a [`Minutes`].
const PAGE: i64 = 64;

/// Counts minutes. Events come nearly in the order of time, so the page in use is mostly that of the event before.
#[derive(Debug, Default)]
struct Minutes {
    pages: HashMap<i64, usize>,
    counts: Vec<[u32; PAGE as usize]>,
    /// Number and place of the page last used.
    last: Option<(i64, usize)>,
}

impl Minutes {
    #[inline]
    fn add(&mut self, minute: i64) {
        let number = minute.div_euclid(PAGE);
        let at = match self.last {
            Some((last, at)) if last == number => at,
            _ => self.turn_to(number),
        };
        self.counts[at][minute.rem_euclid(PAGE) as usize] += 1;
    }

    fn turn_to(&mut self, number: i64) -> usize {
        let next = self.counts.len();
        let at = *self.pages.entry(number).or_insert(next);
        if at == next {
            self.counts.push([0; PAGE as usize]);
        }
        self.last = Some((number, at));
        at
    }

    /// The minutes that occurred and how often, ascending.
    fn finish(self) -> impl Iterator<Item = (i64, u64)> {
        let mut pages: Vec<(i64, usize)> = self.pages.into_iter().collect();
        pages.sort_unstable();
        let counts = self.counts;
        pages.into_iter().flat_map(move |(number, at)| {
            let minutes = (number * PAGE..).zip(counts[at]);
            minutes.filter(|(_, count)| *count > 0).map(|(minute, count)| (minute, u64::from(count)))
        })
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
        collector.matched(1, Some(-1.7e308), Some(vec!["a".into()]));
        collector.matched(1, Some(1.0), None);
        collector.matched(1, Some(1.0), Some(vec!["b".into()]));
        collector.matched_undated();
        let part = collector.finish();
        assert_eq!((part.without_value, part.without_dimension, part.undated), (3, 1, 1));
        assert_eq!(part.series.keys().collect::<Vec<_>>(), [&vec!["b".to_string()]]);
        assert_eq!(part.matched_minutes, [(1, 5)].into());
        assert_eq!(LARGEST, 2f64.powi(360));
    }
}
