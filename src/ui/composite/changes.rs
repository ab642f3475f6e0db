//! Every change of state of a composite alarm in the shown range: when, which child brought it about, what ran.

use super::run::use_composites;
use crate::base::EpochMs;
use crate::model::alarm::AlarmState;
use crate::ui::alarm::StateMark;
use crate::ui::state::use_app;
use crate::view::format;
use crate::view::inbox::To;
use leptos::prelude::*;

/// Rows shown at first, and added when one scrolls to their end.
const ROWS: usize = 12;

/// Rows added on demand.
const MORE_ROWS: usize = 100;

/// Distance from the end of the list at which more rows are added, in CSS pixels.
const REACH: i32 = 200;

/// One row.
#[derive(Clone, PartialEq)]
struct Row {
    time: EpochMs,
    from: AlarmState,
    to: AlarmState,
    until: EpochMs,
    reason: String,
    /// Actions with what kept them.
    actions: Vec<String>,
}

/// The table.
#[component]
pub fn Changes(id: u32) -> impl IntoView {
    let app = use_app();
    let composites = use_composites();
    let (found, inbox) = (composites.of(id), composites.inbox(id));
    // Without a chosen one all: the last changes come after the last event.
    let range = app.range;
    let limit = RwSignal::new(ROWS);
    Effect::new(move |_| {
        found.track();
        limit.set(ROWS);
    });
    let rows = Memo::new(move |_| {
        let (Some(found), Some(inbox), range) = (found.get(), inbox.get(), range.get()) else {
            return (0, Vec::new());
        };
        let Some(timeline) = &found.timeline else { return (0, Vec::new()) };
        let listed: Vec<usize> = (0..timeline.transitions.len())
            .filter(|at| range.is_none_or(|range| range.contains(timeline.transitions[*at].time)))
            .collect();
        let shown: Vec<usize> = listed.iter().copied().take(limit.get()).collect();
        let (first, last) = (shown.first().copied().unwrap_or(0), shown.last().copied().unwrap_or(0));
        let mut actions: Vec<Vec<String>> = vec![Vec::new(); shown.len()];
        let mut reasons: Vec<Option<String>> = vec![None; shown.len()];
        for entry in inbox.entries().iter().filter(|entry| (first..=last).contains(&entry.change)) {
            if let Some(reason) = reasons.get_mut(entry.change - first) {
                reason.get_or_insert_with(|| inbox.reason(entry));
            }
            if entry.to != To::EventBridge && !shown.is_empty() {
                let (kind, to) = inbox.addressee(entry);
                let note = inbox.note(entry, |time| app.short_time(time));
                let note = note.map(|note| format!(", {note}")).unwrap_or_default();
                actions[entry.change - first].push(format!("{to} ({kind}){note}"));
            }
        }
        let row = |((at, actions), reason): ((&usize, Vec<String>), Option<String>)| {
            let (transition, span) = (timeline.transitions[*at], timeline.spans[at + 1]);
            Row {
                time: transition.time,
                from: transition.from,
                to: transition.to,
                until: span.to,
                reason: reason.unwrap_or_default(),
                actions,
            }
        };
        (listed.len(), shown.iter().zip(actions).zip(reasons).map(row).collect::<Vec<_>>())
    });
    let total = Memo::new(move |_| rows.with(|rows| rows.0));
    let all = move || {
        found.with(|found| {
            found.as_ref().and_then(|found| found.timeline.as_ref()).map_or(0, |timeline| timeline.transitions.len())
        })
    };
    let title = move || {
        let (shown, all) = (total.get(), all());
        let text = format::plural(all as u64, "state change", "state changes");
        if shown == all { text } else { format!("{} of {text}, in the time range shown", format::count(shown as u64)) }
    };
    let row = move |row: Row| {
        let Row { time, from, to, until, reason, actions } = row;
        view! {
            <tr>
                <td class="number">{move || app.zone.with(|zone| format::time(time, zone))}</td>
                <td>
                    <span class="state"><StateMark state=to/>{to.as_str()}</span>
                    <p class="muted number">"from "{from.as_str()}", for "{format::duration(until.0 - time.0)}</p>
                </td>
                <td class="transition-reason">
                    <p title=reason.clone()>{reason.clone()}</p>
                    {(!actions.is_empty()).then(|| view! {
                        <span class="transition-actions"><span class="badge">"Simulated"</span>{actions.join("; ")}</span>
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
                            </tr>
                        </thead>
                        <tbody>
                            <For
                                each=move || rows.with(|rows| rows.1.clone())
                                key=|row| (row.time, row.until, row.reason.clone(), row.actions.clone())
                                children=row
                            />
                        </tbody>
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
