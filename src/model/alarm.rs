//! Metric alarms as CloudWatch describes them (`PutMetricAlarm`).

use super::metric::{MetricFilter, MetricTransformation};
use super::metric_data::{MetricDataQuery, MetricStat};
use super::statistic::Statistic;
use serde::{Deserialize, Serialize};

/// State of an alarm.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum AlarmState {
    /// The metric is inside the threshold.
    #[serde(rename = "OK")]
    Ok,
    /// The metric is outside the threshold.
    #[serde(rename = "ALARM")]
    Alarm,
    /// Just created (metric or composite alarm, cases `al-init-*`), or not enough data.
    #[default]
    #[serde(rename = "INSUFFICIENT_DATA")]
    InsufficientData,
}

impl AlarmState {
    /// AWS's spelling.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::Alarm => "ALARM",
            Self::InsufficientData => "INSUFFICIENT_DATA",
        }
    }
}

/// How a datapoint is compared with the threshold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ComparisonOperator {
    /// value > threshold
    GreaterThanThreshold,
    /// value ≥ threshold
    GreaterThanOrEqualToThreshold,
    /// value < threshold
    LessThanThreshold,
    /// value ≤ threshold
    LessThanOrEqualToThreshold,
    /// value outside the band (a value on the edge is inside)
    LessThanLowerOrGreaterThanUpperThreshold,
    /// value < lower edge of the band
    LessThanLowerThreshold,
    /// value > upper edge of the band
    GreaterThanUpperThreshold,
}

impl ComparisonOperator {
    /// The operators that compare with one number.
    pub const STATIC: [Self; 4] = [
        Self::GreaterThanThreshold,
        Self::GreaterThanOrEqualToThreshold,
        Self::LessThanThreshold,
        Self::LessThanOrEqualToThreshold,
    ];

    /// The operators that compare with an anomaly detection band.
    pub const BAND: [Self; 3] =
        [Self::GreaterThanUpperThreshold, Self::LessThanLowerThreshold, Self::LessThanLowerOrGreaterThanUpperThreshold];

    /// Whether this compares with an anomaly detection band instead of a number.
    pub fn needs_band(self) -> bool {
        !Self::STATIC.contains(&self)
    }

    /// Whether `value` breaches. `lower` and `upper` are the edges of a band; both are the threshold otherwise.
    /// Cases `al-cmp-*`, `al-band-*`; PutMetricAlarm, "ComparisonOperator".
    pub fn breaches(self, value: f64, lower: f64, upper: f64) -> bool {
        match self {
            Self::GreaterThanThreshold | Self::GreaterThanUpperThreshold => value > upper,
            Self::GreaterThanOrEqualToThreshold => value >= upper,
            Self::LessThanThreshold | Self::LessThanLowerThreshold => value < lower,
            Self::LessThanOrEqualToThreshold => value <= lower,
            Self::LessThanLowerOrGreaterThanUpperThreshold => value < lower || value > upper,
        }
    }

    /// As CloudWatch writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::GreaterThanThreshold => "GreaterThanThreshold",
            Self::GreaterThanOrEqualToThreshold => "GreaterThanOrEqualToThreshold",
            Self::LessThanThreshold => "LessThanThreshold",
            Self::LessThanOrEqualToThreshold => "LessThanOrEqualToThreshold",
            Self::LessThanLowerOrGreaterThanUpperThreshold => "LessThanLowerOrGreaterThanUpperThreshold",
            Self::LessThanLowerThreshold => "LessThanLowerThreshold",
            Self::GreaterThanUpperThreshold => "GreaterThanUpperThreshold",
        }
    }

    /// In words, as alarm reasons put it: `greater than or equal to`.
    pub fn words(self) -> &'static str {
        match self {
            Self::GreaterThanThreshold | Self::GreaterThanUpperThreshold => "greater than",
            Self::GreaterThanOrEqualToThreshold => "greater than or equal to",
            Self::LessThanThreshold | Self::LessThanLowerThreshold => "less than",
            Self::LessThanOrEqualToThreshold => "less than or equal to",
            Self::LessThanLowerOrGreaterThanUpperThreshold => "outside",
        }
    }
}

/// What a missing datapoint counts as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum TreatMissingData {
    /// INSUFFICIENT_DATA when nothing is there.
    #[default]
    Missing,
    /// The state is kept.
    Ignore,
    /// Counts as outside the threshold.
    Breaching,
    /// Counts as inside the threshold.
    NotBreaching,
}

impl TreatMissingData {
    /// As CloudWatch writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Ignore => "ignore",
            Self::Breaching => "breaching",
            Self::NotBreaching => "notBreaching",
        }
    }
}

/// Whether a percentile alarm is evaluated on few samples.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum LowSampleCountPercentile {
    /// Always evaluated.
    #[default]
    Evaluate,
    /// The state is kept while there are too few samples.
    Ignore,
}

/// A dimension of a metric, as PutMetricAlarm writes it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Dimension {
    /// Name as in the metric filter.
    pub name: String,
    /// The value in force.
    pub value: String,
}

/// A metric alarm. Serialises with the field names of the CloudWatch API (`PutMetricAlarm`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct MetricAlarm {
    /// Name of the alarm.
    #[serde(default)]
    pub alarm_name: String,
    /// Free text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alarm_description: Option<String>,
    /// False: states change but no action runs.
    #[serde(default = "yes")]
    pub actions_enabled: bool,
    /// ARNs of what runs on entering ALARM, at most five.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alarm_actions: Vec<String>,
    /// ARNs of what runs on entering OK, at most five.
    #[serde(default, rename = "OKActions", skip_serializing_if = "Vec::is_empty")]
    pub ok_actions: Vec<String>,
    /// ARNs of what runs on entering INSUFFICIENT_DATA, at most five.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub insufficient_data_actions: Vec<String>,
    /// Which of the metric's dimension sets; empty for a metric without dimensions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dimensions: Vec<Dimension>,
    /// Datapoints of this unit only; of any unit when absent. Of an alarm on one metric: others have it in each of `metrics`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// One of the plain statistics; `ExtendedStatistic` holds any other instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statistic: Option<Statistic>,
    /// A percentile such as `p99`, or a statistic with bounds such as `TM(10%:90%)`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extended_statistic: Option<Statistic>,
    /// Metrics and formulas, one of which the alarm watches; empty for an alarm on one metric.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub metrics: Vec<MetricDataQuery>,
    /// Which of `metrics` is the band to compare with, for operators that need one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threshold_metric_id: Option<String>,
    /// Seconds: 10, 20, 30 or a multiple of 60. PutMetricAlarm has it in each of `metrics` where there are any.
    #[serde(default)]
    pub period: u32,
    /// N: number of most recent periods looked at.
    pub evaluation_periods: u32,
    /// M of N: how many must breach; N when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub datapoints_to_alarm: Option<u32>,
    /// The value compared with; of no meaning to operators that need a band.
    #[serde(default)]
    pub threshold: f64,
    /// How to compare.
    pub comparison_operator: ComparisonOperator,
    /// What missing datapoints count as.
    #[serde(default)]
    pub treat_missing_data: TreatMissingData,
    /// Percentile alarms only.
    #[serde(default)]
    pub evaluate_low_sample_count_percentile: LowSampleCountPercentile,
}

fn yes() -> bool {
    true
}

impl MetricAlarm {
    /// M, which is N unless set.
    pub fn datapoints_to_alarm(&self) -> u32 {
        self.datapoints_to_alarm.unwrap_or(self.evaluation_periods)
    }

    /// The statistic in force; Sum when the document names none (what counting filters need).
    pub fn statistic(&self) -> Statistic {
        self.extended_statistic.or(self.statistic).unwrap_or(Statistic::Sum)
    }

    /// Which of `metrics` the alarm watches; `None` for an alarm on one metric, or where nothing is returned.
    pub fn watched(&self) -> Option<&MetricDataQuery> {
        self.metrics.iter().find(|query| query.return_data && Some(&query.id) != self.threshold_metric_id.as_ref())
    }

    /// Sets the period in seconds, which all of `metrics` share.
    pub fn set_period(&mut self, period_s: u32) {
        self.period = period_s;
        for query in &mut self.metrics {
            match (&mut query.metric_stat, &mut query.period) {
                (Some(metric), _) => metric.period = period_s,
                (None, Some(period)) => *period = period_s,
                (None, None) => {}
            }
        }
    }
}

impl Default for MetricAlarm {
    /// The shape recommended for counting filters (Sum, 300 s, 1 of 1, ≥ 1, notBreaching).
    fn default() -> Self {
        Self {
            alarm_name: String::new(),
            alarm_description: None,
            actions_enabled: true,
            alarm_actions: Vec::new(),
            ok_actions: Vec::new(),
            insufficient_data_actions: Vec::new(),
            dimensions: Vec::new(),
            unit: None,
            statistic: Some(Statistic::Sum),
            extended_statistic: None,
            metrics: Vec::new(),
            threshold_metric_id: None,
            period: 300,
            evaluation_periods: 1,
            datapoints_to_alarm: Some(1),
            threshold: 1.0,
            comparison_operator: ComparisonOperator::GreaterThanOrEqualToThreshold,
            treat_missing_data: TreatMissingData::NotBreaching,
            evaluate_low_sample_count_percentile: LowSampleCountPercentile::Evaluate,
        }
    }
}

/// An alarm on several metrics and the metric filters that publish them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MathBacktest {
    /// For each metric of the alarm, in its order, the filter that publishes it.
    pub metric_filters: Vec<MetricFilter>,
    /// `PutMetricAlarm` fields.
    #[serde(flatten)]
    pub alarm: MetricAlarm,
}

/// A metric filter and the alarm on its metric, in one document: what a backtest runs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Backtest {
    /// `PutMetricFilter` fields.
    #[serde(flatten)]
    pub filter: MetricFilter,
    /// `PutMetricAlarm` fields.
    #[serde(flatten)]
    pub alarm: MetricAlarm,
}

impl Backtest {
    /// The dimension values of the metric the alarm watches, in the order of the filter's dimension names. Errors: as of
    /// [`watched_values`].
    pub fn watched_values(&self) -> Result<Vec<String>, String> {
        watched_values(&self.filter, &self.alarm.dimensions, self.alarm.unit.as_deref())
    }
}

impl MathBacktest {
    /// Why a metric of the alarm, the first of such, is none that its filter publishes.
    pub fn never_seen(&self) -> Option<String> {
        let metrics = self.alarm.metrics.iter().filter_map(|query| query.metric_stat.as_ref());
        let reason = |(metric, filter): (&MetricStat, &MetricFilter)| {
            watched_values(filter, &metric.metric.dimensions, metric.unit.as_deref()).err()
        };
        metrics.zip(&self.metric_filters).find_map(reason)
    }
}

/// The dimension values of the metric that an alarm with these dimensions and this unit watches. Errors: one sentence for
/// the user, why that is no metric of the filter, so that the alarm never sees data.
pub fn watched_values(
    filter: &MetricFilter,
    dimensions: &[Dimension],
    unit: Option<&str>,
) -> Result<Vec<String>, String> {
    unit_mismatch(filter.metric_transformations.first(), unit).map_or_else(|| dimension_values(filter, dimensions), Err)
}

/// Why an alarm on datapoints of this unit sees none of `metric`, which has the unit None where it names none: datapoints of
/// different units are not aggregated together. One sentence for the user.
///
/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html#Unit>
pub fn unit_mismatch(metric: Option<&MetricTransformation>, unit: Option<&str>) -> Option<String> {
    let published = metric.and_then(|metric| metric.unit.as_deref()).unwrap_or("None");
    let unit = unit.filter(|unit| *unit != published)?;
    Some(format!("the alarm watches datapoints of unit {unit}, and the metric filter publishes unit {published}"))
}

/// The values of `dimensions` in the order of the filter's dimension names. An alarm watches exactly one dimension set:
/// with other names than the filter's, or fewer, it never sees data. Errors: one sentence for the user.
pub fn dimension_values(filter: &MetricFilter, dimensions: &[Dimension]) -> Result<Vec<String>, String> {
    let names: Vec<&String> =
        filter.metric_transformations.iter().flat_map(|transformation| transformation.dimensions.keys()).collect();
    let unknown = dimensions.iter().find(|dimension| !names.contains(&&dimension.name));
    if let Some(Dimension { name, .. }) = unknown {
        return Err(format!("the alarm watches dimension “{name}”, which the metric filter does not publish"));
    }
    names
        .into_iter()
        .map(|name| {
            let dimension = dimensions.iter().find(|dimension| dimension.name == *name);
            dimension.map(|dimension| dimension.value.clone()).ok_or_else(|| {
                format!("the metric has the dimension “{name}”; the alarm must name a value for it in Dimensions")
            })
        })
        .collect()
}
