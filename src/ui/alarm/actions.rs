//! Topics that would be notified, state by state. Simulated: nothing is ever sent.

use super::StateMark;
use crate::alarm::Problem;
use crate::alarm::validate::ACTIONS_MAX;
use crate::base::Severity;
use crate::model::alarm::AlarmState;
use crate::ui::metric::Text;
use crate::ui::widgets::Icon;
use crate::view::lab::{capitalised, topic_arn, topic_name};
use leptos::prelude::*;

/// States with their parameter, in the order shown.
pub const STATES: [(AlarmState, &str); 3] = [
    (AlarmState::Alarm, "AlarmActions"),
    (AlarmState::Ok, "OKActions"),
    (AlarmState::InsufficientData, "InsufficientDataActions"),
];

/// The actions of an alarm of either kind.
#[component]
pub fn Actions(
    /// Those of each state, in the order of [`STATES`].
    lists: Memo<[Vec<String>; 3]>,
    /// Takes the new ones of a state.
    set: Callback<(AlarmState, Vec<String>)>,
    /// Whether they run at all.
    enabled: Memo<bool>,
    /// Takes whether they do.
    enable: Callback<bool>,
    /// What CloudWatch would say about the alarm.
    problems: Memo<Vec<Problem>>,
) -> impl IntoView {
    let row = move |(at, (state, field)): (usize, (AlarmState, &'static str))| {
        let list = Memo::new(move |_| lists.with(|lists| lists[at].clone()));
        let set = Callback::new(move |list| set.run((state, list)));
        let problem = Signal::derive(move || {
            problems.with(|problems| {
                let found =
                    problems.iter().find(|problem| problem.field == field && problem.severity == Severity::Error);
                found.map(|problem| capitalised(&problem.message))
            })
        });
        view! { <OnState state list set problem/> }
    };
    view! {
        <fieldset class="actions">
            <legend>"Actions" <span class="badge">"Simulated, nothing is sent"</span></legend>
            {STATES.into_iter().enumerate().map(row).collect_view()}
            <label class="check">
                <input
                    type="checkbox"
                    prop:checked=move || enabled.get()
                    on:change=move |event| enable.run(event_target_checked(&event))
                />
                "Actions enabled"
            </label>
        </fieldset>
    }
}

/// The topics notified on entering one state.
#[component]
fn OnState(
    state: AlarmState,
    list: Memo<Vec<String>>,
    set: Callback<Vec<String>>,
    problem: Signal<Option<String>>,
) -> impl IntoView {
    let draft = RwSignal::new(String::new());
    let add = move || {
        let name = draft.try_get_untracked().unwrap_or_default();
        if !name.trim().is_empty() {
            set.run(list.get_untracked().into_iter().chain([topic_arn(&name)]).collect());
            draft.set(String::new());
        }
    };
    let chips = move || {
        list.get()
            .into_iter()
            .enumerate()
            .map(|(index, arn)| {
                let name = topic_name(&arn).to_owned();
                let remove = move |_| {
                    let mut rest = list.get_untracked();
                    rest.remove(index);
                    set.run(rest);
                };
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
            {move || problem.get().map(|problem| view! { <span class="form-problem">{problem}</span> })}
        </div>
    }
}
