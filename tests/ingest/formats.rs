//! Every shape in which events come, one test each, and all shared files against the counts of the manifest.

use crate::archives::gzip;
use crate::shared_data::data;
use crate::support::*;
use serde_json::{Value, json};
use std::path::Path;
use trailscope::base::{Code, Severity};
use trailscope::ingest::{BytesSource, FileSource, Limits, record_bytes};

fn event(number: u32) -> Value {
    json!({
        "eventVersion": "1.11",
        "eventID": format!("00000000-0000-4000-8000-{number:012}"),
        "eventName": "ConsoleLogin",
        "eventTime": "2026-01-02T03:04:05Z",
        "userAgent": "quotes \" and \\ and ünï",
    })
}

/// That a file holds the events `0..count` in this order, in whatever pieces it comes, each of which can be read again.
#[track_caller]
fn holds(file: &[u8], format: &str, count: u32) -> Vec<(Severity, Code)> {
    let whole = read(file);
    for limits in [Limits::default(), pieces(1), pieces(33)] {
        let output = read_with(file, &limits);
        assert_eq!(output.reports[0].format, format);
        let events: Vec<Value> =
            output.records.iter().map(|(_, _, _, json)| serde_json::from_slice(json).unwrap()).collect();
        assert_eq!(events, (0..count).map(event).collect::<Vec<_>>());
        for (job, document, offset, json) in &output.records {
            let again = record_bytes(&BytesSource(file), job, *document, *offset, json.len(), limits.clone());
            assert_eq!(again.as_deref(), Ok(json.as_slice()));
        }
        assert_eq!(output.codes(), whole.codes());
    }
    whole.diagnostics.iter().map(|diagnostic| (diagnostic.severity, diagnostic.code)).collect()
}

fn text(value: &Value) -> Vec<u8> {
    serde_json::to_vec_pretty(value).unwrap()
}

#[test]
fn lookup_events() {
    let entry = |number| {
        json!({"EventId": "x", "EventName": "ConsoleLogin", "EventSource": "signin.amazonaws.com",
        "Username": "x", "Resources": [{"ResourceType": "x"}], "CloudTrailEvent": event(number).to_string()})
    };
    let name = "lookup-events output";
    let page = |numbers: [u32; 2], token: &Value| text(&json!({"Events": numbers.map(entry), "NextToken": token}));
    let (next, end) = (json!("{\"Events\":[{"), Value::Null);
    assert_eq!(holds(&page([0, 1], &end), name, 2), []);
    assert_eq!(holds(&page([0, 1], &Value::from("")), name, 2), []);
    assert_eq!(holds(&[page([0, 1], &next), page([2, 3], &end)].concat(), name, 4), []);
    let one_of_several = [(Severity::Warning, Code::PartialAnswer)];
    assert_eq!(holds(&page([0, 1], &next), name, 2), one_of_several);
    assert_eq!(holds(&[page([0, 1], &end), page([2, 3], &next)].concat(), name, 4), one_of_several);
    let token_first = format!("{{\"NextToken\": \"x\", \"Events\": [{}]}}", entry(0));
    assert_eq!(holds(token_first.as_bytes(), name, 1), one_of_several);
    // However it is cut: a token far from the list is not looked for, before it or behind it.
    let far = "a".repeat(70_000);
    let before = format!("{{\"NextToken\": \"x\", \"far\": \"{far}\", \"Events\": [{}]}}", entry(0));
    let behind = format!("{{\"Events\": [{}], \"far\": \"{far}\", \"NextToken\": \"x\"}}", entry(0));
    for text in [before, behind] {
        for limits in [Limits::default(), pieces(33), pieces(60_000)] {
            let output = read_with(text.as_bytes(), &limits);
            assert_eq!((output.records.len(), output.codes()), (1, vec![]));
        }
    }
    // Not a token of the answer but a part of an event, or of a text.
    let inside =
        json!({"Events": [{"CloudTrailEvent": event(0).to_string(), "NextToken": "x"}], "a": "\"NextToken\":\"x\""});
    assert_eq!(holds(&text(&inside), name, 1), []);
    let lines: String = (0..3).map(|number| format!("{}\n", entry(number))).collect();
    assert_eq!(holds(lines.as_bytes(), name, 3), []);
    let damaged = json!({"Events": [entry(0), {"EventId": "y"}, {"CloudTrailEvent": "{\"a\":"}, entry(1)]});
    assert_eq!(holds(&text(&damaged), name, 2), [(Severity::Error, Code::NotAnEvent)]);
}

#[test]
fn log_events_of_the_api() {
    let entry = |number| {
        json!({"logStreamName": "s", "timestamp": 1, "message": event(number).to_string() + "\n",
        "ingestionTime": 2, "eventId": "3"})
    };
    let filtered = json!({"events": [entry(0), entry(1)], "searchedLogStreams": [{"logStreamName": "s"}]});
    let name = "filter-log-events or get-log-events output";
    assert_eq!(holds(&text(&filtered), name, 2), []);
    let got = json!({"events": [entry(0), {"timestamp": 1, "message": "START"}, entry(1), event(2)], "nextForwardToken": "f"});
    assert_eq!(holds(&text(&got), name, 3), [(Severity::Warning, Code::NotAnEvent)]);
}

#[test]
fn subscription_messages() {
    let message = |numbers: &[u32]| {
        let events: Vec<_> = numbers
            .iter()
            .map(|number| json!({"id": "1", "timestamp": 1, "message": event(*number).to_string()}))
            .collect();
        json!({"messageType": "DATA_MESSAGE", "owner": "1", "logGroup": "g", "logStream": "s", "logEvents": events})
    };
    let control = json!({"messageType": "CONTROL_MESSAGE", "logEvents": [{"id": "", "timestamp": 1,
        "message": "CWL CONTROL MESSAGE: Checking health of destination Firehose."}]});
    let name = "CloudWatch Logs subscription messages";
    assert_eq!(holds(&text(&message(&[0, 1])), name, 2), []);
    // As Firehose writes them: back to back, and each gzipped on its own.
    let parts = [control, message(&[0]), message(&[1, 2])].map(|part| part.to_string());
    assert_eq!(holds(parts.concat().as_bytes(), name, 3), [(Severity::Note, Code::SetAside)]);
    let members: Vec<u8> = parts.iter().flat_map(|part| gzip(part.as_bytes())).collect();
    assert_eq!(holds(&gzip(&members), name, 3), [(Severity::Note, Code::SetAside)]);

    use base64::Engine;
    let encoded = base64::engine::general_purpose::STANDARD
        .encode(gzip(parts[2].replace("000001", "000000").replace("000002", "000001").as_bytes()));
    let name = "CloudWatch Logs subscription message for Lambda";
    assert_eq!(holds(&text(&json!({"awslogs": {"data": encoded}})), name, 2), []);
    let output = read(br#"{"awslogs":{"data":"bm90IGd6aXA="}}"#);
    assert_eq!((output.records.len(), output.codes()), (0, vec![Code::InvalidJson]));
}

#[test]
fn eventbridge_events() {
    let envelope = |number| {
        json!({"version": "0", "id": "i", "detail-type": "AWS API Call via CloudTrail", "source": "aws.iam",
        "account": "1", "time": "2026-01-02T03:04:05Z", "region": "r", "resources": [], "detail": event(number)})
    };
    let lines: String = (0..3).map(|number| format!("{}\n", envelope(number))).collect();
    assert_eq!(holds(lines.as_bytes(), "EventBridge events", 3), []);
    let finding = json!({"detail-type": "GuardDuty Finding", "detail": {"schemaVersion": "2.0", "severity": 5}});
    let array = json!([envelope(0), finding, envelope(1)]);
    assert_eq!(holds(&text(&array), "EventBridge events", 2), [(Severity::Note, Code::SetAside)]);
}

#[test]
fn documents_of_an_index() {
    let documents = [
        json!({"@timestamp": "t", "event": {"action": "x", "original": event(0).to_string()}, "aws": {"cloudtrail": {"a": 1}}}),
        json!({"@timestamp": "t", "message": event(1).to_string()}),
        json!({"@timestamp": "t", "aws": {"cloudtrail": event(2)}}),
        json!({"_index": "i", "_source": {"message": event(3).to_string()}}),
        json!({"insertId": "i", "jsonPayload": event(4)}),
    ];
    let name = "documents of a search index";
    let lines: String = documents.iter().map(|document| format!("{document}\n")).collect();
    assert_eq!(holds(lines.as_bytes(), name, 5), []);
    assert_eq!(holds(&text(&json!(documents)), name, 5), []);
    let other = json!({"@timestamp": "t", "message": "{\"level\":\"info\"}"});
    assert_eq!(holds(&[lines.as_bytes(), &text(&other)].concat(), name, 5), [(Severity::Warning, Code::NotAnEvent)]);
}

#[test]
fn insights_results() {
    let row = |number| {
        json!([{"field": "@timestamp", "value": "2026-01-02 03:04:05.000"},
            {"field": "@message", "value": event(number).to_string()}, {"field": "@ptr", "value": "Cl0="}])
    };
    let answer = json!({"results": [row(0), row(1)], "statistics": {"recordsMatched": 2.0}, "status": "Complete"});
    let name = "CloudWatch Logs Insights results";
    assert_eq!(holds(&text(&answer), name, 2), []);
    let running = json!({"results": [row(0)], "status": "Running"});
    assert_eq!(holds(&text(&running), name, 1), [(Severity::Warning, Code::PartialAnswer)]);
    let limited = json!({"results": [row(0), row(1)], "statistics": {"recordsMatched": 30000.0}, "status": "Complete"});
    assert_eq!(holds(&text(&limited), name, 2), [(Severity::Warning, Code::PartialAnswer)]);
    let said = &read(&text(&limited)).diagnostics[0].message;
    assert!(said.contains("matched 30000 log events and answered 2"), "{said}");
    let two = [text(&answer), text(&json!({"results": [], "statistics": {"recordsMatched": 0.0}}))].concat();
    assert_eq!(holds(&two, name, 2), []);
    let other = json!({"results": [row(0), [{"field": "count(*)", "value": "7"}], [1], {"a": 1}, row(1)]});
    assert_eq!(
        holds(&text(&other), name, 2),
        [(Severity::Warning, Code::NotAnEvent), (Severity::Error, Code::NotAnEvent)]
    );
    let empty = read(br#"{"results":[],"status":"Complete"}"#);
    assert_eq!((empty.records.len(), empty.codes()), (0, vec![Code::NoEvents]));
    // As the console copies it.
    let copied =
        json!([{"@timestamp": "t", "@message": event(0)}, {"@timestamp": "t", "@message": event(1).to_string()}]);
    assert_eq!(holds(&text(&copied), "documents of a search index", 2), []);
}

#[test]
fn lake_results() {
    let row = |number: u32| json!([{"eventid": "x"}, {"eventjson": event(number).to_string()}]);
    let page = |numbers: [u32; 2]| {
        text(&json!({"QueryStatus": "FINISHED", "QueryStatistics": {"ResultsCount": 2},
        "QueryResultRows": numbers.map(row), "NextToken": "t"}))
    };
    let name = "CloudTrail Lake query results";
    let one_of_several = [(Severity::Warning, Code::PartialAnswer)];
    assert_eq!(holds(&[page([0, 1]), page([2, 3])].concat(), name, 4), one_of_several);
}

#[test]
fn lines_of_a_log() {
    let exported: String = (0..3).map(|number| format!("2026-01-02T03:04:05.678Z {}\n", event(number))).collect();
    let name = "lines of CloudWatch Logs";
    assert_eq!(holds(exported.as_bytes(), name, 3), []);
    assert_eq!(holds(&gzip(exported.as_bytes()), name, 3), []);
    let tail = |number| format!("2026-01-02T03:04:05+00:00 1_CloudTrail_us-east-1 {}", event(number));
    let printed = format!("{}\r\n\n2026-01-02T03:04:05+00:00 stream START\n{}", tail(0), tail(1));
    assert_eq!(holds(printed.as_bytes(), name, 2), [(Severity::Warning, Code::NotAnEvent)]);
}

#[test]
fn what_only_looks_like_events_is_named() {
    for (json, what) in [
        (
            json!({"Records": [{"eventVersion": "2.1", "eventSource": "aws:s3", "eventName": "ObjectCreated:Put", "s3": {}}]}),
            "S3 event notification",
        ),
        (
            json!({"Records": [{"EventSource": "aws:sns", "Sns": {"Message": event(0).to_string()}}]}),
            "SNS notification",
        ),
        (json!({"Type": "Notification", "TopicArn": "t", "Message": "m"}), "SNS notification"),
        (json!({"messageId": "m", "receiptHandle": "r", "body": "b"}), "SQS message"),
        (json!({"fileVersion": "1.0", "configurationItems": []}), "Config snapshot"),
        (json!({"invokingEvent": "{}", "configRuleName": "r"}), "AWS Config rule"),
        (json!({"schemaVersion": "2.0", "service": {}, "severity": 2, "type": "x"}), "GuardDuty finding"),
        (json!({"SchemaVersion": "2018-10-08", "ProductArn": "p"}), "Security Hub finding"),
        (json!({"digestStartTime": "s", "digestEndTime": "e"}), "digest file"),
    ] {
        let output = read(&text(&json));
        assert_eq!((output.records.len(), output.codes()), (0, vec![Code::SetAside]), "{json}");
        let said = &output.diagnostics[0];
        assert!(said.severity == Severity::Note && said.message.contains(what), "{}", said.message);
    }
}

#[test]
fn text_that_lies_beside_trails_is_named() {
    for (text, what) in [
        ("Permission Check Successful", "may export"),
        ("version account-id interface-id srcaddr dstaddr\n2 1 eni-1 10.0.0.1 10.0.0.2\n", "VPC flow log"),
        (
            "2 123456789010 eni-1235b8ca123456789 172.31.16.139 172.31.16.21 20641 22 6 20 4249 1 2 ACCEPT OK\n",
            "VPC flow log",
        ),
    ] {
        let output = read(&gzip(text.as_bytes()));
        assert_eq!((output.records.len(), output.codes()), (0, vec![Code::SetAside]), "{text}");
        assert!(output.diagnostics[0].message.contains(what), "{}", output.diagnostics[0].message);
    }
}

/// Shared files of which other counts than the manifest's are right.
const DIFFERENT: &[(&str, usize)] = &[
    // An example of `userIdentity` alone, but beside the version of an event.
    ("cloudtrail-event-reference-user-identity.2.json", 1),
    // Which the reference scanner does not unpack.
    ("cwl-subscription-lambda-event.json", 200),
    // Tables.
    ("invictus-event_history.csv", 574),
    ("invictus-athena-result.csv", ATHENA_ROWS),
];
const ATHENA_ROWS: usize = 300;
/// Test cases of another tool, which hold events in a form of its own.
const FOREIGN: &str = "originals/streamalert/";

#[test]
fn shared_files_hold_what_the_manifest_says() {
    let Some(data) = data("counts of the manifest") else { return };
    let manifest: Value = serde_json::from_slice(&std::fs::read(data.join("MANIFEST.json")).unwrap()).unwrap();
    let mut wrong = Vec::new();
    for file in manifest["files"].as_array().unwrap() {
        let path = file["path"].as_str().unwrap();
        if path.starts_with("licenses/") || path.starts_with(FOREIGN) || path.contains("/damaged/") {
            continue;
        }
        let expected = DIFFERENT
            .iter()
            .find(|(different, _)| path.ends_with(different))
            .map_or_else(|| file["events_found_by_reference_scanner"].as_u64().unwrap() as usize, |(_, count)| *count);
        let source = FileSource::open(Path::new(&data.join(path))).unwrap();
        let output = read_source(&source, path, &Limits::default());
        let found = output.records.len();
        if found != expected {
            wrong.push(format!(
                "{path}: {found} instead of {expected}, {:?}, {:?}",
                output.reports[0].format,
                output.codes()
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
