//! What PutMetricAlarm would refuse, and what it accepts but the user should know (cases `al-valid-*`).

use super::actions::{Target, runs_in};
use super::window::evaluation_range;
use crate::base::Severity;
use crate::metric::math::queries::{Formulas, Refusal};
use crate::model::alarm::{AlarmState, LowSampleCountPercentile, MetricAlarm};
use crate::model::statistic::Statistic;

/// One finding about an alarm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// `Error`: the service refuses the alarm, and it is not evaluated. `Note`: worth knowing.
    pub severity: Severity,
    /// Name of the PutMetricAlarm parameter.
    pub field: &'static str,
    /// One sentence.
    pub message: String,
}

/// Longest evaluation, in seconds: seven days.
pub const SPAN_MAX_S: u64 = 604_800;
/// Longest evaluation with periods below an hour, in seconds: one day.
pub const SHORT_PERIOD_SPAN_MAX_S: u64 = 86_400;
/// Actions per state.
pub const ACTIONS_MAX: usize = 5;

/// Whether none of the problems stops the evaluation.
pub fn is_valid(problems: &[Problem]) -> bool {
    problems.iter().all(|problem| problem.severity != Severity::Error)
}

/// Why the service refuses the alarm, if it does.
pub fn refusal(problems: &[Problem]) -> Option<&str> {
    problems.iter().find(|problem| problem.severity == Severity::Error).map(|problem| problem.message.as_str())
}

/// Everything to say about `alarm`, errors first.
pub fn validate(alarm: &MetricAlarm) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut say = |severity, field, message: String| problems.push(Problem { severity, field, message });
    let mut refuse = |field, message: String| say(Severity::Error, field, message);

    let (period, n) = (u64::from(alarm.period), u64::from(alarm.evaluation_periods));
    if !matches!(period, 10 | 20 | 30) && (period == 0 || period % 60 != 0) {
        refuse("Period", format!("the period must be 10, 20, 30 or a multiple of 60 seconds, not {period}"));
    }
    if n == 0 {
        refuse("EvaluationPeriods", "at least one evaluation period is needed".into());
    }
    if period * n > SPAN_MAX_S {
        refuse("EvaluationPeriods", format!("{n} periods of {period} s are longer than seven days"));
    } else if period < 3_600 && period * n > SHORT_PERIOD_SPAN_MAX_S {
        refuse(
            "EvaluationPeriods",
            format!("{n} periods of {period} s are longer than one day, which needs periods of an hour or more"),
        );
    }
    let m = u64::from(alarm.datapoints_to_alarm());
    if n > 0 && !(1..=n).contains(&m) {
        let allowed = if n == 1 { "1, as there is one evaluation period".into() } else { format!("1 to {n}") };
        refuse("DatapointsToAlarm", format!("datapoints to alarm must be {allowed}, not {m}"));
    }
    if !alarm.threshold.is_finite() {
        refuse("Threshold", "the threshold must be a finite number".into());
    }
    match (alarm.comparison_operator.needs_band(), &alarm.threshold_metric_id) {
        (true, None) => refuse(
            "ComparisonOperator",
            "this operator compares with an anomaly detection band, which the alarm does not have".into(),
        ),
        (false, Some(_)) => {
            refuse(
                "ThresholdMetricId",
                "only operators that compare with an anomaly detection band take a band".into(),
            );
        }
        _ => {}
    }
    let formulas = formulas(alarm);
    match &formulas {
        Some(Err(refusals)) => refusals.iter().for_each(|refusal| refuse("Metrics", in_words(alarm, refusal))),
        Some(Ok(formulas)) if formulas.period_s != alarm.period => {
            refuse("Period", format!("the metrics have periods of {} s, not {} s", formulas.period_s, alarm.period));
        }
        None if alarm.threshold_metric_id.is_some() => {
            refuse("ThresholdMetricId", "there are no Metrics for it to name".into());
        }
        _ => {}
    }
    if formulas.is_some()
        && (alarm.statistic.is_some() || alarm.extended_statistic.is_some() || !alarm.dimensions.is_empty())
    {
        refuse("Metrics", "statistic and dimensions belong to each of the metrics, not beside them".into());
    }
    if alarm.statistic.is_some() && alarm.extended_statistic.is_some() {
        refuse("Statistic", "only one of Statistic and ExtendedStatistic can be set".into());
    }
    if let Some(statistic) = alarm.statistic.filter(|statistic| statistic.is_extended()) {
        refuse("Statistic", format!("{statistic} belongs into ExtendedStatistic"));
    }
    if let Some(statistic) = alarm.extended_statistic.filter(|statistic| !statistic.is_extended()) {
        refuse("ExtendedStatistic", format!("{statistic} belongs into Statistic"));
    }
    if alarm.alarm_name.chars().count() > 255 {
        refuse("AlarmName", "the name is longer than 255 characters".into());
    }
    if alarm.alarm_description.as_ref().is_some_and(|text| text.chars().count() > 1_024) {
        refuse("AlarmDescription", "the description is longer than 1,024 characters".into());
    }
    let lists = [
        ("AlarmActions", AlarmState::Alarm, &alarm.alarm_actions),
        ("OKActions", AlarmState::Ok, &alarm.ok_actions),
        ("InsufficientDataActions", AlarmState::InsufficientData, &alarm.insufficient_data_actions),
    ];
    for (field, _, actions) in lists {
        if actions.len() > ACTIONS_MAX {
            refuse(field, format!("at most {ACTIONS_MAX} actions per state, not {}", actions.len()));
        }
        if actions.iter().any(|arn| arn.chars().count() > 1_024) {
            refuse(field, "an action ARN is longer than 1,024 characters".into());
        }
    }

    let mut note = |field, message: String| say(Severity::Note, field, message);
    if matches!(period, 10 | 20 | 30) {
        note(
            "Period",
            "metrics of metric filters have one datapoint a minute, so most of these periods stay without data".into(),
        );
    }
    if let Some(Ok(formulas)) = &formulas {
        if formulas.depends_on_range() {
            let range = evaluation_range(alarm.evaluation_periods);
            note(
                "Metrics",
                format!(
                    "the formula depends on the range it is calculated over: here each datapoint is calculated over the \
                     {range} periods that end with it. CloudWatch does not document its range, and a graph has another"
                ),
            );
        }
        if formulas.fills_gaps() {
            note(
                "Metrics",
                "FILL also fills the newest minute, whose data has not arrived yet; such an alarm can get stuck. \
                 Treatment of missing data is the better place"
                    .into(),
            );
        }
        if alarm.threshold_metric_id.is_some() {
            note(
                "ThresholdMetricId",
                "the band is an approximation: CloudWatch's own algorithm is not published. It is trained each midnight \
                 on the 14 days before, and judges nothing before three days of data"
                    .into(),
            );
        }
    } else if alarm.statistic.is_none() && alarm.extended_statistic.is_none() {
        note("Statistic", "no statistic is given; Sum is used".into());
    }
    if alarm.evaluate_low_sample_count_percentile == LowSampleCountPercentile::Ignore
        && !matches!(alarm.statistic(), Statistic::Percentile(_))
    {
        note("EvaluateLowSampleCountPercentile", "this has an effect on percentiles only".into());
    }
    for (field, state, actions) in lists {
        for arn in actions {
            match Target::of(arn) {
                Target::Unknown => note(field, format!("“{arn}” is not an action CloudWatch knows")),
                Target::Ec2 => note(field, format!("{arn} needs a metric with an InstanceId dimension")),
                target if !runs_in(target, state) => note(field, format!("{arn} runs on ALARM only")),
                _ => {}
            }
        }
    }
    problems
}

/// What an alarm on several metrics calculates; `None` for one on a single metric.
pub fn formulas(alarm: &MetricAlarm) -> Option<Result<Formulas, Vec<Refusal>>> {
    (!alarm.metrics.is_empty())
        .then(|| Formulas::read(&alarm.metrics, alarm.threshold_metric_id.as_deref(), alarm.period))
}

/// With the id of the formula and the place in it.
fn in_words(alarm: &MetricAlarm, Refusal { at, span, message }: &Refusal) -> String {
    let id = at.and_then(|at| alarm.metrics.get(at)).map(|query| query.id.as_str());
    match (id, span) {
        (Some(id), Some(span)) => format!("{id}, at byte {}: {message}", span.start + 1),
        (Some(id), None) => format!("{id}: {message}"),
        _ => message.clone(),
    }
}
