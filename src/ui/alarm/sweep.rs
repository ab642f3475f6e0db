//! The sweep as a grid: other limits, periods and M of N, each with what it would have done; a click adopts one.

use super::run::AlarmRun;
use crate::metric::Samples;
use crate::model::alarm::MetricAlarm;
use crate::model::series::Series;
use crate::ui::metric::run::Shared;
use crate::ui::state::{use_app, use_later};
use crate::view::sweep::{Axes, Grid, Row, Shown, adopted, limit, limit_label, row_label, rows, sentence, weeks};
use crate::worker::web::port::next_turn;
use leptos::prelude::*;
use std::time::Duration;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

/// How long the settings must rest before the grid is made anew.
const REST: Duration = Duration::from_millis(250);

/// What the grid is made from.
#[derive(Clone, PartialEq)]
struct Basis {
    alarm: MetricAlarm,
    samples: Vec<Shared<Samples>>,
    series: Shared<Series>,
}

/// The section.
#[component]
pub fn Sweep(run: AlarmRun) -> impl IntoView {
    let shown = RwSignal::new(Shown::default());
    let grid = swept(run);
    let has_limit = Memo::new(move |_| run.settings.with(|alarm| limit(alarm).is_some()));
    let choice = move |option: Shown| {
        view! {
            <button type="button" aria-pressed=move || (shown.get() == option).to_string() on:click=move |_| shown.set(option)>
                {option.label()}
            </button>
        }
    };
    view! {
        <section class="sweep" aria-label="Sweep">
            <div class="sweep-tools">
                <p class="muted">"The same metric with other settings. Choose one to adopt it."</p>
                <div class="segmented" role="group" aria-label="Shown">{Shown::ALL.map(choice)}</div>
            </div>
            <Show
                when=move || grid.with(Option::is_some) && has_limit.get()
                fallback=move || {
                    let note = if has_limit.get() {
                        "Trying other settings…"
                    } else {
                        "The sweep tries widths of the band, and the width of this one is not a plain number."
                    };
                    view! { <p class="empty-note">{note}</p> }
                }
            >
                <div class="sweep-scroll">
                    {move || grid.get().map(|grid| view! { <Table run grid shown/> })}
                </div>
            </Show>
        </section>
    }
}

/// What all cells of a grid share. Cheap to copy.
#[derive(Clone, Copy)]
struct Sheet {
    run: AlarmRun,
    grid: StoredValue<Grid>,
    shown: RwSignal<Shown>,
    /// The largest number shown, for the colours.
    most: Memo<f64>,
    /// Where the alarm stands as it is set now.
    current: Memo<Option<(usize, usize)>>,
    /// The cell that Tab leads to; arrows lead to the others.
    focus: RwSignal<(usize, usize)>,
}

#[component]
fn Table(run: AlarmRun, grid: Grid, shown: RwSignal<Shown>) -> impl IntoView {
    let grid = StoredValue::new(grid);
    let current = Memo::new(move |_| grid.with_value(|grid| run.settings.with(|alarm| grid.place(alarm))));
    let most = Memo::new(move |_| grid.with_value(|grid| grid.most(shown.get())));
    let focus = RwSignal::new(current.get_untracked().unwrap_or_default());
    let sheet = Sheet { run, grid, shown, most, current, focus };
    let (heads, lines) = grid.with_value(|grid| {
        let head = |limit: &f64| view! { <th scope="col">{limit_label(&grid.alarm, *limit)}</th> };
        let line = |(at, row): (usize, &Row)| {
            let (period, datapoints) = row_label(row);
            let of_period = grid.rows.iter().filter(|other| other.period_s == row.period_s).count();
            let is_first = at == 0 || grid.rows[at - 1].period_s != row.period_s;
            let head = is_first.then(|| view! { <th scope="rowgroup" rowspan=of_period>{period}</th> });
            let cells = (0..row.cells.len()).map(|column| view! { <Cell sheet at=(at, column)/> }).collect_view();
            view! {
                <tr class:first=is_first>{head}<th scope="row">{datapoints}</th>{cells}</tr>
            }
        };
        let heads = grid.axes.limits.iter().map(head).collect_view();
        (heads, grid.rows.iter().enumerate().map(line).collect_view())
    });
    view! {
        <table
            role="grid"
            aria-label="What would have fired, by period, datapoints to alarm and threshold or width of the band"
            on:keydown=move |event| walk(&event, sheet)
        >
            <thead>
                <tr><th scope="col">"Period"</th><th scope="col">"Datapoints"</th>{heads}</tr>
            </thead>
            <tbody>{lines}</tbody>
        </table>
    }
}

#[component]
fn Cell(sheet: Sheet, at: (usize, usize)) -> impl IntoView {
    let app = use_app();
    let editing = sheet.run.editing();
    let Sheet { grid, shown, most, current, focus, .. } = sheet;
    let (outcome, alarm, weeks) = grid.with_value(|grid| {
        let alarm = adopted(&grid.alarm, &grid.rows[at.0], grid.axes.limits[at.1]);
        (grid.rows[at.0].cells[at.1], alarm, grid.weeks)
    });
    let text = move || {
        let time = |time| app.short_time(time);
        outcome.map_or_else(|| "×".into(), |outcome| shown.get().text(&outcome, weeks, time))
    };
    let heat = move || outcome.map_or(0.0, |outcome| shown.get().heat(&outcome, most.get()));
    let words = Memo::new(move |_| sentence(&alarm, outcome.as_ref(), |time| app.short_time(time)));
    let is_current = Memo::new(move |_| current.get() == Some(at));
    let adopt = move |_| {
        focus.set(at);
        if outcome.is_some() {
            let change = |alarm: &mut MetricAlarm| {
                grid.with_value(|grid| {
                    *alarm = adopted(alarm, &grid.rows[at.0], grid.axes.limits[at.1]);
                });
            };
            editing.set(change);
        }
    };
    view! {
        <td
            id=cell_id(at)
            role="gridcell"
            class="sweep-cell"
            class:quiet=outcome.is_none_or(|outcome| outcome.fires == 0)
            aria-selected=move || is_current.get().to_string()
            aria-disabled=outcome.is_none().to_string()
            aria-label=move || words.get()
            title=move || words.get()
            tabindex=move || if focus.get() == at { "0" } else { "-1" }
            style=("--heat", move || format!("{:.0}%", heat() * 60.0))
            on:click=adopt
        >
            {text}
        </td>
    }
}

fn cell_id((row, column): (usize, usize)) -> String {
    format!("sweep-{row}-{column}")
}

fn cell((row, column): (usize, usize)) -> Option<HtmlElement> {
    document().get_element_by_id(&cell_id((row, column)))?.dyn_into().ok()
}

/// Arrow keys go from cell to cell, Home and End to the ends of a row; Enter and Space adopt.
fn walk(event: &KeyboardEvent, sheet: Sheet) {
    let (row, column) = sheet.focus.get_untracked();
    let (last_row, last_column) =
        sheet.grid.with_value(|grid| (grid.rows.len().saturating_sub(1), grid.axes.limits.len().saturating_sub(1)));
    let to = match event.key().as_str() {
        "ArrowUp" => (row.saturating_sub(1), column),
        "ArrowDown" => ((row + 1).min(last_row), column),
        "ArrowLeft" => (row, column.saturating_sub(1)),
        "ArrowRight" => (row, (column + 1).min(last_column)),
        "Home" => (row, 0),
        "End" => (row, last_column),
        "Enter" | " " => {
            event.prevent_default();
            return cell((row, column)).into_iter().for_each(|cell| cell.click());
        }
        _ => return,
    };
    event.prevent_default();
    sheet.focus.set(to);
    if let Some(cell) = cell(to) {
        let _ = cell.focus();
    }
}

/// The grid around the alarm once its settings rest for a moment; until the first one is there, `None`.
fn swept(run: AlarmRun) -> ReadSignal<Option<Grid>> {
    let basis = Memo::new(move |_| {
        let (samples, series) = (run.measured.get()?, run.series.get()?);
        let alarm = run.alarm();
        // Between two settings the series is still the one of the last.
        (series.period_s == alarm.period).then_some(Basis { alarm, samples, series })
    });
    let (grid, set_grid) = signal(None);
    let newest = StoredValue::new(0u32);
    let later = use_later();
    Effect::new(move |before: Option<bool>| {
        let Some(basis) = basis.get() else { return before.unwrap_or_default() };
        let pause = if before == Some(true) { REST } else { Duration::ZERO };
        later.call(pause, move || {
            let round = newest.get_value() + 1;
            newest.set_value(round);
            leptos::task::spawn_local(async move {
                let is_newest = || newest.try_get_value() == Some(round);
                if let Some(made) = grid_of(&basis, is_newest).await {
                    let had_focus =
                        document().active_element().is_some_and(|element| element.id().starts_with("sweep-"));
                    let place = made.place(&basis.alarm);
                    set_grid.set(Some(made));
                    next_turn().await;
                    if let Some(cell) = place.filter(|_| had_focus).and_then(cell) {
                        let _ = cell.focus();
                    }
                }
            });
        });
        true
    });
    grid
}

/// Tries all settings, one period a turn so that the page stays responsive; `None` when it is no longer wanted.
async fn grid_of(basis: &Basis, is_wanted: impl Fn() -> bool) -> Option<Grid> {
    let Basis { alarm, samples, series } = basis;
    let axes = Axes::around(alarm, series)?;
    let samples: Vec<&Samples> = samples.iter().map(|samples| &**samples).collect();
    let mut all = Vec::new();
    for &period in &axes.periods {
        next_turn().await;
        if !is_wanted() {
            return None;
        }
        all.extend(rows(alarm, &samples, &axes, period));
    }
    Some(Grid { alarm: alarm.clone(), axes, rows: all, weeks: weeks(&samples) })
}
