//! The settings of an alarm.

use super::actions::{Actions, STATES};
use super::run::AlarmRun;
use crate::alarm::actions::ActionLists;
use crate::base::Severity;
use crate::model::alarm::{AlarmState, ComparisonOperator, LowSampleCountPercentile, MetricAlarm, unit_mismatch};
use crate::model::statistic::Statistic;
use crate::pattern::cloudwatch::value::UNITS;
use crate::ui::composite::MuteRules;
use crate::ui::metric::{Choice, Field, Number, Text};
use crate::ui::state::use_app;
use crate::view::composites;
use crate::view::lab::{self, PERIODS, STATISTICS, TREATMENTS, period_label};
use leptos::prelude::*;

/// Key of the choice that opens a field for any other value.
const OTHER: &str = "other";

/// The form.
#[component]
pub fn AlarmForm(run: AlarmRun) -> impl IntoView {
    let editing = run.editing();
    let operator = editing.get(|alarm| alarm.comparison_operator.as_str().to_owned());
    let has_band = editing.get(|alarm| alarm.threshold_metric_id.is_some());
    let operators = Signal::derive(move || {
        let fitting = lab::operators(has_band.get());
        let option = |operator: &ComparisonOperator| (operator.as_str().to_owned(), console_name(*operator).to_owned());
        fitting.iter().map(option).collect::<Vec<_>>()
    });
    let is_single = editing.get(|alarm| alarm.metrics.is_empty());
    let has_unit = editing.get(|alarm| alarm.unit.is_some());
    let threshold = editing.get(|alarm| Some(alarm.threshold));
    let m = editing.get(|alarm| Some(f64::from(alarm.datapoints_to_alarm())));
    let n = editing.get(|alarm| Some(f64::from(alarm.evaluation_periods)));
    let treatment = editing
        .get(|alarm| TREATMENTS.iter().position(|(treatment, ..)| *treatment == alarm.treat_missing_data).unwrap_or(0));
    let treatments: Vec<_> =
        TREATMENTS.iter().enumerate().map(|(index, (_, label, _))| (index.to_string(), (*label).to_owned())).collect();
    let effect = Signal::derive(move || TREATMENTS.get(treatment.get()).map(|(.., effect)| (*effect).to_owned()));
    let is_percentile = editing.get(|alarm| matches!(alarm.statistic(), Statistic::Percentile(_)));
    let low_samples =
        editing.get(|alarm| alarm.evaluate_low_sample_count_percentile == LowSampleCountPercentile::Ignore);
    let lists = editing.get(|alarm| STATES.map(|(state, _)| ActionLists::from(alarm).of(state).to_vec()));
    let enabled = editing.get(|alarm| alarm.actions_enabled);
    let app = use_app();
    let name = Signal::derive(move || {
        let names = app.view.with(composites::alarm_names);
        names.into_iter().find(|(id, _)| *id == run.id).map(|(_, name)| name).unwrap_or_default()
    });
    view! {
        <section class="form-section">
            <h3>"Alarm"</h3>
            <div class="form-row">
                <Show when=move || is_single.get()><StatisticField run/></Show>
                <PeriodField run/>
            </div>
            <div class="form-row">
                <Field label="Condition" problem=problem(run, "ComparisonOperator")>
                    <Choice
                        options=operators
                        value=operator
                        set=move |key| editing.set(|alarm| {
                            let mut fitting = lab::operators(alarm.threshold_metric_id.is_some()).iter();
                            let found = fitting.find(|operator| operator.as_str() == key).copied();
                            alarm.comparison_operator = found.unwrap_or(alarm.comparison_operator);
                        })
                    />
                </Field>
                <Show when=move || !has_band.get()>
                    <Field label="Threshold" problem=problem(run, "Threshold")>
                        <Number
                            value=threshold
                            draft=move |value| { if let Some(value) = value { editing.draft(|alarm| alarm.threshold = value) } }
                            done=move || editing.done()
                        />
                    </Field>
                </Show>
            </div>
            <div class="form-row">
                <Field label="Datapoints to alarm" problem=problem(run, "DatapointsToAlarm")>
                    <Number
                        value=m
                        min=1.0
                        draft=move |value| { if let Some(value) = value { editing.draft(|alarm| alarm.datapoints_to_alarm = Some(value as u32)) } }
                        done=move || editing.done()
                    />
                </Field>
                <Field label="out of evaluation periods" problem=problem(run, "EvaluationPeriods")>
                    <Number
                        value=n
                        min=1.0
                        draft=move |value| { if let Some(value) = value { editing.draft(|alarm| lab::set_evaluation_periods(alarm, value as u32)) } }
                        done=move || editing.done()
                    />
                </Field>
            </div>
            <Field label="Missing data is treated as" hint=effect>
                <Choice
                    options=Signal::stored(treatments)
                    value=Signal::derive(move || treatment.get().to_string())
                    set=move |key| editing.set(|alarm| {
                        let chosen = key.parse::<usize>().ok().and_then(|index| TREATMENTS.get(index));
                        alarm.treat_missing_data = chosen.map(|chosen| chosen.0).unwrap_or_default();
                    })
                />
            </Field>
            <Show when=move || is_percentile.get()>
                <label class="check">
                    <input
                        type="checkbox"
                        prop:checked=move || low_samples.get()
                        on:change=move |event| editing.set(|alarm| {
                            let ignore = event_target_checked(&event);
                            alarm.evaluate_low_sample_count_percentile =
                                if ignore { LowSampleCountPercentile::Ignore } else { LowSampleCountPercentile::Evaluate };
                        })
                    />
                    "Keep the state while there are too few samples for the percentile"
                </label>
            </Show>
            <Show when=move || has_unit.get()><UnitField run/></Show>
            <ul class="pattern-notes">{move || notes(run)}</ul>
            <Actions
                lists=lists
                set=Callback::new(move |(state, list)| editing.set(|alarm| *actions_mut(alarm, state) = list))
                enabled=enabled
                enable=Callback::new(move |enabled| editing.set(|alarm| alarm.actions_enabled = enabled))
                problems=run.problems
            />
            <MuteRules alarm=name/>
            <details class="form-more">
                <summary>"Name and description"</summary>
                <Names run/>
            </details>
        </section>
    }
}

fn actions_mut(alarm: &mut MetricAlarm, state: AlarmState) -> &mut Vec<String> {
    match state {
        AlarmState::Alarm => &mut alarm.alarm_actions,
        AlarmState::Ok => &mut alarm.ok_actions,
        AlarmState::InsufficientData => &mut alarm.insufficient_data_actions,
    }
}

/// What the service would say about one parameter.
pub fn problem(run: AlarmRun, field: &'static str) -> Signal<Option<String>> {
    Signal::derive(move || {
        run.problems.with(|problems| {
            let found = problems.iter().find(|problem| problem.field == field && problem.severity == Severity::Error);
            found.map(|problem| lab::capitalised(&problem.message))
        })
    })
}

/// What is worth knowing.
fn notes(run: AlarmRun) -> impl IntoView {
    run.problems.with(|problems| {
        let notes = problems.iter().filter(|problem| problem.severity != Severity::Error);
        notes.map(|problem| view! { <li class="form-note">{lab::capitalised(&problem.message)}</li> }).collect_view()
    })
}

/// The unit that a deployed alarm has, to take it away or to change it; one made here has none.
#[component]
fn UnitField(run: AlarmRun) -> impl IntoView {
    let editing = run.editing();
    let unit = editing.get(|alarm| alarm.unit.clone().unwrap_or_default());
    let any = (String::new(), "Any".to_owned());
    let units = std::iter::once(any).chain(UNITS.iter().map(|unit| ((*unit).to_owned(), (*unit).to_owned())));
    let problem = Signal::derive(move || {
        let unit = run.settings.with(|alarm| alarm.unit.clone());
        let reason = run.metric.with(|metric| unit_mismatch(metric.as_ref(), unit.as_deref()))?;
        Some(format!("{}: it sees no data", lab::capitalised(&reason)))
    });
    view! {
        <Field label="Unit" problem>
            <Choice
                options=Signal::stored(units.collect::<Vec<_>>())
                value=unit
                set=move |unit| editing.set(|alarm| alarm.unit = Some(unit).filter(|unit| !unit.is_empty()))
            />
        </Field>
    }
}

/// What the console calls an operator.
fn console_name(operator: ComparisonOperator) -> &'static str {
    match operator {
        ComparisonOperator::GreaterThanThreshold => "> Greater",
        ComparisonOperator::GreaterThanOrEqualToThreshold => "≥ Greater/Equal",
        ComparisonOperator::LessThanThreshold => "< Lower",
        ComparisonOperator::LessThanOrEqualToThreshold => "≤ Lower/Equal",
        ComparisonOperator::GreaterThanUpperThreshold => "Greater than the band",
        ComparisonOperator::LessThanLowerThreshold => "Lower than the band",
        ComparisonOperator::LessThanLowerOrGreaterThanUpperThreshold => "Outside of the band",
    }
}

/// AWS's name of an operator.
#[component]
fn StatisticField(run: AlarmRun) -> impl IntoView {
    let editing = run.editing();
    let statistic = editing.get(|alarm| alarm.statistic().to_string());
    let typing = RwSignal::new(false);
    let is_other = Memo::new(move |_| {
        let statistic = statistic.get();
        typing.get() || STATISTICS.iter().all(|listed| listed.to_string() != statistic)
    });
    let options: Vec<_> = STATISTICS
        .iter()
        .map(|statistic| (statistic.to_string(), statistic.to_string()))
        .chain([(OTHER.to_owned(), "Other percentile…".to_owned())])
        .collect();
    let wrong = RwSignal::new(None::<String>);
    let type_statistic = move |text: String| match text.trim().parse::<Statistic>() {
        Ok(statistic) => {
            wrong.set(None);
            editing.draft(|alarm| lab::set_statistic(alarm, statistic));
        }
        Err(message) => wrong.set(Some(message)),
    };
    view! {
        <Field label="Statistic" problem=Signal::derive(move || wrong.get().or_else(|| problem(run, "ExtendedStatistic").get()))>
            <Choice
                options=Signal::stored(options)
                value=Signal::derive(move || { if is_other.get() { OTHER.into() } else { statistic.get() } })
                set=move |key| {
                    typing.set(key == OTHER);
                    wrong.set(None);
                    if let Ok(statistic) = key.parse() {
                        editing.set(|alarm| lab::set_statistic(alarm, statistic));
                    }
                }
            />
            <Show when=move || is_other.get()>
                <Text
                    value=statistic
                    name="Any statistic"
                    placeholder="p99.5, tm90, PR(:300)"
                    draft=type_statistic
                    done=move || editing.done()
                />
            </Show>
        </Field>
    }
}

#[component]
fn PeriodField(run: AlarmRun) -> impl IntoView {
    let editing = run.editing();
    let period = editing.get(|alarm| alarm.period);
    let typing = RwSignal::new(false);
    let is_other = Memo::new(move |_| typing.get() || !PERIODS.contains(&period.get()));
    let options: Vec<_> = PERIODS
        .iter()
        .map(|period| (period.to_string(), period_label(*period)))
        .chain([(OTHER.to_owned(), "Other…".to_owned())])
        .collect();
    view! {
        <Field label="Period" problem=problem(run, "Period")>
            <Choice
                options=Signal::stored(options)
                value=Signal::derive(move || { if is_other.get() { OTHER.into() } else { period.get().to_string() } })
                set=move |key| {
                    typing.set(key == OTHER);
                    if let Ok(period) = key.parse() {
                        editing.set(|alarm| alarm.set_period(period));
                    }
                }
            />
            <Show when=move || is_other.get()>
                <Number
                    value=Signal::derive(move || Some(f64::from(period.get())))
                    name="Period in seconds"
                    min=10.0
                    draft=move |value| { if let Some(value) = value { editing.draft(|alarm| alarm.set_period(value as u32)) } }
                    done=move || editing.done()
                />
            </Show>
        </Field>
    }
}

#[component]
fn Names(run: AlarmRun) -> impl IntoView {
    let editing = run.editing();
    let name = editing.get(|alarm| alarm.alarm_name.clone());
    let description = editing.get(|alarm| alarm.alarm_description.clone().unwrap_or_default());
    view! {
        <Field label="Alarm name" problem=problem(run, "AlarmName")>
            <Text
                value=name
                draft=move |text| editing.draft(|alarm| alarm.alarm_name = text)
                done=move || editing.done()
            />
        </Field>
        <Field label="Description" problem=problem(run, "AlarmDescription")>
            <Text
                value=description
                draft=move |text| editing.draft(|alarm| alarm.alarm_description = Some(text).filter(|text| !text.is_empty()))
                done=move || editing.done()
            />
        </Field>
    }
}
