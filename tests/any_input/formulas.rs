//! Any text as a formula over metrics: colours, the tree, and its value where it has one.

use trailscope::base::EpochMs;
use trailscope::metric::math::{Grid, Known, LONGEST, Type, Value, check, evaluate, parse, tokens};

/// Periods calculated.
const PERIODS: usize = 4;

/// Everything metric math does with a text. The metrics are m1, with a gap, and m2.
pub fn any_formula(text: &str) {
    let mut end = 0;
    for token in tokens(text) {
        assert!(end <= token.span.start && token.span.start < token.span.end, "{text:?} {token:?}");
        assert!(text.get(token.span.clone()).is_some(), "{text:?} {token:?}");
        end = token.span.end;
    }
    let tree = match parse(text) {
        Ok(tree) => tree,
        Err(error) => {
            assert!(text.get(error.span.clone()).is_some(), "{text:?} {error:?}");
            return;
        }
    };
    let printed = tree.to_string();
    // What is printed may be longer than what was written, and then too long.
    if printed.chars().count() <= LONGEST {
        assert_eq!(parse(&printed).as_ref(), Ok(&tree), "{text:?} printed {printed:?}");
    }
    let metrics = [("m1", vec![1.0, f64::NAN, -3.5, 0.0]), ("m2", vec![0.0, 2.0, 2.0, 1e300])];
    match check(&tree, &|id| metrics.iter().any(|(known, _)| *known == id).then_some(Type::Series)) {
        Ok(kind) => {
            let known = Known {
                metrics: metrics.into_iter().map(|(id, series)| (id.to_owned(), series)).collect(),
                formulas: Vec::new(),
            };
            let grid = Grid { start: EpochMs(0), step_s: 60, len: PERIODS, period_s: 60 };
            match (kind, evaluate(&tree, &known, grid)) {
                (Type::Scalar, Value::Scalar(number)) => assert!(!number.is_infinite(), "{text:?}"),
                (Type::Series, Value::Series(series)) => assert_series(text, &series),
                (Type::List, Value::List(list)) => list.iter().for_each(|series| assert_series(text, series)),
                (kind, value) => panic!("{text:?} is {kind:?}, but {value:?}"),
            }
        }
        Err(error) => assert!(text.get(error.span.clone()).is_some(), "{text:?} {error:?}"),
    }
}

fn assert_series(text: &str, series: &[f64]) {
    assert_eq!(series.len(), PERIODS, "{text:?}");
    assert!(series.iter().all(|value| !value.is_infinite()), "{text:?} {series:?}");
}
