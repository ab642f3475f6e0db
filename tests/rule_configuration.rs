//! EventBridge rules as configuration: read as AWS and its tools write them, written to deploy, and what was written
//! reads back as the same rules. `tests/deploy/check.py` gives the files of [`write_files`] to the tools they are for.

#![allow(clippy::unwrap_used)]

use serde_json::{Value, json};
use std::path::PathBuf;
use trailscope::configuration::{Configuration, read};
use trailscope::deploy::{Format, rule};
use trailscope::ingest::{BytesSource, DocumentId, Job, Limits, Reader, Sink, Step};
use trailscope::model::attachment::Attachment;
use trailscope::model::rule::{InputTransformer, Rule, RuleState, Target};
use trailscope::pattern::eventbridge;
use trailscope::view::rule::PRESETS;

/// Text that would be something else in every language written.
const HOSTILE: &str = "'; rm -rf / #\n\"${var.x} %{ if true } $(id) `id` \\ : - {{ }} é";

#[derive(Default)]
struct Dropped(Vec<Attachment>);

impl Sink for Dropped {
    fn document(&mut self, _: DocumentId, _: &str) {}

    fn record(&mut self, _: DocumentId, _: u64, record: &[u8]) {
        panic!("taken for an event: {}", String::from_utf8_lossy(record));
    }

    fn attachment(&mut self, attachment: Attachment) {
        self.0.push(attachment);
    }

    fn diagnostic(&mut self, _: trailscope::base::Diagnostic) {}
}

fn configuration(text: &str) -> Configuration {
    let mut dropped = Dropped::default();
    let mut reader = Reader::open(Job::whole("rules.json"), Limits::default());
    while let Step::More(_) = reader.step(&BytesSource(text.as_bytes()), &mut dropped) {}
    read(&dropped.0)
}

/// A rule with everything there is.
fn full() -> Rule {
    let target = |id: &str| Target {
        id: id.into(),
        arn: "arn:aws:sns:eu-central-1:111122223333:security".into(),
        ..Target::default()
    };
    Rule {
        name: "full".into(),
        description: Some(HOSTILE.into()),
        event_pattern: eventbridge::parse(
            &json!({"detail": {"y": ["no", HOSTILE], "$or": [{"a.b": [1.5, true]}, {"c": [{"numeric": [">=", -3, "<", 1e9]}]}]}})
                .to_string(),
        )
        .unwrap()
        .print(),
        state: RuleState::EnabledWithAllManagementEvents,
        event_bus_name: Some("default".into()),
        targets: vec![
            target("whole"),
            Target { input_path: Some("$.detail".into()), ..target("part") },
            Target { input: Some("{\"alert\": \"it's\"}".into()), ..target("constant") },
            Target {
                role_arn: Some("arn:aws:iam::111122223333:role/events".into()),
                input_transformer: Some(InputTransformer {
                    input_paths_map: [("who".to_owned(), "$.detail.userIdentity.arn".to_owned())].into(),
                    input_template: "\"<who> did ${it} at 'night'\"".into(),
                }),
                ..target("text")
            },
        ],
    }
}

/// The presets, with their patterns on one line as they are deployed, and the full one.
fn all() -> Vec<Rule> {
    let presets = PRESETS.map(|preset| {
        let rule = preset.rule();
        let event_pattern = eventbridge::parse(&rule.event_pattern).unwrap().print();
        Rule { event_pattern, ..rule }
    });
    presets.into_iter().chain([full()]).collect()
}

fn written(format: Format) -> String {
    let output = rule::write(&all(), format);
    assert_eq!(output.notes, [""; 0]);
    output.text
}

/// Patterns that say the same are equal.
fn parsed(rules: &[Rule]) -> Vec<(Rule, eventbridge::Pattern)> {
    let pattern = |rule: &Rule| eventbridge::parse(&rule.event_pattern).unwrap();
    rules.iter().map(|rule| (Rule { event_pattern: String::new(), ..rule.clone() }, pattern(rule))).collect()
}

#[test]
fn what_is_written_reads_back() {
    for format in [Format::Json, Format::CloudFormationJson] {
        let found = configuration(&written(format));
        assert_eq!(found.notes, []);
        let (mut found, mut expected) = (parsed(&found.rules), parsed(&all()));
        found.sort_by(|a, b| a.0.name.cmp(&b.0.name));
        expected.sort_by(|a, b| a.0.name.cmp(&b.0.name));
        // The members of a template's pattern are in another order, and its numbers in another spelling.
        assert_eq!(found.len(), expected.len());
        for ((rule, pattern), (wanted, original)) in found.iter().zip(&expected) {
            assert_eq!(rule, wanted);
            let value = |pattern: &eventbridge::Pattern| -> Value { serde_json::from_str(&pattern.print()).unwrap() };
            assert_eq!(numbers(value(pattern)), numbers(value(original)));
        }
    }
}

/// All numbers as doubles.
fn numbers(value: Value) -> Value {
    match value {
        Value::Number(number) => json!(number.as_f64()),
        Value::Array(items) => items.into_iter().map(numbers).collect(),
        Value::Object(members) => {
            Value::Object(members.into_iter().map(|(name, member)| (name, numbers(member))).collect())
        }
        other => other,
    }
}

#[test]
fn rules_are_read_as_aws_and_its_tools_write_them() {
    let described = json!({
        "Name": "root", "Arn": "arn:aws:events:us-east-1:111122223333:rule/root", "State": "ENABLED",
        "EventPattern": "{\"source\":[\"aws.signin\"]}", "EventBusName": "default", "CreatedBy": "111122223333",
    });
    let found = configuration(&described.to_string());
    assert_eq!((found.rules.len(), found.rules[0].name.as_str()), (1, "root"));
    let listed = json!({"Rules": [described, {"Name": "nightly", "Arn": "x", "State": "ENABLED", "ScheduleExpression": "rate(1 day)"}]});
    let found = configuration(&listed.to_string());
    assert_eq!((found.rules.len(), found.notes.len()), (1, 1));
    assert!(found.notes[0].message.contains("on the schedule rate(1 day)"), "{:?}", found.notes);

    let template = json!({"Resources": {
        "Root": {"Type": "AWS::Events::Rule", "Properties": {
            "EventPattern": {"source": ["aws.iam"]},
            "Targets": [{"Id": "t", "Arn": {"Ref": "Topic"}, "InputTransformer": {"InputTemplate": "\"x\""}}],
        }},
        "Unknown": {"Type": "AWS::Events::Rule", "Properties": {"EventPattern": {"account": [{"Ref": "AWS::AccountId"}]}}},
    }});
    let found = configuration(&template.to_string());
    assert_eq!((found.rules.len(), found.rules[0].name.as_str(), found.rules[0].targets.len()), (1, "Root", 1));
    assert!(found.notes[0].message.contains("Ref AWS::AccountId"), "{:?}", found.notes);

    let state = json!({"format_version": "1.0", "values": {"root_module": {"resources": [
        {"address": "aws_cloudwatch_event_rule.r", "mode": "managed", "type": "aws_cloudwatch_event_rule", "values": {
            "name": "r", "event_pattern": "{\"source\":[\"aws.s3\"]}", "is_enabled": false, "description": ""}},
        {"address": "aws_cloudwatch_event_target.t", "mode": "managed", "type": "aws_cloudwatch_event_target", "values": {
            "rule": "r", "target_id": "t", "arn": "arn:aws:sqs:us-east-1:111122223333:q",
            "input_transformer": [{"input_paths": {"a": "$.detail"}, "input_template": "<a>"}]}},
    ]}}});
    let found = configuration(&state.to_string());
    assert_eq!(found.notes, []);
    let rule = &found.rules[0];
    assert_eq!((rule.state, rule.targets.len()), (RuleState::Disabled, 1));
    assert_eq!(rule.targets[0].input_transformer.as_ref().unwrap().input_paths_map["a"], "$.detail");
    // Newer versions of the provider list a state beside the flag, whether it is set or not.
    for known in [Value::Null, "ENABLED".into()] {
        let mut state = state.clone();
        state["values"]["root_module"]["resources"][0]["values"]["state"] = known;
        assert_eq!(configuration(&state.to_string()).rules[0].state, RuleState::Disabled);
    }
}

/// CloudTrail's events arrive on the default event bus.
#[test]
fn a_rule_on_another_bus_is_noted() {
    let rule = |bus: Value| {
        let properties = json!({"EventPattern": {"source": ["aws.iam"]}, "EventBusName": bus});
        let template = json!({"Resources": {"R": {"Type": "AWS::Events::Rule", "Properties": properties}}});
        let found = configuration(&template.to_string());
        assert_eq!(found.rules.len(), 1);
        found.notes.into_iter().map(|note| note.message).collect::<Vec<_>>()
    };
    for bus in ["default", "arn:aws:events:eu-west-1:111122223333:event-bus/default"] {
        assert_eq!(rule(bus.into()), [""; 0]);
    }
    for bus in ["audit".into(), json!({"Ref": "Bus"})] {
        let said = rule(bus);
        assert!(said[0].contains("EventBusName is ") && said[0].contains("default event bus only"), "{said:?}");
    }
}

#[test]
fn what_would_be_refused_is_left_out_and_named() {
    let rule = |name: &str, pattern: &str| Rule { name: name.into(), event_pattern: pattern.into(), ..Rule::default() };
    let rules = [
        rule("bad", "{\"source\": \"x\"}"),
        rule("null", "{\"detail\": {\"a\": [null]}}"),
        rule("resolved", "{\"detail\": {\"userAgent\": [{\"prefix\": \"{{resolve:ssm:/secret}}\"}]}}"),
        rule("a name", "{\"source\": [\"x\"]}"),
        rule("a name", "{\"source\": [\"y\"]}"),
    ];
    let output = rule::write(&rules, Format::CloudFormationYaml);
    assert_eq!(output.notes.len(), 5, "{:?}", output.notes);
    assert!(!output.text.contains("resolve") && rule::write(&rules, Format::Terraform).text.contains("{{resolve:"));
    assert!(output.text.contains("\"a-name-2\"") && !output.text.contains("null"), "{}", output.text);
    assert_eq!(rule::write(&rules[..1], Format::Terraform).text, "");
}

#[test]
fn no_text_leaves_its_quotes() {
    let script = written(Format::CommandLine).replace(r"'\''", "");
    let outside: String = script.split('\'').step_by(2).collect();
    assert!(!outside.contains("rm -rf") && !outside.contains("$(id)") && !outside.contains('`'), "{outside}");
    let terraform = written(Format::Terraform);
    assert_eq!(terraform.matches("${").count(), terraform.matches("$${").count());
    assert_eq!(terraform.matches("%{").count(), terraform.matches("%%{").count());
}

/// Where other tools find what was written.
#[test]
fn write_files() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("deploy");
    std::fs::create_dir_all(&folder).unwrap();
    for format in Format::ALL {
        std::fs::write(folder.join(rule::file_name(format)), written(format)).unwrap();
    }
}
