//! Metric filters, alarms and rules from the command line.

use super::*;
use trailscope::base::EpochMs;

/// A metric filter that counts what is denied, as describe-metric-filters has it.
fn denied_filter() -> Value {
    let metric = json!({"metricName": "Denied", "metricNamespace": "N", "metricValue": "1"});
    json!({"filterName": "denied", "filterPattern": DENIED, "metricTransformations": [metric]})
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
    let told = "each event counts 5 minutes after its time, when it is delivered: first detected 5 m later";
    assert_eq!(late["notices"][0], told);
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
    let filter = denied_filter();
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
fn alarm_takes_a_composite_alarm_with_its_mute_rule() {
    let folder = archive();
    let path = folder.path().to_str().unwrap();
    let filter = denied_filter();
    let denials = json!({
        "AlarmName": "Denials", "MetricName": "Denied", "Namespace": "N", "Statistic": "Sum", "Period": 60,
        "EvaluationPeriods": 1, "Threshold": 2, "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "TreatMissingData": "notBreaching", "AlarmActions": ["arn:aws:sns:eu-west-1:111122223333:pager"],
    });
    let composite = |name: &str, rule: &str| {
        json!({
            "AlarmName": name, "AlarmRule": rule, "AlarmActions": ["arn:aws:sns:eu-west-1:111122223333:service"],
        })
    };
    let mute = |zone: &str| {
        let schedule = json!({"Expression": "at(2024-05-01T10:00)", "Duration": "PT3M", "Timezone": zone});
        json!({"Name": zone, "Rule": {"Schedule": schedule}, "MuteTargets": {"AlarmNames": ["Service"]}})
    };
    let document = json!({
        "metricFilters": [filter], "MetricAlarms": [denials],
        "CompositeAlarms": [composite("Service", "ALARM(Denials)"), composite("Apart", "ALARM(elsewhere)")],
        "AlarmMuteRules": [mute("UTC"), mute("Europe/Berlin")],
    });
    let file = folder.path().join("alarms.txt");
    fs::write(&file, document.to_string()).unwrap();
    let alarm = ["alarm", path, "--alarm", file.to_str().unwrap(), "--name"];
    let report = json_of(&[&alarm[..], &["Service"]].concat());
    assert_eq!(
        (&report["alarm"], &report["fires"], &report["seconds"]["ALARM"]),
        (&json!("Service"), &json!(1), &json!(180))
    );
    let change = &report["transitions"][0];
    assert_eq!((&change["time"], &change["to"]), (&json!("2024-05-01T10:01:00Z"), &json!("ALARM")));
    assert!(change["reason"].as_str().unwrap().ends_with("its alarm rule evaluates to ALARM"), "{change}");
    // Muted until 10:03, when the alarm is still in ALARM.
    let action = &change["actions"][0];
    assert_eq!(
        (&action["name"], &action["runs"], &action["time"], &action["held"]),
        (
            &json!("service"),
            &json!(true),
            &json!("2024-05-01T10:03:00Z"),
            &json!("held back: muted by “UTC” until 2024-05-01T10:03:00Z")
        )
    );
    let [zone] = report["notices"].as_array().unwrap().as_slice() else { panic!("{report}") };
    assert!(zone.as_str().unwrap().starts_with("mute rule “Europe/Berlin” is not applied"), "{zone}");
    // The metric alarm itself is not muted.
    let report = json_of(&[&alarm[..], &["Denials"]].concat());
    assert_eq!(report["transitions"][0]["actions"][0]["held"], Value::Null);
    // Late by five minutes, so after the window.
    let late = json_of(&[&alarm[..], &["Service", "--delay", "5m"]].concat());
    assert_eq!(late["transitions"][0]["actions"][0]["time"], Value::Null);
    assert!(late["notices"][0].as_str().unwrap().ends_with("first detected 5 m later"), "{late}");
    let (code, message) = failure(&[&alarm[..], &["Apart"]].concat());
    assert_eq!(code, 2);
    assert!(message.contains("“elsewhere”, which its rule names, has no states here"), "{message}");
}

#[test]
fn a_workspace_of_the_page_is_read() {
    let folder = archive();
    let path = folder.path().to_str().unwrap();
    let file = folder.path().join("lab.trailscope");
    let workspace = json!({
        "trailscope": 1, "delay_minutes": 5,
        "backtests": [{
            "name": "My denials", "filterPattern": DENIED, "metricTransformations": [{"metricValue": "1"}],
            "Statistic": "Sum", "Period": 60, "EvaluationPeriods": 1, "Threshold": 2,
            "ComparisonOperator": "GreaterThanOrEqualToThreshold", "TreatMissingData": "notBreaching",
        }],
        "composites": [{"name": "Any", "AlarmRule": "ALARM(\"My denials\")"}],
    });
    fs::write(&file, workspace.to_string()).unwrap();
    let file = file.to_str().unwrap();
    for name in ["My denials", "Any"] {
        let report = json_of(&["alarm", path, "--alarm", file, "--name", name]);
        // The delay is that of the workspace, unless another one is given.
        assert_eq!(report["alarm"], name);
        assert_eq!(report["headline"], "fires once, 3 m in ALARM, 2024-05-01T10:06:00Z", "{name}");
        let report = json_of(&["alarm", path, "--alarm", file, "--name", name, "--delay", "0"]);
        assert_eq!(report["headline"], "fires once, 3 m in ALARM, 2024-05-01T10:01:00Z", "{name}");
    }
    let report = json_of(&["replay", path, "--alarm", file]);
    let told: Vec<_> =
        report["alarms"].as_array().unwrap().iter().map(|line| (&line["alarm"], &line["first"])).collect();
    let first = json!("2024-05-01T10:06:00Z");
    assert_eq!(told, [(&json!("Any"), &first), (&json!("My denials"), &first)]);
    let report = json_of(&["replay", path, "--alarm", file, "--delay", "15"]);
    assert_eq!(report["alarms"][0]["first"], "2024-05-01T10:16:00Z");
    fs::write(file, "{\"trailscope\": 1}").unwrap();
    let (code, message) = failure(&["alarm", path, "--alarm", file]);
    assert_eq!(code, 2);
    assert!(message.contains("lab.trailscope: The workspace file is damaged"), "{message}");
    // Not even beside events with configuration of their own.
    let (code, message) = failure(&["replay", &configuration("template.json"), "--alarm", file]);
    assert_eq!(code, 2);
    assert!(message.contains("lab.trailscope: The workspace file is damaged"), "{message}");
    let report = json_of(&["replay", path, "--alarm", file, "--alarm", &configuration("template.json")]);
    assert!(report["notices"].to_string().contains("lab.trailscope: no metric filter and no alarm in it"), "{report}");
}

#[test]
fn of_two_alarms_of_one_name_a_rule_means_the_first() {
    let folder = archive();
    let path = folder.path().to_str().unwrap();
    let backtest = |name: &str, threshold: u32| {
        json!({
            "name": name, "filterPattern": DENIED, "metricTransformations": [{"metricValue": "1"}], "AlarmName": "Run",
            "Statistic": "Sum", "Period": 60, "EvaluationPeriods": 1, "Threshold": threshold,
            "ComparisonOperator": "GreaterThanOrEqualToThreshold", "TreatMissingData": "notBreaching",
        })
    };
    let workspace = json!({
        "trailscope": 1, "backtests": [backtest("Run", 2), backtest("Run 2", 1000)],
        "composites": [{"name": "Any", "AlarmRule": "ALARM(Run)"}],
    });
    let file = folder.path().join("lab.trailscope");
    fs::write(&file, workspace.to_string()).unwrap();
    let file = file.to_str().unwrap();
    assert_eq!(json_of(&["alarm", path, "--alarm", file, "--name", "Any"])["fires"], 1);
    let report = json_of(&["replay", path, "--alarm", file]);
    let any = report["alarms"].as_array().unwrap().iter().find(|line| line["alarm"] == "Any").unwrap();
    assert_eq!(any["verdict"], "fires");
}

#[test]
fn a_composite_alarm_does_not_fire_on_the_end_of_the_log() {
    let folder = archive();
    let path = folder.path().to_str().unwrap();
    let file = folder.path().join("lab.trailscope");
    let workspace = json!({
        "trailscope": 1,
        "backtests": [{
            "name": "Run", "filterPattern": "{ $.eventName = * }", "metricTransformations": [{"metricValue": "1"}],
            "Statistic": "Sum", "Period": 3600, "EvaluationPeriods": 1, "Threshold": 1000,
            "ComparisonOperator": "GreaterThanOrEqualToThreshold", "TreatMissingData": "missing",
        }],
        "composites": [{"name": "Silence", "AlarmRule": "INSUFFICIENT_DATA(Run)"}],
    });
    fs::write(&file, workspace.to_string()).unwrap();
    let states = |name: &str| {
        let report = json_of(&["alarm", path, "--alarm", file.to_str().unwrap(), "--name", name]);
        let changes = report["transitions"].as_array().unwrap().iter();
        (report["to"].clone(), changes.map(|change| change["to"].clone()).collect::<Vec<_>>())
    };
    let (end, run) = states("Run");
    assert_eq!(run, [json!("OK"), json!("INSUFFICIENT_DATA")]);
    let (stopped, silence) = states("Silence");
    assert_eq!(silence, [json!("OK")]);
    assert!(stopped.as_str() <= end.as_str(), "{stopped} {end}");
}

/// Three weeks of three to five calls an hour, then an hour with forty.
#[test]
fn an_alarm_on_a_band_fires_on_the_hour_that_leaves_it() {
    let folder = TempDir::new().unwrap();
    let start = EpochMs::parse("2024-05-01T00:00:00Z").unwrap();
    let (hours, mut records) = (21 * 24, Vec::new());
    for hour in 0..hours + 24 {
        let calls = if hour == hours { 40 } else { 3 + hour % 3 };
        for call in 0..calls {
            let mut record = event(u32::try_from(hour * 100 + call).unwrap(), "00:00:00", "GetObject", json!({}));
            record["eventTime"] = json!(EpochMs(start.0 + hour * 3_600_000 + call * 60_000).to_rfc3339());
            records.push(record);
        }
    }
    let data = folder.path().join("a.json");
    fs::write(&data, json!({"Records": records}).to_string()).unwrap();
    let metric = json!({"metricName": "Calls", "metricNamespace": "N", "metricValue": "1", "defaultValue": 0});
    let filter = json!({"filterName": "calls", "filterPattern": "{ $.eventName = GetObject }", "metricTransformations": [metric]});
    let stat = json!({"Metric": {"Namespace": "N", "MetricName": "Calls"}, "Period": 3600, "Stat": "Sum"});
    let alarm = |operator: &str| {
        json!({
            "AlarmName": operator, "EvaluationPeriods": 1, "ThresholdMetricId": "ad1", "ComparisonOperator": operator,
            "TreatMissingData": "notBreaching",
            "Metrics": [
                {"Id": "m1", "MetricStat": stat, "ReturnData": true},
                {"Id": "ad1", "Expression": "ANOMALY_DETECTION_BAND(m1, 4)", "ReturnData": true},
            ],
        })
    };
    let operators = [
        ("GreaterThanUpperThreshold", 1),
        ("LessThanLowerOrGreaterThanUpperThreshold", 1),
        ("LessThanLowerThreshold", 0),
    ];
    let alarms: Vec<_> = operators.iter().map(|(operator, _)| alarm(operator)).collect();
    let file = folder.path().join("alarms.txt");
    fs::write(&file, json!({"metricFilters": [filter], "MetricAlarms": alarms}).to_string()).unwrap();
    for (operator, fires) in operators {
        let report = json_of(&["alarm", data.to_str().unwrap(), "--alarm", file.to_str().unwrap(), "--name", operator]);
        assert_eq!(report["fires"], fires, "{operator}: {}", report["headline"]);
        let alarms = report["transitions"].as_array().unwrap().iter().filter(|change| change["to"] == "ALARM");
        for change in alarms {
            // Each minute the hour before it is looked at, so it fires within the hour.
            assert!(change["time"].as_str().unwrap().starts_with("2024-05-22T00:"), "{operator}: {change}");
            assert!(change["reason"].as_str().unwrap().contains("[17.0 (21/05/24 23:17:00)]"), "{change}");
        }
    }
}

#[test]
fn replay_judges_everything_that_is_deployed() {
    let folder = archive();
    let path = folder.path().to_str().unwrap();
    let filter = denied_filter();
    let alarm = |name: &str, statistic: &str, threshold: f64, treatment: &str| {
        json!({
            "AlarmName": name, "MetricName": "Denied", "Namespace": "N", "Statistic": statistic, "Period": 60,
            "EvaluationPeriods": 1, "Threshold": threshold, "ComparisonOperator": "GreaterThanOrEqualToThreshold",
            "TreatMissingData": treatment,
        })
    };
    let with = |mut alarm: Value, member: &str, value: Value| {
        alarm[member] = value;
        alarm
    };
    let alarms = json!({
        "MetricAlarms": [
            alarm("Fires", "Sum", 2.0, "notBreaching"),
            alarm("Silent", "Sum", 9.0, "notBreaching"),
            alarm("Mean", "Average", 2.0, "notBreaching"),
            alarm("Restless", "Sum", 0.0, "breaching"),
            with(alarm("Bytes", "Sum", 2.0, "notBreaching"), "Unit", json!("Bytes")),
            json!({
                "AlarmName": "Math", "EvaluationPeriods": 1, "Threshold": 2.0,
                "ComparisonOperator": "GreaterThanOrEqualToThreshold", "TreatMissingData": "notBreaching",
                "Metrics": [
                    {"Id": "m", "ReturnData": false, "MetricStat": {
                        "Metric": {"Namespace": "N", "MetricName": "Denied"}, "Period": 60, "Stat": "Sum", "Unit": "Bytes",
                    }},
                    {"Id": "e", "Expression": "2 * m"},
                ],
            }),
            with(alarm("Wrong", "Sum", 9.0, "notBreaching"), "Period", json!(61)),
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
        ("Bytes", "cannot-fire"),
        ("Mean", "cannot-fire"),
        ("Restless", "always"),
        ("Math", "no-data"),
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
    let other_unit = "The alarm watches datapoints of unit Bytes, and the metric filter publishes unit None";
    assert_eq!(line("Bytes")["reason"], format!("{other_unit}: it sees no data"));
    assert_eq!(line("Math")["reason"], other_unit);
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
