//! Questions to a million loaded events.

use super::data::engine;
use criterion::Criterion;
use std::cell::RefCell;
use std::rc::Rc;
use trailscope::base::time::MINUTE;
use trailscope::metric::Collector;
use trailscope::model::metric::{MetricFilter, MetricTransformation};
use trailscope::model::query::{Answer, Query, Scope};
use trailscope::query::Engine;

const EVENTS: u64 = 1_000_000;

/// Loading takes many seconds, so it happens once, and only if a question is measured.
fn loaded() -> Rc<RefCell<Engine>> {
    thread_local!(static LOADED: Rc<RefCell<Engine>> = Rc::new(RefCell::new(engine(EVENTS))));
    LOADED.with(Rc::clone)
}

/// Asks a question again and again; it gets a number to be a new one each time, because engines remember filters.
fn ask(criterion: &mut Criterion, group: &str, name: &str, question: impl Fn(u32) -> Query) {
    let mut run = 0;
    let mut group = criterion.benchmark_group(group);
    group.bench_function(name, |bencher| {
        let engine = loaded();
        bencher.iter(|| -> Answer {
            run += 1;
            engine.borrow_mut().answer(&question(run)).unwrap()
        });
    });
    group.finish();
}

/// A filter with two conditions that the engine has not seen.
fn pattern(run: u32) -> String {
    format!("{{ ($.eventName = \"ConsoleLogin\") && ($.errorMessage != \"run {run}\") }}")
}

/// Two conditions and bins of five minutes.
pub fn filter(criterion: &mut Criterion) {
    ask(criterion, "filter", "two conditions, 5-minute bins", |run| Query::Histogram {
        scope: Scope { pattern: pattern(run), ..Scope::default() },
        step_ms: 5 * MINUTE,
        offset_ms: 0,
    });
}

/// Events by the values of a field: few different ones, and many.
pub fn group(criterion: &mut Criterion) {
    for field in ["eventName", "sourceIPAddress"] {
        ask(criterion, "group", field, |_| Query::Group {
            scope: Scope::default(),
            field: field.into(),
            contains: String::new(),
            limit: 100,
            named: Vec::new(),
            spans: false,
        });
    }
}

/// A metric filter from its pattern to its samples, and the collection of samples alone.
pub fn metric(criterion: &mut Criterion) {
    ask(criterion, "metric", "filter, 1 M events", |run| Query::Series {
        filter: MetricFilter {
            filter_pattern: pattern(run),
            metric_transformations: vec![MetricTransformation::default()],
            ..MetricFilter::default()
        },
        keep_duplicates: false,
    });
    criterion.bench_function("metric/collect, 1 M events in 90 days", |bencher| {
        bencher.iter(|| {
            let mut collector = Collector::new(0);
            for event in 0..1_000_000i64 {
                let minute = event * 90 * 1_440 / 1_000_000;
                collector.log_event(minute);
                if event % 7 == 0 {
                    collector.matched(minute, Some(1.0), None);
                }
            }
            collector.finish()
        });
    });
}
