//! Alarms on metric math as the lab edits them: what a new one begins with, its metrics, formulas and band, and words for
//! them.

mod code;

pub use code::{Code, code};

use super::search;
use crate::metric::math::queries::METRICS_MAX;
use crate::model::alarm::{Backtest, ComparisonOperator, MathBacktest, MetricAlarm};
use crate::model::metric::{MetricFilter, MetricTransformation};
use crate::model::metric_data::{Metric, MetricDataQuery, MetricStat};
use crate::model::statistic::Statistic;
use crate::pattern::cloudwatch::{Pattern, parse};

/// Standard deviations from the middle to either edge of a new band, as the console proposes.
const WIDTH: f64 = 2.0;

/// Period of a new band alarm in seconds: bands of an hour's counts are steadier than those of five minutes.
const BAND_PERIOD_S: u32 = 3_600;

/// Calls that were refused or failed, and all calls.
const PARTS: [(&str, &str); 2] = [("FailedCalls", "{ $.errorCode = * }"), ("AllCalls", "")];

/// A new alarm on the share of calls that fail.
pub fn share_of_errors() -> MathBacktest {
    let mut backtest = MathBacktest::default();
    clear_statistic(&mut backtest.alarm);
    for (name, pattern) in PARTS {
        add_metric(&mut backtest, &counting(name, pattern), Statistic::Sum);
    }
    add_formula(&mut backtest, "100 * m1 / m2");
    backtest.alarm.threshold = 50.0;
    backtest
}

/// A new alarm on the metric of another, when it leaves what is usual at its time of the week.
pub fn band_on(other: &Backtest) -> MathBacktest {
    let mut backtest = MathBacktest { metric_filters: Vec::new(), alarm: MetricAlarm::default() };
    clear_statistic(&mut backtest.alarm);
    add_metric(&mut backtest, &other.filter, other.alarm.statistic());
    if let Some(metric) = backtest.alarm.metrics.iter_mut().find_map(|query| query.metric_stat.as_mut()) {
        metric.metric.dimensions.clone_from(&other.alarm.dimensions);
    }
    set_band(&mut backtest.alarm, true);
    backtest.alarm.set_period(BAND_PERIOD_S);
    backtest
}

/// A metric filter that counts what matches.
pub fn counting(name: &str, pattern: &str) -> MetricFilter {
    let metric = MetricTransformation {
        metric_name: name.into(),
        metric_namespace: "LogMetrics".into(),
        default_value: Some(0.0),
        ..MetricTransformation::default()
    };
    MetricFilter { filter_name: name.into(), filter_pattern: pattern.into(), metric_transformations: vec![metric] }
}

/// Statistic and dimensions belong to each of several metrics.
fn clear_statistic(alarm: &mut MetricAlarm) {
    (alarm.statistic, alarm.extended_statistic) = (None, None);
    alarm.dimensions.clear();
}

/// Whether another metric may be added.
pub fn takes_metrics(alarm: &MetricAlarm) -> bool {
    alarm.metrics.iter().filter(|query| query.metric_stat.is_some()).count() < METRICS_MAX
}

/// Adds a metric behind the last one. The first one of all is what the alarm watches.
pub fn add_metric(backtest: &mut MathBacktest, filter: &MetricFilter, stat: Statistic) {
    let metrics = &mut backtest.alarm.metrics;
    let place = metrics.iter().rposition(|query| query.metric_stat.is_some()).map_or(0, |at| at + 1);
    let transformation = filter.metric_transformations.first().cloned().unwrap_or_default();
    let metric = Metric {
        namespace: transformation.metric_namespace,
        metric_name: transformation.metric_name,
        dimensions: Vec::new(),
    };
    let query = MetricDataQuery {
        id: unused_id(metrics, "m"),
        expression: None,
        metric_stat: Some(MetricStat { metric, period: backtest.alarm.period, stat, unit: None }),
        label: None,
        return_data: metrics.is_empty(),
        period: None,
    };
    metrics.insert(place, query);
    backtest.metric_filters.push(filter.clone());
}

/// Adds a formula at the end, which the alarm watches from now on.
pub fn add_formula(backtest: &mut MathBacktest, expression: &str) {
    let metrics = &mut backtest.alarm.metrics;
    let id = unused_id(metrics, "e");
    metrics.push(MetricDataQuery {
        id: id.clone(),
        expression: Some(expression.into()),
        metric_stat: None,
        label: None,
        return_data: true,
        period: None,
    });
    watch(&mut backtest.alarm, &id);
}

/// Takes a metric or formula out. Where the alarm watched it, it watches the last that is left.
pub fn remove(backtest: &mut MathBacktest, id: &str) {
    let metrics = &mut backtest.alarm.metrics;
    let Some(at) = metrics.iter().position(|query| query.id == id) else { return };
    let filter = metrics[..at].iter().filter(|query| query.metric_stat.is_some()).count();
    let removed = metrics.remove(at);
    if removed.metric_stat.is_some() && filter < backtest.metric_filters.len() {
        backtest.metric_filters.remove(filter);
    }
    if removed.return_data {
        let last = watchable(&backtest.alarm).last().map(|query| query.id.clone());
        last.into_iter().for_each(|id| watch(&mut backtest.alarm, &id));
    }
}

/// Makes one of the metrics and formulas the one that the alarm watches. A band goes with it.
pub fn watch(alarm: &mut MetricAlarm, id: &str) {
    let width = band_width(alarm);
    let band = alarm.threshold_metric_id.clone();
    for query in &mut alarm.metrics {
        // The band is returned as well, as the console does it.
        query.return_data = query.id == id || Some(&query.id) == band.as_ref();
    }
    width.into_iter().for_each(|width| set_band_width(alarm, width));
}

/// The metrics and formulas that an alarm may watch: all but the band.
pub fn watchable(alarm: &MetricAlarm) -> impl Iterator<Item = &MetricDataQuery> {
    alarm.metrics.iter().filter(|query| Some(&query.id) != alarm.threshold_metric_id.as_ref())
}

/// Compares what is watched with a band, or with a threshold.
pub fn set_band(alarm: &mut MetricAlarm, has_band: bool) {
    match (has_band, alarm.threshold_metric_id.take()) {
        (true, None) => {
            let id = unused_id(&alarm.metrics, "ad");
            alarm.metrics.push(MetricDataQuery {
                id: id.clone(),
                expression: Some(String::new()),
                metric_stat: None,
                label: None,
                return_data: true,
                period: None,
            });
            alarm.threshold_metric_id = Some(id);
            alarm.comparison_operator = ComparisonOperator::GreaterThanUpperThreshold;
            set_band_width(alarm, WIDTH);
        }
        (false, Some(id)) => {
            alarm.metrics.retain(|query| query.id != id);
            alarm.comparison_operator = ComparisonOperator::GreaterThanOrEqualToThreshold;
        }
        (_, id) => alarm.threshold_metric_id = id,
    }
}

/// Standard deviations of the band; `None` without one, or with one that is written differently.
pub fn band_width(alarm: &MetricAlarm) -> Option<f64> {
    let id = alarm.threshold_metric_id.as_ref()?;
    let expression = alarm.metrics.iter().find(|query| query.id == *id)?.expression.as_ref()?;
    let arguments = expression.trim().strip_prefix("ANOMALY_DETECTION_BAND(")?.strip_suffix(')')?;
    arguments.rsplit_once(',').map_or(Some(WIDTH), |(_, width)| width.trim().parse().ok())
}

/// Writes the band anew around what is watched.
pub fn set_band_width(alarm: &mut MetricAlarm, width: f64) {
    let Some(watched) = alarm.watched().map(|query| query.id.clone()) else { return };
    let band = alarm.threshold_metric_id.clone();
    if let Some(query) = alarm.metrics.iter_mut().find(|query| Some(&query.id) == band.as_ref()) {
        query.expression = Some(format!("ANOMALY_DETECTION_BAND({watched}, {width})"));
    }
}

/// `m3` where `m1` and `m2` are taken.
fn unused_id(metrics: &[MetricDataQuery], stem: &str) -> String {
    let is_free = |id: &String| metrics.iter().all(|query| query.id != *id);
    (1u32..).map(|number| format!("{stem}{number}")).find(is_free).unwrap_or_default()
}

/// The search that finds the events of any of the filters. A filter that takes everything selects nothing, and is left
/// out; only JSON patterns are also searches.
pub fn search_for(filters: &[MetricFilter]) -> Option<String> {
    let mut patterns: Vec<&str> = filters.iter().map(|filter| filter.filter_pattern.trim()).collect();
    patterns.retain(|pattern| !pattern.is_empty());
    patterns.dedup();
    let is_json = |pattern: &&str| matches!(parse(pattern), Ok(Pattern::Json(_)));
    if patterns.is_empty() || !patterns.iter().all(is_json) {
        return None;
    }
    if let [one] = patterns[..] {
        return Some(one.into());
    }
    let inside = |pattern: &&str| format!("({})", pattern.trim_start_matches('{').trim_end_matches('}').trim());
    let all = format!("{{ {} }}", patterns.iter().map(inside).collect::<Vec<_>>().join(" || "));
    search::is_usable(&all).then_some(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alarm::validate::{is_valid, validate};

    fn ids(alarm: &MetricAlarm) -> Vec<(&str, bool)> {
        alarm.metrics.iter().map(|query| (query.id.as_str(), query.return_data)).collect()
    }

    #[test]
    fn what_a_new_alarm_begins_with_is_accepted() {
        let share = share_of_errors();
        assert!(is_valid(&validate(&share.alarm)), "{:?}", validate(&share.alarm));
        assert_eq!(ids(&share.alarm), [("m1", false), ("m2", false), ("e1", true)]);
        let band = band_on(&Backtest::default());
        assert!(is_valid(&validate(&band.alarm)), "{:?}", validate(&band.alarm));
        assert_eq!(ids(&band.alarm), [("m1", true), ("ad1", true)]);
        assert_eq!((band_width(&band.alarm), band.alarm.period), (Some(2.0), 3_600));
    }

    #[test]
    fn metrics_and_filters_stay_pairs() {
        let mut backtest = share_of_errors();
        add_metric(&mut backtest, &counting("Third", "{ $.a = 1 }"), Statistic::Maximum);
        let names = |backtest: &MathBacktest| -> Vec<(String, String)> {
            let metrics = backtest.alarm.metrics.iter().filter_map(|query| query.metric_stat.as_ref());
            let filters = backtest.metric_filters.iter().map(|filter| filter.filter_name.clone());
            metrics.map(|metric| metric.metric.metric_name.clone()).zip(filters).collect()
        };
        let pair = |name: &str| (name.to_owned(), name.to_owned());
        assert_eq!(names(&backtest), [pair("FailedCalls"), pair("AllCalls"), pair("Third")]);
        remove(&mut backtest, "m2");
        assert_eq!(names(&backtest), [pair("FailedCalls"), pair("Third")]);
        remove(&mut backtest, "e1");
        assert_eq!(ids(&backtest.alarm), [("m1", false), ("m3", true)]);
    }

    #[test]
    fn the_band_follows_what_is_watched() {
        let mut backtest = share_of_errors();
        set_band(&mut backtest.alarm, true);
        set_band_width(&mut backtest.alarm, 3.5);
        watch(&mut backtest.alarm, "m1");
        assert_eq!(backtest.alarm.metrics[3].expression.as_deref(), Some("ANOMALY_DETECTION_BAND(m1, 3.5)"));
        assert!(is_valid(&validate(&backtest.alarm)));
        set_band(&mut backtest.alarm, false);
        assert_eq!(ids(&backtest.alarm), [("m1", true), ("m2", false), ("e1", false)]);
        assert!(is_valid(&validate(&backtest.alarm)));
    }

    #[test]
    fn one_search_finds_the_events_of_all_filters() {
        assert_eq!(search_for(&share_of_errors().metric_filters).as_deref(), Some("{ $.errorCode = * }"));
        let two = [counting("a", "{ $.a = 1 || $.b = 2 }"), counting("b", "{$.c = 3}")];
        assert_eq!(search_for(&two).as_deref(), Some("{ ($.a = 1 || $.b = 2) || ($.c = 3) }"));
        assert_eq!(search_for(&[counting("a", "ERROR")]), None);
    }
}
