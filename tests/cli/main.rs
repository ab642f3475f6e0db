//! The built command-line tool on small inputs and, when it is there, on real data.

#![allow(clippy::unwrap_used)]

mod lab;
mod made;
mod partial;
mod real;
#[path = "../ingest/shared_data.rs"]
mod shared_data;

use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

fn trailscope(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_trailscope")).args(args).output().unwrap()
}

/// Standard output as JSON; the command must have succeeded.
fn json_of(args: &[&str]) -> Value {
    let output = trailscope(&[args, &["--json"]].concat());
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Exit code and standard error of a command that must fail without output.
fn failure(args: &[&str]) -> (i32, String) {
    let output = trailscope(args);
    assert_eq!(String::from_utf8_lossy(&output.stdout), "", "{args:?}");
    (output.status.code().unwrap(), String::from_utf8_lossy(&output.stderr).into_owned())
}

fn event(id: u32, time: &str, name: &str, extra: Value) -> Value {
    let mut event = json!({
        "eventVersion": "1.11", "eventID": format!("00000000-0000-0000-0000-{id:012}"),
        "eventTime": format!("2024-05-01T{time}Z"), "eventName": name, "eventSource": "s3.amazonaws.com",
        "awsRegion": "eu-west-1", "sourceIPAddress": "192.0.2.1", "userIdentity": {"type": "IAMUser"},
    });
    event.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
    event
}

/// Two files with five distinct events, one of them twice, and a file that is cut short.
fn archive() -> TempDir {
    let folder = TempDir::new().unwrap();
    let denied = json!({"errorCode": "AccessDenied"});
    let first = [
        event(1, "10:00:05", "GetObject", denied.clone()),
        event(2, "10:00:50", "GetObject", denied.clone()),
        event(3, "10:02:00", "PutObject", json!({"size": 50})),
    ];
    let second = [
        event(2, "10:00:50", "GetObject", denied),
        event(4, "10:02:30", "PutObject", json!({"size": 70})),
        event(5, "10:30:00", "ListBuckets", json!({})),
    ];
    fs::create_dir(folder.path().join("below")).unwrap();
    fs::write(folder.path().join("a.json"), json!({"Records": first}).to_string()).unwrap();
    fs::write(folder.path().join("below/b.json"), json!({"Records": second}).to_string()).unwrap();
    fs::write(folder.path().join("c.json"), r#"{"Records": [{"eventName": "Get"#).unwrap();
    folder
}

const DENIED: &str = "{ $.errorCode = \"AccessDenied\" }";

#[test]
fn scan_reports_events_duplicates_and_problems() {
    let folder = archive();
    let path = folder.path().to_str().unwrap();
    let report = json_of(&["scan", path]);
    assert_eq!(report["files"], 3);
    assert_eq!(report["events"], 5);
    assert_eq!(report["duplicates"], 1);
    assert_eq!(report["first"], "2024-05-01T10:00:05Z");
    assert_eq!(report["last"], "2024-05-01T10:30:00Z");
    let problems = report["problems"].as_array().unwrap();
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(problems[0]["file"].as_str().unwrap().ends_with("c.json"));
    assert_eq!(problems[0]["code"], "truncated-json");
    assert!(!problems[0]["message"].as_str().unwrap().is_empty());
    assert_eq!(json_of(&["scan", path, "--keep-duplicates"])["events"], 6);
    assert_eq!(json_of(&["scan", path, "--threads", "1"]), json_of(&["scan", path, "--threads", "3"]));
}

#[test]
fn count_filters_and_groups() {
    let folder = archive();
    let path = folder.path().to_str().unwrap();
    let report = json_of(&["count", path, "--filter", DENIED, "--by", "eventName"]);
    assert_eq!((&report["events"], &report["matched"]), (&json!(5), &json!(2)));
    assert_eq!(report["by"], json!([{"value": "GetObject", "count": 2}]));
    assert_eq!(json_of(&["count", path, "--filter", "GetObject -AccessDenied"])["matched"], 0);
    assert_eq!(json_of(&["count", path, "--search", "eventName:GetObject", "--filter", DENIED])["matched"], 2);
    let report = json_of(&["count", path, "--by", "errorCode", "--top", "1"]);
    assert_eq!(report["by"], json!([{"value": "AccessDenied", "count": 2}]));
    assert_eq!(report["absent"], 3);
    assert_eq!(json_of(&["count", path, "--filter", DENIED, "--keep-duplicates"])["matched"], 3);
}

#[test]
fn errors_name_the_file_and_the_reason() {
    let folder = archive();
    let path = folder.path().to_str().unwrap();
    let (code, message) = failure(&["scan", "/no/such/place"]);
    assert_eq!(code, 3);
    assert!(message.contains("/no/such/place") && message.contains("No such file"), "{message}");

    let (code, message) = failure(&["metric", path, "--filter", "{ $.a = }"]);
    assert_eq!(code, 2);
    assert!(message.starts_with("trailscope: filterPattern"), "{message}");

    let (code, message) = failure(&["count", path, "--filter", "{ $.a = }"]);
    assert_eq!(code, 2);
    assert!(message.starts_with("trailscope: --filter"), "{message}");

    for arguments in [
        &["count", path, "--by", "a..b"][..],
        &["metric", path, "--filter", "ERROR", "--stat", "median"],
        &["metric", path, "--filter", "ERROR", "--period", "45"],
        &["metric", path, "--filter", "ERROR", "--value", "$.a"],
        &["metric", path, "--filter", "{ $.a = * }", "--default", "0", "--dimension", "a=$.a"],
        &["metric", path],
        &["scan"],
        &["frobnicate"],
    ] {
        assert_eq!(failure(arguments).0, 2, "{arguments:?}");
    }

    let document = folder.path().join("alarm.document");
    fs::write(&document, r#"{"filterPattern": "ERROR"}"#).unwrap();
    let (code, message) = failure(&["alarm", path, "--alarm", document.to_str().unwrap()]);
    assert_eq!(code, 2);
    assert!(message.contains("alarm.document") && message.contains("metricTransformations"), "{message}");
    assert_eq!(failure(&["alarm", path, "--alarm", "/no/such/place"]).0, 3);

    let not_cases = folder.path().join("c.json");
    let (code, message) = failure(&["cases", not_cases.to_str().unwrap()]);
    assert_eq!(code, 2);
    assert!(message.contains("c.json"), "{message}");
}

#[test]
fn help_documents_commands_and_exit_codes() {
    let help = String::from_utf8(trailscope(&["--help"]).stdout).unwrap();
    for word in [
        "scan",
        "count",
        "metric",
        "alarm",
        "replay",
        "rule",
        "verify",
        "cases",
        "gen",
        "bench",
        "--json",
        "Exit codes",
    ] {
        assert!(help.contains(word), "{word} is missing:\n{help}");
    }
}

#[test]
fn export_gives_the_original_records_in_the_order_of_the_files() {
    let folder = archive();
    let path = folder.path().to_str().unwrap();
    let json = trailscope(&["export", path, "--search", "GetObject"]);
    assert_eq!(json.status.code(), Some(0));
    // The file that is cut short is a problem of reading, not of exporting.
    assert!(String::from_utf8_lossy(&json.stderr).contains("1 problem in reading files"), "{json:?}");
    let denied = json!({"errorCode": "AccessDenied"});
    let records = [event(1, "10:00:05", "GetObject", denied.clone()), event(2, "10:00:50", "GetObject", denied)];
    let expected = format!("{{\"Records\":[\n{},\n{}\n]}}\n", records[0], records[1]);
    assert_eq!(String::from_utf8(json.stdout).unwrap(), expected);

    let all = |threads: &str, format: &str| {
        let args = ["export", path, "--format", format, "--keep-duplicates", "--threads", threads];
        String::from_utf8(trailscope(&args).stdout).unwrap()
    };
    for format in ["json", "ndjson", "csv"] {
        assert_eq!(all("1", format), all("4", format));
    }
    let ids: Vec<_> = all("3", "ndjson")
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["eventID"].clone())
        .collect();
    let id = |number: u32| json!(format!("00000000-0000-0000-0000-{number:012}"));
    assert_eq!(ids, [1, 2, 3, 2, 4, 5].map(id));

    let saved = folder.path().join("again.json");
    fs::write(&saved, all("2", "json")).unwrap();
    let again = json_of(&["scan", saved.to_str().unwrap()]);
    assert_eq!((&again["events"], &again["duplicates"], &again["problems"]), (&json!(5), &json!(1), &json!([])));

    let args = ["export", path, "--format", "csv", "--fields", "eventName,@principal,size"];
    let csv = String::from_utf8(
        trailscope(&[&args[..], &["--from", "2024-05-01T10:02:00Z", "--to", "2024-05-01T10:30:00Z"]].concat()).stdout,
    );
    assert_eq!(csv.unwrap(), "eventName,principal,size\r\nPutObject,,50\r\nPutObject,,70\r\n");
    let (code, message) = failure(&["export", path, "--from", "yesterday"]);
    assert_eq!(code, 2);
    assert!(message.contains("--from: “yesterday” is not a time"), "{message}");
    let nothing = trailscope(&["export", path, "--search", "nobody-has-this"]);
    assert_eq!(String::from_utf8(nothing.stdout).unwrap(), "{\"Records\":[\n\n]}\n");
}

#[test]
fn only_chosen_files_are_read() {
    let folder = TempDir::new().unwrap();
    let deliver = |region: &str, minute: &str, id: u32| {
        let name = format!("111122223333_CloudTrail_{region}_{minute}_x.json");
        let records = json!({"Records": [event(id, "10:00:00", "GetObject", json!({}))]});
        fs::write(folder.path().join(name), records.to_string()).unwrap();
    };
    deliver("eu-west-1", "20240430T2355Z", 1);
    deliver("eu-west-1", "20240501T1005Z", 2);
    deliver("us-east-1", "20240502T0055Z", 3);
    deliver("us-east-1", "20240502T0105Z", 4);
    fs::write(folder.path().join("notes.json"), event(5, "10:00:00", "GetObject", json!({})).to_string()).unwrap();
    let path = folder.path().to_str().unwrap();
    let read = |args: &[&str]| {
        let report = json_of(&[&["scan", path], args].concat());
        (report["files"].as_u64().unwrap(), report["left_out"].as_u64().unwrap(), report["events"].as_u64().unwrap())
    };
    assert_eq!(read(&[]), (5, 0, 5));
    assert_eq!(read(&["--delivered-from", "2024-05-01", "--delivered-to", "2024-05-01"]), (3, 2, 3));
    assert_eq!(read(&["--region", "us-east-1"]), (3, 2, 3));
    assert_eq!(read(&["--account", "444455556666,999999999999"]), (1, 4, 1));
    assert_eq!(read(&["--path", "T10"]), (2, 3, 2));
    let counted = json_of(&["count", path, "--region", "eu-west-1"]);
    assert_eq!(counted["events"], json!(3));
    let text = String::from_utf8(trailscope(&["scan", path, "--path", "T10"]).stdout).unwrap();
    assert!(text.contains("not read    3 outside of what was selected"), "{text}");
    let (code, message) = failure(&["scan", path, "--delivered-from", "yesterday"]);
    assert_eq!(code, 2);
    assert!(message.contains("expected a date such as 2023-07-10"), "{message}");
}
