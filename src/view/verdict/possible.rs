//! Whether an alarm could fire at all, whatever is logged: from the values that the metric filter can publish and the range in
//! which a statistic of them stays.

use crate::model::alarm::{Backtest, TreatMissingData};
use crate::model::metric::MetricTransformation;
use crate::model::statistic::{Measure, Statistic};
use crate::view::{format, lab};

/// Share by which a mean may miss its bounds: a mean of equal numbers is not always the number.
const ROUNDING: f64 = 1e-9;

/// Why no history makes this alarm fire; `None` where one could. Missing data that count as breaching always could.
pub fn never_possible(backtest: &Backtest) -> Option<String> {
    let alarm = &backtest.alarm;
    if alarm.treat_missing_data == TreatMissingData::Breaching || alarm.comparison_operator.needs_band() {
        return None;
    }
    // Without a name it is the lab's own alarm, which can be on any of the metrics.
    if let Err(reason) = backtest.watched_values()
        && (!alarm.alarm_name.is_empty() || alarm.unit.is_some())
    {
        return Some(format!("{}: it sees no data", lab::capitalised(&reason)));
    }
    let metric = backtest.filter.metric_transformations.first()?;
    let (low, high) = range(alarm.statistic(), samples(metric));
    let breaches = |value: f64| alarm.comparison_operator.breaches(value, alarm.threshold, alarm.threshold);
    if breaches(low) || breaches(high) {
        return None;
    }
    let statistic = alarm.statistic();
    let reach = match (low.is_finite(), high.is_finite()) {
        (true, true) if format::number(low) == format::number(high) => format!("always {}", format::number(low)),
        (true, true) => format!("between {} and {}", format::number(low), format::number(high)),
        (true, false) => format!("never below {}", format::number(low)),
        (false, _) => format!("never above {}", format::number(high)),
    };
    let wanted = format!("{} {}", lab::sign(alarm.comparison_operator), format::number(alarm.threshold));
    Some(format!("The {statistic} of what this filter publishes is {reach}, never {wanted}"))
}

/// The smallest and largest sample the filter can publish: of a constant known, of a field of the event anything.
fn samples(metric: &MetricTransformation) -> (f64, f64) {
    match (metric.metric_value.parse::<f64>(), metric.default_value) {
        (Ok(value), Some(default)) => (value.min(default), value.max(default)),
        (Ok(value), None) => (value, value),
        (Err(_), _) => (f64::NEG_INFINITY, f64::INFINITY),
    }
}

/// The range of a statistic of one sample or more between two values. Wider than need be, never narrower.
fn range(statistic: Statistic, (min, max): (f64, f64)) -> (f64, f64) {
    // Any number of samples can fall into a period.
    let sum = (if min < 0.0 { f64::NEG_INFINITY } else { min }, if max > 0.0 { f64::INFINITY } else { max });
    let mean = (min - min.abs() * ROUNDING, max + max.abs() * ROUNDING);
    match statistic {
        Statistic::SampleCount => (1.0, f64::INFINITY),
        Statistic::Sum => sum,
        Statistic::Average => mean,
        Statistic::Minimum | Statistic::Maximum | Statistic::Percentile(_) => (min, max),
        Statistic::Bounded(Measure::TrimmedMean, _) => mean,
        // Samples outside the bounds move to them, wherever those are.
        Statistic::Bounded(Measure::WinsorizedMean, _) => (f64::NEG_INFINITY, f64::INFINITY),
        Statistic::Bounded(Measure::TrimmedSum, _) => (sum.0.min(0.0), sum.1.max(0.0)),
        Statistic::Bounded(Measure::TrimmedCount, _) => (0.0, f64::INFINITY),
        Statistic::Bounded(Measure::PercentileRank, _) => (0.0, 100.0 * (1.0 + ROUNDING)),
    }
}
