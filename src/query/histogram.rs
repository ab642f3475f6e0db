//! Events per time bucket.

use super::scope::Selected;
use crate::model::partial::HistogramPart;
use crate::store::{Segment, Shard, UNDATED};

/// Buckets counted in an array; where a segment spans more, buckets go through the map one by one.
const DENSE_BUCKETS: i64 = 1 << 20;

/// Times further from a bucket boundary than this (in milliseconds, 71,000 years) do not divide exactly as doubles.
const EXACT: i64 = 1 << 51;

/// Counts the selected rows in buckets of `step_ms`; the grid is shifted by `offset_ms`.
pub fn histogram(shard: &Shard, selected: &[Selected], step_ms: i64, offset_ms: i64) -> HistogramPart {
    let mut part = HistogramPart::default();
    let step = step_ms.max(1);
    for (segment, selected) in shard.segments().iter().zip(selected).filter(|(_, selected)| selected.count > 0) {
        let Some((first, last)) = segment.span else { continue };
        let bucket_of = |time: i64| (time - offset_ms).div_euclid(step);
        let low = bucket_of(first);
        let start = low * step + offset_ms;
        if bucket_of(last) - low < DENSE_BUCKETS && last - start < EXACT {
            let counts = dense(segment, selected, start, step, (bucket_of(last) - low + 1) as usize);
            for (at, (ok, error)) in counts.into_iter().enumerate().filter(|(_, (ok, error))| ok + error > 0) {
                let bucket = part.buckets.entry(start + at as i64 * step).or_default();
                bucket.0 += u64::from(ok);
                bucket.1 += u64::from(error);
            }
        } else {
            for row in selected.rows.iter().filter(|&row| segment.times[row] != UNDATED) {
                let bucket = part.buckets.entry(bucket_of(segment.times[row]) * step + offset_ms).or_default();
                if segment.errors.contains(row) { bucket.1 += 1 } else { bucket.0 += 1 }
            }
        }
    }
    part
}

/// Events without and with error in each of `buckets` buckets from `start` on.
fn dense(segment: &Segment, selected: &Selected, start: i64, step: i64, buckets: usize) -> Vec<(u32, u32)> {
    let mut counts = vec![(0, 0); buckets];
    let width = step as f64;
    // A division of doubles is many times as fast as one of integers. It cannot round up to a whole number while
    // `time - start` is below 2^53: the quotient's distance to the next one is at least 1/step.
    let bucket_of = |row: usize| {
        let time = segment.times[row];
        (time != UNDATED).then(|| ((time - start) as f64 / width) as usize)
    };
    let mut errors = selected.rows.clone();
    errors.and(&segment.errors);
    selected.rows.for_each(|row| {
        if let Some(bucket) = bucket_of(row) {
            counts[bucket].0 += 1;
        }
    });
    // Errors are few: they change sides afterwards.
    errors.for_each(|row| {
        if let Some(bucket) = bucket_of(row) {
            counts[bucket].0 -= 1;
            counts[bucket].1 += 1;
        }
    });
    counts
}
