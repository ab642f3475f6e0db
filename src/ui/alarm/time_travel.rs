//! One instant of an alarm: what the evaluation saw, which rule it applied, and the state that followed.

use super::StateMark;
use super::run::AlarmRun;
use crate::alarm::evaluation::{Evaluation, Period, Role};
use crate::alarm::{Options, Timeline, look};
use crate::base::EpochMs;
use crate::ui::state::use_app;
use crate::ui::widgets::Icon;
use crate::view::time_travel::{outcome, role, role_reason, rule, typed};
use crate::view::{TimeRange, format};
use leptos::prelude::*;

/// A step through the history.
#[derive(Clone, Copy)]
enum Step {
    /// To the next evaluation, or the one before.
    Evaluation(i64),
    /// To the next change of state, or the one before.
    Change(i64),
}

/// Where one lands that has chosen no instant yet: the first time in ALARM, or the last evaluation.
pub fn first_instant(timeline: &Timeline) -> Option<EpochMs> {
    let alarm = timeline.transitions.iter().find(|transition| transition.to == crate::model::alarm::AlarmState::Alarm);
    alarm.map(|transition| transition.time).or_else(|| timeline.spans.last().map(|span| EpochMs(span.to.0 - 1)))
}

/// The finding.
#[component]
pub fn TimeTravel(run: AlarmRun, instant: RwSignal<Option<EpochMs>>) -> impl IntoView {
    let app = use_app();
    // An instant that the history has not, after an edit or another data set, is none.
    Effect::new(move |_| {
        run.timeline.with(|timeline| {
            let Some(timeline) = timeline else { return };
            let is_there = instant.get_untracked().is_some_and(|time| timeline.state_at(time).is_some());
            if !is_there {
                instant.set(first_instant(timeline));
            }
        });
    });
    let evaluation = Memo::new(move |_| {
        let time = instant.get()?;
        let alarm = run.alarm();
        run.timeline.with(|timeline| {
            run.sliding.with(|sliding| {
                let (timeline, sliding) = (timeline.as_ref()?, sliding.as_ref()?);
                (sliding.period_s == alarm.period).then(|| look(&alarm, sliding, timeline, Options::default(), time))?
            })
        })
    });
    let go = move |step: Step| {
        let Some(now) = evaluation.get_untracked().map(|evaluation| evaluation.time).or(instant.get_untracked()) else {
            return;
        };
        let to = match step {
            Step::Evaluation(by) => {
                let alarm = run.alarm();
                let every = crate::alarm::window::evaluation_frequency_s(alarm.period, alarm.evaluation_periods);
                Some(EpochMs(now.0 + by * i64::from(every) * 1_000))
            }
            Step::Change(by) => run.timeline.with_untracked(|timeline| {
                let changes = &timeline.as_ref()?.transitions;
                let change = if by > 0 {
                    changes.get(changes.partition_point(|change| change.time <= now))
                } else {
                    changes[..changes.partition_point(|change| change.time < now)].last()
                };
                change.map(|change| change.time)
            }),
        };
        let is_inside = |time: &EpochMs| {
            run.timeline
                .with_untracked(|timeline| timeline.as_ref().is_some_and(|timeline| timeline.state_at(*time).is_some()))
        };
        if let Some(to) = to.filter(is_inside) {
            instant.set(Some(to));
        }
    };
    let key = move |event: web_sys::KeyboardEvent| {
        let far = event.shift_key();
        let step = match (event.key().as_str(), far) {
            ("ArrowLeft", false) => Step::Evaluation(-1),
            ("ArrowRight", false) => Step::Evaluation(1),
            ("ArrowLeft", true) => Step::Change(-1),
            ("ArrowRight", true) => Step::Change(1),
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        go(step);
    };
    let button = move |step: Step, icon: &'static str, label: &'static str| {
        view! {
            <button type="button" class="icon-button" aria-label=label title=label on:click=move |_| go(step)>
                <Icon name=icon/>
            </button>
        }
    };
    let text = move || instant.get().map(|time| app.zone.with(|zone| format::time(time, zone))).unwrap_or_default();
    let problem = RwSignal::new(None::<&'static str>);
    let take = move |event: web_sys::Event| {
        let field: web_sys::HtmlInputElement = event_target(&event);
        let now = instant.get_untracked().unwrap_or(EpochMs(0));
        // The clock may be another one then.
        let offset_at = |time| app.zone.with_untracked(|zone| zone.offset_at(time));
        let near = typed(&field.value(), offset_at(now));
        let time = near.and_then(|near| typed(&field.value(), offset_at(near)));
        let is_inside = |time: &EpochMs| {
            run.timeline
                .with_untracked(|timeline| timeline.as_ref().is_some_and(|timeline| timeline.state_at(*time).is_some()))
        };
        match time {
            None => problem.set(Some("Expected a time such as 2024-03-13 02:34")),
            Some(time) if !is_inside(&time) => problem.set(Some("The alarm has no state then: nothing was logged")),
            Some(time) => {
                problem.set(None);
                instant.set(Some(time));
            }
        }
        field.set_value(&text());
    };
    view! {
        <section class="time-travel" aria-label="Time travel">
            <div class="time-travel-tools" role="group" aria-label="Instant" on:keydown=key>
                {button(Step::Change(-1), "skip-left", "State change before (Shift+←)")}
                {button(Step::Evaluation(-1), "left", "Evaluation before (←)")}
                <input
                    class="field number"
                    type="text"
                    spellcheck="false"
                    autocomplete="off"
                    aria-label="Time"
                    aria-invalid=move || problem.get().is_some().then_some("true")
                    prop:value=text
                    on:change=take
                    // In the field the arrows move the cursor.
                    on:keydown=|event| event.stop_propagation()
                />
                {button(Step::Evaluation(1), "right", "Next evaluation (→)")}
                {button(Step::Change(1), "skip-right", "Next state change (Shift+→)")}
                <p class="form-problem" role="alert">{move || problem.get()}</p>
            </div>
            <div role="status">
                {move || evaluation.get().map(|evaluation| view! { <Verdict run evaluation/> })}
                <Show when=move || evaluation.with(Option::is_none)>
                    <p class="empty-note">"No evaluation took place then"</p>
                </Show>
            </div>
        </section>
    }
}

/// The rule, the state, the periods.
#[component]
fn Verdict(run: AlarmRun, evaluation: Evaluation) -> impl IntoView {
    let app = use_app();
    let alarm = run.alarm();
    let time = evaluation.time;
    let rows = evaluation.periods.iter().rev().map(|period| row(*period, &alarm)).collect_view();
    let looked_at = format!(
        "{} of {}, newest first",
        format::plural(evaluation.periods.len() as u64, "period", "periods"),
        crate::view::lab::period_label(alarm.period)
    );
    view! {
        <p class="time-travel-outcome">
            <span class="state"><StateMark state=evaluation.after/>{outcome(&evaluation)}</span>
            <span class="muted number">{move || app.zone.with(|zone| format!("evaluated {}", format::time(time, zone)))}</span>
        </p>
        <p class="time-travel-rule">{rule(&evaluation, &alarm)}</p>
        <div class="time-travel-scroll" tabindex="0" role="region" aria-label="Evaluation range">
            <table>
                <caption class="muted">{looked_at}</caption>
                <thead>
                    <tr>
                        <th scope="col">"Period"</th>
                        <th scope="col" class="number">{alarm.statistic().to_string()}</th>
                        <th scope="col" class="number">"Samples"</th>
                        <th scope="col">"Counts as"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

fn row(period: Period, alarm: &crate::model::alarm::MetricAlarm) -> impl IntoView + use<> {
    let app = use_app();
    let range = TimeRange { from: period.start, to: period.end };
    let value = period.point.map_or_else(|| "–".to_owned(), |point| format::number(point.value));
    let samples = period.point.map_or_else(|| "–".to_owned(), |point| format::count(point.samples));
    let name = match period.role {
        Role::Breaching => "breaching",
        Role::NotBreaching => "inside",
        Role::Missing => "missing",
        Role::NotReached => "unused",
    };
    view! {
        <tr data-role=name>
            <td class="number">{move || app.short_range(range)}</td>
            <td class="number">{value}</td>
            <td class="number">{samples}</td>
            <td title=role_reason(period.role, alarm)>{role(period.role)}</td>
        </tr>
    }
}
