//! Metric math: what is printed reads back, no text is too odd, and the evaluator against one that takes the datapoints of
//! a map one by one.

#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use std::collections::BTreeMap;
use trailscope::alarm::{Options, evaluate as evaluate_alarm};
use trailscope::base::EpochMs;
use trailscope::metric::math::queries::Formulas;
use trailscope::metric::math::{
    Function, Grid, Known, Node, Operator, Tree, Type, Value, aligned, check, evaluate, parse, sliding,
};
use trailscope::metric::{Samples, not_evaluated, sliding as slide};
use trailscope::model::alarm::MetricAlarm;
use trailscope::model::metric_data::{Metric, MetricDataQuery, MetricStat};
use trailscope::model::partial::{MinuteSamples, SeriesPart};
use trailscope::model::series::{Run, Sliding};
use trailscope::model::statistic::Statistic;

fn node(tree: Tree) -> Node {
    Node { tree, span: 0..0 }
}

fn operators() -> impl Strategy<Value = Operator> {
    use Operator as O;
    prop::sample::select(vec![
        O::Or,
        O::And,
        O::Less,
        O::LessOrEqual,
        O::Greater,
        O::GreaterOrEqual,
        O::Equal,
        O::NotEqual,
        O::Add,
        O::Subtract,
        O::Multiply,
        O::Divide,
        O::Power,
    ])
}

/// Any tree, whether it makes sense or not.
fn any_tree() -> impl Strategy<Value = Node> {
    let leaf = prop_oneof![
        (0u32..100_000).prop_map(|n| Tree::Number(f64::from(n) / 64.0)),
        "[a-z][a-zA-Z0-9_]{0,6}".prop_map(Tree::Id),
        "[ -~ä]{0,6}".prop_map(Tree::Text),
        prop::sample::select(vec!["REPEAT", "DESC", "SUM"]).prop_map(|word| Tree::Word(word.into())),
    ]
    .prop_map(node);
    leaf.prop_recursive(4, 40, 3, |inner| {
        let functions = prop::sample::select(Function::all().collect::<Vec<_>>());
        prop_oneof![
            inner.clone().prop_map(|value| Tree::Negate(Box::new(value))),
            (operators(), inner.clone(), inner.clone()).prop_map(|(operator, a, b)| Tree::Binary(
                operator,
                Box::new(a),
                Box::new(b)
            )),
            prop::collection::vec(inner.clone(), 0..3).prop_map(Tree::List),
            (functions, prop::collection::vec(inner, 0..3)).prop_map(|(function, list)| Tree::Call(function, list)),
        ]
        .prop_map(node)
    })
}

/// A formula over m1, m2 and m3 that yields a time series.
fn formula() -> impl Strategy<Value = Node> {
    let leaf = prop::sample::select(vec!["m1", "m2", "m3"]).prop_map(|id| node(Tree::Id(id.into())));
    leaf.prop_recursive(4, 30, 3, |inner| {
        let call = |functions: Vec<Function>| {
            let inner = inner.clone();
            prop::sample::select(functions).prop_flat_map(move |function| {
                inner.clone().prop_map(move |value| node(Tree::Call(function, vec![value])))
            })
        };
        use Function as F;
        let number = || (0u32..9).prop_map(|n| node(Tree::Number(f64::from(n))));
        let scalar = call(vec![F::Sum, F::Avg, F::Min, F::Max, F::First, F::Last, F::StdDev]);
        let operand = prop_oneof![inner.clone(), number(), scalar];
        let filler = prop_oneof![
            number(),
            prop::sample::select(vec!["REPEAT", "LINEAR"]).prop_map(|word| node(Tree::Word(word.into())))
        ];
        let two = (inner.clone(), inner.clone());
        prop_oneof![
            call(vec![F::Diff, F::Rate, F::DiffTime, F::RunningSum, F::Abs, F::Ceil, F::Log, F::Hour, F::Day]),
            (operators(), inner.clone(), operand.clone()).prop_map(|(operator, a, b)| node(Tree::Binary(
                operator,
                Box::new(a),
                Box::new(b)
            ))),
            (inner.clone(), operand.clone(), operand).prop_map(|(a, b, c)| node(Tree::Call(F::If, vec![a, b, c]))),
            (inner.clone(), filler).prop_map(|(a, b)| node(Tree::Call(F::Fill, vec![a, b]))),
            (prop::sample::select(vec![F::Sum, F::Avg, F::Max]), two)
                .prop_map(|(function, (a, b))| node(Tree::Call(function, vec![node(Tree::List(vec![a, b]))]))),
            inner.prop_map(|value| node(Tree::Negate(Box::new(value)))),
        ]
    })
}

fn series() -> impl Strategy<Value = Vec<Option<f64>>> {
    prop::collection::vec(prop::option::of((-8i32..8).prop_map(f64::from)), 6)
}

/// Present datapoints by position, or one number; `None` for a number that is not there.
#[derive(Clone, Debug)]
enum Plain {
    Scalar(Option<f64>),
    Series(BTreeMap<usize, f64>),
}

fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

/// The reference: as the rules are worded, without regard to speed.
fn naive(node: &Node, metrics: &BTreeMap<String, BTreeMap<usize, f64>>, len: usize) -> Plain {
    let go = |node: &Node| naive(node, metrics, len);
    let series = |node: &Node| match go(node) {
        Plain::Series(points) => points,
        Plain::Scalar(_) => unreachable!("checked"),
    };
    let at = |value: &Plain, position: usize| match value {
        Plain::Scalar(number) => *number,
        Plain::Series(points) => points.get(&position).copied(),
    };
    let mapped = |node: &Node, change: &dyn Fn(usize, f64) -> Option<f64>| match go(node) {
        Plain::Scalar(number) => Plain::Scalar(number.and_then(|number| change(0, number))),
        Plain::Series(points) => Plain::Series(
            points.iter().filter_map(|(position, value)| Some((*position, change(*position, *value)?))).collect(),
        ),
    };
    match &node.tree {
        Tree::Number(number) => Plain::Scalar(Some(*number)),
        Tree::Id(id) => Plain::Series(metrics[id].clone()),
        Tree::Negate(inner) => mapped(inner, &|_, value| Some(-value)),
        Tree::Binary(operator, left, right) => match (go(left), go(right)) {
            (Plain::Scalar(a), Plain::Scalar(b)) => {
                Plain::Scalar(a.zip(b).and_then(|(a, b)| finite(operator.apply(a, b))))
            }
            (left, right) => {
                let is_number = |value: &Plain| matches!(value, Plain::Scalar(_));
                let mut points = BTreeMap::new();
                for position in 0..len {
                    let (a, b) = (at(&left, position), at(&right, position));
                    let both = match (a, b) {
                        (Some(a), Some(b)) => Some((a, b)),
                        _ if is_number(&left) || is_number(&right) => None,
                        (None, None) => None,
                        (a, b) => Some((a.unwrap_or(0.0), b.unwrap_or(0.0))),
                    };
                    points.extend(both.and_then(|(a, b)| finite(operator.apply(a, b))).map(|value| (position, value)));
                }
                Plain::Series(points)
            }
        },
        Tree::Call(Function::If, arguments) => {
            let (condition, then, otherwise) = (series(&arguments[0]), go(&arguments[1]), go(&arguments[2]));
            let pick = |(position, truth): (&usize, &f64)| {
                let chosen = if *truth != 0.0 { &then } else { &otherwise };
                let value = match chosen {
                    Plain::Scalar(number) => *number,
                    Plain::Series(points) => match points.get(position) {
                        None if *truth == 0.0 && matches!(then, Plain::Scalar(_)) => None,
                        value => Some(value.copied().unwrap_or(0.0)),
                    },
                };
                value.map(|value| (*position, value))
            };
            Plain::Series(condition.iter().filter_map(pick).collect())
        }
        Tree::Call(Function::Fill, arguments) => {
            let known = series(&arguments[0]);
            let mut points = known.clone();
            for position in 0..len {
                if known.contains_key(&position) {
                    continue;
                }
                let before = known.range(..position).next_back();
                let after = known.range(position..).next();
                let filler = match &arguments[1].tree {
                    Tree::Number(number) => Some(*number),
                    Tree::Word(word) if word == "REPEAT" => before.map(|(_, value)| *value),
                    _ => before
                        .zip(after)
                        .map(|((from, a), (to, b))| a + (b - a) / (to - from) as f64 * (position - from) as f64),
                };
                points.extend(filler.map(|value| (position, value)));
            }
            Plain::Series(points)
        }
        Tree::Call(function, arguments) => {
            if let Tree::List(nodes) = &arguments[0].tree {
                let all: Vec<_> = nodes.iter().map(series).collect();
                let mut points = BTreeMap::new();
                for position in 0..len {
                    let here: Vec<f64> = all.iter().filter_map(|points| points.get(&position).copied()).collect();
                    points.extend(aggregate(*function, &here).map(|value| (position, value)));
                }
                return Plain::Series(points);
            }
            if function.is_aggregate() {
                return Plain::Scalar(aggregate(*function, &series(&arguments[0]).into_values().collect::<Vec<_>>()));
            }
            match function {
                Function::Abs => mapped(&arguments[0], &|_, value| Some(value.abs())),
                Function::Ceil => mapped(&arguments[0], &|_, value| Some(value.ceil())),
                Function::Log => mapped(&arguments[0], &|_, value| finite(value.ln())),
                // Minutes from 2024-02-28 23:57 on, a Wednesday before a Thursday.
                Function::Hour => mapped(&arguments[0], &|position, _| Some(if position < 3 { 23.0 } else { 0.0 })),
                Function::Day => mapped(&arguments[0], &|position, _| Some(if position < 3 { 3.0 } else { 4.0 })),
                Function::RunningSum => {
                    let known = series(&arguments[0]);
                    let sum = |position: usize| known.range(..=position).fold(0.0, |sum, (_, value)| sum + value);
                    Plain::Series(
                        known.keys().filter_map(|&position| Some((position, finite(sum(position))?))).collect(),
                    )
                }
                other => {
                    let known = series(&arguments[0]);
                    let change = |(&position, &value): (&usize, &f64)| {
                        let (before, earlier) = known.range(..position).next_back()?;
                        let seconds = (position - before) as f64 * 60.0;
                        let result = match other {
                            Function::Diff => value - earlier,
                            Function::Rate => (value - earlier) / seconds,
                            _ => seconds,
                        };
                        Some((position, finite(result)?))
                    };
                    Plain::Series(known.iter().filter_map(change).collect())
                }
            }
        }
        other => unreachable!("{other:?}"),
    }
}

fn aggregate(function: Function, values: &[f64]) -> Option<f64> {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    finite(match function {
        _ if values.is_empty() => return None,
        Function::Sum => values.iter().sum(),
        Function::Avg => mean,
        Function::Min => values.iter().copied().fold(f64::INFINITY, f64::min),
        Function::Max => values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        Function::First => values[0],
        Function::Last => values[values.len() - 1],
        _ => (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / values.len() as f64).sqrt(),
    })
}

fn minutes(len: usize) -> Grid {
    Grid { start: EpochMs::parse("2024-02-28T23:57:00Z").unwrap(), step_s: 60, len, period_s: 60 }
}

proptest! {
    #[test]
    fn what_is_printed_reads_back(tree in any_tree()) {
        let text = tree.to_string();
        prop_assert_eq!(parse(&text).map_err(|error| format!("{error}: {text}")).unwrap(), tree);
    }

    #[test]
    fn no_text_is_too_odd(text in "\\PC{0,60}|[a-zA-Z0-9()\\[\\],+*/^<>=!&|'\" .-]{0,60}") {
        match parse(&text) {
            Ok(tree) => { let _ = check(&tree, &|_| Some(Type::Series)); }
            Err(error) => {
                prop_assert!(text.get(error.span).is_some());
            }
        }
    }

    #[test]
    fn values_are_those_of_the_rules_as_worded(tree in formula(), m1 in series(), m2 in series(), m3 in series()) {
        prop_assert_eq!(check(&tree, &|_| Some(Type::Series)), Ok(Type::Series));
        let all = [("m1", &m1), ("m2", &m2), ("m3", &m3)];
        let known = Known {
            metrics: all.iter().map(|(id, series)| {
                (id.to_string(), series.iter().map(|value| value.unwrap_or(f64::NAN)).collect())
            }).collect(),
            formulas: Vec::new(),
        };
        let plain = all.iter().map(|(id, series)| {
            let points = series.iter().enumerate().filter_map(|(at, value)| Some((at, (*value)?)));
            (id.to_string(), points.collect())
        }).collect();
        let Plain::Series(expected) = naive(&tree, &plain, 6) else { panic!("a number") };
        let Value::Series(got) = evaluate(&tree, &known, minutes(6)) else { panic!("not a time series") };
        let got: BTreeMap<usize, f64> = got.into_iter().enumerate().filter(|(_, value)| !value.is_nan()).collect();
        prop_assert_eq!(got, expected, "{}", tree);
    }
}

/// Each argument is looked at once, so that depth costs no more than length.
#[test]
fn calls_that_nest_are_checked_once() {
    let text = format!("{}m1{}", "IF(".repeat(30), ",1)".repeat(30));
    assert_eq!(check(&parse(&text).unwrap(), &|_| Some(Type::Series)), Ok(Type::Series));
}

#[test]
fn errors_point_at_the_place() {
    for (text, place, part) in [
        ("", 0..0, "empty"),
        ("m1 +", 4..4, "missing at the end"),
        ("m1 m2", 3..5, "operator"),
        ("SUM(m1", 6..6, "“)”"),
        ("m1 = 2", 3..4, "==|operator"),
        ("NOPE(m1)", 0..4, "no function"),
        ("\"open", 0..5, "quote"),
        ("m1 # 2", 3..4, ""),
        ("1e999", 0..5, "not a number"),
    ] {
        let error = parse(text).unwrap_err();
        assert_eq!(error.span, place, "{text}: {error}");
        assert!(part.split('|').any(|part| error.message.contains(part)), "{text}: {error}");
    }
    for (text, part) in [
        ("m9", "m9"),
        ("SUM(1)", "SUM"),
        ("[m1] + [m1]", "two lists"),
        ("SEARCH('x', 'Sum')", "SEARCH"),
        ("SERVICE_QUOTA(m1)", "quotas"),
        ("INSIGHT_RULE_METRIC('a', 'b')", "Insights"),
        ("DB_PERF_INSIGHTS('RDS')", "database"),
        ("FILL(m1, ZERO)", "REPEAT"),
        ("1 + ANOMALY_DETECTION_BAND(m1)", "whole"),
        ("ANOMALY_DETECTION_BAND(m1, 0)", "above 0"),
        ("SORT(METRICS(), LOG)", "SORT"),
        ("SUM", "arguments"),
        ("DIFF(m1, 2)", "1 argument"),
    ] {
        let error = check(&parse(text).unwrap(), &|id| (id == "m1").then_some(Type::Series)).unwrap_err();
        assert!(error.message.contains(part), "{text}: {error}");
    }
    assert!(parse(&"(".repeat(2_000)).is_err());
    assert!(parse(&"1+".repeat(1_000)).is_err());
    assert!(parse(&"m".repeat(3_000)).is_err());
}

#[test]
fn lists_are_named_sorted_cut_and_emptied() {
    let known = Known {
        metrics: [("err1", [5.0, 5.0]), ("err2", [9.0, f64::NAN]), ("ok1", [f64::NAN; 2])]
            .map(|(id, series)| (id.to_owned(), series.to_vec()))
            .into(),
        formulas: Vec::new(),
    };
    let value = |text: &str| evaluate(&parse(text).unwrap(), &known, minutes(2));
    assert_eq!(value("METRIC_COUNT(METRICS())"), Value::Scalar(3.0));
    assert_eq!(value("METRIC_COUNT(METRICS('err'))"), Value::Scalar(2.0));
    assert_eq!(value("METRIC_COUNT(REMOVE_EMPTY(METRICS()))"), Value::Scalar(2.0));
    assert_eq!(value("FILL(SUM(SORT(METRICS(), MAX, DESC, 1)), 7)"), Value::Series(vec![9.0, 7.0]));
    assert_eq!(value("SUM(SORT(METRICS(), SUM, DESC, 1))"), Value::Series(vec![5.0, 5.0]));
    assert_eq!(value("SUM(SLICE(METRICS(), 0, 1)) + TIME_SERIES(PERIOD(err1))"), Value::Series(vec![65.0, 65.0]));
    assert_eq!(value("FIRST(METRICS()) * 2"), Value::Series(vec![10.0, 10.0]));
    assert_eq!(value("FILL(SUM(SLICE(METRICS(), 9)), -1)"), Value::Series(vec![-1.0, -1.0]));
}

fn metric(id: &str, return_data: bool) -> MetricDataQuery {
    let metric = Metric { namespace: "N".into(), metric_name: id.into(), dimensions: Vec::new() };
    let stat = MetricStat { metric, period: 120, stat: Statistic::Sum, unit: None };
    MetricDataQuery { id: id.into(), expression: None, metric_stat: Some(stat), label: None, return_data, period: None }
}

fn expression(id: &str, text: &str, return_data: bool) -> MetricDataQuery {
    MetricDataQuery { metric_stat: None, expression: Some(text.into()), ..metric(id, return_data) }
}

#[test]
fn put_metric_alarm_would_refuse() {
    let refused = |queries: &[MetricDataQuery]| {
        let refusals = Formulas::read(queries, None, 120).unwrap_err();
        refusals.into_iter().next().unwrap().message
    };
    let e1 = |text| expression("e1", text, true);
    assert!(refused(&[]).contains("at least one metric"));
    assert!(refused(&[metric("m1", false)]).contains("ReturnData"));
    assert!(refused(&[metric("m1", true), metric("m2", true)]).contains("exactly one"));
    assert!(refused(&[metric("m1", false), e1("METRICS()")]).contains("a list"));
    assert!(refused(&[metric("m1", false), e1("SUM(m1)")]).contains("a single number"));
    assert!(refused(&[metric("m1", false), e1("SEARCH('a', 'Sum')")]).contains("SEARCH"));
    assert!(refused(&[metric("m1", false), e1("e2"), expression("e2", "e1", false)]).contains("circle"));
    assert!(refused(&[metric("m1", false), metric("m1", false), e1("m1")]).contains("twice"));
    assert!(refused(&[metric("M1", false), e1("1")]).contains("small letter"));
    let eleven: Vec<_> = (0..11).map(|at| metric(&format!("m{at}"), at == 0)).collect();
    assert!(refused(&eleven).contains("at most 10"));
    let mut other = metric("m2", false);
    other.metric_stat.as_mut().unwrap().period = 300;
    assert!(refused(&[metric("m1", false), other, e1("m1+m2")]).contains("same period"));
    let no_band = Formulas::read(&[metric("m1", true), expression("e2", "m1", false)], Some("e2"), 120);
    assert!(no_band.unwrap_err()[0].message.contains("ThresholdMetricId"));
}

/// Values at consecutive ticks from `first_end`.
fn slides(first_end: i64, values: &[f64]) -> Sliding {
    let sample_counts = vec![1; values.len()];
    let run = Run { first_end, values: values.to_vec(), sample_counts, ..Run::default() };
    Sliding { period_s: 120, step_s: 60, log_minutes: Some((0, 20)), runs: vec![run], ..Sliding::default() }
}

fn one_run(queries: &[MetricDataQuery], metrics: &[Sliding], range: u32) -> Run {
    let formulas = Formulas::read(queries, None, 120).unwrap();
    let mut result = sliding(&formulas, metrics, range);
    assert_eq!(result.runs.len(), 1);
    result.runs.remove(0)
}

#[test]
fn formulas_slide_with_the_evaluation() {
    let metrics = [slides(5, &[1.0, 2.0, 3.0, 4.0]), slides(7, &[10.0, 20.0, 30.0, 40.0])];
    let queries = |text| [metric("m1", false), metric("m2", false), expression("e1", text, true)];
    let sum = one_run(&queries("m1 + m2"), &metrics, 3);
    assert_eq!((sum.first_end, sum.values), (5, vec![1.0, 2.0, 13.0, 24.0, 30.0, 40.0]));
    // Two ticks are one period: the difference is to the value two ticks before.
    let change = one_run(&queries("DIFF(m1)"), &metrics, 3).values;
    assert_eq!(change[2..4], [2.0, 2.0]);
    assert!(change[0].is_nan() && change[1].is_nan());
    // The range of three periods that ends at each tick.
    let average = one_run(&queries("m1 - AVG(m1)"), &metrics, 2).values;
    assert_eq!(average[2..4], [1.0, 1.0]);
    // Fills the whole log.
    let filled = one_run(&queries("FILL(m1, 0)"), &metrics, 3);
    assert_eq!((filled.first_end, filled.values.len(), filled.values[4], filled.values[0]), (1, 22, 1.0, 0.0));
    let whole = Formulas::read(&queries("m1 + m2"), None, 120).unwrap();
    let points: Vec<(i64, f64)> = aligned(&sliding(&whole, &metrics, 3))
        .points
        .iter()
        .map(|point| (point.start.0 / 60_000, point.value))
        .collect();
    assert_eq!(points, [(4, 2.0), (6, 24.0), (8, 40.0)]);
}

/// A metric with value 1 in each of these minutes, of a log that has events in those and in `log`.
fn counted(minutes: impl Iterator<Item = i64>, log: impl Iterator<Item = i64>, period_s: u32) -> Sliding {
    let mut part = SeriesPart::default();
    for minute in minutes {
        let published = MinuteSamples { values: [(1f64.to_bits(), 1)].into() };
        part.series.entry(Vec::new()).or_default().insert(minute, published);
        part.log_minutes.insert(minute, 1);
    }
    part.log_minutes.extend(log.map(|minute| (minute, 1)));
    slide(&Samples::new(&part, &[], None), Statistic::Sum, period_s)
}

fn over(text: &str, metrics: &[Sliding], range: u32) -> Sliding {
    let period_s = metrics[0].period_s;
    let mut metric = metric("m1", false);
    metric.metric_stat.as_mut().unwrap().period = period_s;
    let formulas = Formulas::read(&[metric, expression("e1", text, true)], None, period_s).unwrap();
    sliding(&formulas, metrics, range)
}

const DAY: i64 = 1_440;

#[test]
fn what_is_not_looked_at_is_told() {
    // 60 days of a value each minute are more than a range of 80 is looked around in.
    let dense = over("DIFF(m1)", &[counted(0..60 * DAY, 0..0, 60)], 80);
    let from = 60 * DAY + 1 - (1 << 22) / 80;
    assert_eq!(dense.evaluated_from, Some(from));
    assert_eq!((dense.runs.len(), dense.runs[0].first_end), (1, from));
    let told = not_evaluated(&dense, EpochMs::to_rfc3339);
    assert_eq!(told, ["the history is too long: its oldest part, up to 1970-01-24T14:13:00Z, is not evaluated"],);
    // As many days with a value in every hour are not.
    let sparse = over("DIFF(m1)", &[counted((0..60 * DAY).step_by(60), 0..0, 60)], 80);
    assert_eq!((sparse.evaluated_from, sparse.runs[0].first_end), (None, 1));
    assert_eq!(sparse.runs[0].values.iter().filter(|value| **value == 0.0).count(), 60 * 24 - 1);
    assert!(not_evaluated(&sparse, EpochMs::to_rfc3339).is_empty());
}

#[test]
fn one_event_decades_away_pushes_nothing_out_of_what_is_filled() {
    let days = || (1_000 * DAY..1_060 * DAY).step_by(10);
    let far = 47_000 * DAY;
    for text in ["FILL(m1, 0)", "FILL(m1, REPEAT)", "m1 + TIME_SERIES(1)"] {
        let real = over(text, &[counted(days(), 0..0, 300)], 3);
        let with_far = over(text, &[counted(days(), far..far + 1, 300)], 3);
        assert_eq!((with_far.runs.len(), &with_far.runs[0]), (2, &real.runs[0]), "{text}");
        assert_eq!((with_far.evaluated_from, with_far.is_silence_left_out), (None, true));
        let told = not_evaluated(&with_far, EpochMs::to_rfc3339);
        if text == "FILL(m1, 0)" {
            let alarm = MetricAlarm { period: 300, evaluation_periods: 1, ..MetricAlarm::default() };
            let fires = |sliding| evaluate_alarm(&alarm, sliding, Options::default()).unwrap().fires();
            assert_eq!((fires(&real), fires(&with_far)), (60 * 144, 60 * 144));
        }
        assert!(told[0].contains("21 days or more without any are not filled"), "{told:?}");
        assert!(not_evaluated(&real, EpochMs::to_rfc3339).is_empty());
    }
    // Silence that fits is filled as CloudWatch fills it.
    let year = over("FILL(m1, 0)", &[counted(days(), 1_400 * DAY..1_401 * DAY, 300)], 3);
    assert_eq!((year.runs.len(), year.is_silence_left_out), (1, false));
    assert_eq!(year.at(1_200 * DAY), Some((0.0, 0)));
}

proptest! {
    /// Ticks without any metric's value are passed over; calculated all the same, they have no value.
    #[test]
    fn nothing_is_where_nothing_was_measured(minutes in prop::collection::btree_set(0i64..200, 1..12), at in 0usize..6) {
        let texts = [
            "DIFF(m1)", "m1 - AVG(m1)", "IF(m1 > 0, SUM(m1), 7)", "IF(SUM(m1) > 1, 5, m1)", "SUM([m1, DIFF(m1)])",
            "RATE(m1) + HOUR(m1)",
        ];
        let text = texts[at];
        let metric = counted(minutes.into_iter(), 0..0, 120);
        let passed = over(text, std::slice::from_ref(&metric), 4);
        // A condition that is a number makes it calculate everywhere.
        let everywhere = over(&format!("IF(1 > 0, {text}, m1)"), &[metric], 4);
        let bits = |sliding: &Sliding| sliding.runs[0].values.iter().map(|value| (!value.is_nan()).then_some(*value)).collect::<Vec<_>>();
        prop_assert_eq!(bits(&passed), bits(&everywhere));
    }
}
