//! Metrics against the plainest possible recomputation, and the merge laws of their partial answers.

#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use trailscope::metric::{Collector, Samples, series, sliding, statistic};
use trailscope::model::Merge;
use trailscope::model::partial::SeriesPart;
use trailscope::model::series::Sliding;
use trailscope::model::statistic::Statistic;

/// A log event: minute, and for matching ones the value and dimension fields.
#[derive(Clone, Debug)]
struct Event {
    minute: i64,
    matched: Option<(Option<f64>, Option<Vec<String>>)>,
}

fn events(dimensions: bool) -> impl Strategy<Value = Vec<Event>> {
    // Quarters add up exactly in any order, so sums can be compared bit for bit.
    let value = prop_oneof![8 => (0i32..40).prop_map(|v| Some(f64::from(v) / 4.0)), 1 => Just(None)];
    let set = prop_oneof![8 => "[ab]{0,2}".prop_map(|name| Some(vec![name])), 1 => Just(None)];
    let matched = prop::option::of((value, if dimensions { set.boxed() } else { Just(None).boxed() }));
    let minute = prop_oneof![20 => -40i64..200, 1 => Just(28_000_000), 1 => Just(28_100_000)];
    prop::collection::vec((minute, matched).prop_map(|(minute, matched)| Event { minute, matched }), 0..60)
}

fn collect(events: &[Event], dimension_count: usize) -> SeriesPart {
    let mut collector = Collector::new(dimension_count);
    for event in events {
        collector.log_event(event.minute);
        if let Some((value, dimensions)) = &event.matched {
            collector.matched(event.minute, *value, dimensions.clone());
        }
    }
    collector.finish()
}

fn merged(parts: impl IntoIterator<Item = SeriesPart>) -> SeriesPart {
    parts.into_iter().fold(SeriesPart::default(), |mut all, part| {
        all.merge(part);
        all
    })
}

fn any_statistic() -> impl Strategy<Value = Statistic> {
    prop::sample::select(vec![
        "SampleCount",
        "Sum",
        "Average",
        "Minimum",
        "Maximum",
        "p50",
        "p90",
        "p99.9",
        "p1",
        "p100",
        "tm90",
        "IQM",
        "TM(1:3)",
        "TC(10%:80%)",
        "TS(:2)",
        "wm75",
        "WM(0.5:2)",
        "PR(1:)",
    ])
    .prop_map(|text| text.parse().unwrap())
}

/// All samples in minutes `[from, to)` by the rules of the specification, straight from the events.
fn naive(events: &[Event], default: Option<f64>, from: i64, to: i64) -> Vec<(f64, u64)> {
    let mut samples = Vec::new();
    for minute in from..to {
        let here: Vec<&Event> = events.iter().filter(|event| event.minute == minute).collect();
        samples.extend(here.iter().filter_map(|event| Some((event.matched.as_ref()?.0?, 1))));
        if !here.is_empty() && here.iter().all(|event| event.matched.is_none()) {
            samples.extend(default.map(|value| (value, 1)));
        }
    }
    samples
}

proptest! {
    #[test]
    fn sliding_values_equal_a_recomputation(
        events in events(false), default in prop::option::of(Just(0.25)), statistic in any_statistic(), period in 1u32..30,
    ) {
        let samples = Samples::new(&collect(&events, 0), &[], default);
        let sliding = sliding(&samples, statistic, period * 60);
        for end in -45..240 {
            let window = naive(&events, default, end - i64::from(period), end);
            let expect = statistic::of(statistic, &window);
            prop_assert_eq!(sliding.at(end).map(|(value, _)| value), expect, "period ending at {}", end);
            if expect.is_some() {
                prop_assert_eq!(sliding.at(end).unwrap().1, window.len() as u32);
            }
        }
        for run in sliding.runs.windows(2) {
            prop_assert!(run[1].first_end - run[0].first_end - run[0].values.len() as i64 >= Sliding::GAP_S / 60);
        }
        prop_assert_eq!(sliding.omitted, 0);
    }

    #[test]
    fn periods_equal_a_recomputation(
        events in events(false), default in prop::option::of(Just(0.25)), statistic in any_statistic(), period in 1u32..30,
    ) {
        let samples = Samples::new(&collect(&events, 0), &[], default);
        let series = series(&samples, statistic, period * 60);
        let length = i64::from(period);
        for index in (-45i64).div_euclid(length)..240i64.div_euclid(length) {
            let expect = statistic::of(statistic, &naive(&events, default, index * length, (index + 1) * length));
            let got = series.points.iter().find(|point| point.start.0 == index * length * 60_000);
            prop_assert_eq!(got.map(|point| point.value), expect);
        }
    }

    #[test]
    fn parts_merge_in_any_grouping_and_order(events in events(true), cut in 0usize..60, other in 0usize..60) {
        let (low, high) = (cut.min(other).min(events.len()), cut.max(other).min(events.len()));
        let whole = collect(&events, 1);
        let [a, b, c] = [&events[..low], &events[low..high], &events[high..]].map(|part| collect(part, 1));
        prop_assert_eq!(&merged([whole.clone(), SeriesPart::default()]), &whole);
        prop_assert_eq!(&merged([a.clone(), b.clone(), c.clone()]), &whole);
        prop_assert_eq!(&merged([c.clone(), a.clone(), b.clone()]), &whole);
        prop_assert_eq!(&merged([a, merged([b, c])]), &whole);
    }
}

#[test]
fn percentiles_are_unavailable_for_metrics_with_a_negative_value() {
    let mut collector = Collector::new(0);
    collector.matched(0, Some(1.0), None);
    collector.matched(1_000, Some(-1.0), None);
    let samples = Samples::new(&collector.finish(), &[], None);
    let p50 = "p50".parse().unwrap();
    assert!(series(&samples, p50, 60).points.is_empty());
    assert_eq!(sliding(&samples, p50, 60).at(1), None);
    assert_eq!(sliding(&samples, Statistic::Minimum, 60).at(1_001), Some((-1.0, 1)));
}

#[test]
fn a_minute_stands_at_its_beginning_for_shorter_periods() {
    let mut collector = Collector::new(0);
    collector.log_event(7);
    collector.matched(7, Some(1.0), None);
    let samples = Samples::new(&collector.finish(), &[], None);
    let sliding = sliding(&samples, Statistic::Sum, 20);
    let with_data: Vec<i64> = (35..60).filter(|&tick| sliding.at(tick).is_some()).collect();
    assert_eq!(with_data, [43, 44], "ten-second ticks: 7:00–7:20 and 6:50–7:10");
    assert_eq!(series(&samples, Statistic::Sum, 20).points[0].start.0, 7 * 60_000);
}

#[test]
fn a_history_of_many_centuries_stays_small() {
    let mut collector = Collector::new(0);
    for twentieth_day in 0..100_000 {
        collector.matched(twentieth_day * 20 * 1_440, Some(1.0), None);
    }
    let samples = Samples::new(&collector.finish(), &[], None);
    let sliding = sliding(&samples, Statistic::Sum, 300);
    let ticks: usize = sliding.runs.iter().map(|run| run.values.len()).sum();
    assert!(ticks <= Sliding::MAX_TICKS && sliding.omitted > 0, "{ticks} ticks, {} samples omitted", sliding.omitted);
    assert_eq!(sliding.at(99_999 * 20 * 1_440 + 1), Some((1.0, 1)), "the newest samples are kept");
}
