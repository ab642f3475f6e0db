//! The value of a checked formula over a stretch of time.
//!
//! All time series of one evaluation stand on the same [`Grid`], with NaN for missing datapoints. What depends on single
//! datapoints is in [`points`](super::points), on neighbours in [`neighbours`](super::neighbours), on whole time series in
//! [`lists`](super::lists).

use super::function::Function;
use super::syntax::{Node, Tree, finite};
use super::{band, lists, neighbours, points};
use crate::base::EpochMs;
use crate::base::time::{DAY, SECOND};

/// The times of an evaluation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grid {
    /// Start of the first period.
    pub start: EpochMs,
    /// Seconds from the start of one period to that of the next.
    pub step_s: u32,
    /// How many periods.
    pub len: usize,
    /// Seconds of a period.
    pub period_s: u32,
}

impl Grid {
    fn times(self) -> impl Iterator<Item = EpochMs> {
        (0..self.len as i64).map(move |at| EpochMs(self.start.0 + at * i64::from(self.step_s) * SECOND))
    }
}

/// What a formula yields.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A number; NaN where there is none.
    Scalar(f64),
    /// A time series.
    Series(Vec<f64>),
    /// Several of them.
    List(Vec<Vec<f64>>),
}

impl Value {
    /// The time series it is; a list or a number has none.
    pub(super) fn into_series(self) -> Vec<f64> {
        if let Self::Series(series) = self { series } else { Vec::new() }
    }

    fn map(self, change: impl Fn(f64) -> f64) -> Self {
        self.each(|series| series.iter().map(|&value| change(value)).collect(), &change)
    }

    fn each(self, change: impl Fn(&[f64]) -> Vec<f64>, scalar: impl Fn(f64) -> f64) -> Self {
        match self {
            Self::Scalar(value) => Self::Scalar(scalar(value)),
            Self::Series(series) => Self::Series(change(&series)),
            Self::List(list) => Self::List(list.iter().map(|series| change(series)).collect()),
        }
    }
}

/// What ids stand for.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Metrics, in the order of the request.
    pub metrics: Vec<(String, Vec<f64>)>,
    /// Formulas that were calculated before.
    pub formulas: Vec<(String, Value)>,
}

impl Known {
    fn get(&self, id: &str) -> Value {
        let metric = self.metrics.iter().find(|(name, _)| name == id).map(|(_, series)| Value::Series(series.clone()));
        let formula = || self.formulas.iter().find(|(name, _)| name == id).map(|(_, value)| value.clone());
        metric.or_else(formula).unwrap_or(Value::Scalar(f64::NAN))
    }
}

/// Calculates a formula that [`check`](super::check()) accepts with the same ids; every metric is as long as the grid.
pub fn evaluate(node: &Node, known: &Known, grid: Grid) -> Value {
    match &node.tree {
        Tree::Number(number) => Value::Scalar(*number),
        Tree::Id(id) => known.get(id),
        // Refused where they are not arguments.
        Tree::Text(_) | Tree::Word(_) => Value::Scalar(f64::NAN),
        Tree::Negate(inner) => evaluate(inner, known, grid).map(|value| -value),
        Tree::Binary(operator, left, right) => {
            points::binary(*operator, evaluate(left, known, grid), evaluate(right, known, grid))
        }
        Tree::List(nodes) => Value::List(nodes.iter().flat_map(|node| listed(evaluate(node, known, grid))).collect()),
        Tree::Call(function, arguments) => call(*function, arguments, known, grid),
    }
}

fn listed(value: Value) -> Vec<Vec<f64>> {
    match value {
        Value::List(list) => list,
        Value::Series(series) => vec![series],
        Value::Scalar(_) => Vec::new(),
    }
}

fn call(function: Function, arguments: &[Node], known: &Known, grid: Grid) -> Value {
    use Function as F;
    let argument = |at: usize| arguments.get(at).map(|node| evaluate(node, known, grid));
    let first = || argument(0).unwrap_or(Value::Scalar(f64::NAN));
    let seconds = |places: usize| places as f64 * f64::from(grid.step_s);
    let previous = |combine: &dyn Fn(f64, f64, usize) -> f64| {
        first().each(|series| neighbours::with_previous(series, combine), |value| value)
    };
    match function {
        F::Metrics => {
            let part = match arguments.first().map(|node| &node.tree) {
                Some(Tree::Text(part)) => part.as_str(),
                _ => "",
            };
            let chosen = known.metrics.iter().filter(|(id, _)| id.contains(part));
            Value::List(chosen.map(|(_, series)| series.clone()).collect())
        }
        F::Abs => first().map(f64::abs),
        F::Ceil => first().map(f64::ceil),
        F::Floor => first().map(f64::floor),
        F::Log => first().map(|value| finite(value.ln())),
        F::Log10 => first().map(|value| finite(value.log10())),
        F::MetricCount => Value::Scalar(listed(first()).len() as f64),
        F::Avg | F::Max | F::Min | F::StdDev | F::Sum | F::First | F::Last => match first() {
            Value::Series(series) => Value::Scalar(lists::aggregate(function, series.iter().copied())),
            other => Value::Series(lists::across(function, &listed(other), grid.len)),
        },
        F::Diff => previous(&|before, value, _| finite(value - before)),
        F::Rate => previous(&|before, value, places| finite((value - before) / seconds(places))),
        F::DiffTime => previous(&|_, _, places| seconds(places)),
        F::RunningSum => first().each(neighbours::running_sum, |value| value),
        F::Fill => match arguments.get(1).map(|node| &node.tree) {
            Some(Tree::Word(word)) if word == "REPEAT" => first().each(neighbours::repeat, |value| value),
            Some(Tree::Word(_)) => first().each(neighbours::linear, |value| value),
            _ => match argument(1) {
                Some(Value::Scalar(filler)) => first().map(|value| if value.is_nan() { filler } else { value }),
                _ => first(),
            },
        },
        F::If => points::choose(first(), argument(1).unwrap_or(Value::Scalar(f64::NAN)), argument(2), grid.len),
        F::Period => Value::Scalar(f64::from(grid.period_s)),
        F::TimeSeries => match first() {
            Value::Scalar(value) => Value::Series(vec![value; grid.len]),
            other => other,
        },
        F::Minute | F::Hour | F::Day | F::Date | F::Month | F::Year | F::Epoch => first().each(
            |series| {
                let stamped = series.iter().zip(grid.times());
                stamped.map(|(value, time)| if value.is_nan() { f64::NAN } else { time_part(function, time) }).collect()
            },
            |value| value,
        ),
        F::RemoveEmpty => {
            let has_any = |series: &Vec<f64>| series.iter().any(|value| !value.is_nan());
            Value::List(listed(first()).into_iter().filter(has_any).collect())
        }
        F::Slice => {
            let list = listed(first());
            let bound = |at: usize, absent: usize| match arguments.get(at).map(|node| &node.tree) {
                Some(Tree::Number(number)) => (*number as usize).min(list.len()),
                _ => absent,
            };
            let (from, to) = (bound(1, 0), bound(2, list.len()));
            Value::List(list.get(from..to).unwrap_or_default().to_vec())
        }
        F::Sort => {
            let word = |at: usize| match arguments.get(at).map(|node| &node.tree) {
                Some(Tree::Word(word)) => word.as_str(),
                _ => "",
            };
            let mut list = lists::sort(listed(first()), Function::named(word(1)).unwrap_or(F::Sum), word(2) == "DESC");
            if let Some(Tree::Number(limit)) = arguments.get(3).map(|node| &node.tree) {
                list.truncate(*limit as usize);
            }
            Value::List(list)
        }
        F::AnomalyDetectionBand => {
            let series = first().into_series();
            let measured: Vec<_> = grid.times().zip(series).filter(|(_, value)| !value.is_nan()).collect();
            let (expected, width) = (band::along(grid.times(), &measured, grid.period_s), band::width(arguments));
            let side = |side: fn(band::Edges) -> f64| {
                let edge = |expected: &Option<band::Expected>| {
                    expected.map_or(f64::NAN, |expected| side(expected.edges(width)))
                };
                expected.iter().map(edge).collect::<Vec<_>>()
            };
            Value::List(vec![side(|edges| edges.upper), side(|edges| edges.lower)])
        }
        // Refused by the check.
        F::Search | F::ServiceQuota | F::InsightRuleMetric | F::DbPerfInsights => Value::Scalar(f64::NAN),
    }
}

/// Part of a date, UTC.
fn time_part(function: Function, time: EpochMs) -> f64 {
    let civil = time.civil();
    match function {
        Function::Minute => f64::from(civil.minute),
        Function::Hour => f64::from(civil.hour),
        // 1970-01-01 was a Thursday.
        Function::Day => ((time.0.div_euclid(DAY) + 3).rem_euclid(7) + 1) as f64,
        Function::Date => f64::from(civil.day),
        Function::Month => f64::from(civil.month),
        Function::Year => civil.year as f64,
        _ => (time.0 as f64 / SECOND as f64).floor(),
    }
}
