//! What was not read is said, by every command: an answer about a part must not pass for one about everything.

use super::*;

/// Exit code, standard output and standard error.
fn run(args: &[&str]) -> (i32, String, String) {
    let output = trailscope(args);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn every_command_says_that_something_was_not_read() {
    let folder = archive();
    let path = folder.path().to_str().unwrap();
    let filter = ["--filter", DENIED];
    let elsewhere = TempDir::new().unwrap();
    let alarm = elsewhere.path().join("alarm.json");
    let document = json!({
        "filterPattern": DENIED,
        "metricTransformations": [{"metricName": "Denied", "metricNamespace": "Audit", "metricValue": "1"}],
        "AlarmName": "denied", "Statistic": "Sum", "Period": 60, "EvaluationPeriods": 1, "Threshold": 2,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
    });
    fs::write(&alarm, document.to_string()).unwrap();
    let alarm = alarm.to_str().unwrap();
    let pattern = r#"{"detail": {"errorCode": ["AccessDenied"]}}"#;
    for args in [
        vec!["count", path],
        vec!["metric", path, filter[0], filter[1]],
        vec!["alarm", path, "--alarm", alarm],
        vec!["rule", path, "--pattern", pattern],
        vec!["insights", path],
        vec!["report", path, "--framework", "cis-v3.0.0"],
        vec!["export", path],
    ] {
        let (code, _, said) = run(&args);
        assert!(code == 0 && said.contains("1 problem in reading files"), "{args:?}: {code}: {said}");
    }
    let (code, text, said) = run(&["scan", path]);
    assert!(code == 0 && text.contains("problems    1") && said.is_empty(), "{text}{said}");
}

#[test]
fn what_is_named_has_to_be_there_to_be_read() {
    let folder = TempDir::new().unwrap();
    let (code, said) = failure(&["count", folder.path().join("no").to_str().unwrap()]);
    assert!(code == 3 && said.contains("No such file"), "{code}: {said}");
    let (code, said) = failure(&["count", "/dev/null"]);
    assert!(code == 3 && said.contains("/dev/null: expected a file or a folder"), "{code}: {said}");
}

#[test]
fn alarms_that_could_not_be_read_are_named() {
    let events = archive();
    let deployed = TempDir::new().unwrap();
    fs::write(deployed.path().join("cut.json"), r#"{"MetricAlarms": [{"AlarmName": "#).unwrap();
    let cut = deployed.path().join("cut.json");
    let (code, said) = failure(&["replay", events.path().to_str().unwrap(), "--alarm", cut.to_str().unwrap()]);
    assert!(code == 2 && said.contains("cut.json"), "{code}: {said}");
}

/// Whoever makes up fields by the thousand does not hide those that every event has.
#[test]
fn made_up_fields_do_not_crowd_out_those_of_every_event() {
    let folder = TempDir::new().unwrap();
    let made_up: serde_json::Map<String, Value> = (0..65_540).map(|n| (format!("k{n}"), n.into())).collect();
    let first = json!({"Records": [{"requestParameters": made_up, "eventTime": "2024-05-01T10:00:00Z"}]});
    fs::write(folder.path().join("0.json"), first.to_string()).unwrap();
    let identity = json!({"userIdentity": {"type": "Root"}, "errorCode": "AccessDenied"});
    let second = json!({"Records": [event(1, "10:00:05", "DeleteTrail", identity)]});
    fs::write(folder.path().join("1.json"), second.to_string()).unwrap();
    let filter = "{ $.eventName = DeleteTrail && $.userIdentity.type = Root && $.errorCode = AccessDenied }";
    let path = folder.path().to_str().unwrap();
    assert_eq!(json_of(&["count", path, "--filter", filter, "--threads", "1"])["matched"], 1);
}
