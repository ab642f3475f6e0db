//! A metric filter to deploy: with every name it needs.

use super::document::Node;
use super::ready::{unique, without};
use crate::model::metric::{MetricFilter, MetricTransformation};
use std::collections::{HashMap, HashSet};

/// Namespace of metrics that have none: the one in Security Hub's CloudWatch controls.
const NAMESPACE: &str = "LogMetrics";

/// A metric filter with its one transformation.
#[derive(Clone)]
pub(super) struct ReadyFilter {
    /// Letters and digits, beginning with a letter; different for each.
    pub(super) id: String,
    pub(super) filter: MetricFilter,
    pub(super) metric: MetricTransformation,
}

/// The names that are taken.
#[derive(Default)]
pub(super) struct Taken {
    filters: HashSet<String>,
    /// By namespace.
    metrics: HashMap<String, HashSet<String>>,
}

impl ReadyFilter {
    /// Completes the names of a filter; `name` and `id` stand in for those it does not have. Says when one was there twice.
    /// `None` without a transformation.
    ///
    /// Its metric is its own: an alarm on one that several filters publish watches their sum, and it was backtested on one.
    pub(super) fn new(
        filter: &MetricFilter,
        name: &str,
        id: &str,
        taken: &mut Taken,
        notes: &mut Vec<String>,
    ) -> Option<Self> {
        let mut filter = filter.clone();
        let mut metric = metric(&filter)?;
        complete(&mut filter.filter_name, &without(name, &[':', '*']), "filter name", name, &mut taken.filters, notes);
        let metrics = taken.metrics.entry(metric.metric_namespace.clone()).or_default();
        let wanted = &metric.metric_name;
        let given = unique(metrics, if wanted.is_empty() { id } else { wanted }, "");
        if !wanted.is_empty() && given != *wanted {
            notes.push(format!(
                "“{name}”: another metric filter publishes the metric “{wanted}”, and the alarm would watch the sum of both; \
                 this metric becomes “{given}”"
            ));
        }
        metric.metric_name = given;
        Some(Self { id: id.to_owned(), filter, metric })
    }

    /// Whether `other` would be this filter: it counts the same as the same metric.
    pub(super) fn publishes(&self, other: &MetricFilter) -> bool {
        // As they were given, for this one's may have got another name.
        let metric = metric(other).filter(|metric| !metric.metric_name.is_empty());
        self.filter.filter_pattern == other.filter_pattern && metric.is_some() && metric == self::metric(&self.filter)
    }

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
}

/// What a filter publishes, with its namespace.
fn metric(filter: &MetricFilter) -> Option<MetricTransformation> {
    let mut metric = filter.metric_transformations.first()?.clone();
    if metric.metric_namespace.is_empty() {
        metric.metric_namespace = NAMESPACE.to_owned();
    }
    Some(metric)
}

/// Gives `text` the name `stand_in` where it has none, and a number where the name is taken.
pub(super) fn complete(
    text: &mut String,
    stand_in: &str,
    what: &str,
    item: &str,
    taken: &mut HashSet<String>,
    notes: &mut Vec<String>,
) {
    let wanted = if text.is_empty() { stand_in } else { text.as_str() };
    let given = unique(taken, wanted, " ");
    if !text.is_empty() && given != *text {
        notes.push(format!("“{item}”: the {what} “{text}” is there twice; this one becomes “{given}”"));
    }
    *text = given;
}
