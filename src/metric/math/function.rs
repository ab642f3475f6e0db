//! The functions of metric math: names, what they take and what they do, in words.

/// A function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// Absolute value.
    Abs,
    /// The expected range of a metric.
    AnomalyDetectionBand,
    /// Mean.
    Avg,
    /// Rounds up.
    Ceil,
    /// Day of the month.
    Date,
    /// Day of the week.
    Day,
    /// Metrics of Database Performance Insights.
    DbPerfInsights,
    /// Difference to the datapoint before.
    Diff,
    /// Seconds since the datapoint before.
    DiffTime,
    /// Seconds since 1970.
    Epoch,
    /// Values for missing datapoints.
    Fill,
    /// The first one.
    First,
    /// Rounds down.
    Floor,
    /// Hour of the day.
    Hour,
    /// Chooses by a condition.
    If,
    /// Metrics of Contributor Insights.
    InsightRuleMetric,
    /// The last one.
    Last,
    /// Natural logarithm.
    Log,
    /// Logarithm to the base 10.
    Log10,
    /// Largest.
    Max,
    /// Number of time series.
    MetricCount,
    /// All metrics.
    Metrics,
    /// Smallest.
    Min,
    /// Minute of the hour.
    Minute,
    /// Month of the year.
    Month,
    /// Seconds of a period.
    Period,
    /// Change per second.
    Rate,
    /// Without empty time series.
    RemoveEmpty,
    /// Sum so far.
    RunningSum,
    /// Metrics by name.
    Search,
    /// Service quotas.
    ServiceQuota,
    /// Part of a list.
    Slice,
    /// Orders a list.
    Sort,
    /// Standard deviation.
    StdDev,
    /// Sum.
    Sum,
    /// A constant as a time series.
    TimeSeries,
    /// The year.
    Year,
}

/// Each function with its name, its arguments and what it does.
const ALL: [(Function, &str, &str, &str); 37] = [
    (Function::Abs, "ABS", "(m1)", "Absolute value of each datapoint"),
    (Function::AnomalyDetectionBand, "ANOMALY_DETECTION_BAND", "(m1, 2)", "Expected range, this many deviations wide"),
    (Function::Avg, "AVG", "(m1)", "Mean of one time series, or of several at each time"),
    (Function::Ceil, "CEIL", "(m1)", "Each datapoint rounded up"),
    (Function::Date, "DATE", "(m1)", "Day of the month, UTC"),
    (Function::Day, "DAY", "(m1)", "Day of the week, UTC: 1 is Monday"),
    (Function::DbPerfInsights, "DB_PERF_INSIGHTS", "(…)", "Not available here"),
    (Function::Diff, "DIFF", "(m1)", "Difference to the datapoint before"),
    (Function::DiffTime, "DIFF_TIME", "(m1)", "Seconds since the datapoint before"),
    (Function::Epoch, "EPOCH", "(m1)", "Seconds since 1970"),
    (Function::Fill, "FILL", "(m1, 0)", "Values for missing datapoints: a number, REPEAT or LINEAR"),
    (Function::First, "FIRST", "(m1)", "First datapoint, or first time series of a list"),
    (Function::Floor, "FLOOR", "(m1)", "Each datapoint rounded down"),
    (Function::Hour, "HOUR", "(m1)", "Hour of the day, UTC"),
    (Function::If, "IF", "(m1 > 0, m1, 0)", "The second where the first is not 0, else the third"),
    (Function::InsightRuleMetric, "INSIGHT_RULE_METRIC", "(…)", "Not available here"),
    (Function::Last, "LAST", "(m1)", "Last datapoint, or last time series of a list"),
    (Function::Log, "LOG", "(m1)", "Natural logarithm"),
    (Function::Log10, "LOG10", "(m1)", "Logarithm to the base 10"),
    (Function::Max, "MAX", "(m1)", "Largest of one time series, or of several at each time"),
    (Function::Metrics, "METRICS", "()", "All metrics, or those with a text in their id"),
    (Function::MetricCount, "METRIC_COUNT", "(METRICS())", "Number of time series"),
    (Function::Min, "MIN", "(m1)", "Smallest of one time series, or of several at each time"),
    (Function::Minute, "MINUTE", "(m1)", "Minute of the hour, UTC"),
    (Function::Month, "MONTH", "(m1)", "Month of the year, UTC"),
    (Function::Period, "PERIOD", "(m1)", "Seconds of a period"),
    (Function::Rate, "RATE", "(m1)", "Change per second since the datapoint before"),
    (Function::RemoveEmpty, "REMOVE_EMPTY", "(METRICS())", "Without time series that have no datapoint"),
    (Function::RunningSum, "RUNNING_SUM", "(m1)", "Sum of the datapoints so far"),
    (Function::Search, "SEARCH", "(…)", "Not available here"),
    (Function::ServiceQuota, "SERVICE_QUOTA", "(…)", "Not available here"),
    (Function::Slice, "SLICE", "(METRICS(), 0, 2)", "The time series of a list from one position to before another"),
    (Function::Sort, "SORT", "(METRICS(), SUM, DESC, 2)", "A list in the order of an aggregate"),
    (Function::StdDev, "STDDEV", "(m1)", "Standard deviation of one time series, or of several at each time"),
    (Function::Sum, "SUM", "(m1)", "Sum of one time series, or of several at each time"),
    (Function::TimeSeries, "TIME_SERIES", "(1)", "A number as a time series"),
    (Function::Year, "YEAR", "(m1)", "The year, UTC"),
];

impl Function {
    /// All of them, by name.
    pub fn all() -> impl Iterator<Item = Self> {
        ALL.iter().map(|entry| entry.0)
    }

    /// The function of that name; names are written in capitals.
    pub fn named(name: &str) -> Option<Self> {
        ALL.iter().find(|entry| entry.1 == name).map(|entry| entry.0)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        self.entry().1
    }

    /// Arguments, as an example.
    pub fn example(self) -> &'static str {
        self.entry().2
    }

    /// What it does.
    pub fn about(self) -> &'static str {
        self.entry().3
    }

    /// Why it cannot be calculated here, if so.
    pub fn unavailable(self) -> Option<&'static str> {
        Some(match self {
            Self::Search => "SEARCH finds metrics in an account; there are none here but those of metric filters",
            Self::ServiceQuota => "SERVICE_QUOTA needs the quotas of an account, which are not in the logs",
            Self::InsightRuleMetric => {
                "INSIGHT_RULE_METRIC needs Contributor Insights rules, which are not in the logs"
            }
            Self::DbPerfInsights => "DB_PERF_INSIGHTS needs database metrics, which are not in the logs",
            _ => return None,
        })
    }

    /// Whether it makes one value of a time series, and one time series of a list.
    pub fn is_aggregate(self) -> bool {
        use Function::{Avg, First, Last, Max, MetricCount, Min, StdDev, Sum};
        matches!(self, Avg | First | Last | Max | MetricCount | Min | StdDev | Sum)
    }

    fn entry(self) -> &'static (Self, &'static str, &'static str, &'static str) {
        // Every function has its line, which a test holds.
        ALL.iter().find(|entry| entry.0 == self).unwrap_or(&ALL[0])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_order_and_names_each_function_once() {
        assert!(ALL.is_sorted_by(|a, b| a.1 < b.1));
        assert!(Function::all().all(|function| Function::named(function.name()) == Some(function)));
        // As many as there are variants: the last one's number.
        assert_eq!(ALL.len(), Function::Year as usize + 1);
    }
}
