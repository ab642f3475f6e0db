//! Kinds of `metrics.json` about statistics and periods.

use super::{Compared, Ran, clock, minute_of_day};
use crate::base::time::MINUTE;
use crate::metric::{Collector, Samples, series, statistic as statistics};
use crate::model::statistic::Statistic as StatisticName;
use serde::Deserialize;

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
