//! Composite alarms and mute rules as CloudWatch describes them (`PutCompositeAlarm`, `PutAlarmMuteRule`).

use serde::{Deserialize, Serialize};

/// An alarm on the states of other alarms. Serialises with the field names of the CloudWatch API (`PutCompositeAlarm`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct CompositeAlarm {
    /// Name of the alarm.
    #[serde(default)]
    pub alarm_name: String,
    /// Free text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alarm_description: Option<String>,
    /// The rule over other alarms, in the language of [`alarm::composite`](crate::alarm::composite).
    pub alarm_rule: String,
    /// False: states change but no action runs.
    #[serde(default = "yes")]
    pub actions_enabled: bool,
    /// ARNs of what runs on entering ALARM, at most five.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alarm_actions: Vec<String>,
    /// ARNs of what runs on entering OK, at most five.
    #[serde(default, rename = "OKActions", skip_serializing_if = "Vec::is_empty")]
    pub ok_actions: Vec<String>,
    /// ARNs of what runs on entering INSUFFICIENT_DATA, at most five.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub insufficient_data_actions: Vec<String>,
    /// Name or ARN of the alarm that keeps actions from running while it is in ALARM.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actions_suppressor: Option<String>,
    /// Seconds that actions wait for the suppressor to enter ALARM.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actions_suppressor_wait_period: Option<u32>,
    /// Seconds that actions are held back after the suppressor has left ALARM.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actions_suppressor_extension_period: Option<u32>,
}

fn yes() -> bool {
    true
}

impl Default for CompositeAlarm {
    fn default() -> Self {
        Self {
            alarm_name: String::new(),
            alarm_description: None,
            alarm_rule: String::new(),
            actions_enabled: true,
            alarm_actions: Vec::new(),
            ok_actions: Vec::new(),
            insufficient_data_actions: Vec::new(),
            actions_suppressor: None,
            actions_suppressor_wait_period: None,
            actions_suppressor_extension_period: None,
        }
    }
}

/// Times in which alarms change state without running actions. Serialises with the field names of the CloudWatch API
/// (`PutAlarmMuteRule`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct AlarmMuteRule {
    /// Name of the rule.
    #[serde(default)]
    pub name: String,
    /// Free text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// When it mutes.
    pub rule: MuteSchedule,
    /// What it mutes.
    #[serde(default)]
    pub mute_targets: MuteTargets,
    /// From when on it is in force: an instant such as `2024-01-01T00:00:00Z`, or local time without an offset.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_date: Option<String>,
    /// When it is no longer in force, written the same way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expire_date: Option<String>,
}

/// Wrapper of the schedule, as the API has it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct MuteSchedule {
    /// When and how long.
    pub schedule: Schedule,
}

/// When a mute rule begins to mute, and for how long.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Schedule {
    /// `cron(0 2 * * SUN)` or `at(2024-12-23T00:00)`.
    pub expression: String,
    /// ISO 8601, from `PT1M` to `P15D`.
    pub duration: String,
    /// IANA name; UTC when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timezone: Option<String>,
}

/// Which alarms a mute rule mutes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct MuteTargets {
    /// Names, at most a hundred.
    #[serde(default)]
    pub alarm_names: Vec<String>,
}
