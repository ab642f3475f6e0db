//! Events per time bucket.

use crate::base::BitSet;
use crate::model::partial::HistogramPart;
use crate::store::{Shard, UNDATED};

/// Counts `rows` (one set per segment) in buckets of `step_ms`; the grid is shifted by `offset_ms`.
pub fn histogram(shard: &Shard, rows: &[BitSet], step_ms: i64, offset_ms: i64) -> HistogramPart {
    let mut part = HistogramPart::default();
    let step = step_ms.max(1);
    for (segment, rows) in shard.segments().iter().zip(rows) {
        let Some((first, last)) = segment.span else { continue };
        let bucket_of = |time: i64| (time - offset_ms).div_euclid(step);
        let (low, high) = (bucket_of(first), bucket_of(last));
        // Dense counting per segment unless its time span is absurdly wide for the step.
        if high - low < 1 << 20 {
            let mut counts = vec![(0u64, 0u64); (high - low + 1) as usize];
            for row in rows.iter().filter(|&row| segment.times[row] != UNDATED) {
                let count = &mut counts[(bucket_of(segment.times[row]) - low) as usize];
                if segment.errors.contains(row) { count.1 += 1 } else { count.0 += 1 }
            }
            for (at, (ok, error)) in counts.into_iter().enumerate().filter(|(_, (ok, error))| ok + error > 0) {
                let bucket = part.buckets.entry((low + at as i64) * step + offset_ms).or_default();
                bucket.0 += ok;
                bucket.1 += error;
            }
        } else {
            for row in rows.iter().filter(|&row| segment.times[row] != UNDATED) {
                let bucket = part.buckets.entry(bucket_of(segment.times[row]) * step + offset_ms).or_default();
                if segment.errors.contains(row) { bucket.1 += 1 } else { bucket.0 += 1 }
            }
        }
    }
    part
}
