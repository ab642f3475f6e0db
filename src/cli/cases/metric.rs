//! Kinds of `metrics.json` about statistics, periods and metric math.

use super::{Compared, Ran, clock, minute_of_day};
use crate::base::EpochMs;
use crate::base::time::MINUTE;
use crate::metric::math::{Grid, Known, Type, Value, check, evaluate, parse};
use crate::metric::{Collector, Samples, series, statistic as statistics};
use crate::model::statistic::Statistic as StatisticName;
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
pub struct Statistic {
    values: Vec<f64>,
    statistic: String,
    expect: Option<f64>,
}

pub fn statistic(case: &Statistic) -> Ran {
    let statistic: StatisticName = case.statistic.parse()?;
    let samples: Vec<(f64, u64)> = case.values.iter().map(|&value| (value, 1)).collect();
    Ok(Compared::equal(&case.expect, &statistics::of(statistic, &samples)))
}

#[derive(Deserialize)]
pub struct PeriodTimestamp {
    period: u32,
    data_from: String,
    data_to: String,
    expect: String,
}

/// One sample in each minute of the data.
pub fn period_timestamp(case: &PeriodTimestamp) -> Ran {
    let mut collector = Collector::new(0);
    for minute in minute_of_day(&case.data_from)?..minute_of_day(&case.data_to)? {
        collector.matched(minute, Some(1.0), None);
    }
    let points = series(&Samples::new(&collector.finish(), &[], None), StatisticName::Sum, case.period).points;
    let got: Vec<String> = points.iter().map(|point| clock(point.start.0 / MINUTE)).collect();
    Ok(Compared::equal(&vec![case.expect.clone()], &got))
}

#[derive(Deserialize)]
pub struct MetricMath {
    expression: String,
    /// Datapoints by the id of their metric, `null` where there is none.
    inputs: BTreeMap<String, Vec<Option<f64>>>,
    #[serde(default = "minute")]
    period: u32,
    expect: Vec<Option<f64>>,
}

fn minute() -> u32 {
    60
}

pub fn metric_math(case: &MetricMath) -> Ran {
    let node = parse(&case.expression).map_err(|error| error.to_string())?;
    let metric = |id: &str| case.inputs.contains_key(id).then_some(Type::Series);
    check(&node, &metric).map_err(|error| error.to_string())?;
    let series = |values: &[Option<f64>]| values.iter().map(|value| value.unwrap_or(f64::NAN)).collect();
    let metrics = case.inputs.iter().map(|(id, values)| (id.clone(), series(values))).collect();
    let grid = Grid { start: EpochMs(0), step_s: case.period, len: case.expect.len(), period_s: case.period };
    let got = match evaluate(&node, &Known { metrics, formulas: Vec::new() }, grid) {
        Value::Series(series) => series.into_iter().map(|value| (!value.is_nan()).then_some(value)).collect(),
        other => return Err(format!("not one time series: {other:?}").into()),
    };
    Ok(Compared::equal(&case.expect, &got))
}
