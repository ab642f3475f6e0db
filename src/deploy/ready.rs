//! What is deployed: valid, with every name it needs, no name twice.

use super::Entry;
use super::document::Node;
use crate::alarm::validate;
use crate::base::Severity;
use crate::model::alarm::MetricAlarm;
use crate::model::metric::{MetricFilter, MetricTransformation};
use crate::pattern::cloudwatch::validate_metric_filter;
use std::collections::HashSet;

/// Namespace of metrics that have none: the one in Security Hub's CloudWatch controls.
const NAMESPACE: &str = "LogMetrics";

/// A metric filter with its one transformation, and its alarm.
pub(super) struct Ready {
    /// Letters and digits, beginning with a letter; different for each.
    pub(super) id: String,
    pub(super) filter: MetricFilter,
    pub(super) metric: MetricTransformation,
    pub(super) alarm: MetricAlarm,
}

/// Completes names; says what is left out and what was named.
pub(super) fn make(entries: &[Entry]) -> (Vec<Ready>, Vec<String>) {
    let (mut ready, mut notes) = (Vec::new(), Vec::new());
    let (mut ids, mut filters, mut alarms, mut metrics) =
        (HashSet::new(), HashSet::new(), HashSet::new(), HashSet::new());
    for Entry { name, backtest } in entries {
        if let Some(reason) = refusal(backtest) {
            notes.push(format!("“{name}” is left out, because CloudWatch would refuse it: {reason}"));
            continue;
        }
        let Some(mut metric) = backtest.filter.metric_transformations.first().cloned() else { continue };
        let mut filter = backtest.filter.clone();
        let mut alarm = backtest.alarm.clone();
        let id = unique(&mut ids, &identifier(name), "");
        let mut complete = |text: &mut String, stand_in: &str, what: &str, taken: &mut HashSet<String>, gap: &str| {
            let wanted = if text.is_empty() { stand_in } else { text.as_str() };
            let given = unique(taken, wanted, gap);
            if !text.is_empty() && given != *text {
                notes.push(format!("“{name}”: the {what} “{text}” is there twice; this one becomes “{given}”"));
            }
            *text = given;
        };
        complete(&mut filter.filter_name, &without(name, &[':', '*']), "filter name", &mut filters, " ");
        complete(&mut alarm.alarm_name, name, "alarm name", &mut alarms, " ");
        if metric.metric_namespace.is_empty() {
            metric.metric_namespace = NAMESPACE.to_owned();
        }
        // Two filters may well feed one metric, but only on purpose.
        if metric.metric_name.is_empty() {
            metric.metric_name = unique(&mut metrics, &id, "");
        }
        ready.push(Ready { id, filter, metric, alarm });
    }
    (ready, notes)
}

fn refusal(backtest: &crate::model::alarm::Backtest) -> Option<String> {
    let filter = validate_metric_filter(&backtest.filter).into_iter().map(|error| error.error.message);
    let alarm = validate(&backtest.alarm).into_iter().filter(|problem| problem.severity == Severity::Error);
    let dimensions = backtest.dimension_values().err();
    filter.chain(alarm.map(|problem| problem.message)).chain(dimensions).next()
}

fn without(text: &str, characters: &[char]) -> String {
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

/// `Unauthorized API calls` → `UnauthorizedAPICalls`
pub(super) fn identifier(name: &str) -> String {
    let words = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let capital = |word: &str| word[..1].to_ascii_uppercase() + &word[1..];
    let id: String = words.map(capital).collect::<String>().chars().take(200).collect();
    if id.starts_with(|c: char| c.is_ascii_alphabetic()) { id } else { format!("Alarm{id}") }
}

impl Ready {
    /// With the members of PutMetricFilter.
    pub(super) fn metric_filter(&self) -> Node {
        let metric = &self.metric;
        let dimensions = metric.dimensions.iter().map(|(name, value)| (name.as_str(), Node::text(value)));
        let transformation = Node::map([
            ("metricName", Node::text(&metric.metric_name)),
            ("metricNamespace", Node::text(&metric.metric_namespace)),
            ("metricValue", Node::text(&metric.metric_value)),
        ])
        .with("defaultValue", metric.default_value.map(Node::Number))
        .with("dimensions", (!metric.dimensions.is_empty()).then(|| Node::map(dimensions)))
        .with("unit", metric.unit.as_ref().map(Node::text));
        Node::map([
            ("filterName", Node::text(&self.filter.filter_name)),
            ("filterPattern", Node::text(&self.filter.filter_pattern)),
            ("metricTransformations", Node::List(vec![transformation])),
        ])
    }

    /// With the members of PutMetricAlarm, which are also the properties of AWS::CloudWatch::Alarm.
    pub(super) fn metric_alarm(&self) -> Node {
        let alarm = &self.alarm;
        let statistic = alarm.statistic();
        let dimension = |dimension: &crate::model::alarm::Dimension| {
            Node::map([("Name", Node::text(&dimension.name)), ("Value", Node::text(&dimension.value))])
        };
        let list = |arns: &Vec<String>| (!arns.is_empty()).then(|| Node::texts(arns));
        let low_samples = self.ignores_low_samples().then(|| Node::text("ignore"));
        Node::map([("AlarmName", Node::text(&alarm.alarm_name))])
            .with("AlarmDescription", alarm.alarm_description.as_ref().map(Node::text))
            .with("ActionsEnabled", (!alarm.actions_enabled).then_some(Node::Bool(false)))
            .with("AlarmActions", list(&alarm.alarm_actions))
            .with("OKActions", list(&alarm.ok_actions))
            .with("InsufficientDataActions", list(&alarm.insufficient_data_actions))
            .with("Namespace", Some(Node::text(&self.metric.metric_namespace)))
            .with("MetricName", Some(Node::text(&self.metric.metric_name)))
            .with(
                "Dimensions",
                (!alarm.dimensions.is_empty()).then(|| alarm.dimensions.iter().map(dimension).collect()),
            )
            .with(
                if statistic.is_extended() { "ExtendedStatistic" } else { "Statistic" },
                Some(Node::text(statistic.to_string())),
            )
            .with("Period", Some(Node::Number(alarm.period.into())))
            .with("EvaluationPeriods", Some(Node::Number(alarm.evaluation_periods.into())))
            .with("DatapointsToAlarm", Some(Node::Number(alarm.datapoints_to_alarm().into())))
            .with("Threshold", Some(Node::Number(alarm.threshold)))
            .with("ComparisonOperator", Some(Node::text(alarm.comparison_operator.as_str())))
            .with("TreatMissingData", Some(Node::text(alarm.treat_missing_data.as_str())))
            .with("EvaluateLowSampleCountPercentile", low_samples)
    }

    /// Whether the alarm keeps its state while a percentile has too few samples.
    pub(super) fn ignores_low_samples(&self) -> bool {
        crate::alarm::window::low_sample_percentile(&self.alarm).is_some()
    }
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
}
