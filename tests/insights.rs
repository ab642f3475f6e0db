//! Calls and errors per minute are those of the events, whatever the number of workers, and the sample has its insights.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "worker_laws/hall.rs"]
mod hall;

use hall::{Hall, event};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashSet};
use std::io::Read;
use trailscope::base::EpochMs;
use trailscope::insights::{FIELDS, detect, recorded};
use trailscope::model::query::{Answer, Query, Row, Scope, Sort};
use trailscope::model::rates::{RateKey, RatesPart};
use trailscope::sample;
use trailscope::worker::pool::merged;

fn sample_files() -> Vec<(String, Vec<u8>)> {
    sample::builtin().map(|file| (file.path, file.bytes)).collect()
}

fn rates(hall: &mut Hall) -> RatesPart {
    let answers = hall.ask(Query::Rates, None);
    merged(answers, |answer| if let Answer::Rates(part) = answer { Some(part) } else { None })
}

/// The same from the text of the events.
fn naive(files: &[(String, Vec<u8>)]) -> BTreeMap<RateKey, Vec<(i64, u32)>> {
    let mut counts: BTreeMap<RateKey, BTreeMap<i64, u32>> = BTreeMap::new();
    let mut known = HashSet::new();
    for (_, bytes) in files {
        let mut text = String::new();
        flate2::read::GzDecoder::new(bytes.as_slice()).read_to_string(&mut text).unwrap();
        let document: Value = serde_json::from_str(&text).unwrap();
        for event in document["Records"].as_array().unwrap() {
            let text = |field: &str| event[field].as_str().unwrap_or_default().to_owned();
            if !known.insert(text("eventID")) || text("eventCategory") != "Management" {
                continue;
            }
            let minute = EpochMs::parse(&text("eventTime")).unwrap().0.div_euclid(60_000);
            let key = |error: Option<&Value>| RateKey {
                account: text("recipientAccountId"),
                region: text("awsRegion"),
                source: text("eventSource"),
                name: text("eventName"),
                error: error.map(|error| error.as_str().unwrap().to_owned()),
            };
            if event["readOnly"] == json!(false) {
                *counts.entry(key(None)).or_default().entry(minute).or_default() += 1;
            }
            if let Some(error) = event.get("errorCode") {
                *counts.entry(key(Some(error))).or_default().entry(minute).or_default() += 1;
            }
        }
    }
    counts.into_iter().map(|(key, minutes)| (key, minutes.into_iter().collect())).collect()
}

#[test]
fn rates_are_those_of_the_events_from_any_number_of_workers() {
    let files = sample_files();
    let one = rates(&mut Hall::loaded(1, 3, &files));
    assert_eq!(one.counts, naive(&files));
    assert_eq!(one.omitted, 0);
    for workers in [2, 3] {
        assert_eq!(rates(&mut Hall::loaded(workers, 5, &files)), one, "{workers} workers");
    }
    assert!(detect(&one).len() < 20, "the sample is mostly usual: {:?}", detect(&one));
}

#[test]
fn only_management_events_are_counted_whatever_says_that_they_are() {
    let record = |at: usize, more: Value| {
        let mut record = event(at as u32, 1, "PutObject", false);
        record["readOnly"] = json!(false);
        more.as_object().unwrap().iter().for_each(|(key, value)| record[key] = value.clone());
        record
    };
    let records: Vec<Value> = [
        json!({"eventVersion": "1.05"}),
        json!({"eventVersion": "1.06", "managementEvent": true}),
        json!({"eventVersion": "1.06", "managementEvent": false}),
        json!({"eventVersion": "1.08", "managementEvent": true, "eventCategory": "Management"}),
        json!({"eventVersion": "1.08", "managementEvent": false, "eventCategory": "Data"}),
        json!({"eventVersion": "1.09", "eventCategory": "NetworkActivity"}),
    ]
    .into_iter()
    .enumerate()
    .map(|(at, more)| record(at, more))
    .collect();
    let files = [("a.json".to_owned(), json!({"Records": records}).to_string().into_bytes())];
    let part = rates(&mut Hall::loaded(1, 1, &files));
    let counted: u32 = part.counts.values().flatten().map(|(_, events)| events).sum();
    assert_eq!(counted, 3);
}

#[test]
fn recorded_insights_are_read_from_their_records() {
    let record = |state: &str, time: &str, average: f64| {
        json!({
            "eventVersion": "1.07", "eventTime": time, "awsRegion": "us-east-1", "eventID": format!("{state}-1"),
            "eventType": "AwsCloudTrailInsight", "recipientAccountId": "111122223333", "sharedEventID": "shared-1",
            "eventCategory": "Insight",
            "insightDetails": {
                "state": state, "eventSource": "ssm.amazonaws.com", "eventName": "UpdateInstanceInformation",
                "insightType": "ApiErrorRateInsight", "errorCode": "AccessDenied",
                "insightContext": {"statistics": {"baseline": {"average": 0.25}, "insight": {"average": average}, "insightDuration": 5}},
            },
        })
    };
    // Among ordinary events, whichever record comes first.
    let (start, end) = (record("Start", "2024-05-01T10:00:00Z", 4.0), record("End", "2024-05-01T10:05:00Z", 3.5));
    let mut files = hall::files();
    for (name, record) in [("a.json", end), ("b.json", start)] {
        let records = json!({"Records": [record, event(9_000, 1, "GetObject", false)]});
        files.push((name.into(), records.to_string().into_bytes()));
    }
    let mut hall = Hall::loaded(2, 1, &files);
    assert_eq!(hall.count(&Scope { filter: "eventCategory:Insight".into(), ..Scope::default() }).matched, 2);
    let query = Query::SortWindow {
        scope: Scope { filter: "eventType:AwsCloudTrailInsight".into(), ..Scope::default() },
        sort: Sort::default(),
        from: None,
        len: 100,
        fields: FIELDS.map(str::to_owned).to_vec(),
    };
    let rows: Vec<Row> = hall
        .ask(query, None)
        .into_iter()
        .flat_map(|answer| if let Answer::SortWindow { cells, .. } = answer { cells } else { Vec::new() })
        .collect();
    let found = recorded(&rows);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].key.error.as_deref(), Some("AccessDenied"));
    assert_eq!(found[0].end, EpochMs::parse("2024-05-01T10:05:00Z"));
    assert_eq!((found[0].baseline, found[0].average), (0.25, 3.5));
}
