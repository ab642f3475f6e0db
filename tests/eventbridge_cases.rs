//! Runs the conformance cases of event patterns through parser and reference matcher, and through lowering and columns
//! where the event is a CloudTrail record in its envelope.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use serde_json::Value;
use trailscope::filter::naive;
use trailscope::pattern::eventbridge::{check, matching, parse, tokens};

fn cases() -> Vec<Value> {
    let path = format!("{}/tests/cases/eventbridge-match.json", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Raw text is used as it is, anything else serialised.
fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[test]
fn every_case_comes_out_as_the_service_has_it() {
    let mut failed = Vec::new();
    for case in cases() {
        let event: Value = serde_json::from_str(&text(&case["event"])).unwrap();
        let got = match parse(&text(&case["pattern"])) {
            Err(_) => "invalid",
            Ok(pattern) if matching::matches(&pattern, &event) => "match",
            Ok(_) => "no_match",
        };
        if case["expect"] != got {
            failed.push(format!("{}: expected {}, got {got}", case["id"], case["expect"]));
        }
    }
    assert!(failed.is_empty(), "{} failed\n{}", failed.len(), failed.join("\n"));
    assert_eq!(cases().len(), 205);
}

#[test]
fn valid_patterns_read_back_as_they_are_printed() {
    for case in cases().iter().filter(|case| case["expect"] != "invalid") {
        let text = text(&case["pattern"]);
        let pattern = parse(&text).unwrap();
        for printed in [pattern.print(), pattern.pretty()] {
            let again = parse(&printed).unwrap_or_else(|error| panic!("{printed}: {error}"));
            assert_eq!(again.fields, pattern.fields, "{printed}");
        }
        let _ = (check(&pattern, &text), tokens(&text));
    }
}

#[test]
fn what_is_lowered_says_the_same_of_the_record() {
    let mut compared = 0;
    for case in cases().iter().filter(|case| case["expect"] != "invalid") {
        let pattern = parse(&text(&case["pattern"])).unwrap();
        let asks_detail_only = pattern.print().starts_with("{\"detail\": ");
        let event: Value = serde_json::from_str(&text(&case["event"])).unwrap();
        if let Some(record) = event.get("detail").filter(|_| asks_detail_only) {
            let got = naive::matches(&pattern.lower(), record, &record.to_string());
            assert_eq!(got, case["expect"] == "match", "{}", case["id"]);
            compared += 1;
        }
    }
    assert!(compared > 100, "only {compared}");
}

#[test]
fn errors_point_at_the_place_and_say_what_was_expected() {
    for case in cases().iter().filter(|case| case["expect"] == "invalid") {
        let text = text(&case["pattern"]);
        let error = parse(&text).unwrap_err();
        assert!(error.span.end <= text.len() && !error.message.is_empty(), "{}", case["id"]);
        let whole = error.span == (0..text.len());
        assert!(!whole || matches!(text.as_str(), "{}" | "[\"not\",\"an\",\"object\"]"), "{}: {error}", case["id"]);
    }
}
