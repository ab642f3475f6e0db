//! The ribbons of the children above the composite alarm's own.

use super::run::use_composites;
use crate::alarm::{Span, Timeline};
use crate::model::alarm::AlarmState;
use crate::ui::alarm::StateMark;
use crate::ui::chart::{Canvas, Crosshair, Readout, evaluated_range, local_x, pixels, use_size};
use crate::ui::state::use_app;
use crate::ui::timeline::middle_offset;
use crate::view::chart::{Frame, TimeScale, states};
use crate::view::format;
use leptos::{html, prelude::*};
use std::sync::Arc;

/// A row: a name and its states.
type Row = (String, Option<Arc<Timeline>>);

/// The chart, and the same as a table for screen readers.
#[component]
pub fn StatesChart(id: u32) -> impl IntoView {
    let app = use_app();
    let found = use_composites().of(id);
    // Compared by identity of the evaluation, not by its content.
    let rows = Signal::derive(move || {
        found.with(|found| {
            let Some(found) = found else { return Vec::<Row>::new() };
            let own = (found.name.clone(), found.timeline.clone());
            found.children.iter().cloned().chain([own]).collect()
        })
    });
    let suppressor = move || found.with(|found| found.as_ref().is_some_and(|found| found.suppressor.is_some()));
    let chart = NodeRef::<html::Div>::new();
    let size = use_size(chart);
    let end = Signal::derive(move || rows.get().iter().filter_map(|(_, timeline)| timeline.as_ref()?.end()).max());
    let range = evaluated_range(app, end);
    let scale = Memo::new(move |_| {
        let (width, height) = size.get();
        let plot = Frame::inside(width, height, (0.0, 12.0, 0.0, 0.0));
        range.get().filter(|_| width > 0.0).map(|range| (TimeScale::new(range, &plot), plot))
    });
    let offset = Memo::new(move |_| range.get().map_or(0, |range| app.zone.with(|zone| middle_offset(zone, range))));
    let drawing = Signal::derive(move || {
        let Some((time, plot)) = scale.get() else { return Vec::new() };
        let rows = rows.get();
        let spans: Vec<&[Span]> = rows
            .iter()
            .map(|(_, timeline)| timeline.as_ref().map(|timeline| timeline.spans.as_slice()).unwrap_or_default())
            .collect();
        states::draw(&spans, &time, &plot, offset.get())
    });
    let crosshair = Signal::derive(move || {
        let (scale, plot) = scale.get()?;
        let x = scale.x(app.hover_time.get()?);
        (plot.left..=plot.right()).contains(&x).then_some(x)
    });
    on_cleanup(move || app.hover_time.set(None));
    let moved = move |event: web_sys::PointerEvent| {
        if let Some((scale, _)) = scale.get_untracked() {
            app.hover_time.set(Some(scale.time(local_x(&event))));
        }
    };
    let height = move || pixels(states::height(rows.with(Vec::len)));
    let point = move || {
        let time = app.hover_time.get()?;
        let lines = rows.get().into_iter().filter_map(move |(name, timeline)| {
            let state = timeline?.state_at(time)?;
            Some(view! { <p><StateMark state/><b>{state.as_str()}</b>" "{name}</p> })
        });
        Some(view! {
            <p class="number">{app.zone.with(|zone| format::time(time, zone))}</p>
            {lines.collect_view()}
        })
    };
    let labels = move || {
        let rows = rows.get();
        let last = rows.len().saturating_sub(1);
        rows.into_iter()
            .enumerate()
            .map(|(at, (name, timeline))| {
                let fires = timeline.map(|timeline| format::fires(timeline.fires()));
                view! {
                    <li class:is-own=at == last>
                        <span class="states-name" title=name.clone()>{name.clone()}</span>
                        <span class="muted number">{fires.unwrap_or_else(|| "–".into())}</span>
                    </li>
                }
            })
            .collect_view()
    };
    view! {
        <div class="metric-tools">
            <span class="legend"><StateMark state=AlarmState::Alarm/>"ALARM"</span>
            <span class="legend"><StateMark state=AlarmState::Ok/>"OK"</span>
            <span class="legend"><StateMark state=AlarmState::InsufficientData/>"INSUFFICIENT_DATA"</span>
            <Show when=suppressor>
                <span class="legend muted">"Actions depend on the suppressor; states do not"</span>
            </Show>
        </div>
        <div class="states">
            <ol class="states-labels" aria-label="Alarms in the rule, then the composite alarm itself; how often each fires">{labels}</ol>
            <div node_ref=chart class="chart states-chart" style:height=height>
                <Canvas size drawing=drawing/>
                <Crosshair x=crosshair/>
                <Readout x=crosshair width=Signal::derive(move || size.get().0)>{point}</Readout>
                <div
                    class="chart-surface"
                    aria-hidden="true"
                    on:pointermove=moved
                    on:pointerleave=move |_| app.hover_time.set(None)
                ></div>
            </div>
        </div>
    }
}
