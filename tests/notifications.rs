//! The bodies of messages and events against the members that AWS documents.

#![allow(clippy::unwrap_used)]

use serde_json::{Value, json};
use std::sync::Arc;
use trailscope::alarm::composite::parse;
use trailscope::alarm::mute::Mute;
use trailscope::alarm::suppression::Suppression;
use trailscope::alarm::{Options, Span, Timeline, Transition, evaluate};
use trailscope::base::EpochMs;
use trailscope::metric::{Collector, Samples, sliding};
use trailscope::model::alarm::{AlarmState, Backtest, MetricAlarm};
use trailscope::model::composite::{AlarmMuteRule, CompositeAlarm, MuteSchedule, MuteTargets, Schedule};
use trailscope::model::metric::MetricTransformation;
use trailscope::model::series::{Run, Sliding};
use trailscope::view::formula::{band_on, share_of_errors};
use trailscope::view::inbox::{Alarm, Entry, Inbox, To};

const TOPIC: &str = "arn:aws:sns:eu-west-1:444455556666:pager";

fn metric_inbox(mutes: &[Mute]) -> Inbox {
    let mut collector = Collector::new(0);
    for minute in 0..30 {
        collector.log_event(minute);
    }
    collector.matched(5, Some(1.0), None);
    let transformation = MetricTransformation {
        metric_name: "RootUse".into(),
        metric_namespace: "LogMetrics".into(),
        metric_value: "1".into(),
        ..MetricTransformation::default()
    };
    let alarm = MetricAlarm {
        alarm_name: "root \"use\"".into(),
        alarm_description: Some("<b>hostile</b>".into()),
        period: 60,
        alarm_actions: vec![TOPIC.into(), "arn:aws:lambda:eu-west-1:444455556666:function:page".into()],
        ..MetricAlarm::default()
    };
    let sliding = sliding(&Samples::new(&collector.finish(), &[], None), alarm.statistic(), 60);
    let timeline = evaluate(&alarm, &sliding, Options::default()).unwrap();
    let alarm = Alarm::Metric { alarm: Box::new(alarm), metric: Some(transformation), sliding: Arc::new(sliding) };
    Inbox::new("root \"use\"", alarm, Arc::new(timeline), None, mutes)
}

/// The message and the event of the first ALARM of an alarm on formulas.
fn of_formulas(alarm: MetricAlarm, sliding: Sliding) -> (Value, Value) {
    let timeline = evaluate(&alarm, &sliding, Options::default()).unwrap();
    let alarm = Alarm::Metric { alarm: Box::new(alarm), metric: None, sliding: Arc::new(sliding) };
    let inbox = Inbox::new("share", alarm, Arc::new(timeline), None, &[]);
    let body = |kind: &str| {
        let is_wanted =
            |entry: &&Entry| inbox.addressee(entry).0 == kind && inbox.transition(entry).to == AlarmState::Alarm;
        let entry = inbox.entries().iter().find(is_wanted).unwrap();
        serde_json::from_str(&inbox.letter(entry).body.unwrap()).unwrap()
    };
    (body("SNS"), body("EventBridge"))
}

#[test]
fn an_alarm_on_formulas_names_its_metrics() {
    let mut alarm = share_of_errors().alarm;
    alarm.alarm_actions = vec![TOPIC.into()];
    let run = Run { first_end: 1, values: vec![0.0, 60.0, 0.0], sample_counts: vec![1; 3], ..Run::default() };
    let sliding =
        Sliding { period_s: 300, step_s: 60, log_minutes: Some((0, 9)), runs: vec![run], ..Sliding::default() };
    let (message, event) = of_formulas(alarm, sliding);
    let trigger = &message["Trigger"];
    assert_eq!((trigger.get("MetricName"), trigger.get("Statistic")), (None, None));
    assert_eq!((trigger["Threshold"].as_f64(), trigger["Period"].as_u64()), (Some(50.0), Some(300)));
    let metric = |id: &str, name: &str| {
        let metric = json!({ "Dimensions": [], "MetricName": name, "Namespace": "LogMetrics" });
        json!({ "Id": id, "MetricStat": { "Metric": metric, "Period": 300, "Stat": "Sum" }, "ReturnData": false })
    };
    let formula = json!({ "Expression": "100 * m1 / m2", "Id": "e1", "ReturnData": true });
    assert_eq!(trigger["Metrics"], json!([metric("m1", "FailedCalls"), metric("m2", "AllCalls"), formula]));
    let configured = &event["detail"]["configuration"]["metrics"];
    assert_eq!(configured[2], json!({ "id": "e1", "expression": "100 * m1 / m2", "returnData": true }));
    assert_eq!(configured[0]["metricStat"]["metric"]["name"], "FailedCalls");
    let data: Value = serde_json::from_str(event["detail"]["state"]["reasonData"].as_str().unwrap()).unwrap();
    assert_eq!((data.get("statistic"), &data["recentDatapoints"]), (None, &json!([60.0])));
}

#[test]
fn an_alarm_on_a_band_tells_the_edges_and_no_threshold() {
    let mut alarm = band_on(&Backtest::default()).alarm;
    alarm.set_period(60);
    alarm.alarm_actions = vec![TOPIC.into()];
    let run =
        Run { first_end: 1, values: vec![2.0, 9.0], sample_counts: vec![1; 2], band: vec![(1.0, 3.0), (2.0, 4.5)] };
    let sliding =
        Sliding { period_s: 60, step_s: 60, log_minutes: Some((0, 9)), runs: vec![run], ..Sliding::default() };
    let (message, event) = of_formulas(alarm, sliding);
    let trigger = &message["Trigger"];
    assert_eq!((&trigger["ThresholdMetricId"], trigger.get("Threshold")), (&json!("ad1"), None));
    assert_eq!(trigger["Metrics"][1]["Expression"], "ANOMALY_DETECTION_BAND(m1, 2)");
    let data: Value = serde_json::from_str(event["detail"]["state"]["reasonData"].as_str().unwrap()).unwrap();
    assert_eq!((&data["recentLowerThresholds"], &data["recentUpperThresholds"]), (&json!([2.0]), &json!([4.5])));
    assert_eq!(data.get("threshold"), None);
}

#[test]
fn a_message_has_the_documented_members() {
    let inbox = metric_inbox(&[]);
    let sns = inbox.entries().iter().find(|entry| inbox.addressee(entry).0 == "SNS").unwrap();
    let letter = inbox.letter(sns);
    assert_eq!(letter.subject, "ALARM: \"root \"use\"\" in EU (Ireland)");
    let body: Value = serde_json::from_str(&letter.body.unwrap()).unwrap();
    let expected = json!({
        "AlarmName": "root \"use\"",
        "AlarmDescription": "<b>hostile</b>",
        "AWSAccountId": "444455556666",
        "AlarmConfigurationUpdatedTimestamp": "1970-01-01T00:00:00.000+0000",
        "NewStateValue": "ALARM",
        "NewStateReason": body["NewStateReason"],
        "StateChangeTime": "1970-01-01T00:06:00.000+0000",
        "Region": "EU (Ireland)",
        "AlarmArn": "arn:aws:cloudwatch:eu-west-1:444455556666:alarm:root \"use\"",
        "OldStateValue": "OK",
        "OKActions": [],
        "AlarmActions": [TOPIC, "arn:aws:lambda:eu-west-1:444455556666:function:page"],
        "InsufficientDataActions": [],
        "Trigger": {
            "MetricName": "RootUse",
            "Namespace": "LogMetrics",
            "StatisticType": "Statistic",
            "Statistic": "SUM",
            "Unit": null,
            "Dimensions": [],
            "Period": 60,
            "EvaluationPeriods": 1,
            "DatapointsToAlarm": 1,
            "ComparisonOperator": "GreaterThanOrEqualToThreshold",
            "Threshold": 1.0,
            "TreatMissingData": "notBreaching",
            "EvaluateLowSampleCountPercentile": ""
        }
    });
    assert_eq!(body, expected);
    assert!(body["NewStateReason"].as_str().unwrap().starts_with("Threshold Crossed: 1 out of the last 1 datapoint"));
}

#[test]
fn events_reach_eventbridge_also_when_actions_are_muted() {
    let rule = AlarmMuteRule {
        name: "night".into(),
        rule: MuteSchedule {
            schedule: Schedule { expression: "at(1970-01-01T00:00)".into(), duration: "PT1H".into(), timezone: None },
        },
        mute_targets: MuteTargets { alarm_names: vec!["root \"use\"".into()] },
        ..AlarmMuteRule::default()
    };
    let inbox = metric_inbox(&[Mute::new(&rule, |_| None).unwrap()]);
    let (sent, held): (Vec<&Entry>, Vec<&Entry>) = inbox.entries().iter().partition(|entry| entry.ran);
    assert!(sent.iter().all(|entry| entry.to == To::EventBridge) && held.len() == 2);
    assert_eq!(
        inbox.note(held[0], EpochMs::to_rfc3339).unwrap(),
        "not sent: muted by “night” until 1970-01-01T01:00:00Z"
    );
    let alarm = sent.iter().find(|entry| inbox.transition(entry).to == AlarmState::Alarm).unwrap();
    let event: Value = serde_json::from_str(&inbox.letter(alarm).body.unwrap()).unwrap();
    assert_eq!(event["source"], "aws.cloudwatch");
    assert_eq!(event["detail-type"], "CloudWatch Alarm State Change");
    assert_eq!(event["detail"]["alarmName"], "root \"use\"");
    assert_eq!(event["detail"]["state"]["value"], "ALARM");
    assert_eq!(event["detail"]["previousState"]["value"], "OK");
    assert_eq!(event["detail"]["configuration"]["metrics"][0]["metricStat"]["metric"]["name"], "RootUse");
    assert_eq!(event["detail"]["muteDetail"]["muteWindowEnd"], "1970-01-01T01:00:00.000+0000");
    let data: Value = serde_json::from_str(event["detail"]["state"]["reasonData"].as_str().unwrap()).unwrap();
    assert_eq!((&data["threshold"], &data["recentDatapoints"]), (&json!(1.0), &json!([1.0])));
}

#[test]
fn a_composite_names_the_children_that_changed() {
    let minute = |at: i64| EpochMs(at * 60_000);
    let span = |state, from, to| Span { state, from: minute(from), to: minute(to) };
    let change = |at, from, to| Transition { time: minute(at), data_end: minute(at), from, to };
    let (ok, alarm, new) = (AlarmState::Ok, AlarmState::Alarm, AlarmState::InsufficientData);
    let child = Arc::new(Timeline {
        transitions: vec![change(1, new, ok), change(5, ok, alarm)],
        spans: vec![span(new, 0, 1), span(ok, 1, 5), span(alarm, 5, 9)],
        ..Timeline::default()
    });
    let composite = CompositeAlarm {
        alarm_name: "service".into(),
        alarm_rule: "ALARM(child)".into(),
        alarm_actions: vec![TOPIC.into()],
        actions_suppressor: Some("child".into()),
        actions_suppressor_wait_period: Some(60),
        actions_suppressor_extension_period: Some(60),
        ..CompositeAlarm::default()
    };
    let source = Alarm::Composite {
        rule: parse(&composite.alarm_rule).unwrap(),
        alarm: Box::new(composite),
        children: vec![("child".into(), Arc::clone(&child))],
    };
    let suppression = Suppression { suppressor: &child, wait_s: 60, extension_s: 60 };
    let inbox = Inbox::new("service", source, Arc::clone(&child), Some(suppression), &[]);
    let held = inbox.entries().iter().find(|entry| entry.to != To::EventBridge).unwrap();
    assert!(!held.ran);
    assert_eq!(inbox.note(held, EpochMs::to_rfc3339).unwrap(), "not sent: the suppressor was in ALARM");
    let body: Value = serde_json::from_str(&inbox.letter(held).body.unwrap()).unwrap();
    assert_eq!(body["AlarmRule"], "ALARM(child)");
    assert_eq!(
        body["TriggeringChildren"],
        json!([{
            "Arn": "arn:aws:cloudwatch:eu-west-1:444455556666:alarm:child",
            "State": {"Value": "ALARM", "Timestamp": "1970-01-01T00:05:00.000+0000"}
        }])
    );
    assert_eq!(
        body["NewStateReason"],
        "arn:aws:cloudwatch:eu-west-1:444455556666:alarm:child transitioned to ALARM at Thursday 01 January, 1970 00:05:00 UTC"
    );
    let exported: Value = serde_json::from_str(&inbox.export()).unwrap();
    let exported = exported.as_array().unwrap();
    assert_eq!(exported.len(), inbox.entries().len());
    let last = exported.iter().rfind(|entry| entry["kind"] == "EventBridge").unwrap();
    assert_eq!(last["body"]["detail"]["state"]["actionsSuppressedBy"], "Alarm");
    assert_eq!(last["body"]["detail"]["configuration"]["actionsSuppressorWaitPeriod"], 60);
}
