//! Every change of state in the shown range: when, why, and what would have run.

use super::{StateMark, show_events};
use crate::alarm::actions::simulate;
use crate::alarm::{Span, Transition, explain};
use crate::model::alarm::AlarmState;
use crate::ui::chart::shown_range;
use crate::ui::metric::run::Run;
use crate::ui::state::use_app;
use crate::view::format;
use leptos::prelude::*;
use std::collections::HashMap;

/// Rows shown before more are asked for.
const ROWS: usize = 100;

/// One row.
#[derive(Clone, PartialEq)]
struct Row {
    transition: Transition,
    span: Span,
    reason: String,
    actions: Vec<String>,
}

/// The table.
#[component]
pub fn Transitions(run: Run) -> impl IntoView {
    let app = use_app();
    let range = shown_range(app);
    let limit = RwSignal::new(ROWS);
    let rows = Memo::new(move |_| {
        let alarm = run.alarm();
        let range = range.get();
        run.timeline.with(|timeline| {
            run.sliding.with(|sliding| {
                let (Some(timeline), Some(sliding)) = (timeline, sliding) else { return (0, Vec::new()) };
                let inside = |transition: &Transition| range.is_none_or(|range| range.contains(transition.time));
                let listed = timeline.transitions.iter().zip(timeline.spans.iter().skip(1));
                let listed: Vec<_> = listed.filter(|(transition, _)| inside(transition)).collect();
                let last = listed
                    .get(..limit.get().min(listed.len()))
                    .and_then(<[_]>::last)
                    .map(|(transition, _)| transition.time);
                let mut actions: HashMap<_, Vec<String>> = HashMap::new();
                for action in
                    simulate(&alarm, timeline).take_while(|action| last.is_some_and(|last| action.time <= last))
                {
                    actions.entry(action.time).or_default().push(format!(
                        "{} ({})",
                        action.name(),
                        action.target.label()
                    ));
                }
                let row = |(transition, span): &(&Transition, &Span)| Row {
                    transition: **transition,
                    span: **span,
                    reason: explain(&alarm, sliding, transition).text,
                    actions: actions.get(&transition.time).cloned().unwrap_or_default(),
                };
                (listed.len(), listed.iter().take(limit.get()).map(row).collect())
            })
        })
    });
    let total = Memo::new(move |_| rows.with(|rows| rows.0));
    let all = move || run.timeline.with(|timeline| timeline.as_ref().map_or(0, |timeline| timeline.transitions.len()));
    let title = move || {
        let (shown, all) = (total.get(), all());
        let text = format::plural(all as u64, "state change", "state changes");
        if shown == all { text } else { format!("{} of {text}, in the time range shown", format::count(shown as u64)) }
    };
    let row = move |row: Row| {
        let zone = app.zone.get();
        let Row { transition, span, reason, actions } = row;
        let is_alarm = transition.to == AlarmState::Alarm;
        view! {
            <tr>
                <td class="number">{format::time(transition.time, &zone)}</td>
                <td>
                    <span class="state"><StateMark state=transition.to/>{transition.to.as_str()}</span>
                    <p class="muted number">
                        "from "{transition.from.as_str()}", for "{format::duration(span.to.0 - span.from.0)}
                    </p>
                </td>
                <td class="transition-reason">
                    <p title=reason.clone()>{reason.clone()}</p>
                    {(!actions.is_empty()).then(|| view! {
                        <span class="transition-actions"><span class="badge">"Simulated"</span>{actions.join(", ")}</span>
                    })}
                </td>
                <td>
                    {is_alarm.then(|| view! {
                        <button type="button" class="button quiet small" on:click=move |_| show_events(app, run, span)>"Show events"</button>
                    })}
                </td>
            </tr>
        }
    };
    view! {
        <section class="transitions" aria-label="State changes">
            <h3>{title}</h3>
            <Show when=move || total.get() != 0>
                <div class="transitions-scroll" tabindex="0" role="region" aria-label="State changes">
                    <table>
                        <thead>
                            <tr>
                                <th scope="col">{move || format!("Time ({})", app.zone.with(|zone| zone.name.clone()))}</th>
                                <th scope="col">"State"</th>
                                <th scope="col">"Reason, and the actions that would have run"</th>
                                <th scope="col"><span class="hidden-text">"Events"</span></th>
                            </tr>
                        </thead>
                        <tbody>{move || rows.with(|rows| rows.1.iter().cloned().map(row).collect_view())}</tbody>
                    </table>
                    <Show when=move || limit.get() < total.get()>
                        <button type="button" class="button small" on:click=move |_| limit.update(|limit| *limit += ROWS)>
                            {move || format!("Show more of {}", format::count(total.get() as u64))}
                        </button>
                    </Show>
                </div>
            </Show>
        </section>
    }
}
