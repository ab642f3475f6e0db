//! The engine as components see it: one async function per kind of question, over the worker pool.

use super::App;
use super::load::Reporter;
use crate::model::coverage::CoveragePart;
use crate::model::export::{ExportFormat, ExportPiece};
use crate::model::fields::{FieldQuestion, FieldsPart};
use crate::model::matches::MatchesPart;
use crate::model::metric::MetricFilter;
use crate::model::partial::{CatalogPart, CountPart, GroupPart, HistogramPart, SeriesPart};
use crate::model::query::{Answer, EventDetail, Origin, Query, QueryError, Row, RowRef, Scope, Sort, SortKey};
use crate::model::rates::RatesPart;
use crate::model::report::{FileQuestion, FilesPart};
use crate::model::selection::Selection;
use crate::model::tuning::{ComparisonPart, ContributorsPart};
use crate::ui::load::Source;
use crate::view::TimeRange;
use crate::worker::pool::{LoadState, MemoryLimit, Search, Unanswered, merged, place, window};
use crate::worker::web::driver::Driver;
use leptos::prelude::*;
use std::collections::{BTreeMap, HashMap};
use std::future::{Future, poll_fn};
use std::task::Poll;

/// Rows between two samples of the sort order: a page away from the top costs about this many keys a worker.
const STRIDE: u32 = 256;

/// Values of a field that a worker names at first, at least.
const SOME_VALUES: u32 = 100;

/// Values of a field that a worker names at most.
const VALUES: u32 = 10_000;

/// Bytes of an export that a worker gives at a time, about: few enough for the page to take in a frame.
const EXPORT_PIECE: u32 = 2 << 20;

/// Why a question has no answer.
pub type Ask = Unanswered;

/// Some rows of the table in sort order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// Number of the first row, counted from 0.
    pub first: u64,
    /// Rows with where they came from.
    pub rows: Vec<(RowRef, Row)>,
}

/// The sort order of one scope, sampled.
struct Order {
    scope: Scope,
    sort: Sort,
    version: u64,
    samples: Vec<Vec<SortKey>>,
}

/// Which values of a field are wanted.
#[derive(Clone, PartialEq)]
pub struct Values {
    /// Of which events.
    pub scope: Scope,
    /// Of which field.
    pub field: String,
    /// Only those that contain this text.
    pub contains: String,
    /// So many of the most frequent ones.
    pub limit: u32,
    /// And these in any case.
    pub named: Vec<Option<String>>,
    /// Also from when to when each occurs.
    pub spans: bool,
}

/// Asks all workers and merges their answers. Cheap to copy.
///
/// Each question names a lane: of all questions in one lane only the newest is answered, the others resolve
/// to [`Ask::Overtaken`]. A pane that asks one thing at a time uses its own name as the lane.
#[derive(Clone, Copy)]
pub struct Engine {
    driver: StoredValue<Option<Driver>, LocalStorage>,
    reporter: StoredValue<Option<Reporter>, LocalStorage>,
    order: StoredValue<Option<Order>, LocalStorage>,
    /// Data sets closed so far.
    data_set: StoredValue<u32>,
    /// Questions that wait for an answer.
    open: RwSignal<u32>,
}

/// Counts a question for as long as it is open.
struct Open(RwSignal<u32>);

impl Open {
    fn new(open: RwSignal<u32>) -> Self {
        open.update(|open| *open += 1);
        Self(open)
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.try_update(|open| *open -= 1);
    }
}

/// A search for files of one data set.
#[derive(Clone, Copy)]
pub struct FileSearch {
    search: Search,
    data_set: u32,
}

impl Default for Engine {
    fn default() -> Self {
        Self {
            driver: StoredValue::new_local(None),
            reporter: StoredValue::new_local(None),
            order: StoredValue::new_local(None),
            data_set: StoredValue::new(0),
            open: RwSignal::new(0),
        }
    }
}

impl Engine {
    /// Reads files into the data set, beside what is there. Starts the workers for the first ones.
    pub fn add_files(self, app: App, sources: Vec<Source>) {
        let files = sources.into_iter().map(|source| (source.path, source.file)).collect();
        self.begin(app, |driver| driver.add_files(files));
    }

    /// A search for files begins: the load goes on until [`Self::end_search`], even when all files found are read.
    /// `None` when the workers cannot be started.
    pub fn begin_search(self, app: App) -> Option<FileSearch> {
        let data_set = self.data_set.get_value();
        self.begin(app, Driver::begin_search).map(|search| FileSearch { search, data_set })
    }

    /// Whether what a search finds will be read: not once reading was stopped or the data set closed.
    pub fn is_wanted(self, found: FileSearch) -> bool {
        let wanted = |driver: &Option<Driver>| driver.as_ref().is_some_and(|driver| driver.is_wanted(found.search));
        self.data_set.get_value() == found.data_set && self.driver.with_value(wanted)
    }

    /// All files of one search are added.
    pub fn end_search(self, found: FileSearch) {
        if self.is_wanted(found) {
            self.driver.with_value(|driver| driver.iter().for_each(|driver| driver.end_search(found.search)));
        }
    }

    /// Lists a file that was dropped but cannot be had.
    pub fn add_unreadable(self, path: String, reason: &str) {
        self.driver.with_value(|driver| driver.iter().for_each(|driver| driver.add_unreadable(path.clone(), reason)));
    }

    /// Has a worker generate the built-in sample archive and reads it.
    pub fn load_sample(self, app: App) {
        self.begin(app, Driver::load_sample);
    }

    /// Starts the workers before there is anything to read, so that the first files need not wait for them.
    pub fn warm_up(self, app: App) {
        // If it fails, the first files fail for the same reason, which is then shown.
        if self.driver.with_value(Option::is_none) && self.start(app).is_ok() {
            self.driver.with_value(|driver| driver.iter().for_each(Driver::rehearse));
        }
    }

    /// Makes sure that there are workers that can read something. False, and the page says why, when they cannot be
    /// started.
    pub fn prepare(self, app: App) -> bool {
        // The number of workers may have been changed since they were warmed up.
        let is_ready = |driver: &Option<Driver>| {
            driver.as_ref().is_some_and(|driver| driver.workers() == wanted_workers(app) || !driver.is_unused())
        };
        if !self.driver.with_value(is_ready)
            && let Err(reason) = self.start(app)
        {
            app.session.phase.set(super::Phase::Failed(format!("The workers could not be started: {reason}")));
            return false;
        }
        true
    }

    /// Has the workers read something.
    fn begin<R>(self, app: App, read: impl FnOnce(&Driver) -> R) -> Option<R> {
        if !self.prepare(app) {
            return None;
        }
        self.reporter.with_value(|reporter| reporter.iter().for_each(Reporter::begin));
        self.driver.with_value(|driver| driver.as_ref().map(read))
    }

    fn start(self, app: App) -> Result<(), String> {
        let workers = wanted_workers(app);
        let reporter = Reporter::new(app);
        let driver = Driver::start(workers, random_seed(), memory_limit(app), {
            let reporter = reporter.clone();
            move || reporter.report()
        })?;
        self.reporter.with_value(|reporter| reporter.iter().for_each(Reporter::end));
        app.session.workers.set(workers);
        self.reporter.set_value(Some(reporter));
        self.driver.set_value(Some(driver));
        Ok(())
    }

    /// Looks at how far reading is; `None` before the first file.
    pub fn with_load<R>(self, look: impl FnOnce(&LoadState) -> R) -> Option<R> {
        self.driver.with_value(|driver| driver.as_ref().map(|driver| driver.with_load(look)))
    }

    /// Stops reading; what was read stays.
    pub fn cancel(self) {
        self.driver.with_value(|driver| driver.iter().for_each(Driver::cancel_load));
    }

    /// Forgets the data set and gives its memory back.
    pub fn close(self, app: App) {
        self.reporter.with_value(|reporter| reporter.iter().for_each(Reporter::end));
        self.reporter.set_value(None);
        self.order.set_value(None);
        self.driver.set_value(None);
        self.data_set.update_value(|number| *number += 1);
        // A time range that was only tried out is of this data set.
        app.preview_range.set(None);
        // What went wrong with an export is of this data set, too.
        app.export.trouble.set(None);
        app.session.forget();
    }

    /// Number of the data set: another one after each that was closed.
    pub fn data_set(self) -> u32 {
        self.data_set.get_value()
    }

    /// Whether a question waits for its answer.
    pub fn waits(self) -> bool {
        self.open.get() > 0
    }

    /// How many events pass.
    pub async fn count(self, lane: &str, scope: Scope) -> Result<CountPart, Ask> {
        let answers = self.ask(lane, Query::Count(scope), None).await?;
        Ok(merged(answers, |answer| if let Answer::Count(part) = answer { Some(part) } else { None }))
    }

    /// Events per bucket of `step_ms`, on a grid shifted by `offset_ms`.
    pub async fn histogram(self, lane: &str, scope: Scope, step_ms: i64, offset_ms: i64) -> Result<HistogramPart, Ask> {
        let answers = self.ask(lane, Query::Histogram { scope, step_ms, offset_ms }, None).await?;
        Ok(merged(answers, |answer| if let Answer::Histogram(part) = answer { Some(part) } else { None }))
    }

    /// The most frequent values of a field.
    ///
    /// A value may be rare in one worker and frequent in another. So each worker names some more than are wanted, and all
    /// it has, up to [`VALUES`], when that does not tell which are the most frequent ones.
    pub async fn group(self, lane: &str, values: Values) -> Result<GroupPart, Ask> {
        let Values { scope, field, contains, limit, named, spans } = values;
        let query = |limit: u32| {
            let (scope, field, contains, named) = (scope.clone(), field.clone(), contains.clone(), named.clone());
            Query::Group { scope, field, contains, limit, named, spans }
        };
        let pick = |answer| if let Answer::Group(part) = answer { Some(part) } else { None };
        let some = SOME_VALUES.max(limit.saturating_mul(2));
        if some < VALUES {
            let answers = self.ask(lane, query(some), None).await?;
            if let Some(whole) = GroupPart::top_of(answers.into_iter().filter_map(pick).collect(), limit as usize) {
                return Ok(whole);
            }
        }
        let mut whole = merged(self.ask(lane, query(limit.max(VALUES)), None).await?, pick);
        whole.keep_top(limit as usize);
        Ok(whole)
    }

    /// `len` rows from row `first` on.
    ///
    /// Finds the place in the merged order from every worker's every 256th sort key, takes a window of keys from
    /// there, then the cells of the rows that are in it. At the beginning, where every change of the search leads, each
    /// worker sends the cells of its first rows along: some too many, but in one go.
    pub async fn page(
        self,
        lane: &str,
        scope: Scope,
        sort: Sort,
        first: u64,
        len: u32,
        fields: Vec<String>,
    ) -> Result<Page, Ask> {
        let workers = self.workers() as u32;
        // The first sample that tells a place from the beginning is that number STRIDE.
        let near = first < u64::from(STRIDE);
        let from = if near { None } else { self.place(lane, &scope, &sort, first).await? };
        let reach = if from.is_some() { STRIDE * (workers + 1) } else { first as u32 };
        let along = if first == 0 { fields.clone() } else { Vec::new() };
        let is_complete = !along.is_empty();
        let query = Query::SortWindow { scope, sort: sort.clone(), from, len: len + reach, fields: along };
        let answers = self.ask(&format!("{lane}:window"), query, None).await?;
        let mut known = HashMap::new();
        let windows = answers.into_iter().zip(0u32..).filter_map(|(answer, shard)| match answer {
            Answer::SortWindow { before, rows, cells } => {
                known.extend(rows.iter().zip(cells).map(|((_, row), cells)| (RowRef { shard, row: *row }, cells)));
                Some((before, rows))
            }
            _ => None,
        });
        let rows = window(windows.collect(), first, len as usize, &sort);
        if is_complete {
            let rows = rows.into_iter().filter_map(|row| Some((row, known.remove(&row)?))).collect();
            return Ok(Page { first, rows });
        }
        Ok(Page { first, rows: self.cells(lane, rows, &fields).await? })
    }

    async fn place(self, lane: &str, scope: &Scope, sort: &Sort, first: u64) -> Result<Option<SortKey>, Ask> {
        let version = self.reporter.with_value(|reporter| reporter.as_ref().map_or(0, Reporter::version));
        let known = |order: &Order| order.scope == *scope && order.sort == *sort && order.version == version;
        if !self.order.with_value(|order| order.as_ref().is_some_and(known)) {
            let query = Query::SortSamples { scope: scope.clone(), sort: sort.clone(), stride: STRIDE };
            let answers = self.ask(&format!("{lane}:samples"), query, None).await?;
            let samples = answers.into_iter().filter_map(|answer| match answer {
                Answer::SortSamples(keys) => Some(keys),
                _ => None,
            });
            let order = Order { scope: scope.clone(), sort: sort.clone(), version, samples: samples.collect() };
            self.order.set_value(Some(order));
        }
        Ok(self.order.with_value(|order| order.as_ref().and_then(|order| place(&order.samples, STRIDE, first, sort))))
    }

    async fn cells(self, lane: &str, rows: Vec<RowRef>, fields: &[String]) -> Result<Vec<(RowRef, Row)>, Ask> {
        let mut by_shard: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for (index, row) in rows.iter().enumerate() {
            by_shard.entry(row.shard).or_default().push(index);
        }
        let asked = by_shard.iter().map(|(shard, indices)| {
            let query =
                Query::Cells { rows: indices.iter().map(|&index| rows[index].row).collect(), fields: fields.to_vec() };
            let lane = format!("{lane}:cells:{shard}");
            let shard = *shard as usize;
            async move { self.ask(&lane, query, Some(shard)).await }
        });
        let mut found: Vec<Option<Row>> = vec![None; rows.len()];
        for (answers, indices) in all(asked.collect()).await.into_iter().zip(by_shard.values()) {
            if let Some(Answer::Cells(cells)) = answers?.pop() {
                indices.iter().zip(cells).for_each(|(&index, row)| found[index] = Some(row));
            }
        }
        Ok(rows.into_iter().zip(found).filter_map(|(origin, row)| Some((origin, row?))).collect())
    }

    /// One whole record.
    pub async fn event(self, lane: &str, row: RowRef) -> Result<EventDetail, Ask> {
        let answers = self.ask(lane, Query::Event { row: row.row }, Some(row.shard as usize)).await?;
        match answers.into_iter().next() {
            Some(Answer::Event(detail)) => Ok(*detail),
            _ => Err(failed("The event is not there any more")),
        }
    }

    /// Where the event with this eventID is.
    pub async fn find(self, lane: &str, event_id: String) -> Result<Option<RowRef>, Ask> {
        let answers = self.ask(lane, Query::Find { event_id }, None).await?;
        let found = answers.into_iter().zip(0u32..).find_map(|(answer, shard)| match answer {
            Answer::Find(Some(row)) => Some(RowRef { shard, row }),
            _ => None,
        });
        Ok(found)
    }

    /// Samples of a metric filter over everything loaded.
    pub async fn series(self, lane: &str, filter: MetricFilter, keep_duplicates: bool) -> Result<SeriesPart, Ask> {
        let answers = self.ask(lane, Query::Series { filter, keep_duplicates }, None).await?;
        Ok(merged(answers, |answer| if let Answer::Series(part) = answer { Some(part) } else { None }))
    }

    /// All field paths that occur.
    pub async fn catalog(self, lane: &str) -> Result<CatalogPart, Ask> {
        let answers = self.ask(lane, Query::Catalog, None).await?;
        Ok(merged(answers, |answer| if let Answer::Catalog(part) = answer { Some(part) } else { None }))
    }

    /// A piece of an export from one worker, behind the piece that ended `after`.
    pub async fn export(
        self,
        worker: usize,
        scope: Scope,
        format: ExportFormat,
        after: Option<Origin>,
    ) -> Result<ExportPiece, Ask> {
        let query = Query::Export { scope, format, after, budget: EXPORT_PIECE };
        match self.ask(&format!("export:{worker}"), query, Some(worker)).await?.pop() {
            Some(Answer::Export(piece)) => Ok(piece),
            _ => Err(failed("The worker answered another question")),
        }
    }

    /// [`Answer::Hashes`] of one worker, from its job number `from` on. Nobody waits for it: it does not count as an open question.
    pub async fn hashes(self, worker: usize, from: u32) -> Result<Answer, Ask> {
        let Some(driver) = self.driver.try_with_value(Clone::clone).flatten() else {
            return Err(failed("No data is loaded"));
        };
        match driver.ask(&format!("hashes:{worker}"), Query::Hashes { from }, Some(worker)).await?.pop() {
            Some(answer @ Answer::Hashes { .. }) => Ok(answer),
            _ => Err(failed("The worker answered another question")),
        }
    }

    /// Number of workers.
    pub fn workers(self) -> usize {
        self.driver.with_value(|driver| driver.as_ref().map_or(1, Driver::workers))
    }

    /// Lines of the import report, those among them that no worker knows of.
    pub async fn files(self, lane: &str, question: FileQuestion) -> Result<FilesPart, Ask> {
        let answers = self.ask(lane, Query::Files(question.clone()), None).await?;
        let mut whole: FilesPart =
            merged(answers, |answer| if let Answer::Files(part) = answer { Some(part) } else { None });
        self.with_load(|load| {
            load.own_rows().for_each(|row| whole.add(row, &question));
            whole.add_unlisted(load.left_out - load.left_out_paths.len() as u64);
        });
        whole.keep_first(&question);
        Ok(whole)
    }

    /// Files and events by account, Region and time, in cells of `step_ms` within `range`.
    pub async fn coverage(
        self,
        lane: &str,
        step_ms: i64,
        offset_ms: i64,
        range: TimeRange,
    ) -> Result<CoveragePart, Ask> {
        let query = Query::Coverage { step_ms, offset_ms, range: Some((range.from, range.to)) };
        let answers = self.ask(lane, query, None).await?;
        Ok(merged(answers, |answer| if let Answer::Coverage(part) = answer { Some(part) } else { None }))
    }

    /// Calls and errors per minute.
    pub async fn rates(self, lane: &str) -> Result<RatesPart, Ask> {
        let answers = self.ask(lane, Query::Rates, None).await?;
        Ok(merged(answers, |answer| if let Answer::Rates(part) = answer { Some(part) } else { None }))
    }

    /// What kinds of values some fields have, and whether a text is among them.
    pub async fn fields(self, lane: &str, questions: Vec<FieldQuestion>) -> Result<FieldsPart, Ask> {
        let answers = self.ask(lane, Query::Fields(questions), None).await?;
        Ok(merged(answers, |answer| if let Answer::Fields(part) = answer { Some(part) } else { None }))
    }

    /// What the events that a filter pattern matches are, in these times, by several fields.
    pub async fn contributors(
        self,
        lane: &str,
        pattern: String,
        spans: Option<Vec<(i64, i64)>>,
        fields: Vec<String>,
        keep_duplicates: bool,
    ) -> Result<ContributorsPart, Ask> {
        let answers = self.ask(lane, Query::Contributors { pattern, spans, fields, keep_duplicates }, None).await?;
        Ok(merged(answers, |answer| if let Answer::Contributors(part) = answer { Some(part) } else { None }))
    }

    /// What two filter patterns have in common, and on how many of the events further conditions hold.
    pub async fn compare(
        self,
        lane: &str,
        patterns: [String; 2],
        conditions: Vec<String>,
        keep_duplicates: bool,
    ) -> Result<ComparisonPart, Ask> {
        let answers = self.ask(lane, Query::Compare { patterns, conditions, keep_duplicates }, None).await?;
        Ok(merged(answers, |answer| if let Answer::Compare(part) = answer { Some(part) } else { None }))
    }

    /// What each of some filter patterns matches over everything loaded, and the earliest events of each.
    pub async fn matches(
        self,
        lane: &str,
        patterns: Vec<String>,
        keep_duplicates: bool,
        shown: u32,
    ) -> Result<MatchesPart, Ask> {
        let answers = self.ask(lane, Query::Matches { patterns, keep_duplicates, shown }, None).await?;
        Ok(merged(answers, |answer| if let Answer::Matches(part) = answer { Some(part) } else { None }))
    }

    /// What is to be read of files that are added from now on.
    pub fn select(self, selection: Selection) {
        self.driver.with_value(|driver| driver.iter().for_each(|driver| driver.select(selection.clone())));
    }

    /// Whether the file at this path is to be read. If not, it is counted as left out.
    pub fn selects(self, path: &str) -> bool {
        self.driver.with_value(|driver| driver.as_ref().is_none_or(|driver| driver.selects(path)))
    }

    /// Waits until no question is open.
    pub async fn all_answered(self) {
        if let Some(driver) = self.driver.try_with_value(Clone::clone).flatten() {
            driver.all_answered().await;
        }
    }

    async fn ask(self, lane: &str, query: Query, worker: Option<usize>) -> Result<Vec<Answer>, Ask> {
        let Some(driver) = self.driver.try_with_value(Clone::clone).flatten() else {
            return Err(failed("No data is loaded"));
        };
        let _open = Open::new(self.open);
        driver.ask(lane, query, worker).await
    }
}

pub(super) fn failed(message: &str) -> Ask {
    Ask::Failed(QueryError { message: message.into() })
}

/// How many workers the next data set gets.
fn wanted_workers(app: App) -> usize {
    let cores = leptos::prelude::window().navigator().hardware_concurrency() as usize;
    app.prefs.with_untracked(|prefs| prefs.workers).unwrap_or(cores).clamp(1, 8)
}

/// Where reading stops: as preferred, else by what the browser says about the machine, which it rounds down.
fn memory_limit(app: App) -> MemoryLimit {
    if let Some(mb) = app.prefs.with_untracked(|prefs| prefs.memory_mb) {
        return MemoryLimit { total: mb * 1_000_000, ..MemoryLimit::default() };
    }
    let gib = js_sys::Reflect::get(&leptos::prelude::window().navigator(), &"deviceMemory".into());
    let gib = gib.ok().and_then(|gib| gib.as_f64());
    gib.map_or_else(MemoryLimit::default, |gib| MemoryLimit::of_machine((gib * 1_073_741_824.0) as u64))
}

/// A random number for keying hashes; the clock where the browser has no secure source.
fn random_seed() -> u64 {
    let mut bytes = [0; 8];
    match leptos::prelude::window().crypto() {
        Ok(crypto) if crypto.get_random_values_with_u8_array(&mut bytes).is_ok() => u64::from_le_bytes(bytes),
        _ => js_sys::Date::now().to_bits(),
    }
}

/// Waits for all; like `futures::join_all`, which would be a dependency for this one line.
pub(super) async fn all<F: Future>(futures: Vec<F>) -> Vec<F::Output> {
    let mut pending: Vec<_> = futures.into_iter().map(|future| (Box::pin(future), None)).collect();
    poll_fn(|context| {
        for (future, output) in pending.iter_mut().filter(|(_, output)| output.is_none()) {
            if let Poll::Ready(value) = future.as_mut().poll(context) {
                *output = Some(value);
            }
        }
        if pending.iter().all(|(_, output)| output.is_some()) { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    pending.into_iter().filter_map(|(_, output)| output).collect()
}
