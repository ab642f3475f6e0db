//! EventBridge rules with their targets as configuration to deploy.
//!
//! `AWS::Events::Rule` (CloudFormation User Guide, template reference), `aws_cloudwatch_event_rule` and
//! `aws_cloudwatch_event_target` (documentation of the AWS provider), `put-rule` and `put-targets`.

use super::cloudformation::can_hold;
use super::command_line::quoted;
use super::document::Node;
use super::ready::{unique, unique_identifier};
use super::terraform::{arguments, map, snake_case, string};
use super::{Format, Output};
use crate::model::rule::{Rule, RuleState, Target};
use crate::pattern::eventbridge;
use serde_json::Value;
use std::collections::HashSet;
use std::fmt::Write;

/// Longest name of a rule (PutRule, "Name").
const NAME_MAX: usize = 64;

/// Name of a file that holds rules.
pub fn file_name(format: Format) -> &'static str {
    match format {
        Format::CloudFormationYaml => "rules.yaml",
        Format::CloudFormationJson => "rules.template.json",
        Format::Terraform => "rules.tf",
        Format::CommandLine => "rules.sh",
        Format::Json => "rules.json",
    }
}

/// A rule with all it needs.
struct Ready {
    id: String,
    rule: Rule,
    /// The pattern as data.
    pattern: Value,
}

/// Writes rules as `format`. What EventBridge would refuse is left out and named.
pub fn write<'r>(rules: impl IntoIterator<Item = &'r Rule>, format: Format) -> Output {
    let (mut ready, mut notes) = make(rules);
    if matches!(format, Format::CloudFormationYaml | Format::CloudFormationJson) {
        ready.retain(|item| {
            let has_null = has_null(&item.pattern);
            if has_null {
                let name = &item.rule.name;
                notes.push(format!(
                    "“{name}” is left out: its pattern asks for null, which no CloudFormation template can hold"
                ));
            }
            !has_null && can_hold(&item.rule.name, &(&item.rule, &item.pattern), &mut notes)
        });
    }
    let text = match format {
        _ if ready.is_empty() => String::new(),
        Format::CloudFormationYaml => template(&ready).to_yaml(),
        Format::CloudFormationJson => template(&ready).to_json(),
        Format::Terraform => ready.iter().map(terraform).collect::<Vec<_>>().join("\n"),
        Format::CommandLine => command_line(&ready),
        Format::Json => {
            Node::map([("Rules", ready.iter().map(|item| api(item).with("Targets", targets(item))).collect())])
                .to_json()
        }
    };
    Output { text, notes }
}

fn make<'r>(rules: impl IntoIterator<Item = &'r Rule>) -> (Vec<Ready>, Vec<String>) {
    let (mut ready, mut notes) = (Vec::new(), Vec::new());
    let (mut ids, mut names) = (HashSet::new(), HashSet::new());
    for rule in rules {
        let pattern = match eventbridge::parse(&rule.event_pattern) {
            Ok(pattern) => pattern,
            Err(error) => {
                let message = error.message;
                notes.push(format!("“{}” is left out, because EventBridge would refuse it: {message}", rule.name));
                continue;
            }
        };
        let text = pattern.print();
        let length = text.chars().count();
        if length > eventbridge::MAX_CHARS {
            let most = eventbridge::MAX_CHARS;
            notes.push(format!(
                "“{}”: {length} characters of pattern; the quota is {most} unless it was raised",
                rule.name
            ));
        }
        let name = unique(&mut names, &valid_name(&rule.name), "-");
        if name != rule.name {
            notes.push(format!("“{}” becomes “{name}”: names of rules are letters, digits, . - and _", rule.name));
        }
        let id = unique_identifier(&mut ids, &name);
        let Ok(data) = serde_json::from_str(&text) else { continue };
        ready.push(Ready { id, rule: Rule { name, event_pattern: text, ..rule.clone() }, pattern: data });
    }
    (ready, notes)
}

fn valid_name(name: &str) -> String {
    let valid = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '-' };
    let name: String = name.chars().map(valid).take(NAME_MAX).collect();
    if name.is_empty() { "rule".into() } else { name }
}

fn has_null(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.iter().any(has_null),
        Value::Object(members) => members.values().any(has_null),
        _ => false,
    }
}

fn node(value: &Value) -> Node {
    match value {
        Value::Null => Node::Null,
        Value::Bool(value) => Node::Bool(*value),
        Value::Number(number) => Node::Number(number.as_f64().unwrap_or_default()),
        Value::String(text) => Node::text(text),
        Value::Array(items) => items.iter().map(node).collect(),
        Value::Object(members) => Node::map(members.iter().map(|(name, member)| (name.clone(), node(member)))),
    }
}

/// The members of PutRule.
fn api(item: &Ready) -> Node {
    head(item, Node::text(&item.rule.event_pattern))
}

fn head(item: &Ready, pattern: Node) -> Node {
    let rule = &item.rule;
    Node::map([("Name", Node::text(&rule.name))])
        .with("Description", rule.description.as_ref().map(Node::text))
        .with("EventBusName", rule.event_bus_name.as_ref().map(Node::text))
        .with("EventPattern", Some(pattern))
        .with("State", Some(Node::text(rule.state.as_str())))
}

/// The members of PutTargets.
fn targets(item: &Ready) -> Option<Node> {
    let target = |target: &Target| {
        let transformer = target.input_transformer.as_ref().map(|transformer| {
            let paths = &transformer.input_paths_map;
            let paths_map = (!paths.is_empty())
                .then(|| Node::map(paths.iter().map(|(name, path)| (name.clone(), Node::text(path)))));
            Node::Map(Vec::new())
                .with("InputPathsMap", paths_map)
                .with("InputTemplate", Some(Node::text(&transformer.input_template)))
        });
        Node::map([("Id", Node::text(&target.id)), ("Arn", Node::text(&target.arn))])
            .with("RoleArn", target.role_arn.as_ref().map(Node::text))
            .with("Input", target.input.as_ref().map(Node::text))
            .with("InputPath", target.input_path.as_ref().map(Node::text))
            .with("InputTransformer", transformer)
    };
    (!item.rule.targets.is_empty()).then(|| item.rule.targets.iter().map(target).collect())
}

fn template(ready: &[Ready]) -> Node {
    let resource = |item: &Ready| {
        let properties = head(item, node(&item.pattern)).with("Targets", targets(item));
        (format!("{}Rule", item.id), Node::map([("Type", Node::text("AWS::Events::Rule")), ("Properties", properties)]))
    };
    Node::map([
        ("AWSTemplateFormatVersion", Node::text("2010-09-09")),
        ("Description", Node::text("EventBridge rules on CloudTrail events, tried out with Trailscope")),
        ("Resources", Node::map(ready.iter().map(resource))),
    ])
}

fn terraform(item: &Ready) -> String {
    let (rule, id) = (&item.rule, snake_case(&item.id));
    let mut out = format!("resource \"aws_cloudwatch_event_rule\" \"{id}\" {{\n");
    arguments(
        &mut out,
        "  ",
        &[
            ("name", Some(string(&rule.name))),
            ("description", rule.description.as_deref().map(string)),
            ("event_bus_name", rule.event_bus_name.as_deref().map(string)),
            ("event_pattern", Some(string(&rule.event_pattern))),
            ("state", (rule.state != RuleState::Enabled).then(|| string(rule.state.as_str()))),
        ],
    );
    out.push_str("}\n");
    for (number, target) in rule.targets.iter().enumerate() {
        let _ = writeln!(out, "\nresource \"aws_cloudwatch_event_target\" \"{id}_{}\" {{", number + 1);
        arguments(
            &mut out,
            "  ",
            &[
                ("rule", Some(format!("aws_cloudwatch_event_rule.{id}.name"))),
                ("event_bus_name", rule.event_bus_name.as_deref().map(string)),
                ("target_id", Some(string(&target.id))),
                ("arn", Some(string(&target.arn))),
                ("role_arn", target.role_arn.as_deref().map(string)),
                ("input", target.input.as_deref().map(string)),
                ("input_path", target.input_path.as_deref().map(string)),
            ],
        );
        if let Some(transformer) = &target.input_transformer {
            let paths = transformer.input_paths_map.iter();
            out.push_str("\n  input_transformer {\n");
            arguments(
                &mut out,
                "    ",
                &[
                    ("input_paths", map(paths.map(|(name, path)| (name.as_str(), path.as_str())))),
                    ("input_template", Some(string(&transformer.input_template))),
                ],
            );
            out.push_str("  }\n");
        }
        out.push_str("}\n");
    }
    out
}

fn command_line(ready: &[Ready]) -> String {
    let mut script =
        "#!/bin/sh\n# Creates EventBridge rules and their targets, or replaces those of the same names.\nset -eu\n"
            .to_owned();
    for item in ready {
        let _ = write!(script, "\naws events put-rule --cli-input-json {}\n", quoted(&api(item)));
        if let Some(targets) = targets(item) {
            let input = Node::map([("Rule", Node::text(&item.rule.name))])
                .with("EventBusName", item.rule.event_bus_name.as_ref().map(Node::text))
                .with("Targets", Some(targets));
            let _ = writeln!(script, "aws events put-targets --cli-input-json {}", quoted(&input));
        }
    }
    script
}
