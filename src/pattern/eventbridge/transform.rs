//! What a target gets of an event: the event, a part of it, a constant, or a text made of parts.
//!
//! Source: EventBridge User Guide, "Amazon EventBridge input transformation". Between quotes a placeholder becomes the
//! bare text of its value, outside them JSON; EventBridge escapes nothing in either place. A path that selects nothing
//! leaves nothing behind. Undocumented: we choose to show what comes out as it is, valid JSON or not, and to say so.

use crate::filter::predicate::Step;
use crate::model::rule::{InputTransformer, Target};
use crate::pattern::path;
use serde_json::Value;

/// Paths that a transformer may have.
const MAX_PATHS: usize = 100;
/// Characters that a template may have.
const MAX_TEMPLATE: usize = 8192;
/// What begins the names that EventBridge fills in itself.
const RESERVED: &str = "aws.events.";

/// What a target would get.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Delivered {
    /// The text.
    pub text: String,
    /// What is worth knowing about it, one sentence each.
    pub notes: Vec<String>,
}

/// What a target of the rule gets of an event, envelope and all. The error is one sentence about the target.
pub fn input(target: &Target, rule: &str, event: &Value) -> Result<Delivered, String> {
    let given = [target.input.is_some(), target.input_path.is_some(), target.input_transformer.is_some()];
    if given.iter().filter(|given| **given).count() > 1 {
        return Err("A target has at most one of Input, InputPath and InputTransformer".into());
    }
    if let Some(text) = &target.input {
        serde_json::from_str::<Value>(text).map_err(|error| format!("Input is not valid JSON: {error}"))?;
        return Ok(Delivered { text: text.clone(), notes: Vec::new() });
    }
    if let Some(path) = &target.input_path {
        let part = select(path, event)?;
        let notes = part.is_none().then(|| format!("{path} selects nothing in this event")).into_iter().collect();
        return Ok(Delivered { text: part.map_or_else(String::new, pretty), notes });
    }
    match &target.input_transformer {
        Some(transformer) => transform(transformer, rule, event),
        None => Ok(Delivered { text: pretty(event), notes: Vec::new() }),
    }
}

/// The text of a transformer for an event.
fn transform(transformer: &InputTransformer, rule: &str, event: &Value) -> Result<Delivered, String> {
    let InputTransformer { input_paths_map: paths, input_template: template } = transformer;
    if paths.len() > MAX_PATHS {
        return Err(format!("InputPathsMap has at most {MAX_PATHS} paths"));
    }
    if template.is_empty() || template.chars().count() > MAX_TEMPLATE {
        return Err(format!("InputTemplate has 1 to {MAX_TEMPLATE} characters"));
    }
    if let Some(name) = paths.keys().find(|name| name.is_empty() || name.to_lowercase().starts_with("aws.")) {
        return Err(format!("“{name}” cannot be the name of a path"));
    }
    let mut notes = Vec::new();
    let mut text = String::new();
    let mut in_quotes = false;
    let mut rest = template.as_str();
    while let Some(c) = rest.chars().next() {
        if let Some((name, after)) = placeholder(rest) {
            let value = match paths.get(name) {
                Some(path) => select(path, event)?.cloned(),
                None => Some(reserved(name, rule, event)?),
            };
            match value {
                Some(value) => put(&value, in_quotes, &mut text),
                None => notes.push(format!("<{name}> is left out: its path selects nothing in this event")),
            }
            rest = after;
            continue;
        }
        let len = if c == '\\' { 1 + rest[1..].chars().next().map_or(0, char::len_utf8) } else { c.len_utf8() };
        in_quotes ^= c == '"';
        text.push_str(&rest[..len]);
        rest = &rest[len..];
    }
    let looks_like_json = template.trim_start().starts_with(['{', '[', '"']);
    let is_json = |text: &str| {
        let whole = serde_json::from_str::<Value>(text).is_ok();
        whole || text.lines().all(|line| serde_json::from_str::<Value>(line).is_ok())
    };
    if looks_like_json && !is_json(&text) {
        notes.push("The result is not valid JSON: EventBridge escapes nothing that it puts in".into());
    }
    Ok(Delivered { text, notes })
}

/// The name of the placeholder that a text begins with, and what follows it.
fn placeholder(text: &str) -> Option<(&str, &str)> {
    let (name, after) = text.strip_prefix('<')?.split_once('>')?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    (!name.is_empty() && name.chars().all(is_name)).then_some((name, after))
}

fn put(value: &Value, in_quotes: bool, text: &mut String) {
    match value {
        Value::String(value) if in_quotes => text.push_str(value),
        Value::String(value) => {
            text.push('"');
            text.push_str(value);
            text.push('"');
        }
        value => text.push_str(&value.to_string()),
    }
}

/// What EventBridge fills in itself ("Predefined variables").
fn reserved(name: &str, rule: &str, event: &Value) -> Result<Value, String> {
    let text = |pointer: &str| event.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
    Ok(match name.strip_prefix(RESERVED) {
        Some("rule-name") => rule.into(),
        Some("rule-arn") => format!("arn:aws:events:{}:{}:rule/{rule}", text("/region"), text("/account")).into(),
        // Nobody can know when EventBridge would have taken it in; the event's time is the earliest.
        Some("event.ingestion-time") => text("/time").into(),
        Some("event.json") => event.clone(),
        Some("event") => {
            let mut event = event.clone();
            event.as_object_mut().map(|members| members.remove("detail"));
            event
        }
        _ => return Err(format!("<{name}> is not in InputPathsMap")),
    })
}

/// The value at a JSON path of names and indices.
fn select<'e>(path: &str, event: &'e Value) -> Result<Option<&'e Value>, String> {
    if path == "$" {
        return Ok(Some(event));
    }
    let wrong = || format!("“{path}” is not a path such as $.detail.eventName");
    if !path.starts_with('$') {
        return Err(wrong());
    }
    let selector = path::parse_selector(path).map_err(|_| wrong())?;
    let mut value = Some(event);
    for step in &selector.steps {
        value = match step {
            Step::Key(name) => value.and_then(|value| value.get(name)),
            Step::Index(index) => value.and_then(|value| value.get(*index as usize)),
            Step::AnyKey | Step::AnyElement => return Err(format!("“{path}”: a path has no wildcards here")),
        };
    }
    Ok(value)
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn text(template: &str) -> Delivered {
        let paths = [
            ("instance", "$.detail.instance-id"),
            ("status", "$.detail.state"),
            ("no", "$.detail.x"),
            ("list", "$.detail.list"),
        ];
        let target = Target {
            input_transformer: Some(InputTransformer {
                input_paths_map: paths.map(|(name, path)| (name.to_owned(), path.to_owned())).into(),
                input_template: template.into(),
            }),
            ..Target::default()
        };
        let event = json!({"region": "eu-west-1", "account": "1", "detail": {"instance-id": "i-0123456789", "state": "RUNNING", "list": [1, "a"]}});
        input(&target, "rule", &event).unwrap()
    }

    /// The examples of the user guide, "Input transformation examples".
    #[test]
    fn templates_become_what_the_guide_shows() {
        for (template, result) in [
            (r#""instance <instance> is in <status>""#, r#""instance i-0123456789 is in RUNNING""#),
            (r#""instance \"<instance>\" is in <status>""#, r#""instance \"i-0123456789\" is in RUNNING""#),
            (r#"{"instance" : <instance>, "state": <status>}"#, r#"{"instance" : "i-0123456789", "state": "RUNNING"}"#),
            (
                r#"{"state": "<status>", "instanceStatus": "instance \"<instance>\" is in <status>"}"#,
                r#"{"state": "RUNNING", "instanceStatus": "instance \"i-0123456789\" is in RUNNING"}"#,
            ),
            (
                r#"{"state": [ 9, <status>, true ], "list": <list>}"#,
                r#"{"state": [ 9, "RUNNING", true ], "list": [1,"a"]}"#,
            ),
            (r#""<aws.events.rule-name> triggered""#, r#""rule triggered""#),
        ] {
            assert_eq!(text(template), Delivered { text: result.into(), notes: Vec::new() });
        }
    }

    #[test]
    fn what_goes_wrong_is_said() {
        assert_eq!(text(r#""a <no> b""#).notes.len(), 1);
        assert_eq!(text(r#"{"a": "<list>"}"#).notes.len(), 1, "quotes in quotes");
        let of = |target: Target| input(&target, "rule", &json!({"detail": {}}));
        let transformer = |template: &str| Target {
            input_transformer: Some(InputTransformer {
                input_template: template.into(),
                ..InputTransformer::default()
            }),
            ..Target::default()
        };
        assert!(of(transformer("\"<who>\"")).unwrap_err().contains("InputPathsMap"));
        assert!(of(Target { input_path: Some("detail".into()), ..Target::default() }).is_err());
        assert_eq!(of(Target { input_path: Some("$.detail".into()), ..Target::default() }).unwrap().text, "{}");
        assert!(of(Target { input: Some("{".into()), ..Target::default() }).is_err());
        assert!(text("1 < 2 and <a b>").notes.is_empty(), "not every bracket begins a placeholder");
    }
}
