//! Metric filters, alarms and rules from the command line.

use super::*;

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
