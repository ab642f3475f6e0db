//! The façade: load records, prepare filters piece by piece, answer queries.

use super::messages::{NoMessages, RawMessages};
use super::scope::FilterCache;
use super::sort::{Order, TimeOrder};
use super::{cells, group, histogram, series};
use crate::base::{BitSet, EpochMs};
use crate::filter::predicate::{Field, Predicate, Test};
use crate::ingest::{Job, Limits, ReadAt};
use crate::model::partial::{CatalogPart, CountPart};
use crate::model::query::{Answer, EventDetail, Query, QueryError, Scope, Sort};
use crate::pattern;
use crate::store::{self, PathId, PathTree, Shard, ShardLimits, UNDATED};
use std::collections::HashMap;

/// One shard of data with its source files.
pub struct Engine {
    pub(super) shard: Shard,
    pub(super) limits: Limits,
    /// Dropped files by number; records are read again from here.
    pub(super) sources: HashMap<u32, Box<dyn ReadAt>>,
    /// How the parts of archives are reached, by file and entry; any other entry is a whole file.
    pub(super) jobs: HashMap<(u32, u32), Job>,
    pub(super) filters: FilterCache,
    pub(super) times: Option<TimeOrder>,
    pub(super) order: Option<Order>,
}

impl Engine {
    /// An empty engine. `seed` keys the hashes of all text from logs; it should be random in production.
    pub fn new(seed: u64) -> Self {
        Self::with_limits(seed, Limits::default(), ShardLimits::default())
    }

    /// An empty engine with its own caps.
    pub fn with_limits(seed: u64, limits: Limits, shard_limits: ShardLimits) -> Self {
        Self {
            shard: Shard::new(seed, shard_limits),
            limits,
            sources: HashMap::new(),
            jobs: HashMap::new(),
            filters: FilterCache::default(),
            times: None,
            order: None,
        }
    }

    /// Gives the engine a dropped file. Its number orders duplicates: the copy in the lowest number stays.
    pub fn add_source(&mut self, file: u32, source: Box<dyn ReadAt>) {
        self.sources.insert(file, source);
    }

    /// Whether the engine was given this dropped file.
    pub fn has_source(&self, file: u32) -> bool {
        self.sources.contains_key(&file)
    }

    /// Makes every record loaded so far visible to queries.
    pub fn seal(&mut self) {
        if self.shard.unsealed_rows() > 0 {
            self.shard.seal();
            self.order = None;
        }
    }

    /// Makes loaded records visible when there are at least `least` new ones, or none is visible yet.
    pub fn seal_visible(&mut self, least: usize) {
        if self.shard.is_empty() || self.shard.unsealed_rows() >= least {
            self.seal();
        }
    }

    /// Records that queries see.
    pub fn visible_rows(&self) -> usize {
        self.shard.len()
    }

    /// Heap bytes of the store.
    pub fn heap_bytes(&self) -> usize {
        self.shard.heap_bytes() + self.filters.heap_bytes()
    }

    /// The eventIDs, split by value into `parts` byte strings (see `store::dedup`).
    pub fn id_parts(&self, parts: usize) -> Vec<Vec<u8>> {
        store::partition(self.shard.event_ids(), self.shard.len(), parts)
    }

    /// Declares which rows are duplicates.
    pub fn set_duplicates(&mut self, rows: &[u32]) {
        self.shard.set_duplicates(rows);
        self.order = None;
    }

    /// Finds duplicates inside this engine alone: what a pool of one worker does.
    pub fn deduplicate(&mut self) {
        let losers = store::losers(&self.id_parts(1));
        self.set_duplicates(losers.first().map_or(&[], Vec::as_slice));
    }

    /// Does the costly part of a query, one segment a call. True: [`answer`](Self::answer) is ready to be called.
    pub fn prepare(&mut self, query: &Query) -> Result<bool, QueryError> {
        match query {
            Query::Count(scope)
            | Query::Histogram { scope, .. }
            | Query::Group { scope, .. }
            | Query::SortSamples { scope, .. }
            | Query::SortWindow { scope, .. } => self.prepare_scope(scope),
            Query::Series { filter, .. } => {
                let (key, predicate) = series::predicate(&filter.filter_pattern)?;
                self.prepare_filter(&key, &predicate)
            }
            Query::Cells { .. } | Query::Event { .. } | Query::Find { .. } | Query::Catalog => Ok(true),
        }
    }

    fn prepare_scope(&mut self, scope: &Scope) -> Result<bool, QueryError> {
        if !scope.pattern.is_empty() {
            let (key, predicate) = series::predicate(&scope.pattern)?;
            if !self.prepare_filter(&key, &predicate)? {
                return Ok(false);
            }
        }
        self.prepare_filter(&scope.filter, &search_filter(scope)?)
    }

    fn prepare_filter(&mut self, key: &str, predicate: &Predicate) -> Result<bool, QueryError> {
        let messages =
            RawMessages { shard: &self.shard, sources: &self.sources, jobs: &self.jobs, limits: &self.limits };
        self.filters.advance(key, predicate, &self.shard, &messages).map_err(failed)
    }

    fn raw(&self) -> RawMessages<'_> {
        RawMessages { shard: &self.shard, sources: &self.sources, jobs: &self.jobs, limits: &self.limits }
    }

    /// Answers a query about all sealed rows.
    pub fn answer(&mut self, query: &Query) -> Result<Answer, QueryError> {
        while !self.prepare(query)? {}
        Ok(match query {
            Query::Count(scope) => Answer::Count(self.count(scope)),
            Query::Histogram { scope, step_ms, offset_ms } => {
                Answer::Histogram(histogram::histogram(&self.shard, &self.scope_rows(scope), *step_ms, *offset_ms))
            }
            Query::Group { scope, field, contains, limit } => {
                let paths = self.field_paths(field)?;
                Answer::Group(group::group(&self.shard, &self.scope_rows(scope), &paths, contains, *limit as usize))
            }
            Query::SortSamples { scope, sort, stride } => {
                self.sort(scope, sort)?;
                Answer::SortSamples(
                    self.order.as_ref().map_or_else(Vec::new, |order| order.samples(&self.shard, *stride)),
                )
            }
            Query::SortWindow { scope, sort, from, len } => {
                self.sort(scope, sort)?;
                let window = self.order.as_ref().map(|order| order.window(&self.shard, from.as_ref(), *len as usize));
                let (before, rows) = window.unwrap_or_default();
                Answer::SortWindow { before, rows }
            }
            Query::Cells { rows, fields } => {
                let fields = fields.iter().map(|field| self.field_paths(field)).collect::<Result<Vec<_>, _>>()?;
                Answer::Cells(rows.iter().filter_map(|&row| cells::row(&self.shard, row, &fields)).collect())
            }
            Query::Event { row } => Answer::Event(Box::new(self.event(*row)?)),
            Query::Find { event_id } => Answer::Find(self.find(event_id)?),
            Query::Series { filter, keep_duplicates } => {
                let (key, _) = series::predicate(&filter.filter_pattern)?;
                let matched = self.filters.rows(&key);
                Answer::Series(series::series(&self.shard, filter, matched, *keep_duplicates, &self.raw())?)
            }
            Query::Catalog => Answer::Catalog(self.catalog()),
        })
    }

    /// The rows of each segment that are in scope. The scope's filter must be prepared.
    fn scope_rows(&self, scope: &Scope) -> Vec<BitSet> {
        let filtered = self.filters.rows(&scope.filter);
        let pattern = (!scope.pattern.is_empty()).then(|| self.filters.rows(&series::key(&scope.pattern)));
        let segments = self.shard.segments().iter().zip(filtered).enumerate();
        segments
            .map(|(number, (segment, rows))| {
                let mut rows = super::scope::restrict(segment, rows, scope);
                pattern.iter().filter_map(|pattern| pattern.get(number)).for_each(|matching| rows.and(matching));
                rows
            })
            .collect()
    }

    /// Makes `order` the order of this scope.
    fn sort(&mut self, scope: &Scope, sort: &Sort) -> Result<(), QueryError> {
        if !self.order.as_ref().is_some_and(|order| order.is_for(scope, sort, self.shard.len())) {
            let paths = sort.field.as_deref().map(|field| self.field_paths(field)).transpose()?;
            let rows = self.scope_rows(scope);
            let times = self.times.take().filter(|times| times.len() == self.shard.len());
            let times = times.unwrap_or_else(|| TimeOrder::new(&self.shard));
            self.order = Some(Order::new(&self.shard, &times, scope, sort, &rows, paths));
            self.times = Some(times);
        }
        Ok(())
    }

    fn count(&self, scope: &Scope) -> CountPart {
        let mut part = CountPart::default();
        for (segment, rows) in self.shard.segments().iter().zip(self.scope_rows(scope)) {
            let duplicates = segment.duplicates.count() as u64;
            part.duplicates += duplicates;
            part.events += segment.len() as u64 - if scope.keep_duplicates { 0 } else { duplicates };
            part.matched += rows.count() as u64;
            part.undated += segment.times.iter().filter(|&&time| time == UNDATED).count() as u64;
            if let Some((first, last)) = segment.span {
                part.first = Some(part.first.map_or(EpochMs(first), |known| known.min(EpochMs(first))));
                part.last = Some(part.last.map_or(EpochMs(last), |known| known.max(EpochMs(last))));
            }
        }
        part
    }

    fn event(&self, row: u32) -> Result<EventDetail, QueryError> {
        let (segment, at) =
            self.shard.locate(row).ok_or_else(|| failed("This event is not loaded any more.".into()))?;
        let document = self.shard.document(segment.documents[at]);
        let bytes = self.raw().record(document, segment.offsets[at], segment.lengths[at] as usize).map_err(failed)?;
        Ok(EventDetail {
            time: (segment.times[at] != UNDATED).then_some(EpochMs(segment.times[at])),
            raw: String::from_utf8_lossy(&bytes).into_owned(),
            file: document.path.clone(),
            offset: segment.offsets[at],
            duplicate: segment.duplicates.contains(at),
        })
    }

    fn find(&self, event_id: &str) -> Result<Option<u32>, QueryError> {
        let predicate = Predicate::Field(field("eventID")?, Test::OneOf(vec![event_id.into()]));
        let plan = crate::filter::eval::Plan::new(&predicate, &self.shard);
        for segment in self.shard.segments() {
            let mut rows = plan.rows(segment, &NoMessages).map_err(failed)?;
            let mut live = segment.duplicates.clone();
            live.not();
            rows.and(&live);
            if let Some(row) = rows.iter().next() {
                return Ok(Some(segment.base + row as u32));
            }
        }
        Ok(None)
    }

    fn catalog(&self) -> CatalogPart {
        let mut part = CatalogPart::default();
        let mut counts: HashMap<PathId, u64> = HashMap::new();
        for (path, column) in self.shard.segments().iter().flat_map(store::Segment::columns) {
            *counts.entry(path).or_default() += column.len() as u64;
        }
        for (path, count) in counts {
            part.paths.insert(self.shard.paths().text(path), count);
        }
        part
    }

    /// The paths a field's text stands for, each with index constraints.
    fn field_paths(&self, text: &str) -> Result<Vec<group::FieldPath>, QueryError> {
        Ok(match field(text)? {
            Field::Principal => vec![group::FieldPath { path: PathTree::PRINCIPAL, positions: None }],
            Field::Path(selector) => crate::filter::eval::select_paths(&selector, self.shard.paths())
                .into_iter()
                .map(|(path, indices)| group::FieldPath {
                    path,
                    positions: indices
                        .iter()
                        .any(Option::is_some)
                        .then(|| crate::filter::eval::allowed_positions(&indices, self.shard.paths())),
                })
                .collect(),
        })
    }
}

/// Reads a field's text.
fn field(text: &str) -> Result<Field, QueryError> {
    pattern::path::parse(text).map_err(|error| failed(format!("“{text}” is not a field path: {}", error.message)))
}

/// The predicate of a scope's search text.
fn search_filter(scope: &Scope) -> Result<Predicate, QueryError> {
    pattern::search::parse(&scope.filter).map(|query| query.lower()).map_err(|error| failed(error.message))
}

pub(super) fn failed(message: String) -> QueryError {
    QueryError { message }
}
