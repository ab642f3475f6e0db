//! Aggregates, and what orders and cuts lists of time series. Missing datapoints (NaN) are left out.

use super::function::Function;
use super::syntax::finite;

/// An aggregate over numbers; NaN without any. The standard deviation is that of the whole population (undocumented: we
/// choose so).
pub(super) fn aggregate(function: Function, values: impl Iterator<Item = f64> + Clone) -> f64 {
    let mut values = values.filter(|value| !value.is_nan());
    let count = values.clone().count() as f64;
    if count == 0.0 {
        return f64::NAN;
    }
    let mean = |values: &mut dyn Iterator<Item = f64>| values.sum::<f64>() / count;
    finite(match function {
        Function::Avg => mean(&mut values),
        Function::Max => values.fold(f64::NEG_INFINITY, f64::max),
        Function::Min => values.fold(f64::INFINITY, f64::min),
        Function::StdDev => {
            let centre = mean(&mut values.clone());
            mean(&mut values.map(|value| (value - centre).powi(2))).sqrt()
        }
        Function::First => values.next().unwrap_or(f64::NAN),
        Function::Last => values.last().unwrap_or(f64::NAN),
        _ => values.sum(),
    })
}

/// An aggregate over several time series, time by time; the first or last of them.
pub(super) fn across(function: Function, list: &[Vec<f64>], len: usize) -> Vec<f64> {
    let one_of = |series: Option<&Vec<f64>>| series.cloned().unwrap_or_else(|| vec![f64::NAN; len]);
    match function {
        Function::First => one_of(list.first()),
        Function::Last => one_of(list.last()),
        _ => (0..len).map(|at| aggregate(function, list.iter().map(|series| series[at]))).collect(),
    }
}

/// In the order of an aggregate, ascending unless `descending`; those without any datapoint last.
pub(super) fn sort(list: Vec<Vec<f64>>, function: Function, descending: bool) -> Vec<Vec<f64>> {
    let mut keyed: Vec<(f64, Vec<f64>)> =
        list.into_iter().map(|series| (aggregate(function, series.iter().copied()), series)).collect();
    keyed.sort_by(|(a, _), (b, _)| {
        let order = if descending { b.total_cmp(a) } else { a.total_cmp(b) };
        a.is_nan().cmp(&b.is_nan()).then(order)
    });
    keyed.into_iter().map(|(_, series)| series).collect()
}
