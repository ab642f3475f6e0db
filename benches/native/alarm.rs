//! What happens while a threshold is dragged, and a sweep of 200 alarms beside as many evaluations.

use criterion::Criterion;
use trailscope::alarm::{self, Options, evaluate};
use trailscope::base::EpochMs;
use trailscope::metric::{Collector, Samples, sliding};
use trailscope::model::alarm::MetricAlarm;
use trailscope::model::series::Sliding;
use trailscope::model::statistic::Statistic;
use trailscope::view::TimeRange;
use trailscope::view::chart::backtest::{self, Layout, Shape};
use trailscope::view::chart::line::sliding_columns;
use trailscope::view::chart::{Curve, TimeScale, ribbon};

const MINUTES: i64 = 90 * 1_440;
const THRESHOLDS: [f64; 10] = [1.0, 2.0, 4.0, 8.0, 12.0, 20.0, 40.0, 60.0, 150.0, 250.0];
const M_OF_N: [(u32, u32); 5] = [(1, 1), (2, 2), (3, 3), (2, 3), (3, 5)];

/// 90 days of up to seven events a minute, none in minutes that are quiet. A minute without events has no sample.
fn samples(is_quiet: fn(i64) -> bool) -> Samples {
    let mut collector = Collector::new(0);
    let mut state = 1u64;
    for minute in 0..MINUTES {
        collector.log_event(minute);
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let events = if is_quiet(minute) { 0 } else { (state >> 32) % 8 };
        (0..events).for_each(|_| collector.matched(minute, Some(1.0), None));
    }
    Samples::new(&collector.finish(), &[], None)
}

fn slidings(samples: &Samples) -> Vec<Sliding> {
    [60, 300, 900, 3_600].map(|period| sliding(samples, Statistic::Sum, period)).into()
}

fn busy(_: i64) -> bool {
    false
}

fn rare(minute: i64) -> bool {
    minute % 33 > 0
}

fn two_of_three() -> MetricAlarm {
    MetricAlarm { evaluation_periods: 3, datapoints_to_alarm: Some(2), threshold: 20.0, ..MetricAlarm::default() }
}

/// A new threshold, what is drawn then, and a new period.
pub fn alarm(criterion: &mut Criterion) {
    let samples = samples(busy);
    let alarm = two_of_three();
    let values = sliding(&samples, Statistic::Sum, alarm.period);
    let mut group = criterion.benchmark_group("alarm");
    group.bench_function("evaluate", |bencher| bencher.iter(|| evaluate(&alarm, &values, Options::default()).unwrap()));
    let layout = Layout::new(1_200.0, 240.0);
    let range = TimeRange { from: EpochMs(0), to: EpochMs(MINUTES * 60_000) };
    let time = TimeScale::new(range, &layout.plot);
    let timeline = evaluate(&alarm, &values, Options::default()).unwrap();
    let stretches = sliding_columns(&values, &time, &layout.plot);
    let scale = backtest::value_scale(&stretches, &alarm, Curve::Linear, &layout);
    group.bench_function("draw", |bencher| {
        bencher.iter(|| {
            let states = ribbon::cells(&timeline.spans, &time);
            backtest::draw(&layout, &time, &scale, (Shape::Sliding, &stretches), &alarm, &states, 0)
        });
    });
    group.bench_function("columns", |bencher| bencher.iter(|| sliding_columns(&values, &time, &layout.plot)));
    group.bench_function("slide", |bencher| bencher.iter(|| sliding(&samples, Statistic::Sum, alarm.period)));
    group.finish();
}

/// 10 thresholds × 4 periods × 5 M of N; with a value nearly every minute, and with none in most.
pub fn sweep(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("sweep");
    let alarm = two_of_three();
    for (name, is_quiet) in [("busy", busy as fn(i64) -> bool), ("rare", rare)] {
        let slidings = slidings(&samples(is_quiet));
        group.bench_function(format!("200 alarms at once, {name}"), |bencher| {
            bencher.iter(|| {
                let sweep = |values| alarm::sweep(&alarm, values, &THRESHOLDS, &M_OF_N, Options::default());
                slidings.iter().map(sweep).collect::<Vec<_>>()
            });
        });
        group
            .bench_function(format!("one after the other, {name}"), |bencher| bencher.iter(|| each(&alarm, &slidings)));
    }
    group.finish();
}

/// How often all the alarms of the sweep fire, one evaluated after the other.
fn each(alarm: &MetricAlarm, slidings: &[Sliding]) -> usize {
    let mut fires = 0;
    for values in slidings {
        for (m, n) in M_OF_N {
            for threshold in THRESHOLDS {
                let alarm = MetricAlarm {
                    period: values.period_s,
                    evaluation_periods: n,
                    datapoints_to_alarm: Some(m),
                    threshold,
                    ..alarm.clone()
                };
                fires += evaluate(&alarm, values, Options::default()).unwrap().fires();
            }
        }
    }
    fires
}
