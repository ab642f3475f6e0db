//! EventBridge rules as their API describes them (`PutRule`, `PutTargets`).

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Whether a rule is at work, and for which events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum RuleState {
    /// For all events but read-only management events.
    #[default]
    #[serde(rename = "ENABLED")]
    Enabled,
    /// For all events.
    #[serde(rename = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS")]
    EnabledWithAllManagementEvents,
    /// Not at all.
    #[serde(rename = "DISABLED")]
    Disabled,
}

impl RuleState {
    /// All of them, in the order offered.
    pub const ALL: [Self; 3] = [Self::Enabled, Self::EnabledWithAllManagementEvents, Self::Disabled];

    /// AWS's spelling.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Enabled => "ENABLED",
            Self::EnabledWithAllManagementEvents => "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS",
            Self::Disabled => "DISABLED",
        }
    }
}

/// A rule with its targets. Serialises with the field names of the EventBridge API.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Rule {
    /// Name of the rule.
    #[serde(default)]
    pub name: String,
    /// Free text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The event pattern, JSON as text.
    pub event_pattern: String,
    /// Whether it is at work.
    #[serde(default)]
    pub state: RuleState,
    /// The bus it is on; events from CloudTrail arrive on `default` only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event_bus_name: Option<String>,
    /// What gets the events, at most five.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub targets: Vec<Target>,
}

/// What gets the events of a rule, and what of them. At most one of the three inputs is set; without any the target gets
/// the whole event.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Target {
    /// Identifies it within the rule.
    pub id: String,
    /// What is called.
    pub arn: String,
    /// Role that EventBridge takes for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role_arn: Option<String>,
    /// JSON that the target gets instead of the event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input: Option<String>,
    /// Path of the part of the event that the target gets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input_path: Option<String>,
    /// A text made of parts of the event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input_transformer: Option<InputTransformer>,
}

/// A text with placeholders and what they stand for (`InputTransformer`).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct InputTransformer {
    /// Name → path into the event, such as `$.detail.eventName`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub input_paths_map: BTreeMap<String, String>,
    /// The text, with `<name>` for what the path selects.
    pub input_template: String,
}
