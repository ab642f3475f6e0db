//! The engine as components see it: one async function per kind of question, over the worker pool.

use crate::model::metric::MetricFilter;
use crate::model::partial::{CatalogPart, CountPart, GroupPart, HistogramPart, SeriesPart};
use crate::model::query::{EventDetail, QueryError, Row, RowRef, Scope, Sort};

/// Why a question has no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// A newer question of the same lane took its place; nothing to show.
    Overtaken,
    /// It cannot be answered.
    Failed(QueryError),
}

/// Some rows of the table in sort order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// Number of the first row, counted from 0.
    pub first: u64,
    /// Rows with where they came from.
    pub rows: Vec<(RowRef, Row)>,
}

/// Asks all workers and merges their answers. Cheap to copy.
///
/// Each question names a lane: of all questions in one lane only the newest is answered, the others resolve
/// to [`Ask::Overtaken`]. A pane that asks one thing at a time uses its own name as the lane.
#[derive(Clone, Copy, Default)]
pub struct Engine {}

impl Engine {
    /// How many events pass.
    pub async fn count(self, lane: &str, scope: Scope) -> Result<CountPart, Ask> {
        let _ = (lane, scope);
        Err(unavailable())
    }

    /// Events per bucket of `step_ms`, on a grid shifted by `offset_ms`.
    pub async fn histogram(self, lane: &str, scope: Scope, step_ms: i64, offset_ms: i64) -> Result<HistogramPart, Ask> {
        let _ = (lane, scope, step_ms, offset_ms);
        Err(unavailable())
    }

    /// The most frequent values of a field, those containing `contains` only.
    pub async fn group(
        self,
        lane: &str,
        scope: Scope,
        field: String,
        contains: String,
        limit: u32,
    ) -> Result<GroupPart, Ask> {
        let _ = (lane, scope, field, contains, limit);
        Err(unavailable())
    }

    /// `len` rows from row `first` on.
    pub async fn page(
        self,
        lane: &str,
        scope: Scope,
        sort: Sort,
        first: u64,
        len: u32,
        fields: Vec<String>,
    ) -> Result<Page, Ask> {
        let _ = (lane, scope, sort, first, len, fields);
        Err(unavailable())
    }

    /// One whole record.
    pub async fn event(self, lane: &str, row: RowRef) -> Result<EventDetail, Ask> {
        let _ = (lane, row);
        Err(unavailable())
    }

    /// Where the event with this eventID is.
    pub async fn find(self, lane: &str, event_id: String) -> Result<Option<RowRef>, Ask> {
        let _ = (lane, event_id);
        Err(unavailable())
    }

    /// Samples of a metric filter over everything loaded.
    pub async fn series(self, lane: &str, filter: MetricFilter, keep_duplicates: bool) -> Result<SeriesPart, Ask> {
        let _ = (lane, filter, keep_duplicates);
        Err(unavailable())
    }

    /// All field paths that occur.
    pub async fn catalog(self, lane: &str) -> Result<CatalogPart, Ask> {
        let _ = lane;
        Err(unavailable())
    }
}

fn unavailable() -> Ask {
    Ask::Failed(QueryError { message: "No data is loaded".into() })
}
