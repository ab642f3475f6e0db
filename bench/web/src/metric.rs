//! A metric in memory and the alarms tried on it: what the page does when somebody looks for a good threshold.

use std::hint::black_box;
use trailscope::alarm::{Options, sweep};
use trailscope::metric::{Samples, sliding};
use trailscope::model::alarm::MetricAlarm;
use trailscope::model::metric::{MetricFilter, MetricTransformation};
use trailscope::model::query::{Answer, Query};
use trailscope::query::Engine;
use wasm_bindgen::prelude::*;

/// Seconds.
const PERIODS: [u32; 4] = [60, 300, 900, 3600];
const THRESHOLDS: [f64; 10] = [1.0, 2.0, 3.0, 5.0, 8.0, 13.0, 21.0, 34.0, 55.0, 89.0];
const M_OF_N: [(u32, u32); 5] = [(1, 1), (1, 3), (2, 3), (3, 3), (3, 5)];

/// All samples of a metric.
#[wasm_bindgen]
pub struct Metric(Samples);

impl Metric {
    pub(crate) fn of(engine: &mut Engine, pattern: &str) -> Result<Self, JsError> {
        let filter = MetricFilter {
            filter_pattern: pattern.into(),
            metric_transformations: vec![MetricTransformation::default()],
            ..MetricFilter::default()
        };
        match engine.answer(&Query::Series { filter, keep_duplicates: false }) {
            Ok(Answer::Series(part)) => Ok(Self(Samples::new(&part, &[], Some(0.0)))),
            Ok(_) => Err(JsError::new("the engine answered another question")),
            Err(error) => Err(JsError::new(&error.message)),
        }
    }
}

#[wasm_bindgen]
impl Metric {
    /// Tries 200 alarms: four periods, ten thresholds, five M of N. Answers how often all of them fire.
    pub fn sweep(&self) -> f64 {
        let alarm = MetricAlarm::default();
        let fires = |period| {
            let values = sliding(&self.0, alarm.statistic(), period);
            let cells = sweep(&alarm, &values, &THRESHOLDS, &M_OF_N, Options::default());
            black_box(cells).into_iter().flatten().flatten().map(|outcome| outcome.fires).sum::<usize>()
        };
        PERIODS.into_iter().map(fires).sum::<usize>() as f64
    }
}
