//! What the archive covers: accounts and Regions by time, changes to logging, and what cannot be seen in it.
//!
//! Speaks of everything loaded, whatever the search and the range in force.

mod chart;
mod places;

use crate::base::EpochMs;
use crate::base::time::{HOUR, MINUTE};
use crate::model::coverage::{CoveragePart, Tampering};
use crate::ui::chart::use_size;
use crate::ui::state::{Answer, App, use_answer, use_app};
use crate::ui::timeline::middle_offset;
use crate::ui::widgets::Icon;
use crate::view::chart::coverage::Layout;
use crate::view::coverage::{Coverage as Grid, missing, step, step_name};
use crate::view::{Action, Panel, TimeRange, format};
use chart::Chart;
use leptos::{html, prelude::*};
use places::Places;
use std::sync::Arc;

/// Changes to logging that are listed under the chart.
const LISTED: usize = 50;
/// Shown around one of them, on either side.
const AROUND: i64 = 30 * MINUTE;
/// Width before the chart has one, in CSS pixels.
const WIDTH: f64 = 900.0;
/// Space left of and right of the columns.
const ASIDE: f64 = 130.0;

/// What the parts of the tab share.
#[derive(Clone, Copy)]
struct Parts {
    part: Memo<Option<Arc<CoveragePart>>>,
    grid: Memo<Option<Arc<Grid>>>,
    layout: Memo<Option<Layout>>,
    /// The times looked at more closely.
    zoom: RwSignal<Option<TimeRange>>,
    /// Distance of the axis from UTC.
    offset: Memo<i64>,
}

/// The tab.
#[component]
pub fn Coverage() -> impl IntoView {
    let app = use_app();
    let node = NodeRef::<html::Div>::new();
    let size = use_size(node);
    let zoom = RwSignal::new(None::<TimeRange>);
    let whole = Memo::new(move |_| {
        let (first, last) = app.session.loaded.with(|loaded| (loaded.first, loaded.last));
        first.zip(last).map(|(first, last)| TimeRange { from: first, to: EpochMs(last.0.saturating_add(1)) })
    });
    let range = Memo::new(move |_| zoom.get().or(whole.get()));
    let offset = Memo::new(move |_| range.get().map_or(0, |range| app.zone.with(|zone| middle_offset(zone, range))));
    // Columns are whole hours of UTC in any zone: gaps are.
    let shift = Memo::new(move |_| offset.get().div_euclid(HOUR) * HOUR);
    let width = Memo::new(move |_| if size.get().0 > 0.0 { size.get().0 } else { WIDTH });
    let length = Memo::new(move |_| range.get().map(|range| step(range, width.get() - ASIDE)));
    let answer = use_answer(
        move || {
            let (range, length) = (range.get()?, length.get()?);
            app.session.has_data().then(|| (range, length, shift.get(), app.session.version.get()))
        },
        move |(range, length, shift, _)| {
            // Files are delivered after their events: the last ones in the hour after.
            let wanted = TimeRange { to: EpochMs(range.to.0.saturating_add(HOUR)), ..range };
            app.engine.coverage("coverage", length, shift, wanted)
        },
    );
    let part = Memo::new(move |_| answer.with(|answer: &Answer<CoveragePart>| answer.value.clone()));
    let grid = Memo::new(move |_| part.with(|part| part.as_ref().map(|part| Arc::new(Grid::new(part)))));
    let layout = Memo::new(move |_| {
        let (range, length) = (range.get()?, length.get()?);
        grid.with(|grid| {
            let grid = grid.as_ref()?;
            let end = grid.end(length).filter(|_| zoom.with(Option::is_none));
            let range = TimeRange { to: end.map_or(range.to, |end| end.max(range.to)), ..range };
            Some(Layout::new(grid, range, length, shift.get(), width.get()))
        })
    });
    let parts = Parts { part, grid, layout, zoom, offset };
    let has_rows = Memo::new(move |_| grid.with(|grid| grid.as_ref().is_some_and(|grid| !grid.rows.is_empty())));
    let error = move || answer.with(|answer| answer.error.clone());
    view! {
        <div class="coverage" node_ref=node>
            {move || error().map(|message| view! { <p class="error-note" role="alert">{message}</p> })}
            <Show
                when=move || has_rows.get() && range.get().is_some()
                fallback=|| view! { <p class="empty-note">"No event with a readable time has been read"</p> }
            >
                <Head parts/>
                <div class:stale=move || answer.with(|answer| answer.stale) && !app.session.is_loading()>
                    <Chart parts/>
                </div>
                <Missing parts/>
                <Changes parts/>
                <Places parts/>
            </Show>
        </div>
    }
}

/// What the colours mean, and the way back from a closer look.
#[component]
fn Head(parts: Parts) -> impl IntoView {
    let app = use_app();
    let unit =
        move || parts.layout.with(|layout| layout.as_ref().map(|layout| format!("per {}", step_name(layout.step))));
    let hidden = move || {
        let hidden = parts.grid.with(|grid| grid.as_ref().map_or(0, |grid| grid.hidden));
        (hidden > 0)
            .then(|| format!("{} with fewer events are not shown", format::plural(hidden as u64, "place", "places")))
    };
    view! {
        <div class="coverage-head">
            <span class="legend">"Fewer events"{["heat-1", "heat-2", "heat-3", "heat-4"].map(|level| view! { <i class=format!("swatch {level}")></i> })}"more"</span>
            <span class="legend"><i class="swatch heat-0"></i>"file without events"</span>
            <span class="legend"><i class="state-mark" data-state="insufficient"></i>"gap"</span>
            <span class="legend"><i class="swatch alarm"></i>"logging changed"</span>
            <span class="muted">{unit}</span>
            <span class="muted">{hidden}</span>
            {move || parts.zoom.get().map(|range| view! {
                <span class="coverage-zoom">
                    <span class="number">{app.short_range(range)}</span>
                    <button class="button small" on:click=move |_| parts.zoom.set(None)>"Whole span"</button>
                </span>
            })}
        </div>
    }
}

/// What cannot be seen, in plain words; not before everything is read.
#[component]
fn Missing(parts: Parts) -> impl IntoView {
    let app = use_app();
    let said = Memo::new(move |_| {
        let (part, grid) = (parts.part.get(), parts.grid.get());
        part.zip(grid).map(|(part, grid)| missing(&part, &grid)).unwrap_or_default()
    });
    view! {
        <Show when=move || !said.with(Vec::is_empty) && !app.session.is_loading()>
            <section class="coverage-section" aria-label="What this archive cannot show">
                <h2>"What this archive cannot show"</h2>
                <ul class="coverage-missing">
                    {move || said.get().into_iter().map(|said| view! { <li><Icon name="eye-off" small=true/><span>{said}</span></li> }).collect_view()}
                </ul>
            </section>
        </Show>
    }
}

/// Events that changed logging or detection; each leads to itself.
#[component]
fn Changes(parts: Parts) -> impl IntoView {
    let app = use_app();
    let listed = move || {
        parts.part.with(|part| part.iter().flat_map(|part| &part.tampering).take(LISTED).cloned().collect::<Vec<_>>())
    };
    let total = move || parts.part.with(|part| part.as_ref().map_or(0, |part| part.tampered));
    let more = move || {
        let more = total().saturating_sub(LISTED as u64);
        (more > 0).then(|| view! { <p class="muted">{format!("and {} later ones", format::count(more))}</p> })
    };
    view! {
        <Show when=move || { total() > 0 }>
            <section class="coverage-section" aria-label="Changes to logging and detection">
                <h2>"Changes to logging and detection"<span class="muted number">{move || format::count(total())}</span></h2>
                <ul class="coverage-changes">
                    {move || listed().into_iter().map(|change| view! { <Change app change/> }).collect_view()}
                </ul>
                {more}
            </section>
        </Show>
    }
}

#[component]
fn Change(app: App, change: Tampering) -> impl IntoView {
    let time = change.time;
    let id = change.event_id.clone();
    let place = format!("{} {}", change.account, change.region);
    let open = move |_| {
        app.preview(Action::KeepRanges(0));
        app.preview(Action::SetSearch(String::new()));
        app.preview(Action::PushRange(TimeRange { from: EpochMs(time.0 - AROUND), to: EpochMs(time.0 + AROUND) }));
        app.preview(Action::Select(Some(id.clone()).filter(|id| !id.is_empty())));
        app.dispatch(Action::Open(Panel::Events));
    };
    view! {
        <li>
            <button on:click=open>
                <span class="number">{move || app.zone.with(|zone| format::time(time, zone))}</span>
                <b>{change.name}</b>
                <span class="muted number">{place}</span>
                {change.failed.then(|| view! { <span class="muted">"refused"</span> })}
            </button>
        </li>
    }
}
