//! Mute rules, in the settings of any alarm: which there are, which of them concern it.

use crate::alarm::Problem;
use crate::alarm::mute::{Mute, Offsets};
use crate::model::composite::{AlarmMuteRule, MuteSchedule, MuteTargets, Schedule};
use crate::ui::metric::{Field, Text};
use crate::ui::state::{App, use_app, zone};
use crate::ui::widgets::Icon;
use crate::view::{Action, lab};
use leptos::prelude::*;
use std::sync::Arc;

/// The rules of the lab as seen from one alarm.
#[component]
pub fn MuteRules(
    /// Name of the alarm.
    #[prop(into)]
    alarm: Signal<String>,
) -> impl IntoView {
    let app = use_app();
    let count = Memo::new(move |_| app.view.with(|view| view.mutes.len()));
    let muting = move || {
        let name = alarm.get();
        app.view.with(|view| view.mutes.iter().filter(|rule| rule.mute_targets.alarm_names.contains(&name)).count())
    };
    let add = move |_| {
        let rule = AlarmMuteRule {
            name: format!("Mute rule {}", count.get_untracked() + 1),
            rule: MuteSchedule {
                schedule: Schedule {
                    expression: "cron(0 2 * * SUN)".into(),
                    duration: "PT4H".into(),
                    timezone: Some("UTC".into()),
                },
            },
            mute_targets: MuteTargets { alarm_names: vec![alarm.get_untracked()] },
            ..AlarmMuteRule::default()
        };
        change(app, true, |rules| rules.push(rule));
    };
    view! {
        <details class="form-more">
            <summary>"Mute rules "<span class="muted number">{muting}</span></summary>
            <p class="form-note">"While a rule mutes, states change as ever and events reach EventBridge, but no action runs."</p>
            {move || (0..count.get()).map(|at| view! { <Rule at alarm/> }).collect_view()}
            <button type="button" class="button small" on:click=add><Icon name="plus" small=true/>"Add a mute rule"</button>
        </details>
    }
}

/// Changes the list; a step in the history or not.
fn change(app: App, is_step: bool, edit: impl FnOnce(&mut Vec<AlarmMuteRule>)) {
    let mut rules = app.view.with_untracked(|view| view.mutes.clone());
    edit(&mut rules);
    let action = Action::SetMutes(rules);
    if is_step { app.dispatch(action) } else { app.preview(action) }
}

#[component]
fn Rule(at: usize, alarm: Signal<String>) -> impl IntoView {
    let app = use_app();
    let rule = Memo::new(move |_| app.view.with(|view| view.mutes.get(at).cloned().unwrap_or_default()));
    let draft = move |edit: fn(&mut AlarmMuteRule, String), text: String| {
        change(app, false, |rules| {
            if let Some(rule) = rules.get_mut(at) {
                edit(rule, text);
            }
        });
    };
    let done = move || change(app, true, |_| {});
    let problems = Memo::new(move |_| {
        let span = app.session.loaded.with(|loaded| loaded.first.zip(loaded.last));
        let offsets = |name: &str| -> Option<Offsets> {
            let (first, last) = span?;
            let zone = zone::named(name, first, last)?;
            Some(Arc::new(move |time| zone.offset_at(time)))
        };
        rule.with(|rule| Mute::new(rule, offsets).err().unwrap_or_default())
    });
    let problem = move |field: &'static str| {
        Signal::derive(move || {
            problems.with(|problems: &Vec<Problem>| {
                problems.iter().find(|problem| problem.field == field).map(|problem| lab::capitalised(&problem.message))
            })
        })
    };
    let targets = Memo::new(move |_| {
        let name = alarm.get();
        rule.with(|rule| rule.mute_targets.alarm_names.contains(&name))
    });
    let target = move |event| {
        let (on, name) = (event_target_checked(&event), alarm.get_untracked());
        change(app, true, |rules| {
            if let Some(rule) = rules.get_mut(at) {
                rule.mute_targets.alarm_names.retain(|other| *other != name);
                if on {
                    rule.mute_targets.alarm_names.push(name);
                }
            }
        });
    };
    let remove = move |_| {
        change(app, true, |rules| {
            if at < rules.len() {
                rules.remove(at);
            }
        });
    };
    let label = move || rule.with(|rule| rule.name.clone());
    let text = move |read: fn(&AlarmMuteRule) -> String| Signal::derive(move || rule.with(read));
    view! {
        <fieldset class="mute-rule">
            <legend class="hidden-text">{label}</legend>
            <div class="mute-head">
                <label class="check">
                    <input type="checkbox" prop:checked=move || targets.get() on:change=target/>
                    {move || format!("Mutes this alarm: {}", label())}
                </label>
                <button type="button" class="icon-button small" title="Delete the rule" aria-label=move || format!("Delete {}", label()) on:click=remove>
                    <Icon name="trash" small=true/>
                </button>
            </div>
            <Field label="Rule name">
                <Text value=text(|rule| rule.name.clone()) draft=move |text| draft(|rule, text| rule.name = text, text) done=done/>
            </Field>
            <Field label="Schedule" problem=problem("Expression")>
                <Text
                    mono=true
                    value=text(|rule| rule.rule.schedule.expression.clone())
                    placeholder="cron(0 2 * * SUN) or at(2024-12-23T00:00)"
                    draft=move |text| draft(|rule, text| rule.rule.schedule.expression = text, text)
                    done=done
                />
            </Field>
            <div class="form-row">
                <Field label="Duration" problem=problem("Duration")>
                    <Text
                        mono=true
                        value=text(|rule| rule.rule.schedule.duration.clone())
                        placeholder="PT4H"
                        draft=move |text| draft(|rule, text| rule.rule.schedule.duration = text, text)
                        done=done
                    />
                </Field>
                <Field label="Time zone" problem=problem("Timezone")>
                    <Text
                        value=text(|rule| rule.rule.schedule.timezone.clone().unwrap_or_default())
                        placeholder="UTC"
                        draft=move |text| draft(|rule, text| rule.rule.schedule.timezone = Some(text).filter(|text| !text.is_empty()), text)
                        done=done
                    />
                </Field>
            </div>
        </fieldset>
    }
}
