//! The settings of a composite alarm.

use super::mutes::MuteRules;
use super::rule_editor::RuleEditor;
use super::run::use_composites;
use crate::alarm::actions::ActionLists;
use crate::alarm::composite::alarm_name;
use crate::base::Severity;
use crate::model::alarm::AlarmState;
use crate::model::composite::CompositeAlarm;
use crate::ui::alarm::{Actions, STATES};
use crate::ui::metric::{Choice, Field, Number, Text};
use crate::view::lab;
use leptos::prelude::*;

/// Periods of a new suppressor in seconds.
const PERIOD_S: u32 = 60;

/// The form.
#[component]
pub fn CompositeForm(id: u32) -> impl IntoView {
    let editing = use_composites().editing(id);
    let found = use_composites().of(id);
    let problems =
        Memo::new(move |_| found.with(|found| found.as_ref().map(|found| found.problems.clone()).unwrap_or_default()));
    let name =
        Signal::derive(move || found.with(|found| found.as_ref().map(|found| found.name.clone()).unwrap_or_default()));
    let lists = editing.get(|alarm| STATES.map(|(state, _)| ActionLists::from(alarm).of(state).to_vec()));
    let enabled = editing.get(|alarm| alarm.actions_enabled);
    let notes = move || {
        problems.with(|problems| {
            let notes = problems.iter().filter(|problem| problem.severity != Severity::Error);
            notes
                .map(|problem| view! { <li class="form-note">{lab::capitalised(&problem.message)}</li> })
                .collect_view()
        })
    };
    view! {
        <section class="form-section">
            <h3>"Composite alarm"</h3>
            <RuleEditor id/>
            <p class="form-note">"ALARM(name), OK(name), INSUFFICIENT_DATA(name), AND, OR, NOT, TRUE, FALSE, AT_LEAST(2, ALARM, (a, b, c))"</p>
            <Suppressor id/>
            <Actions
                lists=lists
                set=Callback::new(move |(state, list)| editing.set(|alarm| *actions_mut(alarm, state) = list))
                enabled=enabled
                enable=Callback::new(move |enabled| editing.set(|alarm| alarm.actions_enabled = enabled))
                problems=problems
            />
            <ul class="pattern-notes">{notes}</ul>
            <MuteRules alarm=name/>
            <details class="form-more">
                <summary>"Name and description"</summary>
                <Names id/>
            </details>
        </section>
    }
}

/// The alarm that suppresses actions, and its periods.
#[component]
fn Suppressor(id: u32) -> impl IntoView {
    let editing = use_composites().editing(id);
    let composites = use_composites();
    let (found, names) = (composites.of(id), composites.names(id));
    let suppressor =
        editing.get(|alarm| alarm.actions_suppressor.as_deref().map(alarm_name).unwrap_or_default().to_owned());
    let wait = editing.get(|alarm| alarm.actions_suppressor_wait_period.map(f64::from));
    let extension = editing.get(|alarm| alarm.actions_suppressor_extension_period.map(f64::from));
    let options = Signal::derive(move || {
        let mut options = vec![(String::new(), "None".to_owned())];
        let chosen = suppressor.get();
        names.with(|names| options.extend(names.iter().map(|name| (name.clone(), name.clone()))));
        if options.iter().all(|(name, _)| *name != chosen) {
            options.push((chosen.clone(), chosen));
        }
        options
    });
    let problem = move |field: &'static str| {
        Signal::derive(move || {
            found.with(|found| {
                let problems = &found.as_ref()?.problems;
                let found = problems.iter().find(|one| one.field == field && one.severity == Severity::Error);
                found.map(|one| lab::capitalised(&one.message))
            })
        })
    };
    let choose = move |name: String| {
        editing.set(|alarm| {
            let is_new = alarm.actions_suppressor.is_none();
            alarm.actions_suppressor = (!name.is_empty()).then_some(name);
            let periods = (&mut alarm.actions_suppressor_wait_period, &mut alarm.actions_suppressor_extension_period);
            match (&alarm.actions_suppressor, is_new) {
                (None, _) => (*periods.0, *periods.1) = (None, None),
                (Some(_), true) => (*periods.0, *periods.1) = (Some(PERIOD_S), Some(PERIOD_S)),
                _ => {}
            }
        });
    };
    view! {
        <Field label="Actions suppressor" problem=problem("ActionsSuppressor")>
            <Choice options=options value=suppressor set=choose/>
        </Field>
        <Show when=move || suppressor.with(|name| !name.is_empty())>
            <div class="form-row">
                <Field label="Wait period (s)" problem=problem("ActionsSuppressorWaitPeriod")>
                    <Number
                        value=wait
                        min=0.0
                        draft=move |value| editing.draft(|alarm| alarm.actions_suppressor_wait_period = value.map(|value| value as u32))
                        done=move || editing.done()
                    />
                </Field>
                <Field label="Extension period (s)" problem=problem("ActionsSuppressorExtensionPeriod")>
                    <Number
                        value=extension
                        min=0.0
                        draft=move |value| editing.draft(|alarm| alarm.actions_suppressor_extension_period = value.map(|value| value as u32))
                        done=move || editing.done()
                    />
                </Field>
            </div>
        </Show>
    }
}

#[component]
fn Names(id: u32) -> impl IntoView {
    let editing = use_composites().editing(id);
    let name = editing.get(|alarm| alarm.alarm_name.clone());
    let description = editing.get(|alarm| alarm.alarm_description.clone().unwrap_or_default());
    view! {
        <Field label="Alarm name">
            <Text value=name draft=move |text| editing.draft(|alarm| alarm.alarm_name = text) done=move || editing.done()/>
        </Field>
        <Field label="Description">
            <Text
                value=description
                draft=move |text| editing.draft(|alarm| alarm.alarm_description = Some(text).filter(|text| !text.is_empty()))
                done=move || editing.done()
            />
        </Field>
    }
}

fn actions_mut(alarm: &mut CompositeAlarm, state: AlarmState) -> &mut Vec<String> {
    match state {
        AlarmState::Alarm => &mut alarm.alarm_actions,
        AlarmState::Ok => &mut alarm.ok_actions,
        AlarmState::InsufficientData => &mut alarm.insufficient_data_actions,
    }
}
