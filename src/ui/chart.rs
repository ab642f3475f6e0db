//! Puts draw lists of [`view::chart`](crate::view::chart) on a canvas, and what all charts share: size, theme,
//! crosshair, read-out. No layout is computed here.
//!
//! A chart is a box with a canvas at the bottom, HTML on top for what can be grabbed or read, and a table for
//! screen readers behind it.

pub mod canvas;
pub mod legend;
pub mod overlay;
pub mod painter;
mod settled;
pub mod strip;

pub use canvas::{Canvas, use_size};
pub use overlay::{Crosshair, Readout, local_x, local_y, pixels};
pub use settled::use_settled;

use crate::base::EpochMs;
use crate::ui::state::App;
use crate::view::TimeRange;
use leptos::prelude::*;

/// Shortest range shown in milliseconds: all events may have the same time.
const SHORTEST: i64 = 1_000;

/// The time range that charts of events show: the committed one, or all that is loaded.
pub fn shown_range(app: App) -> Memo<Option<TimeRange>> {
    Memo::new(move |_| {
        app.range.get().or_else(|| {
            let (first, last) = app.session.loaded.with(|loaded| loaded.first.zip(loaded.last))?;
            Some(TimeRange { from: first, to: EpochMs((last.0 + 1).max(first.0 + SHORTEST)) })
        })
    })
}

/// The time range of a chart of states: that of all charts, but with a short archive it goes on to the end of the
/// evaluation, because an alarm looks at a period when that is over.
pub fn evaluated_range(app: App, end: Signal<Option<EpochMs>>) -> Memo<Option<TimeRange>> {
    let shown = shown_range(app);
    Memo::new(move |_| {
        let range = shown.get()?;
        let end = end.get().filter(|_| app.range.with(Option::is_none));
        Some(end.map_or(range, |end| range.reaching(end)))
    })
}
