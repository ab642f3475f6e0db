//! Partial answers: what one segment or one worker knows, and how two of them become one.
//!
//! Law (tested in `tests/worker_laws.rs`): merging is commutative and associative with `default()` as its
//! neutral element, so segments and workers may answer in any order and number.

use super::distinct::Distinct;
use crate::base::EpochMs;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Combines two partial answers.
pub trait Merge: Default {
    /// Adds `other` to `self`.
    fn merge(&mut self, other: Self);
}

/// Events per time bucket, split by outcome. Buckets are `[start, start + step)`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistogramPart {
    /// Bucket start (epoch ms) → (events without errorCode, events with errorCode).
    pub buckets: BTreeMap<i64, (u64, u64)>,
}

impl Merge for HistogramPart {
    fn merge(&mut self, other: Self) {
        for (start, (ok, error)) in other.buckets {
            let bucket = self.buckets.entry(start).or_default();
            bucket.0 += ok;
            bucket.1 += error;
        }
    }
}

/// Events per value of one field.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupPart {
    /// Value as text → tally. `None` is "field absent".
    pub values: BTreeMap<Option<String>, Tally>,
    /// The values that were asked for by name, however few events have them. No cap concerns them.
    pub named: BTreeMap<Option<String>, Tally>,
    /// Events counted, each once, whether or not they have the field.
    pub events: u64,
    /// Values left out by the cap, those of each part counted (0 = nothing is).
    pub omitted: u64,
    /// No value left out has more events than this.
    pub rest: u64,
    /// How many different values there are, left out or not.
    pub distinct: Distinct,
}

/// Count and time span of one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Events.
    pub count: u64,
    /// Earliest event, `i64::MAX` when none has a time.
    pub first: i64,
    /// Latest event, `i64::MIN` when none has a time.
    pub last: i64,
}

impl Default for Tally {
    fn default() -> Self {
        Self { count: 0, first: i64::MAX, last: i64::MIN }
    }
}

impl Merge for Tally {
    fn merge(&mut self, other: Self) {
        self.count += other.count;
        self.first = self.first.min(other.first);
        self.last = self.last.max(other.last);
    }
}

impl GroupPart {
    /// What is known of a value.
    pub fn tally(&self, value: &Option<String>) -> Option<Tally> {
        self.named.get(value).or_else(|| self.values.get(value)).copied()
    }

    /// Keeps the `limit` most frequent values; ties by value. The others are counted in `omitted`.
    pub fn keep_top(&mut self, limit: usize) {
        if self.values.len() <= limit {
            return;
        }
        self.omitted += (self.values.len() - limit) as u64;
        let mut values: Vec<_> = std::mem::take(&mut self.values).into_iter().collect();
        values.sort_unstable_by(|a, b| b.1.count.cmp(&a.1.count).then_with(|| a.0.cmp(&b.0)));
        self.rest += values.get(limit).map_or(0, |(_, tally)| tally.count);
        values.truncate(limit);
        self.values = values.into_iter().collect();
    }

    /// The `limit` most frequent values of all parts, as [`keep_top`](Self::keep_top) would leave them of the whole;
    /// `None` when the parts left out too much to tell.
    ///
    /// A value that a part left out has at most [`rest`](Self::rest) events there. The answer stands when whatever some
    /// part may have left out has fewer events, all in all, than the last value in it.
    pub fn top_of(parts: Vec<Self>, limit: usize) -> Option<Self> {
        let rest: u64 = parts.iter().map(|part| part.rest).sum();
        let is_known = parts.len() <= 1 || rest == 0;
        // As many events each value can have, and one that nobody named.
        let mut most: BTreeMap<Option<String>, u64> = BTreeMap::new();
        let mut whole = Self::default();
        for part in parts {
            if !is_known {
                for (value, tally) in &part.values {
                    *most.entry(value.clone()).or_insert(rest) += tally.count - part.rest;
                }
            }
            whole.merge(part);
        }
        let unsure =
            most.iter().filter(|(value, most)| whole.values.get(*value).is_none_or(|sure| sure.count < **most));
        let unsure = unsure.map(|(_, most)| *most).max().unwrap_or(0).max(rest);
        whole.keep_top(limit);
        let last = whole.values.values().map(|tally| tally.count).min().unwrap_or(0);
        (is_known || whole.values.len() >= limit && last > unsure).then_some(whole)
    }
}

impl Merge for GroupPart {
    fn merge(&mut self, other: Self) {
        for (value, tally) in other.values {
            self.values.entry(value).or_default().merge(tally);
        }
        for (value, tally) in other.named {
            self.named.entry(value).or_default().merge(tally);
        }
        self.events += other.events;
        self.omitted += other.omitted;
        self.rest += other.rest;
        self.distinct.merge(other.distinct);
    }
}

/// Samples a metric filter published in one minute.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MinuteSamples {
    /// Distinct sample value (as bits of the f64, so that it can be a key) → how often.
    pub values: BTreeMap<u64, u64>,
}

/// The metric of one dimension set, as samples per minute.
pub type MinuteSeries = BTreeMap<i64, MinuteSamples>;

/// What a metric filter makes of some log events.
///
/// Minutes are numbers of whole minutes since the epoch (`EpochMs / 60_000`).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SeriesPart {
    /// Dimension values (in the order of the filter's dimension names; empty without dimensions) → samples.
    pub series: BTreeMap<Vec<String>, MinuteSeries>,
    /// Minutes with any event of the log group → number of events.
    pub log_minutes: BTreeMap<i64, u64>,
    /// Minutes with any matching event → number of matching events.
    pub matched_minutes: BTreeMap<i64, u64>,
    /// Matching events without a time (they make no sample).
    pub undated: u64,
    /// Matching events whose metric value is missing or not a number (no sample).
    pub without_value: u64,
    /// Matching events that lack a dimension field (no sample).
    pub without_dimension: u64,
    /// The same of the events alone that are too large for CloudWatch Logs; `None` if there are none.
    pub oversize: Option<Box<SeriesPart>>,
}

impl SeriesPart {
    /// The same without the events that are too large for CloudWatch Logs.
    pub fn without_oversize(&self) -> Self {
        let mut rest = Self { oversize: None, ..self.clone() };
        let Some(large) = &self.oversize else { return rest };
        for (dimensions, minutes) in &large.series {
            let Some(from) = rest.series.get_mut(dimensions) else { continue };
            for (minute, samples) in minutes {
                if let Some(all) = from.get_mut(minute) {
                    take_out(&mut all.values, &samples.values);
                }
            }
            from.retain(|_, samples| !samples.values.is_empty());
        }
        rest.series.retain(|_, minutes| !minutes.is_empty());
        take_out(&mut rest.log_minutes, &large.log_minutes);
        take_out(&mut rest.matched_minutes, &large.matched_minutes);
        rest.undated -= large.undated;
        rest.without_value -= large.without_value;
        rest.without_dimension -= large.without_dimension;
        rest
    }
}

/// Counts without some that are among them.
fn take_out<K: Ord>(counts: &mut BTreeMap<K, u64>, some: &BTreeMap<K, u64>) {
    for (key, count) in some {
        if let Some(all) = counts.get_mut(key) {
            *all -= count;
        }
    }
    counts.retain(|_, count| *count != 0);
}

impl Merge for SeriesPart {
    fn merge(&mut self, other: Self) {
        match (&mut self.oversize, other.oversize) {
            (Some(large), Some(more)) => large.merge(*more),
            (None, more) => self.oversize = more,
            (Some(_), None) => {}
        }
        for (dimensions, minutes) in other.series {
            let into = self.series.entry(dimensions).or_default();
            for (minute, samples) in minutes {
                let values = &mut into.entry(minute).or_default().values;
                for (value, count) in samples.values {
                    *values.entry(value).or_default() += count;
                }
            }
        }
        for (minute, count) in other.log_minutes {
            *self.log_minutes.entry(minute).or_default() += count;
        }
        for (minute, count) in other.matched_minutes {
            *self.matched_minutes.entry(minute).or_default() += count;
        }
        self.undated += other.undated;
        self.without_value += other.without_value;
        self.without_dimension += other.without_dimension;
    }
}

/// Size and time span of what is loaded or matched.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountPart {
    /// Events in scope before the filter (after de-duplication unless it is off).
    pub events: u64,
    /// Events that pass the filter and the time range.
    pub matched: u64,
    /// Events taken out as duplicates.
    pub duplicates: u64,
    /// Events without a readable time.
    pub undated: u64,
    /// Earliest event time loaded.
    pub first: Option<EpochMs>,
    /// Latest event time loaded.
    pub last: Option<EpochMs>,
}

impl Merge for CountPart {
    fn merge(&mut self, other: Self) {
        self.events += other.events;
        self.matched += other.matched;
        self.duplicates += other.duplicates;
        self.undated += other.undated;
        self.first = [self.first, other.first].into_iter().flatten().min();
        self.last = [self.last, other.last].into_iter().flatten().max();
    }
}

/// The field paths that occur, for completion and for adding columns and facets, and which events cannot have all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CatalogPart {
    /// Path (`userIdentity.type`, `resources[*].ARN`) → number of values.
    pub paths: BTreeMap<String, u64>,
    /// Events that are not full records: the fields that they can have, each with all that is in it → number of events.
    #[serde(default)]
    pub partial: BTreeMap<Vec<String>, u64>,
}

impl Merge for CatalogPart {
    fn merge(&mut self, other: Self) {
        for (path, count) in other.paths {
            *self.paths.entry(path).or_default() += count;
        }
        for (fields, count) in other.partial {
            *self.partial.entry(fields).or_default() += count;
        }
    }
}
