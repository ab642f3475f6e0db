//! Which rows a query is about: cached filter results, cut by time range and duplicates.

use crate::base::BitSet;
use crate::filter::eval::{Messages, Plan};
use crate::filter::predicate::Predicate;
use crate::model::query::Scope;
use crate::store::{Segment, Shard, UNDATED};

/// Filters kept at most; the longest unused goes first.
const KEPT_FILTERS: usize = 32;

/// Rows per segment of recently used filters. Segments never change, so a result stays good.
#[derive(Default)]
pub struct FilterCache {
    /// Most recently used last.
    filters: Vec<(String, Vec<BitSet>)>,
}

impl FilterCache {
    /// Evaluates the filter on one more segment. True when it is done for all present segments.
    pub fn advance(
        &mut self,
        key: &str,
        predicate: &Predicate,
        shard: &Shard,
        messages: &dyn Messages,
    ) -> Result<bool, String> {
        let done = match self.filters.iter().position(|(known, _)| known == key) {
            Some(at) => {
                let entry = self.filters.remove(at);
                self.filters.push(entry);
                self.filters.last().map_or(0, |(_, rows)| rows.len())
            }
            None => {
                if self.filters.len() >= KEPT_FILTERS {
                    self.filters.remove(0);
                }
                self.filters.push((key.into(), Vec::new()));
                0
            }
        };
        let segments = shard.segments();
        if done >= segments.len() {
            return Ok(true);
        }
        let plan = Plan::new(predicate, shard);
        // Resolving a plan costs more than a cheap segment: take several segments at once.
        for segment in segments[done..].iter().take(8) {
            let rows = plan.rows(segment, messages)?;
            if let Some((_, done)) = self.filters.last_mut() {
                done.push(rows);
            }
        }
        Ok(done + 8 >= segments.len())
    }

    /// Rows per segment of a prepared filter.
    pub fn rows(&self, key: &str) -> &[BitSet] {
        self.filters.iter().find(|(known, _)| known == key).map_or(&[], |(_, rows)| rows)
    }

    /// Heap bytes held.
    pub fn heap_bytes(&self) -> usize {
        self.filters.iter().flat_map(|(_, rows)| rows).map(BitSet::heap_bytes).sum()
    }
}

/// Cuts a filter's rows down to the scope's time range and, unless they are kept, takes duplicates out.
pub fn restrict(segment: &Segment, rows: &BitSet, scope: &Scope) -> BitSet {
    let mut rows = rows.clone();
    if let Some((from, to)) = scope.range {
        match segment.span {
            Some((first, last)) if from.0 <= first && last < to.0 && !segment.times.contains(&UNDATED) => {}
            Some((first, last)) if first < to.0 && last >= from.0 => {
                let mut inside = BitSet::new(segment.len());
                inside.or_where(segment.times.iter().map(|&time| time >= from.0 && time < to.0 && time != UNDATED));
                rows.and(&inside);
            }
            _ => return BitSet::new(segment.len()),
        }
    }
    if !scope.keep_duplicates {
        rows.and_not(&segment.duplicates);
    }
    rows
}
