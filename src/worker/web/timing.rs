//! User-timing marks for anyone who measures the page (the browser's performance panel, the benchmark).
//!
//! Marks: `trailscope:load-start`, `trailscope:first-rows`, `trailscope:load-end`. Measures: one per answered
//! question, `trailscope:count`, `trailscope:histogram` and so on, from asking to the last worker's answer.

use crate::model::query::Query;
use crate::worker::pool::{LoadPhase, LoadState};
use web_sys::Performance;

/// Kept measures at most, so that a long session does not grow.
const KEPT: u32 = 2_000;

/// Where a load stands, as far as marks go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    reading: bool,
    rows: bool,
}

impl Marks {
    /// Sets the marks that the new state calls for.
    pub fn follow(&mut self, load: &LoadState) {
        let reading = matches!(load.phase, LoadPhase::Reading | LoadPhase::Comparing);
        if reading && !self.reading {
            mark("trailscope:load-start");
            self.rows = false;
        }
        if load.records > 0 && !self.rows {
            mark("trailscope:first-rows");
            self.rows = true;
        }
        if !reading && self.reading {
            mark("trailscope:load-end");
        }
        self.reading = reading;
    }
}

/// A question on its way.
pub struct Measure {
    name: &'static str,
    start: String,
}

impl Measure {
    /// Begins to time question number `ticket`.
    pub fn start(query: &Query, ticket: u64) -> Self {
        let name = match query {
            Query::Count(_) => "trailscope:count",
            Query::Histogram { .. } => "trailscope:histogram",
            Query::Group { .. } => "trailscope:group",
            Query::SortSamples { .. } | Query::SortWindow { .. } => "trailscope:sort",
            Query::Cells { .. } => "trailscope:cells",
            Query::Event { .. } => "trailscope:event",
            Query::Find { .. } => "trailscope:find",
            Query::Series { .. } => "trailscope:series",
            Query::Contributors { .. } => "trailscope:contributors",
            Query::Compare { .. } => "trailscope:compare",
            Query::Export { .. } => "trailscope:export",
            Query::Coverage { .. } => "trailscope:coverage",
            Query::Matches { .. } => "trailscope:matches",
            Query::Rates => "trailscope:rates",
            Query::Files(_) => "trailscope:files",
            Query::Catalog => "trailscope:catalog",
            Query::Fields(_) => "trailscope:fields",
            Query::Hashes { .. } => "trailscope:hashes",
        };
        let start = format!("trailscope:ask-{ticket}");
        mark(&start);
        Self { name, start }
    }

    /// Records the time since the start.
    pub fn end(self) {
        let Some(performance) = performance() else { return };
        if performance.get_entries_by_name(self.name).length() >= KEPT {
            performance.clear_measures_with_measure_name(self.name);
        }
        // Fails only when the start mark is gone; then there is nothing to measure.
        let _ = performance.measure_with_start_mark(self.name, &self.start);
    }
}

impl Drop for Measure {
    fn drop(&mut self) {
        if let Some(performance) = performance() {
            performance.clear_marks_with_mark_name(&self.start);
        }
    }
}

fn mark(name: &str) {
    if let Some(performance) = performance() {
        let _ = performance.mark(name);
    }
}

fn performance() -> Option<Performance> {
    web_sys::window()?.performance()
}
