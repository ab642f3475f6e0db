//! Timelines against an evaluation minute by minute that follows the specification word by word.

#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use trailscope::alarm::actions::{ActionLists, simulate};
use trailscope::alarm::dispatch::dispatch;
use trailscope::alarm::missing_data::{self, Datapoint};
use trailscope::alarm::window::{Schedule, enough_samples, evaluation_range};
use trailscope::alarm::{Options, Outcome, Timeline, evaluate, explain, headline, look, sweep};
use trailscope::base::EpochMs;
use trailscope::metric::{Collector, Samples, sliding};
use trailscope::model::alarm::{
    AlarmState, ComparisonOperator, LowSampleCountPercentile, MetricAlarm, TreatMissingData,
};
use trailscope::model::series::Sliding;
use trailscope::model::statistic::Statistic;

/// "Configuring how CloudWatch alarms treat missing data", sentence by sentence; `points` oldest first.
fn rule(points: &[Datapoint], n: u32, m: u32, treatment: TreatMissingData, current: AlarmState) -> AlarmState {
    let real: Vec<usize> = (0..points.len()).rev().filter(|at| points[*at] != Datapoint::Missing).collect();
    let (n, m) = (n as usize, m as usize);
    let breaching = real.iter().take(n).filter(|at| points[**at] == Datapoint::Breaching).count();
    let alarm_if = |alarm| if alarm { AlarmState::Alarm } else { AlarmState::Ok };
    if real.len() >= n {
        return alarm_if(breaching >= m);
    }
    let all_breach = breaching == real.len();
    match treatment {
        TreatMissingData::Breaching => alarm_if(breaching + n - real.len() >= m),
        TreatMissingData::NotBreaching => alarm_if(breaching >= m),
        TreatMissingData::Missing if real.is_empty() => AlarmState::InsufficientData,
        TreatMissingData::Ignore if real.is_empty() => current,
        _ if breaching >= m => AlarmState::Alarm,
        _ if !all_breach => AlarmState::Ok,
        TreatMissingData::Missing => alarm_if(points.len() - real[real.len() - 1] >= m),
        TreatMissingData::Ignore => current,
    }
}

/// States entered and when, by evaluating one tick after the other.
fn naive(alarm: &MetricAlarm, sliding: &Sliding) -> Vec<(EpochMs, AlarmState)> {
    let Some((first, last)) = sliding.log_minutes else { return Vec::new() };
    let step = i64::from(sliding.step_s) * 1_000;
    let (n, m) = (alarm.evaluation_periods, alarm.datapoints_to_alarm());
    let range = i64::from(evaluation_range(n));
    let schedule = Schedule::new(alarm.period, n, 3);
    let log_end = (last + 1) * 60_000;
    let end = schedule.at_or_after(EpochMs(log_end + range * i64::from(alarm.period) * 1_000 + step)).0;
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
            let next = if too_few { state } else { rule(&points, n, m, alarm.treat_missing_data, state) };
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

/// A value in every minute of some hours but for a few.
fn samples_with_holes() -> impl Strategy<Value = Samples> {
    (prop::collection::vec(0i32..5, 300), prop::collection::vec(0usize..300, 0..3)).prop_map(|(values, holes)| {
        let mut collector = Collector::new(0);
        for (minute, value) in (0..).zip(values).filter(|(minute, _)| !holes.contains(minute)) {
            collector.log_event(minute as i64);
            collector.matched(minute as i64, Some(f64::from(value)), None);
        }
        Samples::new(&collector.finish(), &[], None)
    })
}

/// Events of some days, for alarms that span more than one.
fn samples_of_days() -> impl Strategy<Value = Samples> {
    prop::collection::vec((0i64..6 * 1_440, prop::option::weighted(0.8, 0i32..5)), 0..300).prop_map(|events| {
        let mut collector = Collector::new(0);
        for (minute, value) in events {
            collector.log_event(minute);
            if let Some(value) = value {
                collector.matched(minute, Some(f64::from(value)), None);
            }
        }
        Samples::new(&collector.finish(), &[], None)
    })
}

fn multi_day_alarms() -> impl Strategy<Value = MetricAlarm> {
    // 3,660 seconds: a period that is no whole number of evaluations.
    let period = prop::sample::select(vec![3_600u32, 3_660, 7_200, 43_200]);
    (alarms(), period, 0u32..4).prop_map(|(alarm, period, more)| {
        let n = 86_400 / period + 1 + more;
        MetricAlarm {
            period,
            evaluation_periods: n,
            datapoints_to_alarm: Some(alarm.datapoints_to_alarm().min(n)),
            ..alarm
        }
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
    fn timeline_equals_an_evaluation_minute_by_minute(
        samples in prop_oneof![samples(), samples_with_holes()],
        alarm in alarms(),
    ) {
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

proptest! {
    #[test]
    fn timelines_of_multi_day_alarms_equal_an_evaluation_hour_by_hour(
        samples in samples_of_days(),
        alarm in multi_day_alarms(),
    ) {
        let sliding = sliding(&samples, alarm.statistic(), alarm.period);
        let timeline = evaluate(&alarm, &sliding, Options::default()).unwrap();
        prop_assert_eq!(entered(&timeline), naive(&alarm, &sliding));
    }

    #[test]
    fn an_evaluation_laid_open_comes_to_the_state_of_the_timeline(
        (samples, alarm) in prop_oneof![
            (samples(), alarms()), (samples_with_holes(), alarms()), (samples_of_days(), multi_day_alarms())
        ],
        initial_state in prop::sample::select(vec![AlarmState::Ok, AlarmState::Alarm, AlarmState::InsufficientData]),
        hourly_offset in 0i64..60,
    ) {
        let sliding = sliding(&samples, alarm.statistic(), alarm.period);
        let options = Options { initial_state, hourly_offset };
        let timeline = evaluate(&alarm, &sliding, options).unwrap();
        let (Some(first), Some(last)) = (timeline.spans.first(), timeline.spans.last()) else { return Ok(()) };
        let step = i64::from(sliding.step_s) * 1_000;
        let mut laid_open = 0;
        for time in (first.from.0..last.to.0).step_by(step as usize).map(EpochMs) {
            let Some(evaluation) = look(&alarm, &sliding, &timeline, options, time) else { continue };
            laid_open += 1;
            prop_assert!(evaluation.time <= time);
            prop_assert_eq!(timeline.state_at(evaluation.time), Some(evaluation.after), "{:?}", evaluation);
            prop_assert_eq!(evaluation.periods.len() as u32, evaluation_range(alarm.evaluation_periods));
        }
        prop_assert!(laid_open > 0 || last.to.0 - first.from.0 <= 3_600_000);
        prop_assert_eq!(look(&alarm, &sliding, &timeline, options, EpochMs(first.from.0 - 1)), None);
    }

    #[test]
    fn every_cell_of_a_sweep_is_the_outcome_of_its_alarm(
        (samples, alarm) in prop_oneof![(samples(), alarms()), (samples_of_days(), multi_day_alarms())],
        pairs in prop::collection::vec((0u32..6, 0u32..9), 0..6),
        thresholds in prop::collection::vec(prop::sample::select(vec![0.0, 1.0, 2.5, 4.0, 7.0, f64::NAN]), 0..5),
        initial_state in prop::sample::select(vec![AlarmState::Ok, AlarmState::Alarm, AlarmState::InsufficientData]),
        hourly_offset in 0i64..60,
    ) {
        let sliding = sliding(&samples, alarm.statistic(), alarm.period);
        let options = Options { initial_state, hourly_offset };
        let own = (alarm.datapoints_to_alarm(), alarm.evaluation_periods);
        let pairs: Vec<(u32, u32)> = pairs.into_iter().chain([own]).collect();
        let rows = sweep(&alarm, &sliding, &thresholds, &pairs, options);
        prop_assert_eq!(rows.len(), pairs.len());
        for (row, (m, n)) in rows.iter().zip(pairs) {
            prop_assert_eq!(row.len(), thresholds.len());
            for (cell, threshold) in row.iter().zip(&thresholds) {
                let alarm = MetricAlarm {
                    threshold: *threshold,
                    evaluation_periods: n,
                    datapoints_to_alarm: Some(m),
                    ..alarm.clone()
                };
                let timeline = evaluate(&alarm, &sliding, options).ok();
                prop_assert_eq!(*cell, timeline.as_ref().map(Outcome::of));
                let (Some(cell), Some(timeline)) = (cell, timeline) else { continue };
                let entered = entered(&timeline).into_iter().find(|(_, state)| *state == AlarmState::Alarm);
                prop_assert_eq!(cell.fires, timeline.fires());
                prop_assert_eq!(cell.alarm_seconds, timeline.seconds_in(AlarmState::Alarm));
                prop_assert_eq!(cell.longest_alarm, timeline.longest_alarm());
                prop_assert_eq!(cell.first_alarm, entered.map(|(time, _)| time));
            }
        }
    }

    #[test]
    fn missing_data_is_treated_as_documented(
        points in prop::collection::vec(
            prop::sample::select(vec![Datapoint::Breaching, Datapoint::NotBreaching, Datapoint::Missing]),
            1..10,
        ),
        (n, m) in (1u32..8, 1u32..8),
        treatment in prop::sample::select(vec![
            TreatMissingData::Missing,
            TreatMissingData::Ignore,
            TreatMissingData::Breaching,
            TreatMissingData::NotBreaching,
        ]),
        current in prop::sample::select(vec![AlarmState::Ok, AlarmState::Alarm, AlarmState::InsufficientData]),
    ) {
        let m = m.min(n);
        prop_assert_eq!(
            missing_data::evaluate(&points, n, m, treatment, current),
            rule(&points, n, m, treatment, current)
        );
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
    let dispatches = dispatch(&timeline, true, None, &[]);
    let actions: Vec<_> = simulate(ActionLists::from(&alarm), &timeline, &dispatches, &[]).collect();
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
