//! The one metric transformation of a backtest.

use crate::model::alarm::Backtest;
use crate::model::metric::MetricTransformation;

/// To change it; made when a document came without.
pub fn metric(backtest: &mut Backtest) -> &mut MetricTransformation {
    let list = &mut backtest.filter.metric_transformations;
    if list.is_empty() {
        list.push(MetricTransformation::default());
    }
    &mut list[0]
}

/// To read it.
pub fn metric_of(backtest: &Backtest) -> MetricTransformation {
    backtest.filter.metric_transformations.first().cloned().unwrap_or_default()
}
