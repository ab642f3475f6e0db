//! EventBridge event patterns on events in their envelope: `eventbridge-match.json`.

use super::{Compared, Ran};
use crate::pattern::eventbridge::{matching, parse};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
pub struct Match {
    pattern: Value,
    event: Value,
    expect: String,
}

pub fn matches(case: &Match) -> Ran {
    let event = serde_json::from_str(&text(&case.event)).map_err(|error| format!("the event is no JSON: {error}"))?;
    let got = match parse(&text(&case.pattern)) {
        Err(_) => "invalid",
        Ok(pattern) if matching::matches(&pattern, &event) => "match",
        Ok(_) => "no_match",
    };
    Ok(Compared::texts(&case.expect, got))
}

/// A string is raw JSON text, anything else is serialised.
fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
