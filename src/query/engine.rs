//! The façade: load records, prepare filters piece by piece, answer queries.

use super::export::Run;
use super::files::{Register, Seen};
use super::filters::{Filter, filters};
use super::hashes::{self, Hashing};
use super::messages::{NoMessages, RawMessages};
use super::ranks::Ranks;
use super::scope::{self, FilterCache, ScopeCache, ScopeRows};
use super::sort::{self, Order, TimeOrder};
use super::{cells, conflicts, coverage, fields, group, histogram, matches, rates, series, tuning};
use crate::base::{Diagnostic, EpochMs};
use crate::filter::predicate::{Field, Predicate, Test};
use crate::ingest::{Job, Limits, ReadAt};
use crate::model::coverage::{CoveragePart, GLOBAL_SERVICES};
use crate::model::export::ExportFormat;
use crate::model::fields::{EVENT_ID, FIELDS_MAX, FieldQuestion, FieldsPart};
use crate::model::matches::{MatchesPart, PATTERNS};
use crate::model::partial::{CatalogPart, CountPart};
use crate::model::query::{Answer, CONDITIONS_MAX, EventDetail, Origin, Query, QueryError, Row, Scope, Sort, SortKey};
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
    /// All jobs that were read, with their files, in order: what can be hashed.
    pub(super) read: Vec<(u32, Job)>,
    hashing: Option<Hashing>,
    pub(super) filters: FilterCache,
    pub(super) scopes: ScopeCache,
    pub(super) times: Option<TimeOrder>,
    pub(super) ranks: Option<Ranks>,
    pub(super) order: Option<Order>,
    /// The export that is going on, or was given up.
    export: Option<Run>,
    pub(super) register: Register,
    /// What rows tell about their files, until there are more rows.
    pub(super) seen: Option<Seen>,
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
            read: Vec::new(),
            hashing: None,
            filters: FilterCache::default(),
            scopes: ScopeCache::default(),
            times: None,
            ranks: None,
            order: None,
            export: None,
            register: Register::default(),
            seen: None,
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
            self.forget_scopes();
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
        let orders = self.times.as_ref().map_or(0, TimeOrder::heap_bytes)
            + self.ranks.as_ref().map_or(0, Ranks::heap_bytes)
            + self.order.as_ref().map_or(0, Order::heap_bytes);
        let caches = self.filters.heap_bytes() + self.scopes.heap_bytes();
        self.shard.heap_bytes() + self.register.heap_bytes() + caches + orders
    }

    /// The eventIDs, split by value into `parts` byte strings (see `store::dedup`).
    pub fn id_parts(&self, parts: usize) -> Vec<Vec<u8>> {
        store::partition(self.shard.event_ids(), self.shard.len(), parts)
    }

    /// Of all rows that other shards say share their eventID with others, what to compare, split in the same way.
    pub fn copy_parts(&self, found: &[Vec<u8>], parts: usize) -> Vec<Vec<u8>> {
        let rows = found.iter().flat_map(|found| store::read_rows(found));
        store::partition_copies(self.shard.copies(rows).into_iter(), parts)
    }

    /// Takes in what became of those rows. Gives the number of duplicates, and a finding for each file with events that
    /// are in conflict with others.
    pub fn set_fates(&mut self, fates: &[Vec<u8>]) -> (u64, Vec<Diagnostic>) {
        self.shard.set_fates(fates.iter().flat_map(|fates| store::read_fates(fates)));
        self.forget_scopes();
        let duplicates = self.shard.segments().iter().map(|segment| segment.duplicates.count() as u64).sum();
        (duplicates, conflicts::diagnostics(&self.shard))
    }

    /// The same question has another answer from now on.
    fn forget_scopes(&mut self) {
        self.scopes.clear();
        self.order = None;
        self.seen = None;
    }

    /// Finds duplicates inside this engine alone: what a pool of one worker does.
    pub fn deduplicate(&mut self) -> Vec<Diagnostic> {
        let found = store::repeated(&self.id_parts(1));
        let fates = store::judge(&self.copy_parts(&found, 1));
        self.set_fates(&fates).1
    }

    /// Does the costly part of a query, some segments a call. True: [`answer`](Self::answer) is ready to be called.
    pub fn prepare(&mut self, query: &Query) -> Result<bool, QueryError> {
        for filter in filters(query) {
            let messages =
                RawMessages { shard: &self.shard, sources: &self.sources, jobs: &self.jobs, limits: &self.limits };
            let done = self.filters.advance(&filter.key(), || filter.predicate(), &self.shard, &messages);
            if !done.map_err(failed)? {
                return Ok(false);
            }
        }
        match query {
            Query::Hashes { from } => Ok(self.hash(*from)),
            Query::Export { scope, format, after, budget } => self.advance_export(scope, format, *after, *budget),
            _ => Ok(true),
        }
    }

    /// Goes on with hashing; true when one answer is full.
    fn hash(&mut self, from: u32) -> bool {
        let hashing = match self.hashing.take() {
            Some(hashing) if hashing.from == from => hashing,
            _ => Hashing::new(from),
        };
        let hashing = self.hashing.insert(hashing);
        if !hashing.done {
            hashing.step(&self.read, &self.sources, &self.limits);
        }
        hashing.done
    }

    /// Whether the costly part of a query is done already.
    pub fn is_prepared(&self, query: &Query) -> bool {
        if let Query::Hashes { from } = query {
            return self.hashing.as_ref().is_some_and(|hashing| hashing.from == *from && hashing.done);
        }
        let segments = self.shard.segments().len();
        filters(query).iter().all(|filter| self.filters.is_done(&filter.key(), segments))
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
                let rows = self.scope_rows(scope);
                Answer::Histogram(histogram::histogram(&self.shard, &rows, *step_ms, *offset_ms))
            }
            Query::Group { scope, field, contains, limit, named, spans } => {
                let (paths, rows) = (self.field_paths(field)?, self.scope_rows(scope));
                let wish = group::Wish { contains, limit: *limit as usize, named, spans: *spans };
                Answer::Group(group::group(&self.shard, &rows, &paths, &wish))
            }
            Query::SortSamples { scope, sort, stride } => {
                self.rank(sort)?;
                self.sort(scope, sort);
                let ranks = self.ranks.as_ref().filter(|_| sort.field.is_some());
                let samples = self.order.as_ref().map(|order| order.samples(&self.shard, ranks, *stride));
                Answer::SortSamples(samples.unwrap_or_default())
            }
            Query::SortWindow { scope, sort, from, len, fields } => {
                self.rank(sort)?;
                let (before, rows) = self.window(scope, sort, from.as_ref(), *len as usize);
                let wanted = rows.iter().filter(|_| !fields.is_empty()).map(|(_, row)| *row);
                let cells = self.cells(wanted, fields)?;
                Answer::SortWindow { before, rows, cells }
            }
            Query::Cells { rows, fields } => Answer::Cells(self.cells(rows.iter().copied(), fields)?),
            Query::Event { row } => Answer::Event(Box::new(self.event(*row)?)),
            Query::Find { event_id } => Answer::Find(self.find(event_id)?),
            Query::Series { filter, keep_duplicates } => {
                let matched = self.filters.rows(&Filter::Pattern(&filter.filter_pattern).key());
                Answer::Series(series::series(&self.shard, filter, matched, *keep_duplicates, &self.raw())?)
            }
            Query::Contributors { pattern, spans, fields, keep_duplicates } => {
                let (paths, matched) = (self.all_paths(fields)?, self.filters.rows(&Filter::Pattern(pattern).key()));
                let spans = spans.as_deref();
                let part = tuning::contributors(&self.shard, matched, *keep_duplicates, spans, &paths);
                Answer::Contributors(part)
            }
            Query::Compare { patterns: [a, b], conditions, keep_duplicates } => {
                let rows = |pattern: &String| self.filters.rows(&Filter::Pattern(pattern).key());
                let conditions: Vec<_> = conditions.iter().take(CONDITIONS_MAX).map(rows).collect();
                Answer::Compare(tuning::compare(&self.shard, (rows(a), rows(b)), &conditions, *keep_duplicates))
            }
            Query::Matches { patterns, keep_duplicates, shown } => {
                Answer::Matches(self.matches(patterns, *keep_duplicates, *shown)?)
            }
            Query::Catalog => Answer::Catalog(self.catalog()),
            Query::Fields(questions) => Answer::Fields(self.fields(questions)?),
            Query::Hashes { from } => {
                let hashing = self.hashing.take().unwrap_or_else(|| Hashing::new(*from));
                let (next, jobs) = (hashing.next, self.read.len() as u32);
                let unnamed = if next >= jobs { hashes::unnamed(&self.shard) } else { Vec::new() };
                Answer::Hashes { streams: hashing.into_streams(), unnamed, next, jobs }
            }
            Query::Export { .. } => {
                let (piece, is_last) = self.export.as_mut().map(Run::take_piece).unwrap_or_default();
                if is_last {
                    self.export = None;
                }
                Answer::Export(piece)
            }
            Query::Coverage { step_ms, offset_ms, range } => {
                let grid = coverage::Grid { step: (*step_ms).max(1), offset: *offset_ms, range: *range };
                Answer::Coverage(self.coverage(grid)?)
            }
            Query::Rates => {
                let rows = self.scope_rows(&Scope::default());
                Answer::Rates(rates::rates(&self.shard, &rows))
            }
            Query::Files(question) => {
                let documents = self.shard.documents().len();
                let seen = self.seen.take().filter(|seen| seen.documents() == documents);
                let seen = self.seen.insert(seen.unwrap_or_else(|| Seen::new(&self.shard)));
                Answer::Files(self.register.answer(&self.shard, seen, question))
            }
        })
    }

    fn matches(&self, patterns: &[String], keep_duplicates: bool, shown: u32) -> Result<MatchesPart, QueryError> {
        let event_id = EVENT_ID.into_iter().map(|key| self.field_paths(key)).collect::<Result<Vec<_>, _>>()?;
        let of = |pattern: &String| {
            let matched = self.filters.rows(&Filter::Pattern(pattern).key());
            matches::matches(&self.shard, matched, keep_duplicates, &event_id, shown as usize)
        };
        let patterns = patterns.iter().take(PATTERNS).map(of).collect();
        Ok(MatchesPart { log_minutes: matches::log_minutes(&self.shard, keep_duplicates), patterns, shown })
    }

    /// Does a little more of the piece that is asked for. True: it is ready.
    fn advance_export(
        &mut self,
        scope: &Scope,
        format: &ExportFormat,
        after: Option<Origin>,
        budget: u32,
    ) -> Result<bool, QueryError> {
        let fields = match format {
            ExportFormat::Csv { fields } => self.all_paths(fields)?,
            ExportFormat::Json | ExportFormat::Ndjson => Vec::new(),
        };
        let mut run = match self.export.take() {
            Some(run) if run.is_at(scope, format, after) => run,
            _ => {
                let rows = self.scope_rows(scope);
                Run::new(&self.shard, (scope, &rows), format, after)
            }
        };
        let is_ready = run.advance(&self.raw(), &fields, budget as usize);
        self.export = Some(run);
        Ok(is_ready)
    }

    /// Everything loaded by account, Region and time, and what kinds of events there are.
    fn coverage(&mut self, grid: coverage::Grid) -> Result<CoveragePart, QueryError> {
        let rows = self.scope_rows(&Scope::default());
        let mut part = coverage::coverage(&self.shard, &rows, grid);
        let count = |field: &str, names: &[&str]| {
            let named: Vec<_> = names.iter().map(|name| Some((*name).to_owned())).collect();
            let wish = group::Wish { contains: "", limit: 0, named: &named, spans: false };
            let paths = self.field_paths(field)?;
            Ok(group::group(&self.shard, &rows, &paths, &wish)
                .named
                .values()
                .map(|tally| tally.count)
                .collect::<Vec<_>>())
        };
        part.kinds.data = count("eventCategory", &["Data"])?.iter().sum();
        let read_only = count("readOnly", &["false", "true"])?;
        (part.kinds.says_read_only, part.kinds.read_only) =
            (read_only.iter().sum(), read_only.get(1).copied().unwrap_or(0));
        part.kinds.global = count("eventSource", &GLOBAL_SERVICES)?.iter().sum();
        Ok(part)
    }

    fn cells(&self, rows: impl Iterator<Item = u32>, fields: &[String]) -> Result<Vec<Row>, QueryError> {
        let fields = self.all_paths(fields)?;
        Ok(rows.filter_map(|row| cells::row(&self.shard, row, &fields, cells::VALUES_PER_CELL)).collect())
    }

    /// The paths of several fields.
    fn all_paths(&self, fields: &[String]) -> Result<Vec<Vec<group::FieldPath>>, QueryError> {
        fields.iter().map(|field| self.field_paths(field)).collect()
    }

    /// The rows in scope. The scope's filters must be prepared.
    fn scope_rows(&mut self, scope: &Scope) -> ScopeRows {
        let (filters, shard) = (&self.filters, &self.shard);
        self.scopes.rows(scope, || {
            let pattern = (!scope.pattern.is_empty()).then(|| filters.rows(&Filter::Pattern(&scope.pattern).key()));
            scope::select(shard, scope, filters.rows(&scope.filter), pattern)
        })
    }

    /// Makes sure that the values of the sort field have ranks.
    fn rank(&mut self, sort: &Sort) -> Result<(), QueryError> {
        if let Some(field) = &sort.field
            && !self.ranks.as_ref().is_some_and(|ranks| ranks.is_for(field, self.shard.len()))
        {
            let paths = self.field_paths(field)?;
            self.ranks = Some(Ranks::new(&self.shard, field, paths));
        }
        Ok(())
    }

    /// Makes `order` the order of this scope. The sort field must be ranked.
    fn sort(&mut self, scope: &Scope, sort: &Sort) {
        if self.has_order(scope, sort) {
            return;
        }
        let rows = self.scope_rows(scope);
        let ranks = self.ranks.as_ref().filter(|_| sort.field.is_some());
        self.order = Some(Order::new(&self.shard, &rows, (scope, sort), ranks, &mut self.times));
    }

    fn has_order(&self, scope: &Scope, sort: &Sort) -> bool {
        self.order.as_ref().is_some_and(|order| order.is_for(scope, sort, self.shard.len()))
    }

    /// Number of rows before `from`, keys and numbers of the `len` rows from there. The sort field must be ranked.
    fn window(&mut self, scope: &Scope, sort: &Sort, from: Option<&SortKey>, len: usize) -> (u64, Vec<(SortKey, u32)>) {
        if from.is_none() && !self.has_order(scope, sort) {
            let rows = self.scope_rows(scope);
            let ranks = self.ranks.as_ref().filter(|_| sort.field.is_some());
            return (0, sort::first(&self.shard, &rows, ranks, sort.descending, len));
        }
        self.sort(scope, sort);
        let ranks = self.ranks.as_ref().filter(|_| sort.field.is_some());
        self.order.as_ref().map(|order| order.window(&self.shard, ranks, from, len)).unwrap_or_default()
    }

    fn count(&mut self, scope: &Scope) -> CountPart {
        let mut part = CountPart::default();
        let rows = self.scope_rows(scope);
        for (segment, selected) in self.shard.segments().iter().zip(rows.iter()) {
            let duplicates = segment.duplicates.count() as u64;
            part.duplicates += duplicates;
            part.events += segment.len() as u64 - if scope.keep_duplicates { 0 } else { duplicates };
            part.matched += selected.count as u64;
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
            in_conflict: segment.conflicts.contains(at),
            known: self.shard.partial(segment.documents[at]).map(<[String]>::to_vec),
        })
    }

    fn find(&self, event_id: &str) -> Result<Option<u32>, QueryError> {
        let is_id = |name| Ok(Predicate::Field(field(name)?, Test::OneOf(vec![event_id.into()])));
        let predicate = Predicate::Or(EVENT_ID.into_iter().map(is_id).collect::<Result<_, QueryError>>()?);
        let plan = crate::filter::eval::Plan::new(&predicate, &self.shard);
        for segment in self.shard.segments() {
            let mut live = segment.duplicates.clone();
            live.not();
            let rows = plan.rows(&live, &self.shard, segment, &NoMessages).map_err(failed)?;
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
        let partial = self.shard.partial_rows();
        part.partial = partial.into_iter().map(|(fields, count)| (fields.to_vec(), count)).collect();
        part
    }

    fn fields(&self, questions: &[FieldQuestion]) -> Result<FieldsPart, QueryError> {
        let of = |question: &FieldQuestion| {
            let paths = self.field_paths(&question.field)?;
            let mut part = fields::field(&self.shard, &paths, &question.text);
            if let Some(among) = &question.among {
                let matched = self.filters.rows(&Filter::Pattern(among).key());
                (part.events, part.having) = fields::having(&self.shard, &paths, matched);
            }
            Ok(part)
        };
        Ok(FieldsPart { fields: questions.iter().take(FIELDS_MAX).map(of).collect::<Result<_, _>>()? })
    }

    /// The paths a field's text stands for, each with index constraints.
    fn field_paths(&self, text: &str) -> Result<Vec<group::FieldPath>, QueryError> {
        Ok(match field(text)? {
            Field::Principal => vec![group::FieldPath { path: PathTree::PRINCIPAL, positions: None }],
            Field::Size => Vec::new(),
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

pub(super) fn failed(message: String) -> QueryError {
    QueryError { message }
}
