//! Configuration files as AWS and its tools write them, read through ingest as they would be when dropped.

#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use serde_json::{Value, json};
use trailscope::base::{Code, Diagnostic};
use trailscope::configuration::{Configuration, Deployed, account_names, read};
use trailscope::deploy::{Alarms, CompositeEntry, Entry, Format, FormulaEntry, write};
use trailscope::ingest::{BytesSource, DocumentId, Job, Limits, Reader, Sink, Step};
use trailscope::model::alarm::{ComparisonOperator, Dimension, TreatMissingData, dimension_values};
use trailscope::model::attachment::{Attachment, AttachmentKind};
use trailscope::model::composite::{AlarmMuteRule, MuteSchedule, MuteTargets, Schedule};
use trailscope::model::statistic::Statistic;
use trailscope::view::formula::{band_on, share_of_errors};
use trailscope::view::presets::PRESETS;

const FILTERS: &str = include_str!("configuration/metric-filters.json");
const ALARMS: &str = include_str!("configuration/alarms.json");
const TEMPLATE: &str = include_str!("configuration/template.json");
const PLAN: &str = include_str!("configuration/plan.json");

#[derive(Default)]
struct Dropped {
    attachments: Vec<Attachment>,
    diagnostics: Vec<Diagnostic>,
    records: usize,
}

impl Sink for Dropped {
    fn document(&mut self, _: DocumentId, _: &str) {}

    fn record(&mut self, _: DocumentId, _: u64, _: &[u8]) {
        self.records += 1;
    }

    fn attachment(&mut self, attachment: Attachment) {
        self.attachments.push(attachment);
    }

    fn diagnostic(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }
}

fn dropped(files: &[(&str, &str)]) -> Dropped {
    let mut dropped = Dropped::default();
    for (name, text) in files {
        let mut reader = Reader::open(Job::whole(*name), Limits::default());
        while let Step::More(_) = reader.step(&BytesSource(text.as_bytes()), &mut dropped) {}
    }
    dropped
}

fn configuration(files: &[(&str, &str)]) -> Configuration {
    let dropped = dropped(files);
    assert_eq!(dropped.records, 0);
    assert!(
        dropped.diagnostics.iter().all(|diagnostic| diagnostic.code == Code::SetAside),
        "{:?}",
        dropped.diagnostics
    );
    read(&dropped.attachments)
}

fn notes(configuration: &Configuration) -> Vec<String> {
    configuration.notes.iter().map(|note| format!("{}: {}", note.item, note.message)).collect()
}

#[test]
fn descriptions_of_filters_and_alarms_are_joined_by_their_metric() {
    let found = configuration(&[("filters.json", FILTERS), ("alarms.json", ALARMS)]);
    assert_eq!(
        (found.filters, found.alarms, &found.files[..]),
        (3, 4, &["alarms.json".into(), "filters.json".into()][..])
    );
    assert_eq!(found.composites[0].alarm_rule, "ALARM(CPU) OR ALARM(DeniedShare)");
    let names: Vec<_> = found.backtests.iter().map(|deployed| deployed.name.as_str()).collect();
    assert_eq!(names, ["CIS-3.6-ConsoleSigninFailures", "AccessDenied-Ireland", "RootUsage"]);

    let signin = &found.backtests[0];
    assert_eq!(signin.log_group.as_deref(), Some("CloudTrail/DefaultLogGroup"));
    assert_eq!(signin.backtest.filter.metric_transformations[0].default_value, Some(0.0));
    assert!(signin.backtest.filter.filter_pattern.contains("Failed authentication"));
    let alarm = &signin.backtest.alarm;
    assert_eq!((alarm.period, alarm.threshold, alarm.statistic()), (300, 3.0, Statistic::Sum));
    assert_eq!(alarm.treat_missing_data, TreatMissingData::NotBreaching);
    assert_eq!(alarm.alarm_actions, ["arn:aws:sns:eu-west-1:111122223333:security"]);

    let denied = &found.backtests[1].backtest;
    assert_eq!(denied.filter.metric_transformations[0].dimensions["region"], "$.awsRegion");
    assert_eq!(denied.alarm.dimensions, [Dimension { name: "region".into(), value: "eu-west-1".into() }]);
    assert_eq!(dimension_values(&denied.filter, &denied.alarm.dimensions), Ok(vec!["eu-west-1".into()]));
    assert_eq!(denied.alarm.unit.as_deref(), Some("Seconds"));
    assert_eq!((denied.alarm.statistic(), denied.alarm.datapoints_to_alarm()), (Statistic::Percentile(90.0), 3));
    assert_eq!(denied.alarm.treat_missing_data, TreatMissingData::Missing);
    assert_eq!(denied.alarm.comparison_operator, ComparisonOperator::GreaterThanThreshold);
    assert!(!denied.alarm.actions_enabled);

    assert_eq!(
        notes(&found),
        [
            "AccessDenied-Ireland: the alarm watches datapoints of unit Seconds, and the metric filter publishes unit Count: in CloudWatch it sees no data",
            "CPU: alarm not used: no metric filter here publishes AWS/EC2 / CPUUtilization",
            "DeniedShare: alarm not used: no metric filter here publishes CISBenchmark / All",
            "UnusualDenials: the metric has the dimension “region”; the alarm must name a value for it in Dimensions: in CloudWatch it sees no data",
            "RootUsage: no alarm here watches this metric filter; it starts with the lab's own (Sum, 5 minutes, ≥ 1)",
        ]
    );
}

#[test]
fn filters_on_system_fields_are_not_taken_for_filters_on_everything() {
    let described = |key: &str, value: Value| {
        let filters = FILTERS.replacen("\"filterName\"", &format!("\"{key}\": {value}, \"filterName\""), 1);
        configuration(&[("filters.json", &filters)])
    };
    for (key, value) in [
        ("fieldSelectionCriteria", json!("@aws.region = \"eu-west-1\"")),
        ("emitSystemFieldDimensions", json!(["@aws.account"])),
    ] {
        let found = described(key, value);
        assert_eq!(found.filters, 2, "{key}");
        assert!(notes(&found)[0].ends_with("is not simulated"), "{:?}", notes(&found));
    }
    for (key, value) in [
        ("fieldSelectionCriteria", json!("")),
        ("emitSystemFieldDimensions", json!([])),
        ("applyOnTransformedLogs", json!(false)),
    ] {
        assert_eq!(described(key, value).filters, 3, "{key}");
    }
    // Nor those on events that were transformed.
    let transformed = FILTERS.replacen("\"applyOnTransformedLogs\": false", "\"applyOnTransformedLogs\": true", 1);
    let found = configuration(&[("filters.json", &transformed)]);
    assert_eq!(found.filters, 2);
    assert!(notes(&found)[0].ends_with("ApplyOnTransformedLogs is not simulated"), "{:?}", notes(&found));
}

#[test]
fn the_same_file_twice_is_the_same_once() {
    let once = configuration(&[("filters.json", FILTERS), ("alarms.json", ALARMS)]);
    let twice = configuration(&[
        ("filters.json", FILTERS),
        ("alarms.json", ALARMS),
        ("filters.json", FILTERS),
        ("alarms.json", ALARMS),
    ]);
    assert_eq!(once, twice);
}

#[test]
fn what_a_template_does_not_resolve_is_named_and_never_guessed() {
    let found = configuration(&[("template.json", TEMPLATE)]);
    let names: Vec<_> = found.backtests.iter().map(|deployed| deployed.name.as_str()).collect();
    assert_eq!(names, ["TrailChangesAlarm", "denied-by-source"]);
    let trail = &found.backtests[0];
    // The log group is a reference, and does not matter.
    assert_eq!(trail.log_group, None);
    assert_eq!((trail.backtest.alarm.period, trail.backtest.alarm.threshold), (300, 1.0));
    assert_eq!(trail.backtest.filter.metric_transformations[0].default_value, Some(0.0));
    assert_eq!(trail.backtest.alarm.alarm_actions, ["arn:aws:sns:eu-west-1:111122223333:security"]);
    assert_eq!(found.backtests[1].backtest.filter.metric_transformations[0].dimensions["source"], "$.eventSource");
    assert_eq!(
        notes(&found),
        [
            "FromParameter: metric filter not used: FilterPattern is Ref Pattern, which the file does not resolve",
            "LimitAlarm: alarm not used: Threshold is Ref Limit, which the file does not resolve",
            "TrailChangesAlarm: AlarmActions is Ref Topic, which the file does not resolve; this action is left out, states do \
             not depend on it",
            "TrailChangesAlarm: stands under the condition IsProduction; taken as if it held",
            "denied-by-source: no alarm here watches this metric filter; it starts with the lab's own (Sum, 5 minutes, ≥ 1)",
        ]
    );
}

/// A list or a map that is not known as a whole is none that is empty, nor one of its own.
#[test]
fn a_whole_list_that_is_not_known_is_named() {
    let alarm = |key: &str, value: Value| {
        let mut properties = json!({"AlarmName": "a", "Namespace": "N", "MetricName": "m", "Period": 60,
            "EvaluationPeriods": 1, "Threshold": 1, "ComparisonOperator": "GreaterThanThreshold", "Statistic": "Sum"});
        properties[key] = value;
        let template = json!({"Resources": {"A": {"Type": "AWS::CloudWatch::Alarm", "Properties": properties}}});
        notes(&configuration(&[("template.json", &template.to_string())]))
    };
    let said = alarm("AlarmActions", json!({"Fn::If": ["IsProduction", ["arn:aws:sns:eu-west-1:1:x"], []]}));
    assert!(said[0].contains("AlarmActions is Fn::If") && said[0].contains("left out"), "{said:?}");
    let said = alarm("Dimensions", json!({"Ref": "Dimensions"}));
    assert!(said[0].contains("alarm not used: Dimensions is Ref Dimensions"), "{said:?}");
    let said = alarm("Dimensions", json!({"known after apply": true}));
    assert!(said[0].contains("Dimensions is known after apply"), "{said:?}");
}

#[test]
fn a_terraform_plan_is_read_through_its_modules() {
    let found = configuration(&[("plan.json", PLAN)]);
    let [all] = found.composites.as_slice() else { panic!("{found:?}") };
    assert_eq!((all.alarm_name.as_str(), all.alarm_rule.as_str()), ("all", "ALARM(root-usage)"));
    assert_eq!(all.actions_suppressor.as_deref(), Some("maintenance"));
    assert_eq!((all.actions_suppressor_wait_period, all.actions_suppressor_extension_period), (Some(60), Some(120)));
    let [root] = found.backtests.as_slice() else { panic!("{found:?}") };
    assert_eq!((root.name.as_str(), root.log_group.as_deref()), ("root-usage", Some("trail")));
    assert_eq!(root.backtest.filter.filter_name, "root-usage");
    assert_eq!(root.backtest.filter.metric_transformations[0].default_value, Some(0.0));
    assert_eq!(root.backtest.alarm.datapoints_to_alarm, None);
    assert_eq!(
        notes(&found),
        [
            "later: metric filter not used: FilterPattern is known after apply",
            "root-usage: AlarmActions is known after apply; this action is left out, states do not depend on it",
            "math: alarm not used: it has no Period",
        ]
    );
    let mut state: Value = serde_json::from_str(PLAN).unwrap();
    state["values"] = state["planned_values"].take();
    state.as_object_mut().unwrap().remove("planned_values");
    assert_eq!(configuration(&[("state.json", &state.to_string())]).backtests, found.backtests);
}

#[test]
fn a_metric_of_several_filters_is_not_taken_for_one() {
    let filter = |name: &str, pattern: &str| {
        let metric = json!({"metricName": "M", "metricNamespace": "N", "metricValue": "1"});
        json!({"filterName": name, "filterPattern": pattern, "metricTransformations": [metric]})
    };
    let filters = json!({"metricFilters": [filter("a", "x"), filter("b", "y")]}).to_string();
    let alarm = json!({
        "AlarmName": "A", "MetricName": "M", "Namespace": "N", "Period": 60, "EvaluationPeriods": 1, "Threshold": 1,
        "ComparisonOperator": "GreaterThanThreshold", "Statistic": "Sum",
    });
    let found = configuration(&[("f", &filters), ("a", &json!({"MetricAlarms": [alarm]}).to_string())]);
    let names: Vec<_> = found.backtests.iter().map(|deployed| deployed.name.as_str()).collect();
    assert_eq!(names, ["A · a", "A · b"]);
    assert_eq!(notes(&found), ["A: 2 metric filters publish N / M; each is backtested by itself, not their sum"]);
}

fn mute_rule() -> AlarmMuteRule {
    AlarmMuteRule {
        name: "Maintenance".into(),
        description: Some("Patches".into()),
        rule: MuteSchedule {
            schedule: Schedule {
                expression: "cron(0 2 * * SUN)".into(),
                duration: "PT4H".into(),
                timezone: Some("Europe/Berlin".into()),
            },
        },
        mute_targets: MuteTargets { alarm_names: vec!["Share".into(), "Band".into()] },
        start_date: Some("2026-01-01T00:00:00Z".into()),
        expire_date: None,
    }
}

#[test]
fn mute_rules_are_read_from_every_source() {
    // get-alarm-mute-rule adds facts to what was put.
    let mut answer = serde_json::to_value(mute_rule()).unwrap();
    for (key, value) in [
        ("AlarmMuteRuleArn", "arn:aws:cloudwatch:eu-west-1:111122223333:alarm-mute-rule:Maintenance"),
        ("Status", "SCHEDULED"),
        ("MuteType", "SCHEDULED"),
        ("LastUpdatedTimestamp", "2026-01-01T00:00:00+00:00"),
    ] {
        answer[key] = value.into();
    }
    let values = json!({
        "name": "Maintenance", "description": "Patches", "start_date": "2026-01-01T00:00:00Z", "expire_date": null,
        "rule": [{"schedule": [{"expression": "cron(0 2 * * SUN)", "duration": "PT4H", "timezone": "Europe/Berlin"}]}],
        "mute_targets": [{"alarm_names": ["Share", "Band"]}],
    });
    let resource = json!({
        "address": "aws_cloudwatch_alarm_mute_rule.it", "mode": "managed", "type": "aws_cloudwatch_alarm_mute_rule",
        "values": values,
    });
    let state = json!({"format_version": "1.0", "values": {"root_module": {"resources": [resource]}}});
    for (name, document) in [("mute.json", &answer), ("state.json", &state)] {
        let found = configuration(&[(name, &document.to_string())]);
        assert_eq!((found.mutes, found.files), (vec![mute_rule()], vec![name.to_owned()]), "{:?}", found.notes);
    }
    let unresolved = json!({"Resources": {"Mute": {"Type": "AWS::CloudWatch::AlarmMuteRule", "Properties": {
        "Name": "Maintenance", "Rule": {"Schedule": {"Expression": "cron(0 2 * * SUN)", "Duration": "PT4H"}},
        "MuteTargets": {"AlarmNames": ["Share", {"Ref": "Alarm"}]},
    }}}});
    let found = configuration(&[("template.json", &unresolved.to_string())]);
    assert_eq!(found.mutes[0].mute_targets.alarm_names, ["Share"]);
    assert_eq!(
        notes(&found),
        ["Maintenance: AlarmNames is Ref Alarm, which the file does not resolve; this alarm is not muted"]
    );
    answer["Rule"] = json!({});
    let found = configuration(&[("mute.json", &answer.to_string())]);
    assert_eq!(notes(&found), ["Maintenance: mute rule not used: it has no Schedule"]);
}

#[test]
fn what_the_lab_writes_to_deploy_is_read_again() {
    let found = configuration(&[("filters.json", FILTERS), ("alarms.json", ALARMS)]);
    let entries: Vec<_> =
        found.backtests.iter().map(|item| Entry { name: &item.name, backtest: &item.backtest }).collect();
    let mut math = [share_of_errors(), band_on(&PRESETS[4].backtest())];
    math[0].alarm.alarm_name = "Share".into();
    math[1].alarm.alarm_name = "Band".into();
    // Not written: a band stands in its place.
    math[1].alarm.threshold = 0.0;
    for format in [Format::Json, Format::CloudFormationJson] {
        let composites: Vec<_> =
            found.composites.iter().map(|alarm| CompositeEntry { name: &alarm.alarm_name, alarm }).collect();
        let formulas =
            math.iter().map(|backtest| FormulaEntry { name: &backtest.alarm.alarm_name, backtest }).collect();
        let mutes = [mute_rule()];
        let alarms = Alarms { backtests: entries.clone(), formulas, composites, mutes: &mutes };
        let written = write(&alarms, format);
        // The alarms in its rule could not be read.
        assert_eq!(written.notes.len(), 1, "{format:?}: {:?}", written.notes);
        let again = configuration(&[(format.file_name(), &written.text)]);
        assert_eq!(again.backtests.len(), entries.len(), "{format:?}: {:?}", again.notes);
        assert_eq!(again.composites, found.composites, "{format:?}");
        assert_eq!(again.mutes, mutes, "{format:?}");
        for before in &math {
            assert!(again.formulas.contains(before), "{format:?}: {before:?}");
        }
        for before in &found.backtests {
            let is_it = |after: &&Deployed| after.backtest.filter.filter_name == before.backtest.filter.filter_name;
            let (before, after) = (&before.backtest, &again.backtests.iter().find(is_it).unwrap().backtest);
            assert_eq!(after.filter, before.filter, "{format:?}");
            assert_eq!((after.alarm.period, after.alarm.threshold), (before.alarm.period, before.alarm.threshold));
            assert_eq!(after.alarm.statistic(), before.alarm.statistic());
            assert_eq!(after.alarm.datapoints_to_alarm(), before.alarm.datapoints_to_alarm());
            assert_eq!(after.alarm.treat_missing_data, before.alarm.treat_missing_data);
            assert_eq!(after.alarm.dimensions, before.alarm.dimensions);
        }
    }
}

#[test]
fn accounts_have_names_from_either_form() {
    let names = |name: &str, text: &str| {
        let dropped = dropped(&[(name, text)]);
        assert_eq!((dropped.records, dropped.attachments.len()), (0, 1), "{:?}", dropped.diagnostics);
        assert_eq!(dropped.attachments[0].kind, AttachmentKind::Accounts);
        account_names(&dropped.attachments).into_iter().collect::<Vec<_>>()
    };
    let named = |id: &str, name: &str| (id.to_owned(), name.to_owned());
    let json = names("accounts.json", include_str!("configuration/accounts.json"));
    assert_eq!(json, [named("012345678901", "Log archive"), named("111122223333", "Management")]);
    // A spreadsheet took the zero.
    let csv = names("accounts.csv", include_str!("configuration/accounts.csv"));
    assert_eq!(csv, [named("012345678901", "Log, archive"), named("111122223333", "Management")]);
    assert_eq!(names("map.csv", "name;id\nProduction;444455556666\n"), [named("444455556666", "Production")]);
}

#[test]
fn templates_and_plans_without_anything_of_it_are_set_aside() {
    let template = r#"{"AWSTemplateFormatVersion":"2010-09-09","Resources":{"T":{"Type":"AWS::SNS::Topic"}}}"#;
    let plan = r#"{"format_version":"1.2","terraform_version":"1.9.5","planned_values":{"root_module":{}}}"#;
    let found = dropped(&[("template.json", template), ("plan.json", plan)]);
    assert!(found.attachments.is_empty());
    let messages: Vec<_> =
        found.diagnostics.iter().map(|diagnostic| (diagnostic.code, diagnostic.message.as_str())).collect();
    assert_eq!(messages.len(), 2);
    for (code, message) in messages {
        assert_eq!(code, Code::SetAside);
        assert!(message.contains("without metric filters or alarms"), "{message}");
    }
}

#[test]
fn much_of_it_is_bounded() {
    let alarms: Vec<_> = (0..7_000)
        .map(|number| json!({"AlarmName": format!("alarm {number} {}", "x".repeat(500)), "Period": {"Ref": "P"}}))
        .collect();
    let found = configuration(&[("alarms.json", &json!({"MetricAlarms": alarms}).to_string())]);
    assert_eq!((found.notes.len(), found.more_notes), (200, 6_800));
    assert!(found.notes.iter().all(|note| note.item.len() < 100));
    let deep = format!("{{\"metricFilters\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    let attachment = Attachment { kind: AttachmentKind::MetricFilters, path: "deep".into(), json: deep, whole: true };
    let found = read([&attachment]);
    assert!(found.notes[0].message.starts_with("not valid JSON"), "{found:?}");
}

/// Any JSON, with the words of configuration in it.
fn anything() -> impl Strategy<Value = Value> {
    let word = prop::sample::select(vec![
        "metricFilters",
        "MetricAlarms",
        "CompositeAlarms",
        "Resources",
        "Type",
        "Properties",
        "AWS::Logs::MetricFilter",
        "AWS::CloudWatch::Alarm",
        "FilterPattern",
        "MetricTransformations",
        "metricTransformations",
        "Dimensions",
        "values",
        "root_module",
        "child_modules",
        "resources",
        "mode",
        "managed",
        "type",
        "aws_cloudwatch_metric_alarm",
        "aws_cloudwatch_composite_alarm",
        "alarm_rule",
        "AlarmRule",
        "AlarmMuteRules",
        "AlarmMuteRuleArn",
        "Rule",
        "Schedule",
        "MuteTargets",
        "AlarmNames",
        "actions_suppressor",
        "metric_transformation",
        "Accounts",
        "Id",
        "Period",
        "Ref",
        "",
        "é",
        "planned_values",
        "resource_changes",
        "after_unknown",
        "change",
        "address",
    ]);
    let leaf = prop_oneof![
        word.clone().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        Just(Value::Null),
    ];
    leaf.prop_recursive(6, 64, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((word.clone(), inner), 0..6)
                .prop_map(|fields| Value::Object(fields.into_iter().map(|(key, value)| (key.into(), value)).collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_document_is_survived(document in anything()) {
        let json = document.to_string();
        let kinds = [AttachmentKind::MetricFilters, AttachmentKind::Alarms, AttachmentKind::Rules, AttachmentKind::CloudFormation, AttachmentKind::Terraform, AttachmentKind::Accounts];
        let attachments = kinds.map(|kind| Attachment { kind, path: "x".into(), json: json.clone(), whole: true });
        read(&attachments);
        account_names(&attachments);
    }
}
