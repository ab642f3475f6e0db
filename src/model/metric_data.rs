//! Metrics and formulas of one alarm, as CloudWatch describes them (`MetricDataQuery`).

use super::alarm::Dimension;
use super::statistic::Statistic;
use serde::{Deserialize, Serialize};

/// A metric, or a formula over others. Serialises with the field names of the CloudWatch API.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct MetricDataQuery {
    /// What formulas call it.
    pub id: String,
    /// A formula; either this or `MetricStat` is set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expression: Option<String>,
    /// A metric.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metric_stat: Option<MetricStat>,
    /// What charts call it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Whether this is the one the alarm watches.
    #[serde(default = "yes")]
    pub return_data: bool,
    /// Seconds; only of formulas without metrics, and then that of the alarm.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<u32>,
}

fn yes() -> bool {
    true
}

/// A metric with its statistic.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct MetricStat {
    /// Which one.
    pub metric: Metric,
    /// Seconds: 10, 20, 30 or a multiple of 60.
    pub period: u32,
    /// Any statistic, plain or extended.
    pub stat: Statistic,
    /// Datapoints of this unit only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
}

/// What identifies a metric.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Metric {
    /// Namespace.
    pub namespace: String,
    /// Name.
    pub metric_name: String,
    /// Exactly those of the metric.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dimensions: Vec<Dimension>,
}
