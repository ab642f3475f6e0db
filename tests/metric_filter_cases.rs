//! Runs the conformance cases of metric filter patterns through parser, lowering and the JSON-walking evaluator.

use serde_json::{Value, json};
use std::collections::BTreeMap;
use trailscope::filter::naive;
use trailscope::model::metric::{MetricFilter, MetricTransformation};
use trailscope::pattern::cloudwatch::{Pattern, check, parse, tokens, validate_metric_filter};

fn read(name: &str) -> Value {
    let path = format!("{}/tests/cases/{name}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn cases(name: &str) -> Vec<Value> {
    let Value::Array(cases) = read(name) else { panic!("{name}: not a list of cases") };
    cases
}

fn text<'a>(case: &'a Value, member: &str) -> &'a str {
    case[member].as_str().unwrap_or_else(|| panic!("{case}: no text “{member}”"))
}

/// The raw message: text as it is, anything else serialised.
fn message(event: &Value) -> String {
    event.as_str().map_or_else(|| event.to_string(), str::to_owned)
}

/// Runs `got` on each case and reports all that differ from `expect`.
fn run<'a>(cases: impl IntoIterator<Item = &'a Value>, at_least: usize, got: impl Fn(&Value) -> Value) {
    let mut count = 0;
    let mut failed = Vec::new();
    for case in cases {
        count += 1;
        let got = got(case);
        if got != case["expect"] {
            failed.push(format!("{}: expected {}, got {got}", case["id"], case["expect"]));
        }
    }
    assert!(count >= at_least, "only {count} cases found");
    assert!(failed.is_empty(), "{} of {count} cases failed\n{}", failed.len(), failed.join("\n"));
}

#[test]
fn matching() {
    run(&cases("metric-filter-match.json"), 250, |case| {
        let Ok(pattern) = parse(text(case, "pattern")) else { return json!("invalid") };
        let matches = naive::matches_message(&pattern.lower(), &message(&case["event"]));
        json!(if matches { "match" } else { "no_match" })
    });
}

#[test]
fn extraction() {
    let metrics = cases("metrics.json");
    run(metrics.iter().filter(|case| case["kind"] == "extract"), 4, |case| {
        let pattern = parse(text(case, "pattern")).unwrap();
        let fields = pattern.space_pattern().and_then(|fields| fields.extract(text(case, "event")));
        json!(fields.unwrap_or_default().into_iter().collect::<BTreeMap<_, _>>())
    });
}

#[test]
fn validation() {
    let metrics = cases("metrics.json");
    let filter = |case: &Value| {
        let dimensions = case.get("dimensions").and_then(Value::as_object).into_iter().flatten();
        MetricFilter {
            filter_name: "f".into(),
            filter_pattern: text(case, "pattern").into(),
            metric_transformations: vec![MetricTransformation {
                metric_value: case.get("metric_value").and_then(Value::as_str).unwrap_or("1").into(),
                default_value: case["default_value"].as_f64(),
                dimensions: dimensions.map(|(name, value)| (name.clone(), value.as_str().unwrap().into())).collect(),
                ..MetricTransformation::default()
            }],
        }
    };
    run(metrics.iter().filter(|case| case["kind"] == "metric_filter_validation"), 3, |case| {
        json!(if validate_metric_filter(&filter(case)).is_empty() { "valid" } else { "invalid" })
    });
    // The filters of the series cases have to be valid ones.
    for case in metrics.iter().filter(|case| case["kind"] == "metric_filter") {
        assert_eq!(validate_metric_filter(&filter(case)), [], "{}", case["id"]);
    }
}

/// The controls' patterns are valid, survive printing, and are coloured without errors.
#[test]
fn controls() {
    let controls = read("cis-controls.json");
    let mut patterns = Vec::new();
    collect(&controls, &mut patterns);
    assert!(patterns.len() >= 15, "only {} patterns found", patterns.len());
    for pattern in patterns {
        let parsed = parse(pattern).unwrap_or_else(|error| panic!("{pattern}: {error}"));
        assert!(matches!(parsed, Pattern::Json(_)), "{pattern}");
        assert_eq!(parse(&parsed.print()).as_ref(), Ok(&parsed), "{pattern}");
        let _ = (check(&parsed), tokens(pattern));
    }
}

/// All texts under members called `filter_pattern` or `pattern`.
fn collect<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        Value::Object(members) => members.iter().for_each(|(name, member)| match member {
            Value::String(text) if name.ends_with("pattern") && text.starts_with('{') => found.push(text),
            _ => collect(member, found),
        }),
        _ => {}
    }
}
