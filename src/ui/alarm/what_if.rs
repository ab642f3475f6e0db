//! The same alarm with another default value or delivery delay, or without large events, side by side; a button adopts one.

use crate::alarm::headline::duration;
use crate::ui::metric::run::Run;
use crate::ui::state::use_app;
use crate::view::what_if::{Change, Delivery, Outcome, outcomes, oversize_note};
use crate::view::{Action, format};
use leptos::prelude::*;

/// The section.
#[component]
pub fn WhatIf(run: Run) -> impl IntoView {
    let app = use_app();
    let list = Memo::new(move |before: Option<&Vec<Outcome>>| {
        if run.dragged.get() || run.is_outdated() {
            return before.cloned().unwrap_or_default();
        }
        let delivery =
            Delivery { delay_minutes: app.delay_minutes.get(), exclude_oversize: app.exclude_oversize.get() };
        run.part.with(|part| {
            let part = part.value.as_deref();
            let backtest = run.backtest.get();
            part.map(|part| outcomes(&backtest, part, &run.shown.get(), delivery)).unwrap_or_default()
        })
    });
    let oversize = move || run.part.with(|part| part.value.as_deref().map(oversize_note).unwrap_or_default());
    view! {
        <section class="what-if" aria-label="What if">
            <p class="muted">
                "CloudTrail delivers to CloudWatch Logs within about 5 minutes on average. A delay concerns all alarms; alarms see an event when it is delivered."
            </p>
            <p class="muted">{oversize}</p>
            <div class="what-if-scroll">
                <table>
                    <thead>
                        <tr>
                            <th scope="col">"Setting"</th>
                            <th scope="col">"Fires"</th>
                            <th scope="col">"In ALARM"</th>
                            <th scope="col">"INSUFFICIENT_DATA"</th>
                            <th scope="col">"First detected"</th>
                            <th scope="col">"Difference"</th>
                            <th scope="col"><span class="hidden-text">"Adopt"</span></th>
                        </tr>
                    </thead>
                    <tbody>{move || list.get().into_iter().map(|outcome| view! { <Line run outcome/> }).collect_view()}</tbody>
                </table>
            </div>
        </section>
    }
}

#[component]
fn Line(run: Run, outcome: Outcome) -> impl IntoView {
    let app = use_app();
    let editing = run.editing();
    let Outcome { change, is_set, fires, alarm_s, insufficient_s, first, difference } = outcome;
    let adopt = move |_| match change {
        Change::Default(value) => editing.set(|backtest| {
            backtest.filter.metric_transformations.iter_mut().take(1).for_each(|metric| metric.default_value = value);
        }),
        Change::Delay(minutes) => app.dispatch(Action::SetDelay(minutes)),
        Change::ExcludeOversize(exclude) => app.dispatch(Action::ExcludeOversize(exclude)),
    };
    let detected = move || first.map_or_else(|| "never".into(), |time| app.short_time(time));
    let label = change.label();
    let adopting = if is_set {
        view! { <span class="muted">"as set"</span> }.into_any()
    } else {
        let name = format!("Adopt: {label}");
        view! { <button type="button" class="button small" aria-label=name on:click=adopt>"Adopt"</button> }.into_any()
    };
    view! {
        <tr class:is-set=is_set>
            <th scope="row">{label}</th>
            <td class="number">{format::count(fires as u64)}</td>
            <td class="number">{duration(alarm_s)}</td>
            <td class="number">{duration(insufficient_s)}</td>
            <td class="number">{detected}</td>
            <td>{difference}</td>
            <td>{adopting}</td>
        </tr>
    }
}
