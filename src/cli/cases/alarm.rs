//! Kinds of `alarm-evaluation.json` that concern metric alarms and actions.

use super::{Compared, NotRun, Ran, clock, minute_of_day};
use crate::alarm::actions::{ActionLists, simulate};
use crate::alarm::dispatch::dispatch;
use crate::alarm::missing_data::{Datapoint, evaluate as evaluate_once};
use crate::alarm::validate::is_valid;
use crate::alarm::window::{Schedule, enough_samples, evaluation_frequency_s, low_sample_percentile, period_starts};
use crate::alarm::{Options, Span, Timeline, Transition, evaluate, validate};
use crate::base::EpochMs;
use crate::base::time::MINUTE;
use crate::metric::{Collector, Samples, sliding};
use crate::model::alarm::{AlarmState, ComparisonOperator, LowSampleCountPercentile, MetricAlarm, TreatMissingData};
use crate::model::statistic::Statistic;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

#[derive(Deserialize)]
pub struct MetricState {
    points: Option<Vec<String>>,
    values: Option<Vec<Option<f64>>>,
    comparison_operator: Option<ComparisonOperator>,
    threshold: Option<f64>,
    band: Option<(f64, f64)>,
    evaluation_periods: u32,
    datapoints_to_alarm: u32,
    treat_missing_data: TreatMissingData,
    current_state: AlarmState,
    expect: Option<AlarmState>,
    expect_not: Option<AlarmState>,
}

pub fn metric_state(case: &MetricState) -> Ran {
    let points = match (&case.points, &case.values) {
        (Some(points), _) => points.iter().map(|point| datapoint(point)).collect::<Result<Vec<_>, _>>()?,
        (None, Some(values)) => {
            let operator = case.comparison_operator.ok_or("no comparison_operator".to_string())?;
            let (lower, upper) = case
                .band
                .or(case.threshold.map(|edge| (edge, edge)))
                .ok_or("neither threshold nor band".to_string())?;
            let judge = |value: &Option<f64>| match value {
                None => Datapoint::Missing,
                Some(value) if operator.breaches(*value, lower, upper) => Datapoint::Breaching,
                Some(_) => Datapoint::NotBreaching,
            };
            values.iter().map(judge).collect()
        }
        (None, None) => return Err(NotRun::Malformed("neither points nor values".into())),
    };
    let got = evaluate_once(
        &points,
        case.evaluation_periods,
        case.datapoints_to_alarm,
        case.treat_missing_data,
        case.current_state,
    );
    match (case.expect, case.expect_not) {
        (Some(expect), _) => Ok(Compared::texts(expect.as_str(), got.as_str())),
        (None, Some(forbidden)) => Ok(Compared {
            expected: format!("anything but {}", forbidden.as_str()),
            got: got.as_str().into(),
            passed: got != forbidden,
        }),
        (None, None) => Err(NotRun::Malformed("neither expect nor expect_not".into())),
    }
}

fn datapoint(text: &str) -> Result<Datapoint, String> {
    match text {
        "X" => Ok(Datapoint::Breaching),
        "0" => Ok(Datapoint::NotBreaching),
        "-" => Ok(Datapoint::Missing),
        _ => Err(format!("“{text}” is not a datapoint")),
    }
}

#[derive(Deserialize)]
pub struct MetricTimeline {
    values: Vec<Option<f64>>,
    comparison_operator: ComparisonOperator,
    threshold: f64,
    evaluation_periods: u32,
    datapoints_to_alarm: u32,
    treat_missing_data: TreatMissingData,
    initial_state: AlarmState,
    expect_from_period: i64,
    expect: Vec<AlarmState>,
}

/// One period is one minute, with one sample.
pub fn metric_timeline(case: &MetricTimeline) -> Ran {
    let mut collector = Collector::new(0);
    for (minute, value) in (0..).zip(&case.values) {
        collector.log_event(minute);
        if let Some(value) = value {
            collector.matched(minute, Some(*value), None);
        }
    }
    let alarm = MetricAlarm {
        statistic: Some(Statistic::Average),
        period: 60,
        evaluation_periods: case.evaluation_periods,
        datapoints_to_alarm: Some(case.datapoints_to_alarm),
        threshold: case.threshold,
        comparison_operator: case.comparison_operator,
        treat_missing_data: case.treat_missing_data,
        ..MetricAlarm::default()
    };
    let timeline = run(&alarm, collector, case.initial_state)?;
    let states: Option<Vec<AlarmState>> = (case.expect_from_period..)
        .zip(&case.expect)
        .map(|(period, _)| timeline.state_at(EpochMs(period * MINUTE)))
        .collect();
    Ok(Compared::equal(&Some(case.expect.clone()), &states))
}

fn run(alarm: &MetricAlarm, collector: Collector, initial_state: AlarmState) -> Result<Timeline, String> {
    let samples = Samples::new(&collector.finish(), &[], None);
    let sliding = sliding(&samples, alarm.statistic(), alarm.period);
    evaluate(alarm, &sliding, Options { initial_state, ..Options::default() })
        .map_err(|problems| problems.iter().map(|problem| problem.message.as_str()).collect::<Vec<_>>().join("; "))
}

#[derive(Deserialize)]
pub struct InitialState {
    alarm_type: String,
    expect: AlarmState,
}

pub fn initial_state(case: &InitialState) -> Ran {
    match case.alarm_type.as_str() {
        "metric" | "composite" => Ok(Compared::equal(&case.expect, &AlarmState::default())),
        other => Err(NotRun::Unsupported(format!("initial_state of a {other} alarm"))),
    }
}

#[derive(Deserialize)]
pub struct UpdateKeepsState {
    current_state: AlarmState,
    expect: AlarmState,
}

/// An updated alarm begins in the state it had; the first evaluation is a minute away.
pub fn update_keeps_state(case: &UpdateKeepsState) -> Ran {
    let mut collector = Collector::new(0);
    collector.log_event(0);
    let timeline = run(&MetricAlarm::default(), collector, case.current_state)?;
    Ok(Compared::equal(&Some(case.expect), &timeline.state_at(EpochMs(0))))
}

/// The parameters under the names of PutMetricAlarm; text the model cannot hold is refused like a value out of range.
pub fn validation(case: &Value) -> Ran {
    let mut parameters = json!({
        "Threshold": 1.0,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "Statistic": "Sum",
    });
    for (from, to) in [
        ("period", "Period"),
        ("evaluation_periods", "EvaluationPeriods"),
        ("datapoints_to_alarm", "DatapointsToAlarm"),
        ("treat_missing_data", "TreatMissingData"),
    ] {
        if let Some(value) = case.get(from) {
            parameters[to] = value.clone();
        }
    }
    if let Some(count) = case.get("alarm_actions_count") {
        let count = count.as_u64().ok_or("alarm_actions_count is not a number".to_string())?;
        parameters["AlarmActions"] =
            (1..=count).map(|topic| format!("arn:aws:sns:eu-west-1:111122223333:t{topic}")).collect();
    }
    let (got, why) = match MetricAlarm::deserialize(&parameters) {
        Ok(alarm) => {
            let problems = validate(&alarm);
            let why = problems.iter().map(|problem| problem.message.as_str()).collect::<Vec<_>>().join("; ");
            (if is_valid(&problems) { "valid" } else { "invalid" }, why)
        }
        Err(error) => ("invalid", error.to_string()),
    };
    let expect = case["expect"].as_str().unwrap_or_default();
    Ok(Compared { expected: expect.into(), got: format!("{got} ({why})"), passed: got == expect })
}

#[derive(Deserialize)]
pub struct EvaluationWindow {
    period: u32,
    datapoints: u32,
    evaluated_at: String,
    expect: Vec<String>,
}

pub fn evaluation_window(case: &EvaluationWindow) -> Ran {
    let evaluated_at = EpochMs(minute_of_day(&case.evaluated_at)? * MINUTE);
    let data_end = Schedule::new(case.period, case.datapoints, 0).data_end(evaluated_at);
    let starts = period_starts(case.period, case.datapoints, data_end);
    let got: Vec<String> = starts.iter().map(|start| start.to_rfc3339()[11..19].to_owned()).collect();
    Ok(Compared::equal(&case.expect, &got))
}

#[derive(Deserialize)]
pub struct EvaluationFrequency {
    period: u32,
    evaluation_periods: u32,
    expect_seconds: u32,
}

pub fn evaluation_frequency(case: &EvaluationFrequency) -> Ran {
    Ok(Compared::equal(&case.expect_seconds, &evaluation_frequency_s(case.period, case.evaluation_periods)))
}

#[derive(Deserialize)]
pub struct MultiDay {
    fails_at: String,
    recovers_at: String,
    evaluations: BTreeMap<String, AlarmState>,
}

/// The example tells when each evaluation happens and up to where it sees data; the state follows from the last minute it sees.
pub fn multi_day(case: &MultiDay) -> Ran {
    let failing = minute_of_day(&case.fails_at)?..minute_of_day(&case.recovers_at)?;
    let first = case.evaluations.keys().next().ok_or("no evaluations".to_string())?;
    let schedule = Schedule::new(3_600, 25, minute_of_day(first)? % 60);
    let mut time = EpochMs(minute_of_day(first)? * MINUTE);
    let mut got = BTreeMap::new();
    for _ in &case.evaluations {
        time = schedule.at_or_after(time);
        let newest = schedule.data_end(time).0 / MINUTE - 1;
        let state = if failing.contains(&newest) { AlarmState::Alarm } else { AlarmState::Ok };
        got.insert(clock(time.0 / MINUTE), state);
        time = EpochMs(time.0 + 1);
    }
    Ok(Compared::equal(&case.evaluations, &got))
}

#[derive(Deserialize)]
pub struct LowSample {
    percentile: f64,
    samples: u64,
    evaluate_low_sample_count_percentile: LowSampleCountPercentile,
    expect: String,
}

pub fn low_sample(case: &LowSample) -> Ran {
    let alarm = MetricAlarm {
        statistic: None,
        extended_statistic: Some(Statistic::Percentile(case.percentile)),
        evaluate_low_sample_count_percentile: case.evaluate_low_sample_count_percentile,
        ..MetricAlarm::default()
    };
    let retains = low_sample_percentile(&alarm).is_some_and(|percent| !enough_samples(percent, case.samples));
    Ok(Compared::texts(&case.expect, if retains { "retain" } else { "evaluate" }))
}

#[derive(Deserialize)]
pub struct Actions {
    transitions: Vec<String>,
    action_type: String,
    actions_enabled: bool,
    #[serde(default)]
    muted: bool,
    expect: Vec<AlarmState>,
}

/// One evaluation a minute. A mute rule stops actions as `ActionsEnabled` = false does.
pub fn actions(case: &Actions) -> Ran {
    let arn = match case.action_type.as_str() {
        "sns" => "arn:aws:sns:eu-west-1:111122223333:topic",
        "lambda" => "arn:aws:lambda:eu-west-1:111122223333:function:handler",
        "ssm_opsitem" => "arn:aws:ssm:eu-west-1:111122223333:opsitem:1",
        "autoscaling" => {
            "arn:aws:autoscaling:eu-west-1:111122223333:scalingPolicy:1:autoScalingGroupName/g:policyName/p"
        }
        other => return Err(NotRun::Unsupported(format!("action type {other}"))),
    };
    let alarm = MetricAlarm {
        actions_enabled: case.actions_enabled && !case.muted,
        alarm_actions: vec![arn.into()],
        ok_actions: vec![arn.into()],
        insufficient_data_actions: vec![arn.into()],
        ..MetricAlarm::default()
    };
    let timeline = timeline(&case.transitions)?;
    let dispatches = dispatch(&timeline, alarm.actions_enabled, None, &[]);
    let ran = simulate(ActionLists::from(&alarm), &timeline, &dispatches, &[])
        .flat_map(|action| std::iter::repeat_n(action.state, 1 + action.repeats as usize))
        .collect();
    Ok(Compared::equal(&case.expect, &ran))
}

/// `OLD>NEW` texts, one evaluation a minute → a timeline.
fn timeline(evaluations: &[String]) -> Result<Timeline, String> {
    let mut timeline = Timeline::default();
    let mut open: Option<Span> = None;
    for (minute, text) in (1..).zip(evaluations) {
        let time = EpochMs(minute * MINUTE);
        let (from, to) = text.split_once('>').ok_or_else(|| format!("“{text}” is not OLD>NEW"))?;
        let state = |name: &str| AlarmState::deserialize(Value::from(name)).map_err(|error| error.to_string());
        let (from, to) = (state(from)?, state(to)?);
        let mut span = open.unwrap_or(Span { state: from, from: EpochMs(0), to: time });
        if from != to {
            span.to = time;
            timeline.spans.push(span);
            timeline.transitions.push(Transition { time, data_end: time, from, to });
            span = Span { state: to, from: time, to: time };
        }
        open = Some(Span { to: EpochMs(time.0 + MINUTE), ..span });
    }
    timeline.spans.extend(open);
    Ok(timeline)
}
