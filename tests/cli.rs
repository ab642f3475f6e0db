//! The built command-line tool on small inputs and, when it is there, on real data.

#![allow(clippy::unwrap_used)]

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
fn metric_publishes_samples_defaults_and_dimensions() {
    let folder = archive();
    let path = folder.path().to_str().unwrap();
    let report = json_of(&["metric", path, "--filter", DENIED, "--default", "0"]);
    let [series] = report["series"].as_array().unwrap().as_slice() else { panic!("{report}") };
    let timestamps = ["2024-05-01T10:00:00Z", "2024-05-01T10:02:00Z", "2024-05-01T10:30:00Z"];
    assert_eq!(series["timestamps"], json!(timestamps));
    assert_eq!(series["values"], json!([2.0, 0.0, 0.0]));

    let report = json_of(&[
        "metric",
        path,
        "--filter",
        "{ $.size > 0 }",
        "--value",
        "$.size",
        "--period",
        "3600",
        "--stat",
        "Average",
    ]);
    assert_eq!(report["series"][0]["values"], json!([60.0]));

    let report = json_of(&[
        "metric",
        path,
        "--filter",
        "{ $.eventName = * }",
        "--dimension",
        "name=$.eventName",
        "--period",
        "86400",
    ]);
    let names: Vec<&str> =
        report["series"].as_array().unwrap().iter().map(|one| one["dimensions"]["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["GetObject", "ListBuckets", "PutObject"]);
}

#[test]
fn alarm_tells_every_transition() {
    let folder = archive();
    let document = folder.path().join("alarm.document");
    fs::write(
        &document,
        json!({
            "filterPattern": DENIED,
            "metricTransformations": [{"metricName": "Denied", "metricNamespace": "Audit", "metricValue": "1"}],
            "AlarmName": "denied", "Statistic": "Sum", "Period": 60, "EvaluationPeriods": 1, "Threshold": 2,
            "ComparisonOperator": "GreaterThanOrEqualToThreshold", "TreatMissingData": "notBreaching",
            "AlarmActions": ["arn:aws:sns:eu-west-1:111122223333:pager"],
        })
        .to_string(),
    )
    .unwrap();
    let data = folder.path().join("a.json");
    let report = json_of(&["alarm", data.to_str().unwrap(), "--alarm", document.to_str().unwrap()]);
    let changes: Vec<(&str, &str, &str)> = report["transitions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|change| {
            (change["time"].as_str().unwrap(), change["from"].as_str().unwrap(), change["to"].as_str().unwrap())
        })
        .collect();
    // The newest datapoint of the evaluation range counts, however old: three minutes for one period of a minute.
    assert_eq!(
        changes,
        [("2024-05-01T10:01:00Z", "INSUFFICIENT_DATA", "ALARM"), ("2024-05-01T10:04:00Z", "ALARM", "OK")]
    );
    assert_eq!(report["seconds"]["ALARM"], 180);
    assert_eq!(report["seconds"]["INSUFFICIENT_DATA"], 60);
    assert_eq!(report["transitions"][0]["actions"][0]["name"], "pager");
    assert!(report["transitions"][0]["reason"].as_str().unwrap().starts_with("Threshold Crossed: 1 out of the last 1"));
    assert_eq!(report["headline"], "fires once, 3 m in ALARM, 2024-05-01T10:01:00Z");
    let alarm = ["alarm", data.to_str().unwrap(), "--alarm", document.to_str().unwrap(), "--delay"];
    let late = json_of(&[&alarm[..], &["5m"]].concat());
    assert_eq!(late["headline"], "fires once, 3 m in ALARM, 2024-05-01T10:06:00Z");
    assert!(late["notices"].to_string().contains("5 minutes after its time"), "{late}");
    assert_eq!(failure(&[&alarm[..], &["90m"]].concat()).0, 2);
}

#[test]
fn events_too_large_for_the_log_group_are_left_out_on_request() {
    let folder = TempDir::new().unwrap();
    let data = folder.path().join("a.json");
    let large = |id, time| event(id, time, "PutObject", json!({"requestParameters": {"text": "x".repeat(256 * 1024)}}));
    let records = [
        event(1, "10:00:05", "PutObject", json!({})),
        large(2, "10:01:05"),
        large(2, "10:01:05"),
        large(3, "10:00:50"),
    ];
    fs::write(&data, json!({"Records": records}).to_string()).unwrap();
    let metric = ["metric", data.to_str().unwrap(), "--filter", "{ $.eventName = PutObject }"];
    let all = json_of(&metric);
    assert_eq!(
        (&all["events"], &all["matched"], &all["series"][0]["values"]),
        (&json!(3), &json!(3), &json!([2.0, 1.0]))
    );
    let small = json_of(&[&metric[..], &["--exclude-oversize"]].concat());
    assert_eq!(
        (&small["events"], &small["matched"], &small["series"][0]["values"]),
        (&json!(1), &json!(1), &json!([1.0]))
    );
    assert!(small["notices"].to_string().contains("over 256 KB, left out: 2"), "{small}");
    let kept = json_of(&[&metric[..], &["--exclude-oversize", "--keep-duplicates"]].concat());
    assert_eq!(kept["matched"], 1);
    assert!(kept["notices"].to_string().contains("left out: 3"), "{kept}");
    // The value of a dimension is read of each part.
    let by_name = json_of(&[&metric[..], &["--exclude-oversize", "--dimension", "name=$.eventName"]].concat());
    assert_eq!(by_name["series"][0]["values"], json!([1.0]));
}

#[test]
fn rule_tells_what_matches_and_what_of_it_arrives() {
    let folder = archive();
    let path = folder.path().to_str().unwrap();
    let pattern = r#"{"source": ["aws.s3"], "detail": {"eventName": [{"anything-but": "PutObject"}]}}"#;
    let report = json_of(&["rule", path, "--pattern", pattern]);
    assert_eq!((&report["events"], &report["matched"], &report["delivered"]), (&json!(5), &json!(3), &json!(0)));
    assert_eq!(report["withheld"][0]["events"], 3);
    let all =
        json_of(&["rule", path, "--pattern", pattern, "--state", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"]);
    assert_eq!((&all["delivered"], &all["mostPerMinute"]), (&json!(3), &json!(2)));
    assert_eq!(all["latest"][0]["eventName"], "ListBuckets");
    let off = json_of(&["rule", path, "--pattern", pattern, "--state", "DISABLED"]);
    assert_eq!((&off["delivered"], &off["withheld"][0]["events"]), (&json!(0), &json!(3)));
    let (code, message) = failure(&["rule", path, "--pattern", r#"{"source": "aws.s3"}"#]);
    assert!(code == 2 && message.contains("an array of values"), "{message}");
}

#[test]
fn cases_prints_failures_and_fails() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("cases.json");
    fs::write(
        &file,
        json!([
            {"id": "good", "pattern": "ERROR", "event": "an ERROR", "expect": "match"},
            {"id": "bad", "pattern": "ERROR", "event": "fine", "expect": "match"},
            {"id": "odd", "kind": "statistic", "statistic": "Sum"},
            {"id": "later", "kind": "of_another_version"},
        ])
        .to_string(),
    )
    .unwrap();
    let output = trailscope(&["cases", file.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], "bad: expected match, got no_match");
    assert!(lines[1].starts_with("odd: expected"), "{text}");
    assert!(lines[2].starts_with("skipped: 1 × of_another_version"), "{text}");
    assert_eq!(lines[3], "1 passed, 2 failed");
}

#[test]
fn cases_pass_on_the_projects_own_files() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    for name in ["metric-filter-match.json", "eventbridge-match.json", "metrics.json", "alarm-evaluation.json"] {
        let output = trailscope(&["cases", cases.join(name).to_str().unwrap()]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        assert!(String::from_utf8_lossy(&output.stdout).contains(" passed, 0 failed"));
    }
}

#[test]
fn gen_writes_the_same_trail_for_the_same_seed() {
    let folder = TempDir::new().unwrap();
    let generate = |name: &str, seed: &str| {
        let path = folder.path().join(name);
        let report = json_of(&[
            "gen",
            path.to_str().unwrap(),
            "--events",
            "3000",
            "--seed",
            seed,
            "--files-of",
            "100",
            "--days",
            "3",
        ]);
        assert_eq!(report["events"], 3000);
        path
    };
    let (first, again, other) = (generate("first", "1"), generate("again", "1"), generate("other", "2"));
    assert_eq!(contents(&first), contents(&again));
    assert_ne!(contents(&first), contents(&other));

    let report = json_of(&["scan", first.to_str().unwrap()]);
    assert_eq!((&report["events"], &report["duplicates"], &report["problems"]), (&json!(3000), &json!(0), &json!([])));
    assert_eq!(report["files"], contents(&first).len());
    let (code, message) = failure(&["gen", first.to_str().unwrap(), "--events", "1", "--seed", "1"]);
    assert_eq!(code, 3);
    assert!(message.contains("not empty"), "{message}");
}

#[test]
fn gen_divides_and_repeats_as_asked() {
    let folder = TempDir::new().unwrap();
    for preset in ["real", "adversarial", "company"] {
        let path = folder.path().join(preset);
        let path = path.to_str().unwrap();
        let events = ["gen", path, "--events", "1000", "--seed", "1", "--files", "20", "--duplicates", "210"];
        let report = json_of(&[&events[..], &["--preset", preset]].concat());
        // The last copies of a Region have a file of their own.
        assert!((20..=23).contains(&report["files"].as_u64().unwrap()), "{report}");
        let report = json_of(&["scan", path]);
        let copies = report["duplicates"].as_u64().unwrap();
        assert!((208..=210).contains(&copies), "{report}");
        assert_eq!(report["problems"], json!([]), "{preset}");
    }
    let (code, _) = failure(&["gen", "x", "--events", "1", "--seed", "1", "--files", "2", "--files-of", "2"]);
    assert_eq!(code, 2);
}

/// Every file below a folder: its path from there, and its bytes.
fn contents(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push((path.strip_prefix(folder).unwrap().to_owned(), fs::read(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn bench_measures_each_kind_of_query() {
    let report = json_of(&["bench", "--events", "2000", "--runs", "1"]);
    assert_eq!(report["events"], 2000);
    assert!(report["events_per_second"].as_f64().unwrap() > 0.0);
    assert!(report["queries"].as_array().unwrap().len() >= 8);
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
fn verify_says_by_its_exit_code_what_is_known() {
    let Some(data) = shared("verify_says_by_its_exit_code_what_is_known") else { return };
    let path = |name: &str| data.join("derived").join(name).to_str().unwrap().to_owned();
    let (trail, keys) = (path("invictus-trail"), path("invictus-trail-digest-keys/list-public-keys.json"));
    let (signatures, tampered) =
        (path("invictus-trail-digest-keys/s3-object-metadata.json"), path("invictus-trail-tampered"));
    let run = |args: &[&str]| {
        let output = trailscope(&[&["verify"], args].concat());
        (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
    };
    let (code, text) = run(&[&trail, "--keys", &keys, "--keys", &signatures, "--threads", "3"]);
    assert_eq!(code, 0, "{text}");
    assert!(text.starts_with("55 log files valid; 2 digest files valid; chain from 2023-07-10T11:00:07Z"), "{text}");
    let (code, text) = run(&[&trail, &keys]);
    assert!(code == 4 && text.contains("head-object --bucket test-trail-bucket"), "{code}: {text}");
    let (code, text) = run(&[&trail, &tampered, &keys, &signatures]);
    assert_eq!(code, 1, "{text}");
    assert!(
        text.contains("log file modified: ") && text.contains("_iLj9fb7yyUG9X4Bf.json.gz: its hash is another"),
        "{text}"
    );
    let (code, text) = run(&[&trail, &tampered, &keys, &signatures, "--json"]);
    let report: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((code, &report["files_by_verdict"]), (1, &json!({"modified": 1, "valid": 55})));
    assert_eq!(report["files"][0]["verdict"], "modified");
    assert_eq!(report["digests"][0]["from"], "2023-07-10T11:00:07Z");
    let (code, text) = run(&[&path("damaged")]);
    assert_eq!(code, 4, "{text}");
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

/// The shared test data, or a line that says what is skipped.
fn shared(test: &str) -> Option<PathBuf> {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    if !data.exists() {
        println!("SKIPPED {test}: ../shared/data is not there");
        return None;
    }
    Some(data)
}

#[test]
fn counts_equal_the_known_facts() {
    let Some(data) = shared("counts_equal_the_known_facts") else { return };
    let facts: Value = serde_json::from_slice(&fs::read(data.join("dev-facts.json")).unwrap()).unwrap();
    let controls: Value = serde_json::from_str(include_str!("cases/cis-controls.json")).unwrap();
    for (set, facts) in facts.as_object().unwrap().iter().filter(|(set, _)| !set.starts_with("sigma:")) {
        let folder = data.join("originals").join(set);
        let path = folder.to_str().unwrap();
        let report = json_of(&["scan", path]);
        assert_eq!(
            report["events"],
            facts["distinct_eventID"].as_u64().unwrap_or(0) + facts["events_without_eventID"].as_u64().unwrap_or(0),
            "{set}"
        );
        assert_eq!(report["first"], facts["first_eventTime"], "{set}");
        assert_eq!(report["last"], facts["last_eventTime"], "{set}");
        let report = json_of(&["count", path, "--by", "eventName", "--keep-duplicates"]);
        assert_eq!(report["events"], facts["events"], "{set}");
        assert_eq!(report["by"].as_array().unwrap().len() as u64, facts["eventNames_distinct"], "{set}");
        for top in facts["top10_eventName"].as_array().unwrap() {
            let count = report["by"]
                .as_array()
                .unwrap()
                .iter()
                .find(|group| group["value"] == top[0])
                .map(|group| &group["count"]);
            assert_eq!(count, Some(&top[1]), "{set}: {}", top[0]);
        }
        for control in controls["controls"].as_array().unwrap() {
            let Some(id) = control["cis_ids"]["v1.4.0"].as_str() else { continue };
            let facts = facts["cis"].as_object().unwrap();
            let Some((name, expect)) = facts.iter().find(|(name, _)| name.starts_with(&format!("{id}_"))) else {
                continue;
            };
            let pattern = control["filter_pattern"].as_str().unwrap();
            let report = json_of(&["metric", path, "--filter", pattern, "--keep-duplicates"]);
            assert_eq!(&report["matched"], expect, "{set}: {name}: {pattern}");
        }
    }
}

#[test]
fn every_container_holds_the_same_events() {
    let Some(data) = shared("every_container_holds_the_same_events") else { return };
    let derived = data.join("derived");
    let expect = json_of(&["count", derived.join("invictus-trail").to_str().unwrap(), "--by", "eventName"]);
    assert_eq!(expect["events"], 2900);
    for name in [
        "invictus-trail.zip",
        "invictus-trail.tar",
        "invictus-trail.tar.gz",
        "invictus-all.json.gz",
        "invictus-all.array.json.gz",
        "invictus-all.ndjson.gz",
        "invictus-multimember.ndjson.gz",
        "invictus-concatenated-records.json.gz",
    ] {
        let path = derived.join(name);
        assert_eq!(json_of(&["count", path.to_str().unwrap(), "--by", "eventName"]), expect, "{name}");
    }
    let all = json_of(&[
        "scan",
        derived.join("invictus-trail").to_str().unwrap(),
        derived.join("invictus-trail.zip").to_str().unwrap(),
    ]);
    assert_eq!((&all["events"], &all["duplicates"]), (&json!(2900), &json!(2900)));
}

#[test]
fn damaged_data_is_listed_and_does_not_stop_anything() {
    let Some(data) = shared("damaged_data_is_listed_and_does_not_stop_anything") else { return };
    let folder = data.join("derived/damaged");
    let report = json_of(&["scan", folder.to_str().unwrap()]);
    let problems = report["problems"].as_array().unwrap();
    for name in ["truncated.json", "truncated.json.gz", "crc-error.json.gz", "ndjson-one-bad-line.ndjson"] {
        let found = problems.iter().any(|problem| Path::new(problem["file"].as_str().unwrap()).ends_with(name));
        assert!(found, "{name} is not listed in {problems:?}");
    }
    assert!(report["events"].as_u64().unwrap() > 0);
}

#[test]
fn export_gives_the_original_records_in_the_order_of_the_files() {
    let folder = archive();
    let path = folder.path().to_str().unwrap();
    let json = trailscope(&["export", path, "--search", "GetObject"]);
    assert_eq!(json.status.code(), Some(0));
    // The file that is cut short is a problem of reading, not of exporting.
    assert!(String::from_utf8_lossy(&json.stderr).contains("findings while reading: 1;"), "{json:?}");
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

/// A configuration file of the tests.
fn configuration(name: &str) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/configuration").join(name);
    file.to_str().unwrap().to_owned()
}

#[test]
fn alarm_takes_what_is_deployed() {
    let folder = archive();
    let path = folder.path().to_str().unwrap();
    let filters = folder.path().join("filters.txt");
    let metric = json!({"metricName": "Denied", "metricNamespace": "N", "metricValue": "1"});
    let filter = json!({"filterName": "denied", "filterPattern": DENIED, "metricTransformations": [metric]});
    fs::write(&filters, json!({"metricFilters": [filter]}).to_string()).unwrap();
    let alarms = folder.path().join("alarms.txt");
    let alarm = json!({
        "AlarmName": "Denials", "MetricName": "Denied", "Namespace": "N", "Statistic": "Sum", "Period": 60, "EvaluationPeriods": 1,
        "Threshold": 2, "ComparisonOperator": "GreaterThanOrEqualToThreshold", "TreatMissingData": "notBreaching",
    });
    fs::write(&alarms, json!({"MetricAlarms": [alarm]}).to_string()).unwrap();
    let (filters, alarms) = (filters.to_str().unwrap(), alarms.to_str().unwrap());
    let report = json_of(&["alarm", path, "--alarm", filters, "--alarm", alarms]);
    assert_eq!((&report["alarm"], &report["fires"]), (&json!("Denials"), &json!(1)));

    let metric = json!({"Metric": {"Namespace": "N", "MetricName": "Denied"}, "Period": 60, "Stat": "Sum"});
    let formula = json!({
        "AlarmName": "Doubled", "EvaluationPeriods": 1, "Threshold": 3, "ComparisonOperator": "GreaterThanThreshold", "Metrics": [
            {"Id": "m1", "MetricStat": metric, "ReturnData": false}, {"Id": "e1", "Expression": "2 * m1"}
        ],
    });
    let formulas = folder.path().join("formulas.txt");
    fs::write(&formulas, json!({"MetricAlarms": [formula]}).to_string()).unwrap();
    let report = json_of(&["alarm", path, "--alarm", filters, "--alarm", formulas.to_str().unwrap()]);
    assert_eq!((&report["alarm"], &report["fires"]), (&json!("Doubled"), &json!(1)));

    let (code, message) = failure(&["alarm", path, "--alarm", &configuration("template.json")]);
    assert_eq!(code, 2);
    assert!(message.contains("choose one with --name: TrailChangesAlarm, denied-by-source"), "{message}");
    assert!(message.contains("FromParameter: metric filter not used: FilterPattern is Ref Pattern"), "{message}");
    let report = json_of(&["alarm", path, "--alarm", &configuration("template.json"), "--name", "TrailChangesAlarm"]);
    assert_eq!(report["fires"], 0);
    let (code, message) = failure(&["alarm", path, "--alarm", filters, "--name", "nobody"]);
    assert_eq!(code, 2);
    assert!(message.contains("no alarm or metric filter is called “nobody”"), "{message}");
}

#[test]
fn replay_judges_everything_that_is_deployed() {
    let folder = archive();
    let path = folder.path().to_str().unwrap();
    let metric = json!({"metricName": "Denied", "metricNamespace": "N", "metricValue": "1"});
    let filter = json!({"filterName": "denied", "filterPattern": DENIED, "metricTransformations": [metric]});
    let alarm = |name: &str, statistic: &str, threshold: f64, treatment: &str| {
        json!({
            "AlarmName": name, "MetricName": "Denied", "Namespace": "N", "Statistic": statistic, "Period": 60,
            "EvaluationPeriods": 1, "Threshold": threshold, "ComparisonOperator": "GreaterThanOrEqualToThreshold",
            "TreatMissingData": treatment,
        })
    };
    let alarms = json!({
        "MetricAlarms": [
            alarm("Fires", "Sum", 2.0, "notBreaching"),
            alarm("Silent", "Sum", 9.0, "notBreaching"),
            alarm("Mean", "Average", 2.0, "notBreaching"),
            alarm("Restless", "Sum", 0.0, "breaching"),
            alarm("Wrong", "Sum", 9.0, "notBreaching").as_object().map(|alarm| {
                let mut alarm = alarm.clone();
                alarm.insert("Period".into(), json!(61));
                alarm
            }),
        ],
        "CompositeAlarms": [{"AlarmName": "Either", "AlarmRule": "ALARM(Fires) OR ALARM(Silent)"}],
    });
    let file = |name: &str, document: Value| {
        let file = folder.path().join(name);
        fs::write(&file, document.to_string()).unwrap();
        file.to_str().unwrap().to_owned()
    };
    let (filters, alarms) = (file("filters.txt", json!({"metricFilters": [filter]})), file("alarms.txt", alarms));
    let command = ["replay", path, "--alarm", &filters, "--alarm", &alarms];
    let report = json_of(&command);
    let told: Vec<_> =
        report["alarms"].as_array().unwrap().iter().map(|line| (&line["alarm"], &line["verdict"])).collect();
    let expected = [
        ("Wrong", "refused"),
        ("Mean", "cannot-fire"),
        ("Restless", "always"),
        ("Silent", "never"),
        ("Either", "fires"),
        ("Fires", "fires"),
    ];
    assert_eq!(
        told,
        expected.map(|(name, verdict)| (json!(name), json!(verdict))).iter().map(|(a, b)| (a, b)).collect::<Vec<_>>()
    );
    let line =
        |name: &str| report["alarms"].as_array().unwrap().iter().find(|line| line["alarm"] == name).unwrap().clone();
    assert_eq!(line("Fires")["fires"], line("Either")["fires"]);
    assert_eq!(line("Mean")["reason"], "The Average of what this filter publishes is always 1, never ≥ 2");
    assert_eq!(line("Silent")["nearest_miss"]["value"], 2.0);
    let output = trailscope(&command);
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        text.contains("Silent: never fires\n    Highest Sum 2, threshold 9\n    nearest miss 2024-05-01T10:"),
        "{text}"
    );

    // Without --alarm what lies beside the events is meant.
    assert_eq!(failure(&["replay", &configuration("accounts.json")]).0, 2);
    assert_eq!(json_of(&["replay", &configuration("template.json")])["alarms"].as_array().unwrap().len(), 2);
}
