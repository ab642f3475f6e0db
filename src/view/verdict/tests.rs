//! Verdicts on small histories, and the laws they keep on random ones.

#![allow(clippy::unwrap_used)]

use super::*;
use crate::alarm::evaluation::Role;
use crate::alarm::missing_data::{Known, Steps};
use crate::alarm::validate::{is_valid, validate};
use crate::alarm::{Evaluation, evaluate, look};
use crate::controls::by_key;
use crate::controls::spelling::Likeness;
use crate::metric::{Collector, Samples, sliding};
use crate::model::alarm::{Dimension, TreatMissingData};
use crate::model::metric::MetricTransformation;
use crate::model::statistic::Statistic;
use proptest::prelude::*;

/// Matching events as minute and value, in so many minutes of log.
fn replay(backtest: &Backtest, minutes: i64, events: &[(i64, f64)]) -> (SeriesPart, Sliding, Timeline) {
    let mut collector = Collector::new(0);
    (0..minutes).for_each(|minute| collector.log_event(minute));
    events.iter().for_each(|(minute, value)| collector.matched(*minute, Some(*value), None));
    let default = backtest.filter.metric_transformations.first().and_then(|metric| metric.default_value);
    let part = collector.finish();
    let samples = Samples::new(&part, &[], default);
    let sliding = sliding(&samples, backtest.alarm.statistic(), backtest.alarm.period);
    let timeline = evaluate(&backtest.alarm, &sliding, Options::default()).unwrap();
    (part, sliding, timeline)
}

/// One event in each of these minutes, of a day of log.
fn judged(backtest: &Backtest, minutes: &[i64]) -> Verdict {
    let events: Vec<_> = minutes.iter().map(|minute| (*minute, 1.0)).collect();
    let (part, sliding, timeline) = replay(backtest, 1_440, &events);
    Verdict::on_filter(backtest, &part, &sliding, &timeline)
}

fn recommended() -> Backtest {
    let control = by_key("cloudtrail_configuration_changes").unwrap();
    let mut backtest = control.backtest(&control.spellings[0]);
    backtest.alarm.alarm_actions = vec!["arn:aws:sns:us-east-1:111122223333:security".into()];
    backtest
}

#[test]
fn an_alarm_that_fires_tells_when_and_how_long() {
    let verdict = judged(&recommended(), &[10, 40]);
    assert_eq!((verdict.outcome, verdict.reason.as_str()), (Outcome::Fires(2), "Highest Sum 1, threshold 1"));
    assert_eq!(verdict.fired, Some((EpochMs(11 * 60_000), EpochMs(41 * 60_000))));
    assert_eq!((verdict.alarm_seconds, verdict.near_miss), (600, None));
    // The evaluation goes on for a quarter of an hour after the day.
    let week = verdict.per_week.unwrap();
    assert!((13.8..14.0).contains(&week), "{week}");
}

#[test]
fn an_average_of_ones_cannot_reach_ten() {
    let mut backtest = recommended();
    backtest.alarm.statistic = Some(Statistic::Average);
    backtest.alarm.threshold = 10.0;
    let verdict = judged(&backtest, &[10, 11]);
    assert_eq!(verdict.outcome, Outcome::CannotFire);
    assert_eq!(verdict.reason, "The Average of what this filter publishes is between 0 and 1, never ≥ 10");
}

#[test]
fn an_alarm_on_other_dimensions_sees_nothing() {
    let mut backtest = recommended();
    backtest.alarm.dimensions = vec![Dimension { name: "Service".into(), value: "x".into() }];
    let verdict = judged(&backtest, &[]);
    assert_eq!(verdict.outcome, Outcome::CannotFire);
    assert!(verdict.reason.starts_with("The alarm watches dimension “Service”"), "{}", verdict.reason);
    backtest.alarm.treat_missing_data = TreatMissingData::Breaching;
    assert_eq!(never_possible(&backtest), None);
}

#[test]
fn an_alarm_on_another_unit_sees_nothing() {
    let mut backtest = recommended();
    backtest.alarm.unit = Some("Count".into());
    let verdict = judged(&backtest, &[10]);
    let reason =
        "The alarm watches datapoints of unit Count, and the metric filter publishes unit None: it sees no data";
    assert_eq!((verdict.outcome, verdict.reason.as_str()), (Outcome::CannotFire, reason));
    backtest.filter.metric_transformations[0].unit = Some("Count".into());
    assert_eq!(judged(&backtest, &[10]).outcome, Outcome::Fires(1));
}

#[test]
fn a_near_miss_says_how_near_and_when() {
    let mut backtest = recommended();
    backtest.alarm.threshold = 4.0;
    let verdict = judged(&backtest, &[10, 11, 12]);
    assert_eq!((verdict.outcome, verdict.reason.as_str()), (Outcome::NeverFires, "Highest Sum 3, threshold 4"));
    let miss = verdict.near_miss.unwrap();
    assert_eq!((miss.time, miss.words().as_str()), (EpochMs(13 * 60_000), "3"));

    backtest.alarm.threshold = 1.0;
    (backtest.alarm.evaluation_periods, backtest.alarm.datapoints_to_alarm) = (3, Some(3));
    let miss = judged(&backtest, &[10, 14, 15]).near_miss.unwrap();
    assert_eq!((miss.breaching, miss.words().as_str()), (2, "2 of 3 datapoints breach, the next is 0"));
}

#[test]
fn silence_is_told_from_zeros() {
    let verdict = judged(&recommended(), &[]);
    assert_eq!(verdict.outcome, Outcome::NeverFires);
    assert_eq!(verdict.reason, "The metric filter matches no event: highest Sum 0, threshold 1");
    let mut backtest = recommended();
    backtest.filter.metric_transformations[0].default_value = None;
    let verdict = judged(&backtest, &[]);
    assert_eq!((verdict.outcome, verdict.reason.as_str()), (Outcome::NoData, "The metric filter matches no event"));
}

#[test]
fn zero_is_enough_for_an_alarm_that_never_rests() {
    let mut backtest = recommended();
    backtest.alarm.threshold = 0.0;
    let verdict = judged(&backtest, &[10]);
    assert_eq!(verdict.outcome, Outcome::AlwaysInAlarm);
    assert!(verdict.reason.starts_with("In ALARM "), "{}", verdict.reason);
}

#[test]
fn the_recommended_control_does_not_differ_and_others_say_how() {
    let mut backtest = recommended();
    let exact = Recommended::nearest_to(&backtest).unwrap();
    assert_eq!((exact.word(), exact.pattern, exact.phrases()), ("exact", Likeness::Exact, vec![]));
    assert_eq!(exact.control.title, "CloudTrail configuration changes");
    backtest.filter.filter_pattern = backtest.filter.filter_pattern.replace('=', " = ");
    assert_eq!(Recommended::nearest_to(&backtest).unwrap().word(), "equivalent");
    backtest.alarm.alarm_actions.clear();
    backtest.alarm.threshold = 2.0;
    backtest.filter.metric_transformations[0].metric_namespace = "Mine".into();
    let other = Recommended::nearest_to(&backtest).unwrap();
    let differences = [
        "white space or parentheses of the pattern",
        "namespace Mine instead of LogMetrics",
        "Sum over 5 minutes ≥ 2 instead of Sum over 5 minutes ≥ 1",
        "no action on ALARM that is known",
    ];
    assert_eq!((other.word(), other.phrases()), ("differs", differences.map(String::from).to_vec()));
}

fn any_backtest() -> impl Strategy<Value = Backtest> {
    let statistic =
        prop::sample::select(vec!["Sum", "Average", "Minimum", "Maximum", "SampleCount", "p90", "tm90", "TC(:80%)"]);
    let value = prop::sample::select(vec!["1", "0.1", "0", "-2", "$.bytes"]);
    let default = prop::option::of(prop::sample::select(vec![0.0, 3.0, -1.0]));
    let operator = prop::sample::select(ComparisonOperator::STATIC.to_vec());
    let treatments = [
        TreatMissingData::Missing,
        TreatMissingData::Ignore,
        TreatMissingData::Breaching,
        TreatMissingData::NotBreaching,
    ];
    let treatment = prop::sample::select(treatments.to_vec());
    let shape = (prop::sample::select(vec![60u32, 120, 300]), 1u32..4, 1u32..4);
    (statistic, value, default, operator, treatment, shape, -3i32..8).prop_map(
        |(statistic, value, default_value, comparison_operator, treat_missing_data, (period, n, m), threshold)| {
            let metric =
                MetricTransformation { metric_value: value.into(), default_value, ..MetricTransformation::default() };
            let mut alarm = MetricAlarm {
                period,
                evaluation_periods: n,
                datapoints_to_alarm: Some(m.min(n)),
                threshold: f64::from(threshold) / 2.0,
                comparison_operator,
                treat_missing_data,
                ..MetricAlarm::default()
            };
            lab::set_statistic(&mut alarm, statistic.parse().unwrap());
            let mut backtest = Backtest { alarm, ..Backtest::default() };
            backtest.filter.metric_transformations = vec![metric];
            backtest
        },
    )
}

/// Some minutes with matching events, several in one at times, and the value that one of a field may have.
fn any_events() -> impl Strategy<Value = Vec<(i64, f64)>> {
    prop::collection::vec((0i64..60, (-2i32..6).prop_map(f64::from)), 0..25)
}

/// Events as the filter publishes them: a constant is the same for all.
fn published(backtest: &Backtest, events: &[(i64, f64)]) -> Vec<(i64, f64)> {
    let constant = backtest.filter.metric_transformations[0].metric_value.parse().ok();
    events.iter().map(|(minute, value)| (*minute, constant.unwrap_or(*value))).collect()
}

/// What one evaluation lacked, from its own account of the periods.
fn lacking(alarm: &MetricAlarm, evaluation: &Evaluation) -> Option<(u32, f64)> {
    let counted = || (1..).zip(evaluation.periods.iter().rev()).filter(|(_, period)| period.counts());
    let known = Known { real: counted().count() as u32, oldest_age: counted().map(|(age, _)| age).last().unwrap_or(0) };
    let needed =
        Steps::new(known, alarm.evaluation_periods, alarm.datapoints_to_alarm(), alarm.treat_missing_data).alarm;
    let outside =
        counted().filter(|(_, period)| period.role == Role::NotBreaching).filter_map(|(_, period)| period.point);
    let nearest = outside.map(|point| (point.value - alarm.threshold).abs()).reduce(f64::min)?;
    (evaluation.breaching < needed && needed <= known.real).then(|| (needed - evaluation.breaching, nearest))
}

proptest! {
    #[test]
    fn what_cannot_fire_never_does(backtest in any_backtest(), events in any_events()) {
        prop_assert!(is_valid(&validate(&backtest.alarm)));
        if never_possible(&backtest).is_some() {
            let (_, _, timeline) = replay(&backtest, 60, &published(&backtest, &events));
            prop_assert_eq!(timeline.fires(), 0);
        }
    }

    #[test]
    fn the_near_miss_is_that_of_every_evaluation_laid_open(backtest in any_backtest(), events in any_events()) {
        let alarm = &backtest.alarm;
        let (_, sliding, timeline) = replay(&backtest, 60, &published(&backtest, &events));
        // The log ends with its 60th minute.
        let misses = (1..=60).filter_map(|minute| {
            let evaluation = look(alarm, &sliding, &timeline, Options::default(), EpochMs(minute * 60_000))?;
            let is_outside = timeline.state_at(evaluation.time).is_some_and(|state| state != AlarmState::Alarm);
            is_outside.then(|| lacking(alarm, &evaluation)).flatten()
        });
        let expected = misses.reduce(|a, b| if b < a { b } else { a });
        let found = near_miss(alarm, &sliding, &timeline, Options::default());
        prop_assert_eq!(found.map(|miss| (miss.needed - miss.breaching, miss.distance)), expected);
    }

    #[test]
    fn a_threshold_at_the_near_miss_fires(backtest in any_backtest(), events in any_events()) {
        use ComparisonOperator::GreaterThanOrEqualToThreshold;
        let mut backtest = backtest;
        backtest.alarm.comparison_operator = GreaterThanOrEqualToThreshold;
        let (_, sliding, timeline) = replay(&backtest, 60, &published(&backtest, &events));
        if timeline.fires() == 0
            && let Some(miss) = near_miss(&backtest.alarm, &sliding, &timeline, Options::default())
            && miss.needed - miss.breaching == 1
        {
            backtest.alarm.threshold = miss.value;
            let timeline = evaluate(&backtest.alarm, &sliding, Options::default()).unwrap();
            prop_assert!(timeline.fires() > 0);
        }
    }
}
