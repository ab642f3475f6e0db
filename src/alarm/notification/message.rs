//! The message to an SNS topic, and its subject.

use super::{Child, Sender, Source, stamp};
use crate::model::alarm::{self as model, AlarmState, MetricAlarm};
use crate::model::metric::MetricTransformation;
use crate::model::metric_data::MetricDataQuery;
use crate::model::statistic::Statistic;
use serde::Serialize;

/// Longest subject that SNS takes.
const SUBJECT_MAX: usize = 100;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Message<'a> {
    alarm_name: &'a str,
    alarm_description: Option<&'a str>,
    #[serde(rename = "AWSAccountId")]
    account: &'a str,
    alarm_configuration_updated_timestamp: String,
    new_state_value: AlarmState,
    new_state_reason: String,
    state_change_time: String,
    region: &'a str,
    alarm_arn: String,
    old_state_value: AlarmState,
    #[serde(rename = "OKActions")]
    ok_actions: &'a [String],
    alarm_actions: &'a [String],
    insufficient_data_actions: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    trigger: Option<Trigger<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    alarm_rule: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    triggering_children: Option<Vec<Child>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Trigger<'a> {
    #[serde(flatten)]
    on: Option<OneMetric<'a>>,
    period: u32,
    evaluation_periods: u32,
    datapoints_to_alarm: u32,
    comparison_operator: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    threshold: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    threshold_metric_id: Option<&'a str>,
    treat_missing_data: &'static str,
    evaluate_low_sample_count_percentile: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    metrics: Vec<Metric<'a>>,
}

/// What only an alarm on one metric has.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct OneMetric<'a> {
    metric_name: &'a str,
    namespace: &'a str,
    statistic_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    statistic: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    extended_statistic: Option<String>,
    unit: Option<&'a str>,
    dimensions: Vec<Dimension<'a>>,
}

/// One of the metrics and formulas of an alarm on several.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Metric<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    expression: Option<&'a str>,
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    metric_stat: Option<MetricStat<'a>>,
    return_data: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct MetricStat<'a> {
    metric: MetricName<'a>,
    period: u32,
    stat: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct MetricName<'a> {
    dimensions: Vec<Dimension<'a>>,
    metric_name: &'a str,
    namespace: &'a str,
}

#[derive(Serialize)]
struct Dimension<'a> {
    value: &'a str,
    name: &'a str,
}

/// `ALARM: "name" in US East (N. Virginia)`, cut to what SNS takes.
pub fn subject(sender: &Sender, change: usize) -> String {
    let Some(transition) = sender.timeline.transitions.get(change) else { return String::new() };
    let text = format!("{}: \"{}\" in {}", transition.to.as_str(), sender.name, sender.region_name());
    match text.char_indices().nth(SUBJECT_MAX) {
        None => text,
        Some(_) => text.chars().take(SUBJECT_MAX - 3).chain("...".chars()).collect(),
    }
}

/// The message of a change of state, as JSON with two spaces a level.
pub fn message(sender: &Sender, change: usize) -> String {
    let Some(transition) = sender.timeline.transitions.get(change) else { return String::new() };
    let explained = sender.explain(transition);
    let (_, account) = sender.place();
    let created = sender.timeline.spans.first().map_or(transition.time, |span| span.from);
    let (alarm_rule, triggering_children) = match sender.source {
        Source::Metric { .. } => (None, None),
        Source::Composite { alarm, .. } => (Some(alarm.alarm_rule.as_str()), Some(explained.children)),
    };
    let message = Message {
        alarm_name: sender.name,
        alarm_description: sender.description(),
        account,
        alarm_configuration_updated_timestamp: stamp(created),
        new_state_value: transition.to,
        new_state_reason: explained.text,
        state_change_time: stamp(transition.time),
        region: sender.region_name(),
        alarm_arn: sender.arn(sender.name),
        old_state_value: transition.from,
        ok_actions: sender.actions(AlarmState::Ok),
        alarm_actions: sender.actions(AlarmState::Alarm),
        insufficient_data_actions: sender.actions(AlarmState::InsufficientData),
        trigger: trigger(&sender.source),
        alarm_rule,
        triggering_children,
    };
    serde_json::to_string_pretty(&message).unwrap_or_default()
}

fn trigger<'a>(source: &Source<'a>) -> Option<Trigger<'a>> {
    let Source::Metric { alarm, metric, .. } = *source else { return None };
    Some(Trigger {
        on: alarm.metrics.is_empty().then(|| one_metric(alarm, metric)),
        period: alarm.period,
        evaluation_periods: alarm.evaluation_periods,
        datapoints_to_alarm: alarm.datapoints_to_alarm(),
        comparison_operator: alarm.comparison_operator.as_str(),
        threshold: (!alarm.comparison_operator.needs_band()).then_some(alarm.threshold),
        threshold_metric_id: alarm.threshold_metric_id.as_deref(),
        treat_missing_data: alarm.treat_missing_data.as_str(),
        evaluate_low_sample_count_percentile: match crate::alarm::window::low_sample_percentile(alarm) {
            Some(_) => "ignore",
            None => "",
        },
        metrics: alarm.metrics.iter().map(one_of_several).collect(),
    })
}

fn one_metric<'a>(alarm: &'a MetricAlarm, metric: Option<&'a MetricTransformation>) -> OneMetric<'a> {
    let statistic = alarm.statistic();
    let extended = statistic.is_extended();
    OneMetric {
        metric_name: metric.map_or("", |metric| &metric.metric_name),
        namespace: metric.map_or("", |metric| &metric.metric_namespace),
        statistic_type: if extended { "ExtendedStatistic" } else { "Statistic" },
        statistic: (!extended).then(|| constant(statistic)),
        extended_statistic: extended.then(|| statistic.to_string()),
        unit: metric.and_then(|metric| metric.unit.as_deref()),
        dimensions: dimensions(&alarm.dimensions),
    }
}

fn one_of_several(query: &MetricDataQuery) -> Metric<'_> {
    let stat = query.metric_stat.as_ref().map(|stat| MetricStat {
        metric: MetricName {
            dimensions: dimensions(&stat.metric.dimensions),
            metric_name: &stat.metric.metric_name,
            namespace: &stat.metric.namespace,
        },
        period: stat.period,
        stat: stat.stat.to_string(),
    });
    Metric {
        expression: query.expression.as_deref(),
        id: &query.id,
        label: query.label.as_deref(),
        metric_stat: stat,
        return_data: query.return_data,
    }
}

fn dimensions(pairs: &[model::Dimension]) -> Vec<Dimension<'_>> {
    pairs.iter().map(|pair| Dimension { value: &pair.value, name: &pair.name }).collect()
}

/// Messages have the plain statistics in capitals.
fn constant(statistic: Statistic) -> String {
    match statistic.to_string().as_str() {
        "SampleCount" => "SAMPLE_COUNT".into(),
        other => other.to_ascii_uppercase(),
    }
}
