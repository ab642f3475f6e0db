//! The histogram of the events in scope, with the brush that chooses a time range.
//!
//! Always shows the committed range: while the brush is dragged, only the other panes follow it.

mod insights;
mod surface;
mod table;

use crate::base::EpochMs;
use crate::model::query::Scope;
use crate::ui::chart::legend::OutcomeLegend;
use crate::ui::chart::{Canvas, Crosshair, Readout, shown_range, use_size};
use crate::ui::filter::chips::Chips;
use crate::ui::state::{use_answer, use_app};
use crate::ui::widgets::Icon;
use crate::view::chart::bins::{bucket_step, query_grid};
use crate::view::chart::draw::{time_axis, value_axis};
use crate::view::chart::{Bins, Brush, Frame, Step, TimeScale, brush, histogram};
use crate::view::{Action, TimeRange, format};
use insights::{AtTime, Insights, InsightsMenu};
use leptos::{html, prelude::*};
use surface::Surface;
use table::Table;

/// Space around the bars: top, right, bottom (time labels), left (value labels).
const MARGIN: (f64, f64, f64, f64) = (8.0, 12.0, 22.0, 48.0);

/// What the parts of the timeline share.
#[derive(Clone, Copy)]
struct Parts {
    /// The time range shown and the plot area; nothing before there is data and a size.
    scale: Memo<Option<(TimeScale, Frame)>>,
    /// Length of a bucket.
    step: Memo<Step>,
    /// The buckets of the newest answer.
    bins: Memo<Option<Bins>>,
    brush: RwSignal<Brush>,
}

/// The timeline.
#[component]
pub fn Timeline() -> impl IntoView {
    let app = use_app();
    let chart = NodeRef::<html::Div>::new();
    let size = use_size(chart);
    let range = shown_range(app);
    let scale = Memo::new(move |_| {
        let (width, height) = size.get();
        let frame = Frame::inside(width, height, MARGIN);
        range.get().filter(|_| width > 0.0).map(|range| (TimeScale::new(range, &frame), frame))
    });
    let step = Memo::new(move |_| {
        scale.get().map_or(Step::Fixed(1_000), |(scale, frame)| bucket_step(scale.range, frame.width))
    });
    let offset = Memo::new(move |_| range.get().map_or(0, |range| app.zone.with(|zone| middle_offset(zone, range))));

    let answer = use_answer(
        move || {
            scale.get()?;
            app.session.has_data().then(|| (app.unbrushed.get(), step.get(), offset.get(), app.session.version.get()))
        },
        move |(scope, step, offset, _): (Scope, Step, i64, u64)| {
            let (step_ms, offset_ms) = query_grid(step, offset);
            // The answer keeps the grid it was counted on: by then the step on screen may be another one.
            async move {
                let part = app.engine.histogram("timeline", scope, step_ms, offset_ms).await?;
                Ok(Bins::new(&part, step, offset))
            }
        },
    );
    let bins = Memo::new(move |_| answer.with(|answer| answer.value.as_deref().cloned()));
    let brush = RwSignal::new(Brush::new(TimeRange { from: EpochMs(0), to: EpochMs(1) }, Step::Fixed(1_000), 0));
    Effect::new(move |_| {
        if let Some(range) = range.get()
            && let Some(outcome) = brush.try_update(|brush| brush.reshape(range, step.get(), offset.get()))
        {
            follow(app, outcome);
        }
    });
    // Somebody else ended the preview.
    Effect::new(move |_| {
        if app.preview_range.get().is_none() {
            brush.update(|brush| {
                brush.clear();
            });
        }
    });
    let parts = Parts { scale, step, bins, brush };
    let insights = Insights::follow(app);

    let drawing = Signal::derive(move || {
        let mut list = Vec::new();
        let Some((time, frame)) = scale.get() else { return list };
        bins.with(|bins| {
            if let Some(bins) = bins {
                let values = histogram::value_scale(bins, &frame);
                value_axis(&values, &frame, &mut list);
                list.extend(histogram::bars(bins, &time, &values, &frame));
            }
        });
        time_axis(&time, &frame, offset.get(), &mut list);
        insights.found.with(|found| list.extend(crate::view::insights::bars(found, insights.end.get(), &time, &frame)));
        list
    });
    let pixel = move |time: EpochMs| {
        let (scale, frame) = scale.get()?;
        let x = scale.x(time);
        (frame.left..=frame.right()).contains(&x).then_some(x)
    };
    let crosshair = Signal::derive(move || app.hover_time.get().and_then(pixel));
    let selection = Memo::new(move |_| brush.with(Brush::selection));
    let selected = move || {
        selection.get().map(|selection| {
            let (from, to) = (pixel(selection.from).unwrap_or_default(), pixel(selection.to).unwrap_or_default());
            view! {
                <div class="brush" style:left=crate::ui::chart::pixels(from) style:width=crate::ui::chart::pixels(to - from)>
                    <span class="brush-edge"></span>
                    <span class="brush-edge"></span>
                </div>
            }
        })
    };
    let problem = move || answer.with(|answer| answer.error.clone());
    let note = move || match range.get() {
        None if app.session.is_loading() => None,
        None if !app.session.has_events() => Some("No events are loaded yet"),
        None => Some("No event has a readable time"),
        Some(_) => bins
            .with(|bins| bins.as_ref().is_some_and(|bins| bins.buckets.is_empty()))
            .then_some("No events match in this time range"),
    };
    view! {
        <section class="timeline" aria-label="Events over time">
            <Head parts selection insights/>
            <div
                node_ref=chart
                class="chart timeline-chart"
                class:stale=move || answer.with(|answer| answer.stale) && !app.session.is_loading()
            >
                <Canvas size drawing=drawing/>
                {selected}
                <Crosshair x=crosshair/>
                <Readout x=crosshair width=Signal::derive(move || size.get().0)>
                    <Bucket parts/>
                    <AtTime insights time=app.hover_time/>
                </Readout>
                {move || note().map(|note| view! { <p class="chart-note">{note}</p> })}
                {move || problem().map(|message| view! { <p class="chart-note" role="alert">{message}</p> })}
                <Surface parts/>
            </div>
            <Table parts/>
        </section>
    }
}

/// The line above the chart: what the bars mean, what they are cut down to, and what to do with a selection. It is
/// there with and without chips, so that nothing moves when the first letter of a search makes one.
#[component]
fn Head(parts: Parts, selection: Memo<Option<TimeRange>>, insights: Insights) -> impl IntoView {
    let app = use_app();
    let totals = Signal::derive(move || parts.bins.with(|bins| bins.as_ref().map(Bins::totals)));
    let commit = move |_| {
        if let Some(outcome) = parts.brush.try_update(Brush::commit) {
            follow(app, outcome);
        }
    };
    let clear = move |_| {
        if let Some(outcome) = parts.brush.try_update(Brush::clear) {
            follow(app, outcome);
        }
    };
    view! {
        <div class="timeline-head">
            <OutcomeLegend totals/>
            <span class="muted timeline-step">{move || format!("per {}", parts.step.get().label().trim_start_matches("1 "))}</span>
            <InsightsMenu insights/>
            <Chips/>
            {move || selection.get().map(|range| view! {
                <span class="timeline-selection">
                    <span class="number">
                        {app.short_range(range)}
                        <span class="muted">" · "{format::duration(range.millis())}</span>
                    </span>
                    <button class="button small primary" on:click=commit>"Zoom in" <kbd aria-hidden="true">"↵"</kbd></button>
                    <button class="icon-button small" aria-label="Clear the selection" title="Clear the selection" on:click=clear>
                        <Icon name="close" small=true/>
                    </button>
                </span>
            })}
        </div>
    }
}

/// What the crosshair reads out.
#[component]
fn Bucket(parts: Parts) -> impl IntoView {
    let app = use_app();
    move || {
        let time = app.hover_time.get()?;
        let bucket = parts.bins.with(|bins| bins.as_ref().map(|bins| bins.at(time)))?;
        let range = TimeRange { from: bucket.from, to: bucket.to };
        Some(view! {
            <p class="number">{app.short_range(range)}</p>
            <p><i class="swatch success"></i><b class="number">{format::count(bucket.ok)}</b>" without error"</p>
            <p><i class="swatch error"></i><b class="number">{format::count(bucket.error)}</b>" with error code"</p>
        })
    }
}

/// Does what the brush says.
fn follow(app: crate::ui::state::App, outcome: brush::Outcome) {
    match outcome {
        brush::Outcome::Unchanged => {}
        brush::Outcome::Preview(range) => app.preview_range.set(range),
        brush::Outcome::Commit(range) => {
            app.preview_range.set(None);
            app.dispatch(Action::PushRange(range));
        }
    }
}

/// The zone's distance from UTC in the middle of a range: one axis has one offset.
pub fn middle_offset(zone: &crate::view::zone::Zone, range: TimeRange) -> i64 {
    zone.offset_at(EpochMs(range.from.0 + range.millis() / 2))
}
