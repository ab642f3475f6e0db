//! What several filter patterns match.

use super::cells;
use super::group::FieldPath;
use crate::base::time::MINUTE;
use crate::base::{BitSet, EpochMs};
use crate::metric::Collector;
use crate::model::matches::PatternMatches;
use crate::store::{Shard, UNDATED};
use std::collections::BTreeMap;

/// Minutes with any event. Duplicates are not log events unless they are kept.
pub fn log_minutes(shard: &Shard, keep_duplicates: bool) -> BTreeMap<i64, u64> {
    let mut collector = Collector::new(0);
    for segment in shard.segments() {
        for (row, &time) in segment.times.iter().enumerate() {
            if time != UNDATED && (keep_duplicates || !segment.duplicates.contains(row)) {
                collector.log_event(time.div_euclid(MINUTE));
            }
        }
    }
    collector.finish().log_minutes
}

/// What one pattern matches; `matched` holds the rows of each segment, `event_id` the paths of either spelling of it.
pub fn matches(
    shard: &Shard,
    matched: &[BitSet],
    keep_duplicates: bool,
    event_id: &[Vec<FieldPath>],
    shown: usize,
) -> PatternMatches {
    let mut found = PatternMatches::default();
    let mut collector = Collector::new(0);
    let mut times: Vec<(i64, u32)> = Vec::new();
    for (segment, matched) in shard.segments().iter().zip(matched) {
        let mut rows = matched.clone();
        if !keep_duplicates {
            rows.and_not(&segment.duplicates);
        }
        for row in rows.iter() {
            found.events += 1;
            match segment.times[row] {
                UNDATED => found.undated += 1,
                time => {
                    collector.matched(time.div_euclid(MINUTE), Some(1.0), None);
                    times.push((time, segment.base + row as u32));
                }
            }
        }
    }
    found.minutes = collector.finish().matched_minutes;
    found.first = times.iter().map(|(time, _)| EpochMs(*time)).min();
    found.last = times.iter().map(|(time, _)| EpochMs(*time)).max();
    found.earliest = earliest(shard, times, event_id, shown);
    found
}

/// The earliest of some rows by time, then eventID: a choice that does not depend on how events are spread over shards.
fn earliest(
    shard: &Shard,
    mut times: Vec<(i64, u32)>,
    event_id: &[Vec<FieldPath>],
    shown: usize,
) -> Vec<(EpochMs, String)> {
    if shown == 0 || times.is_empty() {
        return Vec::new();
    }
    if times.len() > shown {
        let (_, &mut (latest, _), _) = times.select_nth_unstable(shown - 1);
        times.retain(|(time, _)| *time <= latest);
    }
    let id = |row: u32| cells::row(shard, row, event_id, 1).and_then(|row| row.cells.into_iter().flatten().next());
    let named = times.into_iter().map(|(time, row)| (EpochMs(time), id(row).unwrap_or_default()));
    let mut named: Vec<(EpochMs, String)> = named.collect();
    named.sort_unstable();
    named.truncate(shown);
    named
}
