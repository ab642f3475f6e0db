//! Metric filters as CloudWatch Logs describes them (`PutMetricFilter`).

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Longest delay between an event and its delivery to the log group that can be looked at, in minutes.
pub const DELAY_MAX: u32 = 60;

/// A metric filter: a pattern over log events and the metric that counts its matches.
///
/// Serialises with the field names of the CloudWatch Logs API (`PutMetricFilter`).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MetricFilter {
    /// Name of the filter.
    #[serde(default)]
    pub filter_name: String,
    /// The filter pattern text, at most 1,024 characters.
    pub filter_pattern: String,
    /// Exactly one transformation (the service accepts one per filter).
    pub metric_transformations: Vec<MetricTransformation>,
}

/// How matching log events become metric samples (`MetricTransformation`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MetricTransformation {
    /// Metric name, at most 255 characters.
    #[serde(default)]
    pub metric_name: String,
    /// Metric namespace, at most 255 characters.
    #[serde(default)]
    pub metric_namespace: String,
    /// A number, `$.selector` for JSON patterns, or `$name` for space-delimited ones.
    #[serde(default = "one")]
    pub metric_value: String,
    /// Published once per minute that had log events but no match; excludes dimensions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_value: Option<f64>,
    /// Dimension name → `$.selector` or `$name`; at most three.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub dimensions: BTreeMap<String, String>,
    /// CloudWatch unit, `None` unless set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
}

impl Default for MetricTransformation {
    fn default() -> Self {
        Self {
            metric_name: String::new(),
            metric_namespace: String::new(),
            metric_value: one(),
            default_value: None,
            dimensions: BTreeMap::new(),
            unit: None,
        }
    }
}

fn one() -> String {
    "1".into()
}
