//! The rows of a scope in sort order, and windows into it.
//!
//! A window of the merged order of several shards is found in two steps: samples of every shard's keys tell
//! roughly which key stands at a given rank, then each shard says exactly how many of its rows come before
//! that key and gives the rows from there (`worker::pool` merges). The first page, which every change of the
//! search asks for, needs neither samples nor an order: [`first`] picks it in one pass.

use super::ranks::Ranks;
use super::scope::Selected;
use crate::model::query::{Origin, Scope, Sort, SortKey};
use crate::store::{Segment, Shard, UNDATED};
use std::cmp::Ordering;

/// Where fewer than one row in so many is wanted, sorting those is quicker than going through all in order.
const SPARSE: usize = 16;

/// The sorted rows of one scope.
pub struct Order {
    scope: Scope,
    sort: Sort,
    shard_len: usize,
    rows: Vec<u32>,
}

/// All rows of a shard by time, then origin: made once, filtered for every scope.
pub struct TimeOrder {
    rows: Vec<u32>,
}

impl TimeOrder {
    /// Sorts all sealed rows.
    fn new(shard: &Shard) -> Self {
        let mut keyed: Vec<(i64, u32)> = Vec::with_capacity(shard.len());
        for segment in shard.segments() {
            keyed.extend(segment.times.iter().zip(segment.base..).map(|(&time, row)| (time, row)));
        }
        keyed.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| origin(shard, a.1).cmp(&origin(shard, b.1))));
        Self { rows: keyed.into_iter().map(|(_, row)| row).collect() }
    }

    /// The order that is known, or a new one when there are more rows by now.
    fn of<'t>(shard: &Shard, known: &'t mut Option<Self>) -> &'t Self {
        if known.as_ref().is_some_and(|times| times.rows.len() != shard.len()) {
            *known = None;
        }
        known.get_or_insert_with(|| Self::new(shard))
    }

    /// Heap bytes held.
    pub fn heap_bytes(&self) -> usize {
        self.rows.capacity() * 4
    }

    /// The selected rows, in order.
    fn filter(&self, shard: &Shard, selected: &[Selected], descending: bool) -> Vec<u32> {
        let mut wanted = vec![false; self.rows.len()];
        for (segment, selected) in shard.segments().iter().zip(selected) {
            selected.rows.for_each(|row| wanted[segment.base as usize + row] = true);
        }
        let mut kept = Vec::with_capacity(selected.iter().map(|selected| selected.count).sum());
        let mut keep = |row: &u32| {
            if wanted[*row as usize] {
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
    /// Sorts the selected rows, without `ranks` by time. `times` is made where it is of use.
    pub fn new(
        shard: &Shard,
        selected: &[Selected],
        (scope, sort): (&Scope, &Sort),
        ranks: Option<&Ranks>,
        times: &mut Option<TimeOrder>,
    ) -> Self {
        let count: usize = selected.iter().map(|selected| selected.count).sum();
        let rows = if count < shard.len() / SPARSE {
            let picker = Picker { shard, ranks, descending: sort.descending };
            let mut rows = picker.all(selected);
            rows.sort_unstable_by(|a, b| picker.compare(a, b));
            rows.into_iter().map(|candidate| candidate.row).collect()
        } else {
            let mut rows = TimeOrder::of(shard, times).filter(shard, selected, sort.descending);
            if let Some(ranks) = ranks {
                // Stable: rows of equal value stay in the order of time.
                if sort.descending {
                    rows.sort_by_key(|&row| std::cmp::Reverse(ranks.of(row)));
                } else {
                    rows.sort_by_key(|&row| ranks.of(row));
                }
            }
            rows
        };
        Self { scope: scope.clone(), sort: sort.clone(), shard_len: shard.len(), rows }
    }

    /// Whether this is the order of that scope over that many rows.
    pub fn is_for(&self, scope: &Scope, sort: &Sort, shard_len: usize) -> bool {
        self.scope == *scope && self.sort == *sort && self.shard_len == shard_len
    }

    /// Every `stride`-th key, starting with the first row's.
    pub fn samples(&self, shard: &Shard, ranks: Option<&Ranks>, stride: u32) -> Vec<SortKey> {
        self.rows.iter().step_by(stride.max(1) as usize).filter_map(|&row| key(shard, ranks, row)).collect()
    }

    /// Number of rows before `from`, and keys and numbers of the `len` rows from there.
    pub fn window(
        &self,
        shard: &Shard,
        ranks: Option<&Ranks>,
        from: Option<&SortKey>,
        len: usize,
    ) -> (u64, Vec<(SortKey, u32)>) {
        let comes_before = |row: u32, from: &SortKey| {
            let order = key(shard, ranks, row).map(|key| key.cmp(from));
            order == Some(if self.sort.descending { Ordering::Greater } else { Ordering::Less })
        };
        let before = from.map_or(0, |from| self.rows.partition_point(|&row| comes_before(row, from)));
        (before as u64, keyed(shard, ranks, self.rows[before..].iter().take(len).copied()))
    }

    /// Heap bytes held.
    pub fn heap_bytes(&self) -> usize {
        self.rows.capacity() * 4
    }
}

/// Keys and numbers of the first `len` of the selected rows: the window at the beginning, without an order.
pub fn first(
    shard: &Shard,
    selected: &[Selected],
    ranks: Option<&Ranks>,
    descending: bool,
    len: usize,
) -> Vec<(SortKey, u32)> {
    let picker = Picker { shard, ranks, descending };
    let mut best: Vec<Candidate> = Vec::new();
    // The place of the last row that can still be on the page, once there are enough.
    let mut bound = (u32::MAX, i64::MAX);
    let keep_best = |best: &mut Vec<Candidate>, bound: &mut (u32, i64)| {
        best.sort_unstable_by(|a, b| picker.compare(a, b));
        best.truncate(len);
        if let Some(last) = best.get(len.wrapping_sub(1)) {
            *bound = last.place;
        }
    };
    // Sorted by time, the best segments come first and most are never looked at.
    let pairs = shard.segments().iter().zip(selected).filter(|(_, selected)| selected.count > 0);
    let mut segments: Vec<_> =
        pairs.map(|(segment, selected)| (picker.best_place(segment), segment, selected)).collect();
    segments.sort_by_key(|(best_place, ..)| *best_place);
    for (best_place, segment, selected) in segments {
        if best_place > bound {
            break;
        }
        selected.rows.for_each(|row| {
            let place = picker.place(segment, row);
            if place <= bound {
                best.push(Candidate { place, row: segment.base + row as u32 });
                if best.len() >= 4 * len + 64 {
                    keep_best(&mut best, &mut bound);
                }
            }
        });
    }
    keep_best(&mut best, &mut bound);
    keyed(shard, ranks, best.into_iter().map(|candidate| candidate.row))
}

/// A row on its way into an order.
struct Candidate {
    /// Rank and time, turned around when the order is descending: smaller ones come first.
    place: (u32, i64),
    row: u32,
}

struct Picker<'s> {
    shard: &'s Shard,
    ranks: Option<&'s Ranks>,
    descending: bool,
}

impl Picker<'_> {
    #[inline]
    fn place(&self, segment: &Segment, row: usize) -> (u32, i64) {
        self.turned(self.ranks.map_or(0, |ranks| ranks.of(segment.base + row as u32)), segment.times[row])
    }

    /// No row of the segment comes before this place.
    fn best_place(&self, segment: &Segment) -> (u32, i64) {
        if self.ranks.is_some() {
            return (0, i64::MIN);
        }
        // Rows without a time come before all others.
        let best = match segment.span {
            Some((_, last)) if self.descending => last,
            Some((first, _)) if !segment.times.contains(&UNDATED) => first,
            _ => UNDATED,
        };
        self.turned(0, best)
    }

    #[inline]
    fn turned(&self, rank: u32, time: i64) -> (u32, i64) {
        if self.descending { (!rank, !time) } else { (rank, time) }
    }

    fn all(&self, selected: &[Selected]) -> Vec<Candidate> {
        let mut all = Vec::new();
        for (segment, selected) in self.shard.segments().iter().zip(selected) {
            selected.rows.for_each(|row| {
                all.push(Candidate { place: self.place(segment, row), row: segment.base + row as u32 });
            });
        }
        all
    }

    fn compare(&self, a: &Candidate, b: &Candidate) -> Ordering {
        a.place.cmp(&b.place).then_with(|| {
            let order = origin(self.shard, a.row).cmp(&origin(self.shard, b.row));
            if self.descending { order.reverse() } else { order }
        })
    }
}

fn keyed(shard: &Shard, ranks: Option<&Ranks>, rows: impl Iterator<Item = u32>) -> Vec<(SortKey, u32)> {
    rows.filter_map(|row| Some((key(shard, ranks, row)?, row))).collect()
}

fn key(shard: &Shard, ranks: Option<&Ranks>, row: u32) -> Option<SortKey> {
    let (segment, at) = shard.locate(row)?;
    let value = ranks.map_or(crate::model::query::SortValue::Absent, |ranks| ranks.value(shard, segment, at));
    Some(SortKey { value, time: segment.times[at], origin: shard.origin(segment, at) })
}

fn origin(shard: &Shard, row: u32) -> Option<Origin> {
    shard.locate(row).map(|(segment, at)| shard.origin(segment, at))
}
