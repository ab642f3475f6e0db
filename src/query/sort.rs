//! The rows of a scope in sort order, and windows into it.
//!
//! A window of the merged order of several shards is found in two steps: samples of every shard's keys tell
//! roughly which key stands at a given rank, then each shard says exactly how many of its rows come before
//! that key and gives the rows from there (`worker::pool` merges).

use super::group::FieldPath;
use crate::base::BitSet;
use crate::model::query::{Origin, Scope, Sort, SortKey, SortValue};
use crate::model::value::Scalar;
use crate::store::{Segment, Shard, Values};
use std::cmp::Ordering;

/// The sorted rows of one scope.
pub struct Order {
    scope: Scope,
    sort: Sort,
    shard_len: usize,
    rows: Vec<u32>,
    path: Option<FieldPath>,
}

/// All rows of a shard by time, then origin: made once, filtered for every scope sorted by time.
pub struct TimeOrder {
    rows: Vec<u32>,
}

impl TimeOrder {
    /// Sorts all sealed rows.
    pub fn new(shard: &Shard) -> Self {
        let mut keyed: Vec<(i64, u32)> = Vec::with_capacity(shard.len());
        for segment in shard.segments() {
            keyed.extend(segment.times.iter().zip(segment.base..).map(|(&time, row)| (time, row)));
        }
        keyed.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| origin(shard, a.1).cmp(&origin(shard, b.1))));
        Self { rows: keyed.into_iter().map(|(_, row)| row).collect() }
    }

    /// Number of rows ordered.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Those of the rows that are in `rows` (one set per segment), in order.
    fn filter(&self, shard: &Shard, rows: &[BitSet], descending: bool) -> Vec<u32> {
        let mut wanted = BitSet::new(self.rows.len());
        for (segment, rows) in shard.segments().iter().zip(rows) {
            rows.iter().for_each(|row| wanted.insert(segment.base as usize + row));
        }
        let mut kept = Vec::with_capacity(wanted.count());
        let mut keep = |row: &u32| {
            if wanted.contains(*row as usize) {
                kept.push(*row);
            }
        };
        if descending {
            self.rows.iter().rev().for_each(&mut keep)
        } else {
            self.rows.iter().for_each(&mut keep)
        }
        kept
    }
}

impl Order {
    /// Sorts `rows` (one set per segment). `field` holds the sort field's paths, of which the first one counts;
    /// `None` sorts by time.
    pub fn new(
        shard: &Shard,
        times: &TimeOrder,
        scope: &Scope,
        sort: &Sort,
        rows: &[BitSet],
        field: Option<Vec<FieldPath>>,
    ) -> Self {
        let path = field.and_then(|paths| paths.into_iter().next());
        let mut order = times.filter(shard, rows, sort.descending);
        if let Some(path) = &path {
            // Stable: rows of equal value stay in the order of time.
            let ranks = ranks(shard, path);
            let rank = |row: &u32| ranks[*row as usize];
            if sort.descending {
                order.sort_by_key(|row| std::cmp::Reverse(rank(row)));
            } else {
                order.sort_by_key(rank);
            }
        }
        Self { scope: scope.clone(), sort: sort.clone(), shard_len: shard.len(), rows: order, path }
    }

    /// Whether this is the order of that scope over that many rows.
    pub fn is_for(&self, scope: &Scope, sort: &Sort, shard_len: usize) -> bool {
        self.scope == *scope && self.sort == *sort && self.shard_len == shard_len
    }

    /// Every `stride`-th key, starting with the first row's.
    pub fn samples(&self, shard: &Shard, stride: u32) -> Vec<SortKey> {
        self.rows.iter().step_by(stride.max(1) as usize).filter_map(|&row| self.key(shard, row)).collect()
    }

    /// Number of rows before `from`, and keys and numbers of the `len` rows from there.
    pub fn window(&self, shard: &Shard, from: Option<&SortKey>, len: usize) -> (u64, Vec<(SortKey, u32)>) {
        let before = from.map_or(0, |from| {
            self.rows.partition_point(|&row| {
                self.key(shard, row).is_some_and(|key| self.compare(&key, from) == Ordering::Less)
            })
        });
        let rows = self.rows[before..].iter().take(len).filter_map(|&row| Some((self.key(shard, row)?, row))).collect();
        (before as u64, rows)
    }

    fn compare(&self, a: &SortKey, b: &SortKey) -> Ordering {
        if self.sort.descending { b.cmp(a) } else { a.cmp(b) }
    }

    fn key(&self, shard: &Shard, row: u32) -> Option<SortKey> {
        let (segment, at) = shard.locate(row)?;
        let value = self.path.as_ref().map_or(SortValue::Absent, |path| value(shard, segment, at, path));
        Some(SortKey { value, time: segment.times[at], origin: shard.origin(segment, at) })
    }
}

fn origin(shard: &Shard, row: u32) -> Option<Origin> {
    shard.locate(row).map(|(segment, at)| shard.origin(segment, at))
}

/// The first value of a field in one row.
fn value(shard: &Shard, segment: &Segment, row: usize, path: &FieldPath) -> SortValue {
    let Some(column) = segment.column(path.path) else { return SortValue::Absent };
    let allowed = |entry: &usize| {
        path.positions.as_ref().is_none_or(|allowed| allowed.contains(column.position(*entry) as usize))
    };
    match column.rows.entries(row).find(allowed) {
        Some(entry) => column.with(entry, shard.dictionary(path.path), sort_value),
        None => SortValue::Absent,
    }
}

fn sort_value(value: Scalar<'_>) -> SortValue {
    match value {
        Scalar::Int(number) => SortValue::Number(number as f64),
        Scalar::Float(number) => SortValue::Number(number),
        value => value.text().map_or(SortValue::Absent, |text| SortValue::Text(text.into_owned())),
    }
}

/// For every row of the shard the rank of its value among all values: equal values, equal ranks.
fn ranks(shard: &Shard, path: &FieldPath) -> Vec<u32> {
    let dictionary = shard.dictionary(path.path);
    let simple = path.positions.is_none()
        && shard.segments().iter().filter_map(|s| s.column(path.path)).all(|c| matches!(c.values, Values::Codes(_)));
    let mut ranks = vec![0; shard.len()];
    if simple {
        let mut codes: Vec<(SortValue, u32)> =
            (0..dictionary.len() as u32).map(|code| (sort_value(dictionary.value(code)), code)).collect();
        codes.sort_by(|a, b| a.0.compare(&b.0));
        let mut rank_of = vec![0; codes.len()];
        let mut rank = 0;
        for (at, (value, code)) in codes.iter().enumerate() {
            rank += u32::from(at > 0 && value.compare(&codes[at - 1].0) != Ordering::Equal);
            // Rank 0 is "absent", which objects and arrays share.
            rank_of[*code as usize] = if *value == SortValue::Absent { 0 } else { rank + 1 };
        }
        for segment in shard.segments() {
            let Some(column) = segment.column(path.path) else { continue };
            if let Values::Codes(codes) = &column.values {
                let mut previous = usize::MAX;
                column.rows.for_each(|entry, row| {
                    if row != previous {
                        ranks[segment.base as usize + row] = rank_of[codes.get(entry) as usize];
                    }
                    previous = row;
                });
            }
        }
        return ranks;
    }
    let mut values: Vec<(SortValue, usize)> = Vec::new();
    for segment in shard.segments().iter().filter(|segment| segment.column(path.path).is_some()) {
        values.extend((0..segment.len()).map(|row| (value(shard, segment, row, path), segment.base as usize + row)));
    }
    values.retain(|(value, _)| *value != SortValue::Absent);
    values.sort_by(|a, b| a.0.compare(&b.0));
    let mut rank = 1;
    for at in 0..values.len() {
        rank += u32::from(at > 0 && values[at].0.compare(&values[at - 1].0) != Ordering::Equal);
        ranks[values[at].1] = rank;
    }
    ranks
}
