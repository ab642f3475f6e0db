//! Which rows a query is about: filter results, cut by time range and duplicates, kept for the questions to come.
//!
//! One change of the search or the range makes a dozen questions about the same rows (the count, the histogram, the
//! table, every facet), so both the filters' rows and the scopes' rows are remembered. Segments never change; what is
//! remembered of a filter grows with them, what is remembered of a scope is dropped when anything is added.

use crate::base::BitSet;
use crate::filter::eval::{Messages, Plan};
use crate::filter::predicate::Predicate;
use crate::model::query::Scope;
use crate::store::{Segment, Shard, UNDATED};
use std::borrow::Cow;
use std::rc::Rc;

/// Filters kept at most; the longest unused goes first.
const KEPT_FILTERS: usize = 32;

/// Scopes kept at most: that of the panes, and those of facets, which leave out their own field.
const KEPT_SCOPES: usize = 8;

/// Segments a step takes. Resolving a plan costs more than a cheap segment; text is searched one by one.
const SEGMENTS_PER_STEP: usize = 8;

/// Rows per segment of recently used filters. Segments never change, so a result stays good.
#[derive(Default)]
pub struct FilterCache {
    /// Most recently used last.
    filters: Vec<Filter>,
}

struct Filter {
    key: String,
    /// Known from the first step on.
    predicate: Option<Predicate>,
    /// Resolved against as many segments; dropped when it has been run on all of them.
    plan: Option<(usize, Plan)>,
    rows: Vec<BitSet>,
}

impl FilterCache {
    /// Evaluates the filter on some more segments. True when it is done for all present segments.
    pub fn advance(
        &mut self,
        key: &str,
        predicate: impl FnOnce() -> Result<Predicate, String>,
        shard: &Shard,
        messages: &dyn Messages,
    ) -> Result<bool, String> {
        let mut filter = match self.filters.iter().position(|known| known.key == key) {
            Some(at) => self.filters.remove(at),
            None => Filter { key: key.into(), predicate: None, plan: None, rows: Vec::new() },
        };
        let done = filter.advance(predicate, &self.filters, shard, messages);
        // Also after an error: what is done is done.
        if self.filters.len() >= KEPT_FILTERS {
            self.filters.remove(0);
        }
        self.filters.push(filter);
        done
    }

    /// Whether the filter's rows are known for all of `segments`.
    pub fn is_done(&self, key: &str, segments: usize) -> bool {
        self.rows(key).len() == segments
    }

    /// Rows per segment of a prepared filter.
    pub fn rows(&self, key: &str) -> &[BitSet] {
        self.filters.iter().find(|known| known.key == key).map_or(&[], |known| &known.rows)
    }

    /// Heap bytes held.
    pub fn heap_bytes(&self) -> usize {
        self.filters.iter().flat_map(|filter| &filter.rows).map(BitSet::heap_bytes).sum()
    }
}

impl Filter {
    fn advance(
        &mut self,
        predicate: impl FnOnce() -> Result<Predicate, String>,
        others: &[Self],
        shard: &Shard,
        messages: &dyn Messages,
    ) -> Result<bool, String> {
        let segments = shard.segments();
        if self.rows.len() >= segments.len() {
            return Ok(true);
        }
        let predicate = match self.predicate.take() {
            Some(known) => known,
            None => predicate()?,
        };
        if self.plan.as_ref().is_none_or(|(resolved, _)| *resolved != segments.len()) {
            self.plan = Some((segments.len(), Plan::new(&predicate, shard)));
        }
        // Each letter of a word finds some of what the letters before it found.
        let is_wider = |other: &&Self| {
            other.rows.len() == segments.len() && other.predicate.as_ref().is_some_and(|other| predicate.implies(other))
        };
        let wider = others.iter().filter(is_wider).max_by_key(|other| other.key.len());
        if let Some((_, plan)) = &self.plan {
            let step = if plan.searches_text() { 1 } else { SEGMENTS_PER_STEP };
            let from = self.rows.len();
            for (number, segment) in segments.iter().enumerate().skip(from).take(step) {
                let all = || BitSet::full(segment.len());
                let among =
                    wider.and_then(|wider| wider.rows.get(number)).map_or_else(|| Cow::Owned(all()), Cow::Borrowed);
                self.rows.push(plan.rows(&among, shard, segment, messages)?);
            }
        }
        self.predicate = Some(predicate);
        let done = self.rows.len() == segments.len();
        if done {
            self.plan = None;
        }
        Ok(done)
    }
}

/// The rows of one segment that are in scope.
pub struct Selected {
    /// The rows.
    pub rows: BitSet,
    /// How many there are.
    pub count: usize,
}

/// The rows in scope, segment by segment.
pub type ScopeRows = Rc<[Selected]>;

/// Rows of recently asked scopes.
#[derive(Default)]
pub struct ScopeCache {
    /// Most recently used last.
    scopes: Vec<(Scope, ScopeRows)>,
}

impl ScopeCache {
    /// The rows of a scope, by `select` when they are not known.
    pub fn rows(&mut self, scope: &Scope, select: impl FnOnce() -> ScopeRows) -> ScopeRows {
        let entry = match self.scopes.iter().position(|(known, _)| known == scope) {
            Some(at) => self.scopes.remove(at),
            None => (scope.clone(), select()),
        };
        if self.scopes.len() >= KEPT_SCOPES {
            self.scopes.remove(0);
        }
        let rows = Rc::clone(&entry.1);
        self.scopes.push(entry);
        rows
    }

    /// Forgets everything: the data has changed.
    pub fn clear(&mut self) {
        self.scopes.clear();
    }

    /// Heap bytes held.
    pub fn heap_bytes(&self) -> usize {
        self.scopes.iter().flat_map(|(_, rows)| rows.iter()).map(|selected| selected.rows.heap_bytes()).sum()
    }
}

/// Cuts the rows of filters down to the scope's time range and, unless they are kept, takes duplicates out.
pub fn select(shard: &Shard, scope: &Scope, filtered: &[BitSet], pattern: Option<&[BitSet]>) -> ScopeRows {
    let segments = shard.segments().iter().zip(filtered).enumerate();
    segments
        .map(|(number, (segment, rows))| {
            let mut rows = restrict(segment, rows, scope);
            if let Some(matching) = pattern.and_then(|pattern| pattern.get(number)) {
                rows.and(matching);
            }
            Selected { count: rows.count(), rows }
        })
        .collect()
}

fn restrict(segment: &Segment, rows: &BitSet, scope: &Scope) -> BitSet {
    let mut rows = rows.clone();
    if let Some((from, to)) = scope.range {
        match segment.span {
            Some((first, last)) if from.0 <= first && last < to.0 && !segment.times.contains(&UNDATED) => {}
            Some((first, last)) if first < to.0 && last >= from.0 => {
                let mut inside = BitSet::new(segment.len());
                inside.or_where(&segment.times, |time| time >= from.0 && time < to.0 && time != UNDATED);
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
