//! Every change of state in the shown range: when, why, and what would have run.

use super::run::AlarmRun;
use super::{StateMark, show_events};
use crate::alarm::actions::{ActionLists, simulate};
use crate::alarm::dispatch::{Dispatch, Hold, dispatch};
use crate::alarm::mute::Mute;
use crate::alarm::{Span, Timeline, Transition, explain};
use crate::base::EpochMs;
use crate::model::alarm::{AlarmState, MetricAlarm};
use crate::model::series::Sliding;
use crate::ui::composite::use_composites;
use crate::ui::metric::run::Shared;
use crate::ui::state::{use_app, use_later};
use crate::view::composites::alarm_names;
use crate::view::format;
use leptos::prelude::*;
use std::collections::HashMap;
use std::time::Duration;

/// Rows shown at first, and added when one scrolls to their end.
const ROWS: usize = 12;

/// Rows added on demand.
const MORE_ROWS: usize = 100;

/// Distance from the end of the list at which more rows are added, in CSS pixels.
const REACH: i32 = 200;

/// How long a dragged threshold must rest before the list is made anew: chart, ribbon and headline follow each movement,
/// but nobody reads reasons meanwhile.
const REST: Duration = Duration::from_millis(300);

/// What the list is about.
#[derive(Clone, PartialEq)]
struct Outcome {
    alarm: MetricAlarm,
    timeline: Shared<Timeline>,
    sliding: Shared<Sliding>,
}

/// One row.
#[derive(Clone, PartialEq)]
struct Row {
    transition: Transition,
    span: Span,
    reason: String,
    /// Whether events may stand behind it: not if it was missing data.
    has_datapoints: bool,
    actions: Vec<String>,
}

impl Row {
    /// Tells rows apart that look different.
    fn key(&self) -> (EpochMs, EpochMs, String, Vec<String>) {
        (self.transition.time, self.span.to, self.reason.clone(), self.actions.clone())
    }
}

/// The table.
#[component]
pub fn Transitions(
    run: AlarmRun,
    /// Lays the evaluation at an instant open.
    look: Callback<EpochMs>,
) -> impl IntoView {
    let app = use_app();
    // Without a chosen one all: the last changes come after the last event.
    let range = app.range;
    let limit = RwSignal::new(ROWS);
    let outcome = settled(run);
    let mutes = use_composites().mutes;
    let names = Memo::new(move |_| app.view.with(alarm_names));
    Effect::new(move |_| {
        outcome.track();
        limit.set(ROWS);
    });
    let rows = Memo::new(move |_| {
        let range = range.get();
        outcome.with(|outcome| {
            let Some(Outcome { alarm, timeline, sliding }) = outcome else { return (0, Vec::new()) };
            let inside = |transition: &Transition| range.is_none_or(|range| range.contains(transition.time));
            let listed = timeline.transitions.iter().zip(timeline.spans.iter().skip(1)).enumerate();
            let listed: Vec<_> = listed.filter(|(_, (transition, _))| inside(transition)).collect();
            let last = listed.get(..limit.get().min(listed.len())).and_then(<[_]>::last).map(|(at, _)| *at);
            let name = names.with(|names| names.iter().find(|(id, _)| *id == run.id).map(|(_, name)| name.clone()));
            let mutes = mutes.get();
            let mutes: Vec<&Mute> =
                mutes.iter().filter(|mute| name.as_ref().is_some_and(|name| mute.targets(name))).collect();
            let mut actions: HashMap<usize, Vec<String>> = HashMap::new();
            let dispatches = dispatch(timeline, alarm.actions_enabled, None, &mutes);
            let ran = simulate(ActionLists::from(alarm), timeline, &dispatches, &mutes);
            for action in ran.take_while(|action| last.is_some_and(|last| action.transition <= last)) {
                let late = (action.time != timeline.transitions[action.transition].time)
                    .then(|| format!(" when its mute window ended, {}", app.short_time(action.time)));
                let text = format!("{} ({}){}", action.name(), action.target.label(), late.unwrap_or_default());
                actions.entry(action.transition).or_default().push(text);
            }
            let row = |(at, (transition, span)): &(usize, (&Transition, &Span))| {
                let muted = match &dispatches[*at] {
                    Dispatch { held: Some(Hold::Muted { rule, .. }), runs: None }
                        if !ActionLists::from(alarm).of(transition.to).is_empty() =>
                    {
                        Some(vec![format!("no action: muted by “{rule}”")])
                    }
                    _ => None,
                };
                let reason = explain(alarm, sliding, transition);
                Row {
                    transition: **transition,
                    span: **span,
                    has_datapoints: !reason.datapoints.is_empty(),
                    reason: reason.text,
                    actions: muted.or_else(|| actions.get(at).cloned()).unwrap_or_default(),
                }
            };
            (listed.len(), listed.iter().take(limit.get()).map(row).collect())
        })
    });
    let total = Memo::new(move |_| rows.with(|rows| rows.0));
    let all = move || outcome.with(|outcome| outcome.as_ref().map_or(0, |outcome| outcome.timeline.transitions.len()));
    let title = move || {
        let (shown, all) = (total.get(), all());
        let text = format::plural(all as u64, "state change", "state changes");
        if shown == all { text } else { format!("{} of {text}, in the time range shown", format::count(shown as u64)) }
    };
    let row = move |row: Row| {
        let Row { transition, span, reason, has_datapoints, actions } = row;
        let has_events = transition.to == AlarmState::Alarm && has_datapoints;
        view! {
            <tr>
                <td class="number">{move || app.zone.with(|zone| format::time(transition.time, zone))}</td>
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
                <td class="transition-tools">
                    <button type="button" class="button quiet small" on:click=move |_| look.run(transition.time)>"Why"</button>
                    {has_events.then(|| view! {
                        <button type="button" class="button quiet small" on:click=move |_| show_events(app, run, span)>"Show events"</button>
                    })}
                </td>
            </tr>
        }
    };
    let scrolled = move |event: web_sys::Event| {
        let list: web_sys::HtmlElement = event_target(&event);
        let below = list.scroll_height() - list.scroll_top() - list.client_height();
        if below < REACH && limit.get_untracked() < total.get_untracked() {
            limit.update(|limit| *limit += ROWS);
        }
    };
    view! {
        <section class="transitions" aria-label="State changes">
            <h3>{title}</h3>
            <Show when=move || total.get() != 0>
                <div class="transitions-scroll" tabindex="0" role="region" aria-label="State changes" on:scroll=scrolled>
                    <table>
                        <thead>
                            <tr>
                                <th scope="col">{move || format!("Time ({})", app.zone.with(|zone| zone.name.clone()))}</th>
                                <th scope="col">"State"</th>
                                <th scope="col">"Reason and simulated actions"</th>
                                <th scope="col"><span class="hidden-text">"Events"</span></th>
                            </tr>
                        </thead>
                        <tbody><For each=move || rows.with(|rows| rows.1.clone()) key=Row::key children=row/></tbody>
                    </table>
                    <Show when=move || limit.get() < total.get()>
                        <button type="button" class="button small" on:click=move |_| limit.update(|limit| *limit += MORE_ROWS)>
                            {move || format!("Show more of {}", format::count(total.get() as u64))}
                        </button>
                    </Show>
                </div>
            </Show>
        </section>
    }
}

/// What came out of a run; while the threshold is dragged, once that has not changed for a while.
fn settled(run: AlarmRun) -> ReadSignal<Option<Outcome>> {
    let current = Memo::new(move |_| {
        let (timeline, sliding) = (run.timeline.get()?, run.sliding.get()?);
        Some(Outcome { alarm: run.alarm(), timeline, sliding })
    });
    let (settled, set_settled) = signal(None);
    let later = use_later();
    Effect::new(move |_| {
        let now = current.get();
        later.give_up();
        if !run.dragged.get() || now.is_none() {
            set_settled.set(now);
        } else {
            later.call(REST, move || set_settled.set(now));
        }
    });
    settled
}
