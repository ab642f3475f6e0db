//! EventBridge rules and their targets in the words of the API (`PutRule`, `PutTargets`).

use super::value::{Object, objects, required, short, some_text, text, unknown};
use crate::model::rule::{InputTransformer, Rule, RuleState, Target};
use serde_json::Value;
use std::collections::BTreeMap;

/// A rule of a file; its targets may come apart from it. The error says why it cannot be used.
pub fn rule(name: &str, object: &Object) -> Result<Rule, String> {
    let event_pattern = match object.get("EventPattern") {
        None | Some(Value::Null) => {
            return Err(match some_text(object, "ScheduleExpression")? {
                Some(schedule) => format!("it runs on the schedule {}, not on events", short(&schedule)),
                None => "it has no EventPattern".into(),
            });
        }
        Some(Value::Object(pattern)) => match function(&Value::Object(pattern.clone())) {
            Some(reason) => return Err(reason),
            None => Value::Object(pattern.clone()).to_string(),
        },
        Some(_) => required(text(object, "EventPattern")?, "EventPattern")?,
    };
    let state = some_text(object, "State")?.unwrap_or_else(|| RuleState::default().as_str().into());
    Ok(Rule {
        name: name.to_owned(),
        description: some_text(object, "Description").ok().flatten(),
        event_pattern,
        state: RuleState::ALL
            .into_iter()
            .find(|known| known.as_str() == state)
            .ok_or_else(|| format!("State “{}” is not one that EventBridge has", short(&state)))?,
        event_bus_name: some_text(object, "EventBusName").ok().flatten(),
        targets: objects(object, "Targets")?.into_iter().map(target).collect::<Result<_, _>>()?,
    })
}

/// Why the event bus of a rule is another than the one that is simulated, or not known; empty if it is that one.
pub fn bus(object: &Object) -> Vec<String> {
    match some_text(object, "EventBusName") {
        Err(reason) => vec![reason],
        Ok(Some(bus)) if bus != "default" && !bus.ends_with(":event-bus/default") => {
            vec![format!("EventBusName is {}", short(&bus))]
        }
        Ok(_) => Vec::new(),
    }
}

/// A target. What is called need not be known: it is only simulated.
pub fn target(object: &Object) -> Result<Target, String> {
    let transformer = match object.get("InputTransformer") {
        None | Some(Value::Null) => None,
        Some(Value::Object(transformer)) => Some(InputTransformer {
            input_paths_map: match transformer.get("InputPathsMap") {
                None | Some(Value::Null) => BTreeMap::new(),
                Some(Value::Object(paths)) => paths
                    .keys()
                    .map(|name| Ok((name.clone(), required(text(paths, name)?, name)?)))
                    .collect::<Result<_, String>>()?,
                Some(other) => return Err(unknown("InputPathsMap", other)),
            },
            input_template: required(text(transformer, "InputTemplate")?, "InputTemplate")?,
        }),
        Some(other) => return Err(unknown("InputTransformer", other)),
    };
    let arn = text(object, "Arn").unwrap_or_else(|reason| Some(format!("({reason})")));
    Ok(Target {
        id: some_text(object, "Id")?.unwrap_or_else(|| "Target1".into()),
        arn: required(arn, "Arn")?,
        role_arn: text(object, "RoleArn").ok().flatten(),
        input: some_text(object, "Input")?,
        input_path: some_text(object, "InputPath")?,
        input_transformer: transformer,
    })
}

/// A function of CloudFormation anywhere in a pattern, which nobody here evaluates.
fn function(value: &Value) -> Option<String> {
    match value {
        Value::Object(members) => members.iter().find_map(|(name, member)| {
            let is_function = members.len() == 1 && (name == "Ref" || name.starts_with("Fn::"));
            if is_function { Some(unknown("EventPattern", value)) } else { function(member) }
        }),
        Value::Array(items) => items.iter().find_map(function),
        _ => None,
    }
}
