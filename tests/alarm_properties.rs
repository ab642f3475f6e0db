//! Timelines against an evaluation minute by minute that follows the specification word by word.

#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use trailscope::alarm::actions::simulate;
use trailscope::alarm::missing_data::{self, Datapoint};
use trailscope::alarm::window::{Schedule, enough_samples, evaluation_range};
use trailscope::alarm::{Options, Timeline, evaluate, explain, headline};
use trailscope::base::EpochMs;
use trailscope::metric::{Collector, Samples, sliding};
use trailscope::model::alarm::{
    AlarmState, ComparisonOperator, LowSampleCountPercentile, MetricAlarm, TreatMissingData,
};
use trailscope::model::metric::Statistic;
use trailscope::model::series::Sliding;

/// States entered and when, by evaluating one tick after the other.
fn naive(alarm: &MetricAlarm, sliding: &Sliding) -> Vec<(EpochMs, AlarmState)> {
    let Some((first, last)) = sliding.log_minutes else { return Vec::new() };
    let step = i64::from(sliding.step_s) * 1_000;
    let (n, m) = (alarm.evaluation_periods, alarm.datapoints_to_alarm());
    let range = i64::from(evaluation_range(n));
    let schedule = Schedule::new(alarm.period, n, 3);
    let log_end = (last + 1) * 60_000;
    let end = log_end + range * i64::from(alarm.period) * 1_000 + step;
    let mut state = AlarmState::InsufficientData;
    let mut entered = Vec::new();
    let mut time = first * 60_000 + step;
    while time <= end {
        if schedule.at_or_after(EpochMs(time)).0 == time {
            let data_end = schedule.data_end(EpochMs(time));
            let values: Vec<Option<(f64, u32)>> =
                (0..range).rev().map(|back| sliding.at(data_end.0 / step - back * sliding.period_ticks())).collect();
            let points: Vec<Datapoint> = values
                .iter()
                .map(|value| match value {
                    None => Datapoint::Missing,
                    Some((value, _))
                        if alarm.comparison_operator.breaches(*value, alarm.threshold, alarm.threshold) =>
                    {
                        Datapoint::Breaching
                    }
                    Some(_) => Datapoint::NotBreaching,
                })
                .collect();
            let too_few = match (alarm.statistic(), alarm.evaluate_low_sample_count_percentile) {
                (Statistic::Percentile(p), LowSampleCountPercentile::Ignore) => values
                    .iter()
                    .rev()
                    .flatten()
                    .take(n as usize)
                    .any(|(_, count)| !enough_samples(p, u64::from(*count))),
                _ => false,
            };
            let next =
                if too_few { state } else { missing_data::evaluate(&points, n, m, alarm.treat_missing_data, state) };
            if next != state {
                if next == AlarmState::Alarm && data_end.0 > log_end {
                    break;
                }
                state = next;
                entered.push((EpochMs(time), state));
            }
        }
        time += step;
    }
    entered
}

fn entered(timeline: &Timeline) -> Vec<(EpochMs, AlarmState)> {
    timeline.transitions.iter().map(|transition| (transition.time, transition.to)).collect()
}

fn samples() -> impl Strategy<Value = Samples> {
    let event = (0i64..120, prop::option::weighted(0.8, 0i32..5));
    // Sometimes a second stretch of history, farther away than any evaluation range.
    let far = prop::option::weighted(0.1, Just(32_000i64));
    (prop::collection::vec(event, 0..80), far).prop_map(|(events, far)| {
        let mut collector = Collector::new(0);
        for (minute, value) in events {
            let minute = if value == Some(0) { far.unwrap_or(0) + minute } else { minute };
            collector.log_event(minute);
            if let Some(value) = value {
                collector.matched(minute, Some(f64::from(value)), None);
            }
        }
        Samples::new(&collector.finish(), &[], None)
    })
}

fn alarms() -> impl Strategy<Value = MetricAlarm> {
    use TreatMissingData::{Breaching, Ignore, Missing, NotBreaching};
    let treatment = prop::sample::select(vec![Missing, Ignore, Breaching, NotBreaching]);
    let operator = prop::sample::select(ComparisonOperator::STATIC.to_vec());
    let period = prop::sample::select(vec![10u32, 20, 30, 60, 120, 300, 420]);
    let statistic = prop::sample::select(vec!["Sum", "SampleCount", "Maximum", "p20"]);
    (period, 1u32..8, 1u32..8, treatment, operator, 0i32..6, statistic, any::<bool>()).prop_map(
        |(period, n, m, treat_missing_data, comparison_operator, threshold, statistic, ignore)| {
            let statistic: Statistic = statistic.parse().unwrap();
            let is_percentile = matches!(statistic, Statistic::Percentile(_));
            MetricAlarm {
                period,
                evaluation_periods: n,
                datapoints_to_alarm: Some(m.min(n)),
                threshold: f64::from(threshold),
                comparison_operator,
                treat_missing_data,
                statistic: (!is_percentile).then_some(statistic),
                extended_statistic: is_percentile.then_some(statistic),
                evaluate_low_sample_count_percentile: if ignore {
                    LowSampleCountPercentile::Ignore
                } else {
                    LowSampleCountPercentile::Evaluate
                },
                ..MetricAlarm::default()
            }
        },
    )
}

proptest! {
    #[test]
    fn timeline_equals_an_evaluation_minute_by_minute(samples in samples(), alarm in alarms()) {
        let sliding = sliding(&samples, alarm.statistic(), alarm.period);
        let timeline = evaluate(&alarm, &sliding, Options::default()).unwrap();
        prop_assert_eq!(entered(&timeline), naive(&alarm, &sliding));
        for spans in timeline.spans.windows(2) {
            prop_assert_eq!(spans[0].to, spans[1].from);
            prop_assert!(spans[0].state != spans[1].state && spans[0].from < spans[0].to);
        }
        for transition in &timeline.transitions {
            prop_assert!(!explain(&alarm, &sliding, transition).text.is_empty());
            prop_assert_eq!(timeline.state_at(transition.time).unwrap_or(transition.to), transition.to);
        }
    }
}

#[test]
fn multi_day_alarms_are_evaluated_hourly_on_full_hours() {
    let mut collector = Collector::new(0);
    for minute in 0..3 * 1_440 {
        collector.log_event(minute);
        if (1_500..1_530).contains(&minute) {
            collector.matched(minute, Some(1.0), None);
        }
    }
    let samples = Samples::new(&collector.finish(), &[], Some(0.0));
    let alarm =
        MetricAlarm { period: 3_600, evaluation_periods: 25, datapoints_to_alarm: Some(1), ..MetricAlarm::default() };
    let sliding = sliding(&samples, Statistic::Sum, alarm.period);
    let timeline = evaluate(&alarm, &sliding, Options::default()).unwrap();
    assert_eq!(entered(&timeline), naive(&alarm, &sliding));
    assert_eq!(timeline.fires(), 1);
    let minutes: Vec<i64> = timeline.transitions.iter().map(|transition| transition.time.0 / 60_000).collect();
    // Events from minute 1500 (25:00): seen by the evaluation at 26:03; 25 hours later the hour leaves the periods.
    assert_eq!(minutes, [3, 26 * 60 + 3, 51 * 60 + 3]);
}

#[test]
fn the_end_of_the_log_ends_alarms_but_starts_none() {
    let mut collector = Collector::new(0);
    for minute in 0..10 {
        collector.log_event(minute);
        collector.matched(minute, Some(1.0), None);
    }
    let samples = Samples::new(&collector.finish(), &[], None);
    let alarm = MetricAlarm { period: 60, ..MetricAlarm::default() };
    let evaluate = |alarm: &MetricAlarm| {
        evaluate(alarm, &sliding(&samples, Statistic::Sum, alarm.period), Options::default()).unwrap()
    };
    let timeline = evaluate(&alarm);
    let last = timeline.transitions.last().unwrap();
    // The newest real datapoint stays in the evaluation range of three periods until 0:12.
    assert_eq!((last.time, last.to), (EpochMs(13 * 60_000), AlarmState::Ok));
    assert_eq!(headline(&timeline, |time| time.to_rfc3339()), "fires once, 12 m in ALARM, 1970-01-01T00:01:00Z");
    let heartbeat = MetricAlarm {
        comparison_operator: ComparisonOperator::LessThanThreshold,
        treat_missing_data: TreatMissingData::Breaching,
        ..alarm
    };
    assert_eq!(evaluate(&heartbeat).fires(), 0);
}

#[test]
fn reasons_read_like_cloudwatch_notifications() {
    let mut collector = Collector::new(0);
    for minute in 0..30 {
        collector.log_event(minute);
    }
    collector.matched(5, Some(50.5), None);
    let samples = Samples::new(&collector.finish(), &[], None);
    let alarm = MetricAlarm {
        period: 60,
        threshold: 50.0,
        comparison_operator: ComparisonOperator::GreaterThanThreshold,
        alarm_actions: vec!["arn:aws:sns:eu-west-1:111122223333:pager".into()],
        ..MetricAlarm::default()
    };
    let sliding = sliding(&samples, Statistic::Sum, alarm.period);
    let timeline = evaluate(&alarm, &sliding, Options::default()).unwrap();
    let texts: Vec<String> =
        timeline.transitions.iter().map(|transition| explain(&alarm, &sliding, transition).text).collect();
    assert_eq!(
        texts,
        [
            "Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint was treated as [NonBreaching].",
            "Threshold Crossed: 1 out of the last 1 datapoint [50.5 (01/01/70 00:05:00)] was greater than the threshold (50.0) \
             (minimum 1 datapoint for OK -> ALARM transition).",
            "Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint was treated as [NonBreaching].",
        ]
    );
    let actions: Vec<_> = simulate(&alarm, &timeline).collect();
    assert_eq!(actions.len(), 1);
    assert_eq!((actions[0].name(), actions[0].state, actions[0].repeats), ("pager", AlarmState::Alarm, 0));
}

#[test]
fn an_alarm_that_the_service_refuses_is_not_evaluated() {
    let alarm = MetricAlarm { evaluation_periods: 0, ..MetricAlarm::default() };
    let problems = evaluate(&alarm, &Sliding::default(), Options::default()).unwrap_err();
    assert!(problems.iter().any(|problem| problem.field == "EvaluationPeriods"));
}

#[test]
fn without_any_log_event_there_is_no_history() {
    let alarm = MetricAlarm::default();
    let sliding = sliding(&Samples::default(), Statistic::Sum, alarm.period);
    let timeline = evaluate(&alarm, &sliding, Options::default()).unwrap();
    assert_eq!(timeline, Timeline::default());
    assert_eq!(headline(&timeline, |_| String::new()), "never fires");
}
