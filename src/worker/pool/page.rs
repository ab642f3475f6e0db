//! Putting the workers' answers together.

use crate::model::partial::Merge;
use crate::model::query::{Answer, RowRef, Sort, SortKey};
use std::cmp::Ordering;

/// Merges one kind of partial answer. Answers of another kind are left out.
pub fn merged<P: Merge>(answers: Vec<Answer>, pick: impl Fn(Answer) -> Option<P>) -> P {
    let mut whole = P::default();
    answers.into_iter().filter_map(pick).for_each(|part| whole.merge(part));
    whole
}

/// A key that stands before or at row number `first` of the merged order, by at most `stride × (workers + 1)` rows,
/// from every worker's every `stride`-th key. `None` is the beginning.
pub fn place(samples: &[Vec<SortKey>], stride: u32, first: u64, sort: &Sort) -> Option<SortKey> {
    let mut keys: Vec<&SortKey> = samples.iter().flatten().collect();
    keys.sort_unstable_by(|a, b| compare(a, b, sort));
    // At most n × stride rows come before the sample number n (from 0): `stride` for each smaller sample.
    let at = (first / u64::from(stride.max(1))) as usize;
    (at > 0).then(|| keys.get(at.min(keys.len().saturating_sub(1))).copied().cloned()).flatten()
}

/// Rows `first..first + len` of the merged order from every worker's window, which all start at the same key.
pub fn window(windows: Vec<(u64, Vec<(SortKey, u32)>)>, first: u64, len: usize, sort: &Sort) -> Vec<RowRef> {
    let before: u64 = windows.iter().map(|(before, _)| before).sum();
    let skip = first.saturating_sub(before) as usize;
    let mut rows: Vec<(SortKey, RowRef)> = windows
        .into_iter()
        .enumerate()
        .flat_map(|(shard, (_, rows))| {
            rows.into_iter().map(move |(key, row)| (key, RowRef { shard: shard as u32, row }))
        })
        .collect();
    rows.sort_unstable_by(|a, b| compare(&a.0, &b.0, sort));
    rows.into_iter().skip(skip).take(len).map(|(_, row)| row).collect()
}

fn compare(a: &SortKey, b: &SortKey, sort: &Sort) -> Ordering {
    if sort.descending { b.cmp(a) } else { a.cmp(b) }
}
