//! The one metric transformation of a metric filter.

use crate::model::alarm::Backtest;
use crate::model::metric::{MetricFilter, MetricTransformation};

/// To change it; made when a document came without.
pub fn transformation(filter: &mut MetricFilter) -> &mut MetricTransformation {
    let list = &mut filter.metric_transformations;
    if list.is_empty() {
        list.push(MetricTransformation::default());
    }
    &mut list[0]
}

/// That of a backtest, to change it.
pub fn metric(backtest: &mut Backtest) -> &mut MetricTransformation {
    transformation(&mut backtest.filter)
}

/// That of a backtest, to read it.
pub fn metric_of(backtest: &Backtest) -> MetricTransformation {
    backtest.filter.metric_transformations.first().cloned().unwrap_or_default()
}
