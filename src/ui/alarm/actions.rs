//! Topics that would be notified, state by state. Simulated: nothing is ever sent.

use super::StateMark;
use super::form::problem;
use crate::alarm::actions::ActionLists;
use crate::alarm::validate::ACTIONS_MAX;
use crate::model::alarm::{AlarmState, MetricAlarm};
use crate::ui::metric::run::Run;
use crate::ui::metric::{Editing, Text};
use crate::ui::widgets::Icon;
use crate::view::lab::{topic_arn, topic_name};
use leptos::prelude::*;

/// States with their parameter, in the order shown.
const STATES: [(AlarmState, &str); 3] = [
    (AlarmState::Alarm, "AlarmActions"),
    (AlarmState::Ok, "OKActions"),
    (AlarmState::InsufficientData, "InsufficientDataActions"),
];

/// The actions of an alarm.
#[component]
pub fn Actions(run: Run) -> impl IntoView {
    let editing = Editing::of(run);
    let enabled = editing.get(|backtest| backtest.alarm.actions_enabled);
    view! {
        <fieldset class="actions">
            <legend>"Actions" <span class="badge">"Simulated, nothing is sent"</span></legend>
            {STATES.map(|(state, field)| view! { <OnState run state field/> }).collect_view()}
            <label class="check">
                <input
                    type="checkbox"
                    prop:checked=move || enabled.get()
                    on:change=move |event| editing.set(|backtest| backtest.alarm.actions_enabled = event_target_checked(&event))
                />
                "Actions enabled"
            </label>
        </fieldset>
    }
}

/// The topics notified on entering one state.
#[component]
fn OnState(run: Run, state: AlarmState, field: &'static str) -> impl IntoView {
    let editing = Editing::of(run);
    let list = editing.get(move |backtest| ActionLists::from(&backtest.alarm).of(state).to_vec());
    let draft = RwSignal::new(String::new());
    let add = move || {
        let name = draft.try_get_untracked().unwrap_or_default();
        if !name.trim().is_empty() {
            editing.set(|backtest| actions_mut(&mut backtest.alarm, state).push(topic_arn(&name)));
            draft.set(String::new());
        }
    };
    let chips = move || {
        list.get()
            .into_iter()
            .enumerate()
            .map(|(index, arn)| {
                let name = topic_name(&arn).to_owned();
                let remove = move |_| editing.set(|backtest| {
                    actions_mut(&mut backtest.alarm, state).remove(index);
                });
                view! {
                    <span class="topic" title=arn>
                        <Icon name="bell" small=true/>{name.clone()}
                        <button type="button" class="icon-button small" aria-label=format!("Remove {name}") on:click=remove>
                            <Icon name="close" small=true/>
                        </button>
                    </span>
                }
            })
            .collect_view()
    };
    view! {
        <div class="action-row">
            <span class="action-state"><StateMark state/>{state.as_str()}</span>
            <span class="action-topics">
                {chips}
                <Show when=move || list.with(Vec::len) < ACTIONS_MAX>
                    <span
                        class="topic-new"
                        on:keydown=move |event| {
                            if event.key() == "Enter" {
                                event.prevent_default();
                                add();
                            }
                        }
                    >
                        <Text
                            value=draft
                            placeholder="SNS topic name"
                            name="SNS topic name"
                            draft=move |text| draft.set(text)
                            done=add
                        />
                    </span>
                </Show>
            </span>
            {move || problem(run, field).get().map(|problem| view! { <span class="form-problem">{problem}</span> })}
        </div>
    }
}

fn actions_mut(alarm: &mut MetricAlarm, state: AlarmState) -> &mut Vec<String> {
    match state {
        AlarmState::Alarm => &mut alarm.alarm_actions,
        AlarmState::Ok => &mut alarm.ok_actions,
        AlarmState::InsufficientData => &mut alarm.insufficient_data_actions,
    }
}
