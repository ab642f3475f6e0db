//! Metric filters and searches as event patterns, and back: where nothing is said to be lost, both find the same events
//! of the built-in sample.

#![allow(clippy::unwrap_used)]

use serde_json::Value;
use std::io::Read;
use trailscope::filter::naive;
use trailscope::filter::predicate::Predicate;
use trailscope::pattern::convert::{
    Converted, event_pattern_of_filter, event_pattern_of_search, filter_of_event_pattern, filter_of_search,
};
use trailscope::pattern::{cloudwatch, eventbridge, search};
use trailscope::sample::builtin;
use trailscope::view::rule::PRESETS;

fn records() -> Vec<Value> {
    let mut records = Vec::new();
    for file in builtin() {
        let mut text = String::new();
        flate2::read::GzDecoder::new(file.bytes.as_slice()).read_to_string(&mut text).unwrap();
        let Value::Array(found) = serde_json::from_str::<Value>(&text).unwrap()["Records"].take() else { continue };
        records.extend(found);
    }
    assert!(records.len() > 1_000);
    // Enough of each kind, and a quarter of the time.
    records.into_iter().step_by(4).collect()
}

fn matches(predicate: &Predicate, records: &[Value]) -> Vec<bool> {
    records.iter().map(|record| naive::matches(predicate, record, "")).collect()
}

/// Compares where nothing is lost; tells whether it did.
fn same(original: &Predicate, converted: &Predicate, lost: &[String], what: &str, records: &[Value]) -> bool {
    if lost.is_empty() {
        assert!(matches(original, records) == matches(converted, records), "{what}");
    }
    lost.is_empty()
}

#[test]
fn filters_become_event_patterns() {
    let controls: Value = serde_json::from_str(include_str!("cases/cis-controls.json")).unwrap();
    let prescribed =
        controls["controls"].as_array().unwrap().iter().filter_map(|control| control["filter_pattern"].as_str());
    let others = [
        r#"{ $.eventName = "Console*" || $.eventName = "*Role" }"#,
        r#"{ ($.eventSource = "s3.amazonaws.com") && (($.eventName = "Put*") || ($.errorCode = "AccessDenied")) }"#,
        r#"{ $.readOnly IS TRUE }"#,
        r#"{ $.errorCode = "*Denied*" }"#,
        r#"{ $.userIdentity.type = "Root" && ($.awsRegion = "us-east-1" || $.eventName = "ConsoleLogin") }"#,
    ];
    let records = records();
    let (mut all, mut exact) = (0, 0);
    for text in prescribed.chain(others) {
        let Converted { text: event_pattern, lost } =
            event_pattern_of_filter(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        let original = cloudwatch::parse(text).unwrap().lower();
        let converted = eventbridge::parse(&event_pattern).unwrap();
        all += 1;
        exact += usize::from(same(&original, &converted.lower(), &lost, text, &records));
        // And back, for as long as nothing is lost.
        if let Ok(back) = filter_of_event_pattern(&event_pattern) {
            let again = cloudwatch::parse(&back.text).unwrap_or_else(|error| panic!("{}: {error}", back.text)).lower();
            same(&converted.lower(), &again, &back.lost, &back.text, &records);
        }
    }
    assert!(all >= 20 && exact >= 12, "{exact} of {all} without loss");
}

#[test]
fn event_patterns_become_filters() {
    let records = records();
    let mut exact = 0;
    for preset in PRESETS {
        let Ok(Converted { text, lost }) = filter_of_event_pattern(preset.pattern) else { continue };
        let original = eventbridge::parse(preset.pattern).unwrap().lower();
        let converted = cloudwatch::parse(&text).unwrap_or_else(|error| panic!("{text}: {error}")).lower();
        exact += usize::from(same(&original, &converted, &lost, preset.name, &records));
    }
    assert!(exact >= 4, "only {exact} presets without loss");
}

#[test]
fn searches_become_event_patterns() {
    let records = records();
    let mut exact = 0;
    for text in [
        "eventName:ConsoleLogin",
        "eventName:Put*,Delete* eventSource:s3.amazonaws.com",
        "readOnly:true awsRegion:us-east-1,eu-west-1",
        "errorCode:AccessDenied -userIdentity.type:Root",
        "{ $.errorCode = \"*Denied\" } eventSource:kms.amazonaws.com",
        "~eventName:x {\"source\": [\"aws.iam\"]} userIdentity.type:IAMUser",
    ] {
        let Converted { text: event_pattern, lost } = event_pattern_of_search(text).unwrap();
        let converted = eventbridge::parse(&event_pattern).unwrap().lower();
        exact += usize::from(same(&search::parse(text).unwrap().lower(), &converted, &lost, text, &records));
    }
    assert!(exact >= 4, "only {exact} searches without loss");
    assert!(event_pattern_of_search("alice").is_err(), "free text");
}

#[test]
fn searches_become_filters() {
    let records = records();
    for text in [
        "errorCode:AccessDenied",
        "eventName:Put*,Delete* eventSource:s3.amazonaws.com",
        "readOnly:true awsRegion:us-east-1,eu-west-1",
        "-readOnly:true errorCode:* -userAgent:*aws*",
        "-errorCode:AccessDenied,*Denied -userIdentity.type:Root",
        "{ $.errorCode = \"*Denied\" } eventSource:kms.amazonaws.com",
        "~eventName:x {\"source\": [\"aws.iam\"]} userIdentity.type:IAMUser",
        "-requestParameters:* eventName:*User*",
        "resources[*].type:AWS::S3::Bucket,AWS::KMS::Key",
    ] {
        let Converted { text: pattern, lost } = filter_of_search(text).unwrap();
        let converted = cloudwatch::parse(&pattern).unwrap().lower();
        assert!(same(&search::parse(text).unwrap().lower(), &converted, &lost, text, &records), "{text}: {lost:?}");
    }
}

#[test]
fn what_is_lost_is_said() {
    let lost = |text: &str| event_pattern_of_filter(text).map(|converted| converted.lost.len());
    assert_eq!(lost(r#"{ $.eventName = "x" }"#), Ok(0));
    for text in [
        r#"{ $.eventName != "x" }"#,
        r#"{ $.a NOT EXISTS }"#,
        r#"{ $.a = "x" && $.b = %y.z% }"#,
        r#"{ $.requestParameters.list[0] = "x" }"#,
        r#"{ $.a = "x*" && $.a = "*y" }"#,
    ] {
        assert!(lost(text).is_ok_and(|lost| lost > 0), "{text}");
    }
    assert!(event_pattern_of_filter("ERROR").is_err() && event_pattern_of_filter("{ $.a = %x.y% }").is_err());
    assert!(filter_of_event_pattern(r#"{"detail": {"ip": [{"cidr": "10.0.0.0/8"}]}}"#).is_err());
    let kept =
        filter_of_event_pattern(r#"{"source": ["aws.iam"], "detail": {"ip": [{"cidr": "10.0.0.0/8"}]}}"#).unwrap();
    assert!(kept.lost.len() == 1 && kept.text.contains("iam.amazonaws.com"), "{kept:?}");
}
