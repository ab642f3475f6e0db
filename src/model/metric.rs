//! Metric filters as CloudWatch Logs describes them (`PutMetricFilter`), and metric statistics.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

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

/// A statistic of one period's samples. Parses from and prints as CloudWatch writes it (`Sum`, `p99.9`).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Statistic {
    /// Number of samples.
    SampleCount,
    /// Sum of the samples.
    Sum,
    /// Sum divided by SampleCount.
    Average,
    /// Smallest sample.
    Minimum,
    /// Largest sample.
    Maximum,
    /// Percentile in percent, 0 < p ≤ 100, at most ten decimals.
    Percentile(f64),
}

impl FromStr for Statistic {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Ok(match text {
            "SampleCount" => Self::SampleCount,
            "Sum" => Self::Sum,
            "Average" => Self::Average,
            "Minimum" => Self::Minimum,
            "Maximum" => Self::Maximum,
            _ => percent(text).map(Self::Percentile).ok_or_else(|| {
                format!("“{text}” is not a statistic; expected SampleCount, Sum, Average, Minimum, Maximum or pNN")
            })?,
        })
    }
}

/// The number of `p99.9`: digits with up to ten decimals, more than 0 and at most 100.
fn percent(text: &str) -> Option<f64> {
    let digits = text.strip_prefix('p')?;
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, "0"));
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !is_number(whole) || !is_number(decimals) || decimals.len() > 10 {
        return None;
    }
    digits.parse().ok().filter(|p| *p > 0.0 && *p <= 100.0)
}

impl fmt::Display for Statistic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SampleCount => f.write_str("SampleCount"),
            Self::Sum => f.write_str("Sum"),
            Self::Average => f.write_str("Average"),
            Self::Minimum => f.write_str("Minimum"),
            Self::Maximum => f.write_str("Maximum"),
            Self::Percentile(p) => write!(f, "p{p}"),
        }
    }
}

impl TryFrom<String> for Statistic {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Statistic> for String {
    fn from(statistic: Statistic) -> Self {
        statistic.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statistics_print_as_they_parse() {
        for text in
            ["SampleCount", "Sum", "Average", "Minimum", "Maximum", "p99", "p99.9", "p0.1", "p100", "p50.1234567891"]
        {
            assert_eq!(text.parse::<Statistic>().unwrap().to_string(), text);
        }
        for text in
            ["", "sum", "p", "p0", "p101", "p1e1", "p+5", "p5.", "p.5", "pinf", "p1.12345678901", "tm90", "TM(2:5)"]
        {
            assert!(text.parse::<Statistic>().is_err(), "{text}");
        }
    }
}
