//! What the panel of metric filters and alarms says and offers, apart from the DOM.

use super::formula::band_width;
use super::state::TimeRange;
use crate::alarm::{Span, Timeline, headline};
use crate::base::EpochMs;
use crate::base::time::{DAY, HOUR, MINUTE, SECOND};
use crate::model::alarm::{ComparisonOperator, MetricAlarm, TreatMissingData};
use crate::model::metric::{MetricFilter, MetricTransformation};
use crate::model::statistic::{Bounds, Measure, Statistic};

/// Periods offered, in seconds.
pub const PERIODS: [u32; 10] = [60, 300, 600, 900, 1_800, 3_600, 10_800, 21_600, 43_200, 86_400];

/// Statistics offered; any other one can be typed.
pub const STATISTICS: [Statistic; 12] = [
    Statistic::Sum,
    Statistic::SampleCount,
    Statistic::Average,
    Statistic::Minimum,
    Statistic::Maximum,
    Statistic::Percentile(50.0),
    Statistic::Percentile(90.0),
    Statistic::Percentile(95.0),
    Statistic::Percentile(99.0),
    Statistic::Percentile(99.9),
    Statistic::Bounded(Measure::TrimmedMean, Bounds::Percent(None, Some(99.0))),
    Statistic::Bounded(Measure::TrimmedMean, Bounds::Percent(Some(25.0), Some(75.0))),
];

/// Treatments of missing data, what the console calls them and what they do.
pub const TREATMENTS: [(TreatMissingData, &str, &str); 4] = [
    (TreatMissingData::NotBreaching, "Good (not breaching)", "No data counts as inside the threshold"),
    (TreatMissingData::Breaching, "Bad (breaching)", "No data counts as outside the threshold"),
    (TreatMissingData::Ignore, "Ignore (maintain the alarm state)", "Without data the state stays as it is"),
    (TreatMissingData::Missing, "Missing", "Without data the state is INSUFFICIENT_DATA"),
];

/// Number of dimensions a metric filter can have (MetricTransformation, "dimensions").
pub const DIMENSIONS_MAX: usize = 3;

/// Characters of a formula that are shown in place of its id.
const WATCHED_MAX: usize = 40;

/// Where a topic is when only its name is given. The account is the one of AWS's examples.
const TOPIC_PREFIX: &str = "arn:aws:sns:us-east-1:111122223333:";

/// The sign of an operator.
pub fn sign(operator: ComparisonOperator) -> &'static str {
    match operator {
        ComparisonOperator::GreaterThanThreshold | ComparisonOperator::GreaterThanUpperThreshold => ">",
        ComparisonOperator::GreaterThanOrEqualToThreshold => "≥",
        ComparisonOperator::LessThanThreshold | ComparisonOperator::LessThanLowerThreshold => "<",
        ComparisonOperator::LessThanOrEqualToThreshold => "≤",
        ComparisonOperator::LessThanLowerOrGreaterThanUpperThreshold => "outside",
    }
}

/// The operators that compare with a band, or with a threshold.
pub fn operators(has_band: bool) -> &'static [ComparisonOperator] {
    if has_band { &ComparisonOperator::BAND } else { &ComparisonOperator::STATIC }
}

/// `30 seconds`, `5 minutes`, `1 hour`, `7 days`
pub fn period_label(seconds: u32) -> String {
    let ms = i64::from(seconds) * SECOND;
    let (count, unit) = match ms {
        _ if ms % DAY == 0 && ms > 0 => (ms / DAY, "day"),
        _ if ms % HOUR == 0 && ms > 0 => (ms / HOUR, "hour"),
        _ if ms % MINUTE == 0 && ms > 0 => (ms / MINUTE, "minute"),
        _ => (ms / SECOND, "second"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

/// The condition of an alarm in words: `Sum over 5 minutes ≥ 1, 2 of 3 periods`.
pub fn condition(alarm: &MetricAlarm) -> String {
    let periods = match (alarm.datapoints_to_alarm(), alarm.evaluation_periods) {
        (1, 1) => String::new(),
        (m, n) if m == n => format!(", {n} periods in a row"),
        (m, n) => format!(", {m} of {n} periods"),
    };
    let band = |side| match band_width(alarm) {
        Some(width) => format!("{side} its band of width {}", super::format::number(width)),
        None => format!("{side} its band"),
    };
    let limit = match alarm.comparison_operator {
        ComparisonOperator::GreaterThanUpperThreshold => band("above"),
        ComparisonOperator::LessThanLowerThreshold => band("below"),
        ComparisonOperator::LessThanLowerOrGreaterThanUpperThreshold => band("outside"),
        operator => format!("{} {}", sign(operator), super::format::number(alarm.threshold)),
    };
    format!("{} over {} {limit}{periods}", watched(alarm), period_label(alarm.period))
}

/// What an alarm watches, in a word or two: `Sum`, `100 * m1 / m2`, `Sum of FailedCalls`.
pub fn watched(alarm: &MetricAlarm) -> String {
    let Some(query) = alarm.watched() else { return alarm.statistic().to_string() };
    match (&query.label, &query.metric_stat, &query.expression) {
        (Some(label), ..) if !label.is_empty() => label.clone(),
        (_, Some(metric), _) => format!("{} of {}", metric.stat, metric.metric.metric_name),
        (_, None, Some(expression)) if expression.chars().count() <= WATCHED_MAX => expression.clone(),
        _ => query.id.clone(),
    }
}

/// What happened, as a sentence: `Fires 14 times, 3 h 20 m in ALARM, longest 12 Mar 14:05`.
pub fn sentence(timeline: &Timeline, format_time: impl Fn(EpochMs) -> String) -> String {
    capitalised(&headline(timeline, format_time))
}

/// With a capital first letter.
pub fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// With a small first letter, to go on after a colon.
pub fn uncapitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

/// A message with the advice that belongs to it.
pub fn advised(message: &str, help: Option<&str>) -> String {
    help.map_or_else(|| capitalised(message), |help| format!("{} – {help}", capitalised(message)))
}

/// The part of a metric filter its samples depend on: names, unit and default value change nothing about them.
pub fn sampled(filter: &MetricFilter) -> MetricFilter {
    let sampled = |transformation: &MetricTransformation| MetricTransformation {
        metric_value: transformation.metric_value.clone(),
        dimensions: transformation.dimensions.clone(),
        ..MetricTransformation::default()
    };
    MetricFilter {
        filter_name: String::new(),
        filter_pattern: filter.filter_pattern.clone(),
        metric_transformations: filter.metric_transformations.iter().map(sampled).collect(),
    }
}

/// The search that finds the events of a metric filter. Only JSON patterns are also searches.
pub fn search_for(pattern: &str) -> Option<&str> {
    Some(pattern.trim()).filter(|pattern| pattern.starts_with('{'))
}

/// The time whose events led into a state and kept it: from the first period looked at to the end of the span.
pub fn events_behind(alarm: &MetricAlarm, span: Span) -> TimeRange {
    let reach = i64::from(alarm.period) * i64::from(alarm.evaluation_periods.max(1)) * SECOND;
    TimeRange { from: EpochMs(span.from.0 - reach), to: span.to.max(EpochMs(span.from.0 + 1)) }
}

/// When the events were that were delivered in a time.
pub fn delivered_in(range: TimeRange, delay_minutes: u32) -> TimeRange {
    let delay = i64::from(delay_minutes) * MINUTE;
    TimeRange { from: EpochMs(range.from.0 - delay), to: EpochMs(range.to.0 - delay) }
}

/// The ARN of a topic given by name; an ARN stays as it is.
pub fn topic_arn(text: &str) -> String {
    let text = text.trim();
    if text.starts_with("arn:") { text.into() } else { format!("{TOPIC_PREFIX}{text}") }
}

/// A topic as the user gave it: the name alone where [`topic_arn`] added the rest.
pub fn topic_name(arn: &str) -> &str {
    arn.strip_prefix(TOPIC_PREFIX).unwrap_or(arn)
}

/// Sets plain and extended statistics into the parameters they belong to.
pub fn set_statistic(alarm: &mut MetricAlarm, statistic: Statistic) {
    (alarm.statistic, alarm.extended_statistic) =
        if statistic.is_extended() { (None, Some(statistic)) } else { (Some(statistic), None) };
}

/// Sets the number of evaluation periods. M follows where it was the same, and never exceeds it.
pub fn set_evaluation_periods(alarm: &mut MetricAlarm, periods: u32) {
    let m = alarm.datapoints_to_alarm();
    let follows = m == alarm.evaluation_periods && m > 1;
    alarm.datapoints_to_alarm = Some(if follows { periods } else { m.min(periods).max(1) });
    alarm.evaluation_periods = periods;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::alarm::AlarmState;

    #[test]
    fn alarms_read_as_people_say_them() {
        let mut alarm = MetricAlarm::default();
        assert_eq!(condition(&alarm), "Sum over 5 minutes ≥ 1");
        (alarm.evaluation_periods, alarm.datapoints_to_alarm, alarm.threshold) = (3, Some(2), 2.5);
        assert_eq!(condition(&alarm), "Sum over 5 minutes ≥ 2.5, 2 of 3 periods");
        alarm.datapoints_to_alarm = None;
        assert_eq!(condition(&alarm), "Sum over 5 minutes ≥ 2.5, 3 periods in a row");
        assert_eq!(
            [10, 60, 5_400, 3_600, 604_800].map(period_label),
            ["10 seconds", "1 minute", "90 minutes", "1 hour", "7 days"]
        );
        assert_eq!(sentence(&Timeline::default(), |_| String::new()), "Never fires");
        assert_eq!(advised("there is no such operator", Some("= compares")), "There is no such operator – = compares");
    }

    #[test]
    fn the_events_behind_an_alarm_include_the_periods_before_it() {
        let alarm = MetricAlarm { evaluation_periods: 2, ..MetricAlarm::default() };
        let span = Span { state: AlarmState::Alarm, from: EpochMs(3_000_000), to: EpochMs(3_300_000) };
        assert_eq!(events_behind(&alarm, span), TimeRange { from: EpochMs(2_400_000), to: EpochMs(3_300_000) });
    }

    #[test]
    fn renaming_asks_no_new_question() {
        let mut filter = crate::view::presets::PRESETS[0].backtest().filter;
        let before = sampled(&filter);
        filter.filter_name = "other".into();
        filter.metric_transformations[0].metric_name = "other".into();
        filter.metric_transformations[0].default_value = None;
        assert_eq!(sampled(&filter), before);
        filter.metric_transformations[0].metric_value = "2".into();
        assert_ne!(sampled(&filter), before);
    }

    #[test]
    fn topics_go_by_name() {
        assert_eq!(topic_name(&topic_arn(" security ")), "security");
        let arn = "arn:aws:sns:eu-west-1:444455556666:oncall";
        assert_eq!((topic_arn(arn).as_str(), topic_name(arn)), (arn, arn));
    }

    #[test]
    fn parameters_stay_consistent() {
        let mut alarm = MetricAlarm::default();
        set_statistic(&mut alarm, Statistic::Percentile(99.0));
        assert_eq!((alarm.statistic, alarm.extended_statistic), (None, Some(Statistic::Percentile(99.0))));
        set_evaluation_periods(&mut alarm, 3);
        assert_eq!(alarm.datapoints_to_alarm, Some(1));
        alarm.datapoints_to_alarm = Some(3);
        set_evaluation_periods(&mut alarm, 5);
        assert_eq!(alarm.datapoints_to_alarm, Some(5));
        alarm.datapoints_to_alarm = Some(4);
        set_evaluation_periods(&mut alarm, 2);
        assert_eq!(alarm.datapoints_to_alarm, Some(2));
    }
}
