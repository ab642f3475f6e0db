//! The metric over time with the threshold's handle and the alarm's states.

use super::run::Run;
use crate::alarm::Span;
use crate::base::EpochMs;
use crate::base::time::SECOND;
use crate::model::alarm::AlarmState;
use crate::ui::alarm::{AlarmRun, StateMark, show_events};
use crate::ui::chart::{Canvas, Crosshair, Readout, evaluated_range, local_x, pixels, use_settled, use_size};
use crate::ui::state::use_app;
use crate::ui::timeline::middle_offset;
use crate::view::chart::backtest::{self, Layout, Shape};
use crate::view::chart::line::{Stretch, series_columns, sliding_columns};
use crate::view::chart::{Curve, TimeScale, ValueScale, ribbon, threshold};
use crate::view::{TimeRange, format, lab};
use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;

/// Distance from an ALARM at which a click still means it, in CSS pixels.
const REACH: f64 = 4.0;

/// Rows of the table behind the chart.
const TABLE_ROWS: usize = 500;

/// What the parts of the chart share.
#[derive(Clone, Copy)]
struct Parts {
    run: AlarmRun,
    shape: RwSignal<Shape>,
    curve: RwSignal<Curve>,
    chart: NodeRef<html::Div>,
    scale: Memo<Option<(TimeScale, Layout)>>,
    values: Memo<Option<ValueScale>>,
    /// The value scale while the threshold is dragged: it must not move under the pointer.
    held: RwSignal<Option<ValueScale>>,
}

impl Parts {
    /// The ALARM under a pixel.
    fn alarm_at(self, x: f64) -> Option<Span> {
        let (scale, _) = self.scale.get_untracked()?;
        self.run
            .timeline
            .with_untracked(|timeline| ribbon::nearest(&timeline.as_ref()?.spans, AlarmState::Alarm, x, REACH, &scale))
    }
}

/// The chart.
#[component]
pub fn MetricChart(
    run: AlarmRun,
    /// The backtest whose alarm this is, to choose among its metrics.
    filter: Option<Run>,
    /// An instant to mark.
    instant: Signal<Option<EpochMs>>,
    /// Takes the instant of a click, while instants are chosen.
    choose: Signal<Option<Callback<EpochMs>>>,
) -> impl IntoView {
    let app = use_app();
    let chart = NodeRef::<html::Div>::new();
    let size = use_size(chart);
    let shape = RwSignal::new(Shape::default());
    let curve = RwSignal::new(Curve::default());
    let range = evaluated_range(app, run.evaluation_end());
    let scale = Memo::new(move |_| {
        let (width, height) = size.get();
        let layout = Layout::new(width, height);
        range.get().filter(|_| width > 0.0).map(|range| (TimeScale::new(range, &layout.plot), layout))
    });
    let offset = Memo::new(move |_| range.get().map_or(0, |range| app.zone.with(|zone| middle_offset(zone, range))));
    let stretches = Memo::new(move |_| {
        let Some((time, layout)) = scale.get() else { return Vec::<Stretch>::new() };
        match shape.get() {
            Shape::Sliding => run
                .sliding
                .with(|sliding| sliding.as_ref().map(|sliding| sliding_columns(sliding, &time, &layout.plot))),
            Shape::Periods => {
                let edges = |end: EpochMs| run.sliding.with(|sliding| sliding.as_ref()?.edges_at(end));
                run.series
                    .with(|series| series.as_ref().map(|series| series_columns(series, &time, &layout.plot, edges)))
            }
        }
        .unwrap_or_default()
    });
    let held = RwSignal::new(None);
    let values = Memo::new(move |_| {
        let (_, layout) = scale.get()?;
        let alarm = run.alarm();
        held.get().or_else(|| {
            Some(stretches.with(|stretches| backtest::value_scale(stretches, &alarm, curve.get(), &layout)))
        })
    });
    let drawing = Signal::derive(move || {
        let Some(((time, layout), values)) = scale.get().zip(values.get()) else { return Vec::new() };
        let cells = run.timeline.with(|timeline| {
            ribbon::cells(timeline.as_ref().map(|timeline| timeline.spans.as_slice()).unwrap_or_default(), &time)
        });
        stretches.with(|stretches| {
            backtest::draw(&layout, &time, &values, (shape.get(), stretches), &run.alarm(), &cells, offset.get())
        })
    });
    let pixel = move |time: EpochMs| {
        let (scale, layout) = scale.get()?;
        let x = scale.x(time);
        (layout.plot.left..=layout.plot.right()).contains(&x).then_some(x)
    };
    let crosshair = Signal::derive(move || pixel(app.hover_time.get()?));
    let mark =
        move || instant.get().and_then(pixel).map(|x| view! { <div class="instant" style:left=pixels(x)></div> });
    // The pointer leaves no trace when the chart goes away under it.
    on_cleanup(move || app.hover_time.set(None));
    let parts = Parts { run, shape, curve, chart, scale, values, held };
    let note = move || {
        (run.measured.with(Option::is_some) && stretches.with(Vec::is_empty))
            .then_some("No datapoints in this time range")
    };
    view! {
        <div class="metric-tools">
            {filter.map(|run| view! { <Dimension run/> })}
            <Legend parts/>
        </div>
        <div node_ref=chart class="chart metric-chart" class:stale=move || run.is_outdated()>
            <Canvas size drawing=drawing/>
            {mark}
            <Crosshair x=crosshair/>
            <Readout x=crosshair width=Signal::derive(move || size.get().0)>
                <Point parts/>
            </Readout>
            {move || note().map(|note| view! { <p class="chart-note">{note}</p> })}
            <Surface parts choose/>
            <Handle parts/>
        </div>
        <Table parts/>
    }
}

/// Which metric is shown, when the filter has dimensions.
#[component]
fn Dimension(run: Run) -> impl IntoView {
    let names = Memo::new(move |_| {
        run.backtest.with(|backtest| {
            let metric = backtest.filter.metric_transformations.first();
            metric.map(|metric| metric.dimensions.keys().cloned().collect::<Vec<_>>()).unwrap_or_default()
        })
    });
    let options = move || {
        let names = names.get();
        let shown = run.shown.get();
        run.metrics.with(|metrics| {
            metrics
                .iter()
                .enumerate()
                .map(|(index, (values, samples))| {
                    let pairs: Vec<String> =
                        names.iter().zip(values).map(|(name, value)| format!("{name} = {value}")).collect();
                    let text = format!("{} ({})", pairs.join(", "), format::plural(*samples, "sample", "samples"));
                    view! { <option value=index.to_string() selected=*values == shown>{text}</option> }
                })
                .collect_view()
        })
    };
    let choose = move |event| {
        let index = event_target_value(&event).parse::<usize>().unwrap_or(0);
        let values = run.metrics.with_untracked(|metrics| metrics.get(index).map(|(values, _)| values.clone()));
        run.chosen.set(values.unwrap_or_default());
    };
    view! {
        <Show when=move || names.with(|names| !names.is_empty())>
            <label class="metric-dimension">
                <span class="muted">{move || format!("{} metrics", run.metrics.with(Vec::len))}</span>
                <select class="field" aria-label="Metric" on:change=choose>{options}</select>
            </label>
        </Show>
    }
}

/// What the shapes and colours mean, and the choice between sliding and clock-aligned periods.
#[component]
fn Legend(parts: Parts) -> impl IntoView {
    let choice = move |shape: Shape, label: &'static str, title: &'static str| {
        view! {
            <button
                type="button"
                title=title
                aria-pressed=move || (parts.shape.get() == shape).to_string()
                on:click=move |_| parts.shape.set(shape)
            >{label}</button>
        }
    };
    let metric = move || lab::watched(&parts.run.alarm());
    let has_band = move || parts.run.alarm().comparison_operator.needs_band();
    view! {
        <span class="legend"><i class="swatch metric"></i>{metric}</span>
        {move || has_band().then(|| view! { <span class="legend"><i class="swatch band"></i>"Expected"</span> })}
        <span class="legend"><i class="swatch breach"></i>"Breaching"</span>
        <span class="legend"><StateMark state=AlarmState::Alarm/>"ALARM"</span>
        <span class="legend"><StateMark state=AlarmState::Ok/>"OK"</span>
        <span class="legend"><StateMark state=AlarmState::InsufficientData/>"INSUFFICIENT_DATA"</span>
        <div class="metric-modes">
        <button
            type="button"
            class="toggle"
            title="Spread values by magnitude, so that a storm does not flatten everything else"
            aria-pressed=move || (parts.curve.get() == Curve::Log).to_string()
            on:click=move |_| parts.curve.update(|curve| *curve = if *curve == Curve::Log { Curve::Linear } else { Curve::Log })
        >"Log scale"</button>
        <div class="segmented" role="group" aria-label="Datapoints shown">
            {choice(Shape::Sliding, "As evaluated", "At each minute the period that ends there: what the alarm compares with the threshold")}
            {choice(Shape::Periods, "Per period", "Clock-aligned datapoints, as the console graphs them")}
        </div>
        </div>
    }
}

/// What the crosshair reads out.
#[component]
fn Point(parts: Parts) -> impl IntoView {
    let app = use_app();
    let run = parts.run;
    move || {
        let time = app.hover_time.get()?;
        let alarm = run.alarm();
        let (period, value) = match parts.shape.get() {
            Shape::Sliding => run.sliding.with(|sliding| {
                let sliding = sliding.as_ref()?;
                let tick = time.0.div_euclid(i64::from(sliding.step_s.max(1)) * SECOND);
                let (from, to) = (sliding.time(tick - sliding.period_ticks()), sliding.time(tick));
                Some((TimeRange { from, to }, sliding.at(tick).map(|(value, _)| value)))
            }),
            Shape::Periods => run.series.with(|series| {
                let series = series.as_ref()?;
                let from = time.floor_to(i64::from(series.period_s.max(1)) * SECOND);
                let to = EpochMs(from.0 + i64::from(series.period_s) * SECOND);
                let found = series.points.binary_search_by_key(&from, |point| point.start).ok();
                Some((TimeRange { from, to }, found.map(|index| series.points[index].value)))
            }),
        }?;
        let state = run.timeline.with(|timeline| timeline.as_ref()?.state_at(time));
        let edges = run.sliding.with(|sliding| sliding.as_ref()?.edges_at(period.to));
        let edges = edges.filter(|(lower, upper)| lower.is_finite() && upper.is_finite());
        let (value, unit) = match value {
            Some(value) => (format::number(value), format!(" {}", lab::watched(&alarm))),
            None => ("no data".into(), String::new()),
        };
        Some(view! {
            <p class="number">{app.short_range(period)}</p>
            <p><i class="swatch metric"></i><b class="number">{value}</b>{unit}</p>
            {edges.map(|(lower, upper)| view! {
                <p><i class="swatch band"></i>{format!("{} to {} expected", format::number(lower), format::number(upper))}</p>
            })}
            {state.map(|state| view! { <p><StateMark state/><b>{state.as_str()}</b></p> })}
            {(state == Some(AlarmState::Alarm)).then(|| view! { <p class="muted">"Click for the events behind it"</p> })}
        })
    }
}

/// The layer that moves the crosshair and takes clicks on an ALARM.
#[component]
fn Surface(parts: Parts, choose: Signal<Option<Callback<EpochMs>>>) -> impl IntoView {
    let app = use_app();
    let over_alarm = RwSignal::new(false);
    let moved = move |event: web_sys::PointerEvent| {
        let x = local_x(&event);
        if let Some((scale, _)) = parts.scale.get_untracked() {
            app.hover_time.set(Some(scale.time(x)));
        }
        over_alarm.set(parts.alarm_at(x).is_some());
    };
    let click = move |event: web_sys::MouseEvent| {
        let x = local_x(&event);
        if let (Some(choose), Some((scale, _))) = (choose.get_untracked(), parts.scale.get_untracked()) {
            choose.run(scale.time(x));
        } else if let Some(span) = parts.alarm_at(x) {
            show_events(app, parts.run, span);
        }
    };
    view! {
        <div
            class="chart-surface"
            data-over=move || (over_alarm.get() || choose.with(Option::is_some)).then_some("alarm")
            aria-hidden="true"
            on:pointermove=moved
            on:pointerleave=move |_| app.hover_time.set(None)
            on:click=click
        ></div>
    }
}

/// The threshold's handle: dragged, or moved with the arrow keys.
#[component]
fn Handle(parts: Parts) -> impl IntoView {
    let run = parts.run;
    let editing = run.editing();
    let threshold = editing.get(|alarm| alarm.threshold);
    let operator = editing.get(|alarm| alarm.comparison_operator);
    // A metric of whole numbers gets whole thresholds.
    let whole = Memo::new(move |_| {
        run.series.with(|series| {
            series.as_ref().is_none_or(|series| series.points.iter().all(|point| point.value.fract() == 0.0))
        })
    });
    let set = move |value: f64| editing.draft(|alarm| alarm.threshold = value);
    let down = move |event: web_sys::PointerEvent| {
        if event.button() != 0 {
            return;
        }
        if let Some(target) = event.current_target().and_then(|target| target.dyn_into::<web_sys::Element>().ok()) {
            let _ = target.set_pointer_capture(event.pointer_id());
        }
        parts.held.set(parts.values.get_untracked());
        run.dragged.set(true);
    };
    let moved = move |event: web_sys::PointerEvent| {
        let (Some(scale), Some(chart)) = (parts.held.get_untracked(), parts.chart.get_untracked()) else { return };
        let y = f64::from(event.client_y()) - chart.get_bounding_client_rect().top();
        set(threshold::at_pixel(y, &scale, whole.get_untracked()));
    };
    // Gone while it is held, it is never let go.
    on_cleanup(move || {
        run.dragged.try_set(false);
    });
    let up = move |_: web_sys::PointerEvent| {
        if parts.held.get_untracked().is_some() {
            parts.held.set(None);
            run.dragged.set(false);
            editing.done();
        }
    };
    let key = move |event: web_sys::KeyboardEvent| {
        let key = match event.key().as_str() {
            "ArrowUp" | "ArrowRight" => threshold::Key::Up,
            "ArrowDown" | "ArrowLeft" => threshold::Key::Down,
            "PageUp" => threshold::Key::PageUp,
            "PageDown" => threshold::Key::PageDown,
            "Home" => threshold::Key::Home,
            "End" => threshold::Key::End,
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        if let Some(scale) = parts.values.get_untracked() {
            set(threshold::after_key(threshold.get_untracked(), key, &scale, whole.get_untracked()));
        }
    };
    let place = Memo::new(move |_| {
        let (_, layout) = parts.scale.get().filter(|_| !operator.get().needs_band())?;
        let y = parts.values.get()?.y(threshold.get());
        Some((y.clamp(layout.plot.top, layout.plot.bottom()), layout))
    });
    let top = move || place.get().map(|(y, _)| pixels(y));
    let text = move || format!("{} {}", lab::sign(operator.get()), format::number(threshold.get()));
    let spoken = move || {
        let fires = run.timeline.with(|timeline| timeline.as_ref().map(|timeline| timeline.fires()));
        let fires = fires.map(|fires| format!(", fires {}", format::times(fires))).unwrap_or_default();
        format!("{}{fires}", text())
    };
    let bound = move |pick: fn(&ValueScale) -> f64| move || parts.values.get().map(|scale| pick(&scale).to_string());
    view! {
        <Show when=move || place.get().is_some()>
            <div
                class="threshold"
                class:is-held=move || parts.held.get().is_some()
                style:top=top
                style:left=move || place.get().map(|(_, layout)| pixels(layout.plot.left))
                role="slider"
                tabindex="0"
                aria-label="Threshold"
                aria-orientation="vertical"
                aria-valuemin=bound(|scale| scale.min)
                aria-valuemax=bound(|scale| scale.max)
                aria-valuenow=move || threshold.get().to_string()
                aria-valuetext=spoken
                on:pointerdown=down
                on:pointermove=moved
                on:pointerup=up
                on:pointercancel=up
                on:keydown=key
                on:keyup=move |_| editing.done()
            >
                <span class="threshold-grip number">{text}</span>
            </div>
        </Show>
    }
}

/// The table behind the chart, for screen readers.
#[component]
fn Table(parts: Parts) -> impl IntoView {
    let app = use_app();
    let run = parts.run;
    let range = evaluated_range(app, run.evaluation_end());
    let settled = use_settled(app, move || (run.series.get(), range.get(), app.zone.get(), run.alarm()));
    let table = move || {
        settled.with(|settled| {
            let (series, range, zone, alarm) = settled.as_ref()?;
            let (series, range) = (series.as_ref()?, range.as_ref()?);
            let row = |point: &crate::model::series::Point| {
                view! {
                    <tr>
                        <th scope="row">{format::time(point.start, zone)}</th>
                        <td>{format::number(point.value)}</td>
                    </tr>
                }
            };
            let points = series.points.iter().filter(|point| range.contains(point.start)).take(TABLE_ROWS);
            let (watched, period) = (lab::watched(alarm), lab::period_label(alarm.period));
            Some(view! {
                <table>
                    <caption>{format!("{watched} per {period}, at most {TABLE_ROWS} rows")}</caption>
                    <thead><tr><th scope="col">"Period from"</th><th scope="col">"Value"</th></tr></thead>
                    <tbody>{points.map(row).collect_view()}</tbody>
                </table>
            })
        })
    };
    view! { <div class="hidden-text">{table}</div> }
}
