//! Arithmetic, comparison and conditions, time by time.
//!
//! NaN stands for a missing datapoint. One that is missing on one side of an operator counts as 0; where all are missing
//! there is none (cases `met-math-1` to `met-math-13`).

use super::evaluate::Value;
use super::syntax::Operator;

/// An operator between two values.
pub(super) fn binary(operator: Operator, left: Value, right: Value) -> Value {
    match (left, right) {
        (Value::Scalar(a), Value::Scalar(b)) => Value::Scalar(known(a, b, operator)),
        (Value::Scalar(a), Value::Series(b)) => Value::Series(b.into_iter().map(|b| known(a, b, operator)).collect()),
        (Value::Series(a), Value::Scalar(b)) => Value::Series(a.into_iter().map(|a| known(a, b, operator)).collect()),
        (Value::Series(a), Value::Series(b)) => {
            let either = |(a, b): (f64, f64)| {
                if a.is_nan() && b.is_nan() { f64::NAN } else { operator.apply(or_zero(a), or_zero(b)) }
            };
            Value::Series(a.into_iter().zip(b).map(either).collect())
        }
        (Value::List(list), other) => Value::List(
            list.into_iter()
                .map(|series| binary(operator, Value::Series(series), other.clone()).into_series())
                .collect(),
        ),
        (other, Value::List(list)) => Value::List(
            list.into_iter()
                .map(|series| binary(operator, other.clone(), Value::Series(series)).into_series())
                .collect(),
        ),
    }
}

/// Between a single number and a datapoint: without the datapoint there is nothing.
fn known(a: f64, b: f64, operator: Operator) -> f64 {
    if a.is_nan() || b.is_nan() { f64::NAN } else { operator.apply(a, b) }
}

fn or_zero(value: f64) -> f64 {
    if value.is_nan() { 0.0 } else { value }
}

/// `IF`. Where the condition has no datapoint there is none. Where the chosen value has none it is 0, except that of a third
/// argument beside a number as the second: there is none then (cases `met-math-4` to `met-math-8`, which are AWS's table).
/// `len` is that of the time series.
pub(super) fn choose(condition: Value, then: Value, otherwise: Option<Value>, len: usize) -> Value {
    let otherwise = otherwise.unwrap_or(Value::Scalar(f64::NAN));
    let condition = match condition {
        Value::Scalar(condition) => {
            let is_series = matches!((&then, &otherwise), (Value::Series(_), _) | (_, Value::Series(_)));
            let chosen = match condition {
                _ if condition.is_nan() => Value::Scalar(f64::NAN),
                0.0 => otherwise,
                _ => then,
            };
            return match chosen {
                Value::Scalar(value) if is_series => Value::Series(vec![value; len]),
                chosen => chosen,
            };
        }
        condition => condition.into_series(),
    };
    let pick = |(at, condition): (usize, f64)| {
        let chosen = if condition == 0.0 { &otherwise } else { &then };
        match chosen {
            _ if condition.is_nan() => f64::NAN,
            Value::Series(series) if condition == 0.0 && matches!(then, Value::Scalar(_)) => series[at],
            Value::Series(series) => or_zero(series[at]),
            Value::Scalar(value) => *value,
            Value::List(_) => f64::NAN,
        }
    };
    Value::Series(condition.into_iter().enumerate().map(pick).collect())
}
