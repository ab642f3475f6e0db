//! What is deployed: valid, with every name it needs, no name twice.

use super::Entry;
use super::document::Node;
use super::filter::{ReadyFilter, Taken, complete};
use crate::alarm::validate;
use crate::alarm::window::low_sample_percentile;
use crate::base::Severity;
use crate::model::alarm::{Dimension, MetricAlarm, dimension_values};
use crate::model::metric::{MetricFilter, MetricTransformation};
use crate::model::metric_data::MetricDataQuery;
use crate::pattern::cloudwatch::validate_metric_filter;
use std::collections::HashSet;

/// A metric filter and its alarm.
pub(super) struct Ready {
    /// Letters and digits, beginning with a letter; different for each alarm, whatever the case of letters.
    pub(super) id: String,
    pub(super) filter: ReadyFilter,
    pub(super) alarm: MetricAlarm,
}

/// The names that are taken.
#[derive(Default)]
pub(super) struct Names {
    /// In lower case, without underscores.
    pub(super) ids: HashSet<String>,
    pub(super) alarms: HashSet<String>,
    pub(super) mutes: HashSet<String>,
    pub(super) taken: Taken,
}

/// Completes names; says what is left out and what was named.
pub(super) fn make(entries: &[Entry], names: &mut Names, notes: &mut Vec<String>) -> Vec<Ready> {
    let mut ready = Vec::new();
    for Entry { name, backtest } in entries {
        let refused = refusal_of_filter(&backtest.filter).or_else(|| refusal_of_alarm(&backtest.alarm));
        if let Some(reason) = refused.or_else(|| dimension_values(&backtest.filter, &backtest.alarm.dimensions).err()) {
            notes.push(format!("“{name}” is left out, because CloudWatch would refuse it: {reason}"));
            continue;
        }
        let id = unique_identifier(&mut names.ids, name);
        // Written twice, each event would count twice.
        let written = ready.iter().map(|item: &Ready| &item.filter).find(|written| written.publishes(&backtest.filter));
        let filter = match written {
            Some(written) => Some(written.clone()),
            None => ReadyFilter::new(&backtest.filter, name, &id, &mut names.taken, notes),
        };
        let Some(filter) = filter else { continue };
        let mut alarm = backtest.alarm.clone();
        complete(&mut alarm.alarm_name, name, "alarm name", name, &mut names.alarms, notes);
        ready.push(Ready { id, filter, alarm });
    }
    ready
}

/// What CloudWatch would refuse about a metric filter.
pub(super) fn refusal_of_filter(filter: &MetricFilter) -> Option<String> {
    validate_metric_filter(filter).into_iter().next().map(|error| error.error.message)
}

/// What CloudWatch would refuse about an alarm.
pub(super) fn refusal_of_alarm(alarm: &MetricAlarm) -> Option<String> {
    let refused = validate(alarm).into_iter().find(|problem| problem.severity == Severity::Error);
    refused.map(|problem| problem.message)
}

pub(super) fn without(text: &str, characters: &[char]) -> String {
    text.chars().filter(|character| !characters.contains(character)).collect()
}

/// `wanted`, or with the first number behind it that makes it new.
pub(super) fn unique(taken: &mut HashSet<String>, wanted: &str, gap: &str) -> String {
    let numbered = (2u32..).map(|number| format!("{wanted}{gap}{number}"));
    let found = std::iter::once(wanted.to_owned()).chain(numbered).find(|name| !taken.contains(name));
    let name = found.unwrap_or_default();
    taken.insert(name.clone());
    name
}

/// An identifier for `name`, or the first numbered one that differs from all taken ones by more than upper and lower case:
/// Terraform has them in lower case.
pub(super) fn unique_identifier(taken: &mut HashSet<String>, name: &str) -> String {
    let wanted = identifier(name);
    let lower = unique(taken, &wanted.to_ascii_lowercase(), "");
    format!("{wanted}{}", &lower[wanted.len()..])
}

/// `Unauthorized API calls` → `UnauthorizedAPICalls`
fn identifier(name: &str) -> String {
    let words = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let capital = |word: &str| word[..1].to_ascii_uppercase() + &word[1..];
    let id: String = words.map(capital).collect::<String>().chars().take(200).collect();
    if id.starts_with(|c: char| c.is_ascii_alphabetic()) { id } else { format!("Alarm{id}") }
}

/// With the members of PutMetricAlarm, which are also the properties of AWS::CloudWatch::Alarm. `metric` is the one it is on;
/// an alarm on several names them itself.
pub(super) fn metric_alarm(alarm: &MetricAlarm, metric: Option<&MetricTransformation>) -> Node {
    let list = |arns: &Vec<String>| (!arns.is_empty()).then(|| Node::texts(arns));
    let statistic = alarm.statistic();
    let low_samples = low_sample_percentile(alarm).map(|_| Node::text("ignore"));
    let has_band = alarm.comparison_operator.needs_band();
    let several = (!alarm.metrics.is_empty()).then(|| alarm.metrics.iter().map(query).collect());
    Node::map([("AlarmName", Node::text(&alarm.alarm_name))])
        .with("AlarmDescription", alarm.alarm_description.as_ref().map(Node::text))
        .with("ActionsEnabled", (!alarm.actions_enabled).then_some(Node::Bool(false)))
        .with("AlarmActions", list(&alarm.alarm_actions))
        .with("OKActions", list(&alarm.ok_actions))
        .with("InsufficientDataActions", list(&alarm.insufficient_data_actions))
        .with("Namespace", metric.map(|metric| Node::text(&metric.metric_namespace)))
        .with("MetricName", metric.map(|metric| Node::text(&metric.metric_name)))
        .with("Dimensions", dimensions(&alarm.dimensions))
        .with("Unit", alarm.unit.as_ref().map(Node::text))
        .with(
            if statistic.is_extended() { "ExtendedStatistic" } else { "Statistic" },
            metric.map(|_| Node::text(statistic.to_string())),
        )
        .with("Period", metric.map(|_| Node::Number(alarm.period.into())))
        .with("Metrics", several)
        .with("ThresholdMetricId", alarm.threshold_metric_id.as_ref().map(Node::text))
        .with("EvaluationPeriods", Some(Node::Number(alarm.evaluation_periods.into())))
        .with("DatapointsToAlarm", Some(Node::Number(alarm.datapoints_to_alarm().into())))
        .with("Threshold", (!has_band).then_some(Node::Number(alarm.threshold)))
        .with("ComparisonOperator", Some(Node::text(alarm.comparison_operator.as_str())))
        .with("TreatMissingData", Some(Node::text(alarm.treat_missing_data.as_str())))
        .with("EvaluateLowSampleCountPercentile", low_samples)
}

/// With the members of MetricDataQuery.
fn query(query: &MetricDataQuery) -> Node {
    let stat = query.metric_stat.as_ref().map(|stat| {
        let metric = Node::map([
            ("Namespace", Node::text(&stat.metric.namespace)),
            ("MetricName", Node::text(&stat.metric.metric_name)),
        ]);
        Node::map([
            ("Metric", metric.with("Dimensions", dimensions(&stat.metric.dimensions))),
            ("Period", Node::Number(stat.period.into())),
            ("Stat", Node::text(stat.stat.to_string())),
        ])
        .with("Unit", stat.unit.as_ref().map(Node::text))
    });
    Node::map([("Id", Node::text(&query.id))])
        .with("Label", query.label.as_ref().map(Node::text))
        .with("Expression", query.expression.as_ref().map(Node::text))
        .with("MetricStat", stat)
        .with("Period", query.period.map(|period| Node::Number(period.into())))
        .with("ReturnData", Some(Node::Bool(query.return_data)))
}

fn dimensions(pairs: &[Dimension]) -> Option<Node> {
    let pair = |pair: &Dimension| Node::map([("Name", Node::text(&pair.name)), ("Value", Node::text(&pair.value))]);
    (!pairs.is_empty()).then(|| pairs.iter().map(pair).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_letters_and_digits() {
        for (name, id) in [
            ("Unauthorized API calls", "UnauthorizedAPICalls"),
            ("1st – \"root\"\n", "Alarm1stRoot"),
            ("", "Alarm"),
            ("ü", "Alarm"),
        ] {
            assert_eq!(identifier(name), id);
        }
    }

    #[test]
    fn identifiers_differ_in_lower_case_too() {
        let mut taken = HashSet::new();
        let ids = ["VPC", "Vpc", "vpc", "Vpc2"].map(|name| unique_identifier(&mut taken, name));
        assert_eq!(ids, ["VPC", "Vpc2", "Vpc3", "Vpc22"]);
    }
}
