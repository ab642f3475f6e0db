//! The event to EventBridge.

use super::{Hold, Sender, Source, id, stamp};
use crate::model::alarm::{AlarmState, Dimension, MetricAlarm};
use crate::model::metric::MetricTransformation;
use crate::model::metric_data::MetricDataQuery;
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Serialize)]
struct Event<'a> {
    version: &'static str,
    id: String,
    #[serde(rename = "detail-type")]
    detail_type: &'static str,
    source: &'static str,
    account: &'a str,
    time: String,
    region: &'a str,
    resources: [String; 1],
    detail: Detail<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Detail<'a> {
    alarm_name: &'a str,
    state: State,
    previous_state: State,
    configuration: Configuration<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mute_detail: Option<MuteDetail>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct State {
    value: AlarmState,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason_data: Option<String>,
    timestamp: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    actions_suppressed_by: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    actions_suppressed_reason: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MuteDetail {
    muted_by_arn: String,
    mute_window_start: String,
    mute_window_end: String,
}

#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Configuration<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    metrics: Option<Vec<Metric<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    alarm_rule: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    actions_suppressor: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    actions_suppressor_wait_period: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    actions_suppressor_extension_period: Option<u32>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Metric<'a> {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    expression: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    metric_stat: Option<MetricStat<'a>>,
    return_data: bool,
}

#[derive(Serialize)]
struct MetricStat<'a> {
    metric: MetricName<'a>,
    period: u32,
    stat: String,
}

#[derive(Serialize)]
struct MetricName<'a> {
    dimensions: BTreeMap<&'a str, &'a str>,
    name: &'a str,
    namespace: &'a str,
}

/// The event of a change of state, as JSON with two spaces a level.
pub fn event(sender: &Sender, change: usize) -> String {
    let Some(transition) = sender.timeline.transitions.get(change) else { return String::new() };
    let (region, account) = sender.place();
    let state = |at: usize| {
        let transition = sender.timeline.transitions.get(at)?;
        let explained = sender.explain(transition);
        let by = match sender.held(at) {
            Some(Hold::Suppressed(by)) => Some(by.as_str()),
            _ => None,
        };
        Some(State {
            value: transition.to,
            reason: Some(explained.text),
            reason_data: explained.data,
            timestamp: stamp(transition.time),
            actions_suppressed_by: by,
            actions_suppressed_reason: by.map(|by| format!("Actions suppressed by {by}")),
        })
    };
    let created = sender.timeline.spans.first().map_or(transition.time, |span| span.from);
    let first = || State {
        value: transition.from,
        reason: Some("Unchecked: Initial alarm creation".into()),
        reason_data: None,
        timestamp: stamp(created),
        actions_suppressed_by: None,
        actions_suppressed_reason: None,
    };
    let mute_detail = match sender.held(change) {
        Some(Hold::Muted { rule, window }) => Some(MuteDetail {
            muted_by_arn: format!("arn:aws:cloudwatch:{region}:{account}:alarm-mute-rule:{rule}"),
            mute_window_start: stamp(window.from),
            mute_window_end: stamp(window.to),
        }),
        _ => None,
    };
    let event = Event {
        version: "0",
        id: id(&format!("{} {} {}", sender.name, transition.time.0, transition.to.as_str())),
        detail_type: "CloudWatch Alarm State Change",
        source: "aws.cloudwatch",
        account,
        time: transition.time.to_rfc3339(),
        region,
        resources: [sender.arn(sender.name)],
        detail: Detail {
            alarm_name: sender.name,
            state: state(change).unwrap_or_else(first),
            previous_state: change.checked_sub(1).and_then(state).unwrap_or_else(first),
            configuration: configuration(sender),
            mute_detail,
        },
    };
    serde_json::to_string_pretty(&event).unwrap_or_default()
}

fn configuration<'a>(sender: &'a Sender) -> Configuration<'a> {
    let description = sender.description();
    match sender.source {
        Source::Metric { alarm, metric, .. } => {
            let metrics = if alarm.metrics.is_empty() {
                vec![one_metric(id(sender.name), alarm, metric)]
            } else {
                alarm.metrics.iter().map(one_of_several).collect()
            };
            Configuration { description, metrics: Some(metrics), ..Configuration::default() }
        }
        Source::Composite { alarm, .. } => Configuration {
            description,
            alarm_rule: Some(&alarm.alarm_rule),
            actions_suppressor: alarm.actions_suppressor.as_deref(),
            actions_suppressor_wait_period: alarm.actions_suppressor_wait_period,
            actions_suppressor_extension_period: alarm.actions_suppressor_extension_period,
            ..Configuration::default()
        },
    }
}

/// The metric of an alarm on one; CloudWatch makes its id up.
fn one_metric<'a>(id: String, alarm: &'a MetricAlarm, metric: Option<&'a MetricTransformation>) -> Metric<'a> {
    let stat = MetricStat {
        metric: MetricName {
            dimensions: dimensions(&alarm.dimensions),
            name: metric.map_or("", |metric| &metric.metric_name),
            namespace: metric.map_or("", |metric| &metric.metric_namespace),
        },
        period: alarm.period,
        stat: alarm.statistic().to_string(),
    };
    Metric { id, expression: None, label: None, metric_stat: Some(stat), return_data: true }
}

fn one_of_several(query: &MetricDataQuery) -> Metric<'_> {
    let stat = query.metric_stat.as_ref().map(|stat| MetricStat {
        metric: MetricName {
            dimensions: dimensions(&stat.metric.dimensions),
            name: &stat.metric.metric_name,
            namespace: &stat.metric.namespace,
        },
        period: stat.period,
        stat: stat.stat.to_string(),
    });
    Metric {
        id: query.id.clone(),
        expression: query.expression.as_deref(),
        label: query.label.as_deref(),
        metric_stat: stat,
        return_data: query.return_data,
    }
}

fn dimensions(pairs: &[Dimension]) -> BTreeMap<&str, &str> {
    pairs.iter().map(|pair| (pair.name.as_str(), pair.value.as_str())).collect()
}
