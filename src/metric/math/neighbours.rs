//! Functions in which a datapoint depends on those around it. Missing datapoints (NaN) are passed over.

/// What becomes of each datapoint and the one before it, with the number of places between them.
pub(super) fn with_previous(series: &[f64], combine: impl Fn(f64, f64, usize) -> f64) -> Vec<f64> {
    let mut previous: Option<(usize, f64)> = None;
    let one = |(at, &value): (usize, &f64)| {
        if value.is_nan() {
            return f64::NAN;
        }
        let before = previous.replace((at, value));
        before.map_or(f64::NAN, |(place, before)| combine(before, value, at - place))
    };
    series.iter().enumerate().map(one).collect()
}

/// Sum of the datapoints so far; where one is missing there is none.
pub(super) fn running_sum(series: &[f64]) -> Vec<f64> {
    let mut sum = 0.0;
    let one = |value: &f64| {
        if !value.is_nan() {
            sum += value;
        }
        if value.is_nan() { f64::NAN } else { super::syntax::finite(sum) }
    };
    series.iter().map(one).collect()
}

/// Missing datapoints repeat the one before; before the first there is none.
pub(super) fn repeat(series: &[f64]) -> Vec<f64> {
    let mut last = f64::NAN;
    let one = |&value: &f64| {
        if !value.is_nan() {
            last = value;
        }
        last
    };
    series.iter().map(one).collect()
}

/// Missing datapoints lie on a line between those around them; before the first and after the last there are none.
pub(super) fn linear(series: &[f64]) -> Vec<f64> {
    let mut filled = series.to_vec();
    let mut before: Option<usize> = None;
    for at in (0..series.len()).filter(|at| !series[*at].is_nan()) {
        if let Some(from) = before.replace(at) {
            let step = (series[at] - series[from]) / (at - from) as f64;
            for (by, between) in (1..).zip(&mut filled[from + 1..at]) {
                *between = super::syntax::finite(series[from] + step * f64::from(by));
            }
        }
    }
    filled
}
