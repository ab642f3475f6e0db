//! What a formula yields, or why it cannot be calculated: before there is any data.

use super::function::Function;
use super::syntax::{Error, Node, Tree};
use std::fmt;

/// The kinds of values (`S`, `TS` and `TS[]` in AWS's tables).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// A number.
    Scalar,
    /// A time series.
    Series,
    /// A list of time series.
    List,
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Scalar => "a single number",
            Self::Series => "a time series",
            Self::List => "a list of time series",
        })
    }
}

/// The type of a formula in which ids stand for what `known` says.
pub fn check(node: &Node, known: &impl Fn(&str) -> Option<Type>) -> Result<Type, Error> {
    // The band is of no use but as what a metric is compared with. Undocumented whether it can be part of a formula: we
    // choose that it cannot.
    if let Tree::Call(Function::AnomalyDetectionBand, arguments) = &node.tree {
        return band(node, arguments, known);
    }
    inner(node, known)
}

fn inner(node: &Node, known: &impl Fn(&str) -> Option<Type>) -> Result<Type, Error> {
    match &node.tree {
        Tree::Number(_) => Ok(Type::Scalar),
        Tree::Id(id) => {
            known(id).ok_or_else(|| Error::new(&node.span, format!("there is no metric or formula “{id}”")))
        }
        Tree::Text(_) => Err(Error::new(&node.span, "text has no value; it belongs to METRICS")),
        Tree::Word(word) => Err(Error::new(
            &node.span,
            match Function::named(word) {
                Some(_) => format!("“{word}” is a function: its arguments are missing, in brackets"),
                None => format!("“{word}” has no meaning here; ids begin with a small letter"),
            },
        )),
        Tree::Negate(value) => inner(value, known),
        Tree::Binary(operator, left, right) => match (inner(left, known)?, inner(right, known)?) {
            (Type::List, Type::List) => {
                Err(Error::new(&node.span, format!("“{}” cannot combine two lists of time series", operator.as_str())))
            }
            (Type::List, _) | (_, Type::List) => Ok(Type::List),
            (Type::Series, _) | (_, Type::Series) => Ok(Type::Series),
            _ => Ok(Type::Scalar),
        },
        Tree::List(nodes) => {
            if nodes.is_empty() {
                return Err(Error::new(&node.span, "the list is empty"));
            }
            for node in nodes {
                if inner(node, known)? == Type::Scalar {
                    return Err(Error::new(&node.span, "a list holds time series, not single numbers"));
                }
            }
            Ok(Type::List)
        }
        Tree::Call(function, arguments) => call(node, *function, arguments, known),
    }
}

fn call(
    node: &Node,
    function: Function,
    arguments: &[Node],
    known: &impl Fn(&str) -> Option<Type>,
) -> Result<Type, Error> {
    use Function as F;
    if let Some(reason) = function.unavailable() {
        return Err(Error::new(&node.span, reason));
    }
    let (least, most) = match function {
        F::Metrics => (0, 1),
        F::Fill => (2, 2),
        F::If | F::Slice => (if function == F::If { 2 } else { 1 }, 3),
        F::Sort => (2, 4),
        _ => (1, 1),
    };
    if !(least..=most).contains(&arguments.len()) {
        let wanted = if least == most { format!("{least}") } else { format!("{least} to {most}") };
        let message = format!("{} takes {wanted} argument{}", function.name(), if most == 1 { "" } else { "s" });
        return Err(Error::new(&node.span, message));
    }
    let refuse = |argument: &Node, message: String| Err(Error::new(&argument.span, message));
    let typed = |at: usize| inner(&arguments[at], known);
    let wrong = |at: usize, wanted: &str, got: Type| {
        refuse(&arguments[at], format!("{} takes {wanted} here, not {got}", function.name()))
    };
    match function {
        F::AnomalyDetectionBand => refuse(node, "ANOMALY_DETECTION_BAND must be the whole formula".into()),
        F::Metrics => match arguments.first() {
            Some(argument) if !matches!(argument.tree, Tree::Text(_)) => {
                refuse(argument, "METRICS takes a text in quotes, a part of ids".into())
            }
            _ => Ok(Type::List),
        },
        F::Abs | F::Ceil | F::Floor | F::Log | F::Log10 => typed(0),
        F::TimeSeries => match typed(0)? {
            Type::Scalar => Ok(Type::Series),
            other => wrong(0, "a single number", other),
        },
        F::Avg | F::Max | F::Min | F::StdDev | F::Sum | F::First | F::Last => match typed(0)? {
            Type::Scalar => wrong(0, "time series", Type::Scalar),
            Type::Series => Ok(Type::Scalar),
            Type::List => Ok(Type::Series),
        },
        F::MetricCount => match typed(0)? {
            Type::Scalar => wrong(0, "time series", Type::Scalar),
            _ => Ok(Type::Scalar),
        },
        F::Period => match typed(0)? {
            Type::Series => Ok(Type::Scalar),
            other => wrong(0, "a time series", other),
        },
        F::Fill => {
            let filled = typed(0)?;
            if filled == Type::Scalar {
                return wrong(0, "a time series", filled);
            }
            match &arguments[1].tree {
                Tree::Word(word) if matches!(word.as_str(), "REPEAT" | "LINEAR") => Ok(filled),
                Tree::Word(word) if Function::named(word).is_none() => {
                    refuse(&arguments[1], "FILL takes a number, REPEAT or LINEAR".into())
                }
                _ => match typed(1)? {
                    Type::Scalar => Ok(filled),
                    other => wrong(1, "a number, REPEAT or LINEAR", other),
                },
            }
        }
        F::If => {
            let mut result = Type::Scalar;
            for at in 0..arguments.len() {
                match typed(at)? {
                    Type::List => return wrong(at, "a number or a time series", Type::List),
                    Type::Series => result = Type::Series,
                    Type::Scalar => {}
                }
            }
            // Each argument is looked at once: they nest.
            if arguments.len() == 2 && result == Type::Scalar {
                return wrong(0, "a time series", Type::Scalar);
            }
            Ok(result)
        }
        F::RemoveEmpty | F::Slice | F::Sort => {
            match typed(0)? {
                Type::List => {}
                other => return wrong(0, "a list of time series", other),
            }
            let numbers = if function == F::Sort {
                if !matches!(&arguments[1].tree, Tree::Word(word) if Function::named(word).is_some_and(sorts)) {
                    return refuse(&arguments[1], "SORT takes AVG, MAX, MIN, SUM or STDDEV here".into());
                }
                if let Some(order) = arguments.get(2)
                    && !matches!(&order.tree, Tree::Word(word) if matches!(word.as_str(), "ASC" | "DESC"))
                {
                    return refuse(order, "SORT takes ASC or DESC here".into());
                }
                3
            } else {
                1
            };
            for argument in arguments.iter().skip(numbers) {
                if !matches!(argument.tree, Tree::Number(number) if number.fract() == 0.0) {
                    return refuse(argument, "a whole number is needed here".into());
                }
            }
            Ok(Type::List)
        }
        // Functions of neighbours and of time.
        _ => match typed(0)? {
            Type::Scalar => wrong(0, "a time series", Type::Scalar),
            other => Ok(other),
        },
    }
}

/// Whether lists can be sorted by it.
fn sorts(function: Function) -> bool {
    matches!(function, Function::Avg | Function::Max | Function::Min | Function::Sum | Function::StdDev)
}

fn band(node: &Node, arguments: &[Node], known: &impl Fn(&str) -> Option<Type>) -> Result<Type, Error> {
    let (metric, width) = match arguments {
        [metric] => (metric, None),
        [metric, width] => (metric, Some(width)),
        _ => return Err(Error::new(&node.span, "ANOMALY_DETECTION_BAND takes a metric and a width")),
    };
    let got = inner(metric, known)?;
    if got != Type::Series {
        return Err(Error::new(&metric.span, format!("ANOMALY_DETECTION_BAND takes a time series here, not {got}")));
    }
    match width {
        Some(width) if !matches!(width.tree, Tree::Number(number) if number > 0.0) => {
            Err(Error::new(&width.span, "the width of the band is a number above 0"))
        }
        _ => Ok(Type::List),
    }
}
