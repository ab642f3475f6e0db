//! Mute rules in the words of the API (`PutAlarmMuteRule`).

use super::item::texts;
use super::value::{Object, object, required, some_text};
use crate::model::composite::{AlarmMuteRule, MuteSchedule, MuteTargets, Schedule};

/// Reads one; the alarms that are not known are named in `left_out`.
pub fn mute_rule(name: &str, rule: &Object, left_out: &mut Vec<String>) -> Result<AlarmMuteRule, String> {
    let inner = required(object(rule, "Rule")?, "Rule")?;
    let schedule = required(object(inner, "Schedule")?, "Schedule")?;
    let targets = object(rule, "MuteTargets")?;
    Ok(AlarmMuteRule {
        name: name.into(),
        description: some_text(rule, "Description").ok().flatten(),
        rule: MuteSchedule {
            schedule: Schedule {
                expression: required(some_text(schedule, "Expression")?, "Expression")?,
                duration: required(some_text(schedule, "Duration")?, "Duration")?,
                timezone: some_text(schedule, "Timezone")?,
            },
        },
        mute_targets: MuteTargets {
            alarm_names: targets.map(|targets| texts(targets, "AlarmNames", left_out)).unwrap_or_default(),
        },
        start_date: some_text(rule, "StartDate")?,
        expire_date: some_text(rule, "ExpireDate")?,
    })
}
