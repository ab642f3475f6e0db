//! The matching events over time.

use super::state::{Active, scope};
use crate::model::query::Scope;
use crate::pattern::eventbridge::delivery;
use crate::ui::chart::legend::OutcomeLegend;
use crate::ui::chart::{Canvas, shown_range, use_size};
use crate::ui::state::{use_answer, use_app};
use crate::ui::timeline::middle_offset;
use crate::view::chart::bins::{bucket_step, query_grid};
use crate::view::chart::draw::{time_axis, value_axis};
use crate::view::chart::{Bins, Frame, Step, TimeScale, histogram};
use crate::view::format;
use leptos::{html, prelude::*};

/// Space around the bars: top, right, bottom (time labels), left (value labels).
const MARGIN: (f64, f64, f64, f64) = (8.0, 12.0, 22.0, 48.0);

/// The chart: bars of events that match, delivered or not.
#[component]
pub fn RuleChart(active: Active) -> impl IntoView {
    let app = use_app();
    let node = NodeRef::<html::Div>::new();
    let size = use_size(node);
    let range = shown_range(app);
    let scale = Memo::new(move |_| {
        let (width, height) = size.get();
        let frame = Frame::inside(width, height, MARGIN);
        range.get().filter(|_| width > 0.0).map(|range| (TimeScale::new(range, &frame), frame))
    });
    let offset = Memo::new(move |_| range.get().map_or(0, |range| app.zone.with(|zone| middle_offset(zone, range))));
    let question = move || {
        let (scale, frame) = scale.get()?;
        let filter = delivery::matched(&active.usable.get().filter(|_| app.session.has_data())?);
        let step = bucket_step(scale.range, frame.width);
        Some((Scope { filter, ..scope(app) }, step, offset.get(), app.session.version.get()))
    };
    let answer = use_answer(question, move |(scope, step, offset, _): (Scope, Step, i64, u64)| {
        let (step_ms, offset_ms) = query_grid(step, offset);
        async move {
            let part = app.engine.histogram("rule-chart", scope, step_ms, offset_ms).await?;
            Ok(Bins::new(&part, step, offset))
        }
    });
    let drawing = Signal::derive(move || {
        let mut list = Vec::new();
        let Some((time, frame)) = scale.get() else { return list };
        answer.with(|answer| {
            if let Some(bins) = &answer.value {
                let values = histogram::value_scale(bins, &frame);
                value_axis(&values, &frame, &mut list);
                list.extend(histogram::bars(bins, &time, &values, &frame));
            }
        });
        time_axis(&time, &frame, offset.get(), &mut list);
        list
    });
    let totals = Signal::derive(move || answer.with(|answer| answer.value.as_deref().map(Bins::totals)));
    let label = move || {
        let total = totals.get().map_or(0, |(success, error)| success + error);
        format!("Matching events over time, {}", format::plural(total, "event", "events"))
    };
    view! {
        <div class="rule-legend"><OutcomeLegend totals/></div>
        <div
            node_ref=node
            class="chart rule-chart"
            class:stale=move || answer.with(|answer| answer.stale)
            role="img"
            aria-label=label
        >
            <Canvas size drawing=drawing/>
        </div>
    }
}
