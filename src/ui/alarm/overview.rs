//! All alarms of the lab at a glance: which fire, never fire or cannot fire, why, how near each came, and how it differs from
//! the control it seems to be meant for. Shown while none of them is open.

use super::Runs;
use crate::alarm::Timeline;
use crate::alarm::headline::duration;
use crate::ui::chart::strip::Strip;
use crate::ui::composite::use_composites;
use crate::ui::metric::run::Shared;
use crate::ui::state::{App, use_app};
use crate::ui::widgets::Icon;
use crate::view::overview::{Column, Line, PAGE, sort, summary};
use crate::view::verdict::{Outcome, Recommended, Verdict};
use crate::view::{Action, deployed, format, lab};
use leptos::prelude::*;

/// The table with its sentence.
#[component]
pub fn Overview(runs: Runs) -> impl IntoView {
    let app = use_app();
    let lines = lines(app, runs);
    let order = RwSignal::new((Column::Verdict, false));
    let sorted = Memo::new(move |_| {
        let (by, turned) = order.get();
        let mut lines = lines.get();
        sort(&mut lines, by, turned);
        lines.into_iter().map(|line| line.id).collect::<Vec<u32>>()
    });
    let most = RwSignal::new(PAGE);
    let shown = move || sorted.with(|ids| ids.iter().take(most.get()).copied().collect::<Vec<u32>>());
    let left = move || sorted.with(Vec::len).saturating_sub(most.get());
    let head = move |column: Column, label: &'static str| view! { <Head column label order/> };
    view! {
        <section class="overview" aria-label="Overview of all alarms">
            <header class="overview-head">
                <h2>"Overview"</h2>
                <p class="muted" role="status">{move || lines.with(|lines| summary(lines))}</p>
            </header>
            <table>
                <thead>
                    <tr>
                        {head(Column::Name, "Alarm")}
                        {head(Column::Verdict, "Verdict")}
                        <th scope="col" class="overview-states">"States"</th>
                        {head(Column::Rate, "Per week")}
                        {head(Column::InAlarm, "In ALARM")}
                        {head(Column::Fired, "First, last")}
                        {head(Column::NearMiss, "Nearest miss")}
                        {head(Column::Control, "Recommended control")}
                    </tr>
                </thead>
                <tbody>
                    <For each=shown key=|id| *id let:id>
                        <Row id line=Memo::new(move |_| lines.with(|lines| lines.iter().find(|line| line.id == id).cloned())) timeline=timeline(runs, id)/>
                    </For>
                </tbody>
            </table>
            <Show when=move || { left() > 0 }>
                <button class="button overview-more" on:click=move |_| most.update(|most| *most += PAGE)>
                    {move || format!("Show {} more of {}", left().min(PAGE), format::count(left() as u64))}
                </button>
            </Show>
        </section>
    }
}

/// What is known of all alarms, in the order of the list.
fn lines(app: App, runs: Runs) -> Memo<Vec<Line>> {
    let (composites, found) = (use_composites(), app.session.configuration);
    Memo::new(move |_| {
        let names = app.view.with(|view| {
            view.backtests.iter().map(|item| (item.id, item.name.clone())).collect::<Vec<(u32, String)>>()
        });
        let metric = names.into_iter().filter_map(|(id, name)| {
            let run = runs.backtest(id)?;
            Some(Line {
                id,
                name,
                condition: found.with(|found| run.backtest.with(|backtest| deployed::condition(found, backtest))),
                verdict: run.verdict.get(),
                error: run.part.with(|answer| answer.error.clone()),
                recommended: run.recommended.get(),
            })
        });
        let mut lines: Vec<Line> = metric.collect();
        let formulas = app.view.with(|view| view.formulas.iter().map(|item| item.id).collect::<Vec<u32>>());
        lines.extend(formulas.into_iter().filter_map(|id| {
            let run = runs.formula(id)?;
            Some(Line {
                id,
                name: run.on_alarm.name.get(),
                condition: lab::condition(&run.on_alarm.alarm()),
                verdict: run.verdict.get(),
                error: run.parts.with(|answer| answer.error.clone()),
                recommended: None,
            })
        }));
        // Without all its children a composite alarm has no states yet.
        let is_running = lines.iter().any(|line| line.verdict.is_none() && line.error.is_none());
        let is_known = |verdict: &Verdict| !(is_running && verdict.outcome == Outcome::NoData);
        let items = app.view.with(|view| view.composites.clone());
        lines.extend(items.into_iter().map(|item| Line {
            id: item.id,
            verdict: composites.verdict(item.id).filter(is_known),
            name: item.name,
            condition: item.alarm.alarm_rule,
            error: None,
            recommended: None,
        }));
        lines
    })
}

/// The states of an alarm of either kind.
fn timeline(runs: Runs, id: u32) -> Signal<Option<Shared<Timeline>>> {
    let composite = use_composites().of(id);
    Signal::derive(move || match runs.alarm(id) {
        Some(run) => run.timeline.get(),
        None => composite.with(|found| found.as_ref().and_then(|found| found.timeline())),
    })
}

/// A column's name, which sorts by it; once more turns the order.
#[component]
fn Head(column: Column, label: &'static str, order: RwSignal<(Column, bool)>) -> impl IntoView {
    let direction = move || match order.get() {
        (by, false) if by == column => "ascending",
        (by, true) if by == column => "descending",
        _ => "none",
    };
    let turn = move |_| order.update(|(by, turned)| (*by, *turned) = (column, *by == column && !*turned));
    view! {
        <th scope="col" aria-sort=direction>
            <button on:click=turn>{label}<Icon name="down" small=true/></button>
        </th>
    }
}

/// One alarm.
#[component]
fn Row(id: u32, line: Memo<Option<Line>>, timeline: Signal<Option<Shared<Timeline>>>) -> impl IntoView {
    let app = use_app();
    let spans = Signal::derive(move || {
        timeline.with(|timeline| timeline.as_ref().map(|timeline| timeline.spans.clone()).unwrap_or_default())
    });
    let of = move |text: fn(&Line) -> &str| line.with(|line| line.as_ref().map(|line| text(line).to_owned()));
    view! {
        <tr>
            <th scope="row">
                <button class="overview-name" on:click=move |_| app.dispatch(Action::ActivateBacktest(id))>{move || of(|line| &line.name)}</button>
                <p class="muted">{move || of(|line| &line.condition)}</p>
            </th>
            <td>{move || line.with(|line| line.as_ref().map(verdict))}</td>
            <td class="overview-states"><Strip spans/></td>
            {move || line.with(|line| numbers(app, line.as_ref().and_then(|line| line.verdict.as_ref())))}
            <td class="overview-control">{move || line.with(|line| line.as_ref().and_then(|line| line.recommended.as_ref()).map(control))}</td>
        </tr>
    }
}

/// Word and reason.
fn verdict(line: &Line) -> impl IntoView + use<> {
    let (kind, word, reason) = match (&line.verdict, &line.error) {
        (Some(verdict), _) => (verdict.outcome.as_str(), verdict.outcome.words(), verdict.reason.clone()),
        (None, Some(error)) => ("error", "no result".into(), error.clone()),
        (None, None) => ("running", "running…".into(), String::new()),
    };
    view! {
        <b class="overview-verdict" data-verdict=kind>{lab::capitalised(&word)}</b>
        {(!reason.is_empty()).then(|| view! { <p class="muted">{reason}</p> })}
    }
}

/// How often, how long, when, how near.
fn numbers(app: App, verdict: Option<&Verdict>) -> impl IntoView + use<> {
    let none = || view! { <span class="muted">"–"</span> }.into_any();
    let time = |time| app.short_time(time);
    let rate =
        verdict.and_then(|verdict| verdict.per_week).filter(|_| verdict.is_some_and(|verdict| verdict.fires() > 0));
    let rate = rate.map(|rate| format::number((rate * 10.0).round() / 10.0));
    let seconds = verdict.map(|verdict| verdict.alarm_seconds).filter(|seconds| *seconds > 0);
    let fired = verdict.and_then(|verdict| verdict.fired).map(|(first, last)| {
        let last = (last != first).then(|| view! { <p>{time(last)}</p> });
        view! { <p>{time(first)}</p>{last} }.into_any()
    });
    let miss = verdict.and_then(|verdict| verdict.near_miss).map(|miss| {
        let words = miss.words();
        view! { <p class="number">{words}</p><p class="muted">{time(miss.time)}</p> }.into_any()
    });
    view! {
        <td class="number" data-label="Per week">{rate.map_or_else(none, |rate| rate.into_any())}</td>
        <td class="number" data-label="In ALARM">{seconds.map_or_else(none, |seconds| duration(seconds).into_any())}</td>
        <td class="number" data-label="First, last">{fired.unwrap_or_else(none)}</td>
        <td data-label="Nearest miss">{miss.unwrap_or_else(none)}</td>
    }
}

/// The nearest control and how the alarm differs from it.
fn control(found: &Recommended) -> impl IntoView + use<> {
    let (word, phrases) = (found.word(), found.phrases().join("; "));
    view! {
        <b class="overview-likeness" data-likeness=word>{lab::capitalised(word)}</b>
        <p class="muted">{found.control.title.as_str()}</p>
        {(!phrases.is_empty()).then(|| view! { <p>{phrases}</p> })}
    }
}
